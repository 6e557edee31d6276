//! `storageclass-reclaim-delete`

use super::users::{label_users, stores_on};
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::is_open;
use crate::yaml::NodeRef;

const HELP: &str = "use a class with reclaimPolicy: Retain for data that must outlive a deleted claim, namespace or \
                    cluster resource; for volumes that exist patch persistentVolumeReclaimPolicy";

rule!(StorageclassReclaimDelete, "storage/storageclass-reclaim-delete.md", |walk| walk
    .of_kinds(&[("storage.k8s.io", "StorageClass")], judge));

fn judge(class: &Object, cx: &mut Context<'_>) -> Verdict {
    // Volumes made by hand have a policy of their own.
    if class.node().at(&["provisioner"]).map(NodeRef::text) == Some("kubernetes.io/no-provisioner") {
        return Verdict::NotApplicable;
    }
    let uses = stores_on(class, cx.index().storage_uses());
    let Some(first) = uses.first() else { return Verdict::NotApplicable };
    let how = match class.node().str_at(&["reclaimPolicy"]) {
        None => ", by default",
        Some("Delete") => "",
        Some(text) if is_open(text) => return Verdict::open("reclaimPolicy is a template placeholder"),
        Some(_) => return Verdict::Pass,
    };
    let message = format!(
        "StorageClass {} keeps the data of {} and deletes a volume with its claim{how}",
        class.name(),
        first.object.title()
    );
    let draft = cx.fail(class, class.place(&["reclaimPolicy"]), message).help(HELP);
    label_users(draft, &uses).verdict()
}
