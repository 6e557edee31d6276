//! Rules that look at parts of an environment say the same whatever the parts.

use crate::common::{cases_of, root};
use edms_lint::config::Config;
use edms_lint::finding::Unverified;
use edms_lint::index::{Environments, Index};
use edms_lint::load::{self, Input, Options};
use edms_lint::rule::{Context, Entry, Part, RuleOutput};
use edms_lint::rules;
use edms_lint::source::Sources;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What was said, in no order and with nothing that depends on how it is kept.
fn spoken(said: &RuleOutput) -> Vec<String> {
    let mut lines: Vec<String> = said.findings.iter().map(|it| format!("{it:?}")).collect();
    lines.extend(said.told.iter().map(|it| format!("{it:?}")));
    lines.extend(said.outcomes.iter().map(|it| format!("{it:?}")));
    lines.extend(said.unverified.iter().flat_map(Unverified::outcomes).map(|it| format!("{it:?}")));
    lines.extend(said.passed.iter().map(|it| format!("passed {it}")));
    lines.extend(said.silent.iter().map(|it| format!("{it:?}")));
    lines.sort();
    lines
}

fn ask<'a>(rule: &'static Entry, index: &'a Index<'a>, run: &'a Environments<'a>, parts: &[Range<u32>]) -> Vec<String> {
    let config = Config::default();
    let mut context = Context::new(index, run, rule.page());
    for part in parts {
        context.show(Part::new(part.clone()));
        rule.check(&config, &mut context);
    }
    spoken(&context.finish(&config))
}

/// The projects, and the cases of all rules.
fn fixtures() -> Vec<PathBuf> {
    let projects = std::fs::read_dir(root().join("fixtures/projects")).expect("there is one");
    let projects = projects.map(|it| it.expect("the folder can be read").path());
    projects.chain(rules::all().flat_map(cases_of)).collect()
}

#[test]
fn parts_of_one_object_are_judged_as_the_whole_is() {
    let config = Config::default();
    let rules: Vec<&'static Entry> = rules::all().filter(|it| it.is_in_parts()).collect();
    assert!(rules.len() > 40, "most rules that read every workload look at parts");
    let mut lines = 0;
    for path in fixtures() {
        let options = Options { config: &config, config_dir: None, working_dir: Path::new("/") };
        let loaded = load::load(&[Input::Path(path.clone())], Sources::default(), &options);
        let indexes: Vec<Index<'_>> =
            loaded.environments.iter().map(|it| Index::new(it, &loaded.sources, &config)).collect();
        let run = Environments::new(&indexes);
        for index in &indexes {
            let single: Vec<Range<u32>> = (0..index.len()).map(|it| it..it + 1).collect();
            let whole: Vec<Range<u32>> = std::iter::once(0..index.len()).collect();
            for rule in &rules {
                let said = ask(rule, index, &run, &whole);
                lines += said.len();
                assert_eq!(ask(rule, index, &run, &single), said, "{} of {}", rule.id(), path.display());
            }
        }
    }
    assert!(lines > 1_000);
}
