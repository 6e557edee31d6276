//! Which objects of a dump somebody's controller made of others.

use crate::model::{Object, Owner, is_built_in, products};
use std::collections::{HashMap, HashSet};

/// An object by namespace, kind and name.
type Named<'a> = (Option<&'a str>, &'a str, &'a str);

/// What a dump holds, for who asks whether an owner is there.
struct Held<'a> {
    uids: HashSet<&'a str>,
    /// Claims that StatefulSets make, without their numbers, by namespace: with the set's name.
    claims: HashMap<(Option<&'a str>, String), &'a str>,
    objects: HashSet<Named<'a>>,
}

/// For each object who made it, as messages name that, or nothing if people or their tools wrote it.
pub(super) fn makers(objects: &[Object]) -> Vec<Option<String>> {
    let held = Held::of(objects);
    objects.iter().map(|it| held.maker(it)).collect()
}

impl<'a> Held<'a> {
    fn of(objects: &'a [Object]) -> Held<'a> {
        let mut held = Held { uids: HashSet::new(), claims: HashMap::new(), objects: HashSet::new() };
        for object in objects {
            held.uids.extend(object.node().str_at(&["metadata", "uid"]));
            held.objects.insert((object.namespace(), object.kind(), object.name()));
            if !object.is("apps", "StatefulSet") {
                continue;
            }
            for template in object.node().items_at(&["spec", "volumeClaimTemplates"]) {
                let Some(name) = template.str_at(&["metadata", "name"]) else { continue };
                held.claims.insert((object.namespace(), format!("{name}-{}", object.name())), object.name());
            }
        }
        held
    }

    fn maker(&self, object: &Object) -> Option<String> {
        let (group, kind) = (object.group(), object.kind());
        let is_made = |it: &Owner<'_>| self.uids.contains(it.uid) || it.makes(group, kind);
        if let Some(owner) = Owner::of(object).filter(is_made) {
            return Some(format!("{} {}", owner.kind, owner.name));
        }
        // Strimzi owns what it makes without controlling it.
        if let Some(owner) = Owner::all(object).find(|it| it.is_operated()) {
            return Some(format!("{} {}", owner.kind, owner.name));
        }
        self.by_name(object).or_else(|| self.by_label(object))
    }

    /// What carries the name of what made it: nothing else ties a claim to its StatefulSet.
    fn by_name(&self, object: &Object) -> Option<String> {
        if object.is("", "Endpoints") && self.objects.contains(&(object.namespace(), "Service", object.name())) {
            return Some(format!("Service {}", object.name()));
        }
        if object.is("", "PersistentVolume") {
            return object.annotation("pv.kubernetes.io/provisioned-by").map(str::to_owned);
        }
        if !object.is("", "PersistentVolumeClaim") {
            return None;
        }
        let (stem, number) = object.name().rsplit_once('-')?;
        _ = number.parse::<u32>().ok()?;
        let set = self.claims.get(&(object.namespace(), stem.to_owned()))?;
        Some(format!("StatefulSet {set}"))
    }

    /// What only carries the labels of the operator that made it: budgets, claims, and all that Zalando's makes.
    fn by_label(&self, object: &Object) -> Option<String> {
        if !is_built_in(object.group()) && object.group() != products::STRIMZI_CORE {
            return None;
        }
        if object.label("app.kubernetes.io/managed-by") == Some("strimzi-cluster-operator")
            && let Some(cluster) = object.label("strimzi.io/cluster")
        {
            return Some(format!("{} {cluster}", object.label("strimzi.io/kind").unwrap_or("Kafka")));
        }
        let labelled = [
            ("cnpg.io/cluster", "Cluster", true),
            ("postgres-operator.crunchydata.com/cluster", "PostgresCluster", false),
            // The label alone is anybody's.
            ("cluster-name", "postgresql", object.label("application") == Some("spilo")),
        ];
        labelled.into_iter().find_map(|(label, kind, is_sure)| {
            let name = object.label(label)?;
            let is_there = is_sure || self.objects.contains(&(object.namespace(), kind, name));
            is_there.then(|| format!("{kind} {name}"))
        })
    }
}
