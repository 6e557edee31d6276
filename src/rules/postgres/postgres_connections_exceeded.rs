//! `postgres-connections-exceeded`

use crate::index::postgres::{Accepted, Pool};
use crate::index::{ScaledBy, Workload};
use crate::model::ObjectId;
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::count;
use crate::source::Span;
use std::collections::BTreeMap;

rule!(PostgresConnectionsExceeded, "postgres/postgres-connections-exceeded.md", |walk| walk.environment(|cx| {
    let mut by_database: BTreeMap<ObjectId, Vec<Pool<'_, '_>>> = BTreeMap::new();
    for pool in cx.index().connection_pools() {
        by_database.entry(pool.database.object.id()).or_default().push(pool);
    }
    for pools in by_database.values_mut() {
        let verdict = judge(pools, cx);
        cx.judge(pools[0].database.object, verdict);
    }
}));

/// Judges a database by the pools at it.
fn judge<'a>(pools: &mut [Pool<'a, 'a>], cx: &mut Context<'a>) -> Verdict {
    let Some(accepted) = cx.index().accepted_connections(pools[0].database) else {
        return Verdict::open("its max_connections is not in the manifests");
    };
    let total: i64 = pools.iter().map(Pool::connections).fold(0, i64::saturating_add);
    if total <= accepted.most - accepted.reserved {
        return Verdict::Pass;
    }
    pools.sort_by_key(|it| std::cmp::Reverse(it.connections()));
    report(pools, total, &accepted, cx)
}

fn report(pools: &[Pool<'_, '_>], total: i64, accepted: &Accepted, cx: &mut Context<'_>) -> Verdict {
    let (first, others) = pools.split_first().expect("each database has a pool here");
    let (client, database) = (first.workload.object, first.database.object);
    let usable = accepted.most - accepted.reserved;
    let own = format!("{} may open {}", client.title(), count(first.connections(), "connection"));
    let pools = format!("{} of {}", count(first.pods, "pod"), first.size);
    let limit = format!("{} accepts {usable} ({} less {})", database.title(), accepted.most, accepted.reserved);
    let message = if others.is_empty() {
        format!("{own} ({pools}), but {limit}")
    } else {
        let rest = count(i64::try_from(others.len()).unwrap_or(i64::MAX), "other workload");
        format!("{own} ({pools}) and {rest} {}, but {limit}", total - first.connections())
    };
    let others = others
        .iter()
        .take(3)
        .map(|it| (it.word.span(), format!("{} may open {}", it.workload.object.title(), it.connections())));
    let draft = cx
        .fail(client, first.word.place(), message)
        .evidence("connections", total)
        .evidence("accepted", usable)
        .label(most_pods(first.workload), "the number of pods")
        .labels(others);
    match &accepted.place {
        Some(place) => draft.label(place.span, "the connections that the database accepts"),
        None => draft.label(database.name_span(), "max_connections is not set: PostgreSQL's default is 100"),
    }
    .help(
        "further pods are refused and fail: put a pooler between, or make pools smaller; each connection takes memory",
    )
    .heuristic()
    .verdict()
}

/// Where the greatest number of a workload's pods is written.
fn most_pods(workload: &Workload<'_>) -> Span {
    match workload.scale.by {
        ScaledBy::Hpa(scaler) => scaler.place(&["spec", "maxReplicas"]).span,
        ScaledBy::Keda(scaler) => scaler.place(&["spec", "maxReplicaCount"]).span,
        _ => workload.scale_place().span,
    }
}
