//! The rules, in the component folders of their pages; each folder has the list of its own.

/// The table of a component's rules: `module::Rule`, a line each. Others name a rule by its type, as in `PdbMissing::ID`.
macro_rules! rules {
    ($($module:ident::$rule:ident,)*) => {
        $(#[allow(unused_imports, reason = "some are named by nobody")]
        pub(crate) use $module::$rule;)*
        pub(super) static RULES: [crate::rule::Entry; [$(stringify!($module)),*].len()] =
            [$(crate::rule::Entry::of::<$module::$rule>()),*];
    };
}

mod absence;
mod alike;
pub(crate) mod autoscaling;
mod chart_values;
mod cluster;
mod disruption;
pub(crate) mod kafka;
pub(crate) mod manifest;
mod monitoring;
mod new_objects;
mod parts;
pub(crate) mod postgres;
mod repairs;
mod scheduling;
mod single_copy;
mod storage;
pub(crate) mod words;
pub(crate) mod workload;

use crate::rule::Entry;
use std::sync::LazyLock;

/// Every rule, by component and id.
static ALL: LazyLock<Vec<&'static Entry>> = LazyLock::new(|| {
    let components: [&'static [Entry]; 10] = [
        &autoscaling::RULES,
        &cluster::RULES,
        &disruption::RULES,
        &kafka::RULES,
        &manifest::RULES,
        &monitoring::RULES,
        &postgres::RULES,
        &scheduling::RULES,
        &storage::RULES,
        &workload::RULES,
    ];
    let mut all: Vec<&'static Entry> = components.into_iter().flatten().collect();
    all.sort_by_key(|it| (it.component(), it.id()));
    all
});

/// All rules, by component and id.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    ALL.iter().copied()
}

/// The rule with this id.
pub fn find(id: &str) -> Option<&'static Entry> {
    all().find(|it| it.id() == id)
}
