//! `edms-lint init`: a commented `.edms-lint.yaml` that fits the manifests below a folder and changes no verdict.

use super::show_config::quote;
use super::{CLEAN, MISTAKE, complain, config_file, output};
use crate::config::Config;
use crate::engine;
use crate::finding::{Classified, Report};
use crate::load::{self, Input, Loaded};
use crate::model::{Environment, Object};
use crate::source::Sources;
use crate::yaml::NodeRef;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// Environments, workloads and classes that are listed.
const SHOWN: usize = 12;

pub(super) fn run(folder: &Path) -> u8 {
    match write(folder) {
        Ok(message) => {
            complain(message);
            CLEAN
        }
        Err(message) => {
            complain(message);
            MISTAKE
        }
    }
}

/// Writes the file, and says what was found.
fn write(folder: &Path) -> Result<String, String> {
    let file = if folder == Path::new(".") { config_file::NAME.into() } else { folder.join(config_file::NAME) };
    if !folder.is_dir() {
        return Err(format!("{} is no folder", folder.display()));
    }
    if file.exists() {
        return Err(format!("{} is there already", file.display()));
    }
    // Names in the file are relative to it.
    let root = std::path::absolute(folder).map_err(|error| format!("cannot find {}: {error}", folder.display()))?;
    let config = Config::default();
    let options = load::Options { config: &config, config_dir: Some(&root), working_dir: &root };
    let loaded = load::load(&[Input::Path(root.clone())], Sources::default(), &options);
    let report = engine::run(&loaded.sources, &loaded.environments, &config);
    let text = text(&loaded, &report);
    output::replace_file(&file, text.as_bytes())
        .map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    let environments: usize = loaded.environments.iter().filter(|it| !it.objects.is_empty()).count();
    let plural = if environments == 1 { "" } else { "s" };
    Ok(format!(
        "wrote {} for {environments} environment{plural}; everything in it but the profile is commented out",
        file.display()
    ))
}

fn text(loaded: &Loaded, report: &Report) -> String {
    let mut text = String::from(HEAD);
    environments(&loaded.environments, &mut text);
    components(report, &mut text);
    storage(loaded, &mut text);
    text.push_str(REST);
    text
}

const HEAD: &str = "\
# Completion and checks in editors: `edms-lint schema > .edms-lint.schema.json`
# yaml-language-server: $schema=.edms-lint.schema.json
#
# `edms-lint --show-config` prints what is in force. Lines that are commented out show what can be said.

# relaxed for development clusters, default, or production: advice becomes a demand.
profile: default

# Levels (off, note, warning, error) and parameters, by rule; `edms-lint rules` lists them.
# rules:
#   hpa-missing: note
#   kafka-too-few-brokers: {level: warning, min-brokers: 5}
";

const REST: &str = "
# The cluster, as far as no manifest shows it. Rules on nodes, zones and removed API versions use it.
# cluster: {nodes: 6, zones: 3, kubernetes: \"1.34\", operators: {strimzi: \"0.45.1\"}}

# Files that are not read, and what is audited when no path is named.
# exclude: [vendor/**]
# paths: [k8s]

# Exceptions for paths and objects. In a manifest: `# edms-lint: ignore[RULE] until=2027-01-31: reason`.
# ignore:
#   - rules: [workload-too-few-replicas]
#     objects: [{kind: Deployment, name: legacy-*}]
#     until: 2027-01-31
#     reason: the legacy queue allows one reader

# Whether each exception must give a reason.
# require-reason: true

# What somebody vouches for because no manifest can show it; it counts for 180 days.
# attestations:
#   - {id: ops-failover-tested, owner: platform team, date: 2026-11-01, evidence: docs/failover.md}
";

