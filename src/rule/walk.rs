//! The walk through an environment: a rule says what it judges and how, the walk shows it each one.
//!
//! What is judged for itself is shown part by part, so that all rules look at an object while its text and tree are
//! in the processor's cache. What relates many objects is asked once for the whole environment.

use super::{Context, Verdict};
use crate::index::{Budget, BudgetId, Index, KafkaCluster, OfObject, PodSpec, PostgresCluster, Workload};
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
    pub fn workloads(&mut self, mut judge: impl FnMut(&'a Workload<'a>, &mut Context<'a>) -> Verdict) {
        if self.shows == Shows::Part {
            for workload in self.cx.workloads() {
                let verdict = judge(workload, self.cx);
                self.cx.settle(workload.object, verdict);
            }
        }
    }

    /// Shows each spec of pods: of workloads, then those in Strimzi's resources.
    pub fn pod_specs(&mut self, mut judge: impl FnMut(&PodSpec<'a>, &mut Context<'a>) -> Verdict) {
        if self.shows == Shows::Part {
            for spec in self.cx.pod_specs() {
                let verdict = judge(&spec, self.cx);
                self.cx.settle(spec.object, verdict);
            }
        }
    }

    /// Shows each object of these groups and kinds.
    pub fn of_kinds(&mut self, kinds: &[(&str, &str)], mut judge: impl FnMut(&'a Object, &mut Context<'a>) -> Verdict) {
        if self.shows == Shows::Part {
            for (group, kind) in kinds {
                for object in self.cx.of_kind(group, kind) {
                    let verdict = judge(object, self.cx);
                    self.cx.settle(object, verdict);
                }
            }
        }
    }

    /// Shows each object.
    pub fn objects(&mut self, mut judge: impl FnMut(&'a Object, &mut Context<'a>) -> Verdict) {
        if self.shows == Shows::Part {
            for object in self.cx.objects() {
                let verdict = judge(object, self.cx);
                self.cx.settle(object, verdict);
            }
        }
    }

    /// Shows each HorizontalPodAutoscaler and ScaledObject.
    pub fn autoscalers(&mut self, mut judge: impl FnMut(&'a Object, &mut Context<'a>) -> Verdict) {
        if self.shows == Shows::Part {
            for scaler in self.cx.autoscalers() {
                let verdict = judge(scaler, self.cx);
                self.cx.settle(scaler, verdict);
            }
        }
    }

    /// Shows each PodDisruptionBudget that is written in a manifest.
    pub fn budgets(
        &mut self,
        mut judge: impl FnMut(BudgetId, &'a Budget<'a>, &'a Object, &mut Context<'a>) -> Verdict,
    ) {
        if self.shows == Shows::Part {
            for (id, budget) in self.cx.written_budgets() {
                let Some(object) = budget.manifest() else { continue };
                let verdict = judge(id, budget, object, self.cx);
                self.cx.settle(object, verdict);
            }
        }
    }

    /// Shows each cluster of Kafka.
    pub fn kafka_clusters(&mut self, mut judge: impl FnMut(&'a KafkaCluster<'a>, &mut Context<'a>) -> Verdict) {
        if self.shows == Shows::Part {
            for cluster in self.cx.kafka_clusters() {
                let verdict = judge(cluster, self.cx);
                self.cx.settle(cluster.object, verdict);
            }
        }
    }

    /// Shows each database.
    pub fn postgres_clusters(&mut self, mut judge: impl FnMut(&'a PostgresCluster<'a>, &mut Context<'a>) -> Verdict) {
        if self.shows == Shows::Part {
            for cluster in self.cx.postgres_clusters() {
                let verdict = judge(cluster, self.cx);
                self.cx.settle(cluster.object, verdict);
            }
        }
    }

    /// Shows each of a list that the index holds or makes.
    pub fn each<T: OfObject<'a>, L: IntoIterator<Item = T>>(
        &mut self,
        list: impl FnOnce(&'a Index<'a>) -> L,
        mut judge: impl FnMut(T, &mut Context<'a>) -> Verdict,
    ) {
        if self.shows == Shows::Whole {
            for it in list(self.cx.index()) {
                let object = it.object();
                let verdict = judge(it, self.cx);
                self.cx.settle(object, verdict);
            }
        }
    }

    /// Shows the environment, once, for what relates many objects. Its function says for each of them what it decides.
    pub fn environment(&mut self, judge: impl FnOnce(&mut Context<'a>)) {
        if self.shows == Shows::Whole {
            judge(self.cx);
        }
    }

    /// Shows a part of the environment.
    pub fn part(&mut self, judge: impl FnOnce(&mut Context<'a>)) {
        if self.shows == Shows::Part {
            judge(self.cx);
        }
    }
}
