//! `backup-destination-local`

use crate::index::postgres::{Dump, Goes};
use crate::rule::{Context, NoParams, Rule, Walk, cases};
use crate::yaml::NodeRef;

pub(crate) struct BackupDestinationLocal;

cases!(BackupDestinationLocal: LOST = "lost");

impl Rule for BackupDestinationLocal {
    const PAGE: &'static str = include_str!("../../../rules/postgres/backup-destination-local.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for dump in cx.index().postgres_dumps() {
                check_dump(&dump, cx);
            }
        });
    }
}

fn check_dump(dump: &Dump<'_>, cx: &mut Context<'_>) {
    let job = dump.by;
    let title = job.title();
    let what = format!("{title}: {} writes", dump.program);
    let (message, volume, is_lost): (String, Option<NodeRef<'_>>, bool) = match dump.goes {
        Goes::Nowhere(path) => {
            (format!("{what} {path} where no volume is mounted: it is gone when the Job ends"), None, true)
        }
        Goes::Lost(path, volume) => {
            (format!("{what} {path} into an emptyDir: it is gone when the Job ends"), Some(volume), true)
        }
        Goes::Claim(path, volume) => {
            (format!("{what} {path} onto a volume of the cluster, and nothing carries it away"), Some(volume), false)
        }
        Goes::Node(path, volume) => (
            format!("{what} {path} onto the disk of whatever node it runs on, and nothing carries it away"),
            Some(volume),
            false,
        ),
        Goes::Elsewhere => {
            return cx.not_verifiable(job, "where its dump goes is decided by what the manifests do not show");
        }
    };
    if !is_lost && cx.index().copying_schedule_of(job).is_some() {
        return cx.pass(job); // The volume is copied in its turn.
    }
    let mut draft = cx.fail(job, dump.word.place(), message);
    if let Some(volume) = volume {
        draft = draft.label(volume.place(&["name"]), "the volume");
    }
    if is_lost {
        draft.case(LOST).help("write it to a store outside the cluster, and restore from there once a quarter");
    } else {
        draft.help(
            "what destroys the cluster or its storage takes the backup along: copy it to a store outside, such as S3, \
             or let Velero copy the volume",
        );
    }
}
