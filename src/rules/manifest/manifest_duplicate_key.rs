//! `manifest-duplicate-key`

use crate::finding::Safety;
use crate::model::{Object, Place};
use crate::rule::{Context, Repair, Verdict, rule};

rule!(ManifestDuplicateKey, "manifest/manifest-duplicate-key.md", |walk| walk.objects(judge));

fn judge(object: &Object, cx: &mut Context<'_>) -> Verdict {
    let document = object.document();
    // A List holds several objects: each answers for what is written in it.
    let inside = object.node();
    let mut verdict = Verdict::Pass;
    for duplicate in document.duplicates().iter().filter(|it| inside.holds(document.node(it.key))) {
        let key = document.node(duplicate.key);
        let place = Place { span: duplicate.second, path: inside.path_to(key) };
        let repair = Repair::new().remove_in(object, document.node(duplicate.lost), &[]);
        // kustomize refuses the file as it stands: without the entry the object is made.
        let repair = if object.is_governed { repair.at_most(Safety::Unsafe) } else { repair };
        verdict = cx
            .fail(object, place, format!("the key `{}` stands twice in this map", key.text()))
            .label(duplicate.first, "the value given here is lost")
            .help("kubectl takes the last value; kustomize and Flux refuse the file")
            .fix(repair)
            .verdict();
    }
    verdict
}
