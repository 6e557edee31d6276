//! `postgres-wal-exceeds-volume`

use crate::index::postgres::{CNPG, EDB, Server, ZALANDO, setting_bytes};
use crate::model::{Object, Place, Quantity};
use crate::rule::{Context, Verdict, rule};
use crate::rules::postgres::PostgresConfigNotLoaded;
use crate::source::Span;
use crate::yaml::NodeRef;

/// Settings that let the log grow to a size.
const SETTINGS: &[&str] = &["max_wal_size", "min_wal_size", "wal_keep_size", "max_slot_wal_keep_size"];

/// The log that a database may keep, and the volume that it is on.
struct Sizes<'a> {
    setting: &'static str,
    value: String,
    log: u64,
    place: Place,
    volume: NodeRef<'a>,
    what: &'static str,
}

rule!(PostgresWalExceedsVolume, "postgres/postgres-wal-exceeds-volume.md", |walk| {
    walk.each(|index| index.postgres_servers(), judge_server);
    let cnpg = [(CNPG, "Cluster"), (EDB, "Cluster")];
    walk.of_kinds(&cnpg, |it, cx| judge_cluster(it, &["spec", "storage", "size"], cx));
    walk.of_kinds(&[(ZALANDO, "postgresql")], |it, cx| judge_cluster(it, &["spec", "volume", "size"], cx));
});

fn judge_server(server: Server<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = server.object();
    if server.variable("POSTGRES_INITDB_WALDIR").is_some() {
        return Verdict::NotApplicable; // The log is somewhere else.
    }
    let Some(volume) = cx.index().data_size(&server) else { return Verdict::NotApplicable };
    let mut largest: Option<(Sizes<'_>, Option<Span>)> = None;
    for setting in SETTINGS {
        let Some(found) = cx.index().setting_of(&server, setting) else { continue };
        let Some(log) = setting_bytes(&found.value) else { continue };
        let mut place = object.name_place();
        place.span = found.span;
        let sizes = Sizes { setting, value: found.value, log, place, volume, what: "data volume" };
        if largest.as_ref().is_none_or(|it| log > it.0.log) {
            largest = Some((sizes, found.is_ignored.then_some(found.span)));
        }
    }
    match largest {
        Some((sizes, Some(span))) if exceeds(&sizes) => {
            let text = format!("{} {} would not fit the volume of {}", sizes.setting, sizes.value, volume.text());
            cx.blocked(object, PostgresConfigNotLoaded::ID, object, span, text)
        }
        Some((sizes, _)) => judge_sizes(object, sizes, cx),
        None => Verdict::NotApplicable,
    }
}

fn judge_cluster(object: &Object, size: &[&str], cx: &mut Context<'_>) -> Verdict {
    let node = object.node();
    let own = node.at(&["spec", "walStorage", "size"]);
    let what = if own.is_some() { "WAL volume" } else { "data volume" };
    let Some(volume) = own.or_else(|| node.at(size)) else { return Verdict::NotApplicable };
    let Some(written) = node.at(&["spec", "postgresql", "parameters"]) else { return Verdict::NotApplicable };
    let found = SETTINGS.iter().filter_map(|setting| {
        let value = written.get(setting)?.text().to_owned();
        let place = object.place_in(written, &[setting]);
        Some(Sizes { setting, log: setting_bytes(&value)?, value, place, volume, what })
    });
    let Some(sizes) = found.max_by_key(|it| it.log) else { return Verdict::NotApplicable };
    judge_sizes(object, sizes, cx)
}

fn bytes(size: &str) -> Option<u64> {
    Quantity::parse(size)?.units()
}

fn exceeds(sizes: &Sizes<'_>) -> bool {
    bytes(sizes.volume.text()).is_some_and(|volume| sizes.log > volume / 2)
}

fn judge_sizes(object: &Object, sizes: Sizes<'_>, cx: &mut Context<'_>) -> Verdict {
    let size = sizes.volume.text();
    if bytes(size).is_none() {
        return Verdict::open("the size of the volume is a template placeholder");
    }
    if !exceeds(&sizes) {
        return Verdict::Pass;
    }
    let message = format!(
        "{} may keep {} of log ({}), more than half of its {} of {size}",
        object.title(),
        sizes.value,
        sizes.setting,
        sizes.what
    );
    cx.fail(object, sizes.place, message)
        .evidence("log-bytes", sizes.log)
        .evidence("volume", size)
        .label(sizes.volume.first_line(), "the volume's size")
        .help(format!(
            "the server stops when the volume is full: lower {} to a quarter of the volume or less, or enlarge the volume",
            sizes.setting
        ))
        .verdict()
}
