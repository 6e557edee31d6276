//! Who covers a Service of a database: in variables, arguments, and what `ConfigMap`s and Secrets hold.

use crate::index::{Nearness, Workloads};
use crate::model::{Container, Object, contents};

impl Workloads<'_> {
    /// Whether anything near an object names one of these hosts.
    pub fn is_said(&self, near: &Object, hosts: &[String]) -> bool {
        let says = |text: &str| hosts.iter().any(|host| holds(text, host));
        let is_near = |it: &Object| self.nearness(near, it) != Nearness::Different || it.namespace().is_some();
        let of_container = |it: Container<'_>| {
            let mut values = it.node().items_at(&["env"]).filter_map(|it| it.str_at(&["value"]));
            values.any(says) || it.words().any(says)
        };
        let of_workload = self.workloads().iter().filter(|it| is_near(it.object)).any(|it| {
            let template = it.template.into_iter();
            template.flat_map(|it| it.containers().chain(it.init_containers()).collect::<Vec<_>>()).any(of_container)
        });
        let maps = self.of_kind("", "ConfigMap").chain(self.of_kind("", "Secret"));
        of_workload || maps.into_iter().any(|it| contents(it).iter().any(|it| it.1.as_deref().is_some_and(says)))
    }
}

/// Whether a text names a host: not as a part of a longer name.
fn holds(text: &str, host: &str) -> bool {
    let is_edge = |it: Option<char>| it.is_none_or(|it| !it.is_ascii_alphanumeric() && it != '-' && it != '_');
    text.match_indices(host)
        .any(|(at, it)| is_edge(text[..at].chars().next_back()) && is_edge(text[at + it.len()..].chars().next()))
}
