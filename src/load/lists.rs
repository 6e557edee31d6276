//! Lists of objects: `kind: List`, and the list of one kind. `kubectl` takes each item for an object of its own and
//! drops everything else that stands in a list.

use super::item::{Classified, DocumentKind, Item, item};
use crate::model::{Problem, ProblemKind, is_known};
use crate::suggest;
use crate::yaml::{Document, Entry, NodeRef};
use std::sync::Arc;

/// How deep Lists are unwrapped. Nobody nests them; a bound keeps the stack from hostile ones.
const MAX_LISTS: usize = 8;
/// The keys of a list.
const KEYS: [&str; 4] = ["apiVersion", "kind", "metadata", "items"];
/// Metadata that objects have and lists do not, and that changes what it is written for.
const OF_OBJECTS: [&str; 3] = ["namespace", "labels", "annotations"];

/// Whether it is a `List`, or the list of one kind that has its items.
pub(super) fn is_list(node: NodeRef<'_>) -> bool {
    let kind = node.str_at(&["kind"]).unwrap_or_default();
    let has_items = node.get("items").is_some_and(|it| it.is_seq() || it.is_null());
    is_plain_list(node) || (kind.ends_with("List") && has_items)
}

fn is_plain_list(node: NodeRef<'_>) -> bool {
    node.str_at(&["kind"]) == Some("List") && node.str_at(&["apiVersion"]) == Some("v1")
}

/// The objects of a list, and what is wrong with it.
pub(super) fn unwrap(document: &Arc<Document>, list: NodeRef<'_>) -> Classified {
    let mut unwrapped = Classified { kind: DocumentKind::List, items: Vec::new(), problems: Vec::new() };
    unwrapped.unwrap(document, list, 0);
    unwrapped
}

/// The objects among the items of a list.
pub(super) fn unwrap_items(document: &Arc<Document>, items: &[NodeRef<'_>]) -> Classified {
    let mut unwrapped = Classified { kind: DocumentKind::List, items: Vec::new(), problems: Vec::new() };
    for item in items {
        unwrapped.push(document, *item, 0);
    }
    unwrapped
}

impl Classified {
    fn unwrap(&mut self, document: &Arc<Document>, list: NodeRef<'_>, depth: usize) {
        match misplaced_items(list) {
            Some(problem) => self.problems.push(problem),
            None => self.problems.extend(unknown_keys(list)),
        }
        let mut is_empty = true;
        for node in list.items_at(&["items"]) {
            is_empty = false;
            self.push(document, node, depth);
        }
        if is_empty {
            self.items.push(Item::other(list.first_line(), "List", "a List without items"));
        }
    }

    fn push(&mut self, document: &Arc<Document>, node: NodeRef<'_>, depth: usize) {
        if is_list(node) && depth < MAX_LISTS {
            self.unwrap(document, node, depth + 1);
        } else {
            self.items.push(item(document, node.resolved(), "an item without apiVersion or kind"));
        }
    }
}

/// The problem of a `List` whose objects stand elsewhere than in a sequence under `items`. One that has none is
/// right: kubectl prints it where nothing was found.
fn misplaced_items(list: NodeRef<'_>) -> Option<Problem> {
    let (message, span) = match list.entry("items") {
        Some(it) if it.value.is_seq() || it.value.is_null() => return None,
        Some(_) => ("items of a List is not a list, so kubectl refuses it".to_owned(), list.place(&["items"])),
        None => {
            let stray = list.entries().find(|it| !KEYS.contains(&it.key.text()))?;
            let name = stray.key.text();
            (format!("a List has its objects under `items`, and `{name}` is not read"), stray.line_span())
        }
    };
    let help = Some("put the objects under `items`, each with a dash".to_owned());
    Some(Problem { kind: ProblemKind::Syntax, message, span, labels: Vec::new(), help })
}

/// The keys that no list has. What is only called a list may be of a kind that somebody else defines.
fn unknown_keys(list: NodeRef<'_>) -> Vec<Problem> {
    let kind = list.str_at(&["kind"]).unwrap_or_default();
    let group = list.str_at(&["apiVersion"]).and_then(|it| it.split_once('/')).map_or("", |it| it.0);
    if !is_plain_list(list) && !kind.strip_suffix("List").is_some_and(|it| is_known(group, it)) {
        return Vec::new();
    }
    let unknown = list.entries().filter(|it| !KEYS.contains(&it.key.text())).map(|it| unknown_key(kind, it));
    let metadata = list.get("metadata").into_iter().flat_map(NodeRef::entries);
    let lost = metadata.filter(|it| OF_OBJECTS.contains(&it.key.text()) && !is_empty(it.value));
    unknown.chain(lost.map(|it| lost_metadata(kind, it))).collect()
}

fn unknown_key(kind: &str, entry: Entry<'_>) -> Problem {
    let (name, span) = (entry.key.text(), entry.key.span());
    let help = match suggest::nearest(name, KEYS) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "remove it, or put it where it belongs".to_owned(),
    };
    let message = format!("a {kind} has no field `{name}`: kubectl drops it in silence");
    Problem { kind: ProblemKind::UnknownKey, message, span, labels: Vec::new(), help: Some(help) }
}

