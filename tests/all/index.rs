//! The index against numbers computed by hand: budgets, scales, namespaces, roles.

use crate::common::environment;
use edms_lint::config::Config;
use edms_lint::index::{Allowance, Index, Nearness};

/// Asks an index of files, each a name and a text.
fn ask<T>(files: &[(&str, &str)], question: impl FnOnce(&Index<'_>) -> T) -> T {
    let texts: Vec<(String, String)> = files.iter().map(|it| (it.0.to_owned(), it.1.to_owned())).collect();
    let (sources, environment) = environment(&texts, false);
    let config = Config::default();
    question(&Index::new(&environment, &sources, &config))
}

fn budget(field: &str) -> String {
    format!(
        "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{name: b}}\nspec: {{{field}, selector: \
         {{matchLabels: {{app: a}}}}}}\n"
    )
}

fn workload(kind: &str, name: &str, spec: &str) -> String {
    let group = if matches!(kind, "Job" | "CronJob") { "batch" } else { "apps" };
    format!(
        "---\napiVersion: {group}/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec:\n  {spec}\n  template:\n    \
         metadata: {{labels: {{app: a}}}}\n    spec: {{containers: [{{name: c, image: 'shop:1'}}]}}\n"
    )
}

fn allowance(text: &str) -> Allowance {
    ask(&[("a.yaml", text)], |index| {
        let (id, _) = index.budgets().next().expect("one budget is written");
        index.allowance(id)
    })
}

#[test]
fn budgets_round_up_and_count_from_the_floor() {
    let vectors = [
        (2, "minAvailable: 2", 0),
        (2, "minAvailable: 1", 1),
        (2, "minAvailable: 50%", 1),
        (2, "minAvailable: 51%", 0), // 1.02 is 2
        (2, "minAvailable: 60%", 0),
        (3, "minAvailable: 66%", 1), // 1.98 is 2
        (3, "minAvailable: 67%", 0), // 2.01 is 3
        (3, "minAvailable: 80%", 0),
        (3, "minAvailable: 2", 1),
        (4, "minAvailable: 75%", 1),
        (10, "minAvailable: 2", 8),
        (3, "maxUnavailable: 10%", 1),
        (10, "maxUnavailable: 10%", 1),
        (11, "maxUnavailable: 10%", 2), // 1.1 is 2
        (5, "maxUnavailable: 0", 0),
        (5, "maxUnavailable: 0%", 0),
        (5, "minAvailable: 100%", 0),
        (5, "minAvailable: 0", 5),
        (1, "maxUnavailable: 1%", 1),
        (1, "minAvailable: 1%", 0),
        (4, "maxUnavailable: 7", 4),
        (7, "minAvailable: 0050%", 3), // 3.5 is 4
    ];
    for (replicas, field, expected) in vectors {
        let text = workload("Deployment", "a", &format!("replicas: {replicas}")) + &budget(field);
        let found = allowance(&text);
        let Allowance::Known { allowed, healthy, .. } = found else { panic!("{replicas} {field}: {found:?}") };
        assert_eq!((allowed, healthy), (expected, replicas), "{replicas} pods, {field}");
    }
}

#[test]
fn budgets_add_up_owners_and_leave_bare_pods_out() {
    let three = workload("Deployment", "a", "replicas: 3");
    let pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {app: a}}\nspec: {}\n";
    let known = |text: String| match allowance(&text) {
        Allowance::Known { allowed, healthy, desired, .. } => (allowed, healthy, desired),
        other => panic!("{other:?}"),
    };
    // Expected 3, of which 2 must stay; 4 are there.
    assert_eq!(known(format!("{three}{pod}{}", budget("maxUnavailable: 1"))), (2, 4, 2));
    assert_eq!(known(format!("{three}{pod}{}", budget("minAvailable: 3"))), (1, 4, 3));
    // 3 and 2 make 5, of which half, 2.5, is 3.
    let two = workload("StatefulSet", "b", "replicas: 2");
    assert_eq!(known(format!("{three}{two}{}", budget("minAvailable: 50%"))), (2, 5, 3));
    assert!(matches!(allowance(&format!("{pod}{}", budget("maxUnavailable: 1"))), Allowance::OnlyBare(_)));
    assert_eq!(known(format!("{pod}{}", budget("minAvailable: 1"))), (0, 1, 1));
    let job = workload("Job", "j", "backoffLimit: 1");
    assert_eq!(known(format!("{three}{job}{}", budget("minAvailable: 2"))), (1, 3, 2));
    let broken = allowance(&format!("{three}{job}{}", budget("maxUnavailable: 1")));
    assert!(matches!(broken, Allowance::Unscalable(_, "jobs.batch")), "{broken:?}");
    let agent = workload("DaemonSet", "d", "minReadySeconds: 1");
    let broken = allowance(&format!("{agent}{}", budget("minAvailable: 10%")));
    assert!(matches!(broken, Allowance::Unscalable(_, "daemonsets.apps")), "{broken:?}");
    assert_eq!(allowance(&format!("{agent}{}", budget("minAvailable: 1"))), Allowance::Unknown);
    assert_eq!(allowance(&format!("{three}{}", budget("maxUnavailable: 101%"))), Allowance::Unknown);
}

