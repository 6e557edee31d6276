//! Switches by which somebody stops an operator, or what it runs, for a while.

use super::{CNPG, CRUNCHY, EDB, KUBEDB, KUBEGRES, PERCONA, STACKGRES};
use crate::index::Index;
use crate::model::{Object, products};
use crate::source::Span;
use crate::yaml::NodeRef;

/// How a value stops an operator.
#[derive(Clone, Copy, Debug)]
enum Stops {
    /// By this text.
    At(&'static str),
    /// By being true.
    True,
    /// By a list that is not empty, written as JSON.
    List,
}

/// What no longer happens, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Nothing runs.
    Stopped,
    /// Nothing fails over.
    NoFailover(&'static str),
    /// Something else.
    Held(&'static str),
}

impl Effect {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Effect::Stopped => "no instance runs",
            Effect::NoFailover(words) | Effect::Held(words) => words,
        }
    }
}

/// A switch of a custom resource.
#[derive(Clone, Copy, Debug)]
pub struct Switch {
    /// The group of the resource.
    pub group: &'static str,
    /// Its kind.
    pub kind: &'static str,
    /// Where the switch stands.
    pub keys: &'static [&'static str],
    stops: Stops,
    /// What it does.
    pub effect: Effect,
}

impl Switch {
    const fn new(
        group: &'static str,
        kind: &'static str,
        keys: &'static [&'static str],
        stops: Stops,
        effect: Effect,
    ) -> Switch {
        Switch { group, kind, keys, stops, effect }
    }

    /// The value by which it is on.
    pub fn value<'o>(&self, object: &'o Object) -> Option<NodeRef<'o>> {
        object.node().at(self.keys).filter(|it| match self.stops {
            Stops::At(text) => it.text() == text,
            Stops::True => it.as_bool() == Some(true),
            Stops::List => it.text().contains('"'),
        })
    }
}

const NOT_RECONCILED: &str = "the operator does nothing about it, and no standby is promoted";
const FENCED: &str = "PostgreSQL is stopped in the fenced instances, and nothing fails over from a fenced primary";
const NOT_ROLLED_OUT: &str = "the operator rolls no change out";
const PROMETHEUS: &str = products::PROMETHEUS;

/// The switches of CloudNativePG, which EDB's fork has under a group and with annotations of its own.
macro_rules! of_cloud_native {
    ($group:expr, $prefix:literal) => {
        [
            Switch::new(
                $group,
                "Cluster",
                &["metadata", "annotations", concat!($prefix, "/reconciliationLoop")],
                Stops::At("disabled"),
                Effect::NoFailover(NOT_RECONCILED),
            ),
            Switch::new(
                $group,
                "Cluster",
                &["metadata", "annotations", concat!($prefix, "/fencedInstances")],
                Stops::List,
                Effect::NoFailover(FENCED),
            ),
            Switch::new(
                $group,
                "Cluster",
                &["metadata", "annotations", concat!($prefix, "/hibernation")],
                Stops::At("on"),
                Effect::Stopped,
            ),
            Switch::new(
                $group,
                "Pooler",
                &["spec", "pgbouncer", "paused"],
                Stops::True,
                Effect::Held("its connections wait"),
            ),
        ]
    };
}

const CLOUD_NATIVE: &[Switch] = &of_cloud_native!(CNPG, "cnpg.io");
const CLOUD_NATIVE_OF_EDB: &[Switch] = &of_cloud_native!(EDB, "k8s.enterprisedb.io");

/// Those of other operators.
const OTHERS: &[Switch] = &[
    Switch::new(CRUNCHY, "PostgresCluster", &["spec", "paused"], Stops::True, Effect::Held(NOT_ROLLED_OUT)),
    Switch::new(CRUNCHY, "PostgresCluster", &["spec", "shutdown"], Stops::True, Effect::Stopped),
    Switch::new(PERCONA, "PerconaPGCluster", &["spec", "unmanaged"], Stops::True, Effect::Held(NOT_ROLLED_OUT)),
    Switch::new(PERCONA, "PerconaPGCluster", &["spec", "pause"], Stops::True, Effect::Stopped),
    Switch::new(
        STACKGRES,
        "SGCluster",
        &["metadata", "annotations", "stackgres.io/reconciliation-pause"],
        Stops::At("true"),
        Effect::Held(NOT_ROLLED_OUT),
    ),
    Switch::new(KUBEDB, "Postgres", &["spec", "halted"], Stops::True, Effect::Stopped),
    Switch::new(
        KUBEGRES,
        "Kubegres",
        &["spec", "failover", "isDisabled"],
        Stops::True,
        Effect::NoFailover("no standby is promoted"),
    ),
    Switch::new(PROMETHEUS, "Prometheus", &["spec", "paused"], Stops::True, Effect::Held(NOT_ROLLED_OUT)),
    Switch::new(PROMETHEUS, "Alertmanager", &["spec", "paused"], Stops::True, Effect::Held(NOT_ROLLED_OUT)),
    Switch::new(PROMETHEUS, "ThanosRuler", &["spec", "paused"], Stops::True, Effect::Held(NOT_ROLLED_OUT)),
];

/// All that are known.
pub fn switches() -> impl Iterator<Item = &'static Switch> {
    [CLOUD_NATIVE, CLOUD_NATIVE_OF_EDB, OTHERS].into_iter().flatten()
}

impl Index<'_> {
    /// What a switch does to what an operator runs, where one is on, and where it stands.
    pub fn switched(&self, object: &Object) -> Option<(Effect, Span)> {
        let own = switches().filter(|it| it.group == object.group() && it.kind == object.kind());
        let on = own.filter(|it| it.value(object).is_some());
        on.min_by_key(|it| it.effect).map(|it| (it.effect, object.place(it.keys).span))
    }
}
