//! Makes reports by hand from small texts, so that formats are tested without rules.

use edms_lint::finding::{
    Classified, Confidence, DocumentOutcome, DocumentStatus, Edit, EnvironmentSummary, Finding, Fix, Identity, Label,
    Outcome, Passed, Report, RuleId, Safety, ScaleSource, Severity, Stage, Subject, Suppressed, SuppressedBy,
    Undecided,
};
use edms_lint::source::{Source, SourceId, Sources, Span};
use edms_lint::yaml::{Path, Step};

/// A run in the making.
#[derive(Default)]
pub(crate) struct Run {
    pub(crate) sources: Sources,
    pub(crate) report: Report,
}

impl Run {
    pub(crate) fn file(&mut self, name: &str, text: &str) -> SourceId {
        self.sources.add(Source::new(name, text))
    }

    /// The span of the first place where this text stands.
    pub(crate) fn at(&self, file: SourceId, text: &str) -> Span {
        let start = self.sources.get(file).text().find(text).expect("the text is in the file");
        span(file, start, start + text.len())
    }

    /// Adds a finding of one environment, `prod`, for the test to add to.
    pub(crate) fn find(&mut self, rule: &str, severity: Severity, span: Span, message: &str) -> &mut Finding {
        self.report.findings.push(Box::new(finding(rule, severity, span, message)));
        self.report.findings.last_mut().expect("one was just added")
    }

    /// One of the renderers' output as text.
    pub(crate) fn write(&self, render: impl FnOnce(&Report, &Sources, &mut Vec<u8>) -> std::io::Result<()>) -> String {
        let mut out = Vec::new();
        render(&self.report, &self.sources, &mut out).expect("memory takes all");
        String::from_utf8(out).expect("reports are UTF-8")
    }
}

pub(crate) fn span(source: SourceId, start: usize, end: usize) -> Span {
    let offset = |it: usize| u32::try_from(it).expect("texts of tests are small");
    Span { source, start: offset(start), end: offset(end) }
}

pub(crate) fn label(span: Span, text: &str) -> Label {
    Label { span, text: text.to_owned() }
}

pub(crate) fn deployment(name: &str) -> Subject {
    Subject { group: "apps".into(), kind: "Deployment".into(), namespace: Some("shop".into()), name: name.into() }
}

/// The id of a rule that only these tests know.
pub(crate) fn id(name: &str) -> RuleId {
    RuleId::of_page(format!("---\nid: {name}\n").leak())
}

pub(crate) fn finding(rule: &str, severity: Severity, span: Span, message: &str) -> Finding {
    Finding {
        rule: id(rule),
        severity,
        message: message.to_owned(),
        span,
        subject: deployment("backend"),
        rendered: None,
        environments: vec!["prod".to_owned()],
        path: Path::of(&["spec", "replicas"]),
        labels: Vec::new(),
        evidence: Vec::new(),
        help: None,
        confidence: Confidence::Certain,
        fix: None,
        group: None,
        impact: edms_lint::finding::Impact::default(),
    }
}

pub(crate) const BACKEND: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: backend
  namespace: shop
spec:
  replicas: 3
";

pub(crate) const BUDGET: &str = "\
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: backend
spec:
  minAvailable: 3
  selector:
    matchLabels:
      app: backend
";

pub(crate) const SCALER: &str = "\
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: backend
spec:
  maxReplicaCount: 3
";

/// The identity of the object that a text is.
fn identity(text: &str) -> Identity {
    let text: std::sync::Arc<str> = text.into();
    let length = text.len();
    let document = edms_lint::yaml::parse(SourceId(0), &text, 0..length).expect("is YAML").expect("is not empty");
    let document = std::sync::Arc::new(document);
    let object = edms_lint::model::Object::read(&document, document.root()).expect("is an object");
    object.identity().clone()
}

/// A report that has everything a report can have.
pub(crate) fn full() -> Run {
    let mut run = Run::default();
    let backend = run.file("k8s/backend.yaml", BACKEND);
    let budget = run.file("k8s/budget.yaml", BUDGET);
    let scaler = run.file("k8s/scaler.yaml", SCALER);
    add_findings(&mut run, backend, budget, scaler);
    add_outcomes(&mut run, scaler);
    add_environments(&mut run, backend, budget, scaler);
    run.report.rules = ["pdb-blocks-drain", "replicas-too-few", "storage-unknown", "topology-missing"].map(id).to_vec();
    run
}

