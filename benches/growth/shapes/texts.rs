//! Texts that are hard to read or to point into.

use crate::Shape;
use crate::objects::{container, deployment, deployment_of, list, object, spec};
use crate::tree::Tree;

const SARIF: &[&str] = &["--format", "sarif"];
const PRETTY: &[&str] = &["--format", "pretty"];

pub(crate) const SHAPES: &[Shape] = &[
    Shape::new("findings on one long line", 250, one_line),
    Shape { name: "findings on one long line, pretty", start: 250, arguments: PRETTY, make: one_line },
    Shape { name: "findings on one long line, SARIF", start: 250, arguments: SARIF, make: one_line },
    Shape { name: "findings on one line of many bytes, pretty", start: 250, arguments: PRETTY, make: accents },
    Shape { name: "brokers of one variable, SARIF", start: 2_500, arguments: SARIF, make: brokers },
    Shape { name: "brokers of one variable, pretty", start: 2_500, arguments: PRETTY, make: brokers },
    Shape { name: "findings with labels on one object, pretty", start: 125, arguments: PRETTY, make: labels },
    Shape { name: "findings with labels on one object, SARIF", start: 125, arguments: SARIF, make: labels },
    Shape {
        name: "findings with labels on one object, JSON",
        start: 125,
        arguments: &["--format", "json"],
        make: labels,
    },
    Shape::new("unknown fields of one map", 500, |tree, n| {
        let fields = list(n, |it| format!("replica{it}: 2"));
        tree.write("d.yaml", spec("apps/v1", "Deployment", "d", &fields));
    }),
    Shape::new("duplicate keys of one map", 500, |tree, n| {
        tree.write("d.yaml", spec("apps/v1", "Deployment", "d", &list(n, |_| "replicas: 2".to_owned())));
    }),
    Shape::new("names that differ by a letter", 250, |tree, n| {
        tree.each("m.yaml", n, |it| object("v1", "ConfigMap", &format!("settings-{it:06}"), "data: {k: v}"));
        tree.each("d.yaml", n, |it| {
            deployment_of(&format!("d{it}"), &format!("envFrom: [{{configMapRef: {{name: settings-x{it:05}}}}}]"), "")
        });
    }),
    Shape::new("long names beside near ones", 1_000, |tree, n| {
        let name = "n".repeat(n);
        tree.each("m.yaml", 20, |it| object("v1", "ConfigMap", &format!("{name}{it}"), "data: {k: v}"));
        tree.each("d.yaml", 20, |it| {
            deployment_of(&format!("d{it}"), &format!("envFrom: [{{configMapRef: {{name: {name}x{it}}}}}]"), "")
        });
    }),
    Shape::new("a long name", 10_000, |tree, n| tree.write("d.yaml", deployment(&"d".repeat(n)))),
    Shape::new("long labels and selectors", 1_000, |tree, n| {
        tree.each("d.yaml", 20, |it| deployment(&format!("{}{it}", "d".repeat(n))));
        tree.each("b.yaml", 20, |it| {
            let selector = format!("maxUnavailable: 1, selector: {{matchLabels: {{app: {}x{it}}}}}", "d".repeat(n));
            spec("policy/v1", "PodDisruptionBudget", &format!("b{it}"), &selector)
        });
    }),
    Shape::new("anchors and aliases", 250, |tree, n| {
        let anchor = format!("containers: &c [{}]\n", container("c", ""));
        let uses = list(n, |it| format!("k{it}: *c"));
        tree.write("d.yaml", object("v1", "ConfigMap", "m", &format!("{anchor}data: {{{uses}}}")));
    }),
    Shape::new("anchors", 1_000, |tree, n| {
        let anchors = list(n, |it| format!("k{it}: &a{it} v"));
        let uses = list(n, |it| format!("u{it}: *a{it}"));
        tree.write("m.yaml", object("v1", "ConfigMap", "m", &format!("data: {{{anchors}, {uses}}}")));
    }),
    Shape::new("merge keys", 250, |tree, n| {
        let text = (0..n)
            .map(|it| format!("  k{it}: &a{it} {{<<: *a{}, x{it}: v}}\n", it.max(1) - 1))
            .collect::<Vec<_>>()
            .concat();
        let text = text.replacen("<<: *a0, ", "", 1);
        tree.write("m.yaml", object("v1", "ConfigMap", "m", &format!("data:\n{text}")));
    }),
    Shape::new("merge keys of one map", 250, |tree, n| {
        let anchors = (0..n).map(|it| format!("  a{it}: &a{it} {{x{it}: v, y: w}}\n")).collect::<Vec<_>>().concat();
        let uses = list(n, |it| format!("*a{it}"));
        tree.write("m.yaml", object("v1", "ConfigMap", "m", &format!("data:\n{anchors}  all: {{<<: [{uses}]}}\n")));
    }),
    Shape::new("documents of one file", 500, |tree, n| tree.each("d.yaml", n, |it| deployment(&format!("d{it}")))),
    Shape::new("documents without objects", 1_000, |tree, n| tree.write("d.yaml", "---\n# nothing\n".repeat(n))),
    Shape::new("broken documents", 250, |tree, n| tree.write("d.yaml", "---\nkind: Deployment\nspec: [\n".repeat(n))),
    Shape::new("lines of a block text", 5_000, |tree, n| {
        tree.write("m.yaml", object("v1", "ConfigMap", "m", &format!("data:\n  k: |\n{}", "    line\n".repeat(n))));
    }),
    Shape::new("lines of a folded text that end as in Windows", 5_000, |tree, n| {
        let text = object("v1", "ConfigMap", "m", &format!("data:\n  k: >\n{}", "    line\n".repeat(n)));
        tree.write("m.yaml", text.replace('\n', "\r\n"));
    }),
    Shape::new("keys of one object of JSON, in one line", 2_500, |tree, n| {
        let data = list(n, |it| format!("\"k{it}\": \"v\""));
        let head = r#""apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}"#;
        tree.write("m.json", format!("{{{head}, \"data\": {{{data}}}}}"));
    }),
    Shape::new("depth of one value", 25, |tree, n| {
        let text = (0..n * 10).map(|_| format!("{}{}", "[".repeat(50), "]".repeat(50))).collect::<Vec<_>>().join(",");
        tree.write("m.yaml", object("v1", "ConfigMap", "m", &format!("data: {{k: [{text}]}}")));
    }),
    Shape::new("words of one command", 2_500, |tree, n| {
        let words = list(n, |it| format!("'--option{it}=$(V{it})'"));
        tree.write("d.yaml", deployment_of("d", &format!("command: [{words}]"), ""));
    }),
    Shape::new("lines of one shell script", 1_000, |tree, n| {
        let script = "if true; then pg_dump -h db > /x; fi; (echo a | cat) && ".repeat(n) + "true";
        tree.write("d.yaml", deployment_of("d", &format!("command: [sh, -c, '{script}']"), ""));
    }),
];

