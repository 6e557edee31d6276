//! Prints what the parser read, one JSON line for each document of the files named as arguments:
//! `{"file": …, "document": …, "value": …}`, or `"error"` in place of the value.
//!
//! It is how a misreading is shown: compare with `kubectl annotate --local -f FILE -o json x=y`.

use edms_lint::source::SourceId;
use edms_lint::yaml::{json, stream};
use serde_json::json as line;
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for file in std::env::args().skip(1) {
        if print(&file, &mut out).is_err() {
            return ExitCode::SUCCESS; // The reader of our output has gone.
        }
    }
    if out.flush().is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn print(file: &str, out: &mut impl Write) -> std::io::Result<()> {
    let text = match std::fs::read(file) {
        Ok(bytes) => String::from_utf8(bytes),
        Err(error) => return writeln!(out, "{}", line!({"file": file, "document": 0, "error": error.to_string()})),
    };
    let text = match text {
        Ok(text) => text.into(),
        Err(error) => return writeln!(out, "{}", line!({"file": file, "document": 1, "error": error.to_string()})),
    };
    for (at, document) in stream::read(SourceId(0), &text).into_iter().enumerate() {
        let number = at + 1;
        match document {
            Ok(document) => {
                let value = json::to_string(document.root());
                let file = serde_json::Value::from(file);
                writeln!(out, "{{\"file\":{file},\"document\":{number},\"value\":{value}}}")?;
            }
            Err(error) => writeln!(out, "{}", line!({"file": file, "document": number, "error": error.message}))?,
        }
    }
    Ok(())
}
