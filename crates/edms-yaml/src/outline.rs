//! The keys of a text that need not be YAML: a template of a chart. Indentation alone says what holds what.

use std::ops::Range;

/// What a line opens: a key, or an item of a list.
#[derive(Debug)]
struct Node<'t> {
    /// Twice the column of a key; one more for an item, which may stand in the column of its key.
    level: usize,
    /// The key; none for an item.
    key: Option<&'t str>,
    /// What follows the key on its line.
    value: &'t str,
    /// From its first character to the end of the line's content.
    range: Range<usize>,
    parent: Option<usize>,
}

/// One step down: a key, or an item by its name and its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Down<'t> {
    /// The value of a key.
    Key(&'t str),
    /// An item of a list.
    Item {
        /// Its `name`, where that is known.
        name: Option<&'t str>,
        /// Its position, where that is known.
        index: Option<usize>,
    },
}

/// Keys and items of one document of a text, in order.
#[derive(Debug, Default)]
pub struct Outline<'t> {
    nodes: Vec<Node<'t>>,
    /// The children of each node; those of the document come last.
    children: Vec<Vec<usize>>,
}

/// The documents of a text, empty ones left out.
pub fn outlines(text: &str) -> Vec<Outline<'_>> {
    let mut all = vec![Outline::default()];
    let mut lines = Lines::default();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if line.starts_with("---") {
            all.push(Outline::default());
            lines = Lines::default();
        } else if let Some(outline) = all.last_mut()
            && lines.says_something(line)
        {
            outline.add(line.trim_end(), start, &mut lines);
        }
    }
    all.retain(|it| !it.nodes.is_empty());
    all.iter_mut().for_each(Outline::link);
    all
}

/// What earlier lines say of the next.
#[derive(Default)]
struct Lines {
    /// Inside a template's action that goes on for several lines.
    is_in_action: bool,
    /// The column of the key whose block of text is being read.
    block: Option<usize>,
}

impl Lines {
    /// Whether a line may hold a key: no comment, no action of the template alone, no text of a block.
    fn says_something(&mut self, line: &str) -> bool {
        let content = line.trim();
        let was_in_action = self.is_in_action;
        let (opened, closed) = (content.rfind("{{"), content.rfind("}}"));
        if opened.is_some() || closed.is_some() {
            self.is_in_action = opened > closed;
        }
        if was_in_action || content.is_empty() || content.starts_with('#') || content.starts_with("{{") {
            return false;
        }
        let column = line.len() - line.trim_start().len();
        if self.block.is_some_and(|it| column > it) {
            return false;
        }
        self.block = None;
        true
    }
}

impl<'t> Outline<'t> {
    /// Adds what a line opens; `start` is its first byte.
    fn add(&mut self, line: &'t str, start: usize, lines: &mut Lines) {
        let mut column = line.len() - line.trim_start().len();
        let end = start + line.len();
        loop {
            let rest = &line[column..];
            if rest != "-" && !rest.starts_with("- ") {
                break;
            }
            let next = rest[1..].len() - rest[1..].trim_start().len() + 1;
            let value = rest[next..].trim();
            self.nodes.push(Node { level: column * 2 + 1, key: None, value, range: start + column..end, parent: None });
            lines.block = is_block(value).then_some(column);
            column += next;
        }
        if let Some((key, value)) = key_and_value(&line[column..]) {
            self.nodes.push(Node {
                level: column * 2,
                key: Some(key),
                value,
                range: start + column..end,
                parent: None,
            });
            lines.block = is_block(value).then_some(column);
        }
    }

    /// Finds the parent of each node.
    fn link(&mut self) {
        let mut open: Vec<usize> = Vec::new();
        self.children = vec![Vec::new(); self.nodes.len() + 1];
        let root = self.nodes.len();
        for at in 0..self.nodes.len() {
            while open.last().is_some_and(|it| self.nodes[*it].level >= self.nodes[at].level) {
                open.pop();
            }
            self.nodes[at].parent = open.last().copied();
            self.children[open.last().copied().unwrap_or(root)].push(at);
            open.push(at);
        }
    }

    fn children(&self, of: Option<usize>) -> &[usize] {
        &self.children[of.unwrap_or(self.nodes.len())]
    }

    fn child(&self, of: Option<usize>, key: &str) -> Option<usize> {
        self.children(of).iter().copied().find(|it| self.nodes[*it].key == Some(key))
    }

    fn items(&self, of: Option<usize>) -> impl Iterator<Item = usize> {
        self.children(of).iter().copied().filter(|it| self.nodes[*it].key.is_none())
    }

