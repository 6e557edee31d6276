//! A part of an environment, with the answers that several rules want of the same objects.

use crate::index::{
    Environments, Index, PodSpec, ResourceMetric, Serving, SpreadTerm, Typing, Workload, is_sidecar, resource_metrics,
};
use crate::model::{Container, Object, ObjectId};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A stretch of the objects of an environment. Its answers are found when first asked for, and go with it.
pub struct Part<'a> {
    objects: Range<u32>,
    typings: Answers<Arc<Typing>>,
    serving: Answers<Option<Arc<Serving<'a>>>>,
    own_containers: Answers<Vec<Container<'a>>>,
    spread_terms: Answers<Vec<SpreadTerm<'a>>>,
    resource_metrics: Answers<Vec<ResourceMetric<'a>>>,
}

impl<'a> Part<'a> {
    /// The objects at these positions.
    pub fn new(objects: Range<u32>) -> Arc<Part<'a>> {
        Arc::new(Part {
            objects,
            typings: Answers::default(),
            serving: Answers::default(),
            own_containers: Answers::default(),
            spread_terms: Answers::default(),
            resource_metrics: Answers::default(),
        })
    }

    /// The positions of the objects.
    pub fn objects(&self) -> &Range<u32> {
        &self.objects
    }

    /// What an object's type says of it.
    pub(super) fn typing(&self, run: &Environments<'a>, object: &Object) -> Arc<Typing> {
        let answer = self.answer(&self.typings, object.id(), || run.typing(object));
        Arc::clone(&answer)
    }

    /// How requests reach a workload.
    pub(super) fn serving(&self, index: &Index<'a>, workload: &Workload<'a>) -> Option<Arc<Serving<'a>>> {
        let find = || index.serving(workload).map(Arc::new);
        Option::clone(&self.answer(&self.serving, workload.object.id(), find))
    }

    /// The containers that run as long as the pods of a workload.
    pub(super) fn own_containers(&self, workload: &Workload<'a>) -> Arc<Vec<Container<'a>>> {
        let find = || {
            let sidecars = workload.template.into_iter().flat_map(|it| it.sidecars().collect::<Vec<_>>());
            workload.containers().chain(sidecars).filter(|it| !is_sidecar(*it)).collect()
        };
        self.answer(&self.own_containers, workload.object.id(), find)
    }

    /// What the pods of a spec ask for. Only a workload's is kept: other objects may have two.
    pub(super) fn spread_terms(&self, index: &Index<'a>, spec: &PodSpec<'a>) -> Arc<Vec<SpreadTerm<'a>>> {
        let find = || index.spread_terms(spec);
        match index.workload_of(spec.object) {
            Some(_) => self.answer(&self.spread_terms, spec.object.id(), find),
            None => Arc::new(find()),
        }
    }

    /// The resource metrics of an HPA or ScaledObject.
    pub(super) fn resource_metrics(&self, scaler: &'a Object) -> Arc<Vec<ResourceMetric<'a>>> {
        self.answer(&self.resource_metrics, scaler.id(), || resource_metrics(scaler))
    }

    fn answer<T>(&self, answers: &Answers<T>, id: ObjectId, find: impl FnOnce() -> T) -> Arc<T> {
        let answers = answers.0.get_or_init(|| self.objects.clone().map(|_| OnceLock::new()).collect());
        let at = id.0.checked_sub(self.objects.start).and_then(|it| answers.get(it as usize));
        match at {
            Some(answer) => Arc::clone(answer.get_or_init(|| Arc::new(find()))),
            None => Arc::new(find()),
        }
    }
}

/// One answer an object.
struct Answers<T>(OnceLock<Box<[OnceLock<Arc<T>>]>>);

impl<T> Default for Answers<T> {
    fn default() -> Self {
        Answers(OnceLock::new())
    }
}
