//! `replacements`: values copied from one object into others, by the rules of `api/filters/replacement`.

use super::build::Builder;
use super::field_path::{End, Made, ends, find, split_smartly};
use super::id::Id;
use super::limits::{weight, weight_of};
use super::resource::Resource;
use super::resources::Resources;
use super::select::Selector;
use super::shared::{self, Trail};
use super::tags::Tag;
use super::{Refusal, UNKNOWN};
use crate::source::Span;
use crate::yaml::NodeRef;
use crate::yaml::scalar::Scalar;
use crate::yaml::tree::{Content, MAX_DEPTH, Tree};

/// The field that is meant where none is named.
const NAME: &str = "metadata.name";

/// How a part of a text is read or written.
struct Options {
    delimiter: String,
    index: i64,
    is_made: bool,
}

impl Options {
    fn read(node: NodeRef<'_>) -> Options {
        let options = |key: &'static str| node.at(&["options", key]);
        Options {
            delimiter: options("delimiter").map(|it| it.text().to_owned()).unwrap_or_default(),
            index: options("index").and_then(NodeRef::as_int).unwrap_or(0),
            is_made: options("create").and_then(NodeRef::as_bool) == Some(true),
        }
    }

    /// What is made for a value where there is nothing.
    fn made(&self, value: &Tree) -> Made {
        match &value.content {
            _ if !self.is_made => Made::Nothing,
            Content::Map(_) => Made::Map,
            Content::List(_) => Made::List,
            Content::Plain(_) | Content::Text(_) => Made::Scalar,
        }
    }
}

/// What is copied: a value of its own, or a node of an object as it is at the time of each copy. One that a
/// replacement changes is another value to the next.
struct Source {
    value: Tree,
    node: Option<(usize, Trail)>,
}

impl Source {
    fn read(&mut self, resources: &mut Resources) -> &Tree {
        if let Some((at, trail)) = &self.node
            && let Some(found) = resources.one(*at).edit().and_then(|it| shared::find(it, trail))
        {
            self.value = found.clone();
        }
        &self.value
    }

    /// A node keeps its value when something else takes the place of what it stood in.
    fn overwritten(&mut self, at: usize, trail: &[String]) {
        self.node.take_if(|(own, node)| *own == at && node.len() > trail.len() && node.starts_with(trail));
    }
}

fn refuse<T>(message: impl Into<String>, span: Span) -> Result<T, Refusal> {
    Err(Refusal { message: message.into(), span })
}

