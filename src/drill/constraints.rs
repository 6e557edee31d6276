//! What pods ask of the scheduler, as far as the drill reckons with it, and what it cannot reckon with.

use crate::drill::caps::{Form, Hard, Level};
use crate::drill::ground::Ground;
use crate::drill::pools::{ALIKE, Pools};
use crate::drill::surroundings::{Surroundings, others};
use crate::drill::verdict::Proof;
use crate::index::{Index, PodSetId, PodSpec, Reach, SpreadForm, SpreadTerm, is_host_key, is_zone_key};
use crate::model::{NodePin, Object, node_terms};
use crate::source::Span;
use crate::yaml::NodeRef;

/// What pods ask for.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// Hard constraints that certainly select the pods themselves.
    pub(super) hard: Vec<Hard>,
    /// Why it cannot be shown that all pods find a place.
    pub(super) doubt: Option<Proof>,
    /// What decides where pods run and is not in the manifests.
    pub(super) open: Option<Proof>,
    /// Whether that is a hard constraint, which may refuse a pod its place.
    pub(super) is_open_term: bool,
    /// Whether only tolerations leave it open: there may be nodes more, and not fewer.
    pub(super) is_open_by_taints: bool,
    /// What keeps all pods on one node.
    pub(super) together: Option<Proof>,
    /// What keeps all pods in one zone.
    pub(super) one_zone: Option<Proof>,
    /// The nodes that take the pods, where pools of the configuration tell.
    pub(super) ground: Option<Ground>,
    /// Constraints that the scheduler only tries to keep, or that count other pods: where one stands.
    pub(super) soft: Option<Span>,
}

/// Labels that controllers give to the pods of one revision.
const REVISIONS: &[(&str, &str)] = &[
    ("Deployment", "pod-template-hash"),
    ("StatefulSet", "controller-revision-hash"),
    ("Rollout", "rollouts-pod-template-hash"),
    ("DeploymentConfig", "deployment"),
];

