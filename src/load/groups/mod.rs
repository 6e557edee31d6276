//! Which plain files of a directory tree are deployed together: folders that repeat each other are apart,
//! wherever they lie, and so are alternatives in one folder. The rest belongs to all of its level.

mod alternatives;
mod cousins;
mod folder;

use alternatives::split_alternatives;
use folder::{Apart, Folder};
use std::collections::{BTreeSet, HashMap};

/// What an object is called: group, kind and name.
pub(super) type Identity = (String, String, String);
/// The same with the namespace that is written, or an empty text.
pub(super) type Placed = (Identity, String);

/// A file as grouping sees it.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    /// The path below the root of the tree, with `/`.
    pub(super) path: String,
    /// Workloads and custom resources, by which siblings are compared.
    pub(super) comparable: Vec<Identity>,
    /// Workloads, Kafka clusters and databases: of those a folder holds one, or alternatives.
    pub(super) roots: Vec<Identity>,
    /// The same with their namespaces: no environment holds one of them twice, from two folders.
    pub(super) placed: Vec<Placed>,
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
/// The same for folders.
const MOST_SHARED_BY_FOLDERS: usize = 200_000;
/// Of the folders that define an object, each is compared with this many.
const MOST_COMPARED: usize = 16;

/// Groups the files of a tree.
pub(super) fn group(entries: &[Entry]) -> Vec<Group> {
    let root = Folder::of(entries);
    let mut apart = Apart::new();
    root.find_siblings(entries, &mut apart);
    cousins::find(entries, &mut apart);
    let mut split = Split { entries, apart, groups: Vec::new() };
    split.folder(&root, &[], "a directory");
    let mut seen = BTreeSet::new();
    let groups = split.groups.into_iter().flat_map(|it| split_alternatives(it, entries));
    // Several groups of a level share folders, whose alternatives would come once for each.
    groups.filter(|it| seen.insert(it.files.clone())).collect()
}

/// A tree on its way to groups.
struct Split<'e> {
    entries: &'e [Entry],
    apart: Apart,
    groups: Vec<Group>,
}

impl<'e> Split<'e> {
    /// Makes a group of a folder, or of each folder below that is apart, with what belongs to all of them.
    fn folder(&mut self, folder: &Folder, shared: &[usize], reason: &str) {
        let holds_apart = |it: &Folder| self.holds_apart(it);
        let is_apart = |it: &Folder| self.apart.contains_key(&it.path);
        let repeats = folder.children.values().any(is_apart);
        let split: Vec<&Folder> = folder.children.values().filter(|it| is_apart(it) || holds_apart(it)).collect();
        if split.is_empty() {
            let mut files = shared.to_vec();
            files.extend(folder.all());
            self.push(folder, files, reason, Vec::new());
            return;
        }
        let mut own = folder.files.clone();
        for child in folder.children.values().filter(|it| !is_apart(it)) {
            if !holds_apart(child) {
                own.extend(child.all());
            } else if repeats {
                // What lies between belongs to this level too, beside folders that repeat each other.
                self.without_apart(child, &mut own);
            }
        }
        let mut common = shared.to_vec();
        common.extend(&own);
        let is_shared = common.len().saturating_mul(split.len()) <= MOST_SHARED_BY_FOLDERS;
        let definers = self.definers(if is_shared { &common } else { &[] });
        // What no folder can take stays by itself.
        let mut left: BTreeSet<usize> = own.into_iter().collect();
        for child in &split {
            let excluded = self.contradicting(child, &definers);
            let files = if is_shared { common.as_slice() } else { &[] };
            let files: Vec<usize> = files.iter().copied().filter(|it| !excluded.contains(it)).collect();
            if is_shared {
                left.retain(|it| excluded.contains(it));
            }
            let other = self.apart.get(&child.path);
            let reason = other.map_or_else(|| reason.to_owned(), |it| format!("a directory that repeats {it}"));
            self.folder(child, &files, &reason);
        }
        if !left.is_empty() || (!is_shared && !common.is_empty()) {
            let words = format!("{} folders could share these files: too many, so they are judged apart", split.len());
            let remarks = if is_shared { Vec::new() } else { vec![words] };
            self.push(folder, common, reason, remarks);
        }
    }

    fn push(&mut self, folder: &Folder, mut files: Vec<usize>, reason: &str, remarks: Vec<String>) {
        files.sort_unstable();
        files.dedup();
        self.groups.push(Group { name: folder.path.clone(), reason: reason.to_owned(), remarks, files });
    }

    /// Whether a folder somewhere below is apart.
    fn holds_apart(&self, folder: &Folder) -> bool {
        let prefix = format!("{}/", folder.path);
        self.apart.range(prefix.clone()..).next().is_some_and(|it| it.0.starts_with(&prefix))
    }

    /// The files below that are in no folder that is apart.
    fn without_apart(&self, folder: &Folder, files: &mut Vec<usize>) {
        files.extend(&folder.files);
        for child in folder.children.values().filter(|it| !self.apart.contains_key(&it.path)) {
            self.without_apart(child, files);
        }
    }

