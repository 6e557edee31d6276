//! Kustomizations of a few lines, and what they come to.

use crate::load::{Loaded, built_texts, from_texts};
use serde_json::Value;

/// A Deployment, a Service and a budget of one application.
const APP: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: 'shop:1', envFrom: [{configMapRef: {name: shop}}]}]}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: shop}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: shop}}}
";

/// What the kustomization over the application comes to: its objects, and what is unknown of them.
fn built(kustomization: &str) -> Result<(Vec<Value>, Vec<String>), String> {
    with(kustomization, &[])
}

fn with(kustomization: &str, more: &[(&str, &str)]) -> Result<(Vec<Value>, Vec<String>), String> {
    let kustomization = format!("resources: [app.yaml]\n{kustomization}");
    let mut texts = vec![("k/kustomization.yaml", kustomization.as_str()), ("k/app.yaml", APP)];
    texts.extend_from_slice(more);
    let roots = built_texts(&texts).expect("the texts are small");
    let root = roots.into_iter().find(|it| it.root == "k").expect("it is a root");
    let built = root.outcome?;
    let objects = built.objects.iter().map(|it| serde_json::from_str(it).expect("is JSON")).collect();
    Ok((objects, built.unknown))
}

/// What stands at a pointer into one of the objects.
fn at(kustomization: &str, pointer: &str) -> Value {
    let (objects, _) = built(kustomization).expect("kustomize builds it");
    Value::from(objects).pointer(pointer).cloned().unwrap_or(Value::Null)
}

fn refusal(kustomization: &str) -> String {
    built(kustomization).expect_err("kustomize refuses it")
}

#[test]
fn names_and_their_references_carry_the_hash_of_the_content() {
    let generated = "namePrefix: x-\nconfigMapGenerator: [{name: shop, literals: [A=b]}]\n";
    let name = at(generated, "/2/metadata/name");
    let expected = name.as_str().expect("has a name");
    assert!(expected.starts_with("x-shop-") && expected.len() == "x-shop-".len() + 10, "{expected}");
    assert_eq!(at(generated, "/0/spec/template/spec/containers/0/envFrom/0/configMapRef/name"), name);
    let plain = format!("{generated}generatorOptions: {{disableNameSuffixHash: true}}\n");
    assert_eq!(at(&plain, "/2/metadata/name"), "x-shop");
}

#[test]
fn a_label_with_a_field_of_its_own_changes_the_budget_and_not_the_pods() {
    let labels =
        "labels: [{pairs: {tier: web}, fields: [{path: spec/selector/matchLabels, kind: PodDisruptionBudget}]}]\n";
    assert_eq!(at(labels, "/1/spec/selector/matchLabels/tier"), "web");
    assert_eq!(at(labels, "/0/spec/selector/matchLabels/tier"), Value::Null);
}

#[test]
fn a_label_that_was_put_everywhere_changes_everywhere() {
    let labels = "commonLabels: {tier: web}\ntransformers:\n- |\n  apiVersion: builtin\n  kind: LabelTransformer\n  \
                  metadata: {name: l}\n  labels: {tier: db}\n  fieldSpecs: [{path: metadata/labels, create: true}]\n";
    assert_eq!(at(labels, "/0/spec/selector/matchLabels/tier"), "db");
}

#[test]
fn replacements_copy_values_and_parts_of_them() {
    let copied = "replacements:\n- source: {kind: Deployment, fieldPath: spec.replicas}\n  targets:\n  - select: {kind: \
                  PodDisruptionBudget}\n    fieldPaths: [spec.maxUnavailable]\n";
    assert_eq!(at(copied, "/1/spec/maxUnavailable"), 3);
    let part = "replacements:\n- sourceValue: '2'\n  targets:\n  - select: {kind: Deployment}\n    fieldPaths: \
                ['spec.template.spec.containers.[name=shop].image']\n    options: {delimiter: ':', index: 1}\n";
    assert_eq!(at(part, "/0/spec/template/spec/containers/0/image"), "shop:2");
    let missing = part.replace("name=shop", "name=other");
    assert!(refusal(&missing).contains("a target of the replacement has no"), "{}", refusal(&missing));
}

