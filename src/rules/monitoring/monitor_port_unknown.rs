//! `monitor-port-unknown`

use super::new_monitoring::is_of_metrics;
use crate::index::monitoring::{Monitor, Target};
use crate::index::{Index, PodSetId};
use crate::model::{Container, Object, PodTemplate};
use crate::rule::{Context, Repair, Verdict, rule};
use crate::rules::repairs::correct;
use crate::rules::words::{is_open, list};
use crate::source::Span;
use crate::suggest::is_slip;
use crate::yaml::{NodeRef, Value};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// Ports of containers that service meshes add to pods.
const INJECTED: &[&str] = &["http-envoy-prom", "linkerd-admin", "envoy-metrics", "http-monitoring"];

/// No port has a longer name.
const LONGEST_NAME: usize = 15;
/// Where Prometheus asks unless an endpoint says otherwise.
const METRICS_PATH: &str = "/metrics";
/// Of monitors with more endpoints none is corrected: each would be compared with all others.
const MOST_ENDPOINTS: usize = 64;

rule!(MonitorPortUnknown, "monitoring/monitor-port-unknown.md", |walk| walk.environment(|cx| {
    let monitors = cx.index().monitors().iter().filter(|it| !it.is_empty());
    let mut known = Known::default();
    cx.judge_each(monitors, |it, cx| judge(it, &mut known, cx));
}));

/// The ports of what monitors select, by the first that selects the same.
#[derive(Default)]
struct Known<'a> {
    of_services: HashMap<usize, Option<Rc<Ports<'a>>>>,
    of_containers: HashMap<usize, Option<Rc<Ports<'a>>>>,
}

fn judge<'a>(monitor: &Monitor<'a>, known: &mut Known<'a>, cx: &mut Context<'a>) -> Verdict {
    if !names_one(monitor)
        && let Some(maker) = cx.index().unseen_maker_in_sight(monitor)
    {
        return Verdict::open(format!("{} may make what it selects, with the ports", maker.title()));
    }
    let mut overall = Verdict::Pass;
    for endpoint in &monitor.endpoints {
        let verdict = match monitor.target {
            Target::Services => service_endpoint(monitor, *endpoint, known, cx),
            Target::Pods => pod_endpoint(monitor, *endpoint, known, cx),
        };
        if verdict != Verdict::Pass {
            cx.judge(monitor.object, verdict);
            overall = Verdict::NotApplicable;
        }
    }
    overall
}

/// Whether a monitor means one application, so that what others make is none of its.
fn names_one(monitor: &Monitor<'_>) -> bool {
    let names = ["app", "app.kubernetes.io/name", "app.kubernetes.io/instance", "k8s-app", "name"];
    monitor.selector.requirements.iter().any(|it| names.contains(&it.key.as_ref()) && it.values.len() == 1)
}

/// The ports that are there, and where the first of them could be read.
struct Ports<'a> {
    names: BTreeSet<&'a str>,
    /// The names of metrics' ports that everything selected has.
    metrics: BTreeSet<&'a str>,
    numbers: BTreeSet<i64>,
    /// What has them.
    owner: &'a Object,
    span: Span,
}

impl Ports<'_> {
    fn holds(&self, wanted: NodeRef<'_>) -> bool {
        match wanted.as_int() {
            Some(number) => self.numbers.contains(&number),
            None => self.names.contains(wanted.text()),
        }
    }

    /// `http and metrics`, or that there is no name.
    fn named(&self) -> String {
        let names: Vec<String> = self.names.iter().map(|it| (*it).to_owned()).collect();
        if self.numbers.is_empty() && names.is_empty() {
            return "declares no port".to_owned();
        }
        if names.is_empty() { "has ports without names".to_owned() } else { format!("its ports are {}", list(&names)) }
    }
}

