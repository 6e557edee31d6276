//! The ServiceAccount and the claims that pods name, and without which they are refused or stay pending.

use crate::index::{Index, Workload};
use crate::model::{Object, PodTemplate};
use crate::rule::Context;
use crate::rules::absence::doubt_of_absence;
use crate::rules::words::is_open;
use crate::yaml::NodeRef;
use std::collections::BTreeSet;

/// ServiceAccounts that a namespace has by itself, those of OpenShift among them.
const BY_THEMSELVES: &[&str] = &["default", "builder", "deployer", "pipeline"];

/// What names are looked up against, besides objects.
pub(super) struct Named {
    /// What the names of claims that StatefulSets make begin with: `data-db-`.
    of_sets: BTreeSet<String>,
}

/// What is not there, and what that means.
struct Missing<'a> {
    kind: &'static str,
    name: &'a str,
    node: NodeRef<'a>,
    key: &'static str,
    help: &'static str,
    absent: &'static [&'static str],
}

impl Named {
    pub(super) fn new(index: &Index<'_>) -> Named {
        let sets = index.of_kind("apps", "StatefulSet");
        let prefixes = sets.flat_map(|set| {
            let templates = set.node().items_at(&["spec", "volumeClaimTemplates"]);
            templates.filter_map(move |it| Some(format!("{}-{}-", it.str_at(&["metadata", "name"])?, set.name())))
        });
        Named { of_sets: prefixes.collect() }
    }

    /// Says what a workload's pods name that is not there.
    pub(super) fn check(&self, workload: &Workload<'_>, cx: &mut Context<'_>) {
        let object = workload.object;
        // A template of another object is that one's affair.
        let Some(spec) = PodTemplate::of(object, workload.kind).and_then(PodTemplate::spec) else { return };
        let account = spec.str_at(&["serviceAccountName"]).filter(|it| !it.is_empty() && !BY_THEMSELVES.contains(it));
        if let Some(name) = account {
            let missing = Missing {
                kind: "ServiceAccount",
                name,
                node: spec,
                key: "serviceAccountName",
                help: "the API server refuses the pods: add the ServiceAccount, or correct the name",
                absent: &["ServiceAccount"],
            };
            look_up(object, &missing, cx);
        }
        for claim in
            cx.index().shared_claims(workload).iter().filter(|it| it.object.is_none() && !self.is_of_a_set(it.name))
        {
            let Some(node) = claim.volume.at(&["persistentVolumeClaim"]) else { continue };
            let missing = Missing {
                kind: "PersistentVolumeClaim",
                name: claim.name,
                node,
                key: "claimName",
                help: "the pods stay pending: add the claim, or correct the name",
                absent: &["PersistentVolumeClaim"],
            };
            look_up(object, &missing, cx);
        }
    }

    fn is_of_a_set(&self, claim: &str) -> bool {
        let digits = claim.bytes().rev().take_while(u8::is_ascii_digit).count();
        digits > 0 && self.of_sets.contains(&claim[..claim.len() - digits])
    }
}

fn look_up(object: &Object, missing: &Missing<'_>, cx: &mut Context<'_>) {
    let (index, Missing { kind, name, .. }) = (cx.index(), missing);
    if is_open(name)
        || index.find(object, "", kind, name).is_some()
        || index.maker_of_name(object, None, name).is_some()
    {
        return;
    }
    let elsewhere = index.named("", kind, name).first().copied();
    if let Some(reason) = doubt_of_absence(object, ("", kind, name), elsewhere, cx) {
        return cx.not_verifiable(object, reason);
    }
    if index.is_named_by_custom_resource(name) {
        return cx.not_verifiable(object, format!("a custom resource may make {kind} {name}"));
    }
    let near = index.of_kind("", kind).filter(|it| it.namespace() == object.namespace());
    let near = elsewhere.or_else(|| near.min_by_key(|it| strsim::osa_distance(it.name(), name)));
    let message = format!("{} names {kind} {name}, which is not there", object.title());
    let draft = cx
        .fail(object, object.place_in(missing.node, &[missing.key]), message)
        .absent(missing.absent)
        .help(missing.help);
    if let Some(there) = near {
        let text = match there.namespace().filter(|_| elsewhere.is_some()) {
            Some(namespace) => format!("this one is in namespace {namespace}"),
            None => format!("there is {}", there.name()),
        };
        draft.label(there.name_span(), text);
    }
}
