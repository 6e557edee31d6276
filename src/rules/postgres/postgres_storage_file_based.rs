//! `postgres-storage-file-based`

use crate::index::postgres::DataVolume;
use crate::index::{ClassName, FileStorage, PostgresCluster};
use crate::model::Place;
use crate::rule::{Context, Verdict, rule};
use crate::source::Span;

/// A share under the data: where it is asked for, how it is called, who says so, and whether only its name does.
struct Share {
    place: Place,
    title: String,
    whose: Option<(Span, String)>,
    is_guess: bool,
}

rule!(PostgresStorageFileBased, "postgres/postgres-storage-file-based.md", |walk| walk.postgres_clusters(judge));

fn judge<'a>(cluster: &'a PostgresCluster<'a>, cx: &mut Context<'a>) -> Verdict {
    let object = cluster.object;
    if cluster.instances == Some(0) {
        return Verdict::NotApplicable;
    }
    let volumes = cx.index().data_volumes(cluster);
    let Some(share) = volumes.iter().find_map(|it| share(it, cx)) else {
        return if volumes.is_empty() { Verdict::NotApplicable } else { Verdict::Pass };
    };
    let message = format!("{} keeps its data on file shares ({})", object.title(), share.title);
    let draft = cx.fail(object, share.place, message).labels(share.whose).help(
        "slow commits, and locks and syncs that depend on mount options: use a class of block volumes, and move the data \
         by a standby or a dump",
    );
    if share.is_guess { draft.heuristic() } else { draft }.verdict()
}

fn share(volume: &DataVolume<'_>, cx: &Context<'_>) -> Option<Share> {
    let claim = match volume {
        DataVolume::Claim(claim) => claim,
        DataVolume::Share(whose, place) => {
            return Some(Share { place: place.clone(), title: whose.clone(), whose: None, is_guess: false });
        }
    };
    let class = claim.class?;
    let (place, title) = (claim.place.clone(), cx.index().storage_fact(class).title);
    match (cx.index().file_storage(class), class) {
        (FileStorage::Share(whose, span), _) => {
            Some(Share { place, title, whose: Some((span, whose)), is_guess: false })
        }
        (FileStorage::Unknown, ClassName::Named(name)) if cx.index().is_called_a_share(name) => {
            Some(Share { place, title, whose: None, is_guess: true })
        }
        _ => None,
    }
}
