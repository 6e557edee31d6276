//! The folders of a tree, and which of them repeat a sibling.

use super::{Entry, Identity, MOST_COMPARED};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A folder with what lies in it.
#[derive(Default)]
pub(super) struct Folder {
    /// Below the root of the tree, with `/`; empty for the root.
    pub(super) path: String,
    pub(super) files: Vec<usize>,
    pub(super) children: BTreeMap<String, Folder>,
}

/// Folders that are environments of their own, with the folder that each repeats.
pub(super) type Apart = BTreeMap<String, String>;

impl Folder {
    /// The tree of these files.
    pub(super) fn of(entries: &[Entry]) -> Folder {
        let mut root = Folder::default();
        for (at, entry) in entries.iter().enumerate() {
            root.add(at, &entry.path);
        }
        root
    }

    fn add(&mut self, at: usize, path: &str) {
        let mut folder = self;
        let mut parts: Vec<&str> = path.split('/').collect();
        parts.pop();
        for part in parts {
            let path = if folder.path.is_empty() { part.to_owned() } else { format!("{}/{part}", folder.path) };
            folder = folder.children.entry(part.to_owned()).or_default();
            folder.path = path;
        }
        folder.files.push(at);
    }

    /// All files below.
    pub(super) fn all(&self) -> Vec<usize> {
        let mut files = self.files.clone();
        files.extend(self.children.values().flat_map(Folder::all));
        files
    }

    /// Finds the folders anywhere below that repeat a sibling, and gives back what all files here define.
    pub(super) fn find_siblings<'e>(&self, entries: &'e [Entry], apart: &mut Apart) -> BTreeSet<&'e Identity> {
        let children: Vec<(&Folder, BTreeSet<&Identity>)> =
            self.children.values().map(|it| (it, it.find_siblings(entries, apart))).collect();
        for (at, other) in repeating(&children.iter().map(|it| &it.1).collect::<Vec<_>>()) {
            let name = children[other].0.path.rsplit('/').next().unwrap_or_default();
            apart.insert(children[at].0.path.clone(), format!("its sibling {name}"));
        }
        // The largest set takes in the others, so that a long chain of folders copies nothing.
        let mut sets: Vec<BTreeSet<&Identity>> = children.into_iter().map(|it| it.1).collect();
        let largest = (0..sets.len()).max_by_key(|it| sets[*it].len());
        let mut all = largest.map(|it| sets.swap_remove(it)).unwrap_or_default();
        all.extend(sets.into_iter().flatten());
        all.extend(self.files.iter().flat_map(|at| &entries[*at].comparable));
        all
    }
}

/// The sets that repeat another one, each with the first such: at least half of the smaller one's identities
/// occur in both.
fn repeating(sets: &[&BTreeSet<&Identity>]) -> Vec<(usize, usize)> {
    let mut holders: HashMap<&Identity, Vec<usize>> = HashMap::new();
    for (at, own) in sets.iter().enumerate() {
        for identity in *own {
            let holders = holders.entry(identity).or_default();
            // What many hold in common is known from the first of them.
            if holders.len() < MOST_COMPARED {
                holders.push(at);
            }
        }
    }
    let mut repeating = Vec::new();
    for (at, own) in sets.iter().enumerate() {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for identity in *own {
            for other in holders.get(identity).into_iter().flatten().filter(|it| **it != at) {
                *shared.entry(*other).or_default() += 1;
            }
        }
        let repeats = |(other, count): &(usize, usize)| count * 2 >= own.len().min(sets[*other].len());
        repeating.extend(shared.into_iter().find(repeats).map(|it| (at, it.0)));
    }
    repeating
}