/// What was found to be deployed together, with a profile where a name suggests one.
fn environments(all: &[Environment], text: &mut String) {
    let all: Vec<&Environment> = all.iter().filter(|it| !it.documents.is_empty()).collect();
    text.push_str("\n# What is deployed together was found by looking:\n");
    for it in all.iter().take(SHOWN) {
        _ = writeln!(text, "#   {}: {}", quote(&it.name), one_line(&it.reason));
        if it.folders.len() > 1 {
            let folders: Vec<String> = it.folders.iter().take(SHOWN).map(|it| quote(it)).collect();
            let more = it.folders.len() - folders.len();
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            _ = writeln!(text, "#     from {}{more}", folders.join(", "));
        }
    }
    if all.len() > SHOWN {
        _ = writeln!(text, "#   and {} more", all.len() - SHOWN);
    }
    text.push_str(
        "# An entry with `paths` makes one by hand; one without covers what was found. Profile, rules, components,\n\
         # cluster, storage-classes and attestations may stand in it.\n",
    );
    text.push_str("# environments:\n");
    // Clusters are worth an entry each, whatever their names say.
    let guess = |it: &&Environment| {
        let common = (!it.folders.is_empty()).then_some("default");
        Some((it.name.clone(), profile(&it.name).or(common)?))
    };
    let guesses: Vec<(String, &str)> = all.iter().copied().filter_map(|it| guess(&it)).take(SHOWN).collect();
    if guesses.is_empty() {
        text.push_str("#   - {name: production, paths: [k8s/base, k8s/production], profile: production}\n");
    }
    for (name, profile) in guesses {
        _ = writeln!(text, "#   - {{name: {}, profile: {profile}}}", quote(&name));
    }
}

/// The profile that a folder's name suggests.
fn profile(name: &str) -> Option<&'static str> {
    if [".yaml", ".yml", ".json"].iter().any(|it| name.ends_with(it)) {
        return None;
    }
    let words: Vec<&str> = name.split(|it: char| !it.is_ascii_alphanumeric()).collect();
    let has = |known: &[&str]| words.iter().any(|it| known.iter().any(|known| it.eq_ignore_ascii_case(known)));
    if has(&["prod", "production", "live"]) {
        return Some("production");
    }
    has(&["dev", "development", "test", "testing", "qa", "staging", "demo", "example", "examples", "local"])
        .then_some("relaxed")
}

/// Workloads of which it is not sure what they are.
fn components(report: &Report, text: &mut String) {
    let all = report.environments.iter().flat_map(|it| &it.components);
    let mut unsure: Vec<&Classified> = all.filter(|it| it.role == "app").collect();
    unsure.sort_by_key(|it| (it.object.name(), it.object.kind()));
    unsure.dedup_by_key(|it| (it.object.name(), it.object.kind()));
    text.push_str(
        "\n# Roles, where recognition guesses wrong (`edms-lint --verbose` shows them): backend, frontend, consumer,\n",
    );
    text.push_str("# app, postgres, kafka, zookeeper, datastore, controller, platform, singleton, tool or ignore.\n");
    if !unsure.is_empty() {
        text.push_str("# Nothing tells what these are but that they run, so they count as app.\n");
    }
    text.push_str("# components:\n");
    if unsure.is_empty() {
        text.push_str("#   - {match: {kind: Deployment, name: scheduler-*}, role: singleton}\n");
    }
    for it in unsure.iter().take(SHOWN) {
        let (kind, name) = (quote(it.object.kind()), quote(it.object.name()));
        _ = writeln!(text, "#   - {{match: {{kind: {kind}, name: {name}}}, role: app}}");
    }
    if unsure.len() > SHOWN {
        _ = writeln!(text, "#   and {} more", unsure.len() - SHOWN);
    }
}

/// Classes that are used and defined nowhere.
fn storage(loaded: &Loaded, text: &mut String) {
    let objects = || loaded.environments.iter().flat_map(|it| &it.objects);
    let defined: BTreeSet<&str> =
        objects().filter(|it| it.is("storage.k8s.io", "StorageClass")).map(Object::name).collect();
    let mut used = BTreeSet::new();
    for object in objects() {
        classes(object.node(), 0, &mut used);
    }
    used.retain(|it| !defined.contains(it.as_str()) && !it.is_empty() && !crate::model::is_placeholder(it));
    text.push_str("\n# What storage classes survive: node-local, single-copy, file, zonal or multi-zone; \"\" is the default class.\n");
    text.push_str("# storage-classes:\n");
    if used.is_empty() {
        text.push_str("#   \"\": zonal\n");
    } else {
        for it in used.iter().take(SHOWN) {
            _ = writeln!(text, "#   {}: zonal # used, and defined nowhere", quote(it));
        }
    }
}

/// The names of storage classes in a tree.
fn classes(node: NodeRef<'_>, depth: usize, found: &mut BTreeSet<String>) {
    const DEEPEST: usize = 40;
    if depth > DEEPEST {
        return;
    }
    for entry in node.written_entries() {
        let is_class = entry.name() == "storageClassName" || entry.name() == "storageClass";
        if is_class && entry.value.as_str().is_some() {
            found.insert(entry.value.text().to_owned());
        }
        classes(entry.value, depth + 1, found);
    }
    for item in node.items() {
        classes(item, depth + 1, found);
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}
