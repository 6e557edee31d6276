//! The readiness report for a terminal or a log.

use super::overview::{First, Head, heads};
use super::room::{self, failing};
use super::{Aspect, AttestationState, EnvironmentReadiness, Judged, Line, Mark, Readiness, Row, Standing};
use super::{beside, beyond, circumstances, described, headline, lines, listed, name, place};
use crate::finding::Severity;
use crate::readiness::{Reason, Validity};
use crate::render::Look;
use crate::render::text::{count, escape, wrap};
use crate::source::{Sources, Span};
use anstyle::{AnsiColor, Style};
use std::collections::BTreeSet;
use std::io::{self, Write as _};

/// Columns of a sign and a standing.
const STANDING: usize = 18;
/// Columns of a row's title.
const TITLE: usize = 25;

/// What was told in full, so that sentences on the same need not repeat it.
type Told = BTreeSet<(String, String, Option<Span>)>;

/// Writes the report.
///
/// # Errors
/// Those of the writer.
pub fn render(readiness: &Readiness, sources: &Sources, look: Look, out: &mut impl io::Write) -> io::Result<()> {
    let title = look.paint(Style::new().bold(), "Readiness for failures");
    writeln!(out, "{title} ({})", circumstances(readiness))?;
    overview(readiness, sources, look, out)?;
    let fitted = room::fit(readiness, 0, |it| whole(it, sources, look), |it| brief(it, sources, look))?;
    if let Some(note) = &fitted.note {
        writeln!(out)?;
        paragraph(note, 2, 2, look, out)?;
    }
    for (_, part) in &fitted.parts {
        out.write_all(part)?;
    }
    attestations(&readiness.attestations, look, out)
}

/// A line or two for each of several environments, the most urgent first.
fn overview(readiness: &Readiness, sources: &Sources, look: Look, out: &mut impl io::Write) -> io::Result<()> {
    let heads = heads(readiness);
    if heads.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n  {}", look.paint(Style::new().bold(), " SCORE  ERRORS  WARNINGS  ENVIRONMENT"))?;
    for head in &heads {
        let score = if look.unicode { head.score() } else { head.score().replace('\u{2013}', "-") };
        let (name, Head { errors, warnings, .. }) = (escape(&head.environment.name), head);
        let (open, first) = match head.first {
            First::Nothing(why) if head.environment.is_undecided() => (format!(": {why}"), None),
            First::Nothing(why) => (String::new(), Some(why.to_owned())),
            First::Reason { id, text, .. } => {
                let place = head.first.place(sources).map(|it| format!(", {it}")).unwrap_or_default();
                (String::new(), Some(format!("{text} [{id}{place}]")))
            }
        };
        writeln!(out, "  {score:>6}  {errors:>6}  {warnings:>8}  {name}{open}")?;
        if let Some(first) = first {
            paragraph(&format!("fix first: {first}"), 10, 12, look, out)?;
        }
    }
    Ok(())
}

/// An environment with all that is known of it.
fn whole(environment: &EnvironmentReadiness, sources: &Sources, look: Look) -> io::Result<Vec<u8>> {
    let mut part = Vec::new();
    let out = &mut part;
    let bold = Style::new().bold();
    writeln!(out)?;
    header(environment, look, out)?;
    table(&environment.rows, look, out)?;
    parts(environment, look, out)?;
    let mut told = Told::new();
    for (section, judged) in &environment.sections {
        writeln!(out, "\n{}", look.paint(bold, &format!("{} {}", section.id, section.title)))?;
        for it in judged {
            sentence(it, &mut told, sources, look, out)?;
        }
    }
    if !environment.beyond.is_empty() {
        writeln!(out, "\n{}", look.paint(bold, "Beyond the guideline"))?;
        show(&environment.beyond, &mut told, sources, look, out)?;
    }
    Ok(part)
}

