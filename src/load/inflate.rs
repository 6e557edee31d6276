//! What Helm can render for a run: charts, and the charts that kustomizations install.
//!
//! A text that Helm made comes back as an input of the run, for one of two goals: it is an environment, or it is what
//! an entry of `helmCharts` generates, which kustomizations are then built with.
//!
//! Facts: kubernetes-sigs/kustomize `api/types/helmchartargs.go`, `api/internal/builtins/HelmChartInflationGenerator.go`.

use super::chart_folders::CHART;
use super::documents::ReadFile;
use super::goal::{Goal, Rendering, Values};
use super::kustomize::dir_of;
use super::paths::{display, normalize};
use super::releases::{self, Release};
use super::store::{Store, What};
use super::unrendered::is_release_name;
use super::{Options, Unrendered};
use crate::config::RenderSetting;
use crate::model::Environment;
use crate::yaml::{NodeRef, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Everything that can be rendered for the run, and what cannot, by name.
pub(super) fn find(
    store: &Store,
    files: &[ReadFile],
    charts: &[Unrendered],
    environments: &[Environment],
    options: &Options<'_>,
) -> Vec<Rendering> {
    let working_dir = normalize(Path::new("/"), options.working_dir);
    let mut renderings: Vec<Rendering> = Vec::new();
    for file in files {
        let Some((document, _)) = file.kustomization() else { continue };
        let Some(folder) = dir_of(store, file) else { continue };
        let kustomization =
            Kustomization { store, folder, shown: display(&working_dir, folder), root: document.root() };
        renderings.extend(kustomization.renderings());
    }
    // A chart of a kustomization is no release by itself.
    let inner: BTreeSet<PathBuf> = renderings.iter().map(|it| it.chart.clone()).collect();
    let folders: Vec<&str> = charts.iter().map(|it| it.folder.as_str()).collect();
    let of_charts = charts.iter().flat_map(|it| {
        let releases = releases::of_folder(&it.folder, &folders, environments);
        of_chart(it, &releases, options, &working_dir)
    });
    renderings.extend(of_charts.filter(|it| !inner.contains(&it.chart)));
    renderings.sort_by(|one, other| one.name.cmp(&other.name));
    let mut known = BTreeSet::new();
    for it in &mut renderings {
        let name = it.name.clone();
        let mut number = 2;
        while !known.insert(it.name.clone()) {
            it.name = format!("{name} ({number})");
            number += 1;
        }
    }
    renderings
}

/// The renderings of a chart that the configuration asks for; if none, those that releases make of it; if nobody installs
/// it, that with the values of which there is no doubt.
fn of_chart(chart: &Unrendered, releases: &[Release<'_>], options: &Options<'_>, working_dir: &Path) -> Vec<Rendering> {
    let folder = normalize(working_dir, Path::new(&chart.folder));
    let obstacle = chart.lacks_dependencies.then(|| {
        format!(
            "the charts it depends on are not in {}/charts, and nothing is fetched: helm dependency build",
            chart.folder
        )
    });
    let plain = Rendering {
        name: format!("{} (rendered)", chart.folder),
        goal: Goal::Environment,
        chart: folder.clone(),
        release: chart.release.clone(),
        arguments: Vec::new(),
        values: Vec::new(),
        obstacle,
        installed_by: None,
    };
    let base = normalize(working_dir, options.config_dir.unwrap_or(working_dir));
    let is_of = |it: &&RenderSetting| normalize(&base, Path::new(&it.chart)) == folder;
    let mut settings = options.config.renders.iter().filter(is_of).peekable();
    if settings.peek().is_none() {
        if !releases.is_empty() {
            return of_releases(releases, &plain, &chart.folder);
        }
        let values = chart.values.iter().map(|it| Values::File(normalize(working_dir, Path::new(it)))).collect();
        let name = chart.values.as_ref().map(|it| format!("{} ({})", chart.folder, file_name(it)));
        return vec![Rendering { values, name: name.unwrap_or_else(|| plain.name.clone()), ..plain }];
    }
    let rendering = |it: &RenderSetting| {
        let by_values = it.values.last().map(|it| format!("{} ({})", chart.folder, file_name(it)));
        let release = it.release.clone().unwrap_or_else(|| chart.release.clone());
        let obstacle = (!is_release_name(&release)).then(|| format!("{release:?} is no name of a release"));
        Rendering {
            name: it.name.clone().or(by_values).unwrap_or_else(|| plain.name.clone()),
            arguments: it.namespace.iter().map(|it| format!("--namespace={it}")).collect(),
            values: it.values.iter().map(|it| Values::File(normalize(&base, Path::new(it)))).collect(),
            obstacle: obstacle.or_else(|| plain.obstacle.clone()),
            release,
            ..plain.clone()
        }
    };
    settings.map(rendering).collect()
}

/// What releases make of a chart; each is named by what installs it and, where there are several, by its environment.
fn of_releases(releases: &[Release<'_>], plain: &Rendering, folder: &str) -> Vec<Rendering> {
    let is_only = |release: &Release<'_>| releases.iter().filter(|it| it.title() == release.title()).count() == 1;
    let name = |it: &Release<'_>| match (is_only(it), it.title()) {
        (true, title) => format!("{folder} ({title})"),
        (false, title) => format!("{folder} ({title} in {})", it.environment),
    };
    releases.iter().map(|it| it.rendering(name(it), plain, folder)).collect()
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A kustomization that may install charts.
struct Kustomization<'a> {
    store: &'a Store,
    folder: &'a Path,
    shown: String,
    root: NodeRef<'a>,
}

impl Kustomization<'_> {
    fn renderings(&self) -> Vec<Rendering> {
        self.root.items_at(&["helmCharts"]).enumerate().map(|(at, it)| self.rendering(at, it)).collect()
    }

    fn rendering(&self, at: usize, entry: NodeRef<'_>) -> Rendering {
        let name = entry.str_at(&["name"]).unwrap_or_default();
        let chart = self.chart(name, entry.get("version").map(NodeRef::text));
        let release = entry.str_at(&["releaseName"]).unwrap_or(name).to_owned();
        let obstacle = if chart.is_none() {
            Some(format!("the chart {name} is not in its {}, and nothing is fetched", self.home()))
        } else if !is_release_name(&release) {
            Some(format!("{release:?} is no name of a release"))
        } else {
            self.obstacle(entry)
        };
        Rendering {
            name: format!("{} (helmCharts: {name})", self.shown),
            goal: Goal::Kustomization(self.folder.to_owned(), at),
            chart: chart.unwrap_or_else(|| self.folder.to_owned()),
            release,
            arguments: self.arguments(entry),
            values: self.values(entry),
            obstacle,
            installed_by: None,
        }
    }

    /// The folder of its charts.
    fn home(&self) -> &str {
        self.root.str_at(&["helmGlobals", "chartHome"]).unwrap_or("charts")
    }

    /// The folder of a chart, as it is or as kustomize unpacks it.
    fn chart(&self, name: &str, version: Option<&str>) -> Option<PathBuf> {
        let home = normalize(self.folder, Path::new(self.home()));
        let is_plain = !name.is_empty() && !name.contains("..");
        let unpacked = version.map(|it| home.join(format!("{name}-{it}")).join(name));
        let is_chart = |it: &PathBuf| self.store.what(&it.join(CHART)).is_ok_and(|it| it == What::File);
        [Some(home.join(name)), unpacked].into_iter().flatten().find(|it| is_plain && is_chart(it))
    }

    fn obstacle(&self, entry: NodeRef<'_>) -> Option<String> {
        let merge = entry.str_at(&["valuesMerge"]).filter(|it| *it != "override")?;
        (entry.get("valuesInline").is_some()).then(|| format!("valuesMerge: {merge} is not done here"))
    }

    fn arguments(&self, entry: NodeRef<'_>) -> Vec<String> {
        let namespace = entry.str_at(&["namespace"]).or_else(|| self.root.str_at(&["namespace"]));
        let with = |flag: &str, value: Option<&str>| value.map(|it| format!("--{flag}={it}"));
        let switch =
            |flag: &str, key: &str| entry.get(key).is_some_and(|it| it.text() == "true").then(|| format!("--{flag}"));
        let versions = entry.items_at(&["apiVersions"]).filter_map(NodeRef::as_str);
        let versions: Vec<String> = versions.map(|it| format!("--api-versions={it}")).collect();
        [
            with("namespace", namespace),
            with("kube-version", entry.get("kubeVersion").map(NodeRef::text)),
            switch("include-crds", "includeCRDs"),
            switch("no-hooks", "skipHooks"),
            switch("skip-tests", "skipTests"),
        ]
        .into_iter()
        .flatten()
        .chain(versions)
        .collect()
    }

    fn values(&self, entry: NodeRef<'_>) -> Vec<Values> {
        let file = |it: &str| Values::File(normalize(self.folder, Path::new(it)));
        let first = entry.str_at(&["valuesFile"]).map(file);
        let inline = entry.get("valuesInline").filter(|it| it.is_map()).map(|it| Values::Text(json::to_string(it)));
        let more = entry.items_at(&["additionalValuesFiles"]).filter_map(NodeRef::as_str).map(file);
        first.into_iter().chain(inline).chain(more).collect()
    }
}
