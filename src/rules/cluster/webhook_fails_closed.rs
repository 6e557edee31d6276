//! `webhook-fails-closed`

use crate::index::{Covers, PodSet, PodWebhook};
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::words::{count, list};

cases!(WebhookFailsClosed: ONE_OF_TWO = "one-of-two");

rule!(WebhookFailsClosed, "cluster/webhook-fails-closed.md", |walk| walk.environment(|cx| {
    let webhooks = cx.index().pod_webhooks();
    // What one Service answers in one configuration fails for one reason.
    let is_alike =
        |a: &PodWebhook<'_>, b: &PodWebhook<'_>| std::ptr::eq(a.object, b.object) && a.service() == b.service();
    for group in webhooks.chunk_by(is_alike) {
        let verdict = judge(group, cx);
        cx.judge(group[0].object, verdict);
    }
}));

fn judge<'a>(group: &[PodWebhook<'a>], cx: &mut Context<'a>) -> Verdict {
    let index = cx.index();
    let pods = index.pods_behind(&group[0]);
    let Some((namespace, _)) = group[0].service().filter(|_| !pods.is_empty()) else { return Verdict::NotApplicable };
    let covers = |webhook: &PodWebhook<'a>| {
        let each = || pods.iter().map(|it| index.webhook_covers(webhook, namespace, &it.labels));
        if each().any(|it| it == Covers::Yes) {
            Covers::Yes
        } else if each().all(|it| it == Covers::No) {
            Covers::No
        } else {
            Covers::Unknown
        }
    };
    let closed = group.iter().filter(|it| it.fails_closed()).map(|it| (it, covers(it)));
    let rank = |it: Covers| [Covers::Yes, Covers::Unknown, Covers::No].iter().position(|other| *other == it);
    let Some((webhook, covers)) = closed.min_by_key(|it| rank(it.1)) else { return Verdict::Pass };
    // Only a DaemonSet's number of pods is left open: there are as many as nodes.
    let Some(floor) = pods.iter().map(|it| it.floor).sum::<Option<i64>>().filter(|it| *it > 0) else {
        return Verdict::NotApplicable;
    };
    match (floor, covers) {
        (2.., Covers::No) => Verdict::Pass,
        (2.., Covers::Unknown) => {
            Verdict::open("whether it covers the pods that answer it is decided by what no manifest shows")
        }
        _ => report(webhook, &pods, (floor, covers == Covers::Yes, namespace), cx),
    }
}

fn report(
    webhook: &PodWebhook<'_>,
    pods: &[&PodSet<'_>],
    (floor, covers_itself, namespace): (i64, bool, &str),
    cx: &mut Context<'_>,
) -> Verdict {
    let owners: Vec<String> = pods.iter().map(|it| it.owner.title()).collect();
    let (owners, object) = (list(&owners), webhook.object);
    let message = match (floor, covers_itself) {
        (1, true) => format!(
            "no pod starts while the only pod of {owners} is down, its own replacement included: the webhook fails closed"
        ),
        (1, false) => {
            format!("no pod that it covers starts while the only pod of {owners} is down: the webhook fails closed")
        }
        _ => format!(
            "once the {} of {owners} are down none comes back: the webhook fails closed and covers its own namespace",
            count(floor, "pod")
        ),
    };
    let exempt = format!("exempt namespace {namespace} by its namespaceSelector, or set failurePolicy: Ignore");
    let help = match (floor, covers_itself) {
        (1, true) => format!("run 2 pods with a budget, and {exempt}"),
        (1, false) => "run 2 pods with a budget, or set failurePolicy: Ignore".to_owned(),
        _ => exempt,
    };
    let place = object.place_in_item(webhook.node, &["failurePolicy"]);
    cx.fail(object, place, message)
        .evidence("pods", floor)
        .help(help)
        .labels(pods.iter().map(|it| (it.owner.name_span(), "answers it")))
        .maybe_case((floor > 1 || !covers_itself).then_some(ONE_OF_TWO))
        .verdict()
}
