//! The readiness report as one page that stands alone: no script, no font, no picture from elsewhere.

use super::overview::{First, Head, heads};
use super::picture::{cards, class, glyph};
use super::room::{self, failing};
use super::{Aspect, EnvironmentReadiness, Judged, Line, Mark, Readiness, Reason, Row, Score, Standing};
use super::{beside, beyond, cell_title, decided, headline, lines, place};
use crate::finding::Severity;
use crate::readiness::{Section, Validity};
use crate::render::html::{self as shared, About, plain, rule};
use crate::render::text::count;
use crate::source::Sources;
use maud::{Markup, PreEscaped, html};
use std::borrow::Cow;
use std::io;

/// Writes the page.
///
/// # Errors
/// Those of the writer.
pub fn render(readiness: &Readiness, about: &About, sources: &Sources, out: &mut impl io::Write) -> io::Result<()> {
    let heads = heads(readiness);
    let frame = page(readiness, about, &overview(&heads, heads.len(), sources), &vec![Cow::Borrowed(""); heads.len()]);
    let whole = |it| Ok(environment(it, sources).into_string().into_bytes());
    let brief = |it| Ok(in_brief(it, sources).into_string().into_bytes());
    let fitted = room::fit(readiness, frame.into_string().len(), whole, brief)?;
    let overview = html! {
        (overview(&heads, fitted.parts.len(), sources))
        @if let Some(note) = &fitted.note { p.muted { (note) } }
    };
    let parts: Vec<Cow<'_, str>> = fitted.parts.iter().map(|it| String::from_utf8_lossy(&it.1)).collect();
    writeln!(out, "{}", page(readiness, about, &overview, &parts).into_string())
}

