//! `volume-undersized`

use super::users::one_a_claim;
use crate::index::{Keeper, StorageUse};
use crate::model::Quantity;
use crate::rule::{Context, Verdict, rule};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Params {
    min_size: String,
}

rule!(VolumeUndersized, "storage/volume-undersized.md", Params, |params, walk| walk
    .each(|index| one_a_claim(index.storage_uses()), |it, cx| judge(params, it, cx)));

fn judge(params: &Params, it: &StorageUse<'_>, cx: &mut Context<'_>) -> Verdict {
    if it.keeper != Keeper::Store {
        return Verdict::NotApplicable;
    }
    let Some((size, place)) = &it.claim.size else { return Verdict::NotApplicable };
    let (Some(asked), Some(least)) = (Quantity::parse(size), Quantity::parse(&params.min_size)) else {
        return Verdict::NotApplicable;
    };
    if asked >= least {
        return Verdict::Pass;
    }
    let message = format!("{} keeps its data on {size}; at least {least} are required", it.object.title());
    cx.fail(it.object, place.clone(), message).evidence("size", size).evidence("minimum", least).help(
        "ask for as much as the data, its log and a restore need together; a volume can grow later only if its class \
         allows it",
    ).verdict()
}
