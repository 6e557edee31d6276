//! Values of a chart: a map of the object, or a text in it, with the place of each.

use crate::index::charts::Chart;
use crate::model::{Object, Place, is_placeholder};
use crate::source::{SourceId, Span};
use crate::yaml::{Document, NodeRef, Path, Step, parse};
use std::sync::Arc;

/// The text of a file.
pub type FindText<'f> = dyn Fn(SourceId) -> Option<Arc<str>> + 'f;

/// Values of a chart.
#[derive(Clone, Debug)]
pub enum Values<'a> {
    /// A map of the object.
    Tree(NodeRef<'a>),
    /// A text that was parsed.
    Text {
        /// What it says.
        document: Arc<Document>,
        /// The keys under which it stands.
        keys: &'static [&'static str],
        /// The place that stands for every place in it, where the text is not written line by line.
        whole: Option<Span>,
        /// The key in it under which the values of a dependency stand.
        part: Option<String>,
    },
}

/// What a chart's values say, or its own default.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting<T> {
    /// It is written there.
    Is(T, Place),
    /// It is the default of the chart; where it would be written.
    Default(T, Place),
    /// There is no telling, for this reason.
    Unknown(&'static str),
}

impl<T> Setting<T> {
    /// The value, if it is known.
    pub fn value(&self) -> Option<&T> {
        match self {
            Setting::Is(value, _) | Setting::Default(value, _) => Some(value),
            Setting::Unknown(_) => None,
        }
    }

    fn read<U>(self, parse: impl FnOnce(&T) -> Option<U>) -> Setting<U> {
        match self {
            Setting::Is(value, place) => match parse(&value) {
                Some(value) => Setting::Is(value, place),
                None => Setting::Unknown("a value is a template placeholder"),
            },
            Setting::Default(value, place) => match parse(&value) {
                Some(value) => Setting::Default(value, place),
                None => Setting::Unknown("the chart's default is not known"),
            },
            Setting::Unknown(reason) => Setting::Unknown(reason),
        }
    }
}

impl<'a> Values<'a> {
    /// The values in a text. A block of lines is read where it stands, so that each place in it is exact.
    pub(super) fn of_text(node: NodeRef<'a>, keys: &'static [&'static str], text: &FindText<'_>) -> Option<Values<'a>> {
        let content = node.as_str()?;
        let span = node.resolved().span();
        if let Some(whole) = text(span.source)
            && let Some(document) = in_place(content, &whole, span)
        {
            return Some(Values::Text { document: Arc::new(document), keys, whole: None, part: None });
        }
        let content: Arc<str> = content.into();
        let document = parse(span.source, &content, 0..content.len()).ok()??;
        let document = document.root().is_map().then(|| Arc::new(document))?;
        Some(Values::Text { document, keys, whole: Some(node.first_line()), part: None })
    }

    /// The values in a file that is named at these keys.
    pub(super) fn of_file(document: &Arc<Document>, keys: &'static [&'static str]) -> Values<'a> {
        Values::Text { document: Arc::clone(document), keys, whole: None, part: None }
    }

    /// What they say for a dependency of the chart.
    pub(super) fn within(&self, key: &str) -> Option<Values<'a>> {
        match self {
            Values::Tree(node) => node.get(key).map(Values::Tree),
            Values::Text { document, keys, whole, .. } => {
                document.root().get(key)?;
                let (document, part) = (Arc::clone(document), Some(key.to_owned()));
                Some(Values::Text { document, keys, whole: *whole, part })
            }
        }
    }

    /// The place of the text that they are, which stands for every place in it.
    pub fn text_place(&self, object: &Object) -> Option<Place> {
        match self {
            Values::Tree(_) => None,
            Values::Text { keys, .. } => Some(object.place(keys)),
        }
    }

    /// Their root.
    pub fn root(&self) -> NodeRef<'_> {
        match self {
            Values::Tree(node) => *node,
            Values::Text { document, part, .. } => match part {
                Some(key) => document.root().get(key).expect("it was there when it was chosen"),
                None => document.root(),
            },
        }
    }
}

/// A block of lines as a document of the file that it stands in.
fn in_place(content: &str, whole: &Arc<str>, span: Span) -> Option<Document> {
    let (start, end) = (span.start as usize, span.end as usize);
    let before = whole.get(..start)?;
    let line = before.rfind('\n').map_or(0, |it| it + 1);
    // The span of a block begins at its first line, behind the indentation.
    let start = if before[line..].trim().is_empty() { line } else { return None };
    let lines = |it: &str| it.lines().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect::<Vec<_>>();
    if lines(content) != lines(whole.get(start..end)?) {
        return None; // It is written in another way, or put together from elsewhere.
    }
    parse(span.source, whole, start..end).ok()?.filter(|it| it.root().is_map())
}

