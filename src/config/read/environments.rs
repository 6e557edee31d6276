//! Reads `environments:`: what is deployed together, and what holds there only.

use super::{Reader, shared};
use crate::config::{EnvironmentSetting, Overrides, keys};
use crate::yaml::{Entry, NodeRef};
use std::collections::HashSet;

impl<'d> Reader<'d> {
    pub(super) fn environments(&mut self, entry: Entry<'d>) -> Vec<EnvironmentSetting> {
        let mut environments: Vec<EnvironmentSetting> = Vec::new();
        let mut names = HashSet::new();
        for environment in self.each(entry, Self::environment) {
            if !names.insert(environment.name.clone()) {
                let span = environment.span.unwrap_or_else(|| entry.key.span());
                self.error(format!("two environments are named `{}`", environment.name), span, None);
            }
            environments.push(environment);
        }
        environments
    }

    fn environment(&mut self, item: NodeRef<'d>) -> Option<EnvironmentSetting> {
        let mut name = None;
        let (mut paths, mut paths_span) = (Vec::new(), None);
        let mut overrides = Overrides::default();
        let fields = self.fields(item, None, keys::ENVIRONMENT);
        for entry in &fields {
            match entry.name() {
                "name" => name = Some(self.value::<String>(*entry)),
                "paths" => (paths, paths_span) = (self.globs(*entry), Some(entry.line_span())),
                "profile" => overrides.profile = self.profile(*entry),
                "rules" => overrides.rules = self.rules(*entry).into(),
                "components" => overrides.components = shared(self.each(*entry, Self::component)),
                "cluster" => overrides.cluster = self.cluster(*entry),
                "attestations" => overrides.attestations = shared(self.each(*entry, Self::attestation)),
                _ => overrides.storage_classes = self.storage_classes(*entry).into(),
            }
        }
        self.require(item, "name", name.is_some());
        if fields.iter().all(|it| it.name() == "name") && name.is_some() {
            let help = "`paths` say what belongs to it; other keys say what holds there only".to_owned();
            self.error("nothing is said of this environment".to_owned(), item.first_line(), Some(help));
            return None;
        }
        Some(EnvironmentSetting { name: name??, paths, paths_span, overrides, span: Some(item.first_line()) })
    }
}
