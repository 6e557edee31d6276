//! Follows what objects of GitOps tools deploy, from where each cluster begins to the last folder.

use super::super::kustomize::Graph;
use super::catalog::{Catalog, Place, address, is_root};
use super::order::{Halt, Order, Source};
use super::part::{self, Part};
use super::{argo, flux, sets};
use crate::model::{Object, Problem, ProblemKind, Unseen, UnseenKinds, may_be_filled_in, products};
use crate::source::{Sources, Span};
use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// No run builds more folders than this for GitOps tools.
const MAX_PARTS: usize = 20_000;
/// A circle of more objects than this is not told.
const MAX_TRAIL: usize = 64;

/// What one cluster gets by one beginning.
#[derive(Debug, Default)]
pub(super) struct Share {
    pub(super) parts: Vec<Arc<Part>>,
    pub(super) problems: Vec<Problem>,
    pub(super) remarks: BTreeSet<String>,
    /// What is deployed there and not seen.
    pub(super) unseen: BTreeSet<Unseen>,
}

impl Share {
    /// Remembers objects that are not seen: of all kinds where they are, and elsewhere of those that matter there.
    fn hide(&mut self, order: &Order, reason: &str) {
        let namespace = order.namespace.as_ref().and_then(|it| it.value.scalar()).map(str::to_owned);
        let reason = reason.to_owned();
        if namespace.is_some() {
            let kinds = UnseenKinds::Only(FAR_REACHING.iter().map(|it| (*it).to_owned()).collect());
            self.unseen.insert(Unseen { reason: reason.clone(), kinds, namespace: None });
        }
        self.unseen.insert(Unseen { reason, kinds: UnseenKinds::All, namespace });
    }
}

/// Kinds whose objects concern others in every namespace.
const FAR_REACHING: &[&str] = &[
    "Schedule.velero.io",
    "ServiceMonitor.monitoring.coreos.com",
    "PodMonitor.monitoring.coreos.com",
    "PrometheusRule.monitoring.coreos.com",
    "StorageClass.storage.k8s.io",
    "APIService.apiregistration.k8s.io",
    "ClusterRoleBinding.rbac.authorization.k8s.io",
];

/// What follows from one beginning: for the cluster that it is in, under an empty name, and for others.
pub(super) type Shares = BTreeMap<String, Share>;

/// The repositories and Flux sources that are this repository.
#[derive(Debug, Default)]
pub(crate) struct Own {
    pub(super) sources: BTreeSet<Source>,
    /// Those of which some path is here.
    pub(super) likely: BTreeSet<Source>,
    /// Of the Flux sources that are there: their addresses.
    pub(super) addresses: BTreeMap<Source, String>,
}

impl Own {
    /// Whether a source is this repository; none where only the path can tell.
    pub(super) fn is_own(&self, source: &Source) -> Option<bool> {
        if self.sources.contains(source) {
            return Some(true);
        }
        let has_known = |known: fn(&Source) -> bool| self.sources.iter().any(known);
        match source {
            Source::Unsaid => None,
            Source::Repository(_) => has_known(|it| matches!(it, Source::Repository(_))).then_some(false),
            Source::Flux { .. } => {
                let known = |it: &Source| self.addresses.get(it);
                let own = self.sources.iter().find_map(known)?;
                known(source).map(|it| it == own)
            }
        }
    }
}

/// The following of a run.
pub(super) struct Follow<'f, 'a> {
    pub(super) graph: &'f mut Graph<'a>,
    pub(super) catalog: &'f Catalog<'a>,
    pub(super) sources: &'f Sources,
    pub(super) own: Own,
    /// Files whose environment the configuration names.
    pub(super) configured: &'f BTreeSet<usize>,
    /// Files that some cluster gets.
    pub(super) reached: BTreeSet<usize>,
    /// Folders that something deploys which is not followed, with the reason to show and whether it is off.
    pub(super) halted: BTreeMap<PathBuf, (String, bool)>,
    pub(super) count: usize,
    /// The roots of repositories from which folders are deployed.
    pub(super) roots: BTreeSet<PathBuf>,
}

/// An object that is to be followed.
struct Step {
    cluster: String,
    object: Object,
    /// Where the objects stand that led here.
    trail: Rc<Vec<Span>>,
}

