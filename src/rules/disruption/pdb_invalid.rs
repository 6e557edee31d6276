//! `pdb-invalid`

use crate::model::Object;
use crate::rule::{Context, Repair, Verdict, rule};
use crate::rules::words::is_open;
use crate::yaml::NodeRef;
use crate::yaml::scalar::Scalar;

const FIELDS: [&str; 2] = ["minAvailable", "maxUnavailable"];

rule!(PdbInvalid, "disruption/pdb-invalid.md", |walk| walk.of_kinds(&[("policy", "PodDisruptionBudget")], judge));

fn judge(budget: &Object, cx: &mut Context<'_>) -> Verdict {
    let written: Vec<(&str, NodeRef<'_>)> =
        FIELDS.iter().filter_map(|it| Some((*it, budget.node().at(&["spec", it])?))).collect();
    if written.iter().any(|it| is_open(it.1.text())) {
        return Verdict::open("its amount is a template placeholder");
    }
    if let [(_, minimum), (_, maximum)] = written.as_slice() {
        return both(budget, *minimum, *maximum, cx);
    }
    let Some((field, reason)) = written.iter().find_map(|it| Some((it.0, refusal(it.1)?))) else {
        return Verdict::Pass;
    };
    let value = budget.node().at(&["spec", field]).map(NodeRef::text).unwrap_or_default();
    let message = format!("{field} {value} {reason}: the API server refuses {}", budget.title());
    cx.fail(budget, budget.place(&["spec", field]), message)
        .help("write a number of pods, such as 1, or a percentage from 0% to 100%")
        .fix(unquoted(budget, field))
        .verdict()
}

fn both(budget: &Object, minimum: NodeRef<'_>, maximum: NodeRef<'_>, cx: &mut Context<'_>) -> Verdict {
    let message = format!(
        "{} has minAvailable {} and maxUnavailable {}: the API server refuses both at once",
        budget.title(),
        minimum.text(),
        maximum.text()
    );
    cx.fail(budget, budget.place(&["spec", "minAvailable"]), message)
        .label(budget.place(&["spec", "maxUnavailable"]).span, "the other one")
        .help("keep maxUnavailable, which is right at any scale")
        .verdict()
}

/// Why the API server refuses an amount. Values of other types do not even decode.
fn refusal(amount: NodeRef<'_>) -> Option<&'static str> {
    match amount.scalar()? {
        Scalar::Int(number) => (number < 0).then_some("is below 0"),
        Scalar::Str(text) => {
            let Some(digits) = text.strip_suffix('%') else {
                return Some("is text, neither a number nor a percentage");
            };
            let is_number = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
            if !is_number {
                return Some("is not a percentage of whole numbers");
            }
            // More digits than a number holds are more than 100, too.
            (digits.parse::<u64>().unwrap_or(u64::MAX) > 100).then_some("is above 100%")
        }
        _ => None,
    }
}

/// A number that was written as text.
fn unquoted(budget: &Object, field: &'static str) -> Option<Repair> {
    let value = budget.node().at(&["spec", field])?;
    let Scalar::Str(text) = value.scalar()? else { return None };
    let number: u16 = text.trim().parse().ok()?;
    Some(Repair::new().set(budget, &["spec", field], i64::from(number)))
}
