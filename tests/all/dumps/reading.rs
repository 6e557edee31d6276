//! Live objects, derived ones, and what a dump says of itself.

use crate::common::root;
use edms_lint::config::Config;
use edms_lint::finding::{DocumentStatus, Report, Undecided};
use edms_lint::load::{self, Input, Loaded, Options};
use edms_lint::source::Sources;
use edms_lint::{engine, load::STDIN};

/// Reads texts as streams in memory.
fn read(texts: &[(&str, &str)]) -> Loaded {
    let inputs: Vec<Input> = texts
        .iter()
        .map(|(name, text)| Input::Text { name: (*name).to_owned(), bytes: text.as_bytes().to_vec() })
        .collect();
    let config = Config::default();
    load::load(&inputs, Sources::default(), &Options { config: &config, config_dir: None, working_dir: &root() })
}

fn audit(texts: &[(&str, &str)]) -> Report {
    let loaded = read(texts);
    engine::run(&loaded.sources, &loaded.environments, &Config::default())
}

fn rules(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|it| it.rule.as_str()).collect()
}

/// A live object in one line: what it is, what further stands in its metadata, and its spec.
fn live(kind: &str, api_version: &str, name: &str, metadata: &str, spec: &str) -> String {
    format!(
        "apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: {name}, namespace: shop, uid: uid-{name}, \
         resourceVersion: '7'{metadata}}}\nspec: {spec}\n"
    )
}

#[test]
fn what_a_cluster_adds_to_manifests_is_no_fault_of_theirs() {
    let text = std::fs::read_to_string(root().join("fixtures/dumps/shop.yaml")).expect("there is one");
    let report = audit(&[(STDIN, &text)]);
    let found = rules(&report);
    for rule in ["pdb-overlap", "hpa-replicas-drift", "hpa-duplicate-target", "duplicate-object", "bare-pod"] {
        assert!(!found.contains(&rule), "{rule}: {found:?}");
    }
    assert!(report.findings.iter().all(|it| !matches!(it.subject.kind.as_str(), "Pod" | "ReplicaSet")));
    let [environment] = report.environments.as_slice() else { panic!("one environment") };
    assert!(environment.reason.starts_with("a dump of namespace shop (kinds: Deployment, "), "{}", environment.reason);
    let fate = |title: &str| {
        let document = environment.documents.iter().find(|it| it.title.to_string() == title);
        document.map_or_else(|| panic!("{title} is not there"), |it| it.fate.clone())
    };
    let made_by = |it: &str| DocumentStatus::Skipped(format!("made by {it}"));
    assert_eq!(fate("ReplicaSet backend-7f6d58c9b4"), made_by("Deployment backend"));
    assert_eq!(fate("HorizontalPodAutoscaler keda-hpa-order-consumer"), made_by("ScaledObject order-consumer"));
    assert_eq!(fate("PodDisruptionBudget events-kafka"), made_by("Kafka events"));
    assert_eq!(fate("Pod events-dual-0"), made_by("StrimziPodSet events-dual"));
    assert_eq!(fate("PodDisruptionBudget backend"), DocumentStatus::Checked);
}

#[test]
fn an_autoscaler_of_kedas_without_its_scaled_object_has_no_known_floor() {
    let owner = ", ownerReferences: [{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, name: api, uid: gone, controller: true}]";
    let target = "{minReplicas: 1, maxReplicas: 4, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}}";
    let template = "{metadata: {labels: {app: api}}, spec: {containers: [{name: api, image: 'api:1', ports: [{containerPort: 80}]}]}}";
    let text = [
        live("HorizontalPodAutoscaler", "autoscaling/v2", "keda-hpa-api", owner, target),
        live(
            "Deployment",
            "apps/v1",
            "api",
            "",
            &format!("{{replicas: 2, selector: {{matchLabels: {{app: api}}}}, template: {template}}}"),
        ),
    ];
    let report = audit(&[(STDIN, &text.join("---\n"))]);
    let found = rules(&report);
    assert!(!found.contains(&"hpa-floor-too-low") && !found.contains(&"workload-too-few-replicas"), "{found:?}");
    assert_eq!(report.environments[0].components[0].floor, None);
}

#[test]
fn live_and_written_objects_are_apart() {
    let written = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";
    let text = live("ConfigMap", "v1", "settings", "", "{}");
    let loaded = read(&[("app.yaml", written), ("dump.yaml", &text)]);
    let reasons: Vec<(&str, &str)> =
        loaded.environments.iter().map(|it| (it.name.as_str(), it.reason.as_str())).collect();
    assert_eq!(
        reasons,
        [("app.yaml", "what was piped in"), ("dump.yaml", "a dump of namespace shop (kinds: ConfigMap)")]
    );
    // In one stream, too.
    let loaded = read(&[(STDIN, &format!("{text}---\n{written}"))]);
    assert_eq!(loaded.environments.len(), 2);
    let dump = loaded.environments.iter().find(|it| it.reason.starts_with("a dump")).expect("there is one");
    assert_eq!(dump.remarks, ["the manifests of this run are apart from the objects of the cluster"]);
}