impl<'a> Follow<'_, 'a> {
    /// Follows a part that is there from the beginning.
    pub(super) fn follow_part(&mut self, first: Part) -> Shares {
        let (mut shares, mut queue) = (Shares::new(), VecDeque::new());
        self.take("", first, &Rc::default(), &mut shares, &mut queue);
        self.follow(shares, queue)
    }

    /// Follows an object that deploys the folder in which it is itself.
    pub(super) fn follow_object(&mut self, object: &Object) -> Shares {
        let step = Step { cluster: String::new(), object: object.clone(), trail: Rc::default() };
        self.follow(Shares::new(), VecDeque::from([step]))
    }

    fn follow(&mut self, mut shares: Shares, mut queue: VecDeque<Step>) -> Shares {
        let mut seen: HashSet<(String, Span, String, String, Option<String>)> = HashSet::new();
        while let Some(step) = queue.pop_front() {
            let Some(file) = self.catalog.file_at(step.object.node().span()) else { continue };
            for order in self.orders(&step, file, &mut shares) {
                let (path, title, cluster) = (order.path.clone(), order.title.clone(), order.cluster.clone());
                let key = (step.cluster.clone(), step.object.node().span(), path, title, cluster);
                if seen.insert(key) {
                    self.order(&step, &order, &mut shares, &mut queue);
                } else if step.trail.iter().rev().skip(1).any(|it| *it == step.object.node().span()) {
                    let words = format!("{} leads back to itself", order.title);
                    self.remark(&order, &words, shares.entry(step.cluster.clone()).or_default());
                }
            }
        }
        shares
    }

    /// What an object asks for.
    fn orders(&mut self, step: &Step, file: usize, shares: &mut Shares) -> Vec<Order> {
        let object = &step.object;
        match (object.group(), object.kind()) {
            (flux::GROUP, "Kustomization") => flux::order(object, file).into_iter().collect(),
            (argo::GROUP, "Application") => argo::orders(object, file),
            (argo::GROUP, "ApplicationSet") => {
                let expanded = sets::expand(object, file, self.catalog);
                let share = shares.entry(step.cluster.clone()).or_default();
                for path in expanded.folders.iter().filter(|it| !is_root(it)) {
                    if let (Place::Folder(folder, _), Some(first)) =
                        (self.catalog.resolve(file, path), expanded.unseen.first())
                    {
                        let words = format!("{} {}", object.title(), first.1);
                        self.halted.entry(folder.to_path_buf()).or_insert((words, false));
                    }
                }
                for (span, words) in expanded.unseen {
                    let words = format!("{} {words}", object.title());
                    share.remarks.insert(self.placed(span, &words));
                    let mut order = Order::new(object.title(), span, file);
                    order.namespace = sets::namespace(object);
                    share.hide(&order, &words);
                }
                expanded.applications.iter().flat_map(|it| argo::orders(it, file)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Carries out an order, or says why not.
    fn order(&mut self, step: &Step, order: &Order, shares: &mut Shares, queue: &mut VecDeque<Step>) {
        let cluster = order.cluster.clone().unwrap_or_else(|| step.cluster.clone());
        let Some(folder) = self.folder(step, order, &cluster, shares).filter(|it| !self.is_configured(it)) else {
            return;
        };
        self.count += 1;
        if self.count > MAX_PARTS {
            let share = shares.entry(step.cluster.clone()).or_default();
            return self.remark(order, "more folders are deployed than are followed", share);
        }
        match part::part(self.graph, self.catalog, self.sources, order, folder) {
            Ok(part) => {
                let mut trail = Rc::clone(&step.trail);
                if trail.len() < MAX_TRAIL {
                    Rc::make_mut(&mut trail).push(step.object.node().span());
                }
                self.take(&cluster, part, &trail, shares, queue);
            }
            Err(words) => {
                let shown = self.catalog.shown(folder);
                let words = format!("{} deploys {shown}, which {words}", order.title);
                self.halted.entry(folder.to_path_buf()).or_insert_with(|| (words.clone(), false));
                self.miss(order, &words, &cluster, shares);
            }
        }
    }

    /// The folder that an order is about. None where it is not followed, which is told.
    fn folder(&mut self, step: &Step, order: &Order, cluster: &str, shares: &mut Shares) -> Option<&'a Path> {
        let place = self.catalog.resolve(order.file, &order.path);
        if let Some(halt) = &order.halt {
            self.halt(order, &place, halt, shares.entry(step.cluster.clone()).or_default());
            return None;
        }
        let is_own = self.own.is_own(&order.source);
        let title = &order.title;
        let words = match place {
            _ if is_own == Some(false) => format!("{title} comes from another repository"),
            Place::Folder(..) if is_own.is_none() && is_root(&order.path) && order.source != Source::Unsaid => {
                format!("{title} deploys the root of a repository that may be another one")
            }
            Place::Folder(folder, root) => {
                self.roots.insert(root.to_path_buf());
                return Some(folder);
            }
            Place::Missing if may_be_filled_in(&order.path) => {
                format!("{title} deploys {}, whose path is filled in later", order.path)
            }
            Place::Missing if is_own == Some(true) || self.own.likely.contains(&order.source) => {
                let message = format!("{}: the repository has no such folder, so {title} deploys nothing", order.path);
                let (kind, span, labels) = (ProblemKind::Doubtful, order.at, Vec::new());
                let help = Some("name a folder from the root of the repository".to_owned());
                let share = shares.entry(step.cluster.clone()).or_default();
                share.problems.push(Problem { kind, message, span, labels, help });
                return None;
            }
            Place::Outside => format!("{title} deploys {}, of which no file is read here", order.path),
            Place::Missing => format!("{title} deploys {}, which may be in another repository", order.path),
        };
        self.miss(order, &words, cluster, shares);
        None
    }

    /// Whether the configuration says what the folder's kustomization, or every file in it, belongs to.
    fn is_configured(&self, folder: &Path) -> bool {
        let all = |files: &mut dyn Iterator<Item = usize>| {
            let mut files = files.peekable();
            files.peek().is_some() && files.all(|it| self.configured.contains(&it))
        };
        match self.graph.in_folder(folder) {
            Some(at) => self.configured.contains(&self.graph.kustomizations[at].file),
            None if self.configured.is_empty() => false,
            None => all(&mut self.catalog.below(folder).flat_map(|it| it.1).copied()),
        }
    }

    /// Adds a part to a cluster, and what its objects ask for to the queue.
    fn take(
        &mut self,
        cluster: &str,
        part: Part,
        trail: &Rc<Vec<Span>>,
        shares: &mut Shares,
        queue: &mut VecDeque<Step>,
    ) {
        self.reached.extend(part.built.uses.keys());
        let asking = part.built.objects.iter().filter(|it| is_gitops(it)).cloned();
        queue.extend(asking.map(|object| Step { cluster: cluster.to_owned(), object, trail: Rc::clone(trail) }));
        let share = shares.entry(cluster.to_owned()).or_default();
        share.problems.extend(part.problem.clone());
        share.parts.push(Arc::new(part));
    }

    /// Remembers that a folder is deployed by something that is not followed.
    fn halt(&mut self, order: &Order, place: &Place<'_>, halt: &Halt, share: &mut Share) {
        let words = format!("{} {}", order.title, halt.words());
        if let Place::Folder(folder, _) = place
            && !is_root(&order.path)
        {
            let is_off = matches!(halt, Halt::Suspended(_));
            self.halted.entry(folder.to_path_buf()).or_insert_with(|| (words.clone(), is_off));
        }
        if matches!(halt, Halt::Unseen(_)) {
            share.hide(order, &words);
        }
        self.remark(order, &words, share);
    }

    /// Says that a cluster gets what is not seen.
    fn miss(&self, order: &Order, words: &str, cluster: &str, shares: &mut Shares) {
        let share = shares.entry(cluster.to_owned()).or_default();
        share.hide(order, words);
        self.remark(order, words, share);
    }

    fn remark(&self, order: &Order, words: &str, share: &mut Share) {
        share.remarks.insert(self.placed(order.at, words));
    }

    fn placed(&self, span: Span, words: &str) -> String {
        format!("{}:{}: {words}", self.sources.get(span.source).name(), self.sources.start(span).line)
    }
}

/// Whether an object tells a GitOps tool to deploy something.
pub(super) fn is_gitops(object: &Object) -> bool {
    let (group, kind) = (object.group(), object.kind());
    (group == flux::GROUP && kind == "Kustomization")
        || (group == argo::GROUP && matches!(kind, "Application" | "ApplicationSet"))
}

/// The address that an object of Flux gives for a source, with the source.
pub(super) fn flux_source(object: &Object) -> Option<(Source, String)> {
    if object.group() != products::FLUX_SOURCE {
        return None;
    }
    let url = object.node().str_at(&["spec", "url"])?;
    let source = Source::Flux { kind: object.kind().to_owned(), name: object.name().to_owned() };
    Some((source, address(url)))
}
