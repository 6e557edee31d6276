//! The drill for a pull request or a job's summary: GitHub's Markdown.

use super::{COLUMNS, cell, conclusion, course, headline, not_judged, now, place, proved, stuck};
use crate::drill::{Drill, Outcome, Subject, Verdict};
use crate::render::gfm::{code, plain};
use crate::render::markdown::LIMIT;
use crate::render::text::count;
use crate::source::Sources;
use std::io;

/// Parts whose proofs are shown, over all environments.
const PROVED: usize = 60;
/// What is kept for the sentences at the end.
const RESERVE: usize = 1024;

/// Writes the drill of each environment, as many as a job's summary holds.
///
/// # Errors
/// Those of the writer.
pub fn render(drills: &[Drill], sources: &Sources, out: &mut impl io::Write) -> io::Result<()> {
    writeln!(out, "## What stays up")?;
    let (shown, rest) = super::worth_showing(drills);
    let (mut written, mut left_out) = (0, 0);
    for drill in &shown {
        let mut section = Vec::new();
        environment(drill, shown.len(), sources, &mut section)?;
        written += section.len();
        if written + RESERVE > LIMIT {
            left_out += 1;
        } else {
            out.write_all(&section)?;
        }
    }
    if left_out > 0 {
        let noun = count(left_out, "environment");
        writeln!(out, "\n{noun} more would not fit: a job's summary holds 1 MiB. `--format json` has everything.")?;
    }
    rest.map_or(Ok(()), |it| writeln!(out, "\n{it}."))
}

fn environment(drill: &Drill, environments: usize, sources: &Sources, out: &mut impl io::Write) -> io::Result<()> {
    writeln!(out, "\n### {}\n", plain(&headline(drill)))?;
    if drill.subjects.is_empty() {
        writeln!(out, "Nothing runs here that a drill is about.")?;
        return not_judged(drill).map_or(Ok(()), |it| writeln!(out, "\n{}.", plain(&it)));
    }
    let heads = COLUMNS.iter().map(|it| format!(" {} |", it.title()));
    writeln!(out, "| | now |{}", heads.collect::<String>())?;
    writeln!(out, "| --- | --: |{}", " --- |".repeat(COLUMNS.len()))?;
    for subject in &drill.subjects {
        let cells = COLUMNS.iter().map(|it| {
            let text = plain(&cell(subject, *it));
            let is_bad = subject.outcome(*it).is_some_and(|it| matches!(it.verdict, Verdict::Stuck | Verdict::Fails));
            if is_bad { format!(" **{text}** |") } else { format!(" {text} |") }
        });
        writeln!(out, "| {} | {} |{}", plain(&subject.title), now(subject), cells.collect::<String>())?;
    }
    writeln!(out)?;
    for (text, outcome) in stuck(drill) {
        let place = outcome.proof.iter().find_map(|it| it.span).map(|it| format!(" {}", code(&place(it, sources))));
        writeln!(out, "* **STUCK** {}{}", plain(&text), place.unwrap_or_default())?;
    }
    if let Some(text) = course(drill, true) {
        writeln!(out, "* {}", plain(&text))?;
    }
    for text in [conclusion(drill), not_judged(drill)].into_iter().flatten() {
        writeln!(out, "* {}", plain(&text))?;
    }
    writeln!(out, "\n<details><summary>Why</summary>\n")?;
    let proved = proved(drill, PROVED, environments);
    for subject in &proved {
        proof(subject, sources, out)?;
    }
    if proved.len() < drill.subjects.len() {
        writeln!(out, "\nand {} more, which `--format json` has", drill.subjects.len() - proved.len())?;
    }
    writeln!(out, "\n</details>\n\nTaken for granted:\n")?;
    for it in &drill.assumptions {
        writeln!(out, "* {}", plain(it))?;
    }
    Ok(())
}

fn proof(subject: &Subject, sources: &Sources, out: &mut impl io::Write) -> io::Result<()> {
    writeln!(out, "\n**{}**\n", plain(&subject.title))?;
    for outcome in &subject.outcomes {
        let title = format!("{}: {}", outcome.scenario.title(), cell(subject, outcome.scenario));
        writeln!(out, "* {}: {}", plain(&title), steps(outcome, sources))?;
    }
    Ok(())
}

fn steps(outcome: &Outcome, sources: &Sources) -> String {
    let step = |it: &crate::drill::Proof| {
        let place = it.span.map(|it| format!(" {}", code(&place(it, sources)))).unwrap_or_default();
        format!("{}{place}", plain(&it.text))
    };
    outcome.proof.iter().map(step).collect::<Vec<_>>().join("; ")
}
