//! Databases and their backups.

use crate::Shape;
use crate::objects::{deployment_of, object, spec, workload};
use crate::tree::Tree;

pub(crate) const SHAPES: &[Shape] = &[
    Shape::new("PostgreSQL x dump CronJobs", 250, |tree, n| {
        servers(tree, n);
        dumps(tree, n, "p");
    }),
    Shape::new("PostgreSQL x dump CronJobs of others", 250, |tree, n| {
        servers(tree, n);
        dumps(tree, n, "q");
    }),
    Shape::new("PostgreSQL x dump CronJobs of all", 250, |tree, n| {
        servers(tree, n);
        tree.each("j.yaml", n, |it| job(it, "args: ['pg_dumpall -f /backup/all']"));
    }),
    Shape::new("CloudNativePG x ScheduledBackups", 250, |tree, n| {
        clusters(tree, n);
        tree.each("b.yaml", n, |it| scheduled(it, &format!("c{it}")));
    }),
    Shape::new("CloudNativePG x ScheduledBackups of one", 250, |tree, n| {
        clusters(tree, n);
        tree.each("b.yaml", n, |it| scheduled(it, "c0"));
    }),
    Shape::new("CloudNativePG x ScheduledBackups of none", 250, |tree, n| {
        clusters(tree, n);
        tree.each("b.yaml", n, |it| scheduled(it, &format!("d{it}")));
    }),
    Shape::new("CloudNativePG that archive to one place", 250, |tree, n| {
        tree.each("c.yaml", n, |it| {
            let fields =
                "instances: 3, storage: {size: 1Gi}, backup: {barmanObjectStore: {destinationPath: 's3://all/one'}}";
            spec("postgresql.cnpg.io/v1", "Cluster", &format!("c{it}"), fields)
        });
    }),
    Shape::new("CloudNativePG x Poolers", 250, |tree, n| {
        clusters(tree, n);
        tree.each("p.yaml", n, |it| {
            let fields = "instances: 1, type: rw, pgbouncer: {poolMode: session}, cluster: {name: c0}";
            spec("postgresql.cnpg.io/v1", "Pooler", &format!("p{it}"), fields)
        });
    }),
    Shape::new("CloudNativePG x Deployments that connect", 250, |tree, n| {
        clusters(tree, n);
        tree.each("d.yaml", n, |it| {
            let variables = format!("env: [{{name: DATABASE_URL, value: 'postgresql://u@c{it}-rw:5432/app'}}]");
            deployment_of(&format!("d{it}"), &variables, "")
        });
    }),
    Shape::new("CloudNativePG x Deployments of one database", 250, |tree, n| {
        clusters(tree, 1);
        tree.each("d.yaml", n, |it| {
            let variables = "env: [{name: DATABASE_URL, value: 'postgresql://u@c0-rw:5432/app?pool=20'}]";
            deployment_of(&format!("d{it}"), variables, "")
        });
    }),
    Shape::new("CloudNativePG x Velero schedules", 250, |tree, n| {
        clusters(tree, n);
        tree.each("v.yaml", n, |it| {
            let fields = format!("schedule: '0 1 * * *', template: {{includedNamespaces: [n{it}], ttl: 720h0m0s}}");
            spec("velero.io/v1", "Schedule", &format!("v{it}"), &fields)
        });
    }),
    Shape::new("PostgreSQL x NetworkPolicies", 250, |tree, n| {
        clusters(tree, n);
        tree.each("n.yaml", n, |it| {
            spec("networking.k8s.io/v1", "NetworkPolicy", &format!("n{it}"), "podSelector: {}, policyTypes: [Ingress]")
        });
    }),
    Shape::new("PostgreSQL x Secrets and ConfigMaps", 250, |tree, n| {
        servers(tree, n);
        tree.each("m.yaml", n, |it| {
            object("v1", "ConfigMap", &format!("p{it}"), "data: {postgresql.conf: 'max_connections = 100'}")
        });
    }),
];

fn servers(tree: &Tree, n: usize) {
    tree.each("s.yaml", n, |it| {
        let fields = format!("replicas: 1, serviceName: p{it}");
        workload("StatefulSet", &format!("p{it}"), &fields, &format!("app: p{it}"), "")
            .replace("registry.example.com/", "postgres:16#")
            .replace(&format!("16#p{it}:1.0"), "16")
    });
    tree.each("v.yaml", n, |it| {
        spec(
            "v1",
            "Service",
            &format!("p{it}"),
            &format!("clusterIP: None, selector: {{app: p{it}}}, ports: [{{port: 5432}}]"),
        )
    });
}

fn dumps(tree: &Tree, n: usize, prefix: &str) {
    tree.each("j.yaml", n, |it| job(it, &format!("args: ['pg_dump -h {prefix}{it} app > /backup/{it}.sql']")));
}

fn job(number: usize, arguments: &str) -> String {
    let fields = format!(
        "schedule: '0 1 * * *', jobTemplate: {{spec: {{template: {{spec: {{restartPolicy: Never, containers: \
         [{{name: dump, image: 'postgres:16', command: [sh, -c], {arguments}}}]}}}}}}}}"
    );
    spec("batch/v1", "CronJob", &format!("j{number}"), &fields)
}

fn clusters(tree: &Tree, n: usize) {
    tree.each("c.yaml", n, |it| {
        let fields = format!(
            "instances: 3, storage: {{size: 1Gi}}, backup: {{barmanObjectStore: {{destinationPath: 's3://all/{it}'}}}}"
        );
        spec("postgresql.cnpg.io/v1", "Cluster", &format!("c{it}"), &fields)
    });
}

fn scheduled(number: usize, cluster: &str) -> String {
    let fields = format!("schedule: '0 0 1 * * *', cluster: {{name: {cluster}}}");
    spec("postgresql.cnpg.io/v1", "ScheduledBackup", &format!("b{number}"), &fields)
}
