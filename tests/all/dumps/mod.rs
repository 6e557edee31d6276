//! Dumps of a cluster: read as the system that made them.

mod command;
mod reading;
