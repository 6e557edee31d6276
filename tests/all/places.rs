//! Where findings of kustomizations point: into the base, or into what changed it; and what is told once.

use edms_lint::config::Config;
use edms_lint::finding::Report;
use edms_lint::render::{Detail, Look, concise};
use edms_lint::{engine, load};
use std::collections::BTreeSet;

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
spec:
  replicas: 3
  selector:
    matchLabels: {app: orders}
  template:
    metadata:
      labels: {app: orders}
    spec:
      containers:
        - name: web
          image: registry.example.com/orders:1.4.2
          ports: [{name: http, containerPort: 8080}]
";

const SERVICE: &str = "\
apiVersion: v1
kind: Service
metadata: {name: orders}
spec:
  selector: {app: orders}
  ports: [{port: 80, targetPort: http}]
";

const BUDGET: &str = "\
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: orders}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {app: orders}
";

const BASE: &str = "resources: [app.yaml, budget.yaml, service.yaml]\n";

/// Audits a base in `base/` with these further files, by some rules.
fn report(rules: &[&str], files: &[(&str, &str)]) -> (Report, Vec<String>) {
    let mut all = vec![
        ("base/app.yaml", DEPLOYMENT),
        ("base/budget.yaml", BUDGET),
        ("base/kustomization.yaml", BASE),
        ("base/service.yaml", SERVICE),
    ];
    all.extend(files);
    let loaded = load::from_texts(&all);
    let config = Config { select: rules.iter().map(|it| (*it).to_owned()).collect(), ..Config::default() };
    let report = engine::run(&loaded.sources, &loaded.environments, &config);
    let place = |it: &edms_lint::finding::Finding| {
        let start = loaded.sources.start(it.span);
        let file = loaded.sources.get(it.span.source).name();
        format!("{file}:{}:{} [{}]", start.line, start.column, it.environments.join(" "))
    };
    let places = report.shown().map(place).collect();
    (report, places)
}

fn places(rule: &str, files: &[(&str, &str)]) -> Vec<String> {
    report(&[rule], files).1
}

/// The place of the budget's finding where the overlay `prod` has these patches.
fn budget_place(patches: &str) -> Vec<String> {
    places("pdb-blocks-drain", &[("prod/kustomization.yaml", &format!("resources: [../base]\n{patches}"))])
}

#[test]
fn what_a_patch_does_not_mention_is_the_fault_of_the_base() {
    let resources = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: orders}\nspec:\n  template:\n    spec:\n      \
                     containers:\n        - name: web\n          resources: {requests: {cpu: 50m}}\n";
    let overlay = "resources: [../base]\npatches: [{path: resources.yaml}]\n";
    let files = [("east/kustomization.yaml", overlay), ("east/resources.yaml", resources)];
    assert_eq!(places("readiness-probe-missing", &files), ["base/app.yaml:14:11 [east]"]);
}

#[test]
fn what_a_patch_takes_away_is_its_fault() {
    let probed =
        DEPLOYMENT.replace("          ports:", "          readinessProbe: {httpGet: {port: http}}\n          ports:");
    let overlay = "resources: [../base]\npatches: [{path: probe.yaml}]\n";
    let patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: orders}\nspec:\n  template:\n    spec:\n      \
                 containers:\n        - name: web\n          readinessProbe: null\n";
    let base = ("base/app.yaml", probed.as_str());
    let files = [base, ("east/kustomization.yaml", overlay), ("east/probe.yaml", patch)];
    assert_eq!(places("readiness-probe-missing", &files), ["east/probe.yaml:9:11 [east]"]);
    let operation = "resources: [../base]\npatches:\n  - target: {kind: Deployment}\n    patch: |\n      - op: remove\n        \
                     path: /spec/template/spec/containers/0/readinessProbe\n";
    let files = [base, ("east/kustomization.yaml", operation)];
    assert_eq!(places("readiness-probe-missing", &files), ["east/kustomization.yaml:6:15 [east]"]);
    let root = "resources: [../base]\n";
    let files = [("east/kustomization.yaml", operation), ("west/kustomization.yaml", root)];
    let both = places("readiness-probe-missing", &files);
    assert_eq!(both, ["base/app.yaml:14:11 [east west]"], "nothing is there to remove, and kustomize refuses it");
}

