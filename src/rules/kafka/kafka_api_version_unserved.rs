//! `kafka-api-version-unserved`

use crate::model::{Object, Version};
use crate::rule::{Context, Similar, Verdict, rule};
use crate::source::Span;

/// The first release that serves `v1`.
const V1_SINCE: Version = Version::new(0, 49, 0);
/// The first release that serves nothing else.
const ONLY_V1_SINCE: Version = Version::new(1, 0, 0);

rule!(KafkaApiVersionUnserved, "kafka/kafka-api-version-unserved.md", |walk| walk.environment(|cx| {
    let operators = operators(cx);
    cx.judge_each(cx.index().strimzi_objects(), |it, cx| judge(it, &operators, cx));
}));

/// An operator, pinned in the manifests or named by the configuration.
struct Operator {
    title: String,
    span: Span,
    /// The releases that it may be; none if that is not known.
    releases: Vec<Version>,
}

/// The operators whose definitions the cluster may have, whichever namespaces they watch.
fn operators(cx: &Context<'_>) -> Vec<Operator> {
    let installed = cx.index().strimzi_installations().iter().map(|it| {
        let releases = it.releases();
        let title = if releases.is_empty() { it.object.title() } else { it.title() };
        Operator { title, span: it.span, releases }
    });
    let installed: Vec<Operator> = installed.collect();
    if !installed.is_empty() {
        return installed;
    }
    let configured = cx.index().configured_strimzi().map(|(release, span)| Operator {
        title: format!("Strimzi {release}"),
        span,
        releases: vec![release],
    });
    configured.into_iter().collect()
}

fn judge(object: &Object, operators: &[Operator], cx: &mut Context<'_>) -> Verdict {
    let mut refusing: Option<&Operator> = None;
    for operator in operators {
        if operator.releases.is_empty() {
            return Verdict::open(format!("the release of {} is not known", operator.title));
        }
        if operator.releases.iter().any(|it| is_served(object.version(), *it)) {
            return Verdict::Pass;
        }
        refusing.get_or_insert(operator);
    }
    let Some(operator) = refusing else { return Verdict::NotApplicable };
    let newer = if object.version() == "v1" {
        format!("use v1beta2, or Strimzi {V1_SINCE} or newer")
    } else {
        "convert it to v1 while Strimzi 0.49 to 0.51 still serves both".to_owned()
    };
    let message = format!("{} is {}, which {} does not serve", object.title(), object.version(), operator.title);
    cx.fail(object, object.place(&["apiVersion"]), message)
        .label(operator.span, "the release of the operator")
        .help(newer)
        .listed_with_similar(Similar {
            noun: "resources",
            verdict: "are of an API version that the installed Strimzi does not serve",
            name: object.title(),
            help: "convert them to a version that it serves: v1beta2 up to 0.51, v1 since 0.49",
        })
        .verdict()
}

fn is_served(version: &str, release: Version) -> bool {
    match version {
        "v1" => release >= V1_SINCE,
        // Those before it are told by `removed-api-version`.
        "v1beta2" => release < ONLY_V1_SINCE,
        _ => true,
    }
}
