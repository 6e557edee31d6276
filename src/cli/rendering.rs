//! `--render`: charts as the `helm` on the PATH renders them.
//!
//! Helm gets no plugins, no post-renderer, no cluster and no network: what a chart lacks is reported, never fetched.
//!
//! Facts: helm/helm `pkg/cli/environment.go` (`HELM_NO_PLUGINS`), `pkg/cli/values/options.go` (`-` is standard input, and
//! commas separate files).

use super::args::ReadArguments;
use super::setup::Setup;
use crate::load::{Input, LoadError, Loaded, Rendering, Values};
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};

const HELM: &str = "helm";
/// Bytes that a rendering may have, as a file may.
const MOST: u64 = 256 << 20;
/// Bytes of what Helm says to people.
const MOST_SAID: u64 = 64 << 10;
/// A proxy that nobody answers at.
const NOWHERE: &str = "http://127.0.0.1:9";

/// Reads the inputs, with what Helm makes of their charts if that is wanted.
pub(super) fn load(setup: &mut Setup, arguments: &ReadArguments, inputs: &[Input]) -> Loaded {
    let loaded = setup.load(inputs);
    if !arguments.render || loaded.renderings.is_empty() {
        return loaded;
    }
    let (mut made, mut errors) = (inputs.to_vec(), Vec::new());
    for rendering in &loaded.renderings {
        match run(rendering) {
            Ok(bytes) => {
                made.push(Input::Rendered { name: rendering.name.clone(), goal: rendering.goal.clone(), bytes });
            }
            Err(Failure::NoHelm) => {
                errors.push(LoadError::NotRendered {
                    name: "--render".to_owned(),
                    reason: "there is no helm on the PATH, so no chart was rendered".to_owned(),
                });
                break;
            }
            Err(Failure::Because(reason)) => {
                errors.push(LoadError::NotRendered { name: rendering.name.clone(), reason });
            }
        }
    }
    let mut loaded = if made.len() > inputs.len() { setup.load(&made) } else { loaded };
    loaded.errors.extend(errors);
    loaded.errors.sort_by_cached_key(ToString::to_string);
    loaded
}

enum Failure {
    NoHelm,
    Because(String),
}

fn run(rendering: &Rendering) -> Result<Vec<u8>, Failure> {
    if let Some(obstacle) = &rendering.obstacle {
        return Err(Failure::Because(obstacle.clone()));
    }
    let child = command(rendering).spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Failure::NoHelm,
        _ => Failure::Because(format!("helm does not start: {error}")),
    })?;
    let inline = rendering.values.iter().find_map(|it| match it {
        Values::Text(text) => Some(text.as_str()),
        Values::File(_) => None,
    });
    talk(child, inline.unwrap_or_default()).map_err(Failure::Because)
}

fn command(rendering: &Rendering) -> Command {
    let mut command = Command::new(HELM);
    command.arg("template").args(&rendering.arguments);
    for values in &rendering.values {
        let name = match values {
            Values::File(path) => list_item(&path.to_string_lossy()),
            Values::Text(_) => "-".to_owned(),
        };
        command.arg(format!("--values={name}"));
    }
    command.arg("--").arg(&rendering.release).arg(&rendering.chart);
    command.env("HELM_NO_PLUGINS", "1").env("KUBECONFIG", "").env_remove("HELM_KUBECONTEXT").env_remove("HELM_DEBUG");
    for name in ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"] {
        command.env(name, NOWHERE);
    }
    command.env("NO_PROXY", "").env("no_proxy", "");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A path as one item of a list that commas separate.
fn list_item(path: &str) -> String {
    if path.contains([',', '"']) { format!("\"{}\"", path.replace('"', "\"\"")) } else { path.to_owned() }
}

/// Gives Helm its input and takes what it makes, or what it says is wrong.
fn talk(mut child: Child, input: &str) -> Result<Vec<u8>, String> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (mut bytes, mut said) = (Vec::new(), Vec::new());
    let read = std::thread::scope(|scope| {
        scope.spawn(|| {
            // One that reads no values closes the pipe.
            _ = stdin.map(|mut it| it.write_all(input.as_bytes()));
        });
        scope.spawn(|| {
            // Read to its end, or Helm would wait; kept only so far.
            let Some(mut stderr) = stderr else { return };
            _ = stderr.by_ref().take(MOST_SAID).read_to_end(&mut said);
            _ = std::io::copy(&mut stderr, &mut std::io::sink());
        });
        let read = stdout.map(|it| it.take(MOST + 1).read_to_end(&mut bytes)).transpose();
        if bytes.len() as u64 > MOST {
            _ = child.kill();
        }
        read
    });
    let status = child.wait().map_err(|error| format!("helm is lost: {error}"))?;
    read.map_err(|error| format!("what helm makes cannot be read: {error}"))?;
    if bytes.len() as u64 > MOST {
        return Err("what helm makes of it is larger than 256 MiB".to_owned());
    }
    if status.success() { Ok(bytes) } else { Err(reason(&String::from_utf8_lossy(&said))) }
}

/// The line that says what is wrong.
fn reason(said: &str) -> String {
    let lines = || said.lines().map(str::trim).filter(|it| !it.is_empty());
    let line =
        lines().find_map(|it| it.strip_prefix("Error: ")).or_else(|| lines().next_back()).unwrap_or("it says nothing");
    format!("helm cannot render it: {line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_the_line_that_tells() {
        assert_eq!(reason("WARNING: x\nError: chart not found\n"), "helm cannot render it: chart not found");
        assert_eq!(reason("\n panic\n"), "helm cannot render it: panic");
        assert_eq!(reason(""), "helm cannot render it: it says nothing");
    }

    #[test]
    fn commas_do_not_make_two_files() {
        assert_eq!(list_item("/a/b.yaml"), "/a/b.yaml");
        assert_eq!(list_item("/a,b/\"c\".yaml"), "\"/a,b/\"\"c\"\".yaml\"");
    }
}
