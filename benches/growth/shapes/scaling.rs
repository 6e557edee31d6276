//! Autoscalers, quotas and what they hold for.

use super::selecting::deployments;
use crate::Shape;
use crate::objects::{deployment_of, list, object, spec};
use crate::tree::Tree;

pub(crate) const SHAPES: &[Shape] = &[
    Shape::new("autoscalers on one target", 250, |tree, n| {
        deployments(tree, 1);
        tree.each("h.yaml", n, |it| autoscaler(it, "d0"));
    }),
    Shape::new("autoscalers on one target in one object more", 250, |tree, n| {
        deployments(tree, 1);
        tree.each("h.yaml", n, |it| autoscaler(it, "d0"));
        tree.each("k.yaml", n, |it| scaled(it, "d0", "{type: cpu, metricType: Utilization, metadata: {value: '50'}}"));
    }),
    Shape::new("autoscalers x Deployments", 250, |tree, n| {
        deployments(tree, n);
        tree.each("h.yaml", n, |it| autoscaler(it, &format!("d{it}")));
    }),
    Shape::new("autoscalers without targets x Deployments", 250, |tree, n| {
        deployments(tree, n);
        tree.each("h.yaml", n, |it| autoscaler(it, &format!("dd{it}")));
    }),
    Shape::new("VerticalPodAutoscalers x autoscalers", 250, |tree, n| {
        deployments(tree, n);
        tree.each("h.yaml", n, |it| autoscaler(it, &format!("d{it}")));
        tree.each("v.yaml", n, |it| vertical(it, &format!("d{it}")));
    }),
    Shape::new("VerticalPodAutoscalers on one target", 250, |tree, n| {
        deployments(tree, 1);
        tree.each("v.yaml", n, |it| vertical(it, "d0"));
    }),
    Shape::new("ResourceQuotas x applications", 250, |tree, n| {
        applications(tree, n);
        tree.each("q.yaml", n, |it| quota(it, ""));
    }),
    Shape::new("ResourceQuotas with scopes x applications", 250, |tree, n| {
        applications(tree, n);
        tree.each("q.yaml", n, |it| quota(it, ", scopes: [NotBestEffort, NotTerminating]"));
    }),
    Shape::new("ResourceQuotas of classes x applications", 250, |tree, n| {
        tree.each("d.yaml", n, |it| deployment_of(&format!("d{it}"), RESOURCES, &format!("priorityClassName: c{it}")));
        tree.each("h.yaml", n, |it| autoscaler(it, &format!("d{it}")));
        tree.each("c.yaml", n, |it| object("scheduling.k8s.io/v1", "PriorityClass", &format!("c{it}"), "value: 1000"));
        tree.each("q.yaml", n, |it| {
            let scope = format!(
                ", scopeSelector: {{matchExpressions: [{{scopeName: PriorityClass, operator: In, values: [c{it}]}}]}}"
            );
            quota(it, &scope)
        });
    }),
    Shape::new("LimitRanges x applications", 250, |tree, n| {
        deployments(tree, n);
        tree.each("l.yaml", n, |it| {
            let fields = "limits: [{type: Container, default: {cpu: 1, memory: 1Gi}, defaultRequest: {cpu: 100m}}]";
            spec("v1", "LimitRange", &format!("l{it}"), fields)
        });
    }),
    Shape::new("KEDA triggers of one object", 500, |tree, n| {
        deployments(tree, 1);
        let triggers = list(n, |it| {
            format!(
                "{{type: kafka, metadata: {{bootstrapServers: 'kafka-kafka-bootstrap:9092', consumerGroup: g{it}, topic: t{it}, \
                 lagThreshold: '5'}}, authenticationRef: {{name: a{it}}}}}"
            )
        });
        tree.write("k.yaml", scaled(0, "d0", &triggers));
    }),
    Shape::new("KEDA triggers x TriggerAuthentications", 250, |tree, n| {
        deployments(tree, n);
        tree.each("k.yaml", n, |it| {
            let trigger = format!(
                "{{type: kafka, metadata: {{bootstrapServers: 'kafka-kafka-bootstrap:9092', consumerGroup: g{it}, topic: t{it}}}, \
                 authenticationRef: {{name: b{it}}}}}"
            );
            scaled(it, &format!("d{it}"), &trigger)
        });
        tree.each("a.yaml", n, |it| {
            let fields = format!("secretTargetRef: [{{parameter: sasl, name: s{it}, key: sasl}}]");
            spec("keda.sh/v1alpha1", "TriggerAuthentication", &format!("a{it}"), &fields)
        });
        tree.each("t.yaml", n, |it| {
            spec("kafka.strimzi.io/v1", "KafkaTopic", &format!("tt{it}"), "partitions: 3, replicas: 3")
        });
    }),
    Shape::new("metrics of one autoscaler", 500, |tree, n| {
        deployments(tree, 1);
        let metrics = list(n, |it| {
            format!(
                "{{type: ContainerResource, containerResource: {{name: cpu, container: c{it}, \
                 target: {{type: Utilization, averageUtilization: 50}}}}}}"
            )
        });
        let fields = format!(
            "scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: d0}}, maxReplicas: 5, metrics: [{metrics}]"
        );
        tree.write("h.yaml", spec("autoscaling/v2", "HorizontalPodAutoscaler", "h", &fields));
    }),
    Shape::new("Flagger Canaries x Deployments", 250, |tree, n| {
        deployments(tree, n);
        tree.each("c.yaml", n, |it| {
            let fields = format!(
                "targetRef: {{apiVersion: apps/v1, kind: Deployment, name: d{it}}}, service: {{port: 80}}, \
                 analysis: {{interval: 1m, threshold: 5, maxWeight: 50, stepWeight: 10}}"
            );
            spec("flagger.app/v1beta1", "Canary", &format!("d{it}"), &fields)
        });
        tree.each("b.yaml", n, |it| {
            let fields = format!("minAvailable: 1, selector: {{matchLabels: {{app: d{it}-primary}}}}");
            spec("policy/v1", "PodDisruptionBudget", &format!("b{it}"), &fields)
        });
    }),
];

