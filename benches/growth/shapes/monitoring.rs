//! Monitors, Prometheuses and alerts.

use super::selecting::{deployments, services};
use crate::Shape;
use crate::objects::{deployment, list, object, spec};
use crate::tree::Tree;

pub(crate) const SHAPES: &[Shape] = &[
    Shape::new("PodMonitors with empty selectors x Deployments", 250, |tree, n| {
        deployments(tree, n);
        pod_monitors(tree, n, |_| "{}".to_owned());
    }),
    Shape::new("PodMonitors with NotIn x Deployments", 250, |tree, n| {
        deployments(tree, n);
        pod_monitors(tree, n, |it| format!("{{matchExpressions: [{{key: app, operator: NotIn, values: [n{it}]}}]}}"));
    }),
    Shape::new("ServiceMonitors with empty selectors x Services", 250, |tree, n| {
        deployments(tree, n);
        services(tree, n, |it| format!("app: d{it}"));
        service_monitors(tree, n, |_| "{}".to_owned());
    }),
    Shape::new("ServiceMonitors x Services", 250, |tree, n| {
        deployments(tree, n);
        services(tree, n, |it| format!("app: d{it}"));
        service_monitors(tree, n, |it| format!("{{matchLabels: {{app: d{it}}}}}"));
    }),
    Shape::new("Prometheuses x monitors", 250, |tree, n| {
        prometheuses(tree, n, |_| "{}".to_owned());
        deployments(tree, n);
        pod_monitors(tree, n, |it| format!("{{matchLabels: {{app: d{it}}}}}"));
    }),
    Shape::new("Prometheuses of other labels x monitors", 250, |tree, n| {
        prometheuses(tree, n, |it| format!("{{matchLabels: {{team: t{it}}}}}"));
        deployments(tree, n);
        pod_monitors(tree, n, |it| format!("{{matchLabels: {{app: d{it}}}}}"));
    }),
    Shape::new("Prometheuses x PrometheusRules", 250, |tree, n| {
        prometheuses(tree, n, |_| "{}".to_owned());
        alerts(tree, n, |it| format!("up{{job=\"d{it}\"}} == 0"));
    }),
    Shape::new("alerts x Deployments", 250, |tree, n| {
        deployments(tree, n);
        alerts(tree, n, |it| {
            format!("kube_deployment_status_replicas_available{{deployment=\"d{it}\", namespace=\"default\"}} == 0")
        });
    }),
    Shape::new("alerts on unknown Deployments x Deployments", 250, |tree, n| {
        deployments(tree, n);
        alerts(tree, n, |it| format!("kube_deployment_status_replicas_available{{deployment=\"e{it}\"}} == 0"));
    }),
    Shape::new("alerts with patterns x Deployments", 250, |tree, n| {
        deployments(tree, n);
        alerts(tree, n, |it| format!("kube_deployment_status_replicas_available{{deployment=~\"d.*{it}\"}} == 0"));
    }),
    Shape::new("alerts with negative patterns x Deployments", 250, |tree, n| {
        deployments(tree, n);
        alerts(tree, n, |it| format!("kube_deployment_status_replicas_available{{deployment!~\"e{it}.*\"}} == 0"));
    }),
    Shape::new("alerts x clusters of Kafka", 100, |tree, n| {
        tree.each("k.yaml", n, |it| {
            let fields = "kafka: {metricsConfig: {type: jmxPrometheusExporter, valueFrom: {configMapKeyRef: {name: m, key: k}}}}";
            spec("kafka.strimzi.io/v1", "Kafka", &format!("k{it}"), fields)
        });
        tree.write(
            "m.yaml",
            object(
                "v1",
                "ConfigMap",
                "m",
                "data: {k: 'rules: [{pattern: \"kafka.server<type=(.+)><>Value\", name: \"kafka_$1\"}]'}",
            ),
        );
        alerts(tree, n, |it| {
            format!("kafka_server_replicamanager_underreplicatedpartitions{{strimzi_io_cluster=\"k{it}\"}} > 0")
        });
    }),
    Shape::new("alerts with different metrics x exporter rules", 100, |tree, n| {
        let rules = list(n, |it| format!("{{pattern: \"kafka.server<type=x{it}><>Value\", name: \"kafka_{it}\"}}"));
        tree.write("m.yaml", object("v1", "ConfigMap", "m", &format!("data: {{k: 'rules: [{rules}]'}}")));
        let fields =
            "kafka: {metricsConfig: {type: jmxPrometheusExporter, valueFrom: {configMapKeyRef: {name: m, key: k}}}}";
        tree.write("k.yaml", spec("kafka.strimzi.io/v1", "Kafka", "k", fields));
        alerts(tree, n, |it| format!("kafka_server_m{it} > 0"));
    }),
    Shape::new("alerts in one group", 500, |tree, n| {
        let rules = list(n, |it| format!("{{alert: A{it}, expr: 'up == 0', for: 5m}}"));
        tree.write(
            "r.yaml",
            spec(
                "monitoring.coreos.com/v1",
                "PrometheusRule",
                "r",
                &format!("groups: [{{name: g, rules: [{rules}]}}]"),
            ),
        );
    }),
    Shape::new("selections of one alert", 500, |tree, n| {
        let expression = (0..n.min(900)).map(|it| format!("up{{job=\"d{it}\"}}")).collect::<Vec<_>>().join(" or ");
        tree.each("r.yaml", n / 100, |it| alert(it, &expression));
    }),
    Shape::new("Alertmanagers x AlertmanagerConfigs", 250, |tree, n| {
        tree.each("a.yaml", n, |it| {
            spec(
                "monitoring.coreos.com/v1",
                "Alertmanager",
                &format!("a{it}"),
                "replicas: 2, alertmanagerConfigSelector: {}",
            )
        });
        tree.each("c.yaml", n, |it| {
            let fields = "route: {receiver: r}, receivers: [{name: r}]";
            spec("monitoring.coreos.com/v1alpha1", "AlertmanagerConfig", &format!("c{it}"), fields)
        });
        alerts(tree, n, |_| "up == 0".to_owned());
    }),
    Shape::new("dashboards x clusters of Kafka", 100, |tree, n| {
        tree.each("k.yaml", n, |it| spec("kafka.strimzi.io/v1", "Kafka", &format!("k{it}"), "kafka: {}"));
        tree.each("m.yaml", n, |it| {
            object(
                "v1",
                "ConfigMap",
                &format!("m{it}"),
                "data: {d.json: '{\"panels\": [{\"expr\": \"kafka_server\"}]}'}",
            )
        });
    }),
    Shape::new("namespaces of one monitor x Deployments", 250, |tree, n| {
        tree.each("d.yaml", n, |it| deployment("app").replacen("}\nspec", &format!(", namespace: t{it}}}\nspec"), 1));
        let names = list(n, |it| format!("t{it}"));
        tree.each("m.yaml", 100, |it| {
            let fields = format!(
                "selector: {{}}, namespaceSelector: {{matchNames: [{names}]}}, podMetricsEndpoints: [{{port: http}}]"
            );
            spec("monitoring.coreos.com/v1", "PodMonitor", &format!("m{it}"), &fields)
        });
    }),
];

