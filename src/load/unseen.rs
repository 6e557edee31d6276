//! What is deployed with an environment but not seen: what charts make that nobody rendered.

use super::documents::ReadFile;
use super::releases::is_path_of;
use super::unrendered::Unrendered;
use crate::index::charts::{EVERYWHERE, Reading, hidden_by, no_text};
use crate::model::{ChartFiles, Environment, Object, Unseen, UnseenKinds, is_placeholder, kind_and_group, products};
use crate::source::Sources;
use crate::yaml::outline::outlines;
use std::collections::{BTreeMap, BTreeSet};

/// Releases that the remark names.
const NAMED: usize = 5;

/// Kinds that a chart with pods makes for those alone.
const POLICIES: &[&str] = &[
    "HorizontalPodAutoscaler.autoscaling",
    "NetworkPolicy.networking.k8s.io",
    "PodDisruptionBudget.policy",
    "PodMonitor.monitoring.coreos.com",
    "ScaledObject.keda.sh",
    "ServiceMonitor.monitoring.coreos.com",
];

/// Groups of the kinds whose `apiVersion` templates often leave open.
const GROUPS: &[(&str, &str)] = &[
    ("CronJob", "batch"),
    ("DaemonSet", "apps"),
    ("Deployment", "apps"),
    ("HorizontalPodAutoscaler", "autoscaling"),
    ("Ingress", "networking.k8s.io"),
    ("NetworkPolicy", "networking.k8s.io"),
    ("PodDisruptionBudget", "policy"),
    ("StatefulSet", "apps"),
];

/// Remembers in each environment what charts make there. Of releases that are `rendered`, by environment and title, it is
/// not said that they are not seen; they lie in other environments all the same.
pub(super) fn fill(
    environments: &mut [Environment],
    files: &[ReadFile],
    charts: &[Unrendered],
    rendered: &BTreeSet<(String, String)>,
    sources: &Sources,
) {
    let hidden: Vec<(Concerned, Unseen)> = charts
        .iter()
        .filter(|it| !sources.renders(&it.release, &it.folder))
        .map(|it| (Concerned::new(&it.folder, environments), of_folder(it, files, sources, environments)))
        .collect();
    let mut by_argo: Vec<Unseen> = Vec::new();
    for environment in environments.iter_mut() {
        let releases = releases(&environment.objects, &environment.charts);
        if has_applications(environment) {
            by_argo.extend(releases.iter().flat_map(|it| it.1.iter().cloned()));
        }
        let is_rendered = |title: &str| rendered.contains(&(environment.name.clone(), title.to_owned()));
        let names: Vec<&str> = releases.iter().map(|it| it.0.as_str()).filter(|it| !is_rendered(it)).collect();
        environment.remarks.extend(remark(&names));
        let own = hidden.iter().filter_map(|(concerned, it)| concerned.share(it, &environment.name));
        environment.unseen.extend(own.chain(releases.into_iter().flat_map(|it| it.1)));
    }
    // What no Application reaches may still stand in a namespace that one of them fills.
    for environment in environments {
        if !has_applications(environment) {
            environment.unseen.extend(by_argo.iter().cloned());
        }
        environment.unseen.sort_unstable();
        environment.unseen.dedup();
    }
}

fn has_applications(environment: &Environment) -> bool {
    let is_argo = |it: &Object| it.group() == products::ARGO && matches!(it.kind(), "Application" | "ApplicationSet");
    environment.objects.iter().any(is_argo)
}

/// What the releases among these objects hide, with their titles.
fn releases(objects: &[Object], files: &ChartFiles) -> Vec<(String, Vec<Unseen>)> {
    let mut sources: BTreeMap<(&str, &str), Vec<&Object>> = BTreeMap::new();
    for object in objects.iter().filter(|it| it.group() == products::FLUX_SOURCE) {
        sources.entry((object.kind(), object.name())).or_default().push(object);
    }
    let mut found = Vec::new();
    for object in objects {
        let find = |kind: &str, name: &str| {
            let there = sources.get(&(kind, name))?;
            let near = there.iter().find(|it| it.namespace() == object.namespace());
            near.or_else(|| there.first()).copied()
        };
        let hidden = hidden_by(object, &Reading { find: &find, text: &no_text, files });
        if !hidden.is_empty() {
            found.push((object.title(), hidden));
        }
    }
    found
}

/// One sentence for all of them.
fn remark(names: &[&str]) -> Option<String> {
    let (named, more) = names.split_at(names.len().min(NAMED));
    let mut list = named.join(", ");
    if list.is_empty() {
        return None;
    }
    if !more.is_empty() {
        list = format!("{list} and {} more", more.len());
    }
    Some(format!("what the charts of {list} make is not seen, and nothing is concluded from its absence"))
}

/// Whom a chart in a folder concerns.
struct Concerned {
    folder: String,
    /// The folder in which the chart lies beside manifests, where there are some: what lies elsewhere has other charts.
    near: Option<String>,
}

/// Names of folders that hold charts and say nothing of whom they are for.
const FOR_CHARTS: &[&str] = &["chart", "charts", "helm", "helm-chart", "helm-charts"];