impl Builder<'_> {
    /// Applies the entries of `replacements`, those that stand in files of their own too.
    pub(super) fn replacements(&mut self, at: usize, node: NodeRef<'_>, resources: &mut Resources) {
        for entry in node.items() {
            let Some(path) = entry.get("path").filter(|it| !it.text().is_empty()) else {
                self.replacement(entry, resources);
                continue;
            };
            if entry.get("source").is_some() || entry.get("targets").is_some() {
                self.problem("a replacement is either in a file or here, not both", entry.first_line());
                continue;
            }
            let Some(documents) = self.documents(at, path) else { continue };
            for document in documents.iter().take(1) {
                let root = document.root();
                let one = root.is_map().then_some(root);
                for entry in one.into_iter().chain(root.items()) {
                    self.replacement(entry, resources);
                }
            }
        }
    }

    fn replacement(&mut self, entry: NodeRef<'_>, resources: &mut Resources) {
        if self.copies.are_too_many() {
            return;
        }
        let source = entry.get("source").filter(|it| it.is_map());
        let result = match self.source(entry, source, resources) {
            // What is not seen may be what is meant; then nobody knows what comes from it.
            Err(_) if self.has_unseen && source.is_some() => {
                let value = Tree::text(UNKNOWN, source.map_or(entry.first_line(), NodeRef::first_line));
                Ok(Source { value, node: None })
            }
            other => other,
        };
        let result = result.and_then(|mut source| {
            let targets: Vec<NodeRef<'_>> = entry.items_at(&["targets"]).collect();
            targets.into_iter().try_for_each(|it| self.replace_in(it, &mut source, resources))
        });
        if let Err(refusal) = result {
            self.refused(refusal);
        }
    }

    fn source(
        &self,
        entry: NodeRef<'_>,
        source: Option<NodeRef<'_>>,
        resources: &mut Resources,
    ) -> Result<Source, Refusal> {
        let span = entry.first_line();
        let literal = entry.get("sourceValue");
        if entry.get("targets").is_none() || (source.is_none() && literal.is_none()) {
            return refuse("a replacement needs a source and targets", span);
        }
        let source = match (source, literal) {
            (Some(_), Some(_)) => return refuse("a replacement has either `source` or `sourceValue`", span),
            (None, Some(text)) => {
                let value = Tree { span: text.first_line(), content: Content::Plain(text.text().into()) };
                return Ok(Source { value, node: None });
            }
            (Some(source), _) => source,
            (None, None) => return refuse("a replacement needs a source", span),
        };
        let span = source.first_line();
        let text = |key: &str| source.get(key).map(NodeRef::text).unwrap_or_default();
        let wanted = Id {
            group: text("group").to_owned(),
            version: text("version").to_owned(),
            kind: text("kind").to_owned(),
            name: text("name").to_owned(),
            namespace: Some(text("namespace").to_owned()).filter(|it| !it.is_empty()),
        };
        let mut meant = if wanted.name.is_empty() { resources.there() } else { resources.named(&wanted.name) };
        meant.retain(|it| resources[*it].ids().any(|id| is_selected(&wanted, &id)));
        let Some(at) = meant.first().copied() else {
            return refuse(format!("no object is the source {} {}", wanted.kind, wanted.name), span);
        };
        if meant.len() > 1 {
            return refuse(format!("more than one object is the source {} {}", wanted.kind, wanted.name), span);
        }
        let path = Some(text("fieldPath")).filter(|it| !it.is_empty()).unwrap_or(NAME);
        let is_nothing = |it: &Tree| match &it.content {
            Content::Map(entries) => entries.is_empty(),
            Content::List(items) => items.is_empty(),
            Content::Plain(_) | Content::Text(_) => it.is_null(),
        };
        let found = resources.one(at).edit().and_then(|tree| {
            let trail = find(tree, &split_smartly(path))?;
            Some((shared::find(tree, &trail)?.clone(), trail))
        });
        let Some((value, trail)) = found.filter(|it| !is_nothing(&it.0)) else {
            return refuse(format!("the source has no {path}"), source.place(&["fieldPath"]));
        };
        let options = Options::read(source);
        if options.delimiter.is_empty() {
            return Ok(Source { value, node: Some((at, trail)) });
        }
        Ok(Source { value: part(value, &options, span)?, node: None })
    }

    /// Copies a value to one target.
    fn replace_in(
        &mut self,
        target: NodeRef<'_>,
        source: &mut Source,
        resources: &mut Resources,
    ) -> Result<(), Refusal> {
        let span = target.first_line();
        let Some(select) = target.get("select").filter(|it| it.is_map()) else {
            return refuse("a target of a replacement needs `select`", span);
        };
        let read = |it: NodeRef<'_>| {
            let message = "the selector holds something that is no regular expression".to_owned();
            Selector::read(it).ok_or_else(|| Refusal { message, span: it.first_line() })
        };
        let select = read(select)?;
        let reject = target.items_at(&["reject"]).map(read).collect::<Result<Vec<Selector>, Refusal>>()?;
        let options = Options::read(target);
        let mut paths: Vec<(String, Span)> =
            target.items_at(&["fieldPaths"]).map(|it| (it.text().to_owned(), it.first_line())).collect();
        if paths.is_empty() {
            paths.push((NAME.to_owned(), span));
        }
        if !self.may_compare(select.compared(resources), span) {
            return Ok(());
        }
        for at in select.candidates(resources) {
            let resource = &resources[at];
            let is_rejected = reject.iter().any(|it| it.rejects(resource));
            if is_rejected || !select.has_labels_of(resource) || !resource.ids().any(|it| select.names(&it)) {
                continue;
            }
            for (path, span) in &paths {
                let copied = self.copy(source, at, path, &options, resources);
                copied.map_err(|message| Refusal { message, span: *span })?;
            }
            let resource = resources.one(at);
            resource.equalise();
            resource.identify();
        }
        Ok(())
    }

    /// Copies a value to the nodes of one object that a path leads to.
    fn copy(
        &mut self,
        source: &mut Source,
        at: usize,
        path: &str,
        options: &Options,
        resources: &mut Resources,
    ) -> Result<(), String> {
        let made = options.made(source.read(resources));
        let steps = split_smartly(path);
        let Some(tree) = resources.one(at).edit() else { return Ok(()) };
        let ends = ends(tree, &steps, made, source.value.span)?;
        if ends.is_empty() {
            return Err(format!("a target of the replacement has no {path}; `create: true` makes it"));
        }
        for end in ends {
            let (trail, is_made) = match end {
                End::There(trail) => (trail, false),
                End::Made(trail) => (trail, true),
                End::Hidden => continue,
            };
            let there = resources.one(at).edit().and_then(|it| shared::find(it, &trail)?.scalar().map(str::len));
            let value = source.read(resources);
            let kept = if options.delimiter.is_empty() { 0 } else { there.unwrap_or_default() };
            self.spend("replacements", weight(value) + weight_of(kept))?;
            if steps.len() + value.depth() > MAX_DEPTH {
                return Err(format!("{path} leads too deep"));
            }
            put(resources.one(at), &trail, is_made, value, options)?;
            source.overwritten(at, &trail);
        }
        Ok(())
    }
}

