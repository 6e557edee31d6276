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
mod repairs;

pub(crate) use ledger::Ledger;

use crate::config::{Config, ExceptionSetting};
use crate::finding::{CaseName, Found, RuleId, Subject, Suppressed, SuppressedBy};
use crate::model::Environment;
use crate::rule::Notice;
use crate::rules;
use crate::rules::manifest::{EXPIRED, InvalidSuppression, UnusedSuppression};
use crate::source::Span;
use covered::Covered;
use exceptions::Exceptions;
pub(crate) use files::MarkedFiles;
use jiff::civil::Date;
use order::Mistake;
use repairs::{Meant, Slip, Written, nearest_rule};

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
    written: Written,
}

/// What takes findings of an environment away.
#[derive(Debug)]
pub(crate) struct Suppressions<'a> {
    environment: &'a Environment,
    settings: Exceptions<'a>,
    orders: Vec<Suppression>,
    covered: Covered,
    meant: Meant,
    /// The first order of the configuration; its entries follow in order.
    configured: usize,
    notices: Vec<Notice>,
    today: Option<Date>,
    requires_reason: bool,
}

impl<'a> Suppressions<'a> {
    /// Reads those of an environment.
    pub(crate) fn read(environment: &'a Environment, files: &MarkedFiles<'_>, config: &'a Config) -> Suppressions<'a> {
        let mut all = Suppressions::empty(environment, config);
        all.read_comments(files);
        all.read_annotations(files);
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
            meant: Meant::default(),
            configured: 0,
            notices: Vec::new(),
            today: config.today,
            requires_reason: config.requires_reason,
        }
    }

    fn read_comments(&mut self, files: &MarkedFiles<'_>) {
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
            let (rules, slips) = self.known(&names, comment.object, comment.span);
            let may_count = self.may_count(&terms);
            for slip in slips.iter().filter(|_| may_count) {
                let at = self.meant.at(slip.notice);
                self.meant.covered.add_comment(&comment, slip.meant, at, self.environment);
                self.notices[slip.notice].repair = slip.in_comment(comment.span, text);
            }
            if rules.is_empty() || !self.is_in_force(&terms, comment.object, comment.span) {
                continue;
            }
            let order = self.orders.len();
            for (number, (rule, _)) in rules.iter().enumerate() {
                self.covered.add_comment(&comment, *rule, (order, number), self.environment);
            }
            self.orders.push(Suppression {
                by: SuppressedBy::Comment,
                span: comment.span,
                rules,
                reason: terms.reason.to_owned(),
                object: comment.object,
                is_seen: !self.environment.objects.is_empty(),
                written: Written::Comment(text.into()),
            });
        }
        self.covered.finish();
        self.meant.covered.finish();
    }

    fn read_annotations(&mut self, files: &MarkedFiles<'_>) {
        for (position, object) in self.environment.objects.iter().enumerate() {
            if !files.may_hold_orders(object.document()) {
                continue;
            }
            for (span, Mistake { message, help }) in misspelt::of(object) {
                let (rule, case, subject, labels) = (INVALID, None, object.subject(), Vec::new());
                self.notices.push(Notice { rule, case, subject, span, message, help, labels, repair: None });
            }
            for annotation in annotations::of(object) {
                let (name, entry) = (annotation.name, &annotation.entry);
                let span = entry.line_span();
                let (rules, slips) = self.known(&[name], Some(position), span);
                let terms = match order::terms(entry.value.text()) {
                    Ok(terms) => terms,
                    Err(mistake) => {
                        let form = format!("it reads `{}{name}: \"until=2027-01-31: reason\"`", annotations::PREFIX);
                        self.refuse(Some(position), span, Mistake::new(mistake.message, form));
                        continue;
                    }
                };
                let may_count = self.may_count(&terms);
                for slip in slips.iter().filter(|_| may_count) {
                    let at = self.meant.at(slip.notice);
                    self.meant.covered.add_subject(object.subject(), slip.meant, at);
                    self.notices[slip.notice].repair = Some(slip.in_annotation(object, &annotation));
                }
                if rules.is_empty() || !self.is_in_force(&terms, Some(position), span) {
                    continue;
                }
                for (number, (rule, _)) in rules.iter().enumerate() {
                    self.covered.add_subject(object.subject(), *rule, (self.orders.len(), number));
                }
                let (by, reason) = (SuppressedBy::Annotation, terms.reason.to_owned());
                let written = Written::Annotation(Box::new(repairs::without_annotation(object, &annotation)));
                let object = Some(position);
                self.orders.push(Suppression { by, span, rules, reason, object, is_seen: true, written });
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
                written: Written::Entry(setting.entry.clone()),
            });
        }
    }

    fn speaks_of_any_object(&self, setting: &ExceptionSetting) -> bool {
        let mut objects = self.environment.objects.iter();
        objects.any(|it| setting.matches(it.node().span().source, &it.subject()))
    }

    /// The rules with these names; the others are told, and those of them returned that are near to a rule.
    fn known<'n>(
        &mut self,
        names: &[&'n str],
        object: Option<usize>,
        span: Span,
    ) -> (Vec<(RuleId, bool)>, Vec<Slip<'n>>) {
        let (mut known, mut slips) = (Vec::new(), Vec::new());
        for name in names {
            if let Some(rule) = rules::find(name) {
                known.push((rule.id(), false));
                continue;
            }
            let meant = nearest_rule(name);
            let help = meant.map(|it| format!("did you mean `{it}`?"));
            let help = help.unwrap_or_else(|| "`edms-lint rules` lists them".to_owned());
            slips.extend(meant.map(|meant| Slip { notice: self.notices.len(), name, meant }));
            self.refuse(object, span, Mistake::new(format!("there is no rule `{name}`"), help));
        }
        (known, slips)
    }

    /// Whether the terms are no reason not to heed it.
    fn may_count(&self, terms: &order::Terms<'_>) -> bool {
        let is_over = || terms.until.is_some_and(|it| self.today.is_some_and(|today| today > it));
        let lacks_reason = terms.reason.is_empty() && self.requires_reason;
        !lacks_reason && !is_over()
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
        self.notices.push(Notice {
            rule: INVALID,
            case,
            subject,
            span,
            message,
            help,
            labels: Vec::new(),
            repair: None,
        });
    }

    /// Takes away what they cover.
    pub(crate) fn apply(&mut self, findings: Vec<Found>) -> (Vec<Found>, Vec<Suppressed>) {
        for finding in &findings {
            self.confirm(finding);
        }
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
