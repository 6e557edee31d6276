//! The readiness report in its formats, from one made by hand.

use super::build::{BACKEND, Run, deployment, id, label, span};
use edms_lint::config::Attestation;
use edms_lint::finding::{Severity, Subject, SuppressedBy};
use edms_lint::readiness::{
    Aspect, AttestationState, BudgetFact, Component, EnvironmentReadiness, Guideline, Judged, Part, Readiness, Reason,
    Row, Score, Section, Sentence, Standing, Urgency, Validity, Word,
};
use edms_lint::render::readiness::{html, json, markdown, text};
use edms_lint::render::{About, Look};
use serde_json::Value;
use std::collections::BTreeSet;

/// A name that would be markup, a mention, a link or a colour.
const HOSTILE: &str = "<script>alert(1)</script> @everyone [x](http://y) \u{1b}[31m `|` \u{202e}";

fn sentence(id: &str) -> (&'static Section, &'static Sentence) {
    let sections = Guideline::get().sections.iter();
    let mut all = sections.flat_map(|section| section.sentences.iter().map(move |it| (section, it)));
    all.find(|it| it.1.id == id).expect("the guideline has it")
}

fn reason(id: &'static str, word: Word, text: &str) -> Reason {
    Reason {
        id,
        word,
        text: text.to_owned(),
        span: None,
        labels: Vec::new(),
        evidence: Vec::new(),
        help: None,
        subject: Subject::default(),
        components: BTreeSet::from([Component::Backend]),
    }
}

fn judged(id: &str, standing: Standing, reasons: Vec<Reason>, deciders: &[&str]) -> (&'static Section, Judged) {
    let (section, sentence) = sentence(id);
    let deciders = deciders.iter().map(|it| (*it).to_owned()).collect();
    (section, Judged { sentence, standing, reasons, deciders })
}

fn sections() -> Vec<(&'static Section, Judged)> {
    let mut run = Run::default();
    let file = run.file("k8s/backend.yaml", BACKEND);
    let replicas = run.at(file, "replicas");
    let wrong = Reason {
        span: Some(replicas),
        labels: vec![label(span(file, 0, 10), "it is here")],
        evidence: vec![("floor", "1".to_owned())],
        help: Some("set replicas: 2".to_owned()),
        subject: deployment("backend"),
        ..reason("workload-too-few-replicas", Word::Wrong(Severity::Error), "Deployment backend has 1 replica")
    };
    let follows = Reason {
        subject: deployment("backend"),
        ..reason("pdb-missing", Word::Follows(id("workload-too-few-replicas")), "no PodDisruptionBudget either")
    };
    let accepted =
        Word::Accepted { severity: Severity::Warning, by: SuppressedBy::Comment, why: "until March".to_owned() };
    let vouched = Word::Vouched { by: "platform".to_owned(), until: "2026-12-01".to_owned() };
    vec![
        judged("app-replicas", Standing::Fails, vec![wrong], &[]),
        judged("app-probes", Standing::Holds, vec![reason("readiness-probe-missing", Word::Right, HOSTILE)], &[]),
        judged("app-budgets", Standing::Fails, vec![follows], &[]),
        judged("app-autoscaling", Standing::Fails, vec![reason("hpa-missing", accepted, "no autoscaler")], &[]),
        judged("cluster-nodes", Standing::NotApplicable, Vec::new(), &[]),
        judged(
            "failover-tested",
            Standing::Attested,
            vec![reason("ops-failover-tested", vouched, "platform vouches for it until 2026-12-01")],
            &[],
        ),
        judged(
            "scaling-tested",
            Standing::NotVerifiable,
            vec![reason("ops-scaling-tested", Word::Open, "no manifest shows it")],
            &["an attestation of ops-scaling-tested in .edms-lint.yaml"],
        ),
    ]
}

fn rows(file: edms_lint::source::SourceId) -> Vec<Row> {
    let part = Part {
        component: Component::Backend,
        subject: Subject { name: HOSTILE.to_owned(), ..deployment("backend") },
        span: span(file, 0, 10),
        noun: "pod",
        floor: Some(2),
        ceiling: Some(12),
        scaler: Some("HorizontalPodAutoscaler backend".to_owned()),
        budgets: vec![BudgetFact {
            name: "backend".to_owned(),
            demand: "maxUnavailable 1".to_owned(),
            allowed: Some(1),
            is_generated: false,
        }],
    };
    let standings = [Some(Standing::Fails), Some(Standing::Holds), Some(Standing::NotVerifiable), None];
    let cells = Aspect::COLUMNS.into_iter().zip(standings.into_iter().cycle()).collect();
    let cluster = Aspect::COLUMNS.into_iter().map(|it| (it, None)).collect();
    vec![
        Row { component: Component::Backend, parts: vec![part], cells },
        Row { component: Component::Cluster, parts: Vec::new(), cells: cluster },
    ]
}

