//! The configuration: what `.edms-lint.yaml` and the command line say, as values.

pub mod attest;
pub mod baseline;
mod effective;
pub mod keys;
mod nodes;
pub mod pattern;
mod read;
pub mod schema;

pub use nodes::{NodePool, NodeSize, Taint};
pub(crate) use read::date;
pub use read::{ConfigError, Vocabulary, read};

use crate::finding::{Severity, Subject};
use crate::source::{SourceId, Span};
use crate::yaml::de::{self, ReadError};
use crate::yaml::{Document, NodeRef};
use baseline::Baseline;
use edms_k8s::version::Version;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How strict the audit is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profile {
    /// For development clusters: few errors.
    Relaxed,
    /// The levels of the rule pages as they are meant for most.
    #[default]
    Default,
    /// For production: advice becomes a demand.
    Production,
}

impl Profile {
    /// All, mildest first.
    pub const ALL: [Profile; 3] = [Profile::Relaxed, Profile::Default, Profile::Production];

    /// The word in configuration and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Profile::Relaxed => "relaxed",
            Profile::Default => "default",
            Profile::Production => "production",
        }
    }
}

/// What a rule's findings count as; `None` where the rule is off.
pub type Level = Option<Severity>;

/// What the configuration says of one rule.
#[derive(Clone, Debug)]
pub struct RuleSetting {
    /// The level in place of the page's, for all cases of the rule; the outer `None` keeps the page's.
    pub level: Option<Level>,
    /// The map of parameters, as written: [`ConfigNode::parameters`] reads it into the rule's own type.
    pub parameters: Option<ConfigNode>,
    /// Where the rule's id stands.
    pub span: Span,
}

/// A node of the configuration file.
#[derive(Clone, Debug)]
pub struct ConfigNode {
    /// The file's tree.
    pub document: Arc<Document>,
    /// The node in it.
    pub node: u32,
}

impl ConfigNode {
    /// The node itself.
    pub fn get(&self) -> NodeRef<'_> {
        self.document.node(self.node)
    }

    /// Reads the map as a rule's parameters, which have these values where they are not in it. The rule's level, which
    /// stands in the same map, is none of them.
    ///
    /// # Errors
    /// The first value that does not fit, with its place.
    pub fn parameters<T: DeserializeOwned>(&self, defaults: &[(&str, NodeRef<'_>)]) -> Result<T, ReadError> {
        de::from_node_with_defaults(self.get(), &[LEVEL], defaults)
    }
}

/// The key that sets a rule's level, in one map with its parameters.
const LEVEL: &str = "level";

/// A role that the configuration gives to workloads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComponentSetting {
    /// What it applies to: all that are given must match.
    pub selects: ComponentMatch,
    /// The role's word, as in `singleton`; see [`crate::index::Role`].
    pub role: String,
    /// Where the entry stands in the configuration.
    pub span: Option<Span>,
}

/// Which workloads a [`ComponentSetting`] covers. Names, namespaces and images may hold `*`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComponentMatch {
    /// Kind, exactly.
    pub kind: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Namespace as written in the manifest.
    pub namespace: Option<String>,
    /// Labels of the workload's pods, exactly.
    pub labels: BTreeMap<String, String>,
    /// Any container's image.
    pub image: Option<String>,
}

/// An environment named by the configuration.
#[derive(Clone, Debug)]
pub struct EnvironmentSetting {
    /// Its name.
    pub name: String,
    /// Globs and folders, relative to the configuration file. Without any, it is one that is found by this name.
    pub paths: Vec<String>,
    /// Where those stand.
    pub paths_span: Option<Span>,
    /// What holds there only.
    pub overrides: Overrides,
    /// Where the entry stands.
    pub span: Option<Span>,
}

