//! `config-as-envfrom`

use crate::index::{Role, Workload};
use crate::model::{Container, PodTemplate};
use crate::rule::{Context, Verdict, rule};
use crate::rules::postgres::PostgresConfigNotLoaded;
use crate::yaml::{Entry, NodeRef};

rule!(ConfigAsEnvfrom, "postgres/config-as-envfrom.md", |walk| walk.workloads(judge));

fn judge(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let mut verdict = Verdict::NotApplicable;
    let Some(template) = workload.template else { return verdict };
    for container in template.containers().chain(template.init_containers()) {
        for source in container.node().items_at(&["envFrom"]) {
            if judge_source(workload, template, (container, source), cx) == Verdict::Fail {
                verdict = Verdict::Fail;
            }
        }
    }
    verdict
}

fn judge_source(
    workload: &Workload<'_>,
    template: PodTemplate<'_>,
    (container, source): (Container<'_>, NodeRef<'_>),
    cx: &mut Context<'_>,
) -> Verdict {
    let object = workload.object;
    let Some(name) = source.str_at(&["configMapRef", "name"]) else { return Verdict::NotApplicable };
    let Some(map) = cx.index().find(object, "", "ConfigMap", name) else { return Verdict::NotApplicable };
    let files: Vec<Entry<'_>> =
        map.node().at(&["data"]).into_iter().flat_map(NodeRef::entries).filter(|it| is_file(*it)).collect();
    let Some(file) = files.first() else { return Verdict::NotApplicable };
    let others = if files.len() > 1 { format!(", as {} others do", files.len() - 1) } else { String::new() };
    let lines = file.value.text().lines().count();
    let message = format!(
        "container {} of {} takes the {lines} lines of {} as a variable of that name{others}",
        container.name(),
        object.title(),
        file.name()
    );
    let place = object.place_in(source, &["configMapRef", "name"]);
    let is_mounted = mounts(template, container, name);
    let help = if is_mounted {
        "the file is mounted too, which is enough: remove the envFrom"
    } else {
        "no program reads a file from its environment: mount the ConfigMap as a volume, and tell the program the path"
    };
    let span = place.span;
    let draft =
        cx.fail(object, place, message).label(file.line_span(), format!("a file, in {}", map.title())).help(help);
    if is_mounted && workload.role == Role::Postgres {
        let text = "the same file comes in as a variable, which nothing reads either";
        return draft.merged_into(PostgresConfigNotLoaded::ID, object, span, text).verdict();
    }
    draft.verdict()
}

/// Whether an entry is a file: it has the name of one and more than one line.
fn is_file(entry: Entry<'_>) -> bool {
    entry.name().contains('.') && entry.value.text().trim_end().contains('\n')
}

/// Whether a container also mounts the `ConfigMap`.
fn mounts(template: PodTemplate<'_>, container: Container<'_>, map: &str) -> bool {
    let mut volumes = template.volumes().filter(|it| {
        it.str_at(&["configMap", "name"]) == Some(map)
            || it.items_at(&["projected", "sources"]).any(|it| it.str_at(&["configMap", "name"]) == Some(map))
    });
    volumes.any(|it| container.mounts().any(|(_, name)| it.str_at(&["name"]) == Some(name)))
}
