//! Charts of the run that somebody has to render before their objects can be read.

use super::chart_folders::{CHART, describe};
use super::documents::ReadFile;
use super::paths::display;
use super::store::{Store, What};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A chart of which the run holds templates, values or its description.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unrendered {
    /// Its folder, as shown.
    pub folder: String,
    /// A name for a release of it.
    pub release: String,
    /// The values besides `values.yaml`, where there is no doubt which.
    pub values: Option<String>,
    /// Whether what it depends on has to be fetched first.
    pub lacks_dependencies: bool,
}

/// The outermost charts that the files belong to, each once. Libraries make nothing and are left out.
pub(super) fn find(store: &Store, files: &[ReadFile], working_dir: &Path) -> Vec<Unrendered> {
    let mut folders: BTreeSet<PathBuf> = BTreeSet::new();
    let mut asked: BTreeSet<PathBuf> = BTreeSet::new();
    for file in files {
        let Some(folder) = candidate(&file.path).filter(|it| !asked.contains(*it)) else { continue };
        asked.insert(folder.to_owned());
        if is_chart(store, folder) {
            folders.insert(outermost(store, folder).to_owned());
        }
    }
    folders.iter().filter_map(|it| unrendered(store, it, working_dir)).collect()
}

/// The folder that is a chart if the file is a part of one: its description, its values, or a template.
fn candidate(file: &Path) -> Option<&Path> {
    let name = file.file_name()?.to_string_lossy();
    if name == CHART || name.starts_with("values") {
        return file.parent();
    }
    let of_templates = |it: &&Path| it.file_name().is_some_and(|it| it == "templates");
    file.ancestors().skip(1).filter(of_templates).last()?.parent()
}

fn is_chart(store: &Store, folder: &Path) -> bool {
    store.what(&folder.join(CHART)).is_ok_and(|it| it == What::File)
}

/// The chart that a chart is a part of, or itself.
fn outermost<'p>(store: &Store, folder: &'p Path) -> &'p Path {
    let mut top = folder;
    while let Some(above) = top.parent().filter(|it| it.file_name().is_some_and(|it| it == "charts"))
        && let Some(chart) = above.parent().filter(|it| is_chart(store, it))
    {
        top = chart;
    }
    top
}

fn unrendered(store: &Store, folder: &Path, working_dir: &Path) -> Option<Unrendered> {
    let description = describe(store, folder)?;
    if description.is_library {
        return None;
    }
    let folder_name = folder.file_name().unwrap_or_default().to_string_lossy();
    let names = [description.name.as_deref(), Some(&*folder_name)];
    let release = names.into_iter().flatten().find(|it| is_release_name(it)).unwrap_or("release").to_owned();
    let lacks_dependencies = description.has_dependencies && store.what(&folder.join("charts")).is_err();
    let values = more_values(store, folder).map(|it| display(working_dir, &it));
    Some(Unrendered { folder: display(working_dir, folder), release, values, lacks_dependencies })
}

/// The one file of values besides the chart's own, or the one for production.
fn more_values(store: &Store, folder: &Path) -> Option<PathBuf> {
    let entries = store.entries(folder).ok()?;
    let is_more = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_yaml = name.ends_with(".yaml") || name.ends_with(".yml");
        is_yaml && name.contains("values") && !["values.yaml", "values.yml"].contains(&&*name)
    };
    let more: Vec<PathBuf> =
        entries.into_iter().filter(|it| it.1 == What::File).map(|it| it.0).filter(is_more).collect();
    let is_production = |it: &&PathBuf| it.file_name().is_some_and(|it| it.to_string_lossy().contains("prod"));
    let mut production = more.iter().filter(is_production);
    match (more.as_slice(), production.next(), production.next()) {
        ([only], ..) => Some(only.clone()),
        (_, Some(only), None) => Some(only.clone()),
        _ => None,
    }
}

/// Whether Helm takes a text for the name of a release.
pub(super) fn is_release_name(text: &str) -> bool {
    let is_inner = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
    let is_outer = |it: Option<&u8>| it.is_some_and(|it| *it != b'-');
    let bytes = text.as_bytes();
    bytes.len() <= 53 && bytes.iter().all(|it| is_inner(*it)) && is_outer(bytes.first()) && is_outer(bytes.last())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{Input, Options, run};

    fn found(texts: &[(&str, &str)], named: &str) -> Vec<Unrendered> {
        let store = Store::of_texts(Path::new("/"), texts);
        let config = crate::config::Config::default();
        let options = Options { config: &config, config_dir: None, working_dir: Path::new("/") };
        let input = [Input::Path(PathBuf::from(named))];
        run(&store, &input, crate::source::Sources::default(), &options, None).unrendered
    }

    #[test]
    fn each_outermost_chart_is_found_once() {
        let texts = [
            ("charts/orders/Chart.yaml", "name: orders\ndependencies: [{name: db}]"),
            ("charts/orders/values.yaml", "a: 1"),
            ("charts/orders/values-prod.yaml", "a: 1"),
            ("charts/orders/templates/a.yaml", "kind: {{ .Values.kind }}"),
            ("charts/orders/charts/db/Chart.yaml", "name: db"),
            ("charts/orders/charts/db/templates/a.yaml", "kind: {{ .Values.kind }}"),
            ("charts/lib/Chart.yaml", "{name: lib, type: library}"),
            ("my charts/Web/Chart.yaml", "name: -x"),
            ("plain/templates/a.yaml", "kind: {{ .Values.kind }}"),
        ];
        let orders = Unrendered {
            folder: "charts/orders".to_owned(),
            release: "orders".to_owned(),
            values: Some("charts/orders/values-prod.yaml".to_owned()),
            lacks_dependencies: false,
        };
        let web = Unrendered {
            folder: "my charts/Web".to_owned(),
            release: "release".to_owned(),
            values: None,
            lacks_dependencies: false,
        };
        assert_eq!(found(&texts, "."), [orders.clone(), web]);
        for named in ["charts/orders/templates/a.yaml", "charts/orders/values-prod.yaml", "charts/orders/charts/db"] {
            assert_eq!(found(&texts, named), std::slice::from_ref(&orders), "{named}");
        }
        assert_eq!(found(&texts, "plain"), []);
    }
}
