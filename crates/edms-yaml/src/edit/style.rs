//! How a file is written: found by counting, so that what is added looks like what is there.

use super::place::Place;
use super::text::Text;
use crate::emit::{JsonStyle, Quote, Style};
use crate::packed::Kind;
use crate::{Document, NodeRef};
use std::collections::BTreeMap;

/// How often each way to write is found.
#[derive(Default)]
pub(super) struct Habits {
    steps: BTreeMap<usize, usize>,
    lists: BTreeMap<usize, usize>,
    dashes: BTreeMap<usize, usize>,
    quotes: BTreeMap<Quote, usize>,
}

impl Habits {
    /// Counts in a document.
    pub(super) fn of(text: Text<'_>, document: &Document) -> Habits {
        let mut habits = Habits::default();
        for id in 0..u32::try_from(document.nodes.len()).unwrap_or(u32::MAX) {
            let node = document.node(id);
            let start = node.span().start as usize;
            match node.node().kind() {
                Kind::Map if !node.is_flow() => habits.map(text, node),
                Kind::Seq if !node.is_flow() => habits.list(text, node),
                Kind::Text if text.0[start..].starts_with('\'') => {
                    *habits.quotes.entry(Quote::Single).or_default() += 1;
                }
                Kind::Text if text.0[start..].starts_with('"') => *habits.quotes.entry(Quote::Double).or_default() += 1,
                _ => {}
            }
        }
        habits
    }

    fn map(&mut self, text: Text<'_>, map: NodeRef<'_>) {
        for entry in map.written_entries() {
            let value = entry.value;
            let kind = value.node().kind();
            if !matches!(kind, Kind::Map | Kind::Seq) || value.is_flow() {
                continue;
            }
            let (key, start) = (entry.key.span().start as usize, value.span().start as usize);
            // Where the list is in the column of its key, its first dash stands before what the tree knows of it.
            let below = if kind == Kind::Seq { text.line_prefix(start).len() } else { text.column(start) };
            let own = text.column(key);
            let counts = if kind == Kind::Map { &mut self.steps } else { &mut self.lists };
            if let Some(step) = below.checked_sub(own) {
                *counts.entry(step).or_default() += 1;
            }
        }
    }

    fn list(&mut self, text: Text<'_>, list: NodeRef<'_>) {
        // Of the first item alone: the others look like it.
        let Some(first) = list.items().next() else { return };
        let before = text.before(first.span().start as usize).trim_end_matches(' ');
        if before.ends_with('-') {
            let width = text.column(first.span().start as usize) + 1 - before.len();
            *self.dashes.entry(width).or_default() += 1;
        }
    }

    /// Adds what was counted elsewhere.
    pub(super) fn add(&mut self, other: &Habits) {
        for (own, other) in
            [(&mut self.steps, &other.steps), (&mut self.lists, &other.lists), (&mut self.dashes, &other.dashes)]
        {
            for (way, count) in other {
                *own.entry(*way).or_default() += count;
            }
        }
        for (way, count) in &other.quotes {
            *self.quotes.entry(*way).or_default() += count;
        }
    }

    /// The commonest ways here; where nothing was found, those of the whole file.
    pub(super) fn style(&self, file: &Habits) -> Style {
        let plain = Style::default();
        let step = most(&self.steps).or_else(|| most(&file.steps)).unwrap_or(plain.step);
        Style {
            step: step.max(1),
            list: most(&self.lists).or_else(|| most(&file.lists)).unwrap_or(plain.list),
            dash: most(&self.dashes).or_else(|| most(&file.dashes)).unwrap_or(plain.dash).max(2),
            quote: most(&self.quotes).or_else(|| most(&file.quotes)).unwrap_or(plain.quote),
        }
    }
}

/// The commonest; of several the first.
fn most<T: Copy>(counts: &BTreeMap<T, usize>) -> Option<T> {
    counts.iter().rev().max_by_key(|it| it.1).map(|it| *it.0)
}

/// How the JSON of a document is written.
pub(super) fn json(text: Text<'_>, document: &Document) -> JsonStyle {
    let root = document.root();
    let start = root.span().start as usize;
    let mut style = JsonStyle { unit: None, colon: ": ", comma: ", ", line_break: text.line_break(start) };
    let Some(first) = root.children().next().filter(|_| root.is_flow()) else { return style };
    let (key, end) = (first.span().start as usize, first.span().end as usize);
    if text.is_first(key) {
        let outer = text.line_prefix(start).len();
        style.unit = text.blanks_before(key).get(outer..).filter(|it| !it.is_empty()).map(str::to_owned);
    }
    if text.0[end..].starts_with(':') && !text.0[end + 1..].starts_with([' ', '\t', '\r', '\n']) {
        style.colon = ":";
        style.comma = ",";
    }
    style
}

/// The node's own quotes, or none.
pub(super) fn quotes_of(place: Place<'_>) -> Option<Quote> {
    let text = &place.file.text[place.start()..place.end()];
    match text.chars().next() {
        _ if place.node.node().kind() != Kind::Text => None,
        Some('\'') => Some(Quote::Single),
        Some('"') => Some(Quote::Double),
        _ => None,
    }
}
