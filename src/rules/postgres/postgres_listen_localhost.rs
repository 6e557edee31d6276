//! `postgres-listen-localhost`

use crate::index::is_sidecar;
use crate::index::postgres::{ConfigFile, Loading, Server};
use crate::rule::{Context, Repair, Verdict, rule};
use crate::yaml::edit::LineEdit;

const SETTING: &str = "listen_addresses";

rule!(PostgresListenLocalhost, "postgres/postgres-listen-localhost.md", |walk| walk.environment(|cx| {
    for server in cx.index().postgres_servers().iter().filter(|it| it.is_like_official()) {
        for file in cx.index().config_files(server) {
            let verdict = judge(server, &file, cx);
            cx.judge(server.object(), verdict);
        }
    }
}));

fn judge(server: &Server<'_>, file: &ConfigFile<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = server.object();
    let Loading::Loaded(Some(loaded)) = cx.index().loading(server, file) else { return Verdict::NotApplicable };
    let has_others = server.workload.containers().filter(|it| !is_sidecar(*it)).count() > 1;
    let is_given = server.container.words().any(|it| {
        it.contains("listen_addresses")
            || it.contains("listen-addresses")
            || it == "-h"
            || it == "-i"
            || it.contains(" -h ")
    });
    if is_given || has_others {
        return Verdict::Pass; // Said on the command line, or reached through a proxy in the pod.
    }
    if file.entry.value.text().lines().any(|it| it.trim_start().starts_with("include")) {
        return Verdict::open(format!("{} includes other files", file.path));
    }
    let text = match file.setting(SETTING) {
        Some(addresses) if is_local(addresses) => {
            format!("its listen_addresses is {}", if addresses.is_empty() { "empty" } else { addresses })
        }
        Some(_) => return Verdict::Pass,
        None => "it has no listen_addresses, whose default is localhost".to_owned(),
    };
    let message = format!("{} loads {}, and {text}: no other pod can connect", object.title(), file.path);
    let mut place = object.place_in(server.container.node(), &["args"]);
    place.span = loaded;
    cx.fail(object, place, message)
        .fix(listen(server, file))
        .label(file.entry.line_span(), "this file replaces the one in which the image sets listen_addresses = '*'")
        .help("add listen_addresses = '*' to the file")
        .verdict()
}

/// The file with a line that has the server listen on all addresses.
fn listen(server: &Server<'_>, file: &ConfigFile<'_>) -> Option<Repair> {
    let (map, value) = (file.map, file.entry.value);
    if map.node().bool_at(&["immutable"]) == Some(true) {
        return None; // The API server refuses any change of it.
    }
    let change = match file.setting_line(SETTING) {
        None => LineEdit::Insert(0, format!("{SETTING} = '*'")),
        Some((at, addresses)) => LineEdit::Set(at, on_all(value.text().lines().nth(at)?, addresses)?),
    };
    let effect = format!("{} listens on all addresses once its pods restart", server.object().title());
    Some(Repair::new().edit_lines(map, value, vec![change]).effect(effect))
}

/// The line with all addresses in the place of some, of which it is the text.
fn on_all(line: &str, addresses: &str) -> Option<String> {
    let at = addresses.as_ptr().addr().checked_sub(line.as_ptr().addr())?;
    let (before, after) = (line.get(..at)?, line.get(at + addresses.len()..)?);
    let all = if before.ends_with('\'') { "*" } else { "'*'" };
    Some(format!("{before}{all}{after}").trim().to_owned())
}

/// Whether a list of addresses names this host only.
pub(super) fn is_local(addresses: &str) -> bool {
    addresses.split(',').all(|it| matches!(it.trim(), "" | "localhost" | "127.0.0.1" | "::1"))
}
