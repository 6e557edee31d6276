//! Objects are read into their types as the API server's own decoder reads them.
//!
//! `tests/data/decoding.jsonl` holds manifests with one value replaced, and what the decoder said of each.
//! Where `EDMS_LINT_CASES` names another file of the same form, that one is tested too.

use edms_lint::model::typed::{self, TypedResult};
use edms_lint::source::{SourceId, Span};
use edms_lint::yaml::{self, Document, NodeRef};
use std::path::Path;
use std::sync::Arc;

/// How many wrong cases a failure shows.
const SHOWN: usize = 30;

#[test]
fn objects_decode_as_in_the_api_server() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/decoding.jsonl");
    compare(&committed);
    if let Some(more) = std::env::var_os("EDMS_LINT_CASES") {
        compare(Path::new(&more));
    }
}

fn compare(file: &Path) {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut wrong = Vec::new();
    let mut judged = 0;
    for line in text.lines() {
        let case = parse(line);
        let Some(result) = read(case.root()) else { continue };
        judged += 1;
        if let Some(difference) = difference(case.root(), &result) {
            wrong.push(format!("{difference}\n    {line}"));
        }
    }
    let shown = wrong.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{}: {} of {judged} cases differ\n{shown}", file.display(), wrong.len());
    assert!(judged * 10 >= text.lines().count() * 9, "{}: only {judged} cases are of known kinds", file.display());
}

/// The threads of tests have two mebibytes of stack, as those of the run, and larger frames.
#[test]
fn schemas_that_nest_without_end_are_refused_and_do_no_harm() {
    for nested in ["{items: ", "{not: ", "{properties: {a: "] {
        let depth = 400;
        let closing = "}".repeat(nested.matches('{').count() * depth);
        let schema = format!("{}{{}}{closing}", nested.repeat(depth));
        let document = parse(&format!("{{spec: {{versions: [{{schema: {{openAPIV3Schema: {schema}}}}}]}}}}"));
        let result = typed::check(document.root(), "apiextensions.k8s.io", "v1", "CustomResourceDefinition");
        let errors = result.expect("the kind is known").errors;
        assert_eq!(errors.len(), 1, "{nested}");
        assert!(errors[0].message.starts_with("nested too deep"), "{}", errors[0].message);
    }
}

/// A line is JSON, and JSON is YAML: the object is read from the place where it stands in the line.
fn parse(line: &str) -> Document {
    let text: Arc<str> = line.into();
    yaml::parse(SourceId(0), &text, 0..text.len()).expect("a line parses").expect("a line holds a value")
}

fn read(case: NodeRef<'_>) -> Option<TypedResult> {
    let object = case.get("manifest").expect("a case has a manifest");
    let api_version = object.str_at(&["apiVersion"])?;
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    typed::check(object, group, version, object.str_at(&["kind"])?)
}

/// How our verdict differs from the decoder's, if it does.
fn difference(case: NodeRef<'_>, result: &TypedResult) -> Option<String> {
    let decodes = case.bool_at(&["decodes"]).expect("a case has a verdict");
    let is_strict = case.str_at(&["strict"]).is_none_or(str::is_empty);
    match result.errors.as_slice() {
        [error, ..] if decodes => Some(format!("accepted, but we say at {}: {}", error.path, error.message)),
        [] if !decodes => Some(format!("refused, but we accept: {}", case.str_at(&["error"]).unwrap_or_default())),
        // Exactly one value was replaced; what is inside it may be wrong several times.
        errors if errors.iter().any(|it| !points_at(case, it.span)) => {
            let error = &errors[0];
            Some(format!("refused, but we point at {}: {}", error.path, error.message))
        }
        [] if is_strict != result.unknown_fields.is_empty() => {
            let strict = case.str_at(&["strict"]).unwrap_or_default();
            Some(format!("unknown fields: {strict:?}, but we say {:?}", result.unknown_fields))
        }
        _ => None,
    }
}

/// Whether a span is that of the replaced value or its key, or inside the value; true where the case names none.
fn points_at(case: NodeRef<'_>, span: Span) -> bool {
    let mut node = case.get("manifest").expect("a case has a manifest");
    let mut key = None;
    for step in case.get("path").into_iter().flat_map(NodeRef::items) {
        if node.is_map() {
            let entry = node.entry(step.text()).expect("the path is one of the manifest");
            key = Some(entry.key.span());
            node = entry.value;
        } else {
            let index = usize::try_from(step.as_int().expect("a list has numbers")).expect("from 0");
            node = node.items().nth(index).expect("the path is one of the manifest");
        }
    }
    let value = node.span();
    key == Some(span) || (value.start <= span.start && span.end <= value.end)
}