#[test]
fn json_patches_find_the_annotations_of_kustomize_but_no_labels() {
    let add = |map: &str| {
        let operation = format!("[{{\"op\": \"add\", \"path\": \"/metadata/{map}/a\", \"value\": \"b\"}}]");
        format!("patches: [{{target: {{kind: Deployment}}, patch: '{operation}'}}]\n")
    };
    assert_eq!(at(&add("annotations"), "/0/metadata/annotations/a"), "b");
    assert_eq!(refusal(&add("labels")), "the object has nothing at /metadata/labels/a");
    let old = add("annotations")
        .replace("patches", "patchesJson6902")
        .replace("{kind: Deployment}", "{kind: Deployment, name: shop}");
    assert_eq!(refusal(&old), "the object has nothing at /metadata/annotations/a");
}

#[test]
fn variables_and_configurations_reach_where_they_are_sent() {
    let vars = "vars: [{name: BUDGET, objref: {apiVersion: policy/v1, kind: PodDisruptionBudget, name: shop}}]\npatches:\n- \
                patch: |\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: shop, annotations: {for: $(BUDGET)}}\n";
    assert_eq!(at(vars, "/0/metadata/annotations/for"), "shop");
    let replicas = "replicas: [{name: shop, count: 5}]\nconfigurations: [config.yaml]\n";
    let config = "replicas: [{kind: PodDisruptionBudget, path: spec/minAvailable, create: true}]\n";
    let (objects, _) = with(replicas, &[("k/config.yaml", config)]).expect("kustomize builds it");
    assert_eq!((&objects[0]["spec"]["replicas"], &objects[1]["spec"]["minAvailable"]), (&5.into(), &5.into()));
}

#[test]
fn what_is_not_run_leaves_its_objects_open() {
    let text = "resources: [app.yaml]\ntransformers: [f.yaml]\n";
    let function = "apiVersion: example.com/v1\nkind: Shouter\nmetadata: {name: f}\n";
    let loaded: Loaded = from_texts(&[("kustomization.yaml", text), ("app.yaml", APP), ("f.yaml", function)]);
    let environment = &loaded.environments[0];
    assert!(environment.objects.is_empty() && environment.problems.is_empty(), "{:?}", environment.problems);
    assert_eq!(
        environment.remarks,
        ["kustomization.yaml: what the function Shouter changes is not seen: it is not run"]
    );
    assert!(!environment.unseen.is_empty());
}

#[test]
fn what_kustomize_refuses_is_told() {
    let cases = [
        ("resource: [b.yaml]", "`resource` is no field of a kustomization: kustomize refuses the file"),
        (
            "commonLabels: {a: 1}",
            "`commonLabels`: a string is needed, and this is an integer: kustomize refuses the file",
        ),
        ("components: [../c]", "../c: there is no such file or folder"),
        ("replicas: [{name: other, count: 1}]", "no Deployment, StatefulSet or ReplicaSet is named other"),
        (
            "patches: [{patch: '{apiVersion: apps/v1, kind: Deployment, metadata: {name: b}}'}]",
            "no object matches the patch of Deployment b",
        ),
        (
            "patches: [{patch: '{kind: Deployment, spec: {}}', target: {kind: Deployment}}]",
            "the patch has no metadata.name, which kustomize asks for",
        ),
        (
            "patches: [{target: {kind: Deployment}, patch: '[{op: remove, path: /spec}]'}]",
            "a patch that begins with a bracket is read as JSON, and this is none",
        ),
        ("configMapGenerator: [{name: c, files: [../x.conf]}]", "../x.conf: there is no such file"),
    ];
    for (kustomization, expected) in cases {
        assert_eq!(refusal(kustomization), expected, "{kustomization}");
    }
    let outside = with(
        "patches: [{path: ../p.yaml}]",
        &[("p.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\n")],
    );
    let message = "../p.yaml: a file outside of the kustomization's folder, which kustomize refuses";
    assert_eq!(outside.expect_err("kustomize refuses it"), message);
}

