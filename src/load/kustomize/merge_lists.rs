//! Strategic merge of lists whose items are told apart by keys, or that are sets of values.
//!
//! Step by step as `kyaml/yaml/walk/associative_sequence.go` does it, its oddities included: it decides what
//! is deployed.

use super::Refusal;
use super::merge::{DIRECTIVE, Directive, walk};
use super::schema::{ListMerge, Schema};
use crate::source::Span;
use crate::yaml::tree::{Content, Tree, TreeEntry};
use foldhash::fast::FixedState;
use std::collections::{HashMap, HashSet};

/// In longer lists every item is expected to have all of the keys, and once; see [`is_regular`].
const MAX_ODD: usize = 2_000;
/// Fewer items of a patch than these are found by looking at each item that is there.
const FEW: usize = 4;

/// Items by their numbers: the same item may stand in two lists, and changes in both.
struct Items {
    all: Vec<Tree>,
}

/// Merges two lists, the items of the patch first. One empty key means that the items are values.
pub(super) fn merge(
    there: Option<Tree>,
    patch: Option<&Tree>,
    schema: &Schema,
    keys: &[String],
) -> Result<Option<Tree>, Refusal> {
    let (mut list, patch) = match (there, patch) {
        (None, None) => return Ok(None),
        (None, Some(patch)) => (patch.clone(), Some(patch.clone())),
        (Some(there), patch) => match patch.map(directive).transpose()? {
            Some((Directive::Delete, _)) => return Ok(None),
            Some((Directive::Replace, rest)) => (rest.clone(), Some(rest)),
            Some((Directive::Merge, rest)) => (there, Some(rest)),
            None => (there, None),
        },
    };
    let Content::List(there) = &mut list.content else { return Ok(Some(list)) };
    let there = std::mem::take(there);
    let patch_items = patch.as_ref().map(Tree::items).unwrap_or_default();
    let merge = if goes_by_keys(&there, patch_items, keys) { merge_regular } else { merge_items };
    let merged = merge(there, patch_items, schema, keys)?;
    list.content = Content::List(merged);
    Ok(Some(list))
}

/// What a list of a patch asks for by an item that is nothing but a directive, and the list without it.
fn directive(patch: &Tree) -> Result<(Directive, Tree), Refusal> {
    let first = patch.items().iter().find(|it| it.get(DIRECTIVE).is_some());
    let Some(value) = first.filter(|it| it.entries().len() == 1).and_then(|it| it.get(DIRECTIVE)) else {
        return Ok((Directive::Merge, patch.clone()));
    };
    let meant = Directive::read(value)?;
    let is_other = |it: &&Tree| it.text_at(&[DIRECTIVE]) != value.scalar() && !is_nothing(it);
    let rest = patch.items().iter().filter(is_other).cloned().collect();
    Ok((meant, Tree { span: patch.span, content: Content::List(rest) }))
}

/// Whether a list of a patch takes the place of the other by a directive.
pub(super) fn is_replaced(patch: &Tree) -> bool {
    matches!(directive(patch), Ok((Directive::Replace, _)))
}

fn is_nothing(tree: &Tree) -> bool {
    tree.is_null() || matches!(&tree.content, Content::Map(entries) if entries.is_empty())
}

/// The values of the keys in an item; an item that is a value is its own.
fn values_of(item: &Tree, keys: &[String]) -> Vec<String> {
    keys.iter().map(|it| value_of(item, it).to_owned()).collect()
}

fn value_of<'t>(item: &'t Tree, key: &str) -> &'t str {
    let field = if key.is_empty() { Some(item) } else { item.get(key) };
    field.filter(|it| !it.is_null()).and_then(Tree::scalar).unwrap_or_default()
}

fn merge_items(there: Vec<Tree>, patch: &[Tree], schema: &Schema, keys: &[String]) -> Result<Vec<Tree>, Refusal> {
    let mut wanted: Vec<Vec<String>> = Vec::new();
    let mut seen = HashSet::new();
    for item in patch.iter().chain(&there) {
        let values = values_of(item, keys);
        if seen.insert(values.clone()) {
            wanted.push(values);
        }
    }
    if keys.len() > 1 {
        pair(&mut wanted);
    }
    let mut items = Items { all: there };
    let mut list: Vec<usize> = (0..items.all.len()).collect();
    let mut added: Vec<usize> = Vec::new();
    let (valid, _) = used(&wanted, &[], keys);
    for values in &wanted {
        let (_, values) = used(&wanted, values, keys);
        items.merge_one(&values, &valid, patch, schema, (&mut list, &mut added))?;
    }
    if !wanted.is_empty() {
        for item in list {
            items.append(&mut added, item, &valid);
        }
        list = added;
    }
    Ok(list.into_iter().map(|it| items.all[it].clone()).collect())
}

