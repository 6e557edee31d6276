//! `claim-access-mode-unsupported`

use crate::index::{BlockDisk, Claim};
use crate::model::{Object, Place, WorkloadKind};
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::rules::words::is_open;
use crate::yaml::NodeRef;

pub(crate) struct ClaimAccessModeUnsupported;

impl Rule for ClaimAccessModeUnsupported {
    const PAGE: &'static str = include_str!("../../../rules/storage/claim-access-mode-unsupported.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            for object in index.of_kind("", "PersistentVolumeClaim") {
                check_claim(object, object.node(), cx);
            }
            for workload in index.workloads().iter().filter(|it| it.kind == WorkloadKind::StatefulSet) {
                for template in workload.object.node().items_at(&["spec", "volumeClaimTemplates"]) {
                    check_claim(workload.object, template, cx);
                }
            }
        });
    }
}

/// Judges a claim of its own, or a template of one in a StatefulSet.
fn check_claim<'a>(object: &'a Object, node: NodeRef<'a>, cx: &mut Context<'a>) {
    let spec = |key: &str| node.at(&["spec", key]);
    // A selector asks for a volume that somebody made by hand, of whatever kind.
    if spec("volumeMode").map(NodeRef::text) == Some("Block") || spec("selector").is_some() {
        return;
    }
    let index = cx.index();
    let Claim { name, class: Some(class), place, .. } = Claim::read(object, node) else { return };
    let Some(disk) = index.block_disk(class) else { return };
    if !index.volumes_of_class(disk.class.name()).is_empty() {
        return;
    }
    let is_refused = |mode: &NodeRef<'_>| match mode.text() {
        "ReadWriteMany" => true,
        "ReadOnlyMany" => !disk.has_readers,
        _ => false,
    };
    let modes: Vec<NodeRef<'_>> = spec("accessModes").into_iter().flat_map(NodeRef::items).collect();
    match modes.iter().find(|it| is_refused(it)) {
        Some(mode) => report((object, node, &name), mode.text(), &disk, &place, cx),
        None if modes.iter().any(|it| is_open(it.text())) => {
            cx.not_verifiable(object, "the access modes of a claim are template placeholders");
        }
        None => cx.pass(object),
    }
}

fn report(
    (object, node, name): (&Object, NodeRef<'_>, &str),
    mode: &str,
    disk: &BlockDisk<'_>,
    class: &Place,
    cx: &mut Context<'_>,
) {
    let message = format!(
        "claim {name} asks for {mode}, and provisioner {} makes disks with a file system for one node: its pods stay \
         pending",
        disk.provisioner
    );
    let place = object.place_in(node, &["spec", "accessModes"]);
    cx.fail(object, place, message)
        .label(class.span, format!("asks for class {}", disk.class.name()))
        .label(disk.class.place(&["provisioner"]).span, "its volumes are disks")
        .help("use a class of shared files (NFS, EFS, Filestore, Azure Files, CephFS), or ReadWriteOnce for pods on one node");
}
