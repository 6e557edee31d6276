//! `networkpolicy-blocks-scrape`

use crate::index::ScrapedPort;
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};
use std::collections::{BTreeSet, HashMap};

rule!(NetworkpolicyBlocksScrape, "monitoring/networkpolicy-blocks-scrape.md", |walk| walk.environment(|cx| {
    let index = cx.index();
    let policies = index.ingress_policies();
    if policies.is_empty() {
        return;
    }
    // Which policies admit a port, by its number and names.
    let mut known: HashMap<(i64, BTreeSet<&str>), HashMap<usize, bool>> = HashMap::new();
    for port in index.scraped_ports() {
        let Some(first) = policies.isolating(port.pods) else { continue };
        let key = (port.number, index.names_of_port(port.pods, port.number));
        let names = key.1.clone();
        let admits = |it: &Object| index.admits(it, port.number, &names);
        let is_admitted = policies.any(port.pods, known.entry(key).or_default(), admits);
        let verdict = if is_admitted { Verdict::Pass } else { judge(first, policies.count(port.pods), &port, cx) };
        cx.judge(first, verdict);
    }
}));

fn judge(policy: &Object, selecting: usize, port: &ScrapedPort<'_>, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let owner = index.pods(port.pods).owner;
    if let Some(reason) = index.may_be_admitted_otherwise() {
        return Verdict::open(reason);
    }
    if let Some(maker) = index.unseen_maker_near(policy) {
        return Verdict::open(format!("{} may make a policy that admits more", maker.title()));
    }
    let more = match selecting {
        1 => String::new(),
        2 => " and another policy".to_owned(),
        many => format!(" and {} other policies", many - 1),
    };
    let number = port.number;
    let verb = if selecting == 1 { "admits" } else { "admit" };
    let message =
        format!("{}{more} {verb} nobody to port {number} of {}, which is scraped", policy.title(), owner.title());
    cx.fail(policy, policy.place(&["spec", "ingress"]), message)
        .evidence("port", number)
        .label(port.node.first_line(), format!("{} sends Prometheus to it", port.by.title()))
        .label(owner.name_span(), "the pods")
        .help(format!("the target stays down: add a rule for port {number} from the namespace of Prometheus"))
        .verdict()
}
