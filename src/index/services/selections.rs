//! Whom Services lead to. Services that lead to the same pods share one answer, so that a thousand Services of a thousand
//! workloads are no million answers, and what a rule finds of them is found once.

use crate::index::lookup::answers::Answers;
use crate::index::lookup::groups::Groups;
use crate::index::lookup::hashing::Map;
use crate::index::{PodSetId, Pods};
use crate::model::{Object, ObjectId, Selector};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

/// The selector of a Service. Absent, empty, or of an ExternalName Service it selects nothing.
pub(in crate::index) fn service_selector(service: &Object) -> Option<Selector<'_>> {
    if service.node().str_at(&["spec", "type"]) == Some("ExternalName") {
        return None;
    }
    let selector = Selector::of_labels(service.node().at(&["spec", "selector"]));
    (!selector.is_everything()).then_some(selector)
}

/// Services of one place with one selector.
#[derive(Debug)]
pub struct Selection<'a> {
    /// In order.
    pub services: Vec<&'a Object>,
    /// The pods that they lead to, in order.
    pub pods: Vec<PodSetId>,
    /// Answers by their type, where there are many Services or pods.
    answers: Option<Box<Answers>>,
}

/// So many Services and pods are looked at anew for each question.
const FEW: usize = 4;

impl<'a> Selection<'a> {
    /// What is found of the Services and pods: once, where there are many. Each question has a type of its own.
    pub fn once<T: Send + Sync + 'static>(&self, find: impl FnOnce(&Selection<'a>) -> T) -> Arc<T> {
        match &self.answers {
            Some(answers) => answers.once(|| find(self)),
            None => Arc::new(find(self)),
        }
    }
}

/// All of them.
#[derive(Debug)]
pub(in crate::index) struct Selections<'a> {
    all: Vec<Selection<'a>>,
    of_service: Map<ObjectId, u32>,
    by_pods: Groups<PodSetId, u32>,
}

/// All on which it depends whom a Service leads to.
type Key<'a> = (Option<&'a str>, bool, u32, Selector<'a>);

impl<'a> Selections<'a> {
    /// Finds the pods of each Service that selects any.
    pub(in crate::index) fn read(pods: &Pods<'a>) -> Selections<'a> {
        let mut all: Vec<Selection<'a>> = Vec::new();
        let mut known: Map<Key<'a>, u32> = Map::default();
        let mut of_service = Map::default();
        for service in pods.of_kind("", "Service") {
            let Some(selector) = service_selector(service) else { continue };
            let key = (service.namespace(), service.is_governed, pods.folder(service), selector);
            let next = u32::try_from(all.len()).expect("fewer than 2^32 Services");
            let id = known.get(&key).copied().unwrap_or(next);
            if id == next {
                let pods = led_to(pods, service, &key.3);
                all.push(Selection { services: Vec::new(), pods, answers: None });
                known.insert(key, id);
            }
            all[id as usize].services.push(service);
            of_service.insert(service.id(), id);
        }
        let mut selecting = Vec::new();
        for (selection, id) in all.iter_mut().zip(0..) {
            if selection.services.len() > FEW || selection.pods.len() > FEW {
                selection.answers = Some(Box::default());
            }
            selecting.extend(selection.pods.iter().map(|it| (*it, id)));
        }
        Selections { all, of_service, by_pods: Groups::new(selecting) }
    }

    /// That of a Service, if it selects pods by itself.
    pub(in crate::index) fn of(&self, service: &Object) -> Option<&Selection<'a>> {
        Some(&self.all[*self.of_service.get(&service.id())? as usize])
    }

    /// Those that lead to pods.
    pub(in crate::index) fn leading_to(&self, pods: PodSetId) -> impl Iterator<Item = &Selection<'a>> {
        self.by_pods.get(pods).iter().map(|it| &self.all[*it as usize])
    }

    /// The Services that lead to pods, in order.
    pub(in crate::index) fn services_of(&self, pods: PodSetId) -> InOrder<'_, 'a> {
        InOrder::new(self.leading_to(pods).map(|it| it.services.as_slice()).collect())
    }
}

/// The pods that a Service leads to, in order.
fn led_to(pods: &Pods<'_>, service: &Object, selector: &Selector<'_>) -> Vec<PodSetId> {
    let mut ids: Vec<PodSetId> =
        pods.select(service, selector).into_iter().map(|it| pods.serving_pods(it.pods)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The objects of several lists, each of which is in order, in one order.
pub(in crate::index) struct InOrder<'s, 'a> {
    lists: Vec<&'s [&'a Object]>,
    /// The first object of each list, where there are several.
    heads: BinaryHeap<Reverse<(ObjectId, usize)>>,
}

impl<'s, 'a> InOrder<'s, 'a> {
    fn new(lists: Vec<&'s [&'a Object]>) -> InOrder<'s, 'a> {
        let several = lists.iter().enumerate().filter(|_| lists.len() > 1);
        let heads = several.filter_map(|(at, it)| Some(Reverse((it.first()?.id(), at)))).collect();
        InOrder { lists, heads }
    }
}

impl<'a> Iterator for InOrder<'_, 'a> {
    type Item = &'a Object;

    fn next(&mut self) -> Option<&'a Object> {
        let at = if self.lists.len() > 1 { self.heads.pop()?.0.1 } else { 0 };
        let (first, rest) = self.lists.get(at)?.split_first()?;
        self.lists[at] = rest;
        if self.lists.len() > 1 {
            self.heads.extend(rest.first().map(|it| Reverse((it.id(), at))));
        }
        Some(first)
    }
}
