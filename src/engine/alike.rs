//! Findings that say the same of many workloads: above a few, one finding for the environment that lists them.
//!
//! This comes after suppression, so that a comment at one workload speaks of that one alone, and after what
//! environments share was merged, so that none is listed twice.

use crate::finding::{Finding, Found, Label, RuleId, Severity, Subject};
use crate::rule::Gathering;
use crate::rules::words::list;
use crate::source::Span;
use crate::yaml::Path;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// So many further ones are shown at their places; the evidence names all.
const SHOWN: usize = 20;

/// What may be gathered: findings by rule and place, each with the position of what they share. Sorted lists take
/// half the room of a map, and there may be many.
#[derive(Default)]
pub(super) struct Gatherable(HashMap<RuleId, (Vec<(Span, u32)>, Vec<Arc<Gathering>>)>);

impl Gatherable {
    /// Adds what one rule said.
    pub(super) fn add(&mut self, rule: RuleId, mut said: Vec<(Span, u32)>, shared: Vec<Gathering>) {
        if !said.is_empty() {
            said.sort_by_key(|it| it.0);
            self.0.insert(rule, (said, shared.into_iter().map(Arc::new).collect()));
        }
    }

    /// How a finding may be gathered.
    pub(super) fn get(&self, finding: &Finding) -> Option<Arc<Gathering>> {
        let (said, shared) = self.0.get(finding.rule)?;
        let at = said.binary_search_by_key(&finding.span, |it| it.0).ok()?;
        Some(Arc::clone(&shared[said[at].1 as usize]))
    }
}

/// A finding with how it may be gathered.
pub(super) struct Held {
    pub(super) finding: Found,
    pub(super) gathering: Option<Arc<Gathering>>,
    /// The first environment that has it, by position.
    pub(super) environment: usize,
}

/// What the members of a group have in common: rule, level, verdict and environment.
type Group<'h> = (RuleId, Severity, &'static str, &'h str);

/// Makes one finding of more than a few of an environment that are alike, where the first of them was. One that
/// several environments share is listed once, in the longest of their lists, and few others of theirs with it.
pub(super) fn gather(held: Vec<Held>) -> Vec<Finding> {
    let mut groups: BTreeMap<Group<'_>, Vec<usize>> = BTreeMap::new();
    for (at, Held { finding, gathering, .. }) in held.iter().enumerate() {
        let Some(gathering) = gathering else { continue };
        for environment in &finding.environments {
            let group = (finding.rule, finding.severity, gathering.alike.verdict, environment.as_str());
            groups.entry(group).or_default().push(at);
        }
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
    groups.sort_by_key(|it| Reverse(it.len()));
    let few = |at: usize| held[at].gathering.as_ref().map_or(0, |it| it.few);
    let mut lists: Vec<Vec<usize>> = Vec::new();
    let mut list_of: Vec<Option<usize>> = vec![None; held.len()];
    for group in groups.iter().filter(|it| it.len() > few(it[0])) {
        let new: Vec<usize> = group.iter().copied().filter(|at| list_of[*at].is_none()).collect();
        // Few that stand beside what another list tells are no list of their own.
        let told = group.iter().find_map(|at| list_of[*at]).filter(|_| new.len() <= few(group[0]));
        let list = told.unwrap_or_else(|| {
            lists.push(Vec::new());
            lists.len() - 1
        });
        for at in &new {
            list_of[*at] = Some(list);
        }
        lists[list].extend(new);
    }
    let mut slots: Vec<Option<Held>> = held.into_iter().map(Some).collect();
    for list in lists {
        let members: Vec<Held> = list.iter().filter_map(|at| slots[*at].take()).collect();
        slots[list[0]] = one_for_all(members);
    }
    slots.into_iter().flatten().map(|it| *it.finding).collect()
}

fn one_for_all(mut members: Vec<Held>) -> Option<Held> {
    members.sort_by_key(|it| it.finding.span);
    let name = |it: &Held| {
        let own = it.gathering.as_ref().map(|it| it.alike.name.clone()).filter(|it| !it.is_empty());
        own.unwrap_or_else(|| it.finding.subject.name.clone())
    };
    let names: Vec<String> = members.iter().map(name).collect();
    let first = members.first()?;
    let (shared, environment) = (Arc::clone(first.gathering.as_ref()?), first.environment);
    let mut members = members.into_iter().map(|it| it.finding);
    let mut one = members.next()?;
    for (number, member) in members.enumerate() {
        one.environments.extend(member.environments);
        if number < SHOWN {
            let text = format!("{} {}", member.subject.kind, member.subject.name);
            one.labels.push(Label { span: member.span, text });
            // What they share, as the number of nodes, is shown once.
            let further: Vec<Label> = member.labels.into_iter().filter(|it| !one.labels.contains(it)).collect();
            one.labels.extend(further);
        }
    }
    one.environments.sort();
    one.environments.dedup();
    let shared = &shared.alike;
    one.message = format!("{} {} {}: {}", names.len(), shared.noun, shared.verdict, list(&names));
    one.subject = Subject { name: one.environments.first().cloned().unwrap_or_default(), ..Subject::default() };
    one.path = Path::default();
    one.evidence = vec![("workloads", names.len().to_string()), ("names", names.join(", "))];
    one.help = Some(shared.help.into());
    one.fix = None;
    Some(Held { finding: one, gathering: None, environment })
}
