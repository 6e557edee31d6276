//! Rendered charts: the comment `# Source:` with which `helm template` begins each document, and the template that
//! it names.

use super::chart_folders::{ChartFolders, template_name};
use super::documents::ReadFile;
use super::made::Made;
use super::store::Store;
use super::text::decode;
use super::{Options, paths};
use crate::source::{Origin, Source, SourceId, Sources};
use crate::yaml::split::{Piece, split};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// How Helm begins the comment.
const COMMENT: &str = "# Source: ";

/// Remembers which documents were rendered, and reads the templates that are there.
pub(super) fn find_templates(
    store: &Store,
    files: &[ReadFile],
    made: &Made<'_>,
    sources: &mut Sources,
    options: &Options<'_>,
) {
    let mut named: BTreeMap<SourceId, (Option<&Path>, Vec<(Range<u32>, String)>)> = BTreeMap::new();
    for file in files {
        let own = named_in(sources.get(file.source).text());
        if !own.is_empty() {
            named.insert(file.source, (made.chart(&file.name), own));
        }
    }
    if named.is_empty() {
        return;
    }
    let working_dir = paths::normalize(Path::new("/"), options.working_dir);
    let charts = ChartFolders::below(store, &working_dir);
    let mut templates: BTreeMap<PathBuf, Option<SourceId>> = BTreeMap::new();
    for (source, (chart, named)) in named {
        let mut origin = |(range, template): (Range<u32>, String)| {
            let file = match chart {
                Some(chart) => charts.file_in(store, chart, &template),
                None => charts.file_of(store, &template),
            };
            let mut known = |file: PathBuf| {
                let is_new = !templates.contains_key(&file);
                let read = || read(store, &file, chart.unwrap_or(&working_dir), &working_dir);
                let new = is_new.then(read).flatten().map(|it| sources.add(it));
                *templates.entry(file).or_insert(new)
            };
            let file = file.and_then(&mut known);
            Origin { range, template, file }
        };
        let origins = named.into_iter().map(&mut origin).collect();
        sources.add_origins(source, origins);
    }
}

/// The documents of a text that say what they were rendered from.
fn named_in(text: &str) -> Vec<(Range<u32>, String)> {
    if !text.contains(COMMENT) {
        return Vec::new();
    }
    let offset = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    let of = |piece| match piece {
        Piece::Document(range) => {
            let template = in_head(&text[range.clone()])?.to_owned();
            Some((offset(range.start)..offset(range.end), template))
        }
        _ => None,
    };
    split(text).into_iter().filter_map(of).collect()
}

/// What the comments before the first line of a document name.
fn in_head(document: &str) -> Option<&str> {
    let head = document.lines().take_while(|it| it.trim().is_empty() || it.starts_with('#'));
    head.filter_map(|it| it.strip_prefix(COMMENT)).find_map(|it| template_name(it.trim_end()))
}

/// The text of a template. A link that leads out of the working directory, or out of a chart that Helm was given, is not
/// followed.
fn read(store: &Store, file: &Path, root: &Path, working_dir: &Path) -> Option<Source> {
    let root = store.real(root).unwrap_or_else(|_| root.to_owned());
    if !store.real(file).ok()?.starts_with(root) {
        return None;
    }
    let decoded = decode(store.read(file).ok()?);
    decoded.defect.is_none().then(|| Source::template(paths::display(working_dir, file), decoded.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_comments_at_the_head_name_a_template() {
        for (text, name) in [
            ("# Source: a/templates/b.yaml\nkind: A\n", Some("a/templates/b.yaml")),
            ("\r\n# Source: a/templates/b.yaml\r\nkind: A\r\n", Some("a/templates/b.yaml")),
            ("# made by hand\n# Source: a/templates/b.yaml\nkind: A\n", Some("a/templates/b.yaml")),
            ("kind: A\n# Source: a/templates/b.yaml\n", None),
            ("a: |\n  # Source: a/templates/b.yaml\n", None),
            ("a: |\n# Source: a/templates/b.yaml\n", None),
            ("# Source: https://example.org/x/templates/b.yaml\nkind: A\n", None),
            ("# Source: ../templates/b.yaml\nkind: A\n", None),
        ] {
            let found = named_in(text);
            assert_eq!(found.first().map(|it| it.1.as_str()), name, "{text:?}");
        }
    }
}