#[test]
fn what_a_list_is_replaced_by_stands_in_the_patch() {
    let pods = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: orders}\nspec:\n  template:\n    spec:\n      \
                containers:\n        - $patch: replace\n        - name: other\n          image: other:1\n";
    let overlay = "resources: [../base]\npatches: [{path: pods.yaml}]\n";
    let files = [("east/kustomization.yaml", overlay), ("east/pods.yaml", pods)];
    assert_eq!(places("readiness-probe-missing", &files), ["east/pods.yaml:9:11 [east]"]);
}

#[test]
fn inline_patches_have_exact_places() {
    let budget =
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: orders}\nspec:\n  maxUnavailable: 0\n";
    let indented = |by: &str| format!("{by}{}\n", budget.trim_end().replace('\n', &format!("\n{by}")));
    // Line 1 of the file is `resources`, the fifth of the budget is at fault.
    let literal = format!("patches:\n  - patch: |-\n{}", indented("      "));
    assert_eq!(budget_place(&literal), ["prod/kustomization.yaml:8:9 [prod]"]);
    let strategic = format!("patchesStrategicMerge:\n- |\n\n{}", indented("    "));
    assert_eq!(budget_place(&strategic), ["prod/kustomization.yaml:9:7 [prod]"]);
    let carriage_returns = literal.replace('\n', "\r\n");
    assert_eq!(budget_place(&carriage_returns), ["prod/kustomization.yaml:8:9 [prod]"]);
    let flow = "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: orders},";
    let folded = format!("patches:\n  - patch: >-\n      {flow}\n      spec: {{maxUnavailable: 0}}}}\n");
    assert_eq!(budget_place(&folded), ["prod/kustomization.yaml:5:14 [prod]"]);
    let single = format!("patches:\n  - patch: '{flow}\n\n      spec: {{maxUnavailable: 0}}}}'\n");
    assert_eq!(budget_place(&single), ["prod/kustomization.yaml:5:14 [prod]"]);
    let double = "patches:\n  - patch: \"kind: PodDisruptionBudget\\napiVersion: \\\"policy/v1\\\"\\nmetadata: {name: \
                  orders}\\nspec: {maxUnavailable: 0}\\n\"\n";
    assert_eq!(budget_place(double), ["prod/kustomization.yaml:3:100 [prod]"]);
}

#[test]
fn of_a_json_patch_the_operation_at_fault_is_shown() {
    let target = "patches:\n  - target: {kind: PodDisruptionBudget}\n    patch: ";
    let block = "|\n      - op: test\n        path: /spec/maxUnavailable\n        value: 1\n      - op: replace\n        \
                 path: /spec/maxUnavailable\n        value: 0\n";
    assert_eq!(budget_place(&format!("{target}{block}")), ["prod/kustomization.yaml:10:9 [prod]"]);
    let json = "'[{\"op\": \"add\", \"path\": \"/metadata/labels\", \"value\": {}},\n      {\"op\": \"replace\", \
                \"path\": \"/spec/maxUnavailable\", \"value\": 0}]'\n";
    assert_eq!(budget_place(&format!("{target}{json}")), ["prod/kustomization.yaml:5:57 [prod]"]);
}

#[test]
fn of_two_patches_the_last_one_is_shown() {
    let patch = |value: u8| {
        format!(
            "  - target: {{kind: PodDisruptionBudget}}\n    patch: '[{{\"op\": \"replace\", \"path\": \
             \"/spec/maxUnavailable\", \"value\": {value}}}]'\n"
        )
    };
    assert_eq!(budget_place(&format!("patches:\n{}{}", patch(1), patch(0))), ["prod/kustomization.yaml:6:64 [prod]"]);
    assert_eq!(budget_place(&format!("patches:\n{}{}", patch(0), patch(1))), [""; 0]);
}

const ORDER: &str = "# edms-lint: ignore[pdb-blocks-drain]: drained by hand";

