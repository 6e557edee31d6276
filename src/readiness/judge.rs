//! Judges the sentences of one environment: gathers what rules and attestations say, and weighs it.

use super::attested::{AttestationState, Validity};
use super::guideline::{Aspect, Attestable, Component, Guideline, Section, Sentence};
use super::heard::{Heard, Severities};
use super::inventory::{Inventory, Part};
use super::{Judged, Reason, Standing, Word, from_finding, standing};
use super::{concern, condition};
use crate::config::Config;
use crate::engine;
use crate::finding::{Finding, Outcome, RuleId, Severity, Subject, Undecided};
use crate::rule::Entry;
use crate::rules;
use crate::rules::autoscaling::HpaFloorTooLow;
use crate::rules::kafka::{KafkaTooFewBrokers, KraftTooFewControllers, ZookeeperTooFewNodes};
use crate::rules::postgres::PostgresTooFewInstances;
use crate::rules::workload::WorkloadTooFewReplicas;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// All that is said of one environment, by rule.
pub(super) struct Judge<'a> {
    config: &'a Config,
    inventory: &'a Inventory,
    /// The attestations that cover this environment.
    attestations: Vec<&'a AttestationState>,
    said: BTreeMap<RuleId, Vec<Reason>>,
    ran: BTreeSet<RuleId>,
    /// The components of the parts with a name.
    by_name: BTreeMap<&'a str, BTreeSet<Component>>,
    /// The objects that run once, so that no budget can protect them: as what, and the rule that says so.
    single: BTreeMap<&'a Subject, BTreeMap<Component, RuleId>>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(
        name: &str,
        heard: &Heard<'a>,
        severities: &Severities<'_>,
        inventory: &'a Inventory,
        config: &'a Config,
        attestations: &'a [AttestationState],
    ) -> Judge<'a> {
        let mut judge = Judge {
            config,
            inventory,
            attestations: attestations.iter().filter(|it| it.is_about(name)).collect(),
            said: BTreeMap::new(),
            ran: rules::all().filter(|it| engine::runs(it, config)).map(Entry::id).collect(),
            by_name: inventory.components_by_name(),
            single: BTreeMap::new(),
        };
        for part in inventory.parts.iter().filter(|it| it.floor == Some(1) && it.component != Component::Other) {
            judge.single.entry(&part.subject).or_default().insert(part.component, rule_on_one(part));
        }
        for finding in &heard.findings {
            let word = if finding.severity == Severity::Note { Word::Advice } else { Word::Wrong(finding.severity) };
            judge.add_finding(finding, word);
        }
        for suppressed in &heard.suppressed {
            let severity = suppressed.finding.severity;
            let word = Word::Accepted { severity, by: suppressed.kind, why: suppressed.reason.clone() };
            judge.add_finding(&suppressed.finding, word);
        }
        for outcome in &heard.outcomes {
            judge.add_outcome(outcome, severities);
        }
        for passed in &heard.passed {
            for object in &passed.objects {
                judge.add_pass(passed.rule, *object);
            }
        }
        for reasons in judge.said.values_mut() {
            reasons.sort_by(|one, other| order(one).cmp(&order(other)));
        }
        judge
    }

    /// The sentences, and what no sentence covers.
    pub(super) fn sections(&self) -> (Vec<(&'static Section, Vec<Judged>)>, Vec<Reason>) {
        let guideline = Guideline::get();
        let judged = |it: &'static Section| (it, it.sentences.iter().map(|it| self.judge(it)).collect());
        let sections: Vec<(&Section, Vec<Judged>)> = guideline.sections.iter().map(judged).collect();
        let key = |it: &Reason| (it.id, condition::original(it).to_owned(), it.span);
        let told: BTreeSet<_> = sections.iter().flat_map(|it| &it.1).flat_map(|it| &it.reasons).map(key).collect();
        let mut beyond: Vec<Reason> = self
            .said
            .values()
            .flatten()
            .filter(|it| matches!(it.word, Word::Wrong(_) | Word::Accepted { .. } | Word::Advice))
            .filter(|it| !told.contains(&key(it)))
            .cloned()
            .collect();
        beyond.sort_by(|one, other| order(one).cmp(&order(other)));
        (sections, beyond)
    }

    fn judge(&self, sentence: &'static Sentence) -> Judged {
        let mut reasons: Vec<Reason> = Vec::new();
        for rule in sentence.all_rules() {
            let said = self.said.get(rule.as_str()).into_iter().flatten();
            reasons.extend(said.filter_map(|it| concern::of(it, sentence)));
        }
        let is_there = sentence.about.is_empty() || sentence.about.iter().any(|it| self.inventory.has(*it));
        if !is_there {
            reasons.retain(Reason::fails);
        }
        if !is_there && reasons.is_empty() {
            return self.judge_absent(sentence);
        }
        if sentence.aspect == Aspect::Budget {
            self.doubt_budgets(&mut reasons);
        }
        if is_there {
            self.add_silence(sentence, &mut reasons);
            self.add_switched_off(sentence, &mut reasons);
        }
        self.add_attestations(sentence, &mut reasons);
        reasons.sort_by(|one, other| order(one).cmp(&order(other)));
        // There is always a cluster, and it is watched or not, whatever the manifests show of it.
        let is_always_there = sentence.about.iter().any(|it| it.is_always_there());
        let silent = if is_always_there { Standing::NotVerifiable } else { Standing::NotApplicable };
        let standing = standing(&reasons.iter().collect::<Vec<_>>()).unwrap_or(silent);
        let deciders = if standing == Standing::NotVerifiable { deciders(sentence, &reasons) } else { Vec::new() };
        Judged { sentence, standing, reasons, deciders }
    }

    /// A sentence about components of which the manifests show none: it does not apply, unless they may be there
    /// unseen.
    fn judge_absent(&self, sentence: &'static Sentence) -> Judged {
        let hidden = self.inventory.may_hide(&sentence.about);
        let reason = hidden
            .zip(sentence.all_rules().next())
            .map(|(text, rule)| plain(rule.as_str(), Word::Open, text.to_owned()));
        let standing = if hidden.is_some() { Standing::NotVerifiable } else { Standing::NotApplicable };
        Judged { sentence, standing, reasons: reason.into_iter().collect(), deciders: Vec::new() }
    }

    /// A budget of a single pod either blocks drains or protects nothing, whoever made it: said once of each.
    fn doubt_budgets(&self, reasons: &mut Vec<Reason>) {
        for reason in reasons.iter_mut() {
            self.doubt_budget(reason);
        }
        let mut told: BTreeSet<(RuleId, String, Subject)> = BTreeSet::new();
        reasons.retain(|it| match it.word {
            Word::Follows(rule) => told.insert((rule, it.text.clone(), it.subject.clone())),
            _ => true,
        });
    }

    fn doubt_budget(&self, reason: &mut Reason) {
        let single = self.single.get(&reason.subject).filter(|_| reason.word == Word::Right);
        let mut own = single.into_iter().flatten().filter(|it| reason.components.contains(it.0));
        let Some((component, rule)) = own.next() else { return };
        reason.word = Word::Follows(*rule);
        reason.text = format!("of {} one runs, which no budget can protect", component.title());
    }

    /// A sentence that forbids something holds for the components of which its rules say nothing.
    fn add_silence(&self, sentence: &'static Sentence, reasons: &mut Vec<Reason>) {
        for rule in sentence.prohibits.iter().filter(|it| self.ran.contains(it.as_str())) {
            let is_told =
                |it: &Component| reasons.iter().any(|reason| reason.id == rule && reason.components.contains(it));
            let components: BTreeSet<Component> = concern::components_of_rule(rule)
                .into_iter()
                .filter(|it| sentence.about.contains(it) && self.inventory.has(*it) && !is_told(it))
                .collect();
            if components.is_empty() {
                continue;
            }
            let (word, text) = if self.inventory.is_fragment {
                (Word::Open, "one file does not show what other manifests do: run on the whole directory")
            } else if let Some(reason) = self.inventory.may_hide_autoscalers() {
                // All that sentences forbid so far are autoscalers.
                (Word::Open, reason)
            } else {
                (Word::Right, "no manifest does what the sentence forbids")
            };
            reasons.push(Reason { components, ..plain(rule.as_str(), word, text.to_owned()) });
        }
    }

    /// A sentence is not decided by what is left of its rules.
    fn add_switched_off(&self, sentence: &'static Sentence, reasons: &mut Vec<Reason>) {
        for rule in sentence.all_rules().filter(|it| !self.ran.contains(it.as_str())) {
            let Some(entry) = rules::find(rule) else { continue };
            let would = entry.page().levels.of(self.config.profile);
            if would.is_some_and(|it| it > Severity::Note) {
                let text = "the configuration switches the rule off".to_owned();
                let components = sentence.about.iter().copied().filter(|it| self.inventory.has(*it)).collect();
                reasons.push(Reason { components, ..plain(rule.as_str(), Word::SwitchedOff, text) });
            }
        }
    }

    fn add_attestations(&self, sentence: &'static Sentence, reasons: &mut Vec<Reason>) {
        let ids = sentence.attest.iter().chain(&sentence.rules);
        let ids: BTreeSet<&'static str> = ids.map(String::as_str).collect();
        let about: BTreeSet<Component> = sentence.about.iter().copied().filter(|it| self.inventory.has(*it)).collect();
        for id in ids {
            let is_answered = sentence.attest.iter().any(|it| it == id);
            let states: Vec<&&AttestationState> =
                self.attestations.iter().filter(|it| it.attestation.id == id).collect();
            let valid = states.iter().find(|it| it.validity == Validity::Valid);
            if let Some(state) = valid {
                let overruled = |it: &Reason| {
                    it.id == id
                        && (matches!(it.word, Word::Open | Word::Advice | Word::Vouched { .. })
                            || (is_answered && it.fails()))
                };
                reasons.retain(|it| !overruled(it));
                let word =
                    Word::Vouched { by: state.attestation.owner.clone(), until: state.attestation.expires.to_string() };
                reasons.push(Reason { components: about.clone(), ..vouched(state, id, word) });
                continue;
            }
            for state in states {
                let lapsed =
                    Reason { components: about.clone(), ..vouched(state, state.validity.rule(), Word::Lapsed) };
                reasons.push(lapsed);
            }
            if let Some(attestable) = Guideline::get().attestable.get(id) {
                self.add_attestable(id, attestable, &about, reasons);
            }
        }
    }

    /// What nobody vouches for may show in the manifests, or stays open.
    fn add_attestable(
        &self,
        id: &'static str,
        attestable: &'static Attestable,
        about: &BTreeSet<Component>,
        reasons: &mut Vec<Reason>,
    ) {
        let shown = self.inventory.shown.get(id).map_or(&[][..], Vec::as_slice);
        for (subject, span) in shown {
            let text = format!("{} shows it", short(subject));
            let reason = Reason { span: Some(*span), subject: subject.clone(), ..plain(id, Word::Right, text) };
            reasons.push(Reason { components: about.clone(), ..reason });
        }
        let has_lapsed = reasons.iter().any(|it| it.word == Word::Lapsed);
        if shown.is_empty() && !has_lapsed {
            let text = format!("no manifest shows it; an attestation says {}", attestable.attests);
            reasons.push(Reason { components: about.clone(), ..plain(id, Word::Open, text) });
        }
    }

    fn add_finding(&mut self, finding: &Finding, word: Word) {
        let mut reason = from_finding(finding, word);
        // One finding for many objects is about none of them, and names them all.
        let names = finding.evidence.iter().find(|it| it.0 == "names" && finding.subject.kind.is_empty());
        for name in names.into_iter().flat_map(|it| it.1.split(", ")) {
            reason.components.extend(self.by_name.get(name).into_iter().flatten());
        }
        if reason.components.is_empty() {
            reason.components = self.components(finding.rule, &finding.subject, &finding.path.to_string());
        }
        self.said.entry(finding.rule).or_default().push(reason);
    }

    fn add_outcome(&mut self, outcome: &Outcome, severities: &Severities<'_>) {
        let components = self.components(outcome.rule, &outcome.subject, "");
        let reason = match &outcome.undecided {
            Undecided::NotVerifiable(text) => plain(outcome.rule.as_str(), Word::Open, text.clone()),
            Undecided::Attested { by, until } => {
                let word = Word::Vouched { by: by.clone(), until: until.clone() };
                plain(outcome.rule.as_str(), word, format!("{by} vouches for it until {until}"))
            }
            Undecided::Blocked { by, carrier, label } => {
                let limit = severities.get(&(*by, carrier)).copied().unwrap_or(Severity::Error);
                let is_advice = self.level(outcome.rule).min(limit) == Severity::Note;
                let word = if is_advice { Word::Advice } else { Word::Follows(*by) };
                Reason { span: Some(label.span), ..plain(outcome.rule.as_str(), word, label.text.clone()) }
            }
        };
        let reason = Reason { subject: outcome.subject.clone(), components, ..reason };
        self.said.entry(outcome.rule).or_default().push(reason);
    }

    fn add_pass(&mut self, rule: RuleId, object: u32) {
        let Some((subject, span)) = self.inventory.subjects.get(object as usize) else { return };
        let components = self.components(rule, subject, "");
        let text = short(subject);
        let reason = Reason {
            span: Some(*span),
            subject: subject.clone(),
            components,
            ..plain(rule.as_str(), Word::Right, text)
        };
        self.said.entry(rule).or_default().push(reason);
    }

    /// The level of a rule's findings.
    fn level(&self, rule: RuleId) -> Severity {
        let configured = self.config.rules.get(rule.as_str()).and_then(|it| it.level);
        let level = configured.or_else(|| rules::find(&rule).map(|it| it.page().levels.of(self.config.profile)));
        level.flatten().unwrap_or(Severity::Note)
    }

    /// The components that something said by a rule is about. A Kafka resource is both its brokers and its quorum:
    /// the rule or the field says which is meant.
    fn components(&self, rule: RuleId, subject: &Subject, path: &str) -> BTreeSet<Component> {
        let mut components = self.inventory.components_of(subject);
        if components.is_empty() {
            components.extend(rules::find(&rule).and_then(|it| concern::component_of_rules(it.component())));
        }
        if components.contains(&Component::Kafka) && components.contains(&Component::Quorum) {
            let is_quorum = rule.starts_with("zookeeper-") || rule.starts_with("kraft-") || path.contains("zookeeper");
            let is_brokers = path.contains("spec.kafka");
            if is_quorum {
                components.remove(&Component::Kafka);
            } else if is_brokers {
                components.remove(&Component::Quorum);
            }
        }
        components
    }
}

