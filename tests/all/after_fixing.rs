//! What may go at once, and where pods go, before and after fixing: no fix makes either worse.

use crate::common::{cases_of, environment, only, root};
use crate::fixes::{Files, edited, fixed, fixture, mending, without_marks};
use edms_lint::config::{Config, Profile};
use edms_lint::drill::{self, Options, Told, Verdict};
use edms_lint::finding::Stage;
use edms_lint::index::{Allowance, Index};
use edms_lint::rule::{Entry, ExampleKind};
use edms_lint::yaml::NodeRef;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Budgets by namespace and name, with the evictions that each allows at once, where that is known. Those that operators
/// make are theirs: of one pod, which they replace before they let it go, they allow none.
type Allowed = BTreeMap<(String, String), Option<i64>>;

fn allowed(files: &Files, config: &Config, is_fragment: bool) -> Allowed {
    let (sources, environment) = environment(files, is_fragment);
    let index = Index::new(&environment, &sources, config);
    let number = |allowance| match allowance {
        Allowance::Known { allowed, .. } => Some(allowed),
        Allowance::Unscalable(..) | Allowance::OnlyBare(_) => Some(0),
        Allowance::Unknown => None,
    };
    let key = |namespace: Option<&str>, name: &str| (namespace.unwrap_or_default().to_owned(), name.to_owned());
    let budgets = index.budgets().filter(|it| it.1.manifest().is_some());
    budgets.map(|(id, it)| (key(it.object().namespace(), &it.name), number(index.allowance(id)))).collect()
}

/// Files with the rule that is to mend them; of projects all rules are.
struct Case {
    name: String,
    rule: Option<&'static Entry>,
    files: Files,
}

impl Case {
    /// All fixtures and bad examples of rules with fixes, and all projects.
    fn all() -> Vec<Case> {
        let mut all = Vec::new();
        for rule in mending() {
            let fixtures = cases_of(rule).into_iter();
            all.extend(fixtures.map(|it| Case {
                name: it.display().to_string(),
                rule: Some(rule),
                files: fixture(&it),
            }));
            let bad = rule.page().examples().into_iter().filter(|it| it.kind == ExampleKind::Bad);
            let files = bad.map(|it| without_marks(&it.files));
            all.extend(files.map(|files| Case { name: format!("page of {}", rule.id()), rule: Some(rule), files }));
        }
        let projects = std::fs::read_dir(root().join("fixtures/projects")).expect("there are projects");
        for project in projects.map(|it| it.expect("the folder can be read").path()) {
            all.push(Case { name: project.display().to_string(), rule: None, files: fixture(&project) });
        }
        all
    }

    fn config(&self) -> Config {
        match self.rule {
            Some(rule) => only(&rule.id()),
            None => Config { profile: Profile::Production, ..Config::default() },
        }
    }

    /// The files once they are fixed; nothing where nothing is.
    fn fixed(&self) -> Option<Files> {
        let outcome = fixed(&self.files, &self.config(), self.is_fragment());
        (!outcome.texts.is_empty()).then(|| edited(&self.files, &outcome))
    }

    fn is_fragment(&self) -> bool {
        self.name.contains("fragment")
    }

    /// Whether the rule is about budgets themselves.
    fn is_of_budgets(&self) -> bool {
        self.rule.and_then(|it| it.page().remedy.as_ref()).is_some_and(|it| it.stage == Stage::Budgets)
    }
}

/// What fixes made of budgets.
#[derive(Debug, Default)]
struct Tally {
    /// Fixed cases.
    fixed: usize,
    /// Budgets that allowed nothing and allow one eviction.
    opened: usize,
    /// Budgets that allowed more and allow one.
    tightened: usize,
    /// New budgets, which allow one.
    new: usize,
}

impl Tally {
    /// Counts a case; what is wrong with it comes back.
    fn add(&mut self, case: &Case, before: &Allowed, after: &Allowed) -> Vec<String> {
        self.fixed += 1;
        let mut wrong = Vec::new();
        for (budget, now) in after {
            let was = before.get(budget).copied();
            // What could not be read allows whatever it says once it can.
            if was == Some(*now) || was == Some(None) {
                continue;
            }
            let told = |what: &str| format!("{}: budget {budget:?} {what}: {was:?}, then {now:?}", case.name);
            match (was.flatten(), now) {
                (None | Some(1..), Some(0)) => wrong.push(told("allows nothing any more")),
                (Some(0), Some(1)) => self.opened += 1,
                (Some(_), Some(1)) => self.tightened += 1,
                (None, Some(1)) => self.new += 1,
                _ if case.is_of_budgets() => wrong.push(told("is meant to let one pod go at a time")),
                _ => {}
            }
        }
        let gone = before.keys().filter(|it| !after.contains_key(*it));
        wrong.extend(gone.map(|it| format!("{}: budget {it:?} is gone", case.name)));
        wrong
    }
}

#[test]
fn budgets_allow_what_fixes_mean_them_to() {
    let cases = Case::all();
    let compared: Vec<(&Case, Allowed, Allowed)> = cases
        .par_iter()
        .filter_map(|case| {
            let files = case.fixed()?;
            let of = |files| allowed(files, &case.config(), case.is_fragment());
            Some((case, of(&case.files), of(&files)))
        })
        .collect();
    let mut tally = Tally::default();
    let wrong: Vec<String> = compared.iter().flat_map(|(case, before, after)| tally.add(case, before, after)).collect();
    assert!(wrong.is_empty(), "{tally:?}\n{}", wrong.join("\n"));
    assert!(tally.fixed > 250 && tally.opened > 20 && tally.tightened > 10 && tally.new > 20, "{tally:?}");
}

