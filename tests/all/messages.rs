//! How messages are worded, as far as that can be held: see `docs/messages.md`.

use crate::common::{files_below, root};

/// Words of our own that hide what a field calls things, or that readers stumble over.
const RIDDLES: &[&str] = &["tells of", "tell of", "speaks of", "story", "wish", "filled in later", "nothing asks"];
/// Letters of a message.
const LONGEST: usize = 160;

/// The messages of all fixtures and projects, each with its golden.
fn messages() -> Vec<(String, String)> {
    let folders = ["fixtures/rules", "tests/snapshots"].map(|it| root().join(it));
    let files = folders.iter().flat_map(|it| files_below(it));
    let goldens = files.filter(|it| it.extension().is_some_and(|it| it == "snap"));
    let of = |golden: std::path::PathBuf| {
        let text = std::fs::read_to_string(&golden).expect("goldens are text");
        let levels = ["error[", "warning[", "note["];
        let lines = text.lines().filter_map(|line| {
            let at = levels.iter().find_map(|it| line.find(&format!(": {it}")))?;
            line[at..].split_once("] ").map(|it| it.1.to_owned())
        });
        lines.map(|it| (golden.display().to_string(), it)).collect::<Vec<_>>()
    };
    goldens.flat_map(of).collect()
}

#[test]
fn messages_are_short_and_plain() {
    let messages = messages();
    assert!(messages.len() > 1_000, "the goldens were read");
    for (golden, message) in messages {
        // The path of a field may be long by itself.
        // What the API server refuses is said with the values that it takes.
        let is_refusal = golden.contains("manifest-invalid");
        let own: usize = message.split(' ').map(|it| it.chars().count().min(40) + 1).sum();
        assert!(is_refusal || own <= LONGEST + 1, "{golden}: {own} letters: {message}");
        assert!(is_refusal || !message.ends_with('.'), "{golden}: a full stop: {message}");
        assert!(!message.contains(" should "), "{golden}: no advice in a message: {message}");
        for riddle in RIDDLES {
            assert!(!message.contains(riddle), "{golden}: `{riddle}`: {message}");
        }
    }
}
