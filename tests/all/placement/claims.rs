//! What a drill claims, and whether what was seen contradicts it.

use edms_lint::drill::{Outcome, Scenario, Subject, Verdict};
use serde_json::Value;

/// What was compared.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) environments: usize,
    /// Numbers and verdicts that were held against what was seen.
    pub(super) claims: usize,
    pub(super) survives: usize,
    pub(super) fails: usize,
    pub(super) stuck: usize,
    /// Drains and rollouts said to end.
    pub(super) ends: usize,
    /// Losses and drains that may fail, of workloads with hard constraints.
    pub(super) may_fail: usize,
    /// Of those, the ones that some run fails.
    pub(super) may_fail_seen: usize,
}

/// The least and the most of all runs.
#[derive(Clone, Copy, Debug)]
struct Seen(i64, i64);

impl Seen {
    fn read(value: &Value) -> Option<Seen> {
        Some(Seen(value[0].as_i64()?, value[1].as_i64()?))
    }
}

/// A workload, and what is said and seen of it.
struct Claims<'c> {
    tally: &'c mut Tally,
    need: i64,
    pods: i64,
    has_hard: bool,
    /// Whether nodes that take no pods are left out: a zone that was lost comes back empty, and stays so.
    honors: bool,
    wrong: Vec<String>,
}

pub(super) fn contradictions(subject: &Subject, workload: &Value, tally: &mut Tally) -> Vec<String> {
    let constraints = workload["constraints"].as_array();
    let is_hard = |it: &Value| it["form"] == "required" || it["form"] == "DoNotSchedule";
    let has_hard = constraints.is_some_and(|it| it.iter().any(is_hard));
    let seen = &workload["seen"];
    let pods = workload["replicas"].as_i64().expect("a number of pods");
    let honors = |it: &Value| is_hard(it) && it["nodeTaintsPolicy"] == "Honor";
    let has = |of: &dyn Fn(&Value) -> bool| constraints.is_some_and(|it| it.iter().any(of));
    let mut claims = Claims { tally, need: subject.need, pods, has_hard, honors: has(&honors), wrong: Vec::new() };
    for outcome in &subject.outcomes {
        match outcome.scenario {
            Scenario::LoseNode => claims.loss(outcome, &seen["loseNode"], &seen["lostNode"]),
            Scenario::LoseZone => claims.loss(outcome, &seen["loseZone"], &seen["lostZone"]),
            Scenario::Drain => claims.drain(outcome, seen),
            Scenario::Roll => claims.roll(outcome, seen),
            Scenario::LosePrimary | Scenario::ScaleDown => {}
        }
    }
    claims.wrong
}

impl Claims<'_> {
    fn expect(&mut self, holds: bool, outcome: &Outcome, what: &str, seen: impl std::fmt::Debug) {
        self.tally.claims += 1;
        if !holds {
            let (word, least, most) = (outcome.verdict.name(), outcome.least, outcome.most);
            let scenario = outcome.scenario.name();
            self.wrong.push(format!("{scenario}: {word}, {least:?} to {most:?}: {what} {seen:?}"));
        }
    }

    fn within(&mut self, outcome: &Outcome, bounds: (Option<i64>, Option<i64>), what: &str, seen: Seen) {
        let (least, most) = bounds;
        let holds = least.is_none_or(|it| it <= seen.0) && most.is_none_or(|it| seen.1 <= it);
        self.expect(holds, outcome, &format!("{what} is not in {least:?} to {most:?}:"), seen);
    }

    fn loss(&mut self, outcome: &Outcome, any_time: &Value, lost: &Value) {
        let seen = Seen::read(any_time).expect("losses are looked at after each step");
        self.within(outcome, (outcome.least, outcome.most), "what answers", seen);
        self.verdict(outcome, seen);
        if let Some(at_once) = Seen::read(&lost["atOnce"]) {
            self.within(outcome, (outcome.least, outcome.most), "what answered at once", at_once);
        }
        if let (Some(last), Some(replaced)) = (outcome.timeline.last(), Seen::read(&lost["replaced"])) {
            // Of a StatefulSet no other moment is told: pods that waited may run once lost ones make room.
            let most = if last.second > 50 { last.most } else { self.pods };
            self.within(outcome, (Some(last.least), Some(most)), "what is replaced", replaced);
        }
    }

    fn verdict(&mut self, outcome: &Outcome, seen: Seen) {
        match outcome.verdict {
            Verdict::Survives => {
                self.tally.survives += 1;
                self.expect(seen.0 >= self.need, outcome, "there answer", seen);
            }
            Verdict::Fails => {
                self.tally.fails += 1;
                self.expect(seen.1 < self.need, outcome, "there answer", seen);
            }
            Verdict::MayFail => self.may_fail(seen.0 < self.need),
            _ => {}
        }
    }

    fn may_fail(&mut self, is_seen: bool) {
        if self.has_hard {
            self.tally.may_fail += 1;
            self.tally.may_fail_seen += usize::from(is_seen);
        }
    }

    fn drain(&mut self, outcome: &Outcome, seen: &Value) {
        let count = |of: &str, what: &str| seen[of][what].as_i64().expect("drains are counted");
        let stuck = count("firstDrain", "stuck") + count("drain", "stuck");
        let later = Some(&seen["drain"]["ready"]).filter(|_| !self.honors);
        let ready = [Some(&seen["firstDrain"]["ready"]), later].map(|it| it.and_then(Seen::read));
        let ready = ready.into_iter().flatten().reduce(|one, other| Seen(one.0.min(other.0), one.1.max(other.1)));
        let ready = ready.expect("ready pods are counted");
        match outcome.verdict {
            Verdict::Stuck => {
                self.tally.stuck += 1;
                let all = count("firstDrain", "stuck") == count("firstDrain", "of");
                self.expect(all, outcome, "first drains that are stuck:", count("firstDrain", "stuck"));
                return;
            }
            Verdict::Survives | Verdict::Fails => {
                self.tally.ends += 1;
                self.expect(stuck == 0, outcome, "drains that are stuck:", stuck);
                self.verdict(outcome, ready);
            }
            Verdict::MayFail => self.may_fail(stuck > 0 || ready.0 < self.need),
            _ => return,
        }
        self.within(outcome, (outcome.least, None), "the least that answers", ready);
    }

    fn roll(&mut self, outcome: &Outcome, seen: &Value) {
        let count = |what: &str| seen["roll"][what].as_i64().expect("rollouts are counted");
        let ready = Seen::read(&seen["roll"]["ready"]).expect("ready pods are counted");
        match outcome.verdict {
            Verdict::Stuck => {
                self.tally.stuck += 1;
                self.expect(count("stuck") == count("of"), outcome, "rollouts that do not end:", count("stuck"));
            }
            Verdict::Survives => {
                self.tally.ends += 1;
                self.expect(count("stuck") == 0, outcome, "rollouts that do not end:", count("stuck"));
                self.verdict(outcome, ready);
            }
            // Whether it ends is not said.
            Verdict::Fails => self.verdict(outcome, ready),
            Verdict::MayFail => {}
            _ => return,
        }
        self.within(outcome, (outcome.least, None), "the least that answers", ready);
    }
}
