//! Reads `.edms-lint.yaml`: every error is found in one go, and each points at its place.

mod attestations;
mod drill;
mod environments;
mod exceptions;
mod nodes;
mod render;

pub(crate) use attestations::date;

use super::{
    ClusterFacts, ComponentMatch, ComponentSetting, Config, ConfigNode, Durability, LEVEL, Level, Profile, RuleSetting,
    keys::{self, Keys},
};
use crate::finding::Severity;
use crate::source::Span;
use crate::suggest;
use crate::yaml::de::{self, ReadError};
use crate::yaml::{Document, Entry, NodeRef};
use edms_k8s::version::Version;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// The words that only the caller knows, because they belong to later layers.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary<'v> {
    /// The ids of all rules.
    pub rules: &'v [&'v str],
    /// The words of all roles.
    pub roles: &'v [&'v str],
}

/// Something in the configuration that is not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// What is wrong, without a full stop.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What to do, where there is a short word on it.
    pub help: Option<String>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConfigError {}

impl From<ReadError> for ConfigError {
    fn from(error: ReadError) -> ConfigError {
        ConfigError { message: error.message, span: error.span, help: error.help }
    }
}

/// Reads a parsed configuration file: what is understood, and everything that is not, in the order of the file.
///
/// The parameters of rules stay as written: only the rules know their types.
pub fn read(document: &Arc<Document>, vocabulary: &Vocabulary<'_>) -> (Config, Vec<ConfigError>) {
    let mut reader = Reader { document, vocabulary, errors: Vec::new() };
    for duplicate in document.duplicates() {
        let key = document.text_of(duplicate.second);
        reader.error(format!("the key `{key}` stands twice in this map"), duplicate.second, None);
    }
    let config = reader.config(document.root());
    reader.errors.sort_by_key(|error| (error.span.start, error.span.end));
    (config, reader.errors)
}

/// The levels in configuration files, `None` for a rule that is off.
const LEVELS: [Level; 4] = [None, Some(Severity::Note), Some(Severity::Warning), Some(Severity::Error)];

fn level_name(level: Level) -> &'static str {
    level.map_or("off", Severity::name)
}

/// Entries that each environment has.
fn shared<T>(entries: Vec<T>) -> Vec<Arc<T>> {
    entries.into_iter().map(Arc::new).collect()
}

struct Reader<'d> {
    document: &'d Arc<Document>,
    vocabulary: &'d Vocabulary<'d>,
    errors: Vec<ConfigError>,
}

impl<'d> Reader<'d> {
    fn config(&mut self, root: NodeRef<'d>) -> Config {
        let mut config = Config::default();
        for entry in self.fields(root, None, keys::TOP) {
            config.key_spans.insert(entry.name().to_owned(), entry.line_span());
            match entry.name() {
                "profile" => {
                    if let Some((profile, span)) = self.profile(entry) {
                        (config.profile, config.profile_span) = (profile, Some(span));
                    }
                }
                "rules" => config.rules = self.rules(entry).into(),
                "components" => config.components = shared(self.each(entry, Self::component)),
                "environments" => config.environments = self.environments(entry).into(),
                "render" => config.renders = self.each(entry, Self::render).into(),
                "paths" => config.paths = self.globs(entry).into(),
                "baseline" => config.baseline_file = self.value(entry),
                "exclude" => config.exclude = self.globs(entry).into(),
                "cluster" => config.cluster = self.cluster(entry),
                "drill" => config.drill = self.drill(entry),
                "attestations" => config.attestations = shared(self.each(entry, Self::attestation)),
                "ignore" => config.exceptions = self.each(entry, Self::exception).into(),
                "require-reason" => config.requires_reason = self.value(entry).unwrap_or_default(),
                _ => config.storage_classes = self.storage_classes(entry).into(),
            }
        }
        if config.requires_reason {
            self.require_reasons(&config);
        }
        config
    }

    fn profile(&mut self, entry: Entry<'d>) -> Option<(Profile, Span)> {
        Some((self.word(entry, &Profile::ALL, Profile::name)?, entry.line_span()))
    }

