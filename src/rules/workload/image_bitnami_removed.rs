//! `image-bitnami-removed`

use crate::index::Workload;
use crate::model::{Container, PodTemplate};
use crate::rule::{Context, NoParams, Rule, Similar};
use crate::rules::words::is_open;

pub(in crate::rules) struct ImageBitnamiRemoved;

const HELP: &str = "a pod that starts on a node without the image cannot pull it: move to an image that is maintained \
                    (the project's own, or bitnamisecure), or for the time being to the same tag in bitnamilegacy, or mirror it";

/// Names of Docker Hub in front of a repository.
const HUBS: &[&str] = &["docker.io/", "index.docker.io/", "registry-1.docker.io/", "registry.hub.docker.com/"];

impl Rule for ImageBitnamiRemoved {
    const PAGE: &'static str = include_str!("../../../rules/workload/image-bitnami-removed.md");
    type Params = NoParams;
    const IN_PARTS: bool = true;

    fn check(_: &NoParams, cx: &mut Context<'_>) {
        for workload in cx.workloads() {
            check_workload(workload, cx);
        }
    }
}

/// What became of an image.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DocumentStatus {
    /// Nothing: it is another.
    Other,
    /// Gone, or soon to be.
    Removed,
    /// A development image that moves.
    Latest,
    /// Kept as it was, never updated.
    Legacy,
}

fn check_workload(workload: &Workload<'_>, cx: &mut Context<'_>) {
    let object = workload.object;
    let inits = workload.template.into_iter().flat_map(PodTemplate::init_containers);
    let images: Vec<(Container<'_>, DocumentStatus)> = workload
        .containers()
        .chain(inits)
        .map(|it| (it, fate(it.image())))
        .filter(|it| it.1 != DocumentStatus::Other)
        .collect();
    let worst = [DocumentStatus::Removed, DocumentStatus::Latest, DocumentStatus::Legacy]
        .into_iter()
        .find_map(|fate| images.iter().find(|it| it.1 == fate));
    let Some((container, fate)) = worst else { return };
    let image = container.image();
    if is_open(image) {
        return cx.not_verifiable(object, "the tag of the image is a template placeholder");
    }
    let message = match fate {
        DocumentStatus::Legacy => format!("{} runs {image}, which is no longer updated", object.title()),
        DocumentStatus::Latest => {
            format!("{} runs {image}, a development image that changes without notice", object.title())
        }
        _ => format!("{} runs {image}, which Docker Hub no longer publishes", object.title()),
    };
    let mut draft = cx.fail(object, object.place_in(container.node(), &["image"]), message);
    for (other, _) in images.iter().filter(|it| it.0.node() != container.node()) {
        draft = draft.label(other.node().place(&["image"]), "another image of Bitnami");
    }
    match fate {
        DocumentStatus::Legacy => {
            let help = "no flaw in it is mended any more: move to an image that is maintained";
            draft.help(help).case("legacy");
        }
        DocumentStatus::Latest => {
            let help = "each pull may bring another major version: move to an image with versions";
            draft.help(help).case("latest");
        }
        _ => {
            let verdict = "run images of docker.io/bitnami, which are no longer published";
            let name = object.name().to_owned();
            draft.help(HELP).listed_with_similar(Similar { noun: "workloads", verdict, name, help: HELP });
        }
    }
}

fn fate(image: &str) -> DocumentStatus {
    let image = HUBS.iter().find_map(|it| image.strip_prefix(it)).unwrap_or(image);
    if image.starts_with("bitnamilegacy/") {
        return DocumentStatus::Legacy;
    }
    let Some(rest) = image.strip_prefix("bitnami/") else { return DocumentStatus::Other };
    match rest.split_once(['@', ':']) {
        None => DocumentStatus::Latest,
        Some((_, "latest")) => DocumentStatus::Latest,
        Some(_) => DocumentStatus::Removed,
    }
}

#[cfg(test)]
mod tests {
    use super::{DocumentStatus, fate};

    #[test]
    fn only_docker_hub_removed_them() {
        assert!(fate("bitnami/redis:7.2") == DocumentStatus::Removed);
        assert!(fate("docker.io/bitnami/redis:7.2") == DocumentStatus::Removed);
        assert!(fate("bitnami/redis") == DocumentStatus::Latest);
        assert!(fate("docker.io/bitnamilegacy/redis:7") == DocumentStatus::Legacy);
        assert!(fate("registry.example.com/bitnami/redis:7") == DocumentStatus::Other);
        assert!(fate("public.ecr.aws/bitnami/redis:7") == DocumentStatus::Other);
    }
}
