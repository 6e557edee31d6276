//! The repositories of pgBackRest that Crunchy's operator, or Percona's edition of it, keeps backups in.

use super::{CRUNCHY, PERCONA};
use crate::index::PostgresClusters;
use crate::model::{Object, contents, is_placeholder};
use crate::yaml::NodeRef;

/// One of them.
#[derive(Clone, Copy, Debug)]
pub struct Repository<'a> {
    /// Its name: `repo1`.
    pub name: &'a str,
    /// Its entry.
    pub node: NodeRef<'a>,
    /// Whether it is a volume of the cluster; else it is a store outside.
    pub is_volume: bool,
    /// Whether backups are taken into it by a schedule.
    pub has_schedule: bool,
    /// Whether full backups are removed some time; `None` if the manifests do not tell.
    pub has_retention: Option<bool>,
}

impl<'a> PostgresClusters<'a> {
    /// The repositories of a database, in order.
    pub fn repositories(&self, object: &'a Object) -> Vec<Repository<'a>> {
        if !matches!(object.group(), CRUNCHY | PERCONA) {
            return Vec::new();
        }
        let Some(settings) = object.node().at(&["spec", "backups", "pgbackrest"]) else { return Vec::new() };
        let named = settings.items_at(&["repos"]).filter_map(|it| Some((it.str_at(&["name"])?, it)));
        named
            .filter(|it| !is_placeholder(it.0))
            .map(|(name, node)| Repository {
                name,
                node,
                is_volume: node.get("volume").is_some(),
                has_schedule: node.at(&["schedules"]).is_some_and(|it| it.entries().next().is_some()),
                has_retention: self.has_retention(object, settings, name),
            })
            .collect()
    }

    /// Whether `repoN-retention-full` is set, in the resource or in a configuration that it names.
    fn has_retention(&self, object: &Object, settings: NodeRef<'a>, name: &str) -> Option<bool> {
        let key = format!("{name}-retention-full");
        if settings.at(&["global", &key]).is_some() {
            return Some(true);
        }
        let mut is_open = false;
        for source in settings.items_at(&["configuration"]) {
            for (field, kind) in [("configMap", "ConfigMap"), ("secret", "Secret")] {
                let Some(named) = source.str_at(&[field, "name"]) else { continue };
                let Some(map) = self.find(object, "", kind, named) else {
                    // What is not among the manifests: a Secret holds the keys of a store.
                    is_open |= kind == "ConfigMap";
                    continue;
                };
                if contents(map).iter().any(|it| it.1.as_deref().is_some_and(|it| it.contains(&key))) {
                    return Some(true);
                }
            }
        }
        (!is_open).then_some(false)
    }
}
