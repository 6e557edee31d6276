//! Whether kustomize takes a kustomization as it is written: its fields, and the types of their values.
//!
//! From `api/types`: kustomize decodes strictly, and does not make a text of a number.

use super::build::Builder;
use crate::source::Span;
use crate::suggest;
use crate::yaml::scalar::Scalar;
use crate::yaml::tree::{Content, Tree};
use crate::yaml::{Document, Entry, NodeRef};
use std::sync::Arc;

/// What a value has to be. A null always fits.
#[derive(Clone, Copy)]
enum Shape {
    Text,
    Bool,
    Int,
    Texts,
    /// A map of texts.
    TextMap,
    One(&'static [(&'static str, Shape)]),
    Many(&'static [(&'static str, Shape)]),
    Any,
}

use Shape::{Any, Bool, Int, Many, One, Text, TextMap, Texts};

type Fields = &'static [(&'static str, Shape)];

const OPTIONS: Fields =
    &[("labels", TextMap), ("annotations", TextMap), ("disableNameSuffixHash", Bool), ("immutable", Bool)];

const CONFIG_MAP: Fields = &[
    ("name", Text),
    ("namespace", Text),
    ("behavior", Text),
    ("literals", Texts),
    ("files", Texts),
    ("envs", Texts),
    ("env", Text),
    ("options", One(OPTIONS)),
];

const SECRET: Fields = &[
    ("name", Text),
    ("namespace", Text),
    ("behavior", Text),
    ("type", Text),
    ("literals", Texts),
    ("files", Texts),
    ("envs", Texts),
    ("env", Text),
    ("options", One(OPTIONS)),
];

const SELECTOR: Fields = &[
    ("group", Text),
    ("version", Text),
    ("kind", Text),
    ("name", Text),
    ("namespace", Text),
    ("labelSelector", Text),
    ("annotationSelector", Text),
];

const PATCH: Fields = &[
    ("path", Text),
    ("patch", Text),
    ("target", One(SELECTOR)),
    ("options", One(&[("allowNameChange", Bool), ("allowKindChange", Bool)])),
];

const IMAGE: Fields = &[("name", Text), ("newName", Text), ("newTag", Text), ("tagSuffix", Text), ("digest", Text)];

const FIELD: Fields = &[("group", Text), ("version", Text), ("kind", Text), ("path", Text), ("create", Bool)];

const LABEL: Fields = &[
    ("pairs", TextMap),
    ("includeSelectors", Bool),
    ("includeTemplates", Bool),
    ("includeVolumeClaimTemplates", Bool),
    ("fields", Many(FIELD)),
];

const PART: Fields = &[("delimiter", Text), ("index", Int), ("encoding", Text), ("create", Bool)];

const REPLACEMENT: Fields = &[
    ("path", Text),
    (
        "source",
        One(&[
            ("group", Text),
            ("version", Text),
            ("kind", Text),
            ("name", Text),
            ("namespace", Text),
            ("fieldPath", Text),
            ("options", One(PART)),
        ]),
    ),
    (
        "targets",
        Many(&[("select", One(SELECTOR)), ("reject", Many(SELECTOR)), ("fieldPaths", Texts), ("options", One(PART))]),
    ),
    ("sourceValue", Text),
];

const VARIABLE: Fields = &[
    ("name", Text),
    (
        "objref",
        One(&[
            ("apiVersion", Text),
            ("group", Text),
            ("version", Text),
            ("kind", Text),
            ("name", Text),
            ("namespace", Text),
        ]),
    ),
    ("fieldref", One(&[("fieldPath", Text)])),
];

const CHART: Fields = &[
    ("name", Text),
    ("version", Text),
    ("repo", Text),
    ("releaseName", Text),
    ("namespace", Text),
    ("additionalValuesFiles", Texts),
    ("valuesFile", Text),
    ("valuesInline", Any),
    ("valuesMerge", Text),
    ("includeCRDs", Bool),
    ("skipHooks", Bool),
    ("apiVersions", Texts),
    ("kubeVersion", Text),
    ("nameTemplate", Text),
    ("skipTests", Bool),
    ("debug", Bool),
    ("devel", Bool),
];

