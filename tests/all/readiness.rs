//! The readiness report: the guideline as data, and how its sentences are judged.

use edms_lint::config::{Attestation, Config, Profile, RuleSetting};
use edms_lint::finding::{Severity, SuppressedBy};
use edms_lint::readiness::{
    self, Aspect, Component, EnvironmentReadiness, Guideline, Inventory, Judged, Readiness, Standing, Validity, Word,
};
use edms_lint::rule::Entry;
use edms_lint::source::{Source, Sources, Span};
use edms_lint::{engine, load, rules};
use std::collections::BTreeSet;
use std::sync::Arc;

const BACKEND: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: backend, namespace: shop}
spec:
  replicas: REPLICAS
  selector: {matchLabels: {app: backend}}
  template:
    metadata: {labels: {app: backend}}
    spec:
      containers:
        - name: backend
          image: example.org/backend:1
          args: [serve]
          ports: [{containerPort: 8000}]
---
apiVersion: v1
kind: Service
metadata: {name: backend, namespace: shop}
spec:
  selector: {app: backend}
  ports: [{port: 80, targetPort: 8000}]
";

const BUDGET: &str = "
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: backend, namespace: shop}
spec:
  maxUnavailable: 1
  selector: {matchLabels: {app: backend}}
";

const DATABASE: &str = "
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  serviceName: db
  replicas: 1
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
        - name: postgres
          image: postgres:17
          ports: [{containerPort: 5432}]
";

fn backend(replicas: &str) -> String {
    BACKEND.replace("REPLICAS", replicas)
}

fn assess_with(
    text: &str,
    config: &Config,
    missing: &[&str],
    change: impl Fn(&mut edms_lint::model::Environment),
) -> Readiness {
    let mut loaded = load::from_texts(&[("app.yaml", text)]);
    loaded.environments.iter_mut().for_each(change);
    let (report, inventories) = engine::run_and_ask(&loaded.sources, &loaded.environments, config, Inventory::new);
    let missing: BTreeSet<String> = missing.iter().map(|it| (*it).to_owned()).collect();
    readiness::assess(&report, &inventories, config, &missing)
}

/// The readiness of manifests that are the whole of a directory.
fn assess(text: &str, config: &Config) -> Readiness {
    assess_with(text, config, &[], |it| {
        it.is_fragment = false;
        it.is_directory = true;
    })
}

fn only(readiness: &Readiness) -> &EnvironmentReadiness {
    readiness.environments.first().expect("there is an environment")
}

fn sentence<'r>(readiness: &'r Readiness, id: &str) -> &'r Judged {
    let all = only(readiness).sections.iter().flat_map(|it| &it.1);
    all.into_iter().find(|it| it.sentence.id == id).unwrap_or_else(|| panic!("no sentence {id}"))
}

fn day(text: &str) -> jiff::civil::Date {
    text.parse().expect("a date")
}

fn attestation(id: &str) -> Attestation {
    Attestation {
        id: id.to_owned(),
        owner: "platform".to_owned(),
        date: day("2026-06-01"),
        expires: day("2026-12-01"),
        evidence: Some("docs/drill.md".to_owned()),
        environments: Vec::new(),
        span: None,
    }
}

fn config(attestations: Vec<Attestation>, today: &str) -> Config {
    let attestations = attestations.into_iter().map(Arc::new).collect();
    Config { attestations, today: Some(day(today)), ..Config::default() }
}

#[test]
fn every_sentence_is_decided_by_rules_or_attestations_that_exist() {
    let guideline = Guideline::get();
    for sentence in guideline.sentences() {
        assert!(!sentence.rules.is_empty() || !sentence.attest.is_empty(), "nothing decides {}", sentence.id);
        for rule in sentence.all_rules() {
            assert!(rules::find(rule).is_some(), "{}: no rule {rule}", sentence.id);
        }
        for id in &sentence.attest {
            let is_known = guideline.attestable.contains_key(id) || sentence.rules.contains(id);
            assert!(is_known, "{}: {id} is neither attestable nor one of its rules", sentence.id);
        }
    }
}

