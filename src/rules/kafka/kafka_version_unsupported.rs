//! `kafka-version-unsupported`

use super::pins::{supported_by, supporters};
use crate::index::kafka::STRIMZI;
use crate::index::kafka::operator::Installation;
use crate::model::Object;
use crate::rule::{Context, NoParams, Rule};
use crate::rules::words::is_open;

pub(in crate::rules) struct KafkaVersionUnsupported;

/// The kinds that name a version of Kafka, and where.
const KINDS: [(&str, &[&str]); 3] = [
    ("Kafka", &["spec", "kafka", "version"]),
    ("KafkaConnect", &["spec", "version"]),
    ("KafkaMirrorMaker2", &["spec", "version"]),
];

impl Rule for KafkaVersionUnsupported {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-version-unsupported.md");
    type Params = NoParams;

    fn check(_: &NoParams, cx: &mut Context<'_>) {
        for (kind, keys) in KINDS {
            for object in cx.index().of_kind(STRIMZI, kind) {
                if let Some(version) = object.node().str_at(keys) {
                    check_version(object, keys, version, cx);
                }
            }
        }
    }
}

fn check_version(object: &Object, keys: &[&str], version: &str, cx: &mut Context<'_>) {
    if is_open(version) {
        return cx.not_verifiable(object, "the version of Kafka is filled in later");
    }
    let installations = cx.index().strimzi_installations_of(object);
    if installations.is_empty() {
        return cx.not_verifiable(object, "the manifests do not tell which release of Strimzi runs it");
    }
    let mut refusing: Option<(&Installation<'_>, Vec<String>)> = None;
    for installation in installations {
        let Some(supported) = supported_by(installation) else {
            let reason = format!("what {} supports is not known", installation.object.title());
            return cx.not_verifiable(object, reason);
        };
        if supported.iter().any(|it| it == version) {
            return cx.pass(object);
        }
        refusing.get_or_insert((installation, supported));
    }
    let Some((installation, supported)) = refusing else { return };
    let message = format!(
        "{} asks for Kafka {version}, but {} runs only {}",
        object.title(),
        installation.title(),
        supported.join(", ")
    );
    let upgrade = match supporters(version) {
        Some((first, last)) if first == last => format!(", or install Strimzi {first}, which runs {version}"),
        Some((first, last)) => format!(", or install Strimzi {first} to {last}, which run {version}"),
        None => String::new(),
    };
    cx.fail(object, object.place(keys), message)
        .evidence("version", version)
        .label(installation.span, "the release of the operator")
        .help(format!(
            "the operator reconciles nothing of it, certificates and restarts included: choose one of its versions{upgrade}"
        ));
}
