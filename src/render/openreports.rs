//! `openreports.io/v1alpha1`, for the dashboards of a cluster: a report for each namespace of each environment, and one
//! for what has none.
//!
//! Fields: `config/install.yaml` of openreports/reports-api. A part of a report holds no more than the API server takes
//! and an interface shows.

mod model;

use super::files::Files;
use super::stable_hash;
use crate::finding::{Finding, Report, Severity, Subject, Suppressed};
use crate::model::{Environment, is_of_the_cluster};
use crate::rule::Entry;
use crate::rules;
use model::{Body, Head, Metadata, Reference, Scope, Summary, Timestamp};
use std::collections::BTreeMap;
use std::io;

/// Bytes of a part of a report: etcd refuses objects above 1.5 MB.
const BYTES: usize = 1000 * 1024;
/// Results of a part of a report.
const RESULTS: usize = 1000;
/// Characters of an object's name, less what may come behind it.
const NAME: usize = 240;
/// What writes these reports, as their label says.
const TOOL: &str = env!("CARGO_PKG_NAME");

/// What is known besides the report.
pub struct Options<'a> {
    /// The environments, in the order of the report.
    pub environments: &'a [Environment],
    /// Midnight (UTC) of the day of the run, in seconds since 1970.
    pub seconds: i64,
    /// Whether to write what was taken away.
    pub shows_suppressed: bool,
}

/// Where an object lies.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// It belongs to the cluster, or it is no object.
    Cluster,
    /// A namespace; none is written where the one that it is applied to decides.
    Namespace(Option<String>),
}

/// What is said of one place.
#[derive(Default)]
struct Share<'a> {
    results: Vec<(SortKey<'a>, model::Outcome<'a>)>,
    passed: usize,
}

type SortKey<'a> = (&'a str, &'a Subject, String, &'a str);

/// Writes the reports as a stream of YAML.
///
/// # Errors
/// Those of the writer.
pub fn render(report: &Report, files: &Files<'_>, options: &Options<'_>, out: &mut impl io::Write) -> io::Result<()> {
    let names = names(options.environments);
    for (number, environment) in options.environments.iter().enumerate() {
        let mut shares = shares(report, environment, files, options);
        count_passed(report, number, environment, &mut shares);
        for (place, share) in shares {
            write(&names[number], &place, share, out)?;
        }
    }
    Ok(())
}

fn place(group: &str, kind: &str, namespace: Option<&str>) -> Place {
    if kind.is_empty() || is_of_the_cluster(group, kind) {
        return Place::Cluster;
    }
    Place::Namespace(namespace.map(str::to_owned))
}

/// The findings of an environment by place. A place of which something was checked has a share, if an empty one.
fn shares<'a>(
    report: &'a Report,
    environment: &'a Environment,
    files: &Files<'_>,
    options: &Options<'_>,
) -> BTreeMap<Place, Share<'a>> {
    let objects = Objects::of(environment);
    let mut shares: BTreeMap<Place, Share<'_>> = BTreeMap::new();
    for object in &environment.objects {
        shares.entry(place(object.group(), object.kind(), object.namespace())).or_default();
    }
    let is_here = |it: &Finding| it.environments.contains(&environment.name);
    let mut add = |finding: &'a Finding, suppressed: Option<&'a Suppressed>| {
        let subject = &finding.subject;
        let share = shares.entry(place(&subject.group, &subject.kind, subject.namespace.as_deref())).or_default();
        let result = result(finding, suppressed, &objects, files, options.seconds);
        let key = (finding.rule.as_str(), subject, finding.path.to_string(), finding.message.as_str());
        share.results.push((key, result));
    };
    report.findings.iter().filter(|it| is_here(it)).for_each(|it| add(it, None));
    if options.shows_suppressed {
        report.suppressed.iter().filter(|it| is_here(&it.finding)).for_each(|it| add(&it.finding, Some(it)));
    }
    shares
}

fn count_passed(report: &Report, number: usize, environment: &Environment, shares: &mut BTreeMap<Place, Share<'_>>) {
    for passed in report.passed.iter().filter(|it| it.environment as usize == number) {
        for object in passed.objects.iter().filter_map(|it| environment.objects.get(*it as usize)) {
            let place = place(object.group(), object.kind(), object.namespace());
            shares.entry(place).or_default().passed += 1;
        }
    }
}

fn result<'a>(
    finding: &'a Finding,
    suppressed: Option<&'a Suppressed>,
    objects: &Objects,
    files: &Files<'_>,
    seconds: i64,
) -> model::Outcome<'a> {
    let spot = files.spot(finding.span);
    let mut properties = BTreeMap::from([
        ("fingerprint", stable_hash(&finding.fingerprint())),
        ("file", spot.path),
        ("line", spot.line.to_string()),
    ]);
    properties.extend(finding.help.as_deref().map(|it| ("help", it.to_owned())));
    properties.extend(suppressed.filter(|it| !it.reason.is_empty()).map(|it| ("reason", it.reason.clone())));
    let (result, severity) = match finding.severity {
        Severity::Error => ("fail", "high"),
        Severity::Warning => ("fail", "medium"),
        Severity::Note => ("warn", "low"),
    };
    let result = if suppressed.is_some() { "skip" } else { result };
    model::Outcome {
        source: TOOL,
        policy: finding.rule.as_str(),
        category: rules::find(finding.rule.as_str()).map(Entry::component),
        result,
        severity,
        scored: result == "fail",
        resources: objects.reference(&finding.subject).into_iter().collect(),
        message: files.message(finding).into_owned(),
        timestamp: Timestamp { seconds, nanos: 0 },
        properties,
    }
}

