//! JUnit's XML, which most CI systems show as tests: a suite for each file, a case for each finding.
//!
//! Errors and warnings are failures; notes, and what was taken away, are skipped cases; a file in which nothing was found
//! is a case that passed. GitLab shows `classname` as the suite, reads the content of a failure and keeps one of several
//! cases of a name (`lib/gitlab/ci/parsers/test/junit.rb`); Jenkins reads the attribute `message`
//! (`junit-10.xsd` of its xunit plugin).

use super::files::Files;
use super::worst_first;
use super::xml::escape;
use crate::finding::{DocumentStatus, Finding, Report, Severity, Suppressed};
use std::collections::BTreeMap;
use std::io;

/// The cases of one file.
#[derive(Default)]
struct Suite<'a> {
    cases: Vec<Case<'a>>,
    names: BTreeMap<String, usize>,
}

struct Case<'a> {
    name: String,
    outcome: Outcome<'a>,
}

enum Outcome<'a> {
    Failed(&'a Finding),
    Noted(&'a Finding),
    Suppressed(&'a Suppressed),
    Passed,
}

/// Writes the findings by file.
///
/// # Errors
/// Those of the writer.
pub fn render(report: &Report, files: &Files<'_>, shows_suppressed: bool, out: &mut impl io::Write) -> io::Result<()> {
    let suites = suites(report, files, shows_suppressed);
    let cases = || suites.values().flat_map(|it| &it.cases);
    let failures = cases().filter(|it| it.outcome.is_failure()).count();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    let tests = cases().count();
    writeln!(
        out,
        "<testsuites name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">",
        env!("CARGO_PKG_NAME")
    )?;
    for (path, suite) in &suites {
        suite.write(path, files, out)?;
    }
    writeln!(out, "</testsuites>")
}

/// The suites by path. Each file of which something was checked has one.
fn suites<'a>(report: &'a Report, files: &Files<'_>, shows_suppressed: bool) -> BTreeMap<String, Suite<'a>> {
    let mut suites: BTreeMap<String, Suite<'_>> = BTreeMap::new();
    for finding in worst_first(report.shown(), files.sources) {
        let outcome = match finding.severity {
            Severity::Note => Outcome::Noted(finding),
            Severity::Warning | Severity::Error => Outcome::Failed(finding),
        };
        suites.entry(files.path_at(finding.span).into_owned()).or_default().add(finding, outcome);
    }
    if shows_suppressed {
        let mut suppressed: Vec<&Suppressed> = report.suppressed.iter().collect();
        suppressed.sort_by(|a, b| super::by_place(&a.finding, &b.finding, files.sources).then(a.by.cmp(&b.by)));
        for it in suppressed {
            let suite = suites.entry(files.path_at(it.finding.span).into_owned()).or_default();
            suite.add(&it.finding, Outcome::Suppressed(it));
        }
    }
    let documents = report.environments.iter().flat_map(|it| it.documents.iter());
    for document in documents.filter(|it| it.fate == DocumentStatus::Checked) {
        suites.entry(files.path_at(document.span).into_owned()).or_default();
    }
    if suites.is_empty() {
        suites.entry(env!("CARGO_PKG_NAME").to_owned()).or_default();
    }
    for suite in suites.values_mut().filter(|it| it.cases.is_empty()) {
        suite.cases.push(Case { name: "no findings".to_owned(), outcome: Outcome::Passed });
    }
    suites
}

impl<'a> Suite<'a> {
    /// Adds a case under a name of its own: rule, object and field, then a number.
    fn add(&mut self, finding: &Finding, outcome: Outcome<'a>) {
        let mut name = format!("{}: {}", finding.rule, finding.subject);
        let path = finding.path.to_string();
        if !path.is_empty() {
            name.push_str(&format!(" {path}"));
        }
        let times = self.names.entry(name.clone()).or_default();
        *times += 1;
        if *times > 1 {
            name.push_str(&format!(" ({times})"));
        }
        self.cases.push(Case { name, outcome });
    }

    fn write(&self, path: &str, files: &Files<'_>, out: &mut impl io::Write) -> io::Result<()> {
        let failures = self.cases.iter().filter(|it| it.outcome.is_failure()).count();
        let skipped = self.cases.iter().filter(|it| it.outcome.is_skipped()).count();
        let (path, tests) = (escape(path), self.cases.len());
        write!(out, "  <testsuite name=\"{path}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\"")?;
        writeln!(out, " skipped=\"{skipped}\">")?;
        for case in &self.cases {
            write!(out, "    <testcase classname=\"{path}\" name=\"{}\"", escape(&case.name))?;
            case.outcome.write(files, out)?;
        }
        writeln!(out, "  </testsuite>")
    }
}

impl Outcome<'_> {
    fn is_failure(&self) -> bool {
        matches!(self, Outcome::Failed(_))
    }

    fn is_skipped(&self) -> bool {
        matches!(self, Outcome::Noted(_) | Outcome::Suppressed(_))
    }

    fn write(&self, files: &Files<'_>, out: &mut impl io::Write) -> io::Result<()> {
        let (element, finding, reason) = match self {
            Outcome::Passed => return writeln!(out, "/>"),
            Outcome::Failed(it) => ("failure", *it, None),
            Outcome::Noted(it) => ("skipped", *it, None),
            Outcome::Suppressed(it) => ("skipped", &it.finding, Some(*it)),
        };
        let spot = files.spot(finding.span);
        let message = files.message(finding);
        let message = match reason {
            Some(it) if it.reason.is_empty() => format!("suppressed ({}): {message}", it.kind.name()),
            Some(it) => format!("suppressed ({}: {}): {message}", it.kind.name(), it.reason),
            None => format!("{}: {message}", finding.severity),
        };
        let message = escape(&message);
        writeln!(out, ">")?;
        writeln!(out, "      <{element} type=\"{}\" message=\"{message}\">{message}", finding.rule)?;
        writeln!(out, "{}:{}:{}", escape(&spot.path), spot.line, spot.column)?;
        if let Some(help) = &finding.help {
            writeln!(out, "{}", escape(help))?;
        }
        writeln!(out, "      </{element}>\n    </testcase>")
    }
}
