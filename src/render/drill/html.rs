//! The drill as one page that stands alone: no script, no font, no picture from elsewhere.

use super::picture::picture;
use super::{COLUMNS, cell, conclusion, course, name, not_judged, now, place, proved, setting, stuck};
use crate::drill::{Drill, Outcome, Subject, Verdict};
use crate::render::html::{self as shared, About, plain, rule};
use crate::source::Sources;
use maud::{Markup, html};
use std::io;

/// What its pictures and tables add to the style of reports.
const OWN_STYLE: &str = include_str!("drill.css");
/// Parts whose proofs a page shows, over all environments; the JSON report has all.
const PROVED: usize = 100;

/// Writes the page.
///
/// # Errors
/// Those of the writer.
pub fn render(drills: &[Drill], about: &About, sources: &Sources, out: &mut impl io::Write) -> io::Result<()> {
    let (shown, rest) = super::worth_showing(drills);
    let main = html! {
        @if shown.len() > 1 { (overview(&shown)) }
        @for (at, drill) in shown.iter().enumerate() {
            (environment(at, drill, shown.len(), sources))
            @if shown.len() > 1 { (shared::ways(at, shown.len())) }
        }
        @if let Some(rest) = &rest { p.muted { (rest) } }
    };
    let page = shared::page("What stays up", about, "", OWN_STYLE, &main);
    writeln!(out, "{}", page.into_string())
}

/// The way to each of several environments, with what becomes of it in one sentence.
fn overview(drills: &[&Drill]) -> Markup {
    html! {
        ul.reasons id="overview" {
            @for (at, drill) in drills.iter().enumerate() {
                li {
                    a href=(format!("#environment-{at}")) { (plain(&drill.environment)) }
                    @if let Some(text) = conclusion(drill) { ": " (text) }
                }
            }
        }
    }
}

fn environment(at: usize, drill: &Drill, environments: usize, sources: &Sources) -> Markup {
    let proved = proved(drill, PROVED, environments);
    html! {
        section aria-labelledby=(format!("environment-{at}")) {
            h2 id=(format!("environment-{at}")) { (plain(name(drill))) }
            p.muted { (plain(&setting(drill).replace('`', ""))) }
            @if drill.subjects.is_empty() {
                p { "Nothing runs here that a drill is about." }
                @if let Some(text) = not_judged(drill) { p { (plain(&text)) } }
            } @else {
                (table(at, drill))
                ul.reasons {
                    @for (text, outcome) in stuck(drill) {
                        li {
                            span class="tag fail" { "STUCK" } " " (plain(&text))
                            @if let Some(span) = outcome.proof.iter().find_map(|it| it.span) {
                                " " code.place { (plain(&place(span, sources))) }
                            }
                        }
                    }
                    @if let Some(text) = course(drill, true) { li { (plain(&text)) } }
                    @for text in [conclusion(drill), not_judged(drill)].into_iter().flatten() { li { (plain(&text)) } }
                }
                @if let Some(picture) = picture(drill) { (picture) }
                h3 { "Why" }
                @for subject in &proved { (details(subject, sources)) }
                @if proved.len() < drill.subjects.len() {
                    p.muted { "and " (drill.subjects.len() - proved.len()) " more, which " code { "--format json" } " has" }
                }
            }
            h3 { "Taken for granted" }
            ul { @for it in &drill.assumptions { li { (plain(it)) } } }
        }
    }
}

fn table(at: usize, drill: &Drill) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(format!("Verdicts of environment {}", at + 1)) {
            table {
                caption.hidden { "Each part and what becomes of it in each scenario" }
                thead {
                    tr {
                        th scope="col" { span.hidden { "part" } }
                        th scope="col" { "now" }
                        @for it in COLUMNS { th scope="col" { (it.title()) } }
                    }
                }
                tbody {
                    @for subject in &drill.subjects {
                        tr {
                            th scope="row" { (plain(&subject.title)) }
                            td { (now(subject)) }
                            @for it in COLUMNS {
                                td {
                                    span class=(subject.outcome(it).map_or("none", |it| class(it.verdict))) {
                                        (cell(subject, it))
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn details(subject: &Subject, sources: &Sources) -> Markup {
    html! {
        details.sentence {
            summary { span.text { (plain(&subject.title)) } }
            div {
                ul.reasons {
                    @for outcome in &subject.outcomes { (steps(subject, outcome, sources)) }
                }
            }
        }
    }
}

fn steps(subject: &Subject, outcome: &Outcome, sources: &Sources) -> Markup {
    html! {
        li {
            strong { (outcome.scenario.title()) ": " }
            span class=(format!("tag {}", class(outcome.verdict))) { (cell(subject, outcome.scenario)) }
            ul {
                @for it in &outcome.proof {
                    li { (plain(&it.text)) @if let Some(span) = it.span { " " code.place { (plain(&place(span, sources))) } } }
                }
                @for it in &outcome.timeline {
                    li { (it.second) " s: " (it.least) " to " (it.most) ", " (plain(&it.why)) }
                }
                @if !outcome.because.is_empty() { li { "rules: " @for (at, it) in outcome.because.iter().enumerate() { @if at > 0 { ", " } (rule(it)) } } }
            }
        }
    }
}

/// The class that colours a verdict.
fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Stuck | Verdict::Fails => "fail",
        Verdict::MayFail => "open",
        Verdict::NotKnown => "none",
        Verdict::Asleep => "attested",
        Verdict::Survives => "hold",
    }
}
