//! The picture: for each component what runs, and a shield for each protection.
//!
//! One drawing for each component, so that the page can lay them out on narrow screens, too.

use super::{Aspect, Part, Row, Standing, cell_title, name, scale};
use crate::render::text::escape;
use maud::{Markup, html};

/// Units of a drawing's width.
const WIDTH: usize = 300;
/// Parts that are drawn; the rest is counted.
const PARTS: usize = 4;
/// Pods that fit into a row.
const PODS: usize = 9;
/// Units from pod to pod.
const STEP: usize = 30;
/// Units of a part: its name and its pods.
const PART_HEIGHT: usize = 54;
/// Units above the parts.
const HEAD: usize = 34;
/// Units of the shields with their names.
const FOOT: usize = 62;
/// Characters of a name.
const NAME: usize = 40;

/// The drawing of a component.
pub(super) fn card(row: &Row) -> Markup {
    let shown = &row.parts[..row.parts.len().min(PARTS)];
    let more = row.parts.len() - shown.len();
    let rest = if more > 0 { 18 } else { 0 };
    let parts_end = HEAD + shown.len() * PART_HEIGHT + rest;
    let height = parts_end + FOOT;
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-label=(describe(row)) {
            rect class="frame" x="0.5" y="0.5" width=(WIDTH - 1) height=(height - 1) rx="9" {}
            text x="14" y="25" font-size="15" font-weight="700" { (row.component.title()) }
            @for (at, part) in shown.iter().enumerate() { (drawn(part, HEAD + at * PART_HEIGHT)) }
            @if more > 0 { text class="small" x="14" y=(parts_end - 6) font-size="12" { "and " (more) " more" } }
            @for (at, (aspect, standing)) in row.cells.iter().skip(1).enumerate() {
                (shield(*aspect, *standing, 22 + at * 42, parts_end + 6))
            }
        }
    }
}

/// What the drawing shows, for those who do not see it.
fn describe(row: &Row) -> String {
    let parts: Vec<String> =
        row.parts.iter().take(PARTS).map(|it| format!("{} with {}", name(it), scale(it))).collect();
    let cells: Vec<String> = row.cells.iter().map(|it| format!("{} {}", it.0.name(), cell_title(it.1))).collect();
    escape(&format!("{}: {}; {}", row.component.title(), parts.join(", "), cells.join(", "))).into_owned()
}

fn drawn(part: &Part, top: usize) -> Markup {
    let at_least = |number: Option<i64>| usize::try_from(number.unwrap_or(0)).unwrap_or(0);
    let floor = at_least(part.floor);
    let ceiling = at_least(part.ceiling).max(floor);
    let drawn = if ceiling > PODS { PODS - 1 } else { ceiling };
    let alone = if floor == 1 { "pod alone" } else { "pod" };
    html! {
        text x="14" y=(top + 12) font-size="12" { (short(&name(part))) }
        text class="small" x=(WIDTH - 14) y=(top + 12) font-size="12" text-anchor="end" { (scale(part)) }
        @for at in 0..drawn {
            rect class=(if at < floor { alone } else { "room" })
                x=(14 + at * STEP) y=(top + 20) width="24" height="24" rx="5" {}
        }
        @if ceiling > PODS { text class="small" x=(WIDTH - 14) y=(top + 37) font-size="14" text-anchor="end" { "\u{2026}" } }
        @if part.floor.is_none() { text class="small" x="14" y=(top + 38) font-size="13" { "?" } }
    }
}

/// The name, cut so that it leaves room for the number beside it.
fn short(name: &str) -> String {
    let name = escape(name);
    if name.chars().count() <= NAME - 14 {
        return name.into_owned();
    }
    let cut: String = name.chars().take(NAME - 15).collect();
    format!("{cut}\u{2026}")
}

/// A shield in the colour and with the sign of a standing, and the name of what protects below.
fn shield(aspect: Aspect, standing: Option<Standing>, x: usize, y: usize) -> Markup {
    let kind = class(standing);
    let outline = format!("M{} {} l12 -4 l12 4 v10 c0 8 -6 12 -12 15 c-6 -3 -12 -7 -12 -15 z", x - 12, y + 5);
    let label = if aspect == Aspect::Monitoring { "monitor" } else { aspect.name() };
    html! {
        g {
            path class=(format!("shield {kind}")) d=(outline) {}
            g transform=(format!("translate({} {})", x - 8, y + 6)) { (glyph(standing)) }
            text class="small" x=(x) y=(y + 44) font-size="10" text-anchor="middle" { (label) }
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
    html! { path class=(format!("glyph {}", class(standing))) d=(path) {} }
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
