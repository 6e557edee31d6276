//! Questions to the indexes of a run's environments, without an audit.

use crate::config::Config;
use crate::index::{Index, Memo};
use crate::model::Environment;
use crate::source::Sources;
use rayon::prelude::*;
use std::borrow::Cow;
use std::sync::Arc;

/// Asks the index of each environment, with the configuration that holds there. The answers are in the order of the
/// environments.
pub fn ask<T: Send>(
    sources: &Sources,
    environments: &[Environment],
    config: &Config,
    question: impl Fn(&Index<'_>) -> T + Sync,
) -> Vec<T> {
    let memo = Arc::new(Memo::new(environments.len()));
    let configs = config.of_environments(environments.iter().map(|it| it.name.as_str()));
    let answer = |(it, config): (&Environment, &Cow<'_, Config>)| {
        question(&Index::in_run(it, sources, config, Arc::clone(&memo)))
    };
    environments.par_iter().zip(&configs).map(answer).collect()
}
