//! `edms-lint dump-command`.

use crate::common::{files_below, root};
use assert_cmd::Command;
use edms_lint::model::resources;
use edms_lint::rules;
use std::collections::BTreeSet;

/// Exit code, stdout and stderr.
fn run(arguments: &[&str], stdin: &str) -> (i32, String, String) {
    let mut command = Command::cargo_bin("edms-lint").expect("the binary is built");
    let output = command.arg("dump-command").args(arguments).write_stdin(stdin).output().expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
    (output.status.code().expect("it exits"), text(&output.stdout), text(&output.stderr))
}

#[test]
fn it_asks_for_what_rules_read_in_one_order() {
    let names = "poddisruptionbudgets.policy\nevents.events.k8s.io\nsecrets\ndeployments.apps\n";
    let expected = "{ kubectl get -A -o yaml deployments.apps,poddisruptionbudgets.policy && echo '# edms-lint: \
                    complete dump of deployments.apps,poddisruptionbudgets.policy'; } > dump.yaml\n";
    assert_eq!(run(&[], names), (0, expected.to_owned(), String::new()));
    assert!(run(&["--with-secrets"], names).1.contains("yaml secrets,deployments.apps,"));
}

#[test]
fn namespaces_are_asked_one_by_one() {
    let names = "nodes\npods\n";
    let expected = "{ kubectl get -o yaml nodes && echo '---' && kubectl get -n a -o yaml pods && echo '---' && \
                    kubectl get -n b -o yaml pods && echo '# edms-lint: complete dump of nodes,pods in namespaces \
                    a,b'; } > dump.yaml\n";
    assert_eq!(run(&["-n", "b", "-n", "a", "-n", "b"], names), (0, expected.to_owned(), String::new()));
    assert_eq!(run(&["-n", "a; rm -r x"], names).0, 2);
}

#[test]
fn what_is_no_list_of_resources_is_told() {
    let (code, stdout, stderr) = run(&[], "NAME  SHORTNAMES\npods\n");
    assert_eq!((code, stderr.as_str()), (0, "edms-lint: no name of a resource: NAME  SHORTNAMES\n"), "{stdout}");
    for stdin in ["", "\n", "NAME  SHORTNAMES\n", "events\n"] {
        let (code, stdout, stderr) = run(&[], stdin);
        assert_eq!((code, stdout.as_str(), stderr.is_empty()), (2, "", false), "{stdin:?}");
    }
}

#[test]
fn a_whole_cluster_is_one_line() {
    let names = std::fs::read_to_string(root().join("tests/data/api-resources.txt")).expect("there is a list");
    let (code, stdout, stderr) = run(&[], &names);
    assert_eq!((code, stderr.as_str(), stdout.lines().count()), (0, "", 1));
    for name in ["kafkas.kafka.strimzi.io", "clusters.postgresql.cnpg.io", "scaledobjects.keda.sh", "nodes"] {
        assert!(stdout.contains(&format!(",{name},")), "{name}: {stdout}");
    }
    for name in ["events", "leases", "secrets", "endpointslices"] {
        assert!(!stdout.contains(&format!(",{name}")), "{name}: {stdout}");
    }
}

/// The kinds that sources ask for by name are those that a dump is asked for.
#[test]
fn every_kind_that_rules_read_is_asked_for() {
    let known: BTreeSet<&str> = resources().map(|it| it.kind).collect();
    // Descriptions of clusters, which none serves; and canaries, whose copies a dump holds by themselves.
    let outside = ["InstanceGroup", "ClusterConfig", "Simple", "Grafana", "all", "Canary"];
    let mut strangers = BTreeSet::new();
    for rule in rules::all() {
        strangers.extend(rule.page().kinds.iter().copied().filter(|it| !known.contains(it)));
    }
    let asked = ["of_kind(", "named(", "find("];
    let texts: Vec<String> = ["src/index", "src/rules"]
        .iter()
        .flat_map(|it| files_below(&root().join(it)))
        .filter(|it| it.extension().is_some_and(|it| it == "rs"))
        .map(|it| std::fs::read_to_string(it).expect("sources are text"))
        .collect();
    for text in &texts {
        for part in asked.iter().flat_map(|it| text.split(it).skip(1)) {
            let call = part.split(')').next().unwrap_or_default();
            let quoted = call.split('"').skip(1).step_by(2);
            let is_kind = |it: &&str| it.starts_with(char::is_uppercase) && !it.contains('_');
            let kind = quoted.into_iter().find(is_kind);
            strangers.extend(kind.filter(|it| !known.contains(it)));
        }
    }
    strangers.retain(|it| !outside.contains(it));
    assert!(strangers.is_empty(), "in no list of what rules read: {strangers:?}");
}
