//! Pods of several owners that one required anti-affinity term keeps apart.

use crate::index::{Nearness, PodSetId, PodSpec, Pods, Reach, SpreadForm, SpreadTerm, is_host_key, is_zone_key};
use crate::model::{Object, Place, Selector};
use crate::yaml::NodeRef;
use std::collections::BTreeMap;

/// Owners of pods that share a required term: a node or zone holds one of all that it selects, whoever owns them.
#[derive(Debug)]
pub struct SharedTerm<'a> {
    /// The node label by which they are apart.
    pub key: &'a str,
    /// Those whose pods have the term, in order.
    pub members: Vec<Member<'a>>,
    /// Those whose pods it selects though they have no such term: the scheduler honours that of a running pod against
    /// those that come (Kubernetes, `interpodaffinity/filtering.go`: `satisfyExistingPodsAntiAffinity`).
    pub kept_off: Vec<KeptOff<'a>>,
}

/// An owner of pods that have a term.
#[derive(Debug)]
pub struct Member<'a> {
    /// The owner.
    pub object: &'a Object,
    /// Where the term's topology key stands.
    pub place: Place,
    /// Its pods, at least and at most.
    pub pods: (Option<i64>, Option<i64>),
    /// Whether they may run on nodes that do not take ordinary pods.
    pub tolerates: bool,
}

/// An owner of pods that a term of others selects.
#[derive(Clone, Copy, Debug)]
pub struct KeptOff<'a> {
    /// The owner.
    pub object: &'a Object,
    /// Its pods at least.
    pub pods: i64,
}

/// What makes two terms one: namespaces, topology key, and selector, in a normal form.
type Key<'a> = (String, &'a str, String);

/// A term with the owners that have it.
struct Found<'a> {
    selector: Selector<'a>,
    /// Whether it looks into the namespace of its pods alone.
    is_own: bool,
    members: Vec<(Vec<PodSetId>, Member<'a>)>,
}

impl<'a> Pods<'a> {
    /// The required terms by nodes or zones that keep pods of several owners apart, in order.
    pub fn shared_terms(&self) -> Vec<SharedTerm<'a>> {
        let mut terms: BTreeMap<Key<'a>, Found<'a>> = BTreeMap::new();
        let required = ["affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"];
        for spec in self.pod_specs(&(0..u32::MAX)).iter().filter(|it| it.node.at(&required).is_some()) {
            for term in self.spread_terms(spec) {
                let Some((key, found)) = self.found(spec, &term) else { continue };
                terms.entry(key).or_insert(found).members.push(self.member(spec, &term));
            }
        }
        let shared = terms.into_iter().filter_map(|((_, key, _), found)| self.shared(key, found));
        let mut shared: Vec<SharedTerm<'a>> = shared.collect();
        shared.sort_by_key(|it| it.members[0].object.id());
        shared
    }

    fn found(&self, spec: &PodSpec<'a>, term: &SpreadTerm<'a>) -> Option<(Key<'a>, Found<'a>)> {
        let key = term.key.filter(|it| is_host_key(it) || is_zone_key(it))?;
        let by_keys = ["matchLabelKeys", "mismatchLabelKeys"];
        // Values that controllers set, as that of a revision, are no others'.
        let is_of_one = by_keys.iter().any(|it| term.node.at(&[it]).is_some());
        if term.form != SpreadForm::Required || term.reach != Reach::Own || is_of_one {
            return None;
        }
        let selector = term.selector.clone()?;
        let mut listed: Vec<&str> = term.node.items_at(&["namespaces"]).map(NodeRef::text).collect();
        listed.sort_unstable();
        let selected = term.node.at(&["namespaceSelector"]).map(|it| normal(&Selector::read(it)));
        let is_own = listed.is_empty() && selected.is_none();
        let namespaces = if is_own {
            spec.object.namespace().unwrap_or_default().to_owned()
        } else {
            format!("{}; {}", listed.join(","), selected.unwrap_or_default())
        };
        let written = normal(&selector);
        Some(((namespaces, key, written), Found { selector, is_own, members: Vec::new() }))
    }

    fn member(&self, spec: &PodSpec<'a>, term: &SpreadTerm<'a>) -> (Vec<PodSetId>, Member<'a>) {
        let member = Member {
            object: spec.object,
            place: spec.object.place_in(term.node, &["topologyKey"]),
            pods: self.pods_counted(spec, term),
            tolerates: self.tolerates_taints(spec.node),
        };
        (spec.pods.clone(), member)
    }

    /// What is left of a term when those of its pods are known that may be in one namespace.
    fn shared(&self, key: &'a str, found: Found<'a>) -> Option<SharedTerm<'a>> {
        let Found { selector, is_own, members } = found;
        if !is_own {
            let members: Vec<Member<'a>> = members.into_iter().map(|it| it.1).collect();
            return (members.len() > 1).then_some(SharedTerm { key, members, kept_off: Vec::new() });
        }
        let selected = self.select(members.first()?.1.object, &selector);
        let mut rest: Vec<PodSetId> =
            selected.iter().filter(|it| it.nearness == Nearness::Same).map(|it| it.pods).collect();
        let mut kept = Vec::new();
        for (pods, member) in members {
            if pods.iter().any(|it| rest.binary_search(it).is_ok()) {
                kept.push((pods, member));
            }
        }
        let mut own: Vec<PodSetId> = kept.iter().flat_map(|it| it.0.iter().copied()).collect();
        own.sort_unstable();
        rest.retain(|it| own.binary_search(it).is_err());
        let kept_off = rest.into_iter().filter_map(|it| self.kept_off(it)).collect::<Vec<_>>();
        let members: Vec<Member<'a>> = kept.into_iter().map(|it| it.1).collect();
        (!members.is_empty() && members.len() + kept_off.len() > 1).then_some(SharedTerm { key, members, kept_off })
    }

    /// Pods that are there all the time: none of tasks that end, and not those that every node has.
    fn kept_off(&self, pods: PodSetId) -> Option<KeptOff<'a>> {
        let set = self.pods(pods);
        let stays = self.workload_of(set.owner).is_none_or(|it| it.kind.is_replicated());
        let pods = set.floor.filter(|it| stays && *it > 0)?;
        Some(KeptOff { object: set.owner, pods })
    }
}

/// A selector in words that do not depend on how it is written.
fn normal(selector: &Selector<'_>) -> String {
    let mut requirements = selector.requirements.clone();
    for requirement in &mut requirements {
        requirement.values.sort();
        requirement.values.dedup();
    }
    let mut words: Vec<String> =
        requirements.into_iter().map(|it| Selector { requirements: vec![it] }.to_string()).collect();
    words.sort();
    words.dedup();
    words.join(", ")
}
