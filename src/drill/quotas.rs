//! ResourceQuotas: pods that a namespace refuses.

use crate::drill::options::AtScale;
use crate::drill::scale::pods_at;
use crate::drill::verdict::Proof;
use crate::index::{Index, QuotaSum, Workload, pod_demand, quota_sum};
use crate::model::{Object, Quantity};
use crate::source::Span;
use std::collections::HashMap;

/// What a quota limits, and what the workloads of its namespace take of it.
#[derive(Debug)]
struct Limit {
    of: QuotaSum,
    hard: i128,
    used: i128,
    text: String,
    span: Span,
}

/// The quotas of all namespaces.
#[derive(Debug, Default)]
pub(super) struct Quotas(HashMap<Option<String>, Vec<Limit>>);

/// What quotas leave of a workload.
pub(super) struct Left {
    /// Pods of its own that they let be, with nothing beside.
    pub(super) most: i64,
    /// Why not all pods of the namespace need run.
    pub(super) short: Option<Proof>,
    /// Why a surplus pod of a rollout may be refused.
    pub(super) crowded: Option<Proof>,
}

/// What one pod takes, in thousandths.
fn of_one(workload: &Workload<'_>, of: QuotaSum) -> i128 {
    match of {
        QuotaSum::Pods => 1000,
        QuotaSum::Of(part, resource) => workload.template.map_or(0, |it| pod_demand(it, part, resource).0),
    }
}

impl Quotas {
    /// Reads those without scopes, which take some pods only.
    pub(super) fn read(index: &Index<'_>, at: AtScale) -> Quotas {
        let mut quotas: HashMap<Option<String>, Vec<Limit>> = HashMap::new();
        let has_scopes =
            |it: &Object| ["scopes", "scopeSelector"].iter().any(|key| it.node().at(&["spec", key]).is_some());
        for quota in index.of_kind("", "ResourceQuota").filter(|it| !has_scopes(it)) {
            for entry in quota.node().at(&["spec", "hard"]).into_iter().flat_map(crate::yaml::NodeRef::entries) {
                let (Some(of), Some(limit)) = (quota_sum(entry.name()), Quantity::read(entry.value)) else { continue };
                let text = format!("quota {} allows {} {}", quota.name(), entry.value.text(), entry.name());
                let limit = Limit { of, hard: limit.0, used: 0, text, span: entry.line_span() };
                quotas.entry(quota.namespace().map(str::to_owned)).or_default().push(limit);
            }
        }
        if quotas.is_empty() {
            return Quotas::default();
        }
        for workload in index.workloads().iter().filter(|it| it.kind.is_replicated()) {
            let namespace = workload.object.namespace().map(str::to_owned);
            let pods = i128::from(pods_at(workload, at).unwrap_or(0));
            for limit in quotas.get_mut(&namespace).into_iter().flatten() {
                limit.used = limit.used.saturating_add(of_one(workload, limit.of).saturating_mul(pods));
            }
        }
        Quotas(quotas)
    }

    /// What is left for a workload with so many surplus pods.
    pub(super) fn left(&self, workload: &Workload<'_>, surge: i64) -> Option<Left> {
        let limits = self.0.get(&workload.object.namespace().map(str::to_owned))?;
        let proof = |it: &Limit| Some(Proof::at(format!("{}: the namespace needs more", it.text), it.span));
        let mut left = Left { most: i64::MAX, short: None, crowded: None };
        for limit in limits {
            let one = of_one(workload, limit.of);
            if one == 0 {
                continue;
            }
            left.most = left.most.min(i64::try_from(limit.hard / one).unwrap_or(i64::MAX));
            if limit.used > limit.hard {
                left.short = left.short.or_else(|| proof(limit));
            }
            if limit.used.saturating_add(one.saturating_mul(i128::from(surge))) > limit.hard {
                left.crowded = left.crowded.or_else(|| proof(limit));
            }
        }
        Some(left)
    }
}
