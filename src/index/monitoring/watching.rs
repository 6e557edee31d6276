//! Which monitor is the first that selects something, found without asking each monitor about each thing.

use crate::index::monitoring::{Monitor, Target};
use crate::index::{PodSetId, Services};
use crate::model::{Object, ObjectId, Operator};
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// The first monitor of each Service that one selects.
pub(super) fn of_services<'a>(index: &Services<'a>, monitors: &[Monitor<'a>]) -> HashMap<ObjectId, usize> {
    let all = || index.of_kind("", "Service").map(Object::id).collect();
    let of = |it: &Monitor<'a>| index.services_watched(it).map(Object::id).collect();
    let watches = |it: &Monitor<'a>, service: ObjectId| index.watches_service(it, index.object_at(service));
    first(monitors.iter().filter(|it| it.target == Target::Services), all, of, watches)
}

/// The first monitor of each set of pods that one selects directly.
pub(super) fn of_pods<'a>(index: &Services<'a>, monitors: &[Monitor<'a>]) -> HashMap<PodSetId, usize> {
    let all = || (0..).map(PodSetId).take(index.pod_sets().len()).collect();
    let of = |it: &Monitor<'a>| index.pods_watched(it).collect();
    first(monitors.iter().filter(|it| it.target == Target::Pods), all, of, |it, pods| index.watches_pods(it, pods))
}

/// The first monitor of each thing. Those that ask for no label select most of them: they are asked only about what
/// none before them selects.
fn first<'m, 'a: 'm, T: Copy + Eq + Hash>(
    monitors: impl Iterator<Item = &'m Monitor<'a>>,
    all: impl Fn() -> Vec<T>,
    of: impl Fn(&'m Monitor<'a>) -> Vec<T>,
    watches: impl Fn(&Monitor<'a>, T) -> bool,
) -> HashMap<T, usize> {
    let mut first = HashMap::new();
    let mut left: Option<Vec<T>> = None;
    let mut seen = HashSet::new();
    for monitor in monitors.filter(|it| !it.is_empty() && seen.insert(it.alike)) {
        if monitor.is_wide() {
            left.get_or_insert_with(&all).retain(|it| {
                let is_watched = watches(monitor, *it);
                if is_watched {
                    first.entry(*it).or_insert(monitor.alike);
                }
                !is_watched
            });
        } else {
            for it in of(monitor) {
                first.entry(it).or_insert(monitor.alike);
            }
        }
    }
    first
}

/// The last monitor that means a Service or a workload, and selects nothing.
pub(super) fn meant<'a>(index: &Services<'a>, monitors: &[Monitor<'a>]) -> HashMap<ObjectId, &'a Object> {
    let mut meant = HashMap::new();
    let mut seen = HashSet::new();
    let missing = monitors.iter().rev().filter(|it| it.is_empty() && !it.selector.is_open());
    for monitor in missing.filter(|it| seen.insert((it.target, it.alike))) {
        let of_pods = monitor.target == Target::Pods;
        let labelled = if of_pods { Vec::new() } else { index.services_of_labelled_pods(monitor) };
        let all = if labelled.is_empty() { called(index, monitor) } else { labelled };
        for it in all {
            meant.entry(it.id()).or_insert(monitor.object);
        }
    }
    meant
}

/// The Services, or the workloads, that are called as a monitor is, or as a value of its selector is but for a slip.
fn called<'a>(index: &Services<'a>, monitor: &Monitor<'a>) -> Vec<&'a Object> {
    let of_pods = monitor.target == Target::Pods;
    let kinds: &[(&str, &str)] =
        if of_pods { &[("apps", "Deployment"), ("apps", "StatefulSet")] } else { &[("", "Service")] };
    let wanted = monitor.selector.requirements.iter().filter(|it| it.operator == Operator::In);
    let names = std::iter::once(monitor.object.name()).chain(wanted.flat_map(|it| &it.values).map(|it| &**it));
    for name in names {
        let named = kinds.iter().flat_map(|(group, kind)| index.named(group, kind, name));
        let near = (!of_pods).then(|| index.nearly_named_service(monitor.object, name)).flatten();
        let found: Vec<&'a Object> = named.chain(near).filter(|it| monitor.is_in_sight(index, it)).collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}
