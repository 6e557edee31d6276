//! Asks the rules what they say of one environment.
//!
//! Most rules judge each object for itself. They look at a part of the environment at a time, so that all of them
//! look at an object while its text and tree are in the processor's cache: a large environment does not fit it, and
//! reading it once for each rule would take most of the time.

use crate::config::Config;
use crate::index::{Environments, Index};
use crate::rule::{Context, Entry, Part, RuleOutput};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// Objects of one part: with their texts and trees some hundred kilobytes.
const PART: u32 = 192;

/// What each of the rules says, in their order.
pub(super) fn all<'a>(
    rules: &[&'static Entry],
    index: &'a Index<'a>,
    run: &'a Environments<'a>,
    config: &Config,
) -> Vec<RuleOutput> {
    let (in_parts, whole): (Vec<&'static Entry>, Vec<&'static Entry>) = rules.iter().partition(|it| it.is_in_parts());
    let of_whole =
        || -> Vec<RuleOutput> { whole.par_iter().map(|it| super::check(it, index, run, config, &[])).collect() };
    let (whole_said, part_said) = rayon::join(of_whole, || by_parts(&in_parts, index, run, config));
    let (mut whole_said, mut part_said) = (whole_said.into_iter(), part_said.into_iter());
    let next = |it: &&'static Entry| if it.is_in_parts() { part_said.next() } else { whole_said.next() };
    rules.iter().filter_map(next).collect()
}

/// What rules say that look at parts, part by part. Each thread takes neighbouring ones.
fn by_parts<'a>(
    rules: &[&'static Entry],
    index: &'a Index<'a>,
    run: &'a Environments<'a>,
    config: &Config,
) -> Vec<RuleOutput> {
    let range = |start: u32| start..index.len().min(start.saturating_add(PART));
    let parts: Vec<Range<u32>> = (0..index.len()).step_by(PART as usize).map(range).collect();
    let look = |parts: &[Range<u32>]| -> Vec<Context<'a>> {
        let mut contexts: Vec<Context<'a>> = rules.iter().map(|it| Context::new(index, run, it.page())).collect();
        for part in parts {
            let part = Part::new(part.clone());
            for (rule, context) in rules.iter().zip(&mut contexts) {
                context.show(Arc::clone(&part));
                rule.check(config, context);
            }
        }
        contexts
    };
    let neighbours = parts.len().div_ceil(rayon::current_num_threads()).max(1);
    let said: Vec<Vec<Context<'a>>> = parts.par_chunks(neighbours).map(look).collect();
    let mut said = said.into_iter();
    let mut contexts: Vec<Context<'a>> = said.next().unwrap_or_else(|| look(&[]));
    for later in said {
        for (context, later) in contexts.iter_mut().zip(later) {
            context.append(later);
        }
    }
    contexts.into_par_iter().map(|it| it.finish(config)).collect()
}
