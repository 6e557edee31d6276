//! What a root deploys: the objects that it reaches, changed by every kustomization on the way.

use super::super::documents::ReadDocument;
use super::config::{Config, merge_shared};
use super::contested::Contested;
use super::defaults::standard;
use super::id::Id;
use super::inline::cut_last_line;
use super::limits::{Amounts, Copies};
use super::metadata::Metadata;
use super::resource::Resource;
use super::resources::Resources;
use super::types::Types;
use super::vars::{Variable, Variables};
use super::{Basis, Graph, Refusal, Target, names, vars};
use crate::model::{ChartFiles, Object, Problem, ProblemKind, Unseen, UnseenKinds, kind_and_group};
use crate::source::{Sources, Span};
use crate::yaml::NodeRef;
use foldhash::fast::FixedState;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// No chain of kustomizations is longer than this.
pub(super) const MAX_DEPTH: usize = 64;
/// The annotation of objects that are input for tools and never deployed.
const LOCAL: &str = "config.kubernetes.io/local-config";

/// What a file is to the root that reaches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// Its objects are deployed.
    Resource,
    /// It changes other objects, for the kustomization in this file.
    Patch(usize),
    /// It says how objects are changed, for the kustomization in this file.
    Configuration(usize),
    /// It holds instructions.
    Instructions,
}

/// What a root came to.
#[derive(Debug, Default)]
pub(crate) struct Built {
    pub(crate) objects: Vec<Object>,
    /// Objects of which nobody knows what they become: a function that is not run may change anything.
    pub(crate) open: Vec<Object>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) remarks: BTreeSet<String>,
    /// What it may deploy that is not seen.
    pub(crate) unseen: Vec<Unseen>,
    /// What kustomize refuses first, if it does.
    pub(crate) refusal: Option<String>,
    /// The files that it reaches.
    pub(crate) uses: BTreeMap<usize, Use>,
    /// Objects of those files that are not deployed, by their places, and why.
    pub(crate) gone: HashMap<Span, &'static str>,
    /// The charts that it installs.
    pub(crate) charts: ChartFiles,
}

/// What a kustomization makes, and what it hands to the one that uses it.
#[derive(Clone)]
pub(super) struct Made {
    pub(super) resources: Resources,
    config: Arc<Config>,
    variables: Variables,
}

impl Default for Made {
    fn default() -> Made {
        Made { resources: Resources::default(), config: standard(), variables: Variables::default() }
    }
}

/// Builds one root, which may make so much; and what it makes.
pub(super) fn build(graph: &Graph<'_>, sources: &Sources, root: usize, most: Amounts) -> (Built, Amounts) {
    let mut builder = Builder::new(graph, sources, Metadata::read(graph.kustomizations[root].document.root()), most);
    let made = builder.accumulate(root, Made::default());
    builder.finish(made)
}

/// A root in the making.
pub(super) struct Builder<'a> {
    pub(super) graph: &'a Graph<'a>,
    pub(super) sources: &'a Sources,
    pub(super) built: Built,
    /// The kustomizations from the root to where the building is.
    pub(super) path: Vec<usize>,
    /// All that it entered, and the longest way there.
    pub(super) entered: BTreeSet<usize>,
    pub(super) depth: usize,
    /// What it may make.
    pub(super) most: Amounts,
    pub(super) count: usize,
    /// How many nodes patches and replacements have copied.
    pub(super) copies: Copies,
    /// How many values patches have copied with the objects that they change.
    pub(super) cloned: usize,
    /// With how many objects expressions and labels were compared.
    pub(super) compared: usize,
    /// The types that merges go by.
    pub(super) types: Types,
    pub(super) metadata: Metadata,
    /// Whether something that is not here may hold objects.
    pub(super) has_unseen: bool,
    pub(super) contested: Contested,
    /// How many ways led back, or too far.
    pub(super) dead_ends: usize,
    /// The problems that are told, by place and words.
    told: HashSet<(Span, String)>,
    /// Of a kustomization that names files outside of its folder, the problem that says so.
    pub(super) outside: HashMap<usize, usize>,
}

/// Which objects a list holds, so far as it was looked at.
#[derive(Default)]
pub(super) struct Known {
    ids: HashSet<Id, FixedState>,
    count: usize,
}

