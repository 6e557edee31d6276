//! Asks the rules what they say of one environment.
//!
//! Most rules judge each object for itself. They look at a part of the environment at a time, so that all of them
//! look at an object while its text and tree are in the processor's cache: a large environment does not fit it, and
//! reading it once for each rule would take most of the time.

use crate::config::Config;
use crate::index::Index;
use crate::rule::{Context, Entry, Part, Said};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// Objects of one part: with their texts and trees some hundred kilobytes.
const PART: u32 = 192;

/// What each of the rules says, in their order.
pub(super) fn all<'a>(
    rules: &[&'static Entry],
    index: &'a Index<'a>,
    run: &'a [Index<'a>],
    config: &Config,
) -> Vec<Said> {
    let (in_parts, whole): (Vec<&'static Entry>, Vec<&'static Entry>) = rules.iter().partition(|it| it.is_in_parts());
    let of_whole = || -> Vec<Said> { whole.par_iter().map(|it| super::check(it, index, run, config, &[])).collect() };
    let (whole_said, part_said) = rayon::join(of_whole, || by_parts(&in_parts, index, run, config, PART));
    let (mut whole_said, mut part_said) = (whole_said.into_iter(), part_said.into_iter());
    let next = |it: &&'static Entry| if it.is_in_parts() { part_said.next() } else { whole_said.next() };
    rules.iter().filter_map(next).collect()
}

/// What rules say that look at parts of this size, part by part. Each thread takes neighbouring ones.
fn by_parts<'a>(
    rules: &[&'static Entry],
    index: &'a Index<'a>,
    run: &'a [Index<'a>],
    config: &Config,
    size: u32,
) -> Vec<Said> {
    let range = |start: u32| start..index.len().min(start.saturating_add(size));
    let parts: Vec<Range<u32>> = (0..index.len()).step_by(size as usize).map(range).collect();
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
    let mut contexts: Vec<Context<'a>> = look(&[]);
    for later in said {
        for (context, later) in contexts.iter_mut().zip(later) {
            context.append(later);
        }
    }
    contexts.into_par_iter().map(|it| it.finish(config)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{self, Input, Options};
    use crate::rules;
    use crate::source::Sources;
    use std::path::{Path, PathBuf};

    /// What was said, in no order and with nothing that depends on how it is kept.
    fn spoken(said: Vec<Said>) -> Vec<Vec<String>> {
        let one = |it: Said| {
            let mut lines: Vec<String> = it.findings.iter().map(|it| format!("{it:?}")).collect();
            lines.extend(it.told.iter().map(|it| format!("{it:?}")));
            lines.extend(it.alike.iter().map(|(span, at)| format!("{span:?} {:?}", it.gatherings[*at as usize])));
            lines.extend(it.outcomes.iter().map(|it| format!("{it:?}")));
            lines.extend(it.unverified.iter().flat_map(|it| it.outcomes()).map(|it| format!("{it:?}")));
            lines.extend(it.passed.iter().map(|it| format!("passed {it}")));
            lines.extend(it.silent.iter().map(|it| format!("{it:?}")));
            lines.sort();
            lines
        };
        said.into_iter().map(one).collect()
    }

    /// The projects, and the examples of all rules.
    fn fixtures() -> Vec<PathBuf> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let inside = |folder: &Path| -> Vec<PathBuf> {
            std::fs::read_dir(folder).expect("there is one").map(|it| it.expect("can be read").path()).collect()
        };
        let examples = inside(&root.join("rules")).into_iter().flat_map(|it| inside(&it));
        let examples = examples.filter(|it| it.is_dir() || it.extension().is_some_and(|it| it == "yaml"));
        inside(&root.join("projects")).into_iter().chain(examples).collect()
    }

    #[test]
    fn parts_of_one_object_are_judged_as_the_whole_is() {
        let config = Config::default();
        let rules: Vec<&'static Entry> = rules::all().filter(|it| it.is_in_parts()).collect();
        assert!(rules.len() > 40, "most rules that read every workload look at parts");
        let mut spoken_of = 0;
        for path in fixtures() {
            let options = Options { config: &config, config_dir: None, working_dir: Path::new("/") };
            let loaded = load::load(&[Input::Path(path.clone())], Sources::default(), &options);
            let indexes: Vec<Index<'_>> =
                loaded.environments.iter().map(|it| Index::new(it, &loaded.sources, &config)).collect();
            for index in &indexes {
                let whole = spoken(by_parts(&rules, index, &indexes, &config, u32::MAX));
                let single = spoken(by_parts(&rules, index, &indexes, &config, 1));
                for ((rule, whole), single) in rules.iter().zip(whole).zip(single) {
                    spoken_of += whole.len();
                    assert_eq!(single, whole, "{} of {}", rule.id(), path.display());
                }
            }
        }
        assert!(spoken_of > 1_000);
    }
}
