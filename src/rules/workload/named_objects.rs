//! The ServiceAccount and the claims that pods name, and without which they are refused or stay pending.

use super::judged::is_waived;
use crate::index::{Index, OfObject};
use crate::model::{Object, PodTemplate};
use crate::rule::{Context, Verdict};
use crate::rules::absence::doubt_of_absence;
use crate::rules::words::is_open;
use crate::yaml::NodeRef;
use rapidfuzz::distance::osa;
use std::collections::BTreeSet;

/// ServiceAccounts that a namespace has by itself, those of OpenShift among them.
const BY_THEMSELVES: &[&str] = &["default", "builder", "deployer", "pipeline"];

/// What pods name, and what it means if it is not there.
pub(super) struct Named<'a> {
    object: &'a Object,
    kind: &'static str,
    name: &'a str,
    node: NodeRef<'a>,
    key: &'static str,
    help: &'static str,
    absent: &'static [&'static str],
}

impl<'a> OfObject<'a> for Named<'a> {
    fn object(&self) -> &'a Object {
        self.object
    }
}

/// All that pods name.
pub(super) fn all<'a>(index: &'a Index<'a>) -> Vec<Named<'a>> {
    let of_sets = claims_of_sets(index);
    let is_of_a_set = |claim: &str| {
        let digits = claim.bytes().rev().take_while(u8::is_ascii_digit).count();
        digits > 0 && of_sets.contains(&claim[..claim.len() - digits])
    };
    let mut all = Vec::new();
    for workload in index.workloads().iter().filter(|it| !is_waived(it)) {
        let object = workload.object;
        // A template of another object is that one's affair.
        let Some(spec) = PodTemplate::of(object, workload.kind).and_then(PodTemplate::spec) else { continue };
        // The API server reads the older field where the other is empty.
        let mut accounts =
            ["serviceAccountName", "serviceAccount"].iter().filter_map(|it| Some((*it, spec.str_at(&[it])?)));
        let account = accounts.find(|it| !it.1.is_empty()).filter(|it| !BY_THEMSELVES.contains(&it.1));
        all.extend(account.map(|(key, name)| Named {
            object,
            kind: "ServiceAccount",
            name,
            node: spec,
            key,
            help: "the API server refuses the pods: add the ServiceAccount, or correct the name",
            absent: &["ServiceAccount"],
        }));
        let claims =
            index.shared_claims(workload).into_iter().filter(|it| it.object.is_none() && !is_of_a_set(it.name));
        all.extend(claims.filter_map(|claim| {
            Some(Named {
                object,
                kind: "PersistentVolumeClaim",
                name: claim.name,
                node: claim.volume.at(&["persistentVolumeClaim"])?,
                key: "claimName",
                help: "the pods stay pending: add the claim, or correct the name",
                absent: &["PersistentVolumeClaim"],
            })
        }));
    }
    all
}

/// So many names are compared with one that is not there, and so long ones.
const FEW: usize = 200;
const LONGEST: usize = 256;

/// The object of this kind in the namespace of another whose name is nearest, where there are few.
fn nearest<'a>(object: &Object, kind: &str, name: &str, index: &Index<'a>) -> Option<&'a Object> {
    let all = || index.of_kind("", kind);
    if all().nth(FEW).is_some() || name.len() > LONGEST {
        return None;
    }
    let near = all().filter(|it| it.namespace() == object.namespace() && it.name().len() <= LONGEST);
    near.min_by_key(|it| osa::distance(it.name().chars(), name.chars()))
}

/// What the names of claims that StatefulSets make begin with: `data-db-`.
fn claims_of_sets(index: &Index<'_>) -> BTreeSet<String> {
    let sets = index.of_kind("apps", "StatefulSet");
    let prefixes = sets.flat_map(|set| {
        let templates = set.node().items_at(&["spec", "volumeClaimTemplates"]);
        templates.filter_map(move |it| Some(format!("{}-{}-", it.str_at(&["metadata", "name"])?, set.name())))
    });
    prefixes.collect()
}

pub(super) fn judge(named: Named<'_>, cx: &mut Context<'_>) -> Verdict {
    let (index, Named { object, kind, name, node, key, .. }) = (cx.index(), &named);
    if is_open(name) {
        return Verdict::open(format!("the name of a {kind} is a template placeholder"));
    }
    if index.find(object, "", kind, name).is_some() || index.maker_of_name(object, None, name).is_some() {
        return Verdict::Pass;
    }
    let elsewhere = index.named("", kind, name).first().copied();
    if let Some(reason) = doubt_of_absence(object, ("", kind, name), elsewhere, cx) {
        return Verdict::open(reason);
    }
    if index.is_named_by_custom_resource(name) {
        return Verdict::open(format!("a custom resource may make {kind} {name}"));
    }
    let near = elsewhere.or_else(|| nearest(object, kind, name, index));
    let message = format!("{} names {kind} {name}, which is not there", object.title());
    let there = near.map(|there| {
        let text = match there.namespace().filter(|_| elsewhere.is_some()) {
            Some(namespace) => format!("this one is in namespace {namespace}"),
            None => format!("there is {}", there.name()),
        };
        (there.name_span(), text)
    });
    cx.fail(object, object.place_in(*node, &[key]), message)
        .absent(named.absent)
        .help(named.help)
        .labels(there)
        .verdict()
}
