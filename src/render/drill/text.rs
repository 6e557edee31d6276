//! The drill for a terminal or a log.

use super::{COLUMNS, cell, headline, now, place, stuck};
use crate::drill::{Drill, Outcome, Scenario, Subject, Verdict};
use crate::render::Look;
use crate::render::text::{escape, wrap};
use crate::source::Sources;
use anstyle::{AnsiColor, Style};
use std::io;

/// Characters of a subject's name.
const NAME: usize = 44;

/// Writes the drill of each environment.
///
/// # Errors
/// Those of the writer.
pub fn render(
    drills: &[Drill],
    sources: &Sources,
    is_verbose: bool,
    look: Look,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let (shown, rest) = super::worth_showing(drills);
    for (at, drill) in shown.into_iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        environment(drill, sources, is_verbose, look, out)?;
    }
    if let Some(rest) = rest {
        writeln!(out, "\n{rest}")?;
    }
    Ok(())
}

fn environment(
    drill: &Drill,
    sources: &Sources,
    is_verbose: bool,
    look: Look,
    out: &mut impl io::Write,
) -> io::Result<()> {
    writeln!(out, "{}", look.paint(Style::new().bold(), &escape(&headline(drill))))?;
    if drill.subjects.is_empty() {
        writeln!(out, "\n  nothing runs here that a drill is about")?;
        return unjudged(drill, look, out);
    }
    table(&drill.subjects, look, out)?;
    notes(drill, sources, look, out)?;
    if is_verbose {
        for subject in &drill.subjects {
            details(subject, sources, look, out)?;
        }
        writeln!(out, "\nTaken for granted:")?;
        for it in &drill.assumptions {
            writeln!(out, "  {}", escape(it))?;
        }
    }
    Ok(())
}

fn table(subjects: &[Subject], look: Look, out: &mut impl io::Write) -> io::Result<()> {
    let rows: Vec<Vec<String>> = subjects
        .iter()
        .map(|it| {
            let cells = COLUMNS.iter().map(|scenario| cell(it, *scenario));
            [short(&it.title), now(it)].into_iter().chain(cells).collect()
        })
        .collect();
    let head: Vec<String> =
        [String::new(), "now".to_owned()].into_iter().chain(COLUMNS.iter().map(|it| it.title().to_owned())).collect();
    let width = |at: usize| {
        let all = rows.iter().chain([&head]).map(|it| it[at].chars().count());
        all.max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    writeln!(out)?;
    line(&head, &widths, |_, text| text.to_owned(), out)?;
    for (row, subject) in rows.iter().zip(subjects) {
        let paint = |at: usize, text: &str| {
            let outcome = at.checked_sub(2).and_then(|it| subject.outcome(COLUMNS[it]));
            outcome.map_or_else(|| text.to_owned(), |it| look.paint(style(it.verdict), text))
        };
        line(row, &widths, paint, out)?;
    }
    Ok(())
}

fn line(
    cells: &[String],
    widths: &[usize],
    paint: impl Fn(usize, &str) -> String,
    out: &mut impl io::Write,
) -> io::Result<()> {
    write!(out, " ")?;
    for (at, (text, width)) in cells.iter().zip(widths).enumerate() {
        let padding = " ".repeat(width - text.chars().count());
        let text = paint(at, text);
        match at {
            1 => write!(out, "  {padding}{text}")?,
            _ if at + 1 == cells.len() => write!(out, "  {text}")?,
            0 => write!(out, " {text}{padding}")?,
            _ => write!(out, "  {text}{padding}")?,
        }
    }
    writeln!(out)
}

/// A title, cut so that tables stay tables.
fn short(title: &str) -> String {
    let title = escape(title);
    if title.chars().count() <= NAME {
        return title.into_owned();
    }
    let cut: String = title.chars().take(NAME - 3).collect();
    format!("{cut}...")
}

fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Stuck | Verdict::Fails => AnsiColor::Red.on_default().bold(),
        Verdict::MayFail => AnsiColor::Yellow.on_default(),
        Verdict::NotKnown | Verdict::Asleep => Style::new().dimmed(),
        Verdict::Survives => AnsiColor::Green.on_default(),
    }
}

/// What never ends, how a loss goes on, and how much survives nothing.
fn notes(drill: &Drill, sources: &Sources, look: Look, out: &mut impl io::Write) -> io::Result<()> {
    writeln!(out)?;
    for (text, outcome) in stuck(drill) {
        let place = outcome.proof.iter().find_map(|it| it.span).map(|it| place(it, sources));
        let place = place.map(|it| format!("   {it}")).unwrap_or_default();
        let word = look.paint(style(Verdict::Stuck), "STUCK");
        writeln!(out, "{word}  {}{}", escape(&text), escape(&place))?;
    }
    if let Some(text) = super::course(drill, look.unicode) {
        writeln!(out, "{}", wrap(&escape(&text), look.columns()))?;
    }
    if let Some(it) = super::conclusion(drill) {
        writeln!(out, "{it}")?;
    }
    unjudged(drill, look, out)
}

fn unjudged(drill: &Drill, look: Look, out: &mut impl io::Write) -> io::Result<()> {
    super::not_judged(drill).map_or(Ok(()), |it| writeln!(out, "{}", wrap(&escape(&it), look.columns())))
}

fn details(subject: &Subject, sources: &Sources, look: Look, out: &mut impl io::Write) -> io::Result<()> {
    writeln!(out, "\n{}", look.paint(Style::new().bold(), &escape(&subject.title)))?;
    for outcome in &subject.outcomes {
        let cell = cell(subject, outcome.scenario);
        writeln!(out, "  {}: {}", outcome.scenario.title(), look.paint(style(outcome.verdict), &cell))?;
        proof(outcome, sources, look, out)?;
    }
    Ok(())
}

fn proof(outcome: &Outcome, sources: &Sources, look: Look, out: &mut impl io::Write) -> io::Result<()> {
    for it in &outcome.proof {
        let place = it.span.map(|it| format!("   {}", place(it, sources))).unwrap_or_default();
        let text = wrap(&escape(&format!("{}{place}", it.text)), look.columns().saturating_sub(8));
        writeln!(out, "    {}", text.replace('\n', "\n      "))?;
    }
    let is_loss = matches!(outcome.scenario, Scenario::LoseNode | Scenario::LoseZone | Scenario::LosePrimary);
    for it in outcome.timeline.iter().filter(|_| is_loss) {
        writeln!(out, "    {:>4} s  {}: {}", it.second, it.range(), escape(&it.why))?;
    }
    if !outcome.because.is_empty() {
        writeln!(out, "    rules: {}", outcome.because.join(", "))?;
    }
    Ok(())
}
