//! Who connects to Kafka, and by which addresses.

use crate::index::kafka::STRIMZI;
use crate::index::{Index, Objects, Roles, Workload};
use crate::model::{Container, Object, Place, PodTemplate, is_placeholder, products};
use crate::source::Span;
use crate::yaml::NodeRef;
use std::collections::HashSet;

/// The addresses by which a client finds the brokers.
#[derive(Clone, Debug)]
pub struct Bootstrap<'a> {
    /// The object that has them.
    pub client: &'a Object,
    /// Where they are written.
    pub span: Span,
    /// What they are written in: the client, or a ConfigMap of its.
    holder: &'a Object,
    value: NodeRef<'a>,
    /// Those that can be read.
    pub addresses: Vec<Address<'a>>,
    /// Whether others are template placeholders.
    pub is_open: bool,
}

impl<'a> Bootstrap<'a> {
    /// The text that they stand in, with the object that holds that.
    pub fn written(&self) -> (&'a Object, NodeRef<'a>) {
        (self.holder, self.value)
    }

    /// Where they are written, with the field. Made anew each time: there are many, and few are wrong.
    pub fn place(&self) -> Place {
        Place { span: self.span, path: self.holder.node().path_to(self.value) }
    }
}

/// One address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address<'a> {
    /// Its host.
    pub host: &'a str,
    /// Its port.
    pub port: i64,
}

impl<'a> Objects<'a> {
    fn of_workload(&self, workload: &Workload<'a>, found: &mut Vec<Bootstrap<'a>>) {
        let object = workload.object;
        let starters = workload.template.into_iter().flat_map(PodTemplate::init_containers);
        for container in workload.containers().chain(starters) {
            for variable in container.node().items_at(&["env"]) {
                if !variable.str_at(&["name"]).is_some_and(is_variable) {
                    continue;
                }
                add(object, variable, "value", found);
                if let Some(reference) = variable.at(&["valueFrom", "configMapKeyRef"]) {
                    let key = reference.str_at(&["key"]).unwrap_or_default();
                    self.of_config_map(object, reference, |it| it == key, found);
                }
            }
            for source in container.node().items_at(&["envFrom"]) {
                if let Some(reference) = source.at(&["configMapRef"]).filter(|_| source.at(&["prefix"]).is_none()) {
                    self.of_config_map(object, reference, is_variable, found);
                }
            }
            of_arguments(object, container, found);
        }
    }

    /// The addresses that a ConfigMap holds for a client.
    fn of_config_map(
        &self,
        client: &'a Object,
        reference: NodeRef<'a>,
        fits: impl Fn(&str) -> bool,
        found: &mut Vec<Bootstrap<'a>>,
    ) {
        let name = reference.str_at(&["name"]).unwrap_or_default();
        let Some(map) = self.find(client, "", "ConfigMap", name) else { return };
        for entry in map.node().at(&["data"]).into_iter().flat_map(NodeRef::entries).filter(|it| fits(it.name())) {
            found.extend(read(client, map, entry.line_span(), entry.value));
        }
    }
}

impl<'a> Roles<'a> {
    pub(in crate::index) fn read_bootstraps(&self) -> Vec<Bootstrap<'a>> {
        let mut found = Vec::new();
        for workload in self.workloads() {
            // What brokers tell each other is not for clients.
            if !workload.role.is_kafka() {
                self.of_workload(workload, &mut found);
            }
        }
        // Several workloads may take one ConfigMap: its addresses are those of the first.
        let mut seen = HashSet::new();
        found.retain(|it| seen.insert((it.span.source, it.span.start)));
        for kind in ["KafkaConnect", "KafkaMirrorMaker2", "KafkaBridge"] {
            for object in self.of_kind(STRIMZI, kind) {
                of_resource(object, &mut found);
            }
        }
        for object in self.of_kind(products::KEDA, "ScaledObject") {
            for trigger in object.node().items_at(&["spec", "triggers"]) {
                if let Some(metadata) = trigger.at(&["metadata"]) {
                    add(object, metadata, "bootstrapServers", &mut found);
                }
            }
        }
        found
    }
}

impl<'a> Index<'a> {
    /// All that the manifests say of where clients find Kafka, in order.
    pub fn kafka_bootstraps(&self) -> &[Bootstrap<'a>] {
        &self.kafka_bootstraps
    }
}