#[test]
fn comments_inside_inline_patches_are_heeded() {
    let heads = "patches:\n  - patch: |\n";
    let body = |above: &str, above_spec: &str, on_line: &str| {
        format!(
            "{heads}{above}      apiVersion: policy/v1\n      kind: PodDisruptionBudget\n      metadata: {{name: \
             orders}}\n{above_spec}      spec:\n        maxUnavailable: 0{on_line}\n"
        )
    };
    let line = format!("      {ORDER}\n");
    assert_eq!(budget_place(&body("", "", "")).len(), 1);
    assert_eq!(budget_place(&body("", "", &format!(" {ORDER}"))), [""; 0], "on the line");
    assert_eq!(budget_place(&body("", &line, "")), [""; 0], "above the key that holds it");
    assert_eq!(budget_place(&body(&line, "", "")), [""; 0], "above the patch");
    let metadata = body("", "", "").replace("      metadata", &format!("{line}      metadata"));
    assert_eq!(budget_place(&metadata).len(), 1, "above another key");
    let outside = format!("  {ORDER}\n  - patch");
    assert_eq!(budget_place(&body("", "", "").replace("  - patch", &outside)), [""; 0], "above the item");
}

#[test]
fn a_comment_speaks_of_its_whole_operation() {
    let operation = |first: &str, second: &str, third: &str| {
        format!(
            "patches:\n  - target: {{kind: PodDisruptionBudget}}\n    patch: |\n      - op: replace{first}\n        path: \
             /spec/maxUnavailable{second}\n{third}        value: 0\n      - op: add\n        path: \
             /metadata/labels\n        value: {{a: b}}\n"
        )
    };
    let (behind, own) = (format!(" {ORDER}"), format!("        {ORDER}\n"));
    for (first, second, third) in [(behind.as_str(), "", ""), ("", behind.as_str(), ""), ("", "", own.as_str())] {
        assert_eq!(budget_place(&operation(first, second, third)), [""; 0], "{first}{second}{third}");
    }
    let other = operation("", "", "").replace("- op: add", &format!("- op: add {ORDER}"));
    assert_eq!(budget_place(&other).len(), 1, "another operation");
}

#[test]
fn comments_of_patch_files_reach_as_far_as_those_of_objects() {
    let kustomization = "resources: [../base]\npatches: [{path: budget.yaml}]\n";
    let place = |patch: &str| {
        places("pdb-blocks-drain", &[("prod/kustomization.yaml", kustomization), ("prod/budget.yaml", patch)])
    };
    let patch =
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: orders}\nspec:\n  maxUnavailable: 0\n";
    assert_eq!(place(patch), ["prod/budget.yaml:5:3 [prod]"]);
    for heeded in [
        format!("{ORDER}\n{patch}"),
        format!("{ORDER}\n---\n{patch}"),
        patch.replace("spec:", &format!("{ORDER}\nspec:")),
        patch.replace("  max", &format!("  {ORDER}\n  max")),
    ] {
        assert_eq!(place(&heeded), [""; 0], "{heeded}");
    }
}

#[test]
fn an_annotation_on_the_pod_template_speaks_of_the_workload() {
    let annotated = |object: &str| {
        let note = "      annotations: {ignore.edms-lint.dev/readiness-probe-missing: it is a stub}\n    spec:";
        object.replace("    spec:", note)
    };
    let patch = annotated(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: orders}\nspec:\n  template:\n    \
                           metadata:\n    spec: {priorityClassName: high}\n",
    );
    let overlay = "resources: [../base]\npatches: [{path: note.yaml}]\n";
    let files = [("east/kustomization.yaml", overlay), ("east/note.yaml", patch.as_str())];
    let (report, places) = report(&["readiness-probe-missing", "unused-suppression"], &files);
    assert_eq!(places, [""; 0]);
    assert_eq!(report.suppressed[0].reason, "it is a stub");
    assert_eq!(self::places("readiness-probe-missing", &[("base/app.yaml", &annotated(DEPLOYMENT))]), [""; 0]);
}

#[test]
fn a_base_of_several_roots_is_told_once() {
    let overlay = |more: &str| format!("resources: [../base]\n{more}");
    let (dev, prod) = (overlay("namePrefix: dev-\nnamespace: dev\n"), overlay("nameSuffix: -x\nnamespace: prod\n"));
    let plain = overlay("");
    let files = [
        ("dev/kustomization.yaml", dev.as_str()),
        ("plain/kustomization.yaml", plain.as_str()),
        ("prod/kustomization.yaml", prod.as_str()),
    ];
    let (report, places) = report(&["readiness-probe-missing"], &files);
    assert_eq!(places, ["base/app.yaml:14:11 [dev plain prod]"]);
    let finding = &report.findings[0];
    assert_eq!(
        finding.message,
        "Service orders sends requests to Deployment orders, whose container web has no readiness probe"
    );
    assert_eq!((finding.subject.name.as_str(), finding.subject.namespace.as_deref()), ("orders", None));
    let texts: Vec<&str> = finding.labels.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(texts.len(), 1, "{texts:?}");
}

