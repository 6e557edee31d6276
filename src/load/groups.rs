//! Which plain files of a directory tree are deployed together: siblings that repeat each other are apart,
//! and so are alternatives in one folder. The rest belongs to all of its level.

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What an object is called: group, kind and name.
pub(super) type Identity = (String, String, String);

/// A file as grouping sees it.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    /// The path below the root of the tree, with `/`.
    pub(super) path: String,
    /// Workloads and custom resources, by which siblings are compared.
    pub(super) comparable: Vec<Identity>,
    /// Workloads, Kafka clusters and databases: of those a folder holds one, or alternatives.
    pub(super) roots: Vec<Identity>,
}

/// Files that are deployed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// The folder or file that names it, below the root; empty for the root.
    pub(super) name: String,
    /// Why.
    pub(super) reason: String,
    pub(super) remarks: Vec<String>,
    /// Positions of the files, sorted.
    pub(super) files: Vec<usize>,
}

/// Above this product of alternatives and of files that all of them share, what is shared stays by itself.
const MOST_SHARED: usize = 20_000;

/// A folder with what lies in it.
#[derive(Default)]
struct Folder {
    path: String,
    files: Vec<usize>,
    children: BTreeMap<String, Folder>,
}

/// Groups the files of a tree.
pub(super) fn group(entries: &[Entry]) -> Vec<Group> {
    let mut root = Folder::default();
    for (at, entry) in entries.iter().enumerate() {
        root.add(at, &entry.path);
    }
    let mut groups = Vec::new();
    split_siblings(&root, &[], "a directory", entries, &mut groups);
    let mut seen = BTreeSet::new();
    let groups = groups.into_iter().flat_map(|it| split_alternatives(it, entries));
    // Several groups of a level share folders, whose alternatives would come once for each.
    groups.filter(|it| seen.insert(it.files.clone())).collect()
}

impl Folder {
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
    fn all(&self) -> Vec<usize> {
        let mut files = self.files.clone();
        files.extend(self.children.values().flat_map(Folder::all));
        files
    }

    /// What the files below define.
    fn identities<'e>(&self, entries: &'e [Entry]) -> BTreeSet<&'e Identity> {
        self.all().into_iter().flat_map(|at| &entries[at].comparable).collect()
    }

    /// The children that repeat another child, each with the first such: at least half of the smaller one's
    /// identities occur in both.
    fn repeating(&self, entries: &[Entry]) -> BTreeMap<&str, &str> {
        let identities: Vec<(&str, BTreeSet<&Identity>)> =
            self.children.iter().map(|(name, child)| (name.as_str(), child.identities(entries))).collect();
        let mut holders: HashMap<&Identity, Vec<usize>> = HashMap::new();
        for (at, (_, own)) in identities.iter().enumerate() {
            for identity in own {
                holders.entry(identity).or_default().push(at);
            }
        }
        let mut repeating = BTreeMap::new();
        for (at, (name, own)) in identities.iter().enumerate() {
            let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
            for identity in own {
                for other in holders.get(identity).into_iter().flatten().filter(|it| **it != at) {
                    *shared.entry(*other).or_default() += 1;
                }
            }
            let repeats = |(other, count): &(usize, usize)| count * 2 >= own.len().min(identities[*other].1.len());
            if let Some((other, _)) = shared.into_iter().find(repeats) {
                repeating.insert(*name, identities[other].0);
            }
        }
        repeating
    }

    /// Whether siblings anywhere below repeat each other.
    fn splits(&self, entries: &[Entry]) -> bool {
        !self.repeating(entries).is_empty() || self.children.values().any(|it| it.splits(entries))
    }
}

/// Makes a group of a folder, or of each of its children that repeat each other.
fn split_siblings(folder: &Folder, shared: &[usize], reason: &str, entries: &[Entry], groups: &mut Vec<Group>) {
    let repeating = folder.repeating(entries);
    let apart: Vec<&Folder> = if repeating.is_empty() {
        folder.children.values().filter(|it| it.splits(entries)).collect()
    } else {
        folder.children.iter().filter(|it| repeating.contains_key(it.0.as_str())).map(|it| it.1).collect()
    };
    if apart.is_empty() {
        let mut files = shared.to_vec();
        files.extend(folder.all());
        files.sort_unstable();
        groups.push(Group { name: folder.path.clone(), reason: reason.to_owned(), remarks: Vec::new(), files });
        return;
    }
    let names: BTreeSet<&str> = apart.iter().map(|it| it.path.as_str()).collect();
    let mut common = shared.to_vec();
    common.extend(&folder.files);
    for child in folder.children.values().filter(|it| !names.contains(it.path.as_str())) {
        common.extend(child.all());
    }
    for child in apart {
        let name = child.path.rsplit('/').next().unwrap_or_default();
        let reason = repeating
            .get(name)
            .map_or_else(|| reason.to_owned(), |it| format!("a directory that repeats its sibling {it}"));
        split_siblings(child, &common, &reason, entries, groups);
    }
}