#[test]
fn copies_of_copies_are_bounded() {
    let copy = |at: usize| format!("{{\"op\": \"copy\", \"from\": \"/spec\", \"path\": \"/spec/copy{at}\"}}");
    let double: Vec<String> = (0..40).map(copy).collect();
    let patch = format!("patches: [{{target: {{kind: Deployment}}, patch: '[{}]'}}]\n", double.join(","));
    assert_eq!(refusal(&patch), "the patches copy more than 1000000 values or 32 MB of text: the rest is not applied");
}

/// A replacement of one field of the Deployment, by what another one holds.
fn copied(from: &str, targets: &[(&str, &str)]) -> String {
    let target = |(path, options): &(&str, &str)| {
        format!("{{select: {{kind: Deployment}}, fieldPaths: [{path}], options: {{{options}}}}}")
    };
    let targets: Vec<String> = targets.iter().map(target).collect();
    let source = format!("source: {{kind: Deployment, fieldPath: {from}}}");
    format!("replacements: [{{{source}, targets: [{}]}}]\n", targets.join(", "))
}

const SCALED: (&str, &str) = (
    "k/scaled.yaml",
    "{apiVersion: builtin, kind: PatchTransformer, metadata: {name: p}, patch: '{apiVersion: apps/v1, \
     kind: Deployment, metadata: {name: shop}, spec: {replicas: 4}}'}\n",
);

/// Every expected value is what kustomize 5.8 prints.
#[test]
fn a_replacement_reads_its_source_anew_for_each_target() {
    let made = ("metadata.labels.tier", "create: true");
    let joined = copied("metadata.name", &[("metadata.name", "delimiter: '-', index: 1"), made]);
    assert_eq!(at(&joined, "/0/metadata/labels/tier"), "shop-shop");
    let inside = copied("spec.selector.matchLabels", &[("spec.selector.matchLabels.own", "create: true")]);
    let expected = serde_json::json!({"app": "shop", "own": {"app": "shop", "own": {}}});
    assert_eq!(at(&inside, "/0/spec/selector/matchLabels"), expected);
    let gone = copied("spec.template.metadata.labels.app", &[("spec.template.metadata", ""), made]);
    assert_eq!(at(&gone, "/0/spec/template/metadata"), "shop");
    assert_eq!(at(&gone, "/0/metadata/labels/tier"), "shop");
    let nameless = copied("spec.selector.matchLabels", &[("metadata.name", "")]);
    assert_eq!(refusal(&nameless), "a replacement leaves a Deployment without a name");
}

#[test]
fn a_replaced_value_keeps_its_type_until_it_is_written() {
    let text = copied("metadata.name", &[("spec.replicas", "")]);
    assert_eq!(refusal(&text), "`shop` cannot take the place of an integer");
    let (objects, _) = with(&format!("{text}transformers: [scaled.yaml]\n"), &[SCALED]).expect("kustomize builds it");
    assert_eq!(objects[0]["spec"]["replicas"], 4);
    let made = "replacements: [{sourceValue: '8', targets: [{select: {kind: Deployment}, \
                fieldPaths: [metadata.labels.tier], options: {create: true}}]}]\n";
    assert_eq!(at(made, "/0/metadata/labels/tier"), 8);
    let (objects, _) = with(&format!("{made}transformers: [scaled.yaml]\n"), &[SCALED]).expect("kustomize builds it");
    assert_eq!(objects[0]["metadata"]["labels"]["tier"], "8");
}

