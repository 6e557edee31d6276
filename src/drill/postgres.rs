//! PostgreSQL that an operator runs: whether a primary serves again, and whether writes go on.
//!
//! CloudNativePG promotes a standby 40 to 80 s after the primary's node is gone, and makes the lost instance anew only
//! when its pod is deleted, which needs its node or somebody (`docs/src/failover.md`, "Detection of node-level failures";
//! cloudnative-pg/cloudnative-pg#4551). It moves the primary off a node that is cordoned (`docs/src/kubernetes_upgrade.md`).

use crate::drill::budget::Budget;
use crate::drill::caps::{Bounds, Form, Hard, Level};
use crate::drill::cluster::Cluster;
use crate::drill::constraints::Asked;
use crate::drill::fleet::{Fleet, Group};
use crate::drill::ground::Ground;
use crate::drill::lose::Lost;
use crate::drill::merge::merged;
use crate::drill::quorum::{overlapping, without_zones};
use crate::drill::subject::Subject;
use crate::drill::surroundings::Surroundings;
use crate::drill::verdict::{Moment, Outcome, Proof, Role, Scenario, Verdict};
use crate::drill::volumes::Volumes;
use crate::drill::words::range;
use crate::index::postgres::switches::Effect;
use crate::index::postgres::{CNPG, CRUNCHY, EDB, Flavor, Synchrony};
use crate::index::{Index, PodSpec, PostgresCluster, is_host_key, is_zone_key};
use crate::yaml::NodeRef;

const ALL: [Scenario; 5] =
    [Scenario::LoseNode, Scenario::LoseZone, Scenario::LosePrimary, Scenario::Drain, Scenario::Roll];

/// A database with what is known of it.
struct Managed<'d, 'a> {
    database: &'d PostgresCluster<'a>,
    fleet: Fleet,
    /// Instances that must be there for writes.
    need: i64,
    /// Why that is not known.
    open: Option<Proof>,
    /// Why that many are needed.
    waits: Option<Proof>,
    budget: Budget,
}

/// Drills a database that an operator runs.
pub(super) fn postgres<'a>(
    index: &Index<'a>,
    around: &Surroundings,
    database: &PostgresCluster<'a>,
    cluster: &Cluster,
) -> Subject {
    let object = database.object;
    let mut subject = Subject {
        identity: object.subject(),
        title: object.title(),
        span: object.name_span(),
        role: Role::Database,
        pods: database.instances,
        ceiling: None,
        need: 1,
        is_counted: true,
        outcomes: Vec::new(),
    };
    let same = |verdict: Verdict, text: &str| -> Vec<Outcome> {
        let proof = Proof::at(text, database.place.span);
        ALL.into_iter().map(|it| Outcome::plain(it, verdict, proof.clone())).collect()
    };
    let Some(instances) = database.instances else {
        subject.outcomes = same(Verdict::NotKnown, "the number of instances is a template placeholder");
        return subject;
    };
    if instances < 1 {
        subject.outcomes = same(Verdict::Asleep, "0 instances: nothing runs");
        return subject;
    }
    let switched = index.switched(object);
    if let Some((Effect::Stopped, span)) = switched {
        let why = Proof::at("switched off: no instance runs", span);
        subject.outcomes = ALL.into_iter().map(|it| Outcome::plain(it, Verdict::Asleep, why.clone())).collect();
        return subject;
    }
    let (need, waits, open) = needed(index, database, instances);
    let held = match switched {
        Some((Effect::NoFailover(words), span)) if instances > 1 => Some(Proof::at(words, span)),
        _ => None,
    };
    let database = Managed {
        fleet: fleet(index, around, database, instances),
        budget: Budget::read(index, index.pods_of(object), instances, object.name_span()),
        database,
        need,
        open: open.or(held),
        waits,
    };
    subject.need = need;
    let ends = cluster.ends.iter().map(|ground| database.outcomes(*ground)).collect();
    subject.outcomes = merged(ends, cluster);
    subject
}

