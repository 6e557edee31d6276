//! `image-tag-latest`

use super::judged::{is_judged, is_other};
use crate::index::Workload;
use crate::model::{Container, ImageName, PodTemplate};
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::alike;
use crate::rules::words::is_open;
use crate::rules::workload::ImageBitnamiRemoved;

const HELP: &str = "a pod that starts later may run other code than its neighbours, an update cannot be rolled back, \
                    and each start asks the registry: name a version, or a digest";

const FLOATING_HELP: &str =
    "pods that start on different days may run different builds: name the whole version, or a digest";

/// Words in tags that stand for whatever is newest.
const MOVING: &[&str] = &[
    "latest",
    "stable",
    "edge",
    "nightly",
    "main",
    "master",
    "develop",
    "dev",
    "snapshot",
    "current",
    "lts",
    "mainline",
    "alpine",
    "slim",
    "production",
    "prod",
    "staging",
];

cases!(ImageTagLatest: OTHER_ROLE = "other-role", FLOATING = "floating", SINGLE = "single");

rule!(ImageTagLatest, "workload/image-tag-latest.md", |walk| walk.workloads(judge));

/// What a reference says of the image that is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Pin {
    /// One image.
    Fixed,
    /// Filled in later.
    Open,
    /// A tag that is meant to move.
    Floating,
    /// `latest`.
    Latest,
    /// No tag, which means `latest`.
    Untagged,
}

fn judge<'a>(workload: &Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    if !is_judged(workload) {
        return Verdict::NotApplicable;
    }
    let running: Vec<(Container<'a>, Pin)> = {
        let sidecars = workload.template.into_iter().flat_map(|it| it.sidecars().collect::<Vec<_>>());
        workload.containers().chain(sidecars).map(|it| (it, pin(it.image()))).collect()
    };
    let find = |least: Pin| running.iter().find(|it| it.1 >= least);
    if let Some((container, pin)) = find(Pin::Latest).or_else(|| find(Pin::Floating)) {
        return report(workload, *container, *pin, &running, cx);
    }
    let mut inits = workload.template.into_iter().flat_map(PodTemplate::init_containers);
    if let Some(container) = inits.find(|it| pin(it.image()) >= Pin::Latest) {
        return report(workload, container, pin(container.image()), &[], cx);
    }
    if running.iter().any(|it| it.1 == Pin::Open) {
        return Verdict::open("the tag of the image is a template placeholder");
    }
    Verdict::Pass
}

fn report(
    workload: &Workload<'_>,
    container: Container<'_>,
    pin: Pin,
    all: &[(Container<'_>, Pin)],
    cx: &mut Context<'_>,
) -> Verdict {
    let object = workload.object;
    let image = container.image();
    let what = match pin {
        Pin::Untagged => format!("{image} without a tag, so whatever is latest"),
        Pin::Latest => format!("{image}, whatever that is when a pod starts"),
        _ => format!("{image}, a tag that moves"),
    };
    let message = format!("container {} of {} runs {what}", container.name(), object.title());
    let is_latest = pin >= Pin::Latest;
    let (help, verdict) =
        if is_latest { (HELP, "run images without a version") } else { (FLOATING_HELP, "run images whose tags move") };
    let case = match workload.scale.floor {
        _ if is_other(workload) => Some(OTHER_ROLE),
        // What is over before the others run matters less.
        _ if !is_latest || all.is_empty() => Some(FLOATING),
        Some(..2) => Some(SINGLE),
        _ => None,
    };
    let others = all.iter().filter(|it| it.1 >= Pin::Latest && it.0.node() != container.node());
    let place = object.place_in(container.node(), &["image"]);
    let span = place.span;
    let draft = cx
        .fail(object, place, message)
        .help(help)
        .listed_with_similar(alike::workloads(object, verdict, help))
        .labels(others.take(3).map(|it| (it.0.node().place(&["image"]), "nor has this a version")))
        .maybe_case(case);
    if is_latest {
        return draft.merged_into(ImageBitnamiRemoved::ID, object, span, "nor does it name a version").verdict();
    }
    draft.verdict()
}

fn pin(image: &str) -> Pin {
    if is_open(image) {
        return Pin::Open;
    }
    let name = ImageName::read(image);
    if image.is_empty() || name.digest.is_some() {
        return Pin::Fixed; // A digest, or an image that the API server misses.
    }
    let Some(tag) = name.tag else { return Pin::Untagged };
    if tag == "latest" {
        return Pin::Latest;
    }
    let mut parts = tag.split(['-', '_']);
    let is_number = tag.starts_with(|it: char| it.is_ascii_digit());
    if !is_number && parts.any(|it| MOVING.contains(&it.to_ascii_lowercase().as_str())) && !names_a_build(tag) {
        return Pin::Floating;
    }
    // Of official images it is known that a first number alone moves.
    let repository = name.full.trim_start_matches("docker.io/").trim_start_matches("library/");
    let version = tag.split('-').next().unwrap_or_default();
    let is_major = !version.is_empty() && version.bytes().all(|it| it.is_ascii_digit()) && version.len() <= 2;
    if !repository.contains('/') && is_major { Pin::Floating } else { Pin::Fixed }
}

/// Whether a tag such as `main-4f9a21c` or `stable-2024.1` has a part with a number of its own.
fn names_a_build(tag: &str) -> bool {
    tag.split(['-', '_']).any(|it| it.bytes().filter(u8::is_ascii_digit).count() > 0)
}

#[cfg(test)]
mod tests {
    use super::{Pin, pin};

    #[test]
    fn tags_tell_what_moves() {
        for image in ["api", "registry.example.com:5000/api", "docker.io/library/nginx"] {
            assert_eq!(pin(image), Pin::Untagged, "{image}");
        }
        assert_eq!(pin("ghcr.io/acme/api:latest"), Pin::Latest);
        for image in
            ["nginx:stable", "redis:alpine", "postgres:15-alpine", "docker.io/library/redis:7", "acme/api:main"]
        {
            assert_eq!(pin(image), Pin::Floating, "{image}");
        }
        for image in [
            "nginx:1.27",
            "postgres:15.4-alpine",
            "acme/api:2",
            "acme/api:v3",
            "acme/api:main-4f9a21c",
            "acme/api:4f9a21c",
            "acme/api:latest@sha256:00",
            "acme/api:20240131",
            "node:22.1.0-slim",
            "acme/slim-fit:1.0",
        ] {
            assert_eq!(pin(image), Pin::Fixed, "{image}");
        }
        assert_eq!(pin("acme/api:${TAG}"), Pin::Open);
    }
}
