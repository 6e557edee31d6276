//! `manifest-duplicate-key`

use crate::model::{Object, Place};
use crate::rule::{Context, Verdict, rule};

rule!(ManifestDuplicateKey, "manifest/manifest-duplicate-key.md", |walk| walk.objects(judge));

fn judge(object: &Object, cx: &mut Context<'_>) -> Verdict {
    let document = object.document();
    // A List holds several objects: each answers for what is written in it.
    let inside = object.node();
    let mut verdict = Verdict::Pass;
    for duplicate in document.duplicates().iter().filter(|it| inside.holds(document.node(it.key))) {
        let key = document.node(duplicate.key);
        let place = Place { span: duplicate.second, path: inside.path_to(key) };
        verdict = cx
            .fail(object, place, format!("the key `{}` stands twice in this map", key.text()))
            .label(duplicate.first, "the value given here is lost")
            .help("kubectl takes the last value; kustomize and Flux refuse the file")
            .verdict();
    }
    verdict
}
