//! `postgres-as-deployment`

use crate::index::postgres::{Data, Server, Volume};
use crate::model::WorkloadKind;
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::words::count;
use crate::yaml::NodeRef;

const HELP: &str = "use a StatefulSet with a volumeClaimTemplate, whose pods have names and claims of their own and are \
                    never two at a time, or an operator (CloudNativePG with instances: 3)";

cases!(PostgresAsDeployment: RECREATE = "recreate", ONE_CLAIM = "one-claim");

rule!(PostgresAsDeployment, "postgres/postgres-as-deployment.md", |walk| walk
    .each(|index| index.postgres_servers(), judge));

fn judge(server: Server<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = server.object();
    if server.workload.kind == WorkloadKind::StatefulSet && !shares_its_data(&server) {
        return Verdict::Pass;
    }
    let data = server.data();
    let (claim, mount) = match data {
        Data::In(mount) | Data::Beside(mount) => match mount.volume {
            Volume::Claim(claim) => (Some(claim), Some(mount)),
            _ => (None, Some(mount)),
        },
        _ => (server.mounts().iter().find_map(|it| claim_of(it.volume)), None),
    };
    let Some(claim) = claim else {
        let is_lost = mount.is_none_or(|it| !it.volume.is_kept()) && !matches!(data, Data::Unknown(_));
        let what = if is_lost {
            format!("a {} gives its pods neither names nor claims of their own", object.kind())
        } else {
            "its pods have no names and no claims of their own".to_owned()
        };
        let message = format!("{} runs PostgreSQL, and {what}", object.title());
        let draft = cx.fail(object, object.name_place(), message).help(HELP);
        return draft.maybe_case((!is_lost).then_some(RECREATE)).verdict();
    };
    let strategy = object.node().at(&["spec", "strategy", "type"]);
    let is_recreated = strategy.map(NodeRef::text) == Some("Recreate");
    let pods = server.workload.scale.ceiling.or(server.workload.scale.floor);
    let name = claim.str_at(&["persistentVolumeClaim", "claimName"]).unwrap_or_default();
    let claim_span = claim.place(&["persistentVolumeClaim", "claimName"]);
    if let Some(pods) = pods.filter(|it| *it > 1) {
        let message = format!("{} runs {} of PostgreSQL on the one claim {name}", object.title(), count(pods, "pod"));
        return cx
            .fail(object, server.workload.scale_place(), message)
            .evidence("pods", pods)
            .label(claim_span, "two servers on one data directory destroy it; on two nodes the second never starts")
            .help(HELP)
            // Where each pod may have a folder of its own, nothing is destroyed for certain.
            .maybe_case(is_in_one_folder(&data).then_some(ONE_CLAIM))
            .verdict();
    }
    if is_recreated {
        let message =
            format!("{} runs PostgreSQL: no second instance can join it, and it stops for each update", object.title());
        return cx
            .fail(object, object.name_place(), message)
            .label(object.place(&["spec", "strategy", "type"]).span, "one pod at a time, which is right for the claim")
            .help(HELP)
            .case(RECREATE)
            .verdict();
    }
    let by_default = if strategy.is_none() { " (the default)" } else { "" };
    let message = format!(
        "{} updates PostgreSQL by RollingUpdate{by_default}: the new pod starts on claim {name} while the old one runs",
        object.title()
    );
    cx.fail(object, object.place(&["spec", "strategy", "type"]), message)
        .label(claim_span, "on one node two servers open it, on two nodes the update waits for ever")
        .help(format!("set strategy: {{type: Recreate}} at once; then {HELP}"))
        .verdict()
}

/// Whether the data of all pods lies in one folder of one volume.
fn is_in_one_folder(data: &Data<'_>) -> bool {
    matches!(data, Data::In(mount) if mount.node.get("subPathExpr").is_none())
}

/// Whether several pods of a server have one claim, which is none of a template, for their data.
fn shares_its_data(server: &Server<'_>) -> bool {
    let scale = &server.workload.scale;
    let data = server.data();
    let is_claim = matches!(data, Data::In(mount) if matches!(mount.volume, Volume::Claim(_)));
    is_claim && is_in_one_folder(&data) && scale.ceiling.or(scale.floor).is_some_and(|it| it > 1)
}

fn claim_of(volume: Volume<'_>) -> Option<NodeRef<'_>> {
    match volume {
        Volume::Claim(claim) => Some(claim),
        _ => None,
    }
}