impl Concerned {
    fn new(folder: &str, environments: &[Environment]) -> Concerned {
        let above = |it: &str| it.rsplit_once('/').map_or(String::new(), |it| it.0.to_owned());
        let mut near = above(folder);
        while FOR_CHARTS.contains(&near.rsplit('/').next().unwrap_or_default()) {
            near = above(&near);
        }
        let is_there = |it: &Environment| it.name != folder && is_below(&it.name, &near) && !it.objects.is_empty();
        let is_known = !near.is_empty() && environments.iter().any(is_there);
        Concerned { folder: folder.to_owned(), near: is_known.then_some(near) }
    }

    /// What an environment does not see of it: elsewhere only kinds that matter beyond their own namespace.
    fn share(&self, hidden: &Unseen, environment: &str) -> Option<Unseen> {
        if environment == self.folder {
            return None;
        }
        let is_near = |it: &String| is_below(environment, it) || is_below(it, environment) || environment == ".";
        if self.near.as_ref().is_none_or(is_near) {
            return Some(hidden.clone());
        }
        let everywhere = EVERYWHERE.iter().filter(|it| hidden.kinds.has(it)).map(|it| (*it).to_owned());
        let kinds: BTreeSet<String> = everywhere.collect();
        (!kinds.is_empty()).then(|| Unseen { kinds: UnseenKinds::Only(kinds), ..hidden.clone() })
    }
}

/// Whether a folder is another one or lies below it.
fn is_below(folder: &str, other: &str) -> bool {
    folder.strip_prefix(other).is_some_and(|it| it.is_empty() || it.starts_with('/'))
}

/// The namespace that the releases of a chart's folder go to, where all say the same: of Flux by the path in its
/// repository, of Argo CD by that of its source.
fn namespace_of_releases(folder: &str, environments: &[Environment]) -> Option<String> {
    let is_folder = |path: &str| is_path_of(path, folder);
    let mut namespaces: BTreeSet<Option<&str>> = BTreeSet::new();
    for object in environments.iter().flat_map(|it| &it.objects) {
        let node = object.node();
        let names = |keys: &[&str]| node.str_at(keys).is_some_and(is_folder);
        match (object.group(), object.kind()) {
            (products::FLUX_HELM, "HelmRelease") if names(&["spec", "chart", "spec", "chart"]) => {
                namespaces.insert(node.str_at(&["spec", "targetNamespace"]).or(object.namespace()));
            }
            (products::ARGO, "Application") => {
                let mut sources = node.items_at(&["spec", "sources"]);
                let is_one = sources.any(|it| it.str_at(&["path"]).is_some_and(is_folder));
                if is_one || names(&["spec", "source", "path"]) {
                    namespaces.insert(node.str_at(&["spec", "destination", "namespace"]));
                }
            }
            _ => {}
        }
    }
    let only = if namespaces.len() == 1 { namespaces.into_iter().next().flatten() } else { None };
    only.filter(|it| !is_placeholder(it)).map(str::to_owned)
}

/// What the chart of a folder makes, by the kinds that its templates write, where its releases or its templates say.
fn of_folder(chart: &Unrendered, files: &[ReadFile], sources: &Sources, environments: &[Environment]) -> Unseen {
    let is_inside = |name: &str| match chart.folder.as_str() {
        "." => true,
        folder => name.strip_prefix(folder).is_some_and(|it| it.starts_with('/')),
    };
    let mut kinds = BTreeSet::new();
    let mut written: BTreeSet<Option<String>> = BTreeSet::new();
    let mut is_open = chart.lacks_dependencies;
    let is_template = |it: &&ReadFile| is_inside(&it.name) && it.name.contains("templates/");
    for file in files.iter().filter(is_template) {
        let text = sources.get(file.source).text();
        // A template of another chart may make anything.
        is_open |= text.lines().any(|it| it.starts_with("{{") && it.contains("include ") && !it.contains("define"));
        for outline in outlines(text) {
            let Some(kind) = outline.text_at(&["kind"]) else { continue };
            let version = outline.text_at(&["apiVersion"]).unwrap_or_default();
            let namespace = outline.text_at(&["metadata", "namespace"]);
            written.insert(namespace.filter(|it| !is_placeholder(it)).map(str::to_owned));
            let usual = GROUPS.iter().find(|it| it.0 == kind).map(|it| it.1);
            let group =
                if version.contains("{{") { usual } else { Some(version.split_once('/').map_or("", |it| it.0)) };
            match group {
                Some(group) if !kind.contains("{{") => _ = kinds.insert(kind_and_group(kind, group)),
                _ => is_open = true,
            }
        }
    }
    let reason = format!("the chart {} is not rendered here", chart.folder);
    let policies = || POLICIES.iter().map(|it| (*it).to_owned());
    let of_templates = || if written.len() == 1 && !is_open { written.iter().next().cloned().flatten() } else { None };
    let namespace = namespace_of_releases(&chart.folder, environments).or_else(of_templates);
    if is_open {
        return Unseen { reason, kinds: UnseenKinds::AllBut(policies().collect()), namespace };
    }
    let has_pods = ["Deployment.apps", "StatefulSet.apps", "DaemonSet.apps"].iter().any(|it| kinds.contains(*it));
    if has_pods {
        policies().for_each(|it| _ = kinds.remove(&it));
    }
    Unseen { reason, kinds: UnseenKinds::Only(kinds), namespace }
}
