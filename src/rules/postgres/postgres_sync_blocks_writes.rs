//! `postgres-sync-blocks-writes`

use super::releases::{Release, releases};
use crate::index::PostgresCluster;
use crate::index::postgres::{Flavor, Synchrony, Wait};
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::words::count;

cases!(PostgresSyncBlocksWrites: REFUSED = "refused");

rule!(PostgresSyncBlocksWrites, "postgres/postgres-sync-blocks-writes.md", |walk| walk.each(releases, judge));

fn judge(release: Release<'_>, cx: &mut Context<'_>) -> Verdict {
    let (cluster, object) = (release.primary, release.primary.object);
    if cluster.is_standby {
        return Verdict::NotApplicable;
    }
    let pods = match release.instances {
        Some(0) => return Verdict::NotApplicable,
        // `postgres-too-few-instances` reports it.
        Some(1) if cluster.flavor == Flavor::SelfManaged => return Verdict::NotApplicable,
        Some(pods) => pods,
        None => return Verdict::open("the number of instances is a template placeholder"),
    };
    match cx.index().synchrony(cluster, pods) {
        Synchrony::Asynchronous => Verdict::NotApplicable, // `postgres-not-synchronous` reports it.
        Synchrony::Adapts => Verdict::Pass,
        Synchrony::Unknown(reason) => Verdict::open(reason),
        Synchrony::Waits(wait) if wait.needed <= wait.one_down => Verdict::Pass,
        Synchrony::Waits(wait) => judge_wait(cluster, pods, wait, cx),
        Synchrony::Refused(wait) => {
            let message = format!(
                "{} asks for {} among {}: the operator refuses it",
                object.title(),
                count(wait.needed, "synchronous standby"),
                count(pods, "instance")
            );
            cx.fail(object, wait.place, message)
                .case(REFUSED)
                .evidence("needed", wait.needed)
                .evidence("instances", pods)
                .label(cluster.place.span, "one of these is the primary")
                .help(
                    "synchronous.number is less than instances and the names of other standbys together: lower it to 1",
                )
                .verdict()
        }
    }
}

fn judge_wait(cluster: &PostgresCluster<'_>, pods: i64, wait: Wait, cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    let title = object.title();
    let message = if wait.needed > wait.standbys {
        let there = match wait.standbys {
            0 => "none may answer".to_owned(),
            1 => "only 1 may answer".to_owned(),
            standbys => format!("only {standbys} may answer"),
        };
        format!(
            "{title} waits for {} ({}) and {there}: every write waits for ever",
            count(wait.needed, "standby"),
            wait.setting
        )
    } else {
        let which = match (wait.needed, wait.standbys) {
            (1, 1) => "its only standby".to_owned(),
            (needed, standbys) if needed == standbys => format!("all of its {standbys} standbys"),
            (needed, standbys) => format!("{needed} of its {standbys} standbys"),
        };
        format!("{title} waits for {which} ({}): while one is down, every write waits", wait.setting)
    };
    let is_inferred = wait.is_inferred;
    let draft = cx
        .fail(object, wait.place, message)
        .evidence("needed", wait.needed)
        .evidence("standbys", wait.standbys)
        .label(cluster.place.span, format!("{}, one of them the primary", count(pods, "instance")))
        .help(
            "a restart, a drain or an update of a standby then stops every write: add an instance, wait for fewer \
             standbys, or let the number follow what is there (CloudNativePG: dataDurability: preferred; Patroni: \
             synchronous_mode without synchronous_mode_strict)",
        );
    if is_inferred { draft.heuristic() } else { draft }.verdict()
}
