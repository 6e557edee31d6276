//! Manifests whose names are markup, commands and grammar of the formats.

use super::{Reports, check};
use crate::common::program::folder;

/// What a name could say to be taken for something else.
const NAMES: &[&str] = &[
    "a\\n::error file=x::pwned",
    "-> b [fix: safe]",
    "<script>alert(1)</script>]]>",
    "| a | `b` | @team #1",
    "100%25 %0A::set-output name=x::y",
    "\\u001b[31mred\\u202eder",
    "'quoted' \\\"twice\\\"",
    "back\\\\slash \\\\n",
];

#[test]
fn names_are_never_markup() {
    let budget = |name: &&str| {
        format!(
            "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: \"{name}\"\n  namespace: \"{name}\"\n\
             spec:\n  maxUnavailable: 0\n  selector:\n    matchLabels:\n      app: \"{name}\"\n"
        )
    };
    let (one, other) = NAMES.split_at(NAMES.len() / 2);
    let [one, other] = [one, other].map(|it| it.iter().map(budget).collect::<String>());
    let folder = folder(&[("12:3 a b/odd, 100%: <x>.yaml", one.as_str()), ("? k8s/b.yaml", other.as_str())]);
    let reports = Reports::of(folder.path(), &["."]);
    assert!(reports.findings().len() >= NAMES.len());
    check(&reports);
    let github = reports.text("github");
    assert!(github.lines().all(|it| it.starts_with("::") || it.contains("GitHub shows")), "{github}");
    assert!(github.contains("file=12%3A3 a b/odd%2C 100%25%3A <x>.yaml,line="), "{github}");
    let markdown = reports.text("markdown");
    assert!(!markdown.contains("<script>") && !markdown.contains(" @team"), "{markdown}");
    for format in ["github", "gitlab", "junit", "checkstyle", "markdown", "openreports", "agent"] {
        let text = reports.text(format);
        assert!(!text.contains('\u{1b}'), "{format}");
        assert!(format == "gitlab" || format == "openreports" || !text.contains('\u{202e}'), "{format}");
    }
}