fn page(readiness: &Readiness, about: &About, overview: &Markup, parts: &[Cow<'_, str>]) -> Markup {
    let main = html! {
        (overview)
        @for (at, part) in parts.iter().enumerate() {
            section id=(format!("environment-{at}")) {
                (PreEscaped(part))
                @if readiness.environments.len() > 1 { (shared::ways(at, parts.len())) }
            }
        }
        (attestations(readiness))
    };
    let profile = format!("profile {}", readiness.profile);
    shared::page("Readiness for failures", about, &profile, "", &main)
}

/// A row for each of several environments, the most urgent first. So many of the first have a section to go to.
fn overview(heads: &[Head<'_>], sections: usize, sources: &Sources) -> Markup {
    let has_some = |number: usize| (number > 0).then_some("some");
    html! {
        @if !heads.is_empty() {
            div.scroll id="overview" tabindex="0" role="region" aria-label="Overview" {
                table.overview {
                    caption.hidden { "Each environment, its score and what to fix first" }
                    thead {
                        tr { @for title in ["environment", "score", "errors", "warnings", "fix first"] { th scope="col" { (title) } } }
                    }
                    tbody {
                        @for (at, head) in heads.iter().enumerate() {
                            @let name = breakable(&head.environment.name);
                            tr {
                                th scope="row" {
                                    @if at < sections { a href=(format!("#environment-{at}")) { (name) } } @else { (name) }
                                }
                                td { (head.score()) }
                                td class=[has_some(head.errors)] { (head.errors) }
                                td { (head.warnings) }
                                td { (first(&head.first, sources)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A path that a narrow column breaks behind its slashes.
fn breakable(path: &str) -> Markup {
    let path = plain(path);
    html! { @for part in path.split_inclusive('/') { (part) @if part.ends_with('/') { wbr; } } }
}

fn first(first: &First<'_>, sources: &Sources) -> Markup {
    html! {
        @match first {
            First::Nothing(why) => span.muted { (why) },
            First::Reason { id, text, .. } => {
                (plain(text)) " " code.place { (id) @if let Some(place) = first.place(sources) { ", " (plain(&place)) } }
            }
        }
    }
}

fn environment(it: &EnvironmentReadiness, sources: &Sources) -> Markup {
    html! {
        (header(it))
        (score(it))
        (fix_first(it, sources))
        h3 { "What runs, and what protects it" }
        (table(&it.name, &it.rows))
        (cards(&it.rows))
        h3 { "The guideline, sentence by sentence" }
        @for (section, judged) in &it.sections { (chapter(section, judged, sources)) }
        @if !it.beyond.is_empty() {
            h3 { "Beyond the guideline" }
            div.sentence.beyond { (reasons(&it.beyond, sources)) }
        }
    }
}

fn header(it: &EnvironmentReadiness) -> Markup {
    html! {
        h2 { (plain(&it.name)) }
        @if it.reason != "a directory" { p.muted { (plain(&it.reason)) } }
        @if it.is_fragment { p.muted { "one file: nothing is concluded from what is absent" } }
        @for remark in &it.remarks { p.muted { (plain(remark)) } }
    }
}

/// An environment with what fails.
fn in_brief(it: &EnvironmentReadiness, sources: &Sources) -> Markup {
    let (failing, more) = failing(it);
    html! {
        (header(it))
        p { (headline(it.score)) }
        p.muted { (beside(it.score)) @if let Some(beyond) = beyond(it) { "; " (beyond) } }
        ul.reasons {
            @for it in &failing {
                li {
                    (it.section) " " (plain(&it.judged.sentence.text))
                    @if it.judged.is_accepted() { " (accepted)" }
                    @if let Some(line) = &it.line { ul { (reason(line, sources)) } }
                    @if it.more > 0 { " and " (it.more) " more" }
                }
            }
            @if more > 0 { li.muted { "and " (count(more, "more failing sentence")) } }
        }
    }
}

fn score(it: &EnvironmentReadiness) -> Markup {
    let Score { holds, fails, attested, not_verifiable, not_applicable, .. } = it.score;
    let segments = [
        (Standing::Holds, holds),
        (Standing::Fails, fails),
        (Standing::Attested, attested),
        (Standing::NotVerifiable, not_verifiable),
        (Standing::NotApplicable, not_applicable),
    ];
    html! {
        div.score {
            @if let Some(percent) = it.score.percent() { span.percent { (percent) "\u{a0}%" } }
            div {
                p { (decided(it.score)) }
                p.muted { (beside(it.score)) }
                @if let Some(beyond) = beyond(it) { p.muted { (beyond) } }
            }
        }
        div.bar aria-hidden="true" {
            @for (standing, number) in segments {
                @if number > 0 { span class=(class(Some(standing))) style=(format!("flex-grow: {number}")) {} }
            }
        }
        ul.legend {
            @for (standing, number) in segments {
                li class=(class(Some(standing))) { (sign(Some(standing))) " " (standing.title()) ": " (number) }
            }
        }
    }
}

/// What to mend first, with what to do.
fn fix_first(it: &EnvironmentReadiness, sources: &Sources) -> Markup {
    html! {
        @if !it.urgency.first.is_empty() {
            h3 { "Fix first" }
            ol.first {
                @for reason in &it.urgency.first {
                    li {
                        strong { (plain(&reason.text)) } " " (rule(reason.id))
                        @if let Some(span) = reason.span { " " code.place { (plain(&place(span, sources))) } }
                        @if let Some(help) = &reason.help { p { (plain(help)) } }
                    }
                }
            }
        }
    }
}

fn sign(standing: Option<Standing>) -> Markup {
    html! { span class=(format!("sign {}", class(standing))) aria-hidden="true" { svg viewBox="0 0 16 16" { (glyph(standing)) } } }
}

fn table(environment: &str, rows: &[Row]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(plain(&format!("Standing by component in {environment}"))) {
            table {
                caption.hidden { "Each component and how each of its aspects stands" }
                thead {
                    tr {
                        th scope="col" { span.hidden { "component" } }
                        @for aspect in Aspect::COLUMNS { th scope="col" { (aspect.name()) } }
                    }
                }
                tbody {
                    @for row in rows {
                        tr {
                            th scope="row" { (row.component.title()) }
                            @for (_, standing) in &row.cells {
                                td title=(cell_title(*standing)) {
                                    @if standing.is_some() { (sign(*standing)) }
                                    span.hidden { (cell_title(*standing)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn chapter(section: &Section, judged: &[Judged], sources: &Sources) -> Markup {
    html! {
        h3 { (section.id) "\u{a0} " (section.title) }
        @for it in judged { (sentence(it, sources)) }
    }
}

fn sentence(it: &Judged, sources: &Sources) -> Markup {
    let kind = class(Some(it.standing));
    let accepted = if it.is_accepted() { ", accepted" } else { "" };
    let head = html! {
        (sign(Some(it.standing)))
        span.text { (plain(&it.sentence.text)) }
        span.standing { (it.standing.title()) (accepted) }
    };
    if it.reasons.is_empty() {
        return html! { div.sentence.empty { div class=(kind) { (head) } } };
    }
    html! {
        details.sentence open[it.standing == Standing::Fails] {
            summary class=(kind) { (head) }
            div {
                (reasons(&it.reasons, sources))
                @for decider in &it.deciders { p.decider { "would decide it: " (plain(decider)) } }
            }
        }
    }
}

fn reasons(reasons: &[Reason], sources: &Sources) -> Markup {
    let (lines, more) = lines(reasons);
    html! {
        ul.reasons {
            @for line in &lines { (reason(line, sources)) }
            @if more > 0 { li.muted { "and " (more) " more" } }
        }
    }
}

fn reason(line: &Line<'_>, sources: &Sources) -> Markup {
    html! {
        li {
            span class=(format!("tag {}", mark_class(line.mark))) { (line.mark.word()) } " "
            (rule(&line.id)) " " (plain(&line.text))
            @if let Some(span) = line.place { " " code.place { (plain(&place(span, sources))) } }
            @if !line.labels.is_empty() || line.help.is_some() {
                ul {
                    @for (span, text) in &line.labels { li { code { (plain(&place(*span, sources))) } " " (plain(text)) } }
                    @if let Some(help) = line.help { li.help { (plain(help)) } }
                }
            }
        }
    }
}

fn mark_class(mark: Mark) -> &'static str {
    match mark {
        Mark::Severity(Severity::Note) => "none",
        Mark::Severity(_) | Mark::Lapsed | Mark::Follows => "fail",
        Mark::Open | Mark::Off => "open",
        Mark::Accepted | Mark::Attested => "attested",
        Mark::Right => "hold",
    }
}

fn attestations(readiness: &Readiness) -> Markup {
    html! {
        @if !readiness.attestations.is_empty() {
            h2 { "Attestations" }
            ul.reasons {
                @for state in &readiness.attestations {
                    @let standing = if state.validity == Validity::Valid { Standing::Attested } else { Standing::Fails };
                    li { (sign(Some(standing))) " " code { (plain(&state.attestation.id)) } " " (plain(&state.describe())) }
                }
            }
        }
    }
}
