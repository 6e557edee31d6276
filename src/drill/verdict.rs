//! What can be said of a part of the system in a scenario, and how it is proved.

use crate::drill::caps::Bounds;
use crate::drill::words::range;
use crate::source::Span;

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scenario {
    /// A node is lost.
    LoseNode,
    /// A zone is lost.
    LoseZone,
    /// The node of a database's primary is lost.
    LosePrimary,
    /// Every node is drained in turn.
    Drain,
    /// Everything is rolled out.
    Roll,
    /// A node is lost right after an autoscaler went from its maximum to its minimum.
    ScaleDown,
}

impl Scenario {
    /// All, in the order of columns.
    pub const ALL: [Scenario; 6] = [
        Scenario::LoseNode,
        Scenario::LoseZone,
        Scenario::LosePrimary,
        Scenario::Drain,
        Scenario::Roll,
        Scenario::ScaleDown,
    ];

    /// Its word for programs.
    pub fn name(self) -> &'static str {
        match self {
            Scenario::LoseNode => "lose-node",
            Scenario::LoseZone => "lose-zone",
            Scenario::LosePrimary => "lose-primary",
            Scenario::Drain => "drain",
            Scenario::Roll => "roll",
            Scenario::ScaleDown => "scale-down",
        }
    }

    /// Its words for people.
    pub fn title(self) -> &'static str {
        match self {
            Scenario::LoseNode => "lose a node",
            Scenario::LoseZone => "lose a zone",
            Scenario::LosePrimary => "lose the primary",
            Scenario::Drain => "drain each node",
            Scenario::Roll => "roll",
            Scenario::ScaleDown => "after scale-down",
        }
    }
}

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// A drain or a rollout never ends by itself.
    Stuck,
    /// Fewer pods than needed answer in every placement that the hard constraints allow.
    Fails,
    /// Neither can be shown.
    MayFail,
    /// Something decisive is not in the manifests.
    NotKnown,
    /// Nothing runs until the first event, or at all.
    Asleep,
    /// Enough pods answer in every placement that the hard constraints allow.
    Survives,
}

impl Verdict {
    /// Its word for programs.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Stuck => "stuck",
            Verdict::Fails => "fails",
            Verdict::MayFail => "may-fail",
            Verdict::NotKnown => "not-known",
            Verdict::Asleep => "asleep",
            Verdict::Survives => "survives",
        }
    }

    /// The verdict of at least `least` and at most `most` pods that answer.
    pub fn of(least: i64, most: i64, need: i64) -> Verdict {
        if least >= need {
            Verdict::Survives
        } else if most < need {
            Verdict::Fails
        } else {
            Verdict::MayFail
        }
    }
}

/// How many pods answer from a second on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Seconds after the event.
    pub second: i64,
    /// At least.
    pub least: i64,
    /// At most.
    pub most: i64,
    /// What happens then.
    pub why: String,
}

impl Moment {
    /// The pods that answer: `1`, `1 to 3`.
    pub fn range(&self) -> String {
        range(Bounds { least: self.least, most: self.most })
    }
}

/// A step of a proof, with its numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What is so.
    pub text: String,
    /// Where that is written.
    pub span: Option<Span>,
}

impl Proof {
    /// A step that is written somewhere.
    pub fn at(text: impl Into<String>, span: Span) -> Proof {
        Proof { text: text.into(), span: Some(span) }
    }

    /// A step of arithmetic.
    pub fn of(text: impl Into<String>) -> Proof {
        Proof { text: text.into(), span: None }
    }
}

/// What becomes of a subject in a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The scenario.
    pub scenario: Scenario,
    /// What becomes of it.
    pub verdict: Verdict,
    /// Pods that answer at least, while it is worst.
    pub least: Option<i64>,
    /// Pods that answer at most, while it is worst.
    pub most: Option<i64>,
    /// Whether what fails is back without anybody's action.
    pub recovers: bool,
    /// The sentence that says why, for people: what decides, without a full stop.
    pub reason: String,
    /// How many pods answer when.
    pub timeline: Vec<Moment>,
    /// The proof: numbers and places, what decides first.
    pub proof: Vec<Proof>,
    /// The rules whose findings are about the same.
    pub because: Vec<&'static str>,
}

impl Outcome {
    /// An outcome of which only the verdict and one reason is known.
    pub fn plain(scenario: Scenario, verdict: Verdict, reason: Proof) -> Outcome {
        Outcome {
            scenario,
            verdict,
            least: None,
            most: None,
            recovers: false,
            reason: reason.text.clone(),
            timeline: Vec::new(),
            proof: vec![reason],
            because: Vec::new(),
        }
    }

    /// An outcome in which so many answer, of which so many are needed. The first step of the proof is the reason.
    pub(super) fn counted(scenario: Scenario, answering: Bounds, need: i64, proof: Vec<Proof>) -> Outcome {
        Outcome {
            scenario,
            verdict: Verdict::of(answering.least, answering.most, need),
            least: Some(answering.least),
            most: Some(answering.most),
            recovers: false,
            reason: proof.first().map(|it| it.text.clone()).unwrap_or_default(),
            timeline: Vec::new(),
            proof,
            because: Vec::new(),
        }
    }

    /// The same outcome with a worse verdict, and what makes it so in front.
    pub(super) fn doubted(mut self, verdict: Verdict, why: Proof) -> Outcome {
        self.verdict = verdict;
        self.reason.clone_from(&why.text);
        self.proof.insert(0, why);
        self
    }

    /// The same outcome with the rules whose findings are about it, unless it survives.
    pub(super) fn because(mut self, rule: &'static str) -> Outcome {
        if self.verdict != Verdict::Survives {
            self.because = vec![rule];
        }
        self
    }
}

/// What a subject is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A workload that answers requests, or of which no more is known.
    Serving,
    /// A workload that reads from a queue or stream.
    Consumer,
    /// The brokers of a Kafka cluster, by whether writes to its topics go on.
    Brokers,
    /// A topic.
    Topic,
    /// Controllers, `ZooKeeper` nodes or another store that needs a majority.
    Quorum,
    /// A database, or another store.
    Database,
    /// A Service.
    Service,
    /// An Ingress.
    Ingress,
    /// A tool, a controller, or a part of the platform: no gate of `--require`.
    Platform,
}

impl Role {
    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Role::Serving => "serving",
            Role::Consumer => "consumer",
            Role::Brokers => "brokers",
            Role::Topic => "topic",
            Role::Quorum => "quorum",
            Role::Database => "database",
            Role::Service => "service",
            Role::Ingress => "ingress",
            Role::Platform => "platform",
        }
    }
}