#[test]
fn a_copy_edited_by_hand_is_a_manifest() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, uid: 1-2-3}\ndata: {}\n";
    assert_eq!(read(&[(STDIN, text)]).environments[0].reason, "what was piped in");
}

#[test]
fn of_two_dumps_the_later_object_counts() {
    let older = live("ConfigMap", "v1", "settings", "", "{}");
    let newer = older.replace("resourceVersion: '7'", "resourceVersion: '10'");
    let report = audit(&[("monday.yaml", &newer), ("sunday.yaml", &older)]);
    assert!(!rules(&report).contains(&"duplicate-object"));
    let [environment] = report.environments.as_slice() else { panic!("one environment") };
    assert_eq!(environment.remarks, ["1 copy of an object is left out: the highest resourceVersion counts"]);
    let fates: Vec<&DocumentStatus> = environment.documents.iter().map(|it| &it.fate).collect();
    assert_eq!(
        fates,
        [&DocumentStatus::Checked, &DocumentStatus::Skipped("an older copy: its resourceVersion 10 counts".to_owned())]
    );
    let opaque = older.replace("resourceVersion: '7'", "resourceVersion: abc");
    let report = audit(&[("monday.yaml", &newer), ("sunday.yaml", &opaque)]);
    assert!(rules(&report).contains(&"duplicate-object"));
}

#[test]
fn an_owner_that_nobody_knows_makes_nothing() {
    let owner = ", ownerReferences: [{apiVersion: example.com/v1, kind: App, name: web, uid: gone, controller: true}]";
    let spec = "{replicas: 1, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: 'web:1'}]}}}";
    let report = audit(&[(STDIN, &live("Deployment", "apps/v1", "web", owner, spec))]);
    assert!(rules(&report).contains(&"workload-too-few-replicas"), "{:?}", rules(&report));
    let there = "---\napiVersion: example.com/v1\nkind: App\nmetadata: {name: web, namespace: shop, uid: gone, resourceVersion: '3'}\n";
    let report = audit(&[(STDIN, &format!("{}{there}", live("Deployment", "apps/v1", "web", owner, spec)))]);
    assert!(!rules(&report).contains(&"workload-too-few-replicas"), "{:?}", rules(&report));
}

#[test]
fn a_marker_counts_only_at_the_end_of_a_dump() {
    let text = live("ConfigMap", "v1", "settings", "", "{}");
    let marker = "# edms-lint: complete dump of configmaps\n";
    let reason = |text: &str| read(&[(STDIN, text)]).environments[0].reason.clone();
    let remarks = |text: &str| read(&[(STDIN, text)]).environments[0].remarks.clone();
    assert_eq!(reason(&format!("{text}{marker}")), "a complete dump of namespace shop (kinds: ConfigMap)");
    assert_eq!(reason(&format!("{marker}{text}")), "a dump of namespace shop (kinds: ConfigMap)");
    let misplaced = "<stdin>: `# edms-lint: complete dump of…` counts only as the last line of a dump";
    assert_eq!(remarks(&format!("{marker}{text}")), [misplaced]);
    let written = format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop}}\n{marker}");
    assert_eq!(remarks(&written), ["<stdin>: `# edms-lint: complete dump of…` counts only in a dump of a cluster"]);
    for text in [format!("{marker}{text}"), format!("{text}{marker}"), written] {
        assert!(!rules(&audit(&[(STDIN, &text)])).contains(&"invalid-suppression"), "{text}");
    }
}

#[test]
fn a_dump_that_is_cut_off_is_told_and_its_whole_items_are_judged() {
    let text = std::fs::read_to_string(root().join("fixtures/dumps/shop.yaml")).expect("there is one");
    let middle = text.find("kind: KafkaNodePool").expect("it holds one");
    for end in [middle, text[..middle].rfind('\n').map_or(middle, |it| it + 1)] {
        let report = audit(&[(STDIN, &text[..end])]);
        let found: Vec<_> = report.findings.iter().filter(|it| it.rule == "manifest-syntax").collect();
        let [only] = found.as_slice() else { panic!("one: {found:?}") };
        assert_eq!(only.message, "the list ends here, in the middle of an item: the output was cut off");
        // Whole items are judged, but nothing is concluded from what may have stood behind the end.
        let rules = rules(&report);
        assert!(rules.contains(&"liveness-probe-missing") && !rules.contains(&"pdb-missing"), "{rules:?}");
    }
    let whole = audit(&[(STDIN, &text)]);
    assert!(rules(&whole).contains(&"pdb-missing"));
}

