//! Names of Services, ConfigMaps and Secrets that operators and other makers of the environment create,
//! so that a reference to one of them is not called dangling. Sources: Strimzi `KafkaResources.java`;
//! CloudNativePG `api/v1/cluster_funcs.go`; Zalando `pkg/cluster/util.go`; Crunchy `internal/naming`;
//! prometheus-operator `pkg/prometheus/statefulset.go`.

use crate::index::lookup::hashing::hash;
use crate::index::pods::operands::Operands;
use crate::index::{Nearness, Pods};
use crate::model::{Object, is_built_in, products};
use crate::yaml::NodeRef;
use std::collections::HashSet;

/// Services of a fixed name that the Prometheus operator makes beside its resources.
const OPERATED: &[(&str, &str)] = &[
    ("prometheus-operated", "Prometheus"),
    ("alertmanager-operated", "Alertmanager"),
    ("thanos-ruler-operated", "ThanosRuler"),
];

/// ConfigMaps that every namespace has, by Kubernetes, OpenShift and Istio.
const EVERYWHERE: &[&str] =
    &["kube-root-ca.crt", "openshift-service-ca.crt", "istio-ca-root-cert", "linkerd-identity-trust-roots"];

/// Whether every namespace has a ConfigMap of this name.
pub fn is_everywhere(name: &str) -> bool {
    EVERYWHERE.contains(&name)
}

impl<'a> Pods<'a> {
    /// A custom resource near an object whose operator makes, or may make, an object of this name:
    /// `events-kafka-bootstrap` of the Kafka `events`, `orders-rw` of the Cluster `orders`.
    pub fn maker_of_name(&self, from: &Object, namespace: Option<&str>, name: &str) -> Option<&'a Object> {
        let is_near = |it: &&'a Object| match namespace {
            Some(written) => it.namespace().is_none_or(|it| it == written),
            None => self.nearness(from, it) != Nearness::Different,
        };
        if let Some((_, kind)) = OPERATED.iter().find(|it| it.0 == name) {
            return self.of_kind(products::PROMETHEUS, kind).find(is_near);
        }
        let operands = self.operands();
        let ends = name.match_indices(['-', '.']).map(|it| it.0).chain([name.len()]);
        // The user stands before the cluster in `app.orders.credentials.postgresql.acid.zalan.do`.
        let parts = name.split('.').skip(1).take(1);
        let mut names = ends.map(|it| &name[..it]).chain(parts);
        names.find_map(|it| operands.owners.get(it)?.iter().map(|at| self.object_at(*at)).find(is_near))
    }

    /// Whether a custom resource, or an annotation of an Ingress or Gateway, holds this text: an ExternalSecret,
    /// SealedSecret or Certificate that makes the Secret of this name, say.
    pub fn is_named_by_custom_resource(&self, name: &str) -> bool {
        self.operands().texts.contains(&hash(name))
    }

    fn operands(&self) -> &Operands {
        self.operands.get_or_init(|| self.read_operands())
    }

    fn read_operands(&self) -> Operands {
        let mut operands = Operands::default();
        for set in self.pod_sets().iter().filter(|it| it.is_virtual) {
            operands.own(set.owner);
        }
        for cluster in self.kafka_clusters() {
            operands.own(cluster.object);
        }
        for object in self.objects() {
            // What reads a Secret for KEDA makes none.
            if !is_built_in(object.group()) && object.group() != products::KEDA {
                collect(object.node(), &mut operands.texts);
            } else if object.kind() == "Ingress" {
                // cert-manager makes the Secrets of an Ingress that carries its annotation.
                let names = object.node().items_at(&["spec", "tls"]).filter_map(|it| it.str_at(&["secretName"]));
                operands.texts.extend(names.map(hash));
            }
        }
        operands
    }
}

/// Collects the texts that stand in a tree; what an alias repeats stands elsewhere in it.
fn collect(node: NodeRef<'_>, texts: &mut HashSet<u64>) {
    if node.resolved().id() != node.id() {
        return;
    }
    if node.is_map() {
        node.written_entries().for_each(|it| collect(it.value, texts));
    } else if node.is_seq() {
        node.items().for_each(|it| collect(it, texts));
    } else if !node.text().is_empty() {
        texts.insert(hash(node.text()));
    }
}
