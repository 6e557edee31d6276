//! What fixes make of objects: each fix alone, and all together.

use crate::common::{apply, cases_of, files_of, root};
use edms_lint::config::{Config, Profile};
use edms_lint::engine;
use edms_lint::finding::Safety;
use edms_lint::fix::{self, Request};
use edms_lint::load::{Loaded, from_texts};
use edms_lint::rule::ExampleKind;
use edms_lint::rules;
use edms_lint::yaml::json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

type Files = Vec<(String, String)>;
type Texts = BTreeMap<String, String>;

/// Cases whose fixes do not come to an end, so that none is made. The list may only become shorter.
const ENDLESS: &[&str] = &[];

/// Files that are fixed together.
pub(super) struct Case {
    /// A path, or the rule on whose page they stand.
    pub(super) name: String,
    pub(super) files: Files,
}

/// An object that fixes changed or made.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Made {
    /// Kind and name.
    pub(super) object: String,
    /// How it was, unless it is new.
    pub(super) before: Option<String>,
    pub(super) after: String,
}

/// The fixtures that fail, the bad examples of pages, and the projects.
pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for rule in rules::all() {
        let fails =
            |it: &&std::path::PathBuf| it.file_name().is_some_and(|it| it.to_string_lossy().starts_with("fail"));
        cases.extend(cases_of(rule).iter().filter(fails).map(|it| case(it)));
        let examples = rule.page().examples().into_iter().filter(|it| it.kind == ExampleKind::Bad);
        cases
            .extend(examples.enumerate().map(|(at, it)| Case { name: format!("{}#{at}", rule.id()), files: it.files }));
    }
    let projects = std::fs::read_dir(root().join("fixtures/projects")).expect("there are projects");
    let mut projects: Vec<_> = projects.map(|it| it.expect("the folder can be read").path()).collect();
    projects.sort();
    cases.extend(projects.iter().map(|it| case(it)));
    cases
}

/// A file, or all files below a folder that hold text.
pub(super) fn case(path: &Path) -> Case {
    let name = path.strip_prefix(root()).unwrap_or(path).display().to_string();
    let read = |(name, it): (String, std::path::PathBuf)| Some((name, std::fs::read_to_string(it).ok()?));
    Case { name, files: files_of(path).into_iter().filter_map(read).collect() }
}

/// What the fixes of a case make of built-in objects.
pub(super) fn made(case: &Case) -> BTreeSet<Made> {
    let config = Config { profile: Profile::Production, ..Config::default() };
    let before = load(&case.files, &Texts::new());
    let mut report = engine::run(&before.sources, &before.environments, &config);
    fix::work_out(&mut report, &before);
    let mut made = BTreeSet::new();
    for fix in report.findings.iter().filter_map(|it| it.fix.as_ref()).filter(|it| it.is_applicable()) {
        differences(&before, &load(&case.files, &apply(&before.sources, &fix.edits)), &mut made);
    }
    let rules = rules::all().map(|it| it.id().as_str().to_owned()).collect();
    let request = Request { least: Safety::Unsafe, only: Vec::new(), folder: None, named: rules };
    let audit = |texts: &Texts, _| {
        let loaded = load(&case.files, texts);
        let report = engine::run(&loaded.sources, &loaded.environments, &config);
        Ok((loaded, report))
    };
    let outcome = fix::run(&request, audit, |_| None);
    match outcome {
        Ok(outcome) => differences(&before, &outcome.loaded, &mut made),
        Err(stuck) => assert!(ENDLESS.contains(&case.name.as_str()), "{}: {stuck}", case.name),
    }
    made
}

fn load(files: &Files, texts: &Texts) -> Loaded {
    let text = |(name, text): &(String, String)| texts.get(name).unwrap_or(text).clone();
    let texts: Files = files.iter().map(|it| (it.0.clone(), text(it))).collect();
    from_texts(&texts.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect::<Vec<_>>())
}

/// The built-in objects of the environments, by environment, kind, namespace, name, and number among those of the same.
fn objects(loaded: &Loaded) -> BTreeMap<[String; 5], String> {
    let mut objects = BTreeMap::new();
    for environment in &loaded.environments {
        for object in environment.objects.iter().filter(|it| is_built_in(it.group())) {
            let key = |at: usize| {
                let namespace = object.namespace().unwrap_or_default();
                [&environment.name, object.kind(), namespace, object.name(), &at.to_string()].map(str::to_owned)
            };
            let at = (0..=objects.len())
                .find(|it| !objects.contains_key(&key(*it)))
                .expect("there are more numbers than objects");
            objects.insert(key(at), json::to_string(object.node()));
        }
    }
    objects
}

/// Whether the API server itself validates a group. Others are for operators to judge.
fn is_built_in(group: &str) -> bool {
    ["", "apps", "autoscaling", "batch", "policy"].contains(&group)
        || ["networking", "rbac.authorization", "scheduling", "storage"]
            .iter()
            .any(|it| group.strip_suffix(".k8s.io") == Some(it))
}

fn differences(before: &Loaded, after: &Loaded, made: &mut BTreeSet<Made>) {
    let (old, new) = (objects(before), objects(after));
    let gone: Vec<_> = old.iter().filter(|it| !new.contains_key(it.0)).collect();
    for (key, after) in &new {
        // A kind may be what is mended.
        let renamed = || gone.iter().find(|it| it.0[0] == key[0] && it.0[2..4] == key[2..4]).map(|it| it.1);
        let before = old.get(key).or_else(renamed);
        if before != Some(after) {
            let object = format!("{}/{}", key[1], key[3]);
            made.insert(Made { object, before: before.cloned(), after: after.clone() });
        }
    }
}