#[test]
fn what_is_not_listed_is_not_verifiable_and_says_how_to_list_it() {
    let text = std::fs::read_to_string(root().join("fixtures/dumps/shop.yaml")).expect("there is one");
    let marked = |resources: &str| audit(&[(STDIN, &format!("{text}# edms-lint: complete dump of {resources}\n"))]);
    let why = |report: &Report, rule: &str| -> Vec<String> {
        let of_rule = report.outcomes().into_iter().filter(|it| it.rule == rule);
        let reasons = of_rule
            .filter_map(|it| if let Undecided::NotVerifiable(reason) = it.undecided { Some(reason) } else { None });
        reasons.collect()
    };
    let report = audit(&[(STDIN, &text)]);
    assert!(!rules(&report).contains(&"monitor-missing"));
    // Either kind of monitor would do: one of the two that are not listed is named.
    let names = |report: &Report, rest: (&str, &str)| {
        let reasons = ["ServiceMonitors", "PodMonitors"].map(|it| format!("{}{it}{}", rest.0, rest.1));
        why(report, "monitor-missing").iter().all(|it| reasons.contains(it))
            && !why(report, "monitor-missing").is_empty()
    };
    let rest = ("the dump holds no ", "; list them, or use `edms-lint dump-command`");
    assert!(names(&report, rest), "{:?}", why(&report, "monitor-missing"));
    // A marker that lists a kind of which there is nothing says that there is none.
    let report = marked("servicemonitors.monitoring.coreos.com,podmonitors.monitoring.coreos.com");
    assert!(rules(&report).contains(&"monitor-missing"), "{:?}", why(&report, "monitor-missing"));
    // A monitor may lie in another namespace than those that were asked.
    let report = marked("servicemonitors.monitoring.coreos.com,podmonitors.monitoring.coreos.com in namespaces shop");
    let rest = ("the dump shows ", " of shop alone: dump all namespaces");
    assert!(names(&report, rest), "{:?}", why(&report, "monitor-missing"));
}

#[test]
fn a_finding_names_who_set_the_field() {
    let accounts = ", managedFields: [{manager: helm, operation: Update, fieldsV1: {'f:spec': {'f:replicas': {}}}}]";
    let spec = "{replicas: 1, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: 'web:1'}]}}}";
    let report = audit(&[(STDIN, &live("Deployment", "apps/v1", "web", accounts, spec))]);
    let finding = report.findings.iter().find(|it| it.rule == "workload-too-few-replicas").expect("it runs once");
    assert!(finding.message.ends_with(", set by helm"), "{}", finding.message);
}

#[test]
fn defaults_of_the_server_are_nobodys_intent() {
    let spec = "{replicas: 3, strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 25%}}, selector: {matchLabels: {app: web}}, template: {metadata: {creationTimestamp: null, labels: {app: web}}, spec: {terminationGracePeriodSeconds: 30, securityContext: {}, containers: [{name: web, image: 'web:1', imagePullPolicy: IfNotPresent, resources: {}}]}}}";
    let loaded = read(&[(STDIN, &live("Deployment", "apps/v1", "web", "", spec))]);
    let node = loaded.environments[0].objects[0].node();
    for keys in [&["spec", "strategy"][..], &["spec", "template", "spec", "terminationGracePeriodSeconds"]] {
        assert!(node.at(keys).is_none(), "{keys:?}");
    }
    assert_eq!(node.int_at(&["spec", "replicas"]), Some(3));
}

#[test]
fn a_namespace_of_operators_is_the_platforms() {
    let deployment = |name: &str, image: &str| {
        let spec = format!(
            "{{replicas: 1, selector: {{matchLabels: {{app: {name}}}}}, template: {{metadata: {{labels: {{app: {name}}}}}, spec: {{containers: [{{name: a, image: '{image}'}}]}}}}}}"
        );
        live("Deployment", "apps/v1", name, "", &spec)
    };
    let operator = deployment("strimzi-cluster-operator", "quay.io/strimzi/operator:0.48.0");
    let helper = deployment("drain-cleaner", "quay.io/example/drain:1.3");
    let web = deployment("web", "registry.example.com/web:1");
    let roles = |text: &str| -> Vec<&str> {
        audit(&[(STDIN, text)]).environments[0].components.iter().map(|it| it.role).collect()
    };
    assert_eq!(roles(&[operator.as_str(), &helper].join("---\n")), ["platform", "controller"]);
    // One operator among applications makes them nobody else's.
    assert!(!roles(&[operator.as_str(), &helper, &web].join("---\n")).contains(&"platform"));
}

#[test]
fn what_a_kustomization_deploys_is_a_manifest_whatever_it_carries() {
    let folder = tempfile::tempdir().expect("there is room for files");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("can be written");
    write("kustomization.yaml", "resources: [settings.yaml]\n");
    write("settings.yaml", &live("ConfigMap", "v1", "settings", ", generation: 4", "{}"));
    let config = Config::default();
    let options = Options { config: &config, config_dir: None, working_dir: folder.path() };
    let loaded = load::load(&[Input::Path(folder.path().to_owned())], Sources::default(), &options);
    let [environment] = loaded.environments.as_slice() else { panic!("one environment") };
    assert!(!environment.reason.contains("dump"), "{}", environment.reason);
    assert_eq!(environment.objects[0].node().int_at(&["metadata", "generation"]), Some(4));
}
