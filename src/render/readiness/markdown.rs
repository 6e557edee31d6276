//! The readiness report for a pull request or a job's summary: GitHub's Markdown.
//!
//! What manifests say is escaped, so that a name cannot become markup, a mention or a link.

use super::overview::{First, heads};
use super::room::{self, failing};
use super::{Aspect, EnvironmentReadiness, Judged, Line, Readiness, Row, Standing};
use super::{beside, beyond, circumstances, described, headline, lines, listed, name, place};
use crate::readiness::{Reason, Validity};
use crate::render::gfm::{code, plain};
use crate::render::text::count;
use crate::source::Sources;
use std::fmt::Write as _;
use std::io::{self, Write as _};

/// Writes the report.
///
/// # Errors
/// Those of the writer.
pub fn render(readiness: &Readiness, sources: &Sources, out: &mut impl io::Write) -> io::Result<()> {
    writeln!(out, "## Readiness for failures\n\n{}", plain(&circumstances(readiness)))?;
    overview(readiness, sources, out)?;
    let fitted = room::fit(readiness, 0, |it| whole(it, sources), |it| brief(it, sources))?;
    if let Some(note) = &fitted.note {
        writeln!(out, "\n{}.", plain(note))?;
    }
    for (_, part) in &fitted.parts {
        out.write_all(part)?;
    }
    attestations(readiness, out)
}

/// A row for each of several environments, the most urgent first.
fn overview(readiness: &Readiness, sources: &Sources, out: &mut impl io::Write) -> io::Result<()> {
    let heads = heads(readiness);
    if !heads.is_empty() {
        writeln!(out, "\n| environment | score | errors | warnings | fix first |\n| --- | --: | --: | --: | --- |")?;
    }
    for head in &heads {
        let first = match head.first {
            First::Nothing(why) => why.to_owned(),
            First::Reason { id, text, .. } => {
                let place = head.first.place(sources).map(|it| format!(" {}", code(&it))).unwrap_or_default();
                format!("{} {}{place}", code(id), plain(text))
            }
        };
        let (name, score) = (plain(&head.environment.name), head.score());
        writeln!(out, "| {name} | {score} | {} | {} | {first} |", head.errors, head.warnings)?;
    }
    Ok(())
}

/// An environment with all that is known of it.
fn whole(environment: &EnvironmentReadiness, sources: &Sources) -> io::Result<Vec<u8>> {
    let mut part = Vec::new();
    let out = &mut part;
    header(environment, out)?;
    table(&environment.rows, out)?;
    fails(environment, sources, out)?;
    for (section, judged) in &environment.sections {
        let counts = counts(judged);
        writeln!(out, "\n<details><summary>{} {}: {counts}</summary>\n", section.id, section.title)?;
        for it in judged {
            sentence(it, sources, out)?;
        }
        writeln!(out, "\n</details>")?;
    }
    parts(environment, out)?;
    if !environment.beyond.is_empty() {
        writeln!(out, "\n<details><summary>Beyond the guideline: {}</summary>\n", environment.beyond.len())?;
        reasons(&environment.beyond, "", sources, out)?;
        writeln!(out, "\n</details>")?;
    }
    Ok(part)
}

/// An environment with what fails.
fn brief(environment: &EnvironmentReadiness, sources: &Sources) -> io::Result<Vec<u8>> {
    let mut part = Vec::new();
    let out = &mut part;
    header(environment, out)?;
    let (failing, more) = failing(environment);
    writeln!(out)?;
    for it in &failing {
        standing(it.judged, out)?;
        if let Some(line) = &it.line {
            writeln!(out, "  - {}", reason(line, sources))?;
        }
        if it.more > 0 {
            writeln!(out, "  - and {} more", it.more)?;
        }
    }
    if more > 0 {
        writeln!(out, "- and {}", count(more, "more failing sentence"))?;
    }
    Ok(part)
}

fn header(it: &EnvironmentReadiness, out: &mut impl io::Write) -> io::Result<()> {
    writeln!(out, "\n### {}: {}\n", plain(&it.name), headline(it.score))?;
    let beyond = beyond(it).map(|it| format!("; {it}")).unwrap_or_default();
    writeln!(out, "{}{beyond}.\n", beside(it.score))?;
    let fragment = it.is_fragment.then_some("one file: nothing is concluded from what is absent");
    let remarks = it.remarks.iter().map(String::as_str);
    for sentence in std::iter::once(it.reason.as_str()).chain(fragment).chain(remarks).filter(|it| !it.is_empty()) {
        writeln!(out, "- {}", plain(sentence))?;
    }
    Ok(())
}

