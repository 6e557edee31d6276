//! `--show-config`: what is in force, and where each value comes from.

use super::args::LintArguments;
use super::setup::Setup;
use crate::config::{
    Config, DrillSetting, Durability, EnvironmentSetting, ExceptionSetting, Level, NodePool, NodeSize, ObjectMatch,
    Overrides, Profile, RenderSetting, Taint,
};
use crate::finding::Severity;
use crate::rule::Page;
use crate::rules;
use crate::source::{Sources, Span};
use std::fmt::Write as _;

/// The configuration as YAML, each value with its origin behind it.
pub(super) fn text(arguments: &LintArguments, setup: &Setup) -> String {
    let config = &setup.config;
    let file = setup.file.as_ref().map(|it| it.display().to_string()).unwrap_or_default();
    let mut page = Writer { text: String::new(), sources: &setup.sources };
    page.line(0, &format!("# {}", if setup.file.is_some() { &file } else { "no configuration file" }), None);
    page.line(0, "# A rule's level is that of its page for the profile, unless another origin stands behind it.", None);
    let origin = if arguments.read.profile.is_some() { "--profile" } else { "by default" };
    let origin = config.profile_span.map_or_else(|| origin.to_owned(), |it| page.place(it));
    page.line(0, &format!("profile: {}", config.profile.name()), Some(&origin));
    page.rules(config);
    page.facts(0, &facts(config));
    for setting in &*config.environments {
        page.environment(setting);
    }
    page.drill(&config.drill);
    page.lists(config);
    page.text
}

/// The parts that the whole file and an environment have in common.
fn facts(config: &Config) -> Overrides {
    Overrides {
        components: config.components.clone(),
        cluster: config.cluster.clone(),
        storage_classes: config.storage_classes.clone(),
        attestations: config.attestations.clone(),
        ..Overrides::default()
    }
}

struct Writer<'a> {
    text: String,
    sources: &'a Sources,
}

