//! `postgres-storage-ephemeral`

use crate::index::postgres::{Data, Mount, Server, Volume};
use crate::model::{PodTemplate, WorkloadKind};
use crate::rule::{Context, NoParams, Rule};

pub(in crate::rules) struct PostgresStorageEphemeral;

impl Rule for PostgresStorageEphemeral {
    const PAGE: &'static str = include_str!("../../../rules/postgres/postgres-storage-ephemeral.md");
    type Params = NoParams;

    fn check(_: &NoParams, cx: &mut Context<'_>) {
        for server in cx.index().postgres_servers() {
            check_server(&server, cx);
        }
    }
}

fn check_server(server: &Server<'_>, cx: &mut Context<'_>) {
    let object = server.object();
    match server.data() {
        Data::Unknown(reason) => cx.not_verifiable(object, reason),
        Data::Beside(_) => {} // `postgres-data-not-mounted` speaks of it.
        Data::Nowhere => {
            let message =
                format!("{} keeps its data in the container: no volume that outlives a pod is mounted", object.title());
            let place = server.container.place(object, &["volumeMounts"]);
            cx.fail(object, place, message).help(help(server));
        }
        Data::In(mount) => check_volume(server, mount, cx),
    }
}

fn check_volume(server: &Server<'_>, mount: Mount<'_>, cx: &mut Context<'_>) {
    let object = server.object();
    let title = object.title();
    match mount.volume {
        Volume::Template(_) | Volume::Claim(_) | Volume::Other(_) => cx.pass(object),
        Volume::Host(_) if is_pinned(server) => cx.pass(object),
        Volume::Host(volume) => {
            let path = volume.str_at(&["hostPath", "path"]).unwrap_or_default();
            let message =
                format!("{title} keeps its data in {path} of whichever node it runs on: it starts empty on another");
            cx.fail(object, object.place_in(volume, &["hostPath"]), message)
                .help(help(server))
                .label(mount.node.place(&["mountPath"]), "mounted here");
        }
        Volume::Lost(volume, kind) => {
            let what = if kind == "emptyDir" { "an emptyDir" } else { "an ephemeral volume" };
            let message = format!("{title} keeps its data in {what}: it is gone with the pod");
            cx.fail(object, object.place_in(volume, &[kind]), message)
                .help(help(server))
                .label(mount.node.place(&["mountPath"]), "mounted here");
        }
        Volume::Files => {
            let message = format!("{title} keeps its data where a ConfigMap or Secret is mounted, which holds none");
            cx.fail(object, object.place_in(mount.node, &["mountPath"]), message).help(help(server));
        }
        Volume::Undeclared => {
            cx.not_verifiable(object, format!("the volume mounted at {} is not declared", mount.path));
        }
    }
}

/// Whether the pods can run on one node only.
fn is_pinned(server: &Server<'_>) -> bool {
    let Some(spec) = server.template().and_then(PodTemplate::spec) else { return false };
    let selector = spec.at(&["nodeSelector"]);
    let hostname = selector.is_some_and(|it| it.get("kubernetes.io/hostname").is_some());
    hostname || spec.at(&["nodeName"]).is_some() || spec.at(&["affinity", "nodeAffinity"]).is_some()
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
