//! `dashboard-missing`

use crate::index::{Index, Role};
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::list;
use crate::yaml::NodeRef;

/// Words in queries about Kafka, and about PostgreSQL.
const KAFKA_WORDS: &[&str] = &["kafka_", "kafka-exporter", "strimzi"];
const POSTGRES_WORDS: &[&str] = &["pg_", "cnpg_", "ccp_", "postgres"];

rule!(DashboardMissing, "monitoring/dashboard-missing.md", |walk| walk.environment(|cx| {
    let index = cx.index();
    if !index.environment().is_directory {
        return; // The dashboards may stand in another file.
    }
    let kafka = index.kafka_clusters().iter().filter(|it| !it.is_switched_off()).map(|it| it.object);
    let brokers = index.workloads().iter().filter(|it| it.role == Role::Kafka).map(|it| it.object);
    let databases = index.postgres_clusters().iter().map(|it| it.object);
    let wanted: Vec<(Vec<&Object>, &[&str])> =
        vec![(kafka.chain(brokers).collect(), KAFKA_WORDS), (databases.collect(), POSTGRES_WORDS)];
    let dashboards = dashboards(index);
    let mut missing: Vec<&Object> = Vec::new();
    for (objects, words) in wanted {
        if dashboards.iter().any(|it| it.shows(words)) {
            cx.judge_each(objects, |_, _| Verdict::Pass);
        } else {
            missing.extend(objects);
        }
    }
    let Some((first, others)) = missing.split_first() else { return };
    let verdict = judge(first, others, &dashboards, cx);
    cx.judge(first, verdict);
}));

fn judge(first: &Object, others: &[&Object], dashboards: &[Dashboard<'_>], cx: &mut Context<'_>) -> Verdict {
    if let Some(unread) = dashboards.iter().find(|it| it.is_unread) {
        return Verdict::open(format!("what {} shows is not in the manifests", unread.object.title()));
    }
    if let Some(chart) = cx.index().charts().find(|it| it.contains("grafana") || it.contains("prometheus-stack")) {
        return Verdict::open(format!("the chart {chart} may bring dashboards"));
    }
    let names: Vec<String> = std::iter::once(&first).chain(others).map(|it| it.title()).collect();
    let message = format!("no manifest brings a dashboard for {}", list(&names));
    let mut draft = cx.fail(first, first.name_place(), message).help(
        "add a ConfigMap with the dashboard's JSON and the label grafana_dashboard, or a GrafanaDashboard; Strimzi and \
         CloudNativePG publish theirs. Dashboards kept elsewhere are attested in the configuration",
    );
    for object in others.iter().take(3) {
        draft = draft.label(object.name_span(), "none for this, either");
    }
    draft.verdict()
}

struct Dashboard<'a> {
    object: &'a Object,
    /// Its JSON, wherever it stands.
    texts: Vec<&'a str>,
    /// Whether it is fetched from elsewhere.
    is_unread: bool,
}

impl Dashboard<'_> {
    fn shows(&self, words: &[&str]) -> bool {
        self.texts.iter().any(|text| words.iter().any(|it| text.contains(it)))
    }
}

/// Everything that brings a dashboard: ConfigMaps with JSON that has panels, and the Grafana operator's resources.
fn dashboards<'a>(index: &Index<'a>) -> Vec<Dashboard<'a>> {
    let mut found = Vec::new();
    for object in index.of_kind("", "ConfigMap") {
        let entries = object.node().at(&["data"]).into_iter().flat_map(NodeRef::entries);
        let texts: Vec<&str> = entries.map(|it| it.value.text()).filter(|it| it.contains("\"panels\"")).collect();
        let is_labelled = object.label("grafana_dashboard").is_some();
        if is_labelled || !texts.is_empty() {
            found.push(Dashboard { object, is_unread: is_labelled && texts.is_empty(), texts });
        }
    }
    for group in ["grafana.integreatly.org", "integreatly.org"] {
        for object in index.of_kind(group, "GrafanaDashboard") {
            let json = object.node().at(&["spec", "json"]).map(NodeRef::text);
            found.push(Dashboard { object, texts: json.into_iter().collect(), is_unread: json.is_none() });
        }
    }
    found
}
