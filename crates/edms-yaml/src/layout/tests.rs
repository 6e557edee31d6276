//! The walk over the tokens, text by text.

use super::*;

fn text(text: &str) -> Layout {
    Layout::Text(Shown { text: text.to_owned(), ..Shown::default() })
}

#[test]
fn a_tab_left_of_the_indentation_is_refused_at_its_place() {
    for (refused, at) in [
        ("a:\n\tb: 1\n", 3),
        ("a: 1\n\t\nb: 2\n", 5),
        ("a:\n  b: 1\n  \t# c\n", 12),
        ("a: \"x\"\n\t# c\n", 7),
        ("-\ta: 1\n", 1),
        ("a: |\n\tb\n", 5),
        ("a: |\n  \tb\n", 7),
        ("a: [b,\n  c: [d\n\t]]\n", 15),
    ] {
        assert!(matches!(of(refused), Some(Layout::Refused(it, _)) if it == at), "{refused:?}");
    }
}

#[test]
fn other_tabs_are_blanks() {
    assert_eq!(of("a: {\n\tb: 1,\n\tc: \"\t\"}\n"), Some(text("a: {\n b: 1,\n c: \"\t\"}\n")));
    assert_eq!(of("a:\t1\t# c\n"), Some(text("a: 1 # c\n")));
    assert_eq!(of("a: b\tc\n"), None);
    assert_eq!(of("a: b\n  \tc\n"), Some(text("a: b\n   c\n")));
    assert_eq!(of("a: |\n  b\n  \tc\n"), None);
}

#[test]
fn an_alias_before_a_colon_is_a_key() {
    let shown = |text: &str, aliases: &[(usize, usize)]| {
        Some(Layout::Text(Shown { text: text.to_owned(), aliases: aliases.to_vec() }))
    };
    assert_eq!(of("a: &k b\n*k: 1\n"), shown("a: &k b\nxk: 1\n", &[(8, 1)]));
    assert_eq!(of("a: [&k b, &l c, &k d]\nm: {*k: 1}\n"), shown("a: [&k b, &l c, &k d]\nm: {xk: 1}\n", &[(26, 3)]));
    assert_eq!(of("a: &k b\n*l: 1\n"), None);
    assert_eq!(of("a: &k b\n*k : 1\n"), None);
    assert_eq!(of("a: |\n  &k\n  *k: 1\n"), None);
}

#[test]
fn the_name_of_an_anchor_is_as_kubernetes_reader_has_it() {
    for (refused, at) in [("a: &k.x b\n", 5), ("a: &k b\nc: *k/x\n", 13), ("a: &é b\n", 4)] {
        let found = of(refused);
        assert!(matches!(found, Some(Layout::Refused(it, _)) if it == at), "{refused:?}: {found:?}");
    }
}

#[test]
fn line_breaks_of_yaml_1_1_end_lines() {
    assert_eq!(of("# a\u{2028}b: 1\n"), Some(text("# a \r\nb: 1\n")));
    assert_eq!(of("a: \"b\u{85}c\"\n"), Some(text("a: \"b\r\nc\"\n")));
    assert_eq!(of("a: \"b\u{2028}c\"\n"), None);
    assert_eq!(of("a: b\u{2029}c\n"), Some(text("a: b \r\nc\n")));
}
