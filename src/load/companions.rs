//! Services, budgets, monitors and autoscalers that lie above a kustomization or beside it, and are part of none: they are
//! deployed with the pods that they select, so they are judged there, and not once more without them.

use crate::finding::DocumentOutcome;
use crate::index::{Aim, Selectable};
use crate::model::{Environment, Object};
use crate::rules::words::list;
use crate::source::{SourceId, Sources};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// Moves such objects to the environments of `roots` that hold what they select. What stands before the roots stays
/// as the configuration has it.
pub(super) fn join(environments: &mut Vec<Environment>, roots: Range<usize>, sources: &Sources) {
    let mut joining: BTreeMap<usize, Joining> = BTreeMap::new();
    let plain = roots.end..environments.len();
    if !roots.is_empty() && !plain.is_empty() {
        let roots: Vec<Root<'_>> = roots.clone().map(|at| Root::new(at, &environments[at], sources)).collect();
        for at in plain {
            joining.insert(at, Joining::find(&environments[at], &roots, sources));
        }
    }
    for (at, joining) in joining {
        joining.carry_out(at, environments);
    }
    let mut number = 0;
    environments.retain(|it| {
        number += 1;
        number <= roots.end || !it.objects.is_empty() || !it.documents.is_empty() || !it.problems.is_empty()
    });
}

/// The environment of a kustomization.
struct Root<'e> {
    at: usize,
    environment: &'e Environment,
    selectable: Selectable<'e>,
    /// The folders of the files that it reaches.
    folders: BTreeSet<&'e str>,
}

impl<'e> Root<'e> {
    fn new(at: usize, environment: &'e Environment, sources: &'e Sources) -> Root<'e> {
        let files: BTreeSet<SourceId> = environment.documents.iter().map(|it| it.span.source).collect();
        let folders = files.into_iter().map(|it| folder(sources.get(it).name())).collect();
        Root { at, environment, selectable: Selectable::new(&environment.objects), folders }
    }

    /// Whether it holds what an object selects, and not that object itself.
    fn is_served_by(&self, object: &Object, aim: &Aim<'_>) -> bool {
        // A monitor may look into other namespaces.
        let namespace = object.namespace().filter(|_| !matches!(aim, Aim::Services(_)));
        let is_near = |it: &Object| namespace.is_none_or(|own| it.namespace().is_none_or(|other| other == own));
        let same = |it: &Object| it.is(object.group(), object.kind()) && it.name() == object.name();
        self.selectable.selected(aim).any(is_near) && !self.environment.objects.iter().any(same)
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |it| it.0)
}

/// Whether a folder is another one or lies below it.
fn is_below(folder: &str, other: &str) -> bool {
    other.is_empty() || folder.strip_prefix(other).is_some_and(|it| it.is_empty() || it.starts_with('/'))
}

/// What leaves an environment: by position, with the environments that it joins.
struct Joining(BTreeMap<usize, Vec<usize>>);

impl Joining {
    fn find(environment: &Environment, roots: &[Root<'_>], sources: &Sources) -> Joining {
        let own = Selectable::new(&environment.objects);
        let mut joining = BTreeMap::new();
        // A chart is deployed as a whole.
        for (at, object) in environment.objects.iter().enumerate().filter(|it| !it.1.is_governed) {
            let Some(aim) = Aim::of(object).filter(|it| own.selected(it).next().is_none()) else { continue };
            // Above a file of the root, or in a folder beside one.
            let reach = folder(folder(sources.get(object.node().span().source).name()));
            let near = roots.iter().filter(|it| it.folders.iter().any(|it| is_below(it, reach)));
            let joined: Vec<usize> = near.filter(|it| it.is_served_by(object, &aim)).map(|it| it.at).collect();
            if !joined.is_empty() {
                joining.insert(at, joined);
            }
        }
        Joining(joining)
    }

    /// Moves the objects, with what is told of their documents.
    fn carry_out(self, from: usize, environments: &mut [Environment]) {
        let objects = std::mem::take(&mut environments[from].objects);
        let documents = Arc::clone(&environments[from].documents);
        let holders: BTreeMap<(SourceId, u32), usize> =
            documents.iter().enumerate().map(|(at, it)| ((it.span.source, it.span.start), at)).collect();
        let holder = |object: &Object| {
            let span = object.node().span();
            holders.range(..=(span.source, span.start)).next_back().map(|it| *it.1)
        };
        // By their positions.
        let mut told: BTreeSet<usize> = BTreeSet::new();
        let mut kept: BTreeSet<usize> = BTreeSet::new();
        let mut titles: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        let mut left = Vec::new();
        for (at, mut object) in objects.into_iter().enumerate() {
            let Some(joined) = self.0.get(&at) else {
                kept.extend(holder(&object));
                left.push(object);
                continue;
            };
            // Whoever applies it with the kustomization decides its namespace.
            object.is_governed = true;
            told.extend(holder(&object));
            for it in joined {
                titles.entry(*it).or_default().push(object.title());
                environments[*it].objects.push(object.clone());
                let holder = holder(&object).map(|it| documents[it].clone());
                Arc::make_mut(&mut environments[*it].documents).extend(holder);
            }
        }
        for (at, titles) in titles {
            let verb = if titles.len() == 1 { "is" } else { "are" };
            let words =
                format!("{} {verb} part of no kustomization and judged here, with what is selected", list(&titles));
            environments[at].remarks.push(words);
        }
        environments[from].objects = left;
        // A List may hold more than what went.
        let stays = |it: &(usize, &DocumentOutcome)| !told.contains(&it.0) || kept.contains(&it.0);
        let left = documents.iter().enumerate().filter(stays).map(|it| it.1.clone());
        environments[from].documents = Arc::new(left.collect());
    }
}
