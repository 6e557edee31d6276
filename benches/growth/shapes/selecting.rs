//! Selectors beside pods.

use crate::Shape;
use crate::objects::{deployment, object, spec, workload};
use crate::tree::Tree;

pub(crate) const SHAPES: &[Shape] = &[
    Shape::new("budgets with empty selectors x Deployments", 250, |tree, n| budgets(tree, n, "{}")),
    Shape::new("budgets with NotIn x Deployments", 250, |tree, n| {
        budgets(tree, n, "{matchExpressions: [{key: app, operator: NotIn, values: [none]}]}");
    }),
    Shape::new("budgets with Exists x Deployments", 250, |tree, n| {
        budgets(tree, n, "{matchExpressions: [{key: app, operator: Exists}]}");
    }),
    Shape::new("budgets with NotIn of their own x Deployments", 250, |tree, n| {
        deployments(tree, n);
        tree.each("b.yaml", n, |it| {
            let selector = format!("{{matchExpressions: [{{key: app, operator: NotIn, values: [n{it}]}}]}}");
            spec(
                "policy/v1",
                "PodDisruptionBudget",
                &format!("b{it}"),
                &format!("maxUnavailable: 1, selector: {selector}"),
            )
        });
    }),
    Shape::new("budgets with DoesNotExist x Deployments", 250, |tree, n| {
        deployments(tree, n);
        tree.each("b.yaml", n, |it| {
            let selector = format!("{{matchExpressions: [{{key: k{it}, operator: DoesNotExist}}]}}");
            spec(
                "policy/v1",
                "PodDisruptionBudget",
                &format!("b{it}"),
                &format!("minAvailable: 1, selector: {selector}"),
            )
        });
    }),
    Shape::new("Services selecting all x Deployments", 250, |tree, n| {
        tree.each("d.yaml", n, |it| {
            workload("Deployment", &format!("d{it}"), "replicas: 2", &format!("app: d{it}, part: shop"), "")
        });
        services(tree, n, |_| "part: shop".to_owned());
    }),
    Shape::new("one label on Deployments, Services, budgets", 250, |tree, n| {
        tree.each("d.yaml", n, |it| workload("Deployment", &format!("d{it}"), "replicas: 2", "app: shop", ""));
        services(tree, n, |_| "app: shop".to_owned());
        budgets(tree, n, "{matchLabels: {app: shop}}");
    }),
    Shape::new("Services selecting nothing x Deployments", 250, |tree, n| {
        deployments(tree, n);
        services(tree, n, |it| format!("app: e{it}"));
    }),
    Shape::new("budgets selecting nothing x Deployments", 250, |tree, n| {
        deployments(tree, n);
        tree.each("b.yaml", n, |it| budget(it, &format!("{{matchLabels: {{app: e{it}}}}}")));
    }),
    Shape::new("headless Services x StatefulSets", 250, |tree, n| {
        tree.each("s.yaml", n, |it| {
            let fields = format!("replicas: 3, serviceName: x{it}");
            workload("StatefulSet", &format!("s{it}"), &fields, "app: shop", "")
        });
        tree.each("v.yaml", n, |it| {
            spec("v1", "Service", &format!("v{it}"), "clusterIP: None, selector: {app: shop}, ports: [{port: 80}]")
        });
    }),
    Shape::new("StatefulSets of one governing Service", 250, |tree, n| {
        tree.each("s.yaml", n, |it| {
            workload("StatefulSet", &format!("s{it}"), "replicas: 3, serviceName: v0", &format!("app: s{it}"), "")
        });
        services(tree, 1, |_| "app: s0".to_owned());
    }),
    Shape::new("NetworkPolicies x Deployments", 250, |tree, n| {
        deployments(tree, n);
        tree.each("n.yaml", n, |it| {
            spec("networking.k8s.io/v1", "NetworkPolicy", &format!("n{it}"), "podSelector: {}, policyTypes: [Ingress]")
        });
        tree.write(
            "p.yaml",
            spec("monitoring.coreos.com/v1", "Prometheus", "p", "replicas: 2, podMonitorSelector: {}"),
        );
        tree.each("m.yaml", n, |it| {
            let fields = format!("selector: {{matchLabels: {{app: d{it}}}}}, podMetricsEndpoints: [{{port: http}}]");
            spec("monitoring.coreos.com/v1", "PodMonitor", &format!("m{it}"), &fields)
        });
    }),
    Shape::new("webhooks x Services and Deployments", 250, |tree, n| {
        deployments(tree, n);
        services(tree, n, |it| format!("app: d{it}"));
        tree.each("w.yaml", n, |it| {
            let hook = format!(
                "webhooks: [{{name: w{it}.example.com, failurePolicy: Fail, sideEffects: None, admissionReviewVersions: [v1], \
                 clientConfig: {{service: {{name: v{it}, namespace: default}}}}, \
                 rules: [{{apiGroups: ['*'], apiVersions: ['*'], resources: ['*'], operations: ['*']}}]}}]"
            );
            object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", &format!("w{it}"), &hook)
        });
    }),
    Shape::new("Ingresses x Services", 250, |tree, n| {
        services(tree, n, |it| format!("app: d{it}"));
        deployments(tree, n);
        tree.each("i.yaml", n, |it| {
            let fields = format!("defaultBackend: {{service: {{name: vv{it}, port: {{number: 80}}}}}}");
            spec("networking.k8s.io/v1", "Ingress", &format!("i{it}"), &fields)
        });
    }),
    Shape::new("Ingresses of Services that are not there, a namespace each", 250, |tree, n| {
        tree.each("i.yaml", n, |it| {
            format!(
                "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: i, namespace: n{it}}}\nspec: \
                 {{defaultBackend: {{service: {{name: vv{it}, port: {{number: 80}}}}}}}}\n---\napiVersion: v1\nkind: \
                 Service\nmetadata: {{name: v, namespace: m{it}}}\nspec: {{selector: {{app: d}}, ports: [{{port: 80}}]}}\n"
            )
        });
    }),
    Shape::new("Deployments in namespaces with budgets each", 250, |tree, n| {
        let namespaced = |it: usize, text: String| text.replacen("}\nspec", &format!(", namespace: t{it}}}\nspec"), 1);
        tree.each("d.yaml", n, |it| namespaced(it, deployment("app")));
        tree.each("b.yaml", n, |it| namespaced(it, budget(0, "{}")));
    }),
];

pub(super) fn deployments(tree: &Tree, n: usize) {
    tree.each("d.yaml", n, |it| deployment(&format!("d{it}")));
}

fn budget(number: usize, selector: &str) -> String {
    let fields = format!("maxUnavailable: 1, selector: {selector}");
    spec("policy/v1", "PodDisruptionBudget", &format!("b{number}"), &fields)
}

/// As many budgets as Deployments.
fn budgets(tree: &Tree, n: usize, selector: &str) {
    deployments(tree, n);
    tree.each("b.yaml", n, |it| budget(it, selector));
}

pub(super) fn services(tree: &Tree, n: usize, selector: impl Fn(usize) -> String) {
    tree.each("v.yaml", n, |it| {
        let fields = format!("selector: {{{}}}, ports: [{{port: 80, targetPort: http}}]", selector(it));
        spec("v1", "Service", &format!("v{it}"), &fields)
    });
}
