//! Typed views on objects: the value that a rule needs, with its place at hand.

mod amount;
pub mod annotations;
mod chart_files;
mod charts;
mod contents;
pub mod cron;
mod environment;
mod kinds;
mod labels;
mod live;
mod managers;
mod node_demand;
mod node_pin;
mod object;
mod place;
mod placeholder;
mod probe;
mod quantity;
mod release;
mod resources;
mod rollout;
pub mod shell;
pub mod typed;
mod versions;

mod workload;

pub use amount::{Amount, whole_number};
pub use chart_files::{ChartFiles, ChartFolder, INFLATED};
pub use charts::{KnownChart, Made, known_chart, major_version};
pub use contents::contents;
pub use environment::{Environment, Instructions, Problem, ProblemKind, Unseen, UnseenKinds, may_hide};
pub use kinds::{is_built_in, is_known, kind_in_other_letters, normal_group};
pub use labels::{Labels, Operator, Requirement, Selector};
pub use live::{COMPLETE, Owner, is_live};
pub use node_demand::{NodeDemand, node_demand, node_demand_of_terms, node_terms};
pub use node_pin::{HOSTNAME, NodePin};
pub use object::{Change, Object, ObjectId, Provenance, Removal, Written};
pub use place::Place;
pub use placeholder::{is_placeholder, may_be_filled_in};
pub use probe::{Probe, ProbePort, ProbeTarget};
pub use quantity::Quantity;
pub use release::{Release, release};
pub use resources::{Resource, resources};
pub use rollout::{Fenceposts, RollingUpdate, stateful_unavailable};
pub use versions::{NeverServed, never_served};
pub use workload::{Container, PodTemplate, WorkloadKind, controller_selector, repository};
