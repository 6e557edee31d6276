//! Prints what the kustomizations in the folders named as arguments come to, one JSON line for each root:
//! `{"root": …, "objects": […], "unknown": ["/0/spec/replicas", …]}`, where `unknown` points to what parts
//! that are not modelled may set, or `"error"` in place of both where kustomize refuses.
//!
//! It is how a misbuilt kustomization is shown: compare with `kustomize build FOLDER -o json`.

use edms_lint::load::{BuiltRoot, built};
use serde_json::json as line;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut is_read = true;
    for folder in std::env::args().skip(1) {
        let roots = built(Path::new(&folder)).unwrap_or_else(|error| {
            is_read = false;
            vec![BuiltRoot { root: folder, outcome: Err(error.to_string()) }]
        });
        for root in &roots {
            if print(root, &mut out).is_err() {
                return ExitCode::SUCCESS; // The reader of our output has gone.
            }
        }
    }
    if out.flush().is_ok() && is_read { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn print(it: &BuiltRoot, out: &mut impl Write) -> std::io::Result<()> {
    let root = serde_json::Value::from(it.root.as_str());
    match &it.outcome {
        Ok(built) => {
            let objects = built.objects.join(",");
            let unknown = line!(built.unknown);
            writeln!(out, "{{\"root\":{root},\"objects\":[{objects}],\"unknown\":{unknown}}}")
        }
        Err(error) => writeln!(out, "{}", line!({"root": root, "error": error})),
    }
}
