//! `alertmanager-receiver-missing`

use crate::index::monitoring::{Dispatch, Receivers};
use crate::rule::{Context, Verdict, rule};

rule!(AlertmanagerReceiverMissing, "monitoring/alertmanager-receiver-missing.md", |walk| walk
    .each(|index| index.dispatches(), judge));

fn judge(dispatch: Dispatch<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = dispatch.object;
    let receiver = match dispatch.receivers {
        Receivers::Send => return Verdict::Pass,
        Receivers::Unknown(reason) => return Verdict::open(reason),
        Receivers::Nobody(receiver) => receiver,
    };
    // What an AlertmanagerConfig sends goes through the same Alertmanager.
    if object.kind() != "AlertmanagerConfig" && cx.once_in_run("sends", |it| it.has_sending_config()) {
        return Verdict::Pass;
    }
    // A Secret's values are never shown.
    let named = if object.is("", "Secret") { "the receiver" } else { &format!("receiver {receiver}") };
    let message = format!(
        "alerts go nowhere: {named} of {} sends nothing, nor does any other that a route leads to",
        object.title()
    );
    let help = "nobody learns of any alert: give the receiver of the route a configuration such as slack_configs, \
                email_configs or webhook_configs, and send a test alert";
    cx.fail(object, dispatch.place, message).help(help).verdict()
}
