//! `replacements`: values copied from one object into others, by the rules of `api/filters/replacement`.

use super::build::Builder;
use super::field_path::{Made, Way, find, split_smartly};
use super::resource::{Id, Resource};
use super::select::Selector;
use super::{Refusal, UNKNOWN};
use crate::source::Span;
use crate::yaml::NodeRef;
use crate::yaml::scalar::{Scalar, resolve};
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
}

fn refuse<T>(message: impl Into<String>, span: Span) -> Result<T, Refusal> {
    Err(Refusal { message: message.into(), span })
}

impl Builder<'_> {
    /// Applies the entries of `replacements`, those that stand in files of their own too.
    pub(super) fn replacements(&mut self, at: usize, node: NodeRef<'_>, resources: &mut [Resource]) {
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

    fn replacement(&mut self, entry: NodeRef<'_>, resources: &mut [Resource]) {
        let source = entry.get("source").filter(|it| it.is_map());
        let result = match self.source_value(entry, source, resources) {
            // What is not seen may be what is meant; then nobody knows what comes from it.
            Err(_) if self.has_unseen && source.is_some() => {
                Ok(Tree::text(UNKNOWN, source.map_or(entry.first_line(), NodeRef::first_line)))
            }
            other => other,
        };
        let result = result.and_then(|value| {
            let targets: Vec<NodeRef<'_>> = entry.items_at(&["targets"]).collect();
            targets.into_iter().try_for_each(|it| self.replace_in(it, &value, resources))
        });
        if let Err(refusal) = result {
            self.refused(refusal);
        }
    }

    fn source_value(
        &self,
        entry: NodeRef<'_>,
        source: Option<NodeRef<'_>>,
        resources: &mut [Resource],
    ) -> Result<Tree, Refusal> {
        let span = entry.first_line();
        let literal = entry.get("sourceValue");
        if entry.get("targets").is_none() || (source.is_none() && literal.is_none()) {
            return refuse("a replacement needs a source and targets", span);
        }
        let source = match (source, literal) {
            (Some(_), Some(_)) => return refuse("a replacement has either `source` or `sourceValue`", span),
            (None, Some(text)) => {
                return Ok(Tree { span: text.first_line(), content: Content::Plain(text.text().into()) });
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
        let mut meant = resources.iter_mut().filter(|it| it.ids().any(|id| is_selected(&wanted, &id)));
        let Some(resource) = meant.next() else {
            return refuse(format!("no object is the source {} {}", wanted.kind, wanted.name), span);
        };
        if meant.next().is_some() {
            return refuse(format!("more than one object is the source {} {}", wanted.kind, wanted.name), span);
        }
        let path = Some(text("fieldPath")).filter(|it| !it.is_empty()).unwrap_or(NAME);
        let found = resource.edit().and_then(|it| find(it, &split_smartly(path)));
        let is_nothing = |it: &&Tree| match &it.content {
            Content::Map(entries) => entries.is_empty(),
            Content::List(items) => items.is_empty(),
            Content::Plain(_) | Content::Text(_) => it.is_null(),
        };
        let Some(value) = found.filter(|it| !is_nothing(it)) else {
            return refuse(format!("the source has no {path}"), source.place(&["fieldPath"]));
        };
        part(value.clone(), &Options::read(source), span)
    }

    /// Copies a value to one target.
    fn replace_in(&mut self, target: NodeRef<'_>, value: &Tree, resources: &mut [Resource]) -> Result<(), Refusal> {
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
        for resource in resources.iter_mut() {
            let is_rejected = reject.iter().any(|it| it.rejects(resource));
            if is_rejected || !select.has_labels_of(resource) || !resource.ids().any(|it| select.names(&it)) {
                continue;
            }
            let Some(tree) = resource.edit() else { continue };
            let mut broken = None;
            for (path, span) in &paths {
                self.copied = self.copied.saturating_add(value.size());
                if self.copied > super::build::MAX_COPIED {
                    return refuse("the replacements copy too much; the rest is not done", *span);
                }
                let refusal = |message| Refusal { message, span: *span };
                broken = broken.or(put(tree, path, value, &options).map_err(refusal)?.map(refusal));
            }
            resource.broken = resource.broken.take().or(broken);
            resource.equalise();
            resource.identify();
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
    if options.delimiter.is_empty() || value.scalar() == Some(UNKNOWN) {
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

/// Puts a value at all nodes that a path leads to. Says why the object cannot be written down with it, if so.
fn put(tree: &mut Tree, path: &str, value: &Tree, options: &Options) -> Result<Option<String>, String> {
    let made = match &value.content {
        _ if !options.is_made => Made::Nothing,
        Content::Map(_) => Made::Map,
        Content::List(_) => Made::List,
        Content::Plain(_) | Content::Text(_) => Made::Scalar,
    };
    let steps = split_smartly(path);
    if steps.len() + value.depth() > MAX_DEPTH {
        return Err(format!("{path} leads too deep"));
    }
    let way = Way { made, at: value.span };
    let mut broken = None;
    let count = way.each(tree, &steps, &mut |place| {
        broken = broken.take().or(put_at(place, value, options)?);
        Ok(())
    })?;
    if count == 0 {
        return Err(format!("a target of the replacement has no {path}; `create: true` makes it"));
    }
    Ok(broken)
}

fn put_at(place: &mut Tree, value: &Tree, options: &Options) -> Result<Option<String>, String> {
    if place.scalar() == Some(UNKNOWN) || (value.scalar() == Some(UNKNOWN) && !options.delimiter.is_empty()) {
        *place = Tree::text(UNKNOWN, value.span);
        return Ok(None);
    }
    let mut text = value.scalar().unwrap_or_default().to_owned();
    if !options.delimiter.is_empty() {
        let old = place.scalar().ok_or("a delimiter needs a single value, and the target is a map or list")?;
        let mut parts: Vec<&str> = old.split(options.delimiter.as_str()).collect();
        match usize::try_from(options.index) {
            Err(_) => parts.insert(0, &text),
            Ok(at) if at >= parts.len() => parts.push(&text),
            Ok(at) => parts[at] = &text,
        }
        text = parts.join(&options.delimiter);
    }
    let is_text = matches!(place.typed(), Some(Scalar::Str(_)));
    let is_new = place.scalar() == Some("");
    let is_typed = !is_text && !is_new && place.scalar().is_some() && !place.is_null();
    let broken = if is_typed && value.scalar() != Some(UNKNOWN) { keeps_type(place, &text).err() } else { None };
    place.content = match &place.content {
        Content::List(_) | Content::Map(_) => value.content.clone(),
        // What is a text stays one; anything else becomes what it looks like.
        _ if is_text || value.scalar() == Some(UNKNOWN) => Content::Text(text.into()),
        _ => Content::Plain(text.into()),
    };
    place.span = value.span;
    Ok(broken)
}

/// What stands in the place of a number or truth value has to be one: kustomize keeps the type.
fn keeps_type(place: &Tree, text: &str) -> Result<(), String> {
    let fits = matches!(
        (place.typed(), resolve(text)),
        (Some(Scalar::Int(_) | Scalar::UInt(_)), Scalar::Int(_) | Scalar::UInt(_))
            | (Some(Scalar::Float(_)), Scalar::Int(_) | Scalar::UInt(_) | Scalar::Float(_))
            | (Some(Scalar::Bool(_)), Scalar::Bool(_))
    );
    if fits {
        return Ok(());
    }
    Err(format!("`{text}` cannot take the place of {}", place.typed().map_or("a value", Scalar::describe)))
}
