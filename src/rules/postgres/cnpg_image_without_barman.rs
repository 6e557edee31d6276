//! `cnpg-image-without-barman`

use crate::index::postgres::{CNPG, EDB};
use crate::model::{ImageName, Object};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::is_open;

/// Words of tags of the project's images that hold no programs of Barman.
const WITHOUT: [&str; 2] = ["minimal", "standard"];

rule!(CnpgImageWithoutBarman, "postgres/cnpg-image-without-barman.md", |walk| walk
    .of_kinds(&[(CNPG, "Cluster"), (EDB, "Cluster")], judge));

fn judge<'a>(cluster: &'a Object, cx: &mut Context<'a>) -> Verdict {
    let keys = ["spec", "backup", "barmanObjectStore"];
    let Some(image) = cx.index().cnpg_image(cluster).filter(|_| cluster.node().at(&keys).is_some()) else {
        return Verdict::NotApplicable;
    };
    let ImageName { full: repository, tag, .. } = image.parts();
    let tag = tag.unwrap_or_default();
    if is_open(image.text) {
        return Verdict::open("its image is a template placeholder");
    }
    let is_of_project = repository.ends_with("cloudnative-pg/postgresql");
    let word = tag.split('-').find(|it| WITHOUT.contains(it)).filter(|_| is_of_project);
    let Some(word) = word else { return Verdict::Pass };
    let mut place = cluster.place(&["spec", "imageName"]);
    place.span = image.span;
    let message = format!(
        "{} archives by barmanObjectStore, but its {word} image lacks Barman's programs: nothing is archived",
        cluster.title()
    );
    let other = tag.replace(word, "system");
    cx.fail(cluster, place, message)
        .evidence("image", image.text)
        .label(cluster.place(&keys).span, "the store")
        .help(format!("use the Barman Cloud plugin with an ObjectStore, or the image {other} until then"))
        .verdict()
}