    /// The files by the root objects that they define.
    fn definers(&self, files: &[usize]) -> HashMap<&'e Placed, Vec<usize>> {
        let mut definers: HashMap<&'e Placed, Vec<usize>> = HashMap::new();
        for at in files {
            self.entries[*at].placed.iter().for_each(|it| definers.entry(it).or_default().push(*at));
        }
        definers
    }

    /// Those of them that define again what the folder defines.
    fn contradicting(&self, folder: &Folder, definers: &HashMap<&'e Placed, Vec<usize>>) -> BTreeSet<usize> {
        if definers.is_empty() {
            return BTreeSet::new();
        }
        let own: BTreeSet<usize> = folder.all().into_iter().collect();
        let placed = own.iter().flat_map(|it| &self.entries[*it].placed);
        let found: BTreeSet<usize> = placed.filter_map(|it| definers.get(it)).flatten().copied().collect();
        &found - &own
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, names: &[&str]) -> Entry {
        let identities: Vec<Identity> =
            names.iter().map(|it| ("apps".to_owned(), "Deployment".to_owned(), (*it).to_owned())).collect();
        let placed = identities.iter().map(|it| (it.clone(), String::new())).collect();
        Entry { path: path.to_owned(), comparable: identities.clone(), roots: identities, placed }
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
    fn cousins_that_repeat_each_other_are_apart_at_any_depth() {
        let entries = [
            entry("deploy/east/x.yaml", &["api", "web", "mail", "search"]),
            entry("deploy/west/x.yaml", &["api", "web", "mail", "search"]),
            entry("ns.yaml", &[]),
            entry("old/docs/k8s/a.yaml", &["api"]),
            entry("old/docs/k8s/b.yaml", &["one", "two", "three", "four", "five"]),
        ];
        let expected = [
            ("deploy/east".to_owned(), vec!["deploy/east/x.yaml", "ns.yaml"]),
            ("deploy/west".to_owned(), vec!["deploy/west/x.yaml", "ns.yaml"]),
            ("old/docs/k8s".to_owned(), vec!["ns.yaml", "old/docs/k8s/a.yaml", "old/docs/k8s/b.yaml"]),
        ];
        assert_eq!(grouped(&entries), expected);
    }

    #[test]
    fn cousins_need_no_siblings_and_keep_their_parts_together() {
        let entries = [
            entry("apps/x/prod/api/a.yaml", &["api"]),
            entry("apps/x/prod/web/a.yaml", &["web"]),
            entry("apps/z/a.yaml", &["one", "two", "three"]),
            entry("infra/p/a.yaml", &["four", "five", "six", "seven"]),
            entry("infra/y/prod/a.yaml", &["api"]),
            entry("infra/y/prod/b.yaml", &["web"]),
        ];
        let names: Vec<String> = grouped(&entries).into_iter().map(|it| it.0).collect();
        assert_eq!(names, ["apps/x/prod", "infra/y/prod"].map(str::to_owned));
    }

    #[test]
    fn an_old_copy_in_a_folder_of_the_folder_is_apart_from_it() {
        let entries = [entry("k8s/a.yaml", &["api"]), entry("k8s/old/a.yaml", &["api"]), entry("ns.yaml", &[])];
        let expected = [
            ("k8s/old".to_owned(), vec!["k8s/old/a.yaml", "ns.yaml"]),
            ("k8s".to_owned(), vec!["k8s/a.yaml", "ns.yaml"]),
        ];
        assert_eq!(grouped(&entries), expected);
    }

    #[test]
    fn a_shared_folder_in_another_namespace_stays_shared() {
        let mut cache = entry("infra/redis.yaml", &["redis", "proxy", "dns"]);
        cache.placed.iter_mut().for_each(|it| "infra".clone_into(&mut it.1));
        let entries = [
            entry("apps/dev/a.yaml", &["api", "web", "redis"]),
            entry("apps/prod/a.yaml", &["api", "web", "redis"]),
            cache,
        ];
        let names: Vec<(String, usize)> = grouped(&entries).into_iter().map(|it| (it.0, it.1.len())).collect();
        assert_eq!(names, [("apps/dev".to_owned(), 2), ("apps/prod".to_owned(), 2)]);
    }

    #[test]
    fn thousands_of_folders_that_repeat_each_other_are_no_burden() {
        let names: Vec<String> = (0..20).map(|it| format!("app-{it}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut entries: Vec<Entry> = (0..3000).map(|it| entry(&format!("env/e{it}/a.yaml"), &names)).collect();
        entries.extend((0..1000).map(|it| entry(&format!("common/{it}.yaml"), &[])));
        let groups = group(&entries);
        // All of them, and what they share by itself.
        assert_eq!(groups.len(), 3001);
        assert!(groups.iter().map(|it| it.files.len()).sum::<usize>() <= 4000);
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

    #[test]
    fn one_name_in_two_namespaces_is_no_alternative() {
        let placed = |path: &str, namespace: &str| {
            let mut entry = entry(path, &["events"]);
            entry.placed.iter_mut().for_each(|it| namespace.clone_into(&mut it.1));
            entry
        };
        let names = |entries: &[Entry]| grouped(entries).into_iter().map(|it| it.0).collect::<Vec<_>>();
        assert_eq!(names(&[placed("one.yaml", "east"), placed("two.yaml", "west")]), [""]);
        assert_eq!(names(&[placed("one.yaml", "east"), placed("two.yaml", "")]), ["one.yaml", "two.yaml"]);
        assert_eq!(names(&[placed("one.yaml", "east"), placed("two.yaml", "${NS}")]), ["one.yaml", "two.yaml"]);
    }
}
