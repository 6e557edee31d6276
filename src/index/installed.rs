//! What may make pods that the manifests do not show, so that "selects nothing" cannot be said there.

use crate::finding::DocumentStatus;
use crate::index::lookup::hashing::hash;
use crate::index::{Chart, Objects, charts};
use crate::model::products::BACKUP_TOOLS;
use crate::model::{Object, ObjectId, Selector, is_known, never_served, products};
use crate::yaml::NodeRef;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

/// Groups of custom resources that make no pods. A trailing `*` stands for any rest,
/// a leading one for any beginning.
const GROUPS_WITHOUT_PODS: &str = include_str!("groups_without_pods.txt");

/// Known kinds that install charts or whole applications, or whose pods have labels that we do not know.
const INSTALLERS: &[(&str, &str)] = &[
    (products::FLUX_HELM, "HelmRelease"),
    (products::K3S_HELM, "HelmChart"),
    (products::ARGO, "Application"),
    (products::ARGO, "ApplicationSet"),
    (products::OLM, "Subscription"),
    (products::GATEWAY, "Gateway"),
    (products::STRIMZI_CORE, "StrimziPodSet"),
    (products::STRIMZI, "KafkaMirrorMaker"),
    (products::KEDA, "ScaledJob"),
    (products::KUBEDB, "Postgres"),
    (products::KUBEGRES, "Kubegres"),
    (products::PROMETHEUS, "Alertmanager"),
    (products::PROMETHEUS, "Prometheus"),
    (products::PROMETHEUS, "PrometheusAgent"),
    (products::PROMETHEUS, "ThanosRuler"),
    (products::PERCONA, "PerconaPGCluster"),
    (products::STACKGRES, "SGCluster"),
    (products::RABBITMQ, "RabbitmqCluster"),
    (products::REDPANDA, "Redpanda"),
    (products::REDPANDA_V1, "Cluster"),
    (products::MONGODB, "MongoDBCommunity"),
];

/// The second stage: the charts that the manifests install, and what makes pods that they do not show.
pub struct Installed<'a> {
    objects: Objects<'a>,
    charts: Vec<Chart<'a>>,
    /// The positions of the charts that an object installs, by its own.
    charts_of: HashMap<ObjectId, Range<usize>>,
    makers: Makers<'a>,
}

crate::index::stands_on!(Installed, objects: Objects);

impl<'a> Installed<'a> {
    /// Reads what is installed.
    pub(super) fn new(objects: Objects<'a>) -> Installed<'a> {
        let (charts, charts_of) = charts::read(&objects);
        let makers = Makers::new(&objects);
        Installed { objects, charts, charts_of, makers }
    }

    /// The charts with their values, in order.
    pub fn chart_releases(&self) -> &[Chart<'a>] {
        &self.charts
    }

    /// The charts that an object of this environment installs.
    pub(super) fn charts_by(&self, object: &Object) -> &[Chart<'a>] {
        let range = self.charts_of.get(&object.id()).cloned().unwrap_or_default();
        &self.charts[range]
    }

    /// The names of all charts, in order.
    pub fn charts(&self) -> impl Iterator<Item = &'a str> {
        self.charts.iter().map(|it| it.name)
    }

    /// The names of the charts that an object of this environment installs.
    pub fn charts_of(&self, object: &Object) -> impl Iterator<Item = &'a str> + use<'a, '_> {
        self.charts_by(object).iter().map(|it| it.name)
    }
}

/// The objects of an environment that make pods we do not see.
#[derive(Debug, Default)]
pub(super) struct Makers<'a> {
    /// The empty text stands for an absent namespace.
    by_namespace: HashMap<&'a str, Vec<&'a Object>>,
    all: Vec<&'a Object>,
    names: BTreeSet<&'a str>,
}

impl<'a> Makers<'a> {
    pub(super) fn new(index: &Objects<'a>) -> Self {
        let mut makers = Makers::default();
        for object in index.objects().filter(|it| !it.is_made() && makes_unseen_pods(it)) {
            let target = object.node().str_at(&["spec", "targetNamespace"]);
            let target = target.or_else(|| object.node().str_at(&["spec", "destination", "namespace"]));
            makers.by_namespace.entry(target.or(object.namespace()).unwrap_or_default()).or_default().push(object);
            makers.all.push(object);
            makers.names.insert(object.name());
        }
        makers
    }
}

fn speaks(text: &str, words: &[&str]) -> bool {
    let text = text.to_ascii_lowercase();
    words.iter().any(|it| text.contains(it))
}

/// The words of backups, besides those of tools that make them.
const BACKUPS: &[&str] = &["backup", "dump"];

/// What an object that makes more than the manifests show has to do with backups.
enum SpeaksOfBackups {
    Not,
    /// By its kind or name.
    Itself,
    /// By its content alone: the hashes of all its texts.
    Within(HashSet<u64>),
}

fn texts(node: NodeRef<'_>, found: &mut HashSet<u64>) {
    if node.resolved().id() != node.id() {
    } else if node.is_map() {
        node.written_entries().for_each(|it| texts(it.value, found));
    } else if node.is_seq() {
        node.items().for_each(|it| texts(it, found));
    } else {
        found.insert(hash(node.text()));
    }
}

/// Whether an object covers something, by its kind, its name or its content.
fn covers(object: &Object, words: &[&str]) -> bool {
    speaks(object.kind(), words) || speaks(object.name(), words) || says(object.node(), words)
}

/// Whether a key or text below a node covers something. An alias is looked at where its anchor stands.
fn says(node: NodeRef<'_>, words: &[&str]) -> bool {
    if node.resolved().id() != node.id() {
        return false;
    }
    if node.is_map() {
        node.written_entries().any(|it| speaks(it.key.text(), words) || says(it.value, words))
    } else if node.is_seq() {
        node.items().any(|it| says(it, words))
    } else {
        speaks(node.text(), words)
    }
}

