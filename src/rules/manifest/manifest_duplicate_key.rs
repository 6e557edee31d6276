//! `manifest-duplicate-key`

use crate::model::Place;
use crate::rule::{NoParams, Rule, Walk};

pub(crate) struct ManifestDuplicateKey;

impl Rule for ManifestDuplicateKey {
    const PAGE: &'static str = include_str!("../../../rules/manifest/manifest-duplicate-key.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.part(|cx| {
            for object in cx.objects() {
                let document = object.document();
                // A List holds several objects: each answers for what is written in it.
                let inside = object.node();
                let mut duplicates =
                    document.duplicates().iter().filter(|it| inside.holds(document.node(it.key))).peekable();
                if duplicates.peek().is_none() {
                    cx.pass(object);
                }
                for duplicate in duplicates {
                    let key = document.node(duplicate.key);
                    let place = Place { span: duplicate.second, path: inside.path_to(key) };
                    cx.fail(object, place, format!("the key `{}` stands twice in this map", key.text()))
                        .label(duplicate.first, "the value given here is lost")
                        .help("kubectl takes the last value; kustomize and Flux refuse the file");
                }
            }
        });
    }
}
