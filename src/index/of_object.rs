//! What is read out of one object, so that whoever walks a list knows of which object each item is.

use super::kafka::connects::Connect;
use super::kafka::consumers::Trigger;
use super::kafka::operator::Installation;
use super::kafka::topics::Topic;
use super::kafka::{Bootstrap, Pool, RulesIn, RulesRef};
use super::monitoring::{AlertRule, Dispatch, Monitor};
use super::postgres::{Destination, Dump, PostgresCluster, Server};
use super::{
    Chart, JavaHeap, KafkaCluster, MetricsProvider, NodeEvidence, PodSpec, PodWebhook, SharedTerm, StorageUse, Workload,
};
use crate::model::Object;

/// Something that is read out of one object.
pub trait OfObject<'a> {
    /// The object.
    fn object(&self) -> &'a Object;
}

impl<'a> OfObject<'a> for &'a Object {
    fn object(&self) -> &'a Object {
        self
    }
}

impl<'a, T: OfObject<'a>> OfObject<'a> for &T {
    fn object(&self) -> &'a Object {
        (*self).object()
    }
}

/// Something of an object, with what is looked at together with it.
impl<'a, T: OfObject<'a>, U> OfObject<'a> for (T, U) {
    fn object(&self) -> &'a Object {
        self.0.object()
    }
}

macro_rules! of_object {
    ($($type:ident)*) => {
        $(impl<'a> OfObject<'a> for $type<'a> {
            fn object(&self) -> &'a Object {
                self.object
            }
        })*
    };
}

of_object!(AlertRule Chart Connect Dispatch Installation JavaHeap KafkaCluster MetricsProvider Monitor
    NodeEvidence PodSpec PodWebhook Pool PostgresCluster RulesIn RulesRef StorageUse Workload);

impl<'a> OfObject<'a> for Topic<'_, 'a> {
    fn object(&self) -> &'a Object {
        self.object
    }
}

impl<'a> OfObject<'a> for SharedTerm<'a> {
    fn object(&self) -> &'a Object {
        self.members[0].object
    }
}

impl<'a> OfObject<'a> for Server<'a> {
    fn object(&self) -> &'a Object {
        self.workload.object
    }
}

impl<'a> OfObject<'a> for Bootstrap<'a> {
    fn object(&self) -> &'a Object {
        self.client
    }
}

impl<'a> OfObject<'a> for Trigger<'a> {
    fn object(&self) -> &'a Object {
        self.scaler
    }
}

impl<'a> OfObject<'a> for Destination<'a> {
    fn object(&self) -> &'a Object {
        self.cluster
    }
}

impl<'a> OfObject<'a> for Dump<'a> {
    fn object(&self) -> &'a Object {
        self.by
    }
}
