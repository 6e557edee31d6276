//! `claim-access-mode-unsupported`

use crate::index::{BlockDisk, Claim, Index};
use crate::model::{Object, Place, WorkloadKind};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::is_open;
use crate::yaml::NodeRef;

rule!(ClaimAccessModeUnsupported, "storage/claim-access-mode-unsupported.md", |walk| {
    walk.of_kinds(&[("", "PersistentVolumeClaim")], |it, cx| judge(it, it.node(), cx));
    walk.each(templates, |(set, template), cx| judge(set, template, cx));
});

/// The templates of claims in StatefulSets.
fn templates<'a>(index: &'a Index<'a>) -> impl Iterator<Item = (&'a Object, NodeRef<'a>)> {
    let sets = index.workloads().iter().filter(|it| it.kind == WorkloadKind::StatefulSet).map(|it| it.object);
    sets.flat_map(|it| it.node().items_at(&["spec", "volumeClaimTemplates"]).map(move |template| (it, template)))
}

fn judge<'a>(object: &'a Object, node: NodeRef<'a>, cx: &mut Context<'a>) -> Verdict {
    let spec = |key: &str| node.at(&["spec", key]);
    // A selector asks for a volume that somebody made by hand, of whatever kind.
    if spec("volumeMode").map(NodeRef::text) == Some("Block") || spec("selector").is_some() {
        return Verdict::NotApplicable;
    }
    let index = cx.index();
    let Claim { name, class: Some(class), place, .. } = Claim::read(object, node) else {
        return Verdict::NotApplicable;
    };
    let Some(disk) = index.block_disk(class) else { return Verdict::NotApplicable };
    if !index.volumes_of_class(disk.class.name()).is_empty() {
        return Verdict::NotApplicable;
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
            Verdict::open("the access modes of a claim are template placeholders")
        }
        None => Verdict::Pass,
    }
}

fn report(
    (object, node, name): (&Object, NodeRef<'_>, &str),
    mode: &str,
    disk: &BlockDisk<'_>,
    class: &Place,
    cx: &mut Context<'_>,
) -> Verdict {
    let message = format!(
        "claim {name} asks for {mode}, and provisioner {} makes disks with a file system for one node: its pods stay \
         pending",
        disk.provisioner
    );
    let place = object.place_in(node, &["spec", "accessModes"]);
    cx.fail(object, place, message)
        .label(class.span, format!("asks for class {}", disk.class.name()))
        .label(disk.class.place(&["provisioner"]).span, "its volumes are disks")
        .help("use a class of shared files (NFS, EFS, Filestore, Azure Files, CephFS), or ReadWriteOnce for pods on one node")
        .verdict()
}
