//! The walk through an environment: a rule says what it judges and how, the walk shows it each one.
//!
//! What is judged for itself is shown part by part, so that all rules look at an object while its text and tree are
//! in the processor's cache. What relates many objects is asked once for the whole environment.

use super::{Context, Verdict};
use crate::index::{AUTOSCALERS, Budget, BudgetId, Index, KafkaCluster, OfObject, PodSpec, PostgresCluster, Workload};
use crate::model::Object;

/// A walk of one rule through an environment, or through a part of it.
pub struct Walk<'c, 'a> {
    cx: &'c mut Context<'a>,
    shows: Shows,
}

/// What a walk shows: either the objects of a part, one by one, or what belongs to all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// The objects of the part at hand.
    Part,
    /// The whole environment.
    Whole,
}

impl<'a> Walk<'_, 'a> {
    /// Walks with a rule's context.
    pub fn new<'c>(cx: &'c mut Context<'a>, shows: Shows) -> Walk<'c, 'a> {
        Walk { cx, shows }
    }

    /// Shows each workload.
    pub fn workloads(&mut self, judge: impl FnMut(&'a Workload<'a>, &mut Context<'a>) -> Verdict) {
        self.part_of(|index| index.workloads(), judge);
    }

    /// Shows each cluster of Kafka.
    pub fn kafka_clusters(&mut self, judge: impl FnMut(&'a KafkaCluster<'a>, &mut Context<'a>) -> Verdict) {
        self.part_of(|index| index.kafka_clusters(), judge);
    }

    /// Shows each database.
    pub fn postgres_clusters(&mut self, judge: impl FnMut(&'a PostgresCluster<'a>, &mut Context<'a>) -> Verdict) {
        self.part_of(|index| index.postgres_clusters(), judge);
    }

    /// Shows each spec of pods: of workloads, then those in Strimzi's resources.
    pub fn pod_specs(&mut self, mut judge: impl FnMut(&PodSpec<'a>, &mut Context<'a>) -> Verdict) {
        if self.shows == Shows::Part {
            for spec in self.cx.index().pod_specs(self.cx.part()) {
                let verdict = judge(&spec, self.cx);
                self.cx.judge(spec.object, verdict);
            }
        }
    }

    /// Shows each object.
    pub fn objects(&mut self, judge: impl FnMut(&'a Object, &mut Context<'a>) -> Verdict) {
        if self.shows == Shows::Part {
            let objects = self.cx.index().objects_in(self.cx.part().clone());
            self.cx.judge_each(objects.filter(|it| !it.is_made()), judge);
        }
    }

    /// Shows each object of these groups and kinds.
    pub fn of_kinds(&mut self, kinds: &[(&str, &str)], mut judge: impl FnMut(&'a Object, &mut Context<'a>) -> Verdict) {
        if self.shows == Shows::Part {
            let index = self.cx.index();
            for (group, kind) in kinds {
                let of_kind = index.in_part(index.all_of_kind(group, kind), self.cx.part(), |it| it);
                self.cx.judge_each(of_kind.iter().copied().filter(|it| !it.is_made()), &mut judge);
            }
        }
    }

    /// Shows each HorizontalPodAutoscaler and ScaledObject.
    pub fn autoscalers(&mut self, judge: impl FnMut(&'a Object, &mut Context<'a>) -> Verdict) {
        self.of_kinds(&AUTOSCALERS, judge);
    }

    /// Shows each PodDisruptionBudget that is written in a manifest.
    pub fn budgets(
        &mut self,
        mut judge: impl FnMut(BudgetId, &'a Budget<'a>, &'a Object, &mut Context<'a>) -> Verdict,
    ) {
        if self.shows == Shows::Part {
            for (id, budget) in self.cx.index().written_budgets(self.cx.part()) {
                let Some(object) = budget.manifest() else { continue };
                let verdict = judge(id, budget, object, self.cx);
                self.cx.judge(object, verdict);
            }
        }
    }

    /// Shows each of a list that the index holds or makes.
    pub fn each<T: OfObject<'a>, L: IntoIterator<Item = T>>(
        &mut self,
        list: impl FnOnce(&'a Index<'a>) -> L,
        judge: impl FnMut(T, &mut Context<'a>) -> Verdict,
    ) {
        if self.shows == Shows::Whole {
            self.cx.judge_each(list(self.cx.index()), judge);
        }
    }

    /// Shows the environment, once, for what relates many objects. Its function says for each of them what it decides.
    pub fn environment(&mut self, judge: impl FnOnce(&mut Context<'a>)) {
        if self.shows == Shows::Whole {
            judge(self.cx);
        }
    }

    /// Shows what of a list is read out of the objects of the part. The list is in the order of the objects.
    fn part_of<T: OfObject<'a> + 'a>(
        &mut self,
        list: impl FnOnce(&'a Index<'a>) -> &'a [T],
        judge: impl FnMut(&'a T, &mut Context<'a>) -> Verdict,
    ) {
        if self.shows == Shows::Part {
            let index = self.cx.index();
            self.cx.judge_each(index.in_part(list(index), self.cx.part(), OfObject::object), judge);
        }
    }
}
