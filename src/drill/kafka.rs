//! Kafka clusters that Strimzi runs: whether writes to each topic go on, and whether their quorum holds.
//!
//! Drains: a broker is ready when it serves, not when its copies are in sync, so that the next node may be drained too
//! early (strimzi/strimzi.github.io#248, strimzi/strimzi-kafka-operator#3749). With Drain Cleaner the operator
//! rolls the pods and waits for copies to be in sync; topics whose copies are no more than a write needs stop whenever a
//! broker restarts (strimzi/drain-cleaner, README).

use crate::drill::budget::Budget;
use crate::drill::caps::Bounds;
use crate::drill::cluster::{Cluster, Ground};
use crate::drill::fleet::Fleet;
use crate::drill::lose::Lost;
use crate::drill::merge::merged;
use crate::drill::quorum::{Quorum, quorum, range, without_zones};
use crate::drill::subject::Subject;
use crate::drill::surroundings::Surroundings;
use crate::drill::topics::{Topic, topics};
use crate::drill::verdict::{Outcome, Proof, Role, Scenario, Verdict};
use crate::index::kafka::{Mode, Nodes};
use crate::index::{Cleaner, Index, KafkaCluster, is_zone_key};
use crate::model::Object;

/// What all topics of a cluster have in common.
struct Brokers<'k, 'a> {
    object: &'a Object,
    fleet: Option<Fleet>,
    budget: Budget,
    cleaner: Option<Cleaner>,
    /// Whether copies are spread over zones.
    is_rack_aware: bool,
    cluster: &'k Cluster,
}

const ALL: [Scenario; 4] = [Scenario::LoseNode, Scenario::LoseZone, Scenario::Drain, Scenario::Roll];

/// Drills a Kafka cluster.
pub(super) fn kafka<'a>(
    index: &Index<'a>,
    around: &Surroundings,
    kafka: &KafkaCluster<'a>,
    cluster: &Cluster,
) -> Vec<Subject> {
    if kafka.is_switched_off() {
        return Vec::new();
    }
    let object = kafka.object;
    let nodes = index.kafka_nodes(kafka);
    let is_part = |it: &&Nodes<'a>, is_wanted: fn(&crate::index::kafka::Pool<'_>) -> bool| {
        !kafka.uses_pools || kafka.pools.iter().any(|pool| pool.object.id() == it.owner.id() && is_wanted(pool))
    };
    let of_brokers: Vec<&Nodes<'a>> = nodes.iter().filter(|it| is_part(it, |pool| pool.is_broker)).collect();
    let fleet = fleet(index, around, &of_brokers);
    let pods: Vec<_> = nodes.iter().flat_map(|it| it.pods.iter().copied()).collect();
    let all: i64 = nodes.iter().filter_map(|it| it.floor).sum();
    let rack = object.node().str_at(&["spec", "kafka", "rack", "topologyKey"]);
    let brokers = Brokers {
        object,
        budget: Budget::read(index, &pods, all, object.name_span()),
        cleaner: index.strimzi_drain_cleaner(),
        is_rack_aware: rack.is_some_and(is_zone_key),
        cluster,
        fleet,
    };
    let number = brokers.fleet.as_ref().map(Fleet::pods);
    let topics = topics(index, kafka, number);
    let mut subjects = vec![brokers.writes(&topics, number)];
    subjects.extend(topics.iter().filter_map(|it| brokers.topic(it)));
    let allowed = match &brokers.budget {
        Budget::One { allowed, text, span, .. } => Some((*allowed, Proof::at(text, *span))),
        _ => None,
    };
    let of_controllers: Vec<&Nodes<'a>> = nodes.iter().filter(|it| is_part(it, |pool| pool.is_controller)).collect();
    if kafka.mode != Mode::ZooKeeper && kafka.uses_pools && !of_controllers.is_empty() {
        let span = kafka.controller_pools().next().map_or_else(|| object.name_span(), |it| it.place().span);
        let members = self::fleet(index, around, &of_controllers);
        let title = format!("Controllers of {}", object.name());
        subjects.push(quorum(&Quorum { object, title, member: "controller", fleet: members, span, allowed }, cluster));
    }
    if kafka.mode != Mode::Kraft {
        subjects.push(zookeeper(index, around, kafka, cluster));
    }
    subjects
}

fn zookeeper<'a>(index: &Index<'a>, around: &Surroundings, kafka: &KafkaCluster<'a>, cluster: &Cluster) -> Subject {
    let object = kafka.object;
    let nodes = index.zookeeper_nodes(kafka);
    let allowed = match Budget::read(index, &nodes.pods, nodes.floor.unwrap_or(0), object.name_span()) {
        Budget::One { allowed, text, span, .. } => Some((allowed, Proof::at(text, span))),
        _ => None,
    };
    let title = format!("ZooKeeper of {}", object.name());
    let span = object.place(&["spec", "zookeeper", "replicas"]).span;
    // A single node is let go by nobody but the operator's own budget, which counts one as missing.
    let fleet = fleet(index, around, &[&nodes]);
    quorum(&Quorum { object, title, member: "ZooKeeper node", fleet, span, allowed }, cluster)
}

