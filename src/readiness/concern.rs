//! Whether what a rule says concerns a sentence, and as the word on which components.

use super::guideline::{Component, Sentence};
use super::{Reason, Word, condition};
use crate::rules;

/// What is said of the components that a sentence covers, if anything.
pub(super) fn of(reason: &Reason, sentence: &Sentence) -> Option<Reason> {
    // A rule that only breaks a sentence does not look at all that it asks for.
    if reason.word == Word::Right && sentence.breaks.iter().any(|it| it == reason.id) {
        return None;
    }
    let mut reason = reason.clone();
    if let Some(condition) = &sentence.condition {
        reason = condition::of(&reason, condition)?;
        reason.components = sentence.about.iter().copied().collect();
        return Some(reason);
    }
    if !reason.components.is_empty() {
        reason.components.retain(|it| sentence.about.contains(it));
        if reason.components.is_empty() {
            // As what an application does to Kafka, which is a matter of Kafka.
            let own = rules::find(reason.id).and_then(|it| component_of_rules(it.component()));
            reason.components.extend(own.filter(|it| sentence.about.contains(it) && reason.word != Word::Right));
        }
        return (!reason.components.is_empty() || sentence.about.is_empty()).then_some(reason);
    }
    // What belongs to nobody, as a budget that selects nothing, concerns the sentences on all workloads.
    if let [only] = sentence.about.as_slice() {
        reason.components.insert(*only);
        return Some(reason);
    }
    let is_wide = |it: &Component| matches!(it, Component::App | Component::Other) || it.is_always_there();
    let is_meant = sentence.about.is_empty() || sentence.about.iter().any(is_wide);
    (is_meant && reason.word != Word::Right).then_some(reason)
}

/// The components on which a rule is silent where all is well.
pub(super) fn components_of_rule(rule: &str) -> Vec<Component> {
    let own = rules::find(rule).and_then(|it| component_of_rules(it.component()));
    let with = (own == Some(Component::Kafka)).then_some(Component::Quorum);
    own.into_iter().chain(with).collect()
}

/// The component that the rules of a folder cover, where the object does not tell.
pub(super) fn component_of_rules(folder: &str) -> Option<Component> {
    match folder {
        "kafka" => Some(Component::Kafka),
        "postgres" => Some(Component::Postgres),
        "cluster" => Some(Component::Cluster),
        "monitoring" => Some(Component::Monitoring),
        _ => None,
    }
}
