//! Releases of Flux and Argo CD whose chart lies in a folder of the run: the name, the namespace and the values with which
//! they install it.
//!
//! Facts: fluxcd/helm-controller `api/v2/helmrelease_types.go` (names of releases; where `valuesFiles` begin, and that they
//! take the place of `values.yaml`); argoproj/argo-cd `reposerver/repository/repository.go` and `util/helm/cmd.go` (files,
//! then `values` or `valuesObject`, then parameters, in which a comma is escaped).

use super::goal::{Rendering, Values};
use super::paths::normalize;
use super::unrendered::is_release_name;
use crate::model::{Environment, Object, is_placeholder, products};
use crate::yaml::{NodeRef, json};
use std::path::{Path, PathBuf};

/// A release, and the environment that it stands in.
pub(super) struct Release<'a> {
    pub(super) environment: &'a str,
    object: &'a Object,
    /// Its part that names the chart.
    source: NodeRef<'a>,
}

/// A path without what may stand around it.
fn bare(path: &str) -> &str {
    path.trim_start_matches("./").trim_matches('/')
}

/// Whether a path that manifests write is that of a folder, as shown: they count from the root of a repository, and the
/// run may begin above it.
pub(super) fn is_path_of(path: &str, folder: &str) -> bool {
    let path = bare(path);
    !path.is_empty() && (folder == path || folder.strip_suffix(path).is_some_and(|it| it.ends_with('/')))
}

/// The releases of a chart's folder; `folders` are those of all charts.
pub(super) fn of_folder<'a>(folder: &str, folders: &[&str], environments: &'a [Environment]) -> Vec<Release<'a>> {
    let in_environment = |it: &'a Environment| {
        let objects = it.objects.iter();
        objects.filter_map(|object| of_object(object, folder, folders, &it.name)).collect::<Vec<_>>()
    };
    environments.iter().flat_map(in_environment).collect()
}

/// The release that an object is of a chart's folder.
fn of_object<'a>(object: &'a Object, folder: &str, folders: &[&str], environment: &'a str) -> Option<Release<'a>> {
    let (keys, key): (&[&str], _) = match (object.group(), object.kind()) {
        (products::FLUX_HELM, "HelmRelease") => (&["spec", "chart", "spec"], "chart"),
        (products::ARGO, "Application") => (&["spec", "source"], "path"),
        _ => return None,
    };
    let source = object.node().at(keys)?;
    // A repository of charts has names, and no folders.
    let is_file = source.str_at(&["sourceRef", "kind"]) != Some("HelmRepository");
    let path = source.str_at(&[key])?;
    // A path that is a folder's whole one is no other's end.
    let is_other = |it: &&str| *it != folder && *it == bare(path);
    let names = is_path_of(path, folder) && !folders.iter().any(is_other);
    (is_file && names).then_some(Release { environment, object, source })
}

