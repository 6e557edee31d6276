//! What is wrong with one constraint to spread pods: `spread-selector-mismatch` reports it, and
//! `anti-affinity-missing` leaves it to that rule.

use crate::index::{PodSpec, Reach, SpreadForm, SpreadTerm, is_zone_key};
use crate::rule::Context;

/// What is wrong with a constraint.
pub(in crate::rules) enum Fault {
    /// Nothing that the manifests show.
    None,
    /// They cannot tell; why.
    Unverifiable(String),
    /// No node carries its topology key; the one that was meant.
    Key(&'static str),
    /// No node of the one cluster that the manifests describe carries its topology key; the cluster.
    Unlabelled(String),
    /// It has no selector.
    NoSelector,
    /// It looks into other namespaces only.
    OtherNamespaces(Vec<String>),
    /// It selects none of the pods, and nothing else; a label that was probably meant.
    SelectsNone(Option<String>),
}

impl Fault {
    /// Whether `spread-selector-mismatch` has a finding for it.
    pub(in crate::rules) fn is_reported(&self) -> bool {
        !matches!(self, Fault::None | Fault::Unverifiable(_))
    }
}

/// Judges one constraint among all those of the same pods.
pub(in crate::rules) fn judge(
    term: &SpreadTerm<'_>,
    all: &[SpreadTerm<'_>],
    spec: &PodSpec<'_>,
    cx: &Context<'_>,
) -> Fault {
    if let Some(meant) = term.key.and_then(|it| cx.index().meant_topology_key(it)) {
        return Fault::Key(meant);
    }
    if let Some(title) = without_zones(term, cx) {
        return Fault::Unlabelled(title);
    }
    // Pods that are spread already may keep away from others that we do not see.
    let is_spread = all.iter().any(|it| it.reach == Reach::Own);
    match &term.reach {
        Reach::Own | Reach::Others(_) => Fault::None,
        Reach::Unknown => Fault::Unverifiable("labels or namespaces of a selector are not in the manifests".to_owned()),
        Reach::NoSelector => Fault::NoSelector,
        Reach::OtherNamespaces(_) if is_spread => Fault::None,
        Reach::OtherNamespaces(names) => Fault::OtherNamespaces(names.clone()),
        Reach::Nothing => selects_none(term, is_spread, spec, cx),
    }
}

/// The cluster without zones, of the nodes that a hard constraint would spread over.
fn without_zones(term: &SpreadTerm<'_>, cx: &Context<'_>) -> Option<String> {
    let is_hard = matches!(term.form, SpreadForm::Hard | SpreadForm::Required);
    let key = term.key.filter(|it| is_hard && is_zone_key(it))?;
    let domains = cx.index().domains(key)?;
    (domains.most == Some(0)).then(|| domains.title.clone())
}

fn selects_none(term: &SpreadTerm<'_>, is_spread: bool, spec: &PodSpec<'_>, cx: &Context<'_>) -> Fault {
    let Some(selector) = &term.selector else { return Fault::NoSelector };
    let index = cx.index();
    let slip = index.nearly_selected(spec, selector);
    if term.form.is_constraint() || (slip.is_some() && !is_spread) {
        return Fault::SelectsNone(slip); // A constraint that leaves its own pods out balances nothing.
    }
    if is_spread {
        return Fault::None;
    }
    if index.environment().is_fragment {
        return Fault::Unverifiable("the pods to keep away from may stand in another file".to_owned());
    }
    if let Some(maker) = index.unseen_maker_near(spec.object) {
        return Fault::Unverifiable(format!("{} may make the pods to keep away from", maker.title()));
    }
    if cx.run().have_pods(index, selector) {
        return Fault::Unverifiable("the pods to keep away from are elsewhere in this run".to_owned());
    }
    Fault::SelectsNone(None)
}

/// How messages name a constraint.
pub(super) fn name(term: &SpreadTerm<'_>) -> String {
    let form = if term.form.is_constraint() { "spread constraint" } else { "anti-affinity" };
    match term.key {
        Some(key) => format!("the {form} on {key}"),
        None => format!("the {form}"),
    }
}

/// What a topology key without nodes does to the pods.
pub(super) fn effect_without_nodes(form: SpreadForm) -> &'static str {
    match form {
        SpreadForm::Hard => "with DoNotSchedule every pod stays pending",
        SpreadForm::Soft => "the constraint balances nothing",
        SpreadForm::Required | SpreadForm::Preferred => "the anti-affinity has no effect at all",
    }
}
