//! `alertmanager-config-narrowed`

use crate::index::monitoring::Narrowing;
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::list;

rule!(AlertmanagerConfigNarrowed, "monitoring/alertmanager-config-narrowed.md", |walk| walk.environment(|cx| {
    let Some(narrowing) = cx.index().narrowed_alerts() else { return };
    let Some((first, _)) = narrowing.senders.first() else { return };
    let verdict = judge(&narrowing, cx);
    cx.judge(first, verdict);
}));

fn judge(narrowing: &Narrowing<'_>, cx: &mut Context<'_>) -> Verdict {
    let [(first, place), others @ ..] = narrowing.senders.as_slice() else { return Verdict::NotApplicable };
    if narrowing.left_out.is_empty() {
        return Verdict::Pass;
    }
    if let Some(doubt) = &narrowing.doubt {
        return Verdict::open(format!("whether its Alertmanager sends by itself: {doubt}"));
    }
    let left_out: Vec<String> = narrowing.left_out.iter().map(|it| (*it).to_owned()).collect();
    let message = format!(
        "{} gets alerts of namespace {} alone, and nobody those of {}",
        first.title(),
        first.namespace().unwrap_or_default(),
        list(&left_out)
    );
    let mut draft = cx
        .fail(first, place.clone(), message)
        .evidence("namespaces", left_out.len())
        .label(narrowing.by.name_span(), "narrows it to its own namespace (OnNamespace, the default)")
        .help(
            "set alertmanagerConfigMatcherStrategy: {type: None} on the Alertmanager, give its own route a receiver \
             that sends, or put an AlertmanagerConfig into each namespace",
        );
    for (other, place) in others.iter().take(4) {
        let namespace = other.namespace().unwrap_or_default();
        draft = draft.label(place.span, format!("gets those of namespace {namespace}"));
    }
    draft.verdict()
}
