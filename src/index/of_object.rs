//! What is read out of one object, so that whoever walks a list knows of which object each item is.

use super::kafka::connects::Connect;
use super::kafka::operator::Installation;
use super::kafka::topics::Topic;
use super::kafka::{IdleRules, RulesRef};
use super::monitoring::{AlertRule, Monitor};
use super::postgres::{PostgresCluster, Server};
use super::{Chart, JavaHeap, KafkaCluster, MetricsProvider, PodSpec, PodWebhook, StorageUse, Workload};
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

macro_rules! of_object {
    ($($type:ident)*) => {
        $(impl<'a> OfObject<'a> for $type<'a> {
            fn object(&self) -> &'a Object {
                self.object
            }
        })*
    };
}

of_object!(AlertRule Chart Connect IdleRules Installation JavaHeap KafkaCluster MetricsProvider Monitor PodSpec
    PodWebhook PostgresCluster RulesRef StorageUse Workload);

impl<'a> OfObject<'a> for Topic<'_, 'a> {
    fn object(&self) -> &'a Object {
        self.object
    }
}

impl<'a> OfObject<'a> for Server<'a> {
    fn object(&self) -> &'a Object {
        self.workload.object
    }
}
