//! The report for people at a terminal: snippets by miette, the worst first, repetition cut short.
//!
//! Errors come first, then warnings, then notes; inside by what they cost, rule, file and line. Of one rule and severity
//! three findings are shown and the rest is named, and after many findings notes are a line each, unless
//! [`Detail::Verbose`] is asked for. The screen ends with what to mend first.
//! [`Detail::Quiet`] leaves out notes and the summary.

mod ending;
mod excerpt;
mod line;
mod mistake;
mod verbose;

pub use mistake::{Mistake, mistakes};

use super::grouped::grouped;
use super::text::{self, escape};
use super::{Detail, Look, fixes, summary, worst_first};
use crate::finding::{Finding, Fix, Report, Safety, Severity};
use crate::source::Sources;
use anstyle::{AnsiColor, Style};
use excerpt::{Excerpt, Mark};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, ThemeCharacters, ThemeStyles};
use std::{fmt, io};
use textwrap::WordSplitter;

/// Findings of one rule that are shown in full.
const SHOWN: usize = 3;
/// Findings after which notes are a line each.
const MANY: usize = 10;
/// Places of findings that are only named.
const NAMED: usize = 4;
/// Further places of one finding that are shown.
const PLACES: usize = 12;

/// Writes the report.
///
/// # Errors
/// Those of the writer.
pub fn render(
    report: &Report,
    sources: &Sources,
    look: Look,
    detail: Detail,
    shows_suppressed: bool,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let grouped = grouped(&report.findings);
    let mut findings = worst_first(grouped.iter().map(AsRef::as_ref), sources);
    if detail == Detail::Quiet {
        findings.retain(|it| it.severity > Severity::Note);
    }
    let several = report.environments.len() > 1;
    let are_short = detail != Detail::Verbose && findings.len() > MANY;
    for group in rules_of(&findings) {
        let is_short = are_short && group[0].severity == Severity::Note;
        let shown = if detail == Detail::Verbose { group.len() } else { group.len().min(SHOWN) };
        for finding in &group[..shown] {
            if is_short {
                writeln!(out, "{}", line_of(finding, sources, look))?;
            } else {
                block(finding, sources, look, several, out)?;
            }
        }
        if let Some(first) = group.get(shown) {
            let style = Look::severity(first.severity);
            let end = if is_short { "" } else { "\n" };
            writeln!(out, "{}{end}", look.paint(style, &rest(&group[shown..], sources, look)))?;
        }
    }
    if are_short && findings.last().is_some_and(|it| it.severity == Severity::Note) {
        writeln!(out)?;
    }
    if detail == Detail::Verbose {
        verbose::render(report, sources, look, out)?;
    } else if shows_suppressed {
        verbose::render_suppressed(report, sources, look, out)?;
    }
    if detail == Detail::Quiet {
        return Ok(());
    }
    summary::render(report, look, detail, out)?;
    ending::render(&findings, sources, look, detail, out)
}

/// Findings in their order, those of one rule and severity together.
fn rules_of<'a, 'f>(findings: &'a [&'f Finding]) -> impl Iterator<Item = &'a [&'f Finding]> {
    findings.chunk_by(|a, b| (a.severity, a.rule) == (b.severity, b.rule))
}

/// A finding in one line.
fn line_of(finding: &Finding, sources: &Sources, look: Look) -> String {
    let name = sources.get(finding.span.source).name();
    let place = format!("{}:{}", look.link_to(name, &escape(name)), sources.start(finding.span).line);
    let head = head_of(finding, look);
    format!("  {} {head} {place}: {}", bullet(look), escape(&finding.message))
}

/// `error[pdb-blocks-drain]`, which leads to the rule's page.
fn head_of(finding: &Finding, look: Look) -> String {
    let head = look.paint(Look::severity(finding.severity), &format!("{}[{}]", finding.severity, finding.rule));
    look.link_to_rule(finding.rule.as_str(), &head)
}

/// The sign of a note.
fn bullet(look: Look) -> &'static str {
    if look.unicode { "\u{2022}" } else { "-" }
}

/// Writes what [`Detail::Verbose`] adds to the findings, for formats that have no room for it.
///
/// # Errors
/// Those of the writer.
pub fn render_details(report: &Report, sources: &Sources, look: Look, out: &mut impl io::Write) -> io::Result<()> {
    verbose::render(report, sources, look, out)
}

/// One line for the findings of a rule that are not shown.
fn rest(group: &[&Finding], sources: &Sources, look: Look) -> String {
    let place = |it: &&Finding| {
        let name = escape(sources.get(it.span.source).name());
        format!("{name}:{}", sources.start(it.span).line)
    };
    let mut places: Vec<String> = group.iter().take(NAMED).map(place).collect();
    if group.len() > NAMED {
        places.push(look.dots().to_owned());
    }
    let (dots, rule) = (look.dots(), group.first().map_or("", |it| it.rule.as_str()));
    format!("{dots} and {} more of {rule}: {} (--verbose shows all)", group.len(), places.join(", "))
}

