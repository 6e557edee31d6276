//! Keys: text in JSON whatever they are in YAML, merged by `<<`, and sometimes written twice.

use super::super::document::{Document, Duplicate};
use super::super::node::NodeRef;
use super::super::packed::{COOKED, DUPLICATES, Kind, MERGE, QUOTED, TAGGED, digest};
use super::super::scalar::{self, Scalar};
use super::{Builder, ParseError, quirks};
use crate::source::Span;
use std::collections::HashMap;

impl Builder<'_> {
    /// Makes keys text, finds merge keys and duplicates.
    pub(super) fn check_map(&mut self, map: u32) -> Result<(), ParseError> {
        let mut keys = std::mem::take(&mut self.keys);
        keys.clear();
        let mut at = map + 1;
        let end = self.nodes[map as usize].link();
        while at < end {
            keys.push(at);
            let value = self.skip(at);
            self.check_key_line(map, at, value)?;
            self.not_finite.retain(|it| *it != at);
            if self.is_merge_key(at) {
                self.nodes[map as usize].add_flags(MERGE);
                self.check_merge(value)?;
            } else {
                self.make_key_text(at)?;
            }
            at = self.skip(value);
        }
        self.digest(&keys);
        if self.has_duplicates(&keys) {
            self.nodes[map as usize].add_flags(DUPLICATES);
        }
        self.keys = keys;
        Ok(())
    }

    pub(super) fn skip(&self, id: u32) -> u32 {
        let node = &self.nodes[id as usize];
        if matches!(node.kind(), Kind::Seq | Kind::Map) { node.link() } else { id + 1 }
    }

    fn resolve_alias(&self, id: u32) -> u32 {
        let node = &self.nodes[id as usize];
        if node.kind() == Kind::Alias { node.link() } else { id }
    }

    fn is_merge_key(&self, id: u32) -> bool {
        let node = &self.nodes[id as usize];
        let is_as_long = node.end - node.start == 2;
        is_as_long && node.kind() == Kind::Plain && !node.has(TAGGED | COOKED) && self.text_of(id) == "<<"
    }

    fn text_of(&self, id: u32) -> &str {
        let node = &self.nodes[id as usize];
        if node.has(COOKED) {
            return &self.cooked[node.link() as usize];
        }
        let inset = u32::from(node.has(QUOTED));
        &self.text[(node.start + inset) as usize..(node.end - inset) as usize]
    }

    /// Only a map, or a list of maps, can be merged.
    fn check_merge(&self, value: u32) -> Result<(), ParseError> {
        let value = self.resolve_alias(value);
        let is_map = |id: u32| self.nodes[self.resolve_alias(id) as usize].kind() == Kind::Map;
        let fits = match self.nodes[value as usize].kind() {
            Kind::Map => true,
            Kind::Seq => {
                let mut at = value + 1;
                let mut fits = true;
                while at < self.nodes[value as usize].link() {
                    fits &= is_map(at);
                    at = self.skip(at);
                }
                fits
            }
            _ => false,
        };
        if fits {
            return Ok(());
        }
        Err(self.error_at(value, "a merge key `<<` needs a map or a list of maps".to_owned()))
    }

    pub(super) fn error_at(&self, id: u32, message: String) -> ParseError {
        let node = &self.nodes[id as usize];
        ParseError { message, span: Span { source: self.source, start: node.start, end: node.end } }
    }

    /// Keys are text in JSON: `on:` becomes `"true"`, `1:` becomes `"1"`.
    fn make_key_text(&mut self, key: u32) -> Result<(), ParseError> {
        let target = self.resolve_alias(key);
        let kind = self.nodes[target as usize].kind();
        if matches!(kind, Kind::Seq | Kind::Map) {
            return Err(self.error_at(key, "a list or a map cannot be a key".to_owned()));
        }
        if kind != Kind::Plain {
            return Ok(());
        }
        let text = match scalar::resolve(self.text_of(target)) {
            Scalar::Str(_) => return Ok(()),
            Scalar::Bool(value) => value.to_string(),
            Scalar::Int(value) => value.to_string(),
            Scalar::Float(value) => quirks::float_key(value),
            Scalar::Null => return Err(self.error_at(key, "a key is null".to_owned())),
            Scalar::UInt(_) => return Err(self.error_at(key, "a key is a number above 63 bits".to_owned())),
        };
        if target != key || text == self.text_of(key) {
            return Ok(());
        }
        let link = self.cook(&text);
        let node = &mut self.nodes[key as usize];
        node.set_kind(Kind::Text);
        node.add_flags(COOKED);
        node.set_link(link);
        Ok(())
    }

    fn digest(&mut self, keys: &[u32]) {
        for key in keys {
            if self.nodes[*key as usize].has_digest() {
                let digest = digest(self.text_of(*key));
                self.nodes[*key as usize].set_link(digest);
            }
        }
    }

    fn has_duplicates(&self, keys: &[u32]) -> bool {
        if keys.len() <= 16 {
            return keys.iter().enumerate().any(|(at, key)| keys[..at].iter().any(|it| self.same_key(*it, *key)));
        }
        let mut seen = std::collections::HashSet::with_capacity(keys.len());
        keys.iter().any(|key| !seen.insert(self.text_of(self.resolve_alias(*key))))
    }

    fn same_key(&self, one: u32, other: u32) -> bool {
        let nodes = (&self.nodes[one as usize], &self.nodes[other as usize]);
        if nodes.0.has_digest() && nodes.1.has_digest() && nodes.0.link() != nodes.1.link() {
            return false;
        }
        self.text_of(self.resolve_alias(one)) == self.text_of(self.resolve_alias(other))
    }
}

/// All duplicates, in document order.
pub(super) fn find_duplicates(document: &Document) -> Box<[Duplicate]> {
    let mut found = Vec::new();
    for (id, node) in document.nodes.iter().enumerate() {
        if node.kind() != Kind::Map || !node.has(DUPLICATES) {
            continue;
        }
        let map = NodeRef { doc: document, id: u32::try_from(id).unwrap_or(u32::MAX) };
        let mut seen: HashMap<&str, NodeRef<'_>> = HashMap::new();
        for entry in map.written_entries() {
            if let Some(lost) = seen.insert(entry.key.text(), entry.key) {
                let (first, second) = (lost.span(), entry.key.span());
                found.push(Duplicate { key: entry.key.id, lost: lost.id, first, second });
            }
        }
    }
    found.sort_by_key(|it| it.second);
    found.into_boxed_slice()
}