const RESOURCES: &str = "resources: {requests: {cpu: 100m, memory: 100Mi}, limits: {memory: 100Mi}}";

fn applications(tree: &Tree, n: usize) {
    tree.each("d.yaml", n, |it| deployment_of(&format!("d{it}"), RESOURCES, ""));
    tree.each("h.yaml", n, |it| autoscaler(it, &format!("d{it}")));
}

fn quota(number: usize, more: &str) -> String {
    spec("v1", "ResourceQuota", &format!("q{number}"), &format!("hard: {{requests.cpu: '1', pods: '10'}}{more}"))
}

fn autoscaler(number: usize, target: &str) -> String {
    let fields = format!(
        "scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: {target}}}, minReplicas: 2, maxReplicas: 5, \
         metrics: [{{type: Resource, resource: {{name: cpu, target: {{type: Utilization, averageUtilization: 70}}}}}}]"
    );
    spec("autoscaling/v2", "HorizontalPodAutoscaler", &format!("h{number}"), &fields)
}

fn scaled(number: usize, target: &str, triggers: &str) -> String {
    let fields = format!("scaleTargetRef: {{name: {target}}}, maxReplicaCount: 5, triggers: [{triggers}]");
    spec("keda.sh/v1alpha1", "ScaledObject", &format!("k{number}"), &fields)
}

fn vertical(number: usize, target: &str) -> String {
    let fields = format!(
        "targetRef: {{apiVersion: apps/v1, kind: Deployment, name: {target}}}, updatePolicy: {{updateMode: Auto}}"
    );
    spec("autoscaling.k8s.io/v1", "VerticalPodAutoscaler", &format!("v{number}"), &fields)
}