/// Instances that writes need: the primary, and the standbys that commits wait for.
fn needed<'a>(
    index: &Index<'a>,
    database: &PostgresCluster<'a>,
    instances: i64,
) -> (i64, Option<Proof>, Option<Proof>) {
    let name = database.object.name_span();
    match index.synchrony(database, instances) {
        Synchrony::Asynchronous | Synchrony::Adapts => (1, None, None),
        Synchrony::Waits(wait) if wait.standbys == instances - 1 => {
            let text =
                format!("commits wait for {} ({})", crate::drill::words::count(wait.needed, "standby"), wait.setting);
            (wait.needed.saturating_add(1), Some(Proof::at(text, wait.place.span)), None)
        }
        Synchrony::Waits(wait) => {
            let text = "commits wait for standbys that this cluster does not run";
            (1, None, Some(Proof::at(text, wait.place.span)))
        }
        Synchrony::Refused(wait) => {
            let text = format!("the operator refuses {} with {instances} instances", wait.setting);
            (1, None, Some(Proof::at(text, wait.place.span)))
        }
        Synchrony::Unknown(reason) => (1, None, Some(Proof::at(reason, name))),
    }
}

/// What keeps the instances apart, where the operator hands it to the scheduler as it is written.
fn fleet<'a>(index: &Index<'a>, around: &Surroundings, database: &PostgresCluster<'a>, instances: i64) -> Fleet {
    let object = database.object;
    let sets: Vec<NodeRef<'a>> = object.node().items_at(&["spec", "instances"]).collect();
    let node = match object.group() {
        CNPG | EDB => object.node().at(&["spec"]),
        CRUNCHY if sets.len() == 1 => Some(sets[0]),
        _ => None,
    };
    let spec = node.map(|node| PodSpec { object, node, pods: index.pods_of(object).to_vec() });
    let mut asked = spec.map(|it| Asked::read(index, &it, around)).unwrap_or_default();
    if matches!(object.group(), CNPG | EDB) {
        of_cnpg(database, &mut asked);
    }
    Fleet { groups: vec![Group { pods: instances, asked, volumes: Volumes::default() }] }
}

/// The operator's own words for affinity.
fn of_cnpg(database: &PostgresCluster<'_>, asked: &mut Asked) {
    let object = database.object;
    let Some(affinity) = object.node().at(&["spec", "affinity"]) else { return };
    let span = |key: &str| object.place_in(affinity, &[key]).span;
    for key in ["nodeSelector", "tolerations", "nodeAffinity"] {
        let is_there =
            affinity.at(&[key]).is_some_and(|it| it.entries().next().is_some() || it.items().next().is_some());
        if is_there && asked.open.is_none() {
            asked.open = Some(Proof::at("which nodes its instances may run on is not known", span(key)));
        }
    }
    for key in ["additionalPodAntiAffinity", "additionalPodAffinity"] {
        if affinity.at(&[key, "requiredDuringSchedulingIgnoredDuringExecution"]).is_some() && asked.doubt.is_none() {
            asked.doubt = Some(Proof::at("a hard constraint may count other pods", span(key)));
        }
    }
    let is_off = affinity.bool_at(&["enablePodAntiAffinity"]) == Some(false);
    if is_off || affinity.str_at(&["podAntiAffinityType"]) != Some("required") {
        return;
    }
    let key = affinity.at(&["topologyKey"]).map_or(crate::model::HOSTNAME, NodeRef::text);
    let level = match key {
        key if is_host_key(key) => Level::Node,
        key if is_zone_key(key) => Level::Zone,
        _ => return,
    };
    let span = Some(span("podAntiAffinityType"));
    asked.hard.push(Hard { level, form: Form::Apart, per_revision: false, span });
}

impl Managed<'_, '_> {
    fn instances(&self) -> i64 {
        self.fleet.pods()
    }

