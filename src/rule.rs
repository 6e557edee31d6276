//! The contract of a rule: its page, its parameters, and what it can say.

mod context;
mod draft;
mod field_order;
mod front_matter;
mod head;
mod levels;
mod output;
mod page;
mod part;
mod remedy;
mod repair;
mod verdict;
mod walk;

pub use context::{Context, Notice};
pub use draft::{Draft, MergeTarget, Similar};
pub use head::Head;
pub use levels::{Levels, parse_level};
pub use output::RuleOutput;
pub use page::{Case, Example, ExampleKind, Page, Parameter};
pub use part::Part;
pub use remedy::Remedy;
pub use repair::Repair;
pub use verdict::Verdict;
pub use walk::{Shows, Walk};

use crate::config::{Config, ConfigNode, Profile};
pub use crate::finding::CaseName;

use crate::finding::RuleId;
use crate::source::SourceId;
use crate::yaml::{self, NodeRef, de::ReadError};
use serde::de::DeserializeOwned;
use std::sync::{Arc, LazyLock};

/// A rule: words on its page, logic in functions that judge what the walk shows them.
///
/// A rule cannot fail and cannot print. It knows values, places and the index, and nothing of files,
/// formats or colours. Its severity comes from its page, the profile and the configuration.
pub trait Rule: 'static {
    /// The page, compiled in from `rules/`.
    const PAGE: &'static str;
    /// The id on the page.
    const ID: RuleId = RuleId::of_page(Self::PAGE);
    /// The parameters, whose defaults are on the page.
    type Params: DeserializeOwned + Send + Sync;
    /// Says what it judges, and how. It is called for each part of an environment, and once for the whole.
    fn check(params: &Self::Params, walk: &mut Walk<'_, '_>);
}

/// Declares a rule: its type, its page below `rules/`, its parameters if it has any, and what it judges and how.
///
/// ```ignore
/// rule!(PdbMissing, "disruption/pdb-missing.md", |walk| walk.workloads(judge));
/// rule!(VolumeUndersized, "storage/volume-undersized.md", Params, |params, walk| walk.claims(|it, cx| judge(params, it, cx)));
/// ```
macro_rules! rule {
    ($rule:ident, $page:literal, |$walk:ident| $judge:expr) => {
        $crate::rule::rule!($rule, $page, $crate::rule::NoParams, |_params, $walk| $judge);
    };
    ($rule:ident, $page:literal, $params:ty, |$settings:ident, $walk:ident| $judge:expr) => {
        pub(crate) struct $rule;

        #[allow(dead_code, reason = "not every rule is named by another")]
        impl $rule {
            /// The id, for whoever leaves something to this rule.
            pub(crate) const ID: $crate::finding::RuleId = <Self as $crate::rule::Rule>::ID;
        }

        impl $crate::rule::Rule for $rule {
            const PAGE: &'static str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/", $page));
            type Params = $params;

            fn check($settings: &$params, $walk: &mut $crate::rule::Walk<'_, '_>) {
                $judge;
            }
        }
    };
}
pub(crate) use rule;

/// Names the cases of a rule as constants: `cases!(PdbMissing: DATABASE = "database");`. One that its page does not declare
/// does not compile.
macro_rules! cases {
    ($rule:ident: $($name:ident = $case:literal),+ $(,)?) => {
        $(const $name: $crate::rule::CaseName =
            $crate::rule::CaseName::of_page(<$rule as $crate::rule::Rule>::PAGE, $case);)+
    };
}
pub(crate) use cases;

/// Parameters of a rule that has none.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoParams {}

/// A rule in the table: the trait without its type.
pub struct Entry {
    head: Head,
    prepare: fn(&[(&str, NodeRef<'_>)], Option<&ConfigNode>) -> Result<Box<dyn Judge>, ReadError>,
}

/// A rule with its parameters.
pub trait Judge: Send + Sync {
    /// Looks at what the walk shows.
    fn check(&self, walk: &mut Walk<'_, '_>);
}

struct Prepared<R: Rule>(R::Params);

impl<R: Rule> Judge for Prepared<R> {
    fn check(&self, walk: &mut Walk<'_, '_>) {
        R::check(&self.0, walk);
    }
}

/// Parameters where the configuration has none: an empty map.
static UNSET: LazyLock<ConfigNode> = LazyLock::new(|| {
    let text: Arc<str> = "{}".into();
    let document = yaml::parse(SourceId(0), &text, 0..text.len()).ok().flatten().expect("{} is a map");
    let node = document.root().id();
    ConfigNode { document: Arc::new(document), node }
});

impl Entry {
    /// The entry of a rule.
    pub const fn of<R: Rule>() -> Entry {
        Entry {
            head: const { Head::of_page(R::ID, R::PAGE) },
            prepare: |defaults, written| {
                let params = written.unwrap_or(&UNSET).parameters(defaults)?;
                Ok(Box::new(Prepared::<R>(params)))
            },
        }
    }

    /// What every run asks, and the way to the page.
    pub fn head(&'static self) -> &'static Head {
        &self.head
    }

    /// The page.
    pub fn page(&'static self) -> &'static Page {
        self.head.page()
    }

    /// The folder of the page.
    pub fn component(&'static self) -> &'static str {
        self.head.component
    }

    /// Whether the rule is on in a profile, in one of its cases at least.
    pub fn is_on(&'static self, profile: Profile) -> bool {
        self.head.is_on(profile)
    }

    /// The id.
    pub fn id(&'static self) -> RuleId {
        self.head.id
    }

    /// Whether it is among these rules and components.
    pub fn is_named(&'static self, names: &[String]) -> bool {
        names.iter().any(|it| *it == self.id() || *it == self.component())
    }

    /// The rule with the parameters of a configuration. They were validated before the run; who did not gets the
    /// defaults.
    pub fn prepare(&'static self, config: &Config) -> Box<dyn Judge> {
        let written = config.rules.get(self.id().as_str()).and_then(|it| it.parameters.as_ref());
        let defaults = self.head.defaults();
        let prepared = (self.prepare)(&defaults, written).or_else(|_| (self.prepare)(&defaults, None));
        prepared.expect("a test prepares every rule without configuration")
    }

    /// Whether the configured parameters fit the rule.
    ///
    /// # Errors
    /// The first value that does not, with its place.
    pub fn validate(&'static self, parameters: &ConfigNode) -> Result<(), ReadError> {
        (self.prepare)(&self.head.defaults(), Some(parameters)).map(drop)
    }
}
