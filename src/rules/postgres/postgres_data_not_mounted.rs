//! `postgres-data-not-mounted`

use crate::index::postgres::{Data, Family, Major, Mount, Server, Volume, covers};
use crate::rule::{Context, Verdict, cases, rule};

cases!(PostgresDataNotMounted: IMAGE_VOLUME = "image-volume");

rule!(PostgresDataNotMounted, "postgres/postgres-data-not-mounted.md", |walk| walk
    .each(|index| index.postgres_servers(), judge));

fn judge(server: Server<'_>, cx: &mut Context<'_>) -> Verdict {
    match server.data() {
        Data::Beside(mount) if server.is_above_data(mount) => judge_covered(&server, mount, cx),
        Data::Beside(mount) => judge_beside(&server, mount, cx),
        Data::In(_) => Verdict::Pass,
        Data::Unknown(reason) => Verdict::open(reason),
        Data::Nowhere => Verdict::NotApplicable, // `postgres-storage-ephemeral` reports it.
    }
}

fn judge_beside(server: &Server<'_>, mount: Mount<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = server.object();
    let Ok(data) = server.data_dir() else { return Verdict::NotApplicable };
    let by = match server.variable("PGDATA") {
        Some(_) => "PGDATA".to_owned(),
        None => format!("the default of {}", server.container.image()),
    };
    let message = format!(
        "{} keeps its data in {data}, not on its volume at {}: a new pod starts empty",
        object.title(),
        mount.path
    );
    let volume = match mount.volume {
        Volume::Template(it) => it.place(&["metadata", "name"]),
        Volume::Claim(it) | Volume::Host(it) | Volume::Other(it) => it.place(&["name"]),
        _ => mount.node.place(&["name"]),
    };
    let draft = cx
        .fail(object, object.place_in(mount.node, &["mountPath"]), message)
        .evidence("data", &data)
        .evidence("because", by)
        .evidence("mount", mount.path)
        .label(volume, "this volume stays empty")
        .help(help(server, mount, &data));
    match server.variable("PGDATA") {
        Some(variable) => draft.label(variable.span, "the data goes there"),
        None if server.family == Family::Mirror => draft.heuristic(),
        None => draft,
    }
    .verdict()
}

/// The volume is mounted above the image's own, which runtimes treat differently.
fn judge_covered(server: &Server<'_>, mount: Mount<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = server.object();
    let Ok(data) = server.data_dir() else { return Verdict::NotApplicable };
    let message = format!(
        "{} mounts its volume at {}, but with containerd the data in {data} goes with the container",
        object.title(),
        mount.path
    );
    cx.fail(object, object.place_in(mount.node, &["mountPath"]), message)
        .case(IMAGE_VOLUME)
        .evidence("data", &data)
        .evidence("mount", mount.path)
        .label(server.container.node().place(&["image"]), "the image declares a volume of its own")
        .help(
            "mount the volume at /var/lib/postgresql/data; where the database runs with CRI-O, which keeps the data at this \
             mount, copy it first",
        )
        .verdict()
}

fn help(server: &Server<'_>, mount: Mount<'_>, data: &str) -> String {
    let is_new = matches!(server.major, Major::Newest | Major::Is(18..));
    let dump = "what the pods hold now is lost with them, so dump it first";
    if server.is_like_official() && server.variable("PGDATA").is_none() {
        if is_new && covers("/var/lib/postgresql/data", mount.path) {
            return format!(
                "since version 18 the image keeps data below /var/lib/postgresql/<version>, and refuses to start an empty \
                 database beside a mount at /var/lib/postgresql/data: mount the volume at /var/lib/postgresql; {dump}"
            );
        }
        let right = if is_new { "/var/lib/postgresql" } else { "/var/lib/postgresql/data" };
        return format!("mount the volume at {right}, where the image has its own volume; {dump}");
    }
    format!("mount the volume at {data} or above it, or set PGDATA to a folder inside {}; {dump}", mount.path)
}
