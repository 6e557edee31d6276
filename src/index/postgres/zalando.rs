//! What the configuration of Zalando's operator says, whichever of its two forms it has.

use crate::index::Objects;
use crate::index::postgres::ZALANDO;
use crate::source::Span;
use crate::yaml::NodeRef;

/// Keys of the operator's `ConfigMap`, of which it holds several.
const OPERATOR_KEYS: &[&str] = &["cluster_labels", "docker_image", "pod_role_label", "super_username", "resync_period"];

/// A setting of the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorSetting<'a> {
    /// This value, written here.
    Is(&'a str, Span),
    /// The operator's default: a configuration is there, and does not say; with its name.
    Default(Span),
    /// No configuration is among the manifests, or several say different things.
    Unknown(&'static str),
}

impl<'a> Objects<'a> {
    /// A setting of Zalando's operator: in the group of an `OperatorConfiguration`, or flat in a `ConfigMap`.
    pub fn zalando_setting(&self, group: &str, key: &str) -> OperatorSetting<'a> {
        let own = self.of_kind(ZALANDO, "OperatorConfiguration");
        let own = own.map(|it| (it, it.node().at(&["configuration", group, key])));
        let is_configuration = |data: NodeRef<'_>| OPERATOR_KEYS.iter().filter(|it| data.get(it).is_some()).count() > 1;
        let flat = self.of_kind("", "ConfigMap").filter_map(|it| {
            let data = it.node().at(&["data"]).filter(|it| is_configuration(*it))?;
            Some((it, data.get(key)))
        });
        let mut found = None;
        for (object, node) in own.chain(flat) {
            let setting = match node {
                Some(node) => OperatorSetting::Is(node.text(), node.first_line()),
                None => OperatorSetting::Default(object.name_span()),
            };
            let differs = |it: &OperatorSetting<'_>| match (it, &setting) {
                (OperatorSetting::Is(one, _), OperatorSetting::Is(other, _)) => one != other,
                (OperatorSetting::Default(_), OperatorSetting::Default(_)) => false,
                _ => true,
            };
            if found.as_ref().is_some_and(differs) {
                return OperatorSetting::Unknown("several configurations of the operator say different things");
            }
            found = found.or(Some(setting));
        }
        found.unwrap_or(OperatorSetting::Unknown("the operator's configuration is not among the manifests"))
    }
}
