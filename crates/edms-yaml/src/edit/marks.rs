//! Marks of texts that programs write: editing them is in vain.

use super::file::Parsed;
use crate::NodeRef;
use crate::source::{Source, Sources};

/// What kustomize writes down of where an object comes from: <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/buildmetadata/>.
pub(super) const ORIGIN: &str = "config.kubernetes.io/origin";

/// What says that a program writes the whole file: a comment before all content.
pub(super) fn of_file(text: &str) -> Option<String> {
    let text = text.trim_start_matches('\u{feff}');
    let is_head = |it: &&str| {
        let it = it.trim();
        it.is_empty() || it.starts_with(['#', '%']) || it == "---" || it.starts_with("--- #")
    };
    text.lines().take_while(is_head).find_map(in_comment)
}

/// What says that a program writes a document, or the object that holds the node.
pub(super) fn of_node(sources: &Sources, source: &Source, parsed: &Parsed, node: NodeRef<'_>) -> Option<String> {
    let root = parsed.document.root().span();
    if let Some(origin) = sources.origin(root) {
        return Some(format!("rendered from {}", origin.template));
    }
    let head = &source.text()[parsed.range.start..root.start as usize];
    head.lines().filter(|it| it.starts_with('#')).find_map(in_comment).or_else(|| {
        let mut at = Some(node).filter(|_| parsed.may_tell_origin);
        while let Some(node) = at {
            let origin = node.get("metadata").and_then(|it| it.get("annotations")).and_then(|it| it.get(ORIGIN));
            if origin.is_some() {
                return Some(format!("annotation {ORIGIN}"));
            }
            at = parsed.parent(node);
        }
        None
    })
}

fn in_comment(line: &str) -> Option<String> {
    let words = line.to_ascii_lowercase();
    let is_mark = words.contains("do not edit") || words.contains("code generated");
    is_mark.then(|| format!("`{}`", line.trim()))
}