impl Writer<'_> {
    fn line(&mut self, depth: usize, text: &str, origin: Option<&str>) {
        let indent = "  ".repeat(depth);
        _ = match origin {
            Some(origin) => writeln!(self.text, "{indent}{text} # {origin}"),
            None => writeln!(self.text, "{indent}{text}"),
        };
    }

    /// `.edms-lint.yaml:3`.
    fn place(&self, span: Span) -> String {
        let source = self.sources.get(span.source);
        format!("{}:{}", source.name(), source.line_column(span.start).line)
    }

    fn at(&mut self, depth: usize, text: &str, span: Span) {
        let place = self.place(span);
        self.line(depth, text, Some(&place));
    }

    fn rules(&mut self, config: &Config) {
        self.line(0, "rules:", None);
        for rule in rules::all() {
            let page = rule.page();
            let left_out = |names: &[String]| names.iter().any(|it| *it == page.id || *it == page.component);
            if left_out(&config.ignore) {
                self.line(1, &format!("{}: off", page.id), Some("--ignore"));
            } else if !config.select.is_empty() && !left_out(&config.select) {
                self.line(1, &format!("{}: off", page.id), Some("--select"));
            } else {
                self.rule(page, config);
            }
        }
    }

    fn rule(&mut self, page: &Page, config: &Config) {
        let setting = config.rules.get(page.id.as_str());
        let level = setting.and_then(|it| it.level);
        let origin = setting.filter(|_| level.is_some()).map(|it| self.place(it.span));
        let level = word(level.unwrap_or_else(|| page.levels.of(config.profile)));
        if page.parameters.is_empty() {
            return self.line(1, &format!("{}: {level}", page.id), origin.as_deref());
        }
        self.line(1, &format!("{}:", page.id), None);
        self.line(2, &format!("level: {level}"), origin.as_deref());
        let written = setting.and_then(|it| it.parameters.as_ref());
        for (name, parameter) in &page.parameters {
            let own = written.and_then(|it| it.get().entry(name));
            if let Some(entry) = own {
                let text = self.sources.get(entry.value.span().source).slice(entry.value.span()).to_owned();
                self.at(2, &format!("{name}: {text}"), entry.key.span());
            } else {
                let default = serde_json::to_string(&parameter.default).unwrap_or_default();
                self.line(2, &format!("{name}: {default}"), None);
            }
        }
    }

    fn environment(&mut self, setting: &EnvironmentSetting) {
        let own = &setting.overrides;
        if !self.text.contains("\nenvironments:\n") {
            self.line(0, "environments:", None);
        }
        let [origin, of_paths] = [setting.span, setting.paths_span].map(|it| it.map(|it| self.place(it)));
        self.line(1, &format!("- name: {}", quote(&setting.name)), origin.as_deref());
        if !setting.paths.is_empty() {
            self.line(2, &format!("paths: {}", list(&setting.paths)), of_paths.as_deref());
        }
        if let Some((profile, span)) = own.profile {
            self.at(2, &format!("profile: {}", Profile::name(profile)), span);
        }
        if !own.rules.is_empty() {
            self.line(2, "rules:", None);
        }
        for (id, setting) in &*own.rules {
            let level = setting.level.map_or("the level of all environments", word);
            let more = if setting.parameters.is_some() { ", with parameters of its own" } else { "" };
            let place = self.place(setting.span);
            self.line(3, &format!("{id}: {level}"), Some(&format!("{place}{more}")));
        }
        self.facts(2, own);
    }

    fn facts(&mut self, depth: usize, own: &Overrides) {
        if !own.components.is_empty() {
            self.line(depth, "components:", None);
        }
        for component in &own.components {
            let selects = &component.selects;
            let parts = [
                ("kind", &selects.kind),
                ("name", &selects.name),
                ("namespace", &selects.namespace),
                ("image", &selects.image),
            ];
            let mut parts: Vec<String> =
                parts.into_iter().filter_map(|(key, it)| Some(format!("{key}: {}", quote(it.as_deref()?)))).collect();
            if !selects.labels.is_empty() {
                let labels = selects.labels.iter().map(|(key, value)| format!("{}: {}", quote(key), quote(value)));
                parts.push(format!("labels: {{{}}}", labels.collect::<Vec<String>>().join(", ")));
            }
            let place = component.span.map(|it| self.place(it));
            let text = format!("- {{match: {{{}}}, role: {}}}", parts.join(", "), component.role);
            self.line(depth + 1, &text, place.as_deref());
        }
        let cluster = &own.cluster;
        let counts = [("nodes", cluster.nodes), ("zones", cluster.zones)];
        let counts = counts.into_iter().filter_map(|(key, it)| it.map(|(it, span)| (format!("{key}: {it}"), span)));
        let version = cluster.kubernetes.iter().map(|(it, span)| (format!("kubernetes: \"{}\"", it.short()), *span));
        let strimzi = cluster.strimzi.iter().map(|(it, span)| (format!("operators: {{strimzi: \"{it}\"}}"), *span));
        let sizes = cluster.zones_of_nodes.iter().map(|(it, span)| (format!("zones-of-nodes: {it:?}"), *span));
        let pools = cluster.pools.iter().map(|(it, span)| (format!("pools: {}", pools(it)), *span));
        let node = cluster.node.iter().map(|(it, span)| (format!("node: {}", size(*it)), *span));
        let all: Vec<(String, Span)> =
            counts.chain(sizes).chain(pools).chain(node).chain(version).chain(strimzi).collect();
        if !all.is_empty() {
            self.line(depth, "cluster:", None);
        }
        for (text, span) in all {
            self.at(depth + 1, &text, span);
        }
        if !own.storage_classes.is_empty() {
            self.line(depth, "storage-classes:", None);
        }
        for (class, (it, span)) in &*own.storage_classes {
            self.at(depth + 1, &format!("{}: {}", quote(class), Durability::name(*it)), *span);
        }
        if !own.attestations.is_empty() {
            self.line(depth, "attestations:", None);
        }
        for it in &own.attestations {
            let text =
                format!("- {{id: {}, owner: {}, date: {}, expires: {}}}", it.id, quote(&it.owner), it.date, it.expires);
            let place = it.span.map(|it| self.place(it));
            self.line(depth + 1, &text, place.as_deref());
        }
    }

    fn drill(&mut self, drill: &DrillSetting) {
        if *drill == DrillSetting::default() {
            return;
        }
        self.line(0, "drill:", None);
        if !drill.require.is_empty() {
            self.line(1, &format!("require: [{}]", drill.require.join(", ")), None);
        }
        if let Some((nodes, span)) = drill.at_once {
            self.at(1, &format!("at-once: {nodes}"), span);
        }
        if !drill.need.is_empty() {
            self.line(1, "need:", None);
        }
        for (name, (pods, span)) in &drill.need {
            self.at(2, &format!("{}: {pods}", quote(name)), *span);
        }
        let switches = [("force", drill.force), ("delete-emptydir-data", drill.delete_emptydir)];
        let switches: Vec<String> =
            switches.iter().filter_map(|(key, it)| it.map(|it| format!("{key}: {it}"))).collect();
        if !switches.is_empty() {
            self.line(1, &format!("drain: {{{}}}", switches.join(", ")), None);
        }
    }

    fn lists(&mut self, config: &Config) {
        let of_key = |key: &str| config.key_spans.get(key).map(|it| self.place(*it));
        let [of_paths, of_exclude, of_reason] = ["paths", "exclude", "require-reason"].map(of_key);
        if let Some(file) = &config.baseline_file {
            self.line(0, &format!("baseline: {}", quote(file)), of_key("baseline").as_deref());
        }
        if !config.paths.is_empty() {
            self.line(0, &format!("paths: {}", list(&config.paths)), of_paths.as_deref());
        }
        if !config.exclude.is_empty() {
            self.line(0, &format!("exclude: {}", list(&config.exclude)), of_exclude.as_deref());
        }
        if !config.renders.is_empty() {
            self.line(0, "render:", None);
        }
        for it in &*config.renders {
            self.at(1, &format!("- {{{}}}", rendered(it)), it.span);
        }
        if !config.exceptions.is_empty() {
            self.line(0, "ignore:", None);
        }
        for exception in &*config.exceptions {
            self.at(1, &format!("- {{{}}}", entry(exception)), exception.span);
        }
        self.line(0, &format!("require-reason: {}", config.requires_reason), of_reason.as_deref());
    }
}

