//! `edms-lint` audits Kubernetes manifests for high availability, offline.
//!
//! The pipeline, each layer using only those before it:
//! [`source`] texts and places, [`yaml`] trees with places, [`finding`] what is said, [`model`] objects,
//! [`render`] reports as text.

pub mod finding;
pub mod model;
pub mod render;
pub mod source;
pub mod yaml;