/// The rule that says that a part runs only once.
fn rule_on_one(part: &Part) -> RuleId {
    match part.component {
        Component::Kafka => KafkaTooFewBrokers::ID,
        Component::Quorum if part.noun == "controller" => KraftTooFewControllers::ID,
        Component::Quorum => ZookeeperTooFewNodes::ID,
        Component::Postgres => PostgresTooFewInstances::ID,
        _ if part.scaler.is_some() => HpaFloorTooLow::ID,
        _ => WorkloadTooFewReplicas::ID,
    }
}

/// `Deployment backend`, as messages name objects.
fn short(subject: &Subject) -> String {
    format!("{} {}", subject.kind, subject.name).trim().to_owned()
}

fn deciders(sentence: &Sentence, reasons: &[Reason]) -> Vec<String> {
    let mut deciders: Vec<String> = sentence.decided_by.iter().cloned().collect();
    let open = reasons.iter().filter(|it| it.word == Word::Open);
    for id in open.map(|it| it.id).filter(|it| Guideline::get().attestable.contains_key(*it)) {
        deciders.push(format!("an attestation of {id} in .edms-lint.yaml"));
    }
    let is_advice_alone = reasons.iter().all(|it| it.word == Word::Advice);
    for reason in reasons.iter().filter(|_| is_advice_alone && sentence.decided_by.is_none()) {
        deciders.push(format!("heeding the advice, or an attestation of {} in .edms-lint.yaml", reason.id));
    }
    for reason in reasons.iter().filter(|it| it.word == Word::SwitchedOff) {
        deciders.push(format!("the rule {}, if it were not switched off", reason.id));
    }
    deciders.dedup();
    deciders
}

