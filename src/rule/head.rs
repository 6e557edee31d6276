//! What each run needs of every rule, read from the page when the program is compiled; the rest is read when it is asked for.
//!
//! A run over one small file would otherwise spend a third of its time on the pages of rules that find nothing.

use super::Page;
use super::levels::Levels;
use crate::config::Profile;
use crate::finding::{RuleId, front_line, has_key};
use crate::yaml::NodeRef;
use std::sync::OnceLock;

/// The part of a page that every run asks of every rule, and the way to the rest.
pub struct Head {
    /// The id of the rule.
    pub(super) id: RuleId,
    /// The folder of the page.
    pub(super) component: &'static str,
    levels: Levels,
    has_cases: bool,
    has_parameters: bool,
    text: &'static str,
    read: OnceLock<Page>,
}

impl Head {
    /// Reads it.
    ///
    /// # Panics
    /// If the page has no component or no levels: it does not compile then.
    pub(super) const fn of_page(id: RuleId, page: &'static str) -> Head {
        let Some(component) = front_line(page, "component: ") else { panic!("the page has no component") };
        let Some(levels) = front_line(page, "levels: ") else { panic!("the page has no levels") };
        let Some(levels) = Levels::read(levels) else { panic!("no levels as pages write them") };
        Head {
            id,
            component,
            levels,
            has_cases: has_key(page, "", "cases"),
            has_parameters: has_key(page, "", "parameters"),
            text: page,
            read: OnceLock::new(),
        }
    }

    /// The whole page.
    ///
    /// # Panics
    /// If the compiled-in page has no valid front matter, which a test excludes.
    pub(super) fn page(&'static self) -> &'static Page {
        self.read.get_or_init(|| Page::read(self.text).expect("a test reads every page"))
    }

    /// Whether the rule is on in a profile, in one of its cases at least.
    pub(super) fn is_on(&'static self, profile: Profile) -> bool {
        let by_cases = || self.has_cases && self.page().cases.values().any(|it| it.of(profile).is_some());
        self.levels.of(profile).is_some() || by_cases()
    }

    /// The values of the parameters without configuration.
    pub(super) fn defaults(&'static self) -> Vec<(&'static str, NodeRef<'static>)> {
        if self.has_parameters { self.page().defaults() } else { Vec::new() }
    }
}
