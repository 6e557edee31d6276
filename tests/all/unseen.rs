//! Where objects may be there that the run does not see, nothing is concluded from their absence.

use edms_lint::config::Config;
use edms_lint::finding::{Report, Undecided};
use edms_lint::model::{Unseen, UnseenKinds, is_known};
use edms_lint::readiness::{self, Inventory, Standing};
use edms_lint::{engine, load, rules};
use std::collections::BTreeSet;

const SHOP: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: orders-api, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: orders-api}}
  template:
    metadata: {labels: {app: orders-api}}
    spec:
      containers: [{name: api, image: registry.example.com/orders-api:1.4.2, ports: [{containerPort: 8080}]}]
---
apiVersion: v1
kind: Service
metadata: {name: orders-api, namespace: shop}
spec: {selector: {app: orders-api}, ports: [{port: 80, targetPort: 8080}]}
";
const REASON: &str = "HelmRelease policies installs a chart that is not rendered here";

fn audit(unseen: Option<Unseen>) -> Report {
    let mut loaded = load::from_texts(&[("shop.yaml", SHOP)]);
    loaded.environments[0].unseen.extend(unseen);
    engine::run(&loaded.sources, &loaded.environments, &Config::default())
}

fn unseen(kinds: UnseenKinds, namespace: &str) -> Unseen {
    Unseen { reason: REASON.to_owned(), kinds, namespace: Some(namespace.to_owned()) }
}

fn has_finding(report: &Report, rule: &str) -> bool {
    report.findings.iter().any(|it| it.rule == rule)
}

fn is_open(report: &Report, rule: &str) -> bool {
    report.outcomes().iter().any(|it| it.rule == rule && it.undecided == Undecided::NotVerifiable(REASON.to_owned()))
}

#[test]
fn a_budget_that_may_be_there_unseen_is_not_missing() {
    let budgets = || BTreeSet::from(["PodDisruptionBudget.policy".to_owned()]);
    for kinds in [UnseenKinds::All, UnseenKinds::Only(budgets())] {
        let report = audit(Some(unseen(kinds, "shop")));
        assert!(is_open(&report, "pdb-missing") && !has_finding(&report, "pdb-missing"));
        // What does not conclude from absence stands.
        assert!(has_finding(&report, "anti-affinity-missing") && has_finding(&report, "readiness-probe-missing"));
    }
}

#[test]
fn what_is_hidden_elsewhere_or_of_another_kind_changes_nothing() {
    let budgets = || BTreeSet::from(["PodDisruptionBudget.policy".to_owned()]);
    for unseen in
        [None, Some(unseen(UnseenKinds::All, "monitoring")), Some(unseen(UnseenKinds::AllBut(budgets()), "shop"))]
    {
        let report = audit(unseen);
        assert!(has_finding(&report, "pdb-missing") && !is_open(&report, "pdb-missing"));
    }
}

#[test]
fn a_sentence_about_a_component_that_may_be_there_unseen_is_not_verifiable() {
    let standings = |unseen: Option<Unseen>| {
        let mut loaded = load::from_texts(&[("shop.yaml", SHOP)]);
        loaded.environments[0].unseen.extend(unseen);
        let config = Config::default();
        let (report, inventories) = engine::run_and_ask(&loaded.sources, &loaded.environments, &config, Inventory::new);
        let readiness = readiness::assess(&report, &inventories, &config, &BTreeSet::new());
        let sections = &readiness.environments[0].sections;
        let about_kafka = sections
            .iter()
            .flat_map(|it| &it.1)
            .filter(|it| it.sentence.about == [readiness::Component::Kafka] && it.sentence.attest.is_empty());
        about_kafka.map(|it| it.standing).collect::<BTreeSet<Standing>>()
    };
    assert_eq!(standings(None), BTreeSet::from([Standing::NotApplicable]));
    assert_eq!(standings(Some(unseen(UnseenKinds::All, "kafka"))), BTreeSet::from([Standing::NotVerifiable]));
}

