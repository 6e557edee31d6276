//! The projects as dumps of a cluster that was given them: the findings are those of the manifests.

use super::cluster::{self, print};
use crate::common::root;
use edms_lint::config::Config;
use edms_lint::finding::{Found, Report, Undecided};
use edms_lint::load::{self, Input, Loaded, Options};
use edms_lint::model::{Environment, resources};
use edms_lint::source::Sources;
use edms_lint::{engine, render};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What a finding says of whom, without its place: rule, severity, kind and name.
type RuleOutput = (&'static str, &'static str, String, String);

/// A project's environment, as manifests and as a cluster holds it.
struct Project {
    name: String,
    said: BTreeSet<RuleOutput>,
    /// Rules and objects of findings that others tell.
    told: BTreeSet<(&'static str, String, String)>,
    objects: Vec<Value>,
}

fn load(inputs: &[Input]) -> Loaded {
    let config = Config::default();
    load::load(inputs, Sources::default(), &Options { config: &config, config_dir: None, working_dir: &root() })
}

fn audit(sources: &Sources, environments: &[Environment]) -> Report {
    engine::run(sources, environments, &Config::default())
}

fn audit_text(text: &str) -> Report {
    let input = Input::Text { name: "dump.yaml".to_owned(), bytes: text.as_bytes().to_vec() };
    let loaded = load(&[input]);
    assert!(loaded.environments.iter().all(|it| it.problems.is_empty()), "a dump that cannot be read");
    let report = audit(&loaded.sources, &loaded.environments);
    let findings = report.findings.iter().flat_map(|it| {
        let labels = it.labels.iter().map(|it| it.text.clone());
        labels.chain([it.message.clone(), it.help.clone().unwrap_or_default().into_owned()])
    });
    let reasons = report.outcomes().into_iter().filter_map(|it| match it.undecided {
        Undecided::NotVerifiable(reason) => Some(reason),
        _ => None,
    });
    // Whoever asked a cluster has no manifests.
    for text in findings.chain(reasons) {
        assert!(!text.contains("the manifests") && !text.contains("no manifest"), "{text}");
    }
    report
}

/// Projects about what a dump cannot show: comments that suppress, what no tool deploys, and what a chart would make.
const NOT_DUMPED: [&str; 4] = ["argo", "flux", "helm-releases", "overlays"];

/// Every environment of every other project but unrendered charts, which nobody applies.
fn projects() -> Vec<Project> {
    let folders = std::fs::read_dir(root().join("fixtures/projects")).expect("there are projects");
    let mut folders: Vec<_> = folders.map(|it| it.expect("can be read").path()).collect();
    folders.retain(|it| !NOT_DUMPED.iter().any(|name| it.ends_with(name)));
    folders.sort();
    let mut projects = Vec::new();
    for folder in folders {
        let loaded = load(&[Input::Path(folder)]);
        for mut environment in loaded.environments {
            if environment.reason.contains("chart") {
                continue;
            }
            // No cluster holds what describes it from outside.
            environment.objects.retain(|it| !cluster::OUTSIDE.contains(&it.group()));
            let objects = cluster::of(&environment);
            let name = environment.name.clone();
            let report = audit(&loaded.sources, &[environment]);
            let told = report.outcomes().into_iter().filter(|it| matches!(it.undecided, Undecided::Blocked { .. }));
            let told = told.map(|it| (it.rule.as_str(), it.subject.kind, it.subject.name)).collect();
            projects.push(Project { name, said: said(&report.findings), told, objects });
        }
    }
    projects
}

fn said(findings: &[Found]) -> BTreeSet<RuleOutput> {
    let of = |it: &Found| {
        let gathered = it.evidence.iter().find(|it| it.0 == "names").map(|it| {
            let mut names: Vec<&str> = it.1.split(", ").collect();
            names.sort_unstable();
            names.join(", ")
        });
        let name = if it.subject.kind.is_empty() { gathered.unwrap_or_default() } else { it.subject.name.clone() };
        (it.rule.as_str(), it.severity.name(), it.subject.kind.clone(), name)
    };
    findings.iter().map(of).collect()
}

/// The marker of a cluster that serves all that rules read.
fn marker() -> String {
    let names: Vec<String> = resources().map(|it| it.to_string()).collect();
    format!("# edms-lint: complete dump of {}\n", names.join(","))
}

/// What is said of one but not of the other.
fn compare(project: &str, expected: &BTreeSet<RuleOutput>, found: &BTreeSet<RuleOutput>, faults: &mut Vec<String>) {
    faults.extend(expected.difference(found).map(|it| format!("{project}: lost {it:?}")));
    faults.extend(found.difference(expected).map(|it| format!("{project}: new {it:?}")));
}

#[test]
fn a_complete_dump_says_what_the_manifests_say() {
    let mut faults = Vec::new();
    let projects = projects();
    for project in &projects {
        let report = audit_text(&(print::yaml(&project.objects) + &marker()));
        let mut expected = project.said.clone();
        // The autoscaler wrote it.
        expected.retain(|it| it.0 != "hpa-replicas-drift");
        compare(&project.name, &expected, &said(&report.findings), &mut faults);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(projects.len() >= 20, "{} projects", projects.len());
}

#[test]
fn a_dump_says_the_same_however_it_is_printed() {
    let mut faults = Vec::new();
    for project in projects() {
        let expected = said(&audit_text(&(print::yaml(&project.objects) + &marker())).findings);
        let mut shuffled = project.objects.clone();
        // An order that neither kind nor name decides, and that is the same in every run.
        shuffled.sort_by_key(|it| it["metadata"]["uid"].to_string());
        let texts = [
            print::as_json(&project.objects) + &marker(),
            print::nested(&project.objects) + &marker(),
            print::documents(&project.objects) + &marker(),
            print::yaml(&shuffled) + &marker(),
        ];
        for (text, form) in texts.iter().zip(["JSON", "nested", "documents", "shuffled"]) {
            compare(&format!("{} as {form}", project.name), &expected, &said(&audit_text(text).findings), &mut faults);
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The kinds that `kubectl get all` lists.
const ALL: &[&str] = &[
    "Pod",
    "ReplicationController",
    "Service",
    "DaemonSet",
    "Deployment",
    "ReplicaSet",
    "StatefulSet",
    "HorizontalPodAutoscaler",
    "CronJob",
    "Job",
];

#[test]
fn nothing_is_concluded_from_kinds_that_were_not_listed() {
    let mut faults = Vec::new();
    for project in projects() {
        let is_listed = |it: &&Value| {
            ALL.contains(&cluster::text(&it["kind"]))
                && matches!(cluster::group(it), "" | "apps" | "batch" | "autoscaling")
        };
        let listed: Vec<Value> = project.objects.iter().filter(is_listed).cloned().collect();
        if listed.is_empty() {
            continue;
        }
        let report = audit_text(&print::yaml(&listed));
        let found = said(&report.findings);
        let rules =
            |it: &BTreeSet<RuleOutput>| it.iter().map(|it| (it.0, it.2.clone(), it.3.clone())).collect::<BTreeSet<_>>();
        faults.extend(
            rules(&found)
                .difference(&rules(&project.said))
                .filter(|it| !project.told.contains(it))
                .map(|it| format!("{}: new {it:?}", project.name)),
        );
        let outcomes = report.outcomes();
        let objects: BTreeSet<(&str, &str)> =
            listed.iter().map(|it| (cluster::text(&it["kind"]), cluster::text(&it["metadata"]["name"]))).collect();
        for (rule, _, kind, name) in &project.said {
            // Gathered findings name no object of their own.
            let is_told = found.iter().any(|it| it.0 == *rule);
            let is_open =
                || outcomes.iter().any(|it| it.rule == *rule && matches!(it.undecided, Undecided::NotVerifiable(_)));
            if matches!(*rule, "pdb-missing" | "hpa-missing" | "monitor-missing" | "alert-missing")
                && objects.contains(&(kind.as_str(), name.as_str()))
                && !is_told
                && !is_open()
            {
                faults.push(format!("{}: {rule} of {name} is passed over", project.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_report_shows_what_a_secret_holds() {
    let text = |it: &str| it.to_owned();
    let secret = json!({
        "apiVersion": "v1", "kind": "Secret",
        "metadata": {
            "name": "settings", "namespace": "shop", "uid": "1", "resourceVersion": "2",
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{\"stringData\":{\"a\":\"hunter2-plain\"}}"},
        },
        "data": {"a": "aHVudGVyMi1lbmNvZGVk", "b": "aHVudGVyMi1lbmNvZGVk"}, "stringData": {"c": "hunter2-plain"},
    });
    let mut old = secret.clone();
    old["metadata"]["resourceVersion"] = json!("opaque");
    for secrets in [vec![secret.clone()], vec![secret, old]] {
        for dump in [
            print::yaml(&secrets),
            print::documents(&secrets),
            print::as_json(&secrets),
            text(
                "kind: Secret\napiVersion: v1\nmetadata: {name: a}\nstringData:\n  a: hunter2-plain\n  a: hunter2-plain\n  b: [hunter2-plain]\n",
            ),
        ] {
            let input = Input::Text { name: "dump.yaml".to_owned(), bytes: dump.into_bytes() };
            let loaded = load(&[input]);
            let report = audit(&loaded.sources, &loaded.environments);
            for shown in shown(&report, &loaded.sources) {
                for value in ["hunter2", "aHVudGVyMi1lbmNvZGVk"] {
                    assert!(!shown.contains(value), "{shown}");
                }
            }
        }
    }
}

/// A report in every format.
fn shown(report: &Report, sources: &Sources) -> Vec<String> {
    let look = render::Look { color: false, unicode: true, width: 100, links: None };
    let mut formats = vec![Vec::new(); 4];
    render::pretty::render(report, sources, look, render::Detail::Verbose, true, &mut formats[0])
        .expect("memory takes all");
    render::concise::render(report, sources, look, render::Detail::Normal, &mut formats[1]).expect("memory takes all");
    render::json::render(report, sources, "default", &mut formats[2]).expect("memory takes all");
    let options = render::sarif::Options { rules: &[], category: None, path: &|_| None, shows_suppressed: true };
    render::sarif::render(report, sources, &options, &mut formats[3]).expect("memory takes all");
    formats.into_iter().map(|it| String::from_utf8(it).expect("reports are UTF-8")).collect()
}
