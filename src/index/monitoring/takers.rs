//! Which Prometheus resources may take an object: found by the labels that they want, without asking all of them.

use crate::index::lookup::hashing::Map;
use crate::index::{Objects, pods};
use crate::model::products::PROMETHEUS;
use crate::model::{Labels, Object, Operator, Place, Selector};

/// The selectors of the Prometheus resources, for what each of the keys begins the name of.
#[derive(Debug, Default)]
pub(super) struct Takers<'a>(Vec<(&'static str, OfPrefix<'a>)>);

/// Those for one kind of objects.
#[derive(Debug, Default)]
pub(super) struct OfPrefix<'a> {
    /// In order.
    pub(super) all: Vec<Taker<'a>>,
    /// By the hash of a label that must be there.
    by_label: Map<u32, Vec<usize>>,
    /// Those of which no label must be there, or is not known.
    others: Vec<usize>,
}

/// A Prometheus, and what it says of the objects that it takes.
#[derive(Debug)]
pub(super) struct Taker<'a> {
    pub(super) prometheus: &'a Object,
    /// Where the selector stands, or would.
    pub(super) place: Place,
    pub(super) says: Says<'a>,
}

/// What a Prometheus says of objects.
#[derive(Debug)]
pub(super) enum Says<'a> {
    /// No selectors at all: its configuration is its own.
    Nothing,
    /// That it takes none: the selector is absent.
    None,
    /// By which labels it takes them.
    Labels(Selector<'a>),
}

/// How the keys for monitors begin.
const MONITORS: [&str; 4] = ["serviceMonitor", "podMonitor", "probe", "scrapeConfig"];
/// How the keys for rules begin.
pub(super) const RULE: &str = "rule";

impl<'a> Takers<'a> {
    pub(super) fn read(index: &Objects<'a>) -> Takers<'a> {
        let mut takers = Takers::default();
        for prefix in MONITORS.into_iter().chain([RULE]) {
            let kinds = if prefix == RULE { ["Prometheus", "ThanosRuler"] } else { ["Prometheus", "PrometheusAgent"] };
            let mut of_prefix = OfPrefix::default();
            for prometheus in kinds.into_iter().flat_map(|it| index.of_kind(PROMETHEUS, it)) {
                of_prefix.add(Taker::read(prometheus, prefix));
            }
            takers.0.push((prefix, of_prefix));
        }
        takers
    }

    /// Those for what keys with this beginning select, if there are such.
    pub(super) fn of(&self, prefix: &str) -> Option<&OfPrefix<'a>> {
        self.0.iter().find(|it| it.0 == prefix).map(|it| &it.1)
    }
}

impl<'a> Taker<'a> {
    fn read(prometheus: &'a Object, prefix: &str) -> Taker<'a> {
        let spec = prometheus.node().at(&["spec"]);
        let of = |prefix: &str| spec.and_then(|it| it.at(&[&format!("{prefix}Selector")]));
        let place = prometheus.place(&["spec", &format!("{prefix}Selector")]);
        let says = match of(prefix) {
            _ if prefix != RULE && MONITORS.iter().all(|it| of(it).is_none()) => Says::Nothing,
            None => Says::None,
            Some(selector) => Says::Labels(Selector::read(selector)),
        };
        Taker { prometheus, place, says }
    }
}

impl<'a> OfPrefix<'a> {
    fn add(&mut self, taker: Taker<'a>) {
        let at = self.all.len();
        let wanted = match &taker.says {
            Says::Labels(selector) if !selector.is_open() => {
                selector.requirements.iter().find(|it| it.operator == Operator::In)
            }
            _ => None,
        };
        match wanted {
            Some(wanted) => {
                for value in &wanted.values {
                    self.by_label.entry(pods::hash(&wanted.key, Some(value))).or_default().push(at);
                }
            }
            None => self.others.push(at),
        }
        self.all.push(taker);
    }

    /// The positions of those that may take an object with these labels: the others want one that it lacks.
    pub(super) fn candidates(&self, labels: &Labels<'_>) -> Vec<&[usize]> {
        let labelled = labels.iter().filter_map(|(key, value)| self.by_label.get(&pods::hash(key, Some(value))));
        labelled.chain([&self.others]).map(Vec::as_slice).collect()
    }

    /// The positions of all.
    pub(super) fn every(&self) -> impl Iterator<Item = &[usize]> {
        self.by_label.values().chain([&self.others]).map(Vec::as_slice)
    }
}