    fn outcomes(&self, ground: Ground) -> Vec<Outcome> {
        let node = self.fleet.lost(ground, Lost::Node);
        let zone = self.fleet.lost(ground, Lost::Zone);
        // The primary may stand alone on its node.
        let primary = Bounds { least: self.one(ground).least, most: node.most };
        let of_zone = self.lost(Scenario::LoseZone, zone, "a lost zone");
        vec![
            self.lost(Scenario::LoseNode, node, "a lost node"),
            if ground.zones.is_none() { without_zones(of_zone) } else { of_zone },
            self.lost(Scenario::LosePrimary, primary, "the node of the primary"),
            self.drain(ground),
            self.roll(ground),
        ]
    }

    fn lost(&self, scenario: Scenario, lost: Bounds, what: &str) -> Outcome {
        let mut outcome = self.outcome(scenario, lost, what);
        outcome.proof.extend(self.fleet.proof("instances"));
        let (least, most) = (outcome.least.unwrap_or(0), outcome.most.unwrap_or(0));
        let is_cnpg = matches!(self.database.object.group(), CNPG | EDB);
        if self.instances() > 1 && is_cnpg {
            let moment = |second, least, most, why: &str| Moment { second, least, most, why: why.to_owned() };
            outcome.timeline = vec![
                moment(0, least, most, "if the primary is among them no writes succeed"),
                moment(80, least, most, "a standby has been promoted, which takes 40 to 80 s"),
            ];
        }
        outcome
    }

    fn outcome(&self, scenario: Scenario, lost: Bounds, what: &str) -> Outcome {
        let all = self.instances();
        let left = lost.left_of(all);
        let text =
            format!("{what} takes {} of {all} instances: {} stay, {} needed", range(lost), range(left), self.need);
        let mut proof = vec![Proof::at(text, self.database.place.span)];
        proof.extend(self.waits.clone());
        let outcome = Outcome::counted(scenario, left, self.need, proof);
        let outcome = match &self.open {
            Some(open) if outcome.verdict != Verdict::Fails => outcome.doubted(Verdict::NotKnown, open.clone()),
            _ => outcome,
        };
        match outcome.verdict {
            Verdict::NotKnown => outcome,
            _ if all == 1 => outcome.because("postgres-too-few-instances"),
            _ => outcome.because("postgres-spread-missing"),
        }
    }

    /// One instance, and those that found no place.
    fn one(&self, ground: Ground) -> Bounds {
        self.fleet.gone(ground, Bounds::exactly(1))
    }

    fn drain(&self, ground: Ground) -> Outcome {
        let is_cnpg = matches!(self.database.object.group(), CNPG | EDB);
        if let (Budget::One { allowed: 0, text, span, .. }, 1) = (&self.budget, self.instances()) {
            let outcome = Outcome::plain(Scenario::Drain, Verdict::Stuck, Proof::at(text, *span));
            return outcome.because("postgres-single-instance-pdb");
        }
        if let Budget::Several(spans, names) = &self.budget {
            return overlapping(spans, names);
        }
        let outcome = self.outcome(Scenario::Drain, self.one(ground), "a drained node");
        let mut outcome = Outcome { recovers: true, ..outcome };
        if outcome.verdict != Verdict::Survives {
            return outcome;
        }
        // What holds for other operators, and for several instances on one node, is nowhere written.
        let (verdict, text) = if !is_cnpg && self.database.flavor != Flavor::Crunchy {
            (Verdict::NotKnown, "whether its operator moves the primary off a cordoned node is not known")
        } else if self.fleet.in_place(ground, Lost::Node).most > 1 {
            (Verdict::MayFail, "one node may hold several of its instances")
        } else {
            return outcome;
        };
        outcome = outcome.doubted(verdict, Proof::of(text));
        outcome.proof.extend(self.fleet.proof("instances"));
        outcome
    }

    fn roll(&self, ground: Ground) -> Outcome {
        let outcome = self.outcome(Scenario::Roll, self.one(ground), "a rollout, standbys first,");
        Outcome { recovers: true, ..outcome }
    }
}
