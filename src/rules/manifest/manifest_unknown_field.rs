//! `manifest-unknown-field`

use super::trial::{Trial, is_no_worse, may_be_tried};
use crate::index::Typing;
use crate::model::typed::Unknown;
use crate::model::{Object, Place};
use crate::rule::{Context, Repair, Verdict, rule};
use crate::yaml::Path;

/// How the directives of a strategic merge patch begin, as in `$patch: delete`: what holds one is no object.
const DIRECTIVE: char = '$';

rule!(ManifestUnknownField, "manifest/manifest-unknown-field.md", |walk| walk.objects(judge));

fn judge(object: &Object, cx: &mut Context<'_>) -> Verdict {
    let typing = cx.typing(object);
    let unknown_fields = match &*typing {
        Typing::Untyped => return Verdict::NotApplicable,
        Typing::Fits => return Verdict::Pass,
        Typing::Differs(result) => &result.unknown_fields,
    };
    if unknown_fields.iter().any(|it| it.name.starts_with(DIRECTIVE)) {
        return Verdict::NotApplicable;
    }
    let mut verdict = Verdict::Pass;
    for unknown in unknown_fields {
        verdict = report(object, unknown, unknown_fields.len(), cx);
    }
    verdict
}

fn report(object: &Object, unknown: &Unknown, wrong: usize, cx: &mut Context<'_>) -> Verdict {
    let parent = Path(unknown.path.0.split_last().map(|(_, parent)| parent.to_vec()).unwrap_or_default());
    let place = Place { span: unknown.key_span, path: unknown.path.clone() };
    let holder = if parent.0.is_empty() { format!("a {}", object.kind()) } else { format!("`{parent}`") };
    cx.fail(object, place, format!("{holder} has no field `{}`", unknown.name))
        .fix(renamed(object, unknown, &parent, wrong))
        .maybe_help(unknown.suggestion.as_ref().map(|it| format!("did you mean `{it}`?")))
        .verdict()
}

/// The field that was meant, where it is not there as well and takes the value as it is.
fn renamed(object: &Object, unknown: &Unknown, parent: &Path, wrong: usize) -> Option<Repair> {
    let meant = unknown.suggestion.as_ref().filter(|_| may_be_tried(object, wrong))?;
    let map = object.node().at_path(parent)?;
    let is_it = map.entry(&unknown.name).is_some_and(|it| it.key.span() == unknown.key_span);
    let is_free = is_it && map.get(meant).is_none();
    let fits = is_free && is_no_worse(object, wrong, Trial::Rename(&unknown.path, meant));
    fits.then(|| Repair::new().rename_in(object, map, &unknown.name, meant.clone()))
}
