//! Reports on their way out: to stdout, or to files that are written whole or not at all.

use super::args::{Format, Output};
use super::replace::Partial;
use super::terminal;
use crate::config::Profile;
use crate::finding::{Report, RuleId};
use crate::render::{self, Detail, Look, RuleInfo};
use crate::rules;
use crate::source::{SourceId, Sources};
use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Everything that a report is written from.
pub(super) struct Material<'a> {
    pub(super) report: &'a Report,
    pub(super) sources: &'a Sources,
    pub(super) profile: Profile,
    pub(super) detail: Detail,
    /// Whether what was taken away is shown.
    pub(super) shows_suppressed: bool,
    /// The root of the git repository, for paths that code scanning understands.
    pub(super) root: Option<PathBuf>,
}

/// Renders one format.
pub(super) fn render(material: &Material<'_>, format: Format, look: Look) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let Material { report, sources, .. } = material;
    match format {
        Format::Pretty => {
            render::pretty::render(report, sources, look, material.detail, material.shows_suppressed, &mut bytes)?;
        }
        Format::Concise => {
            render::concise::render(report, sources, material.detail, &mut bytes)?;
            if material.shows_suppressed {
                render::concise::render_suppressed(report, sources, &mut bytes)?;
            }
        }
        Format::Json => render::json::render(report, sources, material.profile.name(), &mut bytes)?,
        Format::Sarif => {
            let infos = infos(report, material);
            let path = |id: SourceId| relative_to_root(sources.get(id).name(), material.root.as_deref());
            let shows_suppressed = material.shows_suppressed;
            let options = render::sarif::Options { rules: &infos, category: None, path: &path, shows_suppressed };
            render::sarif::render(report, sources, &options, &mut bytes)?;
        }
    }
    Ok(bytes)
}

/// The rules that results name: with the words of all there are, a log of one result would be 1.5 MB.
fn infos(report: &Report, material: &Material<'_>) -> Vec<RuleInfo> {
    let suppressed = report.suppressed.iter().filter(|_| material.shows_suppressed).map(|it| it.finding.rule);
    let named: BTreeSet<RuleId> = report.findings.iter().map(|it| it.rule).chain(suppressed).collect();
    rules::all().filter(|it| named.contains(&it.id())).map(|it| info(it, material.profile)).collect()
}

fn info(rule: &'static crate::rule::Entry, profile: Profile) -> RuleInfo {
    let page = rule.page();
    let checks = page.section("What it checks").unwrap_or_default();
    let summary = checks.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let sections = page.guideline.iter().map(|it| format!("guideline-{it}"));
    RuleInfo {
        id: page.id.into(),
        title: page.title.to_owned(),
        summary,
        markdown: page.body.to_owned(),
        text: page.body.replace("```", "").replace('`', ""),
        level: page.levels.of(profile),
        tags: std::iter::once(page.component.to_owned()).chain(sections).collect(),
        heuristic: page.confidence == crate::finding::Confidence::Heuristic,
    }
}

/// A file's path from the root of the repository, with links resolved, as code scanning shows alerts.
fn relative_to_root(name: &str, root: Option<&Path>) -> Option<String> {
    let root = std::fs::canonicalize(root?).ok()?;
    let file = std::fs::canonicalize(name).ok()?;
    let relative = file.strip_prefix(root).ok()?;
    let parts: Vec<String> = relative.components().map(|it| it.as_os_str().to_string_lossy().into_owned()).collect();
    Some(parts.join("/"))
}

/// Writes a file whole or not at all.
pub(super) fn replace_file(file: &Path, bytes: &[u8]) -> io::Result<()> {
    if is_special(file) {
        return std::fs::write(file, bytes);
    }
    Partial::beside(file, bytes)?.rename_to(file)
}

/// Renders all files first and then writes them.
pub(super) fn write_files(material: &Material<'_>, outputs: &[Output<Format>]) -> Result<(), String> {
    write_whole(outputs, |format| render(material, format, terminal::file_look()))
}

/// Writes reports to files, each in place of the old one in one step.
pub(super) fn write_whole<F: Copy>(
    outputs: &[Output<F>],
    render: impl Fn(F) -> io::Result<Vec<u8>>,
) -> Result<(), String> {
    let mut rendered = Vec::new();
    for output in outputs {
        let failed = |error: io::Error| format!("cannot write {}: {error}", output.file.display());
        let bytes = render(output.format).map_err(failed)?;
        if is_special(&output.file) {
            std::fs::write(&output.file, &bytes).map_err(failed)?;
            continue;
        }
        rendered.push((Partial::beside(&output.file, &bytes).map_err(failed)?, output));
    }
    for (partial, output) in rendered {
        partial.rename_to(&output.file).map_err(|error| format!("cannot write {}: {error}", output.file.display()))?;
    }
    Ok(())
}

/// Whether a device or a pipe stands there: it is written to, never replaced, not even by root.
fn is_special(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|it| !it.is_file())
}

/// Writes to stdout. A reader who has seen enough is no error.
pub(super) fn to_stdout(bytes: &[u8]) -> Result<(), String> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(format!("cannot write to stdout: {error}")),
        _ => Ok(()),
    }
}