/// What a storage class survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Durability {
    /// The data is lost or out of reach with its node.
    NodeLocal,
    /// One copy, reached over the network.
    SingleCopy,
    /// A file server: one server unless its maker says otherwise.
    File,
    /// Survives a node, not a zone.
    Zonal,
    /// Survives a zone.
    MultiZone,
}

impl Durability {
    /// All, weakest first.
    pub const ALL: [Durability; 5] =
        [Durability::NodeLocal, Durability::SingleCopy, Durability::File, Durability::Zonal, Durability::MultiZone];

    /// The word in configuration and reports.
    pub fn name(self) -> &'static str {
        match self {
            Durability::NodeLocal => "node-local",
            Durability::SingleCopy => "single-copy",
            Durability::File => "file",
            Durability::Zonal => "zonal",
            Durability::MultiZone => "multi-zone",
        }
    }
}

/// What the configuration says of the cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusterFacts {
    /// Schedulable nodes.
    pub nodes: Option<(u32, Span)>,
    /// Zones.
    pub zones: Option<(u32, Span)>,
    /// Kubernetes version, as in `1.36`.
    pub kubernetes: Option<(Version, Span)>,
    /// Strimzi's release, as in `0.45.1`, where no manifest installs it.
    pub strimzi: Option<(Version, Span)>,
    /// Nodes of each zone.
    pub zones_of_nodes: Option<(Vec<u32>, Span)>,
    /// Nodes that differ.
    pub pools: Option<(Vec<NodePool>, Span)>,
    /// What a node has for pods.
    pub node: Option<(NodeSize, Span)>,
}

/// The scenarios that a drill may require, by their words.
pub const REQUIRABLE: &[&str] = &["node", "zone", "drain", "roll", "scale-down"];

/// What the configuration says of drills.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DrillSetting {
    /// Scenarios that must not fail, of [`REQUIRABLE`].
    pub require: Vec<&'static str>,
    /// Nodes that are drained together.
    pub at_once: Option<(u32, Span)>,
    /// Pods that must answer, by the workload's name.
    pub need: BTreeMap<String, (u32, Span)>,
    /// Whether drains take pods without a controller along.
    pub force: Option<bool>,
    /// Whether drains take pods with emptyDir along.
    pub delete_emptydir: Option<bool>,
}

/// What somebody vouches for because no manifest can show it, as in `ops-failover-tested`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// What is attested: the id of a rule or of a sentence that only an attestation can decide.
    pub id: String,
    /// Who vouches.
    pub owner: String,
    /// When it was checked.
    pub date: Date,
    /// The first day on which it no longer counts.
    pub expires: Date,
    /// A document in the repository, or an address.
    pub evidence: Option<String>,
    /// The environments that it covers; none are all.
    pub environments: Vec<String>,
    /// Where the entry stands.
    pub span: Option<Span>,
}

/// An exception that the configuration makes, for paths and objects.
#[derive(Clone, Debug)]
pub struct ExceptionSetting {
    /// The rules.
    pub rules: Vec<String>,
    /// Globs and folders, relative to the configuration file; none are all.
    pub paths: Vec<String>,
    /// The objects; none are all.
    pub objects: Vec<ObjectMatch>,
    /// The environments; none are all.
    pub environments: Vec<String>,
    /// Why.
    pub reason: Option<String>,
    /// The last day on which it counts.
    pub until: Option<Date>,
    /// Where the entry stands.
    pub span: Span,
    /// The entry in the file.
    pub entry: ConfigNode,
    /// The files of the run that the paths name, which only the command line knows.
    pub files: Option<BTreeSet<SourceId>>,
}

impl ExceptionSetting {
    /// Whether it covers an environment.
    pub fn speaks_of(&self, environment: &str) -> bool {
        self.environments.is_empty() || self.environments.iter().any(|it| it == environment)
    }

    /// Whether it covers an object in a file.
    pub fn matches(&self, file: SourceId, subject: &Subject) -> bool {
        let is_in_file = self.paths.is_empty() || self.files.as_ref().is_some_and(|it| it.contains(&file));
        is_in_file && (self.objects.is_empty() || self.objects.iter().any(|it| it.matches(subject)))
    }
}

