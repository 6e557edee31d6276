//! Every rule against the examples of its page and its fixtures: data in, findings out.

use crate::common::{audit, cases_of, describe, files_of, only};
use edms_lint::config::{self, Config};
use edms_lint::rule::{Entry, ExampleKind};
use edms_lint::rules;
use std::collections::BTreeSet;
use std::path::Path;

/// The comment that marks a line of an example.
const MARK: &str = "# <- finding";

#[test]
fn examples_on_pages_are_true() {
    for rule in rules::all() {
        let examples = rule.page().examples();
        for kind in [ExampleKind::Bad, ExampleKind::Good] {
            assert!(examples.iter().any(|it| it.kind == kind), "{} has no {kind:?} example", rule.id());
        }
        // What a fix makes may be wrong in lesser ways: `fixes.rs` looks at it.
        for (number, example) in examples.iter().enumerate().filter(|it| it.1.kind != ExampleKind::Fixed) {
            check_example(rule, number, example.kind, &example.files);
        }
    }
}

fn check_example(rule: &'static Entry, number: usize, kind: ExampleKind, files: &[(String, String)]) {
    let (sources, report) = audit(files, &only(&rule.id()), false);
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
        let mut config = None;
        let mut texts = Vec::new();
        for (name, file) in files_of(case) {
            let text = std::fs::read_to_string(&file).expect("a fixture is text");
            if file.file_name().is_some_and(|it| it == ".edms-lint.yaml") {
                config = Some(read_config(&text));
                // Its places are those of the first source.
                texts.insert(0, (".edms-lint.yaml".to_owned(), text));
                continue;
            }
            texts.push((name, text));
        }
        Case { name: case_name(case), texts, config }
    }

    /// What one rule finds, as a person reads it.
    fn told(&self, rule: &'static Entry, config: &Config) -> String {
        let config = Config { select: vec![rule.id().into()], ..config.clone() };
        let (sources, report) = audit(&self.texts, &config, self.name.contains("fragment"));
        describe(&sources, &report.findings)
    }
}

/// What is wrong comes back, so that one run reports all cases.
fn check_fixture(rule: &'static Entry, path: &Path, name: &str) -> Option<String> {
    let case = Case::read(path);
    let told = case.told(rule, case.config.as_ref().unwrap_or(&only(&rule.id())));
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
    let rules: Vec<&str> = rules::all().map(|it| it.id().as_str()).collect();
    let parts: Vec<&str> = edms_lint::index::Role::ALL.iter().map(|it| it.1).collect();
    let vocabulary = config::Vocabulary { rules: &rules, roles: &parts };
    let (config, errors) = config::read(&std::sync::Arc::new(document), &vocabulary);
    assert!(errors.is_empty(), "a fixture's configuration is right: {errors:?}");
    config
}

/// Lines and columns counted by hand: what goldens freeze, somebody must have counted once.
#[test]
fn places_are_where_a_person_counts_them() {
    let pods = "spec: {replicas: 2, template: {metadata: {labels: {app: a}}, spec: {containers: [{image: 'a:1'}]}}}";
    let two = format!("apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: a}}\n{pods}\n");
    let one = two.replace("replicas: 2", "replicas: 1");
    let budget = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: b}\n";
    let selector = "  selector: {matchLabels: {app: a}}\n";
    let kafka =
        |rest: &str| format!("apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata: {{name: k}}\nspec:\n{rest}");
    let pool = |name: &str, replicas: u32, roles: &str| {
        format!(
            "---\napiVersion: kafka.strimzi.io/v1\nkind: KafkaNodePool\nmetadata: {{name: {name}, labels: \
             {{strimzi.io/cluster: k}}}}\nspec:\n  roles: [{roles}]\n  replicas: {replicas}\n"
        )
    };
    let table = [
        ("workload-too-few-replicas", one.clone(), (4, 8)), // behind `spec: {`
        ("pdb-missing", two.clone(), (3, 12)),              // behind `metadata: {`
        ("pdb-blocks-drain", format!("{budget}spec:\n  maxUnavailable: 0\n{selector}"), (5, 3)),
        ("pdb-selects-nothing", format!("{two}---\n{budget}spec:\n  maxUnavailable: 1\n"), (9, 1)),
        (
            "pdb-custom-controller",
            format!("{}---\n{budget}spec:\n{selector}  maxUnavailable: 1\n", two.replace("Deployment", "DaemonSet")),
            (11, 3),
        ),
        (
            "pdb-overlap",
            format!(
                "{two}---\n{budget}spec:\n  maxUnavailable: 1\n{selector}---\n{}spec:\n  maxUnavailable: 1\n{selector}",
                budget.replace("name: b", "name: c")
            ),
            (18, 3),
        ),
        ("duplicate-object", format!("{one}---\n{two}"), (8, 12)),
        ("manifest-syntax", "apiVersion: v1\nkind: Service\nmetadata:\n  name: [a\n".to_owned(), (4, 9)),
        ("zookeeper-too-few-nodes", kafka("  kafka: {replicas: 3}\n  zookeeper:\n    replicas: 1\n"), (7, 5)),
        ("kafka-too-few-brokers", kafka("  zookeeper: {replicas: 3}\n  kafka:\n    replicas: 2\n"), (7, 5)),
        ("kafka-nodepool-missing", kafka("  kafka: {}\n"), (3, 12)),
        (
            "kraft-too-few-controllers",
            // 5 lines of Kafka, the separator, and the sixth line behind it.
            kafka("  kafka: {}\n") + &pool("c", 1, "controller") + &pool("b", 3, "broker"),
            (12, 3),
        ),
        (
            "postgres-too-few-instances",
            "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: d}\nspec:\n  # ü\n  instances: 1\n"
                .to_owned(),
            (6, 3),
        ),
    ];
    for (rule, text, (line, column)) in table {
        let (sources, report) = audit(&[("a.yaml".to_owned(), text.clone())], &only(rule), false);
        let [finding] = report.findings.as_slice() else {
            panic!("{rule}: {} findings in\n{text}", report.findings.len());
        };
        let found = sources.start(finding.span);
        assert_eq!((found.line, found.column), (line, column), "{rule}: {} in\n{text}", finding.message);
    }
}

/// Cases that a page declares and that need the loader: legal YAML which Kubernetes does not read as it stands.
#[test]
fn what_is_not_read_as_it_stands_is_doubtful() {
    let map = |name: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n");
    let table = [(format!("{}...\n{}", map("a"), map("b")), (6, 1)), (format!("%YAML 1.2\n---\n{}", map("a")), (1, 1))];
    for (text, (line, column)) in table {
        let loaded = edms_lint::load::from_texts(&[("a.yaml", &text)]);
        let report = edms_lint::engine::run(&loaded.sources, &loaded.environments, &only("manifest-syntax"));
        let [finding] = report.findings.as_slice() else { panic!("{} findings in\n{text}", report.findings.len()) };
        let found = loaded.sources.start(finding.span);
        assert_eq!((found.line, found.column), (line, column), "{text}");
        assert_eq!(finding.severity, edms_lint::finding::Severity::Warning, "{text}");
    }
}
