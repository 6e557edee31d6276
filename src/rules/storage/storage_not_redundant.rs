//! `storage-not-redundant`

use crate::config::Durability;
use crate::index::kafka::Mode;
use crate::index::{Claim, Copies, KafkaCluster, Role, ScaledBy, StorageFact, Workload};
use crate::model::{Object, WorkloadKind};
use crate::rule::{CaseName, Context, NoParams, Rule, Walk, cases};
use crate::rules::words::count;

pub(crate) struct StorageNotRedundant;

cases!(StorageNotRedundant: OTHER_ROLE = "other-role", UNKNOWN_APPLICATION = "unknown-application");

impl Rule for StorageNotRedundant {
    const PAGE: &'static str = include_str!("../../../rules/storage/storage-not-redundant.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            for cluster in index.kafka_clusters() {
                check_kafka(cluster, cx);
            }
            for database in index.postgres_clusters() {
                if index.workload_of(database.object).is_none() {
                    let copies = index.copies().of_database(database);
                    check_claims(database.object, &index.claims_of_database(database.object), &copies, None, cx);
                }
            }
            for workload in index.workloads().iter().filter(|it| is_judged(it)) {
                let is_other = workload.role.is_platform();
                let copies = index.copies().of_workload(workload);
                let claims = index.claims_of(workload);
                check_claims(workload.object, &claims, &copies, is_other.then_some(OTHER_ROLE), cx);
            }
        });
    }
}

/// Databases whatever runs them, and what runs as a `StatefulSet`: there each pod has data of its own.
fn is_judged(workload: &Workload<'_>) -> bool {
    let is_scaled = matches!(workload.scale.by, ScaledBy::Hpa(_) | ScaledBy::Keda(_));
    let keeps_data = workload.kind == WorkloadKind::StatefulSet
        || (workload.role == Role::Postgres && workload.kind.is_replicated());
    keeps_data && workload.role != Role::Ignored && (is_scaled || workload.scale.floor != Some(0))
}

fn check_kafka(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) {
    let index = cx.index();
    let object = cluster.object;
    let brokers = index.copies().of_brokers(cluster);
    if cluster.mode != Mode::Kraft {
        let claims = index.claims_of_storage(object, &["spec", "zookeeper", "storage"]);
        check_claims(object, &claims, &index.copies().of_zookeepers(cluster), None, cx);
    }
    if !cluster.uses_pools {
        return check_claims(
            object,
            &index.claims_of_storage(object, &["spec", "kafka", "storage"]),
            &brokers,
            None,
            cx,
        );
    }
    let controllers = index.copies().of_controllers(cluster);
    for pool in &cluster.pools {
        let claims = index.claims_of_storage(pool.object, &["spec", "storage"]);
        check_claims(pool.object, &claims, if pool.is_broker { &brokers } else { &controllers }, None, cx);
    }
}

/// Judges claims that hold the same data, and says at most one thing of them.
fn check_claims(object: &Object, claims: &[Claim<'_>], copies: &Copies, case: Option<CaseName>, cx: &mut Context<'_>) {
    if claims.is_empty() || *copies == Copies::Unknown {
        return; // No data, or no telling how often it is there.
    }
    let is_copied = *copies == Copies::Several || (case.is_some() && matches!(copies, Copies::Unsaid(_)));
    if is_copied {
        return cx.pass(object); // The application keeps copies on other nodes.
    }
    let mut open = None;
    for claim in claims {
        let Some(class) = claim.class else {
            open = Some("the storage class is a template placeholder".to_owned());
            continue;
        };
        let fact = cx.index().storage_fact(class);
        match fact.durability {
            Some(Durability::NodeLocal | Durability::SingleCopy) => {
                return report(object, claim, &fact, copies, case, cx);
            }
            Some(Durability::Zonal | Durability::MultiZone) => {}
            None | Some(Durability::File) => open = Some(format!("{}: {}", fact.title, fact.reason)),
        }
    }
    match open {
        Some(reason) => cx.not_verifiable(object, format!("{reason}; storage-classes in the configuration would tell")),
        None => cx.pass(object),
    }
}

fn report(
    object: &Object,
    claim: &Claim<'_>,
    fact: &StorageFact,
    copies: &Copies,
    case: Option<CaseName>,
    cx: &mut Context<'_>,
) {
    let kept = match copies {
        Copies::One(reason) => format!("keeps data in one copy ({reason})"),
        Copies::Unsaid(pods) => format!("keeps the data of {}", count(*pods, "pod")),
        Copies::Several | Copies::Unknown => return,
    };
    let (what, survives) = match fact.durability {
        Some(Durability::NodeLocal) => ("which stays on one node", "node-local"),
        _ => ("which keeps a single copy", "single-copy"),
    };
    let is_unsaid = matches!(copies, Copies::Unsaid(_));
    let help = if is_unsaid {
        "nothing says that the pods copy their data to each other: if they do, annotate the workload with \
         edms-lint.dev/role: datastore; if not, use a storage class that keeps copies"
    } else {
        "when that disk or its node fails the data is gone: keep copies in the application (replicas of its own), or \
         use a storage class that does; the class of an existing claim cannot be changed"
    };
    let message = format!("{} {kept} on {}, {what}", object.title(), fact.title);
    let mut draft = cx
        .fail(object, claim.place.clone(), message)
        .evidence("claim", &claim.name)
        .evidence("durability", survives)
        .help(help);
    if let Some(case) = case.or(is_unsaid.then_some(UNKNOWN_APPLICATION)) {
        draft = draft.case(case);
    }
    if let Some(span) = fact.span.filter(|it| *it != claim.place.span) {
        draft.label(span, fact.reason.clone());
    }
}
