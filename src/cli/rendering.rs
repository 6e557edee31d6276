//! `--render`: charts as the `helm` on the PATH renders them.
//!
//! Helm gets no plugins, no post-renderer, no cluster and no network: what a chart lacks is reported, never fetched.
//!
//! Facts: helm/helm `pkg/cli/environment.go` (`HELM_NO_PLUGINS`), `pkg/cli/values/options.go` (`-` is standard input, and
//! commas separate files).

use super::args::ReadArguments;
use super::setup::Setup;
use crate::load::{Input, LoadError, Loaded, Rendering, Values};
use std::io::{self, Read, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

const HELM: &str = "helm";
/// Bytes that a rendering may have, as a file may.
const MOST: u64 = 256 << 20;
/// Bytes of what Helm says to people.
const MOST_SAID: u64 = 64 << 10;
/// How long a chart may take: one that waits for something never ends.
const LIMIT: Duration = Duration::from_mins(1);
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
                let (name, goal, chart) = (rendering.name.clone(), rendering.goal.clone(), rendering.chart.clone());
                made.push(Input::Rendered { name, goal, chart, bytes });
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
        io::ErrorKind::NotFound => Failure::NoHelm,
        _ => Failure::Because(format!("helm does not start: {error}")),
    })?;
    let inline = rendering.values.iter().find_map(|it| match it {
        Values::Text(text) => Some(text.clone()),
        Values::File(_) => None,
    });
    talk(child, inline.unwrap_or_default(), LIMIT).map_err(Failure::Because)
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
fn talk(mut child: Child, input: String, limit: Duration) -> Result<Vec<u8>, String> {
    let begin = Instant::now();
    if let Some(mut stdin) = child.stdin.take() {
        // One that reads no values closes the pipe.
        std::thread::spawn(move || _ = stdin.write_all(input.as_bytes()));
    }
    let made = read(child.stdout.take(), MOST + 1);
    let said = read(child.stderr.take(), MOST_SAID);
    let bytes = made.recv_timeout(limit);
    let is_too_much = bytes.as_ref().is_ok_and(|it| it.as_ref().is_ok_and(|it| it.len() as u64 > MOST));
    let status = match bytes {
        Ok(_) if !is_too_much => wait(&mut child, begin, limit)?,
        _ => None,
    };
    let Some(status) = status else {
        _ = child.kill();
        _ = child.wait();
        let reason = if is_too_much { "what helm makes of it is larger than 256 MiB".to_owned() } else { late(limit) };
        return Err(reason);
    };
    let bytes = bytes.unwrap_or_else(|_| Ok(Vec::new()));
    let bytes = bytes.map_err(|error| format!("what helm makes cannot be read: {error}"))?;
    if status.success() {
        return Ok(bytes);
    }
    let said = said.recv_timeout(limit.saturating_sub(begin.elapsed())).ok().and_then(Result::ok).unwrap_or_default();
    Err(reason(&String::from_utf8_lossy(&said)))
}

/// So much of a pipe, once it is closed. What comes behind it is read away, or Helm would wait. The thread is not waited for:
/// what Helm itself has started may hold the pipe open for longer.
fn read(pipe: Option<impl Read + Send + 'static>, most: u64) -> Receiver<io::Result<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let Some(mut pipe) = pipe else { return };
        let mut bytes = Vec::new();
        let read = pipe.by_ref().take(most).read_to_end(&mut bytes);
        // Nobody listens any more once the time is over.
        _ = sender.send(read.map(|_| bytes));
        _ = io::copy(&mut pipe, &mut io::sink());
    });
    receiver
}

/// How it ended, if it does in time.
fn wait(child: &mut Child, begin: Instant, limit: Duration) -> Result<Option<ExitStatus>, String> {
    loop {
        let ended = child.try_wait().map_err(|error| format!("helm is lost: {error}"))?;
        if ended.is_some() || begin.elapsed() > limit {
            return Ok(ended);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn late(limit: Duration) -> String {
    format!(
        "helm did not end within {} s and was stopped; `helm template` by hand shows what it waits for",
        limit.as_secs()
    )
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

    #[cfg(unix)]
    #[test]
    fn what_never_ends_is_stopped() {
        let started = |script: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            command.spawn().expect("there is a shell")
        };
        let limit = Duration::from_millis(300);
        for script in ["sleep 20", "exec >&-; sleep 20", "sleep 20 & exit 0"] {
            let begin = Instant::now();
            let answer = talk(started(script), String::new(), limit);
            assert!(answer.is_err_and(|it| it.starts_with("helm did not end within 0 s and was stopped")), "{script}");
            assert!(begin.elapsed() < Duration::from_secs(10), "{script}");
        }
        let limit = Duration::from_secs(10);
        assert_eq!(talk(started("cat"), "a: 1".to_owned(), limit).as_deref(), Ok(&b"a: 1"[..]));
        let refused = talk(started("echo Error: no >&2; exit 1"), String::new(), limit);
        assert_eq!(refused, Err("helm cannot render it: no".to_owned()));
    }

    #[test]
    fn commas_do_not_make_two_files() {
        assert_eq!(list_item("/a/b.yaml"), "/a/b.yaml");
        assert_eq!(list_item("/a,b/\"c\".yaml"), "\"/a,b/\"\"c\"\".yaml\"");
    }
}
