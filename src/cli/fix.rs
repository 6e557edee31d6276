//! `--fix`, `--unsafe-fixes` and `--diff`: the audit, and then the files.

use super::args::{Format, LintArguments};
use super::config_file::Texts;
use super::replace::{create, replace};
use super::setup::{self, Setup};
use super::{CLEAN, FINDINGS, MISTAKE, complain, config_file, finish, output, progress};
use crate::config::Config;
use crate::engine::{self, Kept};
use crate::finding::{Fixed, Report, RuleId, Safety};
use crate::fix::{self, Outcome, Request};
use crate::load::{Input, Loaded, Parses};
use crate::model::ProblemKind;
use crate::render;
use crate::rules;
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Audits, fixes what is wanted, and says what is left.
pub(super) fn run(arguments: &LintArguments, setup: &mut Setup) -> Result<u8, String> {
    config_file::check_names("--fix-only", &arguments.fix_only)?;
    warn_of_unfixable(&arguments.fix_only);
    let inputs = setup.inputs(&arguments.read)?;
    let request = Request {
        least: if arguments.unsafe_fixes { Safety::Unsafe } else { Safety::Safe },
        only: arguments.fix_only.clone(),
        folder: arguments.fix_dir.as_deref().map(|it| folder(it, &inputs, &setup.current)).transpose()?,
        named: arguments.select.clone(),
    };
    let mut known: Option<BTreeSet<String>> = None;
    let mut said = Kept::default();
    let mut own = Texts::new();
    let all = RefCell::new(None);
    let others = |it: &Loaded| all.borrow().as_ref().map(|all| engine::run(&it.sources, &it.environments, all));
    let audit_edited = |texts: &Texts, parses: Parses| {
        if reread(arguments, setup, texts, &mut own)? {
            said = Kept::default();
        }
        let is_new = |name: &&String| known.as_ref().is_some_and(|known| !known.contains(*name));
        if let Some(name) = texts.keys().filter(is_new).find(|it| setup.current.join(it).exists()) {
            return Err(format!("{name} exists already, so nothing is written"));
        }
        let (inputs, files) = edited(&inputs, texts, &setup.current);
        let (loaded, report) = audit(setup, &inputs, &files, parses, &mut said);
        known.get_or_insert_with(|| loaded.sources.iter().map(|it| it.1.name().to_owned()).collect());
        *all.borrow_mut() = all_rules(&setup.config);
        Ok((loaded, report))
    };
    let progress = progress::start("fixing");
    let outcome = fix::run(&request, audit_edited, others);
    drop(progress);
    let mut outcome = outcome.map_err(|it| it.to_string())?;
    setup::complain_of_inputs(&outcome.loaded);
    outcome.undone.iter().for_each(complain_of_undone);
    if arguments.diff {
        return diff(arguments, setup, &mut outcome);
    }
    let is_written = write(&inputs, setup, &mut outcome)?;
    if !is_written {
        // What is left as it was is reported as it is.
        let (inputs, _) = edited(&inputs, &outcome.texts, &setup.current);
        let fixed = std::mem::take(&mut outcome.report.fixed);
        (outcome.loaded, outcome.report) = audit(setup, &inputs, &BTreeMap::new(), outcome.loaded.parses, &mut said);
        outcome.report.fixed = fixed;
    }
    outcome.report.refused.clone_from(&outcome.refused);
    work_out(arguments, &outcome.loaded, &mut outcome.report);
    let code = finish::finish(arguments, setup, &outcome.loaded, &mut outcome.report)?;
    // The process ends here, and what many small values are made of takes long to give back.
    std::mem::forget((said, outcome));
    Ok(if is_written { code } else { MISTAKE })
}

/// The configuration with all rules, where only some are run.
fn all_rules(config: &Config) -> Option<Config> {
    (!config.select.is_empty()).then(|| Config { select: Vec::new(), ..config.clone() })
}