#[test]
fn the_guideline_names_each_thing_once() {
    let guideline = Guideline::get();
    let ids: Vec<&str> = guideline.sentences().map(|it| it.id.as_str()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "ids of sentences differ");
    for sentence in guideline.sentences() {
        let rules: BTreeSet<&String> = sentence.all_rules().collect();
        assert_eq!(rules.len(), sentence.all_rules().count(), "{}", sentence.id);
    }
    let practices: BTreeSet<&str> = edms_lint::config::attest::PRACTICES.into_iter().collect();
    assert_eq!(guideline.attestable.keys().map(String::as_str).collect::<BTreeSet<_>>(), practices);
    for id in guideline.attestable.keys() {
        assert!(guideline.sentences().any(|it| it.attest.contains(id)), "{id} decides no sentence");
    }
}

#[test]
fn sections_are_those_that_the_pages_name() {
    let guideline = Guideline::get();
    for rule in rules::all() {
        for section in rule.page().guideline.iter().filter(|it| **it != "8") {
            assert!(guideline.sections.iter().any(|it| it.id == *section), "{}: no section {section}", rule.id());
        }
    }
}

/// Whether a rule warns in some profile or case.
fn may_warn(rule: &'static Entry) -> bool {
    let page = rule.page();
    let profiles = [Profile::Relaxed, Profile::Default, Profile::Production];
    let mut levels = std::iter::once(&page.levels).chain(page.cases.values());
    levels.any(|it| profiles.into_iter().any(|profile| it.of(profile) > Some(Severity::Note)))
}

#[test]
fn each_rule_that_may_warn_stands_where_its_page_says_or_is_beyond_with_a_reason() {
    let guideline = Guideline::get();
    for rule in rules::all().filter(|it| may_warn(it)) {
        let named = &rule.page().guideline;
        let stands = |section: &readiness::Section| {
            named.contains(&section.id.as_str())
                && section.sentences.iter().any(|it| it.all_rules().any(|it| *it == rule.id()))
        };
        let is_in = guideline.sections.iter().any(stands);
        let why = guideline.beyond.get(rule.id().as_str());
        assert!(is_in != why.is_some(), "{} (page: {named:?}): in a sentence: {is_in}, beyond: {why:?}", rule.id());
    }
    for id in guideline.beyond.keys() {
        assert!(rules::find(id).is_some_and(may_warn), "{id} is no rule that may warn");
    }
}

/// Where nothing is monitored one finding tells it of all components, and each of them fails by it.
#[test]
fn a_gathered_finding_fails_every_component_that_it_names() {
    let readiness = assess(&format!("{}{DATABASE}", backend("2")), &Config::default());
    for component in [Component::Backend, Component::Postgres] {
        let row = only(&readiness).rows.iter().find(|it| it.component == component).expect("it is there");
        let cell = row.cells.iter().find(|it| it.0 == Aspect::Monitoring).expect("there is such a column");
        assert_eq!(cell.1, Some(Standing::Fails), "{component:?}");
    }
}

#[test]
fn one_replica_fails_and_what_hangs_on_it_follows() {
    let readiness = assess(&backend("1"), &Config::default());
    let replicas = sentence(&readiness, "app-replicas");
    assert_eq!(replicas.standing, Standing::Fails);
    assert!(replicas.reasons.iter().any(|it| it.id == "workload-too-few-replicas" && it.fails()));
    let budgets = sentence(&readiness, "app-budgets");
    assert_eq!(budgets.standing, Standing::Fails, "what is blocked fails its sentence, too");
    assert!(
        budgets
            .reasons
            .iter()
            .any(|it| it.word == Word::Follows(rules::find("workload-too-few-replicas").expect("it is a rule").id()))
    );
}

#[test]
fn the_score_counts_what_is_decided() {
    let readiness = assess(&backend("1"), &Config::default());
    let score = only(&readiness).score;
    let all = score.decided() + score.attested + score.not_verifiable + score.not_applicable;
    assert_eq!(all, Guideline::get().sentences().count(), "each sentence stands in one way");
    assert!(score.not_verifiable > 0 && score.fails > 0);
    assert_eq!(score.percent(), Some(score.holds * 100 / score.decided()));
}

#[test]
fn a_budget_of_two_pods_holds_and_that_of_one_does_not() {
    let two = assess(&(backend("2") + BUDGET), &Config::default());
    assert_eq!(sentence(&two, "app-budgets").standing, Standing::Holds);
    let one = assess(&(backend("1") + BUDGET), &Config::default());
    assert_eq!(sentence(&one, "app-budgets").standing, Standing::Fails);
}