    fn rules(&mut self, entry: Entry<'d>) -> BTreeMap<String, RuleSetting> {
        let mut rules = BTreeMap::new();
        for rule in self.entries(entry.value, Some(entry.key)) {
            if !self.vocabulary.rules.contains(&rule.name()) {
                let help = suggest::nearest(rule.name(), self.vocabulary.rules.iter().copied());
                let help = help.map(|it| format!("did you mean `{it}`?"));
                self.error(format!("there is no rule `{}`", rule.name()), rule.key.span(), help);
                continue;
            }
            if let Some(setting) = self.rule(rule) {
                rules.insert(rule.name().to_owned(), setting);
            }
        }
        rules
    }

    /// A level alone, or a map of a level and parameters.
    fn rule(&mut self, rule: Entry<'d>) -> Option<RuleSetting> {
        let span = rule.key.span();
        if !rule.value.is_map() {
            return Some(RuleSetting { level: Some(self.level(rule)?), parameters: None, span });
        }
        let mut setting = RuleSetting { level: None, parameters: None, span };
        for entry in rule.value.entries() {
            if entry.name() == LEVEL {
                setting.level = Some(self.level(entry)?);
            } else {
                let document = Arc::clone(self.document);
                setting.parameters = Some(ConfigNode { document, node: rule.value.id() });
            }
        }
        Some(setting)
    }

    /// YAML 1.1, which Kubernetes' files are written in, reads the word `off` as false.
    fn level(&mut self, entry: Entry<'d>) -> Option<Level> {
        if entry.value.as_bool() == Some(false) {
            return Some(None);
        }
        self.word(entry, &LEVELS, level_name)
    }

    fn component(&mut self, item: NodeRef<'d>) -> Option<ComponentSetting> {
        let mut component = ComponentSetting { span: Some(item.first_line()), ..ComponentSetting::default() };
        let mut role = None;
        let mut selects = None;
        for entry in self.fields(item, None, keys::COMPONENT) {
            match entry.name() {
                "match" => selects = Some(self.component_match(entry)),
                _ => role = Some(self.role(entry)),
            }
        }
        self.require(item, "match", selects.is_some());
        self.require(item, "role", role.is_some());
        component.selects = selects??;
        component.role = role??;
        Some(component)
    }

    fn role(&mut self, entry: Entry<'d>) -> Option<String> {
        self.word(entry, self.vocabulary.roles, |it| it).map(str::to_owned)
    }

    fn component_match(&mut self, entry: Entry<'d>) -> Option<ComponentMatch> {
        let mut selects = ComponentMatch::default();
        let errors = self.errors.len();
        for field in self.fields(entry.value, Some(entry.key), keys::MATCH) {
            match field.name() {
                "kind" => selects.kind = self.value(field),
                "name" => selects.name = self.value(field),
                "namespace" => selects.namespace = self.value(field),
                "labels" => selects.labels = self.value(field).unwrap_or_default(),
                _ => selects.image = self.value(field),
            }
        }
        if self.errors.len() > errors {
            return None;
        }
        if selects == ComponentMatch::default() {
            let help = "name a kind, name, namespace, labels or image".to_owned();
            self.error("`match` is empty and would select every workload".to_owned(), entry.key.span(), Some(help));
            return None;
        }
        Some(selects)
    }

    fn globs(&mut self, entry: Entry<'d>) -> Vec<String> {
        self.each(entry, |reader, item| {
            let glob: String = reader.typed(item, None)?;
            if let Err(error) = globset::Glob::new(&glob) {
                reader.error(format!("not a glob: {}", error.kind()), item.span(), None);
                return None;
            }
            Some(glob)
        })
    }

    fn cluster(&mut self, entry: Entry<'d>) -> ClusterFacts {
        let mut cluster = ClusterFacts::default();
        for field in self.fields(entry.value, Some(entry.key), keys::CLUSTER) {
            let span = field.line_span();
            match field.name() {
                "nodes" => cluster.nodes = self.count(field).map(|it| (it, span)),
                "zones" => cluster.zones = self.count(field).map(|it| (it, span)),
                "zones-of-nodes" => cluster.zones_of_nodes = self.zones_of_nodes(field).map(|it| (it, span)),
                "pools" => cluster.pools = Some((self.pools(field), span)).filter(|it| !it.0.is_empty()),
                "node" => cluster.node = Some((self.node_size(field), span)),
                "kubernetes" => {
                    let version = self.version(field, 2..=3, "a version such as \"1.36\"");
                    cluster.kubernetes = version.map(|it| (it, span));
                }
                _ => {
                    for operator in self.fields(field.value, Some(field.key), keys::OPERATORS) {
                        let version = self.version(operator, 3..=3, "a release such as \"0.45.1\"");
                        cluster.strimzi = version.map(|it| (it, operator.line_span()));
                    }
                }
            }
        }
        self.check_zones_of_nodes(&cluster);
        self.check_pools(&cluster);
        cluster
    }

