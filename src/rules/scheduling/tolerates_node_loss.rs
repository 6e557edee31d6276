//! `tolerates-node-loss`

use super::beside_the_system::is_ignored;
use crate::index::postgres::Flavor;
use crate::index::{PodSpec, PostgresCluster, Role, kafka};
use crate::model::{Object, is_placeholder};
use crate::rule::{Context, Verdict, cases, rule};
use crate::yaml::NodeRef;

/// The taints of a node that is lost, each with the word for it.
const TAINTS: [(&str, &str); 2] =
    [("node.kubernetes.io/unreachable", "unreachable"), ("node.kubernetes.io/not-ready", "not ready")];

cases!(ToleratesNodeLoss: STORE = "store");

rule!(ToleratesNodeLoss, "scheduling/tolerates-node-loss.md", |walk| {
    walk.pod_specs(judge);
    walk.postgres_clusters(judge_database);
});

fn judge(spec: &PodSpec<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = spec.object;
    if is_ignored(object, cx) || object.namespace() == Some("kube-system") {
        return Verdict::NotApplicable;
    }
    judge_tolerations(object, spec.node, keeps_data(spec, cx), cx)
}

/// Databases of operators, each of which has a place of its own for tolerations: CloudNativePG beside its affinity,
/// Crunchy and Percona in each set of instances.
fn judge_database(database: &PostgresCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = database.object;
    let Some(spec) = object.node().at(&["spec"]) else { return Verdict::NotApplicable };
    match database.flavor {
        Flavor::SelfManaged => Verdict::NotApplicable,
        Flavor::Cnpg => {
            spec.at(&["affinity"]).map_or(Verdict::NotApplicable, |it| judge_tolerations(object, it, true, cx))
        }
        Flavor::Zalando => judge_tolerations(object, spec, true, cx),
        Flavor::Crunchy | Flavor::OtherOperator => {
            let verdicts: Vec<Verdict> =
                spec.items_at(&["instances"]).map(|it| judge_tolerations(object, it, true, cx)).collect();
            let worst = [Verdict::Fail, Verdict::Pass].into_iter().find(|it| verdicts.contains(it));
            worst.unwrap_or(Verdict::NotApplicable)
        }
    }
}

fn judge_tolerations(object: &Object, section: NodeRef<'_>, keeps_data: bool, cx: &mut Context<'_>) -> Verdict {
    let tolerations: Vec<NodeRef<'_>> = section.items_at(&["tolerations"]).collect();
    if tolerations.is_empty() {
        return Verdict::NotApplicable;
    }
    let for_ever = |taint: &str| -> Option<NodeRef<'_>> {
        let mut all = tolerations.iter().filter(|it| tolerates(**it, taint)).peekable();
        let first = **all.peek()?;
        // One with a time is enough: the shortest counts.
        all.all(|it| it.at(&["tolerationSeconds"]).is_none()).then_some(first)
    };
    let found: Vec<(NodeRef<'_>, &str)> =
        TAINTS.iter().filter_map(|(taint, word)| Some((for_ever(taint)?, *word))).collect();
    let [(first, _), ..] = found.as_slice() else { return Verdict::Pass };
    let words: Vec<&str> = found.iter().map(|it| it.1).collect();
    let message = format!(
        "{} tolerates nodes that are {} without end: once a node is lost, nothing replaces its pods there",
        object.title(),
        words.join(" or ")
    );
    let case = keeps_data.then_some(STORE);
    let key = if first.at(&["key"]).is_some() { "key" } else { "operator" };
    let mut draft = cx.fail(object, object.place_in(*first, &[key]), message).maybe_case(case).help(
        "leave it out, so that the pods go after the usual 300 seconds, or set tolerationSeconds to a time of your own",
    );
    if let [_, (second, _)] = found.as_slice()
        && second.id() != first.id()
    {
        draft = draft.label(second.first_line(), "without end, too");
    }
    draft.verdict()
}

/// Whether a toleration tolerates the taint that evicts pods from a lost node. Its value is empty.
fn tolerates(toleration: NodeRef<'_>, taint: &str) -> bool {
    let text = |key: &str| toleration.str_at(&[key]).unwrap_or_default();
    let is_evicting = matches!(text("effect"), "" | "NoExecute");
    let is_for_it = match text("operator") {
        "Exists" => matches!(text("key"), key if key.is_empty() || key == taint),
        "" | "Equal" => text("key") == taint && text("value").is_empty(),
        _ => false,
    };
    is_evicting && is_for_it && !is_placeholder(text("effect"))
}

/// Whether the pods are a database's or a broker's, whose data a new pod would not have at once.
fn keeps_data(spec: &PodSpec<'_>, cx: &Context<'_>) -> bool {
    let is_store = |it: Role| matches!(it, Role::Postgres | Role::Kafka | Role::ZooKeeper | Role::Datastore);
    kafka::is_node_kind(spec.object.group(), spec.object.kind())
        || cx.index().workload_of(spec.object).is_some_and(|it| is_store(it.role))
}