#[test]
fn sentences_on_what_is_absent_do_not_apply() {
    let readiness = assess(&backend("2"), &Config::default());
    for id in ["kafka-brokers", "kafka-scaling", "postgres-instances", "postgres-restore", "kafka-backup"] {
        assert_eq!(sentence(&readiness, id).standing, Standing::NotApplicable, "{id}");
    }
}

#[test]
fn a_comment_accepts_a_failure_and_the_score_still_counts_it() {
    let text = backend("1 # edms-lint: ignore[workload-too-few-replicas]: one reader until March");
    let readiness = assess(&text, &Config::default());
    let replicas = sentence(&readiness, "app-replicas");
    assert_eq!(replicas.standing, Standing::Fails);
    assert!(replicas.is_accepted());
    assert!(only(&readiness).score.accepted > 0);
    let is_told = |it: &Word| matches!(it, Word::Accepted { by: SuppressedBy::Comment, why, .. } if why == "one reader until March");
    assert!(replicas.reasons.iter().any(|it| is_told(&it.word)));
}

#[test]
fn a_rule_that_is_switched_off_leaves_its_sentence_open() {
    let mut config = Config::default();
    let mut sources = Sources::default();
    let source = sources.add(Source::new("config", ""));
    let span = Span { source, start: 0, end: 0 };
    Arc::make_mut(&mut config.rules)
        .insert("pdb-missing".to_owned(), RuleSetting { level: Some(None), parameters: None, span });
    let readiness = assess(&(backend("2") + BUDGET), &config);
    let budgets = sentence(&readiness, "app-budgets");
    assert_eq!(budgets.standing, Standing::NotVerifiable, "what is left of its rules does not decide it");
    assert!(budgets.deciders.iter().any(|it| it.contains("pdb-missing")));
}

#[test]
fn one_file_decides_nothing_by_what_is_absent() {
    let whole = assess(&(backend("2") + DATABASE), &Config::default());
    assert_eq!(sentence(&whole, "postgres-horizontal-scaling").standing, Standing::Holds);
    let fragment = assess_with(&(backend("2") + DATABASE), &Config::default(), &[], |it| {
        it.is_fragment = true;
        it.is_directory = false;
    });
    assert_eq!(sentence(&fragment, "postgres-horizontal-scaling").standing, Standing::NotVerifiable);
    assert!(only(&fragment).is_fragment);
}

#[test]
fn attestations_decide_what_manifests_cannot() {
    let open = assess(&backend("2"), &Config::default());
    assert_eq!(sentence(&open, "failover-tested").standing, Standing::NotVerifiable);
    let vouched = assess(&backend("2"), &config(vec![attestation("ops-failover-tested")], "2026-11-30"));
    let judged = sentence(&vouched, "failover-tested");
    assert_eq!(judged.standing, Standing::Attested);
    let word = Word::Vouched { by: "platform".to_owned(), until: "2026-12-01".to_owned() };
    assert!(judged.reasons.iter().any(|it| it.word == word));
    assert_eq!(only(&vouched).score.attested, only(&open).score.attested + 1);
    assert_eq!(only(&vouched).score.decided(), only(&open).score.decided(), "attested is beside the score");
}

#[test]
fn an_attestation_ends_on_its_last_day_and_then_fails() {
    let state = |today: &str| {
        let readiness = assess(&backend("2"), &config(vec![attestation("ops-failover-tested")], today));
        (readiness.attestations[0].validity.clone(), sentence(&readiness, "failover-tested").standing)
    };
    assert_eq!(state("2026-11-30"), (Validity::Valid, Standing::Attested));
    assert_eq!(state("2026-12-01"), (Validity::Expired, Standing::Fails));
    assert_eq!(state("2026-05-31"), (Validity::NotYet, Standing::Fails));
}

#[test]
fn evidence_must_exist() {
    let config = config(vec![attestation("ops-strategy-documented")], "2026-11-30");
    let readiness = assess_with(&backend("2"), &config, &["docs/drill.md"], |it| it.is_fragment = false);
    assert_eq!(readiness.attestations[0].validity, Validity::EvidenceMissing);
    let judged = sentence(&readiness, "strategy-documented");
    assert_eq!(judged.standing, Standing::Fails);
    assert!(
        judged.reasons.iter().any(|it| it.id == "attestation-evidence-missing" && it.text.contains("docs/drill.md"))
    );
    let mut unnamed = config.clone();
    Arc::make_mut(&mut unnamed.attestations[0]).evidence = None;
    let readiness = assess(&backend("2"), &unnamed);
    assert_eq!(readiness.attestations[0].validity, Validity::EvidenceUnnamed, "the strategy is a document");
}

