//! A text that is edited, parsed anew: its documents with the parents of their nodes, and what stands around nodes.

use super::marks;
use super::place::Member;
use super::refusal::Refusal;
use super::style::{self, Habits};
use super::text::Text;
use crate::emit::{JsonStyle, Style};
use crate::packed::Kind;
use crate::source::{SourceId, Span};
use crate::split::{Piece, split};
use crate::{Document, NodeRef, parse, parse_json};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, Mutex};

/// The documents that were read of a text before, by the range of their pieces: whole, and as they were parsed.
pub(super) type Known<'k> = dyn Fn(SourceId, &Range<usize>) -> Option<Arc<Document>> + Sync + 'k;

/// A text with its documents.
pub(super) struct File {
    pub(super) source: SourceId,
    pub(super) text: Arc<str>,
    pub(super) documents: Vec<Parsed>,
    /// How many objects of JSON the text begins with.
    pub(super) jsons: usize,
    /// What says that a program writes it.
    pub(super) mark: Option<String>,
}

/// A document of it.
pub(super) struct Parsed {
    pub(super) document: Arc<Document>,
    /// Its piece of the stream.
    pub(super) range: Range<usize>,
    /// Whether it is written in JSON, or in YAML that is JSON.
    pub(super) is_json: bool,
    /// How its blocks are written.
    pub(super) style: Style,
    /// How its JSON is written, if it is JSON.
    pub(super) json: JsonStyle,
    /// Where the members of collections stand, as far as they were looked for.
    pub(super) members: Mutex<BTreeMap<u32, Arc<[Member]>>>,
    /// Whether its text holds the annotation of where an object comes from.
    pub(super) may_tell_origin: bool,
    parents: Vec<u32>,
    /// Which nodes are keys.
    keys: Vec<bool>,
    /// Anchored nodes that an alias refers to, with one of these.
    referred: BTreeSet<(u32, u32)>,
}

/// A node in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Site {
    /// The document, by its position in the file.
    pub(super) document: usize,
    /// The node, by its position in the document.
    pub(super) node: u32,
}

/// A document as it is read.
pub(super) struct Read {
    pub(super) document: Arc<Document>,
    /// Where its piece of the stream stands.
    pub(super) range: Range<usize>,
    is_json: bool,
}

/// The documents of a text, read one after the other unless they are known; refuses a text with bytes of unclear meaning.
pub(super) fn documents<'a>(
    source: SourceId,
    text: &'a Arc<str>,
    known: &'a Known<'_>,
) -> Result<impl Iterator<Item = Result<Read, Refusal>> + use<'a>, Refusal> {
    if text.contains('\u{fffd}') {
        return Err(Refusal::InvalidUtf8);
    }
    let bytes = text.as_bytes();
    let is_lone = |at: usize| bytes.get(at + 1) != Some(&b'\n');
    let has_return = bytes.iter().enumerate().any(|(at, byte)| *byte == b'\r' && is_lone(at));
    if has_return || text.contains(['\u{85}', '\u{2028}', '\u{2029}']) {
        return Err(Refusal::LineBreaks);
    }
    Ok(split(text).into_iter().filter_map(move |it| read(source, text, it, known).transpose()))
}

/// Reads one piece; nothing if it holds nothing.
fn read(source: SourceId, text: &Arc<str>, piece: Piece, known: &Known<'_>) -> Result<Option<Read>, Refusal> {
    let (range, is_json) = match piece {
        Piece::Document(range) => (range, false),
        Piece::Json(range) => (range, true),
        Piece::InvalidSeparator(range) | Piece::NotJson(range) | Piece::Directive(range) => {
            let offset = |it| u32::try_from(it).unwrap_or(u32::MAX);
            let span = Span { source, start: offset(range.start), end: offset(range.end) };
            return Err(Refusal::Unreadable(span));
        }
    };
    let parse = || {
        let parse = if is_json { parse_json } else { parse };
        let document = parse(source, text, range.clone()).map_err(|error| Refusal::Unreadable(error.span))?;
        Ok(document.map(Arc::new))
    };
    let document = known(source, &range).map_or_else(parse, |it| Ok(Some(it)))?;
    let Some(document) = document.filter(|it| !it.root().is_null()) else { return Ok(None) };
    match document.dropped() {
        Some(dropped) => Err(Refusal::Unreadable(dropped)),
        None => Ok(Some(Read { document, range, is_json })),
    }
}

impl File {
    /// Reads a text; refuses one that Kubernetes would not read whole, or that has bytes of unclear meaning.
    pub(super) fn read(source: SourceId, text: &Arc<str>, known: &Known<'_>) -> Result<File, Refusal> {
        let mut file =
            File { source, text: Arc::clone(text), documents: Vec::new(), jsons: 0, mark: marks::of_file(text) };
        for read in documents(source, text, known)? {
            let Read { document, range, is_json } = read?;
            file.jsons += usize::from(is_json);
            let json = style::json(file.lines(), &document);
            file.documents.push(Parsed::new(document, range, is_json, json));
        }
        let habits: Vec<Habits> = file.documents.iter().map(|it| Habits::of(Text(text), &it.document)).collect();
        let mut all = Habits::default();
        for habits in &habits {
            all.add(habits);
        }
        for (parsed, habits) in file.documents.iter_mut().zip(&habits) {
            parsed.style = habits.style(&all);
        }
        Ok(file)
    }