#[test]
fn a_root_that_changes_the_verdict_has_its_own_finding() {
    let more = "  - target: {kind: Deployment}\n    patch: '[{\"op\": \"replace\", \"path\": \"/spec/replicas\", \
                \"value\": 1}]'\n";
    let changed = format!("resources: [../base]\npatches:\n{more}");
    let files = [
        ("dev/kustomization.yaml", changed.as_str()),
        ("prod/kustomization.yaml", "resources: [../base]\n"),
        ("test/kustomization.yaml", "resources: [../base]\n"),
        ("base/app.yaml", &DEPLOYMENT.replace("replicas: 3", "replicas: 0")),
    ];
    let found = places("workload-too-few-replicas", &files);
    assert!(found.contains(&"dev/kustomization.yaml:4:58 [dev]".to_owned()), "{found:?}");
    assert!(found.iter().all(|it| it.ends_with("[dev]") || it.ends_with("[prod test]")), "{found:?}");
}

#[test]
fn what_one_root_lists_is_not_told_again_by_another() {
    let app = |name: &str| format!("{DEPLOYMENT}---\n{SERVICE}").replace("orders", name);
    let (api, shop) = (app("api"), app("shop"));
    let files = [
        ("all/kustomization.yaml", "resources: [../api, ../shop]\n"),
        ("api/app.yaml", api.as_str()),
        ("api/kustomization.yaml", "resources: [app.yaml]\n"),
        ("preview/kustomization.yaml", "resources: [../api]\nnamePrefix: preview-\n"),
        ("shop/app.yaml", shop.as_str()),
        ("shop/kustomization.yaml", "resources: [app.yaml]\n"),
    ];
    let loaded = load::from_texts(&files);
    let config = Config { select: vec!["monitor-missing".to_owned()], ..Config::default() };
    let report = engine::run(&loaded.sources, &loaded.environments, &config);
    let found: BTreeSet<(&str, String)> =
        report.findings.iter().map(|it| (it.subject.name.as_str(), it.environments.join(" "))).collect();
    assert_eq!(found, BTreeSet::from([("api", "all preview".to_owned()), ("shop", "all".to_owned())]));
    assert_eq!(
        listed(&loaded, &report),
        ["2 components are not monitored; no ServiceMonitor or PodMonitor exists: api and shop"]
    );
}

#[test]
fn few_that_stand_beside_a_list_join_it() {
    let apps = |names: &[&str]| -> String {
        let one = |it: &&str| format!("{DEPLOYMENT}---\n{SERVICE}").replace("orders", it);
        names.iter().map(one).collect::<Vec<String>>().join("---\n")
    };
    let shared = apps(&["a-api", "b-api", "c-api", "d-api", "e-api", "f-api"]);
    let own = apps(&["own-api"]);
    let files = [
        ("base/apps.yaml", shared.as_str()),
        ("base/kustomization.yaml", "resources: [apps.yaml]\n"),
        ("one/kustomization.yaml", "resources: [../base]\n"),
        ("two/kustomization.yaml", "resources: [../base, own.yaml]\n"),
        ("two/own.yaml", own.as_str()),
    ];
    let loaded = load::from_texts(&files);
    let config = Config { select: vec!["hpa-missing".to_owned()], ..Config::default() };
    let report = engine::run(&loaded.sources, &loaded.environments, &config);
    assert_eq!(report.findings.len(), 7, "programs have each by itself");
    assert_eq!(
        listed(&loaded, &report),
        ["7 Deployments have no autoscaler: a-api, b-api, c-api and 4 more (--format json has each)"]
    );
}

const LOOK: Look = Look { color: false, unicode: true, width: 100, links: None };

/// The messages as people have them, without their places.
fn listed(loaded: &load::Loaded, report: &Report) -> Vec<String> {
    let mut out = Vec::new();
    concise::render(report, &loaded.sources, LOOK, Detail::Normal, &mut out).expect("memory takes it");
    let text = String::from_utf8(out).expect("output is UTF-8");
    text.lines().map(|it| it.split_once("] ").map_or(it, |it| it.1).to_owned()).collect()
}

