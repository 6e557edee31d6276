//! What rules say of "the manifests", said of the dump where a dump of a cluster was read.
//!
//! Rules do not ask what was read, and there is one place that knows how both are called.

use crate::finding::{Finding, Report, Undecided};
use crate::model::{Environment, Object};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What is said of manifests, and of a dump; what is longer comes first.
const WORDS: &[(&str, &str)] = &[
    ("the manifests do not", "the dump does not"),
    ("do the manifests hold", "does the dump hold"),
    ("the manifests hold", "the dump holds"),
    ("the manifests install", "the dump installs"),
    ("among the manifests", "in the dump"),
    ("the manifests", "the dump"),
    ("no manifest ", "nothing in the dump "),
];
/// What stands in each of them, so that most texts need one look.
const WORD: &str = "manifest";

/// Says it of the dump, in all that was found in one.
pub(super) fn reword(report: &mut Report, environments: &[Environment]) {
    let is_dump = |it: &&Environment| it.objects.iter().any(Object::is_live);
    let dumps: BTreeSet<&str> = environments.iter().filter(is_dump).map(|it| it.name.as_str()).collect();
    if dumps.is_empty() {
        return;
    }
    let is_of_dump = |it: &Finding| it.environments.iter().all(|it| dumps.contains(it.as_str()));
    let suppressed = report.suppressed.iter_mut().map(|it| &mut it.finding);
    report
        .findings
        .iter_mut()
        .map(|it| &mut **it)
        .chain(suppressed)
        .filter(|it| is_of_dump(it))
        .for_each(reword_finding);
    for outcome in report.single_outcomes.iter_mut().filter(|it| dumps.contains(it.environment.as_str())) {
        if let Undecided::NotVerifiable(reason) = &mut outcome.undecided {
            put(reason);
        }
    }
    for open in report.unverified.iter_mut().filter(|it| dumps.contains(&*it.environment)) {
        put(&mut open.reason);
    }
}

fn reword_finding(finding: &mut Finding) {
    put(&mut finding.message);
    finding.labels.iter_mut().for_each(|it| put(&mut it.text));
    if let Some(help) = &mut finding.help
        && let Cow::Owned(text) = of_dump(help)
    {
        *help = text.into();
    }
}

fn put(text: &mut String) {
    if let Cow::Owned(new) = of_dump(text) {
        *text = new;
    }
}

fn of_dump(text: &str) -> Cow<'_, str> {
    if !text.contains(WORD) {
        return Cow::Borrowed(text);
    }
    let replaced = WORDS.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    if replaced == text { Cow::Borrowed(text) } else { Cow::Owned(replaced) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_keep_their_grammar() {
        for (of_manifests, words) in [
            ("the number of pods is not in the manifests", "the number of pods is not in the dump"),
            ("have no monitor, nor do the manifests hold any", "have no monitor, nor does the dump hold any"),
            ("the manifests do not tell which release runs it", "the dump does not tell which release runs it"),
            (
                "ConfigMap a, which the pods mount, is not among the manifests",
                "ConfigMap a, which the pods mount, is not in the dump",
            ),
            ("Deployment api has 1 replica", "Deployment api has 1 replica"),
        ] {
            assert_eq!(of_dump(of_manifests), words);
        }
    }
}
