//! Each key of `.edms-lint.yaml` has its effect, the schema is current, and `init` writes what can be kept.
//!
//! `EDMS_LINT_UPDATE=1 cargo test --test all config` writes the schema anew.

use crate::common::root;
use assert_cmd::Command;
use edms_lint::config::keys;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A Deployment of which nothing tells what it is: a warning for its one replica.
const THING: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: thing, namespace: shop}\nspec: {replicas: 1, selector: {matchLabels: {app: thing}}, template: {metadata: {labels: {app: thing}}, spec: {containers: [{name: main, image: 'registry.example/thing:1'}]}}}\n";
const NODES: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";
const BUDGET: &str = "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: thing, namespace: shop}\nspec: {maxUnavailable: 1, selector: {matchLabels: {app: thing}}}\n";
const CONNECT: &str = "apiVersion: kafka.strimzi.io/v1\nkind: KafkaConnect\nmetadata: {name: copy}\nspec: {version: 3.9.0, replicas: 2}\n";
const KAFKA: &str = "apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata: {name: events}\nspec:\n  zookeeper: {replicas: 3, storage: {type: persistent-claim, size: 1Gi}}\n  kafka:\n    replicas: 3\n    version: 3.9.0\n    storage: {type: persistent-claim, size: 1Gi}\n    template:\n      pod:\n        topologySpreadConstraints:\n          - {maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {strimzi.io/cluster: events}}}\n";
const STORE: &str = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec: {replicas: 1, serviceName: db, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: 'postgres:17', volumeMounts: [{name: data, mountPath: /var/lib/postgresql/data}]}]}}, volumeClaimTemplates: [{metadata: {name: data}, spec: {storageClassName: fast, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]}\n";

/// A folder of manifests with a configuration.
fn folder(config: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("there is room for files");
    let files = [
        ("k8s/thing.yaml", THING),
        ("k8s/nodes.yaml", NODES),
        ("k8s/budget.yaml", BUDGET),
        ("k8s/connect.yaml", CONNECT),
        ("k8s/kafka.yaml", KAFKA),
        ("k8s/db.yaml", STORE),
        (".git/HEAD", ""),
        (".edms-lint.yaml", config),
    ];
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().expect("has a folder")).expect("can be made");
        fs::write(file, text).expect("can be written");
    }
    folder
}

/// Exit code, stdout and stderr.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("edms-lint").expect("the binary is built");
    let command = command.current_dir(folder).env_remove("FORCE_COLOR");
    if !arguments.first().is_some_and(|it| ["init", "schema", "completions", "man"].contains(it)) {
        command.args(["--today", "2026-11-25"]);
    }
    let output = command.args(arguments).output().expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
    (output.status.code().expect("it exits"), text(&output.stdout), text(&output.stderr))
}

/// A rule, the key that it tells the effect of, a configuration with it, and what is found: `file severity`.
struct Row {
    key: &'static str,
    rule: &'static str,
    config: &'static str,
    found: &'static [&'static str],
}

const SMALL: &str = "workload-too-few-replicas";
const NONE: &[&str] = &[];