/// A finding: headline and snippets by miette, then what else there is to say.
fn block(finding: &Finding, sources: &Sources, look: Look, several: bool, out: &mut impl io::Write) -> io::Result<()> {
    let shown = Shown::new(finding, sources, look);
    let headline = format!("{}[{}]", finding.severity, finding.rule);
    let handler = GraphicalReportHandler::new_themed(theme(&headline, &shown, look))
        .with_width(look.columns())
        .with_links(false)
        // Names are read, searched and copied: none is broken.
        .with_word_splitter(WordSplitter::NoHyphenation)
        .with_break_words(false)
        .without_syntax_highlighting();
    let mut block = String::new();
    handler.render_report(&mut block, &shown).map_err(io::Error::other)?;
    // A link has no width, which only the one who lays out the line need not know.
    let linked = look.link_to_rule(finding.rule.as_str(), &headline);
    out.write_all(block.replacen(&headline, &linked, 1).as_bytes())?;
    for (label, text) in notes(finding, sources, several) {
        let lines = text::wrap(&escape(&text), look.columns() - label.len() - 7);
        let lines = lines.replace('\n', &format!("\n{:1$}", "", label.len() + 7));
        writeln!(out, "   = {} {lines}", look.paint(Style::new().bold(), &format!("{label}:")))?;
    }
    if let Some(it) = finding.fix.as_deref() {
        fix(it, sources, look, out)?;
    }
    writeln!(out)
}

/// What stands below the snippets.
fn notes(finding: &Finding, sources: &Sources, several: bool) -> Vec<(&'static str, String)> {
    let mut notes = Vec::new();
    let name = &finding.subject.name;
    let ends_word = |it: char| !it.is_alphanumeric() && !matches!(it, '-' | '.' | '_');
    if !name.is_empty() && !finding.message.split(ends_word).any(|it| it == name) {
        notes.push(("object", finding.subject.to_string()));
    }
    if several && !finding.environments.is_empty() {
        notes.push(("in", finding.environments.join(", ")));
    }
    notes.extend(super::searched(finding, sources).map(|it| ("place", it)));
    if finding.labels.len() > PLACES {
        notes.push(("also", text::count(finding.labels.len() - PLACES, "further place")));
    }
    if let Some(help) = &finding.help {
        notes.push(("help", help.to_string()));
    }
    notes
}

/// The fix of a finding: what it does, by which flag, what moves, and the lines that change.
fn fix(fix: &Fix, sources: &Sources, look: Look, out: &mut impl io::Write) -> io::Result<()> {
    let flag = match fix.safety {
        Safety::Safe => "--fix".to_owned(),
        Safety::Unsafe => match &fix.effect {
            Some(effect) => format!("--unsafe-fixes, {effect}"),
            None => "--unsafe-fixes".to_owned(),
        },
        Safety::DisplayOnly => match &fix.hindrance {
            Some(reason) => format!("by hand: {reason}"),
            None => "by hand".to_owned(),
        },
    };
    let words = text::wrap(&escape(&format!("{} ({flag})", fix.title)), look.columns() - 10);
    let words = words.replace('\n', "\n          ");
    writeln!(out, "   = {} {words}", look.paint(Style::new().bold(), "fix:"))?;
    for line in fixes::lines(fix, sources) {
        let style = match line.as_bytes().first() {
            Some(b'-') => AnsiColor::Red.on_default(),
            Some(b'+') => AnsiColor::Green.on_default(),
            _ => Style::new(),
        };
        writeln!(out, "       {}", look.paint(style, &line))?;
    }
    Ok(())
}

/// A theme in which the headline begins with severity and rule, and the finding's own place has its colour.
fn theme(headline: &str, shown: &Shown, look: Look) -> GraphicalTheme {
    let mut styles = if look.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
    let mut characters = if look.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
    let (icon, own) = match shown.severity {
        Severity::Error => (&mut characters.error, styles.error),
        Severity::Warning => (&mut characters.warning, styles.warning),
        Severity::Note => (&mut characters.advice, styles.advice),
    };
    let sign = match shown.severity {
        Severity::Note => bullet(look),
        _ => icon.as_str(),
    };
    *icon = format!("{sign} {headline}");
    let other = styles.highlights[0];
    styles.highlights = shown.excerpt.labels().iter().map(|(_, primary)| if *primary { own } else { other }).collect();
    GraphicalTheme { characters, styles }
}

/// A finding as miette wants it.
#[derive(Debug)]
struct Shown {
    message: String,
    severity: Severity,
    excerpt: Excerpt,
}

impl Shown {
    fn new(finding: &Finding, sources: &Sources, look: Look) -> Shown {
        let width = look.columns();
        let mut marks = vec![Mark { span: finding.span, text: None, primary: true }];
        for label in finding.labels.iter().take(PLACES) {
            let text = text::wrap(&escape(&label.text), width / 2);
            marks.push(Mark { span: label.span, text: Some(text), primary: false });
        }
        // The frame and the line number stand before the text.
        let excerpt = Excerpt::new(&marks, sources, width.saturating_sub(10), look);
        Shown { message: escape(&finding.message).into_owned(), severity: finding.severity, excerpt }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.excerpt.labels().iter().map(|(label, _)| label.clone())))
    }
}
