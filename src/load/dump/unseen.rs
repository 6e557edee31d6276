//! What a dump does not show: kinds of which it holds nothing, and that its marker does not name.

use super::marker::Marker;
use crate::model::{Environment, Resource, Unseen, UnseenKinds, is_built_in, resources};
use std::collections::BTreeSet;

/// Kinds whose objects cover their own namespace alone, so that a dump of it shows all that matter there.
const LOCAL: &[&str] = &[
    "PodDisruptionBudget",
    "HorizontalPodAutoscaler",
    "ScaledObject",
    "LimitRange",
    "ResourceQuota",
    "ConfigMap",
    "Secret",
    "PersistentVolumeClaim",
    "KafkaNodePool",
    "KafkaTopic",
    "ScheduledBackup",
];

/// The kinds that may be in the cluster though the dump holds none.
pub(super) fn find(environment: &Environment, marker: Option<&Marker>) -> Vec<Unseen> {
    let any = |reason: &str| Unseen { reason: reason.to_owned(), kinds: UnseenKinds::All, namespace: None };
    if !environment.problems.is_empty() {
        return vec![any("the dump cannot be read to its end")];
    }
    let held: BTreeSet<(&str, &str)> = environment.objects.iter().map(|it| (it.group(), it.kind())).collect();
    let is_whole = marker.is_some_and(is_whole);
    let absent = resources().filter(|it| !held.contains(&(it.group, it.kind)));
    absent.filter_map(|it| hidden(it, marker, is_whole)).collect()
}

/// Why objects of a kind may be there that the dump does not hold; `None` if they cannot.
fn hidden(resource: Resource, marker: Option<&Marker>, is_whole: bool) -> Option<Unseen> {
    let name = resource.to_string();
    let plural = plural(resource.kind);
    let reason = match marker {
        Some(marker) if marker.resources.contains(&name) => {
            let is_shown = marker.namespaces.is_empty() || !resource.is_namespaced() || LOCAL.contains(&resource.kind);
            if is_shown {
                return None;
            }
            let asked: Vec<&str> = marker.namespaces.iter().map(String::as_str).collect();
            format!("the dump shows {plural} of {} alone: dump all namespaces", asked.join(", "))
        }
        // Of a group that the cluster does not serve there is nothing to ask for.
        Some(marker) if is_whole && !is_built_in(resource.group) && !marker.names_group(resource.group) => return None,
        _ if resource.is_secret() => {
            format!("the dump holds no {plural}; list them, or use `edms-lint dump-command --with-secrets`")
        }
        _ => format!("the dump holds no {plural}; list them, or use `edms-lint dump-command`"),
    };
    let kind = match resource.group {
        "" => resource.kind.to_owned(),
        group => format!("{}.{group}", resource.kind),
    };
    Some(Unseen { reason, kinds: UnseenKinds::Only(BTreeSet::from([kind])), namespace: None })
}

/// Whether a marker names all that every cluster serves: it was made from a whole list of resources.
fn is_whole(marker: &Marker) -> bool {
    let served = resources().filter(|it| is_built_in(it.group) && !it.is_secret());
    served.into_iter().all(|it| marker.resources.contains(&it.to_string()))
}

/// `PodDisruptionBudgets`.
fn plural(kind: &str) -> String {
    match kind.strip_suffix('y') {
        Some(stem) if !kind.ends_with("ay") => format!("{stem}ies"),
        _ if kind.ends_with('s') => format!("{kind}es"),
        _ => format!("{kind}s"),
    }
}
