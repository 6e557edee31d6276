//! `operator-paused`

use crate::index::postgres::switches::{Switch, switches};
use crate::model::Object;
use crate::rule::{Context, Repair, Verdict, rule};

rule!(OperatorPaused, "postgres/operator-paused.md", |walk| {
    for switch in switches() {
        walk.of_kinds(&[(switch.group, switch.kind)], |it, cx| judge(it, switch, cx));
    }
});

fn judge(object: &Object, switch: &Switch, cx: &mut Context<'_>) -> Verdict {
    let Some(value) = switch.value(object) else { return Verdict::Pass };
    let key = switch.keys.last().copied().unwrap_or_default();
    let message = format!("{} has {key}: {}, so {}", object.title(), value.text(), switch.effect.words());
    cx.fail(object, object.place(switch.keys), message)
        .fix(Repair::new().remove(object, switch.keys).effect("changes that waited are made"))
        .help("this is meant for an hour of work by hand: remove it before the manifest is applied again")
        .verdict()
}