#[test]
fn an_attestation_answers_missing_evidence_but_not_what_is_written() {
    let missing = attestation("postgres-backup-missing");
    let readiness = assess(&(backend("2") + DATABASE), &config(vec![missing], "2026-11-30"));
    assert_eq!(sentence(&readiness, "postgres-backup").standing, Standing::Attested);
    let written = attestation("workload-too-few-replicas");
    let readiness = assess(&backend("1"), &config(vec![written], "2026-11-30"));
    assert_eq!(sentence(&readiness, "app-replicas").standing, Standing::Fails);
}

#[test]
fn an_attestation_may_speak_of_some_environments_only() {
    let mut elsewhere = attestation("ops-failover-tested");
    elsewhere.environments = vec!["production".to_owned()];
    let readiness = assess(&backend("2"), &config(vec![elsewhere], "2026-11-30"));
    assert_eq!(readiness.attestations[0].validity, Validity::UnknownEnvironment);
    assert_eq!(sentence(&readiness, "failover-tested").standing, Standing::NotVerifiable);
}

#[test]
fn manifests_may_show_what_is_attested_otherwise() {
    let chaos = "
---
apiVersion: chaos-mesh.org/v1alpha1
kind: PodChaos
metadata: {name: kill-a-pod, namespace: shop}
spec: {action: pod-kill, mode: one}
";
    let readiness = assess(&(backend("2") + chaos), &Config::default());
    assert_eq!(sentence(&readiness, "failover-tested").standing, Standing::Holds);
    let drain = "
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: game-day, namespace: shop}
spec:
  schedule: 0 9 * * 1
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: drain, image: example.org/kubectl:1, command: [sh, -c, kubectl drain node-1]}]
";
    let readiness = assess(&(backend("2") + drain), &Config::default());
    assert_eq!(sentence(&readiness, "failover-tested").standing, Standing::Holds);
}

#[test]
fn what_no_sentence_asks_for_is_told_beside() {
    let text = backend("2").replace("example.org/backend:1", "docker.io/bitnami/nginx:1.25");
    let readiness = assess(&text, &Config::default());
    assert!(only(&readiness).beyond.iter().any(|it| it.id == "image-bitnami-removed"));
}

/// Exit code, stdout and stderr of the program in a folder.
fn run(folder: &std::path::Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = assert_cmd::Command::cargo_bin("edms-lint").expect("the binary is built");
    let output = command.current_dir(folder).args(arguments).output().expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
    (output.status.code().expect("it exits"), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_command_writes_all_formats_and_its_exit_code_is_about_the_score() {
    let folder = tempfile::tempdir().expect("there is room for files");
    std::fs::create_dir(folder.path().join("k8s")).expect("can be made");
    std::fs::write(folder.path().join("k8s/app.yaml"), backend("1")).expect("can be written");
    let formats = ["text=r.txt", "markdown=r.md", "html=r.html", "json=r.json"];
    let outputs = formats.iter().flat_map(|it| ["--output", it]);
    let arguments: Vec<&str> = ["report", "k8s", "--no-config"].into_iter().chain(outputs).collect();
    let (code, stdout, stderr) = run(folder.path(), &arguments);
    assert_eq!((code, stderr.as_str()), (0, ""), "failing sentences are no mistake");
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("was written");
    assert_eq!(read("r.txt"), stdout);
    assert!(read("r.md").starts_with("## ") && read("r.html").starts_with("<!DOCTYPE html>"));
    let json: serde_json::Value = serde_json::from_str(&read("r.json")).expect("is JSON");
    let percent = json["environments"][0]["score"]["percent"].as_u64().expect("something is decided");
    let under =
        |least: u64| run(folder.path(), &["report", "k8s", "--no-config", "--fail-under", &least.to_string()]).0;
    assert_eq!((under(percent), under(percent + 1)), (0, 1));
    assert_eq!(run(folder.path(), &["report", "missing"]).0, 2);
    assert_eq!(run(folder.path(), &["report", "k8s", "--output", "sarif=r.sarif"]).0, 2);
}

#[test]
fn the_same_input_gives_the_same_report() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/projects");
    for format in ["text", "markdown", "html", "json"] {
        let report = || run(&folder, &["report", "shop", "siblings", "--no-config", "--format", format]).1;
        assert!(report() == report(), "{format}");
    }
}