    /// The value of a key that stands on its own line, without quotes and comment.
    pub fn text_at(&self, keys: &[&str]) -> Option<&'t str> {
        let mut at = None;
        for key in keys {
            at = Some(self.child(at, key)?);
        }
        Some(plain(self.nodes[at?].value))
    }

    /// How many keys and items it has.
    pub fn size(&self) -> usize {
        self.nodes.len()
    }

    /// Its first line with a key.
    pub fn first(&self) -> Range<usize> {
        self.nodes.first().map_or(0..0, |it| it.range.clone())
    }

    /// The deepest place on a way down that is there, with how many steps lead to it.
    pub fn find(&self, way: &[Down<'_>]) -> (usize, Range<usize>) {
        let mut at = None;
        for (depth, step) in way.iter().enumerate() {
            let next = match step {
                Down::Key(key) => self.child(at, key),
                Down::Item { name, index } => self.item(at, *name, *index),
            };
            let Some(next) = next else {
                return (depth, at.map_or_else(|| self.first(), |it: usize| self.nodes[it].range.clone()));
            };
            at = Some(next);
        }
        (way.len(), at.map_or_else(|| self.first(), |it| self.nodes[it].range.clone()))
    }

    /// An item by its name; or the only one, or the one at its position, where names are not known.
    fn item(&self, of: Option<usize>, name: Option<&str>, index: Option<usize>) -> Option<usize> {
        let named = |it: usize| self.child(Some(it), "name").map(|it| plain(self.nodes[it].value));
        let mut count = 0;
        let mut open = None;
        for (position, item) in self.items(of).enumerate() {
            let own = named(item);
            if name.is_some() && own == name {
                return Some(item);
            }
            let may_be = name.is_none() || own.is_none_or(|it| it.contains("{{"));
            count += 1;
            if may_be && (index == Some(position) || open.is_none()) {
                open = Some((item, position));
            }
        }
        open.filter(|(_, position)| count == 1 || index == Some(*position)).map(|it| it.0)
    }

    /// The way to what stands at a byte of the text.
    pub fn way_to(&self, byte: usize) -> Vec<Down<'t>> {
        let after = self.nodes.partition_point(|it| it.range.start <= byte);
        let mut way = Vec::new();
        let mut at = after.checked_sub(1).filter(|it| byte <= self.nodes[*it].range.end);
        while let Some(node) = at {
            let parent = self.nodes[node].parent;
            way.push(match self.nodes[node].key {
                Some(key) => Down::Key(key),
                None => Down::Item {
                    name: self.child(Some(node), "name").map(|it| plain(self.nodes[it].value)),
                    index: self.items(parent).position(|it| it == node),
                },
            });
            at = parent;
        }
        way.reverse();
        way
    }
}

/// The key of a line's content and what follows it; none for text that is no entry of a map.
fn key_and_value(content: &str) -> Option<(&str, &str)> {
    let (key, value) = match content.as_bytes().first()? {
        quote @ (b'"' | b'\'') => {
            let (key, rest) = content[1..].split_once(char::from(*quote))?;
            (key, rest.strip_prefix(':')?)
        }
        _ => content.split_once(": ").or_else(|| Some((content.strip_suffix(':')?, "")))?,
    };
    (!key.contains("{{") && !key.starts_with(['{', '['])).then_some((key.trim_end(), value.trim()))
}

/// Whether a value begins a block of text.
fn is_block(value: &str) -> bool {
    value.starts_with(['|', '>']) && !value.contains(' ')
}

fn plain(value: &str) -> &str {
    let value = value.split_once(" #").map_or(value, |it| it.0).trim();
    let unquoted = ['"', '\''].into_iter().find_map(|it| value.strip_prefix(it)?.strip_suffix(it));
    unquoted.unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "{{- if .Values.on }}\napiVersion: apps/v1\r\nkind: Deployment\nmetadata:\n  name: {{ include \"x\" . }}\n  {{- with .Values.a }}\n  annotations:\n    {{- toYaml . | nindent 4 }}\n  {{- end }}\nspec:\n  replicas: {{ .Values.n }} # how many\n  template:\n    spec:\n      containers:\n      - name: {{ .Chart.Name }}\n        args:\n          - |\n            replicas: 7\n        image: a\n      - name: side\n        image: b\n{{- end }}\n---\nkind: Service\n";

    fn found(way: &[Down<'_>]) -> (usize, &'static str) {
        let all = outlines(TEMPLATE);
        let (depth, range) = all[0].find(way);
        (depth, &TEMPLATE[range])
    }

    #[test]
    fn keys_are_found_by_indentation() {
        let item = |name, index| Down::Item { name, index };
        let containers = [Down::Key("spec"), Down::Key("template"), Down::Key("spec"), Down::Key("containers")];
        assert_eq!(outlines(TEMPLATE).len(), 2);
        assert_eq!(outlines(TEMPLATE)[0].text_at(&["kind"]), Some("Deployment"));
        assert_eq!(found(&[Down::Key("spec"), Down::Key("replicas")]), (2, "replicas: {{ .Values.n }} # how many"));
        assert_eq!(found(&[Down::Key("spec"), Down::Key("strategy")]), (1, "spec:"));
        assert_eq!(found(&[]), (0, "apiVersion: apps/v1"));
        let image = |step: Down<'static>| found(&[&containers[..], &[step, Down::Key("image")]].concat());
        assert_eq!(image(item(Some("side"), None)), (6, "image: b"));
        assert_eq!(image(item(Some("orders"), Some(0))), (6, "image: a"));
        assert_eq!(image(item(Some("other"), Some(1))), (4, "containers:"));
    }

    #[test]
    fn a_place_has_its_way() {
        let text = "a:\n  b:\n  - name: x\n    c: {d: 1}\n  - 2\n";
        let all = outlines(text);
        let at = |word: &str| all[0].way_to(text.find(word).expect("is in the text"));
        let b = [Down::Key("a"), Down::Key("b")];
        let item = |name, index| Down::Item { name, index: Some(index) };
        assert_eq!(at("d:"), [&b[..], &[item(Some("x"), 0), Down::Key("c")]].concat());
        assert_eq!(at("2"), [&b[..], &[item(None, 1)]].concat());
    }
}
