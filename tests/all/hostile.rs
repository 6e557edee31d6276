//! Small inputs that are made to stop the program: each ends with a finding that names the bound, in bounded memory,
//! and what stands beside it is audited.

use crate::common::program::{BLOCKING, folder};
use std::fmt::Write as _;

use std::process::Command;
use std::time::{Duration, Instant};

/// Seconds of the processor: none of them takes one in a release build, and a hang does not end.
const LONGEST: u64 = 60;
/// And of the clock, on machines that are busy with something else.
const LONGEST_WAIT: Duration = Duration::from_mins(8);
/// Kilobytes of address space.
const MOST_MEMORY: u64 = 2 << 20;

/// What stands for everything that has to be audited.
pub(crate) const DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  replicas: 2\n  selector: {matchLabels: {app: shop}}\n  template:\n    metadata: {labels: {app: shop}}\n    spec: {containers: [{name: shop, image: 'shop:1'}]}\n";

/// What the program prints of files beside one that it has to audit all the same.
pub(crate) fn lint(files: &[(&str, &str)]) -> String {
    let dir = folder(&[files, &[("beside/small.yaml", BLOCKING)]].concat());
    let binary = assert_cmd::cargo::cargo_bin("edms-lint");
    let start = Instant::now();
    let script = format!("ulimit -v {MOST_MEMORY} -t {LONGEST}; exec '{}' --format json .", binary.display());
    let output = Command::new("timeout")
        .args([&LONGEST_WAIT.as_secs().to_string(), "bash", "-c", &script])
        .current_dir(dir.path())
        .output()
        .expect("timeout and bash are there");
    let stdout = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    let stderr = String::from_utf8_lossy(&output.stderr);
    let is_over = matches!(output.status.code(), Some(0 | 1));
    assert!(is_over, "{} after {:?}: {stderr}{}", output.status, start.elapsed(), short(&stdout));
    assert!(stdout.contains("beside/small.yaml"), "the other file is audited: {}", short(&stdout));
    stdout
}

fn short(text: &str) -> String {
    text.chars().take(2_000).collect()
}

/// That the program says these words of such files.
pub(crate) fn assert_says(files: &[(&str, &str)], words: &str) {
    let stdout = lint(files);
    assert!(stdout.contains(words), "{words}: {}", short(&stdout));
}

/// A rule with an expression.
pub(crate) fn alert(expression: &str) -> String {
    format!(
        "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {{name: rules}}\nspec:\n  groups:\n  - name: all\n    rules:\n    - alert: Hostile\n      expr: '{expression}'\n"
    )
}

#[test]
fn expressions_that_overflow_the_stack_are_not_read() {
    for expression in [
        format!("{}up{}", "sum(".repeat(6_500), ")".repeat(6_500)),
        format!("{}up{}", "(".repeat(22_000), ")".repeat(22_000)),
        format!("{}up", "-".repeat(100_000)),
        "{".repeat(50_000),
        format!("up{}", "[5m:1m]".repeat(20_000)),
    ] {
        lint(&[("a.yaml", &alert(&expression))]);
    }
}

#[test]
fn expressions_that_take_quadratic_time_are_not_read() {
    for expression in [
        vec!["up"; 100_000].join(" or "),
        vec!["2"; 100_000].join("^"),
        vec!["up"; 3_000].join(" or "),
        vec![r#"up{a=~"(.{1,200}){1,200}"}"#; 400].join(" or "),
    ] {
        lint(&[("a.yaml", &alert(&expression))]);
    }
}

#[test]
fn copies_of_copies_end() {
    let mut patch = String::from("resources: [shop.yaml]\npatches:\n- target: {kind: Deployment}\n  patch: |-\n");
    for at in 0..40 {
        _ = writeln!(patch, "    - {{op: copy, from: /spec, path: /spec/copy{at}}}");
    }
    let files = [("shop.yaml", DEPLOYMENT), ("kustomization.yaml", patch.as_str())];
    assert_says(&files, "the patches copy more than 1000000 values or 32 MB of text");
}

#[test]
fn texts_that_double_end() {
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {k: a.a}\n";
    let entry = "- source: {kind: ConfigMap, name: m, fieldPath: data.k}\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [data.k]\n    options: {delimiter: '.', index: 1}\n";
    let replacements = format!("resources: [m.yaml]\nreplacements:\n{}", entry.repeat(60));
    let words = "the replacements copy more than 1000000 values or 32 MB of text";
    assert_says(&[("m.yaml", map), ("kustomization.yaml", &replacements)], words);

    let large = map.replace("a.a", &"x".repeat(30_000));
    let reader =
        DEPLOYMENT.replace("image: 'shop:1'", &format!("image: 'shop:1', args: ['{}']", "$(V)".repeat(30_000)));
    let variable = "resources: [m.yaml, shop.yaml]\nvars:\n- name: V\n  objref: {apiVersion: v1, kind: ConfigMap, name: m}\n  fieldref: {fieldPath: data.k}\n";
    let words = "the variables copy more than 1000000 values or 32 MB of text";
    assert_says(&[("m.yaml", &large), ("shop.yaml", &reader), ("kustomization.yaml", variable)], words);
}

#[test]
fn texts_that_are_copied_often_end() {
    let text = "x".repeat(500_000);
    let generators: Vec<String> = (0..500).map(|it| format!("- {{name: m{it}, files: [f.txt]}}\n")).collect();
    let generators = format!("configMapGenerator:\n{}", generators.concat());
    let words = "the generators copy more than 1000000 values or 32 MB of text";
    assert_says(&[("f.txt", &text), ("kustomization.yaml", &generators)], words);

    let map = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: m}}\ndata: {{k: '{text}'}}\n");
    let copies: Vec<String> =
        (0..1_000).map(|it| format!("    - {{op: copy, from: /data/k, path: /data/k{it}}}\n")).collect();
    let patch =
        format!("resources: [m.yaml]\npatches:\n- target: {{kind: ConfigMap}}\n  patch: |-\n{}", copies.concat());
    let words = "the patches copy more than 1000000 values or 32 MB of text";
    assert_says(&[("m.yaml", &map), ("kustomization.yaml", &patch)], words);
}

