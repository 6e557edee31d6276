//! All environments of a run, and what is asked across them.
//!
//! What is asked about a name, labels or monitors is looked up in what is built once for the run, and what is asked
//! about the run as a whole is answered once: a run of many environments takes as long as they take one by one.

use crate::index::lookup::directory;
use crate::index::monitoring::Monitors;
use crate::index::{Index, Typing, pods};
use crate::model::{Labels, Object, Operator, Requirement, Selector};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The environments of a run.
pub struct Environments<'a> {
    all: &'a [Index<'a>],
    by_name: OnceLock<Places>,
    by_pod_label: OnceLock<Places>,
    by_service_label: OnceLock<Places>,
    with_prometheus: OnceLock<Box<[u32]>>,
    monitors: OnceLock<Monitors>,
    answers: Mutex<HashMap<String, bool>>,
}

/// The positions of environments by a hash, sorted. What a hash finds is looked at again anyway.
struct Places(Box<[(u32, u32)]>);

impl Places {
    fn new<'a>(all: &[Index<'a>], hashes: impl Fn(&Index<'a>) -> Vec<u32>) -> Places {
        let mut places: Vec<(u32, u32)> = Vec::new();
        for (index, at) in all.iter().zip(0..) {
            places.extend(hashes(index).into_iter().map(|it| (it, at)));
        }
        places.sort_unstable();
        places.dedup();
        Places(places.into_boxed_slice())
    }

    fn get(&self, hash: u32) -> &[(u32, u32)] {
        let rest = &self.0[self.0.partition_point(|it| it.0 < hash)..];
        &rest[..rest.partition_point(|it| it.0 == hash)]
    }
}

/// Whether two indexes are of different environments. No two of a run have one name.
fn is_other(one: &Index<'_>, other: &Index<'_>) -> bool {
    one.environment().name != other.environment().name
}

impl<'a> Environments<'a> {
    /// Those that these indexes are of.
    pub fn new(all: &'a [Index<'a>]) -> Environments<'a> {
        Environments {
            all,
            by_name: OnceLock::new(),
            by_pod_label: OnceLock::new(),
            by_service_label: OnceLock::new(),
            with_prometheus: OnceLock::new(),
            monitors: OnceLock::new(),
            answers: Mutex::default(),
        }
    }

    /// All of them, in order.
    pub fn all(&self) -> &'a [Index<'a>] {
        self.all
    }

    /// Whether any environment answers yes. Each question is put to them once: it has to name all that the answer
    /// depends on.
    pub fn any(&self, question: String, ask: impl Fn(&Index<'a>) -> bool) -> bool {
        let known = |answers: &HashMap<String, bool>| answers.get(&question).copied();
        if let Some(answer) = known(&self.answers.lock().unwrap_or_else(PoisonError::into_inner)) {
            return answer;
        }
        // Not under the lock: a question may take long, and others have other ones.
        let answer = self.all.iter().any(ask);
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).insert(question, answer);
        answer
    }

    /// What an object's type says of it: once for all environments that hold the same document.
    pub fn typing(&self, object: &Object) -> Arc<Typing> {
        match self.all.first().filter(|_| !object.is_live()) {
            Some(index) => index.memo().of_object_anywhere(object, || Typing::of(object)),
            None => Arc::new(Typing::of(object)),
        }
    }

    /// Those that hold an object of this group, kind and name, in order.
    pub fn with_object(&self, group: &str, kind: &str, name: &str) -> impl Iterator<Item = &'a Index<'a>> {
        let names = self.by_name.get_or_init(|| Places::new(self.all, |it| it.name_hashes()));
        let found = names.get(directory::hash_anywhere((group, kind, name))).iter().map(|it| self.at(it.1));
        found.filter(move |it| !it.named(group, kind, name).is_empty())
    }

    /// Whether one but this holds an object of this group, kind and name.
    pub fn has_elsewhere(&self, own: &Index<'a>, group: &str, kind: &str, name: &str) -> bool {
        self.with_object(group, kind, name).any(|it| is_other(it, own))
    }

    /// Whether one but this holds pods that a selector matches, in whatever namespace.
    pub fn others_have_pods(&self, own: &Index<'a>, selector: &Selector<'_>) -> bool {
        let labels = self.by_pod_label.get_or_init(|| Places::new(self.all, |it| it.label_hashes()));
        self.others(own, labels, selector).any(|it| it.selects_anywhere(selector).is_some())
    }

    /// Whether any holds pods that a selector matches, in whatever namespace.
    pub fn have_pods(&self, own: &Index<'a>, selector: &Selector<'_>) -> bool {
        own.selects_anywhere(selector).is_some() || self.others_have_pods(own, selector)
    }

    /// Whether one but this holds Services that a selector matches, in whatever namespace.
    pub fn others_have_services(&self, own: &Index<'a>, selector: &Selector<'_>) -> bool {
        let labels = self.by_service_label.get_or_init(|| Places::new(self.all, |it| it.service_hashes()));
        self.others(own, labels, selector).any(|it| it.services_labelled(selector).next().is_some())
    }

    /// Those but one that have the rarest of the labels which a selector wants; all others if it wants none.
    fn others<'s>(
        &'s self,
        own: &'s Index<'a>,
        labels: &'s Places,
        selector: &Selector<'_>,
    ) -> impl Iterator<Item = &'a Index<'a>> + use<'s, 'a> {
        let with = |it: &Requirement<'_>| -> Option<Vec<&'s [(u32, u32)]>> {
            match it.operator {
                Operator::In => Some(it.values.iter().map(|v| labels.get(pods::hash(&it.key, Some(v)))).collect()),
                Operator::Exists => Some(vec![labels.get(pods::hash(&it.key, None))]),
                Operator::NotIn | Operator::DoesNotExist => None,
            }
        };
        let wanted = selector.requirements.iter().filter_map(with);
        let rarest = wanted.min_by_key(|it| it.iter().map(|it| it.len()).sum::<usize>());
        let all = if rarest.is_none() { self.all } else { &[] };
        let found = rarest.into_iter().flatten().flatten().map(|it| self.at(it.1));
        found.chain(all).filter(|it| is_other(it, own))
    }

    /// Those that hold a Prometheus, or a chart that is likely to install one, in order.
    pub fn with_prometheus(&self) -> impl Iterator<Item = &'a Index<'a>> {
        let find = || self.all.iter().zip(0..).filter(|it| it.0.has_prometheus()).map(|it| it.1).collect();
        self.with_prometheus.get_or_init(find).iter().map(|it| self.at(*it))
    }

    /// Whether a monitor of another environment than its own would take the pods of an object, or a Service of theirs.
    pub fn others_would_watch(&self, own: &Index<'a>, object: &Object) -> bool {
        if self.all.len() < 2 {
            return false;
        }
        let monitors = self.monitors.get_or_init(|| Monitors::new(self.all));
        let services = own.pods_of(object).iter().flat_map(|it| own.services_of(*it));
        let services: Vec<Labels<'_>> =
            services.map(|it| Labels::read(it.node().at(&["metadata", "labels"]))).collect();
        own.pods_of(object).iter().any(|pods| {
            let mut candidates = monitors.candidates(&own.pods(*pods).labels, &services).into_iter();
            candidates.any(|(at, monitor)| {
                let other = self.at(at);
                let monitor = &other.monitors()[monitor as usize];
                is_other(other, own) && monitor.would_watch(&own.pods(*pods).labels, &services, object.namespace())
            })
        })
    }

    fn at(&self, place: u32) -> &'a Index<'a> {
        &self.all[place as usize]
    }
}
