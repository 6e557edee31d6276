//! Kustomizations that several others use: built once, and handed to each of those.
//!
//! Only one of which nothing is to be said is handed on, and only where it comes to the same as if it were built there:
//! problems, what is not seen, circles and bounds depend on the way that leads to it.

use super::build::{Builder, Built, MAX_DEPTH, Made};
use super::limits::Amounts;
use super::types::Types;
use super::{Graph, Links};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A base, once somebody built it; nothing where it has to be built anew.
type Slot = Arc<OnceLock<Option<Base>>>;

/// What was built, by kustomization, and by whether its root has kustomize note where objects come from.
#[derive(Default)]
pub(super) struct Bases(Mutex<HashMap<(usize, bool), Slot>>);

impl Bases {
    /// Forgets them: whoever needs one builds it again.
    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// What a kustomization comes to wherever it is used.
struct Base {
    made: Made,
    built: Built,
    amounts: Amounts,
    types: Types,
    entered: BTreeSet<usize>,
    depth: usize,
}

/// The kustomizations that lead to no circle, nor to plugins, which may be kustomizations themselves: while one of these
/// is built, nobody waits for it to be built.
pub(super) fn without_circles(graph: &Graph<'_>, links: &Links) -> Vec<bool> {
    let has_plugins = |at: usize| {
        let root = graph.kustomizations[at].document.root();
        ["generators", "transformers", "validators"].iter().any(|it| root.get(it).is_some())
    };
    let mut left: Vec<usize> = links.inner.iter().map(Vec::len).collect();
    let mut found = vec![false; left.len()];
    let mut queue: Vec<usize> = (0..left.len()).filter(|it| left[*it] == 0).collect();
    while let Some(at) = queue.pop() {
        if has_plugins(at) {
            continue;
        }
        found[at] = true;
        for user in links.users.get(&at).into_iter().flatten() {
            left[*user] -= 1;
            if left[*user] == 0 {
                queue.push(*user);
            }
        }
    }
    found
}

impl Builder<'_> {
    /// What a kustomization makes that another uses as a resource.
    pub(super) fn base(&mut self, at: usize) -> Made {
        if !self.graph.is_shared(at, self.path.last().copied()) {
            return self.accumulate(at, Made::default());
        }
        let slot = {
            let mut all = self.graph.bases.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry((at, self.metadata.traces)).or_default())
        };
        match slot.get_or_init(|| self.alone(at)).as_ref().filter(|it| self.takes(it)) {
            Some(base) => self.adopt(base),
            None => self.accumulate(at, Made::default()),
        }
    }

    /// Builds a kustomization as if nothing led to it.
    fn alone(&self, at: usize) -> Option<Base> {
        let mut builder = Builder::new(self.graph, self.sources, self.metadata, Amounts::OF_ROOT);
        let made = builder.accumulate(at, Made::default());
        let amounts = builder.made();
        let Builder { built, types, entered, depth, has_unseen, .. } = builder;
        let is_silent = built.problems.is_empty()
            && built.remarks.is_empty()
            && built.unseen.is_empty()
            && built.refusal.is_none()
            && !has_unseen
            && !types.are_described();
        // It is kept for as long as anybody may use it.
        let is_kept = is_silent && self.graph.takes(amounts);
        is_kept.then_some(Base { made, built, amounts, types, entered, depth })
    }

    /// Whether a base comes to the same here.
    fn takes(&self, base: &Base) -> bool {
        let folder = |it: usize| self.graph.kustomizations[it].dir;
        let leads_back =
            |it: &usize| self.path.iter().any(|above| above == it || folder(*above).starts_with(folder(*it)));
        let is_other = |it: (&usize, &super::Use)| self.built.uses.get(it.0).is_some_and(|own| own != it.1);
        self.made().plus(base.amounts).fits(self.most)
            && self.path.len() + base.depth <= MAX_DEPTH
            && !self.types.are_described()
            && !base.entered.iter().any(leads_back)
            && !base.built.uses.iter().any(is_other)
    }

    fn adopt(&mut self, base: &Base) -> Made {
        let made = self.made().plus(base.amounts);
        (self.count, self.copies.spent, self.cloned) = (made.objects, made.copied, made.cloned);
        self.types.join(&base.types);
        self.depth = self.depth.max(self.path.len() + base.depth);
        self.entered.extend(&base.entered);
        self.built.uses.extend(base.built.uses.iter().map(|it| (*it.0, *it.1)));
        self.built.gone.extend(base.built.gone.iter().map(|it| (*it.0, *it.1)));
        self.built.charts.extend(&base.built.charts);
        base.made.clone()
    }
}
