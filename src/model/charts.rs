//! Widely used Helm charts: whose they are, what they make besides their own pods, and the defaults of their values.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

const TABLE: &str = include_str!("charts.txt");

/// When a chart makes objects of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// Always.
    Always,
    /// Where its values have something at a key.
    Where,
    /// Unless its values switch it off at a key.
    Unless,
}

/// A chart of the table.
#[derive(Debug, Default)]
pub struct KnownChart {
    /// Words of which one stands in the address or the name of its repository.
    pub vendors: Vec<&'static str>,
    /// Kinds that it makes, as `Kind.group`, each with the key of its values that decides it.
    makes: Vec<(&'static str, Made, &'static str)>,
    /// First and last major version, key and value.
    defaults: Vec<(u64, u64, &'static str, &'static str)>,
}

impl KnownChart {
    /// The kinds that it makes; `is_made` answers for those that depend on a key of its values.
    pub fn kinds(&self, is_made: impl Fn(Made, &str) -> bool) -> BTreeSet<String> {
        let made = self.makes.iter().filter(|(_, when, key)| *when == Made::Always || is_made(*when, key));
        made.map(|it| it.0.to_owned()).collect()
    }

    /// The default of a value in the versions of this number.
    pub fn default_of(&self, major: u64, key: &str) -> Option<&'static str> {
        let fits = |it: &&(u64, u64, &str, &str)| (it.0..=it.1).contains(&major) && it.2 == key;
        self.defaults.iter().find(fits).map(|it| it.3)
    }
}

/// The chart of this name, if the table has one. Its repository may still be that of another.
pub fn known_chart(name: &str) -> Option<&'static KnownChart> {
    static CHARTS: OnceLock<BTreeMap<&str, KnownChart>> = OnceLock::new();
    CHARTS.get_or_init(|| read(TABLE)).get(name)
}

fn read(table: &'static str) -> BTreeMap<&'static str, KnownChart> {
    let mut charts: BTreeMap<&str, KnownChart> = BTreeMap::new();
    let mut name = "";
    for line in table.lines().map(|it| it.split('#').next().unwrap_or_default()) {
        let mut words = line.split_whitespace();
        let Some(order) = words.next() else { continue };
        if order == "chart" {
            name = words.next().unwrap_or_default();
        }
        let chart = charts.entry(name).or_default();
        match order {
            "chart" => chart.vendors.extend(words),
            "makes" => {
                let made = |it: &'static str| match (it.split_once(':'), it.split_once('~')) {
                    (Some((kind, key)), _) => (kind, Made::Where, key),
                    (None, Some((kind, key))) => (kind, Made::Unless, key),
                    (None, None) => (it, Made::Always, ""),
                };
                chart.makes.extend(words.map(made));
            }
            "default" => chart.defaults.extend(read_default(words)),
            _ => {}
        }
    }
    charts
}

fn read_default<'t>(mut words: impl Iterator<Item = &'t str>) -> Option<(u64, u64, &'t str, &'t str)> {
    let (first, last) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    Some((first, last, words.next()?, words.next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_whole() {
        for line in TABLE.lines().filter(|it| !it.trim().is_empty() && !it.starts_with('#')) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let is_right = match words[0] {
                "chart" => words.len() > 2,
                "makes" => words.len() > 1,
                "default" => words.len() == 5 && read_default(words[1..].iter().copied()).is_some(),
                _ => false,
            };
            assert!(is_right, "{line}");
        }
        let nats = known_chart("nats").expect("is in the table");
        assert_eq!(nats.default_of(2, "config.cluster.enabled"), Some("false"));
        assert_eq!(nats.default_of(3, "config.cluster.enabled"), None);
        let velero = known_chart("velero").expect("is in the table");
        assert!(velero.kinds(|_, _| false).is_empty());
        assert!(velero.kinds(|made, key| made == Made::Where && key == "schedules").contains("Schedule.velero.io"));
        assert!(known_chart("nobody").is_none());
    }
}