fn table(rows: &[Row], out: &mut impl io::Write) -> io::Result<()> {
    let heads: Vec<&str> = Aspect::COLUMNS.iter().map(|it| it.name()).collect();
    writeln!(out, "\n| component | {} |", heads.join(" | "))?;
    writeln!(out, "| --- |{}", " :-: |".repeat(heads.len()))?;
    for row in rows {
        let cells: Vec<&str> = row.cells.iter().map(|it| it.1.map_or("", sign)).collect();
        writeln!(out, "| {} | {} |", row.component.title(), cells.join(" | "))?;
    }
    let legend: Vec<String> = Standing::ALL.iter().map(|it| format!("{} {}", sign(*it), it.title())).collect();
    writeln!(out, "\n{}", legend.join(" \u{b7} "))
}

/// The failing sentences at a glance: what a reviewer reads first.
fn fails(it: &EnvironmentReadiness, sources: &Sources, out: &mut impl io::Write) -> io::Result<()> {
    let judged = it.sections.iter().flat_map(|it| it.1.iter().map(move |judged| (it.0, judged)));
    let mut failing = judged.filter(|it| it.1.standing == Standing::Fails).peekable();
    if failing.peek().is_none() {
        return Ok(());
    }
    writeln!(out, "\n| | what fails | first place |\n| --- | --- | --- |")?;
    for (section, judged) in failing {
        let first = judged.reasons.iter().find(|it| it.fails());
        let place = first.and_then(|it| it.span).map(|it| code(&place(it, sources))).unwrap_or_default();
        let accepted = if judged.is_accepted() { " (accepted)" } else { "" };
        writeln!(out, "| {} | {}{accepted} | {place} |", section.id, plain(&judged.sentence.text))?;
    }
    Ok(())
}

/// `2 fail, 1 holds`.
fn counts(judged: &[Judged]) -> String {
    let count = |standing: Standing| {
        let number = judged.iter().filter(|it| it.standing == standing).count();
        (number > 0).then(|| format!("{} {number}", sign(standing)))
    };
    let counts: Vec<String> = Standing::ALL.into_iter().filter_map(count).collect();
    counts.join(" ")
}

/// A sentence and how it stands, in a line.
fn standing(it: &Judged, out: &mut impl io::Write) -> io::Result<()> {
    let accepted = if it.is_accepted() { ", accepted" } else { "" };
    writeln!(out, "- {} **{}** ({}{accepted})", sign(it.standing), plain(&it.sentence.text), it.standing.title())
}

fn sentence(it: &Judged, sources: &Sources, out: &mut impl io::Write) -> io::Result<()> {
    standing(it, out)?;
    reasons(&it.reasons, "  ", sources, out)?;
    for decider in &it.deciders {
        writeln!(out, "  - would decide it: {}", plain(decider))?;
    }
    Ok(())
}

fn reasons(reasons: &[Reason], indent: &str, sources: &Sources, out: &mut impl io::Write) -> io::Result<()> {
    let (lines, more) = lines(reasons);
    for line in &lines {
        writeln!(out, "{indent}- {}", reason(line, sources))?;
    }
    if more > 0 {
        writeln!(out, "{indent}- and {more} more")?;
    }
    Ok(())
}

fn reason(line: &Line<'_>, sources: &Sources) -> String {
    let mut text = format!("{} `{}`: {}", line.mark.word(), line.id, plain(&line.text));
    if let Some(span) = line.place {
        _ = write!(text, " ({}", code(&place(span, sources)));
        for (span, words) in &line.labels {
            _ = write!(text, "; {} {}", code(&place(*span, sources)), plain(words));
        }
        text.push(')');
    }
    text
}

fn parts(it: &EnvironmentReadiness, out: &mut impl io::Write) -> io::Result<()> {
    let (parts, more) = listed(&it.rows);
    if parts.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n<details><summary>What runs, and what protects it: {}</summary>\n", parts.len() + more)?;
    for part in parts {
        writeln!(out, "- {}: {}", plain(&name(part)), plain(&described(part)))?;
    }
    if more > 0 {
        writeln!(out, "- and {more} more")?;
    }
    writeln!(out, "\n</details>")
}

fn attestations(readiness: &Readiness, out: &mut impl io::Write) -> io::Result<()> {
    if readiness.attestations.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### Attestations\n")?;
    for state in &readiness.attestations {
        let standing = if state.validity == Validity::Valid { Standing::Attested } else { Standing::Fails };
        writeln!(out, "- {} {}: {}", sign(standing), code(&state.attestation.id), plain(&state.describe()))?;
    }
    Ok(())
}

/// Signs that GitHub shows in colour, and a screen reader by name.
fn sign(standing: Standing) -> &'static str {
    match standing {
        Standing::Fails => "\u{274c}",
        Standing::NotVerifiable => "\u{2753}",
        Standing::Attested => "\u{1f58a}\u{fe0f}",
        Standing::Holds => "\u{2705}",
        Standing::NotApplicable => "\u{2796}",
    }
}
