//! `manifest-invalid`

use super::trial::{Trial, is_no_worse, may_be_tried};
use crate::index::Typing;
use crate::index::validation::{self, Refusal};
use crate::model::typed::{self, Misnamed};
use crate::model::{NeverServed, Object, Place, is_placeholder, never_served};
use crate::rule::{Context, Repair, Verdict, rule};
use crate::rules::kafka::KafkaApiVersionUnserved;
use crate::rules::repairs::correct;
use crate::source::Span;
use crate::yaml::de::ReadError;
use crate::yaml::scalar::Scalar;
use crate::yaml::{Path, Step, Value};
use std::collections::HashSet;

rule!(ManifestInvalid, "manifest/manifest-invalid.md", |walk| walk.objects(judge));

fn judge(object: &Object, cx: &mut Context<'_>) -> Verdict {
    let (group, version, kind) = (object.group(), object.version(), object.kind());
    let is_right = || IsRight::of(object, cx);
    if object.is_live() || cx.index().memo().of_object_anywhere(object, is_right).0 {
        return Verdict::Pass;
    }
    if let Some(never) = never_served(group, version, kind) {
        return report_version(object, &never, cx);
    }
    if let Some(misnamed) = typed::misnamed(group, version, kind) {
        return report_kind(object, &misnamed, cx);
    }
    let memo = cx.index().memo();
    let refusals = memo.of_object_anywhere(object, || validation::refusals(object));
    let takes_zero = refusals.iter().any(is_about_zero) && cx.index().takes_zero(object);
    let refusals: Vec<Refusal> = refusals.iter().filter(|it| !takes_zero || !is_about_zero(it)).cloned().collect();
    match &*cx.typing(object) {
        Typing::Fits => judge_values(object, &[], &refusals, cx),
        Typing::Differs(result) => judge_values(object, &result.errors, &refusals, cx),
        Typing::Untyped => {
            let custom = memo.of_object_anywhere(object, || typed::check_custom(object.node(), group, kind));
            if custom.is_none() && refusals.is_empty() {
                return Verdict::NotApplicable;
            }
            judge_values(object, custom.as_ref().as_ref().map_or(&[], |it| &it.errors), &refusals, cx)
        }
    }
}

/// Whether nothing is wrong with an object of a built-in type: told of most, and once of those that several environments
/// hold.
struct IsRight(bool);

impl IsRight {
    fn of(object: &Object, cx: &Context<'_>) -> IsRight {
        let (group, version, kind) = (object.group(), object.version(), object.kind());
        let is_served = never_served(group, version, kind).is_none() && typed::misnamed(group, version, kind).is_none();
        let refusals = || cx.index().memo().of_object_anywhere(object, || validation::refusals(object));
        IsRight(is_served && matches!(*cx.typing(object), Typing::Fits) && refusals().is_empty())
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
    let wrong = errors.len() + refusals.len();
    for error in errors {
        // What stands in a Secret is never shown, not even where it is wrong.
        let hidden = error.message.split_once(", found").filter(|_| hides).map(|it| it.0);
        let (what, help) = (hidden.unwrap_or(&error.message), error.help.clone().filter(|_| hidden.is_none()));
        let place = Place { span: error.span, path: error.path.clone() };
        let repair = other_quotes(object, error, wrong);
        verdict = cx.fail(object, place, format!("{}: {what}", error.path)).maybe_help(help).fix(repair).verdict();
    }
    // A value of the wrong type is refused for that.
    let mistyped: HashSet<Span> = errors.iter().map(|it| it.span).collect();
    for refusal in refusals.iter().filter(|it| !mistyped.contains(&it.place.span)) {
        let message = format!("{}: {}", refusal.place.path, refusal.message);
        let draft = cx.fail(object, refusal.place.clone(), message).maybe_help(refusal.help.clone());
        verdict = draft.fix(near_value(object, refusal, wrong)).verdict();
    }
    verdict
}

/// The same value as text, or as a number, where nothing but its quotes is wrong: the reader has a word of help then.
fn other_quotes(object: &Object, error: &ReadError, wrong: usize) -> Option<Repair> {
    if error.help.is_none() || !may_be_tried(object, wrong) {
        return None;
    }
    let value = object.node().at_path(&error.path).filter(|it| it.span() == error.span)?;
    let (title, meant, tried): (_, Value, serde_json::Value) = match value.scalar()? {
        Scalar::Str(text) => {
            let number: i64 = text.parse().ok()?;
            ("write the number without quotes", number.into(), number.into())
        }
        Scalar::Bool(_) | Scalar::Int(_) | Scalar::UInt(_) | Scalar::Float(_) => {
            ("write the value in quotes", Value::text(value.text()), value.text().into())
        }
        Scalar::Null => return None,
    };
    let repair = unless_owned(Repair::new().titled(title), &error.path);
    is_no_worse(object, wrong, Trial::Set(&error.path, tried)).then(|| repair.replace(object, value, meant))
}

/// The one value that was probably meant, unless it brings what else is refused, as a second one of its name.
fn near_value(object: &Object, refusal: &Refusal, wrong: usize) -> Option<Repair> {
    let path = &refusal.place.path;
    let meant = refusal.meant.as_deref().filter(|_| may_be_tried(object, wrong))?;
    let value = object.node().at_path(path)?;
    if !refusal.place.span.range().contains(&(value.span().start as usize)) {
        return None;
    }
    let fits = is_no_worse(object, wrong, Trial::Set(path, meant.into()));
    fits.then(|| unless_owned(Repair::new(), path).replace(object, value, Value::text(meant)))
}

/// Releases, storage and identity are a person's to write, whatever was probably meant.
const OWNED: &[&str] = &[
    "accessModes",
    "clusterIP",
    "metadataVersion",
    "podManagementPolicy",
    "serviceName",
    "storage",
    "storageClassName",
    "version",
    "volumeClaimTemplates",
];

fn unless_owned(repair: Repair, path: &Path) -> Repair {
    let is_owned = |it: &Step| matches!(it, Step::Key(key) if OWNED.contains(&key.as_str()));
    if path.0.iter().any(is_owned) {
        return repair.shown_only("releases, storage and identity are for a person to set");
    }
    repair
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
        .fix(object.node().get("apiVersion").map(|it| correct(object, it, right)))
        .merged_into(KafkaApiVersionUnserved::ID, object, span, text)
        .verdict()
}

/// A kind that its group does not have.
fn report_kind(object: &Object, misnamed: &Misnamed, cx: &mut Context<'_>) -> Verdict {
    if is_placeholder(object.kind()) {
        return Verdict::NotApplicable;
    }
    let (key, meant, help) = match misnamed {
        Misnamed::Elsewhere(it) => ("apiVersion", Some(&**it), Some(format!("{} is in {it}", object.kind()))),
        Misnamed::Unknown(near) => ("kind", near.as_deref(), near.map(|it| format!("did you mean `{it}`?"))),
    };
    // What the right kind would be refused for is more than a word.
    let path = Path::of(&[key]);
    let is_right = |meant: &str| may_be_tried(object, 1) && is_no_worse(object, 1, Trial::Set(&path, meant.into()));
    let meant = meant.filter(|it| is_right(it));
    let repair = meant.zip(object.node().get(key)).map(|(meant, node)| correct(object, node, meant));
    let api_version = object.node().str_at(&["apiVersion"]).unwrap_or_default();
    let span = object.node().place(&[key]);
    let message = format!("{api_version} has no kind {}", object.kind());
    cx.fail(object, Place { span, path }, message).maybe_help(help).fix(repair).verdict()
}
