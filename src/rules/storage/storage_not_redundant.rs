//! `storage-not-redundant`

use crate::config::Durability;
use crate::index::kafka::Mode;
use crate::index::{Claim, Copies, Index, KafkaCluster, PostgresCluster, Role, ScaledBy, StorageFact, Workload};
use crate::model::{Object, WorkloadKind};
use crate::rule::{CaseName, Context, Verdict, cases, rule};
use crate::rules::words::count;

cases!(StorageNotRedundant: OTHER_ROLE = "other-role", UNKNOWN_APPLICATION = "unknown-application");

rule!(StorageNotRedundant, "storage/storage-not-redundant.md", |walk| {
    walk.each(
        |index| index.kafka_clusters().iter().flat_map(|it| kept_by(it, index)),
        |(object, (claims, copies)), cx| judge_claims(object, &claims, &copies, None, cx),
    );
    walk.postgres_clusters(judge_database);
    walk.workloads(judge_workload);
});

/// Databases whatever runs them, and what runs as a `StatefulSet`: there each pod has data of its own.
fn is_judged(workload: &Workload<'_>) -> bool {
    let is_scaled = matches!(workload.scale.by, ScaledBy::Hpa(_) | ScaledBy::Keda(_));
    let keeps_data = workload.kind == WorkloadKind::StatefulSet
        || (workload.role == Role::Postgres && workload.kind.is_replicated());
    keeps_data && workload.role != Role::Ignored && (is_scaled || workload.scale.floor != Some(0))
}

/// The objects of a cluster that keep data, with their claims, and how many copies of the data there are.
fn kept_by<'a>(cluster: &KafkaCluster<'a>, index: &Index<'a>) -> Vec<(&'a Object, (Vec<Claim<'a>>, Copies))> {
    let of = |object, keys: &[&str], copies: Copies| (object, (index.claims_of_storage(object, keys), copies));
    let copies = index.copies();
    let mut kept = Vec::new();
    if cluster.mode != Mode::Kraft {
        kept.push(of(cluster.object, &["spec", "zookeeper", "storage"], copies.of_zookeepers(cluster)));
    }
    if !cluster.uses_pools {
        kept.push(of(cluster.object, &["spec", "kafka", "storage"], copies.of_brokers(cluster)));
        return kept;
    }
    kept.extend(cluster.pools.iter().map(|pool| {
        let copies = if pool.is_broker { copies.of_brokers(cluster) } else { copies.of_controllers(cluster) };
        of(pool.object, &["spec", "storage"], copies)
    }));
    kept
}

/// A database whose operator makes the claims.
fn judge_database<'a>(database: &'a PostgresCluster<'a>, cx: &mut Context<'a>) -> Verdict {
    let (index, object) = (cx.index(), database.object);
    if index.workload_of(object).is_some() {
        return Verdict::NotApplicable; // It is judged as what it is.
    }
    judge_claims(object, &index.claims_of_database(object), &index.copies().of_database(database), None, cx)
}

fn judge_workload<'a>(workload: &'a Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let index = cx.index();
    if !is_judged(workload) {
        return Verdict::NotApplicable;
    }
    let case = workload.role.is_platform().then_some(OTHER_ROLE);
    judge_claims(workload.object, &index.claims_of(workload), &index.copies().of_workload(workload), case, cx)
}

/// Judges claims that hold the same data, and says at most one thing of them.
fn judge_claims(
    object: &Object,
    claims: &[Claim<'_>],
    copies: &Copies,
    case: Option<CaseName>,
    cx: &mut Context<'_>,
) -> Verdict {
    if claims.is_empty() || *copies == Copies::Unknown {
        return Verdict::NotApplicable; // No data, or no telling how often it is there.
    }
    let is_copied = *copies == Copies::Several || (case.is_some() && matches!(copies, Copies::Unsaid(_)));
    if is_copied {
        return Verdict::Pass; // The application keeps copies on other nodes.
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
        Some(reason) => Verdict::open(format!("{reason}; storage-classes in the configuration would tell")),
        None => Verdict::Pass,
    }
}

fn report(
    object: &Object,
    claim: &Claim<'_>,
    fact: &StorageFact,
    copies: &Copies,
    case: Option<CaseName>,
    cx: &mut Context<'_>,
) -> Verdict {
    let kept = match copies {
        Copies::One(reason) => format!("keeps data in one copy ({reason})"),
        Copies::Unsaid(pods) => format!("keeps the data of {}", count(*pods, "pod")),
        Copies::Several | Copies::Unknown => return Verdict::NotApplicable,
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
    let whose = fact.span.filter(|it| *it != claim.place.span).map(|it| (it, fact.reason.clone()));
    cx.fail(object, claim.place.clone(), message)
        .maybe_case(case.or(is_unsaid.then_some(UNKNOWN_APPLICATION)))
        .evidence("claim", &claim.name)
        .evidence("durability", survives)
        .help(help)
        .labels(whose)
        .verdict()
}
