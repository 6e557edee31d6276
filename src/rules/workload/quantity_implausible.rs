//! `quantity-implausible`

use crate::index::Workload;
use crate::model::{Object, PodTemplate, Quantity, products};
use crate::rule::{Context, Verdict, rule};
use crate::rules::parts::judge_parts;
use crate::rules::words::is_open;
use crate::yaml::NodeRef;

/// No machine has so many cpus.
const MANY_CPUS: Quantity = Quantity(1000 * 1000);
/// No program runs in less memory.
const LITTLE_MEMORY: Quantity = Quantity(1000 << 20);
/// No container has so much.
const MUCH_MEMORY: Quantity = Quantity((10 * 1000) << 40);

rule!(QuantityImplausible, "workload/quantity-implausible.md", |walk| {
    walk.workloads(judge_workload);
    for (group, kind, sections) in SECTIONS {
        walk.of_kinds(&[(group, kind)], |object, cx| {
            let sections = sections.iter().flat_map(|keys| below(object.node(), keys));
            judge_parts(object, sections, cx, |it, cx| judge_section(object, &object.title(), it, cx))
        });
    }
    walk.of_kinds(&[("", "LimitRange")], judge_range);
    walk.of_kinds(&[("", "PersistentVolumeClaim")], |claim, cx| {
        judge_amount(
            claim,
            (&claim.title(), "asks for"),
            claim.node(),
            &["spec", "resources", "requests", "storage"],
            cx,
        )
    });
});

/// Where custom resources give their pods requests and limits.
const SECTIONS: &[(&str, &str, &[&[&str]])] = &[
    (
        products::STRIMZI,
        "Kafka",
        &[
            &["spec", "kafka", "resources"],
            &["spec", "zookeeper", "resources"],
            &["spec", "entityOperator", "topicOperator", "resources"],
            &["spec", "entityOperator", "userOperator", "resources"],
            &["spec", "cruiseControl", "resources"],
            &["spec", "kafkaExporter", "resources"],
        ],
    ),
    (products::STRIMZI, "KafkaNodePool", &[RESOURCES]),
    (products::STRIMZI, "KafkaConnect", &[RESOURCES]),
    (products::STRIMZI, "KafkaMirrorMaker2", &[RESOURCES]),
    (products::STRIMZI, "KafkaBridge", &[RESOURCES]),
    (products::CNPG, "Cluster", &[RESOURCES]),
    (products::ZALANDO, "postgresql", &[RESOURCES]),
    (products::CRUNCHY, "PostgresCluster", &[&["spec", "instances", "resources"]]),
    (products::PERCONA, "PerconaPGCluster", &[&["spec", "instances", "resources"]]),
    (products::RABBITMQ, "RabbitmqCluster", &[RESOURCES]),
];
const RESOURCES: &[&str] = &["spec", "resources"];

/// What stands at a path, with each item of a list in its place.
fn below<'a>(node: NodeRef<'a>, keys: &[&str]) -> Vec<NodeRef<'a>> {
    keys.iter().fold(vec![node], |found, key| {
        let next = found.into_iter().filter_map(|it| it.get(key));
        next.flat_map(|it| if it.is_seq() { it.items().collect() } else { vec![it] }).collect()
    })
}

fn judge_workload(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    let Some(template) = workload.template.filter(|_| PodTemplate::of(object, workload.kind).is_some()) else {
        return Verdict::NotApplicable;
    };
    let containers = template.init_containers().chain(template.containers());
    let resources = containers.filter_map(|it| Some((it, it.node().get("resources")?)));
    let of_containers = judge_parts(object, resources, cx, |(container, section), cx| {
        judge_section(object, &format!("container {}", container.name()), section, cx)
    });
    let of_volumes = judge_parts(object, template.volumes(), cx, |volume, cx| {
        let who = format!("volume {}", volume.str_at(&["name"]).unwrap_or_default());
        judge_amount(object, (&who, "is limited to"), volume, &["emptyDir", "sizeLimit"], cx)
    });
    worse(of_containers, of_volumes)
}

