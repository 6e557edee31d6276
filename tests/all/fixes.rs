//! Fixes: what pages promise, and what must hold of every edit of every fixture.

use crate::common::{audit, cases_of, environment, files_of, only, root};
use edms_lint::config::{Config, Profile};
use edms_lint::engine;
use edms_lint::finding::{Change, Safety};
use edms_lint::fix::{self, Outcome, Request};
use edms_lint::load::{Loaded, from_texts};
use edms_lint::rule::{Entry, ExampleKind};
use edms_lint::rules;
use edms_lint::yaml::Path;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

pub(crate) type Files = Vec<(String, String)>;

/// The comment that marks a line of an example.
const MARK: &str = " # <- finding";

/// Fixes texts, all that can be applied.
pub(crate) fn fixed(files: &Files, config: &Config, is_fragment: bool) -> Outcome {
    fixed_as_read(files, config, |files| {
        let (sources, environment) = environment(files, is_fragment);
        Loaded { sources, environments: vec![environment], ..Loaded::default() }
    })
}

/// Reads texts as the program reads the files of a folder.
pub(crate) fn read_as_folder(files: &Files) -> Loaded {
    from_texts(&files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect::<Vec<_>>())
}

/// The same where texts are read in this way.
pub(crate) fn fixed_as_read(files: &Files, config: &Config, read: impl Fn(&Files) -> Loaded) -> Outcome {
    let request = Request { least: Safety::Unsafe, only: Vec::new(), folder: None, named: config.select.clone() };
    let audit = |texts: &BTreeMap<String, String>, _| {
        let with = |(name, text): &(String, String)| (name.clone(), texts.get(name).unwrap_or(text).clone());
        let loaded = read(&files.iter().map(with).collect());
        let report = engine::run(&loaded.sources, &loaded.environments, config);
        Ok((loaded, report))
    };
    fix::run(&request, audit, |_| None).unwrap_or_else(|stuck| panic!("{stuck}\n{files:?}"))
}

/// The files with the edited ones in their places.
pub(crate) fn edited(files: &Files, outcome: &Outcome) -> Files {
    files.iter().map(|(name, text)| (name.clone(), outcome.texts.get(name).unwrap_or(text).clone())).collect()
}

pub(crate) fn without_marks(files: &Files) -> Files {
    let unmark = |text: &str| -> String {
        let line = |it: &str| it.split(MARK).next().unwrap_or_default().trim_end().to_owned();
        text.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
    };
    files.iter().map(|(name, text)| (name.clone(), unmark(text))).collect()
}

/// The rules whose fixes can be applied.
pub(crate) fn mending() -> impl Iterator<Item = &'static Entry> {
    rules::all().filter(|it| it.page().remedy.as_ref().is_some_and(|it| it.class > Safety::DisplayOnly))
}

#[test]
fn pages_show_what_their_fixes_make() {
    let updates = std::env::var_os("EDMS_LINT_UPDATE").is_some();
    let mut wrong = Vec::new();
    for rule in mending() {
        let examples = rule.page().examples();
        let mut shown = Vec::new();
        for bad in examples.iter().filter(|it| it.kind == ExampleKind::Bad) {
            let files = without_marks(&bad.files);
            let outcome = fixed(&files, &only(&rule.id()), false);
            if outcome.applied.is_empty() {
                continue;
            }
            let (after, before) = (edited(&files, &outcome), audit(&files, &only(&rule.id()), false).1.findings.len());
            assert!(outcome.report.findings.len() < before || rule.id() == "postgres-spread-missing", "{}", rule.id());
            assert!(fixed(&after, &only(&rule.id()), false).applied.is_empty(), "{} goes on", rule.id());
            shown.push(after);
        }
        if shown.is_empty() {
            wrong.push(format!("{}: no bad example can be fixed", rule.id()));
            continue;
        }
        let written: Vec<&Files> =
            examples.iter().filter(|it| it.kind == ExampleKind::Fixed).map(|it| &it.files).collect();
        if shown.iter().collect::<Vec<_>>() != written {
            if updates {
                write_page(rule, &shown);
            }
            wrong.push(format!("{}: run EDMS_LINT_UPDATE=1 cargo test --test all fixes, and read the page", rule.id()));
        }
    }
    assert!(wrong.is_empty() || updates, "{}", wrong.join("\n"));
}

/// Writes the section with what fixes make of the bad examples.
fn write_page(rule: &'static Entry, shown: &[Files]) {
    let file = root().join(format!("rules/{}/{}.md", rule.page().component, rule.id()));
    let page = std::fs::read_to_string(&file).expect("the page is there");
    let mut section = "## Fixed\n".to_owned();
    for files in shown {
        section.push_str("\n```yaml fixed\n");
        for (name, text) in files {
            if files.len() > 1 {
                _ = writeln!(section, "# file: {name}");
            }
            section.push_str(text);
        }
        section.push_str("```\n");
    }
    let page = match page.split_once("## Fixed\n") {
        Some((before, rest)) => format!("{before}{section}\n{}", &rest[rest.find("## Good").expect("it has one")..]),
        None => page.replacen("## Good\n", &format!("{section}\n## Good\n"), 1),
    };
    std::fs::write(file, page).expect("the page can be written");
}

