//! `storageclass-immediate-binding`

use super::one_zone::pinned_zone;
use crate::config::Durability;
use crate::index::{ClassName, ZONE};
use crate::model::{HOSTNAME, Object};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::is_open;
use crate::yaml::NodeRef;

/// Whence volumes can be reached; the file says how to read it.
const BOUND: &str = include_str!("bound_volumes.txt");

const HELP: &str = "use volumeBindingMode: WaitForFirstConsumer, so that the volume is made where the scheduler wants \
                    the pod; a class cannot be changed: make a new one, or delete it and apply it again";

rule!(StorageclassImmediateBinding, "storage/storageclass-immediate-binding.md", |walk| walk
    .of_kinds(&[("storage.k8s.io", "StorageClass")], judge));

fn judge(class: &Object, cx: &mut Context<'_>) -> Verdict {
    let Some(provisioner) = class.node().at(&["provisioner"]).map(NodeRef::text) else { return Verdict::NotApplicable };
    let Some(place) = bound_to(provisioner) else { return Verdict::NotApplicable };
    match class.node().str_at(&["volumeBindingMode"]) {
        None | Some("Immediate") => {}
        Some(text) if is_open(text) => return Verdict::open("volumeBindingMode is a template placeholder"),
        Some(_) => return Verdict::Pass,
    }
    let by_hand = cx.index().volumes_of_class(class.name());
    let is_static = provisioner == "kubernetes.io/no-provisioner";
    if has_one_place(class, place, cx) || (is_static && !by_hand.is_empty() && !by_hand.iter().any(|it| is_bound(it))) {
        return Verdict::NotApplicable;
    }
    let (where_made, effect) = match (provisioner, place) {
        ("kubernetes.io/no-provisioner", _) => {
            ("lie on one node each", "a claim is bound to any of them before its pod is placed")
        }
        ("rancher.io/local-path", _) => {
            ("lie on one node each", "the provisioner makes none before it knows the node, so that claims stay pending")
        }
        (_, "node") => ("lie on one node each", "they are made before their pod is placed"),
        _ => ("lie in one zone each", "they are made before their pod is placed"),
    };
    let message = format!("volumes of StorageClass {} {where_made}, and {effect}", class.name());
    let draft = cx
        .fail(class, class.place(&["volumeBindingMode"]), message)
        .evidence("provisioner", provisioner)
        .help(HELP)
        .label(class.place(&["provisioner"]).span, format!("bound to its {place}"));
    // Volumes that we do not see are local ones as a rule.
    if is_static && by_hand.is_empty() { draft.heuristic() } else { draft }.verdict()
}

/// Whether a volume made by hand can be reached from some nodes only.
fn is_bound(volume: &Object) -> bool {
    ["local", "nodeAffinity"].iter().any(|it| volume.node().at(&["spec", it]).is_some())
}

/// `node` or `zone`.
fn bound_to(provisioner: &str) -> Option<&'static str> {
    let lines = BOUND.lines().map(str::trim).filter(|it| !it.starts_with('#'));
    lines.filter_map(|it| it.split_once(' ')).find(|it| it.0 == provisioner).map(|it| it.1)
}

/// Whether there is one place for all volumes, so that none can be wrong.
fn has_one_place(class: &Object, place: &str, cx: &Context<'_>) -> bool {
    let index = cx.index();
    if place == "node" {
        return index.domains(HOSTNAME).is_some_and(|it| it.most == Some(1));
    }
    let is_everywhere = index.storage_fact(ClassName::Named(class.name())).durability == Some(Durability::MultiZone);
    is_everywhere || pinned_zone(class).is_some() || index.domains(ZONE).is_some_and(|it| it.most == Some(1))
}
