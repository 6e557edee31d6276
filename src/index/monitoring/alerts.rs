//! Alerting and recording rules, wherever manifests keep them: in PrometheusRules and VMRules, in the files of
//! ConfigMaps and Secrets, in the values of charts.

use crate::index::monitoring::expression_limits::excess;
use crate::index::monitoring::{Expression, TooLarge};
use crate::index::{Installed, Memo};
use crate::model::{Object, Place, is_placeholder, products};
use crate::yaml::{NodeRef, parse};
use std::sync::{Arc, OnceLock};

/// A rule of Prometheus.
#[derive(Debug)]
pub struct AlertRule<'a> {
    /// The object that holds it.
    pub object: &'a Object,
    /// The name of the alert, or of the series that it records.
    pub name: String,
    /// Whether it alerts, rather than records.
    pub is_alert: bool,
    text: String,
    expression: OnceLock<Arc<Parsed>>,
    memo: Arc<Memo>,
    /// Where the expression stands.
    pub place: Place,
    /// Where the name stands.
    pub name_place: Place,
    /// Whether it waits (`for`) before it fires.
    pub waits: bool,
    /// Whether it says how severe it is.
    pub has_severity: bool,
}

/// An expression; nothing if it is no PromQL or a template placeholder.
type Parsed = Result<Option<Expression>, TooLarge>;

impl AlertRule<'_> {
    /// The expression; nothing if it is no PromQL, too large to be read, or a template placeholder.
    pub fn expression(&self) -> Option<&Expression> {
        self.read().as_ref().ok()?.as_ref()
    }

    /// What of the expression is too large to be read.
    pub fn too_large(&self) -> Option<TooLarge> {
        if is_placeholder(&self.text) { None } else { excess(&self.text) }
    }

    fn read(&self) -> &Parsed {
        let parse = || if is_placeholder(&self.text) { Ok(None) } else { Expression::parse(&self.text) };
        self.expression.get_or_init(|| self.memo.of_text::<Parsed>(&self.text, parse))
    }
}

/// The groups of the resources that hold rules.
const RESOURCES: &[(&str, &str)] = &[(products::PROMETHEUS, "PrometheusRule"), (products::VICTORIA, "VMRule")];

/// All rules of an environment, in order.
pub(super) fn read<'a>(index: &Installed<'a>) -> Vec<AlertRule<'a>> {
    let mut rules = Vec::new();
    for (group, kind) in RESOURCES {
        for object in index.of_kind(group, kind) {
            collect(index, object, object.node(), None, &mut rules);
        }
    }
    for chart in index.chart_releases() {
        for values in &chart.values {
            let place = values.text_place(chart.object);
            collect(index, chart.object, values.root(), place.as_ref(), &mut rules);
        }
    }
    for (kind, keys) in [("ConfigMap", &["data"][..]), ("Secret", &["stringData"])] {
        for object in index.of_kind("", kind) {
            for entry in keys.iter().filter_map(|it| object.node().at(&[it])).flat_map(NodeRef::entries) {
                let text = entry.value.text();
                // Only a filter: most files are no rules, and need no parsing.
                if text.contains("expr:") && (text.contains("alert:") || text.contains("record:")) {
                    let place = object.place(&["data", entry.name()]);
                    let place = Place { span: entry.key.first_line(), path: place.path };
                    read_text(index, object, text, &place, &mut rules);
                }
            }
        }
    }
    rules
}

/// Reads rules in a text that is a file of its own; places are that of the text.
fn read_text<'a>(index: &Installed<'a>, object: &'a Object, text: &str, place: &Place, rules: &mut Vec<AlertRule<'a>>) {
    let text: Arc<str> = text.into();
    if let Ok(Some(document)) = parse(object.document().source(), &text, 0..text.len()) {
        collect(index, object, document.root(), Some(place), rules);
    }
}

/// Every list `groups` below a node that has rules.
fn collect<'a>(
    index: &Installed<'a>,
    object: &'a Object,
    node: NodeRef<'_>,
    place: Option<&Place>,
    rules: &mut Vec<AlertRule<'a>>,
) {
    for entry in node.entries() {
        if entry.name() == "groups" && entry.value.is_seq() {
            for rule in entry.value.items().flat_map(|it| it.items_at(&["rules"])) {
                rules.extend(read_rule(index.memo(), object, rule, place));
            }
        } else {
            collect(index, object, entry.value, place, rules);
        }
    }
    node.items().for_each(|it| collect(index, object, it, place, rules));
}

fn read_rule<'a>(
    memo: &Arc<Memo>,
    object: &'a Object,
    node: NodeRef<'_>,
    place: Option<&Place>,
) -> Option<AlertRule<'a>> {
    let alert = node.get("alert");
    let name = alert.or_else(|| node.get("record"))?.text();
    let text = node.get("expr")?.text();
    let at = |key: &str| place.cloned().unwrap_or_else(|| object.place_in(node, &[key]));
    Some(AlertRule {
        object,
        name: name.to_owned(),
        is_alert: alert.is_some(),
        text: text.to_owned(),
        expression: OnceLock::new(),
        memo: Arc::clone(memo),
        place: at("expr"),
        name_place: at(if alert.is_some() { "alert" } else { "record" }),
        waits: ["for", "keep_firing_for"].iter().any(|it| node.at(&[it]).is_some()),
        has_severity: node.at(&["labels", "severity"]).or_else(|| node.at(&["labels", "priority"])).is_some(),
    })
}