/// Reads the configuration anew where it is among the edited texts; `own` is what it was read with. Whether it was read.
fn reread(arguments: &LintArguments, setup: &mut Setup, texts: &Texts, own: &mut Texts) -> Result<bool, String> {
    let is_own = |name: &str| setup.sources.iter().any(|it| it.1.name() == name);
    let edited: Texts =
        texts.iter().filter(|it| is_own(it.0)).map(|(name, text)| (name.clone(), text.clone())).collect();
    let is_other = edited != *own;
    if is_other {
        *setup = Setup::of_audit(arguments, &edited)?;
        *own = edited;
    }
    Ok(is_other)
}

/// Audits the inputs, where files have other texts than on the disk.
fn audit(
    setup: &mut Setup,
    inputs: &[Input],
    files: &BTreeMap<PathBuf, String>,
    parses: Parses,
    said: &mut Kept,
) -> (Loaded, Report) {
    let loaded = setup.load_edited(inputs, files, parses);
    let mut report = engine::run_again(&loaded.sources, &loaded.environments, &setup.config, said);
    report.left_out.clone_from(&loaded.left_out);
    (loaded, report)
}

/// The folder for new files as shown. What lies outside of what is audited would never be seen again.
fn folder(folder: &Path, inputs: &[Input], current: &Path) -> Result<String, String> {
    let real = std::fs::canonicalize(current.join(folder));
    let real = real.map_err(|error| format!("--fix-dir {}: {error}", folder.display()))?;
    if !real.is_dir() {
        return Err(format!("--fix-dir {} is not a folder", folder.display()));
    }
    let holds = |it: &Input| match it {
        Input::Path(path) => {
            std::fs::canonicalize(current.join(path)).is_ok_and(|it| it.is_dir() && real.starts_with(it))
        }
        Input::Text { .. } | Input::Rendered { .. } => false,
    };
    if !inputs.iter().any(holds) {
        let shown = folder.display();
        return Err(format!(
            "--fix-dir {shown} is not in a folder that is audited, so that its files would not be read"
        ));
    }
    Ok(crate::load::shown_name(current, &real))
}

/// Says which of the rules to fix have no fix that is ever applied.
fn warn_of_unfixable(only: &[String]) {
    for rule in only.iter().filter_map(|it| rules::find(it)) {
        let remedy = rule.page().remedy.as_ref();
        if remedy.is_none_or(|it| it.class == Safety::DisplayOnly) {
            complain(format_args!("{} has no fix that is applied", rule.id()));
        }
    }
}

fn complain_of_undone((fixed, error): &(Fixed, RuleId)) {
    let (rule, subject) = (fixed.rule, &fixed.subject);
    complain(render::text::escape(&format!("{rule}: {subject} is not fixed, because {error} would then be an error")));
}

/// The inputs with edited texts: streams in place, files by their paths without links.
fn edited(
    inputs: &[Input],
    texts: &BTreeMap<String, String>,
    current: &Path,
) -> (Vec<Input>, BTreeMap<PathBuf, String>) {
    let changed = |it: &Input| match it {
        Input::Text { name, bytes } => {
            let bytes = texts.get(name).map_or_else(|| bytes.clone(), |it| it.clone().into_bytes());
            Input::Text { name: name.clone(), bytes }
        }
        Input::Path(_) | Input::Rendered { .. } => it.clone(),
    };
    let is_file = |name: &str| stream(inputs, name).is_none();
    let files = texts.iter().filter(|it| is_file(it.0));
    let files = files.map(|(name, text)| (real(current, name), text.clone())).collect();
    (inputs.iter().map(changed).collect(), files)
}

/// The bytes of the stream of this name, if it is one.
fn stream<'i>(inputs: &'i [Input], name: &str) -> Option<&'i [u8]> {
    inputs.iter().find_map(|it| match it {
        Input::Text { name: own, bytes } if own == name => Some(bytes.as_slice()),
        _ => None,
    })
}

fn real(current: &Path, name: &str) -> PathBuf {
    let path = current.join(name);
    std::fs::canonicalize(&path).unwrap_or(path)
}