#[test]
fn long_texts_for_each_of_many_objects_end() {
    let map = |it| format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: m{it}}}\n");
    let maps: String = (0..2_000).map(map).collect();
    let text = "x".repeat(100_000);
    for (lines, of) in [
        (format!("namePrefix: {text}\n"), "prefixes and suffixes"),
        (format!("commonLabels: {{a: {text}}}\n"), "labels"),
        (format!("commonAnnotations: {{a: {text}}}\n"), "annotations"),
        (
            format!("patches: [{{target: {{kind: ConfigMap}}, patch: '- {{op: add, path: /data, value: {text}}}'}}]\n"),
            "patches",
        ),
    ] {
        let kustomization = format!("resources: [m.yaml]\n{lines}");
        let words = format!("the {of} copy more than 1000000 values or 32 MB of text");
        assert_says(&[("m.yaml", &maps), ("kustomization.yaml", &kustomization)], &words);
    }
}

#[test]
fn patches_of_one_object_end() {
    let patch = |it: usize| {
        let pod = format!("{{spec: {{containers: [{{name: shop, env: [{{name: V{it}, value: v}}]}}]}}}}");
        format!(
            "- patch: '{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: shop}}, spec: {{template: {pod}}}}}'\n"
        )
    };
    let patches: String = (0..2_000).map(patch).collect();
    let kustomization = format!("resources: [shop.yaml]\npatches:\n{patches}");
    let words =
        "patches up to here copy more than 2 million values of Deployment shop: this one and the rest are not applied";
    assert_says(&[("shop.yaml", DEPLOYMENT), ("kustomization.yaml", &kustomization)], words);
}

#[test]
fn generators_and_images_that_change_one_object_end() {
    let more = |it: usize| format!("- {{name: m, behavior: merge, literals: [k{it}=v]}}\n");
    let more: String = (0..2_200).map(more).collect();
    let generators = format!("configMapGenerator:\n- {{name: m, literals: [k=v]}}\n{more}");
    let words =
        "generators up to here copy more than 2 million values of ConfigMap m: this one and the rest are not applied";
    assert_says(&[("kustomization.yaml", &generators)], words);

    let containers: Vec<String> = (0..1_000).map(|it| format!("{{name: c{it}, image: i{it}}}")).collect();
    let shop = DEPLOYMENT.replace("{name: shop, image: 'shop:1'}", &containers.join(", "));
    let image = |it: usize| format!("- {{name: i{it}, newName: i{}}}\n", it + 1);
    let images: String = (0..1_000).map(image).collect();
    let kustomization = format!("resources: [shop.yaml]\nimages:\n{images}");
    let words =
        "images up to here copy more than 2 million values of Deployment shop: this one and the rest are not applied";
    assert_says(&[("shop.yaml", &shop), ("kustomization.yaml", &kustomization)], words);
}