fn makes_unseen_pods(object: &Object) -> bool {
    let (group, kind) = (object.group(), object.kind());
    if INSTALLERS.contains(&(group, kind)) {
        return true;
    }
    // What no server stores makes nothing either.
    let is_stored = || never_served(group, object.version(), kind).is_none();
    !is_known(group, kind) && !makes_no_pods(group, kind) && is_stored()
}

/// Whether the group, or `group/Kind`, is on the list.
fn makes_no_pods(group: &str, kind: &str) -> bool {
    let lines = GROUPS_WITHOUT_PODS.lines().map(str::trim).filter(|it| !it.is_empty() && !it.starts_with('#'));
    for line in lines {
        let (pattern, only) = line.split_once(' ').map_or((line, None), |it| (it.0, Some(it.1)));
        let fits = match pattern.strip_prefix('*') {
            Some(suffix) => group.ends_with(suffix),
            None => group == pattern,
        };
        if fits && only.is_none_or(|kinds| kinds.split_whitespace().any(|it| it == kind)) {
            return true;
        }
    }
    false
}

impl<'a> Installed<'a> {
    /// An object in the namespace of `from` that may make pods which the manifests do not show.
    pub fn unseen_maker_near(&self, from: &Object) -> Option<&'a Object> {
        self.unseen_makers_near(from).first().copied()
    }

    /// One that covers something, by its kind, its name or its content, in one of these words in small letters.
    pub fn unseen_maker_speaking(&self, from: &Object, words: &[&str]) -> Option<&'a Object> {
        let makers = self.unseen_makers_near(from).iter().copied();
        makers.into_iter().find(|it| covers(it, words))
    }

    /// One that may back something up. Any other is no evidence of backups; nor is one that only has words of them
    /// somewhere, unless it names what would be backed up.
    pub fn unseen_backup_near(&self, from: &Object) -> Option<&'a Object> {
        let of = |it: &Object| {
            let words = [BACKUPS, BACKUP_TOOLS];
            if words.iter().any(|words| speaks(it.kind(), words) || speaks(it.name(), words)) {
                return SpeaksOfBackups::Itself;
            }
            let mut found = HashSet::new();
            if !words.iter().any(|words| says(it.node(), words)) {
                return SpeaksOfBackups::Not;
            }
            texts(it.node(), &mut found);
            SpeaksOfBackups::Within(found)
        };
        let name = hash(from.name());
        self.unseen_makers_near(from).iter().copied().find(|it| match &*self.memo().of_object(it, || of(it)) {
            SpeaksOfBackups::Not => false,
            SpeaksOfBackups::Itself => true,
            SpeaksOfBackups::Within(texts) => texts.contains(&name),
        })
    }

    /// The same, of pods that a selector may mean: what a widely used chart makes is called after it.
    pub fn unseen_pod_maker_near(&self, from: &Object, selector: &Selector<'_>) -> Option<&'a Object> {
        self.unseen_makers_near(from).iter().copied().find(|it| self.may_make_pods_for(it, selector))
    }

    /// The same in a namespace of this name, or in any.
    pub(super) fn unseen_pod_maker_in(&self, namespace: Option<&str>, selector: &Selector<'_>) -> Option<&'a Object> {
        let makers = &self.makers;
        let near = match namespace {
            None => makers.all.as_slice(),
            Some(name) => {
                let own = makers.by_namespace.get(name).or_else(|| makers.by_namespace.get(""));
                own.map(Vec::as_slice).unwrap_or_default()
            }
        };
        near.iter().copied().find(|it| self.may_make_pods_for(it, selector))
    }

    fn may_make_pods_for(&self, maker: &Object, selector: &Selector<'_>) -> bool {
        let charts = self.charts_by(maker);
        if charts.is_empty() || charts.iter().any(|it| it.known().is_none()) {
            return true;
        }
        let mut values = selector.requirements.iter().flat_map(|it| &it.values);
        selector.is_everything()
            || values
                .any(|value| charts.iter().any(|it| it.name == value || it.release == **value || maker.name() == value))
    }

    /// All objects that may make pods which the manifests do not show, in order.
    pub fn unseen_makers(&self) -> &[&'a Object] {
        &self.makers.all
    }

    /// Any object that may make more than the manifests show.
    pub fn any_unseen_maker(&self) -> Option<&'a Object> {
        self.makers.all.first().copied()
    }

    /// Whether any may make pods that the manifests do not show.
    pub fn has_unseen_makers(&self) -> bool {
        !self.makers.all.is_empty()
    }

    /// One that may make node pools, as the chart of their operator does not.
    pub fn unseen_maker_of_pools(&self, from: &Object) -> Option<&'a Object> {
        self.unseen_makers_near(from).iter().copied().find(|it| !Objects::installs_operator(it))
    }

    fn unseen_makers_near(&self, from: &Object) -> &[&'a Object] {
        let makers = &self.makers;
        let in_namespace = |it: &str| makers.by_namespace.get(it).map(Vec::as_slice);
        match from.namespace() {
            None => &makers.all,
            Some(own) => in_namespace(own).or_else(|| in_namespace("")).unwrap_or_default(),
        }
    }

    /// Whether files of the environment are templates that cannot be read, so that they may hold anything.
    pub fn has_unread_templates(&self) -> bool {
        let documents = &self.environment().documents;
        documents
            .iter()
            .any(|it| matches!(&it.fate, DocumentStatus::Skipped(reason) if reason.starts_with("a template")))
    }

    /// Whether an object that may make anything has this name.
    pub fn is_unseen_makers_name(&self, name: &str) -> bool {
        self.makers.names.contains(name)
    }
}
