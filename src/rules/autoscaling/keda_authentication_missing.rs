//! `keda-authentication-missing`

use crate::model::Object;
use crate::model::products::KEDA;
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::rules::absence::doubt_of_absence;
use crate::rules::words::is_open;
use crate::yaml::NodeRef;

pub(crate) struct KedaAuthenticationMissing;

const KIND: &str = "TriggerAuthentication";

impl Rule for KedaAuthenticationMissing {
    const PAGE: &'static str = include_str!("../../../rules/autoscaling/keda-authentication-missing.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            for scaler in index.of_kind(KEDA, "ScaledObject").chain(index.of_kind(KEDA, "ScaledJob")) {
                for trigger in scaler.node().items_at(&["spec", "triggers"]) {
                    if let Some(reference) = trigger.at(&["authenticationRef"]) {
                        check_reference(scaler, reference, cx);
                    }
                }
            }
            for authentication in index.of_kind(KEDA, KIND) {
                check_secrets(authentication, cx);
            }
        });
    }
}

fn check_reference(scaler: &Object, reference: NodeRef<'_>, cx: &mut Context<'_>) {
    // One for the whole cluster is found from everywhere, and its Secrets lie beside KEDA.
    if !matches!(reference.str_at(&["kind"]).unwrap_or_default(), "" | KIND) {
        return;
    }
    let Some(name) = reference.str_at(&["name"]).filter(|it| !it.is_empty() && !is_open(it)) else { return };
    let index = cx.index();
    if index.find(scaler, KEDA, KIND, name).is_some() {
        return cx.pass(scaler);
    }
    let elsewhere = index.named(KEDA, KIND, name).first().copied();
    if let Some(reason) = doubt_of_absence(scaler, (KEDA, KIND, name), elsewhere, cx) {
        return cx.not_verifiable(scaler, reason);
    }
    let message = format!("{} logs in by {KIND} {name}, which is not {}", scaler.title(), namespace_of(scaler));
    let near = index.of_kind(KEDA, KIND).find(|it| it.namespace() == scaler.namespace());
    let draft = cx.fail(scaler, scaler.place_in(reference, &["name"]), message).help(
        "KEDA looks for it beside the scaler alone, asks the source without a login and scales nothing: add it there, \
         or use a ClusterTriggerAuthentication",
    );
    if let Some(there) = elsewhere {
        draft.label(there.name_span(), format!("this one is {}", namespace_of(there)));
    } else if let Some(near) = near {
        draft.label(near.name_span(), "this one is there");
    }
}

/// The Secrets that an authentication reads in its own namespace.
fn check_secrets(authentication: &Object, cx: &mut Context<'_>) {
    let index = cx.index();
    for target in authentication.node().items_at(&["spec", "secretTargetRef"]) {
        let Some(name) = target.str_at(&["name"]).filter(|it| !it.is_empty() && !is_open(it)) else { continue };
        let is_made = || {
            index.find(authentication, "", "Secret", name).is_some()
                || index.maker_of_name(authentication, None, name).is_some()
                || index.is_named_by_custom_resource(name)
        };
        // Secrets are rarely among manifests: only one that stands in the wrong place is certain.
        let Some(there) = index.named("", "Secret", name).first().copied().filter(|_| !is_made()) else { continue };
        if doubt_of_absence(authentication, ("", "Secret", name), Some(there), cx).is_some() {
            continue;
        }
        let message =
            format!("{} reads Secret {name}, which is not {}", authentication.title(), namespace_of(authentication));
        cx.fail(authentication, authentication.place_in(target, &["name"]), message)
            .absent(&["Secret"])
            .label(there.name_span(), format!("this one is {}", namespace_of(there)))
            .help("KEDA reads Secrets beside the TriggerAuthentication alone: move one of the two");
        return;
    }
}

fn namespace_of(object: &Object) -> String {
    object.namespace().map_or_else(|| "in its namespace".to_owned(), |it| format!("in namespace {it}"))
}
