//! Custom resources by the schemas of their definitions: values, bounds, patterns, and fields that have to be there.

use super::checker::{Checker, shown};
use crate::yaml::NodeRef;
use regex::Regex;
use std::collections::HashMap;
use std::sync::OnceLock;

/// What definitions ask.
const TABLE: &str = include_str!("definitions.txt");

/// Patterns in words.
const WORDS: &[(&str, &str)] = &[
    ("^[a-z0-9]{1,11}$", "1 to 11 small letters and digits"),
    ("^[0-9]+[mMgG]?$", "a whole number, with m or g behind it"),
    ("^[1-9][0-9]*[dwm]$", "a number with d, w or m behind it, as in 30d"),
    ("^repo[1-4]", "one of repo1 to repo4"),
    (
        r"^(\d+|\*)(/\d+)?(\s+(\d+|\*)(/\d+)?){4}$",
        "a schedule of five fields, each a number or *, with /n behind it at most",
    ),
    ("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "small letters, digits and -, none of these at an end"),
    ("^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$", "small letters, digits and -, none of these at an end"),
    ("^[a-z0-9][-_a-z0-9]*[a-z0-9]$", "two or more small letters, digits, - and _, none of these at an end"),
    (
        "^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$",
        "a duration, as in 30s or 1h30m",
    ),
];

/// What is asked of a field.
#[derive(Debug)]
enum Asked {
    OneOf(Vec<&'static str>),
    From(i64),
    To(i64),
    Like(&'static str, OnceLock<Option<Regex>>),
    /// Fields below it, in this version alone or in all.
    Has(Option<&'static str>, Vec<&'static str>),
}

/// A field, and what is asked of it.
#[derive(Debug)]
struct Field {
    path: Vec<&'static str>,
    asked: Asked,
}

/// What is asked of the fields of a kind, read when an object of it is met: few of the kinds are in most runs.
struct Definition {
    lines: &'static str,
    fields: OnceLock<Vec<Field>>,
}

impl Definition {
    fn fields(&self) -> &[Field] {
        self.fields.get_or_init(|| self.lines.lines().filter(|it| !it.is_empty()).map(read).collect())
    }
}

/// The definitions by group and kind.
fn table() -> &'static HashMap<(&'static str, &'static str), Definition> {
    static READ: OnceLock<HashMap<(&'static str, &'static str), Definition>> = OnceLock::new();
    READ.get_or_init(|| {
        // Comments stand above the first kind.
        let definition = |section: &'static str| {
            let (kind, lines) = section.split_once("]\n").expect("a kind stands above its fields");
            let kind = kind.split_once(' ').expect("a kind has a group before it");
            (kind, Definition { lines, fields: OnceLock::new() })
        };
        TABLE.split("\n[").skip(1).map(definition).collect()
    })
}

fn read(line: &'static str) -> Field {
    let mut words = line.splitn(3, ' ');
    let mut next = || words.next().expect("a line has three parts");
    let (path, verb, rest) = (next(), next(), next());
    let number = || rest.parse().expect("a bound is a number");
    let list = || rest.split(' ').map(|it| if it == "\"\"" { "" } else { it }).collect();
    let asked = match verb.split_once('@') {
        Some((_, version)) => Asked::Has(Some(version), list()),
        None => match verb {
            "one-of" => Asked::OneOf(list()),
            "from" => Asked::From(number()),
            "to" => Asked::To(number()),
            "like" => Asked::Like(rest, OnceLock::new()),
            _ => Asked::Has(None, list()),
        },
    };
    Field { path: path.split('/').filter(|it| *it != ".").collect(), asked }
}

/// Whether a definition is known of this group and kind.
pub(super) fn is_defined(group: &str, kind: &str) -> bool {
    table().contains_key(&(group, kind))
}

/// Checks an object by the definition of its kind.
pub(super) fn check(checker: &mut Checker<'_>) {
    let object = checker.object;
    for field in table().get(&(object.group(), object.kind())).map(Definition::fields).unwrap_or_default() {
        match &field.asked {
            Asked::Has(version, keys) if version.is_none_or(|it| it == object.version()) => {
                for node in below(checker.root(), &field.path) {
                    required(checker, node, keys);
                }
            }
            Asked::Has(..) => {}
            asked => {
                // An item of a list is asked itself, all else by its key.
                let (last, parents) = field.path.split_last().expect("a field has a name");
                let (parents, keys): (&[&str], &[&str]) =
                    if *last == "[]" { (&field.path, &[]) } else { (parents, std::slice::from_ref(last)) };
                for node in below(checker.root(), parents) {
                    check_value(checker, node, keys, asked);
                }
            }
        }
    }
}

fn check_value<'o>(checker: &mut Checker<'o>, node: NodeRef<'o>, keys: &[&str], asked: &Asked) {
    match asked {
        Asked::OneOf(values) => checker.exactly_one_of(node, keys, values),
        Asked::From(low) => checker.at_least(node, keys, *low),
        Asked::To(high) => checker.within(node, keys, i64::MIN, *high),
        Asked::Like(pattern, compiled) => {
            let Some(text) = Checker::known(node, keys).and_then(NodeRef::as_str) else { return };
            let compiled = compiled.get_or_init(|| Regex::new(pattern).ok());
            if compiled.as_ref().is_some_and(|it| !it.is_match(text)) {
                let words = WORDS.iter().find(|it| it.0 == *pattern).map(|it| it.1);
                let wanted = words.map_or_else(|| format!("what {pattern} matches"), str::to_owned);
                checker.refuse(node, keys, format!("{} is not {wanted}", shown(text)));
            }
        }
        Asked::Has(..) => {}
    }
}

/// Fields that have to be there, empty or not. All that are missing are told at the first.
fn required(checker: &mut Checker<'_>, node: NodeRef<'_>, keys: &[&str]) {
    let missing: Vec<&str> = keys.iter().copied().filter(|it| node.is_map() && !Checker::has(node, &[*it])).collect();
    let Some((first, others)) = missing.split_first() else { return };
    let message = match others {
        [] => "missing".to_owned(),
        [other] => format!("missing, as is {other}"),
        others => format!("missing, as are {}", others.join(", ")),
    };
    checker.refuse(node, &[*first], message);
}

/// The places at a path: each item of a list, each value of a map.
fn below<'o>(root: NodeRef<'o>, path: &[&str]) -> Vec<NodeRef<'o>> {
    path.iter().fold(vec![root], |found, key| {
        let next = |it: NodeRef<'o>| -> Vec<NodeRef<'o>> {
            match *key {
                "[]" => it.items().collect(),
                "*" => it.entries().map(|it| it.value).collect(),
                key => it.get(key).into_iter().collect(),
            }
        };
        found.into_iter().flat_map(next).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_patterns_compile() {
        for field in table().values().flat_map(Definition::fields) {
            if let Asked::Like(pattern, _) = &field.asked {
                assert!(Regex::new(pattern).is_ok(), "{pattern}");
            }
        }
    }
}
