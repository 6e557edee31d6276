//! The workloads over whose pods a Service balances requests, and which of them differ: found once for all Services that
//! select the same.

use super::judged::is_store;
use crate::index::Workload;
use crate::model::Container;
use crate::yaml::NodeRef;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The workloads, in order.
pub(super) struct Balanced<'i, 'a> {
    pub(super) workloads: Vec<&'i Workload<'a>>,
    by_name: HashMap<&'a str, Vec<usize>>,
    receivers: RefCell<HashMap<(String, Option<i64>), Rc<Receivers<'i, 'a>>>>,
}

/// Those that get the requests for a port.
pub(super) struct Receivers<'i, 'a> {
    /// The first that declares the port.
    first: Option<&'i Workload<'a>>,
    /// The first of each name that does.
    by_name: HashMap<&'a str, &'i Workload<'a>>,
    /// The first of each that answers in its own way.
    different: Vec<&'i Workload<'a>>,
}

/// What tells workloads apart by a port: the image and task of the container that declares it, and whether it is a store.
type Way<'a> = (Option<(&'a str, Vec<&'a str>)>, bool);

impl<'i, 'a> Balanced<'i, 'a> {
    pub(super) fn new(workloads: Vec<&'i Workload<'a>>) -> Balanced<'i, 'a> {
        let mut by_name: HashMap<&'a str, Vec<usize>> = HashMap::new();
        for (at, workload) in workloads.iter().enumerate() {
            by_name.entry(workload.object.name()).or_default().push(at);
        }
        Balanced { workloads, by_name, receivers: RefCell::default() }
    }

    /// The positions of those with this name.
    pub(super) fn named(&self, name: &str) -> &[usize] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// Those that get the requests for a target port.
    pub(super) fn receivers(&self, target: NodeRef<'_>) -> Rc<Receivers<'i, 'a>> {
        let key = (target.text().to_owned(), target.as_int());
        Rc::clone(self.receivers.borrow_mut().entry(key).or_insert_with(|| Rc::new(self.read_receivers(target))))
    }

    fn read_receivers(&self, target: NodeRef<'_>) -> Receivers<'i, 'a> {
        let mut receivers = Receivers { first: None, by_name: HashMap::new(), different: Vec::new() };
        let mut count = 0;
        let mut ways: HashSet<Way<'a>> = HashSet::new();
        for workload in &self.workloads {
            let container = container_at(workload, target);
            // Pods without a port of that name get no requests for it.
            if container.is_none() && target.as_int().is_none() {
                continue;
            }
            count += 1;
            if container.is_some() {
                receivers.first.get_or_insert(workload);
                receivers.by_name.entry(workload.object.name()).or_insert(workload);
            }
            if ways.insert((container.map(|it| (it.repository(), task(it))), is_store(workload))) {
                receivers.different.push(workload);
            }
        }
        if count < 2 {
            receivers.first = None;
        }
        receivers
    }
}

impl<'i, 'a> Receivers<'i, 'a> {
    /// The one that a Service of this name is for, if there are several: its namesake, or else the first.
    pub(super) fn meant(&self, service: &str) -> Option<&'i Workload<'a>> {
        let first = self.first?;
        Some(self.by_name.get(service).copied().unwrap_or(first))
    }

    /// The first of each that answers in its own way, in order.
    pub(super) fn different(&self) -> impl Iterator<Item = &'i Workload<'a>> {
        self.different.iter().copied()
    }
}

/// The container that declares a port.
pub(super) fn container_at<'a>(workload: &Workload<'a>, target: NodeRef<'_>) -> Option<Container<'a>> {
    let declares = |it: &Container<'a>| match target.as_int() {
        Some(number) => it.has_port(number),
        None => it.ports().any(|(name, _)| name == Some(target.text())),
    };
    let sidecars = workload.template.into_iter().flat_map(|it| it.sidecars().collect::<Vec<_>>());
    workload.containers().chain(sidecars).find(declares)
}

/// What a container is told to do, without its options: the words before the first of them.
pub(super) fn task(container: Container<'_>) -> Vec<&str> {
    container.words().take_while(|it| !it.starts_with('-')).collect()
}
