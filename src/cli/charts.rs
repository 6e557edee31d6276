//! The warning about charts that are not rendered, with the command that renders each.

use super::complain;
use crate::load::{Loaded, Unrendered};
use crate::render::text::{count, escape};

/// Charts that are named one by one.
const NAMED: usize = 5;

/// Says how to have the charts of the run checked.
pub(super) fn warn(loaded: &Loaded) {
    let charts: Vec<&Unrendered> =
        loaded.unrendered.iter().filter(|it| !loaded.sources.renders(&it.release, &it.folder)).collect();
    for chart in charts.iter().take(NAMED) {
        let (folder, command) = (escape(&chart.folder), command(chart));
        complain(format_args!("{folder} is a Helm chart that is not rendered; to check what it makes: {command}"));
    }
    if let Some(more) = charts.len().checked_sub(NAMED).filter(|it| *it > 0) {
        complain(format_args!(
            "{} that {} not rendered",
            count(more, "more chart"),
            if more == 1 { "is" } else { "are" }
        ));
    }
}

/// The command that renders a chart and checks what comes out.
fn command(chart: &Unrendered) -> String {
    let folder = quoted(&chart.folder);
    let fetched = if chart.lacks_dependencies { format!("helm dependency build {folder} && ") } else { String::new() };
    let values = chart.values.as_ref().map(|it| format!(" -f {}", quoted(it))).unwrap_or_default();
    format!("{fetched}helm template {} {folder}{values} | edms-lint -", chart.release)
}

/// A path as a word of a shell, which is no flag either.
fn quoted(path: &str) -> String {
    let path = escape(path);
    let path = if path.starts_with('-') { format!("./{path}") } else { path.into_owned() };
    let is_safe = |it: char| it.is_ascii_alphanumeric() || "_./@%+=:,-".contains(it);
    if !path.is_empty() && path.chars().all(is_safe) { path } else { format!("'{}'", path.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_words_of_a_shell() {
        for (path, word) in [
            ("charts/orders", "charts/orders"),
            ("my charts/o'clock", "'my charts/o'\\''clock'"),
            ("$(reboot)", "'$(reboot)'"),
            ("-f", "./-f"),
            (".", "."),
        ] {
            assert_eq!(quoted(path), word);
        }
    }
}
