//! `edms-lint drill` as users run it.

use crate::common::root;
use edms_lint::rules;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn drill_in(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_edms-lint"))
        .arg("drill")
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program runs")
}

fn text(arguments: &[&str]) -> String {
    String::from_utf8(drill_in(&root(), arguments).stdout).expect("output is UTF-8")
}

fn code(arguments: &[&str]) -> Option<i32> {
    drill_in(&root(), arguments).status.code()
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&text(&[arguments, &["--format", "json"]].concat())).expect("output is JSON")
}

/// The drill of manifests in a folder of their own, with this configuration.
fn of(manifests: &str, config: &str, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("there is room for files");
    let here = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("can be written");
    std::fs::create_dir(folder.path().join("k8s")).expect("can be made");
    here("k8s/app.yaml", manifests);
    here("k8s/rest.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n");
    here(".edms-lint.yaml", config);
    drill_in(folder.path(), &[&["k8s"], arguments].concat())
}

/// The scenario of a subject, by its title.
fn scenario<'v>(drill: &'v Value, title: &str, name: &str) -> &'v Value {
    let subjects = drill["subjects"].as_array().expect("there are subjects");
    let subject = subjects.iter().find(|it| it["title"] == title).unwrap_or_else(|| panic!("no {title}: {drill:#}"));
    let scenarios = subject["scenarios"].as_array().expect("it has scenarios");
    scenarios.iter().find(|it| it["scenario"] == name).unwrap_or(&Value::Null)
}

fn verdict(manifests: &str, config: &str, name: &str) -> String {
    let output = of(manifests, config, &["--format", "json"]);
    let drill: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|it| panic!("{it}: {}", String::from_utf8_lossy(&output.stderr)));
    scenario(&drill, "Deployment app", name)["verdict"].as_str().unwrap_or("none").to_owned()
}

/// A Deployment with constraints, and a budget that lets one pod go.
fn app(replicas: u32, spec: &str, strategy: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata: {{name: app}}
spec:
  replicas: {replicas}
  {strategy}
  selector: {{matchLabels: {{app: app}}}}
  template:
    metadata: {{labels: {{app: app}}}}
    spec:
      containers: [{{name: app, image: registry.example.com/app:1.0.0}}]
      {spec}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{name: app}}
spec: {{maxUnavailable: 1, selector: {{matchLabels: {{app: app}}}}}}
"
    )
}

const APART: &str = "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: \
                     kubernetes.io/hostname, labelSelector: {matchLabels: {app: app}}}]}}";

fn spread(more: &str) -> String {
    format!(
        "topologySpreadConstraints: [{{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, \
         labelSelector: {{matchLabels: {{app: app}}}}{more}}}]"
    )
}

#[test]
fn the_shop_is_stuck_and_says_where() {
    let shop = text(&["fixtures/projects/shop"]);
    let stuck = shop.lines().find(|it| it.starts_with("STUCK")).expect("something is stuck");
    assert!(stuck.contains("allows 0 of 2 pods to go") && stuck.ends_with("backend.yaml:76:3"), "{stuck}");
    assert!(shop.starts_with("fixtures/projects/shop at the least scale; 3 nodes in 3 zones (assumed"), "{shop}");
    let rows = [
        "Deployment backend           2  may fail 0..1  may fail 0..1  STUCK             survives 2  may fail",
        "Deployment order-consumer    1  fails 0        fails 0        down for a while  survives 1  -",
        "Kafka events, writes         1  fails          fails          down for a while  fails       -",
        "ZooKeeper of events        1/1  fails          fails          down for a while  fails       -",
        "StatefulSet orders-db        1  fails 0        fails 0        down for a while  fails 0     -",
        "Service backend              2  may fail 0..1  may fail 0..1  STUCK             survives 2  may fail",
        "3 of 6 survive nothing",
    ];
    for row in rows {
        assert!(shop.lines().any(|it| it.trim() == row), "{row}\n{shop}");
    }
}

#[test]
fn a_gate_fails_on_what_it_requires_alone() {
    assert_eq!(code(&["fixtures/projects/shop"]), Some(0));
    assert_eq!(code(&["fixtures/projects/shop", "--require", "drain"]), Some(1));
    assert_eq!(code(&["fixtures/projects/shop", "--require", "drains"]), Some(2));
    assert_eq!(code(&["fixtures/projects/shop", "--nodes", "0"]), Some(2));
    assert_eq!(code(&["fixtures/projects/shop", "--nodes", "3", "--zones", "4"]), Some(2));
    let soft = app(2, "terminationGracePeriodSeconds: 30", "");
    assert_eq!(of(&soft, "", &["--require", "node"]).status.code(), Some(0), "it may fail, which is no proof");
    assert_eq!(of(&soft, "", &["--require", "node", "--strict"]).status.code(), Some(1));
    assert_eq!(of(&soft, "drill: {require: [node]}", &["--strict"]).status.code(), Some(1));
    assert_eq!(of(&app(3, APART, ""), "drill: {require: [node]}", &["--strict"]).status.code(), Some(0));
}

