//! Autoscalers that miss their target: what they may have meant, and whom they leave unscaled.

use crate::index::autoscalers::scale_target;
use crate::index::autoscalers::strays::foreign_target;
use crate::index::lookup::near_names::NearNames;
use crate::index::{Autoscalers, Nearness, Services, Workloads};
use crate::model::{Object, ObjectId, WorkloadKind, is_known, normal_group};
use crate::suggest::{is_near, is_slip};
use std::collections::HashMap;

/// Of shorter names a letter is too much to be a slip.
const SHORTEST: usize = 3;

impl<'a> Autoscalers<'a> {
    /// Autoscalers of kinds that we do not know: custom resources with a reference to what they scale.
    pub fn foreign_scalers_of(&self, object: &Object) -> Vec<&'a Object> {
        let mut found = self.look_up(&self.stray_scalers, object, ("", "", object.name()));
        found.retain(|it| {
            let kind = foreign_target(it).and_then(|it| it.str_at(&["kind"]));
            !is_known(it.group(), it.kind()) && kind.is_none_or(|it| it == object.kind())
        });
        found
    }
}

impl<'a> Workloads<'a> {
    /// The autoscalers whose target is not there, by the object whose name they miss by a slip.
    fn slips(&self) -> &HashMap<ObjectId, ObjectId> {
        self.slips.get_or_init(|| {
            let mut slips = HashMap::new();
            for scaler in self.autoscalers().filter(|it| self.target_of(it).is_none()) {
                let Some(target) = scale_target(scaler) else { continue };
                let group = normal_group(target.group.unwrap_or_default());
                let is_free = |it: &&Object| self.scalers_of(it).is_empty();
                let namesake = || self.find(scaler, group, target.kind, scaler.name()).filter(is_free);
                // An autoscaler is mostly called after what it scales.
                if let Some(meant) = self.nearly_named(scaler, group, target.kind, target.name).or_else(namesake) {
                    slips.insert(meant.id(), scaler.id());
                }
            }
            slips
        })
    }

    /// An object of a group and kind in the namespace of `from` whose name is one slip away, and that no
    /// autoscaler scales. Names that differ in a digit are numbered on purpose.
    pub fn nearly_named(&self, from: &Object, group: &str, kind: &str, name: &str) -> Option<&'a Object> {
        let near = self.near_names.get_or_init(|| self.read_near_names());
        let objects = near.find(name).into_iter().map(|it| self.object_at(it));
        objects.into_iter().find(|it| {
            normal_group(it.group()) == group
                && it.kind() == kind
                && self.workload_of(it).is_some_and(|it| it.kind.is_replicated())
                && is_slip(name, it.name())
                && self.nearness(from, it) != Nearness::Different
                && self.scalers_of(it).is_empty()
        })
    }

    /// A workload of one of these kinds that is nearly called so: of several the first by name.
    pub fn workload_named_nearly(&self, kinds: &[WorkloadKind], name: &str) -> Option<&'a Object> {
        let near = self.near_names.get_or_init(|| self.read_near_names());
        let objects = near.find(name).into_iter().map(|it| self.object_at(it));
        let is_of_kind = |it: &&Object| self.workload_of(it).is_some_and(|it| kinds.contains(&it.kind));
        let is_slip = |it: &&Object| it.name().len() > SHORTEST && is_near(it.name(), name);
        objects.filter(|it| is_slip(it) && is_of_kind(it)).min_by_key(|it| (it.name(), it.id()))
    }

    fn read_near_names(&self) -> NearNames {
        let stay = self.workloads().iter().filter(|it| it.kind.is_replicated() || it.kind == WorkloadKind::DaemonSet);
        NearNames::of(stay.map(|it| it.object))
    }
}

impl<'a> Services<'a> {
    /// HPAs and ScaledObjects that mean an object but miss it: no API group, its kind in other letters, or a
    /// slip in its name.
    pub fn misdirected_scalers_of(&self, object: &Object) -> Vec<&'a Object> {
        let mut found = self.look_up(&self.stray_scalers, object, ("", "", object.name()));
        found.retain(|it| {
            let Some(target) = scale_target(it) else { return false };
            let group = target.group.map(normal_group).filter(|it| !it.is_empty());
            let is_group = group.is_none_or(|it| it == normal_group(object.group()));
            let hits = group.is_some() && target.kind == object.kind();
            is_group && !hits && target.kind.eq_ignore_ascii_case(object.kind())
        });
        found.extend(self.slips().get(&object.id()).map(|it| self.object_at(*it)));
        found
    }

    /// Whether a workload that a reference could mean is in the namespace of `from`.
    pub fn has_workload_near(&self, from: &Object) -> bool {
        self.pods_near(from)
            .any(|it| self.workload_of(self.pods(it).owner).is_some_and(|workload| workload.kind.is_replicated()))
    }

    /// Whether an object of a kind is in the namespace of `from`.
    pub fn has_kind_near(&self, from: &Object, group: &str, kind: &str) -> bool {
        self.nearness_of_kind(from, group, kind) != Nearness::Different
    }

    /// A Service in the namespace of `from` whose name is one slip away.
    pub fn nearly_named_service(&self, from: &Object, name: &str) -> Option<&'a Object> {
        let near = self.by_near_name.get_or_init(|| NearNames::of(self.of_kind("", "Service")));
        near.find(name)
            .into_iter()
            .map(|it| self.object_at(it))
            .find(|it| is_slip(name, it.name()) && self.nearness(from, it) != Nearness::Different)
    }
}
