//! The contract of a rule: its page, its parameters, and what it can say.

mod context;
mod draft;
mod page;
mod part;

pub use context::{Context, Notice, RuleOutput};
pub use draft::{Draft, MergeTarget, Similar};
pub use page::{Case, Example, ExampleKind, FixKind, Levels, Page, Parameter, parse_level};
pub use part::Part;

use crate::config::{Config, ConfigNode};
use crate::finding::RuleId;
use crate::yaml::de::ReadError;
use serde::de::DeserializeOwned;

/// A rule: words on its page, logic in `check`.
///
/// A rule cannot fail and cannot print. It knows values, places and the index, and nothing of files,
/// formats or colours. Its severity comes from its page, the profile and the configuration.
pub trait Rule: 'static {
    /// The page, compiled in from `rules/`.
    const PAGE: &'static str;
    /// The parameters; the default is what the page says, which a test compares.
    type Params: Default + DeserializeOwned;
    /// Whether it judges each object for itself, and asks the context (not the index) which ones there are. The
    /// engine then shows it a part of the environment at a time, so that all such rules look at an object while it
    /// is at hand.
    const IN_PARTS: bool = false;
    /// Looks at one environment, or at a part of it.
    fn check(params: &Self::Params, cx: &mut Context<'_>);
}

/// Parameters of a rule that has none.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoParams {}

/// A rule in the table: the trait without its type.
pub struct Entry {
    page: &'static str,
    parsed: std::sync::OnceLock<Page>,
    in_parts: bool,
    check: fn(Option<&ConfigNode>, &mut Context<'_>),
    validate: fn(&ConfigNode) -> Result<(), ReadError>,
}

impl Entry {
    /// The entry of a rule.
    pub const fn of<R: Rule>() -> Entry {
        Entry {
            page: R::PAGE,
            parsed: std::sync::OnceLock::new(),
            in_parts: R::IN_PARTS,
            check: |parameters, cx| {
                // Parameters were validated before the run; a library user who did not gets the defaults.
                let params = parameters.and_then(|it| it.parameters().ok()).unwrap_or_default();
                R::check(&params, cx);
            },
            validate: |parameters| parameters.parameters::<R::Params>().map(drop),
        }
    }

    /// The page.
    ///
    /// # Panics
    /// If the compiled-in page has no valid front matter, which a test excludes.
    pub fn page(&'static self) -> &'static Page {
        self.parsed.get_or_init(|| Page::read(self.page).expect("a test reads every page"))
    }

    /// The id.
    pub fn id(&'static self) -> RuleId {
        &self.page().id
    }

    /// Whether it can look at an environment part by part.
    pub fn is_in_parts(&self) -> bool {
        self.in_parts
    }

    /// Looks at one environment, or at the part that the context shows.
    pub fn check(&'static self, config: &Config, cx: &mut Context<'_>) {
        let setting = config.rules.get(self.id());
        (self.check)(setting.and_then(|it| it.parameters.as_ref()), cx);
    }

    /// Whether the configured parameters fit the rule.
    ///
    /// # Errors
    /// The first value that does not, with its place.
    pub fn validate(&'static self, parameters: &ConfigNode) -> Result<(), ReadError> {
        (self.validate)(parameters)
    }
}
