//! Where alerts go: the receivers of Alertmanager's configuration, wherever manifests keep it.
//!
//! Sources: prometheus-operator API reference, `AlertmanagerSpec.configSecret` (default `alertmanager-<name>`, key
//! `alertmanager.yaml`); chart kube-prometheus-stack `values.yaml` (`alertmanager.config`: receiver `null`).

use crate::index::Installed;
use crate::model::products::PROMETHEUS;
use crate::model::{Object, Place};
use crate::yaml::base64::decode_text;
use crate::yaml::{Entry, NodeRef, parse};
use std::sync::Arc;

/// A configuration of Alertmanager, and where it sends alerts.
#[derive(Clone, Debug)]
pub struct Dispatch<'a> {
    /// The object that holds it.
    pub object: &'a Object,
    /// Where it stands, or what installs it.
    pub place: Place,
    /// To whom it sends.
    pub receivers: Receivers,
}

/// To whom alerts are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receivers {
    /// At least one receiver that a route leads to sends something.
    Send,
    /// None does; the receiver of the first route.
    Nobody(String),
    /// The manifests do not tell, and why.
    Unknown(String),
}

impl<'a> Installed<'a> {
    /// Whether an object for a part of Alertmanager's configuration sends alerts.
    pub fn has_sending_config(&self) -> bool {
        self.of_kind(PROMETHEUS, "AlertmanagerConfig").map(of_config).any(|it| sends(&it))
    }

    /// The configurations of Alertmanager, in order.
    pub fn dispatches(&self) -> Vec<Dispatch<'a>> {
        let mut found = Vec::new();
        let configs: Vec<Dispatch<'a>> = self.of_kind(PROMETHEUS, "AlertmanagerConfig").map(of_config).collect();
        let has_sender = configs.iter().any(sends);
        for object in self.of_kind(PROMETHEUS, "Alertmanager") {
            found.extend(self.of_resource(object, has_sender));
        }
        for chart in self.chart_releases().iter().filter(|it| it.name == "kube-prometheus-stack") {
            if !chart.is_off(&["alertmanager", "enabled"]) {
                found.push(of_chart(chart, has_sender));
            }
        }
        for object in self.of_kind("", "ConfigMap") {
            for key in ["alertmanager.yml", "alertmanager.yaml"] {
                let Some(entry) = object.node().at(&["data"]).and_then(|it| it.entry(key)) else { continue };
                found.push(of_entry(object, entry, entry.value.text()));
            }
        }
        found.extend(configs);
        found
    }

    fn of_resource(&self, object: &'a Object, has_sender: bool) -> Option<Dispatch<'a>> {
        let spec = object.node();
        if has_sender || spec.at(&["spec", "alertmanagerConfiguration"]).is_some() {
            return None; // Its configuration is an object of its own.
        }
        Some(self.base_of(object))
    }

    /// What an Alertmanager is told by its own Secret.
    pub(super) fn base_of(&self, object: &'a Object) -> Dispatch<'a> {
        let spec = object.node();
        let default = format!("alertmanager-{}", object.name());
        let name = spec.str_at(&["spec", "configSecret"]).unwrap_or(&default);
        let unknown =
            |reason: String| Dispatch { object, place: object.name_place(), receivers: Receivers::Unknown(reason) };
        let Some(secret) = self.find(object, "", "Secret", name) else {
            return unknown(format!("its configuration, Secret {name}, is not in the manifests"));
        };
        let of = |key: &str| secret.node().at(&[key]).and_then(|it| it.entry("alertmanager.yaml"));
        if let Some(entry) = of("stringData") {
            return of_entry(secret, entry, entry.value.text());
        }
        match of("data").and_then(|it| Some((it, decode_text(it.value.text())?))) {
            Some((entry, text)) => of_entry(secret, entry, &text),
            None => unknown(format!("the configuration in Secret {name} cannot be read")),
        }
    }
}

pub(super) fn sends(dispatch: &Dispatch<'_>) -> bool {
    dispatch.receivers == Receivers::Send
}

fn of_entry<'a>(object: &'a Object, entry: Entry<'a>, text: &str) -> Dispatch<'a> {
    let path = object.place(&["data", entry.name()]).path;
    let place = Place { span: entry.key.first_line(), path };
    let text: Arc<str> = text.into();
    let receivers = match parse(object.document().source(), &text, 0..text.len()) {
        Ok(Some(document)) => judge(document.root()),
        _ => Receivers::Unknown("the configuration is no YAML as it stands".to_owned()),
    };
    Dispatch { object, place, receivers }
}

pub(super) fn of_config(object: &Object) -> Dispatch<'_> {
    let receivers = object.node().at(&["spec"]).map_or(Receivers::Send, judge);
    Dispatch { object, place: object.place(&["spec", "receivers"]), receivers }
}

pub(super) fn of_chart<'a>(chart: &crate::index::Chart<'a>, has_sender: bool) -> Dispatch<'a> {
    let path = ["alertmanager", "config"];
    let receivers = match chart.at(&path) {
        _ if has_sender => Receivers::Send,
        Some(config) if config.at(&["receivers"]).is_some() => judge(config),
        _ => {
            let others = [&["alertmanager", "alertmanagerSpec", "configSecret"][..], &["alertmanager", "stringConfig"]];
            let is_elsewhere = others.iter().any(|it| chart.at(it).is_some())
                || chart.at(&["alertmanager", "alertmanagerSpec", "useExistingSecret"]).is_some();
            if chart.has_more || is_elsewhere {
                Receivers::Unknown("its configuration comes from elsewhere".to_owned())
            } else {
                Receivers::Nobody("null".to_owned())
            }
        }
    };
    Dispatch { object: chart.object, place: chart.place(&path), receivers }
}

/// Judges a configuration: is there a receiver that a route leads to and that sends anything?
fn judge(config: NodeRef<'_>) -> Receivers {
    let Some(route) = config.at(&["route"]) else { return Receivers::Unknown("it has no route".to_owned()) };
    let mut reached = Vec::new();
    collect_receivers(route, &mut reached);
    let senders: Vec<&str> = config
        .items_at(&["receivers"])
        .filter(|it| {
            let mut entries = it.entries();
            entries.any(|it| {
                let is_list = it.name().ends_with("_configs") || it.name().ends_with("Configs");
                is_list && it.value.items().next().is_some()
            })
        })
        .filter_map(|it| it.at(&["name"]).map(NodeRef::text))
        .collect();
    if reached.iter().any(|it| senders.contains(it) || crate::model::is_placeholder(it)) {
        return Receivers::Send;
    }
    Receivers::Nobody(route.at(&["receiver"]).map(NodeRef::text).unwrap_or_default().to_owned())
}

fn collect_receivers<'n>(route: NodeRef<'n>, reached: &mut Vec<&'n str>) {
    reached.extend(route.get("receiver").map(NodeRef::text));
    route.items_at(&["routes"]).for_each(|it| collect_receivers(it, reached));
}
