//! `postgres-memory-exceeds-limit`

use crate::index::PostgresCluster;
use crate::index::postgres::{Demand, SHARED_BUFFERS, buffer_bytes};
use crate::model::Quantity;
use crate::rule::{Context, Verdict, rule};
use crate::rules::postgres::PostgresConfigNotLoaded;
use crate::yaml::NodeRef;

rule!(PostgresMemoryExceedsLimit, "postgres/postgres-memory-exceeds-limit.md", |walk| walk.postgres_clusters(judge));

/// The limit of some servers, in bytes, with where it is written.
fn limit_of<'a>(demand: &Demand<'a>) -> Option<(NodeRef<'a>, u64)> {
    let mut written = [demand.resources, demand.of_pod].into_iter().flatten();
    let limits = written.find_map(|it| it.at(&["limits"]).filter(|it| it.get("memory").is_some()))?;
    // Huge pages have a limit of their own, and the buffers may be in them.
    if limits.entries().any(|it| it.name().starts_with("hugepages-")) {
        return None;
    }
    let memory = limits.get("memory")?;
    Some((memory, Quantity::read(memory)?.units()?))
}

fn judge<'a>(cluster: &'a PostgresCluster<'a>, cx: &mut Context<'a>) -> Verdict {
    let (index, object) = (cx.index(), cluster.object);
    let Some(buffers) = index.parameter_of(cluster, SHARED_BUFFERS) else { return Verdict::NotApplicable };
    let demands = index.demands_of(cluster);
    let limits = demands.iter().filter_map(|it| Some((it, limit_of(it)?)));
    let Some((demand, (limit, most))) = limits.min_by_key(|it| it.1.1) else { return Verdict::NotApplicable };
    let Some(bytes) = buffer_bytes(&buffers.value) else {
        return Verdict::open("shared_buffers is a share, or a template placeholder");
    };
    if bytes <= most / 2 {
        return Verdict::Pass;
    }
    let percent = u128::from(bytes) * 100 / u128::from(most.max(1));
    let blocks = if buffers.value.bytes().all(|it| it.is_ascii_digit()) { " blocks of 8 kB" } else { "" };
    let what = format!("shared_buffers {}{blocks}", buffers.value);
    let share = format!("{percent} % of the memory limit {} of {}", limit.text(), demand.title);
    if buffers.is_ignored {
        let text = format!("{what} would be {share}");
        return cx.blocked(object, PostgresConfigNotLoaded::ID, object, buffers.place.span, text);
    }
    let help =
        "the kernel ends the server when sorts and connections need the rest: set a quarter of the limit, or raise it";
    cx.fail(object, buffers.place, format!("{what} is {share}, more than half"))
        .evidence("buffers", bytes)
        .evidence("limit", most)
        .label(limit.first_line(), "the limit")
        .help(help)
        .verdict()
}
