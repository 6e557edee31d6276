//! What takes findings away: comments, annotations, and the configuration.
//!
//! A comment covers its own line; of the key or list item below it, with all that this holds; or, above the
//! first line of an object, of the whole object. An annotation covers its object.

mod annotations;
mod comments;
mod covered;
mod exceptions;
mod files;
mod ledger;
mod misspelt;
mod order;

pub(crate) use ledger::Ledger;

use crate::config::{Config, ExceptionSetting};
use crate::finding::{CaseName, Found, RuleId, Subject, Suppressed, SuppressedBy};
use crate::model::Environment;
use crate::rule::Notice;
use crate::rules;
use crate::rules::manifest::{EXPIRED, InvalidSuppression, UnusedSuppression};
use crate::source::{Sources, Span};
use crate::suggest;
use covered::Covered;
use exceptions::Exceptions;
use files::MarkedFiles;
use jiff::civil::Date;
use order::Mistake;

/// The rule that reports orders that are not heeded.
pub(crate) const INVALID: RuleId = InvalidSuppression::ID;
/// The rule that reports orders that take nothing away.
pub(crate) const UNUSED: RuleId = UnusedSuppression::ID;

/// Something that takes away the findings of some rules.
#[derive(Debug)]
struct Suppression {
    by: SuppressedBy,
    span: Span,
    /// The rules, and whether anything of theirs was here.
    rules: Vec<(RuleId, bool)>,
    reason: String,
    /// The object that it stands at; nothing for the configuration's.
    object: Option<usize>,
    /// Whether what it covers was audited.
    is_seen: bool,
}

/// What takes findings of an environment away.
#[derive(Debug)]
pub(crate) struct Suppressions<'a> {
    environment: &'a Environment,
    settings: Exceptions<'a>,
    orders: Vec<Suppression>,
    covered: Covered,
    /// The first order of the configuration; its entries follow in order.
    configured: usize,
    notices: Vec<Notice>,
    today: Option<Date>,
    requires_reason: bool,
}

