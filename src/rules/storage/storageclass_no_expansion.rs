//! `storageclass-no-expansion`

use super::users::{label_users, stores_on};
use crate::config::Durability;
use crate::index::ClassName;
use crate::model::Object;
use crate::rule::{Context, Repair, Verdict, rule};
use crate::yaml::NodeRef;

const HELP: &str = "set allowVolumeExpansion: true, one of the few fields of a class that can be changed: then a \
                    larger request of a claim makes its volume larger, while the pod runs";

rule!(StorageclassNoExpansion, "storage/storageclass-no-expansion.md", |walk| walk
    .of_kinds(&[("storage.k8s.io", "StorageClass")], judge));

fn judge(class: &Object, cx: &mut Context<'_>) -> Verdict {
    // Folders of a node cannot grow, and of drivers that we do not know nothing is known.
    let fact = cx.index().storage_fact(ClassName::Named(class.name()));
    if fact.durability.is_none_or(|it| it == Durability::NodeLocal) {
        return Verdict::NotApplicable;
    }
    let uses = stores_on(class, cx.index().storage_uses());
    let Some(first) = uses.first() else { return Verdict::NotApplicable };
    match class.node().at(&["allowVolumeExpansion"]).map(NodeRef::as_bool) {
        None | Some(Some(false)) => {}
        Some(Some(true)) => return Verdict::Pass,
        Some(None) => return Verdict::open("allowVolumeExpansion is a template placeholder"),
    }
    let message = format!(
        "StorageClass {} keeps the data of {}, and its volumes cannot be made larger",
        class.name(),
        first.object.title()
    );
    let draft = cx.fail(class, class.place(&["allowVolumeExpansion"]), message).help(HELP);
    let draft = draft.fix(Repair::new().set(class, &["allowVolumeExpansion"], true));
    label_users(draft, &uses).verdict()
}
