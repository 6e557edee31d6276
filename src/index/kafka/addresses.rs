//! Where an address that a client has leads to inside the cluster.
//!
//! Names of Services: strimzi-kafka-operator `KafkaResources.java`, `ListenersUtils.java`.

use crate::index::kafka::STRIMZI;
use crate::index::objects::namespaces::is_template;
use crate::index::{Objects, Pods};
use crate::model::Object;
use crate::yaml::NodeRef;

/// Where an address leads to.
#[derive(Clone, Copy, Debug)]
pub enum Leads<'a> {
    /// Out of the cluster, or nowhere that the manifests could tell.
    Away,
    /// To a Service of the manifests.
    Service(&'a Object),
    /// To all brokers of a Kafka, by its internal listeners.
    Brokers(&'a Object),
    /// To a listener of a Kafka that has Services of its own.
    Listener(&'a Object, NodeRef<'a>),
    /// To one broker of a Kafka, or one pod behind a Service.
    Pod(&'a Object),
    /// To nothing in the manifests.
    Nothing(Missing<'a>),
}

/// What an address names and nothing is.
#[derive(Clone, Copy, Debug)]
pub struct Missing<'a> {
    /// The name of the Kafka, or else of the Service.
    pub name: &'a str,
    /// Whether it is that of a Kafka.
    pub is_kafka: bool,
    /// The namespace that the address names.
    pub namespace: Option<&'a str>,
    /// One of that name in another namespace.
    pub elsewhere: Option<&'a Object>,
}

/// The end of the name of the Service to all brokers.
const BOOTSTRAP: &str = "-kafka-bootstrap";
/// The end of the name of the headless Service.
const BROKERS: &str = "-kafka-brokers";

/// What is longer names no host, RFC 1123: each `-` in it may end the name of a Kafka.
pub const LONGEST_HOST: usize = 253;

/// A name in a namespace; `None` stands for that of the client.
#[derive(Clone, Copy)]
struct Name<'a> {
    name: &'a str,
    namespace: Option<&'a str>,
}

impl<'a> Objects<'a> {
    /// The Services of listeners that are not internal: one for all brokers, and one for each.
    fn listener(&self, client: &Object, name: Name<'a>) -> Option<Leads<'a>> {
        if name.name.len() > LONGEST_HOST {
            return None;
        }
        for (at, _) in name.name.match_indices('-') {
            let Some(kafka) = self.lookup(client, STRIMZI, "Kafka", Name { name: &name.name[..at], ..name }) else {
                continue;
            };
            let rest = &name.name[at + 1..];
            for listener in kafka.node().items_at(&["spec", "kafka", "listeners"]) {
                let own = listener.str_at(&["name"])?;
                let all = rest.strip_prefix("kafka-").and_then(|it| it.strip_suffix("-bootstrap"));
                if all == Some(own) {
                    return Some(Leads::Listener(kafka, listener));
                }
                let one = rest.rsplit_once('-').filter(|it| it.1.parse::<u32>().is_ok());
                if one.is_some_and(|it| it.0.ends_with(own)) {
                    return Some(Leads::Pod(kafka));
                }
            }
        }
        None
    }

    fn missing(&self, group: &str, kind: &str, name: Name<'a>) -> Leads<'a> {
        let elsewhere = self.named(group, kind, name.name).first().copied();
        Leads::Nothing(Missing { name: name.name, is_kafka: kind == "Kafka", namespace: name.namespace, elsewhere })
    }

    fn lookup(&self, client: &Object, group: &str, kind: &str, name: Name<'_>) -> Option<&'a Object> {
        let Some(namespace) = name.namespace else { return self.find(client, group, kind, name.name) };
        let fits = |it: &&Object| it.namespace().is_none_or(|it| it == namespace || is_template(it));
        self.named(group, kind, name.name).into_iter().find(|it| fits(it))
    }
}

impl<'a> Pods<'a> {
    /// Follows the host of an address that a client has.
    pub fn kafka_address(&self, client: &Object, host: &'a str) -> Leads<'a> {
        let host = host.strip_suffix('.').unwrap_or(host);
        let is_number = host.chars().all(|it| it.is_ascii_digit() || it == '.');
        if is_number || host == "localhost" {
            return Leads::Away;
        }
        let inner = host.strip_suffix(".svc").or_else(|| host.split_once(".svc.").map(|it| it.0));
        let parts: Vec<&str> = inner.unwrap_or(host).split('.').collect();
        match (parts.as_slice(), inner.is_some()) {
            ([name], false) => self.follow(client, Name { name, namespace: None }),
            ([name, namespace], true) => self.follow(client, Name { name, namespace: Some(namespace) }),
            ([_, name, namespace], true) => self.pod(client, Name { name, namespace: Some(namespace) }),
            ([first, second], false) => self.two_parts(client, first, second),
            ([_, name, namespace], false) if is_of_strimzi(name) => {
                self.pod(client, Name { name, namespace: Some(namespace) })
            }
            _ => Leads::Away,
        }
    }

    /// `name.namespace`, or `pod.service`, or a host of the world.
    fn two_parts(&self, client: &Object, first: &'a str, second: &'a str) -> Leads<'a> {
        let pod = self.pod(client, Name { name: second, namespace: None });
        if matches!(pod, Leads::Pod(_)) {
            return pod;
        }
        let full = Name { name: first, namespace: Some(second) };
        if is_of_strimzi(first) || self.has_namespace(second) {
            return self.follow(client, full);
        }
        Leads::Away
    }

    /// Whether the manifests know this namespace.
    fn has_namespace(&self, name: &str) -> bool {
        self.has_pods_in(name) || !self.named("", "Namespace", name).is_empty()
    }

    fn follow(&self, client: &Object, name: Name<'a>) -> Leads<'a> {
        if let Some(service) = self.lookup(client, "", "Service", name) {
            return Leads::Service(service);
        }
        if let Some(cluster) = name.name.strip_suffix(BOOTSTRAP) {
            let of_kafka = Name { name: cluster, ..name };
            return match self.lookup(client, STRIMZI, "Kafka", of_kafka) {
                Some(kafka) => Leads::Brokers(kafka),
                None => self.missing(STRIMZI, "Kafka", of_kafka),
            };
        }
        if let Some(cluster) = name.name.strip_suffix(BROKERS) {
            return self
                .lookup(client, STRIMZI, "Kafka", Name { name: cluster, ..name })
                .map_or(Leads::Away, Leads::Brokers);
        }
        self.listener(client, name).unwrap_or_else(|| self.missing("", "Service", name))
    }

    /// A pod behind a headless Service, of Strimzi or of the manifests.
    fn pod(&self, client: &Object, service: Name<'a>) -> Leads<'a> {
        if let Some(cluster) = service.name.strip_suffix(BROKERS) {
            let kafka = self.lookup(client, STRIMZI, "Kafka", Name { name: cluster, ..service });
            return kafka.map_or(Leads::Away, Leads::Pod);
        }
        let service = self.lookup(client, "", "Service", service);
        service.filter(|it| is_headless(it)).map_or(Leads::Away, Leads::Pod)
    }
}

/// Whether a Service has no address of its own.
pub(in crate::index) fn is_headless(service: &Object) -> bool {
    service.node().str_at(&["spec", "clusterIP"]) == Some("None")
}

fn is_of_strimzi(name: &str) -> bool {
    name.ends_with(BOOTSTRAP) || name.ends_with(BROKERS)
}
