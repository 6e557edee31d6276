//! `kafka-api-version-unserved`

use crate::index::kafka::Release;
use crate::index::kafka::operator::Installation;
use crate::index::kafka::releases;
use crate::model::Object;
use crate::rule::{Alike, Context, NoParams, Rule};

pub(in crate::rules) struct KafkaApiVersionUnserved;

/// The first release that serves `v1`.
const V1_SINCE: Release = (0, 49, 0);
/// The first release that serves nothing else.
const ONLY_V1_SINCE: Release = (1, 0, 0);

impl Rule for KafkaApiVersionUnserved {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-api-version-unserved.md");
    type Params = NoParams;

    fn check(_: &NoParams, cx: &mut Context<'_>) {
        if cx.index().strimzi_installations().is_empty() {
            return;
        }
        for object in cx.index().strimzi_objects() {
            check_object(object, cx);
        }
    }
}

fn check_object(object: &Object, cx: &mut Context<'_>) {
    // The definitions of resources are the cluster's, whichever namespaces an operator watches.
    let mut refusing: Option<&Installation<'_>> = None;
    for installation in cx.index().strimzi_installations() {
        let releases = installation.releases();
        if releases.is_empty() {
            return cx.not_verifiable(object, format!("the release of {} is not known", installation.object.title()));
        }
        if releases.iter().any(|it| is_served(object.version(), *it)) {
            return cx.pass(object);
        }
        refusing.get_or_insert(installation);
    }
    let Some(installation) = refusing else { return };
    let newer = if object.version() == "v1" {
        format!("use v1beta2, or Strimzi {} or newer", releases::name(V1_SINCE))
    } else {
        "convert it to v1 while Strimzi 0.49 to 0.51 still serves both".to_owned()
    };
    let message = format!("{} is {}, which {} does not serve", object.title(), object.version(), installation.title());
    cx.fail(object, object.place(&["apiVersion"]), message)
        .label(installation.span, "the release of the operator")
        .help(newer)
        .alike(Alike {
            noun: "resources",
            verdict: "are of an API version that the installed Strimzi does not serve",
            name: object.title(),
            help: "convert them to a version that it serves: v1beta2 up to 0.51, v1 since 0.49",
        });
}

fn is_served(version: &str, release: Release) -> bool {
    match version {
        "v1" => release >= V1_SINCE,
        // Those before it are told by `removed-api-version`.
        "v1beta2" => release < ONLY_V1_SINCE,
        _ => true,
    }
}
