//! What is deployed with an environment but not seen: what charts make that nobody rendered.

use super::documents::ReadFile;
use super::unrendered::Unrendered;
use crate::index::charts::{Reading, hidden_by, no_text};
use crate::model::{ChartFiles, Environment, Object, Unseen, UnseenKinds, kind_and_group, products};
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

/// Remembers in each environment what charts make there.
pub(super) fn fill(environments: &mut [Environment], files: &[ReadFile], charts: &[Unrendered], sources: &Sources) {
    let hidden: Vec<(&str, Unseen)> = charts
        .iter()
        .filter(|it| !sources.renders(&it.release))
        .map(|it| (it.folder.as_str(), of_folder(it, files, sources)))
        .collect();
    let mut by_argo: Vec<Unseen> = Vec::new();
    for environment in environments.iter_mut() {
        let releases = releases(&environment.objects, &environment.charts);
        if has_applications(environment) {
            by_argo.extend(releases.iter().flat_map(|it| it.1.iter().cloned()));
        }
        let names: Vec<&str> = releases.iter().map(|it| it.0.as_str()).collect();
        environment.remarks.extend(remark(&names));
        let own = hidden.iter().filter(|it| it.0 != environment.name).map(|it| it.1.clone());
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

/// What the chart of a folder makes, by the kinds that its templates write.
fn of_folder(chart: &Unrendered, files: &[ReadFile], sources: &Sources) -> Unseen {
    let is_inside = |name: &str| match chart.folder.as_str() {
        "." => true,
        folder => name.strip_prefix(folder).is_some_and(|it| it.starts_with('/')),
    };
    let mut kinds = BTreeSet::new();
    let mut is_open = chart.lacks_dependencies;
    let is_template = |it: &&ReadFile| is_inside(&it.name) && it.name.contains("templates/");
    for file in files.iter().filter(is_template) {
        let text = sources.get(file.source).text();
        // A template of another chart may make anything.
        is_open |= text.lines().any(|it| it.starts_with("{{") && it.contains("include ") && !it.contains("define"));
        for outline in outlines(text) {
            let Some(kind) = outline.text_at(&["kind"]) else { continue };
            let version = outline.text_at(&["apiVersion"]).unwrap_or_default();
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
    if is_open {
        return Unseen { reason, kinds: UnseenKinds::AllBut(policies().collect()), namespace: None };
    }
    let has_pods = ["Deployment.apps", "StatefulSet.apps", "DaemonSet.apps"].iter().any(|it| kinds.contains(*it));
    if has_pods {
        policies().for_each(|it| _ = kinds.remove(&it));
    }
    Unseen { reason, kinds: UnseenKinds::Only(kinds), namespace: None }
}
