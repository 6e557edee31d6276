//! Folders that define again what a folder elsewhere in the tree defines, however deep both lie.

use super::folder::Apart;
use super::{Entry, Identity, MOST_COMPARED, Placed};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

/// Folders above a file that are looked at, from the nearest on.
const MOST_ANCESTORS: usize = 32;

/// A folder that itself holds files with root objects.
struct Unit<'e> {
    path: &'e str,
    roots: BTreeSet<&'e Identity>,
    placed: BTreeSet<&'e Placed>,
}

/// Adds the folders that repeat a cousin.
pub(super) fn find(entries: &[Entry], apart: &mut Apart) {
    let units = units(entries);
    let tallies = Tallies::of(&units);
    let mut found = Vec::new();
    for (at, other) in repeating(&units, apart) {
        found.push((tallies.lift(units[at].path, units[other].path).to_owned(), units[other].path.to_owned()));
    }
    for (folder, other) in found {
        apart.entry(folder).or_insert(other);
    }
    set_contradicting_apart(&units, &tallies, apart);
}

fn units(entries: &[Entry]) -> Vec<Unit<'_>> {
    let mut units: BTreeMap<&str, Unit<'_>> = BTreeMap::new();
    for entry in entries.iter().filter(|it| !it.roots.is_empty()) {
        let path = entry.path.rsplit_once('/').map_or("", |it| it.0);
        let unit = units.entry(path).or_insert_with(|| Unit { path, roots: BTreeSet::new(), placed: BTreeSet::new() });
        unit.roots.extend(&entry.roots);
        unit.placed.extend(&entry.placed);
    }
    units.into_values().collect()
}

/// The folder itself and those above it, without the root of the tree.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    let first = Some(path).filter(|it| !it.is_empty());
    std::iter::successors(first, |it| it.rsplit_once('/').map(|it| it.0)).take(MOST_ANCESTORS)
}

/// The nearest folder at or above this one that is apart.
fn home<'a>(path: &str, apart: &'a Apart) -> Option<&'a str> {
    ancestors(path).find_map(|it| apart.get_key_value(it)).map(|it| it.0.as_str())
}

fn is_above(folder: &str, other: &str) -> bool {
    folder.is_empty() || (other.starts_with(folder) && other[folder.len()..].starts_with('/'))
}

/// The units that repeat another one of the same environment: at least half of the smaller one's root objects
/// are in both. A folder does not repeat those inside of it; they repeat the folder.
fn repeating(units: &[Unit<'_>], apart: &Apart) -> Vec<(usize, usize)> {
    let homes: Vec<Option<&str>> = units.iter().map(|it| home(it.path, apart)).collect();
    let mut holders: HashMap<(Option<&str>, &Identity), Vec<usize>> = HashMap::new();
    for (at, unit) in units.iter().enumerate() {
        for identity in &unit.roots {
            let holders = holders.entry((homes[at], identity)).or_default();
            if holders.len() < MOST_COMPARED {
                holders.push(at);
            }
        }
    }
    let mut found = Vec::new();
    for (at, unit) in units.iter().enumerate() {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for identity in &unit.roots {
            for other in holders.get(&(homes[at], *identity)).into_iter().flatten().filter(|it| **it != at) {
                *shared.entry(*other).or_default() += 1;
            }
        }
        let repeats = |(other, count): &(usize, usize)| {
            !is_above(unit.path, units[*other].path) && count * 2 >= unit.roots.len().min(units[*other].roots.len())
        };
        found.extend(shared.into_iter().find(repeats).map(|it| (at, it.0)));
    }
    found
}

/// Sets apart what would be shared by environments and defines again what one of them defines.
fn set_contradicting_apart(units: &[Unit<'_>], tallies: &Tallies<'_>, apart: &mut Apart) {
    let mut shared: HashMap<&Placed, Vec<usize>> = HashMap::new();
    let mut queue: VecDeque<usize> = VecDeque::new();
    let mut is_apart: Vec<bool> = Vec::new();
    for (at, unit) in units.iter().enumerate() {
        is_apart.push(home(unit.path, apart).is_some());
        if is_apart[at] {
            queue.push_back(at);
        } else if !unit.path.is_empty() {
            unit.placed.iter().for_each(|it| shared.entry(it).or_default().push(at));
        }
    }
    while let Some(at) = queue.pop_front() {
        for placed in &units[at].placed {
            for other in shared.remove(placed).unwrap_or_default() {
                if std::mem::replace(&mut is_apart[other], true) || is_above(units[other].path, units[at].path) {
                    continue;
                }
                let folder = tallies.lift(units[other].path, units[at].path).to_owned();
                apart.entry(folder).or_insert_with(|| units[at].path.to_owned());
                queue.push_back(other);
            }
        }
    }
}

/// How much of each folder is defined elsewhere.
#[derive(Default)]
struct Tallies<'e> {
    /// Units at or below each folder.
    units: HashMap<&'e str, usize>,
    /// Folders of which at least half is defined outside of them too.
    repeated: HashSet<&'e str>,
}

impl<'e> Tallies<'e> {
    fn of(units: &[Unit<'e>]) -> Tallies<'e> {
        let mut tallies = Tallies::default();
        let mut below: BTreeMap<&str, HashMap<&Identity, usize>> = BTreeMap::new();
        let mut all: HashMap<&Identity, usize> = HashMap::new();
        for unit in units {
            for identity in &unit.roots {
                *all.entry(identity).or_default() += 1;
            }
            for folder in ancestors(unit.path) {
                *tallies.units.entry(folder).or_default() += 1;
                let below = below.entry(folder).or_default();
                for identity in &unit.roots {
                    *below.entry(identity).or_default() += 1;
                }
            }
        }
        for (folder, below) in below {
            let outside = below.iter().filter(|(it, count)| all.get(*it).is_some_and(|all| all > *count)).count();
            if outside * 2 >= below.len() {
                tallies.repeated.insert(folder);
            }
        }
        tallies
    }

    /// The highest folder above one that repeats another, as far as it does not hold both and most of what it
    /// holds is defined outside of it too.
    fn lift<'p>(&self, path: &'p str, other: &str) -> &'p str {
        let is_repeated =
            |folder: &&str| *folder != other && !is_above(folder, other) && self.repeated.contains(*folder);
        let highest = ancestors(path).skip(1).take_while(is_repeated).last().unwrap_or(path);
        // The deepest folder with the same content has the better name.
        let has_all = |folder: &&str| self.units.get(folder) == self.units.get(highest);
        ancestors(path).find(has_all).unwrap_or(highest)
    }
}