impl<'a> Suppressions<'a> {
    /// Reads those of an environment.
    pub(crate) fn read(environment: &'a Environment, sources: &Sources, config: &'a Config) -> Suppressions<'a> {
        let mut all = Suppressions::empty(environment, config);
        let mut files = MarkedFiles::new(sources);
        all.read_comments(&mut files);
        all.read_annotations(&mut files);
        all.read_settings(config);
        all
    }

    /// Only those of the configuration.
    pub(crate) fn of_configuration(environment: &'a Environment, config: &'a Config) -> Suppressions<'a> {
        let mut all = Suppressions::empty(environment, config);
        all.read_settings(config);
        all
    }

    fn empty(environment: &'a Environment, config: &'a Config) -> Suppressions<'a> {
        let settings = config.exceptions.iter().filter(|it| it.speaks_of(&environment.name)).collect();
        Suppressions {
            environment,
            settings: Exceptions::new(settings),
            orders: Vec::new(),
            covered: Covered::default(),
            configured: 0,
            notices: Vec::new(),
            today: config.today,
            requires_reason: config.requires_reason,
        }
    }

    /// What is wrong with them.
    pub(crate) fn notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }

    fn read_comments(&mut self, files: &mut MarkedFiles<'_>) {
        for comment in comments::find(self.environment, files) {
            let text = files.sources.get(comment.span.source).slice(comment.span);
            let Some(order) = order::in_comment(text) else { continue };
            let (names, terms) = match order.and_then(order::parse) {
                Ok(parsed) => parsed,
                Err(mistake) => {
                    self.refuse(comment.object, comment.span, mistake);
                    continue;
                }
            };
            let rules = self.known(&names, comment.object, comment.span);
            if rules.is_empty() || !self.is_in_force(&terms, comment.object, comment.span) {
                continue;
            }
            let order = self.orders.len();
            for (number, (rule, _)) in rules.iter().enumerate() {
                let at = (order, number);
                self.covered.add_place(comment.span.source, *rule, (comment.start, comment.end), at);
                for file in &comment.files {
                    self.covered.add_place(*file, *rule, (0, u32::MAX), at);
                }
                for object in &comment.whole {
                    // What another file says of the object is meant too: the patch, or the object itself.
                    self.covered.add_subject(self.environment.objects[*object].subject(), *rule, at);
                }
            }
            self.orders.push(Suppression {
                by: SuppressedBy::Comment,
                span: comment.span,
                rules,
                reason: terms.reason.to_owned(),
                object: comment.object,
                is_seen: !self.environment.objects.is_empty(),
            });
        }
        self.covered.finish();
    }

    fn read_annotations(&mut self, files: &mut MarkedFiles<'_>) {
        for (position, object) in self.environment.objects.iter().enumerate() {
            if !files.may_hold_orders(object.document()) {
                continue;
            }
            for (span, Mistake { message, help }) in misspelt::of(object) {
                let (rule, case, subject, labels) = (INVALID, None, object.subject(), Vec::new());
                self.notices.push(Notice { rule, case, subject, span, message, help, labels });
            }
            for (name, entry) in annotations::of(object) {
                let span = entry.line_span();
                let rules = self.known(&[name], Some(position), span);
                let terms = match order::terms(entry.value.text()) {
                    Ok(terms) => terms,
                    Err(mistake) => {
                        let form = format!("it reads `{}{name}: \"until=2027-01-31: reason\"`", annotations::PREFIX);
                        self.refuse(Some(position), span, Mistake::new(mistake.message, form));
                        continue;
                    }
                };
                if rules.is_empty() || !self.is_in_force(&terms, Some(position), span) {
                    continue;
                }
                for (number, (rule, _)) in rules.iter().enumerate() {
                    self.covered.add_subject(object.subject(), *rule, (self.orders.len(), number));
                }
                let (by, reason) = (SuppressedBy::Annotation, terms.reason.to_owned());
                let object = Some(position);
                self.orders.push(Suppression { by, span, rules, reason, object, is_seen: true });
            }
        }
    }

    fn read_settings(&mut self, config: &Config) {
        self.configured = self.orders.len();
        for at in 0..self.settings.len() {
            let setting = self.settings.get(at);
            let terms = order::Terms { until: setting.until, reason: setting.reason.as_deref().unwrap_or_default() };
            let is_in_force = self.is_in_force(&terms, None, setting.span);
            let known = setting.rules.iter().filter_map(|it| rules::find(it)).filter(|_| is_in_force);
            let rules: Vec<(RuleId, bool)> = known.map(|it| (it.id(), false)).collect();
            self.settings.enter(at, &rules);
            self.orders.push(Suppression {
                by: SuppressedBy::Configuration,
                span: setting.span,
                rules,
                reason: terms.reason.to_owned(),
                object: None,
                is_seen: config.is_whole || self.speaks_of_any_object(setting),
            });
        }
    }

    fn speaks_of_any_object(&self, setting: &ExceptionSetting) -> bool {
        let mut objects = self.environment.objects.iter();
        objects.any(|it| setting.matches(it.node().span().source, &it.subject()))
    }

    /// The rules with these names; the others are told.
    fn known(&mut self, names: &[&str], object: Option<usize>, span: Span) -> Vec<(RuleId, bool)> {
        let mut known = Vec::new();
        for name in names {
            if let Some(rule) = rules::find(name) {
                known.push((rule.id(), false));
                continue;
            }
            let near = suggest::nearest(name, rules::all().map(|it| it.id().as_str()).collect::<Vec<&str>>());
            let help =
                near.map_or_else(|| "`edms-lint rules` lists them".to_owned(), |it| format!("did you mean `{it}`?"));
            self.refuse(object, span, Mistake::new(format!("there is no rule `{name}`"), help));
        }
        known
    }

    /// Whether the terms let it count; why they do not is told.
    fn is_in_force(&mut self, terms: &order::Terms<'_>, object: Option<usize>, span: Span) -> bool {
        if terms.reason.is_empty() && self.requires_reason {
            let help = "say why behind a colon: `ignore[rule]: reason`";
            self.refuse(object, span, Mistake::new("it gives no reason, which the configuration requires", help));
            return false;
        }
        let Some(until) = terms.until.filter(|it| self.today.is_some_and(|today| today > *it)) else { return true };
        let help = "mend what it excuses, or agree on a later day";
        self.notice(object, span, Some(EXPIRED), Mistake::new(format!("it counted until {until}"), help));
        false
    }

    fn refuse(&mut self, object: Option<usize>, span: Span, mistake: Mistake) {
        self.notice(object, span, None, mistake);
    }

    fn notice(&mut self, object: Option<usize>, span: Span, case: Option<CaseName>, mistake: Mistake) {
        let subject = object.map(|it| self.environment.objects[it].subject()).unwrap_or_default();
        let message = format!("this suppression is not heeded: {}", mistake.message);
        let Mistake { help, .. } = mistake;
        self.notices.push(Notice { rule: INVALID, case, subject, span, message, help, labels: Vec::new() });
    }

    /// Takes away what they cover.
    pub(crate) fn apply(&mut self, findings: Vec<Found>) -> (Vec<Found>, Vec<Suppressed>) {
        if self.orders.is_empty() {
            return (findings, Vec::new());
        }
        let mut kept = Vec::with_capacity(findings.len());
        let mut suppressed = Vec::new();
        for finding in findings {
            match self.find(finding.rule, Some(finding.span), &finding.subject) {
                Some(at) => {
                    let Suppression { by, span, ref reason, .. } = self.orders[at];
                    suppressed.push(Suppressed { finding: *finding, kind: by, by: span, reason: reason.clone() });
                }
                None => kept.push(finding),
            }
        }
        (kept, suppressed)
    }

    /// Remembers that something of a rule is here, though it is no finding: told by another, or off in this profile.
    pub(crate) fn touch(&mut self, rule: RuleId, span: Option<Span>, subject: &Subject) {
        if !self.orders.is_empty() {
            self.find(rule, span, subject);
        }
    }

    /// The order that covers a place and object for a rule, which is used by that.
    fn find(&mut self, rule: RuleId, span: Option<Span>, subject: &Subject) -> Option<usize> {
        let (at, number) =
            self.covered.by_place(rule, span).or_else(|| self.covered.by_subject(rule, subject)).or_else(|| {
                let at = self.configured + self.settings.first(rule, span?.source, subject)?;
                Some((at, self.number(at, rule)?))
            })?;
        self.orders[at].rules[number].1 = true;
        Some(at)
    }

    /// A rule's number in an order.
    fn number(&self, at: usize, rule: RuleId) -> Option<usize> {
        self.orders[at].rules.iter().position(|it| it.0 == rule)
    }
}