/// What `configurations` name.
const CONFIGURATION: Fields = &[
    ("namePrefix", Many(FIELD)),
    ("nameSuffix", Many(FIELD)),
    ("namespace", Many(FIELD)),
    ("commonLabels", Many(FIELD)),
    ("labels", Many(FIELD)),
    ("templateLabels", Many(FIELD)),
    ("volumeClaimTemplateLabels", Many(FIELD)),
    ("commonAnnotations", Many(FIELD)),
    ("varReference", Many(FIELD)),
    ("images", Many(FIELD)),
    ("replicas", Many(FIELD)),
    ("nameReference", Many(&[("group", Text), ("version", Text), ("kind", Text), ("fieldSpecs", Many(FIELD))])),
];

const KUSTOMIZATION: Fields = &[
    ("apiVersion", Text),
    ("kind", Text),
    ("metadata", One(&[("name", Text), ("namespace", Text), ("labels", TextMap), ("annotations", TextMap)])),
    ("openapi", TextMap),
    ("namePrefix", Text),
    ("nameSuffix", Text),
    ("namespace", Text),
    ("commonLabels", TextMap),
    ("labels", Many(LABEL)),
    ("commonAnnotations", TextMap),
    ("patchesStrategicMerge", Texts),
    ("patchesJson6902", Many(PATCH)),
    ("patches", Many(PATCH)),
    ("images", Many(IMAGE)),
    ("imageTags", Many(IMAGE)),
    ("replacements", Many(REPLACEMENT)),
    ("replicas", Many(&[("name", Text), ("count", Int)])),
    ("vars", Many(VARIABLE)),
    (
        "sortOptions",
        One(&[("order", Text), ("legacySortOptions", One(&[("orderFirst", Texts), ("orderLast", Texts)]))]),
    ),
    ("resources", Texts),
    ("components", Texts),
    ("crds", Texts),
    ("bases", Texts),
    ("configMapGenerator", Many(CONFIG_MAP)),
    ("secretGenerator", Many(SECRET)),
    ("helmGlobals", One(&[("chartHome", Text), ("configHome", Text)])),
    ("helmCharts", Many(CHART)),
    ("helmChartInflationGenerator", Any),
    ("generatorOptions", One(OPTIONS)),
    ("configurations", Texts),
    ("generators", Texts),
    ("transformers", Texts),
    ("validators", Texts),
    ("buildMetadata", Texts),
];

/// What kustomize refuses of a value: the words, the place, and the field that was meant.
struct Mistake {
    message: String,
    span: Span,
    help: Option<String>,
}

impl Builder<'_> {
    /// Tells what kustomize refuses of how a kustomization is written.
    pub(super) fn check(&mut self, root: NodeRef<'_>) {
        let mut mistakes = Vec::new();
        fields("a kustomization", root, KUSTOMIZATION, &mut mistakes);
        for mistake in mistakes {
            self.problem_with_help(mistake.message, mistake.span, mistake.help);
        }
        let text = |key: &str| root.get(key).map(NodeRef::text).unwrap_or_default();
        let (kind, version) = (text("kind"), text("apiVersion"));
        if !matches!(kind, "" | "Kustomization" | "Component") {
            let help = suggest::help(kind, &["Kustomization", "Component"]);
            let message = format!("the kind of a kustomization cannot be {kind}");
            self.problem_with_help(message, root.place(&["kind"]), help);
        }
        let wanted = if kind == "Component" { "v1alpha1" } else { "v1beta1" };
        if !version.is_empty() && version != format!("kustomize.config.k8s.io/{wanted}") {
            let kind = if kind.is_empty() { "Kustomization" } else { kind };
            let message = format!("the apiVersion of a {kind} is kustomize.config.k8s.io/{wanted}");
            self.problem(message, root.place(&["apiVersion"]));
        }
        let says_something = |it: &Entry<'_>| !matches!(it.name(), "apiVersion" | "kind") && !it.value.is_null();
        if !root.entries().any(|it| says_something(&it)) {
            self.problem("an empty kustomization, which kustomize refuses", root.first_line());
        }
    }
}

/// A kustomization with its fields spelt as they are read here: to Go's JSON, capitals do not matter.
pub(super) fn canonical(document: &Arc<Document>) -> Arc<Document> {
    canonical_as(document, KUSTOMIZATION)
}

