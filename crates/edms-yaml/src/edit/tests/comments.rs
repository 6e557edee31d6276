//! Comments that say something else, or go.

use super::{Refusal, assert_change, changed};
use crate::source::{SourceId, Span};

/// The comment that holds a word.
fn comment(text: &str, word: &str) -> Span {
    let start = text.find(&format!("# {word}")).expect("it is there");
    let length = text[start..].find(['\r', '\n']).unwrap_or(text.len() - start);
    let offset = |it: usize| u32::try_from(it).expect("the text is short");
    Span { source: SourceId(0), start: offset(start), end: offset(start + length) }
}

#[test]
fn a_comment_goes_with_its_line_or_with_the_blanks_before_it() {
    let without = |before: &str, after: &str| {
        for line_break in ["\n", "\r\n"] {
            let (before, after) = (before.replace('\n', line_break), after.replace('\n', line_break));
            let gone = changed(&before, |it, _| it.set_comment(comment(&before, "gone"), ""));
            assert_eq!(gone.as_deref(), Ok(after.as_str()), "{before}");
        }
    };
    without("a: 1 # gone\nb: 2\n", "a: 1\nb: 2\n");
    without("a: 1   # gone", "a: 1");
    without("# gone\na: 1\n", "a: 1\n");
    without("a:\n  # stays\n  # gone\n  b: 1 # stays\n", "a:\n  # stays\n  b: 1 # stays\n");
    without("a: 1\n# gone\n---\nb: 2\n", "a: 1\n---\nb: 2\n");
    without("a: 1\n---\n# gone\nb: 2\n", "a: 1\n---\nb: 2\n");
    without("a: 1\n# gone", "a: 1\n");
    without("a: {b: 1, # gone\n  c: 2}\n", "a: {b: 1,\n  c: 2}\n");
    without("a: |\n  text\n  # stays\n# gone\nb: 2\n", "a: |\n  text\n  # stays\nb: 2\n");
}

#[test]
fn a_comment_gets_another_text() {
    let text = "a: 1 # one: two\nb: 2\n";
    let edited = changed(text, |it, _| it.set_comment(comment(text, "one"), "# three"));
    assert_eq!(edited.as_deref(), Ok("a: 1 # three\nb: 2\n"));
}

#[test]
fn what_is_no_comment_is_left() {
    let text = "a: 'x # one'\n";
    let edited = changed(text, |it, _| it.set_comment(comment(text, "one"), ""));
    assert!(matches!(edited, Err(Refusal::Layout(_))), "{edited:?}");
    let text = "a: 1 # one\n";
    for other in ["one", "# one\nb: 2"] {
        let edited = changed(text, |it, _| it.set_comment(comment(text, "one"), other));
        assert!(matches!(edited, Err(Refusal::Layout(_))), "{other}");
    }
}

#[test]
fn a_comment_and_the_value_before_it_are_edited_side_by_side() {
    assert_change(
        "a: 1 # one\nb: 2\n",
        |it, documents| {
            let span = documents[0].comments()[0].span;
            it.set_comment(span, "")?;
            it.set(super::find(documents, "a"), &crate::value::Value::plain("3"))
        },
        "a: 3\nb: 2\n",
    );
}
