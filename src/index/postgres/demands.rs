//! The resources that the servers of a database ask for, whoever runs them.

use crate::index::Workloads;
use crate::index::postgres::zalando::OperatorSetting;
use crate::index::postgres::{CNPG, CRUNCHY, EDB, Flavor, KUBEGRES, PERCONA, PostgresCluster, STACKGRES, ZALANDO};
use crate::model::{Object, Place, PodTemplate};
use crate::yaml::NodeRef;

/// What some servers of a database ask for.
#[derive(Clone, Debug)]
pub struct Demand<'a> {
    /// How messages name them.
    pub title: String,
    /// The `resources`; `None` where none are written.
    pub resources: Option<NodeRef<'a>>,
    /// The resources of the whole pod, if they are written.
    pub of_pod: Option<NodeRef<'a>>,
    /// Where they are, or would be.
    pub place: Place,
    /// What the operator sets where nothing is written.
    pub defaults: Option<String>,
}

/// The settings of Zalando's operator for clusters that say nothing, and their defaults: what is asked of CPU
/// and memory, and the limit of memory.
const ZALANDO_DEFAULTS: [(&str, &str); 3] =
    [("default_cpu_request", "100m"), ("default_memory_request", "100Mi"), ("default_memory_limit", "500Mi")];

impl<'a> Workloads<'a> {
    /// The resources of a database's servers. None where the operator always gives them some.
    pub fn demands_of(&'a self, cluster: &PostgresCluster<'a>) -> Vec<Demand<'a>> {
        let object = cluster.object;
        match object.group() {
            CNPG | EDB | KUBEGRES => vec![own(object, None)],
            ZALANDO => self.zalando_demand(object).into_iter().collect(),
            CRUNCHY | PERCONA => sets(object),
            STACKGRES => stackgres(object),
            _ if cluster.flavor == Flavor::SelfManaged => self.of_container(object).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// None where the operator is configured to give its clusters something else than it does by itself.
    fn zalando_demand(&self, object: &'a Object) -> Option<Demand<'a>> {
        let given = ZALANDO_DEFAULTS.map(|(key, default)| match self.zalando_setting("postgres_pod_resources", key) {
            OperatorSetting::Is(value, _) => value,
            OperatorSetting::Default(_) | OperatorSetting::Unknown(_) => default,
        });
        let is_chosen = given[1] != ZALANDO_DEFAULTS[1].1;
        if is_chosen && object.node().at(&["spec", "resources"]).is_none() {
            return None;
        }
        let [cpu, memory, limit] = given;
        Some(own(object, Some(format!("the operator gives it {cpu}, {memory} and a limit of {limit}"))))
    }

    fn of_container(&'a self, object: &'a Object) -> Option<Demand<'a>> {
        let workload = self.workload_of(object).filter(|it| it.kind.is_replicated() && !it.is_switched_off())?;
        let server = self.postgres_server(workload)?;
        let resources = server.container.node().at(&["resources"]);
        let spec = server.template().and_then(PodTemplate::spec);
        let title = format!("container {} of {}", server.container.name(), object.title());
        let place = server.container.place(object, &["resources"]);
        Some(Demand { title, resources, of_pod: spec.and_then(|it| it.at(&["resources"])), place, defaults: None })
    }
}

fn own(object: &Object, defaults: Option<String>) -> Demand<'_> {
    let keys = ["spec", "resources"];
    let (resources, place) = (object.node().at(&keys), object.place(&keys));
    Demand { title: object.title(), resources, of_pod: None, place, defaults }
}

fn sets(object: &Object) -> Vec<Demand<'_>> {
    let sets: Vec<NodeRef<'_>> = object.node().items_at(&["spec", "instances"]).collect();
    let title = |set: NodeRef<'_>| match set.str_at(&["name"]).filter(|_| sets.len() > 1) {
        Some(name) => format!("instance set {name} of {}", object.title()),
        None => object.title(),
    };
    let mut found = Vec::new();
    for set in &sets {
        let place = object.place_in(*set, &["resources"]);
        let resources = set.at(&["resources"]);
        found.push(Demand { title: title(*set), resources, of_pod: None, place, defaults: None });
    }
    found
}

/// StackGres gives every cluster a profile, unless its options for tests take the requests away.
fn stackgres(object: &Object) -> Vec<Demand<'_>> {
    let options = ["disablePatroniResourceRequirements", "disableClusterResourceRequirements"];
    let is_off = |it: &str| object.node().bool_at(&["spec", "nonProductionOptions", it]) == Some(true);
    let Some(option) = options.into_iter().find(|it| is_off(it)) else { return Vec::new() };
    let place = object.place(&["spec", "nonProductionOptions", option]);
    vec![Demand { title: object.title(), resources: None, of_pod: None, place, defaults: None }]
}
