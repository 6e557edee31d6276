//! `edms-lint dump-command`: from what a cluster has to the line that dumps what rules read of it.

use super::args::DumpArguments;
use super::{MISTAKE, complain, shell};
use crate::model::{Resource, resources};
use crate::render::text::{count, escape};
use std::io::BufRead as _;

/// So many lines that are no names of resources are shown.
const SHOWN: usize = 5;
/// A line of names is shorter; nobody's list of resources is longer.
const LONGEST: usize = 10_000;

pub(super) fn run(arguments: &DumpArguments) -> u8 {
    match command(arguments) {
        Ok(command) => shell::print(format!("{command}\n").as_bytes()),
        Err(message) => {
            complain(message);
            MISTAKE
        }
    }
}

fn command(arguments: &DumpArguments) -> Result<String, String> {
    let listed = read_names()?;
    let asked: Vec<Resource> = resources()
        .filter(|it| arguments.with_secrets || !it.is_secret())
        .filter(|it| listed.binary_search(&it.to_string()).is_ok())
        .collect();
    if asked.is_empty() {
        return Err("no rule reads any of these resources".to_owned());
    }
    Ok(line(&asked, &namespaces(&arguments.namespaces)?))
}

/// The namespaces, each once and in one order.
fn namespaces(named: &[String]) -> Result<Vec<&str>, String> {
    // What is no name could be anything to a shell.
    let is_name = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
    if let Some(wrong) = named.iter().find(|it| !is_name(it) || it.starts_with('-')) {
        return Err(format!("{:?} is no name of a namespace", escape(wrong)));
    }
    let mut namespaces: Vec<&str> = named.iter().map(String::as_str).collect();
    namespaces.sort_unstable();
    namespaces.dedup();
    Ok(namespaces)
}

/// The names of resources on stdin, sorted; others are named on stderr.
fn read_names() -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    let mut strangers = Vec::new();
    for line in std::io::stdin().lock().lines().take(LONGEST) {
        let line = line.map_err(|error| format!("cannot read stdin: {error}"))?;
        let line = line.trim();
        let is_name = |it: &str| it.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'-'));
        match line {
            "" => {}
            _ if is_name(line) => names.push(line.to_owned()),
            _ => strangers.push(line.to_owned()),
        }
    }
    for line in strangers.iter().take(SHOWN) {
        complain(format_args!("no name of a resource: {}", escape(line)));
    }
    if strangers.len() > SHOWN {
        complain(format_args!("and {} more", count(strangers.len() - SHOWN, "line")));
    }
    if names.is_empty() {
        return Err("no names of resources on stdin: kubectl api-resources --verbs=list -o name | edms-lint \
                    dump-command"
            .to_owned());
    }
    names.sort_unstable();
    Ok(names)
}

/// The shell line. The marker is its last step, so that it stands only where every kubectl succeeded: asked for
/// several kinds, kubectl prints those that it gets and exits with 1 when one of them fails or is forbidden
/// (kubernetes/kubectl, `printGeneric` and `CheckErr` in `pkg/cmd/get/get.go`).
fn line(asked: &[Resource], namespaces: &[&str]) -> String {
    let join = |it: &[Resource]| it.iter().map(Resource::to_string).collect::<Vec<String>>().join(",");
    let mut steps = Vec::new();
    if namespaces.is_empty() {
        steps.push(format!("kubectl get -A -o yaml {}", join(asked)));
    } else {
        let (inside, of_the_cluster): (Vec<Resource>, Vec<Resource>) =
            asked.iter().copied().partition(|it| it.is_namespaced());
        if !of_the_cluster.is_empty() {
            steps.push(format!("kubectl get -o yaml {}", join(&of_the_cluster)));
        }
        let own = namespaces.iter().filter(|_| !inside.is_empty());
        steps.extend(own.map(|it| format!("kubectl get -n {it} -o yaml {}", join(&inside))));
    }
    let within = if namespaces.is_empty() { String::new() } else { format!(" in namespaces {}", namespaces.join(",")) };
    let steps = steps.join(" && echo '---' && ");
    format!("{{ {steps} && echo '# edms-lint: complete dump of {}{within}'; }} > dump.yaml", join(asked))
}
