//! The end of the screen: what to mend first, and how to see more.

use super::{head_of, rules_of};
use crate::finding::{Finding, Severity};
use crate::render::text::{self, escape};
use crate::render::{Detail, Look};
use crate::source::Sources;
use anstyle::Style;
use std::io;

/// What stands before the command that says more.
const WHY: &str = "Why, with examples: ";
/// Problems that are named.
const FIRST: usize = 3;

/// Writes the worst of what was shown, if that is more than fits into one look, and what says more. The findings are in
/// their order.
pub(super) fn render(
    findings: &[&Finding],
    sources: &Sources,
    look: Look,
    detail: Detail,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let urgent: Vec<&[&Finding]> =
        rules_of(findings).filter(|it| it[0].severity > Severity::Note).take(FIRST).collect();
    if findings.len() > FIRST && !urgent.is_empty() {
        writeln!(out, "\n{}", look.paint(Style::new().bold(), "Fix first"))?;
        for (number, group) in urgent.iter().enumerate() {
            first(number + 1, group, sources, look, out)?;
        }
    }
    let mut command = String::from("edms-lint explain");
    for (number, group) in rules_of(findings).take(FIRST).enumerate() {
        let rule = group[0].rule.as_str();
        if number == 0 || WHY.len() + command.len() + rule.len() < look.columns() {
            command.push(' ');
            command.push_str(rule);
        }
    }
    if findings.is_empty() {
        return Ok(());
    }
    let more =
        if detail == Detail::Verbose { "" } else { "\n--verbose shows all findings, and what is not verifiable" };
    writeln!(out, "\n{WHY}{command}{more}")
}

fn first(number: usize, group: &[&Finding], sources: &Sources, look: Look, out: &mut impl io::Write) -> io::Result<()> {
    let finding = group[0];
    let name = sources.get(finding.span.source).name();
    let place = format!("{}:{}", look.link_to(name, &escape(name)), sources.start(finding.span).line);
    let others = if group.len() > 1 { format!(" and {} more", group.len() - 1) } else { String::new() };
    let rule = head_of(finding, look);
    writeln!(out, "  {number}. {rule} {place}{others}")?;
    let message = text::wrap(&escape(&finding.message), look.columns() - 5).replace('\n', "\n     ");
    writeln!(out, "     {message}")
}
