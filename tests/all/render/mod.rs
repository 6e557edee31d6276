//! Reports made by hand, written in each format.

mod build;
mod concise;
mod json;
mod pretty;
mod readiness;
mod sarif;
mod summary;
