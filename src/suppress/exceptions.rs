//! The exceptions of the configuration, looked up by what they name: a finding meets those that may fit it, and not
//! all that there are.

use crate::config::ExceptionSetting;
use crate::config::pattern::{End, Ends};
use crate::finding::{RuleId, Subject};
use crate::source::SourceId;
use std::collections::HashMap;

/// The exceptions that hold in an environment, in the order of the configuration.
#[derive(Debug, Default)]
pub(super) struct Exceptions<'a> {
    settings: Vec<&'a ExceptionSetting>,
    /// By rule, and by something that what they fit has. Each list is in order.
    by_key: HashMap<(RuleId, Key<'a>), Vec<usize>>,
    /// The ends of names that are keys.
    ends: Ends,
}

/// What an object or its place has to have, so that an exception may fit it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key<'a> {
    Name(End<'a>),
    File(SourceId),
    Nothing,
}

impl<'a> Exceptions<'a> {
    pub(super) fn new(settings: Vec<&'a ExceptionSetting>) -> Exceptions<'a> {
        Exceptions { settings, ..Exceptions::default() }
    }

    pub(super) fn len(&self) -> usize {
        self.settings.len()
    }

    pub(super) fn get(&self, number: usize) -> &'a ExceptionSetting {
        self.settings[number]
    }

    /// From now on an exception is found for these rules.
    pub(super) fn enter(&mut self, number: usize, rules: &[(RuleId, bool)]) {
        for key in self.keys(self.settings[number]) {
            if let Key::Name(end) = key {
                self.ends.add(end);
            }
            for (rule, _) in rules {
                let numbers = self.by_key.entry((*rule, key)).or_default();
                if numbers.last() != Some(&number) {
                    numbers.push(number);
                }
            }
        }
    }

    /// One of these keys is true of whatever an exception fits.
    fn keys(&self, setting: &'a ExceptionSetting) -> Vec<Key<'a>> {
        let by_name = setting.objects.iter().map(|it| it.name.as_deref().map_or(End::Any, End::of)).map(Key::Name);
        let mut keys: Vec<Key<'a>> = by_name.collect();
        if keys.is_empty() || keys.contains(&Key::Name(End::Any)) {
            keys = match &setting.files {
                Some(files) if !setting.paths.is_empty() => files.iter().map(|it| Key::File(*it)).collect(),
                _ if setting.paths.is_empty() => vec![Key::Nothing],
                _ => Vec::new(),
            };
        }
        keys
    }

    /// The first exception that fits.
    pub(super) fn first(&self, rule: RuleId, file: SourceId, subject: &Subject) -> Option<usize> {
        let names = self.ends.of(&subject.name).map(Key::Name);
        let keys = [Key::File(file), Key::Nothing].into_iter().chain(names);
        let of_key = |key: Key<'_>| {
            let numbers = self.by_key.get(&(rule, key))?;
            numbers.iter().copied().find(|it| self.settings[*it].matches(file, subject))
        };
        keys.filter_map(of_key).min()
    }
}
