//! `edms-lint drill [PATH]...`: what stays up.

use super::args::Color;
use super::drill_args::{At, DrillArguments, DrillFormat, PlacementArgument, Required};
use super::setup::{Setup, complain_of_inputs};
use super::{CLEAN, FINDINGS, MISTAKE, about, complain, nothing, output, progress, rendering, terminal};
use crate::config::Config;
use crate::drill::{AtScale, Drill, Options, Role, Scenario, Subject, Told, Verdict, drill};
use crate::engine;
use crate::finding::{EnvironmentSummary, Report};
use crate::index::{is_host_key, is_zone_key};
use crate::load::Loaded;
use crate::render::text::escape;
use crate::render::{About, Look, drill as render};
use crate::source::Sources;
use crate::suggest;
use clap::ValueEnum as _;
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
    let inputs = setup.inputs(&arguments.read)?;
    let progress = progress::start("drilling");
    let loaded = rendering::load(&mut setup, &arguments.read, &inputs);
    let setting = &setup.config.drill;
    let (kept, key) = lost(arguments.lose.as_deref());
    let options = Options {
        at: at(arguments.at),
        told,
        key: key.clone(),
        is_actual: arguments.placement == PlacementArgument::Actual,
        at_once: setting.at_once.map_or(1, |it| i64::from(it.0)),
        need: setting.needs(),
    };
    let mut drills = engine::ask(&loaded.sources, &loaded.environments, &setup.config, |it| drill(it, &options));
    drop(progress);
    check_placement(arguments, key.as_deref(), &drills)?;
    for subject in drills.iter_mut().flat_map(|it| &mut it.subjects) {
        subject.outcomes.retain(|it| kept.is_none_or(|kept| !LOSSES.contains(&it.scenario) || it.scenario == kept));
    }
    check_needs(&setup.config, &drills, &loaded.sources)?;
    let detail = arguments.verbose;
    let look = terminal::stdout_look(color);
    let about = about::about(&setup);
    let bytes = |format, look| bytes(&drills, &about, &loaded.sources, format, detail, look);
    let printed = bytes(arguments.format, look).map_err(|it| it.to_string())?;
    let file = |format| bytes(format, terminal::file_look());
    output::write_whole(&arguments.output, file)?;
    output::to_stdout(&printed)?;
    complain_of_inputs(&loaded);
    let checked_something = nothing::checked_something(&documents(&loaded), &loaded);
    if !loaded.errors.is_empty() || (!checked_something && arguments.fail_on_empty) {
        return Ok(MISTAKE);
    }
    let required = required(arguments, &setup.config);
    let mut subjects = drills.iter().flat_map(|it| &it.subjects);
    let is_broken = subjects.any(|it| breaks(it, &required, arguments.strict));
    Ok(if is_broken { FINDINGS } else { CLEAN })
}

/// The scenarios of which one may be chosen.
const LOSSES: [Scenario; 4] = [Scenario::LoseNode, Scenario::LoseZone, Scenario::LosePrimary, Scenario::ScaleDown];

/// The loss that is shown alone, and the node label that stands in place of zones.
fn lost(word: Option<&str>) -> (Option<Scenario>, Option<String>) {
    match word {
        None => (None, None),
        Some(word) if word == "node" || is_host_key(word) => (Some(Scenario::LoseNode), None),
        Some(word) if word == "zone" || is_zone_key(word) => (Some(Scenario::LoseZone), None),
        Some(key) => (Some(Scenario::LoseZone), Some(key.to_owned())),
    }
}

/// Refuses a label that no node has, and manifests that show no placement.
fn check_placement(arguments: &DrillArguments, key: Option<&str>, drills: &[Drill]) -> Result<(), String> {
    if let Some(key) = key.filter(|_| drills.iter().all(|it| it.cluster.least().zones.is_none())) {
        return Err(escape(&format!("--lose {key}: no node has this label")).into_owned());
    }
    if arguments.placement == PlacementArgument::Actual && !drills.iter().any(|it| it.is_actual) {
        return Err("--placement actual: not a dump: there are no nodes, or no pods with nodeName".to_owned());
    }
    Ok(())
}

/// Refuses needs of workloads that are not there, or that never have so many pods.
fn check_needs(config: &Config, drills: &[Drill], sources: &Sources) -> Result<(), String> {
    let workloads = || drills.iter().flat_map(|it| &it.subjects).filter(|it| it.ceiling.is_some() || it.is_counted);
    for (name, (need, span)) in &config.drill.need {
        let place = render::place(*span, sources);
        let named: Vec<&Subject> = workloads().filter(|it| it.identity.name == *name).collect();
        if named.is_empty() {
            let near = suggest::nearest(name, workloads().map(|it| it.identity.name.as_str()));
            let meant = near.map(|it| format!(": did you mean `{it}`?")).unwrap_or_default();
            return Err(escape(&format!("{place}: no workload is called `{name}`{meant}")).into_owned());
        }
        let most = named.iter().map(|it| it.ceiling).max().flatten();
        if let Some(most) = most.filter(|it| *it < i64::from(*need)) {
            return Err(
                escape(&format!("{place}: {need} pods of `{name}` are needed, and it has {most} at most")).into_owned()
            );
        }
    }
    Ok(())
}

/// The scenarios that must not fail.
fn required(arguments: &DrillArguments, config: &Config) -> Vec<Scenario> {
    if !arguments.require.is_empty() {
        return arguments.require.iter().map(|it| scenario(*it)).collect();
    }
    let words = config.drill.require.iter().filter_map(|it| Required::from_str(it, false).ok());
    words.map(scenario).collect()
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
    about: &About,
    sources: &Sources,
    format: DrillFormat,
    is_verbose: bool,
    look: Look,
) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match format {
        DrillFormat::Text => render::text::render(drills, sources, is_verbose, look, &mut bytes)?,
        DrillFormat::Markdown => render::markdown::render(drills, sources, &mut bytes)?,
        DrillFormat::Html => render::html::render(drills, about, sources, &mut bytes)?,
        DrillFormat::Json => render::json::render(drills, sources, &mut bytes)?,
    }
    Ok(bytes)
}