/// The pods of nodes; `None` where a number of them is not known.
fn fleet<'a>(index: &Index<'a>, around: &Surroundings, nodes: &[&Nodes<'a>]) -> Option<Fleet> {
    let described = nodes.iter().map(|it| Some((it.floor?, it.pod_spec())));
    let described: Option<Vec<_>> = described.collect();
    let described = described.filter(|it| it.iter().any(|it| it.0 > 0))?;
    Some(Fleet::read(index, around, described))
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
            return outcomes
                .into_iter()
                .map(|it| Outcome { because: vec!["kafka-rf-exceeds-brokers"], ..it })
                .collect();
        }
        let facts = Numbers { title, copies, needed: needed.max(1), brokers, proof: topic.span };
        vec![
            self.lose(&facts, fleet, ground, Lost::Node),
            self.lose(&facts, fleet, ground, Lost::Zone),
            self.drain(&facts, fleet, ground),
            facts.outcome(Scenario::Roll, Bounds { least: 1, most: 1 }, "the operator restarts one broker at a time"),
        ]
    }

    fn lose(&self, facts: &Numbers<'_>, fleet: &Fleet, ground: Ground, what: Lost) -> Outcome {
        let lost = fleet.lost(ground, what);
        // With copies in zones of their own, what lies in one zone has one of them.
        let zones = fleet.lost(ground, Lost::Zone).most;
        let zones = if zones > 0 { (facts.brokers + zones - 1) / zones } else { 0 };
        let is_spread = self.is_rack_aware && ground.zones.is_some() && facts.copies <= zones;
        // Numbers lie on all brokers only if there are as many.
        let least = if facts.copies == facts.brokers { lost.least } else { lost.least.min(1) };
        let most = if is_spread { lost.most.min(1) } else { lost.most };
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
        let one = Bounds { least: 1, most: 1 };
        let (allowed, budget) = match &self.budget {
            Budget::One { allowed, text, span, .. } => (*allowed, Proof::at(text, *span)),
            Budget::Several(spans, names) => {
                let text = format!("budgets {names} select its pods: each eviction fails with more than one");
                let outcome = Outcome::plain(Scenario::Drain, Verdict::Stuck, Proof::at(text, spans[0]));
                return Outcome { because: vec!["pdb-overlap"], ..outcome };
            }
            Budget::None => (facts.brokers, Proof::of("no budget: all brokers of a node go at once")),
            Budget::Open(proof) => (facts.brokers, proof.clone()),
        };
        // One that refuses no evictions itself leaves that to a budget which allows none.
        if self.cleaner == Some(Cleaner::Denies) || (self.cleaner.is_some() && allowed < 1) {
            let mut outcome =
                facts.outcome(Scenario::Drain, one, "Drain Cleaner has the operator move one broker at a time");
            outcome.recovers = true;
            return outcome;
        }
        if allowed < 1 {
            let outcome = Outcome::plain(Scenario::Drain, Verdict::Stuck, budget);
            return Outcome { because: vec!["kafka-pdb-max-unavailable"], ..outcome };
        }
        let missing = fleet.pods() - fleet.placed(ground).most;
        if missing > 0 && missing >= allowed {
            let text = format!("{missing} brokers that cannot be placed use up what the budget lets go");
            return Outcome::plain(Scenario::Drain, Verdict::Stuck, Proof::at(text, self.object.name_span()));
        }
        let mut outcome = facts.outcome(Scenario::Drain, one, "an evicted broker is missing until it is back in sync");
        outcome.recovers = true;
        outcome.proof.push(budget);
        if outcome.verdict == Verdict::Survives {
            outcome.verdict = Verdict::MayFail;
            outcome.least = Some(0);
            let reason = Proof::of("without Drain Cleaner the next broker may go before this one is in sync");
            outcome.reason.clone_from(&reason.text);
            outcome.proof.insert(0, reason);
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
    /// What a loss of so many copies comes to.
    fn outcome(&self, scenario: Scenario, lost: Bounds, why: &str) -> Outcome {
        let Numbers { title, copies, needed, .. } = *self;
        let (least, most) = ((copies - lost.most).max(0), (copies - lost.least).max(0));
        let numbers = if least == most { least.to_string() } else { format!("{least} to {most}") };
        let text = format!("{title}: {why}: {numbers} of {copies} copies stay, a write needs {needed}");
        let verdict = Verdict::of(least, most, needed);
        let rule = if copies == 1 { "kafka-too-few-brokers" } else { "kafka-min-insync-mismatch" };
        Outcome {
            least: Some(least),
            most: Some(most),
            because: if verdict == Verdict::Survives { Vec::new() } else { vec![rule] },
            ..Outcome::plain(scenario, verdict, Proof::at(text, self.proof))
        }
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
