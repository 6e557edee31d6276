//! The guideline as data: its sentences and what decides each of them, from `rules/guideline.yaml`.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A part of the system that a sentence covers; a row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Component {
    /// Kafka's brokers.
    Kafka,
    /// The ZooKeeper nodes or controllers that keep Kafka's metadata.
    Quorum,
    /// PostgreSQL.
    Postgres,
    /// Applications that serve other programs.
    Backend,
    /// Applications that serve people.
    Frontend,
    /// Applications that read from a queue or stream.
    Consumer,
    /// Applications of which no more is known.
    App,
    /// Other workloads: tools, controllers, further stores of data.
    Other,
    /// What watches the rest.
    Monitoring,
    /// The nodes and what belongs to all.
    Cluster,
}

impl Component {
    /// All, in the order of the table.
    pub const ALL: [Component; 10] = [
        Component::Kafka,
        Component::Quorum,
        Component::Postgres,
        Component::Backend,
        Component::Frontend,
        Component::Consumer,
        Component::App,
        Component::Other,
        Component::Monitoring,
        Component::Cluster,
    ];

    /// How reports name it.
    pub fn title(self) -> &'static str {
        match self {
            Component::Kafka => "Kafka",
            Component::Quorum => "ZooKeeper or controllers",
            Component::Postgres => "PostgreSQL",
            Component::Backend => "Backend",
            Component::Frontend => "Frontend",
            Component::Consumer => "Consumer",
            Component::App => "Other applications",
            Component::Other => "Other workloads",
            Component::Monitoring => "Monitoring",
            Component::Cluster => "Cluster",
        }
    }

    /// Its word for programs.
    pub fn name(self) -> &'static str {
        match self {
            Component::Kafka => "kafka",
            Component::Quorum => "quorum",
            Component::Postgres => "postgres",
            Component::Backend => "backend",
            Component::Frontend => "frontend",
            Component::Consumer => "consumer",
            Component::App => "app",
            Component::Other => "other",
            Component::Monitoring => "monitoring",
            Component::Cluster => "cluster",
        }
    }

    /// The kinds, as `Kind.group`, without whose objects the manifests show none of it.
    pub fn kinds(self) -> &'static [&'static str] {
        match self {
            Component::Kafka | Component::Quorum => &["Kafka.kafka.strimzi.io", "StatefulSet.apps"],
            Component::Postgres => &["Cluster.postgresql.cnpg.io", "StatefulSet.apps"],
            Component::Backend | Component::Frontend | Component::Consumer | Component::App | Component::Other => {
                &["Deployment.apps", "StatefulSet.apps"]
            }
            Component::Monitoring | Component::Cluster => &[],
        }
    }

    /// Whether it is there without an object that says so.
    pub fn is_always_there(self) -> bool {
        matches!(self, Component::Monitoring | Component::Cluster)
    }
}

/// What a sentence is about; a column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aspect {
    /// How many there are.
    Replicas,
    /// Where they stand.
    Spread,
    /// What keeps drains from taking too many.
    Budget,
    /// What adds more.
    Scaling,
    /// How failures are noticed.
    Probes,
    /// Where data lies.
    Storage,
    /// Whether data can be had back.
    Backup,
    /// Whether people learn of failures.
    Monitoring,
    /// What people do.
    Operations,
}

impl Aspect {
    /// The columns of the table by component, in order. Operations have none: they are the system's as a whole.
    pub const COLUMNS: [Aspect; 8] = [
        Aspect::Replicas,
        Aspect::Spread,
        Aspect::Budget,
        Aspect::Scaling,
        Aspect::Probes,
        Aspect::Storage,
        Aspect::Backup,
        Aspect::Monitoring,
    ];

    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Aspect::Replicas => "replicas",
            Aspect::Spread => "spread",
            Aspect::Budget => "budget",
            Aspect::Scaling => "scaling",
            Aspect::Probes => "probes",
            Aspect::Storage => "storage",
            Aspect::Backup => "backup",
            Aspect::Monitoring => "monitoring",
            Aspect::Operations => "operations",
        }
    }
}

/// A sentence of the guideline.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Sentence {
    /// Its id in reports.
    pub id: String,
    /// What it asks for, in our words.
    pub text: String,
    /// The components that it covers; none where it covers the whole.
    #[serde(default)]
    pub about: Vec<Component>,
    /// The column that it belongs to.
    pub aspect: Aspect,
    /// The rules that decide it.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Further rules that break it, and whose silence shows nothing.
    #[serde(default)]
    pub breaks: Vec<String>,
    /// The condition of the `alert-missing` rule that decides it.
    #[serde(default)]
    pub condition: Option<String>,
    /// What may be attested for it: ids of [`Attestable`]s and of rules.
    #[serde(default)]
    pub attest: Vec<String>,
    /// Those of its rules that forbid something, so that it holds of a component of theirs where they are silent.
    #[serde(default)]
    pub prohibits: Vec<String>,
    /// What would decide it where the manifests do not.
    #[serde(default)]
    pub decided_by: Option<String>,
}

/// A section of the guideline.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Section {
    /// Its number.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its sentences, in order.
    pub sentences: Vec<Sentence>,
}

/// What no rule decides.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Attestable {
    /// A few words.
    #[cfg_attr(whole, expect(dead_code, reason = "each has one, for those who read the guideline"))]
    pub title: String,
    /// What an attestation of it says.
    pub attests: String,
    /// Whether an attestation counts only with evidence.
    #[serde(default)]
    pub needs_evidence: bool,
    /// Kinds, as `group/Kind`, whose objects show it.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Charts whose installation shows it.
    #[serde(default)]
    pub charts: Vec<String>,
    /// Words in the command of a scheduled job that show it.
    #[serde(default)]
    pub commands: Vec<String>,
}

/// The guideline.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Guideline {
    /// Its sections, in order.
    pub sections: Vec<Section>,
    /// What no rule decides, by id.
    pub attestable: BTreeMap<String, Attestable>,
    /// Rules that no sentence asks for although they may warn: why.
    #[cfg_attr(whole, expect(dead_code, reason = "for tests"))]
    pub beyond: BTreeMap<String, String>,
}

impl Sentence {
    /// The rules that cover it.
    pub fn all_rules(&self) -> impl Iterator<Item = &String> {
        self.rules.iter().chain(&self.breaks)
    }
}

impl Guideline {
    /// The guideline that is compiled in.
    ///
    /// # Panics
    /// If it cannot be read, which a test excludes.
    pub fn get() -> &'static Guideline {
        static GUIDELINE: LazyLock<Guideline> = LazyLock::new(|| {
            yaml_serde::from_str(include_str!("../../rules/guideline.yaml")).expect("a test reads the guideline")
        });
        &GUIDELINE
    }

    /// The sentences, in order.
    #[cfg_attr(whole, expect(dead_code, reason = "for tests"))]
    pub fn sentences(&self) -> impl Iterator<Item = &Sentence> {
        self.sections.iter().flat_map(|it| &it.sentences)
    }

    /// Whether an id can be attested: a rule's, or one that no rule decides.
    pub fn is_attestable(&self, id: &str) -> bool {
        self.attestable.contains_key(id) || crate::rules::find(id).is_some()
    }
}
