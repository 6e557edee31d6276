//! What the API server would say of an object with one thing changed: no fix may have it refuse more than today.

use crate::index::validation;
use crate::model::{Object, typed};
use crate::source::SourceId;
use crate::yaml::{Path, Step, json, parse_json};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Each change reads the whole object anew. Where so many bytes would have to be read, nothing is tried.
const MOST_BYTES: usize = 1 << 22;

/// Whether changes of an object may be tried, of which so many values are wrong: a quick look before all of it is read.
pub(super) fn may_be_tried(object: &Object, wrong: usize) -> bool {
    object.node().size().saturating_mul(wrong) <= MOST_BYTES
}

/// A change that is tried.
pub(super) enum Trial<'t> {
    /// Another value.
    Set(&'t Path, Value),
    /// Another key for an entry.
    Rename(&'t Path, &'t str),
}

/// Whether the API server refuses nothing of the changed object that it does not refuse today, of which so many values
/// are wrong.
pub(super) fn is_no_worse(object: &Object, wrong: usize, trial: Trial<'_>) -> bool {
    let text = json::to_string(object.node());
    if text.len().saturating_mul(wrong) > MOST_BYTES {
        return false;
    }
    let changed = || {
        let mut root: Value = serde_json::from_str(&text).ok()?;
        trial.make(&mut root)?;
        read(root.to_string())
    };
    changed().is_some_and(|it| problems(&it).is_subset(&problems(object)))
}

impl Trial<'_> {
    fn make(self, root: &mut Value) -> Option<()> {
        match self {
            Trial::Set(path, value) => *at(root, &path.0)? = value,
            Trial::Rename(path, name) => {
                let (Step::Key(key), parent) = path.0.split_last()? else { return None };
                let map = at(root, parent)?.as_object_mut()?;
                let value = map.remove(key)?;
                map.insert(name.to_owned(), value);
            }
        }
        Some(())
    }
}

fn at<'v>(root: &'v mut Value, path: &[Step]) -> Option<&'v mut Value> {
    path.iter().try_fold(root, |value, step| match step {
        Step::Key(key) => value.get_mut(key),
        Step::Name(name) => value.as_array_mut()?.iter_mut().find(|it| it.get("name").is_some_and(|it| it == name)),
        Step::Index(index) => value.get_mut(*index),
    })
}

fn read(text: String) -> Option<Object> {
    let text: Arc<str> = text.into();
    let document = Arc::new(parse_json(SourceId(0), &text, 0..text.len()).ok()??);
    Object::read(&document, document.root())
}

/// What is wrong with an object, by places and words.
fn problems(object: &Object) -> BTreeSet<(String, String)> {
    let (group, version, kind) = (object.group(), object.version(), object.kind());
    let typed = typed::check(object.node(), group, version, kind);
    let typed = typed.or_else(|| typed::check_custom(object.node(), group, kind)).unwrap_or_default();
    let errors = typed.errors.into_iter().map(|it| (it.path.to_string(), it.message));
    let unknown = typed.unknown_fields.into_iter().map(|it| (it.path.to_string(), it.name));
    let refusals = validation::refusals(object);
    let refused = refusals.into_iter().map(|it| (it.place.path.to_string(), it.message));
    errors.chain(unknown).chain(refused).collect()
}
