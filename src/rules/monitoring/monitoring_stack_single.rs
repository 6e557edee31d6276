//! `monitoring-stack-single`

use crate::index::{Chart, Setting};
use crate::model::{Object, products};
use crate::rule::{Context, Repair, Verdict, rule};
use crate::rules::words::count;
use crate::yaml::NodeRef;

/// What is lost while the one pod of a part is down.
struct Part {
    group: &'static str,
    kind: &'static str,
    keys: &'static [&'static str],
    wanted: i64,
    loss: &'static str,
}

const PARTS: &[Part] = &[
    Part {
        group: products::PROMETHEUS,
        kind: "Prometheus",
        keys: &["spec", "replicas"],
        wanted: 2,
        loss: "nothing is measured and no alert fires",
    },
    Part {
        group: products::PROMETHEUS,
        kind: "Alertmanager",
        keys: &["spec", "replicas"],
        wanted: 3,
        loss: "no alert is delivered",
    },
    Part {
        group: products::PROMETHEUS,
        kind: "ThanosRuler",
        keys: &["spec", "replicas"],
        wanted: 2,
        loss: "its alerts do not fire",
    },
    Part {
        group: "grafana.integreatly.org",
        kind: "Grafana",
        keys: &["spec", "deployment", "spec", "replicas"],
        wanted: 2,
        loss: "no dashboard is shown",
    },
];

rule!(MonitoringStackSingle, "monitoring/monitoring-stack-single.md", |walk| {
    for part in PARTS {
        walk.of_kinds(&[(part.group, part.kind)], |it, cx| judge_part(part, it, cx));
    }
    for (kind, values) in IN_STACK {
        walk.each(
            |index| index.chart_releases().iter().filter(|it| it.name == STACK),
            |it, cx| judge_chart(it, kind, *values, cx),
        );
    }
});

/// The chart that brings two of the parts with their operator.
const STACK: &str = "kube-prometheus-stack";

/// Their kinds, each with the chart's values for the switch and the number.
const IN_STACK: &[(&str, [&str; 2])] = &[
    ("Prometheus", ["prometheus.enabled", "prometheus.prometheusSpec.replicas"]),
    ("Alertmanager", ["alertmanager.enabled", "alertmanager.alertmanagerSpec.replicas"]),
];

fn judge_chart(chart: &Chart<'_>, kind: &str, [switch, number]: [&str; 2], cx: &mut Context<'_>) -> Verdict {
    let object = chart.object;
    let is_off = chart.known().is_none() || chart.switch(switch).value() == Some(&false);
    let Some(part) = PARTS.iter().find(|it| it.kind == kind).filter(|_| !is_off) else {
        return Verdict::NotApplicable;
    };
    let (replicas, place, default) = match chart.number(number) {
        Setting::Is(replicas, place) => (replicas, place, ""),
        Setting::Default(replicas, place) => (replicas, place, " (the chart's default)"),
        Setting::Unknown(reason) => {
            return Verdict::open(format!("how many replicas of {kind} it runs: {reason}"));
        }
    };
    if replicas == 0 {
        return Verdict::NotApplicable; // It was switched off.
    }
    if replicas >= part.wanted {
        return Verdict::Pass;
    }
    let title = object.title();
    let message = match replicas {
        1 => format!("{title} runs {kind} once{default}: while its pod is down, {}", part.loss),
        _ => format!("{title} has {replicas} replicas of {kind}{default}; at least {} are required", part.wanted),
    };
    cx.fail(object, place, message)
        .evidence("replicas", replicas)
        .evidence("wanted", part.wanted)
        .help(format!("set {number}: {}", part.wanted))
        .verdict()
}

fn judge_part(part: &Part, object: &Object, cx: &mut Context<'_>) -> Verdict {
    if !cx.index().scalers_of(object).is_empty() {
        return Verdict::NotApplicable; // Its autoscaler says how many.
    }
    let written = object.node().at(part.keys);
    let Some(replicas) = written.map_or(Some(1), NodeRef::as_int) else {
        return Verdict::open("the number of replicas is a template placeholder");
    };
    if replicas == 0 {
        return Verdict::NotApplicable; // It was switched off.
    }
    if replicas >= part.wanted {
        return Verdict::Pass;
    }
    let by_default = if written.is_none() { " (the default)" } else { "" };
    let number = count(replicas, "replica");
    let message = match replicas {
        1 => format!("{} has {number}{by_default}: while its pod is down, {}", object.title(), part.loss),
        _ => {
            format!(
                "{} has {number}; at least {} are required to lose one while another is drained",
                object.title(),
                part.wanted
            )
        }
    };
    let help = match part.kind {
        "Alertmanager" => "set replicas: 3: the pods tell each other what they sent, so that each alert comes once",
        "Grafana" => "set replicas: 2, with a database that both use",
        _ => "set replicas: 2: both measure and evaluate the same, and Alertmanager sends each alert once",
    };
    let repair = Repair::new().set(object, part.keys, part.wanted);
    let repair = if part.wanted == 2 { repair } else { repair.titled(format!("run {} replicas", part.wanted)) };
    cx.fail(object, object.place(part.keys), message)
        .fix((part.kind != "Grafana").then_some(repair))
        .evidence("replicas", replicas)
        .evidence("wanted", part.wanted)
        .help(help)
        .verdict()
}