/// Whether an identity is one that a source asks for; what it leaves out is not asked for.
fn is_selected(wanted: &Id, id: &Id) -> bool {
    let fits = |wanted: &str, text: &str| wanted.is_empty() || wanted == text;
    fits(&wanted.group, &id.group)
        && fits(&wanted.version, &id.version)
        && fits(&wanted.kind, &id.kind)
        && fits(&wanted.name, &id.name)
        && wanted.namespace.as_deref().is_none_or(|it| it == id.place())
}

/// The part of a value that the options ask for.
fn part(mut value: Tree, options: &Options, span: Span) -> Result<Tree, Refusal> {
    if value.scalar() == Some(UNKNOWN) {
        return Ok(value);
    }
    let Some(text) = value.scalar() else {
        return refuse("a delimiter needs a single value, and the source is a map or list", span);
    };
    let at = usize::try_from(options.index).ok();
    let Some(part) = at.and_then(|it| text.split(options.delimiter.as_str()).nth(it)) else {
        return refuse(format!("part {} is asked for of `{text}`", options.index), span);
    };
    let part: Box<str> = part.into();
    value.content = match &value.content {
        Content::Plain(_) if !matches!(value.typed(), Some(Scalar::Str(_))) => Content::Plain(part),
        _ => Content::Text(part),
    };
    Ok(value)
}

/// Puts a value in the place of a node, which may have been made for it.
fn put(
    resource: &mut Resource,
    trail: &[String],
    is_made: bool,
    value: &Tree,
    options: &Options,
) -> Result<(), String> {
    let (Some(tree), tags) = resource.edit_with_tags() else { return Ok(()) };
    let Some(place) = shared::find(tree, trail) else { return Ok(()) };
    let tag = if is_made && place.scalar().is_some() { Some(Tag::Open) } else { tags.of(trail, place) };
    if [place, value].iter().any(|it| it.scalar() == Some(UNKNOWN)) {
        shared::overwrite(tree, trail, Tree::text(UNKNOWN, value.span));
        return Ok(());
    }
    let mut text = value.scalar().unwrap_or_default().to_owned();
    if !options.delimiter.is_empty() {
        let old = place.scalar().ok_or("a delimiter needs a single value, and the target is a map or list")?;
        text = joined(old, &text, options);
    }
    // A single value keeps its type; a map or list gives way as it is.
    let content = match tag {
        Some(tag) => {
            tags.note(trail, tag, &text, value.span);
            tag.content(&text)
        }
        None => value.content.clone(),
    };
    shared::overwrite(tree, trail, Tree { span: value.span, content });
    Ok(())
}

/// A text with a part of it replaced, or with one more part.
fn joined(old: &str, text: &str, options: &Options) -> String {
    let mut parts: Vec<&str> = old.split(options.delimiter.as_str()).collect();
    match usize::try_from(options.index) {
        Err(_) => parts.insert(0, text),
        Ok(at) if at >= parts.len() => parts.push(text),
        Ok(at) => parts[at] = text,
    }
    parts.join(&options.delimiter)
}