/// A configuration of transformers in the same way; an error if kustomize refuses how it is written.
pub(super) fn configuration(document: &Arc<Document>) -> Result<Arc<Document>, String> {
    let mut mistakes = Vec::new();
    fields("a configuration of transformers", document.root(), CONFIGURATION, &mut mistakes);
    match mistakes.into_iter().next() {
        Some(mistake) => Err(mistake.message),
        None => Ok(canonical_as(document, CONFIGURATION)),
    }
}

fn canonical_as(document: &Arc<Document>, known: Fields) -> Arc<Document> {
    if is_canonical(document.root(), known) {
        return Arc::clone(document);
    }
    let Some(mut tree) = Tree::of(document.root()) else { return Arc::clone(document) };
    respell(&mut tree, known);
    Arc::new(tree.freeze(document.source(), document.comments().to_vec()))
}

fn find(name: &str, known: Fields) -> Option<&'static (&'static str, Shape)> {
    known.iter().find(|it| it.0.eq_ignore_ascii_case(name))
}

fn is_canonical(node: NodeRef<'_>, known: Fields) -> bool {
    node.entries().all(|entry| match find(entry.name(), known) {
        Some((name, _)) if *name != entry.name() => false,
        Some((_, One(known))) => is_canonical(entry.value, known),
        Some((_, Many(known))) => entry.value.items().all(|it| is_canonical(it, known)),
        _ => true,
    })
}

fn respell(tree: &mut Tree, known: Fields) {
    let Content::Map(entries) = &mut tree.content else { return };
    for entry in entries {
        let Some((name, shape)) = find(&entry.key, known) else { continue };
        entry.key = (*name).into();
        match shape {
            One(known) => respell(&mut entry.value, known),
            Many(known) => entry.value.items_mut().iter_mut().for_each(|it| respell(it, known)),
            _ => {}
        }
    }
}

fn fields(of: &str, node: NodeRef<'_>, known: Fields, mistakes: &mut Vec<Mistake>) {
    for entry in node.entries() {
        let name = entry.name();
        let Some((_, shape)) = find(name, known) else {
            let nearest = suggest::nearest(name, known.iter().map(|it| it.0));
            let help = nearest.map(|it| format!("did you mean `{it}`?"));
            let message = format!("`{name}` is no field of {of}: kustomize refuses the file");
            mistakes.push(Mistake { message, span: entry.line_span(), help });
            continue;
        };
        value(name, entry, *shape, mistakes);
    }
}

fn value(name: &str, entry: Entry<'_>, shape: Shape, mistakes: &mut Vec<Mistake>) {
    let node = entry.value;
    if node.is_null() {
        return;
    }
    let wrong = |node: NodeRef<'_>, expected: &str| {
        let is = node.scalar().map_or(if node.is_map() { "a map" } else { "a list" }, Scalar::describe);
        let message = format!("`{name}`: {expected} is needed, and this is {is}: kustomize refuses the file");
        let is_number = expected == "a string" && node.scalar().is_some();
        let help = is_number.then(|| "put it in quotes".to_owned());
        Some(Mistake { message, span: node.first_line(), help })
    };
    let is_text = |it: NodeRef<'_>| it.is_null() || matches!(it.scalar(), Some(Scalar::Str(_)));
    let found = match shape {
        Any => None,
        Text if is_text(node) => None,
        Text => wrong(node, "a string"),
        Bool if node.as_bool().is_some() => None,
        Bool => wrong(node, "true or false"),
        Int if node.as_int().is_some() => None,
        Int => wrong(node, "a whole number"),
        TextMap if !node.is_map() => wrong(node, "a map of strings"),
        TextMap => {
            mistakes
                .extend(node.entries().filter(|it| !is_text(it.value)).filter_map(|it| wrong(it.value, "a string")));
            None
        }
        Texts if !node.is_seq() => wrong(node, "a list of strings"),
        Texts => {
            mistakes.extend(node.items().filter(|it| !is_text(*it)).filter_map(|it| wrong(it, "a string")));
            None
        }
        One(_) if !node.is_map() => wrong(node, "a map"),
        One(known) => {
            fields(&format!("`{name}`"), node, known, mistakes);
            None
        }
        Many(_) if !node.is_seq() => wrong(node, "a list"),
        Many(known) => {
            for item in node.items().filter(|it| !it.is_null()) {
                if item.is_map() {
                    fields(&format!("`{name}`"), item, known, mistakes);
                } else {
                    mistakes.extend(wrong(item, "a map"));
                }
            }
            None
        }
    };
    mistakes.extend(found);
}
