//! What findings recommend: no two of one object recommend different numbers for one field.

use crate::common::{audit, cases_of, files_below, root};
use edms_lint::config::Config;
use edms_lint::finding::{Finding, Report};
use edms_lint::rules;
use rayon::prelude::*;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A field of an object; in a container, of that container.
type Field = (String, String, String);
/// A number with the rule that recommends it.
type Advice = (String, String);

/// The numbers that a help recommends: `set replicas: 3`, `raise spec.kafka.replicas to 3`, `run 3 brokers`.
struct Numbers {
    fields: Regex,
    counts: Regex,
}

impl Numbers {
    fn new() -> Numbers {
        let fields =
            r#"([A-Za-z][A-Za-z0-9_.-]*)(?:: | to | of | = )"?(-?[0-9]+(?:\.[0-9]+)?%?)(?:[^A-Za-z0-9.]|\.?$)"#;
        Numbers {
            fields: Regex::new(fields).expect("it is an expression"),
            counts: Regex::new(r"(?:run|at least) (?:at least )?([0-9]+) (?:or more )?([a-z]+)")
                .expect("it is one, too"),
        }
    }

    fn of(&self, help: &str) -> Vec<(String, String)> {
        let fields = self.fields.captures_iter(help).map(|it| (it[1].to_owned(), it[2].to_owned()));
        let counts = self.counts.captures_iter(help).map(|it| (it[2].to_owned(), it[1].to_owned()));
        fields.chain(counts).collect()
    }
}

/// The container that a finding is about, if it is about one.
fn container(finding: &Finding) -> String {
    let path = finding.path.to_string();
    let end = path.find("ontainers[").and_then(|at| Some(at + path[at..].find(']')?));
    end.map(|it| path[..it].to_owned()).unwrap_or_default()
}

fn contradictions(name: &str, report: &Report, numbers: &Numbers) -> Vec<String> {
    let mut advice: BTreeMap<Field, BTreeSet<Advice>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|it| !it.subject.kind.is_empty()) {
        let object = format!("{} in {}", finding.subject, finding.environments.join(", "));
        for (field, number) in finding.help.iter().flat_map(|it| numbers.of(it)) {
            let said = advice.entry((object.clone(), container(finding), field)).or_default();
            said.insert((number, finding.rule.to_string()));
        }
    }
    let differs = |it: &BTreeSet<Advice>| it.iter().map(|it| &it.0).collect::<BTreeSet<_>>().len() > 1;
    let told = advice.into_iter().filter(|it| differs(&it.1));
    told.map(|((object, _, field), said)| format!("{name}: {object}: {field}: {said:?}")).collect()
}

/// The manifests of a fixture or a project.
fn texts(path: &Path) -> Vec<(String, String)> {
    let files = if path.is_dir() { files_below(path) } else { vec![path.to_owned()] };
    let manifests = files.into_iter().filter(|it| it.extension().is_some_and(|it| it == "yaml" || it == "yml"));
    manifests
        .filter(|it| it.file_name().is_some_and(|it| it != ".edms-lint.yaml"))
        .map(|it| (it.display().to_string(), std::fs::read_to_string(&it).expect("fixtures are text")))
        .collect()
}

#[test]
fn no_help_contradicts_another_finding_of_the_same_object() {
    let numbers = Numbers::new();
    let said = |help: &str| numbers.of(help);
    assert_eq!(said("set min.insync.replicas: 2"), [("min.insync.replicas".to_owned(), "2".to_owned())]);
    assert_eq!(said("raise spec.kafka.replicas to 3, then"), [("spec.kafka.replicas".to_owned(), "3".to_owned())]);
    assert_eq!(said("run 3 brokers, or fewer"), [("brokers".to_owned(), "3".to_owned())]);
    let projects = std::fs::read_dir(root().join("fixtures/projects")).expect("there are projects");
    let mut paths: Vec<_> = projects.map(|it| it.expect("an entry").path()).collect();
    paths.extend(rules::all().flat_map(cases_of));
    let mut found: Vec<String> = paths
        .par_iter()
        .flat_map_iter(|path| {
            let (_, report) = audit(&texts(path), &Config::default(), false);
            contradictions(&path.display().to_string(), &report, &numbers)
        })
        .collect();
    found.sort();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
