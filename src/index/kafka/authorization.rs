//! Whether clients that do not say who they are may do anything in a Kafka.
//!
//! Strimzi `KafkaBrokerConfigurationBuilder.java` (`withAuthorization`) and `KafkaClusterSecurityContext.java`;
//! Kafka's `StandardAuthorizer`: without a rule, and without `allow.everyone.if.no.acl.found`, all is denied.

use super::{Address, KafkaCluster, Leads};
use crate::index::Budgets;
use crate::model::Object;
use crate::yaml::NodeRef;

/// The name that Kafka gives to clients that do not say who they are.
const ANONYMOUS: &str = "ANONYMOUS";

/// The setting that lets everybody use what no rule is for.
const ALLOW_EVERYONE: &str = "allow.everyone.if.no.acl.found";

/// The annotation by which Kafka's own parts become anonymous super users.
const INTERNAL_SECURITY: &str = "strimzi.io/internal-cluster-security";

impl<'a> KafkaCluster<'a> {
    /// The `authorization` that denies anonymous clients everything, if the cluster has such.
    pub fn denies_anonymous(&self) -> Option<NodeRef<'a>> {
        let authorization = self.object.node().at(&["spec", "kafka", "authorization"])?;
        let is_super = |it: NodeRef<'_>| it.text() == ANONYMOUS || it.text().strip_prefix("User:") == Some(ANONYMOUS);
        let is_simple = authorization.str_at(&["type"]) == Some("simple");
        let is_open = self.switch(ALLOW_EVERYONE) == Some(true)
            || authorization.items_at(&["superUsers"]).any(is_super)
            || self.object.annotation(INTERNAL_SECURITY).is_some();
        (is_simple && !is_open).then_some(authorization)
    }
}

impl<'a> Budgets<'a> {
    /// The Kafka and the listener to which an address of a client leads.
    pub fn kafka_listener(&self, client: &Object, address: Address<'a>) -> Option<(&KafkaCluster<'a>, NodeRef<'a>)> {
        let (kafka, listener) = match self.kafka_address(client, address.host) {
            Leads::Listener(kafka, listener) => (kafka, listener),
            Leads::Brokers(kafka) | Leads::Pod(kafka) => {
                let mut listeners = kafka.node().items_at(&["spec", "kafka", "listeners"]);
                (kafka, listeners.find(|it| it.int_at(&["port"]) == Some(address.port))?)
            }
            _ => return None,
        };
        Some((self.kafka_cluster(kafka)?, listener))
    }

    /// An object that may hold a rule for anonymous clients, or for all: a Job that runs Kafka's tools, a script.
    pub fn anonymous_rule(&self) -> Option<&'a Object> {
        const PRINCIPALS: [&str; 2] = ["User:ANONYMOUS", "User:*"];
        let names = |it: &Object| self.memo().of_object(it, || NamesAnonymous(says(it.node(), &PRINCIPALS))).0;
        self.objects().find(|it| names(it))
    }
}

/// Whether an object names anonymous clients, or all.
struct NamesAnonymous(bool);

/// Whether a text below a node holds one of these.
fn says(node: NodeRef<'_>, wanted: &[&str]) -> bool {
    if node.resolved().id() != node.id() {
        return false; // An alias: its anchor is looked at in its own place.
    }
    if node.is_map() {
        node.written_entries().any(|it| says(it.value, wanted))
    } else if node.is_seq() {
        node.items().any(|it| says(it, wanted))
    } else {
        wanted.iter().any(|it| node.text().contains(it))
    }
}
