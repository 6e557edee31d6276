//! The baseline at work: findings that are known are taken away, as often as they were there.

use crate::config::Config;
use crate::config::baseline::{self, Parts};
use crate::finding::{Found, Label, Subject, Suppressed, SuppressedBy};
use crate::rule::Notice;
use crate::rules::manifest::BASELINE;
use crate::source::Span;
use crate::suppress::UNUSED;
use std::collections::HashMap;

/// So many stale entries are shown at their places.
const SHOWN: usize = 20;

/// The entries of the baseline, with how many of each are used up.
pub(super) struct Known<'c> {
    entries: HashMap<&'c str, (&'c [Span], usize)>,
    is_whole: bool,
}

impl<'c> Known<'c> {
    pub(super) fn new(config: &'c Config) -> Known<'c> {
        let entries = config.baseline.iter().flat_map(|it| &it.entries);
        let entries = entries.map(|(entry, spans)| (entry.as_str(), (spans.as_slice(), 0))).collect();
        Known { entries, is_whole: config.is_whole }
    }

    /// Takes away what is known.
    pub(super) fn take(&mut self, findings: Vec<Found>, suppressed: &mut Vec<Suppressed>) -> Vec<Found> {
        if self.entries.is_empty() {
            return findings;
        }
        let mut kept = Vec::new();
        for finding in findings {
            match self.entries.get_mut(finding.fingerprint().as_str()) {
                Some((spans, used)) if *used < spans.len() => {
                    let by = spans[*used];
                    *used += 1;
                    let (kind, reason) = (SuppressedBy::Baseline, String::new());
                    suppressed.push(Suppressed { finding: *finding, kind, by, reason });
                }
                _ => kept.push(finding),
            }
        }
        kept
    }

    /// What to say of entries that nothing matched, of those that this run could have matched.
    pub(super) fn stale(&self, ran: &dyn Fn(&str, &str) -> bool) -> Option<Notice> {
        let mut stale: Vec<(Span, &str)> = Vec::new();
        let mut entries: Vec<_> = self.entries.iter().collect();
        entries.sort_unstable();
        for (entry, (spans, used)) in entries {
            let Some(Parts { rule, environment }) = baseline::parts(entry) else { continue };
            if self.is_whole || ran(rule, environment) {
                stale.extend(spans[*used..].iter().map(|it| (*it, *entry)));
            }
        }
        stale.sort_unstable();
        let (span, _) = *stale.first()?;
        let (verb, noun) = if stale.len() == 1 { ("matches", "entry") } else { ("match", "entries") };
        let is_other = self.entries.values().all(|it| it.1 == 0);
        let help = if is_other {
            "its lines name environments: run with the paths for which it was written, or write it anew"
        } else {
            "`--write-baseline` writes it without them"
        };
        let label =
            |(span, _): &(Span, &str)| Label { span: *span, text: "nor does this one match anything".to_owned() };
        Some(Notice {
            rule: UNUSED,
            case: Some(BASELINE),
            subject: Subject { name: "baseline".to_owned(), ..Subject::default() },
            span,
            message: format!("{} {noun} of the baseline {verb} nothing any more", stale.len()),
            help: Some(help.to_owned()),
            labels: stale.iter().skip(1).take(SHOWN).map(label).collect(),
            repair: None,
        })
    }
}