#[test]
fn pages_name_known_kinds() {
    for page in rules::all().map(edms_lint::rule::Entry::page) {
        for name in &page.absence {
            let (kind, group) = name.split_once('.').unwrap_or((name, ""));
            assert!(is_known(group, kind), "{}: no kind {name}", page.id);
        }
    }
}

#[test]
fn a_document_that_cannot_be_read_hides_what_it_mentions() {
    let with = |broken: &str| {
        let loaded = load::from_texts(&[("broken.yaml", broken), ("shop.yaml", SHOP)]);
        engine::run(&loaded.sources, &loaded.environments, &Config::default())
    };
    let report = with("apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n\tname: orders-api\n");
    let reason = Undecided::NotVerifiable("broken.yaml cannot be read".to_owned());
    assert!(!has_finding(&report, "pdb-missing"));
    assert!(report.outcomes().iter().any(|it| it.rule == "pdb-missing" && it.undecided == reason));
    let other = with("apiVersion: v1\nkind: Secret\nmetadata:\n\tname: orders-api\n");
    assert!(has_finding(&other, "pdb-missing"));
    let template = with("apiVersion: policy/v1\nkind: {{ .Values.kind }}\nmetadata: {{ .Values.metadata }}\n");
    assert!(!has_finding(&template, "pdb-missing"));
}

/// A chart whose templates leave everything open, in a folder.
fn chart(folder: &str) -> Vec<(String, String)> {
    let files = [
        ("Chart.yaml", "name: orders\n"),
        ("templates/all.yaml", "kind: {{ .Values.kind }}\n{{ include \"all\" . }}\n"),
    ];
    files.iter().map(|(name, text)| (format!("{folder}/{name}"), (*text).to_owned())).collect()
}

/// What the environments of files say of Service `orders`, which no file holds.
fn of_service(files: &[(String, String)]) -> Vec<(String, bool)> {
    let texts: Vec<(&str, &str)> = files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    let loaded = load::from_texts(&texts);
    let hides = |it: &edms_lint::model::Environment| it.may_hide(&["Service"], Some("shop")).is_some();
    let with_objects = loaded.environments.iter().filter(|it| !it.objects.is_empty());
    with_objects.map(|it| (it.name.clone(), hides(it))).collect()
}

#[test]
fn a_chart_concerns_the_folder_that_it_lies_in() {
    let root = |folder: &str| {
        let kustomization = "resources: [shop.yaml]\n".to_owned();
        [(format!("{folder}/kustomization.yaml"), kustomization), (format!("{folder}/shop.yaml"), SHOP.to_owned())]
    };
    let mut files: Vec<(String, String)> = root("orders/k8s").into_iter().chain(root("billing/k8s")).collect();
    files.extend(chart("orders/charts/api"));
    let named = |it: &str, hides: bool| (it.to_owned(), hides);
    assert_eq!(of_service(&files), [named("billing/k8s", false), named("orders/k8s", true)]);
    // One that lies above all may be anybody's.
    let mut files: Vec<(String, String)> = root("orders/k8s").into_iter().chain(root("billing/k8s")).collect();
    files.extend(chart("charts/api"));
    assert_eq!(of_service(&files), [named("billing/k8s", true), named("orders/k8s", true)]);
}

#[test]
fn a_chart_concerns_the_namespace_of_its_release() {
    let release = |namespace: &str| {
        let text = format!(
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: api, namespace: {namespace}}}\nspec:\n  \
             interval: 5m\n  chart: {{spec: {{chart: ./charts/api, sourceRef: {{kind: GitRepository, name: all}}}}}}\n"
        );
        ("release.yaml".to_owned(), text)
    };
    let files = |namespace: &str| {
        let mut files = chart("charts/api");
        files.extend([("shop.yaml".to_owned(), SHOP.to_owned()), release(namespace)]);
        files
    };
    assert_eq!(of_service(&files("shop")), [(".".to_owned(), true)]);
    assert_eq!(of_service(&files("billing")), [(".".to_owned(), false)]);
}
