//! What several tests share: environments made of texts, and findings as a person reads them.

#![allow(dead_code, reason = "each test uses a part of it")]

pub(crate) mod program;

use edms_lint::config::{Config, Profile};
use edms_lint::engine;
use edms_lint::finding::{Edit, Found, Report};
use edms_lint::model::{Environment, Object, Problem, ProblemKind};
use edms_lint::rule::Entry;
use edms_lint::rules;
use edms_lint::source::{Source, Sources};
use edms_lint::yaml::parse;
use edms_lint::yaml::split::{Piece, split};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Files below a folder, sorted by path.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|it| it.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect();
    files.sort();
    files
}

/// The cases of a rule, by name: files and folders.
pub(crate) fn cases_of(rule: &'static Entry) -> Vec<PathBuf> {
    let folder = root().join("fixtures/rules").join(rule.id().as_str());
    let mut cases: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|it| it.expect("the folder can be read").path())
        .filter(|it| it.is_dir() || it.extension().is_some_and(|it| it == "yaml"))
        .collect();
    cases.sort();
    cases
}

/// The files of a case that a run reads, by name within it: a file, or all below a folder; no goldens.
pub(crate) fn files_of(case: &Path) -> Vec<(String, PathBuf)> {
    let base = if case.is_dir() { case } else { case.parent().expect("a case has a folder") };
    let files = if case.is_dir() { files_below(case) } else { vec![case.to_owned()] };
    let name = |it: &Path| it.strip_prefix(base).expect("below its folder").display().to_string();
    files.into_iter().filter(|it| it.extension().is_some_and(|it| it != "snap")).map(|it| (name(&it), it)).collect()
}

/// The texts that edits make, by the names of their files.
pub(crate) fn apply(sources: &Sources, edits: &[Edit]) -> BTreeMap<String, String> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|it| (it.span.start, it.span.end));
    let mut texts = BTreeMap::new();
    // From the end, so that places before are where they were.
    for edit in edits.into_iter().rev() {
        let source = sources.get(edit.span.source);
        let text = texts.entry(source.name().to_owned()).or_insert_with(|| source.text().to_string());
        text.replace_range(edit.span.range(), &edit.text);
    }
    texts
}

/// Audits texts as one environment.
pub(crate) fn audit(texts: &[(String, String)], config: &Config, is_fragment: bool) -> (Sources, Report) {
    let (sources, environment) = environment(texts, is_fragment);
    let report = engine::run(&sources, &[environment], config);
    (sources, report)
}

/// An environment of texts.
pub(crate) fn environment(texts: &[(String, String)], is_fragment: bool) -> (Sources, Environment) {
    let mut sources = Sources::default();
    let mut environment =
        Environment { name: ".".to_owned(), is_fragment, is_directory: !is_fragment, ..Environment::default() };
    for (name, text) in texts {
        let id = sources.add(Source::new(name.as_str(), text.as_str()));
        let text = sources.get(id).text().clone();
        for piece in split(&text) {
            let (Piece::Document(range) | Piece::Json(range)) = piece else { continue };
            match parse(id, &text, range) {
                Ok(Some(document)) => {
                    let document = std::sync::Arc::new(document);
                    let root = document.root();
                    let is_list = root.get("kind").is_some_and(|it| it.text().ends_with("List"));
                    let items = root.items_at(&["items"]).filter(|_| is_list);
                    let mut objects: Vec<Object> = items.filter_map(|it| Object::read(&document, it)).collect();
                    if objects.is_empty() {
                        objects.extend(Object::read(&document, root));
                    }
                    environment.objects.extend(objects);
                }
                Ok(None) => {}
                Err(error) => environment.problems.push(Problem {
                    kind: ProblemKind::Syntax,
                    message: error.message,
                    span: error.span,
                    labels: Vec::new(),
                    help: None,
                }),
            }
        }
    }
    environment.number();
    (sources, environment)
}

/// A configuration under which only one rule runs.
pub(crate) fn only(rule: &str) -> Config {
    // What is off by default speaks in production.
    let is_off =
        rules::all().find(|it| it.id() == rule).is_some_and(|it| it.page().levels.of(Profile::Default).is_none());
    let profile = if is_off { Profile::Production } else { Profile::Default };
    Config { select: vec![rule.to_owned()], profile, ..Config::default() }
}

/// Findings as text: place, severity, rule, message; labels and help below.
pub(crate) fn describe(sources: &Sources, findings: &[Found]) -> String {
    let mut text = String::new();
    for finding in findings {
        let at = place(sources, finding.span);
        _ = writeln!(text, "{at}: {}[{}] {}", finding.severity, finding.rule, finding.message);
        for label in &finding.labels {
            _ = writeln!(text, "  {}: {}", place(sources, label.span), label.text);
        }
        if let Some(help) = &finding.help {
            _ = writeln!(text, "  help: {help}");
        }
    }
    text
}

/// `file:line:column`, with the text of the span.
fn place(sources: &Sources, span: edms_lint::source::Span) -> String {
    let source = sources.get(span.source);
    let at = source.line_column(span.start);
    let text = source.slice(span).lines().next().unwrap_or_default();
    format!("{}:{}:{} `{text}`", source.name(), at.line, at.column)
}
