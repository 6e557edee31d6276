//! `manifest-invalid`

use crate::index::Typing;
use crate::index::validation::{self, Refusal};
use crate::model::typed::{self, Misnamed};
use crate::model::{NeverServed, Object, Place, is_placeholder, never_served};
use crate::rule::{Context, Verdict, rule};
use crate::rules::kafka::KafkaApiVersionUnserved;
use crate::yaml::Path;
use crate::yaml::de::ReadError;

rule!(ManifestInvalid, "manifest/manifest-invalid.md", |walk| walk.objects(judge));

fn judge(object: &Object, cx: &mut Context<'_>) -> Verdict {
    let (group, version, kind) = (object.group(), object.version(), object.kind());
    if object.is_live() {
        return Verdict::Pass;
    }
    if let Some(never) = never_served(group, version, kind) {
        return report_version(object, &never, cx);
    }
    if let Some(misnamed) = typed::misnamed(group, version, kind) {
        return report_kind(object, &misnamed, cx);
    }
    let memo = cx.index().memo();
    let refusals = memo.of_object(object, || validation::refusals(object));
    let takes_zero = refusals.iter().any(is_about_zero) && cx.index().takes_zero(object);
    let refusals: Vec<Refusal> = refusals.iter().filter(|it| !takes_zero || !is_about_zero(it)).cloned().collect();
    match &*cx.typing(object) {
        Typing::Fits => judge_values(object, &[], &refusals, cx),
        Typing::Differs(result) => judge_values(object, &result.errors, &refusals, cx),
        Typing::Untyped => {
            let custom = memo.of_object(object, || typed::check_custom(object.node(), group, kind));
            if custom.is_none() && refusals.is_empty() {
                return Verdict::NotApplicable;
            }
            judge_values(object, custom.as_ref().as_ref().map_or(&[], |it| &it.errors), &refusals, cx)
        }
    }
}

/// Whether a minimum of 0 is refused.
fn is_about_zero(refusal: &Refusal) -> bool {
    refusal.place.path.to_string() == "spec.minReplicas"
}

/// Judges the values that do not fit their types, and those that are refused all the same.
fn judge_values(object: &Object, errors: &[ReadError], refusals: &[Refusal], cx: &mut Context<'_>) -> Verdict {
    let mut verdict = Verdict::Pass;
    let hides = object.is("", "Secret");
    for error in errors {
        // What stands in a Secret is never shown, not even where it is wrong.
        let hidden = error.message.split_once(", found").filter(|_| hides).map(|it| it.0);
        let (what, help) = (hidden.unwrap_or(&error.message), error.help.clone().filter(|_| hidden.is_none()));
        let place = Place { span: error.span, path: error.path.clone() };
        verdict = cx.fail(object, place, format!("{}: {what}", error.path)).maybe_help(help).verdict();
    }
    // A value of the wrong type is refused for that.
    for refusal in refusals.iter().filter(|it| errors.iter().all(|error| error.span != it.place.span)) {
        let message = format!("{}: {}", refusal.place.path, refusal.message);
        verdict = cx.fail(object, refusal.place.clone(), message).maybe_help(refusal.help.clone()).verdict();
    }
    verdict
}

/// An API version that no server ever had.
fn report_version(object: &Object, never: &NeverServed, cx: &mut Context<'_>) -> Verdict {
    let api_version = object.node().str_at(&["apiVersion"]).unwrap_or_default();
    let kind = object.kind();
    let (message, right) = match never {
        NeverServed::Version(right) => (format!("apiVersion {api_version} of {kind} was never served"), right),
        NeverServed::Group(right) => (format!("there is no API group for apiVersion {api_version} of {kind}"), right),
    };
    let place = object.place(&["apiVersion"]);
    let span = place.span;
    let text = "no release of Strimzi ever served it";
    cx.fail(object, place, message)
        .help(format!("write apiVersion: {right}"))
        .merged_into(KafkaApiVersionUnserved::ID, object, span, text)
        .verdict()
}

/// A kind that its group does not have.
fn report_kind(object: &Object, misnamed: &Misnamed, cx: &mut Context<'_>) -> Verdict {
    if is_placeholder(object.kind()) {
        return Verdict::NotApplicable;
    }
    let (key, help) = match misnamed {
        Misnamed::Elsewhere(api_version) => ("apiVersion", Some(format!("{} is in {api_version}", object.kind()))),
        Misnamed::Unknown(near) => ("kind", near.map(|it| format!("did you mean `{it}`?"))),
    };
    let api_version = object.node().str_at(&["apiVersion"]).unwrap_or_default();
    let span = object.node().place(&[key]);
    let message = format!("{api_version} has no kind {}", object.kind());
    cx.fail(object, Place { span, path: Path::of(&[key]) }, message).maybe_help(help).verdict()
}
