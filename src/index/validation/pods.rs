//! The `spec` of a pod: what it holds besides containers, and what its parts share.

use super::checker::{Checker, is_object};
use super::{addresses, containers, metadata, mounts, names, placement, resources, security, volumes};
use crate::yaml::NodeRef;
use std::collections::HashSet;

/// How pods of a kind may restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Restart {
    /// Only always, which is also the default.
    Always,
    /// A Job's pods end, so that it has to be said how.
    Ends,
    /// A pod of its own may do either.
    Any,
}

/// The most servers and domains that a resolver asks.
const MOST_NAMESERVERS: usize = 3;
const MOST_SEARCHES: usize = 32;

/// The `template` of a controller; `claims` are volumes that its StatefulSet makes.
pub(super) fn template<'o>(checker: &mut Checker<'o>, owner: NodeRef<'o>, restart: Restart, claims: &[&'o str]) {
    let Some(template) = owner.get("template").filter(|it| it.is_map()) else {
        checker.required(owner, &["template", "spec", "containers"]);
        return;
    };
    metadata::labels(checker, template, &["metadata", "labels"]);
    metadata::annotations(checker, template, &["metadata", "annotations"]);
    spec(checker, template, restart, claims);
}

/// The `spec` of a pod or template.
pub(super) fn spec<'o>(checker: &mut Checker<'o>, pod: NodeRef<'o>, restart: Restart, claims: &[&'o str]) {
    let Some(spec) = pod.get("spec").filter(|it| it.is_map()) else {
        checker.required(pod, &["spec", "containers"]);
        return;
    };
    check_restart(checker, spec, restart);
    for entry in spec.entries().filter(|it| !it.value.is_null()) {
        let (key, value) = (entry.name(), entry.value);
        match key {
            "activeDeadlineSeconds" if restart == Restart::Always => {
                let message = format!("{key} is refused in pods of a {}", checker.object.kind());
                checker.refuse(spec, &[key], message);
            }
            "activeDeadlineSeconds" => checker.within(spec, &[key], 1, i64::from(i32::MAX)),
            "serviceAccountName" | "priorityClassName" | "nodeName" => checker.dns_subdomain(spec, &[key]),
            "runtimeClassName" => checker.required_named(spec, &[key], names::dns_subdomain),
            // A StatefulSet sets its own.
            "hostname" | "subdomain" if checker.object.kind() != "StatefulSet" => checker.dns_label(spec, &[key]),
            "preemptionPolicy" => checker.exactly_one_of(spec, &[key], &["PreemptLowerPriority", "Never"]),
            "os" => checker.required_one_of(spec, &[key, "name"], &["linux", "windows"]),
            "nodeSelector" => metadata::labels(checker, spec, &[key]),
            "affinity" => placement::affinity(checker, value),
            "topologySpreadConstraints" => placement::spread(checker, value),
            "tolerations" => value.items().for_each(|it| placement::tolerates(checker, it)),
            "hostAliases" => value.items().for_each(|it| host_alias(checker, it)),
            "readinessGates" => {
                for gate in value.items().filter(|it| is_object(*it)) {
                    checker.required_named(gate, &["conditionType"], names::qualified);
                }
            }
            "schedulingGates" => scheduling_gates(checker, value),
            "securityContext" => security::of_pod(checker, spec, value),
            "resources" => resources::of_pod(checker, spec, value),
            "ephemeralContainers" if value.items().next().is_some() => {
                checker.refuse(spec, &[key], "ephemeral containers are added to pods that run");
            }
            "shareProcessNamespace" if value.as_bool() == Some(true) && spec.bool_at(&["hostPID"]) == Some(true) => {
                checker.refuse(spec, &[key], "either shareProcessNamespace or hostPID, not both");
            }
            _ => {}
        }
    }
    resolver(checker, spec);
    let mut known: HashSet<&str> = claims.iter().copied().collect();
    volumes::check(checker, spec, &mut known);
    let is_open = spec.items_at(&["volumes"]).any(|it| is_open_name(it.get("name")));
    let pod = mounts::Pod { spec, volumes: (!is_open).then_some(known) };
    containers::check(checker, &pod);
}

/// Whether a name is a template placeholder.
fn is_open_name(name: Option<NodeRef<'_>>) -> bool {
    name.is_some_and(|it| !it.is_null() && crate::model::may_be_filled_in(it.text()))
}

fn check_restart<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>, restart: Restart) {
    let is_filled = Checker::has(spec, &["restartPolicy"]);
    match restart {
        Restart::Always => checker.one_of(spec, &["restartPolicy"], &["Always"]),
        Restart::Any => checker.one_of(spec, &["restartPolicy"], &["Always", "OnFailure", "Never"]),
        Restart::Ends if is_filled && spec.str_at(&["restartPolicy"]) != Some("") => {
            checker.one_of(spec, &["restartPolicy"], &["OnFailure", "Never"]);
        }
        Restart::Ends => {
            let message = "restartPolicy is missing: its default, Always, is refused here";
            checker.refuse(spec, &["restartPolicy"], message).help = Some("set OnFailure or Never".to_owned());
        }
    }
}

fn host_alias<'o>(checker: &mut Checker<'o>, alias: NodeRef<'o>) {
    if alias.is_map() {
        checker.required_named(alias, &["ip"], addresses::address);
        checker.each_named(alias, &["hostnames"], names::dns_subdomain);
    }
}

fn scheduling_gates<'o>(checker: &mut Checker<'o>, gates: NodeRef<'o>) {
    for gate in gates.items().filter(|it| is_object(*it)) {
        checker.required_named(gate, &["name"], names::qualified);
    }
    checker.unique(gates.items(), &["name"], "gates");
}

/// How names are resolved.
fn resolver<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>) {
    checker.one_of(spec, &["dnsPolicy"], &["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]);
    let config = spec.get("dnsConfig").filter(|it| it.is_map());
    let servers = || config.into_iter().flat_map(|it| it.items_at(&["nameservers"]));
    if Checker::text(spec, &["dnsPolicy"]) == Some("None") && servers().next().is_none() {
        let keys: &[&str] = if config.is_some() { &["dnsConfig", "nameservers"] } else { &["dnsConfig"] };
        checker.refuse(spec, keys, "dnsPolicy None needs nameservers in dnsConfig");
        return;
    }
    let Some(config) = config else { return };
    let count = servers().count();
    if count > MOST_NAMESERVERS {
        checker.refuse(config, &["nameservers"], format!("{count} servers, and a resolver asks at most 3"));
    }
    checker.each_named(config, &["nameservers"], addresses::address);
    let count = config.items_at(&["searches"]).count();
    if count > MOST_SEARCHES {
        checker.refuse(config, &["searches"], format!("{count} domains, and a resolver takes at most 32"));
    }
    checker.each_named(config, &["searches"], names::search_domain);
    for option in config.items_at(&["options"]).filter(|it| is_object(*it)) {
        checker.required(option, &["name"]);
    }
}
