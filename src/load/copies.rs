//! Files that repeat what else is here, object for object: what a kustomization makes, rendered and committed beside
//! it, and several manifests put together in one (`dist/install.yaml`). They are judged where they come from.
//!
//! A copy in which anything differs is none: which of the two is deployed then, nobody knows.

use super::documents::ReadFile;
use super::item::account;
use crate::finding::{DocumentOutcome, DocumentStatus};
use crate::model::{Environment, Object};
use crate::source::SourceId;
use foldhash::fast::FixedState;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::BuildHasher as _;
use std::sync::Arc;

/// Of those that hold an object of one name, each file is compared with this many.
const MOST_COMPARED: usize = 8;
/// Folders and files, by words of their names, into which tools write.
const MADE: &[&str] = &[
    "dist",
    "build",
    "out",
    "output",
    "target",
    "release",
    "releases",
    "rendered",
    "generated",
    "gen",
    "bundle",
    "install",
    "packaging",
    "allinone",
];

/// What is deployed by itself, with the objects that were made for it.
pub(super) struct Whole<'a> {
    /// The kustomization's folder, as shown.
    pub(super) name: &'a str,
    /// A file of it.
    pub(super) source: SourceId,
    pub(super) objects: &'a [Object],
}

/// A file that is left out.
pub(super) struct Copied {
    /// A file that it repeats.
    of: SourceId,
    /// Where that lies, as shown.
    place: String,
}

/// What an object is called: group, kind, namespace and name.
type Key<'a> = (&'a str, &'a str, &'a str, &'a str);

fn key(object: &Object) -> Key<'_> {
    (object.group(), object.kind(), object.namespace().unwrap_or_default(), object.name())
}

