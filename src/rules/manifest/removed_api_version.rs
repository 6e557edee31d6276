//! `removed-api-version`

use super::trial::{Trial, is_no_worse};
use crate::index::scale_target;
use crate::model::{Object, Version, typed};
use crate::rule::{Context, Repair, Verdict, cases, rule};
use crate::yaml::{Path, Value};
use std::cell::OnceCell;
use std::sync::LazyLock;

/// The releases of Kubernetes that its makers support at a time.
const SUPPORTED_RELEASES: u64 = 3;

cases!(RemovedApiVersion: SERVED_BY_SOME = "served-by-some", OTHER_PRODUCT = "other-product");

rule!(RemovedApiVersion, "manifest/removed-api-version.md", |walk| {
    let cluster = OnceCell::new();
    walk.objects(|it, cx| judge(it, &cluster, cx));
});

fn judge(object: &Object, cluster: &OnceCell<Cluster>, cx: &mut Context<'_>) -> Verdict {
    static REMOVALS: LazyLock<Vec<Removal>> = LazyLock::new(|| removals().collect());
    let Some(removal) = Removal::of(object, &REMOVALS) else { return Verdict::NotApplicable };
    if removal.product != KUBERNETES {
        return report_other(object, removal, cx);
    }
    let cluster = cluster.get_or_init(|| Cluster::of(cx));
    if removal.release <= cluster.release { report(object, removal, cluster, cx) } else { Verdict::Pass }
}

/// A line of the table.
struct Removal {
    product: &'static str,
    release: Version,
    group: &'static str,
    version: &'static str,
    kind: &'static str,
    replacement: &'static str,
    is_same: bool,
}

const KUBERNETES: &str = "Kubernetes";

fn removals() -> impl Iterator<Item = Removal> {
    let lines = include_str!("removed.tsv").lines().filter(|it| !it.starts_with('#'));
    lines.map(|line| {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or_default();
        Removal {
            product: cell(),
            release: Version::read(cell()).unwrap_or_default(),
            group: cell(),
            version: cell(),
            kind: cell(),
            replacement: cell(),
            is_same: cell() == "same",
        }
    })
}

impl Removal {
    fn of<'r>(object: &Object, removals: &'r [Removal]) -> Option<&'r Removal> {
        let (group, version, kind) = (object.group(), object.version(), object.kind());
        let is_of = |it: &&Removal| it.version == version && it.group == group && (it.kind == kind || it.kind == "*");
        removals.iter().find(is_of)
    }

    fn message(&self, object: &Object) -> String {
        let (group, version, kind) = (self.group, self.version, object.kind());
        format!("{} {} removed {group}/{version} {kind}", self.product, self.release.short())
    }

    fn help(&self) -> String {
        if self.replacement.is_empty() {
            return "there is no replacement: remove the object".to_owned();
        }
        format!("use {}", self.replacement)
    }
}

/// The Kubernetes that manifests are judged for.
struct Cluster {
    release: Version,
    known: Known,
}

/// How the release of the cluster is known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Configured,
    /// By the manifests that the environment's clusters are made with.
    Manifests,
    No,
}

impl Cluster {
    fn of(cx: &Context<'_>) -> Cluster {
        let index = cx.index();
        if let Some(release) = index.configured_kubernetes() {
            return Cluster { release, known: Known::Configured };
        }
        match index.newest_kubernetes() {
            Some(release) => Cluster { release, known: Known::Manifests },
            None => Cluster { release: typed::NEWEST_KUBERNETES, known: Known::No },
        }
    }

    fn describe(&self) -> String {
        let why = match self.known {
            Known::Configured => "as configured",
            Known::Manifests => "which the cluster's manifest names",
            Known::No => "the newest known",
        };
        format!("judged for {}, {why}", self.release.short())
    }

    /// Whether some release that is still supported serves what this one removed.
    fn still_serves_somewhere(&self, removal: &Removal) -> bool {
        let Version { major, minor, .. } = self.release;
        let oldest = Version::new(major, minor.saturating_sub(SUPPORTED_RELEASES - 1), 0);
        self.known == Known::No && removal.release > oldest
    }
}

fn report(object: &Object, removal: &Removal, cluster: &Cluster, cx: &mut Context<'_>) -> Verdict {
    let message = format!("{}; {}", removal.message(object), cluster.describe());
    let draft = cx
        .fail(object, object.place(&["apiVersion"]), message)
        .evidence("removedIn", removal.release.short())
        .evidence("judgedFor", cluster.release.short())
        .help(removal.help())
        .maybe_case(cluster.still_serves_somewhere(removal).then_some(SERVED_BY_SOME));
    draft.fix(repair(object, removal)).verdict()
}

/// An API of another product, whose version in the cluster nothing tells.
fn report_other(object: &Object, removal: &Removal, cx: &mut Context<'_>) -> Verdict {
    cx.fail(object, object.place(&["apiVersion"]), removal.message(object))
        .case(OTHER_PRODUCT)
        .evidence("removedIn", format!("{} {}", removal.product, removal.release.short()))
        .help(removal.help())
        .verdict()
}

/// The new `apiVersion`, where everything else means what it meant.
fn repair(object: &Object, removal: &Removal) -> Option<Repair> {
    let (group, version) = removal.replacement.split_once('/')?;
    let result = typed::check(object.node(), group, version, object.kind())?;
    let fits = removal.is_same && result.errors.is_empty() && result.unknown_fields.is_empty();
    if !fits || (object.kind() == "PodDisruptionBudget" && !has_selector(object)) {
        return None;
    }
    let repair = Repair::new().titled(format!("use {}", removal.replacement));
    let repair = repair.set(object, &["apiVersion"], Value::text(removal.replacement));
    // Of an autoscaler's target only what is stored already may be without a group.
    let has_group = scale_target(object).is_none_or(|it| it.group.is_some_and(|it| !it.is_empty()));
    let is_taken =
        has_group && is_no_worse(object, 1, Trial::Set(&Path::of(&["apiVersion"]), removal.replacement.into()));
    Some(if is_taken { repair } else { repair.shown_only("the API server refuses the object in that version") })
}

/// An empty selector of a budget selected nothing in `v1beta1`, and selects everything in `v1`.
fn has_selector(object: &Object) -> bool {
    let selector = object.node().at(&["spec", "selector"]);
    let filled = |key| {
        selector
            .and_then(|it| it.at(&[key]))
            .is_some_and(|it| it.entries().next().is_some() || it.items().next().is_some())
    };
    filled("matchLabels") || filled("matchExpressions")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_no_gaps_and_no_line_twice() {
        let mut seen = std::collections::BTreeSet::new();
        for removal in removals() {
            let name = (removal.group, removal.version, removal.kind);
            assert_ne!(removal.release, Version::default(), "{name:?}");
            assert!(!removal.kind.is_empty() && seen.insert(name), "{name:?}");
        }
    }

    #[test]
    fn what_the_newest_kubernetes_serves_is_not_removed() {
        for removal in removals().filter(|it| it.product == KUBERNETES && it.release <= typed::NEWEST_KUBERNETES) {
            let is_served = typed::is_served(removal.group, removal.version, removal.kind);
            assert!(!is_served, "{}/{} {}", removal.group, removal.version, removal.kind);
        }
    }
}