#[test]
fn a_service_above_the_roots_serves_their_pods() {
    let base = "resources: [app.yaml]\n";
    let app = DEPLOYMENT;
    let run = |service: &str, prod: &str| {
        let files = [
            ("k8s/base/app.yaml", app),
            ("k8s/base/kustomization.yaml", base),
            ("k8s/overlays/dev/kustomization.yaml", "resources: [../../base]\n"),
            ("k8s/overlays/prod/kustomization.yaml", prod),
            (service, SERVICE),
        ];
        let loaded = load::from_texts(&files);
        let names: Vec<String> = loaded.environments.iter().map(|it| it.name.clone()).collect();
        let rules = ["readiness-probe-missing", "service-selects-nothing"];
        let config = Config { select: rules.map(str::to_owned).to_vec(), ..Config::default() };
        let report = engine::run(&loaded.sources, &loaded.environments, &config);
        let told =
            report.findings.iter().map(|it| format!("{} {} {}", it.severity, it.rule, it.environments.join(" ")));
        (names, told.collect::<Vec<String>>())
    };
    let prod = "resources: [../../base]\nnamespace: prod\n";
    let both = ["k8s/overlays/dev".to_owned(), "k8s/overlays/prod".to_owned()].to_vec();
    for place in ["service.yaml", "k8s/service.yaml", "k8s/services/orders.yaml", "k8s/overlays/orders.yaml"] {
        let (names, told) = run(place, prod);
        assert_eq!(told, ["error readiness-probe-missing k8s/overlays/dev k8s/overlays/prod"], "{place}");
        assert_eq!(names, both, "{place}");
    }
    let (names, told) = run("elsewhere/deep/service.yaml", prod);
    assert_eq!(names.len(), 3);
    assert!(!told.iter().any(|it| it.starts_with("error readiness")), "{told:?}");
}

/// Every line and column was counted by hand.
#[test]
fn the_project_of_overlays_has_its_findings_where_they_are_made() {
    let root = crate::common::root().join("fixtures/projects/overlays");
    let config = Config::default();
    let options = load::Options { config: &config, config_dir: None, working_dir: &root };
    let loaded = load::load(&[load::Input::Path(root.clone())], edms_lint::source::Sources::default(), &options);
    let report = engine::run(&loaded.sources, &loaded.environments, &config);
    let say = |it: &edms_lint::finding::Finding| {
        let (start, file) = (loaded.sources.start(it.span), loaded.sources.get(it.span.source).name());
        let environments = it.environments.join(" ").replace("overlays/", "");
        format!("{file}:{}:{} {} {environments}", start.line, start.column, it.rule)
    };
    let mut told: Vec<String> = report.shown().map(say).collect();
    told.sort();
    let expected = [
        "base/mailer.yaml:15:11 liveness-probe-missing dev prod staging",
        "base/mailer.yaml:15:11 readiness-probe-missing dev prod staging",
        "base/mailer.yaml:4:3 hpa-missing dev prod staging",
        "base/mailer.yaml:4:3 monitor-missing dev prod staging",
        "base/mailer.yaml:7:3 workload-too-few-replicas dev staging",
        "base/orders.yaml:12:5 anti-affinity-missing prod staging",
        "base/orders.yaml:14:11 readiness-probe-missing dev prod staging",
        "base/orders.yaml:14:11 workload-resources-missing dev prod",
        "base/orders.yaml:4:3 alert-missing dev prod staging",
        "base/orders.yaml:4:3 hpa-missing dev prod staging",
        "components/single/kustomization.yaml:11:9 workload-too-few-replicas dev",
        "monitor.yaml:3:1 monitor-not-selected dev prod staging",
        "overlays/staging/kustomization.yaml:11:57 pdb-blocks-drain staging",
    ];
    assert_eq!(told, expected);
    let mut suppressed: Vec<String> = report
        .suppressed
        .iter()
        .map(|it| {
            let by = loaded.sources.start(it.by).line;
            format!("{} by {} {by}", say(&it.finding), loaded.sources.get(it.by.source).name())
        })
        .collect();
    suppressed.sort();
    let expected = [
        "overlays/dev/kustomization.yaml:14:9 pdb-blocks-drain dev by overlays/dev/kustomization.yaml 9",
        "overlays/prod/mailer.yaml:15:11 image-tag-latest prod by overlays/prod/mailer.yaml 11",
        "overlays/prod/mailer.yaml:7:3 workload-too-few-replicas prod by overlays/prod/mailer.yaml 6",
    ];
    assert_eq!(suppressed, expected);
}
