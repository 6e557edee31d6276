//! Reads `ignore:`, exceptions for paths and objects.

use super::Reader;
use crate::config::{Config, ConfigNode, ExceptionSetting, ObjectMatch, keys};
use crate::suggest;
use crate::yaml::NodeRef;
use std::sync::Arc;

impl<'d> Reader<'d> {
    pub(super) fn exception(&mut self, item: NodeRef<'d>) -> Option<ExceptionSetting> {
        let mut exception = ExceptionSetting {
            rules: Vec::new(),
            paths: Vec::new(),
            objects: Vec::new(),
            environments: Vec::new(),
            reason: None,
            until: None,
            span: item.first_line(),
            entry: ConfigNode { document: Arc::clone(self.document), node: item.id() },
            files: None,
        };
        let errors = self.errors.len();
        let fields = self.fields(item, None, keys::EXCEPTION);
        for entry in &fields {
            match entry.name() {
                "rules" => exception.rules = self.each(*entry, Self::rule_name),
                "paths" => exception.paths = self.globs(*entry),
                "objects" => exception.objects = self.each(*entry, Self::object_match),
                "environments" => exception.environments = self.each(*entry, |reader, it| reader.typed(it, None)),
                "reason" => exception.reason = self.value(*entry),
                _ => exception.until = self.date(*entry),
            }
        }
        self.require(item, "rules", fields.iter().any(|it| it.name() == "rules"));
        if self.errors.len() > errors {
            return None;
        }
        if exception.rules.is_empty() {
            self.error("it names no rule to ignore".to_owned(), exception.span, None);
            return None;
        }
        if exception.paths.is_empty() && exception.objects.is_empty() && exception.environments.is_empty() {
            let help =
                "name paths, objects or environments; `rules: {RULE: off}` turns a rule off everywhere".to_owned();
            self.error("it covers everything".to_owned(), exception.span, Some(help));
            return None;
        }
        Some(exception)
    }

    fn rule_name(&mut self, item: NodeRef<'d>) -> Option<String> {
        let name: String = self.typed(item, None)?;
        if self.vocabulary.rules.contains(&name.as_str()) {
            return Some(name);
        }
        let near = suggest::nearest(&name, self.vocabulary.rules.iter().copied());
        self.error(format!("there is no rule `{name}`"), item.span(), near.map(|it| format!("did you mean `{it}`?")));
        None
    }

    fn object_match(&mut self, item: NodeRef<'d>) -> Option<ObjectMatch> {
        let mut object = ObjectMatch::default();
        for entry in self.fields(item, None, keys::OBJECT) {
            let part = self.value(entry);
            match entry.name() {
                "kind" => object.kind = part,
                "name" => object.name = part,
                _ => object.namespace = part,
            }
        }
        if object == ObjectMatch::default() {
            let help = Some("name a kind, name or namespace".to_owned());
            self.error("it would fit every object".to_owned(), item.first_line(), help);
            return None;
        }
        Some(object)
    }

    /// Exceptions of the file itself that give no reason where it requires one.
    pub(super) fn require_reasons(&mut self, config: &Config) {
        for exception in
            config.exceptions.iter().filter(|it| it.reason.as_deref().is_none_or(|it| it.trim().is_empty()))
        {
            self.error("`reason` is missing, which `require-reason` demands".to_owned(), exception.span, None);
        }
    }
}
