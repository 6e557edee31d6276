//! The binary: everything is in the library, but for the allocator, which a library does not choose.
//!
//! With `--cfg whole` the layers are modules of the binary instead. Then the compiler sees all that uses them, and names
//! what nothing does; in a library it takes each public item for used. `.ci/run` asks it.

#[cfg(not(whole))]
use edms_lint::cli;
use std::process::ExitCode;

#[cfg(whole)]
mod cli;
#[cfg(whole)]
mod config;
#[cfg(whole)]
mod drill;
#[cfg(whole)]
mod engine;
#[cfg(whole)]
mod finding;
#[cfg(whole)]
mod fix;
#[cfg(whole)]
mod index;
#[cfg(whole)]
mod load;
#[cfg(whole)]
mod model;
#[cfg(whole)]
mod readiness;
#[cfg(whole)]
mod render;
#[cfg(whole)]
mod rule;
#[cfg(whole)]
mod rules;
#[cfg(whole)]
mod suppress;
#[cfg(whole)]
use edms_yaml::{self as yaml, source, suggest};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run()
}
