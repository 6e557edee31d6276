//! What a rule sees of a run, and how it speaks.

use super::draft::{Draft, Drafted};
use super::{Head, Part, Repair, RuleOutput, Verdict};
use crate::config::Config;
use crate::finding::{
    CaseName, Confidence, Finding, Group, Identity, Label, Outcome, RuleId, Severity, Subject, Undecided, Unverified,
};
use crate::index::{
    Environments, Index, OfObject, PodSpec, ResourceMetric, Role, Serving, SpreadTerm, Typing, Workload,
};
use crate::model::{Container, Object, ObjectId, Place};
use crate::source::Span;
use std::cell::Cell;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

/// One rule's view of one environment.
pub struct Context<'a> {
    index: &'a Index<'a>,
    run: &'a Environments<'a>,
    /// Whether more was asked than what stands in the environment.
    asked_run: Cell<bool>,
    rule: &'static Head,
    notices: &'a [Notice],
    part: Arc<Part<'a>>,
    drafts: Vec<Drafted>,
    last_group: Option<Arc<Group>>,
    outcomes: Vec<Outcome>,
    /// By their reasons.
    unverified: BTreeMap<String, Vec<Identity>>,
    passed: Vec<u32>,
    /// What a verdict or a draft calls wrong, by position in its environment.
    wrong: Vec<u32>,
}

/// Something that the engine noticed when all other rules had run, for a rule to say.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The rule.
    pub rule: RuleId,
    /// The case of the rule's page.
    pub case: Option<CaseName>,
    /// The object at which it stands.
    pub subject: Subject,
    /// Where.
    pub span: Span,
    /// A fact.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Further places.
    pub labels: Vec<Label>,
    /// What mends it, if something does.
    pub repair: Option<Repair>,
}

impl<'a> Context<'a> {
    /// A context for one rule, which shows `part`; `run` holds all environments of the run.
    pub fn new(index: &'a Index<'a>, run: &'a Environments<'a>, rule: &'static Head, part: Arc<Part<'a>>) -> Self {
        Context {
            index,
            run,
            asked_run: Cell::new(false),
            rule,
            notices: &[],
            part,
            drafts: Vec::new(),
            last_group: None,
            outcomes: Vec::new(),
            unverified: BTreeMap::new(),
            passed: Vec::new(),
            wrong: Vec::new(),
        }
    }

    /// The same, with what the engine noticed.
    pub fn with_notices(self, notices: &'a [Notice]) -> Self {
        Context { notices, ..self }
    }

    /// From now on shows the objects of this part only. What was said stays said.
    pub fn show(&mut self, part: Arc<Part<'a>>) {
        self.part = part;
    }

    /// Adds what the same rule said of a later part.
    pub fn append(&mut self, later: Context<'a>) {
        self.drafts.extend(later.drafts);
        self.outcomes.extend(later.outcomes);
        for (reason, objects) in later.unverified {
            self.unverified.entry(reason).or_default().extend(objects);
        }
        self.asked_run.set(self.asked_run.get() || later.asked_run.get());
        self.passed.extend(later.passed);
        self.wrong.extend(later.wrong);
    }

    /// The part of the environment that is shown.
    pub(super) fn part(&self) -> &Range<u32> {
        self.part.objects()
    }

    /// What an object's type says of it.
    pub fn typing(&self, object: &Object) -> Arc<Typing> {
        self.part.typing(self.run, object)
    }

