//! `edms-lint report [PATH]...`: how ready the system is.

use super::args::{Color, ReportArguments, ReportFormat};
use super::setup::{Setup, complain_of_inputs};
use super::{CLEAN, FINDINGS, MISTAKE, about, complain, nothing, output, progress, rendering, terminal};
use crate::drill::{Drill, Options, drill};
use crate::engine;
use crate::finding::{DocumentStatus, Report};
use crate::index::Index;
use crate::readiness::{self, EnvironmentReadiness, Inventory, Readiness, Reason, Word};
use crate::render::text::escape;
use crate::render::{About, Look, readiness as render};
use crate::source::Sources;
use std::collections::BTreeSet;
use std::io;
use std::path::Path;

pub(super) fn run(arguments: &ReportArguments, color: Color) -> u8 {
    match report(arguments, color) {
        Ok(code) => code,
        Err(message) => {
            complain(message);
            MISTAKE
        }
    }
}

/// The exit code, or what prevented the report.
fn report(arguments: &ReportArguments, color: Color) -> Result<u8, String> {
    let mut setup = Setup::read(&arguments.read, color)?;
    let inputs = setup.inputs(&arguments.read)?;
    let progress = progress::start("auditing");
    let loaded = rendering::load(&mut setup, &arguments.read, &inputs);
    let ask = |index: &Index<'_>| (Inventory::new(index), drill(index, &Options::default()));
    let (mut report, answers) = engine::run_and_ask(&loaded.sources, &loaded.environments, &setup.config, ask);
    drop(progress);
    let (inventories, drills): (Vec<Inventory>, Vec<Drill>) = answers.into_iter().unzip();
    report.left_out.clone_from(&loaded.left_out);
    let missing = missing_evidence(&setup);
    let mut readiness = readiness::assess(&report, &inventories, &setup.config, &missing);
    for (environment, drill) in readiness.environments.iter_mut().zip(&drills) {
        cite(environment, drill);
    }
    let look = terminal::stdout_look(color);
    let written = Written { readiness: &readiness, sources: &loaded.sources, about: about::about(&setup) };
    let bytes = written.bytes(arguments.format, look).map_err(|it| it.to_string())?;
    output::write_whole(&arguments.output, |it| written.bytes(it, terminal::file_look()))?;
    output::to_stdout(&bytes)?;
    complain_of_inputs(&loaded);
    let checked_something = nothing::checked_something(&report, &loaded);
    if !loaded.errors.is_empty() {
        return Ok(MISTAKE);
    }
    let Some(least) = arguments.fail_under else { return Ok(CLEAN) };
    let is_open = checked_something && readiness.environments.iter().all(|it| it.score.decided() == 0);
    if is_open {
        complain("no sentence could be decided, so --fail-under fails");
    }
    // Each is told, and not only the first.
    let under = readiness.environments.iter().filter(|it| is_under(it, &report, usize::from(least)));
    let is_under = under.count() > 0;
    Ok(if is_under || is_open || !checked_something { FINDINGS } else { CLEAN })
}

/// What a lost node stops, at the sentence on single points of failure, and what a scale-down leaves together, at that on
/// spread.
fn cite(environment: &mut EnvironmentReadiness, drill: &Drill) {
    let said = [("no-single-point-of-failure", drill.single_points()), ("replicas-spread", drill.at_the_floor())];
    for (sentence, (text, first)) in said.into_iter().filter_map(|(sentence, it)| Some((sentence, it?))) {
        let reason = Reason {
            id: "drill",
            word: Word::Advice,
            text,
            span: Some(first.span),
            labels: Vec::new(),
            evidence: Vec::new(),
            help: Some("`edms-lint drill` says why".to_owned()),
            subject: first.identity.clone(),
            components: BTreeSet::new(),
        };
        environment.cite(sentence, reason);
    }
}

/// Whether an environment has a lower score, or none because nothing of it was checked, as of an unrendered chart.
fn is_under(environment: &EnvironmentReadiness, report: &Report, least: usize) -> bool {
    let name = &environment.name;
    if let Some(percent) = environment.score.percent() {
        if percent < least {
            let message =
                format!("{percent} % of the decided sentences hold in {name}: exit code 1 (--fail-under {least})");
            complain(escape(&message));
        }
        return percent < least;
    }
    let checked = report.environments.iter().filter(|it| it.name == *name).flat_map(|it| it.documents.iter());
    let is_unseen = checked.filter(|it| it.fate == DocumentStatus::Checked).count() == 0;
    if is_unseen {
        complain(escape(&format!("nothing was checked in {name}, so --fail-under fails")));
    }
    is_unseen
}

/// What is written, in one format or several.
struct Written<'r> {
    readiness: &'r Readiness,
    sources: &'r Sources,
    about: About,
}

impl Written<'_> {
    fn bytes(&self, format: ReportFormat, look: Look) -> io::Result<Vec<u8>> {
        let Written { readiness, sources, about } = self;
        let mut bytes = Vec::new();
        match format {
            ReportFormat::Text => render::text::render(readiness, sources, look, &mut bytes)?,
            ReportFormat::Markdown => render::markdown::render(readiness, sources, &mut bytes)?,
            ReportFormat::Html => render::html::render(readiness, about, sources, &mut bytes)?,
            ReportFormat::Json => render::json::render(readiness, sources, &mut bytes)?,
        }
        Ok(bytes)
    }
}

/// The documents that attestations name as evidence, relative to the configuration, and that are not there.
/// An address on the web is believed: this program talks to nobody.
fn missing_evidence(setup: &Setup) -> BTreeSet<String> {
    let folder = setup.folder.as_deref().unwrap_or(&setup.current);
    let config = &setup.config;
    let own = config.environments.iter().flat_map(|it| &it.overrides.attestations);
    let named = config.attestations.iter().chain(own).filter_map(|it| it.evidence.as_deref());
    named.filter(|it| !it.contains("://") && !exists(folder, it)).map(str::to_owned).collect()
}

/// Whether a document exists; a part of it may be named after `#`.
fn exists(folder: &Path, evidence: &str) -> bool {
    let file = evidence.split_once('#').map_or(evidence, |it| it.0);
    !file.is_empty() && folder.join(file).exists()
}