/// Which objects an [`ExceptionSetting`] covers. Each part may hold `*`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectMatch {
    /// Kind.
    pub kind: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Namespace as written in the manifest.
    pub namespace: Option<String>,
}

impl ObjectMatch {
    fn matches(&self, subject: &Subject) -> bool {
        let fits = |it: &Option<String>, text: &str| it.as_deref().is_none_or(|it| pattern::matches(it, text));
        fits(&self.kind, &subject.kind)
            && fits(&self.name, &subject.name)
            && fits(&self.namespace, subject.namespace.as_deref().unwrap_or_default())
    }
}

/// What the configuration says otherwise for one environment.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// How strict.
    pub profile: Option<(Profile, Span)>,
    /// By rule id.
    pub rules: Arc<BTreeMap<String, RuleSetting>>,
    /// Roles, before those of all environments.
    pub components: Vec<Arc<ComponentSetting>>,
    /// Facts of its cluster.
    pub cluster: ClusterFacts,
    /// What its storage classes survive.
    pub storage_classes: Arc<BTreeMap<String, (Durability, Span)>>,
    /// What is vouched for there.
    pub attestations: Vec<Arc<Attestation>>,
}

/// A chart that is rendered.
#[derive(Clone, Debug)]
pub struct RenderSetting {
    /// Its folder, relative to the configuration file.
    pub chart: String,
    /// Files of values, relative to the configuration file.
    pub values: Vec<String>,
    /// The name of the environment.
    pub name: Option<String>,
    /// The name of the release.
    pub release: Option<String>,
    /// Its namespace.
    pub namespace: Option<String>,
    /// Where this stands.
    pub span: Span,
}

/// Everything that decides a run besides the manifests. What may be long is shared by the environments that it holds for.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// How strict.
    pub profile: Profile,
    /// Where the file says so.
    pub profile_span: Option<Span>,
    /// By rule id.
    pub rules: Arc<BTreeMap<String, RuleSetting>>,
    /// Roles, first match first.
    pub components: Vec<Arc<ComponentSetting>>,
    /// Named environments.
    pub environments: Arc<[EnvironmentSetting]>,
    /// Charts that are rendered where that is asked for.
    pub renders: Arc<[RenderSetting]>,
    /// Files and folders to audit when the command line names none, relative to the configuration file.
    pub paths: Arc<[String]>,
    /// Globs of files that are not read, relative to the configuration file.
    pub exclude: Arc<[String]>,
    /// Facts of the cluster.
    pub cluster: ClusterFacts,
    /// What drills require, and how nodes are drained.
    pub drill: DrillSetting,
    /// What each storage class survives, by name; the empty name is the default class.
    pub storage_classes: Arc<BTreeMap<String, (Durability, Span)>>,
    /// What is vouched for.
    pub attestations: Vec<Arc<Attestation>>,
    /// Exceptions for paths and objects.
    pub exceptions: Arc<[ExceptionSetting]>,
    /// Whether an exception must give a reason.
    pub requires_reason: bool,
    /// Where the keys at the top of the file stand.
    pub key_spans: BTreeMap<String, Span>,
    /// Whether the run sees all that the configuration covers: only then is an entry for what is not there unused.
    pub is_whole: bool,
    /// The baseline's file, relative to the configuration file.
    pub baseline_file: Option<String>,
    /// Findings that are known, and not shown.
    pub baseline: Option<Arc<Baseline>>,
    /// Whether the report lists fingerprints for a baseline.
    pub records: bool,
    /// The day of the run, which only the command line knows; without it nothing is expired.
    pub today: Option<Date>,
    /// Only these rules run, if there are any.
    pub select: Vec<String>,
    /// These do not.
    pub ignore: Vec<String>,
}