/// The plain files, of those at these positions, that repeat others or a kustomization.
pub(super) fn find(files: &[ReadFile], plain: &[usize], wholes: &[Whole<'_>]) -> BTreeMap<usize, Copied> {
    let all = plain.iter().filter_map(|at| Some((*at, objects(&files[*at])?))).filter(|it| !it.1.is_empty());
    let mut held: BTreeMap<usize, Vec<&Object>> = all.collect();
    let repeated = repeated(&held, wholes);
    held.retain(|_, objects| objects.iter().all(|it| repeated.contains(&digest(it))));
    let mut by_key: HashMap<Key<'_>, Vec<usize>> = HashMap::new();
    for (at, objects) in &held {
        for object in objects {
            let holders = by_key.entry(key(object)).or_default();
            if holders.len() < MOST_COMPARED {
                holders.push(*at);
            }
        }
    }
    let mut made: HashMap<Key<'_>, Vec<usize>> = HashMap::new();
    for (at, whole) in wholes.iter().enumerate() {
        for object in whole.objects.iter().filter(|it| by_key.contains_key(&key(it))) {
            let makers = made.entry(key(object)).or_default();
            if makers.len() < MOST_COMPARED {
                makers.push(at);
            }
        }
    }
    let mut found = BTreeMap::new();
    for (at, objects) in &held {
        let rendered = || rendered_of(objects, wholes, &made);
        let joined = || joined_of(*at, files, &held, &by_key);
        found.extend(rendered().or_else(joined).map(|it| (*at, it)));
    }
    found
}

/// What several files or kustomizations call one of their objects, as digests: mostly nothing.
fn repeated(held: &BTreeMap<usize, Vec<&Object>>, wholes: &[Whole<'_>]) -> HashSet<u64> {
    let of_files = held.iter().flat_map(|(at, it)| it.iter().map(|it| (digest(it), *at)));
    // Behind the files, so that no two places are one.
    let first = held.keys().next_back().map_or(0, |it| it + 1);
    let of_wholes =
        wholes.iter().zip(first..).flat_map(|(whole, at)| whole.objects.iter().map(move |it| (digest(it), at)));
    let mut places: Vec<(u64, usize)> = of_files.chain(of_wholes).collect();
    places.sort_unstable();
    places.windows(2).filter(|it| it[0].0 == it[1].0 && it[0].1 != it[1].1).map(|it| it[0].0).collect()
}

fn digest(object: &Object) -> u64 {
    FixedState::default().hash_one(key(object))
}

/// The objects of a file that holds nothing else.
fn objects(file: &ReadFile) -> Option<Vec<&Object>> {
    if !file.problems.is_empty() || !file.unseen.is_empty() {
        return None;
    }
    file.items().map(super::item::Item::plain_object).collect()
}

/// The kustomization that makes these objects and no others.
fn rendered_of(objects: &[&Object], wholes: &[Whole<'_>], made: &HashMap<Key<'_>, Vec<usize>>) -> Option<Copied> {
    let makers = made.get(&key(objects[0]))?;
    let is_made = |at: &&usize| {
        let whole = &wholes[**at];
        let by_key: HashMap<Key<'_>, &Object> = whole.objects.iter().map(|it| (key(it), it)).collect();
        let is_same = |it: &&Object| by_key.get(&key(it)).is_some_and(|twin| same(it, twin));
        whole.objects.len() == objects.len() && by_key.len() == objects.len() && objects.iter().all(is_same)
    };
    let whole = &wholes[*makers.iter().find(is_made)?];
    Some(Copied { of: whole.source, place: whole.name.to_owned() })
}

fn same(one: &Object, other: &Object) -> bool {
    one.node().says_the_same(other.node())
}

/// The files of one folder, or below it, that together hold these objects and no others.
fn joined_of(
    at: usize,
    files: &[ReadFile],
    held: &BTreeMap<usize, Vec<&Object>>,
    by_key: &HashMap<Key<'_>, Vec<usize>>,
) -> Option<Copied> {
    let objects = &held[&at];
    let own: HashMap<Key<'_>, &Object> = objects.iter().map(|it| (key(it), *it)).collect();
    if objects.len() < 2 || own.len() < objects.len() {
        return None;
    }
    let near = objects.iter().flat_map(|it| &by_key[&key(it)]).copied();
    let parts: BTreeSet<usize> = near.filter(|it| held[it].len() < objects.len()).collect();
    let is_part = |it: &usize| held[it].iter().all(|it| own.get(&key(it)).is_some_and(|twin| same(it, twin)));
    let parts: Vec<usize> = parts.into_iter().filter(|it| *it != at && is_part(it)).collect();
    let folders: BTreeSet<&str> = parts.iter().flat_map(|it| ancestors(&files[*it].name)).collect();
    // The deepest folder that holds all of them says most.
    let mut folders: Vec<&str> = folders.into_iter().collect();
    folders.sort_by_key(|it| std::cmp::Reverse(it.len()));
    for folder in folders {
        let inside: Vec<usize> = parts.iter().copied().filter(|it| is_below(&files[*it].name, folder)).collect();
        let all: BTreeSet<Key<'_>> = inside.iter().flat_map(|it| &held[it]).map(|it| key(it)).collect();
        let number: usize = inside.iter().map(|it| held[it].len()).sum();
        if all.len() == objects.len() && number == all.len() {
            let place = if folder.is_empty() { "the files beside it" } else { folder }.to_owned();
            let copied = Copied { of: files[inside[0]].source, place };
            return may_be_made(&files[at].name, folder).then_some(copied);
        }
    }
    None
}

/// The folders around a file, as shown.
fn ancestors(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(parent(name)), |it| (!it.is_empty()).then(|| parent(it)))
}

fn parent(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |it| it.0)
}

fn is_below(name: &str, folder: &str) -> bool {
    folder.is_empty() || name.strip_prefix(folder).is_some_and(|it| it.starts_with('/'))
}

/// Whether a tool may have put a file together from those of a folder. Folders beside each other may be two
/// environments that hold the same today.
fn may_be_made(name: &str, folder: &str) -> bool {
    let own = parent(name);
    let is_above = own == folder || is_below(folder, own) || is_below(own, folder);
    is_above || words(name).any(|it| MADE.contains(&it.as_str()))
}

fn words(name: &str) -> impl Iterator<Item = String> {
    name.split('/').map(|it| it.split('.').next().unwrap_or(it).to_lowercase()).flat_map(|it| {
        let whole = it.replace(['-', '_'], "");
        it.split(['-', '_']).map(str::to_owned).chain([whole]).collect::<Vec<String>>()
    })
}

/// Accounts for the copies where they are judged, and says so.
pub(super) fn account_for(copies: &BTreeMap<usize, Copied>, files: &[ReadFile], environments: &mut [Environment]) {
    let mut homes: HashMap<SourceId, usize> = HashMap::new();
    if copies.is_empty() {
        return;
    }
    for (at, environment) in environments.iter().enumerate() {
        for document in environment.documents.iter() {
            homes.entry(document.span.source).or_insert(at);
        }
    }
    for (at, copied) in copies {
        let file = &files[*at];
        let Some(home) = homes.get(&copied.of).map(|it| &mut environments[*it]) else { continue };
        let skipped = |it: DocumentOutcome| DocumentOutcome {
            fate: DocumentStatus::Skipped("a copy of what is judged".to_owned()),
            ..it
        };
        Arc::make_mut(&mut home.documents).extend(file.items().map(account).map(skipped));
        home.remarks
            .push(format!("{} repeats {}, object for object, and is not judged again", file.name, copied.place));
    }
}