/// So many files are written at once: each waits until it is on the disk, and the disk takes many in one go.
const WRITERS: usize = 16;

/// Writes the edited files, and the stream to stdout. Returns whether each could be written; what could not is left as
/// it is, and named.
fn write(inputs: &[Input], setup: &Setup, outcome: &mut Outcome) -> Result<bool, String> {
    let files: Vec<(&String, &String)> = outcome.texts.iter().filter(|it| stream(inputs, it.0).is_none()).collect();
    let write = |(name, text): &(&String, &String)| {
        let path = real(&setup.current, name);
        match outcome.originals.get(*name) {
            Some(before) => replace(&path, before.as_bytes(), text.as_bytes()),
            None => create(&path, text.as_bytes()),
        }
    };
    let write_all = || -> Vec<_> { files.par_iter().map(write).collect() };
    let writers = ThreadPoolBuilder::new().num_threads(files.len().clamp(1, WRITERS)).build();
    let written = writers.map_or_else(|_| write_all(), |it| it.install(write_all));
    let mut failed = Vec::new();
    for ((name, _), written) in files.iter().zip(written) {
        if let Err(error) = written {
            complain(render::text::escape(&format!("{name} is left as it is: {error}")));
            failed.push((*name).clone());
        }
    }
    let fixed = outcome.applied.iter().filter(|it| !it.files.iter().any(|it| failed.contains(it)));
    outcome.report.fixed = fixed.cloned().collect();
    for input in inputs {
        if let Input::Text { name, bytes } = input {
            let text = outcome.texts.get(name).map_or(bytes.as_slice(), |it| it.as_bytes());
            output::to_stdout(text)?;
        }
    }
    Ok(failed.is_empty())
}

/// Prints what would be edited.
fn diff(arguments: &LintArguments, setup: &Setup, outcome: &mut Outcome) -> Result<u8, String> {
    let mut text = String::new();
    for (name, new) in &outcome.texts {
        let old = outcome.originals.get(name);
        let before = if old.is_some() { shown("a", name) } else { "/dev/null".to_owned() };
        let (old, after) = (old.map_or("", String::as_str), shown("b", name));
        text.push_str(&render::unified::diff((&before, old), (&after, new)));
    }
    output::to_stdout(text.as_bytes())?;
    outcome.report.refused.clone_from(&outcome.refused);
    work_out(arguments, &outcome.loaded, &mut outcome.report);
    finish::write_files(arguments, setup, &outcome.loaded, &mut outcome.report)?;
    let done = render::fixes::would(&outcome.applied);
    if !arguments.quiet {
        complain(done);
        render::fixes::refused(&outcome.refused).into_iter().for_each(complain);
    }
    let is_broken = |it: &Loaded| it.environments.iter().any(|it| it.problems.iter().any(is_syntax));
    Ok(match (outcome.loaded.errors.is_empty() && !is_broken(&outcome.loaded), outcome.texts.is_empty()) {
        (false, _) => MISTAKE,
        (true, true) => CLEAN,
        (true, false) => FINDINGS,
    })
}

/// The name of a file as `patch -p1` and `git apply` read it.
fn shown(side: &str, name: &str) -> String {
    format!("{side}/{}", name.trim_start_matches('/'))
}

fn is_syntax(problem: &crate::model::Problem) -> bool {
    problem.kind == ProblemKind::Syntax
}

/// So many fixes are worked out only to be counted; of more the count says what their rules offer, a few of which may
/// turn out not to be applicable.
const COUNTED: usize = 500;

/// Works out the fixes of a report that is shown and not applied, where a format shows them or they are few.
pub(super) fn work_out(arguments: &LintArguments, loaded: &Loaded, report: &mut Report) {
    let formats = arguments.output.iter().map(|it| it.format);
    let only_counts = !formats.chain([finish::format(arguments)]).any(Format::shows_edits);
    if only_counts && report.findings.iter().filter(|it| it.fix.is_some()).count() > COUNTED {
        return fix::weigh(report, &loaded.environments);
    }
    fix::work_out(report, loaded);
}
