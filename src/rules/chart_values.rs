//! What several rules say of the values of charts.

use crate::index::{Chart, Setting, Store};
use crate::rule::{Context, Verdict};

/// Judges the persistence of a store that a chart runs: without it the pods have an emptyDir. `noun` is one of them.
pub(in crate::rules) fn judge_persistence(
    chart: &Chart<'_>,
    store: Store,
    noun: &str,
    cx: &mut Context<'_>,
) -> Verdict {
    let object = chart.object;
    let settings = chart.persistence(store);
    for (key, setting) in &settings {
        if let Setting::Is(false, place) = setting {
            let message = format!(
                "{} runs {} with {key} false: a {noun} that moves loses its data",
                object.title(),
                store.title()
            );
            return cx
                .fail(object, place.clone(), message)
                .absent(&[])
                .help(
                    "a drain, an eviction or a rolling update then starts it empty: set it to true, with a size and a \
                     storage class",
                )
                .verdict();
        }
    }
    if settings.iter().any(|it| it.1.value() == Some(&true)) {
        return Verdict::Pass;
    }
    match settings.first() {
        Some((_, Setting::Unknown(reason))) => Verdict::open(format!("whether its data outlives its pods: {reason}")),
        _ => Verdict::NotApplicable,
    }
}