fn pod_monitors(tree: &Tree, n: usize, selector: impl Fn(usize) -> String) {
    tree.each("m.yaml", n, |it| {
        let fields = format!("selector: {}, podMetricsEndpoints: [{{port: http}}]", selector(it));
        spec("monitoring.coreos.com/v1", "PodMonitor", &format!("m{it}"), &fields)
    });
}

fn service_monitors(tree: &Tree, n: usize, selector: impl Fn(usize) -> String) {
    tree.each("m.yaml", n, |it| {
        let fields = format!("selector: {}, endpoints: [{{port: http}}]", selector(it));
        spec("monitoring.coreos.com/v1", "ServiceMonitor", &format!("m{it}"), &fields)
    });
}

fn prometheuses(tree: &Tree, n: usize, selector: impl Fn(usize) -> String) {
    tree.each("p.yaml", n, |it| {
        let selector = selector(it);
        let fields = format!(
            "replicas: 2, podMonitorSelector: {selector}, serviceMonitorSelector: {selector}, ruleSelector: {selector}"
        );
        spec("monitoring.coreos.com/v1", "Prometheus", &format!("p{it}"), &fields)
    });
}

fn alert(number: usize, expression: &str) -> String {
    let fields = format!("groups: [{{name: g, rules: [{{alert: A{number}, expr: '{expression}', for: 5m}}]}}]");
    spec("monitoring.coreos.com/v1", "PrometheusRule", &format!("r{number}"), &fields)
}

fn alerts(tree: &Tree, n: usize, expression: impl Fn(usize) -> String) {
    tree.each("r.yaml", n, |it| alert(it, &expression(it)));
}
