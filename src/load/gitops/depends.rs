//! Flux Kustomizations that wait for each other.

use super::flux;
use super::part::Part;
use crate::model::{Object, Problem, ProblemKind};
use crate::yaml::NodeRef;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A Kustomization by its namespace and name.
type Key<'o> = (&'o str, &'o str);

/// A problem for each circle of `dependsOn`: none of its Kustomizations ever becomes ready
/// (`fluxcd/kustomize-controller`, `internal/controller/kustomization_controller.go`, `checkDependencies`).
pub(super) fn circles(parts: &[Arc<Part>]) -> Vec<Problem> {
    let mut all: BTreeMap<Key<'_>, &Object> = BTreeMap::new();
    for object in parts.iter().flat_map(|it| &it.built.objects).filter(|it| it.is(flux::GROUP, "Kustomization")) {
        all.insert((object.namespace().unwrap_or_default(), object.name()), object);
    }
    let mut problems = Vec::new();
    let mut done: BTreeSet<Key<'_>> = BTreeSet::new();
    for start in all.keys() {
        let mut path: Vec<Key<'_>> = Vec::new();
        let mut places: BTreeMap<Key<'_>, usize> = BTreeMap::new();
        let mut stack: Vec<(Key<'_>, usize)> = vec![(*start, 0)];
        while let Some((key, depth)) = stack.pop() {
            for left in path.drain(depth..) {
                places.remove(&left);
            }
            if let Some(at) = places.get(&key) {
                problems.push(problem(all[&path[path.len() - 1]], &path[*at..]));
                continue;
            }
            if !done.insert(key) {
                continue;
            }
            places.insert(key, path.len());
            path.push(key);
            let object = all[&key];
            for needed in needed(object).filter(|it| all.contains_key(it)) {
                stack.push((needed, depth + 1));
            }
        }
    }
    problems
}

fn needed(object: &Object) -> impl Iterator<Item = Key<'_>> {
    object.node().items_at(&["spec", "dependsOn"]).map(|it| {
        let text = |key: &str| it.get(key).map(NodeRef::text).filter(|it| !it.is_empty());
        (text("namespace").or(object.namespace()).unwrap_or_default(), text("name").unwrap_or_default())
    })
}

fn problem(last: &Object, circle: &[Key<'_>]) -> Problem {
    let names: Vec<&str> = circle.iter().chain(circle.first()).map(|it| it.1).collect();
    Problem {
        kind: ProblemKind::Doubtful,
        message: format!(
            "Kustomizations wait for each other by dependsOn: {}; none is ever deployed",
            names.join(", ")
        ),
        span: last.node().place(&["spec", "dependsOn"]),
        labels: Vec::new(),
        help: Some("remove one of these dependencies".to_owned()),
    }
}
