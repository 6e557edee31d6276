//! `manifest-duplicate-key`

use crate::finding::Safety;
use crate::model::{Object, Place};
use crate::rule::{Context, Repair, Verdict, rule};
use crate::yaml::Duplicate;

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
        // A key that stands three times is a slip of another kind: somebody looks at it.
        let is_of_more = |it: &Duplicate| it.first == duplicate.second || it.second == duplicate.first;
        let repair = (!document.duplicates().iter().any(is_of_more)).then_some(repair);
        verdict = cx
            .fail(object, place, format!("the key `{}` stands twice in this map", key.text()))
            .label(duplicate.first, "the value given here is lost")
            .help("kubectl takes the last value; kustomize and Flux refuse the file")
            .fix(repair)
            .verdict();
    }
    verdict
}