/// Whether each item meets but the one with its keys.
pub(super) fn goes_by_keys(there: &[Tree], patch: &[Tree], keys: &[String]) -> bool {
    there.len() + patch.len() > MAX_ODD || is_regular(there, patch, keys)
}

/// Whether each item of both lists is a map without a directive that has a value of its own for the only key.
fn is_regular(there: &[Tree], patch: &[Tree], keys: &[String]) -> bool {
    let [key] = keys else { return false };
    let has_own = |items: &[Tree]| {
        let mut seen: HashSet<&str, FixedState> = HashSet::default();
        items.iter().all(|it| {
            let value = it.get(key).filter(|it| !it.is_null()).and_then(Tree::scalar);
            value.is_some_and(|it| !it.is_empty() && seen.insert(it)) && it.get(DIRECTIVE).is_none()
        })
    };
    has_own(patch) && has_own(there)
}

/// The same in linear time, for items of which each has the keys once.
fn merge_regular(there: Vec<Tree>, patch: &[Tree], schema: &Schema, keys: &[String]) -> Result<Vec<Tree>, Refusal> {
    let places = places_of(&there, patch, keys);
    let mut there: Vec<Option<Tree>> = there.into_iter().map(Some).collect();
    let mut merged = Vec::with_capacity(patch.len() + there.len());
    for (item, place) in patch.iter().zip(places) {
        let known = place.and_then(|it| there[it].take());
        let own = known.as_ref().map(|it| written_keys(it, keys)).unwrap_or_default();
        if let Some(mut item) = walk(known, Some(item), schema, &ListMerge::Replace)? {
            keep_keys(&mut item, own);
            merged.push(item);
        }
    }
    for item in there.into_iter().flatten() {
        merged.extend(walk(Some(item), None, schema, &ListMerge::Replace)?);
    }
    Ok(merged)
}

/// Where the first item stands that has the values of each item of a patch.
pub(super) fn places_of(there: &[Tree], patch: &[Tree], keys: &[String]) -> Vec<Option<usize>> {
    if let [key] = keys
        && patch.len() <= FEW
    {
        let same = |it: &Tree, item: &Tree| value_of(it, key) == value_of(item, key);
        return patch.iter().map(|item| there.iter().position(|it| same(it, item))).collect();
    }
    let mut places: HashMap<Vec<String>, usize, FixedState> = HashMap::default();
    for (at, item) in there.iter().enumerate() {
        places.entry(values_of(item, keys)).or_insert(at);
    }
    patch.iter().map(|item| places.get(&values_of(item, keys)).copied()).collect()
}

/// The entries of an item with its keys.
fn written_keys(item: &Tree, keys: &[String]) -> Vec<TreeEntry> {
    item.entries().iter().filter(|it| keys.iter().any(|key| **key == *it.key)).cloned().collect()
}

/// By its keys a patch only says which item it means: what the item is stays where it is written.
fn keep_keys(merged: &mut Tree, written: Vec<TreeEntry>) {
    for entry in written {
        if merged.get(&entry.key).is_some_and(|it| it.scalar() == entry.value.scalar()) {
            merged.put(entry);
        }
    }
}

/// Fills the gaps of items that have but some keys, from others that agree on these.
fn pair(wanted: &mut [Vec<String>]) {
    let has_gap = wanted.iter().any(|it| it.iter().any(String::is_empty));
    if !has_gap {
        return;
    }
    for one in 0..wanted.len() {
        for other in 0..wanted.len() {
            if let Some(both) = common(&wanted[one], &wanted[other]) {
                wanted[one].clone_from(&both);
                wanted[other] = both;
            }
        }
    }
}

fn common(one: &[String], other: &[String]) -> Option<Vec<String>> {
    let mut is_common = false;
    let mut both = Vec::new();
    for (one, other) in one.iter().zip(other) {
        if one == other {
            is_common = true;
        } else if !one.is_empty() && !other.is_empty() {
            return None;
        }
        both.push(if one.is_empty() { other.clone() } else { one.clone() });
    }
    is_common.then_some(both)
}

