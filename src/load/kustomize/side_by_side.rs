//! Many roots, built side by side for as long as all of them together stay within the bounds of a run.

use super::Graph;
use super::build::{Built, build};
use super::limits::Amounts;
use crate::source::Sources;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::{MutexGuard, PoisonError};

impl Graph<'_> {
    /// Builds these side by side, for [`Graph::built`] to find.
    pub(in crate::load) fn build_ahead(&mut self, sources: &Sources, all: BTreeSet<usize>) {
        let all: Vec<usize> = all.into_iter().collect();
        let built = self.build_all(sources, &all);
        self.ahead = all.into_iter().zip(built).collect();
    }

    /// What a kustomization comes to.
    pub(in crate::load) fn built(&mut self, sources: &Sources, at: usize) -> Built {
        self.ahead.remove(&at).unwrap_or_else(|| self.build(sources, at))
    }

    /// What these come to. Whether they make too much does not depend on which of them is first to be ready: where they
    /// do, they are built again one after the other, and what is left over is that of the last.
    pub(in crate::load) fn build_all(&self, sources: &Sources, all: &[usize]) -> Vec<Built> {
        let before = *self.amounts();
        let build = |at: &usize| {
            let (built, made) = build(self, sources, *at, Amounts::OF_ROOT);
            self.takes(made).then_some(built)
        };
        let side_by_side: Option<Vec<Built>> = all.par_iter().map(build).collect();
        side_by_side.filter(|_| self.takes(Amounts::default())).unwrap_or_else(|| {
            *self.amounts() = before;
            self.bases.clear();
            all.iter().map(|at| self.build(sources, *at)).collect()
        })
    }

    /// What one comes to, which may make what others have left.
    pub(in crate::load) fn build(&self, sources: &Sources, at: usize) -> Built {
        let left = Amounts::OF_RUN.less(*self.amounts());
        let (built, made) = build(self, sources, at, Amounts::OF_ROOT.at_most(left));
        self.takes(made);
        built
    }

    /// Counts what is made, and says whether it is not too much for one run.
    pub(super) fn takes(&self, made: Amounts) -> bool {
        let mut all = self.amounts();
        *all = all.plus(made);
        all.fits(Amounts::OF_RUN)
    }

    fn amounts(&self) -> MutexGuard<'_, Amounts> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
