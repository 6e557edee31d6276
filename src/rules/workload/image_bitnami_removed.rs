//! `image-bitnami-removed`

use crate::index::Workload;
use crate::model::{Container, PodTemplate};
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::alike;
use crate::rules::words::is_open;

const HELP: &str = "a pod that starts on a node without the image cannot pull it: move to an image that is maintained \
                    (the project's own, or bitnamisecure), or for the time being to the same tag in bitnamilegacy, or mirror it";

/// Names of Docker Hub in front of a repository.
const HUBS: &[&str] = &["docker.io/", "index.docker.io/", "registry-1.docker.io/", "registry.hub.docker.com/"];

cases!(ImageBitnamiRemoved: LATEST = "latest", LEGACY = "legacy");

rule!(ImageBitnamiRemoved, "workload/image-bitnami-removed.md", |walk| walk.workloads(judge));

/// What became of an image.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing: it is another.
    Other,
    /// Gone, or soon to be.
    Removed,
    /// A development image that moves.
    Latest,
    /// Kept as it was, never updated.
    Legacy,
}

fn judge(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    let inits = workload.template.into_iter().flat_map(PodTemplate::init_containers);
    let images: Vec<(Container<'_>, State)> =
        workload.containers().chain(inits).map(|it| (it, read(it.image()))).filter(|it| it.1 != State::Other).collect();
    let worst = [State::Removed, State::Latest, State::Legacy]
        .into_iter()
        .find_map(|state| images.iter().find(|it| it.1 == state));
    let Some((container, state)) = worst else { return Verdict::NotApplicable };
    let image = container.image();
    if is_open(image) {
        return Verdict::open("the tag of the image is a template placeholder");
    }
    let message = match state {
        State::Legacy => format!("{} runs {image}, which is no longer updated", object.title()),
        State::Latest => {
            format!("{} runs {image}, a development image that changes without notice", object.title())
        }
        _ => format!("{} runs {image}, which Docker Hub no longer publishes", object.title()),
    };
    let others = images.iter().filter(|it| it.0.node() != container.node());
    let draft = cx
        .fail(object, object.place_in(container.node(), &["image"]), message)
        .labels(others.map(|it| (it.0.node().place(&["image"]), "another image of Bitnami")));
    match state {
        State::Legacy => {
            draft.help("no flaw in it is mended any more: move to an image that is maintained").case(LEGACY).verdict()
        }
        State::Latest => draft
            .help("each pull may bring another major version: move to an image with versions")
            .case(LATEST)
            .verdict(),
        _ => {
            let verdict = "run images of docker.io/bitnami, which are no longer published";
            draft.help(HELP).listed_with_similar(alike::workloads(object, verdict, HELP)).verdict()
        }
    }
}

fn read(image: &str) -> State {
    let image = HUBS.iter().find_map(|it| image.strip_prefix(it)).unwrap_or(image);
    if image.starts_with("bitnamilegacy/") {
        return State::Legacy;
    }
    let Some(rest) = image.strip_prefix("bitnami/") else { return State::Other };
    match rest.split_once(['@', ':']) {
        None => State::Latest,
        Some((_, "latest")) => State::Latest,
        Some(_) => State::Removed,
    }
}

#[cfg(test)]
mod tests {
    use super::{State, read};

    #[test]
    fn only_docker_hub_removed_them() {
        assert!(read("bitnami/redis:7.2") == State::Removed);
        assert!(read("docker.io/bitnami/redis:7.2") == State::Removed);
        assert!(read("bitnami/redis") == State::Latest);
        assert!(read("docker.io/bitnamilegacy/redis:7") == State::Legacy);
        assert!(read("registry.example.com/bitnami/redis:7") == State::Other);
        assert!(read("public.ecr.aws/bitnami/redis:7") == State::Other);
    }
}
