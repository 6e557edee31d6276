//! The table by component: what there is, and how each of its aspects stands.

use super::guideline::{Aspect, Component, Section};
use super::inventory::{Inventory, Part};
use super::{Judged, Reason, Standing, standing};

/// A row of the table.
#[derive(Debug)]
pub struct Row {
    /// The component.
    pub component: Component,
    /// Its parts.
    pub parts: Vec<Part>,
    /// How each column stands; nothing where no sentence covers it.
    pub cells: Vec<(Aspect, Option<Standing>)>,
}

/// The rows of the components that are there.
pub(super) fn rows(inventory: &Inventory, sections: &[(&'static Section, Vec<Judged>)]) -> Vec<Row> {
    let present = Component::ALL.into_iter().filter(|it| inventory.has(*it));
    present
        .map(|component| Row {
            component,
            parts: inventory.parts.iter().filter(|it| it.component == component).cloned().collect(),
            cells: Aspect::COLUMNS.iter().map(|it| (*it, cell(component, *it, sections))).collect(),
        })
        .collect()
}

fn cell(component: Component, aspect: Aspect, sections: &[(&'static Section, Vec<Judged>)]) -> Option<Standing> {
    let judged = sections.iter().flat_map(|it| &it.1).filter(|it| it.sentence.aspect == aspect);
    let about: Vec<&Judged> = judged.filter(|it| it.sentence.about.contains(&component)).collect();
    let reasons: Vec<&Reason> =
        about.iter().flat_map(|it| &it.reasons).filter(|it| it.components.contains(&component)).collect();
    if let Some(found) = standing(&reasons) {
        return Some(found);
    }
    // A cluster is there, and watched or not, even where nothing is said of it.
    let is_open = component.is_always_there() && about.iter().any(|it| it.standing == Standing::NotVerifiable);
    let silent = if is_open { Standing::NotVerifiable } else { Standing::NotApplicable };
    (!about.is_empty()).then_some(silent)
}
