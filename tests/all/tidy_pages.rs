//! Parts of the documentation that are generated: the table of rules, the versions that are known.
//!
//! `EDMS_LINT_UPDATE=1 cargo test --test all tidy` writes them anew.

use crate::common::root;
use edms_lint::config::Profile;
use edms_lint::finding::Severity;
use edms_lint::index::kafka::releases;
use edms_lint::model::{never_served, products, typed};
use edms_lint::rules;
use std::fmt::Write as _;

/// Each part: the page, the mark between which it stands, and what makes it.
const PARTS: &[(&str, &str, fn() -> String)] = &[
    ("README.md", "count", || rules::all().count().to_string()),
    ("docs/rules.md", "rules", table),
    ("docs/versions.md", "versions", versions),
    ("docs/versions.md", "groups", groups),
];

#[test]
fn generated_parts_of_pages_are_current() {
    let mut stale = Vec::new();
    for (page, mark, make) in PARTS {
        let path = root().join(page);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{page}: {error}"));
        let current = replace_between(&text, &format!("<!-- {mark} -->"), &format!("<!-- /{mark} -->"), &make());
        if std::env::var_os("EDMS_LINT_UPDATE").is_some() {
            std::fs::write(&path, &current).expect("pages can be written");
        } else if text != current {
            stale.push(*page);
        }
    }
    assert!(stale.is_empty(), "{stale:?}: run EDMS_LINT_UPDATE=1 cargo test --test all tidy");
}

fn table() -> String {
    let mut text = String::from("\n");
    let mut component = "";
    for rule in rules::all() {
        let page = rule.page();
        if component != page.component {
            component = page.component;
            let title = component[..1].to_uppercase() + &component[1..];
            _ = write!(text, "\n## {title}\n\n| rule | default | what is wrong |\n| --- | --- | --- |\n");
        }
        let level = page.levels.of(Profile::Default).map_or("off", Severity::name);
        _ = writeln!(text, "| [`{0}`](../rules/{1}/{0}.md) | {level} | {2} |", page.id, page.component, page.title);
    }
    text.replacen("\n\n", "\n", 1) + "\n"
}

fn versions() -> String {
    let first = |table: &'static str| table.lines().filter(|it| !it.starts_with('#')).collect::<Vec<_>>();
    let removed = first(include_str!("../../src/rules/manifest/removed.tsv"));
    let of = |product: &str| removed.iter().filter(|it| it.starts_with(product)).count();
    let strimzi = releases::all();
    let (oldest, newest) = (strimzi.first().expect("there are releases"), strimzi.last().expect("there are releases"));
    let kafka = |it: &[&'static str]| it.last().copied().expect("each runs some");
    let read = include_str!("../../src/index/kafka/strimzi-releases.tsv")
        .lines()
        .find_map(|it| it.strip_prefix("# Read: "))
        .expect("the table says when it was read")
        .trim_end_matches('.');
    let kubernetes = typed::NEWEST_KUBERNETES;
    let mut text = String::from("\n| what | known | read |\n| --- | --- | --- |\n");
    let mut row = |what: &str, known: &str, read: &str| _ = writeln!(text, "| {what} | {known} | {read} |");
    row(
        "Kubernetes",
        &format!(
            "types of {}.{}; {} API versions that releases up to it stopped serving",
            kubernetes.major,
            kubernetes.minor,
            of("Kubernetes")
        ),
        "2026-11",
    );
    row("Strimzi", &format!("{} releases, {} to {}", strimzi.len(), oldest.release, newest.release), read);
    row(
        "Apache Kafka",
        &format!("{} to {}, as Strimzi's releases run them", oldest.versions[0], kafka(&newest.versions)),
        read,
    );
    row("Flux", &format!("{} API versions that 2.7 and 2.8 stopped serving", of("Flux")), "2026-11");
    for (chart, majors) in charts() {
        row(&format!("chart `{chart}`"), &format!("defaults of major versions {majors}"), "2026-11");
    }
    text
}

/// Charts of whose values defaults are known, with the major versions that have them.
fn charts() -> Vec<(&'static str, String)> {
    let mut charts: Vec<(&str, u64, u64)> = Vec::new();
    let mut name = "";
    for line in include_str!("../../src/model/charts.txt").lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["chart", chart, ..] => name = chart,
            ["default", from, to, ..] => {
                let number = |it: &str| it.parse().expect("majors are numbers");
                let (from, to) = (number(from), number(to));
                match charts.last_mut().filter(|it| it.0 == name) {
                    Some(known) => (known.1, known.2) = (known.1.min(from), known.2.max(to)),
                    None => charts.push((name, from, to)),
                }
            }
            _ => {}
        }
    }
    charts.sort_unstable();
    charts.into_iter().map(|(name, from, to)| (name, format!("{from} to {to}"))).collect()
}