/// An environment with what fails.
fn brief(environment: &EnvironmentReadiness, sources: &Sources, look: Look) -> io::Result<Vec<u8>> {
    let mut part = Vec::new();
    let out = &mut part;
    writeln!(out)?;
    header(environment, look, out)?;
    let (failing, more) = failing(environment);
    for it in &failing {
        standing(it.judged, look, out)?;
        if let Some(line) = &it.line {
            reason(line, sources, look, out)?;
        }
        if it.more > 0 {
            writeln!(out, "      {} and {} more", look.dots(), it.more)?;
        }
    }
    if more > 0 {
        writeln!(out, "  {} and {}", look.dots(), count(more, "more failing sentence"))?;
    }
    Ok(part)
}

fn header(it: &EnvironmentReadiness, look: Look, out: &mut impl io::Write) -> io::Result<()> {
    let bold = Style::new().bold();
    writeln!(out, "{}: {}", look.paint(bold, &escape(&it.name)), look.paint(bold, &headline(it.score)))?;
    writeln!(out, "  {}", beside(it.score))?;
    if let Some(beyond) = beyond(it) {
        writeln!(out, "  {beyond}")?;
    }
    let fragment = it.is_fragment.then_some("one file: nothing is concluded from what is absent");
    let remarks = it.remarks.iter().map(String::as_str);
    for sentence in std::iter::once(it.reason.as_str()).chain(fragment).chain(remarks).filter(|it| !it.is_empty()) {
        writeln!(out, "  {}", escape(sentence))?;
    }
    Ok(())
}

