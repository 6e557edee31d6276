//! What runs: for each component its parts, a square for each pod, and what protects them.

use super::{Part, Row, Standing, listed, name, protections, scale};
use crate::render::html::plain;
use maud::{Markup, html};

/// Pods that are drawn of a part; the rest is in its words.
const PODS: i64 = 9;

/// The components with something that runs, side by side.
pub(super) fn cards(rows: &[Row]) -> Markup {
    let (shown, more) = listed(rows);
    let is_shown = |part: &&Part| shown.iter().any(|it| std::ptr::eq(*it, *part));
    let mut cards: Vec<(&Row, Vec<&Part>)> = Vec::new();
    for row in rows {
        let parts: Vec<&Part> = row.parts.iter().filter(is_shown).collect();
        if !parts.is_empty() {
            cards.push((row, parts));
        }
    }
    html! {
        @if !cards.is_empty() {
            div.cards {
                @for (row, parts) in &cards {
                    div.card {
                        h4 { (row.component.title()) }
                        ul { @for it in parts { (part(it)) } }
                    }
                }
            }
        }
        @if more > 0 { p.muted { "and " (more) " more" } }
    }
}

fn part(part: &Part) -> Markup {
    let floor = part.floor.unwrap_or(0).clamp(0, PODS);
    let ceiling = part.ceiling.unwrap_or(0).clamp(floor, PODS);
    html! {
        li {
            strong { (plain(&name(part))) }
            span.pods.alone[part.floor == Some(1)] aria-hidden="true" {
                @for _ in 0..floor { i {} }
                @for _ in floor..ceiling { i.room {} }
                @if part.ceiling.max(part.floor).is_some_and(|it| it > PODS) { "\u{2026}" }
            }
            (scale(part))
            span.muted { "; " (plain(&protections(part))) }
        }
    }
}

/// The sign of a standing, 16 units square: its form tells it apart without colours.
pub(super) fn glyph(standing: Option<Standing>) -> Markup {
    let path = match standing {
        Some(Standing::Fails) => "M4 4 L12 12 M12 4 L4 12",
        Some(Standing::Holds) => "M3 8.5 L6.5 12 L13 4.5",
        Some(Standing::NotVerifiable) => "M5.2 5.6 C5.2 1.8 11 2 11 5.6 C11 8 8.1 7.8 8.1 10 M8.1 13 L8.1 13.1",
        Some(Standing::Attested) => "M3 13 L4 9.5 L11.5 2.5 L13.5 4.5 L6.5 12 Z",
        Some(Standing::NotApplicable) | None => "M5 8 L11 8",
    };
    html! { path class="glyph" d=(path) {} }
}

/// The class that colours a standing.
pub(super) fn class(standing: Option<Standing>) -> &'static str {
    match standing {
        Some(Standing::Fails) => "fail",
        Some(Standing::Holds) => "hold",
        Some(Standing::NotVerifiable) => "open",
        Some(Standing::Attested) => "attested",
        Some(Standing::NotApplicable) | None => "none",
    }
}