/// The texts of a fixture, without its configuration.
pub(crate) fn fixture(case: &std::path::Path) -> Files {
    let is_manifest = |it: &(String, _)| !it.0.ends_with(".edms-lint.yaml");
    let read = |(name, file): (String, _)| (name, std::fs::read_to_string(file).expect("a fixture is text"));
    files_of(case).into_iter().filter(is_manifest).map(read).collect()
}

/// Fields that no fix of any class writes: data, storage, identity, quorums and versions are a person's.
const UNTOUCHED: &[&str] = &[
    "spec.serviceName",
    "spec.volumeClaimTemplates",
    "spec.podManagementPolicy",
    "spec.clusterIP",
    "spec.storageClassName",
    "spec.resources.requests.storage",
    "spec.zookeeper.replicas",
    "spec.kafka.version",
    "spec.kafka.metadataVersion",
    "spec.kafka.storage.type",
    "spec.kafka.storage.size",
    "spec.kafka.storage.class",
    "spec.storage.type",
    "spec.storage.size",
    "spec.storage.class",
    "spec.storage.storageClass",
    "spec.imageName",
];

#[test]
fn fixes_of_all_fixtures_come_to_an_end_and_touch_nothing_that_is_a_persons() {
    let mut changed = 0;
    for rule in mending() {
        for case in cases_of(rule) {
            let files = fixture(&case);
            let is_fragment = case.to_string_lossy().contains("fragment");
            let outcome = fixed(&files, &only(&rule.id()), is_fragment);
            if outcome.applied.is_empty() {
                continue;
            }
            changed += 1;
            let after = edited(&files, &outcome);
            let again = fixed(&after, &only(&rule.id()), is_fragment);
            assert!(again.texts.is_empty(), "{}: {} is fixed a second time", rule.id(), case.display());
            untouched(&files, &case.to_string_lossy(), &only(&rule.id()), is_fragment);
        }
    }
    assert!(changed > 100, "only {changed} fixtures can be fixed");
}

/// Checks each change of a run's fixes against the list.
fn untouched(files: &Files, case: &str, config: &Config, is_fragment: bool) {
    let (sources, environment) = environment(files, is_fragment);
    let loaded = Loaded { sources, environments: vec![environment], ..Loaded::default() };
    let mut report = engine::run(&loaded.sources, &loaded.environments, config);
    fix::work_out(&mut report, &loaded);
    let fixes = report.findings.iter().filter_map(|it| it.fix.as_ref()).filter(|it| it.is_applicable());
    for change in fixes.flat_map(|it| &it.changes) {
        let (at, key) = match change {
            Change::Set(at, _) | Change::Remove(at) | Change::Push(at, _) | Change::Lines(at, _) => (at, None),
            Change::Insert(at, key, ..) => (at, Some(key)),
            Change::Rename(..) | Change::Append(..) | Change::Comment(..) => continue,
        };
        let node = at.node();
        let mut path: Path = node.document().root().path_to(node);
        path.0.extend(key.map(|it| edms_lint::yaml::Step::Key(it.to_string())));
        let path = path.to_string();
        assert!(!UNTOUCHED.contains(&path.as_str()), "{case}: a fix writes {path}");
    }
}

#[test]
fn pages_name_the_errors_that_their_fixes_uncover() {
    let mut wrong = Vec::new();
    for rule in mending() {
        let mut uncovered: BTreeSet<String> = BTreeSet::new();
        let bad = rule.page().examples().into_iter().filter(|it| it.kind == ExampleKind::Bad);
        let cases: Vec<Files> = cases_of(rule).iter().map(|it| fixture(it)).collect();
        for files in bad.map(|it| without_marks(&it.files)).chain(cases) {
            uncovered.extend(uncovers(&files, rule));
        }
        let named: BTreeSet<String> =
            rule.page().remedy.iter().flat_map(|it| &it.uncovers).map(|it| (*it).to_owned()).collect();
        if uncovered != named {
            let list: Vec<&str> = uncovered.iter().map(String::as_str).collect();
            wrong.push(format!("{}: uncovers: [{}]", rule.id(), list.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "pages say otherwise:\n{}", wrong.join("\n"));
}

/// The rules of the errors, in profile production, that appear once a rule's findings are fixed. The files are read as the
/// program reads a folder.
fn uncovers(files: &Files, rule: &'static Entry) -> BTreeSet<String> {
    let all = Config { profile: Profile::Production, ..Config::default() };
    let errors = |files: &Files| -> BTreeMap<String, String> {
        let loaded = read_as_folder(files);
        let report = engine::run(&loaded.sources, &loaded.environments, &all);
        let errors = report.findings.iter().filter(|it| it.severity == edms_lint::finding::Severity::Error);
        errors.map(|it| (format!("{}|{}|{}", it.rule, it.subject, it.path), it.rule.to_string())).collect()
    };
    let config = Config { select: vec![rule.id().into()], profile: Profile::Production, ..Config::default() };
    let outcome = fixed_as_read(files, &config, read_as_folder);
    if outcome.applied.is_empty() {
        return BTreeSet::new();
    }
    let before = errors(files);
    let after = errors(&edited(files, &outcome));
    after.into_iter().filter(|it| !before.contains_key(&it.0)).map(|it| it.1).collect()
}