/// Judges an endpoint of a ServiceMonitor; a port goes before a target port.
fn service_endpoint<'a>(
    monitor: &Monitor<'a>,
    endpoint: NodeRef<'_>,
    known: &mut Known<'a>,
    cx: &mut Context<'a>,
) -> Verdict {
    let index = cx.index();
    if let Some(port) = endpoint.at(&["port"]) {
        // Mostly one of the first has it.
        let has_it = |it: NodeRef<'_>| it.str_at(&["name"]) == Some(port.text());
        let is_there = || {
            let is_known = known.of_services.contains_key(&monitor.alike);
            !is_known && index.services_watched(monitor).any(|it| ports_of(it).any(has_it))
        };
        if is_open(port.text()) || is_there() {
            return Verdict::Pass;
        }
        let ports =
            known.of_services.entry(monitor.alike).or_insert_with(|| service_ports(monitor, index).map(Rc::new));
        let Some(ports) = ports.clone().filter(|it| !it.names.contains(port.text())) else {
            return Verdict::Pass;
        };
        if let Some(maker) = other_maker(monitor, index) {
            let maker = maker.title();
            return Verdict::open(format!("{maker} may make a Service with such a port, which it selects too"));
        }
        let by_number = port.text().parse::<i64>().ok().filter(|it| ports.numbers.contains(it));
        let help = match by_number {
            Some(number) => {
                format!("an endpoint names a Service's port by its name: name port {number} of the Service")
            }
            None => "an endpoint names a Service's port by its name: name one that is there, or give it this name"
                .to_owned(),
        };
        return report(monitor, endpoint, "port", &ports, "Service", &help, cx);
    }
    let Some(port) = endpoint.at(&["targetPort"]).filter(|it| !is_open(it.text())) else { return Verdict::Pass };
    target_port(monitor, endpoint, ("targetPort", port), known, cx)
}

/// What may make a Service that the monitor selects beside those that are seen.
fn other_maker<'a>(monitor: &Monitor<'a>, index: &Index<'a>) -> Option<&'a Object> {
    let selector = &monitor.selector;
    let maker = || index.unseen_maker_in_sight(monitor).filter(|_| selector.is_everything());
    index.made_for(selector).or_else(maker)
}

fn pod_endpoint<'a>(
    monitor: &Monitor<'a>,
    endpoint: NodeRef<'_>,
    known: &mut Known<'a>,
    cx: &mut Context<'a>,
) -> Verdict {
    let keys = ["port", "portNumber", "targetPort"];
    let written = keys.iter().find_map(|key| Some((*key, endpoint.at(&[key])?)));
    let Some((key, port)) = written.filter(|it| !is_open(it.1.text())) else { return Verdict::Pass };
    target_port(monitor, endpoint, (key, port), known, cx)
}

/// Whether no container of the pods declares a port.
fn target_port<'a>(
    monitor: &Monitor<'a>,
    endpoint: NodeRef<'_>,
    (key, port): (&'static str, NodeRef<'_>),
    known: &mut Known<'a>,
    cx: &mut Context<'a>,
) -> Verdict {
    let index = cx.index();
    // Google's monitors take a number for `port`, Prometheus' take a name.
    let is_it = |(name, number): (Option<&str>, Option<i64>)| match port.as_int() {
        Some(wanted) => number == Some(wanted),
        None => name == Some(port.text()),
    };
    // Mostly one of the first has it.
    let has_it = |it: PodSetId| {
        let template = template(it, index);
        template.is_none_or(|it| it.containers().chain(it.init_containers()).any(|it| it.ports().any(is_it)))
    };
    let is_known = known.of_containers.contains_key(&monitor.alike);
    if INJECTED.contains(&port.text()) || (!is_known && pods_of(monitor, index).any(has_it)) {
        return Verdict::Pass;
    }
    let ports = known.of_containers.entry(monitor.alike).or_insert_with(|| {
        let mut pods: Vec<PodSetId> = pods_of(monitor, index).collect();
        // As they come where Services lead to them.
        if monitor.target == Target::Pods {
            pods.sort_unstable();
        }
        container_ports(&pods, index).map(Rc::new)
    });
    let Some(ports) = ports.clone().filter(|it| !it.holds(port)) else { return Verdict::Pass };
    let help = "Prometheus finds only ports that a container declares: add it to the container's ports, or name one \
                that is there";
    report(monitor, endpoint, key, &ports, "container", help, cx)
}

