//! What services take: a job's summary of a mebibyte, ten annotations of a level, a thousand results of a report.

use super::Reports;
use super::check;
use crate::common::program::folder;
use std::fmt::Write as _;

#[test]
fn long_reports_are_cut_where_services_cut_them() {
    let mut text = String::new();
    for number in 0..3_000 {
        let name = format!("budget-{number}-{}", "x".repeat(400));
        _ = writeln!(
            text,
            "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: {name}\n  namespace: shop\nspec:\n  \
             maxUnavailable: 0\n  selector:\n    matchLabels:\n      app: {name}"
        );
    }
    let folder = folder(&[("budgets.yaml", text.as_str())]);
    let reports = Reports::of(folder.path(), &[".", "--select", "pdb-blocks-drain,manifest"]);
    let findings = reports.findings().len();
    assert!(findings >= 3_000);
    let markdown = reports.text("markdown");
    let rows = markdown.lines().filter(|it| it.starts_with("| `")).count();
    assert!(markdown.len() <= 1 << 20, "{}", markdown.len());
    if rows < findings {
        let sentence = format!("{} rows more would not fit: a job's summary holds 1 MiB", findings - rows);
        assert!(markdown.contains(&sentence), "{}", &markdown[markdown.len() - 300..]);
    }
    let github = reports.text("github");
    assert!(github.lines().last().is_some_and(|it| it.contains("GitHub shows the first 10 of a level")));
    let openreports = reports.text("openreports");
    assert!(openreports.contains("name: edms-lint-here\n") && openreports.contains("name: edms-lint-here-2\n"));
    for part in openreports.split("---\n") {
        assert!(part.len() <= 1_001 * 1024 && part.matches("\n- source:").count() <= 1_000);
    }
}

#[test]
fn a_clean_run_is_a_whole_document_in_each_format() {
    let folder = folder(&[("a.yaml", crate::common::program::CLEAN)]);
    let reports = Reports::of(folder.path(), &["."]);
    assert_eq!(reports.findings().len(), 0);
    check(&reports);
    assert_eq!(reports.text("gitlab"), "[]\n");
    assert_eq!(reports.text("github"), "");
    assert!(reports.text("agent").starts_with("0 errors, 0 warnings, 0 notes"));
    assert!(reports.text("junit").contains("<testcase classname=\"a.yaml\" name=\"no findings\"/>"));
    assert!(reports.text("markdown").starts_with("## edms-lint: no findings\n"));
    assert!(reports.text("openreports").contains("kind: ClusterReport"));
}