/// The keys that any of the items uses, and the values of one item for them.
fn used(all: &[Vec<String>], values: &[String], keys: &[String]) -> (Vec<String>, Vec<String>) {
    let is_used = |at: usize| all.iter().any(|it| !it[at].is_empty());
    let uses: Vec<bool> = (0..keys.len()).map(is_used).collect();
    if !uses.contains(&true) {
        return (keys.to_vec(), values.to_vec());
    }
    let kept = |all: &[String]| all.iter().zip(&uses).filter(|it| *it.1).map(|it| it.0.clone()).collect();
    (kept(keys), kept(values))
}

impl Items {
    /// Merges the items with these values, and notes what comes of it.
    fn merge_one(
        &mut self,
        values: &[String],
        keys: &[String],
        patch: &[Tree],
        schema: &Schema,
        (list, added): (&mut Vec<usize>, &mut Vec<usize>),
    ) -> Result<(), Refusal> {
        let (own_keys, own_values) = used(&[values.to_vec()], values, keys);
        let there = list.iter().copied().find(|it| has_all(&self.all[*it], &own_keys, &own_values));
        let new = patch.iter().find(|it| has_all(it, &own_keys, &own_values));
        // The directive of an item decides whether the item that was there remains in its list as it was.
        let is_kept = new.is_none_or(|it| it.text_at(&[DIRECTIVE]) != Some("replace"));
        let before = there.map(|it| self.all[it].clone());
        let merged = walk(before, new, schema, &ListMerge::Replace)?;
        let Some(mut merged) = merged.filter(|it| !is_nothing(it)) else {
            self.set(list, keys, values, None);
            return Ok(());
        };
        if let Some(there) = there {
            let written = written_keys(&self.all[there], keys);
            keep_keys(&mut merged, written);
        }
        for (key, value) in keys.iter().zip(values) {
            if !key.is_empty() && !value.is_empty() && merged.get(key).is_none() {
                let span: Span = merged.span;
                merged.put(TreeEntry::made(key, Tree { span, content: Content::Plain(value.as_str().into()) }));
            }
        }
        let at = if let Some(at) = there.filter(|_| is_kept) {
            self.all[at] = merged;
            at
        } else {
            self.all.push(merged);
            self.all.len() - 1
        };
        self.set(added, keys, values, Some(at));
        Ok(())
    }

    /// Puts an item in the place of those with these values, or at the end; none removes them.
    fn set(&self, list: &mut Vec<usize>, keys: &[String], values: &[String], item: Option<usize>) {
        let is_keyed = keys.first().is_some_and(|it| !it.is_empty()) && values.first().is_some_and(|it| !it.is_empty());
        let mut is_found = false;
        let mut kept = Vec::with_capacity(list.len() + 1);
        for at in list.iter().copied() {
            let there = &self.all[at];
            if is_nothing(there) {
                continue;
            }
            if is_keyed && !matches!(there.content, Content::Map(_)) {
                kept.push(at);
                continue;
            }
            let is_meant = !values.is_empty() && keys.iter().zip(values).all(|(key, value)| has(there, key, value));
            if is_meant {
                is_found = true;
                kept.extend(item);
            } else if !values.is_empty() {
                kept.push(at);
            }
        }
        if !is_found {
            kept.extend(item.filter(|it| !self.all[*it].is_null()));
        }
        *list = kept;
    }

    /// Appends an item of the list that was there to those of the patch.
    fn append(&self, list: &mut Vec<usize>, item: usize, keys: &[String]) {
        let tree = &self.all[item];
        if keys.first().is_some_and(String::is_empty) {
            let value = tree.scalar().unwrap_or_default().to_owned();
            return self.set(list, keys, &[value], Some(item));
        }
        let mut values = Vec::new();
        for key in keys {
            match tree.get(key) {
                Some(value) => values.push(value.scalar().unwrap_or_default().to_owned()),
                None => list.push(item),
            }
        }
        if keys.len() > 1 {
            self.set(list, keys, &values, None);
        }
        self.set(list, keys, &values, Some(item));
    }
}

fn has_all(item: &Tree, keys: &[String], values: &[String]) -> bool {
    keys.iter().zip(values).all(|(key, value)| has(item, key, value))
}

/// Whether an item has this value at this key; an empty value means any.
fn has(item: &Tree, key: &str, value: &str) -> bool {
    if key.is_empty() {
        return item.scalar() == Some(value);
    }
    item.get(key).is_some_and(|it| value.is_empty() || it.scalar() == Some(value))
}