impl Chart<'_> {
    /// The value at the end of these keys; an empty map counts as absent, as in the charts' own conditions.
    pub fn at(&self, keys: &[&str]) -> Option<NodeRef<'_>> {
        let found = self.values.iter().rev().find_map(|it| it.root().at(keys))?;
        let is_empty = found.is_map() && found.entries().next().is_none();
        (!is_empty).then_some(found)
    }

    /// Whether a switch is off.
    pub fn is_off(&self, keys: &[&str]) -> bool {
        self.at(keys).and_then(NodeRef::as_bool) == Some(false)
    }

    /// The place of a value, or of what installs the chart.
    pub fn place(&self, keys: &[&str]) -> Place {
        let holder = self.values.iter().rev().find(|it| it.root().at(keys).is_some());
        holder.map_or_else(|| self.object.name_place(), |it| self.place_in(it, keys))
    }

    fn place_in(&self, values: &Values<'_>, keys: &[&str]) -> Place {
        match values {
            Values::Tree(node) => {
                let outer = self.object.node().path_to(*node);
                let is_key = |step: &Step| matches!(step, Step::Key(_));
                if outer.0.iter().all(is_key) {
                    // Where the first key is absent, the key of the whole map is the nearest parent.
                    let whole: Vec<&str> =
                        outer.0.iter().filter_map(|it| key(it)).chain(keys.iter().copied()).collect();
                    return self.object.place(&whole);
                }
                self.object.place_in(*node, keys)
            }
            Values::Text { document, keys: outer, whole, part } => {
                let mut path = Path::of(outer);
                let inner: Vec<&str> = part.as_deref().into_iter().chain(keys.iter().copied()).collect();
                path.0.extend(inner.iter().map(|it| Step::Key((*it).to_owned())));
                let is_there = inner.first().is_some_and(|it| document.root().get(it).is_some());
                let span = match whole {
                    Some(span) => *span,
                    None if is_there => document.root().place(&inner),
                    None => self.object.place(outer).span,
                };
                Place { span, path }
            }
        }
    }

    /// A value by its name with dots, as text.
    pub fn setting(&self, key: &str) -> Setting<String> {
        if let Some((_, parameter)) = self.parameters.iter().rev().find(|it| it.0 == key) {
            let value = parameter.get("value").map(NodeRef::text).unwrap_or_default();
            if is_placeholder(value) {
                return Setting::Unknown("a value is a template placeholder");
            }
            return Setting::Is(value.to_owned(), self.object.place_in(*parameter, &["value"]));
        }
        let keys: Vec<&str> = key.split('.').collect();
        for values in self.values.iter().rev() {
            let Some(node) = values.root().at(&keys) else { continue };
            if node.is_null() || node.is_map() || node.is_seq() || is_placeholder(node.text()) {
                return Setting::Unknown("a value is a template placeholder");
            }
            return Setting::Is(node.text().to_owned(), self.place_in(values, &keys));
        }
        if self.has_unread {
            return Setting::Unknown("its values come from elsewhere, too");
        }
        match self.default_of(key) {
            Some(value) => Setting::Default(value.to_owned(), self.absent_place(&keys)),
            None => Setting::Unknown("it is not written, and the default of this version of the chart is not known"),
        }
    }

    /// Where a value would be written.
    fn absent_place(&self, keys: &[&str]) -> Place {
        match self.values.last() {
            Some(values) => self.place_in(values, keys),
            None if self.object.kind() == "HelmRelease" => self.object.place(&[&["spec", "values"], keys].concat()),
            None => self.object.name_place(),
        }
    }

    /// A number.
    pub fn number(&self, key: &str) -> Setting<i64> {
        self.setting(key).read(|it| it.trim().parse().ok())
    }

    /// A switch.
    pub fn switch(&self, key: &str) -> Setting<bool> {
        self.setting(key).read(|it| it.trim().parse().ok())
    }

    /// Whether the values have something at a key, by themselves or one by one.
    pub fn has(&self, key: &str) -> bool {
        let keys: Vec<&str> = key.split('.').collect();
        self.at(&keys).is_some() || self.parameters.iter().any(|it| it.0 == key || it.0.starts_with(&format!("{key}.")))
    }
}

fn key(step: &Step) -> Option<&str> {
    match step {
        Step::Key(key) => Some(key),
        Step::Name(_) | Step::Index(_) => None,
    }
}
