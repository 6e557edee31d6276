//! Kafka clusters that Strimzi runs: whether writes to each topic go on, and whether their quorum holds.
//!
//! Drains: a broker is ready when it serves, not when its copies are in sync, so that the next node may be drained too
//! early (strimzi/strimzi.github.io#248, strimzi/strimzi-kafka-operator#3749). With Drain Cleaner the operator
//! rolls the pods and waits for copies to be in sync; topics whose copies are no more than a write needs stop whenever a
//! broker restarts (strimzi/drain-cleaner, README).

use crate::drill::budget::Budget;
use crate::drill::caps::Bounds;
use crate::drill::cluster::Cluster;
use crate::drill::fleet::{Described, Fleet};
use crate::drill::ground::Ground;
use crate::drill::lose::Lost;
use crate::drill::merge::merged;
use crate::drill::quorum::{MOVED, Quorum, is_moved, overlapping, quorum, waiting, without_zones};
use crate::drill::subject::Subject;
use crate::drill::topics::{Topic, topics};
use crate::drill::verdict::{Outcome, Proof, Role, Scenario, Verdict};
use crate::drill::volumes::Volumes;
use crate::drill::words::range;
use crate::drill::workload::Setting;
use crate::index::kafka::{Mode, Nodes, Pool};
use crate::index::{Cleaner, KafkaCluster, is_zone_key};
use crate::model::{Object, ObjectId};
use std::collections::HashSet;

/// What all topics of a cluster have in common.
struct Brokers<'k, 'a> {
    object: &'a Object,
    fleet: Option<Fleet>,
    /// Brokers and controllers.
    all: &'k Fleet,
    budget: &'k Budget,
    cleaner: Option<Cleaner>,
    /// Whether copies are spread over zones.
    is_rack_aware: bool,
    cluster: &'k Cluster,
}

const ALL: [Scenario; 4] = [Scenario::LoseNode, Scenario::LoseZone, Scenario::Drain, Scenario::Roll];

/// Drills a Kafka cluster.
pub(super) fn kafka<'a>(setting: &Setting<'_, 'a>, kafka: &KafkaCluster<'a>) -> Vec<Subject> {
    if kafka.is_switched_off() {
        return Vec::new();
    }
    let (index, object) = (setting.index, kafka.object);
    let nodes = index.kafka_nodes(kafka);
    let part = |is_wanted: fn(&Pool<'_>) -> bool| -> Vec<&Nodes<'a>> {
        let wanted: HashSet<ObjectId> =
            kafka.pools.iter().filter(|it| is_wanted(it)).map(|it| it.object.id()).collect();
        nodes.iter().filter(|it| !kafka.uses_pools || wanted.contains(&it.owner.id())).collect()
    };
    let pods: Vec<_> = nodes.iter().flat_map(|it| it.pods.iter().copied()).collect();
    let number: i64 = nodes.iter().filter_map(|it| it.floor).sum();
    let budget = Budget::read(index, &pods, number, object.name_span());
    let all = fleet(setting, &nodes.iter().collect::<Vec<_>>()).unwrap_or_default();
    let rack = object.node().str_at(&["spec", "kafka", "rack", "topologyKey"]);
    let brokers = Brokers {
        object,
        budget: &budget,
        all: &all,
        cleaner: index.strimzi_drain_cleaner(),
        is_rack_aware: rack.is_some_and(is_zone_key),
        cluster: setting.cluster,
        fleet: fleet(setting, &part(|pool| pool.is_broker)),
    };
    let mut quorums = Vec::new();
    let controllers = part(|pool| pool.is_controller);
    if kafka.mode != Mode::ZooKeeper && kafka.uses_pools && !controllers.is_empty() {
        let quorum = Quorum {
            object,
            title: format!("Controllers of {}", object.name()),
            member: "controller",
            fleet: fleet(setting, &controllers),
            beside: &all,
            span: kafka.controller_pools().next().map_or_else(|| object.name_span(), |it| it.place().span),
            budget: &budget,
            cleaner: brokers.cleaner,
        };
        quorums.push(self::quorum(&quorum, setting.cluster));
    }
    if kafka.mode != Mode::Kraft {
        quorums.push(zookeeper(setting, kafka, brokers.cleaner));
    }
    let known = brokers.fleet.as_ref().map(Fleet::pods);
    let topics = topics(index, kafka, known);
    let mut subjects = vec![brokers.writes(&topics, known)];
    subjects.extend(topics.iter().filter_map(|it| brokers.topic(it)));
    for subject in &mut subjects {
        lean_on(subject, &quorums);
    }
    subjects.extend(quorums);
    subjects
}

/// Without a majority no partition gets another leader, so that writes may stop however many copies there are.
fn lean_on(subject: &mut Subject, quorums: &[Subject]) {
    for outcome in subject.outcomes.iter_mut().filter(|it| it.verdict == Verdict::Survives) {
        let of = |quorum: &Subject| {
            let other = quorum.outcome(outcome.scenario)?;
            let is_lost = matches!(other.verdict, Verdict::Fails | Verdict::MayFail);
            let text = format!("{}: {}", quorum.title, other.reason);
            is_lost.then(|| Proof::at(text, other.proof.iter().find_map(|it| it.span).unwrap_or(quorum.span)))
        };
        if let Some(why) = quorums.iter().find_map(of) {
            *outcome = outcome.clone().doubted(Verdict::MayFail, why);
        }
    }
}

fn zookeeper<'a>(setting: &Setting<'_, 'a>, kafka: &KafkaCluster<'a>, cleaner: Option<Cleaner>) -> Subject {
    let (index, object) = (setting.index, kafka.object);
    let nodes = index.zookeeper_nodes(kafka);
    let budget = Budget::read(index, &nodes.pods, nodes.floor.unwrap_or(0), object.name_span());
    let fleet = fleet(setting, &[&nodes]);
    let beside = fleet.clone().unwrap_or_default();
    let quorum = Quorum {
        object,
        title: format!("ZooKeeper of {}", object.name()),
        member: "ZooKeeper node",
        fleet,
        beside: &beside,
        span: object.place(&["spec", "zookeeper", "replicas"]).span,
        budget: &budget,
        cleaner,
    };
    self::quorum(&quorum, setting.cluster)
}

