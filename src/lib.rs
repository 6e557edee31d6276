//! `edms-lint` audits Kubernetes manifests for high availability, offline.
//!
//! The pipeline, each layer using only those before it:
//! [`source`] texts and places, [`yaml`] trees with places, [`finding`] what is said, [`config`] what
//! decides besides the manifests, [`model`] objects, [`index`] relations between them, [`rule`] the
//! contract of a rule, [`rules`] the rules, `suppress` comments, [`engine`] the pure run, [`readiness`]
//! the guideline sentence by sentence, [`drill`] what stays up, [`render`] one report in one format, [`load`] the only reader of files,
//! [`fix`] from findings to edited files, [`cli`] the program.
//!
//! What is public here is so for the tests: nobody else builds on it, and `main.rs` tells what of it nothing uses.

pub mod cli;
pub mod config;
pub mod drill;
pub mod engine;
pub mod finding;
pub mod fix;
pub mod index;
pub mod load;
pub mod model;
pub mod readiness;
pub mod render;
pub mod rule;
pub mod rules;
mod suppress;

pub use edms_yaml as yaml;
pub use edms_yaml::source;
use edms_yaml::suggest;
