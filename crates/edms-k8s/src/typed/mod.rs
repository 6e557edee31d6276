//! Whether an object fits its type: Kubernetes' own types, read from our tree so that errors have places.

mod custom;
mod decode;
mod gathered;
mod kinds;
mod literals;

use crate::version::Version;
use decode::Decoder;
use edms_yaml::de::ReadError;
use edms_yaml::read_error;
use edms_yaml::source::Span;
use edms_yaml::suggest;
use edms_yaml::{NodeRef, Path};
use gathered::Gathered;

/// What reading an object into its type showed.
#[derive(Debug, Default)]
pub struct TypedResult {
    /// The values that do not fit, in the order in which the type has their fields read.
    pub errors: Vec<ReadError>,
    /// The keys that the type does not know, in the order of the file.
    pub unknown_fields: Vec<Unknown>,
}

/// A key that the type of its map does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The key.
    pub key_span: Span,
    /// The way to it from the object.
    pub path: Path,
    /// The key's text.
    pub name: String,
    /// The field that was probably meant.
    pub suggestion: Option<String>,
}

/// The newest Kubernetes whose API is compiled in.
pub const NEWEST_KUBERNETES: Version = Version::new(1, 37, 0);

/// Whether the compiled-in API has this version of this kind.
pub fn is_served(group: &str, version: &str, kind: &str) -> bool {
    kinds::find(group, version, kind).is_some()
}

/// Reads the fields of a custom resource that rules read, or nothing where there is no view on the kind.
///
/// Unknown fields are left alone: only the resource's definition tells which there are.
pub fn check_custom(node: NodeRef<'_>, group: &str, kind: &str) -> Option<TypedResult> {
    Some(read(node, true, custom::find(group, kind)?.decode))
}

/// The API version in which Kubernetes has a kind, the newest of several.
pub fn newest(kind: &str) -> Option<String> {
    kinds::newest(kind)
}

/// Kinds of OpenShift that its API and `oc` also take as `v1` (openshift/api `legacy.go`).
const WITHOUT_GROUP: &[&str] = &[
    "BuildConfig",
    "Build",
    "DeploymentConfig",
    "Group",
    "Identity",
    "ImageStream",
    "ImageStreamTag",
    "OAuthClient",
    "Project",
    "ProjectRequest",
    "Route",
    "SecurityContextConstraints",
    "Template",
    "User",
];

/// Why a built-in group has no kind of this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misnamed {
    /// The kind is in another group, as `apiVersion` writes it.
    Elsewhere(String),
    /// The kind was probably meant, if there is a near one.
    Unknown(Option<&'static str>),
}

/// Whether the compiled-in API serves this version of this group, but no version of it has the kind.
pub fn misnamed(group: &str, version: &str, kind: &str) -> Option<Misnamed> {
    // `PodList` is what kubectl prints for several pods; OpenShift took its first kinds without a group.
    let is_legacy = group.is_empty() && WITHOUT_GROUP.contains(&kind);
    if kinds::is_in_group(group, kind) || kind.ends_with("List") || is_legacy {
        return None;
    }
    let in_version: Vec<&str> = kinds::in_version(group, version).collect();
    if in_version.is_empty() {
        return None;
    }
    Some(match kinds::newest(kind) {
        Some(api_version) => Misnamed::Elsewhere(api_version),
        None => Misnamed::Unknown(suggest::nearest(kind, in_version)),
    })
}

/// Reads the object at `node` as the API server would, or nothing where the kind is not one of
/// Kubernetes' own or the version not one that the compiled-in API serves.
pub fn check(node: NodeRef<'_>, group: &str, version: &str, kind: &str) -> Option<TypedResult> {
    Some(read(node, false, kinds::find(group, version, kind)?.decode))
}

/// More wrong values than that in one object tell nobody more.
const MOST_ERRORS: usize = 20;

/// Reads an object again and again, each time without the values that did not fit. `is_lax` lets unknown keys pass.
fn read(node: NodeRef<'_>, is_lax: bool, decode: fn(Decoder<'_, '_>) -> Result<(), read_error::Error>) -> TypedResult {
    let mut result = TypedResult::default();
    let mut refused = Vec::new();
    loop {
        let gathered = Gathered::without(&refused);
        let error = decode(Decoder::new(node, is_lax, &gathered)).err().map(|error| error.at(node, None));
        let Some(error) = error.filter(|it| refused.len() < MOST_ERRORS && !refused.contains(&it.node())) else {
            let unknown = gathered.unknown.into_inner();
            result.unknown_fields.extend(unknown.into_iter().map(|it| Unknown {
                key_span: it.key.span(),
                path: node.path_to(it.key),
                name: it.key.text().to_owned(),
                suggestion: it.suggestion.map(str::to_owned),
            }));
            return result;
        };
        refused.push(error.node());
        result.errors.push(error.finish());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_kubernetes_is_that_of_the_types() {
        let Version { major, minor, .. } = NEWEST_KUBERNETES;
        let path = std::any::type_name::<k8s_openapi::api::core::v1::Pod>();
        assert!(path.contains(&format!("::v{major}_{minor}::")), "{path}");
    }

    #[test]
    fn kinds_in_the_wrong_group_are_told() {
        assert_eq!(misnamed("", "v1", "Deployment"), Some(Misnamed::Elsewhere("apps/v1".to_owned())));
        assert_eq!(misnamed("apps", "v1", "Deploymnet"), Some(Misnamed::Unknown(Some("Deployment"))));
        assert_eq!(misnamed("policy", "v1", "PodSecurityPolicy"), Some(Misnamed::Unknown(None)));
        assert_eq!(misnamed("apps", "v1", "Deployment"), None);
        assert_eq!(misnamed("apps", "v1", "DeploymentList"), None);
        assert_eq!(misnamed("extensions", "v1beta1", "Deployment"), None);
        assert_eq!(misnamed("postgresql.cnpg.io", "v1", "Clutser"), None);
    }
}