impl<'a> Builder<'a> {
    pub(super) fn new(graph: &'a Graph<'a>, sources: &'a Sources, metadata: Metadata, most: Amounts) -> Builder<'a> {
        Builder {
            graph,
            sources,
            built: Built::default(),
            path: Vec::new(),
            entered: BTreeSet::new(),
            depth: 0,
            most,
            count: 0,
            copies: Copies { spent: 0, most: most.copied },
            cloned: 0,
            compared: 0,
            types: Types::default(),
            metadata,
            has_unseen: false,
            contested: Contested::default(),
            dead_ends: 0,
            told: HashSet::new(),
            outside: HashMap::new(),
        }
    }
}

impl Builder<'_> {
    /// What a kustomization makes. A component changes what is there; others begin with nothing.
    pub(super) fn accumulate(&mut self, at: usize, mut made: Made) -> Made {
        let kustomization = &self.graph.kustomizations[at];
        let document = Arc::clone(&kustomization.document);
        let root = document.root();
        self.built.uses.insert(kustomization.file, Use::Instructions);
        if let Some(reason) = kustomization.refusal {
            // What the reader says of the file is more to the point.
            let told = &self.graph.files[kustomization.file].problems;
            self.built.problems.extend(told.iter().cloned());
            self.built.refusal.get_or_insert_with(|| reason.to_owned());
            if told.is_empty() {
                self.problem(reason, root.first_line());
            }
            if root.entries().next().is_none() {
                self.has_unseen = true;
                return made;
            }
        }
        self.path.push(at);
        self.entered.insert(at);
        self.depth = self.depth.max(self.path.len());
        if kustomization.basis == Basis::Written {
            self.check(root);
        }
        self.describe(at, root);
        let mut known = Known::default();
        for key in ["resources", "bases"] {
            for node in root.items_at(&[key]) {
                self.resource(at, node, &mut made, &mut known);
            }
        }
        self.configure(at, root, &mut made.config);
        self.generate(at, &mut made.resources);
        self.generators(at, root, &mut made.resources);
        self.rendered(at, root, &mut made.resources);
        for node in root.items_at(&["components"]) {
            match self.graph.resolve(kustomization.dir, node.text()) {
                Target::Kustomization(other) if self.may_enter(other, node.first_line()) => {
                    if !self.graph.kustomizations[other].is_component {
                        self.problem("a kustomization, where a component is needed", node.first_line());
                    }
                    made = self.accumulate(other, made);
                }
                Target::Kustomization(_) => {}
                other => self.refuse(at, node.text(), node.first_line(), &other),
            }
        }
        self.transform(at, &mut made.resources, &made.config.clone());
        for variable in root.items_at(&["vars"]).map(Variable::read) {
            let claimed = variable.claim(&mut made.resources);
            claimed.unwrap_or_else(|it| self.refused(it));
            made.variables.add(variable).unwrap_or_else(|it| self.refused(it));
        }
        self.path.pop();
        made
    }

    /// The last steps, over all objects of the root.
    fn finish(mut self, made: Made) -> (Built, Amounts) {
        let Made { mut resources, config, variables } = made;
        Builder::hash_names(&mut resources);
        let followed = names::follow(&config, &self.graph.leaves, &mut resources);
        followed.unwrap_or_else(|it| self.refused(it));
        resources.equalise();
        let resolved =
            vars::resolve(&variables.all, &config.variables, self.has_unseen, &mut self.copies, &mut resources);
        resolved.unwrap_or_else(|it| self.refused(it));
        for mut resource in resources {
            let is_local = resource.scalar(&["metadata", "annotations", LOCAL], |it| it != "false");
            if is_local == Some(true) {
                self.built.gone.insert(resource.span(), "meant for tools, by its annotation local-config");
                continue;
            }
            if let Some(broken) = resource.broken() {
                self.refused(broken);
            }
            if resource.has_lost_name() {
                self.problem(format!("a replacement leaves a {} without a name", resource.id.kind), resource.span());
            }
            resource.mark(self.metadata);
            resource.equalise();
            if resource.is_open {
                self.built.gone.insert(resource.span(), "changed by a function that is not run");
                let name = kind_and_group(&resource.id.kind, &resource.id.group);
                let kinds = UnseenKinds::Only(BTreeSet::from([name]));
                let reason = format!("{} {} is changed in a way that is not seen", resource.id.kind, resource.id.name);
                self.built.unseen.push(Unseen { reason, kinds, namespace: None });
                self.built.open.extend(resource.finish(&self.graph.alike));
            } else {
                self.built.objects.extend(resource.finish(&self.graph.alike));
            }
        }
        let made = self.made();
        (self.built, made)
    }

    /// Adds what one entry of `resources` leads to.
    fn resource(&mut self, at: usize, node: NodeRef<'_>, made: &mut Made, known: &mut Known) {
        let (text, span) = (node.text(), node.first_line());
        match self.graph.resolve(self.graph.kustomizations[at].dir, text) {
            Target::File(file) => {
                self.keep_inside(at, &self.graph.files[file].real, text, span);
                self.file(file, span, &mut made.resources, known);
            }
            Target::Kustomization(other) => {
                if !self.may_enter(other, span) {
                    return;
                }
                if self.graph.kustomizations[other].is_component {
                    self.problem("a component is used by `components`, not as a resource", span);
                }
                let inner = self.base(other);
                self.add_all(inner.resources.into_iter(), span, &mut made.resources, known);
                let merged = merge_shared(&mut made.config, &inner.config);
                merged.unwrap_or_else(|message| self.problem(message, span));
                for variable in inner.variables.all {
                    made.variables.add(variable).unwrap_or_else(|it| self.refused(it));
                }
            }
            other => self.refuse(at, text, span, &other),
        }
    }