#[test]
fn plain_dates_become_times_but_for_those_of_annotations() {
    let dated = "patches: [{patch: '{apiVersion: apps/v1, kind: Deployment, metadata: {name: shop, annotations: \
                 {since: 2024-01-02}}, spec: {since: 2024-01-02}}'}]\n";
    assert_eq!(at(dated, "/0/metadata/annotations/since"), "2024-01-02");
    assert_eq!(at(dated, "/0/spec/since"), "2024-01-02T00:00:00Z");
    let json = "patchesJson6902: [{target: {version: v1, group: apps, kind: Deployment, name: shop}, \
                patch: '[{\"op\": \"remove\", \"path\": \"/spec/replicas\"}]'}]\n";
    let through_json = format!("{dated}{json}");
    assert_eq!(at(&through_json, "/0/metadata/annotations/since"), "2024-01-02T00:00:00Z");
}

#[test]
fn the_mark_of_kustomize_stands_wherever_its_label_does() {
    let marked = "commonLabels: {app.kubernetes.io/managed-by: me}\nbuildMetadata: [managedByLabel]\n";
    let (_, unknown) = built(marked).expect("kustomize builds it");
    let selector = "/0/spec/selector/matchLabels/app.kubernetes.io~1managed-by".to_owned();
    assert!(unknown.contains(&selector), "{unknown:?}");
}

#[test]
fn what_a_patch_made_of_a_generated_object_has_an_unknown_name() {
    let changed = "configMapGenerator: [{name: shop, literals: [a=b]}]\npatches: [{target: {kind: ConfigMap}, \
                   options: {allowKindChange: true}, patch: '{kind: Any, metadata: {name: x}}'}]\n";
    let (_, unknown) = built(changed).expect("kustomize builds it");
    let reference = "/0/spec/template/spec/containers/0/envFrom/0/configMapRef/name";
    assert_eq!(unknown, [reference, "/2/metadata/name"]);
}

#[test]
fn a_patch_of_a_known_type_merges_into_an_unknown_one_by_its_keys() {
    let kinds = "patches: [{target: {kind: Deployment}, options: {allowKindChange: true}, patch: '{kind: Any, \
                 metadata: {name: x}}'}, {target: {kind: Any}, patch: '{apiVersion: apps/v1, kind: Deployment, \
                 metadata: {name: x}, spec: {template: {spec: {containers: [{name: other}]}}}}'}]\n";
    assert_eq!(at(kinds, "/0/spec/template/spec/containers/0/name"), "other");
    assert_eq!(at(kinds, "/0/spec/template/spec/containers/1/name"), "shop");
}

#[test]
fn configurations_are_read_as_strictly_as_kustomizations() {
    let configured = |text: &str| with("configurations: [c.yaml]\n", &[("k/c.yaml", text)]).map(|_| ());
    let unknown = "`apiGroup` is no field of `varReference`: kustomize refuses the file";
    assert_eq!(configured("varReference: [{path: spec/x, apiGroup: apps}]\n"), Err(unknown.to_owned()));
    assert_eq!(configured("varReference: [{Path: spec/x}]\n"), Ok(()));
    let referring = "nameReference: [{kind: Secret, fieldSpecs: [{path: spec/x, apiVersion: v1}]}]\n";
    let unknown = "`apiVersion` is no field of `fieldSpecs`: kustomize refuses the file";
    assert_eq!(configured(referring), Err(unknown.to_owned()));
}

#[test]
fn an_empty_kustomization_is_a_root_that_is_refused() {
    for text in ["", "\n", "# nothing yet\n", "---\n", "null\n"] {
        let roots = built_texts(&[("k/kustomization.yaml", text), ("k/app.yaml", APP)]).expect("the texts are small");
        let outcome = roots.into_iter().find(|it| it.root == "k").map(|it| it.outcome);
        let expected = Err("an empty kustomization, which kustomize refuses".to_owned());
        assert_eq!(outcome, Some(expected), "{text:?}");
    }
}