fn add_findings(run: &mut Run, backend: SourceId, budget: SourceId, scaler: SourceId) {
    let (replicas, ceiling) = (run.at(backend, "replicas: 3"), run.at(scaler, "maxReplicaCount: 3"));
    let minimum = run.at(budget, "minAvailable: 3");
    let drain =
        run.find("pdb-blocks-drain", Severity::Error, minimum, "3 pods, 3 must stay available: 0 evictions allowed");
    drain.environments = vec!["prod".into(), "staging".into()];
    drain.path = Path(vec![Step::Key("spec".into()), Step::Key("minAvailable".into())]);
    drain.labels = vec![label(replicas, "3 pods are asked for here"), label(ceiling, "and never more than 3")];
    drain.evidence = vec![("floor", "3".into()), ("allowed", "0".into())];
    drain.help = Some("Allow one eviction: maxUnavailable: 1".into());
    drain.fix = Some(Box::new(Fix {
        title: "allow one eviction".into(),
        safety: Safety::Unsafe,
        edits: vec![Edit { span: minimum, text: "maxUnavailable: 1".into() }],
        stage: Stage::Budgets,
        changes: Vec::new(),
        effect: None,
        hindrance: None,
        yields_to: None,
        refused: None,
        is_aside: false,
    }));
    let name = run.at(backend, "name: backend");
    run.find("topology-missing", Severity::Warning, name, "Deployment shop/backend has no spread over zones")
        .confidence = Confidence::Heuristic;
    run.find("replicas-too-few", Severity::Note, replicas, "3 pods on 2 zones");
    let finding = finding("replicas-too-few", Severity::Warning, ceiling, "never more than 3 pods");
    let by = run.at(scaler, "spec:");
    run.report.suppressed =
        vec![Suppressed { finding, kind: SuppressedBy::Comment, by, reason: "the budget of the cluster".into() }];
}

fn add_outcomes(run: &mut Run, scaler: SourceId) {
    let outcome = |rule, environment: &str, undecided| Outcome {
        rule: id(rule),
        environment: environment.to_owned(),
        subject: deployment("backend"),
        undecided,
    };
    let attested = Undecided::Attested { by: "the platform team".into(), until: "2027-01-31".into() };
    let blocked = Undecided::Blocked {
        by: id("pdb-blocks-drain"),
        carrier: deployment("backend"),
        label: label(run.at(scaler, "maxReplicaCount: 3"), "and never more than 3"),
    };
    run.report.passed = vec![Passed { rule: id("topology-missing"), environment: 1, objects: vec![0] }];
    run.report.single_outcomes = vec![
        outcome(
            "storage-unknown",
            "prod",
            Undecided::NotVerifiable("the StorageClass fast-ssd is not among the files".into()),
        ),
        outcome("storage-unknown", "staging", attested),
        outcome("replicas-too-few", "staging", blocked),
    ];
}

fn add_environments(run: &mut Run, backend: SourceId, budget: SourceId, scaler: SourceId) {
    let document = |file, end, title: &'static str, fate| DocumentOutcome {
        span: span(file, 0, end),
        title: edms_lint::finding::Title::Text(title),
        fate,
    };
    let shared = [
        document(backend, 19, "Deployment backend", DocumentStatus::Checked),
        document(budget, 21, "PodDisruptionBudget backend", DocumentStatus::Checked),
    ];
    let skipped =
        document(scaler, 28, "ScaledObject backend", DocumentStatus::Skipped("a patch, not deployed by itself".into()));
    let known = document(scaler, 28, "ScaledObject backend", DocumentStatus::Checked);
    let role = Classified {
        object: identity(BACKEND),
        role: "stateless server",
        reason: "it has a Service and no volume".into(),
        floor: Some(3),
        ceiling: None,
        scaled_by: ScaleSource::Word("spec.replicas"),
    };
    let environment = |name: &str, last| EnvironmentSummary {
        name: name.to_owned(),
        reason: format!("the kustomization k8s/{name} and what it reaches"),
        remarks: Vec::new(),
        documents: shared.iter().cloned().chain([last]).collect::<Vec<_>>().into(),
        components: vec![role.clone()],
    };
    run.report.environments = vec![environment("prod", known), environment("staging", skipped)];
    run.report.environments[1].remarks.push("Patches of 2 fields could not be applied".into());
}