fn full() -> (Readiness, Run) {
    let mut run = Run::default();
    let file = run.file("k8s/backend.yaml", BACKEND);
    let mut by_section: Vec<(&'static Section, Vec<Judged>)> = Vec::new();
    for (section, judged) in sections() {
        match by_section.last_mut().filter(|it| it.0.id == section.id) {
            Some(last) => last.1.push(judged),
            None => by_section.push((section, vec![judged])),
        }
    }
    let environment = EnvironmentReadiness {
        name: "prod".to_owned(),
        reason: "a directory".to_owned(),
        remarks: vec![HOSTILE.to_owned()],
        is_fragment: false,
        score: Score { holds: 1, fails: 3, accepted: 1, attested: 1, not_verifiable: 1, not_applicable: 1 },
        urgency: Urgency {
            errors: 2,
            warnings: 1,
            first: sections().swap_remove(0).1.reasons.pop().into_iter().collect(),
        },
        rows: rows(file),
        sections: by_section,
        beyond: vec![reason("manifest-invalid", Word::Wrong(Severity::Error), "a value does not fit")],
    };
    let date = |text: &str| text.parse().expect("a date");
    let attestation = Attestation {
        id: "ops-restore-tested".to_owned(),
        owner: "platform".to_owned(),
        date: date("2026-01-01"),
        expires: date("2026-06-01"),
        evidence: None,
        environments: Vec::new(),
        span: None,
    };
    let readiness = Readiness {
        environments: vec![environment],
        attestations: vec![AttestationState { attestation, validity: Validity::Expired }],
        profile: "default",
        day: Some("2026-11-25".to_owned()),
    };
    (readiness, run)
}

fn empty() -> Readiness {
    Readiness { environments: Vec::new(), attestations: Vec::new(), profile: "relaxed", day: None }
}

fn written(render: impl FnOnce(&Readiness, &Run, &mut Vec<u8>) -> std::io::Result<()>) -> String {
    let (readiness, run) = full();
    let mut out = Vec::new();
    render(&readiness, &run, &mut out).expect("memory takes all");
    String::from_utf8(out).expect("reports are UTF-8")
}

const PLAIN: Look = Look { color: false, unicode: true, width: 100, links: None };

#[test]
fn text_reads_well() {
    insta::assert_snapshot!("readiness-text", written(|it, run, out| text::render(it, &run.sources, PLAIN, out)));
}

#[test]
fn text_is_plain_where_it_must_be() {
    let look = Look { unicode: false, width: 60, ..PLAIN };
    let narrow = written(|it, run, out| text::render(it, &run.sources, look, out));
    assert!(narrow.is_ascii(), "{narrow}");
    let table = narrow.lines().find(|it| it.contains("repl")).expect("there is a table");
    assert!(table.len() <= 80, "{table}");
    let look = Look { color: true, ..PLAIN };
    let coloured = written(|it, run, out| text::render(it, &run.sources, look, out));
    assert!(coloured.contains("\u{1b}["));
    assert!(!coloured.contains("\u{1b}[31m `"), "manifests do not colour");
    assert_eq!(
        anstream::adapter::strip_str(&coloured).to_string(),
        written(|it, run, out| text::render(it, &run.sources, PLAIN, out))
    );
}

#[test]
fn markdown_reads_well() {
    insta::assert_snapshot!("readiness-markdown", written(|it, run, out| markdown::render(it, &run.sources, out)));
}

#[test]
fn html_stands_alone_and_escapes() {
    let page = written(|it, run, out| html::render(it, &About::default(), &run.sources, out));
    assert!(page.starts_with("<!DOCTYPE html>"));
    for foreign in ["<script", "http://", "https://", "src=", "@import", "url(", "\u{1b}", "\u{202e}"] {
        let allowed = page.replace("http://y", "");
        assert!(!allowed.contains(foreign), "the page has {foreign:?}");
    }
    assert!(page.contains("&lt;script&gt;"));
    for part in
        ["<svg", "class=\"cards\"", "scope=\"row\"", "lang=\"en\"", "(prefers-color-scheme: dark)", "@media print"]
    {
        assert!(page.contains(part), "the page lacks {part}");
    }
    assert_eq!(page.matches("class=\"room\"").count(), 7, "2 pods and room for 7 of 10 more are drawn");
}

#[test]
fn json_fits_its_schema() {
    let schema: Value = serde_json::from_str(include_str!("../../../schemas/readiness-v1.json")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let mut none = Vec::new();
    json::render(&empty(), &Run::default().sources, &mut none).expect("memory takes all");
    let texts = [written(|it, run, out| json::render(it, &run.sources, out)), String::from_utf8(none).expect("UTF-8")];
    for text in &texts {
        let value: Value = serde_json::from_str(text).expect("the report is JSON");
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|it| format!("{}: {it}", it.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    let mut broken: Value = serde_json::from_str(&texts[0]).expect("JSON");
    broken["environments"][0]["score"]["percent"] = serde_json::json!(101);
    assert!(!validator.is_valid(&broken), "the schema refuses 101 %");
    assert_eq!(serde_json::from_str::<Value>(&texts[0]).expect("JSON")["environments"][0]["score"]["percent"], 25);
}