#[test]
fn many_roots_that_each_stay_within_the_bound_end() {
    let text = "x".repeat(500_000);
    let generators: Vec<String> = (0..60).map(|it| format!("- {{name: m{it}, files: [f.txt]}}\n")).collect();
    let generators = format!("configMapGenerator:\n{}", generators.concat());
    let mut files = Vec::new();
    for root in 0..40 {
        files.push((format!("r{root}/f.txt"), text.clone()));
        files.push((format!("r{root}/kustomization.yaml"), generators.clone()));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    let words = "the kustomizations of this run copy more than 8000000 values or 256 MB of text: the rest of the generators is not applied, run on fewer folders";
    let report: serde_json::Value = serde_json::from_str(&lint(&files)).expect("it is JSON");
    let messages = report["findings"].as_array().into_iter().flatten().filter_map(|it| it["message"].as_str());
    // The first eight fit.
    assert_eq!(messages.filter(|it| it.contains(words)).count(), 40 - 8);
}

#[test]
fn patterns_that_are_compared_with_all_objects_end() {
    let shop = |it: usize| DEPLOYMENT.replace("name: shop}\nspec", &format!("name: shop{it}}}\nspec"));
    let shops: Vec<String> = (0..1_100).map(shop).collect();
    let patch = |it| format!("- {{target: {{name: '.*x{it}'}}, patch: '- {{op: remove, path: /spec/replicas}}'}}\n");
    let patches: String = (0..1_100).map(patch).collect();
    let kustomization = format!("resources: [shops.yaml]\npatches:\n{patches}");
    let words =
        "expressions and labels up to here are compared with more than 1000000 objects: these and the rest do nothing";
    assert_says(&[("shops.yaml", &shops.join("---\n")), ("kustomization.yaml", &kustomization)], words);
}

#[test]
fn kustomizations_that_double_with_each_level_end() {
    let mut files = vec![
        ("l0/shop.yaml".to_owned(), DEPLOYMENT.to_owned()),
        ("l0/kustomization.yaml".to_owned(), "resources: [shop.yaml]\n".to_owned()),
    ];
    for level in 1..=18 {
        for side in ["a", "b"] {
            let text = format!("namePrefix: {side}-\nresources: [../l{}]\n", level - 1);
            files.push((format!("l{level}{side}/kustomization.yaml"), text));
        }
        let both = format!("resources: [../l{level}a, ../l{level}b]\n");
        files.push((format!("l{level}/kustomization.yaml"), both));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    assert_says(&files, "more than 50000 objects come together here");
}

#[test]
fn kustomizations_that_all_lead_to_each_other_end() {
    let folders: Vec<String> = (0..120).map(|it| format!("k{it}")).collect();
    let kustomization = |own: &String| {
        let others: Vec<String> = folders.iter().filter(|it| *it != own).map(|it| format!("../{it}")).collect();
        (format!("{own}/kustomization.yaml"), format!("resources: [{}]\n", others.join(", ")))
    };
    let files: Vec<(String, String)> = folders.iter().map(kustomization).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    let words = "this leads back to a kustomization that leads here";
    assert_says(&files, words);
    let found = lint(&files).matches(words).count();
    assert!(found <= 2 * 20, "{found}");
}

#[test]
fn regular_expressions_of_others_are_small() {
    let target = "resources: [shop.yaml]\npatches:\n- target: {kind: Deployment, name: '(.{1000}){1000}'}\n  patch: '[{op: remove, path: /spec/replicas}]'\n";
    lint(&[("shop.yaml", DEPLOYMENT), ("kustomization.yaml", target)]);
    let mut rules =
        String::from("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: metrics}\ndata:\n  rules.yml: |\n    rules:\n");
    for at in 0..2_000 {
        _ = writeln!(rules, "    - pattern: 'kafka.server<type=(.+){at}, (.{{200}}){{200}}><>Value'");
    }
    rules.push_str("---\napiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata: {name: events}\nspec:\n  kafka:\n    replicas: 3\n    listeners: []\n    storage: {type: ephemeral}\n    metricsConfig: {type: jmxPrometheusExporter, valueFrom: {configMapKeyRef: {name: metrics, key: rules.yml}}}\n");
    lint(&[("a.yaml", &rules)]);
}

#[test]
fn long_names_and_long_lists_end() {
    let name = "a".repeat(20_000);
    assert_says(&[("a.yaml", &DEPLOYMENT.replace("name: shop}\nspec", &format!("name: {name}}}\nspec")))], "63");
    let brokers: Vec<String> = (0..50_000).map(|it| format!("kafka-{it}:9092")).collect();
    let variable = format!("image: 'shop:1', env: [{{name: KAFKA_BOOTSTRAP_SERVERS, value: '{}'}}]", brokers.join(","));
    lint(&[("a.yaml", &DEPLOYMENT.replace("image: 'shop:1'", &variable))]);
    let mut labels = String::from("resources: [shop.yaml]\ncommonLabels:\n");
    for at in 0..2_000 {
        _ = writeln!(labels, "  key{at}: value");
    }
    lint(&[("shop.yaml", DEPLOYMENT), ("kustomization.yaml", &labels)]);
}

#[test]
fn numbers_that_json_does_not_have_never_make_it_invalid() {
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: odd, annotations: {a: .inf}}\ndata: {a: .inf, b: -.Inf, c: .nan}\nspec: [.inf, .nan]\n";
    let stdout = lint(&[("a.yaml", map)]);
    let report: serde_json::Value = serde_json::from_str(&stdout).expect("it is JSON");
    assert!(report["findings"].as_array().is_some_and(|it| !it.is_empty()));
}
