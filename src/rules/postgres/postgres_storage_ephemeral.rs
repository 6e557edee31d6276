//! `postgres-storage-ephemeral`

use crate::index::postgres::{Data, Flavor, Mount, Server, Volume};
use crate::index::{Chart, Store};
use crate::model::{HOSTNAME, NodePin, PodTemplate, WorkloadKind};
use crate::rule::{Context, Verdict, rule};
use crate::rules::chart_values;

rule!(PostgresStorageEphemeral, "postgres/postgres-storage-ephemeral.md", |walk| {
    walk.each(|index| index.chart_releases(), judge_chart);
    walk.each(|index| index.postgres_servers(), judge_server);
    // All operators make claims.
    walk.postgres_clusters(|it, _| match it.flavor {
        Flavor::SelfManaged => Verdict::NotApplicable,
        _ => Verdict::Pass,
    });
});

fn judge_chart(chart: &Chart<'_>, cx: &mut Context<'_>) -> Verdict {
    match chart.store() {
        Some(store @ (Store::Postgres | Store::PostgresHa)) => {
            chart_values::judge_persistence(chart, store, "database", cx)
        }
        _ => Verdict::NotApplicable,
    }
}

fn judge_server(server: Server<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = server.object();
    match server.data() {
        Data::Unknown(reason) => Verdict::open(reason),
        Data::Beside(_) => Verdict::NotApplicable, // `postgres-data-not-mounted` reports it.
        Data::Nowhere => {
            let message =
                format!("{} keeps its data in the container: no volume that outlives a pod is mounted", object.title());
            let place = server.container.place(object, &["volumeMounts"]);
            cx.fail(object, place, message).help(help(&server)).verdict()
        }
        Data::In(mount) => judge_volume(&server, mount, cx),
    }
}

fn judge_volume(server: &Server<'_>, mount: Mount<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = server.object();
    let title = object.title();
    match mount.volume {
        Volume::Template(_) | Volume::Claim(_) | Volume::Other(_) => Verdict::Pass,
        Volume::Host(_) if pinned(server) == Pinned::ToOne => Verdict::Pass,
        Volume::Host(_) if pinned(server) == Pinned::Perhaps => {
            Verdict::open("whether its node labels name one node only is not in the manifests")
        }
        Volume::Host(volume) => {
            let path = volume.str_at(&["hostPath", "path"]).unwrap_or_default();
            let message =
                format!("{title} keeps its data in {path} of whichever node it runs on: it starts empty on another");
            cx.fail(object, object.place_in(volume, &["hostPath"]), message)
                .help(help(server))
                .label(mount.node.place(&["mountPath"]), "mounted here")
                .verdict()
        }
        Volume::Lost(volume, kind) => {
            let what = if kind == "emptyDir" { "an emptyDir" } else { "an ephemeral volume" };
            let message = format!("{title} keeps its data in {what}: it is gone with the pod");
            cx.fail(object, object.place_in(volume, &[kind]), message)
                .help(help(server))
                .label(mount.node.place(&["mountPath"]), "mounted here")
                .verdict()
        }
        Volume::Files => {
            let message = format!("{title} keeps its data where a ConfigMap or Secret is mounted, which holds none");
            cx.fail(object, object.place_in(mount.node, &["mountPath"]), message).help(help(server)).verdict()
        }
        Volume::Undeclared => Verdict::open(format!("the volume mounted at {} is not declared", mount.path)),
    }
}

/// Whether pods can run on one node only.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pinned {
    ToOne,
    Perhaps,
    No,
}

/// Labels that many nodes share, whatever the cluster.
const COARSE: &[&str] = &["kubernetes.io/os", "kubernetes.io/arch", "beta.kubernetes.io/os", "beta.kubernetes.io/arch"];

fn pinned(server: &Server<'_>) -> Pinned {
    let Some(spec) = server.template().and_then(PodTemplate::spec) else { return Pinned::No };
    if NodePin::of(spec).is_some() {
        return Pinned::ToOne;
    }
    let selector = spec.at(&["nodeSelector"]);
    let keys = ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"];
    let is_telling = |key: &str| !COARSE.contains(&key) && !key.contains("topology.kubernetes.io");
    let by_selector = selector.is_some_and(|it| it.entries().any(|it| is_telling(it.name())));
    let by_term = spec.items_at(&keys).any(|it| {
        it.items_at(&["matchExpressions"])
            .filter_map(|it| it.str_at(&["key"]))
            .any(|key| key != HOSTNAME && is_telling(key))
    });
    if by_selector || by_term { Pinned::Perhaps } else { Pinned::No }
}

fn help(server: &Server<'_>) -> &'static str {
    if server.workload.kind == WorkloadKind::StatefulSet {
        "a drain, an eviction or a rolling update then starts an empty database: give the StatefulSet a \
         volumeClaimTemplate and mount it over the data directory; templates of an existing StatefulSet cannot be \
         changed, so dump the data, create it anew, and restore"
    } else {
        "a drain, an eviction or a rolling update then starts an empty database: use a StatefulSet with a \
         volumeClaimTemplate mounted over the data directory, or an operator, and dump the data first"
    }
}