fn table(rows: &[Row], look: Look, out: &mut impl io::Write) -> io::Result<()> {
    let is_narrow = look.columns() < 96;
    let head = |it: Aspect| if is_narrow { &it.name()[..4] } else { it.name() };
    write!(out, "\n  {:TITLE$}", "")?;
    for aspect in Aspect::COLUMNS {
        write!(out, " {}", head(aspect))?;
    }
    writeln!(out)?;
    for row in rows {
        let mut line = format!("  {:TITLE$}", row.component.title());
        for (aspect, standing) in &row.cells {
            let width = head(*aspect).len();
            let before = (width - 1) / 2;
            let sign = standing.map_or(" ".to_owned(), |it| look.paint(style(it), sign(it, look)));
            line.push_str(&format!(" {}{sign}{}", " ".repeat(before), " ".repeat(width - 1 - before)));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    let legend: Vec<String> = Standing::ALL.iter().map(|it| format!("{} {}", sign(*it, look), it.title())).collect();
    writeln!(out, "\n  {}", legend.join("   "))
}

fn parts(it: &EnvironmentReadiness, look: Look, out: &mut impl io::Write) -> io::Result<()> {
    let (parts, more) = listed(&it.rows);
    if parts.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n  {}", look.paint(Style::new().bold(), "What runs, and what protects it"))?;
    for part in parts {
        let text = format!("{}: {}", name(part), described(part));
        paragraph(&text, 4, 6, look, out)?;
    }
    if more > 0 {
        writeln!(out, "    {} and {more} more", look.dots())?;
    }
    Ok(())
}

fn sentence(it: &Judged, told: &mut Told, sources: &Sources, look: Look, out: &mut impl io::Write) -> io::Result<()> {
    standing(it, look, out)?;
    show(&it.reasons, told, sources, look, out)?;
    for decider in &it.deciders {
        paragraph(&format!("would decide it: {decider}"), 6, 8, look, out)?;
    }
    Ok(())
}

/// A sentence and how it stands, in a line.
fn standing(it: &Judged, look: Look, out: &mut impl io::Write) -> io::Result<()> {
    let accepted = if it.is_accepted() { " (accepted)" } else { "" };
    let words = format!("{} {}", sign(it.standing, look), it.standing.title());
    let padding = " ".repeat(STANDING.saturating_sub(words.chars().count()));
    writeln!(out, "  {}{padding}{}{accepted}", look.paint(style(it.standing), &words), it.sentence.text)
}

fn show(
    reasons: &[Reason],
    told: &mut Told,
    sources: &Sources,
    look: Look,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let (lines, more) = lines(reasons);
    let is_new = |it: &&Line<'_>| it.mark == Mark::Right || told.insert((it.id.to_string(), it.text.clone(), it.place));
    let (new, again): (Vec<&Line<'_>>, Vec<&Line<'_>>) = lines.iter().partition(is_new);
    for line in new {
        reason(line, sources, look, out)?;
    }
    if !again.is_empty() {
        let ids: BTreeSet<&str> = again.iter().map(|it| it.id.as_ref()).collect();
        let ids: Vec<&str> = ids.into_iter().collect();
        paragraph(&format!("and what is told above of {}", ids.join(", ")), 6, 8, look, out)?;
    }
    if more > 0 {
        writeln!(out, "      {} and {more} more", look.dots())?;
    }
    Ok(())
}

fn reason(line: &Line<'_>, sources: &Sources, look: Look, out: &mut impl io::Write) -> io::Result<()> {
    let word = look.paint(mark_style(line.mark), line.mark.word());
    let place = line.place.filter(|_| line.mark != Mark::Right).map(|it| place(it, sources));
    let place = place.map(|it| format!("{}: ", escape(&it))).unwrap_or_default();
    let text = format!("{place}{}[{}] {}", line.mark.word(), line.id, escape(&line.text));
    let wrapped = wrap(&text, look.columns().saturating_sub(8)).replace('\n', "\n        ");
    let painted = wrapped.replacen(&format!("{}[", line.mark.word()), &format!("{word}["), 1);
    writeln!(out, "      {painted}")?;
    for (span, text) in &line.labels {
        paragraph(&format!("{}: {text}", super::place(*span, sources)), 8, 10, look, out)?;
    }
    Ok(())
}

fn attestations(states: &[AttestationState], look: Look, out: &mut impl io::Write) -> io::Result<()> {
    if states.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", look.paint(Style::new().bold(), "Attestations"))?;
    for state in states {
        let standing = if state.validity == Validity::Valid { Standing::Attested } else { Standing::Fails };
        let sign = look.paint(style(standing), sign(standing, look));
        writeln!(out, "  {sign} {}: {}", escape(&state.attestation.id), escape(&state.describe()))?;
    }
    Ok(())
}

fn paragraph(text: &str, first: usize, rest: usize, look: Look, out: &mut impl io::Write) -> io::Result<()> {
    let lines = wrap(&escape(text), look.columns().saturating_sub(rest));
    let lines = lines.replace('\n', &format!("\n{:rest$}", ""));
    writeln!(out, "{:first$}{lines}", "")
}

fn sign(standing: Standing, look: Look) -> &'static str {
    match (standing, look.unicode) {
        (Standing::Fails, true) => "\u{2717}",
        (Standing::Fails, false) => "x",
        (Standing::NotVerifiable, _) => "?",
        (Standing::Attested, true) => "\u{270e}",
        (Standing::Attested, false) => "a",
        (Standing::Holds, true) => "\u{2713}",
        (Standing::Holds, false) => "+",
        (Standing::NotApplicable, true) => "\u{b7}",
        (Standing::NotApplicable, false) => "-",
    }
}

fn style(standing: Standing) -> Style {
    match standing {
        Standing::Fails => AnsiColor::Red.on_default().bold(),
        Standing::NotVerifiable => AnsiColor::Yellow.on_default(),
        Standing::Attested => AnsiColor::Cyan.on_default(),
        Standing::Holds => AnsiColor::Green.on_default(),
        Standing::NotApplicable => Style::new().dimmed(),
    }
}

fn mark_style(mark: Mark) -> Style {
    match mark {
        Mark::Severity(severity) => Look::severity(severity),
        Mark::Lapsed | Mark::Follows => Look::severity(Severity::Warning),
        Mark::Accepted | Mark::Attested => style(Standing::Attested),
        Mark::Open | Mark::Off => style(Standing::NotVerifiable),
        Mark::Right => style(Standing::Holds),
    }
}
