//! Charts on the disk: their folders, found by `Chart.yaml`, and what that file says of each.

use super::store::{Store, What};
use super::text::decode;
use crate::source::SourceId;
use crate::yaml::{NodeRef, parse};
use std::collections::{BTreeMap, VecDeque};
use std::path::{Component, Path, PathBuf};

/// The file that makes a folder a chart.
pub(super) const CHART: &str = "Chart.yaml";
/// Entries of folders that are looked at in the search for charts: a repository has fewer, a disk more.
const MOST_ENTRIES: usize = 50_000;
/// Folders that hold what others made.
const FOREIGN: [&str; 2] = ["node_modules", "vendor"];

/// What `Chart.yaml` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Description {
    /// The name, if there is one.
    pub(super) name: Option<String>,
    /// Whether it only helps other charts and makes nothing by itself.
    pub(super) is_library: bool,
    /// Whether it depends on charts.
    pub(super) has_dependencies: bool,
    /// Charts that it depends on, by the name that they have in it, with their folders if those are local.
    local_dependencies: BTreeMap<String, String>,
}

/// Reads the `Chart.yaml` of a folder; what is not said there or cannot be read is absent.
pub(super) fn describe(store: &Store, folder: &Path) -> Option<Description> {
    let text = decode(store.read(&folder.join(CHART)).ok()?).text;
    let Ok(Some(document)) = parse(SourceId(0), &text, 0..text.len()) else { return Some(Description::default()) };
    let root = document.root();
    let has_dependencies = root.items_at(&["dependencies"]).next().is_some();
    let mut local_dependencies = BTreeMap::new();
    for dependency in root.items_at(&["dependencies"]) {
        let name = dependency.str_at(&["alias"]).or_else(|| dependency.str_at(&["name"]));
        let local = dependency.str_at(&["repository"]).and_then(|it| it.strip_prefix("file://"));
        if let (Some(name), Some(local)) = (name, local) {
            local_dependencies.insert(name.to_owned(), local.to_owned());
        }
    }
    let name = root.get("name").and_then(NodeRef::as_str).map(str::to_owned);
    let is_library = root.str_at(&["type"]) == Some("library");
    Some(Description { name, is_library, has_dependencies, local_dependencies })
}

/// The charts below a folder.
#[derive(Debug, Default)]
pub(super) struct ChartFolders {
    /// By path, in order.
    folders: BTreeMap<PathBuf, Description>,
}

impl ChartFolders {
    /// Looks for charts, the nearest folders first; links are not followed.
    pub(super) fn below(store: &Store, folder: &Path) -> ChartFolders {
        let mut found = ChartFolders::default();
        let mut open = VecDeque::from([folder.to_owned()]);
        let mut seen = 0;
        while let Some(folder) = open.pop_front() {
            let Ok(entries) = store.entries(&folder) else { continue };
            seen += entries.len();
            if seen > MOST_ENTRIES {
                break;
            }
            for (path, what) in entries {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                match what {
                    What::Directory if !name.starts_with('.') && !FOREIGN.contains(&&*name) => open.push_back(path),
                    What::File if name == CHART => {
                        found.folders.extend(describe(store, &folder).map(|it| (folder.clone(), it)));
                    }
                    _ => {}
                }
            }
        }
        found
    }

    /// The one file that a template's name such as `orders/charts/db/templates/a.yaml` can stand for.
    pub(super) fn file_of(&self, store: &Store, template: &str) -> Option<PathBuf> {
        let (chart, rest) = template.split_once('/')?;
        let named = self.folders.iter().filter(|it| it.1.name.as_deref() == Some(chart));
        // A subchart of the same name is the chart of another.
        let is_top = |it: &Path| {
            it.parent().is_none_or(|it| it.file_name().is_none_or(|it| it != "charts") || !self.is_chart(it.parent()))
        };
        let mut files = named.filter(|it| is_top(it.0)).filter_map(|(folder, _)| self.below_chart(store, folder, rest));
        let only = files.next()?;
        files.all(|it| it == only).then_some(only)
    }

    /// The file that the name of a template stands for in the chart of this folder.
    pub(super) fn file_in(&self, store: &Store, chart: &Path, template: &str) -> Option<PathBuf> {
        self.below_chart(store, chart, template.split_once('/')?.1)
    }

    fn is_chart(&self, folder: Option<&Path>) -> bool {
        folder.is_some_and(|it| self.folders.contains_key(it))
    }

