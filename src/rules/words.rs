//! Words that several rules' messages share.

use crate::model::Object;

/// `1 pod`, `2 pods`.
pub(crate) fn count(number: i64, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// `a`, `a and b`, `a, b and 3 more`.
pub(crate) fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] if first.len() < 4 => format!("{} and {last}", first.join(", ")),
        [a, b, c, rest @ ..] => format!("{a}, {b}, {c} and {} more", rest.len()),
        _ => names.join(", "),
    }
}

/// The same of objects, of which only those are put into words that are shown.
pub(crate) fn titles<'o>(objects: impl IntoIterator<Item = &'o Object, IntoIter: ExactSizeIterator>) -> String {
    shown(objects.into_iter(), Object::title)
}

/// The same by their names.
pub(crate) fn names<'o>(objects: impl IntoIterator<Item = &'o Object, IntoIter: ExactSizeIterator>) -> String {
    shown(objects.into_iter(), |it| it.name().to_owned())
}

fn shown<'o>(objects: impl ExactSizeIterator<Item = &'o Object>, words: impl Fn(&Object) -> String) -> String {
    const ALL: usize = 4;
    const SHOWN: usize = 3;
    let count = objects.len();
    if count <= ALL {
        return list(&objects.map(words).collect::<Vec<_>>());
    }
    let shown: Vec<String> = objects.take(SHOWN).map(words).collect();
    format!("{} and {} more", shown.join(", "), count - SHOWN)
}

/// `300 Gi`, `1.3 Ti`: bytes, in the unit that people think in.
pub(crate) fn size(bytes: i128) -> String {
    const UNITS: [(&str, i128); 4] = [("Ti", 1 << 40), ("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10)];
    let Some((unit, of)) = UNITS.into_iter().find(|it| bytes >= it.1) else { return format!("{bytes} bytes") };
    let tenths = bytes * 10 / of;
    if tenths % 10 == 0 || tenths >= 1000 {
        format!("{} {unit}", tenths / 10)
    } else {
        format!("{}.{} {unit}", tenths / 10, tenths % 10)
    }
}

/// Whether a text holds a part that a template fills in later.
pub(super) fn is_open(text: &str) -> bool {
    crate::model::is_placeholder(text)
}
