//! Nodes, and where pods may run.

use crate::Shape;
use crate::objects::{deployment_of, list, object, spec, workload};
use crate::tree::Tree;

pub(crate) const SHAPES: &[Shape] = &[
    Shape::new("Nodes x Deployments that select them", 250, |tree, n| {
        nodes(tree, n);
        tree.each("d.yaml", n, |it| deployment_of(&format!("d{it}"), "", &format!("nodeSelector: {{pool: p{it}}}")));
    }),
    Shape::new("Nodes x node affinity with NotIn", 250, |tree, n| {
        nodes(tree, n);
        tree.each("d.yaml", n, |it| {
            let affinity = format!(
                "affinity: {{nodeAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: {{nodeSelectorTerms: \
                 [{{matchExpressions: [{{key: pool, operator: NotIn, values: [p{it}]}}]}}]}}}}}}"
            );
            deployment_of(&format!("d{it}"), "", &affinity)
        });
    }),
    Shape::new("Nodes with taints x Deployments", 250, |tree, n| {
        tree.each("n.yaml", n, |it| {
            let name = format!("n{it}");
            spec("v1", "Node", &name, &format!("taints: [{{key: k{it}, value: v, effect: NoSchedule}}]"))
        });
        tree.each("d.yaml", n, |it| {
            let pods =
                format!("tolerations: [{{key: k{it}, operator: Exists, effect: NoSchedule}}], {}", anti_affinity(it));
            deployment_of(&format!("d{it}"), "", &pods)
        });
    }),
    Shape::new("anti-affinity x Deployments", 250, |tree, n| {
        tree.each("d.yaml", n, |it| deployment_of(&format!("d{it}"), "", &anti_affinity(it)));
    }),
    Shape::new("anti-affinity to all x Deployments", 250, |tree, n| {
        tree.each("d.yaml", n, |it| {
            workload("Deployment", &format!("d{it}"), "replicas: 2", &format!("app: d{it}, part: shop"), ALL)
        });
    }),
    Shape::new("affinity terms of one pod x Deployments", 250, |tree, n| {
        tree.each("d.yaml", n, |it| deployment_of(&format!("d{it}"), "", ""));
        let terms = list(n, |it| {
            format!("{{topologyKey: kubernetes.io/hostname, labelSelector: {{matchLabels: {{app: d{it}}}}}}}")
        });
        let pods =
            format!("affinity: {{podAntiAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: [{terms}]}}}}");
        tree.write("x.yaml", deployment_of("x", "", &pods));
    }),
    Shape::new("affinity with NotIn x Deployments", 250, |tree, n| {
        tree.each("d.yaml", n, |it| {
            let pods = format!(
                "affinity: {{podAntiAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: [{{topologyKey: \
                 kubernetes.io/hostname, labelSelector: {{matchExpressions: [{{key: app, operator: NotIn, values: [d{it}]}}]}}}}]}}}}"
            );
            deployment_of(&format!("d{it}"), "", &pods)
        });
    }),
    Shape::new("spread constraints of one pod", 250, |tree, n| {
        let terms = list(n, |it| {
            format!(
                "{{maxSkew: 1, topologyKey: example.com/k{it}, whenUnsatisfiable: DoNotSchedule, \
                 labelSelector: {{matchLabels: {{app: d}}}}}}"
            )
        });
        tree.write("d.yaml", deployment_of("d", "", &format!("topologySpreadConstraints: [{terms}]")));
    }),
    Shape::new("spread constraints x Nodes", 250, |tree, n| {
        nodes(tree, n);
        tree.each("d.yaml", n, |it| {
            let pods = format!(
                "topologySpreadConstraints: [{{maxSkew: 1, topologyKey: pool, whenUnsatisfiable: DoNotSchedule, \
                 labelSelector: {{matchLabels: {{app: d{it}}}}}}}]"
            );
            deployment_of(&format!("d{it}"), "", &pods)
        });
    }),
    Shape::new("NodePools x Deployments", 250, |tree, n| {
        tree.each("p.yaml", n, |it| {
            let fields = format!(
                "limits: {{cpu: '10'}}, template: {{metadata: {{labels: {{pool: p{it}}}}}, spec: {{nodeClassRef: {{group: \
                 karpenter.k8s.aws, kind: EC2NodeClass, name: default}}, requirements: [{{key: karpenter.sh/capacity-type, operator: In, values: [spot]}}]}}}}"
            );
            spec("karpenter.sh/v1", "NodePool", &format!("p{it}"), &fields)
        });
        tree.each("d.yaml", n, |it| {
            let pods = format!("nodeSelector: {{pool: p{it}}}");
            deployment_of(&format!("d{it}"), "resources: {requests: {cpu: '1'}}", &pods)
        });
    }),
];

const ALL: &str = "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: \
                   kubernetes.io/hostname, labelSelector: {matchLabels: {part: shop}}}]}}";

fn nodes(tree: &Tree, n: usize) {
    tree.each("n.yaml", n, |it| {
        let name = format!("n{it}");
        let labels = format!(
            "labels: {{pool: p{it}, kubernetes.io/hostname: {name}, topology.kubernetes.io/zone: z{}}}",
            it % 3
        );
        object("v1", "Node", &name, "spec: {}").replacen("metadata: {", &format!("metadata: {{{labels}, "), 1)
    });
}

fn anti_affinity(number: usize) -> String {
    format!(
        "affinity: {{podAntiAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: [{{topologyKey: \
         kubernetes.io/hostname, labelSelector: {{matchLabels: {{app: d{number}}}}}}}]}}}}"
    )
}