#[test]
fn two_instance_sets_are_two_scales() {
    let label = "postgres-operator.crunchydata.com/cluster";
    let text = format!(
        "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: {{name: db}}\nspec: \
         {{instances: [{{name: a, replicas: 2}}, {{name: b, replicas: 2}}]}}\n{}",
        budget("minAvailable: 75%").replace("app: a", &format!("{label}: db"))
    );
    // Four instances, of which 3 must stay.
    assert_eq!(
        allowance(&text),
        Allowance::Known { allowed: 1, expected: 4, healthy: 4, desired: 3, assumed_one: false }
    );
}

/// Floor and ceiling of Deployment `a` beside other documents.
fn scale(replicas: &str, others: &str) -> (Option<i64>, Option<i64>) {
    let text = workload("Deployment", "a", replicas) + others;
    ask(&[("a.yaml", &text)], |index| {
        let workload = index.workloads().iter().find(|it| it.object.kind() == "Deployment").expect("it is written");
        (workload.scale.floor, workload.scale.ceiling)
    })
}

fn hpa(version: &str, reference: &str, rest: &str) -> String {
    format!(
        "---\napiVersion: autoscaling/{version}\nkind: HorizontalPodAutoscaler\nmetadata: {{name: h{}}}\nspec: \
         {{scaleTargetRef: {{{reference}}}, {rest}}}\n",
        rest.len()
    )
}

fn keda(metadata: &str, rest: &str) -> String {
    format!(
        "---\napiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {{name: k{metadata}}}\nspec: \
         {{scaleTargetRef: {{name: a}}, {rest}}}\n"
    )
}

const DEPLOYMENT: &str = "apiVersion: apps/v1, kind: Deployment, name: a";

#[test]
fn autoscalers_set_the_scale_of_what_they_target() {
    assert_eq!(scale("minReadySeconds: 1", ""), (Some(1), Some(1)), "the default");
    assert_eq!(scale("replicas: 4", ""), (Some(4), Some(4)));
    assert_eq!(scale("replicas: \"${N}\"", ""), (None, None));
    assert_eq!(scale("replicas: -1", ""), (None, None), "refused by the API server");
    for version in ["v1", "v2", "v2beta1", "v2beta2"] {
        let one = hpa(version, DEPLOYMENT, "minReplicas: 3, maxReplicas: 9");
        assert_eq!(scale("replicas: 1", &one), (Some(3), Some(9)), "{version}");
    }
    assert_eq!(scale("replicas: 5", &hpa("v2", DEPLOYMENT, "maxReplicas: 9")), (Some(1), Some(9)), "the default");
    assert_eq!(scale("replicas: 0", &hpa("v2", DEPLOYMENT, "maxReplicas: 9")), (Some(0), Some(0)), "switched off");
    assert_eq!(scale("replicas: 5", &hpa("v2", DEPLOYMENT, "minReplicas: '${M}', maxReplicas: 9")), (None, Some(9)));
    let old = "apiVersion: extensions/v1beta1, kind: Deployment, name: a";
    assert_eq!(scale("replicas: 1", &hpa("v2", old, "minReplicas: 2, maxReplicas: 9")), (Some(2), Some(9)));
}

#[test]
fn autoscalers_that_mean_another_or_none_do_not_count() {
    for reference in [
        "apiVersion: apps/v1, kind: StatefulSet, name: a",
        "apiVersion: apps/v1, kind: deployment, name: a",
        "apiVersion: apps/v1, kind: Deployment, name: b",
        "apiVersion: argoproj.io/v1alpha1, kind: Deployment, name: a",
        "kind: Deployment, name: a",
    ] {
        let one = hpa("v2", reference, "minReplicas: 3, maxReplicas: 9");
        assert_eq!(scale("replicas: 1", &one), (Some(1), Some(1)), "{reference}");
    }
}

#[test]
fn of_two_autoscalers_the_higher_minimum_wins() {
    let low = hpa("v2", DEPLOYMENT, "minReplicas: 1, maxReplicas: 9");
    let high = hpa("v2", DEPLOYMENT, "minReplicas: 3, maxReplicas: 12");
    assert_eq!(scale("replicas: 1", &format!("{low}{high}")), (Some(3), Some(12)));
    assert_eq!(scale("replicas: 1", &format!("{high}{low}")), (Some(3), Some(12)));
    let open = hpa("v2", DEPLOYMENT, "minReplicas: '${MIN}', maxReplicas: 9");
    assert_eq!(scale("replicas: 1", &format!("{high}{open}")).0, None, "the other may be higher");
}

