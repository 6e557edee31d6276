//! What an environment's pods do to the pods of others: required anti-affinity that keeps them off.

use crate::drill::ground::Told;
use crate::drill::options::Options;
use crate::drill::pools::Pools;
use crate::drill::quotas::Quotas;
use crate::drill::room::Room;
use crate::index::{Index, PodSetId, PodSpec, Selected, SpreadForm};
use crate::model::Selector;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The pods that required anti-affinity of other pods keeps off places, with who has it.
#[derive(Debug, Default)]
pub(super) struct Surroundings {
    kept_off: HashMap<PodSetId, String>,
    /// The node label whose values are lost in place of zones.
    pub(super) key: Option<String>,
    /// Nodes that differ, if the configuration tells.
    pub(super) pools: Option<Pools>,
    /// What requests leave room for, if the configuration tells.
    pub(super) room: Option<Room>,
    /// What quotas refuse.
    pub(super) quotas: Quotas,
}

/// Pods with the same term, and what makes them.
type Holders = Vec<(HashSet<PodSetId>, String)>;

/// Namespace, and selector as written: equal ones select the same.
type Key = (String, String);

impl Surroundings {
    /// Reads the required terms of all pods.
    pub(super) fn new(index: &Index<'_>, options: &Options) -> Surroundings {
        let mut kept_off = HashMap::new();
        let mut selected: BTreeMap<Key, (Vec<PodSetId>, Holders)> = BTreeMap::new();
        let required = ["affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"];
        for spec in index.pod_specs(&(0..u32::MAX)).iter().filter(|it| it.node.at(&required).is_some()) {
            let terms = index.spread_terms(spec).into_iter().filter(|it| it.form == SpreadForm::Required);
            for (selector, node) in terms.filter_map(|it| Some((it.selector?, it.node))) {
                let namespaces = ["namespaces", "namespaceSelector"].map(|it| node.at(&[it]).is_some());
                let place = format!(
                    "{} {namespaces:?} {}",
                    spec.object.namespace().unwrap_or_default(),
                    spec.object.is_governed
                );
                let entry = selected.entry((place, selector.to_string())).or_insert_with(|| {
                    let pods = if namespaces.contains(&true) {
                        let sets = index.pod_sets().iter().zip(0..).filter(|it| selector.matches(&it.0.labels));
                        sets.map(|it| PodSetId(it.1)).collect()
                    } else {
                        index.select(spec.object, &selector).into_iter().map(|it| it.pods).collect()
                    };
                    (pods, Vec::new())
                });
                entry.1.push((spec.pods.iter().copied().collect(), spec.object.title()));
            }
        }
        for (pods, holders) in selected.into_values() {
            // A term of their own is looked at with them. Hardly ever more than one holder is passed over.
            for it in pods {
                if let Some((_, title)) = holders.iter().find(|holder| !holder.0.contains(&it)) {
                    kept_off.entry(it).or_insert_with(|| title.clone());
                }
            }
        }
        let has_pools = options.told == Told::default() && options.key.is_none();
        let pools = if has_pools { Pools::read(index) } else { None };
        Surroundings {
            kept_off,
            key: options.key.clone(),
            pools,
            room: Room::read(index),
            quotas: Quotas::read(index, options.at),
        }
    }

    /// Whose anti-affinity keeps some of these pods off.
    pub(super) fn keeps_off(&self, pods: &[PodSetId]) -> Option<&str> {
        pods.iter().find_map(|it| self.kept_off.get(it)).map(String::as_str)
    }
}

/// The pods of others that a selector of a spec matches, too.
pub(super) fn others(index: &Index<'_>, spec: &PodSpec<'_>, selector: &Selector<'_>) -> Vec<Selected> {
    let mut found = index.select(spec.object, selector);
    found.retain(|it| !spec.pods.contains(&it.pods));
    found
}
