//! `kafka-autoscaled`

use crate::index::{Role, Target, kafka, scale_by, scale_target, target_keys};
use crate::model::{Object, Version, products};
use crate::rule::{CaseName, Context, Verdict, cases, rule};
use crate::yaml::NodeRef;

/// The first Strimzi that moves partitions by itself when brokers come and go.
const AUTO_REBALANCE: Version = Version::new(0, 44, 0);

cases!(KafkaAutoscaled: REBALANCED = "rebalanced", UNSEEN = "unseen");

rule!(KafkaAutoscaled, "kafka/kafka-autoscaled.md", |walk| {
    walk.autoscalers(judge);
    walk.of_kinds(&[(products::VPA, "VerticalPodAutoscaler")], judge);
});

fn judge(scaler: &Object, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let Some(target) = scale_target(scaler) else { return Verdict::NotApplicable };
    let object = index.target_of(scaler);
    let role = object.and_then(|it| index.workload_of(it)).map(|it| it.role);
    let is_node = target.group.is_some_and(|it| kafka::is_node_kind(it, target.kind));
    let what = match role {
        Some(Role::Kafka) => "Kafka brokers",
        Some(Role::ZooKeeper) => "ZooKeeper nodes",
        _ if is_node => "Kafka nodes",
        _ => return Verdict::NotApplicable,
    };
    if scaler.kind() == "VerticalPodAutoscaler" {
        return judge_vertical(scaler, target, what, cx);
    }
    let case = object.filter(|it| it.kind() == "KafkaNodePool").map_or(unseen_case(target), |it| case_of_pool(it, cx));
    let name = format!("{} {}", target.kind, target.name);
    let message = if has_no_scale(target) {
        format!("{} has {name} as its target, which has no scale subresource", scaler.title())
    } else {
        format!("{} scales the {what} of {name}{}", scaler.title(), range(scaler))
    };
    cx.fail(scaler, scaler.place(&["spec", "scaleTargetRef", "name"]), message)
        .help(help(target, role, case))
        .labels(object.map(|it| (it.name_span(), "its nodes keep data and have identities")))
        .maybe_case(case)
        .verdict()
}

fn has_no_scale(target: Target<'_>) -> bool {
    matches!(target.kind, "Kafka" | "StrimziPodSet")
}

fn help(target: Target<'_>, role: Option<Role>, case: Option<CaseName>) -> &'static str {
    if role == Some(Role::ZooKeeper) {
        return "the nodes are a quorum whose members are part of its configuration: remove the autoscaler and keep an \
                odd number of them";
    }
    if has_no_scale(target) {
        return "the autoscaler only reports errors: remove it, and add brokers by hand, with a reassignment of partitions";
    }
    if case == Some(REBALANCED) {
        return "Cruise Control moves the partitions, which adds load before it takes any away: scale rarely, and in \
                large steps";
    }
    "a new broker holds no partitions and takes no load, and a removed one takes its replicas along: remove the \
     autoscaler and add brokers by hand, with a reassignment of partitions"
}

/// A pool that no manifest shows may be one that Cruise Control balances.
fn unseen_case(target: Target<'_>) -> Option<CaseName> {
    (target.kind == "KafkaNodePool").then_some(UNSEEN)
}

/// Broker pools whose partitions move by themselves as the pool grows and shrinks may be scaled.
fn case_of_pool(pool: &Object, cx: &Context<'_>) -> Option<CaseName> {
    let is_controller = pool.node().items_at(&["spec", "roles"]).any(|it| it.text() == "controller");
    if is_controller {
        return None; // The number of controllers cannot change while the cluster runs.
    }
    let Some(cluster) = cx.index().cluster_of_pool(pool) else { return Some(UNSEEN) };
    let modes = cluster.node().items_at(&["spec", "cruiseControl", "autoRebalance"]);
    let modes: Vec<&str> = modes.filter_map(|it| it.str_at(&["mode"])).collect();
    let is_served = cx.index().kafka_operator().is_none_or(|it| it.release >= AUTO_REBALANCE);
    let is_balanced = ["add-brokers", "remove-brokers"].iter().all(|it| modes.contains(it));
    (is_served && is_balanced).then_some(REBALANCED)
}

fn range(scaler: &Object) -> String {
    let scale = scale_by(scaler);
    match (scale.floor, scale.ceiling) {
        (Some(floor), Some(ceiling)) if floor != ceiling => format!(" between {floor} and {ceiling}"),
        _ => String::new(),
    }
}

/// A VPA evicts pods to resize them, unless it only recommends or only acts on new ones.
fn judge_vertical(scaler: &Object, target: Target<'_>, what: &str, cx: &mut Context<'_>) -> Verdict {
    let keys = ["spec", "updatePolicy", "updateMode"];
    let written = scaler.node().at(&keys).map(NodeRef::text);
    let mode = written.unwrap_or("Recreate");
    match mode {
        "Off" | "Initial" => return Verdict::Pass,
        "Auto" | "Recreate" | "InPlaceOrRecreate" | "InPlace" => {}
        _ => return Verdict::open("its updateMode is a template placeholder"),
    }
    let by_default = if written.is_none() { " (the default)" } else { "" };
    let message =
        format!("{} resizes the {what} of {} {} in mode {mode}{by_default}", scaler.title(), target.kind, target.name);
    let place =
        if written.is_some() { scaler.place(&keys) } else { scaler.place(&[target_keys(scaler), &["name"]].concat()) };
    cx.fail(scaler, place, message)
        .help(
            "it evicts brokers to resize them, whatever the state of their replicas: set updateMode: \"Off\" and take \
             its recommendations over by hand",
        )
        .verdict()
}