impl Release<'_> {
    /// `HelmRelease orders`.
    pub(super) fn title(&self) -> String {
        self.object.title()
    }

    /// How it is rendered: the chart's own rendering with this name, and with what the release says.
    pub(super) fn rendering(&self, name: String, plain: &Rendering, shown: &str) -> Rendering {
        let is_flux = self.object.group() == products::FLUX_HELM;
        let spec = |keys: &[&str]| self.object.node().get("spec").and_then(|it| it.str_at(keys));
        let (release, namespace) = if is_flux {
            let target = spec(&["targetNamespace"]);
            let own = || target.map_or(self.object.name().to_owned(), |it| format!("{it}-{}", self.object.name()));
            (spec(&["releaseName"]).map_or_else(own, str::to_owned), target.or(self.object.namespace()))
        } else {
            let own = self.source.str_at(&["helm", "releaseName"]).unwrap_or(self.object.name());
            (own.to_owned(), spec(&["destination", "namespace"]))
        };
        let (values, parameters) =
            if is_flux { (self.flux(plain, shown), Some(Vec::new())) } else { self.argo(plain, shown) };
        let namespace = namespace.filter(|it| !is_placeholder(it)).map(|it| format!("--namespace={it}"));
        let unread = || {
            format!(
                "{} takes values from where they are not read; name files with its values below `render` in the \
                 configuration",
                self.title()
            )
        };
        let obstacle = if !is_release_name(&release) {
            Some(format!("{release:?} is no name of a release"))
        } else if values.is_none() || parameters.is_none() {
            Some(unread())
        } else {
            plain.obstacle.clone()
        };
        Rendering {
            name,
            release,
            arguments: namespace.into_iter().chain(parameters.unwrap_or_default()).collect(),
            values: values.unwrap_or_default(),
            obstacle,
            installed_by: Some((self.environment.to_owned(), self.title())),
            ..plain.clone()
        }
    }

    /// The values of a HelmRelease; none where some are elsewhere.
    fn flux(&self, plain: &Rendering, shown: &str) -> Option<Vec<Values>> {
        let spec = self.object.node().get("spec")?;
        if spec.items_at(&["valuesFrom"]).next().is_some() {
            return None;
        }
        let root = root(self.source.str_at(&["chart"])?, &plain.chart, shown)?;
        let files = self.source.items_at(&["valuesFiles"]);
        let files: Option<Vec<PathBuf>> = files.map(|it| Some(normalize(&root, Path::new(it.as_str()?)))).collect();
        // Files that are named take the place of the chart's own, which Helm always reads.
        let files = files.filter(|it| it.first().is_none_or(|it| *it == plain.chart.join("values.yaml")))?;
        let inline = spec.get("values").filter(|it| it.is_map()).map(|it| Values::Text(json::to_string(it)));
        Some(files.into_iter().map(Values::File).chain(inline).collect())
    }

    /// The values of an Application, and its parameters as flags; none where some are elsewhere.
    fn argo(&self, plain: &Rendering, shown: &str) -> (Option<Vec<Values>>, Option<Vec<String>>) {
        let Some(helm) = self.source.get("helm") else { return (Some(Vec::new()), Some(Vec::new())) };
        if helm.get("fileParameters").is_some() {
            return (None, None);
        }
        let root = self.source.str_at(&["path"]).and_then(|it| root(it, &plain.chart, shown));
        let file = |it: NodeRef<'_>| {
            let path = it.as_str().filter(|it| !it.contains("://") && !it.starts_with('$'))?;
            let path = match path.strip_prefix('/') {
                Some(path) => normalize(root.as_deref()?, Path::new(path)),
                None => normalize(&plain.chart, Path::new(path)),
            };
            Some(Values::File(path))
        };
        let object = helm.get("valuesObject").filter(|it| it.is_map()).map(json::to_string);
        let inline = object.or_else(|| helm.str_at(&["values"]).map(str::to_owned));
        let values = helm.items_at(&["valueFiles"]).map(file).chain(inline.map(|it| Some(Values::Text(it)))).collect();
        let parameter = |it: NodeRef<'_>| {
            let (name, value) = (it.str_at(&["name"])?, it.get("value")?.text());
            let is_text = it.get("forceString").is_some_and(|it| it.text() == "true");
            Some(format!("--{}={name}={}", if is_text { "set-string" } else { "set" }, escaped(value)))
        };
        (values, helm.items_at(&["parameters"]).map(parameter).collect())
    }
}

/// A value in which a comma begins no further one, unless it is a list.
fn escaped(value: &str) -> String {
    if value.starts_with('{') && value.ends_with('}') {
        return value.to_owned();
    }
    let mut escaped = String::new();
    for character in value.chars() {
        if character == ',' && !escaped.ends_with('\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// The root of the repository in which the path of a chart leads to its folder.
fn root(path: &str, chart: &Path, shown: &str) -> Option<PathBuf> {
    let path = bare(path);
    is_path_of(path, shown).then(|| chart.ancestors().nth(path.split('/').count()).map(Path::to_owned))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_count_from_the_root_of_a_repository() {
        for (path, folder, is_it) in [
            ("./charts/orders", "charts/orders", true),
            ("charts/orders/", "shop/charts/orders", true),
            ("orders", "charts/orders", true),
            ("orders", "charts/my-orders", false),
            ("", "charts", false),
            ("charts/orders", "orders", false),
        ] {
            assert_eq!(is_path_of(path, folder), is_it, "{path} {folder}");
        }
        let root = root("./charts/orders", Path::new("/srv/shop/charts/orders"), "charts/orders");
        assert_eq!(root.as_deref(), Some(Path::new("/srv/shop")));
    }

    #[test]
    fn commas_are_escaped_once_and_lists_stay() {
        assert_eq!(escaped("a,b"), "a\\,b");
        assert_eq!(escaped("a\\,b"), "a\\,b");
        assert_eq!(escaped("{a,b}"), "{a,b}");
    }
}