/// Where files of one folder define the same root object, each of them is a group of its own, together with
/// the files of the folder that repeat nothing; the other folders are a group without them.
fn split_alternatives(group: Group, entries: &[Entry]) -> Vec<Group> {
    let mut folders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for at in &group.files {
        let path = &entries[*at].path;
        folders.entry(path.rsplit_once('/').map_or("", |it| it.0)).or_default().push(*at);
    }
    let mut rest = Vec::new();
    let mut found = Vec::new();
    for (folder, files) in folders {
        let alternatives = alternatives(&files, entries);
        let Some((first, _)) = alternatives.first_key_value() else {
            rest.extend(files);
            continue;
        };
        let first = *first;
        let mut others: Vec<usize> = files.iter().copied().filter(|it| !alternatives.contains_key(it)).collect();
        if others.len() * alternatives.len() > MOST_SHARED {
            rest.append(&mut others);
        }
        let place = if folder.is_empty() { "the folder" } else { folder };
        for (at, shared) in &alternatives {
            let mut files = others.clone();
            files.push(*at);
            files.sort_unstable();
            let remark =
                format!("{} files of {place} are alternatives: each is an environment of its own", alternatives.len());
            found.push(Group {
                name: entries[*at].path.clone(),
                reason: format!("one of several files that define {} {}", shared.1, shared.2),
                remarks: if *at == first { vec![remark] } else { Vec::new() },
                files,
            });
        }
    }
    if found.is_empty() {
        return vec![group];
    }
    if !rest.is_empty() {
        rest.sort_unstable();
        found.push(Group { files: rest, ..group });
    }
    found
}

/// The files that define a root object which another file of the folder defines too, each with one of those.
fn alternatives<'e>(files: &[usize], entries: &'e [Entry]) -> BTreeMap<usize, &'e Identity> {
    let mut definers: BTreeMap<&Identity, Vec<usize>> = BTreeMap::new();
    for at in files {
        for root in &entries[*at].roots {
            definers.entry(root).or_default().push(*at);
        }
    }
    let mut alternatives = BTreeMap::new();
    for (root, files) in definers.into_iter().filter(|it| it.1.len() > 1) {
        for at in files {
            alternatives.entry(at).or_insert(root);
        }
    }
    alternatives
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, names: &[&str]) -> Entry {
        let identities: Vec<Identity> =
            names.iter().map(|it| ("apps".to_owned(), "Deployment".to_owned(), (*it).to_owned())).collect();
        Entry { path: path.to_owned(), comparable: identities.clone(), roots: identities }
    }

    fn grouped(entries: &[Entry]) -> Vec<(String, Vec<&str>)> {
        let files = |it: &Group| it.files.iter().map(|at| entries[*at].path.as_str()).collect();
        group(entries).iter().map(|it| (it.name.clone(), files(it))).collect()
    }

    #[test]
    fn a_tree_is_one_group() {
        let entries = [entry("a/x.yaml", &["x"]), entry("b/y.yaml", &["y"]), entry("z.yaml", &[])];
        assert_eq!(grouped(&entries), [(String::new(), vec!["a/x.yaml", "b/y.yaml", "z.yaml"])]);
    }

    #[test]
    fn siblings_that_repeat_are_apart_and_share_the_rest() {
        let entries = [
            entry("dev/a.yaml", &["api", "web"]),
            entry("infra/i.yaml", &["proxy"]),
            entry("ns.yaml", &[]),
            entry("prod/a.yaml", &["api", "web", "extra"]),
        ];
        let expected = [
            ("dev".to_owned(), vec!["dev/a.yaml", "infra/i.yaml", "ns.yaml"]),
            ("prod".to_owned(), vec!["infra/i.yaml", "ns.yaml", "prod/a.yaml"]),
        ];
        assert_eq!(grouped(&entries), expected);
    }

    #[test]
    fn less_than_half_in_common_is_no_repetition() {
        let entries = [entry("a/x.yaml", &["one", "two", "three"]), entry("b/y.yaml", &["three", "four", "five"])];
        assert_eq!(grouped(&entries).len(), 1);
    }

    #[test]
    fn repetition_further_down_splits_too() {
        let entries =
            [entry("app/dev/a.yaml", &["api"]), entry("app/prod/a.yaml", &["api"]), entry("common/c.yaml", &["proxy"])];
        let expected = [
            ("app/dev".to_owned(), vec!["app/dev/a.yaml", "common/c.yaml"]),
            ("app/prod".to_owned(), vec!["app/prod/a.yaml", "common/c.yaml"]),
        ];
        assert_eq!(grouped(&entries), expected);
    }

    #[test]
    fn alternatives_in_a_folder_are_apart() {
        let entries = [
            entry("kafka/one.yaml", &["events"]),
            entry("kafka/topic.yaml", &[]),
            entry("kafka/two.yaml", &["events"]),
            entry("other/o.yaml", &["api"]),
        ];
        let expected = [
            ("kafka/one.yaml".to_owned(), vec!["kafka/one.yaml", "kafka/topic.yaml"]),
            ("kafka/two.yaml".to_owned(), vec!["kafka/topic.yaml", "kafka/two.yaml"]),
            (String::new(), vec!["other/o.yaml"]),
        ];
        assert_eq!(grouped(&entries), expected);
    }
}
