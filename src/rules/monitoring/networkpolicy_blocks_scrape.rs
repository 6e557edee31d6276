//! `networkpolicy-blocks-scrape`

use crate::index::{Nearness, ScrapedPort};
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};

rule!(NetworkpolicyBlocksScrape, "monitoring/networkpolicy-blocks-scrape.md", |walk| walk.environment(|cx| {
    let index = cx.index();
    let policies = index.ingress_policies();
    if policies.is_empty() {
        return;
    }
    for port in index.scraped_ports() {
        let Some(selecting) = policies.get(&port.pods) else { continue };
        // What may be in the namespace may admit, but only what is there isolates.
        let Some((first, _)) = selecting.iter().find(|it| it.1 == Nearness::Same) else { continue };
        let verdict = judge(first, selecting, &port, cx);
        cx.judge(first, verdict);
    }
}));

fn judge(policy: &Object, selecting: &[(&Object, Nearness)], port: &ScrapedPort<'_>, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    if selecting.iter().any(|it| index.admits(it.0, port.pods, port.number)) {
        return Verdict::Pass;
    }
    let owner = index.pods(port.pods).owner;
    if let Some(reason) = index.may_be_admitted_otherwise() {
        return Verdict::open(reason);
    }
    if let Some(maker) = index.unseen_maker_near(policy) {
        return Verdict::open(format!("{} may make a policy that admits more", maker.title()));
    }
    let more = match selecting.len() {
        1 => String::new(),
        2 => " and another policy".to_owned(),
        many => format!(" and {} other policies", many - 1),
    };
    let number = port.number;
    let verb = if selecting.len() == 1 { "admits" } else { "admit" };
    let message =
        format!("{}{more} {verb} nobody to port {number} of {}, which is scraped", policy.title(), owner.title());
    cx.fail(policy, policy.place(&["spec", "ingress"]), message)
        .evidence("port", number)
        .label(port.node.first_line(), format!("{} sends Prometheus to it", port.by.title()))
        .label(owner.name_span(), "the pods")
        .help(format!("the target stays down: add a rule for port {number} from the namespace of Prometheus"))
        .verdict()
}
