//! What programs print in place of manifests: errors, tables for people, pages. It comes through a pipe when the
//! command before it fails, and must not look like a system in which nothing is wrong.

use super::LoadError;

/// More lines than this has no list without items.
const SHORT: usize = 12;
/// Characters of a message that are quoted.
const QUOTED: usize = 120;
/// How messages begin, in small letters: of kubectl, helm, kustomize, git, curl, shells and what Go prints.
const BEGINNINGS: &[&str] = &[
    "error",
    "fatal:",
    "warning:",
    "panic:",
    "usage:",
    "traceback (most recent",
    "unable to connect to the server",
    "the connection to the server",
    "no resources found",
    "you must be logged in",
    "curl: (",
    "404: not found",
    "bash: ",
    "zsh: ",
    "sh: ",
    "/bin/sh: ",
];

/// What is wrong with a text that came through a pipe and holds no manifest; nothing if it may be one.
pub(super) fn refuse(name: &str, text: &str) -> Option<LoadError> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let name = name.to_owned();
    let Some(first) = text.lines().next() else { return Some(LoadError::EmptyStream { name }) };
    let (what, advice) = if is_page(first) {
        ("an HTML page".to_owned(), "fetch the raw file")
    } else if is_empty_list(text) {
        ("a List without items".to_owned(), "nothing was checked; ask for kinds and namespaces that hold some")
    } else if is_table(first) {
        ("a table for people".to_owned(), "`kubectl get` prints manifests with `-o yaml`")
    } else if is_message(first) {
        let mut quoted: String = first.chars().take(QUOTED).collect();
        if quoted.len() < first.len() {
            quoted.push_str("...");
        }
        (format!("a message, `{quoted}`"), "run the command before the pipe on its own")
    } else {
        return None;
    };
    Some(LoadError::NoManifests { name, what, advice })
}

fn is_page(first: &str) -> bool {
    let first = first.to_ascii_lowercase();
    first.starts_with("<!doctype html") || first.starts_with("<html")
}

/// What `kubectl get -o yaml` or `-o json` prints where there is none of what was asked for.
fn is_empty_list(text: &str) -> bool {
    let squeeze = |it: &str| it.trim().trim_end_matches(',').replace(['"', ' '], "");
    let lines: Vec<String> = text.lines().take(SHORT).map(squeeze).collect();
    let has = |it: &str| lines.iter().any(|line| line == it);
    // Who writes a list by hand writes no version into it.
    lines.len() < SHORT && ["apiVersion:v1", "items:[]", "kind:List", "resourceVersion:"].into_iter().all(has)
}

/// The head of a table of kubectl or helm: `NAME READY STATUS`.
fn is_table(first: &str) -> bool {
    let mut words = first.split_whitespace();
    let begins = matches!(words.next(), Some("NAME" | "NAMESPACE" | "LAST"));
    let is_head = |it: &str| it.chars().all(|it| !it.is_lowercase() && it != ':');
    let mut rest = words.peekable();
    begins && rest.peek().is_some() && rest.all(is_head)
}

fn is_message(first: &str) -> bool {
    let lower = first.to_lowercase();
    BEGINNINGS.iter().any(|it| lower.starts_with(it)) || lower.ends_with("command not found") || is_log_line(first)
}

/// A line that Kubernetes' programs log: `E1129 12:00:00.000000 12 memcache.go:265] ...`.
fn is_log_line(first: &str) -> bool {
    let (head, rest) = first.split_once(' ').unwrap_or_default();
    let mut head = head.chars();
    matches!(head.next(), Some('E' | 'W' | 'F'))
        && head.clone().count() == 4
        && head.all(|it| it.is_ascii_digit())
        && rest.contains(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        refuse("<stdin>", text).map(|it| it.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_list_of_nothing_is_told() {
        for text in [
            "apiVersion: v1\nitems: []\nkind: List\nmetadata:\n  resourceVersion: \"\"\n",
            "{\n    \"apiVersion\": \"v1\",\n    \"items\": [],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n",
        ] {
            let told = refuse("<stdin>", text).map(|it| it.to_string()).unwrap_or_default();
            assert!(told.contains("a List without items"), "{told}");
        }
        assert!(refuse("<stdin>", "apiVersion: v1\nkind: List\nitems:\n- a: 1\n").is_none());
    }

    #[test]
    fn messages_tables_and_pages_are_told() {
        let empty = "<stdin> is empty, so nothing was checked: run the command before the pipe on its own";
        for text in ["", "\n \n", "\u{feff}", "\u{feff}\r\n\t"] {
            assert_eq!(said(text), empty);
        }
        let message = "<stdin> holds no manifests but a message, `Error: no cluster`: run the command before the pipe \
                       on its own";
        assert_eq!(said("\nError: no cluster\nhelm.go:84\n"), message);
        let table = "<stdin> holds no manifests but a table for people: `kubectl get` prints manifests with `-o yaml`";
        assert_eq!(said("NAME    READY   STATUS\na-1   1/1  Running\n"), table);
        for text in [
            "Error from server (Forbidden): pods is forbidden",
            "error: the server doesn't have a resource type \"kafkas\"",
            "No resources found in default namespace.",
            "The connection to the server localhost:8080 was refused",
            "E1129 12:00:00.000000   12 memcache.go:265] couldn't get current server API group list",
            "sh: 1: helm: not found",
            "helm: command not found",
            "<!DOCTYPE html>",
        ] {
            assert!(said(text).starts_with("<stdin> holds no manifests but "), "{text}");
        }
    }

    #[test]
    fn other_texts_are_not() {
        for text in ["---", "# a comment", "{}", "apiVersion: v1", "a: 1", "NAME: x", "NAME", "hello", "names: []"] {
            assert_eq!(said(text), "", "{text}");
        }
    }
}