/// The parts of an entry of `render`.
fn rendered(it: &RenderSetting) -> String {
    let mut parts = vec![format!("chart: {}", quote(&it.chart))];
    parts.extend((!it.values.is_empty()).then(|| format!("values: {}", list(&it.values))));
    for (key, text) in [("name", &it.name), ("release", &it.release), ("namespace", &it.namespace)] {
        parts.extend(text.iter().map(|it| format!("{key}: {}", quote(it))));
    }
    parts.join(", ")
}

/// The parts of an entry of `ignore`.
fn entry(it: &ExceptionSetting) -> String {
    let mut parts = vec![format!("rules: {}", list(&it.rules))];
    for (key, texts) in [("paths", &it.paths), ("environments", &it.environments)] {
        if !texts.is_empty() {
            parts.push(format!("{key}: {}", list(texts)));
        }
    }
    let object = |it: &ObjectMatch| {
        let keys = [("kind", &it.kind), ("name", &it.name), ("namespace", &it.namespace)];
        let keys = keys.into_iter().filter_map(|(key, it)| Some(format!("{key}: {}", quote(it.as_deref()?))));
        format!("{{{}}}", keys.collect::<Vec<String>>().join(", "))
    };
    if !it.objects.is_empty() {
        parts.push(format!("objects: [{}]", it.objects.iter().map(object).collect::<Vec<String>>().join(", ")));
    }
    parts.extend(it.until.map(|it| format!("until: {it}")));
    parts.extend(it.reason.as_ref().map(|it| format!("reason: {}", quote(it))));
    parts.join(", ")
}

fn word(level: Level) -> &'static str {
    level.map_or("off", Severity::name)
}

fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|it| quote(it)).collect::<Vec<String>>().join(", "))
}

/// A text as YAML reads it back: plain where it is surely a text, else in quotes.
pub(super) fn quote(text: &str) -> String {
    let is_word = text.bytes().all(|it| it.is_ascii_alphanumeric() || b"._/-".contains(&it));
    let has_letter = text.bytes().next().is_some_and(|it| it.is_ascii_alphabetic());
    let is_constant = matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n"
    );
    if is_word && has_letter && !is_constant { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

/// Pools as the configuration writes them.
fn pools(pools: &[NodePool]) -> String {
    let pool = |it: &NodePool| {
        let zones = it.zones.map(|(zones, _)| format!(", zones: {zones}")).unwrap_or_default();
        let labels: Vec<String> =
            it.labels.iter().map(|(key, value)| format!("{}: {}", quote(key), quote(value))).collect();
        let taint =
            |it: &Taint| format!("{{key: {}, value: {}, effect: {}}}", quote(&it.key), quote(&it.value), it.effect);
        let taints: Vec<String> = it.taints.iter().map(taint).collect();
        format!("{{nodes: {}{zones}, labels: {{{}}}, taints: [{}]}}", it.nodes, labels.join(", "), taints.join(", "))
    };
    format!("[{}]", pools.iter().map(pool).collect::<Vec<_>>().join(", "))
}

/// A size as the configuration writes it.
fn size(size: NodeSize) -> String {
    let parts = [("cpu", size.cpu), ("memory", size.memory)];
    let parts = parts.into_iter().filter_map(|(key, it)| Some(format!("{key}: {}", it?)));
    format!("{{{}}}", parts.collect::<Vec<_>>().join(", "))
}
