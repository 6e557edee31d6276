//! `manifest-invalid`

use crate::index::Typing;
use crate::index::validation::{self, Refusal};
use crate::model::typed::{self, Misnamed};
use crate::model::{NeverServed, Object, Place, is_placeholder, never_served};
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::rules::kafka::KafkaApiVersionUnserved;
use crate::yaml::Path;
use crate::yaml::de::ReadError;

pub(crate) struct ManifestInvalid;

impl Rule for ManifestInvalid {
    const PAGE: &'static str = include_str!("../../../rules/manifest/manifest-invalid.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.part(|cx| {
            for object in cx.objects() {
                let (group, version, kind) = (object.group(), object.version(), object.kind());
                if object.is_live() {
                    cx.pass(object);
                    continue;
                }
                if let Some(never) = never_served(group, version, kind) {
                    report_version(object, &never, cx);
                    continue;
                }
                if let Some(misnamed) = typed::misnamed(group, version, kind) {
                    report_kind(object, &misnamed, cx);
                    continue;
                }
                match &*cx.typing(object) {
                    Typing::Fits => refuse(object, &[], validation::refusals(object), cx),
                    Typing::Differs(result) => refuse(object, &result.errors, validation::refusals(object), cx),
                    Typing::Untyped => {
                        let result = typed::check_custom(object.node(), group, kind);
                        let errors = result.as_ref().map_or(&[][..], |it| &it.errors);
                        let refusals = validation::refusals(object);
                        if result.is_some() || !refusals.is_empty() {
                            refuse(object, errors, refusals, cx);
                        }
                    }
                }
            }
        });
    }
}

/// The values that do not fit their types, and those that are refused all the same, or a pass.
fn refuse(object: &Object, errors: &[ReadError], mut refusals: Vec<Refusal>, cx: &mut Context<'_>) {
    // A value of the wrong type is refused for that.
    refusals.retain(|it| errors.iter().all(|error| error.span != it.place.span));
    if refusals.is_empty() {
        return report(object, errors.to_vec(), cx);
    }
    if !errors.is_empty() {
        report(object, errors.to_vec(), cx);
    }
    for refusal in refusals {
        let message = format!("{}: {}", refusal.place.path, refusal.message);
        let draft = cx.fail(object, refusal.place, message);
        if let Some(help) = refusal.help {
            draft.help(help);
        }
    }
}

/// The values that do not fit their types, or a pass.
fn report(object: &Object, errors: Vec<ReadError>, cx: &mut Context<'_>) {
    if errors.is_empty() {
        cx.pass(object);
    }
    let hides = object.is("", "Secret");
    for mut error in errors {
        // What stands in a Secret is never shown, not even where it is wrong.
        if let Some((expected, _)) = error.message.split_once(", found").filter(|_| hides) {
            (error.message, error.help) = (expected.to_owned(), None);
        }
        let message = format!("{}: {}", error.path, error.message);
        let draft = cx.fail(object, Place { span: error.span, path: error.path }, message);
        if let Some(help) = error.help {
            draft.help(help);
        }
    }
}

/// An API version that no server ever had.
fn report_version(object: &Object, never: &NeverServed, cx: &mut Context<'_>) {
    let api_version = object.node().str_at(&["apiVersion"]).unwrap_or_default();
    let kind = object.kind();
    let (message, right) = match never {
        NeverServed::Version(right) => (format!("apiVersion {api_version} of {kind} was never served"), right),
        NeverServed::Group(right) => (format!("there is no API group for apiVersion {api_version} of {kind}"), right),
    };
    let place = object.place(&["apiVersion"]);
    let span = place.span;
    cx.fail(object, place, message).help(format!("write apiVersion: {right}")).merged_into(
        KafkaApiVersionUnserved::ID,
        object,
        span,
        "no release of Strimzi ever served it",
    );
}

/// A kind that its group does not have.
fn report_kind(object: &Object, misnamed: &Misnamed, cx: &mut Context<'_>) {
    if is_placeholder(object.kind()) {
        return;
    }
    let (key, help) = match misnamed {
        Misnamed::Elsewhere(api_version) => ("apiVersion", Some(format!("{} is in {api_version}", object.kind()))),
        Misnamed::Unknown(near) => ("kind", near.map(|it| format!("did you mean `{it}`?"))),
    };
    let api_version = object.node().str_at(&["apiVersion"]).unwrap_or_default();
    let span = object.node().place(&[key]);
    let message = format!("{api_version} has no kind {}", object.kind());
    let draft = cx.fail(object, Place { span, path: Path::of(&[key]) }, message);
    if let Some(help) = help {
        draft.help(help);
    }
}
