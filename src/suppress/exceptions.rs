//! The exceptions of the configuration, looked up by what they name: a finding meets those that may fit it, and not
//! all that there are.

use crate::config::ExceptionSetting;
use crate::finding::{RuleId, Subject};
use crate::source::SourceId;
use std::collections::HashMap;

/// The exceptions that hold in an environment, in the order of the configuration.
#[derive(Debug, Default)]
pub(super) struct Exceptions<'a> {
    settings: Vec<&'a ExceptionSetting>,
    /// By rule, and by something that what they fit has. Each list is in order.
    by_key: HashMap<(RuleId, Key<'a>), Vec<usize>>,
    /// The lengths of the ends of names that are keys.
    prefixes: Vec<usize>,
    suffixes: Vec<usize>,
}

/// What an object or its place has to have, so that an exception may fit it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key<'a> {
    Name(&'a str),
    File(SourceId),
    Prefix(&'a str),
    Suffix(&'a str),
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
            match key {
                Key::Prefix(end) => add(&mut self.prefixes, end.len()),
                Key::Suffix(end) => add(&mut self.suffixes, end.len()),
                Key::Name(_) | Key::File(_) | Key::Nothing => {}
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
        let by_name = setting.objects.iter().map(|it| it.name.as_deref().map_or(Key::Nothing, of_pattern));
        let mut keys: Vec<Key<'a>> = by_name.collect();
        if keys.is_empty() || keys.contains(&Key::Nothing) {
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
        let name = subject.name.as_str();
        let prefixes = self.prefixes.iter().filter_map(|it| name.get(..*it)).map(Key::Prefix);
        let suffix = |length: &usize| name.get(name.len().checked_sub(*length)?..);
        let suffixes = self.suffixes.iter().filter_map(suffix).map(Key::Suffix);
        let keys = [Key::Name(name), Key::File(file), Key::Nothing].into_iter().chain(prefixes).chain(suffixes);
        let of_key = |key: Key<'_>| {
            let numbers = self.by_key.get(&(rule, key))?;
            numbers.iter().copied().find(|it| self.settings[*it].matches(file, subject))
        };
        keys.filter_map(of_key).min()
    }
}

/// The longer of the ends of a pattern at which it is literal.
fn of_pattern(pattern: &str) -> Key<'_> {
    let Some((prefix, rest)) = pattern.split_once('*') else { return Key::Name(pattern) };
    let suffix = rest.rsplit_once('*').map_or(rest, |it| it.1);
    match (prefix.len(), suffix.len()) {
        (0, 0) => Key::Nothing,
        (before, behind) if before >= behind => Key::Prefix(prefix),
        _ => Key::Suffix(suffix),
    }
}

/// Adds a length where it is not there yet.
fn add(lengths: &mut Vec<usize>, length: usize) {
    if let Err(at) = lengths.binary_search(&length) {
        lengths.insert(at, length);
    }
}