#[test]
fn keda_has_defaults_of_its_own() {
    let queue = "triggers: [{type: kafka}]";
    assert_eq!(scale("replicas: 3", &keda("", queue)), (Some(0), Some(100)));
    let both = format!("minReplicaCount: 2, maxReplicaCount: 7, {queue}");
    assert_eq!(scale("replicas: 3", &keda("", &both)), (Some(2), Some(7)));
    let idle = format!("minReplicaCount: 5, idleReplicaCount: 0, {queue}");
    assert_eq!(scale("replicas: 3", &keda("", &idle)), (Some(0), Some(100)));
    assert_eq!(scale("replicas: 3", &keda("", "triggers: [{type: cpu}]")), (Some(1), Some(100)));
    assert_eq!(scale("replicas: 3", &keda("", "triggers: [{type: cpu}, {type: memory}]")), (Some(1), Some(100)));
    assert_eq!(scale("replicas: 3", &keda("", "triggers: [{type: cpu}, {type: cron}]")), (Some(0), Some(100)));
    let paused = ", annotations: {autoscaling.keda.sh/paused-replicas: '4'}";
    assert_eq!(scale("replicas: 3", &keda(paused, queue)), (Some(4), Some(4)));
    let held = ", annotations: {autoscaling.keda.sh/paused: 'true'}";
    assert_eq!(scale("replicas: 3", &keda(held, queue)), (None, None), "as many as there were");
}

/// The nearness of two ConfigMaps, the first in `a/one.yaml`, the second in a file of this name, beside a
/// third in some namespace.
fn nearness(one: &str, other: &str, file: &str, third: &str) -> Nearness {
    let map = |name: &str, namespace: &str| {
        let namespace = if namespace.is_empty() { String::new() } else { format!(", namespace: {namespace}") };
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}{namespace}}}\n")
    };
    let files = [("a/one.yaml", map("one", one)), (file, map("other", other)), ("c/third.yaml", map("third", third))];
    let files: Vec<(&str, &str)> = files.iter().map(|it| (it.0, it.1.as_str())).collect();
    ask(&files, |index| {
        let objects = &index.environment().objects;
        let (there, back) = (index.nearness(&objects[0], &objects[1]), index.nearness(&objects[1], &objects[0]));
        assert_eq!(there, back, "it has no direction");
        there
    })
}

#[test]
fn namespaces_that_are_left_out_match_where_nothing_else_is_known() {
    use Nearness::{Different, Same, Unknown};
    let table = [
        ("shop", "shop", "b/x.yaml", "test", Same),
        ("shop", "test", "a/x.yaml", "test", Different),
        ("", "", "b/x.yaml", "test", Same),
        ("default", "", "b/x.yaml", "test", Same),
        ("shop", "", "b/x.yaml", "shop", Same),
        ("shop", "", "a/x.yaml", "test", Same),
        ("shop", "", "b/x.yaml", "test", Unknown),
        ("shop", "'${NS}'", "b/x.yaml", "test", Unknown),
        ("'${NS}'", "'${NS}'", "b/x.yaml", "test", Same),
        ("'${NS}'", "'${OTHER}'", "b/x.yaml", "test", Unknown),
    ];
    for (one, other, file, third, expected) in table {
        assert_eq!(nearness(one, other, file, third), expected, "{one:?} against {other:?} in {file}, beside {third}");
    }
}

#[test]
fn what_names_no_namespace_is_in_one_of_several_at_most() {
    let deployment = |namespace: &str| {
        workload("Deployment", "a", "replicas: 2").replace("{name: a}", &format!("{{name: a, namespace: {namespace}}}"))
    };
    let near = |namespaces: &[&str]| {
        let text: String = namespaces.iter().map(|it| deployment(it)).collect();
        ask(&[("a.yaml", &(text + &budget("maxUnavailable: 1")))], |index| {
            let (id, _) = index.budgets().next().expect("one is written");
            index.selected_by(id).iter().map(|it| it.nearness).collect::<Vec<_>>()
        })
    };
    assert_eq!(near(&["shop"]), [Nearness::Same]);
    assert_eq!(near(&["shop", "test"]), [Nearness::Unknown, Nearness::Unknown]);
    assert_eq!(near(&["default", "test"]), [Nearness::Same, Nearness::Unknown]);
}

#[test]
fn strimzi_s_budgets_are_switched_off_only_where_every_operator_says_so() {
    let kafka = "apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata: {name: k}\nspec: {kafka: {replicas: 3}, \
                 zookeeper: {replicas: 3}}\n";
    let operator = |name: &str, env: &str| {
        format!(
            "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec: {{template: {{spec: \
             {{containers: [{{name: o, image: 'quay.io/strimzi/operator:0.45.0', env: [{env}]}}]}}}}}}\n"
        )
    };
    let off = operator("a", "{name: STRIMZI_POD_DISRUPTION_BUDGET_GENERATION, value: 'False'}");
    let on = operator("b", "");
    let budgets = |others: &str| ask(&[("a.yaml", &format!("{kafka}{others}"))], |index| index.budgets().count());
    assert_eq!(budgets(""), 2, "Kafka and ZooKeeper");
    assert_eq!(budgets(&on), 2);
    assert_eq!(budgets(&off), 0);
    assert_eq!(budgets(&format!("{off}{on}")), 2);
}
