//! `networkpolicy-blocks-scrape`

use crate::index::{Nearness, ScrapedPort};
use crate::model::Object;
use crate::rule::{Context, NoParams, Rule, Walk};

pub(crate) struct NetworkpolicyBlocksScrape;

impl Rule for NetworkpolicyBlocksScrape {
    const PAGE: &'static str = include_str!("../../../rules/monitoring/networkpolicy-blocks-scrape.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            let policies = index.ingress_policies();
            if policies.is_empty() {
                return;
            }
            for port in index.scraped_ports() {
                let Some(selecting) = policies.get(&port.pods) else { continue };
                // What may be in the namespace may admit, but only what is there isolates.
                let isolating = selecting.iter().find(|it| it.1 == Nearness::Same).map(|it| it.0);
                let Some(first) = isolating else { continue };
                if selecting.iter().any(|it| index.admits(it.0, port.pods, port.number)) {
                    cx.pass(first);
                } else {
                    report(first, selecting.len(), &port, cx);
                }
            }
        });
    }
}

fn report(policy: &Object, number_of_policies: usize, port: &ScrapedPort<'_>, cx: &mut Context<'_>) {
    let index = cx.index();
    let owner = index.pods(port.pods).owner;
    if let Some(reason) = index.may_be_admitted_otherwise() {
        return cx.not_verifiable(policy, reason);
    }
    if let Some(maker) = index.unseen_maker_near(policy) {
        return cx.not_verifiable(policy, format!("{} may make a policy that admits more", maker.title()));
    }
    let more = match number_of_policies {
        1 => String::new(),
        2 => " and another policy".to_owned(),
        many => format!(" and {} other policies", many - 1),
    };
    let number = port.number;
    let verb = if number_of_policies == 1 { "admits" } else { "admit" };
    let message =
        format!("{}{more} {verb} nobody to port {number} of {}, which is scraped", policy.title(), owner.title());
    cx.fail(policy, policy.place(&["spec", "ingress"]), message)
        .evidence("port", number)
        .label(port.node.first_line(), format!("{} sends Prometheus to it", port.by.title()))
        .label(owner.name_span(), "the pods")
        .help(format!("the target stays down: add a rule for port {number} from the namespace of Prometheus"));
}
