//! One finding of `alert-missing` covers all conditions at once; the guideline has a sentence for each.

use super::{Reason, Word};

/// The rule whose findings name conditions in their evidence.
const RULE: &str = "alert-missing";
/// What a reason of one condition keeps of the finding that it comes from.
const FINDING: &str = "finding";

/// What a reason says of one condition, if anything.
pub(super) fn of(reason: &Reason, condition: &str) -> Option<Reason> {
    // What passes or is open, is so for all conditions.
    let is_finding = matches!(reason.word, Word::Wrong(_) | Word::Accepted { .. } | Word::Advice);
    if reason.id != RULE || !is_finding {
        return Some(reason.clone());
    }
    let state = reason.evidence.iter().find(|it| it.0 == condition)?;
    let is_weak = !reason.evidence.iter().any(|it| it.0 == "missing");
    let (word, text) = match state.1.as_str() {
        "told" => (Word::Right, "an alert covers it"),
        "missing" if !is_weak => (reason.word.clone(), "no alert covers it"),
        "weak" if is_weak => (reason.word.clone(), reason.text.as_str()),
        _ => return None,
    };
    let is_right = word == Word::Right;
    let is_own = |text: &str| text.split(':').next().is_some_and(|it| it.to_lowercase().contains(condition));
    let labels = reason.labels.iter().filter(|it| is_weak || is_own(&it.text)).filter(|_| !is_right).cloned().collect();
    let evidence = if is_right { Vec::new() } else { vec![(FINDING, reason.text.clone())] };
    let help = reason.help.as_deref().filter(|_| !is_right).map(|help| {
        let own = help.split("; ").skip(1).find(|it| is_own(it)).and_then(|it| it.split_once(": "));
        own.map_or_else(|| help.to_owned(), |it| format!("add a PrometheusRule with an alert on it: {}", it.1))
    });
    Some(Reason { word, text: text.to_owned(), labels, evidence, help, ..reason.clone() })
}

/// The text of the finding that a reason comes from.
pub(super) fn original(reason: &Reason) -> &str {
    reason.evidence.iter().find(|it| it.0 == FINDING).map_or(reason.text.as_str(), |it| it.1.as_str())
}
