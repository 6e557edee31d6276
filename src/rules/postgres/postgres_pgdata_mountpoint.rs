//! `postgres-pgdata-mountpoint`

use crate::config::Durability;
use crate::index::FileStorage;
use crate::index::postgres::{Data, Mount, Server, Volume};
use crate::rule::{Context, Verdict, rule};

rule!(PostgresPgdataMountpoint, "postgres/postgres-pgdata-mountpoint.md", |walk| walk
    .each(|index| index.postgres_servers(), judge));

fn judge(server: Server<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = server.object();
    let (Data::In(mount), Ok(data)) = (server.data(), server.data_dir()) else { return Verdict::NotApplicable };
    let is_disk = matches!(mount.volume, Volume::Template(_) | Volume::Claim(_));
    if !is_disk || !server.is_like_official() {
        return Verdict::NotApplicable;
    }
    let is_within = mount.node.get("subPath").is_some() || mount.node.get("subPathExpr").is_some();
    if mount.path != data || is_within || is_folder(&server, mount, cx) {
        return Verdict::Pass;
    }
    let message = format!(
        "{} mounts its volume exactly at the data directory {data}: on ext4 lost+found is in it, and initdb refuses",
        object.title()
    );
    let draft = cx.fail(object, object.place_in(mount.node, &["mountPath"]), message).help(
        "for a new database set PGDATA to a folder in the volume, such as /var/lib/postgresql/data/pgdata; one that \
             runs would start empty, so leave it where it is",
    );
    match server.variable("PGDATA") {
        Some(variable) => draft.label(variable.span, "the data directory"),
        None => draft.label(server.container.node().place(&["image"]), "the image's data directory is its default"),
    }
    .verdict()
}

/// Whether the volume is a folder of a node or of a file server, which holds no lost+found.
fn is_folder(server: &Server<'_>, mount: Mount<'_>, cx: &Context<'_>) -> bool {
    let name = match mount.volume {
        Volume::Template(it) => it.str_at(&["metadata", "name"]),
        Volume::Claim(it) => it.str_at(&["persistentVolumeClaim", "claimName"]),
        _ => None,
    };
    let claims = cx.index().claims_of(server.workload);
    let class = claims.iter().find(|it| Some(it.name.as_str()) == name).and_then(|it| it.class);
    class.is_some_and(|it| {
        cx.index().storage_fact(it).durability == Some(Durability::NodeLocal)
            || matches!(cx.index().file_storage(it), FileStorage::Share(..))
    })
}
