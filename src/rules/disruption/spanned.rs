//! Which workloads share a budget.

use crate::index::{BudgetId, Control, Index, Nearness};
use crate::model::Object;

/// The distinct owners of pods that a budget certainly selects, in order; Jobs do not count, nor what is
/// switched off.
pub(super) fn owners<'a>(index: &Index<'a>, id: BudgetId) -> Vec<&'a Object> {
    let selected = index.selected_by(id).iter().filter(|it| it.nearness == Nearness::Same);
    let sets = selected.map(|it| index.pods(it.pods));
    let staying = sets.filter(|it| !matches!(it.control, Control::Finite | Control::Kept) && it.ceiling != Some(0));
    let mut owners: Vec<&Object> = Vec::new();
    for set in staying {
        if !owners.iter().any(|it| it.id() == set.owner.id()) {
            owners.push(set.owner);
        }
    }
    owners
}