    fn is_listed(&self) -> bool {
        self.path.first().is_some_and(|it| self.graph.kustomizations[*it].basis == Basis::Listed)
    }

    /// Adds objects; kustomize takes none twice.
    fn add_all(
        &mut self,
        new: impl ExactSizeIterator<Item = Resource>,
        span: Span,
        resources: &mut Resources,
        known: &mut Known,
    ) {
        known.ids.extend(resources[known.count..].iter().map(|it| it.id.effective()));
        known.count = resources.len() + new.len();
        for resource in new {
            if !known.ids.insert(resource.id.effective()) && !self.is_listed() {
                let Id { kind, name, .. } = &resource.id;
                self.problem(format!("a second {kind} {name}: kustomize takes no object twice"), span);
            }
            resources.push(resource);
        }
    }

    pub(super) fn file(&mut self, file: usize, span: Span, resources: &mut Resources, known: &mut Known) {
        let read = &self.graph.files[file];
        if read.kustomization().is_some() {
            return self.problem("a kustomization is used by its folder, not by its file", span);
        }
        if self.built.uses.insert(file, Use::Resource).is_none() {
            self.built.problems.extend(read.problems.iter().cloned());
        }
        let has_twice = |it: &ReadDocument| it.document.as_ref().is_some_and(|it| !it.duplicates().is_empty());
        if read.documents.iter().any(has_twice) {
            // A rule of its own reports the key; kustomize, other than kubectl, refuses the file for it.
            self.built.refusal.get_or_insert_with(|| format!("{}: a key stands twice in one map", read.name));
        }
        if read.documents.iter().any(|it| it.is_broken) {
            let first = read.problems.first().map_or("it cannot be read", |it| it.message.as_str());
            self.built.refusal.get_or_insert_with(|| format!("{}: {first}", read.name));
        }
        let mut new = Vec::new();
        let is_there = |it: &&ReadDocument| it.document.as_ref().is_some_and(|it| !it.root().is_null());
        for item in read.documents.iter().filter(is_there).flat_map(|it| &it.items) {
            match &item.content {
                Ok(object) => {
                    if !self.may_grow(span) {
                        return;
                    }
                    if !object.is_named && !object.kind().ends_with("List") {
                        let message = format!("a {} without a name: kustomize refuses it", object.kind());
                        self.problem(message, object.name_span());
                    }
                    let mut resource = Resource::new(object);
                    resource.is_traced = self.metadata.traces;
                    self.types.meet(&resource.id);
                    new.push(resource);
                }
                Err(reason) => self.problem(format!("{}: {reason}, which kustomize refuses", read.name), span),
            }
        }
        let text = self.sources.get(read.source).text();
        if !text.ends_with('\n')
            && let Some(tree) = new.last_mut().and_then(Resource::edit)
        {
            cut_last_line(tree, text);
        }
        self.add_all(new.into_iter(), span, resources, known);
    }

    /// Tells what kustomize would refuse.
    pub(super) fn problem(&mut self, message: impl Into<String>, span: Span) {
        self.problem_with_help(message.into(), span, None);
    }

    /// The same, with what to do.
    pub(super) fn problem_with_help(&mut self, message: String, span: Span, help: Option<String>) {
        self.built.refusal.get_or_insert_with(|| message.clone());
        let problem = Problem { kind: ProblemKind::Syntax, message, span, labels: Vec::new(), help };
        if self.told.insert((problem.span, problem.message.clone())) {
            self.built.problems.push(problem);
        }
    }

    /// The same for a step that was refused.
    pub(super) fn refused(&mut self, refusal: Refusal) {
        self.problem(refusal.message, refusal.span);
    }

    /// Says something of a kustomization, by the name of its file.
    pub(super) fn remark(&mut self, at: usize, words: &str) {
        let name = &self.graph.files[self.graph.kustomizations[at].file].name;
        self.built.remarks.insert(format!("{name}: {words}"));
    }

    /// Says that objects may exist which are not seen.
    pub(super) fn unseen(&mut self, at: usize, words: String) {
        self.has_unseen = true;
        self.built.unseen.push(Unseen { reason: words.clone(), kinds: UnseenKinds::All, namespace: None });
        self.remark(at, &words);
    }

    /// Says that an object stays as it is written.
    pub(super) fn rigid(&mut self, resource: &Resource) {
        let name = self.sources.get(resource.span().source).name();
        let remark = format!("{name}: {} is too large to be changed by kustomizations", resource.id.name);
        self.built.remarks.insert(remark);
    }
}
