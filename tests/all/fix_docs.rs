//! What the documentation and the listing say of fixes: every rule with its class, its title and its reason, and ten
//! examples, all from the pages.
//!
//! `EDMS_LINT_UPDATE=1 cargo test --test all fix_docs` writes the documentation anew.

use crate::common::program::run;
use crate::common::root;
use crate::fixes::without_marks;
use edms_lint::finding::Safety;
use edms_lint::rule::{Entry, Example, ExampleKind, Page};
use edms_lint::rules;
use serde_json::Value;
use similar::TextDiff;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The rules whose examples the documentation shows: four safe fixes, then six that are not.
const SHOWN: [&str; 10] = [
    "pdb-blocks-drain",
    "removed-api-version",
    "manifest-duplicate-key",
    "kafka-storage-delete-claim",
    "workload-too-few-replicas",
    "pdb-missing",
    "anti-affinity-missing",
    "rwo-rolling-update",
    "postgres-too-few-instances",
    "kafka-too-few-brokers",
];
/// A reason is read in a hurry.
const LONGEST: usize = 130;

/// The word of the documentation for how far the fixes of a rule may be trusted.
fn class(page: &Page) -> &'static str {
    match page.remedy.as_ref().map(|it| it.class) {
        None => "none",
        Some(Safety::DisplayOnly) => "shown",
        Some(class) => class.name(),
    }
}

fn link(page: &Page) -> String {
    format!("[`{0}`](../rules/{1}/{0}.md)", page.id, page.component)
}

/// Every rule, with what its fix does and why it is of its class.
fn table() -> String {
    let mut table = "| rule | fix | what it does | why |\n| --- | --- | --- | --- |\n".to_owned();
    for page in rules::all().map(Entry::page) {
        let words = page.remedy.as_ref().map_or_else(|| "|".to_owned(), |it| format!("{} | {}", it.title, it.why));
        _ = writeln!(table, "| {} | {} | {words} |", link(page), class(page));
    }
    table
}

/// What the fix makes of the first example that it mends.
fn example(page: &Page) -> String {
    let examples = page.examples();
    let of = |kind| examples.iter().filter(move |it| it.kind == kind);
    let after = of(ExampleKind::Fixed).next().unwrap_or_else(|| panic!("{} shows no fix", page.id));
    let changed = |before: &&Example| -> usize {
        let files = without_marks(&before.files);
        let ratios = files.iter().zip(&after.files).map(|(old, new)| difference(&old.1, &new.1).lines().count());
        ratios.sum()
    };
    let before = of(ExampleKind::Bad).filter(|it| it.files.len() == after.files.len()).min_by_key(changed);
    let before = without_marks(&before.unwrap_or_else(|| panic!("{} shows nothing bad", page.id)).files);
    let parts = before.iter().zip(&after.files).map(|(old, new)| difference(&old.1, &new.1));
    format!("```diff\n{}```\n", parts.collect::<String>())
}

/// The lines that change, each with some around it.
fn difference(before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let mut parts = Vec::new();
    for hunk in diff.unified_diff().context_radius(4).iter_hunks() {
        let lines = hunk.iter_changes().map(|it| format!("{}{}", it.tag(), it.value()));
        parts.push(lines.collect::<String>());
    }
    parts.join(" ...\n")
}

fn examples() -> String {
    let mut text = String::new();
    for id in SHOWN {
        let page = rules::find(id).expect("the rule is there").page();
        let remedy = page.remedy.as_ref().expect("it has fixes");
        let class = if remedy.class == Safety::Safe { "Safe" } else { "Unsafe" };
        _ = writeln!(text, "{}: {}. {class}, because {}.\n", link(page), remedy.title, remedy.why);
        _ = writeln!(text, "{}", example(page));
    }
    text
}

/// The text with another part between two marks.
fn with_part(text: &str, name: &str, part: &str) -> String {
    let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->\n"));
    let (head, rest) = text.split_once(&start).expect("the part begins");
    let (_, foot) = rest.split_once(&end).expect("the part ends");
    format!("{head}{start}{part}{end}{foot}")
}

#[test]
fn the_documentation_lists_all_rules() {
    let file = root().join("docs/fixes.md");
    let text = std::fs::read_to_string(&file).expect("the page is there");
    let current = with_part(&with_part(&text, "rules", &table()), "examples", &examples());
    if std::env::var_os("EDMS_LINT_UPDATE").is_some() {
        std::fs::write(&file, &current).expect("the page can be written");
    }
    assert_eq!(std::fs::read_to_string(&file).expect("the page is there"), current, "write it anew");
}

#[test]
fn reasons_are_short_and_each_is_of_its_rule() {
    let mut reasons: BTreeMap<&str, &Page> = BTreeMap::new();
    for page in rules::all().map(Entry::page) {
        let Some(remedy) = &page.remedy else { continue };
        assert!(remedy.why.len() <= LONGEST, "{}: {} characters", page.id, remedy.why.len());
        for text in [remedy.why, remedy.title] {
            assert!(!text.ends_with('.') && !text.contains(". "), "{}: no full stop: {text}", page.id);
        }
        if let Some(other) = reasons.insert(remedy.why, page) {
            panic!("{} and {} have one reason", page.id, other.id);
        }
    }
}

#[test]
fn the_listing_has_each_rule_in_one_class() {
    let (_, stdout, _) = run(&root(), &["rules", "--format", "json"]);
    let listing: Value = serde_json::from_str(&stdout).expect("it is JSON");
    let listed = listing["rules"].as_array().expect("there are rules");
    let ids: BTreeSet<&str> = listed.iter().filter_map(|it| it["id"].as_str()).collect();
    assert_eq!((ids.len(), listed.len()), (rules::all().count(), rules::all().count()));
    for (page, rule) in rules::all().map(Entry::page).zip(listed) {
        let (id, fix) = (&page.id, &rule["fix"]);
        let class = fix["class"].as_str().expect("a class");
        assert_eq!(rule["id"], id.as_str());
        assert!(["safe", "unsafe", "display", "none"].contains(&class), "{id}: {class}");
        assert_eq!(class == "none", fix.get("title").is_none(), "{id}");
        if let Some(remedy) = &page.remedy {
            assert_eq!((&fix["title"], &fix["why"]), (&remedy.title.into(), &remedy.why.into()), "{id}");
            assert!(fix["uncovers"].is_array(), "{id}");
        }
    }
}

#[test]
fn explain_says_what_a_fix_does_and_why() {
    // In one line, as a wide terminal has it.
    let explained = |id: &str| run(&root(), &["explain", id]).1.split_whitespace().collect::<Vec<_>>().join(" ");
    for page in rules::all().map(Entry::page).filter(|it| SHOWN.contains(&it.id.as_str())) {
        let remedy = page.remedy.as_ref().expect("it has fixes");
        let flag = if remedy.class == Safety::Safe { "--fix" } else { "--unsafe-fixes" };
        let text = explained(&page.id);
        assert!(text.contains(&format!(" Fix: {} ({flag}) ", remedy.title)), "{text}");
        assert!(text.contains(&format!(", because {} ", remedy.why)), "{text}");
    }
    assert!(explained("workload-too-few-replicas").contains("come to light: pdb-missing "));
    assert!(explained("bare-pod").contains(" Only shown, because "));
    assert!(explained("image-tag-latest").contains(" Fix: none "));
}