fn lost_metadata(kind: &str, entry: Entry<'_>) -> Problem {
    let (name, span) = (entry.key.text(), entry.key.span());
    let message = format!("`{name}` of a {kind} reaches none of its items: kubectl drops it in silence");
    let help = Some("write it into the metadata of each item".to_owned());
    Problem { kind: ProblemKind::Doubtful, message, span, labels: Vec::new(), help }
}

fn is_empty(value: NodeRef<'_>) -> bool {
    value.is_null() || value.as_str() == Some("") || (value.is_map() && value.entries().next().is_none())
}

#[cfg(test)]
mod tests {
    use super::super::classify::classify;
    use super::*;
    use crate::source::SourceId;

    fn classified(text: &str) -> (Arc<str>, Classified) {
        let text: Arc<str> = text.into();
        let length = text.len();
        let document = crate::yaml::parse(SourceId(0), &text, 0..length).expect("parses").expect("holds a document");
        let classified = classify(&Arc::new(document), "a.yaml");
        (text, classified)
    }

    fn reasons(text: &str) -> Vec<String> {
        classified(text).1.items.iter().map(|it| format!("{}: {:?}", it.title, it.fate())).collect()
    }

    fn messages(text: &str) -> Vec<String> {
        classified(text).1.problems.into_iter().map(|it| it.message).collect()
    }

    #[test]
    fn lists_are_unwrapped_and_lists_in_them() {
        let text = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n- {}\n\
                    - {apiVersion: v1, kind: PodList, items: [{apiVersion: v1, kind: Pod, metadata: {name: b}}]}\n";
        let expected =
            ["Pod a: Checked", "document: Skipped(\"an item without apiVersion or kind\")", "Pod b: Checked"];
        assert_eq!(reasons(text), expected);
    }

    #[test]
    fn lists_without_items_are_counted_and_misspelt_ones_are_told() {
        let none = "List: Skipped(\"a List without items\")";
        for text in [
            "apiVersion: v1\nkind: List",
            "apiVersion: v1\nkind: List\nitems:",
            "{apiVersion: v1, kind: List, metadata: {resourceVersion: ''}, items: []}",
            "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: List, items: []}]",
            "apiVersion: v1\nkind: PodList\nitems: null",
        ] {
            assert_eq!(reasons(text), [none], "{text}");
            assert_eq!(messages(text), [""; 0], "{text}");
        }
        let of_list = messages("apiVersion: v1\nkind: List\nlist:\n- {apiVersion: v1, kind: Pod}\n");
        assert_eq!(of_list, ["a List has its objects under `items`, and `list` is not read"]);
        let of_map = messages("apiVersion: v1\nkind: List\nitems: {apiVersion: v1, kind: Pod}\n");
        assert_eq!(of_map, ["items of a List is not a list, so kubectl refuses it"]);
        assert_eq!(reasons("apiVersion: x.io/v1\nkind: AllowList"), ["AllowList: Unknown"]);
    }

    #[test]
    fn keys_that_no_list_has_are_told_at_their_place() {
        let text = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\nitmes: []\n\
                    metadata: {labels: {a: b}, annotations: {}, name: all, resourceVersion: ''}\nspec: 1\n";
        let (text, found) = classified(text);
        let told: Vec<_> = found.problems.iter().map(|it| (&text[it.span.range()], it.help.as_deref())).collect();
        let expected = [
            ("itmes", Some("did you mean `items`?")),
            ("spec", Some("remove it, or put it where it belongs")),
            ("labels", Some("write it into the metadata of each item")),
        ];
        assert_eq!(told, expected);
        let nested =
            "apiVersion: v1\nkind: List\nitems: [{apiVersion: apps/v1, kind: DeploymentList, items: [], more: 1}]";
        assert_eq!(messages(nested), ["a DeploymentList has no field `more`: kubectl drops it in silence"]);
        assert_eq!(messages("apiVersion: acme.io/v1\nkind: AllowList\nitems: [a]\nmode: strict"), [""; 0]);
    }
}
