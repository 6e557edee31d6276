//! Attestations from `.edms-lint.yaml` to the readiness report, through the program.

use serde_json::Value;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: backend}
spec:
  replicas: 2
  selector: {matchLabels: {app: backend}}
  template:
    metadata: {labels: {app: backend}}
    spec: {containers: [{name: backend, image: 'example.org/backend:1'}]}
";

/// Two environments, a document, and a configuration.
fn folder(config: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("there is room for files");
    let files = [
        ("k8s/staging/app.yaml", DEPLOYMENT),
        ("k8s/production/app.yaml", DEPLOYMENT),
        ("docs/drill.md", "# Drill\n"),
        (".edms-lint.yaml", config),
    ];
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().expect("has a folder")).expect("can be made");
        fs::write(file, text).expect("can be written");
    }
    folder
}

/// Exit code, stdout and stderr of the report on a day, of a folder below.
fn run(folder: &Path, below: &str, day: &str) -> (i32, String, String) {
    let mut command = assert_cmd::Command::cargo_bin("edms-lint").expect("the binary is built");
    let arguments = ["report", "k8s/staging", "k8s/production", "--format", "json", "--today", day];
    let arguments = arguments.map(|it| it.replace("k8s", if below.is_empty() { "k8s" } else { "../k8s" }));
    let output = command.current_dir(folder.join(below)).args(arguments).output().expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
    (output.status.code().expect("it exits"), text(&output.stdout), text(&output.stderr))
}

fn report(config: &str, day: &str) -> Value {
    let folder = folder(config);
    let (code, stdout, stderr) = run(folder.path(), "", day);
    assert_eq!(code, 0, "{config}: {stderr}");
    serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{config}: {error}"))
}

/// How a sentence stands in staging and in production.
fn standings(report: &Value, id: &str) -> [String; 2] {
    ["staging", "production"].map(|name| {
        let all = report["environments"].as_array().expect("a list");
        let environment = all.iter().find(|it| it["name"].as_str().is_some_and(|it| it.ends_with(name)));
        let sections = environment.unwrap_or_else(|| panic!("no {name}: {report}"))["sections"].as_array();
        let sentences = sections.expect("a list").iter().flat_map(|it| it["sentences"].as_array().expect("a list"));
        let judged = sentences.into_iter().find(|it| it["id"] == id).unwrap_or_else(|| panic!("no sentence {id}"));
        judged["standing"].as_str().expect("a word").to_owned()
    })
}

fn validities(report: &Value) -> Vec<String> {
    let all = report["attestations"].as_array().expect("a list");
    all.iter().map(|it| it["validity"].as_str().expect("a word").to_owned()).collect()
}

const DRILL: &str = "{id: ops-failover-tested, owner: platform, date: 2026-06-01, expires: 2026-12-01}";

fn with(more: &str) -> String {
    format!("attestations: [{}]\n", DRILL.replace('}', &format!("{more}}}")))
}

#[test]
fn an_attestation_decides_its_sentence_until_it_ends() {
    let open = report("profile: default\n", "2026-11-25");
    assert_eq!(standings(&open, "failover-tested"), ["not-verifiable", "not-verifiable"]);
    let valid = report(&with(""), "2026-11-30");
    assert_eq!(standings(&valid, "failover-tested"), ["attested", "attested"]);
    assert_eq!(validities(&valid), ["valid"]);
    let expired = report(&with(""), "2026-12-01");
    assert_eq!(standings(&expired, "failover-tested"), ["fail", "fail"]);
    assert_eq!(validities(&expired), ["expired"]);
    let early = report(&with(""), "2026-05-31");
    assert_eq!(validities(&early), ["not-yet"]);
}

#[test]
fn its_document_is_looked_for_beside_the_configuration() {
    let there = with(", evidence: docs/drill.md");
    assert_eq!(validities(&report(&there, "2026-11-25")), ["valid"]);
    assert_eq!(validities(&report(&with(", evidence: 'docs/drill.md#last'"), "2026-11-25")), ["valid"]);
    let missing = report(&with(", evidence: docs/nowhere.md"), "2026-11-25");
    assert_eq!(standings(&missing, "failover-tested"), ["fail", "fail"]);
    assert_eq!(validities(&missing), ["evidence-missing"]);
    let web = with(", evidence: 'https://wiki.example.org/drill'");
    assert_eq!(validities(&report(&web, "2026-11-25")), ["valid"], "nobody is asked");
    let elsewhere = folder(&there);
    fs::create_dir(elsewhere.path().join(".git")).expect("can be made");
    let (code, stdout, stderr) = run(elsewhere.path(), "docs", "2026-11-25");
    assert_eq!(code, 0, "{stderr}");
    let told: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(validities(&told), ["valid"], "wherever the program is started");
}

#[test]
fn it_may_speak_of_one_environment() {
    let name = report("profile: default\n", "2026-11-25")["environments"][1]["name"].clone();
    let name = name.as_str().expect("a name");
    let own = report(&with(&format!(", environments: [{name}]")), "2026-11-25");
    let mut stand = standings(&own, "failover-tested");
    stand.sort();
    assert_eq!(stand, ["attested", "not-verifiable"]);
    let unknown = report(&with(", environments: [elsewhere]"), "2026-11-25");
    assert_eq!(validities(&unknown), ["unknown-environment"]);
    assert_eq!(standings(&unknown, "failover-tested"), ["not-verifiable", "not-verifiable"]);
}

#[test]
fn an_environment_may_have_its_own() {
    let config = format!(
        "environments:\n  - name: staging\n    paths: [k8s/staging/**]\n    attestations: [{}]\n",
        DRILL.replace('}', ", evidence: docs/drill.md}")
    );
    let config = config + "  - name: production\n    paths: [k8s/production/**]\n";
    let own = report(&config, "2026-11-25");
    assert_eq!(standings(&own, "failover-tested"), ["attested", "not-verifiable"]);
    let missing = report(&config.replace("drill.md", "nowhere.md"), "2026-11-25");
    assert_eq!(standings(&missing, "failover-tested"), ["fail", "not-verifiable"]);
    // One that counts outweighs one that ended.
    let ended = "attestations: [{id: ops-failover-tested, owner: old, date: 2026-01-01, expires: 2026-03-01}]\n";
    let both = report(&(ended.to_owned() + &config), "2026-11-25");
    assert_eq!(standings(&both, "failover-tested"), ["attested", "fail"]);
}

#[test]
fn an_id_that_does_not_exist_is_a_mistake_in_the_configuration() {
    let folder = folder(&with("").replace("ops-failover-tested", "ops-failover-testet"));
    let (code, stdout, stderr) = run(folder.path(), "", "2026-11-25");
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(
        stderr.contains("ops-failover-testet") && stderr.contains("did you mean `ops-failover-tested`?"),
        "{stderr}"
    );
}
