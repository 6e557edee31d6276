//! What LimitRanges give to containers that ask for nothing.

use crate::index::objects::places::Places;
use crate::index::{Nearness, Objects};
use crate::model::Object;
use std::collections::HashMap;

/// Keys of a limit from which a container without a request gets one, as the API server completes them.
const REQUESTING: [&str; 4] = ["defaultRequest", "default", "max", "min"];

/// Where LimitRanges are that give something to containers.
#[derive(Debug, Default)]
pub(in crate::index) struct Limits<'a> {
    /// By the key of a limit, and the resource.
    given: HashMap<(&'a str, &'a str), Places<'a>>,
    /// Those that give a request, by the resource.
    requests: HashMap<&'a str, Places<'a>>,
}

impl<'a> Limits<'a> {
    pub(in crate::index) fn read(index: &Objects<'a>) -> Limits<'a> {
        let mut limits = Limits::default();
        for range in index.of_kind("", "LimitRange") {
            let of_containers = range.node().items_at(&["spec", "limits"]);
            for limit in of_containers.filter(|it| it.str_at(&["type"]) == Some("Container")) {
                for key in limit.entries() {
                    let resources = key.value.entries().filter(|it| !it.value.is_null());
                    resources.for_each(|it| limits.add(index, range, key.name(), it.name()));
                }
            }
        }
        limits
    }

    /// The nearness of the nearest to an object that has this key for a resource.
    pub(in crate::index) fn given(&self, index: &Objects<'_>, from: &Object, key: &str, resource: &str) -> Nearness {
        self.given.get(&(key, resource)).map_or(Nearness::Different, |it| it.nearness(index, from))
    }

    /// The same of those that give containers a request.
    pub(in crate::index) fn requesting(&self, index: &Objects<'_>, from: &Object, resource: &str) -> Nearness {
        self.requests.get(resource).map_or(Nearness::Different, |it| it.nearness(index, from))
    }

    fn add(&mut self, index: &Objects<'a>, range: &'a Object, key: &'a str, resource: &'a str) {
        self.given.entry((key, resource)).or_default().insert(index, range);
        if REQUESTING.contains(&key) {
            self.requests.entry(resource).or_default().insert(index, range);
        }
    }
}
