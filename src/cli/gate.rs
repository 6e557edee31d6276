//! The limits that make the exit code 1, each with what exceeds it and where.

use super::args::LintArguments;
use super::complain;
use crate::finding::{Finding, Report, Severity};
use crate::render::text::{count, escape};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Environments that are named.
const NAMED: usize = 3;

/// Whether a limit is exceeded; says which.
pub(super) fn fails(arguments: &LintArguments, report: &Report) -> bool {
    if arguments.exit_zero {
        return false;
    }
    let least = Severity::from(arguments.fail_on);
    let severe: Vec<&Finding> = report.all().filter(|it| it.severity >= least).collect();
    // Who wants it quiet sees the findings themselves.
    let is_plain = arguments.quiet && report.findings.iter().any(|it| it.severity >= least);
    if !severe.is_empty() && !is_plain {
        say(&severe, &format!("--fail-on {least}"));
    }
    let warnings: Vec<&Finding> = report.all().filter(|it| it.severity == Severity::Warning).collect();
    let exceeded = arguments.max_warnings.filter(|it| warnings.len() > *it);
    if let Some(most) = exceeded {
        say(&warnings, &format!("--max-warnings {most}"));
    }
    !severe.is_empty() || exceeded.is_some()
}

/// `7 errors in k8s: exit code 1 (--fail-on error)`.
fn say(findings: &[&Finding], limit: &str) {
    let levels = [Severity::Error, Severity::Warning, Severity::Note];
    let number = |level: Severity| findings.iter().filter(|it| it.severity == level).count();
    let counts = levels.into_iter().filter(|it| number(*it) > 0).map(|it| count(number(it), it.name()));
    let counts: Vec<String> = counts.collect();
    complain(escape(&format!("{}{}: exit code 1 ({limit})", counts.join(", "), places(findings))));
}

/// ` in k8s`, or ` (5 in prod, 2 in staging)`: what two environments share counts in each.
fn places(findings: &[&Finding]) -> String {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    for name in findings.iter().flat_map(|it| &it.environments) {
        *numbers.entry(name).or_default() += 1;
    }
    let mut numbers: Vec<(&str, usize)> = numbers.into_iter().collect();
    numbers.sort_by_key(|it| Reverse(it.1));
    match numbers.as_slice() {
        [] => String::new(),
        [(name, _)] => format!(" in {name}"),
        _ => {
            let named = numbers.iter().take(NAMED).map(|(name, it)| format!("{it} in {name}"));
            let mut named: Vec<String> = named.collect();
            if numbers.len() > NAMED {
                named.push(format!("others in {}", count(numbers.len() - NAMED, "more environment")));
            }
            format!(" ({})", named.join(", "))
        }
    }
}