/// A JSON List in one line.
fn one_line(tree: &Tree, n: usize) {
    let items = (0..n).map(|it| item(it, "x")).collect::<Vec<_>>().join(",");
    tree.write("all.json", format!("{{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{items}]}}"));
}

fn accents(tree: &Tree, n: usize) {
    let items = (0..n).map(|it| item(it, "\u{e9}\u{4e2d}")).collect::<Vec<_>>().join(",");
    tree.write("all.json", format!("{{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{items}]}}"));
}

fn item(number: usize, text: &str) -> String {
    format!(
        "{{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{{\"name\":\"d{number}\",\"annotations\":{{\"a\":\
         \"{text}\"}}}},\"spec\":{{\"replicas\":1,\"selector\":{{\"matchLabels\":{{\"app\":\"d{number}\"}}}},\"template\":\
         {{\"metadata\":{{\"labels\":{{\"app\":\"d{number}\"}}}},\"spec\":{{\"containers\":[{{\"name\":\"c\",\"image\":\"x\"}}]}}}}}}}}"
    )
}

fn brokers(tree: &Tree, n: usize) {
    let servers = (0..n).map(|it| format!("k{it}-kafka-bootstrap:9092")).collect::<Vec<_>>().join(",");
    let variables = format!("env: [{{name: KAFKA_BOOTSTRAP_SERVERS, value: '{servers}'}}]");
    tree.write("d.yaml", deployment_of("d", &variables, ""));
}

/// Many budgets and autoscalers, each of which is a label of a finding on the same Deployment.
fn labels(tree: &Tree, n: usize) {
    tree.write("d.yaml", deployment("d"));
    tree.each("b.yaml", n, |it| {
        let fields = "maxUnavailable: 0, selector: {matchLabels: {app: d}}";
        spec("policy/v1", "PodDisruptionBudget", &format!("b{it}"), fields)
    });
    tree.each("h.yaml", n, |it| {
        let fields = "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}, minReplicas: 1, maxReplicas: 2";
        spec("autoscaling/v2", "HorizontalPodAutoscaler", &format!("h{it}"), fields)
    });
}
