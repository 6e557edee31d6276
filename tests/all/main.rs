//! All integration tests in one program: it is linked once.

mod adopting;
mod attestations;
mod baseline;
mod charts;
mod cli;
mod common;
mod config;
mod disruption;
mod dumps;
mod index;
mod kustomize;
mod large_numbers;
mod literal;
mod parts;
mod places;
mod readiness;
mod reading;
mod render;
mod roles;
mod rules;
mod suppress;
mod tidy;
mod told;
mod typed;
mod unseen;
mod whole;
