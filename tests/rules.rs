//! Every rule against the examples of its page and its fixtures: data in, findings out.

mod common;

use common::{audit, describe, files_below, only, root};
use edms_lint::config::{self, Config};
use edms_lint::rule::{Entry, ExampleKind};
use edms_lint::rules;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The comment that marks a line of an example.
const MARK: &str = "# <- finding";

#[test]
fn examples_on_pages_are_true() {
    for rule in rules::all() {
        let examples = rule.page().examples();
        for kind in [ExampleKind::Bad, ExampleKind::Good] {
            assert!(examples.iter().any(|it| it.kind == kind), "{} has no {kind:?} example", rule.id());
        }
        for (number, example) in examples.iter().enumerate() {
            check_example(rule, number, example.kind, &example.files);
        }
    }
}

fn check_example(rule: &'static Entry, number: usize, kind: ExampleKind, files: &[(String, String)]) {
    let (sources, report) = audit(files, &only(rule.id()), false);
    let found: BTreeSet<(String, usize)> = report
        .findings
        .iter()
        .map(|it| (sources.get(it.span.source).name().to_owned(), sources.start(it.span).line))
        .collect();
    let mut marked = BTreeSet::new();
    for (name, text) in files {
        for (at, line) in text.lines().enumerate() {
            if line.contains(MARK) {
                marked.insert((name.clone(), at + 1));
            }
        }
    }
    let told = describe(&sources, &report.findings);
    assert_eq!(found, marked, "example {} of {} ({kind:?}):\n{told}", number + 1, rule.id());
    assert_eq!(kind == ExampleKind::Bad, !marked.is_empty(), "example {} of {}", number + 1, rule.id());
}

#[test]
fn fixtures_say_what_they_say() {
    let mut wrong = Vec::new();
    for rule in rules::all() {
        let cases = cases_of(rule);
        let names: Vec<String> = cases.iter().map(|it| case_name(it)).collect();
        for prefix in ["fail-", "pass-"] {
            assert!(names.iter().any(|it| it.starts_with(prefix)), "{} has no fixture {prefix}", rule.id());
        }
        for (case, name) in cases.iter().zip(&names) {
            wrong.extend(check_fixture(rule, case, name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The cases of a rule, by name.
fn cases_of(rule: &'static Entry) -> Vec<PathBuf> {
    let folder = root().join("fixtures/rules").join(rule.id());
    let mut cases: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|it| it.expect("the folder can be read").path())
        .filter(|it| it.is_dir() || it.extension().is_some_and(|it| it == "yaml"))
        .collect();
    cases.sort();
    cases
}

fn case_name(case: &Path) -> String {
    case.file_stem().expect("a case has a name").to_string_lossy().into_owned()
}

/// A case is a file or a folder; `fragment` in its name makes it a run over one file, and a folder may hold
/// the run's `.edms-lint.yaml`.
struct Case {
    name: String,
    texts: Vec<(String, String)>,
    config: Option<Config>,
}

impl Case {
    fn read(case: &Path) -> Case {
        let files = if case.is_dir() { files_below(case) } else { vec![case.to_owned()] };
        let mut config = None;
        let mut texts = Vec::new();
        for file in files.iter().filter(|it| it.extension().is_some_and(|it| it != "snap")) {
            let text = std::fs::read_to_string(file).expect("a fixture is text");
            if file.file_name().is_some_and(|it| it == ".edms-lint.yaml") {
                config = Some(read_config(&text));
                continue;
            }
            let base = if case.is_dir() { case } else { case.parent().expect("a case has a folder") };
            let relative = file.strip_prefix(base).expect("below its folder").to_string_lossy().into_owned();
            texts.push((relative, text));
        }
        Case { name: case_name(case), texts, config }
    }

    /// What one rule finds, as a person reads it.
    fn told(&self, rule: &'static Entry, config: &Config) -> String {
        let config = Config { select: vec![rule.id().to_owned()], ..config.clone() };
        let (sources, report) = audit(&self.texts, &config, self.name.contains("fragment"));
        describe(&sources, &report.findings)
    }
}

/// What is wrong comes back, so that one run tells of all cases.
fn check_fixture(rule: &'static Entry, path: &Path, name: &str) -> Option<String> {
    let case = Case::read(path);
    let told = case.told(rule, case.config.as_ref().unwrap_or(&Config::default()));
    if name.starts_with("pass-") {
        return (!told.is_empty()).then(|| format!("{}/{name}:\n{told}", rule.id()));
    }
    if told.is_empty() {
        return Some(format!("{}/{name} finds nothing", rule.id()));
    }
    let folder = path.parent().expect("a case has a folder");
    insta::with_settings!({ snapshot_path => folder, prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, told);
    });
    None
}

/// A page's default is what the rule does without configuration: written into the configuration it changes
/// nothing, while a number that is one more or less changes something in a fixture.
#[test]
fn defaults_on_pages_are_the_rules() {
    for rule in rules::all().filter(|it| !it.page().parameters.is_empty()) {
        let cases: Vec<Case> = cases_of(rule).iter().map(|it| Case::read(it)).collect();
        let all = |config: &Config| -> Vec<String> { cases.iter().map(|it| it.told(rule, config)).collect() };
        let unconfigured = all(&Config::default());
        for (name, parameter) in &rule.page().parameters {
            let with = |value: &str| all(&read_config(&format!("rules:\n  {}:\n    {name}: {value}\n", rule.id())));
            let value = serde_json::to_string(&parameter.default).expect("a default is JSON");
            assert!(with(&value) == unconfigured, "{}: the default of {name} is not {value}", rule.id());
            if let Some(number) = parameter.default.as_i64() {
                let differs = [number - 1, number + 1].iter().any(|it| with(&it.to_string()) != unconfigured);
                assert!(differs, "{}: no fixture tells whether the default of {name} is {number}", rule.id());
            }
        }
    }
}

fn read_config(text: &str) -> Config {
    let text: std::sync::Arc<str> = text.into();
    let length = text.len();
    let document = edms_lint::yaml::parse(edms_lint::source::SourceId(0), &text, 0..length)
        .expect("a fixture's configuration is YAML")
        .expect("and not empty");
    let rules: Vec<&str> = rules::all().map(Entry::id).collect();
    let roles: Vec<&str> = edms_lint::index::Role::ALL.iter().map(|it| it.1).collect();
    let vocabulary = config::Vocabulary { rules: &rules, roles: &roles };
    config::read(&std::sync::Arc::new(document), &vocabulary).expect("a fixture's configuration is right")
}