/// Groups of operators, each with a kind of it.
const GROUPS: &[(&str, &str, &str)] = &[
    ("Argo CD, Argo Rollouts", products::ARGO, "Application"),
    ("CloudNativePG", products::CNPG, "Cluster"),
    ("Flux, releases of charts", products::FLUX_HELM, "HelmRelease"),
    ("Flux, kustomizations", products::FLUX_KUSTOMIZE, "Kustomization"),
    ("KEDA", products::KEDA, "ScaledObject"),
    ("Prometheus operator", products::PROMETHEUS, "ServiceMonitor"),
    ("Strimzi", products::STRIMZI, "Kafka"),
    ("Vertical pod autoscaler", products::VPA, "VerticalPodAutoscaler"),
    ("Zalando's PostgreSQL operator", products::ZALANDO, "postgresql"),
];
/// API versions, newest first.
const VERSIONS: &[&str] = &["v2", "v2beta2", "v2beta1", "v1", "v1beta2", "v1beta1", "v1alpha1"];

fn groups() -> String {
    let mut text = String::from("\n| what | group | versions | read |\n| --- | --- | --- | --- |\n");
    for (what, group, kind) in GROUPS {
        let served: Vec<&str> = VERSIONS.iter().copied().filter(|it| never_served(group, it, kind).is_none()).collect();
        _ = writeln!(text, "| {what} | `{group}` | {} | 2026-11 |", served.join(", "));
    }
    text
}

fn replace_between(text: &str, start: &str, end: &str, middle: &str) -> String {
    let from = text.find(start).unwrap_or_else(|| panic!("a page lacks {start}")) + start.len();
    let to = text.find(end).unwrap_or_else(|| panic!("a page lacks {end}"));
    format!("{}{middle}{}", &text[..from], &text[to..])
}

#[test]
fn the_readme_is_short_and_its_links_lead_somewhere() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("there is a README");
    assert!(readme.lines().count() <= 150, "the README has {} lines", readme.lines().count());
    let mut broken = Vec::new();
    let docs = crate::common::files_below(&root().join("docs"));
    let pages = docs.iter().filter(|it| it.extension().is_some_and(|it| it == "md"));
    let others = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "SECURITY.md", "CHANGELOG.md"];
    for page in pages.cloned().chain(others.iter().map(|it| root().join(it))) {
        let text = std::fs::read_to_string(&page).expect("pages are text");
        let links = text.split("](").skip(1).filter_map(|it| it.split([')', '#']).next());
        let broken_here = links.filter(|it| !it.is_empty() && !it.contains("://")).filter(|it| {
            let folder = page.parent().expect("a page lies somewhere");
            !folder.join(it).exists()
        });
        broken.extend(broken_here.map(|it| format!("{}: {it}", page.display())));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_index_of_the_documentation_names_each_page() {
    let index = std::fs::read_to_string(root().join("docs/README.md")).expect("there is an index");
    for entry in std::fs::read_dir(root().join("docs")).expect("there is documentation") {
        let name = entry.expect("can be read").file_name().to_string_lossy().into_owned();
        assert!(!name.ends_with(".md") || name == "README.md" || index.contains(&format!("]({name})")), "{name}");
    }
}