fn vouched(state: &AttestationState, id: &'static str, word: Word) -> Reason {
    let mut text = state.describe();
    if id != state.attestation.id {
        text = format!("{}: {text}", state.attestation.id);
    }
    let evidence = state.attestation.evidence.iter().map(|it| ("evidence", it.clone())).collect();
    Reason { evidence, ..plain(id, word, text) }
}

fn plain(id: &'static str, word: Word, text: String) -> Reason {
    Reason {
        id,
        word,
        text,
        span: None,
        labels: Vec::new(),
        evidence: Vec::new(),
        help: None,
        subject: Subject::default(),
        components: BTreeSet::new(),
    }
}

/// The order of reasons: what decides most first.
fn order(it: &Reason) -> (u8, Reverse<Option<Severity>>, &'static str, Option<crate::source::Span>, String) {
    let (rank, severity) = match &it.word {
        Word::Wrong(severity) => (0, Some(*severity)),
        Word::Lapsed => (1, None),
        Word::Follows(_) => (2, None),
        Word::Accepted { severity, .. } => (3, Some(*severity)),
        Word::Open => (4, None),
        Word::SwitchedOff => (5, None),
        Word::Advice => (6, None),
        Word::Vouched { .. } => (7, None),
        Word::Right => (8, None),
    };
    (rank, Reverse(severity), it.id, it.span, it.text.clone())
}