fn report(
    monitor: &Monitor<'_>,
    endpoint: NodeRef<'_>,
    key: &'static str,
    ports: &Ports<'_>,
    of: &str,
    help: &str,
    cx: &mut Context<'_>,
) -> Verdict {
    let object = monitor.object;
    let wanted = endpoint.at(&[key]).map(NodeRef::text).unwrap_or_default();
    let what = if wanted.parse::<i64>().is_ok() && key != "port" { "port" } else { "port named" };
    let owner = match of {
        "Service" => format!("no Service that {} selects has", object.title()),
        _ => format!("no container of {} has", ports.owner.title()),
    };
    let message = format!("{owner} a {what} {wanted}");
    let repair = known_port(monitor, endpoint, key, ports);
    let repair = repair.or_else(|| named_port(monitor, wanted, ports, cx.index()));
    cx.fail(object, object.place_in(endpoint, &[key]), message)
        .fix(repair)
        .label(ports.span, ports.named())
        .help(help.to_owned())
        .verdict()
}

/// The pods that a monitor selects, by their Services or themselves.
fn pods_of<'m, 'a>(monitor: &'m Monitor<'a>, index: &'m Index<'a>) -> impl Iterator<Item = PodSetId> + use<'m, 'a> {
    let of_services = index.services_watched(monitor).flat_map(|it| index.pods_of_service(it).iter().copied());
    of_services.chain(index.pods_watched(monitor))
}

/// The template of pods, if all of it is seen.
fn template<'a>(pods: PodSetId, index: &Index<'a>) -> Option<PodTemplate<'a>> {
    let set = index.pods(pods);
    index.workload_of(set.owner).and_then(|it| it.template).filter(|_| !set.is_virtual)
}

fn ports_of(service: &Object) -> impl Iterator<Item = NodeRef<'_>> {
    service.node().items_at(&["spec", "ports"])
}

/// The name of the port that was certainly meant: one that is a slip away, or the one port for metrics that everything
/// selected has. An endpoint with a path of its own may mean any other port.
fn known_port(monitor: &Monitor<'_>, endpoint: NodeRef<'_>, key: &str, ports: &Ports<'_>) -> Option<Repair> {
    let written = endpoint.get(key).filter(|it| it.as_int().is_none())?;
    let wanted = written.text();
    let path = endpoint.str_at(&["path"]).unwrap_or(METRICS_PATH);
    let is_for_metrics = is_of_metrics(wanted) || path == METRICS_PATH;
    let mut slips = ports.names.iter().filter(|it| is_slip(it, wanted) || it.eq_ignore_ascii_case(wanted));
    let meant = match (slips.next(), slips.next()) {
        (Some(slip), None) if !is_other_scheme(slip, wanted) => *slip,
        (None, _) if is_for_metrics => only(&ports.metrics)?,
        _ => return None,
    };
    // A second endpoint for one port would scrape it twice.
    let may_be_it = |it: &str| it == meant || !ports.names.contains(it);
    let mut others = monitor.endpoints.iter().filter(|it| **it != endpoint).filter_map(|it| it.str_at(&[key]));
    let is_alone = monitor.endpoints.len() <= MOST_ENDPOINTS && !others.any(may_be_it);
    is_alone.then(|| correct(monitor.object, written, meant))
}