    /// The file of a path in a chart, through the subcharts that it names.
    fn below_chart(&self, store: &Store, folder: &Path, path: &str) -> Option<PathBuf> {
        let Some((subchart, rest)) = path.strip_prefix("charts/").and_then(|it| it.split_once('/')) else {
            let file = folder.join(path);
            return (store.what(&file).ok()? == What::File).then_some(file);
        };
        let inner = folder.join("charts");
        let unpacked = self.folders.range(inner.clone()..).take_while(|it| it.0.starts_with(&inner));
        let mut own = unpacked.filter(|it| it.0.parent() == Some(&inner) && it.1.name.as_deref() == Some(subchart));
        if let Some((folder, _)) = own.next() {
            return self.below_chart(store, folder, rest);
        }
        let local = self.folders.get(folder)?.local_dependencies.get(subchart)?;
        let folder = super::paths::normalize(folder, Path::new(local));
        // Each step takes a part off the path, so that charts which depend on each other come to an end.
        self.folders.contains_key(&folder).then(|| self.below_chart(store, &folder, rest))?
    }
}

/// The name of a template in a comment, if it is one that Helm writes: of a chart or of a chart in it.
pub(super) fn template_name(text: &str) -> Option<&str> {
    let mut parts = text.split('/');
    let is_plain = |it: &str| !it.is_empty() && !it.contains(['\\', ':', '\0']);
    let is_inside = Path::new(text).components().all(|it| matches!(it, Component::Normal(_)));
    if text.len() > 1_000 || !is_inside || !text.split('/').all(is_plain) || text.contains(char::is_control) {
        return None;
    }
    parts.next()?;
    loop {
        match parts.next()? {
            "templates" | "crds" => return parts.next().map(|_| text),
            "charts" => _ = parts.next()?,
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_helm_writes_are_told_from_others() {
        for name in ["orders/templates/a.yaml", "orders/charts/db/templates/x/a.yaml", "a b/crds/c.yaml"] {
            assert_eq!(template_name(name), Some(name));
        }
        for name in [
            "../orders/templates/a.yaml",
            "orders/templates/../../x",
            "/orders/templates/a.yaml",
            "https://example.org/templates/a.yaml",
            "orders/templates",
            "orders/charts/templates/a.yaml",
            "templates/a.yaml",
            "orders//templates/a.yaml",
            "deploy/a.yaml",
            "",
        ] {
            assert_eq!(template_name(name), None, "{name}");
        }
    }

    #[test]
    fn templates_are_found_in_charts_and_subcharts() {
        let chart = |name: &str| {
            format!("name: {name}\ndependencies: [{{name: db, alias: store, repository: 'file://../db'}}]\n")
        };
        let texts = [
            ("deploy/orders/Chart.yaml", chart("orders")),
            ("deploy/orders/templates/a.yaml", String::new()),
            ("deploy/orders/charts/cache-1/Chart.yaml", chart("cache")),
            ("deploy/orders/charts/cache-1/templates/c.yaml", String::new()),
            ("deploy/db/Chart.yaml", chart("db")),
            ("deploy/db/templates/d.yaml", String::new()),
            ("one/Chart.yaml", chart("twin")),
            ("one/templates/a.yaml", String::new()),
            ("one/templates/b.yaml", String::new()),
            ("two/Chart.yaml", chart("twin")),
            ("two/templates/a.yaml", String::new()),
        ];
        let texts: Vec<(&str, &str)> = texts.iter().map(|it| (it.0, it.1.as_str())).collect();
        let store = Store::of_texts(Path::new("/"), &texts);
        let charts = ChartFolders::below(&store, Path::new("/"));
        for (template, file) in [
            ("orders/templates/a.yaml", Some("/deploy/orders/templates/a.yaml")),
            ("orders/templates/gone.yaml", None),
            ("orders/charts/cache/templates/c.yaml", Some("/deploy/orders/charts/cache-1/templates/c.yaml")),
            ("orders/charts/store/templates/d.yaml", Some("/deploy/db/templates/d.yaml")),
            ("cache/templates/c.yaml", None),
            ("twin/templates/a.yaml", None),
            ("twin/templates/b.yaml", Some("/one/templates/b.yaml")),
            ("nobody/templates/b.yaml", None),
        ] {
            assert_eq!(charts.file_of(&store, template).as_deref(), file.map(Path::new), "{template}");
        }
    }
}
