//! `alertmanager-receiver-missing`

use crate::index::monitoring::Receivers;
use crate::rule::{NoParams, Rule, Walk};

pub(crate) struct AlertmanagerReceiverMissing;

impl Rule for AlertmanagerReceiverMissing {
    const PAGE: &'static str = include_str!("../../../rules/monitoring/alertmanager-receiver-missing.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for dispatch in cx.index().dispatches() {
                let object = dispatch.object;
                match dispatch.receivers {
                    Receivers::Send => cx.pass(object),
                    Receivers::Unknown(reason) => cx.not_verifiable(object, reason),
                    // What an AlertmanagerConfig sends goes through the same Alertmanager.
                    Receivers::Nobody(_)
                        if object.kind() != "AlertmanagerConfig"
                            && cx.once_in_run("sends", |it| it.has_sending_config()) =>
                    {
                        cx.pass(object);
                    }
                    Receivers::Nobody(receiver) => {
                        // A Secret's values are never shown.
                        let named =
                            if object.is("", "Secret") { "the receiver" } else { &format!("receiver {receiver}") };
                        let message = format!(
                            "alerts go nowhere: {named} of {} sends nothing, nor does any other that a route leads to",
                            object.title()
                        );
                        cx.fail(object, dispatch.place, message).help(
                            "nobody learns of any alert: give the receiver of the route a configuration such as \
                         slack_configs, email_configs or webhook_configs, and send a test alert",
                        );
                    }
                }
            }
        });
    }
}