/// The rules whose fixes spread pods.
const SPREADING: [&str; 6] = [
    "anti-affinity-missing",
    "zone-spread-missing",
    "spread-skewed-by-rollout",
    "spread-selector-mismatch",
    "spread-blocks-drain",
    "spread-blocks-failover",
];

/// Soft constraints that count pods of the revision before place those of the next one worse than none do: two of three
/// on one node after every other rollout. With the key on all constraints of the pods no rollout did.
#[test]
fn pods_that_fixes_spread_are_counted_by_revision() {
    let is_spreading = |it: &&Case| it.rule.is_none_or(|it| SPREADING.contains(&it.id().as_str()));
    let cases = Case::all();
    let (mut checked, mut wrong) = (0, Vec::new());
    for case in cases.iter().filter(is_spreading) {
        let Some(files) = case.fixed() else { continue };
        let (_, before) = environment(&case.files, case.is_fragment());
        let (_, after) = environment(&files, case.is_fragment());
        for object in after.objects.iter().filter(|it| ["Deployment", "Rollout"].contains(&it.kind())) {
            let constraints =
                |it: NodeRef<'_>| it.items_at(&CONSTRAINTS).map(edms_lint::yaml::json::to_string).collect::<Vec<_>>();
            let same = before.objects.iter().find(|it| it.subject() == object.subject());
            if same.is_some_and(|it| constraints(it.node()) == constraints(object.node())) {
                continue;
            }
            checked += 1;
            let is_soft = |it: &NodeRef<'_>| it.str_at(&["whenUnsatisfiable"]) == Some("ScheduleAnyway");
            let mut soft = object.node().items_at(&CONSTRAINTS).filter(is_soft);
            if soft.any(|it| it.get("matchLabelKeys").is_none()) {
                wrong.push(format!("{}: {}", case.name, object.title()));
            }
        }
    }
    assert!(wrong.is_empty(), "soft constraints without matchLabelKeys:\n{}", wrong.join("\n"));
    assert!(checked > 10, "only {checked}");
}

const CONSTRAINTS: [&str; 4] = ["spec", "template", "spec", "topologySpreadConstraints"];

/// Clusters that a drill is told of: nothing, a small one, and one of three zones.
const CLUSTERS: [Told; 3] = [
    Told { nodes: None, zones: None },
    Told { nodes: Some(3), zones: Some(1) },
    Told { nodes: Some(6), zones: Some(3) },
];

/// What fixes make worse, as their pages say: by rule and scenario. A `Recreate` stops what it may have kept waiting, a
/// constraint that leaves out nodes in a drain is not kept by those that are lost, and one that begins to hold asks for
/// room in which to roll out.
const PRICES: [(&str, &str); 5] = [
    ("rwo-rolling-update", "roll"),
    ("spread-blocks-drain", "lose-node"),
    ("spread-selector-mismatch", "drain"),
    ("spread-selector-mismatch", "lose-node"),
    ("spread-selector-mismatch", "roll"),
];

/// What becomes of each part of a system in each scenario.
type Drilled = BTreeMap<(String, &'static str, &'static str), Verdict>;

fn drilled(files: &Files, config: &Config, is_fragment: bool, told: Told) -> Drilled {
    let (sources, environment) = environment(files, is_fragment);
    let index = Index::new(&environment, &sources, config);
    let drill = drill::drill(&index, &Options { told, ..Options::default() });
    let of = |it: &drill::Subject| {
        let name = format!("{}, {}", it.title, it.identity.namespace.as_deref().unwrap_or_default());
        let role = it.role.name();
        let outcomes = it.outcomes.iter();
        outcomes.map(|it| ((name.clone(), role, it.scenario.name()), it.verdict)).collect::<Vec<_>>()
    };
    drill.subjects.iter().flat_map(of).collect()
}

#[test]
fn drills_go_no_worse() {
    let cases = Case::all();
    let compare = |case: &Case| -> Option<(usize, usize, Vec<String>)> {
        let files = case.fixed()?;
        let (mut compared, mut better, mut wrong) = (0, 0, Vec::new());
        for told in CLUSTERS {
            let of = |files| drilled(files, &case.config(), case.is_fragment(), told);
            let (before, after) = (of(&case.files), of(&files));
            for (what, was) in &before {
                let Some(now) = after.get(what) else { continue };
                // What was not running, or could not be judged, was no better.
                if matches!(was, Verdict::Asleep | Verdict::NotKnown) {
                    continue;
                }
                compared += 1;
                better += usize::from(now > was);
                let is_priced = case.rule.is_some_and(|it| PRICES.contains(&(it.id().as_str(), what.2)));
                if now < was && !is_priced {
                    wrong.push(format!("{}: {what:?}, {told:?}: {was:?}, then {now:?}", case.name));
                }
            }
        }
        Some((compared, better, wrong))
    };
    let tallies: Vec<_> = cases.par_iter().filter_map(compare).collect();
    let compared: usize = tallies.iter().map(|it| it.0).sum();
    let better: usize = tallies.iter().map(|it| it.1).sum();
    let wrong: Vec<&str> = tallies.iter().flat_map(|it| &it.2).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} of {compared} are worse:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared > 3_000 && better > 300, "{compared} compared, {better} better");
}
