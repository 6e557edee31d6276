//! Findings that say the same of many workloads: above a few, one finding for the environment that lists them.
//!
//! This comes after suppression, so that a comment at one workload speaks of that one alone.

use crate::finding::{Finding, Found, Label, RuleId, Severity, Subject};
use crate::rule::Gathering;
use crate::rules::words::list;
use crate::source::Span;
use crate::yaml::Path;
use std::collections::{BTreeMap, HashMap};

/// So many further ones are shown at their places; the evidence names all.
const SHOWN: usize = 20;

/// What may be gathered: findings by rule and place, each with the position of what they share. Sorted lists take
/// half the room of a map, and there may be many.
#[derive(Default)]
pub(super) struct Gatherable(HashMap<RuleId, (Vec<(Span, u32)>, Vec<Gathering>)>);

impl Gatherable {
    /// Adds what one rule said.
    pub(super) fn add(&mut self, rule: RuleId, mut said: Vec<(Span, u32)>, shared: Vec<Gathering>) {
        if !said.is_empty() {
            said.sort_by_key(|it| it.0);
            self.0.insert(rule, (said, shared));
        }
    }

    fn get(&self, finding: &Finding) -> Option<&Gathering> {
        let (said, shared) = self.0.get(finding.rule)?;
        let at = said.binary_search_by_key(&finding.span, |it| it.0).ok()?;
        Some(&shared[said[at].1 as usize])
    }
}

/// Makes one finding of more than a few that are alike, where the first of them was.
pub(super) fn gather(findings: Vec<Found>, gatherable: &Gatherable) -> Vec<Found> {
    let mut groups: BTreeMap<(RuleId, Severity, &'static str), Vec<usize>> = BTreeMap::new();
    for (at, finding) in findings.iter().enumerate() {
        if let Some(alike) = gatherable.get(finding) {
            groups.entry((finding.rule, finding.severity, alike.alike.verdict)).or_default().push(at);
        }
    }
    let few = |it: &usize| gatherable.get(&findings[*it]).map_or(0, |it| it.few);
    groups.retain(|_, group| group.len() > group.first().map_or(0, few));
    let mut slots: Vec<Option<Found>> = findings.into_iter().map(Some).collect();
    for group in groups.into_values() {
        let members: Vec<Found> = group.iter().filter_map(|at| slots[*at].take()).collect();
        if let Some(first) = group.first() {
            slots[*first] = one_for_all(members, gatherable);
        }
    }
    slots.into_iter().flatten().collect()
}

fn one_for_all(mut members: Vec<Found>, gatherable: &Gatherable) -> Option<Found> {
    members.sort_by_key(|it| it.span);
    let alike = |it: &Finding| gatherable.get(it).map(|it| &it.alike);
    let name = |it: &Found| alike(it).map(|it| it.name.clone()).filter(|it| !it.is_empty());
    let names: Vec<String> = members.iter().map(|it| name(it).unwrap_or_else(|| it.subject.name.clone())).collect();
    let titles: Vec<String> = members.iter().map(|it| format!("{} {}", it.subject.kind, it.subject.name)).collect();
    let shared = alike(members.first()?)?.clone();
    let mut members = members.into_iter();
    let mut one = members.next()?;
    for (member, title) in members.zip(titles.into_iter().skip(1)).take(SHOWN) {
        one.labels.push(Label { span: member.span, text: title });
        // What they share, as the number of nodes, is shown once.
        let further: Vec<Label> = member.labels.into_iter().filter(|it| !one.labels.contains(it)).collect();
        one.labels.extend(further);
    }
    one.message = format!("{} {} {}: {}", names.len(), shared.noun, shared.verdict, list(&names));
    one.subject = Subject { name: one.environments.first().cloned().unwrap_or_default(), ..Subject::default() };
    one.path = Path::default();
    one.evidence = vec![("workloads", names.len().to_string()), ("names", names.join(", "))];
    one.help = Some(shared.help.into());
    one.fix = None;
    Some(one)
}
