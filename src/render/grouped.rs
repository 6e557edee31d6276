//! Findings that say the same of many objects, listed as one: for people, who want the number and the names. Formats
//! for programs have each by itself.

use crate::finding::{Finding, Found, Group, Label, RuleId, Severity, Subject};
use crate::rules::words::list;
use crate::yaml::Path;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// So many further ones are shown at their places; the evidence names all.
const SHOWN: usize = 20;

/// What the members of a group have in common: rule, level, verdict and environment.
type Key<'f> = (RuleId, Severity, &'static str, &'f str);

/// Makes one finding of more than a few of an environment that are alike, where the first of them was. One that
/// several environments share is listed once, in the longest of their lists, and few others of theirs with it.
pub(super) fn grouped(findings: &[Found]) -> Vec<Cow<'_, Finding>> {
    let mut lists: Vec<Vec<usize>> = Vec::new();
    let mut list_of: Vec<Option<usize>> = vec![None; findings.len()];
    let few = |at: usize| findings[at].group.as_ref().map_or(0, |it| it.few);
    for group in groups(findings).iter().filter(|it| it.len() > few(it[0])) {
        let new: Vec<usize> = group.iter().copied().filter(|at| list_of[*at].is_none()).collect();
        // Few that stand beside what another list names are no list of their own.
        let other = group.iter().find_map(|at| list_of[*at]).filter(|_| new.len() <= few(group[0]));
        let list = other.unwrap_or_else(|| {
            lists.push(Vec::new());
            lists.len() - 1
        });
        for at in &new {
            list_of[*at] = Some(list);
        }
        lists[list].extend(new);
    }
    let firsts: BTreeMap<usize, &Vec<usize>> = lists.iter().filter_map(|it| Some((*it.first()?, it))).collect();
    let one = |at: usize| match (firsts.get(&at), list_of[at]) {
        (Some(list), _) => Some(one_for_all(list.iter().map(|it| &*findings[*it]).collect())),
        (None, Some(_)) => None,
        (None, None) => Some(Cow::Borrowed(&*findings[at])),
    };
    (0..findings.len()).filter_map(one).collect()
}

/// The positions of findings that are alike, the longest list first.
fn groups(findings: &[Found]) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<Key<'_>, Vec<usize>> = BTreeMap::new();
    for (at, finding) in findings.iter().enumerate() {
        let Some(group) = &finding.group else { continue };
        for environment in &finding.environments {
            let key = (finding.rule, finding.severity, group.verdict, environment.as_str());
            groups.entry(key).or_default().push(at);
        }
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
    groups.sort_by_key(|it| Reverse(it.len()));
    groups
}

fn one_for_all(mut members: Vec<&Finding>) -> Cow<'_, Finding> {
    members.sort_by_key(|it| it.span);
    let first = members[0];
    let Some(group) = first.group.as_ref().map(Arc::clone) else { return Cow::Borrowed(first) };
    let name = |it: &Finding| {
        let own = it.group.as_ref().map(|it| it.name.clone()).filter(|it| !it.is_empty());
        own.unwrap_or_else(|| it.subject.name.clone())
    };
    let names: Vec<String> = members.iter().map(|it| name(it)).collect();
    let mut one = first.clone();
    for (number, member) in members[1..].iter().enumerate() {
        one.environments.extend(member.environments.iter().cloned());
        if number < SHOWN {
            let text = format!("{} {}", member.subject.kind, member.subject.name);
            one.labels.push(Label { span: member.span, text });
            // What they share, as the number of nodes, is shown once.
            let further: Vec<Label> = member.labels.iter().filter(|it| !one.labels.contains(it)).cloned().collect();
            one.labels.extend(further);
        }
    }
    one.environments.sort();
    one.environments.dedup();
    one.message = message(&group, &names);
    one.subject = Subject { name: one.environments.first().cloned().unwrap_or_default(), ..Subject::default() };
    one.path = Path::default();
    one.evidence = vec![("workloads", names.len().to_string()), ("names", names.join(", "))];
    one.help = Some(group.help.into());
    one.fix = None;
    one.group = None;
    Cow::Owned(one)
}

fn message(group: &Group, names: &[String]) -> String {
    let named = list(names);
    let all = if named.ends_with(" more") { " (--format json has each)" } else { "" };
    format!("{} {} {}: {named}{all}", names.len(), group.noun, group.verdict)
}
