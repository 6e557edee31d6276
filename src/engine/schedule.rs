//! Shows an environment to the rules.
//!
//! Most rules judge each object for itself. They look at a part of the environment at a time, so that all of them
//! look at an object while its text and tree are in the processor's cache: a large environment does not fit it, and
//! reading it once for each rule would take most of the time.

use crate::config::Config;
use crate::index::{Environments, Index};
use crate::rule::{Context, Judge, Part, RuleOutput, Shows, Walk};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// Objects of one part: with their texts and trees some hundred kilobytes.
const PART: u32 = 192;

/// A rule with its parameters, in one configuration.
pub(super) struct Planned {
    pub(super) rule: &'static crate::rule::Entry,
    pub(super) judge: Box<dyn Judge>,
}

/// What each of the rules says, in their order.
pub(super) fn all<'a>(
    rules: &[Planned],
    index: &'a Index<'a>,
    run: &'a Environments<'a>,
    config: &Config,
) -> Vec<RuleOutput> {
    if index.len() <= PART && run.all().len() >= rayon::current_num_threads() {
        // Other environments keep the other threads busy, and a part of this one is all of it.
        let part = Part::new(0..index.len());
        return rules.iter().map(|it| at_once(it, index, run, &part).finish(config)).collect();
    }
    let whole = Part::new(0..index.len());
    let of_whole = |it: &Planned| {
        let mut context = Context::new(index, run, it.rule.head(), Arc::clone(&whole));
        it.judge.check(&mut Walk::new(&mut context, Shows::Whole));
        context
    };
    let (of_whole, of_parts): (Vec<Context<'a>>, Vec<Vec<Context<'a>>>) =
        rayon::join(|| rules.par_iter().map(of_whole).collect(), || by_parts(rules, index, run));
    let mut contexts = of_whole;
    for later in of_parts {
        for (context, later) in contexts.iter_mut().zip(later) {
            context.append(later);
        }
    }
    contexts.into_par_iter().map(|it| it.finish(config)).collect()
}

/// What one of the rules says.
pub(super) fn one<'a>(rule: &Planned, index: &'a Index<'a>, run: &'a Environments<'a>, config: &Config) -> RuleOutput {
    at_once(rule, index, run, &Part::new(0..index.len())).finish(config)
}

/// What a rule says of an environment of one part.
fn at_once<'a>(rule: &Planned, index: &'a Index<'a>, run: &'a Environments<'a>, part: &Arc<Part<'a>>) -> Context<'a> {
    let mut context = Context::new(index, run, rule.rule.head(), Arc::clone(part));
    for shows in [Shows::Whole, Shows::Part] {
        rule.judge.check(&mut Walk::new(&mut context, shows));
    }
    context
}

/// What rules say of parts. Each thread takes neighbouring ones.
fn by_parts<'a>(rules: &[Planned], index: &'a Index<'a>, run: &'a Environments<'a>) -> Vec<Vec<Context<'a>>> {
    let range = |start: u32| start..index.len().min(start.saturating_add(PART));
    let parts: Vec<Range<u32>> = (0..index.len()).step_by(PART as usize).map(range).collect();
    let look = |parts: &[Range<u32>]| -> Vec<Context<'a>> {
        let nothing = Part::new(0..0);
        let context = |it: &Planned| Context::new(index, run, it.rule.head(), Arc::clone(&nothing));
        let mut contexts: Vec<Context<'a>> = rules.iter().map(context).collect();
        for part in parts {
            let part = Part::new(part.clone());
            for (rule, context) in rules.iter().zip(&mut contexts) {
                context.show(Arc::clone(&part));
                rule.judge.check(&mut Walk::new(context, Shows::Part));
            }
        }
        contexts
    };
    let neighbours = parts.len().div_ceil(rayon::current_num_threads()).max(1);
    parts.par_chunks(neighbours).map(look).collect()
}