impl Asked {
    /// Reads a spec of pods.
    pub(super) fn read<'a>(index: &Index<'a>, spec: &PodSpec<'a>, around: &Surroundings) -> Asked {
        let mut asked = Asked::default();
        for term in index.spread_terms(spec) {
            asked.term(index, spec, &term, around.key.as_deref());
        }
        asked.nodes(index, spec, around.pools.as_ref());
        asked.ports(spec);
        let affinity = ["affinity", "podAffinity", "requiredDuringSchedulingIgnoredDuringExecution"];
        if spec.node.items_at(&affinity).next().is_some() {
            let span = spec.object.place_in(spec.node, &affinity).span;
            asked.doubt("its pods must be where other pods are", span);
        }
        asked.others(&spec.pods, around, spec.object.name_span());
        if spec.node.str_at(&["schedulerName"]).is_some_and(|it| it != "default-scheduler") {
            let span = spec.object.place_in(spec.node, &["schedulerName"]).span;
            asked.open("another scheduler places its pods", span);
        }
        asked
    }

    /// Pods whose template is not written, or asks for nothing.
    pub(super) fn nothing(pods: &[PodSetId], around: &Surroundings, at: Span) -> Asked {
        let mut asked = Asked::default();
        asked.others(pods, around, at);
        asked
    }

    fn others(&mut self, pods: &[PodSetId], around: &Surroundings, at: Span) {
        if let Some(owner) = around.keeps_off(pods) {
            self.doubt(format!("the anti-affinity of {owner} keeps its pods off"), at);
        }
    }

    fn doubt(&mut self, text: impl Into<String>, span: Span) {
        self.doubt.get_or_insert_with(|| Proof::at(text, span));
    }

    fn open(&mut self, text: impl Into<String>, span: Span) {
        self.open.get_or_insert_with(|| Proof::at(text, span));
    }

    fn term<'a>(&mut self, index: &Index<'a>, spec: &PodSpec<'a>, term: &SpreadTerm<'a>, lost: Option<&str>) {
        let is_constraint = term.form.is_constraint();
        let key = if is_constraint { "whenUnsatisfiable" } else { "topologyKey" };
        let span = spec.object.place_in(term.node, &[key]).span;
        if matches!(term.form, SpreadForm::Preferred | SpreadForm::Soft) {
            self.soft.get_or_insert(span);
            return;
        }
        match &term.reach {
            Reach::Own => {}
            // It counts no pods, so that it keeps none off.
            Reach::NoSelector | Reach::Nothing => return,
            Reach::Others(_) | Reach::OtherNamespaces(_) => {
                return self.doubt("a hard constraint counts other pods", span);
            }
            Reach::Unknown => return self.doubt("a hard constraint may count other pods", span),
        }
        let level = match term.key {
            Some(key) if is_host_key(key) => Level::Node,
            Some(key) if lost.map_or(is_zone_key(key), |it| it == key) => Level::Zone,
            Some(key) => {
                self.is_open_term = true;
                return self.open(format!("how many values node label {key} has is not known"), span);
            }
            None => return,
        };
        let form = match term.form {
            SpreadForm::Required => Form::Apart,
            _ => match spread(term.node) {
                Some(form) => form,
                None => return self.doubt("a number of a hard constraint cannot be read", span),
            },
        };
        let is_elsewhere = ["namespaces", "namespaceSelector"].iter().any(|it| term.node.at(&[it]).is_some());
        let selector = term.selector.as_ref();
        if is_elsewhere || selector.is_some_and(|it| !others(index, spec, it).is_empty()) {
            self.doubt("a hard constraint counts pods of others, too", span);
            if is_constraint {
                return;
            }
        }
        self.hard.push(Hard { level, form, per_revision: is_per_revision(spec.object, term.node), span: Some(span) });
    }

    /// A constraint may count nodes, too, that the pods do not ask for.
    fn counted_beside(&mut self, spec: &PodSpec<'_>) {
        let mut constraints = spec.node.items_at(&["topologySpreadConstraints"]);
        if let Some(it) = constraints.find(|it| it.str_at(&["nodeAffinityPolicy"]) == Some("Ignore")) {
            let span = spec.object.place_in(it, &["nodeAffinityPolicy"]).span;
            self.doubt("a hard constraint counts nodes that its pods may not run on", span);
        }
    }

    /// Ports of the node, which two pods cannot share.
    fn ports(&mut self, spec: &PodSpec<'_>) {
        let is_on_host = spec.node.bool_at(&["hostNetwork"]) == Some(true);
        let mut ports = spec.node.items_at(&["containers"]).flat_map(|it| it.items_at(&["ports"]));
        let is_taken = |it: &NodeRef<'_>| is_on_host || it.at(&["hostPort"]).is_some_and(|it| it.as_int() != Some(0));
        let Some(port) = ports.find(is_taken) else { return };
        let span = spec.object.place_in(port, &[if is_on_host { "containerPort" } else { "hostPort" }]).span;
        self.hard.push(Hard { level: Level::Node, form: Form::Apart, per_revision: false, span: Some(span) });
        self.doubt("its pods take a port of their node, which others may have", span);
    }

    /// Which nodes the pods may run on.
    fn nodes(&mut self, index: &Index<'_>, spec: &PodSpec<'_>, pools: Option<&Pools>) {
        let (object, node) = (spec.object, spec.node);
        if let Some(pin) = NodePin::of(node) {
            let span = object.place_in(pin.at, &[pin.key]).span;
            self.together.get_or_insert_with(|| Proof::at(format!("all pods run on node {}", pin.node), span));
            return;
        }
        if let Some(ground) = pools.and_then(|it| it.of(node)) {
            self.ground = Some(ground);
            return self.counted_beside(spec);
        }
        let selector = node.at(&["nodeSelector"]);
        for entry in selector.into_iter().flat_map(NodeRef::entries) {
            let span = entry.line_span();
            if is_zone_key(entry.name()) {
                let text = format!("all pods run in zone {}", entry.value.text());
                self.one_zone.get_or_insert_with(|| Proof::at(text, span));
            }
            if !ALIKE.contains(&entry.name()) {
                self.open(format!("how many nodes have label {} is not known", entry.name()), span);
            }
        }
        for term in node_terms(node) {
            for at in term.items_at(&["matchExpressions"]).chain(term.items_at(&["matchFields"])) {
                let key = at.str_at(&["key"]).unwrap_or_default();
                if !ALIKE.contains(&key) {
                    let span = object.place_in(at, &["key"]).span;
                    self.open(format!("how many nodes fit what is asked of {key} is not known"), span);
                }
            }
        }
        self.is_open_by_taints = self.open.is_none() && index.tolerates_taints(node);
        if self.is_open_by_taints {
            let span = object.place_in(node, &["tolerations"]).span;
            self.open("its pods tolerate taints, so that they may run on nodes of their own", span);
        }
    }
}

/// The numbers of a hard topology spread constraint.
fn spread(node: NodeRef<'_>) -> Option<Form> {
    if node.str_at(&["whenUnsatisfiable"]) != Some("DoNotSchedule") {
        return None;
    }
    let skew = node.int_at(&["maxSkew"]).filter(|it| *it >= 1)?;
    let wanted = match node.at(&["minDomains"]) {
        Some(it) => it.as_int()?,
        None => 1,
    };
    let honors_taints = match node.str_at(&["nodeTaintsPolicy"]) {
        None | Some("Ignore") => false,
        Some("Honor") => true,
        Some(_) => return None,
    };
    Some(Form::Spread { skew, wanted, honors_taints })
}

/// Whether a constraint counts the pods of one revision alone.
fn is_per_revision(object: &Object, term: NodeRef<'_>) -> bool {
    let label = REVISIONS.iter().find(|it| it.0 == object.kind()).map(|it| it.1);
    term.items_at(&["matchLabelKeys"]).any(|it| Some(it.text()) == label)
}
