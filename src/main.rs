//! The binary: everything is in the library, but for the allocator, which a library does not choose.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    edms_lint::cli::run()
}
