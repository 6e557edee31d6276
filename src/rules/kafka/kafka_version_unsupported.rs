//! `kafka-version-unsupported`

use super::pins::{supported_by, supporters};
use crate::index::kafka::STRIMZI;
use crate::index::kafka::releases;
use crate::model::Object;
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::rules::words::is_open;
use crate::source::Span;

pub(crate) struct KafkaVersionUnsupported;

/// The kinds that name a version of Kafka, and where.
const KINDS: [(&str, &[&str]); 3] = [
    ("Kafka", &["spec", "kafka", "version"]),
    ("KafkaConnect", &["spec", "version"]),
    ("KafkaMirrorMaker2", &["spec", "version"]),
];

impl Rule for KafkaVersionUnsupported {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-version-unsupported.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for (kind, keys) in KINDS {
                for object in cx.index().of_kind(STRIMZI, kind) {
                    if let Some(version) = object.node().str_at(keys) {
                        check_version(object, keys, version, cx);
                    }
                }
            }
        });
    }
}

fn check_version(object: &Object, keys: &[&str], version: &str, cx: &mut Context<'_>) {
    if is_open(version) {
        return cx.not_verifiable(object, "the version of Kafka is a template placeholder");
    }
    let installations = cx.index().strimzi_installations_of(object);
    if installations.is_empty() {
        let Some((release, span)) = cx.index().configured_strimzi() else {
            return cx.not_verifiable(object, "the manifests do not tell which release of Strimzi runs it");
        };
        let title = format!("Strimzi {release}");
        let Some(known) = releases::of(release) else {
            return cx.not_verifiable(object, format!("what {title} supports is not known"));
        };
        if known.versions.contains(&version) {
            return cx.pass(object);
        }
        let supported = known.versions.iter().map(|it| (*it).to_owned()).collect();
        return refuse(object, keys, version, &Operator { title, span, supported }, cx);
    }
    let mut refusing: Option<Operator> = None;
    for installation in installations {
        let Some(supported) = supported_by(installation) else {
            let reason = format!("what {} supports is not known", installation.object.title());
            return cx.not_verifiable(object, reason);
        };
        if supported.iter().any(|it| it == version) {
            return cx.pass(object);
        }
        refusing.get_or_insert(Operator { title: installation.title(), span: installation.span, supported });
    }
    if let Some(operator) = refusing {
        refuse(object, keys, version, &operator, cx);
    }
}

/// An operator, pinned in the manifests or named by the configuration.
struct Operator {
    title: String,
    span: Span,
    supported: Vec<String>,
}

fn refuse(object: &Object, keys: &[&str], version: &str, operator: &Operator, cx: &mut Context<'_>) {
    let Operator { title, supported, .. } = operator;
    let message =
        format!("{} asks for Kafka {version}, but {title} runs only {}", object.title(), supported.join(", "));
    let upgrade = match supporters(version) {
        Some((first, last)) if first == last => format!(", or install Strimzi {first}, which runs {version}"),
        Some((first, last)) => format!(", or install Strimzi {first} to {last}, which run {version}"),
        None => String::new(),
    };
    cx.fail(object, object.place(keys), message)
        .evidence("version", version)
        .label(operator.span, "the release of the operator")
        .help(format!(
            "the operator reconciles nothing of it, certificates and restarts included: choose one of its versions{upgrade}"
        ));
}
