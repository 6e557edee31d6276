//! `backup-destination-local`

use crate::index::postgres::{Dump, Goes};
use crate::rule::{Context, Verdict, cases, rule};
use crate::yaml::NodeRef;

cases!(BackupDestinationLocal: LOST = "lost");

rule!(BackupDestinationLocal, "postgres/backup-destination-local.md", |walk| walk
    .each(|index| index.postgres_dumps(), judge));

fn judge(dump: &Dump<'_>, cx: &mut Context<'_>) -> Verdict {
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
            return Verdict::open("where its dump goes is decided by what the manifests do not show");
        }
    };
    if !is_lost && cx.index().copying_schedule_of(job).is_some() {
        return Verdict::Pass; // The volume is copied in its turn.
    }
    let help = if is_lost {
        "write it to a store outside the cluster, and restore from there once a quarter"
    } else {
        "what destroys the cluster or its storage takes the backup along: copy it to a store outside, such as S3, or let \
         Velero copy the volume"
    };
    cx.fail(job, dump.word.place(), message)
        .maybe_case(is_lost.then_some(LOST))
        .labels(volume.map(|it| (it.place(&["name"]), "the volume")))
        .help(help)
        .verdict()
}
