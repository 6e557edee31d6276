//! Who needs a store: the workloads that name one of its Services as an address.

use crate::index::services::Mentions;
use crate::index::{Services, Unclassified, WorkloadId};
use crate::model::{Object, ObjectId};
use crate::yaml::NodeRef;
use std::collections::{BTreeMap, HashSet};

/// Words in the names of settings that are addresses.
const ADDRESS_WORDS: &[&str] = &["host", "addr", "url", "uri", "server", "endpoint", "broker", "node", "dsn"];

impl<'a> Services<'a> {
    /// Another workload that names a Service of this one as an address.
    pub fn client_of_store(&self, store: &Unclassified<'a>) -> Option<&'a Object> {
        let mentions = self.mentions.get_or_init(|| self.read_mentions());
        for service in self.services_of_workload(store) {
            let name = service.name().to_owned();
            let own = service.namespace().map(str::to_owned);
            let short = mentions.get(&(name.clone(), None)).into_iter().flatten();
            let short = short.filter(|it| self.workload(**it).object.namespace() == service.namespace());
            let long = own.is_some().then(|| mentions.get(&(name, own))).flatten().into_iter().flatten();
            let mut clients = short.chain(long).map(|it| self.workload(*it).object);
            let is_other = |it: &&Object| it.id() != store.object.id();
            if let Some(client) = clients.find(is_other) {
                return Some(client);
            }
        }
        None
    }

    fn workload(&self, id: WorkloadId) -> &Unclassified<'a> {
        &self.workloads()[id.0 as usize]
    }

    fn read_mentions(&self) -> Mentions {
        let services: HashSet<&str> = self.of_kind("", "Service").map(Object::name).collect();
        let mut of_maps: BTreeMap<ObjectId, Vec<(String, Option<String>)>> = BTreeMap::new();
        let mut mentions = Mentions::new();
        for (at, workload) in self.workloads().iter().enumerate() {
            let Some(template) = workload.template else { continue };
            let id = WorkloadId(u32::try_from(at).expect("fewer than 2^32 workloads"));
            let mut named = Vec::new();
            collect(template.node(), "", &services, &mut named);
            for reference in self.config_references(workload) {
                let Some(map) = self.find(workload.object, "", reference.kind, reference.name) else { continue };
                let of_map = of_maps.entry(map.id()).or_insert_with(|| {
                    let mut named = Vec::new();
                    collect(map.node(), "", &services, &mut named);
                    named.sort_unstable();
                    named.dedup();
                    named
                });
                named.extend(of_map.iter().cloned());
            }
            named.sort_unstable();
            named.dedup();
            for service in named {
                mentions.entry(service).or_default().push(id);
            }
        }
        mentions
    }
}

/// The Services that the texts of a tree name as addresses.
fn collect(node: NodeRef<'_>, name: &str, services: &HashSet<&str>, named: &mut Vec<(String, Option<String>)>) {
    if node.resolved().id() != node.id() {
        return;
    }
    if node.is_map() {
        // The name of a variable stands beside its value.
        let variable = node.str_at(&["name"]).filter(|_| node.get("value").is_some());
        for entry in node.written_entries() {
            let key = variable.filter(|_| entry.key.text() == "value").unwrap_or(entry.key.text());
            collect(entry.value, key, services, named);
        }
    } else if node.is_seq() {
        node.items().for_each(|it| collect(it, name, services, named));
    } else {
        for line in node.text().lines() {
            addresses(line, name, services, named);
        }
    }
}

/// The Services that a line names: in a URL, with a port, with a namespace, or alone where it is an address's place.
fn addresses(line: &str, name: &str, services: &HashSet<&str>, named: &mut Vec<(String, Option<String>)>) {
    let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '.');
    let says_address = |text: &str| {
        let text = text.to_ascii_lowercase();
        ADDRESS_WORDS.iter().any(|it| text.contains(it))
    };
    let mut rest = 0;
    while let Some(start) = line[rest..].find(is_part).map(|it| it + rest) {
        let end = line[start..].find(|it| !is_part(it)).map_or(line.len(), |it| it + start);
        rest = end;
        let mut labels = line[start..end].split('.');
        if line[end..].starts_with("://") {
            continue; // A scheme.
        }
        let Some(service) = labels.next().filter(|it| services.contains(it)) else { continue };
        let namespace = labels.next();
        let before = &line[..start];
        let has_port = line[end..].strip_prefix(':').is_some_and(|it| it.starts_with(|it: char| it.is_ascii_digit()));
        let is_in_url = before.ends_with("//") || before.ends_with('@');
        // As `nc -z redis 6379` and `redis-cli -h redis` have it.
        let number = line[end..].strip_prefix(' ').and_then(|it| it.split([' ', ';', ')', '&', '|']).next());
        let has_port = has_port || number.is_some_and(|it| it.len() > 1 && it.parse::<u16>().is_ok());
        let is_in_url = is_in_url || before.ends_with(" -h ");
        if namespace.is_some() || has_port || is_in_url || says_address(name) || says_address(before) {
            named.push((service.to_owned(), namespace.map(str::to_owned)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_words() {
        let services = HashSet::from(["nats", "redis"]);
        let found = |line: &str, name: &str| {
            let mut named = Vec::new();
            addresses(line, name, &services, &mut named);
            named
                .into_iter()
                .map(|(it, namespace)| format!("{it}.{}", namespace.unwrap_or_default()))
                .collect::<Vec<_>>()
        };
        assert_eq!(found("nats://nats:4222", "NATS_URL"), ["nats."]);
        assert_eq!(found("redis://:secret@redis/0", "X"), ["redis."]);
        assert_eq!(found("redis", "REDIS_HOST"), ["redis."]);
        assert_eq!(found("host: redis", "app.yaml"), ["redis."]);
        assert_eq!(found("redis.cache.svc:6379,nats.bus", "X"), ["redis.cache", "nats.bus"]);
        assert_eq!(found("until nc -z redis 6379; do sleep 1; done", "command"), ["redis."]);
        assert_eq!(found("redis-cli -h redis ping", "command"), ["redis."]);
        assert!(found("start redis 7 of nats", "command").is_empty());
        assert_eq!(found("redis://other:6379", "REDIS_URL"), [""; 0]);
        assert!(found("redis", "CACHE_TYPE").is_empty());
        assert!(found("redis-exporter:9121 renats:1", "X").is_empty());
    }
}
