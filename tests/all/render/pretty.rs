//! The format for people at a terminal.

use super::build::{Run, full, label, span};
use edms_lint::finding::Severity;
use edms_lint::render::pretty::render;
use edms_lint::render::{Detail, Look};

const PLAIN: Look = Look { color: false, unicode: true, width: 100, links: None };
const ASCII: Look = Look { color: false, unicode: false, width: 80, links: None };
const COLOR: Look = Look { color: true, unicode: true, width: 80, links: None };

fn show(run: &Run, look: Look, detail: Detail) -> String {
    run.write(|report, sources, out| render(report, sources, look, detail, false, out))
}

#[test]
fn a_finding_shows_all_its_files() {
    insta::assert_snapshot!(show(&full(), PLAIN, Detail::Normal));
}

#[test]
fn verbose_accounts_for_everything() {
    // What findings look like is in the golden above.
    let shown = show(&full(), PLAIN, Detail::Verbose);
    let (_, below) = shown.split_once("Documents of prod").expect("documents come after findings");
    insta::assert_snapshot!(below);
}

#[test]
fn quiet_drops_notes_and_the_summary() {
    let shown = show(&full(), PLAIN, Detail::Quiet);
    assert!(shown.contains("error[pdb-blocks-drain]") && shown.contains("warning[topology-missing]"));
    assert!(!shown.contains("note[") && !shown.contains("kustomization"));
}

#[test]
fn ascii_and_colour() {
    let mut run = Run::default();
    let file = run.file("a.yaml", "replicas: 1\n");
    let (key, one) = (run.at(file, "replicas: 1"), run.at(file, "1"));
    let finding = run.find("one-pod", Severity::Warning, key, "Deployment shop/backend has 1 pod");
    finding.labels.push(label(one, "asked for here"));
    let ascii = show(&run, ASCII, Detail::Quiet);
    assert!(ascii.is_ascii(), "{ascii}");
    insta::assert_snapshot!(ascii);
    let color = show(&run, COLOR, Detail::Normal);
    insta::assert_snapshot!(color.replace('\u{1b}', "ESC"));
}

#[test]
fn four_labels_in_a_file() {
    let mut run = Run::default();
    let text = "a: 1\nb: 2\nc: {d: 3, e: 4}\nf: 5\ng: 6\nh: 7\ni: 8\nj: 9\nk: 10\n";
    let file = run.file("deep/file.yaml", text);
    let at = |run: &Run, text| run.at(file, text);
    let (primary, d, e) = (at(&run, "c: {d: 3, e: 4}"), at(&run, "d: 3"), at(&run, "e: 4"));
    let (k, a) = (at(&run, "k: 10"), at(&run, "a: 1"));
    let finding = run.find("four", Severity::Error, primary, "backend has four reasons");
    let long = "a longer word on what this place contributes, which does not fit on what is left of a line of \
                the terminal and therefore goes on below";
    finding.labels = vec![label(d, "the second reason"), label(e, "the third"), label(k, long), label(a, "the first")];
    insta::assert_snapshot!(show(&run, PLAIN, Detail::Quiet));
}

#[test]
fn findings_of_one_rule_are_cut_short() {
    let mut run = Run::default();
    for number in 0..12 {
        let file = run.file(&format!("k8s/{number:02}.yaml"), "kind: Deployment\n");
        let kind = run.at(file, "kind");
        run.find("pdb-missing", Severity::Error, kind, "Deployment shop/backend has no budget");
    }
    let shown = show(&run, PLAIN, Detail::Normal);
    let (above, first) = shown.split_once("Fix first").expect("it says what to mend first");
    assert_eq!(above.matches("error[pdb-missing]").count(), 3);
    assert!(first.starts_with("\n  1. error[pdb-missing] k8s/00.yaml:1 and 11 more\n"), "{first}");
    let rest = "\u{2026} and 9 more of pdb-missing: k8s/03.yaml:1, k8s/04.yaml:1, k8s/05.yaml:1, k8s/06.yaml:1, \
                \u{2026} (--verbose shows all)\n";
    assert!(shown.contains(rest), "{shown}");
    let shown = show(&run, PLAIN, Detail::Verbose);
    let (above, _) = shown.split_once("Fix first").expect("it says what to mend first");
    assert_eq!(above.matches("error[pdb-missing]").count(), 12);
}

#[test]
fn columns_point_right_whatever_stands_before() {
    let mut run = Run::default();
    let text = "\u{feff}a: \u{1b}[31m\u{202e}\u{6f22}\u{5b57}\t# \u{1f680} x: 1\r\nb: 2\r\n";
    let file = run.file("evil\u{1b}]0;.yaml", text);
    let (x, b) = (run.at(file, "x: 1"), run.at(file, "b: 2"));
    let finding = run.find("evil", Severity::Error, x, "backend says \"\u{9b}2J\u{2028}\"");
    finding.help = Some("say \u{202e} less".into());
    finding.labels = vec![label(b, "\u{1b}[2J and here")];
    let shown = show(&run, PLAIN, Detail::Normal);
    let hostile = |it: char| it.is_control() && it != '\n' || matches!(it, '\u{202e}' | '\u{2028}' | '\u{feff}');
    assert!(!shown.contains(hostile), "{shown:?}");
    insta::assert_snapshot!(shown);
}

#[test]
fn a_long_line_is_shown_around_its_marks() {
    let mut run = Run::default();
    let filler = "\"k\":\"v\",".repeat(12_000);
    let file = run.file("min.json", &format!("{{{filler}\"replicas\":1,{filler}\"paused\":true}}"));
    let (replicas, paused) = (run.at(file, "\"replicas\":1"), run.at(file, "\"paused\":true"));
    run.find("long", Severity::Error, replicas, "backend has 1 pod").labels = vec![label(paused, "and is paused")];
    let all = span(file, 0, run.sources.get(file).text().len());
    run.find("whole", Severity::Note, all, "backend is long");
    insta::assert_snapshot!(show(&run, PLAIN, Detail::Normal));
}

#[test]
fn no_span_of_any_text_makes_it_panic() {
    let texts =
        ["", "\n", "a", "a\r\nb\r\n", "a\rb", "\u{feff}", "\u{feff}\u{1f680}\r\n\ta: \u{301}\n\n", "a: |\n  b\n  c\n"];
    for text in texts {
        let bounds: Vec<usize> = (0..=text.len()).filter(|it| text.is_char_boundary(*it)).collect();
        for start in &bounds {
            for end in bounds.iter().filter(|it| *it >= start) {
                let mut run = Run::default();
                let file = run.file("t.yaml", text);
                let other = span(file, *bounds.last().expect("0 is a boundary") / 2, text.len());
                let other = if text.is_char_boundary(other.start as usize) { other } else { span(file, 0, 0) };
                run.find("any", Severity::Error, span(file, *start, *end), "backend").labels =
                    vec![label(other, "here")];
                let shown = show(&run, PLAIN, Detail::Normal);
                assert!(shown.contains("t.yaml:") && !shown.contains("Failed to read"), "{shown}");
            }
        }
    }
}
