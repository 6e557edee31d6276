//! What a person sees: the end of a long report, narrow terminals, plain characters, links, pages of rules.

use crate::common::program::{BLOCKING, folder, program, run};
use crate::common::root;
use unicode_width::UnicodeWidthStr as _;

fn shop(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let mut command = program(&root());
    command.args(["fixtures/projects/shop", "-f", "pretty"]).args(arguments).envs(variables.iter().copied());
    String::from_utf8(command.output().expect("it runs").stdout).expect("output is UTF-8")
}

#[test]
fn a_long_report_ends_with_what_to_mend_first() {
    let screen = shop(&[], &[]);
    let notes: Vec<&str> = screen.lines().filter(|it| it.contains("note[")).collect();
    assert_eq!(notes.len(), 7, "{screen}");
    assert!(notes.iter().all(|it| it.starts_with("  \u{2022} note[") && it.contains(".yaml:")), "{notes:?}");
    let (above, end) = screen.split_once("\nFix first\n").expect("says what to mend first");
    assert!(above.ends_with("7 errors, 12 warnings, 7 notes in 8 documents\n"), "{above}");
    let ranked: Vec<&str> =
        end.lines().filter(|it| it.starts_with("  1.") || it.starts_with("  2.") || it.starts_with("  3.")).collect();
    assert_eq!(ranked.len(), 3);
    assert!(ranked.iter().all(|it| it.contains("error[") && it.contains(".yaml:")), "{ranked:?}");
    assert!(end.contains("\nWhy, with examples: edms-lint explain kafka-"), "{end}");
    assert!(end.ends_with("--verbose shows all findings, and what is not verifiable\n"), "{end}");
    let verbose = shop(&["--verbose"], &[]);
    assert!(verbose.contains("\u{2022} note[probe-too-slow] readinessProbe"), "each has a block of its own");
    assert!(!shop(&["-q"], &[]).contains("Fix first"));
}

#[test]
fn a_short_report_says_only_where_to_read_on() {
    let dir = folder(&[("a.yaml", BLOCKING)]);
    let (_, screen, _) = run(dir.path(), &["-f", "pretty", "--select", "pdb-blocks-drain"]);
    assert!(
        !screen.contains("Fix first") && screen.contains("\nWhy, with examples: edms-lint explain pdb-blocks-drain\n")
    );
    let (_, screen, _) = run(dir.path(), &["-f", "pretty", "--select", "image-tag-latest"]);
    assert!(!screen.contains("Why, with examples"), "{screen}");
}

#[test]
fn names_are_whole_on_a_narrow_terminal() {
    let long = "order-consumer-for-the-european-market-with-a-name-as-long-as-names-may-be-1";
    let text =
        BLOCKING.replace("name: backend", &format!("name: {long}")).replace("app: backend", &format!("app: {long}"));
    let file = format!("k8s/{long}/{long}.yaml");
    let dir = folder(&[(&file, &text)]);
    let (_, screen, _) = run(dir.path(), &["-f", "pretty"]);
    assert!(screen.contains(long) && screen.contains(&file), "{screen}");
    for line in shop(&[], &[]).lines().filter(|it| !it.contains("note[")) {
        assert!(line.width() <= 120, "{line}");
        assert!(!line.trim_end().ends_with('-') || line.contains("---"), "a name is broken: {line}");
    }
}

#[test]
fn the_locale_decides_which_characters_are_drawn() {
    for variables in [&[("LANG", "C")][..], &[("LC_ALL", "POSIX"), ("LANG", "de_DE.UTF-8")], &[("LC_CTYPE", "en_US")]] {
        let screen = shop(&[], variables);
        assert!(screen.is_ascii(), "{variables:?}: {screen}");
    }
    for variables in [&[][..], &[("LANG", "C.UTF-8")], &[("LC_ALL", ""), ("LANG", "de_DE.utf8")]] {
        assert!(!shop(&[], variables).is_ascii(), "{variables:?}");
    }
    let mut command = program(&root());
    let page = command.args(["explain", "pdb-blocks-drain"]).env("LANG", "C").output().expect("it runs").stdout;
    assert!(page.is_ascii(), "{}", String::from_utf8_lossy(&page));
}

#[test]
fn places_are_links_where_the_terminal_shows_links() {
    let screen = shop(&[], &[("FORCE_HYPERLINK", "1")]);
    let folder = root().display().to_string();
    let link = format!(
        "\u{1b}]8;;file://{folder}/fixtures/projects/shop/kafka.yaml\u{1b}\\fixtures/projects/shop/kafka.yaml\u{1b}]8;;\u{1b}\\:19:7"
    );
    assert!(screen.contains(&link), "{screen}");
    assert!(!shop(&["--color", "never"], &[("FORCE_HYPERLINK", "1")]).contains('\u{1b}'));
    assert!(!shop(&[], &[]).contains('\u{1b}'));
}

#[test]
fn pages_are_laid_out_and_several_are_shown() {
    let (code, text, stderr) = run(&root(), &["explain", "pdb-blocks-drain", "hpa-missing"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(text.starts_with("pdb-blocks-drain: ") && text.contains("\n\nhpa-missing: "), "{text}");
    assert!(!text.contains("```") && !text.contains("| --- |") && !text.contains("## "), "{text}");
    assert!(text.contains(&format!("  {:20}  evictions allowed\n", "field")), "{text}");
    for line in text.lines().filter(|it| !it.starts_with("    ")) {
        assert!(line.width() <= 100, "{line}");
    }
    let (code, text, stderr) = run(&root(), &["explain", "PDB", "hpa-missing", "zzz"]);
    assert!(code == 2 && text.starts_with("hpa-missing: "));
    let expected =
        "edms-lint: no rule \"zzz\"; `edms-lint rules` lists them, `edms-lint rules WORD` those about something\n";
    assert!(stderr.ends_with(expected), "{stderr}");
    for rule in edms_lint::rules::all() {
        let (code, text, _) = run(&root(), &["explain", rule.id().as_str()]);
        assert!(code == 0 && !text.contains("```") && !text.contains("]("), "{text}");
    }
}

#[test]
fn rules_are_found_by_component_level_and_word() {
    let ids = |arguments: &[&str]| {
        let (code, text, _) = run(&root(), &[&["rules"][..], arguments].concat());
        assert_eq!(code, 0);
        text.lines().map(|it| it.split(' ').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let all = ids(&[]);
    let errors = ids(&["--component", "disruption", "--level", "error"]);
    assert!(errors.contains(&"pdb-blocks-drain".to_owned()) && errors.len() * 5 < all.len(), "{errors:?}");
    assert!(ids(&["zookeeper"]).contains(&"zookeeper-too-few-nodes".to_owned()));
    assert!(ids(&["budget", "DRAIN"]).contains(&"pdb-blocks-drain".to_owned()));
    assert_eq!(ids(&["-l", "off,note,warning,error"]), all);
    let (code, _, stderr) = run(&root(), &["rules", "--component", "kafak"]);
    assert_eq!((code, stderr.as_str()), (2, "edms-lint: no component \"kafak\": did you mean kafka?\n"));
    let (code, text, stderr) = run(&root(), &["rules", "no-such-word"]);
    assert_eq!((code, text.as_str(), stderr.as_str()), (0, "", "edms-lint: no rule fits\n"));
    let (_, text, _) = run(&root(), &["rules", "--color", "always", "-c", "kafka"]);
    assert!(text.contains('\u{1b}'));
}
