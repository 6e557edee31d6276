//! `edms-lint` audits Kubernetes manifests for high availability, offline.
//!
//! The pipeline, each layer using only those before it:
//! [`source`] texts and places, [`yaml`] trees with places, [`finding`] what is said, [`model`] objects.

pub mod config;
pub mod finding;
pub mod index;
pub mod model;
pub mod source;
pub mod suggest;
pub mod yaml;