/// The pods of nodes; `None` where a number of them is not known.
fn fleet<'a>(setting: &Setting<'_, 'a>, nodes: &[&Nodes<'a>]) -> Option<Fleet> {
    let described = nodes.iter().map(|it| {
        let claims = setting.index.claims_of_storage(it.owner, it.storage);
        let volumes = Volumes::read(setting.index, claims);
        Some(Described { pods: it.floor?, spec: it.pod_spec(), volumes, sets: (it.pods.clone(), it.owner.name_span()) })
    });
    let described: Option<Vec<_>> = described.collect();
    let described = described.filter(|it| it.iter().any(|it| it.pods > 0))?;
    Some(Fleet::read(setting.index, setting.around, described))
}

impl Brokers<'_, '_> {
    /// Whether writes to all topics go on.
    fn writes(&self, topics: &[Topic<'_>], number: Option<i64>) -> Subject {
        let ends = self.cluster.ends.iter().map(|ground| {
            let of_topics: Vec<(&Topic<'_>, Vec<Outcome>)> =
                topics.iter().map(|it| (it, self.outcomes(it, *ground))).collect();
            ALL.iter().enumerate().map(|(at, scenario)| worst(*scenario, at, &of_topics)).collect()
        });
        Subject {
            identity: self.object.subject(),
            title: format!("Kafka {}, writes", self.object.name()),
            span: self.object.name_span(),
            role: Role::Brokers,
            pods: number,
            ceiling: None,
            need: 1,
            is_counted: false,
            outcomes: merged(ends.collect(), self.cluster),
        }
    }

    /// A topic with a manifest.
    fn topic(&self, topic: &Topic<'_>) -> Option<Subject> {
        let object = topic.object?;
        let ends = self.cluster.ends.iter().map(|ground| self.outcomes(topic, *ground)).collect();
        Some(Subject {
            identity: object.subject(),
            title: object.title(),
            span: object.name_span(),
            role: Role::Topic,
            pods: topic.copies,
            ceiling: None,
            need: topic.needed.unwrap_or(1),
            is_counted: false,
            outcomes: merged(ends, self.cluster),
        })
    }

    fn outcomes(&self, topic: &Topic<'_>, ground: Ground) -> Vec<Outcome> {
        let same = |verdict: Verdict, proof: &Proof| -> Vec<Outcome> {
            ALL.iter().map(|it| Outcome::plain(*it, verdict, proof.clone())).collect()
        };
        let title = &topic.title;
        let Some(fleet) = &self.fleet else {
            let text = "how many brokers there are is not in the manifests";
            return same(Verdict::NotKnown, &Proof::at(text, self.object.name_span()));
        };
        let (Some(copies), Some(needed)) = (topic.copies, topic.needed) else {
            let text = format!("{title}: its copies, or how many a write needs, are template placeholders");
            return same(Verdict::NotKnown, &Proof::at(text, topic.span));
        };
        let brokers = fleet.pods();
        if copies > brokers {
            let text = format!("{title}: {copies} copies on {brokers} brokers: it cannot be made");
            let outcomes = same(Verdict::NotKnown, &Proof::at(text, topic.span));
            return outcomes.into_iter().map(|it| it.because("kafka-rf-exceeds-brokers")).collect();
        }
        let facts = Numbers { title, copies, needed: needed.max(1), brokers, proof: topic.span };
        vec![
            self.lose(&facts, fleet, ground, Lost::Node),
            self.lose(&facts, fleet, ground, Lost::Zone),
            self.drain(&facts, fleet, ground),
            facts.outcome(Scenario::Roll, facts.one(fleet, ground), "the operator restarts one broker at a time"),
        ]
    }

    fn lose(&self, facts: &Numbers<'_>, fleet: &Fleet, ground: Ground, what: Lost) -> Outcome {
        let lost = fleet.lost(ground, what);
        let missing = fleet.missing(ground).most;
        // With copies in zones of their own, what lies in one zone has one of them.
        let zones = fleet.in_place(ground, Lost::Zone).most;
        let zones = if zones > 0 { (facts.brokers + zones - 1) / zones } else { 0 };
        let is_spread = self.is_rack_aware && ground.zones.is_some() && facts.copies <= zones;
        // Numbers lie on all brokers only if there are as many.
        let least = if facts.copies == facts.brokers { lost.least } else { fleet.in_place(ground, what).least.min(1) };
        let most = if is_spread { lost.most.min(missing.saturating_add(1)) } else { lost.most };
        let (scenario, noun) = match what {
            Lost::Node => (Scenario::LoseNode, "node"),
            Lost::Zone => (Scenario::LoseZone, "zone"),
        };
        let why = format!("a lost {noun} takes {} of {} brokers", range(lost), facts.brokers);
        let lost = Bounds { least, most: most.max(least) };
        let mut outcome = facts.outcome(scenario, lost, &why);
        outcome.proof.extend(fleet.proof("brokers"));
        if is_spread {
            outcome.proof.push(Proof::of("rack: a zone holds one copy of each partition that was made since"));
        }
        if outcome.verdict != Verdict::Survives && facts.copies > facts.needed {
            outcome.because = vec!["kafka-anti-affinity-missing"];
        }
        if what == Lost::Zone && ground.zones.is_none() { without_zones(outcome) } else { outcome }
    }

    fn drain(&self, facts: &Numbers<'_>, fleet: &Fleet, ground: Ground) -> Outcome {
        let one = facts.one(fleet, ground);
        let of = |why: &str| Outcome { recovers: true, ..facts.outcome(Scenario::Drain, one, why) };
        if is_moved(self.cleaner, self.budget) {
            return waiting(of(MOVED), self.all, ground, 1);
        }
        let (allowed, budget) = match self.budget {
            Budget::One { allowed, text, span, .. } => (*allowed, Proof::at(text, *span)),
            Budget::Several(spans, names) => return overlapping(spans, names),
            Budget::None => (facts.brokers, Proof::of("no budget: all brokers of a node go at once")),
            Budget::Open(proof) => (facts.brokers, proof.clone()),
        };
        if allowed < 1 {
            return Outcome::plain(Scenario::Drain, Verdict::Stuck, budget).because("kafka-pdb-max-unavailable");
        }
        let missing = fleet.missing(ground).least;
        if missing > 0 && missing >= allowed {
            let text = format!("{missing} brokers that cannot be placed use up what the budget lets go");
            return Outcome::plain(Scenario::Drain, Verdict::Stuck, Proof::at(text, self.object.name_span()));
        }
        let mut outcome = of("an evicted broker is missing until it is back in sync");
        outcome.proof.push(budget);
        if outcome.verdict == Verdict::Survives {
            outcome.least = Some(0);
            let why = "without Drain Cleaner the next broker may go before this one is in sync";
            outcome = outcome.doubted(Verdict::MayFail, Proof::of(why));
        }
        outcome
    }
}

/// The numbers of a topic.
struct Numbers<'t> {
    title: &'t str,
    copies: i64,
    needed: i64,
    brokers: i64,
    proof: crate::source::Span,
}

impl Numbers<'_> {
    /// The copies that are gone while one broker is, those of brokers without a place among them.
    fn one(&self, fleet: &Fleet, ground: Ground) -> Bounds {
        let gone = fleet.gone(ground, Bounds::exactly(1));
        if self.copies == self.brokers { gone } else { Bounds { least: 1, most: gone.most } }
    }

    /// What a loss of so many copies comes to.
    fn outcome(&self, scenario: Scenario, lost: Bounds, why: &str) -> Outcome {
        let Numbers { title, copies, needed, .. } = *self;
        let left = lost.left_of(copies);
        let text = format!("{title}: {why}: {} of {copies} copies stay, a write needs {needed}", range(left));
        let rule = if copies == 1 { "kafka-too-few-brokers" } else { "kafka-min-insync-mismatch" };
        Outcome::counted(scenario, left, needed, vec![Proof::at(text, self.proof)]).because(rule)
    }
}

/// The worst of the outcomes of topics. Topics that there may be none of fail nothing for certain.
fn worst(scenario: Scenario, at: usize, topics: &[(&Topic<'_>, Vec<Outcome>)]) -> Outcome {
    let judged = topics.iter().filter_map(|(topic, outcomes)| {
        let mut outcome = outcomes.get(at)?.clone();
        if topic.is_possible && outcome.verdict == Verdict::Fails {
            outcome.verdict = Verdict::MayFail;
        }
        Some(outcome)
    });
    let nothing = || Outcome::plain(scenario, Verdict::NotKnown, Proof::of("no topic is known"));
    judged.min_by_key(|it| it.verdict).unwrap_or_else(nothing)
}
