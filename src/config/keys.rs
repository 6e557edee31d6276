//! The keys of `.edms-lint.yaml`, each with what it means: what the reader accepts and what the schema says.

/// Keys of one map with their descriptions.
pub type Keys = [(&'static str, &'static str)];

/// The file itself.
pub const TOP: &Keys = &[
    ("profile", "How strict the audit is."),
    ("rules", "Levels and parameters, by rule."),
    ("components", "Roles of workloads, where recognition guesses wrong; the first that matches counts."),
    (
        "environments",
        "What is deployed together, where detection guesses wrong, and what holds in one environment only.",
    ),
    ("paths", "Files and folders to audit when the command line names none, relative to this file."),
    (
        "baseline",
        "A baseline, relative to this file: the findings that it knows are left out. `--baseline` names another.",
    ),
    ("exclude", "Globs of files and folders that are not read, relative to this file."),
    ("render", "Charts with the values that `--render` renders them with, an environment each."),
    ("cluster", "Facts of the cluster that manifests do not show."),
    ("drill", "What `edms-lint drill` requires, and how nodes are drained."),
    ("storage-classes", "What each storage class survives, by name; the empty name is the default class."),
    ("attestations", "What somebody vouches for because no manifest can show it."),
    ("ignore", "Exceptions for paths and objects."),
    ("require-reason", "Whether every exception, here, in comments and in annotations, must give a reason."),
];

/// A rule in a map: the level beside its parameters.
pub const RULE: &Keys = &[("level", "What the rule's findings count as, in all its cases.")];

/// An entry of `components`.
pub const COMPONENT: &Keys = &[("match", "Which workloads: all that is given must fit."), ("role", "What they are.")];

/// The `match` of a component.
pub const MATCH: &Keys = &[
    ("kind", "The kind, exactly."),
    ("name", "The name; `*` stands for any text."),
    ("namespace", "The namespace as written in the manifest; `*` stands for any text."),
    ("labels", "Labels of the pods, exactly."),
    ("image", "The image of any container; `*` stands for any text."),
];

/// An entry of `environments`.
pub const ENVIRONMENT: &Keys = &[
    ("name", "Its name: a new one with `paths`, or one that the summary shows."),
    ("paths", "Files, folders and globs that are deployed together, relative to this file."),
    ("profile", "How strict the audit is there."),
    ("rules", "Levels and parameters that hold there, by rule."),
    ("components", "Roles that hold there, before those of all environments."),
    ("cluster", "Facts of its cluster."),
    ("storage-classes", "What its storage classes survive."),
    ("attestations", "What is vouched for there."),
];

/// An entry of `render`.
pub const RENDER: &Keys = &[
    ("chart", "The chart's folder, relative to this file."),
    ("values", "Files of values, relative to this file; later ones win."),
    ("name", "The name of the environment."),
    ("release", "The name of the release; the chart's name unless it says otherwise."),
    ("namespace", "The namespace of the release."),
];

/// `cluster`.
pub const CLUSTER: &Keys = &[
    ("nodes", "Nodes for ordinary pods."),
    ("zones", "Zones that they are in."),
    ("zones-of-nodes", "Nodes of each zone, as in [2, 2, 1]; for drills."),
    ("pools", "Nodes that differ, each pool with its number of nodes, zones, labels and taints; for drills."),
    ("node", "What a node has for pods: cpu and memory; for drills."),
    ("kubernetes", "The version of Kubernetes, as in \"1.34\"."),
    ("operators", "Versions of operators that no manifest installs."),
];

/// An entry of `cluster.pools`.
pub const POOL: &Keys = &[
    ("nodes", "How many."),
    (
        "zones",
        "In how many zones, the first of which are those of other pools; `cluster.zones` unless it says otherwise.",
    ),
    ("labels", "What they are labelled with."),
    ("taints", "What keeps pods away: {key, value, effect}, or key=value:effect."),
];

/// A taint of a pool.
pub const TAINT: &Keys =
    &[("key", "Its key."), ("value", "Its value."), ("effect", "NoSchedule, PreferNoSchedule or NoExecute.")];

/// `cluster.node`.
pub const NODE: &Keys = &[("cpu", "As in 4 or 3920m."), ("memory", "As in 16Gi.")];

/// `drill`.
pub const DRILL: &Keys = &[
    ("require", "Scenarios that make the exit code 1 where they fail or never end, as `--require` does."),
    ("at-once", "Nodes that are drained together; 1 unless it says otherwise."),
    ("need", "Pods that must answer, by the workload's name; 1 unless it says otherwise."),
    ("drain", "How nodes are drained."),
];

/// `drill.drain`.
pub const DRAIN: &Keys = &[
    ("force", "Whether pods without a controller go, too: `kubectl drain --force`."),
    ("delete-emptydir-data", "Whether pods with emptyDir go, too: `kubectl drain --delete-emptydir-data`."),
];

/// `cluster.operators`.
pub const OPERATORS: &Keys = &[("strimzi", "The release of Strimzi, as in \"0.45.1\".")];

/// An entry of `attestations`.
pub const ATTESTATION: &Keys = &[
    ("id", "What is attested: a rule, or a practice that no manifest shows."),
    ("owner", "Who vouches."),
    ("date", "When it was checked."),
    ("expires", "The first day on which it no longer counts; 180 days after the date unless it says otherwise."),
    ("evidence", "A document in the repository, or an address."),
    ("environments", "The environments that it covers; all unless it says otherwise."),
];

/// An entry of `ignore`.
pub const EXCEPTION: &Keys = &[
    ("rules", "The rules whose findings are taken away."),
    ("paths", "Files, folders and globs, relative to this file."),
    ("objects", "Objects: one of them must fit."),
    ("environments", "The environments that it covers; all unless it says otherwise."),
    ("reason", "Why."),
    ("until", "The last day on which it counts."),
];

/// An entry of `objects`.
pub const OBJECT: &Keys = &[
    ("kind", "The kind; `*` stands for any text."),
    ("name", "The name; `*` stands for any text."),
    ("namespace", "The namespace as written in the manifest; `*` stands for any text."),
];

/// The names alone.
pub(super) fn names(keys: &Keys) -> Vec<&'static str> {
    keys.iter().map(|it| it.0).collect()
}