fn worse(one: Verdict, other: Verdict) -> Verdict {
    let rank = |it: &Verdict| match it {
        Verdict::Fail => 3,
        Verdict::NotVerifiable(_) => 2,
        Verdict::Pass => 1,
        Verdict::NotApplicable => 0,
    };
    if rank(&other) > rank(&one) { other } else { one }
}

/// Requests and limits of a container, or of the pods of a custom resource.
fn judge_section(object: &Object, who: &str, section: NodeRef<'_>, cx: &mut Context<'_>) -> Verdict {
    let mut verdict = Verdict::NotApplicable;
    for resource in ["cpu", "memory"] {
        let amounts = ["requests", "limits"].map(|it| section.at(&[it, resource]).and_then(Quantity::read));
        if matches!(amounts, [Some(request), Some(limit)] if request > limit) {
            verdict = worse(verdict, Verdict::Pass);
            continue; // The API server refuses it, and that is said.
        }
        for (kind, verb) in [("requests", "requests"), ("limits", "is limited to")] {
            verdict = worse(verdict, judge_amount(object, (who, verb), section, &[kind, resource], cx));
        }
    }
    verdict
}

/// What containers of a namespace get that say nothing themselves.
fn judge_range(range: &Object, cx: &mut Context<'_>) -> Verdict {
    judge_parts(range, range.node().items_at(&["spec", "limits"]), cx, |limit, cx| {
        let mut verdict = Verdict::NotApplicable;
        for (kind, verb) in [("default", "limits containers to"), ("defaultRequest", "makes containers request")] {
            for resource in ["cpu", "memory"] {
                verdict = worse(verdict, judge_amount(range, (&range.title(), verb), limit, &[kind, resource], cx));
            }
        }
        verdict
    })
}

/// One amount, whose last key says of what.
fn judge_amount(
    object: &Object,
    (who, verb): (&str, &str),
    section: NodeRef<'_>,
    keys: &[&str],
    cx: &mut Context<'_>,
) -> Verdict {
    let Some(written) = section.at(keys) else { return Verdict::NotApplicable };
    if is_open(written.text()) {
        return Verdict::open("an amount is a template placeholder");
    }
    let resource = match keys.last() {
        Some(&"cpu") => "cpu",
        Some(&"memory") => "memory",
        _ => "storage",
    };
    let Some((means, help)) = Quantity::read(written).and_then(|it| wrong(resource, written.text(), it)) else {
        return Verdict::Pass;
    };
    let message = format!("{who} {verb} {resource} {}, which {means}", written.text());
    cx.fail(object, object.place_in(section, keys), message).help(help).verdict()
}

/// What an amount means, and what may have been meant.
type Wrong = (String, String);

fn wrong(resource: &str, written: &str, amount: Quantity) -> Option<Wrong> {
    let number = written.trim_end_matches(|it: char| it.is_ascii_alphabetic());
    if resource == "cpu" {
        let help = if number == written {
            format!("write {number}m for thousandths of a cpu")
        } else {
            format!("write {number} for whole cpus, or {number}m for thousandths of one")
        };
        return (amount >= MANY_CPUS).then(|| (format!("is {} cpus", amount.0 / 1000), help));
    }
    if resource == "memory" && amount >= MUCH_MEMORY {
        let means = format!("is {} TiB", amount.0 / (1000 << 40));
        return Some((means, "write Gi for gibibytes, or Mi for mebibytes".to_owned()));
    }
    if amount.0 == 0 || amount >= LITTLE_MEMORY {
        return None;
    }
    let means = match (written.ends_with('m'), amount.0) {
        (true, ..1000) => "is less than a byte: m stands for thousandths".to_owned(),
        (true, milli) => format!("is {} bytes: m stands for thousandths", milli / 1000),
        (false, ..1000) => "is less than a byte".to_owned(),
        (false, milli) => format!("is {} bytes", milli / 1000),
    };
    let unit = if number.contains('.') { "Gi" } else { "Mi" };
    Some((means, format!("write the unit: {number}{unit}, perhaps")))
}