#[test]
fn mistakes_in_the_configuration_have_a_place() {
    let said = |config: &str| {
        let output = of(&app(2, APART, ""), config, &[]);
        assert_eq!(output.status.code(), Some(2), "{config}");
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    assert!(
        said("drill: {need: {ap: 2}}\n")
            .contains(".edms-lint.yaml:1:16: no workload is called `ap`: did you mean `app`?")
    );
    assert!(said("drill: {need: {app: 3}}\n").contains("3 pods of `app` are needed, and it has 2 at most"));
    assert!(said("drill: {requires: [node]}\n").contains("did you mean `require`"));
    assert!(said("drill: {require: [nod]}\n").contains("did you mean `node`"));
    assert!(said("cluster: {nodes: 4, zones-of-nodes: [2, 1]}\n").contains("`zones-of-nodes` are 3 nodes"));
}

#[test]
fn the_configuration_says_how_nodes_are_drained() {
    let of = |config: &str| {
        verdict(&app(3, &spread(""), ""), &format!("cluster: {{nodes: 3, zones: 3}}\n{config}"), "drain")
    };
    assert_eq!(of(""), "survives");
    assert_eq!(of("drill: {at-once: 2}\n"), "may-fail");
    let output =
        self::of(&app(3, APART, ""), "drill: {drain: {force: false, delete-emptydir-data: true}}\n", &["--verbose"]);
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(said.contains("pods without a controller: drains without --force stop at them"), "{said}");
    assert!(said.contains("pods with emptyDir: they go by --delete-emptydir-data"), "{said}");
}

/// Each of these is told apart from its neighbour by one term of the arithmetic.
#[test]
fn verdicts_follow_the_arithmetic() {
    let cluster = "cluster: {nodes: 3, zones: 3}\n";
    let of = |manifests: &str, name: &str| verdict(manifests, cluster, name);
    assert_eq!(of(&app(3, APART, ""), "lose-node"), "survives");
    assert_eq!(of(&app(3, APART, ""), "roll"), "stuck");
    assert_eq!(of(&app(1, APART, ""), "lose-node"), "fails");
    // After rollouts two of three pods may share a node; one is left.
    assert_eq!(of(&app(3, &spread(""), ""), "lose-node"), "survives");
    // Of two and a third while they are rolled out a node may hold one only.
    assert_eq!(of(&app(2, &spread(""), ""), "lose-node"), "survives");
    assert_eq!(of(&app(6, &spread(""), ""), "drain"), "stuck");
    assert_eq!(of(&app(6, &spread(", nodeTaintsPolicy: Honor"), ""), "drain"), "survives");
    assert_eq!(of(&app(2, "terminationGracePeriodSeconds: 30", ""), "lose-node"), "may-fail");
    assert_eq!(of(&app(2, "nodeSelector: {disk: fast}", ""), "lose-node"), "not-known");
    assert_eq!(of(&app(2, "nodeName: one", ""), "lose-node"), "fails");
    assert_eq!(of(&app(2, APART, "strategy: {type: Recreate}"), "roll"), "fails");
    // Two nodes of a zone may hold both pods.
    let zones = "cluster: {nodes: 4, zones: 2}\n";
    assert_eq!(verdict(&app(2, APART, ""), zones, "lose-zone"), "may-fail");
    assert_eq!(verdict(&app(3, APART, ""), zones, "lose-zone"), "survives");
    assert_eq!(verdict(&app(2, APART, ""), "cluster: {zones-of-nodes: [1, 1]}\n", "lose-zone"), "survives");
}

#[test]
fn every_cell_is_proved_with_a_place_and_json_fits_its_schema() {
    let schema: Value = serde_json::from_str(include_str!("../../schemas/drill-v1.json")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let projects = std::fs::read_dir(root().join("fixtures/projects")).expect("there are projects");
    let ids: Vec<String> = rules::all().map(|it| it.id().to_string()).collect();
    for project in projects {
        let project = project.expect("can be read").path();
        let name = project.strip_prefix(root()).expect("below the root").to_string_lossy().into_owned();
        let drill = json(&[&name]);
        let errors: Vec<String> =
            validator.iter_errors(&drill).map(|it| format!("{}: {it}", it.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new(), "{name}");
        let several = drill["environments"].as_array().cloned().unwrap_or_else(|| vec![drill.clone()]);
        let subjects = several.iter().flat_map(|it| it["subjects"].as_array().cloned().unwrap_or_default());
        for subject in subjects {
            for scenario in subject["scenarios"].as_array().expect("a list") {
                let proof = scenario["proof"].as_array().expect("a list");
                assert!(proof.iter().any(|it| it["place"].is_object()), "{name}: {scenario:#}");
                for rule in scenario["because"].as_array().expect("a list") {
                    assert!(ids.iter().any(|it| rule == it.as_str()), "there is no rule {rule}");
                }
            }
        }
    }
}

#[test]
fn the_order_of_arguments_does_not_change_a_byte() {
    let [one, other] = ["fixtures/projects/kafka-kraft", "fixtures/projects/shop"];
    for format in ["text", "markdown", "html", "json"] {
        let there = text(&[one, other, "--format", format]);
        assert_eq!(there, text(&[other, one, "--format", format]), "{format}");
        assert_eq!(there, text(&[one, other, "--format", format]), "{format}");
    }
}

#[test]
fn the_page_stands_alone() {
    let page = text(&["fixtures/projects/shop", "--format", "html"]);
    for foreign in ["<script", "javascript:", "http://", "https://", " onclick", "<link", "<img"] {
        assert!(!page.contains(foreign), "the page has {foreign:?}");
    }
    for part in ["lang=\"en\"", "scope=\"row\"", "node 1 is lost", "STUCK", "<figcaption>", "@media print"] {
        assert!(page.contains(part), "the page lacks {part}");
    }
}

#[test]
fn the_page_on_drills_is_shown() {
    let output = Command::new(env!("CARGO_BIN_EXE_edms-lint")).args(["explain", "drill"]).output().expect("runs");
    let page = String::from_utf8(output.stdout).expect("UTF-8");
    for word in ["survives", "may fail", "STUCK", "asleep", "not known", "after scale-down"] {
        assert!(page.contains(word), "the page does not explain {word}");
    }
}

#[test]
fn kafka_is_drilled_down_to_its_topics() {
    let drill = json(&["fixtures/projects/kafka-kraft"]);
    assert_eq!(scenario(&drill, "Kafka events, writes", "roll")["verdict"], "survives");
    assert_eq!(scenario(&drill, "Controllers of events", "roll")["verdict"], "survives");
    let shop = json(&["fixtures/projects/shop"]);
    for name in ["lose-node", "lose-zone", "drain", "roll"] {
        assert_eq!(scenario(&shop, "Kafka events, writes", name)["verdict"], "fails", "{name}");
        assert_eq!(scenario(&shop, "ZooKeeper of events", name)["verdict"], "fails", "{name}");
    }
}

/// Of three pods of `backend` two are on one node, and a fourth has failed; both pods of `sessions` are in one zone.
const PLACED: &str = "fixtures/dumps/placed.yaml";

#[test]
fn a_dump_shows_where_pods_are() {
    let drill = json(&[PLACED, "--placement", "actual"]);
    let numbers = |title: &str, name: &str| {
        let it = scenario(&drill, title, name);
        (it["verdict"].as_str().unwrap_or_default().to_owned(), it["least"].as_i64(), it["most"].as_i64())
    };
    let is = |verdict: &str, pods: i64| (verdict.to_owned(), Some(pods), Some(pods));
    assert_eq!(numbers("Deployment backend", "lose-node"), is("survives", 1));
    assert_eq!(numbers("Deployment backend", "lose-zone"), is("survives", 1));
    assert_eq!(numbers("StatefulSet sessions", "lose-node"), is("survives", 1));
    assert_eq!(numbers("StatefulSet sessions", "lose-zone"), is("fails", 0));
    let reason = scenario(&drill, "StatefulSet sessions", "lose-zone")["reason"].clone();
    assert_eq!(reason, "the dump shows 2 pods that are ready, 2 of them in one zone");
    // By the worst placement neither is sure of anything.
    let worst = json(&[PLACED]);
    assert_eq!(scenario(&worst, "Deployment backend", "lose-node")["verdict"], "may-fail");
    assert_eq!(scenario(&worst, "StatefulSet sessions", "lose-node")["verdict"], "may-fail");
    let output = drill_in(&root(), &["fixtures/projects/shop", "--placement", "actual"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("not a dump"), "{output:?}");
}

#[test]
fn another_label_of_nodes_stands_in_place_of_zones() {
    let drill = json(&[PLACED, "--lose", "example.com/rack"]);
    let names = |title: &str| -> Vec<String> {
        let subjects = drill["subjects"].as_array().expect("there are subjects");
        let subject = subjects.iter().find(|it| it["title"] == title).expect("it is there");
        let names = subject["scenarios"].as_array().expect("it has scenarios").iter();
        names.filter_map(|it| it["scenario"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(names("Deployment catalogue"), ["lose-zone", "drain", "roll"]);
    // Of four pods, five during a rollout, three may be in one of two racks.
    let lost = scenario(&drill, "Deployment catalogue", "lose-zone");
    assert_eq!((lost["verdict"].as_str(), lost["least"].as_i64()), (Some("survives"), Some(1)));
    // Without the label they are zones that nobody spreads over.
    let zones = json(&[PLACED]);
    assert_eq!(scenario(&zones, "Deployment catalogue", "lose-zone")["verdict"], "not-known");
    let actual = json(&[PLACED, "--lose", "example.com/rack", "--placement", "actual"]);
    assert_eq!(scenario(&actual, "Deployment backend", "lose-zone")["least"], 1);
    assert_eq!(scenario(&actual, "StatefulSet sessions", "lose-zone")["verdict"], "fails");
    let output = drill_in(&root(), &[PLACED, "--lose", "example.com/row"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--lose example.com/row: no node has this label"));
}

#[test]
fn pools_and_sizes_are_checked() {
    let said = |config: &str| {
        let output = of(&app(2, "", ""), config, &[]);
        assert_eq!(output.status.code(), Some(2), "{config}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(
        said("cluster: {nodes: 4, pools: [{nodes: 3}]}\n")
            .contains("`pools` without taints are 3 nodes, and `nodes` is 4")
    );
    assert!(said("cluster: {pools: [{zones: 3}]}\n").contains("`nodes` is missing"));
    assert!(said("cluster: {pools: [{nodes: 2, zones: 3}]}\n").contains("3 zones for 2 nodes"));
    assert!(said("cluster: {pools: [{nodes: 2, taints: [team=a:NoScheduled]}]}\n").contains("did you mean"));
    assert!(said("cluster: {node: {cpu: much}}\n").contains("`much` is not an amount"));
}

#[test]
fn what_may_run_pods_unseen_is_named() {
    let custom = |group: &str, kind: &str, name: &str| {
        format!(
            "---\napiVersion: {group}/v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: shop}}\nspec: {{replicas: 3}}\n"
        )
    };
    let queue = custom("rabbitmq.com", "RabbitmqCluster", "queue").replace("/v1\n", "/v1beta1\n");
    let manifests = [
        app(2, "", ""),
        custom("monitoring.coreos.com", "Prometheus", "k8s"),
        queue.clone(),
        // Machines and certificates are no pods.
        custom("infrastructure.cluster.x-k8s.io", "MachineSet", "workers"),
        custom("cert-manager.io", "Certificate", "shop"),
    ]
    .concat();
    let output = of(&manifests, "", &["--format", "json"]);
    let drill: Value = serde_json::from_slice(&output.stdout).expect("output is JSON");
    assert_eq!(drill["notJudged"], serde_json::json!(["Prometheus k8s", "RabbitmqCluster queue"]));
    for format in ["text", "markdown", "html"] {
        let output = of(&manifests, "", &["--format", format]);
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("not judged: Prometheus k8s, RabbitmqCluster queue; the pods"), "{format}: {text}");
    }
    let alone = of(&queue, "", &[]);
    assert!(String::from_utf8_lossy(&alone.stdout).contains("not judged: RabbitmqCluster queue; the pods"));
}

/// A folder with an environment of ten parts for each number below this.
fn environments(number: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is room for files");
    for at in 0..number {
        let parts = (0..10).map(|it| app(2, "", "").replace("app}", &format!("app-{it}}}"))).collect::<Vec<_>>();
        let here = folder.path().join(format!("env-{at}"));
        std::fs::create_dir(&here).expect("can be made");
        std::fs::write(here.join("kustomization.yaml"), "resources: [all.yaml]\n").expect("can be written");
        std::fs::write(here.join("all.yaml"), parts.join("---\n")).expect("can be written");
    }
    folder
}

#[test]
fn pages_of_many_environments_stay_small() {
    let folder = environments(200);
    let output = drill_in(folder.path(), &[".", "--format", "markdown"]);
    let text = String::from_utf8(output.stdout).expect("output is UTF-8");
    let all = text.matches("\n### ").count();
    assert!(text.len() <= 1 << 20, "{} bytes", text.len());
    assert!(all == 200 || text.contains(&format!("{} environments more would not fit", 200 - all)), "{all} are shown");
    let page = drill_in(folder.path(), &[".", "--format", "html"]).stdout;
    assert!(page.len() < 200 * 16_000, "{} bytes", page.len());
    let page = String::from_utf8(page).expect("output is UTF-8");
    assert!(page.contains("and 9 more, which <code>--format json</code> has"));
}
