//! `edms-lint drill [PATH]...`: what stays up.

use super::args::Color;
use super::drill_args::{At, DrillArguments, DrillFormat, Required};
use super::setup::{Setup, complain_of_inputs};
use super::{CLEAN, FINDINGS, MISTAKE, complain, nothing, output, terminal};
use crate::drill::{AtScale, Drill, Options, Role, Scenario, Subject, Told, Verdict, drill};
use crate::engine;
use crate::finding::{EnvironmentSummary, Report};
use crate::load::Loaded;
use crate::render::{Look, drill as render};
use crate::source::Sources;
use std::io;
use std::sync::Arc;

pub(super) fn run(arguments: &DrillArguments, color: Color) -> u8 {
    match drilled(arguments, color) {
        Ok(code) => code,
        Err(message) => {
            complain(message);
            MISTAKE
        }
    }
}

/// The exit code, or what prevented the drill.
fn drilled(arguments: &DrillArguments, color: Color) -> Result<u8, String> {
    let told = Told { nodes: arguments.nodes, zones: arguments.zones };
    if let (Some(nodes), Some(zones)) = (told.nodes, told.zones)
        && zones > nodes
    {
        return Err(format!("--zones {zones} is more than --nodes {nodes}: a zone has a node at least"));
    }
    let mut setup = Setup::read(&arguments.read, color)?;
    let loaded = setup.load(&setup.inputs(&arguments.read)?);
    let options = Options { at: at(arguments.at), told, ..Options::default() };
    let drills = engine::ask(&loaded.sources, &loaded.environments, &setup.config, |it| drill(it, &options));
    let detail = arguments.verbose;
    let look = terminal::stdout_look(color);
    let bytes = bytes(&drills, &loaded.sources, arguments.format, detail, look).map_err(|it| it.to_string())?;
    let file = |format| self::bytes(&drills, &loaded.sources, format, detail, terminal::file_look());
    output::write_whole(&arguments.output, file)?;
    output::to_stdout(&bytes)?;
    complain_of_inputs(&loaded);
    let checked_something = nothing::checked_something(&documents(&loaded), &loaded);
    if !loaded.errors.is_empty() || (!checked_something && arguments.fail_on_empty) {
        return Ok(MISTAKE);
    }
    let required: Vec<Scenario> = arguments.require.iter().map(|it| scenario(*it)).collect();
    let mut subjects = drills.iter().flat_map(|it| &it.subjects);
    let is_broken = subjects.any(|it| breaks(it, &required, arguments.strict));
    Ok(if is_broken { FINDINGS } else { CLEAN })
}

/// What was read, as reports have it.
fn documents(loaded: &Loaded) -> Report {
    let environments = loaded.environments.iter().map(|it| EnvironmentSummary {
        name: it.name.clone(),
        reason: it.reason.clone(),
        remarks: it.remarks.clone(),
        documents: Arc::clone(&it.documents),
        components: Vec::new(),
    });
    Report { environments: environments.collect(), left_out: loaded.left_out.clone(), ..Report::default() }
}

/// Whether a subject does not hold what is required.
fn breaks(subject: &Subject, required: &[Scenario], is_strict: bool) -> bool {
    if subject.role == Role::Platform {
        return false;
    }
    let broken = |it: Verdict| match it {
        Verdict::Fails | Verdict::Stuck => true,
        Verdict::MayFail | Verdict::NotKnown => is_strict,
        Verdict::Survives | Verdict::Asleep => false,
    };
    required.iter().any(|it| subject.outcome(*it).is_some_and(|it| broken(it.verdict)))
}

fn at(at: At) -> AtScale {
    match at {
        At::Least => AtScale::Least,
        At::Most => AtScale::Most,
        At::Written => AtScale::Written,
    }
}

fn scenario(required: Required) -> Scenario {
    match required {
        Required::Node => Scenario::LoseNode,
        Required::Zone => Scenario::LoseZone,
        Required::Drain => Scenario::Drain,
        Required::Roll => Scenario::Roll,
        Required::ScaleDown => Scenario::ScaleDown,
    }
}

fn bytes(
    drills: &[Drill],
    sources: &Sources,
    format: DrillFormat,
    is_verbose: bool,
    look: Look,
) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match format {
        DrillFormat::Text => render::text::render(drills, sources, is_verbose, look, &mut bytes)?,
    }
    Ok(bytes)
}
