//! `volume-undersized`

use super::users::one_a_claim;
use crate::index::{Keeper, StorageUse};
use crate::model::Quantity;
use crate::rule::{Context, Rule, Walk};
use serde::Deserialize;

pub(crate) struct VolumeUndersized;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Params {
    min_size: String,
}

impl Rule for VolumeUndersized {
    const PAGE: &'static str = include_str!("../../../rules/storage/volume-undersized.md");
    type Params = Params;

    fn check(params: &Params, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for it in one_a_claim(cx.index().storage_uses()) {
                if it.keeper == Keeper::Store {
                    check_claim(it, params, cx);
                }
            }
        });
    }
}

fn check_claim(it: &StorageUse<'_>, params: &Params, cx: &mut Context<'_>) {
    let Some((size, place)) = &it.claim.size else { return };
    let (Some(asked), Some(least)) = (Quantity::parse(size), Quantity::parse(&params.min_size)) else { return };
    if asked >= least {
        return cx.pass(it.object);
    }
    let message = format!("{} keeps its data on {size}; at least {least} are required", it.object.title());
    cx.fail(it.object, place.clone(), message).evidence("size", size).evidence("minimum", least).help(
        "ask for as much as the data, its log and a restore need together; a volume can grow later only if its class \
         allows it",
    );
}