/// What a reference to an object says besides what the object is called.
struct Objects(BTreeMap<Subject, (String, Option<String>)>);

impl Objects {
    fn of(environment: &Environment) -> Objects {
        let entry = |it: &crate::model::Object| {
            let uid = it.is_live().then(|| it.node().at(&["metadata", "uid"]).map(|it| it.text().to_owned()));
            (it.subject(), (it.identity().version().to_owned(), uid.flatten()))
        };
        Objects(environment.objects.iter().map(entry).collect())
    }

    fn reference(&self, subject: &Subject) -> Option<Reference> {
        if subject.kind.is_empty() {
            return None;
        }
        let known = self.0.get(subject);
        let api_version = known.map(|(version, _)| match subject.group.as_str() {
            "" => version.clone(),
            group => format!("{group}/{version}"),
        });
        Some(Reference {
            api_version,
            kind: subject.kind.clone(),
            namespace: subject.namespace.clone(),
            name: subject.name.clone(),
            uid: known.and_then(|it| it.1.clone()),
        })
    }
}

/// The name of each environment's reports: a name that the API takes, and no other environment has.
fn names(environments: &[Environment]) -> Vec<String> {
    let mut plain: BTreeMap<String, usize> = BTreeMap::new();
    for it in environments {
        *plain.entry(label(&it.name)).or_default() += 1;
    }
    let name = |it: &Environment| {
        let own = label(&it.name);
        let is_own = plain.get(&own) == Some(&1) && own.len() <= NAME;
        if is_own {
            return format!("{TOOL}-{own}");
        }
        let hash = &stable_hash(&it.name)[..8];
        let cut = own.get(..own.len().min(NAME - 10)).unwrap_or_default().trim_end_matches('-');
        format!("{TOOL}-{cut}-{hash}")
    };
    environments.iter().map(name).collect()
}

/// Lower-case letters, digits and single dashes.
fn label(name: &str) -> String {
    let dashed: String =
        name.chars().map(|it| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '-' }).collect();
    let parts: Vec<&str> = dashed.split('-').filter(|it| !it.is_empty()).collect();
    if parts.is_empty() { "here".to_owned() } else { parts.join("-") }
}

/// Writes one report, in as many parts as it needs.
fn write(name: &str, place: &Place, share: Share<'_>, out: &mut impl io::Write) -> io::Result<()> {
    let Share { mut results, passed } = share;
    results.sort_by(|a, b| a.0.cmp(&b.0));
    let mut parts: Vec<Vec<model::Outcome<'_>>> = vec![Vec::new()];
    let mut bytes = 0;
    for (_, result) in results {
        let own = yaml_serde::to_string(&[&result]).map_err(io::Error::other)?.len();
        let last = parts.last().map_or(0, Vec::len);
        if last == RESULTS || (last > 0 && bytes + own > BYTES) {
            parts.push(Vec::new());
            bytes = 0;
        }
        bytes += own;
        if let Some(last) = parts.last_mut() {
            last.push(result);
        }
    }
    for (number, results) in parts.iter().enumerate() {
        let name = if number == 0 { name.to_owned() } else { format!("{name}-{}", number + 1) };
        let passed = if number == 0 { passed } else { 0 };
        let body = body(name, place, results, passed);
        write!(out, "---\n{}", yaml_serde::to_string(&body).map_err(io::Error::other)?)?;
    }
    Ok(())
}

fn body<'a>(name: String, place: &'a Place, results: &'a [model::Outcome<'a>], pass: usize) -> Body<'a> {
    let number = |word: &str| results.iter().filter(|it| it.result == word).count();
    let namespace = match place {
        Place::Namespace(Some(namespace)) => Some(namespace.as_str()),
        Place::Namespace(None) | Place::Cluster => None,
    };
    Body {
        head: Head {
            api_version: "openreports.io/v1alpha1",
            kind: if *place == Place::Cluster { "ClusterReport" } else { "Report" },
            metadata: Metadata { name, namespace, labels: BTreeMap::from([("app.kubernetes.io/managed-by", TOOL)]) },
        },
        source: TOOL,
        scope: namespace.map(|name| Scope { api_version: "v1", kind: "Namespace", name }),
        summary: Summary { pass, fail: number("fail"), warn: number("warn"), error: 0, skip: number("skip") },
        results,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_names_of_objects_and_differ() {
        let named = |it: &str| Environment { name: it.to_owned(), ..Environment::default() };
        let long = "a".repeat(300);
        let all = [".", "clusters/Prod", "clusters-prod", "Prod (2)", &long].map(named);
        let names = names(&all);
        assert_eq!(names[0], "edms-lint-here");
        assert!(names[1].starts_with("edms-lint-clusters-prod-") && names[1] != names[2]);
        assert_eq!(names[3], "edms-lint-prod-2");
        assert!(names.iter().all(|it| it.len() <= 253));
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), 5);
    }
}
