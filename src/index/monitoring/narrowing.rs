//! Whether Alertmanager sends on the alerts of some namespaces only, because the operator narrows its configuration.
//!
//! Source: prometheus-operator `pkg/alertmanager/amcfg.go` and API reference,
//! `AlertmanagerConfigMatcherStrategy`: under `OnNamespace`, the default, each AlertmanagerConfig gets alerts with the
//! label `namespace` of its own namespace alone.

use super::alertmanager::{Dispatch, Receivers, of_chart, of_config, sends};
use crate::index::{Index, Role};
use crate::model::products::PROMETHEUS;
use crate::model::{Object, Place};
use std::collections::BTreeSet;

/// Alertmanagers whose only senders are narrowed.
#[derive(Clone, Debug)]
pub struct Narrowing<'a> {
    /// The AlertmanagerConfigs that send, each with the place of its receivers.
    pub senders: Vec<(&'a Object, Place)>,
    /// What narrows them: the Alertmanager, or the chart that installs it.
    pub by: &'a Object,
    /// The namespaces whose alerts go to nobody, in order; none where nothing narrows them to a namespace.
    pub left_out: Vec<&'a str>,
    /// Why it is not certain.
    pub doubt: Option<String>,
}

impl<'a> Index<'a> {
    /// What AlertmanagerConfigs send, if every receiver that sends is in one: which namespaces are left out.
    pub fn narrowed_alerts(&self) -> Option<Narrowing<'a>> {
        let (mut by, mut doubt, mut is_whole) = (None, None, false);
        let mut judge = |object: &'a Object, strategy: Option<&str>, base: &Dispatch<'a>| {
            let is_wide = strategy.is_some_and(|it| it != "OnNamespace") || base.receivers == Receivers::Send;
            if let Receivers::Unknown(reason) = &base.receivers {
                doubt = Some(reason.clone());
            }
            by.get_or_insert(object);
            is_wide
        };
        for object in self.of_kind(PROMETHEUS, "Alertmanager") {
            let spec = object.node();
            let strategy = spec.str_at(&["spec", "alertmanagerConfigMatcherStrategy", "type"]);
            // One that counts for the whole is narrowed by nobody.
            let has_whole = spec.at(&["spec", "alertmanagerConfiguration"]).is_some();
            is_whole |= judge(object, strategy, &self.base_of(object)) || has_whole;
        }
        for chart in self.chart_releases().iter().filter(|it| it.name == "kube-prometheus-stack") {
            let spec = |key| chart.at(&["alertmanager", "alertmanagerSpec", key]);
            let strategy = spec("alertmanagerConfigMatcherStrategy").and_then(|it| it.str_at(&["type"]));
            if chart.is_off(&["alertmanager", "enabled"]) {
                continue;
            }
            let has_whole = spec("alertmanagerConfiguration").is_some_and(|it| it.at(&["name"]).is_some());
            is_whole |= judge(chart.object, strategy, &of_chart(chart, false)) || has_whole;
        }
        let configs = self.of_kind(PROMETHEUS, "AlertmanagerConfig").map(of_config);
        let senders: Vec<Dispatch<'a>> = configs.filter(sends).collect();
        let own: Option<BTreeSet<&str>> = senders.iter().map(|it| it.object.namespace()).collect();
        let own = own.filter(|it| !it.is_empty())?;
        let mut left_out: Vec<&str> = self.watched_namespaces().into_iter().filter(|it| !own.contains(it)).collect();
        left_out.retain(|_| !is_whole);
        let senders = senders.into_iter().map(|it| (it.object, it.place)).collect();
        Some(Narrowing { senders, by: by?, left_out, doubt })
    }

    /// The namespaces in which somebody may want to hear of alerts.
    fn watched_namespaces(&self) -> BTreeSet<&'a str> {
        let workloads = self.workloads().iter().filter(|it| !matches!(it.role, Role::Ignored | Role::Tool));
        let workloads = workloads.filter(|it| !it.is_switched_off()).map(|it| it.object);
        let clusters = self.kafka_clusters().iter().map(|it| it.object);
        let databases = self.postgres_clusters().iter().map(|it| it.object);
        let rules = self.of_kind(PROMETHEUS, "PrometheusRule");
        let all = workloads.chain(clusters).chain(databases).chain(rules);
        all.filter_map(Object::namespace).filter(|it| !crate::model::is_placeholder(it)).collect()
    }
}
