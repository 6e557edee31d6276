//! What requests leave room for, where the configuration says how large a node is. It refuses only: that what is left is
//! not taken by others is taken for granted.

use crate::config::NodeSize;
use crate::drill::caps::{Form, Hard, Level};
use crate::drill::verdict::Proof;
use crate::index::{Index, Workload, pod_demand};
use crate::model::{PodTemplate, Quantity};
use crate::source::Span;

/// Resources that nodes have and pods request.
const RESOURCES: [&str; 2] = ["cpu", "memory"];

/// The size of nodes, and what all pods together request.
#[derive(Clone, Debug)]
pub(super) struct Room {
    size: NodeSize,
    span: Span,
    /// Of each resource, by the workloads' least numbers of pods.
    requested: [i128; 2],
}

impl Room {
    /// Reads the size of nodes, if it is told.
    pub(super) fn read(index: &Index<'_>) -> Option<Room> {
        let (size, span) = index.config().cluster.node?;
        let mut requested = [0_i128; 2];
        for workload in index.workloads().iter().filter(|it| it.kind.is_replicated()) {
            let Some((template, pods)) = workload.template.zip(workload.scale.floor) else { continue };
            for (sum, resource) in requested.iter_mut().zip(RESOURCES) {
                let one = pod_demand(template, "requests", resource).0;
                *sum = sum.saturating_add(one.saturating_mul(i128::from(pods)));
            }
        }
        Some(Room { size, span, requested })
    }

    fn sizes(&self) -> [Option<Quantity>; 2] {
        [self.size.cpu, self.size.memory]
    }

    /// How many pods of a template a node holds, as a constraint that counts them, where that is fewer than there ever
    /// are.
    pub(super) fn constraint(&self, template: PodTemplate<'_>, most: i64) -> Option<Hard> {
        let fits = self.sizes().into_iter().zip(RESOURCES).filter_map(|(size, resource)| {
            let one = pod_demand(template, "requests", resource).0;
            (one > 0).then(|| size.map(|it| it.0 / one)).flatten()
        });
        let each = i64::try_from(fits.min()?).ok().filter(|it| *it < most)?;
        Some(Hard { level: Level::Node, form: Form::Room { each }, per_revision: false, span: Some(self.span) })
    }

    /// The nodes that all workloads need by what they request of what this one requests, too.
    pub(super) fn least_nodes(&self, workload: &Workload<'_>) -> Option<i64> {
        self.demands(workload).map(|(_, size, requested)| (requested + size - 1) / size).max()?.try_into().ok()
    }

    /// Why not all pods of all workloads run on so many nodes, if requests tell.
    pub(super) fn shortage(&self, nodes: i64, workload: &Workload<'_>) -> Option<Proof> {
        let there = |size: i128| size.saturating_mul(i128::from(nodes));
        let (resource, size, requested) = self.demands(workload).find(|it| it.2 > there(it.1))?;
        let (asked, there) = (Quantity(requested), Quantity(there(size)));
        let text = format!("all workloads request {asked} {resource}, and {nodes} nodes have {there}");
        Some(Proof::at(text, self.span))
    }

    /// The resources that a workload requests: name, size of a node, requests of all.
    fn demands(&self, workload: &Workload<'_>) -> impl Iterator<Item = (&'static str, i128, i128)> {
        let template = workload.template;
        let all = self.sizes().into_iter().zip(self.requested).zip(RESOURCES);
        let own = move |resource| template.is_some_and(|it| pod_demand(it, "requests", resource).0 > 0);
        all.filter_map(move |((size, requested), name)| Some((name, size?.0, requested)).filter(|_| own(name)))
    }
}