/// The name for the one port of the one Service that is selected, where its pods call the port so that it leads to.
fn named_port(monitor: &Monitor<'_>, wanted: &str, ports: &Ports<'_>, index: &Index<'_>) -> Option<Repair> {
    if monitor.target != Target::Services || !ports.names.is_empty() || wanted.len() > LONGEST_NAME {
        return None;
    }
    let mut services = index.services_watched(monitor);
    let service = services.next().filter(|_| services.next().is_none())?;
    let mut all = ports_of(service);
    let port = all.next().filter(|_| all.next().is_none())?;
    let leads_to = |(name, number): (Option<&str>, Option<i64>)| {
        let target = port.get("targetPort").or_else(|| port.get("port"));
        let is_target = target.is_some_and(|it| it.as_int().map_or(it.text() == wanted, |it| number == Some(it)));
        name == Some(wanted) && is_target
    };
    let has_it = |it: &PodSetId| {
        let template = template(*it, index);
        template.is_some_and(|it| it.containers().any(|it| it.ports().any(leads_to)))
    };
    let repair = Repair::new().titled("name the port of the Service");
    let pods = index.pods_of_service(service);
    (!pods.is_empty() && pods.iter().all(has_it)).then(|| repair.set_in(service, port, &["name"], Value::text(wanted)))
}

fn only<'a>(names: &BTreeSet<&'a str>) -> Option<&'a str> {
    names.first().copied().filter(|_| names.len() == 1)
}

/// Whether two names differ by the letter that makes another protocol.
fn is_other_scheme(one: &str, other: &str) -> bool {
    let is_secure = |it: &str| it.split('-').any(|it| it.eq_ignore_ascii_case("https"));
    is_secure(one) != is_secure(other)
}

/// The names that all of these have.
fn shared<'a>(each: impl IntoIterator<Item = BTreeSet<&'a str>>) -> BTreeSet<&'a str> {
    each.into_iter().reduce(|one, other| one.intersection(&other).copied().collect()).unwrap_or_default()
}

/// The ports of the Services that a monitor selects for certain.
fn service_ports<'a>(monitor: &Monitor<'a>, index: &Index<'a>) -> Option<Ports<'a>> {
    let owner = index.services_watched(monitor).find(|it| monitor.is_in_sight(index, it))?;
    let (mut names, mut numbers) = (BTreeSet::new(), BTreeSet::new());
    let of_metrics = |it: &'a Object| {
        ports_of(it).filter_map(|it| it.str_at(&["name"])).filter(|it| is_of_metrics(it)).collect::<BTreeSet<_>>()
    };
    let metrics = shared(index.services_watched(monitor).map(of_metrics));
    for port in index.services_watched(monitor).flat_map(ports_of) {
        names.extend(port.at(&["name"]).map(NodeRef::text));
        numbers.extend(port.int_at(&["port"]));
    }
    if names.iter().any(|it| is_open(it)) {
        return None;
    }
    let span = owner.place(&["spec", "ports"]).span;
    Some(Ports { names, metrics, numbers, owner, span })
}

/// The ports that the containers of pods declare; nothing if not all of them are seen.
fn container_ports<'a>(pods: &[PodSetId], index: &Index<'a>) -> Option<Ports<'a>> {
    let (mut names, mut numbers) = (BTreeSet::new(), BTreeSet::new());
    let (mut owner, mut metrics) = (None, Vec::with_capacity(pods.len()));
    for id in pods {
        let set = index.pods(*id);
        let template = template(*id, index)?;
        let mut own = BTreeSet::new();
        for container in template.containers().chain(template.init_containers()) {
            for (name, number) in Container::ports(container) {
                own.extend(name);
                numbers.extend(number);
            }
        }
        names.extend(own.iter().copied());
        metrics.push(own.into_iter().filter(|it| is_of_metrics(it)).collect());
        owner.get_or_insert((set.owner, span_of(set.owner, template)));
    }
    if names.iter().any(|it| is_open(it)) {
        return None;
    }
    let (owner, span) = owner?;
    Some(Ports { names, metrics: shared(metrics), numbers, owner, span })
}

/// The ports of the first container that has any, or else its name.
fn span_of(owner: &Object, template: PodTemplate<'_>) -> Span {
    let with_ports = template.containers().find(|it| it.node().at(&["ports"]).is_some());
    let first = with_ports.or_else(|| template.containers().next());
    first.map_or_else(|| owner.name_span(), |it| it.place(owner, &["ports"]).span)
}
