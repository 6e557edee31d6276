//! The concise format.

use super::build::{Run, full, span};
use edms_lint::finding::Severity;
use edms_lint::render::concise::render;
use edms_lint::render::{Detail, Look};

const PLAIN: Look = Look { color: false, unicode: true, width: 100, links: None };

#[test]
fn one_line_per_finding_by_file_line_and_column() {
    // By hand: `  replicas: 3` is line 7 of the file, its key begins in column 3.
    insta::assert_snapshot!(full().write(|report, sources, out| render(report, sources, PLAIN, Detail::Normal, out)), @"
    k8s/backend.yaml:4:3: warning[topology-missing] Deployment shop/backend has no spread over zones
    k8s/backend.yaml:7:3: note[replicas-too-few] 3 pods on 2 zones
    k8s/budget.yaml:6:3: error[pdb-blocks-drain] 3 pods, 3 must stay available: 0 evictions allowed
    ");
}

#[test]
fn columns_count_characters_and_hostile_text_is_shown() {
    let mut run = Run::default();
    let file = run.file("a\u{1b}[2J\u{202e}.yaml", "\u{feff}a: \u{1f680} x\r\nb: y\u{2066}\r\n");
    let (x, end) = (run.at(file, "x"), run.sources.get(file).text().len());
    run.find("a", Severity::Note, x, "name is \"y\u{9b}\nz\"");
    run.find("b", Severity::Note, span(file, end, end), "ends");
    assert_eq!(
        run.write(|report, sources, out| render(report, sources, PLAIN, Detail::Normal, out)),
        "a\\u{1b}[2J\\u{202e}.yaml:1:6: note[a] name is \"y\\u{9b}\\nz\"\n\
         a\\u{1b}[2J\\u{202e}.yaml:3:1: note[b] ends\n"
    );
}