fn row(key: &'static str, rule: &'static str, config: &'static str, found: &'static [&'static str]) -> Row {
    Row { key, rule, config, found }
}

/// What is found without any configuration, and with each key.
fn rows() -> Vec<Row> {
    let warning: &[&str] = &["k8s/thing.yaml warning"];
    let note: &[&str] = &["k8s/thing.yaml note"];
    let error: &[&str] = &["k8s/thing.yaml error"];
    vec![
        row("", SMALL, "", warning),
        row("profile", SMALL, "profile: production", error),
        row("profile", SMALL, "profile: relaxed", note),
        row("rules", SMALL, "rules: {workload-too-few-replicas: error}", error),
        row("rules", SMALL, "rules: {workload-too-few-replicas: off}", NONE),
        row("rules.level", SMALL, "rules: {workload-too-few-replicas: {level: note}}", note),
        row("rules", SMALL, "rules: {workload-too-few-replicas: {min-replicas: 1}}", NONE),
        row("components", SMALL, "components: [{match: {name: thing}, role: singleton}]", note),
        row("components.role", SMALL, "components: [{match: {name: thing}, role: ignore}]", NONE),
        row("components.match", SMALL, "components: [{match: {name: other}, role: ignore}]", warning),
        row("components.match.name", SMALL, "components: [{match: {name: th*}, role: ignore}]", NONE),
        row("components.match.kind", SMALL, "components: [{match: {kind: Deployment}, role: ignore}]", NONE),
        row("components.match.kind", SMALL, "components: [{match: {kind: DaemonSet}, role: ignore}]", warning),
        row("components.match.namespace", SMALL, "components: [{match: {namespace: sh*}, role: ignore}]", NONE),
        row("components.match.namespace", SMALL, "components: [{match: {namespace: a}, role: ignore}]", warning),
        row("components.match.labels", SMALL, "components: [{match: {labels: {app: thing}}, role: ignore}]", NONE),
        row("components.match.labels", SMALL, "components: [{match: {labels: {app: a}}, role: ignore}]", warning),
        row("components.match.image", SMALL, "components: [{match: {image: '*/thing:*'}, role: ignore}]", NONE),
        row("components.match.image", SMALL, "components: [{match: {image: '*/a:*'}, role: ignore}]", warning),
        row("environments", SMALL, "environments: [{name: k8s, profile: production}]", error),
        row("environments.name", SMALL, "environments: [{name: other, profile: production}]", warning),
        row("environments.paths", SMALL, "environments: [{name: all, paths: [k8s], profile: production}]", error),
        row("environments.profile", SMALL, "profile: relaxed\nenvironments: [{name: k8s, profile: default}]", warning),
        row("environments.rules", SMALL, "environments: [{name: k8s, rules: {workload-too-few-replicas: off}}]", NONE),
        row(
            "environments.components",
            SMALL,
            "components: [{match: {name: thing}, role: backend}]\nenvironments: [{name: k8s, components: [{match: {name: thing}, role: singleton}]}]",
            note,
        ),
        row(
            "environments.cluster",
            "removed-api-version",
            "cluster: {kubernetes: \"1.30\"}\nenvironments: [{name: k8s, cluster: {kubernetes: \"1.24\"}}]",
            NONE,
        ),
        row(
            "environments.storage-classes",
            "storage-not-redundant",
            "storage-classes: {fast: multi-zone}\nenvironments: [{name: k8s, storage-classes: {fast: node-local}}]",
            &["k8s/db.yaml warning"],
        ),
        row("paths", SMALL, "paths: [k8s/db.yaml, k8s/nodes.yaml]", NONE),
        row("exclude", SMALL, "exclude: [k8s/thing.*]", NONE),
        row("cluster", "cluster-too-few-nodes", "", NONE),
        row("cluster.nodes", "cluster-too-few-nodes", "cluster: {nodes: 2}", &[".edms-lint.yaml warning"]),
        row("cluster.zones", "kafka-rack-unaware", "", &["k8s/kafka.yaml note"]),
        row("cluster.zones", "kafka-rack-unaware", "cluster: {zones: 1}", NONE),
        row("cluster.kubernetes", "removed-api-version", "", &["k8s/budget.yaml error"]),
        row("cluster.kubernetes", "removed-api-version", "cluster: {kubernetes: 1.24}", NONE),
        row("cluster.operators", "kafka-version-unsupported", "", NONE),
        row(
            "cluster.operators.strimzi",
            "kafka-version-unsupported",
            "cluster: {operators: {strimzi: 0.51.0}}",
            &["k8s/connect.yaml error", "k8s/kafka.yaml error"],
        ),
        row("storage-classes", "storage-not-redundant", "storage-classes: {fast: multi-zone}", NONE),
        row(
            "storage-classes",
            "storage-not-redundant",
            "storage-classes: {fast: node-local}",
            &["k8s/db.yaml warning"],
        ),
    ]
    .into_iter()
    .chain(rows_of_exceptions())
    .collect()
}

/// The same for the keys of `ignore`.
fn rows_of_exceptions() -> Vec<Row> {
    let warning: &[&str] = &["k8s/thing.yaml warning"];
    vec![
        row("ignore", SMALL, "ignore: [{rules: [workload-too-few-replicas], paths: [k8s]}]", NONE),
        row("ignore.rules", SMALL, "ignore: [{rules: [pdb-missing], paths: [k8s]}]", warning),
        row("ignore.paths", SMALL, "ignore: [{rules: [workload-too-few-replicas], paths: ['k8s/d*']}]", warning),
        row("ignore.objects", SMALL, "ignore: [{rules: [workload-too-few-replicas], objects: [{name: t*}]}]", NONE),
        row(
            "ignore.objects.name",
            SMALL,
            "ignore: [{rules: [workload-too-few-replicas], objects: [{name: a}]}]",
            warning,
        ),
        row(
            "ignore.objects.kind",
            SMALL,
            "ignore: [{rules: [workload-too-few-replicas], objects: [{kind: Job}]}]",
            warning,
        ),
        row(
            "ignore.objects.namespace",
            SMALL,
            "ignore: [{rules: [workload-too-few-replicas], objects: [{namespace: a}, {namespace: sho*}]}]",
            NONE,
        ),
        row(
            "ignore.environments",
            SMALL,
            "ignore: [{rules: [workload-too-few-replicas], environments: [other]}]",
            warning,
        ),
        row(
            "ignore.until",
            SMALL,
            "ignore: [{rules: [workload-too-few-replicas], paths: [k8s], until: 2026-11-24}]",
            warning,
        ),
    ]
}

#[test]
fn each_key_has_its_effect() {
    let mut wrong = Vec::new();
    for Row { key, rule, config, found } in rows() {
        let dir = folder(config);
        let arguments = ["--select", rule, "--format", "json", "k8s"];
        let arguments = if key == "paths" { &arguments[..4] } else { &arguments[..] };
        let (_, stdout, stderr) = run(dir.path(), arguments);
        let report: serde_json::Value = serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{config}: {stderr}"));
        let findings = report["findings"].as_array().expect("is a list").iter();
        let text = |it: &serde_json::Value| it.as_str().unwrap_or_default().to_owned();
        let mut told: Vec<String> =
            findings.map(|it| format!("{} {}", text(&it["file"]), text(&it["severity"]))).collect();
        told.sort();
        if told != found {
            wrong.push(format!("{key}: {config}\n  {told:?} instead of {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Keys with tests of their own, below or beside the reader.
const ELSEWHERE: &[&str] = &[
    "baseline",
    "attestations",
    "attestations.id",
    "attestations.owner",
    "attestations.date",
    "attestations.expires",
    "attestations.evidence",
    "attestations.environments",
    "environments.attestations",
    "cluster.zones-of-nodes",
    "cluster.pools",
    "cluster.pools.nodes",
    "cluster.pools.zones",
    "cluster.pools.labels",
    "cluster.pools.taints",
    "cluster.pools.taints.key",
    "cluster.pools.taints.value",
    "cluster.pools.taints.effect",
    "cluster.node",
    "cluster.node.cpu",
    "cluster.node.memory",
    "drill",
    "drill.require",
    "drill.at-once",
    "drill.need",
    "drill.drain",
    "drill.drain.force",
    "drill.drain.delete-emptydir-data",
    "ignore.reason",
    "render",
    "render.chart",
    "render.values",
    "render.name",
    "render.release",
    "render.namespace",
    "require-reason",
];

#[test]
fn no_key_is_without_a_test() {
    let tables = [
        ("", keys::TOP),
        ("rules.", keys::RULE),
        ("components.", keys::COMPONENT),
        ("components.match.", keys::MATCH),
        ("environments.", keys::ENVIRONMENT),
        ("cluster.", keys::CLUSTER),
        ("cluster.operators.", keys::OPERATORS),
        ("cluster.pools.", keys::POOL),
        ("cluster.pools.taints.", keys::TAINT),
        ("cluster.node.", keys::NODE),
        ("drill.", keys::DRILL),
        ("drill.drain.", keys::DRAIN),
        ("render.", keys::RENDER),
        ("attestations.", keys::ATTESTATION),
        ("ignore.", keys::EXCEPTION),
        ("ignore.objects.", keys::OBJECT),
    ];
    let all: BTreeSet<String> =
        tables.iter().flat_map(|(prefix, keys)| keys.iter().map(move |(key, _)| format!("{prefix}{key}"))).collect();
    let rows = rows();
    let tested = rows.iter().map(|it| it.key).chain(ELSEWHERE.iter().copied()).filter(|it| !it.is_empty());
    assert_eq!(tested.map(str::to_owned).collect::<BTreeSet<String>>(), all);
}

#[test]
fn attestations_settle_what_manifests_cannot_tell() {
    let attested = |config: &str| {
        let dir = folder(config);
        let (_, stdout, stderr) =
            run(dir.path(), &["--format", "json", "--select", "kafka-version-unsupported", "k8s"]);
        let report: serde_json::Value = serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{config}: {stderr}"));
        let list = |key: &str| report[key].as_array().map_or(0, Vec::len);
        (list("attested"), list("notVerifiable"))
    };
    let entry = "{id: kafka-version-unsupported, owner: platform, date: 2026-11-01, evidence: docs/kafka.md}";
    assert_eq!(attested(""), (0, 2));
    assert_eq!(attested(&format!("attestations: [{entry}]")), (2, 0));
    assert_eq!(attested(&format!("environments: [{{name: k8s, attestations: [{entry}]}}]")), (2, 0));
    let more = |more: &str| format!("attestations: [{}]", entry.replace('}', &format!(", {more}}}")));
    assert_eq!(attested(&more("environments: [k8s]")), (2, 0));
    assert_eq!(attested(&more("environments: [other]")), (0, 2));
    assert_eq!(attested(&more("expires: 2026-11-25")), (0, 2), "its day has come");
    assert_eq!(
        attested(&format!("attestations: [{}]", entry.replace("2026-11", "2026-02"))),
        (0, 2),
        "180 days are over"
    );
}

#[test]
fn what_holds_in_one_environment_makes_no_other() {
    let dir = folder("environments: [{name: k8s, profile: production}, {name: k8, profile: relaxed}]");
    let (_, _, stderr) = run(dir.path(), &["--select", SMALL, "k8s"]);
    assert_eq!(stderr.lines().filter(|it| it.starts_with("k8")).count(), 1, "{stderr}");
    let (_, _, stderr) = run(dir.path(), &["--select", SMALL]);
    assert!(stderr.contains("names an environment `k8` that does not exist"), "{stderr}");
}

#[test]
fn exceptions_say_why() {
    let entry = "ignore: [{rules: [workload-too-few-replicas], paths: [k8s], reason: a lock allows one}]\n";
    let dir = folder(&format!("require-reason: true\n{entry}"));
    let (code, stdout, stderr) = run(dir.path(), &["--select", SMALL, "--show-suppressed", "k8s"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("suppressed[workload-too-few-replicas]"), "{stdout}");
    assert!(stdout.contains("(configuration at .edms-lint.yaml:2: a lock allows one)"), "{stdout}");
    assert!(stderr.contains("1 suppressed"), "{stderr}");
    let dir = folder(&format!("require-reason: true\n{}", entry.replace(", reason: a lock allows one", "")));
    let (code, _, stderr) = run(dir.path(), &["k8s"]);
    assert!(code == 2 && stderr.contains("`reason` is missing"), "{stderr}");
}

#[test]
fn all_mistakes_are_shown_at_once() {
    let text = "profil: default\nrules:\n  pdb-mising: off\n  kafka-too-few-brokers: {min-broker: 5}\ncomponents:\n  - {match: {name: a}, role: singelton}\n";
    let dir = folder(text);
    let (code, stdout, stderr) = run(dir.path(), &["k8s"]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    for place in ["[.edms-lint.yaml:1:1]", "[.edms-lint.yaml:3:3]", "[.edms-lint.yaml:4:27]", "[.edms-lint.yaml:6:30]"]
    {
        assert!(stderr.contains(place), "{place} is not in\n{stderr}");
    }
    for word in ["`profile`", "`pdb-missing`", "`min-brokers`", "`singleton`"] {
        assert!(stderr.contains(word), "{word} is not in\n{stderr}");
    }
}

#[test]
fn what_is_in_force_is_shown_with_its_origin() {
    let config = "profile: relaxed\nrules:\n  hpa-missing: error\n  kafka-too-few-brokers:\n    min-brokers: 5\ncluster: {nodes: 6}\nstorage-classes: {fast: zonal}\npaths: [k8s]\nexclude: [old]\nrequire-reason: true\nenvironments:\n  - name: prod\n    paths: [k8s]\n    profile: production\nignore:\n  - {rules: [pdb-missing], objects: [{kind: Job, name: a*}], until: 2027-01-31, reason: a job}\n";
    let dir = folder(config);
    let (code, stdout, _) = run(dir.path(), &["--show-config"]);
    assert_eq!(code, 0);
    for line in [
        "profile: relaxed # .edms-lint.yaml:1\n",
        "  hpa-missing: error # .edms-lint.yaml:3\n",
        "    min-brokers: 5 # .edms-lint.yaml:5\n",
        "  nodes: 6 # .edms-lint.yaml:6\n",
        "  fast: zonal # .edms-lint.yaml:7\n",
        "paths: [k8s] # .edms-lint.yaml:8\n",
        "exclude: [old] # .edms-lint.yaml:9\n",
        "require-reason: true # .edms-lint.yaml:10\n",
        "  - name: prod # .edms-lint.yaml:12\n",
        "    paths: [k8s] # .edms-lint.yaml:13\n",
        "    profile: production # .edms-lint.yaml:14\n",
    ] {
        assert!(stdout.contains(line), "{line} is not in\n{stdout}");
    }
    let (_, stdout, _) = run(dir.path(), &["--show-config", "--profile", "production", "--ignore", "hpa-missing"]);
    assert!(stdout.contains("profile: production # --profile\n") && stdout.contains("  hpa-missing: off # --ignore\n"));
    fs::write(dir.path().join("shown.yaml"), &stdout).expect("can be written");
    assert_eq!(run(dir.path(), &["--config", "shown.yaml", "--show-config"]).0, 0, "what is shown can be read");
}

#[test]
fn the_schema_is_current_and_fits() {
    let dir = folder("");
    let (code, schema, _) = run(dir.path(), &["schema"]);
    assert_eq!(code, 0);
    let path = root().join("schemas/config-v1.json");
    if std::env::var_os("EDMS_LINT_UPDATE").is_some() {
        fs::write(&path, &schema).expect("the schema can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == schema, "run EDMS_LINT_UPDATE=1 cargo test --test all config");
    let schema: serde_json::Value = serde_json::from_str(&schema).expect("is JSON");
    let validator = jsonschema::validator_for(&schema).expect("is a schema");
    let value = |text: &str| -> serde_json::Value { yaml_serde::from_str(text).expect("is YAML") };
    for Row { config, .. } in rows().into_iter().filter(|it| !it.config.is_empty()) {
        assert!(validator.is_valid(&value(config)), "{config}");
    }
    for bad in [
        "profil: default",
        "profile: strict",
        "rules: {pdb-mising: off}",
        "rules: {pdb-missing: fatal}",
        "rules: {kafka-too-few-brokers: {min-broker: 5}}",
        "components: [{match: {}, role: app}]",
        "components: [{match: {name: a}, role: apps}]",
        "environments: [{name: a}]",
        "cluster: {nodes: 0}",
        "storage-classes: {a: zonall}",
        "attestations: [{id: a, owner: b, date: 2026-11-01}]",
        "ignore: [{rules: [pdb-missing]}]",
        "ignore: [{paths: [a]}]",
    ] {
        assert!(!validator.is_valid(&value(bad)), "{bad}");
    }
}

#[test]
fn init_writes_what_loads_and_changes_no_verdict() {
    for project in ["shop", "kustomize", "siblings", "chart", "alternatives"] {
        let dir = tempfile::tempdir().expect("there is room for files");
        let from = root().join("fixtures/projects").join(project);
        for file in crate::common::files_below(&from) {
            let target = dir.path().join(file.strip_prefix(&from).expect("is below"));
            fs::create_dir_all(target.parent().expect("has a folder")).expect("can be made");
            fs::copy(&file, target).expect("can be copied");
        }
        _ = fs::remove_file(dir.path().join(".edms-lint.yaml"));
        let before = run(dir.path(), &["--format", "concise"]);
        let (code, _, stderr) = run(dir.path(), &["init"]);
        assert!(code == 0 && stderr.contains("wrote .edms-lint.yaml"), "{project}: {stderr}");
        assert_eq!(run(dir.path(), &["--format", "concise"]), before, "{project}");
        assert_eq!(run(dir.path(), &["init"]).0, 2, "it is there already");
        // What it proposes can be said: without its marks each proposal loads.
        let path = dir.path().join(".edms-lint.yaml");
        let text = fs::read_to_string(&path).expect("was written");
        let is_proposal = |it: &&str| {
            let body = it.strip_prefix("# ").unwrap_or_default();
            body.starts_with("  ") && !body.contains("more") && !body.starts_with("  \".\"")
                || keys::TOP.iter().any(|(key, _)| body.starts_with(&format!("{key}:")))
        };
        let listed = text.split("# An entry with").nth(1).expect("the part behind what was found");
        let proposals: Vec<&str> = listed.lines().filter(is_proposal).map(|it| &it[2..]).collect();
        fs::write(&path, proposals.join("\n") + "\n").expect("can be written");
        let (code, _, stderr) = run(dir.path(), &["--show-config"]);
        assert_eq!(code, 0, "{project}: {stderr}");
    }
}

#[test]
fn completions_and_the_manual_are_printed() {
    let dir = folder("");
    for shell in ["bash", "zsh", "fish"] {
        let (code, stdout, _) = run(dir.path(), &["completions", shell]);
        assert!(code == 0 && stdout.contains("write-baseline"), "{shell}");
    }
    // In zsh a command is the first word, and what follows it is completed as the command says.
    let (_, zsh, _) = run(dir.path(), &["completions", "zsh"]);
    assert!(zsh.contains("case $line[1] in\n            (explain)") && !zsh.contains("$line[2]"));
    assert!(zsh.contains("explain|report|drill|") && zsh.contains("own=(-A '-*')") && zsh.contains("\"${own[@]}\" :"));
    let (code, stdout, _) = run(dir.path(), &["man"]);
    assert!(code == 0 && stdout.contains(".TH") && stdout.contains("baseline"));
}