    pub(super) fn lines(&self) -> Text<'_> {
        Text(&self.text)
    }

    pub(super) fn node(&self, site: Site) -> NodeRef<'_> {
        self.documents[site.document].document.node(site.node)
    }

    /// The node that is written at this place.
    pub(super) fn find(&self, node: NodeRef<'_>) -> Option<Site> {
        let span = node.span();
        let after = self.documents.partition_point(|it| it.document.root().span().start <= span.start);
        let document = after.checked_sub(1)?;
        let nodes = &self.documents[document].document.nodes;
        let from = nodes.partition_point(|it| it.start < span.start);
        let at = nodes[from..].iter().take_while(|it| it.start == span.start).position(|it| {
            let is_kind = it.kind() == Kind::Alias || is_alike(it.kind(), node.kind());
            it.end == span.end && is_kind
        });
        let node = u32::try_from(from + at?).ok()?;
        Some(Site { document, node })
    }
}

/// Whether two nodes are both maps, both lists or both scalars.
fn is_alike(one: Kind, other: Kind) -> bool {
    let is_scalar = |it| matches!(it, Kind::Plain | Kind::Text);
    one == other || (is_scalar(one) && is_scalar(other))
}

impl Parsed {
    fn new(document: Arc<Document>, range: Range<usize>, is_json: bool, json: JsonStyle) -> Parsed {
        let count = document.nodes.len();
        let mut parents = vec![u32::MAX; count];
        let mut referred = BTreeSet::new();
        let mut keys = vec![false; count];
        // Collections around the node, with their ends, and whether the next child is a key.
        let mut open: Vec<(u32, u32, bool)> = Vec::new();
        for id in 0..u32::try_from(count).unwrap_or(u32::MAX) {
            let node = document.node(id);
            while open.last().is_some_and(|it| it.1 <= id) {
                open.pop();
            }
            if let Some((parent, _, is_key)) = open.last_mut() {
                parents[id as usize] = *parent;
                keys[id as usize] = *is_key;
                *is_key = !*is_key && document.node(*parent).node().kind() == Kind::Map;
            }
            match node.node().kind() {
                Kind::Seq => open.push((id, node.next(), false)),
                Kind::Map => open.push((id, node.next(), true)),
                Kind::Alias => _ = referred.insert((node.node().link(), id)),
                Kind::Plain | Kind::Text => {}
            }
        }
        let root = document.root();
        let may_tell_origin = document.text_of(root.span()).contains(marks::ORIGIN);
        let text = document.text_of(root.span()).trim_start_matches('{').trim_start();
        let is_json = is_json || (root.is_flow() && text.starts_with('"'));
        Parsed {
            document,
            range,
            is_json,
            style: Style::default(),
            json,
            members: Mutex::default(),
            may_tell_origin,
            parents,
            keys,
            referred,
        }
    }

    /// The collection that a node stands in.
    pub(super) fn parent<'a>(&'a self, node: NodeRef<'a>) -> Option<NodeRef<'a>> {
        let parent = *self.parents.get(node.id() as usize)?;
        (parent != u32::MAX).then(|| self.document.node(parent))
    }

    /// Whether a node is a key.
    pub(super) fn is_key(&self, node: u32) -> bool {
        self.keys[node as usize]
    }

    /// The key of a value, or the item itself: what a member of a collection is known by.
    pub(super) fn member_of(&self, node: u32) -> u32 {
        let is_value =
            node > 0 && self.is_key(node - 1) && self.parents[node as usize] == self.parents[node as usize - 1];
        if is_value { node - 1 } else { node }
    }

    /// An anchored node in this one, or this one, that is used outside of it.
    pub(super) fn anchor_in(&self, node: NodeRef<'_>) -> Option<Span> {
        let own = node.id()..node.next();
        let mut inside = self.referred.range((own.start, 0)..(own.end, 0));
        inside.find(|it| !own.contains(&it.1)).map(|it| self.document.node(it.0).span())
    }

    /// The anchored node that holds this one and that is used elsewhere.
    pub(super) fn anchor_of(&self, node: NodeRef<'_>) -> Option<Span> {
        let mut at = Some(self.document.node(node.id()));
        while let Some(node) = at {
            if self.referred.range((node.id(), 0)..).next().is_some_and(|it| it.0 == node.id()) {
                return Some(node.span());
            }
            at = self.parent(node);
        }
        None
    }

    /// How many collections hold a node.
    pub(super) fn depth(&self, node: u32) -> usize {
        let mut depth = 0;
        let mut at = self.parent(self.document.node(node));
        while let Some(node) = at {
            depth += 1;
            at = self.parent(node);
        }
        depth
    }
}