fn of_arguments<'a>(object: &'a Object, container: Container<'a>, found: &mut Vec<Bootstrap<'a>>) {
    let mut is_value = false;
    for word in container.node().items_at(&["command"]).chain(container.node().items_at(&["args"])) {
        let text = word.text();
        let value = match text.split_once('=') {
            Some((flag, value)) if is_flag(flag) => Some(value),
            _ if is_value => Some(text),
            _ => None,
        };
        if let Some(value) = value {
            found.extend(read_text(object, object, word.span(), word, value));
        }
        is_value = is_flag(text);
    }
}

/// The addresses in Strimzi's own clients.
fn of_resource<'a>(object: &'a Object, found: &mut Vec<Bootstrap<'a>>) {
    let spec = object.node().at(&["spec"]);
    let Some(spec) = spec else { return };
    let mirrors = spec.items_at(&["mirrors"]).filter_map(|it| it.at(&["source"]));
    let nodes = std::iter::once(spec).chain(spec.at(&["target"])).chain(spec.items_at(&["clusters"])).chain(mirrors);
    for node in nodes {
        add(object, node, "bootstrapServers", found);
    }
}

fn add<'a>(object: &'a Object, node: NodeRef<'a>, key: &str, found: &mut Vec<Bootstrap<'a>>) {
    if let Some(value) = node.at(&[key]) {
        found.extend(read(object, object, node.place(&[key]), value));
    }
}

/// Whether a variable of this name holds brokers' addresses.
fn is_variable(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let is_bootstrap = name.contains("BOOTSTRAP") && (name.contains("SERVER") || name.contains("KAFKA"));
    let is_brokers = name.contains("KAFKA") && name.contains("BROKER");
    is_bootstrap || is_brokers || name == "BROKERS" || name == "BROKER_LIST"
}

/// Whether an argument is the name of such a setting.
fn is_flag(word: &str) -> bool {
    let Some(name) = word.strip_prefix('-') else { return false };
    let name = name.trim_start_matches('-').to_ascii_lowercase().replace(['.', '_'], "-");
    let last = name.rsplit_once("kafka-").map_or(name.as_str(), |it| it.1);
    matches!(last, "brokers" | "broker" | "broker-list" | "bootstrap-server" | "bootstrap-servers" | "bootstrap")
}

fn read<'a>(client: &'a Object, holder: &'a Object, span: Span, value: NodeRef<'a>) -> Option<Bootstrap<'a>> {
    read_text(client, holder, span, value, value.text())
}

/// Reads a list of `host:port`; nothing if it is none.
fn read_text<'a>(
    client: &'a Object,
    holder: &'a Object,
    span: Span,
    value: NodeRef<'a>,
    text: &'a str,
) -> Option<Bootstrap<'a>> {
    let mut addresses = Vec::new();
    let mut is_open = false;
    for part in text.split(',').map(str::trim).filter(|it| !it.is_empty()) {
        if is_placeholder(part) {
            is_open = true;
            continue;
        }
        let part = part.split_once("://").map_or(part, |it| it.1);
        let (host, port) = part.rsplit_once(':')?;
        let is_host = !host.is_empty() && host.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '.'));
        let port = port.parse().ok().filter(|_| is_host)?;
        addresses.push(Address { host, port });
    }
    addresses.shrink_to_fit();
    (is_open || !addresses.is_empty()).then_some(Bootstrap { client, span, holder, value, addresses, is_open })
}

#[cfg(test)]
mod tests {
    use super::{is_flag, is_variable};

    #[test]
    fn names_of_settings() {
        for name in ["KAFKA_BROKERS", "SPRING_KAFKA_BOOTSTRAP_SERVERS", "BOOTSTRAP_SERVERS", "KAFKA_BOOTSTRAP"] {
            assert!(is_variable(name), "{name}");
        }
        for name in ["BOOTSTRAP_CSS", "BROKER_NAME", "RABBITMQ_BROKER", "KAFKA_TOPIC"] {
            assert!(!is_variable(name), "{name}");
        }
        for flag in ["--brokers", "--bootstrap-server", "--kafka.bootstrap.servers", "-broker-list"] {
            assert!(is_flag(flag), "{flag}");
        }
        for flag in ["--broker-rack", "brokers", "--bootstrap-token"] {
            assert!(!is_flag(flag), "{flag}");
        }
    }
}