/// The containers of the Deployment that the last of some kustomizations deploys.
fn containers(kustomizations: &[(&str, &str)]) -> Value {
    let patch = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: shop}, spec: {template: {spec: \
                 {containers: [{name: other}]}}}}";
    let described = format!("openapi: {{path: schema.json}}\nresources: [app.yaml]\npatches: [{{patch: '{patch}'}}]\n");
    let mut texts = vec![
        ("thing/kustomization.yaml", "resources: [thing.yaml]\n"),
        ("thing/thing.yaml", "{apiVersion: x.io/v1, kind: Thing, metadata: {name: t}}\n"),
        ("described/kustomization.yaml", described.as_str()),
        ("described/schema.json", "{\"definitions\": {}}"),
        ("described/app.yaml", APP),
    ];
    texts.extend_from_slice(kustomizations);
    let roots = built_texts(&texts).expect("the texts are small");
    let root = roots.into_iter().find(|it| it.root == "k").expect("it is a root");
    let objects = root.outcome.expect("kustomize builds it").objects;
    let objects = objects.iter().map(|it| serde_json::from_str(it).expect("is JSON"));
    let deployment = objects.into_iter().find(|it: &Value| it["kind"] == "Deployment").expect("it is deployed");
    deployment["spec"]["template"]["spec"]["containers"].clone()
}

/// Expected is what kustomize 5.8 prints.
#[test]
fn a_file_takes_the_place_of_types_that_nothing_needed_before_it() {
    let alone = containers(&[("k/kustomization.yaml", "resources: [../described]\n")]);
    assert_eq!(alone.as_array().map(Vec::len), Some(1));
    let behind = containers(&[("k/kustomization.yaml", "resources: [../thing, ../described]\n")]);
    assert_eq!(behind.as_array().map(Vec::len), Some(2));
}

#[test]
fn annotations_that_are_null_go() {
    let thing = "{apiVersion: x.io/v1, kind: Thing, metadata: {annotations: , name: t}}\n";
    let texts = [("k/kustomization.yaml", "resources: [thing.yaml]\n"), ("k/thing.yaml", thing)];
    let roots = built_texts(&texts).expect("the texts are small");
    let objects = roots[0].outcome.clone().expect("kustomize builds it").objects;
    assert_eq!(objects, [r#"{"apiVersion":"x.io/v1","kind":"Thing","metadata":{"name":"t"}}"#]);
}

#[test]
fn overlays_of_one_base_come_to_what_each_comes_to_alone() {
    let overlays = [
        "namespace: one\n",
        "namespace: two\nnamePrefix: x-\n",
        "namespace: three\nimages: [{name: shop, newTag: '2'}]\n",
        "namespace: three\ncommonLabels: {team: a}\n",
        "namespace: 'yes'\n",
        "namespace: No-Name\n",
        "patches: [{target: {kind: Deployment}, patch: '[{op: replace, path: /spec/replicas, value: 5}]'}]\nnamespace: four\n",
        "namespace: one\nbuildMetadata: [originAnnotations]\n",
    ];
    let base = "resources: [app.yaml]\nconfigMapGenerator: [{name: shop, literals: [A=b]}]\n";
    let overlays: Vec<(String, String)> = (0..)
        .zip(overlays)
        .map(|(at, it)| (format!("o{at}/kustomization.yaml"), format!("resources: [../base]\n{it}")))
        .collect();
    let outcomes = |overlays: &[(String, String)]| {
        let own = overlays.iter().map(|it| (it.0.as_str(), it.1.as_str()));
        let texts: Vec<(&str, &str)> =
            [("base/kustomization.yaml", base), ("base/app.yaml", APP)].into_iter().chain(own).collect();
        built_texts(&texts).expect("the texts are small")
    };
    let together = outcomes(&overlays);
    let alone: Vec<_> = overlays.iter().flat_map(|it| outcomes(std::slice::from_ref(it))).collect();
    assert_eq!(together.len(), overlays.len());
    assert_eq!(together, alone);
    let first = together[0].outcome.as_ref().expect("kustomize builds it");
    assert!(first.objects.iter().all(|it| it.contains(r#""namespace":"one""#)), "{:?}", first.objects);
}
