//! What objects name.

use super::selecting::deployments;
use crate::Shape;
use crate::objects::{deployment_of, list, object, spec, workload};
use crate::tree::Tree;

pub(crate) const SHAPES: &[Shape] = &[
    Shape::new("ConfigMap references of one container", 500, |tree, n| {
        let variables =
            list(n, |it| format!("{{name: V{it}, valueFrom: {{configMapKeyRef: {{name: m{it}, key: k}}}}}}"));
        tree.write("d.yaml", deployment_of("d", &format!("env: [{variables}]"), ""));
        config_maps(tree, n, "m");
    }),
    Shape::new("ConfigMap references, all a letter wrong", 250, |tree, n| {
        tree.each("d.yaml", n, |it| {
            deployment_of(&format!("d{it}"), &format!("envFrom: [{{configMapRef: {{name: my{it}}}}}]"), "")
        });
        config_maps(tree, n, "mx");
    }),
    Shape::new("ConfigMap references, all a letter wrong, a namespace each", 250, |tree, n| {
        let placed = |kind: &str, it: usize, text: String| {
            let name = format!("metadata: {{name: {kind}{it}}}");
            text.replacen(&name, &format!("metadata: {{name: {kind}{it}, namespace: n{it}}}"), 1)
        };
        tree.each("d.yaml", n, |it| {
            let with = format!("envFrom: [{{configMapRef: {{name: my{it}}}}}]");
            placed("d", it, deployment_of(&format!("d{it}"), &with, ""))
        });
        tree.each("m.yaml", n, |it| placed("mx", it, object("v1", "ConfigMap", &format!("mx{it}"), "data: {k: v}")));
    }),
    Shape::new("backups of Clusters that are not there", 250, |tree, n| {
        tree.each("b.yaml", n, |it| {
            let fields = format!("schedule: '0 0 0 * * *', cluster: {{name: ca{it}}}");
            spec("postgresql.cnpg.io/v1", "ScheduledBackup", &format!("b{it}"), &fields)
        });
        tree.each("c.yaml", n, |it| {
            spec("postgresql.cnpg.io/v1", "Cluster", &format!("cb{it}"), "instances: 3, storage: {size: 1Gi}")
        });
    }),
    Shape::new("references to keys of one large ConfigMap", 500, |tree, n| {
        let data = list(n, |it| format!("key-{it}: v"));
        tree.write("m.yaml", object("v1", "ConfigMap", "m", &format!("data: {{{data}}}")));
        let variables =
            list(n, |it| format!("{{name: V{it}, valueFrom: {{configMapKeyRef: {{name: m, key: kay-{it}}}}}}}"));
        tree.write("d.yaml", deployment_of("d", &format!("env: [{variables}]"), ""));
    }),
    Shape::new("variables of one container", 500, |tree, n| {
        let variables = list(n, |it| format!("{{name: V{it}, value: '$(V{})'}}", it / 2));
        tree.write("d.yaml", deployment_of("d", &format!("env: [{variables}]"), ""));
    }),
    Shape::new("volumes and mounts of one container", 500, |tree, n| {
        let mounts = list(n, |it| format!("{{name: v{it}, mountPath: /data/{it}}}"));
        let volumes = list(n, |it| format!("{{name: v{it}, emptyDir: {{}}}}"));
        tree.write(
            "d.yaml",
            deployment_of("d", &format!("volumeMounts: [{mounts}]"), &format!("volumes: [{volumes}]")),
        );
    }),
    Shape::new("containers of one pod", 250, |tree, n| {
        let containers = list(n, |it| {
            format!("{{name: c{it}, image: 'x:1', ports: [{{name: p{it}, containerPort: {}}}]}}", it % 60000 + 1)
        });
        let fields = format!(
            "replicas: 2, selector: {{matchLabels: {{app: d}}}}, template: {{metadata: {{labels: {{app: d}}}}, spec: {{containers: [{containers}]}}}}"
        );
        tree.write("d.yaml", spec("apps/v1", "Deployment", "d", &fields));
    }),
    Shape::new("values of one object that are refused", 250, |tree, n| {
        let ports = list(n, |it| format!("{{name: q{it}, port: {}, protocol: TPC}}", it % 60000 + 1));
        tree.write("v.yaml", spec("v1", "Service", "v", &format!("selector: {{app: d}}, ports: [{ports}]")));
    }),
    Shape::new("values of one object that have the wrong type", 250, |tree, n| {
        let ports = list(n, |it| format!("{{name: q{it}, port: '{}'}}", it % 60000 + 1));
        tree.write("v.yaml", spec("v1", "Service", "v", &format!("selector: {{app: d}}, ports: [{ports}]")));
    }),
    Shape::new("ports of one Service x ports of its pods", 500, |tree, n| {
        let ports = list(n, |it| format!("{{name: q{it}, containerPort: {}}}", it % 60000 + 1));
        let fields = format!(
            "replicas: 2, selector: {{matchLabels: {{app: d}}}}, template: {{metadata: {{labels: {{app: d}}}}, \
             spec: {{containers: [{{name: c, image: 'x:1', ports: [{ports}]}}]}}}}"
        );
        tree.write("d.yaml", spec("apps/v1", "Deployment", "d", &fields));
        let ports = list(n, |it| format!("{{name: q{it}, port: {}, targetPort: r{it}}}", it % 60000 + 1));
        tree.write("v.yaml", spec("v1", "Service", "v", &format!("selector: {{app: d}}, ports: [{ports}]")));
    }),
    Shape::new("PersistentVolumeClaims x StorageClasses", 250, |tree, n| {
        storage(tree, n, "c");
    }),
    Shape::new("claims of StorageClasses a letter wrong", 250, |tree, n| {
        storage(tree, n, "d");
    }),
    Shape::new("PersistentVolumes x claims", 250, |tree, n| {
        tree.each("v.yaml", n, |it| {
            let fields = format!(
                "capacity: {{storage: 1Gi}}, accessModes: [ReadWriteOnce], storageClassName: '', nfs: {{server: s, path: /{it}}}"
            );
            spec("v1", "PersistentVolume", &format!("v{it}"), &fields)
        });
        tree.each("c.yaml", n, |it| {
            let fields = format!(
                "accessModes: [ReadWriteOnce], storageClassName: '', volumeName: v{it}, resources: {{requests: {{storage: 1Gi}}}}"
            );
            spec("v1", "PersistentVolumeClaim", &format!("c{it}"), &fields)
        });
        tree.each("d.yaml", n, |it| {
            deployment_of(
                &format!("d{it}"),
                "",
                &format!("volumes: [{{name: v, persistentVolumeClaim: {{claimName: c{it}}}}}]"),
            )
        });
    }),
    Shape::new("Deployments of one claim", 250, |tree, n| {
        let fields = "accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}";
        tree.write("c.yaml", spec("v1", "PersistentVolumeClaim", "c", fields));
        tree.each("d.yaml", n, |it| {
            deployment_of(&format!("d{it}"), "", "volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]")
        });
    }),
    Shape::new("PriorityClasses x Deployments", 250, |tree, n| {
        tree.each("c.yaml", n, |it| object("scheduling.k8s.io/v1", "PriorityClass", &format!("ca{it}"), "value: 1000"));
        tree.each("d.yaml", n, |it| deployment_of(&format!("d{it}"), "", &format!("priorityClassName: cb{it}")));
    }),
    Shape::new("PriorityClasses, all the default", 250, |tree, n| {
        tree.each("c.yaml", n, |it| {
            object("scheduling.k8s.io/v1", "PriorityClass", &format!("c{it}"), "value: 1000\nglobalDefault: true")
        });
        deployments(tree, n);
    }),
    Shape::new("StorageClasses, all the default", 250, |tree, n| {
        tree.each("c.yaml", n, |it| {
            format!(
                "---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {{name: c{it}, annotations: \
                 {{storageclass.kubernetes.io/is-default-class: 'true'}}}}\nprovisioner: ebs.csi.aws.com\n"
            )
        });
        tree.each("s.yaml", n, |it| {
            let fields = "replicas: 3, serviceName: x, volumeClaimTemplates: [{metadata: {name: data}, spec: \
                          {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]";
            workload("StatefulSet", &format!("s{it}"), fields, &format!("app: s{it}"), "")
        });
    }),
    Shape::new("ServiceAccounts x RoleBindings", 250, |tree, n| {
        tree.each("a.yaml", n, |it| object("v1", "ServiceAccount", &format!("a{it}"), ""));
        tree.each("r.yaml", n, |it| {
            object(
                "rbac.authorization.k8s.io/v1",
                "Role",
                &format!("r{it}"),
                "rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]",
            )
        });
        tree.each("b.yaml", n, |it| {
            let fields = format!(
                "roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: r{it}}}\nsubjects: [{}]",
                list(20, |other| format!("{{kind: ServiceAccount, name: a{}, namespace: default}}", (it + other) % n))
            );
            object("rbac.authorization.k8s.io/v1", "RoleBinding", &format!("b{it}"), &fields)
        });
        tree.each("d.yaml", n, |it| deployment_of(&format!("d{it}"), "", &format!("serviceAccountName: a{it}")));
    }),
    Shape::new("one object written many times", 500, |tree, n| {
        tree.each("d.yaml", n, |_| workload("Deployment", "d", "replicas: 2", "app: d", ""));
    }),
    Shape::new("one object written many times, in files", 250, |tree, n| {
        for it in 0..n {
            tree.write(&format!("d{it}.yaml"), workload("Deployment", "d", "replicas: 2", "app: d", ""));
        }
    }),
];

fn config_maps(tree: &Tree, n: usize, prefix: &str) {
    tree.each("m.yaml", n, |it| object("v1", "ConfigMap", &format!("{prefix}{it}"), "data: {k: v}"));
}

/// Claims whose classes begin with a letter, beside classes that begin with c.
fn storage(tree: &Tree, n: usize, letter: &str) {
    tree.each("c.yaml", n, |it| {
        object("storage.k8s.io/v1", "StorageClass", &format!("c{it}"), "provisioner: ebs.csi.aws.com")
    });
    tree.each("p.yaml", n, |it| {
        let fields = format!(
            "accessModes: [ReadWriteOnce], storageClassName: {letter}{it}, resources: {{requests: {{storage: 1Gi}}}}"
        );
        spec("v1", "PersistentVolumeClaim", &format!("p{it}"), &fields)
    });
}
