//! `manifest-unknown-field`

use crate::index::Typing;
use crate::model::typed::Unknown;
use crate::model::{Object, Place};
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::yaml::Path;

pub(crate) struct ManifestUnknownField;

/// How the directives of a strategic merge patch begin, as in `$patch: delete`: what holds one is no object.
const DIRECTIVE: char = '$';

impl Rule for ManifestUnknownField {
    const PAGE: &'static str = include_str!("../../../rules/manifest/manifest-unknown-field.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.part(|cx| {
            for object in cx.objects() {
                let typing = cx.typing(object);
                let result = match &*typing {
                    Typing::Untyped => continue,
                    Typing::Fits => {
                        cx.pass(object);
                        continue;
                    }
                    Typing::Differs(result) => result,
                };
                if result.unknown_fields.iter().any(|it| it.name.starts_with(DIRECTIVE)) {
                    continue;
                }
                if result.unknown_fields.is_empty() {
                    cx.pass(object);
                }
                for unknown in &result.unknown_fields {
                    report(object, unknown.clone(), cx);
                }
            }
        });
    }
}

fn report(object: &Object, unknown: Unknown, cx: &mut Context<'_>) {
    let parent = Path(unknown.path.0.split_last().map(|(_, parent)| parent.to_vec()).unwrap_or_default());
    let place = Place { span: unknown.key_span, path: unknown.path };
    let holder = if parent.0.is_empty() { format!("a {}", object.kind()) } else { format!("`{parent}`") };
    let draft = cx.fail(object, place, format!("{holder} has no field `{}`", unknown.name));
    if let Some(field) = unknown.suggestion {
        draft.help(format!("did you mean `{field}`?"));
    }
}
