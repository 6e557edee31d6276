//! Dumps of a cluster: read as the system that made them.

mod cluster;
mod command;
mod projects;
mod reading;