    /// [`Roles::serving`](crate::index::Roles::serving), found once for all rules that look at a part.
    pub fn serving(&self, workload: &Workload<'a>) -> Option<Arc<Serving<'a>>> {
        self.part.serving(self.index, workload)
    }

    /// The containers that run as long as the pods of a workload, without those that are known to stand beside an
    /// application; found once for all rules that look at a part.
    pub fn own_containers(&self, workload: &Workload<'a>) -> Arc<Vec<Container<'a>>> {
        self.part.own_containers(workload)
    }

    /// [`Pods::spread_terms`](crate::index::Pods::spread_terms), found once for all rules that look at a part.
    pub fn spread_terms(&self, spec: &PodSpec<'a>) -> Arc<Vec<SpreadTerm<'a>>> {
        self.part.spread_terms(self.index, spec)
    }

    /// The resource metrics of an HPA or ScaledObject, found once for all rules that look at a part.
    pub fn resource_metrics(&self, scaler: &'a Object) -> Arc<Vec<ResourceMetric<'a>>> {
        self.part.resource_metrics(scaler)
    }

    /// Says what the engine noticed for this rule.
    pub fn tell_notices(&mut self) {
        for notice in self.notices.iter().filter(|it| it.rule == self.rule.id) {
            let place = Place { span: notice.span, path: crate::yaml::Path::default() };
            let draft = self.fail_for(notice.subject.clone(), place, notice.message.clone());
            let mut draft = draft.fix(notice.repair.clone());
            if let Some(case) = notice.case {
                draft = draft.case(case);
            }
            for label in &notice.labels {
                draft = draft.label(label.span, label.text.clone());
            }
            if let Some(help) = &notice.help {
                draft.help(help.clone());
            }
        }
    }

    /// The environment, indexed.
    pub fn index(&self) -> &'a Index<'a> {
        self.index
    }

    /// All environments of the run, asked before a reference is called dangling.
    pub fn run(&self) -> &'a Environments<'a> {
        self.asked_run.set(true);
        self.run
    }

    /// Whether any environment of the run answers yes. What can be looked up by a name or labels, or is the same for
    /// whoever asks, has quicker answers: [`Context::run`] and [`Context::once_in_run`].
    pub fn anywhere_in_run(&self, ask: impl Fn(&Index<'a>) -> bool) -> bool {
        self.run().all().iter().any(ask)
    }

    /// The same, where each question is put to them once: it has to name all that the answer depends on.
    pub fn once_in_run(&self, question: &str, ask: impl Fn(&Index<'a>) -> bool) -> bool {
        self.run().any(format!("{}: {question}", self.rule.id), ask)
    }

    /// Says that an object is wrong at a place. The message is a fact about it with its numbers.
    pub fn fail(&mut self, object: &Object, place: Place, message: impl Into<String>) -> Draft<'_> {
        let managers = object.managers(&place.path).join(" and ");
        let message = match managers.as_str() {
            "" => message.into(),
            managers => format!("{}, set by {managers}", message.into()),
        };
        self.set_wrong(object);
        let draft = self.fail_for(object.subject(), place, message);
        draft.drafted.is_judged = !object.is_made();
        draft.drafted.object = Some(object.id());
        draft
    }

    /// The same for something that is no object.
    pub fn fail_for(&mut self, subject: Subject, place: Place, message: impl Into<String>) -> Draft<'_> {
        let finding = Finding {
            rule: self.rule.id,
            severity: Severity::Note,
            impact: self.rule.page().impact,
            message: message.into(),
            span: place.span,
            subject,
            rendered: None,
            environments: vec![self.index.environment().name.clone()],
            path: place.path,
            labels: Vec::new(),
            evidence: Vec::new(),
            help: None,
            confidence: self.rule.page().confidence,
            fix: None,
            group: None,
        };
        let finding = Box::new(finding);
        if let Some(before) = self.drafts.last_mut() {
            // There may be thousands, and nothing more is said of this one.
            before.finding.shrink_to_fit();
        }
        self.drafts.push(Drafted {
            finding,
            case: None,
            merge_target: None,
            absence: None,
            object: None,
            is_judged: true,
        });
        let drafted = self.drafts.last_mut().expect("one was added");
        Draft { drafted, last_group: &mut self.last_group, rule: self.rule }
    }

    /// Takes in what a rule decided about an object. The walk does that for what it shows.
    pub fn judge(&mut self, object: &Object, verdict: Verdict) {
        match verdict {
            Verdict::Pass => self.pass(object),
            Verdict::NotVerifiable(reason) => self.not_verifiable(object, reason),
            Verdict::Fail => self.set_wrong(object),
            Verdict::NotApplicable => {}
        }
    }

    /// Judges each of a list: for functions over an environment, which gather something before.
    pub fn judge_each<T: OfObject<'a>>(
        &mut self,
        list: impl IntoIterator<Item = T>,
        mut judge: impl FnMut(T, &mut Context<'a>) -> Verdict,
    ) {
        for it in list {
            let object = it.object();
            let verdict = judge(it, self);
            self.judge(object, verdict);
        }
    }

    /// Says that an object is right.
    fn pass(&mut self, object: &Object) {
        // What a kustomization installs is none of the objects.
        if object.is_made() || object.id().0 >= self.index.len() {
            return;
        }
        self.passed.push(object.id().0);
    }

    /// Notes that an object is wrong, so that it does not pass as well: rules look at many by their parts.
    fn set_wrong(&mut self, object: &Object) {
        if !object.is_made() {
            self.wrong.push(object.id().0);
        }
    }

    /// Says that the manifests cannot tell, and what would.
    fn not_verifiable(&mut self, object: &Object, reason: impl Into<String>) {
        if object.is_made() {
            return;
        }
        self.unverified.entry(reason.into()).or_default().push(object.identity().clone());
    }

    /// The same for something that is no object.
    pub fn not_verifiable_for(&mut self, subject: Subject, reason: impl Into<String>) {
        self.outcome(subject, Undecided::NotVerifiable(reason.into()));
    }

    /// Says that an object is wrong, but that this matters only once the finding of rule `by` about `carrier`
    /// is mended: the label appears there, and there is no finding of this rule, even where `by` is off.
    /// Where both report one defect, [`Draft::merged_into`] is right.
    pub fn blocked(
        &mut self,
        object: &Object,
        by: RuleId,
        carrier: &Object,
        span: Span,
        text: impl Into<String>,
    ) -> Verdict {
        if object.is_made() {
            return Verdict::NotApplicable;
        }
        if let Some(reason) = self.index.environment().may_hide(&self.rule.page().absence, object.namespace()) {
            let reason = reason.to_owned();
            self.not_verifiable(object, reason);
        } else {
            let label = Label { span, text: text.into() };
            self.outcome(object.subject(), Undecided::Blocked { by, carrier: carrier.subject(), label });
        }
        Verdict::Fail
    }

    fn outcome(&mut self, subject: Subject, undecided: Undecided) {
        let environment = self.index.environment().name.clone();
        self.outcomes.push(Outcome { rule: self.rule.id, environment, subject, undecided });
    }

    /// Takes away the drafts that conclude from the absence of what the run may not see: they are not verifiable.
    fn without_hidden(&mut self, drafts: Vec<Drafted>) -> Vec<Drafted> {
        let environment = self.index.environment();
        if environment.unseen.is_empty() {
            return drafts;
        }
        let mut kept = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let namespace = draft.finding.subject.namespace.as_deref();
            let reason = match draft.absence {
                Some(kinds) => environment.may_hide(kinds, namespace),
                None => environment.may_hide(&self.rule.page().absence, namespace),
            };
            match reason {
                Some(reason) => self.not_verifiable_for(draft.finding.subject, reason),
                None => kept.push(draft),
            }
        }
        kept
    }

    /// Whether an object belongs to a tool or to the platform, which nobody mends in passing.
    fn is_aside(&self, object: ObjectId) -> bool {
        let object = self.index.objects_in(object.0..object.0 + 1).next();
        let workload = object.and_then(|it| self.index.workload_of(it));
        workload.is_some_and(|it| matches!(it.role, Role::Tool | Role::Platform))
    }

    /// Closes the context: severities from page, profile and configuration; what is off falls away.
    pub fn finish(mut self, config: &Config) -> RuleOutput {
        let configured = config.rules.get(self.rule.id.as_str()).and_then(|it| it.level);
        let mut drafts = std::mem::take(&mut self.drafts);
        // Nobody writes what a controller makes, whichever rule looks at it.
        drafts.retain(|it| it.is_judged);
        let drafts = self.without_hidden(drafts);
        let mut findings = Vec::new();
        let mut told = Vec::new();
        let mut silent = Vec::new();
        for Drafted { mut finding, case, merge_target, object, .. } in drafts {
            if let (Some(fix), Some(object)) = (&mut finding.fix, object) {
                fix.is_aside = self.is_aside(object);
            }
            let levels =
                case.and_then(|it| self.rule.page().cases.get(it.as_str())).unwrap_or(&self.rule.page().levels);
            let level = configured.unwrap_or_else(|| {
                let level = levels.of(config.profile);
                // What is only inferred is never an error, unless the configuration says so.
                let is_guess = finding.confidence == Confidence::Heuristic;
                level.map(|it| if is_guess { it.min(Severity::Warning) } else { it })
            });
            if let Some(severity) = level {
                finding.severity = severity;
                match merge_target {
                    Some(merge_target) => told.push((finding, merge_target)),
                    None => findings.push(finding),
                }
            } else {
                silent.push((finding.span, finding.subject));
            }
        }
        let unverified = unverified(self.rule.id, &self.index.environment().name, self.unverified);
        findings.shrink_to_fit();
        let (outcomes, passed) = (self.outcomes, without(self.passed, &self.wrong));
        RuleOutput { findings, told, outcomes, unverified, passed, silent, asked_run: self.asked_run.get() }
    }
}

fn unverified(rule: RuleId, environment: &str, by_reason: BTreeMap<String, Vec<Identity>>) -> Vec<Unverified> {
    if by_reason.is_empty() {
        return Vec::new();
    }
    let environment: Arc<str> = environment.into();
    let open = by_reason.into_iter().map(|(reason, mut objects)| {
        objects.shrink_to_fit();
        Unverified { rule, environment: Arc::clone(&environment), reason, objects }
    });
    open.collect()
}

/// The objects that are right in all that a rule looked at, each once.
fn without(mut passed: Vec<u32>, wrong: &[u32]) -> Vec<u32> {
    if !wrong.is_empty() {
        let wrong: HashSet<u32> = wrong.iter().copied().collect();
        passed.retain(|it| !wrong.contains(it));
    }
    passed.sort_unstable();
    passed.dedup();
    passed
}
