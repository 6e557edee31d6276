//! The baseline at work: findings that are known are taken away, as often as they were there.

use crate::config::Config;
use crate::config::baseline::{self, Parts};
use crate::finding::{Found, Label, Subject, Suppressed, SuppressedBy};
use crate::rule::Notice;
use crate::rules::manifest::BASELINE;
use crate::source::Span;
use crate::suppress::UNUSED;
use std::collections::{HashMap, HashSet};

/// So many stale entries are shown at their places.
const SHOWN: usize = 20;

/// The entries of the baseline, with how many of each are used up.
pub(super) struct Known<'c> {
    entries: HashMap<&'c str, (&'c [Span], usize)>,
    /// Entries of environments that the run has not, by what they say besides the environment's name.
    elsewhere: HashMap<String, Vec<&'c str>>,
    /// The names of the run's environments, in their order.
    names: Vec<String>,
    is_whole: bool,
}

impl<'c> Known<'c> {
    pub(super) fn new(config: &'c Config, names: Vec<String>) -> Known<'c> {
        let all = || config.baseline.iter().flat_map(|it| &it.entries);
        let entries = all().map(|(entry, spans)| (entry.as_str(), (spans.as_slice(), 0))).collect();
        let here: HashSet<&str> = names.iter().map(String::as_str).collect();
        let mut elsewhere: HashMap<String, Vec<&str>> = HashMap::new();
        for entry in all().map(|it| it.0.as_str()) {
            if baseline::parts(entry).is_some_and(|it| !here.contains(it.environment)) {
                elsewhere.entry(without_environment(entry)).or_default().push(entry);
            }
        }
        Known { entries, elsewhere, names, is_whole: config.is_whole }
    }

    /// What an environment is called in a baseline.
    pub(super) fn name(&self, at: usize) -> &str {
        &self.names[at]
    }

    /// Takes away what is known in an environment.
    pub(super) fn take(&mut self, at: usize, findings: Vec<Found>, suppressed: &mut Vec<Suppressed>) -> Vec<Found> {
        if self.entries.is_empty() {
            return findings;
        }
        let mut kept = Vec::new();
        for finding in findings {
            let entry = finding.fingerprint_in(&self.names[at]);
            match self.use_up(&entry).or_else(|| self.use_up_elsewhere(at, &entry)) {
                Some(by) => {
                    let (kind, reason) = (SuppressedBy::Baseline, String::new());
                    suppressed.push(Suppressed { finding: *finding, kind, by, reason });
                }
                None => kept.push(finding),
            }
        }
        kept
    }

    /// Where the entry stands, if there is one that is not used up.
    fn use_up(&mut self, entry: &str) -> Option<Span> {
        let (spans, used) = self.entries.get_mut(entry)?;
        let by = *spans.get(*used)?;
        *used += 1;
        Some(by)
    }

    /// The same of an environment that the run has not, where one of the two is a folder in the other: the same files,
    /// named by another folder.
    fn use_up_elsewhere(&mut self, at: usize, entry: &str) -> Option<Span> {
        let entries = self.elsewhere.get(&without_environment(entry))?.clone();
        let name = self.names[at].clone();
        let is_near = |it: &&str| {
            baseline::parts(it).is_some_and(|it| holds(&name, it.environment) || holds(it.environment, &name))
        };
        entries.into_iter().filter(is_near).find_map(|it| self.use_up(it))
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

/// What an entry says besides the name of the environment.
fn without_environment(entry: &str) -> String {
    let mut parts = entry.splitn(3, '|');
    let (rule, _, rest) = (parts.next().unwrap_or_default(), parts.next(), parts.next().unwrap_or_default());
    format!("{rule}|{rest}")
}

/// Whether a folder lies in another one.
fn holds(outer: &str, inner: &str) -> bool {
    outer == "." || inner.strip_prefix(outer).is_some_and(|it| it.starts_with('/'))
}