    fn count(&mut self, entry: Entry<'d>) -> Option<u32> {
        let count = self.value(entry)?;
        if count == 0 {
            self.error(format!("`{}` is 0; a cluster has at least one", entry.name()), entry.value.span(), None);
            return None;
        }
        Some(count)
    }

    /// A version of so many numbers. `1.30` without quotes is a number for YAML, but its text is what was meant.
    fn version(&mut self, entry: Entry<'d>, numbers: RangeInclusive<usize>, expected: &str) -> Option<Version> {
        let version = Version::of_numbers(entry.value.text(), numbers);
        if version.is_some() {
            return version;
        }
        self.errors.push(ReadError::mismatch(expected, entry.value, entry.key).into());
        None
    }

    fn storage_classes(&mut self, entry: Entry<'d>) -> BTreeMap<String, (Durability, Span)> {
        let mut classes = BTreeMap::new();
        for class in self.entries(entry.value, Some(entry.key)) {
            if let Some(durability) = self.word(class, &Durability::ALL, Durability::name) {
                classes.insert(class.name().to_owned(), (durability, class.line_span()));
            }
        }
        classes
    }
}

/// What the sections above are put together from.
impl<'d> Reader<'d> {
    fn error(&mut self, message: String, span: Span, help: Option<String>) {
        self.errors.push(ConfigError { message, span, help });
    }

    fn value<T: DeserializeOwned>(&mut self, entry: Entry<'d>) -> Option<T> {
        self.typed(entry.value, Some(entry.key))
    }

    fn typed<T: DeserializeOwned>(&mut self, node: NodeRef<'d>, key: Option<NodeRef<'d>>) -> Option<T> {
        match de::from_node_under(node, key) {
            Ok(value) => Some(value),
            Err(error) => {
                self.errors.push(error.into());
                None
            }
        }
    }

    /// One of a few words.
    fn word<'n, T: Copy>(&mut self, entry: Entry<'d>, all: &[T], name: impl Fn(T) -> &'n str) -> Option<T> {
        let text: String = self.value(entry)?;
        if let Some(found) = all.iter().find(|it| name(**it) == text) {
            return Some(*found);
        }
        let names: Vec<&str> = all.iter().map(|it| name(*it)).collect();
        self.error(format!("unknown value `{text}`"), entry.value.span(), suggest::help(&text, &names));
        None
    }

    /// The entries of a map. A section whose lines are all commented out is null, and counts as absent.
    fn entries(&mut self, node: NodeRef<'d>, key: Option<NodeRef<'d>>) -> Vec<Entry<'d>> {
        if !node.is_map() && !node.is_null() {
            let error = ReadError::mismatch("a map", node, key.unwrap_or(node));
            self.errors.push(error.into());
        }
        node.entries().collect()
    }

    /// The entries of a map with fixed keys.
    fn fields(&mut self, node: NodeRef<'d>, key: Option<NodeRef<'d>>, known: &Keys) -> Vec<Entry<'d>> {
        let mut entries = self.entries(node, key);
        entries.retain(|entry| {
            let is_known = known.iter().any(|it| it.0 == entry.name());
            if !is_known {
                let message = format!("unknown key `{}`", entry.name());
                self.error(message, entry.key.span(), suggest::help(entry.name(), &keys::names(known)));
            }
            is_known
        });
        entries
    }

    /// The items of a list, those that are understood.
    fn each<T>(&mut self, entry: Entry<'d>, read: impl Fn(&mut Self, NodeRef<'d>) -> Option<T>) -> Vec<T> {
        if !entry.value.is_seq() && !entry.value.is_null() {
            self.errors.push(ReadError::mismatch("a list", entry.value, entry.key).into());
        }
        entry.value.items().filter_map(|item| read(self, item)).collect()
    }

    fn require(&mut self, item: NodeRef<'d>, key: &str, is_there: bool) {
        if !is_there && item.is_map() {
            self.error(format!("`{key}` is missing"), item.first_line(), None);
        }
    }
}

#[cfg(test)]
mod tests;
