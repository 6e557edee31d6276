//! `kafka-version-unsupported`

use super::pins::{supported_by, supporters};
use crate::index::kafka::STRIMZI;
use crate::index::kafka::releases;
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::is_open;
use crate::source::Span;

/// The kinds that name a version of Kafka.
const KINDS: [(&str, &str); 3] = [(STRIMZI, "Kafka"), (STRIMZI, "KafkaConnect"), (STRIMZI, "KafkaMirrorMaker2")];

rule!(KafkaVersionUnsupported, "kafka/kafka-version-unsupported.md", |walk| walk.of_kinds(&KINDS, judge));

fn judge(object: &Object, cx: &mut Context<'_>) -> Verdict {
    let keys: &[&str] = if object.kind() == "Kafka" { &["spec", "kafka", "version"] } else { &["spec", "version"] };
    let Some(version) = object.node().str_at(keys) else { return Verdict::NotApplicable };
    if is_open(version) {
        return Verdict::open("the version of Kafka is a template placeholder");
    }
    let installations = cx.index().strimzi_installations_of(object);
    if installations.is_empty() {
        let Some((release, span)) = cx.index().configured_strimzi() else {
            return Verdict::open("the manifests do not tell which release of Strimzi runs it");
        };
        let title = format!("Strimzi {release}");
        let Some(known) = releases::of(release) else {
            return Verdict::open(format!("what {title} supports is not known"));
        };
        if known.versions.contains(&version) {
            return Verdict::Pass;
        }
        let supported = known.versions.iter().map(|it| (*it).to_owned()).collect();
        return refuse(object, keys, version, &Operator { title, span, supported }, cx);
    }
    let mut refusing: Option<Operator> = None;
    for installation in installations {
        let Some(supported) = supported_by(installation) else {
            return Verdict::open(format!("what {} supports is not known", installation.object.title()));
        };
        if supported.iter().any(|it| it == version) {
            return Verdict::Pass;
        }
        refusing.get_or_insert(Operator { title: installation.title(), span: installation.span, supported });
    }
    let Some(operator) = refusing else { return Verdict::NotApplicable };
    refuse(object, keys, version, &operator, cx)
}

/// An operator, pinned in the manifests or named by the configuration.
struct Operator {
    title: String,
    span: Span,
    supported: Vec<String>,
}

fn refuse(object: &Object, keys: &[&str], version: &str, operator: &Operator, cx: &mut Context<'_>) -> Verdict {
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
        ))
        .verdict()
}
