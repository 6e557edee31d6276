//! Reports on their way out: to stdout, or to files that are written whole or not at all.

use super::args::{Format, Output};
use super::replace::Partial;
use super::terminal;
use crate::config::Profile;
use crate::finding::{Report, RuleId};
use crate::model::Environment;
use crate::render::files::Files;
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
    /// Whether SARIF lists all rules.
    pub(super) lists_all_rules: bool,
    /// The environments of the report.
    pub(super) environments: &'a [Environment],
    /// Midnight (UTC) of the day of the run, in seconds since 1970.
    pub(super) seconds: i64,
    /// The root of the git repository, for paths that code scanning understands.
    pub(super) root: Option<PathBuf>,
}

/// Renders one format.
pub(super) fn render(material: &Material<'_>, format: Format, look: Look) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let Material { report, sources, detail, shows_suppressed, .. } = *material;
    let path = |id: SourceId| relative_to_root(sources.get(id).name(), material.root.as_deref());
    let files = Files { sources, path: &path };
    match format {
        Format::Pretty => render::pretty::render(report, sources, look, detail, shows_suppressed, &mut bytes)?,
        Format::Concise => {
            render::concise::render(report, sources, look, detail, &mut bytes)?;
            if shows_suppressed {
                render::concise::render_suppressed(report, sources, &mut bytes)?;
            }
        }
        Format::Json => render::json::render(report, sources, material.profile.name(), &mut bytes)?,
        Format::Sarif => {
            let infos = infos(report, material);
            let options = render::sarif::Options { rules: &infos, category: None, path: &path, shows_suppressed };
            render::sarif::render(report, sources, &options, &mut bytes)?;
        }
        Format::Github => render::github::render(report, &files, &mut bytes)?,
        Format::Gitlab => render::gitlab::render(report, &files, &mut bytes)?,
        Format::Junit => render::junit::render(report, &files, shows_suppressed, &mut bytes)?,
        Format::Checkstyle => render::checkstyle::render(report, &files, &mut bytes)?,
        Format::Markdown => {
            let options = render::markdown::Options { detail, shows_suppressed };
            render::markdown::render(report, &files, options, &mut bytes)?;
        }
        Format::Openreports => {
            let (environments, seconds) = (material.environments, material.seconds);
            let options = render::openreports::Options { environments, seconds, shows_suppressed };
            render::openreports::render(report, &files, &options, &mut bytes)?;
        }
        Format::Agent => render::agent::render(report, sources, detail, &mut bytes)?,
    }
    Ok(bytes)
}

/// The rules that results name: with the words of all there are, a log of one result would be 1.5 MB.
fn infos(report: &Report, material: &Material<'_>) -> Vec<RuleInfo> {
    let suppressed = report.suppressed.iter().filter(|_| material.shows_suppressed).map(|it| it.finding.rule);
    let named: BTreeSet<RuleId> = report.findings.iter().map(|it| it.rule).chain(suppressed).collect();
    let is_listed = |it: RuleId| material.lists_all_rules || named.contains(&it);
    rules::all().filter(|it| is_listed(it.id())).map(|it| info(it, material.profile)).collect()
}

fn info(rule: &'static crate::rule::Entry, profile: Profile) -> RuleInfo {
    let page = rule.page();
    let checks = page.section("What it checks").unwrap_or_default();
    let summary = checks.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    // Who shows Markdown shows that; the text is its gist.
    let gist = [checks, page.section("Why it matters").unwrap_or_default()];
    let text = gist.join("\n\n").replace("```", "").replace('`', "");
    let sections = page.guideline.iter().map(|it| format!("guideline-{it}"));
    RuleInfo {
        id: page.id.into(),
        title: page.title.to_owned(),
        summary,
        // What an example is for is a word for our tests.
        markdown: page
            .body
            .replace("```yaml bad", "```yaml")
            .replace("```yaml good", "```yaml")
            .replace("```yaml fixed", "```yaml"),
        text,
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

/// Refuses two reports in one file: the second would replace the first.
fn check_files<F>(outputs: &[Output<F>]) -> Result<(), String> {
    for (number, output) in outputs.iter().enumerate() {
        let is_same = |it: &Output<F>| it.file == output.file && !is_special(&it.file);
        if outputs[..number].iter().any(is_same) {
            return Err(format!("two reports go to {}: give each --output a file of its own", output.file.display()));
        }
    }
    Ok(())
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
    check_files(outputs)?;
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
