//! Says at a terminal that the work goes on, once it has taken a second. Nobody watches logs.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal as _;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long nothing is said.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often it moves.
const TICK: Duration = Duration::from_millis(120);

/// Work that goes on until this is dropped.
pub(super) struct Progress {
    done: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Begins to wait, if somebody watches, and then says what is done.
pub(super) fn start(what: &'static str) -> Progress {
    let is_set = |it: &str| std::env::var_os(it).is_some_and(|it| !it.is_empty());
    let is_dumb = std::env::var_os("TERM").is_none_or(|it| it == "dumb");
    if !std::io::stderr().is_terminal() || is_set("CI") || is_dumb {
        return Progress { done: None, thread: None };
    }
    let (done, ended) = mpsc::channel::<()>();
    let show = move || {
        if ended.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
            return;
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
            bar.set_style(style);
        }
        bar.set_message(what);
        bar.enable_steady_tick(TICK);
        // Ends with the sender.
        _ = ended.recv();
        bar.finish_and_clear();
    };
    Progress { done: Some(done), thread: Some(std::thread::spawn(show)) }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.done = None;
        if let Some(thread) = self.thread.take() {
            // What it shows is gone before anything is written.
            _ = thread.join();
        }
    }
}
