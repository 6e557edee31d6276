//! What runs Kafka in a namespace, found once for all clients that are in the same place.

use crate::index::Index;
use crate::index::kafka::STRIMZI;
use crate::index::objects::neighbours::Neighbours;
use crate::model::{Object, ObjectId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What was asked so far.
#[derive(Default)]
pub(in crate::index) struct NearBrokers {
    all: OnceLock<Neighbours>,
    by_place: Mutex<HashMap<Place, Arc<[ObjectId]>>>,
}

/// Where brokers are looked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Place {
    /// In a namespace that an address names.
    Named(String),
    /// Beside a client: its namespace, its folder, and whether something may put it elsewhere.
    Beside(Option<String>, u32, bool),
}

impl Index<'_> {
    /// What runs Kafka in the namespace that an address of a client means: the resources of Strimzi, then workloads.
    pub fn brokers_near(&self, client: &Object, namespace: Option<&str>) -> Arc<[ObjectId]> {
        let own = || Place::Beside(client.namespace().map(str::to_owned), self.folder(client), client.is_governed);
        let place = namespace.map_or_else(own, |it| Place::Named(it.to_owned()));
        let mut known = self.brokers.by_place.lock().unwrap_or_else(PoisonError::into_inner);
        let read = || self.read_brokers_near(client, namespace).into();
        Arc::clone(known.entry(place).or_insert_with(read))
    }

    fn read_brokers_near(&self, client: &Object, namespace: Option<&str>) -> Vec<ObjectId> {
        let workloads = || self.kafka_workloads().map(|it| it.object);
        let all =
            self.brokers.all.get_or_init(|| Neighbours::of(self, self.of_kind(STRIMZI, "Kafka").chain(workloads())));
        let mut near = match namespace {
            Some(name) => self.writing(all, name),
            None => self.beside(client, all, usize::MAX),
        };
        near.sort_by_key(|it| !it.is(STRIMZI, "Kafka"));
        near.iter().map(|it| it.id()).collect()
    }
}
