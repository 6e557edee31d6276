//! What a root deploys: the objects that it reaches, changed by every kustomization on the way.

use super::resource::Resource;
use super::{Graph, Target};
use crate::model::{Object, Problem, ProblemKind};
use crate::source::{Sources, Span};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// No chain of kustomizations is longer than this.
const MAX_DEPTH: usize = 64;
/// No root makes more objects than this: kustomizations that use each other twice grow without bound.
const MAX_OBJECTS: usize = 50_000;
/// The annotation of objects that are input for tools and never deployed.
const LOCAL: &str = "config.kubernetes.io/local-config";

/// What a file is to the root that reaches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// Its objects are deployed.
    Resource,
    /// It changes other objects, for the kustomization in this file.
    Patch(usize),
    /// It holds instructions.
    Instructions,
}

/// What a root came to.
#[derive(Debug, Default)]
pub(crate) struct Built {
    pub(crate) objects: Vec<Object>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) remarks: BTreeSet<String>,
    /// What kustomize refuses first, if it does.
    pub(crate) refusal: Option<String>,
    /// The files that it reaches.
    pub(crate) uses: BTreeMap<usize, Use>,
    /// Objects of those files that are not deployed, by their places, and why.
    pub(crate) gone: HashMap<Span, &'static str>,
}

/// Builds one root.
pub(crate) fn build(graph: &Graph<'_>, sources: &Sources, root: usize) -> Built {
    let built = Built::default();
    let mut builder = Builder { graph, sources, built, path: Vec::new(), count: 0, has_unseen: false };
    let resources = builder.accumulate(root, Vec::new());
    let mut built = builder.built;
    for resource in resources {
        let is_local = resource.scalar(&["metadata", "annotations", LOCAL], |it| it == "true");
        if is_local == Some(true) {
            built.gone.insert(resource.span(), "meant for tools, by its annotation local-config");
        } else {
            built.objects.extend(resource.finish());
        }
    }
    built
}

/// A root in the making.
pub(super) struct Builder<'a> {
    pub(super) graph: &'a Graph<'a>,
    pub(super) sources: &'a Sources,
    pub(super) built: Built,
    /// The kustomizations from the root to where the building is.
    path: Vec<usize>,
    count: usize,
    /// Whether something that is not here may hold objects.
    pub(super) has_unseen: bool,
}

impl Builder<'_> {
    /// The objects of a kustomization. A component changes those that are there; others begin with none.
    fn accumulate(&mut self, at: usize, mut resources: Vec<Resource>) -> Vec<Resource> {
        let kustomization = &self.graph.kustomizations[at];
        let document = Arc::clone(&kustomization.document);
        self.built.uses.insert(kustomization.file, Use::Instructions);
        self.path.push(at);
        for key in ["resources", "bases"] {
            for node in document.root().items_at(&[key]) {
                self.resource(at, node.text(), node.first_line(), &mut resources);
            }
        }
        self.generate(at, &mut resources);
        for node in document.root().items_at(&["components"]) {
            match self.graph.resolve(kustomization.dir, node.text()) {
                Target::Kustomization(other) if self.may_enter(other, node.first_line()) => {
                    resources = self.accumulate(other, resources);
                }
                Target::Kustomization(_) => {}
                other => self.refuse(at, node.text(), node.first_line(), &other),
            }
        }
        self.transform(at, &mut resources);
        self.path.pop();
        resources
    }

    /// Adds what one entry of `resources` leads to.
    fn resource(&mut self, at: usize, text: &str, span: Span, resources: &mut Vec<Resource>) {
        match self.graph.resolve(self.graph.kustomizations[at].dir, text) {
            Target::File(file) => self.file(file, span, resources),
            Target::Kustomization(other) => {
                if self.may_enter(other, span) {
                    resources.extend(self.accumulate(other, Vec::new()));
                }
            }
            other => self.refuse(at, text, span, &other),
        }
    }

    fn file(&mut self, file: usize, span: Span, resources: &mut Vec<Resource>) {
        if self.graph.files[file].kustomization().is_some() {
            self.problem("a kustomization is used by its folder, not by its file", span);
            return;
        }
        let read = &self.graph.files[file];
        if self.built.uses.insert(file, Use::Resource).is_none() {
            self.built.problems.extend(read.problems.iter().cloned());
            if read.documents.iter().any(|it| it.document.is_none()) {
                let first = read.problems.first().map_or("it cannot be read", |it| it.message.as_str());
                self.built.refusal.get_or_insert_with(|| format!("{}: {first}", read.name));
            }
        }
        for object in read.items().filter_map(|it| it.content.as_ref().ok()) {
            if !self.may_grow(span) {
                return;
            }
            resources.push(Resource::new(object));
        }
    }

    /// Whether the building may go on; the first time that it may not, that is told.
    fn may_grow(&mut self, span: Span) -> bool {
        self.count += 1;
        if self.count == MAX_OBJECTS + 1 {
            self.problem(format!("more than {MAX_OBJECTS} objects come together here; the rest is not read"), span);
        }
        self.count <= MAX_OBJECTS
    }

    fn may_enter(&mut self, other: usize, span: Span) -> bool {
        if self.path.contains(&other) {
            self.problem("this leads back to a kustomization that leads here", span);
            return false;
        }
        if self.path.len() >= MAX_DEPTH {
            self.problem(format!("more than {MAX_DEPTH} kustomizations in a row"), span);
            return false;
        }
        self.may_grow(span)
    }

    /// Tells of an entry that leads to nothing that can be used.
    fn refuse(&mut self, at: usize, text: &str, span: Span, target: &Target) {
        match target {
            Target::Remote => self.unseen(at, format!("{text} is not here, and what it holds is not seen")),
            Target::Missing(reason) => self.problem(format!("{text}: {reason}"), span),
            Target::Directory => self.problem(format!("{text}: a folder without a kustomization"), span),
            Target::File(_) | Target::Kustomization(_) => {
                self.problem(format!("{text}: a file, where a folder is needed"), span);
            }
        }
        // What is missing may hold what patches and references mean; one story is enough.
        self.has_unseen = true;
    }

    /// Tells what kustomize would refuse.
    pub(super) fn problem(&mut self, message: impl Into<String>, span: Span) {
        let message = message.into();
        self.built.refusal.get_or_insert_with(|| message.clone());
        let problem = Problem { kind: ProblemKind::Syntax, message, span, labels: Vec::new(), help: None };
        if !self.built.problems.contains(&problem) {
            self.built.problems.push(problem);
        }
    }

    /// Says something of a kustomization, by the name of its file.
    pub(super) fn remark(&mut self, at: usize, words: &str) {
        let name = &self.graph.files[self.graph.kustomizations[at].file].name;
        self.built.remarks.insert(format!("{name}: {words}"));
    }

    /// Says that objects may exist which are not seen.
    pub(super) fn unseen(&mut self, at: usize, words: String) {
        self.has_unseen = true;
        self.remark(at, &words);
    }

    /// Says that an object stays as it is written.
    pub(super) fn rigid(&mut self, resource: &Resource) {
        let name = self.sources.get(resource.span().source).name();
        let remark = format!("{name}: {} is too large to be changed by kustomizations", resource.id.name);
        self.built.remarks.insert(remark);
    }
}
