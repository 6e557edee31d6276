//! How kustomize writes what it reads: words of YAML 1.1 as texts, dates as times, annotations as texts.

use super::UNKNOWN;
use crate::yaml::scalar::{Scalar, resolve};
use crate::yaml::tree::{Content, Tree, TreeEntry};
use crate::yaml::{Kind, NodeRef};

/// How deep objects are searched for words; deeper ones are not edited either.
const MAX_DEPTH: usize = 200;

/// Whether anything of an object is not written as it is read.
pub(super) fn is_respelt(object: NodeRef<'_>) -> bool {
    let annotations = object.get("metadata").and_then(|it| it.get("annotations"));
    let is_text = |it: NodeRef<'_>| matches!(it.scalar(), Some(Scalar::Str(_)));
    annotations.is_some_and(|it| it.entries().next().is_none() || !it.entries().all(|it| is_text(it.value)))
        || has_odd_scalar(object, MAX_DEPTH)
}

/// Writes an object as kustomize does.
pub(super) fn respell(object: &mut Tree) {
    texts_in_annotations(object);
    respell_scalars(object);
}

fn has_odd_scalar(node: NodeRef<'_>, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    match node.scalar() {
        Some(Scalar::Bool(_)) => is_old_word(node.text()),
        Some(Scalar::Str(text)) => node.kind() == Kind::Plain && timestamp(text).is_some_and(|it| it != text),
        Some(_) => false,
        None => {
            node.items().any(|it| has_odd_scalar(it, depth)) || node.entries().any(|it| has_odd_scalar(it.value, depth))
        }
    }
}

fn respell_scalars(tree: &mut Tree) {
    match &mut tree.content {
        // kustomize reads YAML 1.2: `yes` and its like are words, and it quotes them.
        Content::Plain(text) if is_old_word(text) => tree.content = Content::Text(text.clone()),
        Content::Plain(text) => {
            if let Some(time) = timestamp(text) {
                tree.content = Content::Text(time.into());
            }
        }
        Content::Text(_) => {}
        Content::List(items) => items.iter_mut().for_each(respell_scalars),
        Content::Map(entries) => entries.iter_mut().for_each(|it| respell_scalars(&mut it.value)),
    }
}

/// Whether a plain word is a truth value only to YAML 1.1.
fn is_old_word(text: &str) -> bool {
    let is_bool = matches!(resolve(text), Scalar::Bool(_));
    is_bool && !text.eq_ignore_ascii_case("true") && !text.eq_ignore_ascii_case("false")
}

/// A plain date or time as Go writes it in JSON; none of other texts. The forms are those of go-yaml 3.
pub(super) fn timestamp(text: &str) -> Option<String> {
    if text.as_bytes().get(4) != Some(&b'-') || text.len() > 40 {
        return None;
    }
    let end = text.find(['T', 't', ' ']).unwrap_or(text.len());
    let mut parts = text[..end].split('-');
    let year = parts.next()?;
    let (month, day) = (number(parts.next()?, 12)?, number(parts.next()?, 31)?);
    let is_year = year.bytes().all(|it| it.is_ascii_digit());
    if parts.next().is_some() || !is_year || month == 0 || day == 0 || day > days(year.parse().ok()?, month) {
        return None;
    }
    let date = format!("{year}-{month:02}-{day:02}");
    let Some(separator) = text[end..].chars().next() else { return Some(format!("{date}T00:00:00Z")) };
    let rest = &text[end + 1..];
    let (time, zone) = match rest.find(['Z', '+', '-']).filter(|_| separator != ' ') {
        Some(at) => rest.split_at(at),
        None if separator == ' ' => (rest, "Z"),
        None => return None,
    };
    Some(format!("{date}T{}{}", clock(time)?, offset(zone)?))
}

/// A time of day, with a fraction of a second without zeros at its end.
fn clock(text: &str) -> Option<String> {
    let (text, fraction) = text.split_once('.').map_or((text, None), |it| (it.0, Some(it.1)));
    let mut parts = text.split(':');
    let (hour, minute) = (number(parts.next()?, 23)?, number(parts.next()?, 59)?);
    let second = number(parts.next()?, 59)?;
    let is_fraction = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    if parts.next().is_some() || !fraction.is_none_or(is_fraction) {
        return None;
    }
    let fraction = fraction.map(|it| it[..it.len().min(9)].trim_end_matches('0')).filter(|it| !it.is_empty());
    let fraction = fraction.map(|it| format!(".{it}")).unwrap_or_default();
    Some(format!("{hour:02}:{minute:02}:{second:02}{fraction}"))
}

fn offset(zone: &str) -> Option<&str> {
    if zone == "Z" || zone == "+00:00" || zone == "-00:00" {
        return Some("Z");
    }
    let (hours, minutes) = zone.strip_prefix(['+', '-'])?.split_once(':')?;
    let is_right =
        hours.len() == 2 && minutes.len() == 2 && number(hours, 24).is_some() && number(minutes, 60).is_some();
    is_right.then_some(zone)
}

/// A number of one or two digits.
fn number(text: &str, most: u8) -> Option<u8> {
    let is_number = matches!(text.len(), 1 | 2) && text.bytes().all(|it| it.is_ascii_digit());
    text.parse().ok().filter(|it| is_number && *it <= most)
}

fn days(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// kustomize takes its own notes out of the annotations, and writes the others as texts; none, if there is none.
fn texts_in_annotations(tree: &mut Tree) {
    let Some(metadata) = tree.get_mut("metadata") else { return };
    let Some(annotations) = metadata.get_mut("annotations") else { return };
    if annotations.scalar() == Some(UNKNOWN) {
        return;
    }
    if annotations.entries().is_empty() {
        metadata.remove("annotations");
        return;
    }
    texts(annotations);
}

/// Makes every value of a map a text; to kustomize, the text of a map or list is empty.
pub(super) fn texts(map: &mut Tree) {
    let Content::Map(entries) = &mut map.content else { return };
    let text = |mut entry: TreeEntry| {
        if matches!(entry.value.content, Content::Map(_) | Content::List(_)) {
            entry.value.content = Content::Text("".into());
        }
        entry.into_text()
    };
    *entries = std::mem::take(entries).into_iter().map(text).collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What kustomize 5.8 prints.
    #[test]
    fn dates_are_written_as_times() {
        let cases = [
            ("2024-01-02", Some("2024-01-02T00:00:00Z")),
            ("2024-1-2 3:4:5", Some("2024-01-02T03:04:05Z")),
            ("2024-01-02T03:04:05.500+02:00", Some("2024-01-02T03:04:05.5+02:00")),
            ("2024-01-02t03:04:05Z", Some("2024-01-02T03:04:05Z")),
            ("2024-01-02T03:04:05+00:00", Some("2024-01-02T03:04:05Z")),
            ("2024-13-02", None),
            ("2023-02-29", None),
            ("2024-01-02T03:04:05", None),
            ("2024-01", None),
            ("2024-01-02-rc1", None),
        ];
        for (text, expected) in cases {
            assert_eq!(timestamp(text).as_deref(), expected, "{text}");
        }
    }
}
