//! What stays up when a node, a zone or a primary is lost, when every node is drained, when everything is rolled out:
//! arithmetic over an index, with guarantees.
//!
//! A verdict is a claim about every placement that the hard constraints allow. More constraints than are reckoned with
//! only make those fewer, so that what is claimed stays true. What cannot be shown is said to be open.

mod actual;
mod budget;
pub mod caps;
pub mod cluster;
mod constraints;
mod daemons;
pub mod drain;
mod facts;
mod fleet;
pub mod ground;
mod judged;
mod kafka;
pub mod lose;
mod merge;
mod operands;
mod options;
mod outcome_drain;
mod outcome_loss;
mod outcome_roll;
mod pools;
mod postgres;
mod quorum;
mod quotas;
pub mod roll;
mod room;
mod run;
mod scale;
mod services;
mod strategy;
mod subject;
mod surroundings;
#[cfg(test)]
mod tests;
mod topics;
pub mod verdict;
mod volumes;
mod words;
mod workload;

pub use cluster::Cluster;
pub use ground::{Ground, Told, Zones};
pub use options::{AtScale, Options};
pub use run::{Drill, drill};
pub use subject::Subject;
pub use verdict::{Moment, Outcome, Proof, Role, Scenario, Verdict};
