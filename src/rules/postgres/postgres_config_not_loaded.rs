//! `postgres-config-not-loaded`

use super::postgres_listen_localhost::is_local;
use crate::index::postgres::{ConfigFile, Family, Loading, Server};
use crate::rule::{Context, Repair, Verdict, rule};
use crate::rules::repairs::restarts;
use crate::yaml::Value;

rule!(PostgresConfigNotLoaded, "postgres/postgres-config-not-loaded.md", |walk| walk.environment(|cx| {
    for server in cx.index().postgres_servers() {
        for file in cx.index().config_files(&server).iter().filter(|it| it.is_server_configuration()) {
            let verdict = judge(&server, file, cx);
            cx.judge(server.object(), verdict);
        }
    }
}));

fn judge(server: &Server<'_>, file: &ConfigFile<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = server.object();
    match cx.index().loading(server, file) {
        Loading::Loaded(_) => return Verdict::Pass,
        Loading::Unknown(reason) => return Verdict::open(reason),
        Loading::NotLoaded => {}
    }
    let settings = file.count_settings();
    let message = format!(
        "{} mounts {} and does not load it: its {} no effect",
        object.title(),
        file.path,
        if settings == 1 { "setting has".to_owned() } else { format!("{settings} settings have") }
    );
    cx.fail(object, object.place_in(file.mount, &["mountPath"]), message)
        .evidence("settings", settings)
        .fix(load(server, file))
        .label(file.entry.line_span(), format!("these settings of ConfigMap {}", file.map.name()))
        .help(help(server, file))
        .verdict()
}

/// The argument that names the file, where that says by itself which addresses to listen on.
fn load(server: &Server<'_>, file: &ConfigFile<'_>) -> Option<Repair> {
    let (object, container) = (server.object(), server.container.node());
    let listens = file.setting("listen_addresses").is_some_and(|it| !is_local(it));
    if server.family == Family::Bitnami || container.at(&["command"]).is_some() || !listens {
        return None;
    }
    let option = Value::text(format!("config_file={}", file.path));
    let repair = match container.at(&["args"]) {
        Some(_) => {
            let repair = Repair::new().push_in(object, container, &["args"], Value::text("-c"));
            repair.push_in(object, container, &["args"], option)
        }
        None => Repair::new().set_in(object, container, &["args"], Value::list([Value::text("-c"), option])),
    };
    Some(repair.effect(restarts(server.workload)))
}

fn help(server: &Server<'_>, file: &ConfigFile<'_>) -> String {
    if server.family == Family::Bitnami {
        return "Bitnami's image loads /bitnami/postgresql/conf/postgresql.conf and *.conf in \
                /bitnami/postgresql/conf/conf.d: mount it there"
            .to_owned();
    }
    let listens = if file.setting("listen_addresses").is_some() {
        ""
    } else {
        "; add listen_addresses = '*' to the file, because the image sets that only in the file that it replaces"
    };
    format!(
        "the server reads postgresql.conf of its data directory: set args: [\"-c\", \"config_file={}\"]{listens}",
        file.path
    )
}
