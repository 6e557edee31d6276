//! How long an audit takes and how much memory, beside the work that nobody can avoid.
//!
//! `cargo bench` prints, for generated trees in two shapes and repositories of Flux, the median time of the whole audit on
//! one thread and on all, with the program's allocator, and in the same run that of the parser's bare event loop and of
//! `yaml_serde` into `Value` over the same bytes. Memory is told as multiples of the input, twice: what a run takes above
//! one over an empty folder, and the whole process, whose own pages are most of it where the input is small. Where Go is
//! there, Kubernetes' own reader decodes the same files. A folder named by `EDMS_LINT_MANIFESTS` is measured too. Ratios are
//! what counts: figures move between machines.
//! `cargo bench -- growth` runs the other benchmark instead.

#![expect(clippy::print_stdout, reason = "the table is for the terminal")]
#![expect(clippy::cast_precision_loss, reason = "three digits are shown")]

mod gitops;
mod trees;

use edms_lint::config::Config;
use edms_lint::load::{self, Input, Options};
use edms_lint::source::Sources;
use edms_lint::{engine, finding};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use trees::{Shape, Tree};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Objects of the generated trees.
const SIZES: [usize; 3] = [100, 1_000, 10_000];
/// Environments of the repository of Flux.
const ENVIRONMENTS: usize = 60;
/// Applications that only one of them deploys, where they have any.
const OWN: usize = 2;
/// Runs of which the median is told.
const RUNS: usize = 7;
/// The argument by which the program audits one folder in a process of its own and tells its peak memory.
const MEMORY: &str = "--memory-of";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|it| it == MEMORY) {
        black_box(audit(Path::new(&arguments[at + 1])));
        println!("{}", peak_memory());
        return;
    }
    if arguments.iter().skip(1).any(|it| it == "growth") {
        return;
    }
    let go = build_go_reader();
    println!(
        "{:24} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>10} {:>8} {:>8} {:>9}",
        "tree",
        "MB",
        "documents",
        "events",
        "Value",
        "audit 1t",
        "audit",
        "Go",
        "docs/s",
        "x events",
        "x memory",
        "x process"
    );
    for shape in [Shape::FilePerApplication, Shape::OneFile] {
        let mut before: Option<(usize, Duration)> = None;
        for size in SIZES {
            let tree = Tree::generate(size, shape);
            let time = measure(&format!("{} {size}", shape.name()), tree.folder(), go.as_deref());
            if let Some((smaller, earlier)) = before {
                let growth = time.as_secs_f64() / earlier.as_secs_f64();
                println!("{:24} {growth:.1} times the time of {smaller} objects", "");
            }
            before = Some((size, time));
        }
    }
    for (own, name) in [(0, "all shared"), (OWN, "some shared")] {
        let tree = Tree::of_flux(ENVIRONMENTS, own);
        measure(&format!("Flux, {ENVIRONMENTS}, {name}"), tree.folder(), go.as_deref());
    }
    if let Some(folder) = std::env::var_os("EDMS_LINT_MANIFESTS") {
        measure("EDMS_LINT_MANIFESTS", Path::new(&folder), go.as_deref());
    }
    start_up();
}

/// Measures one folder, prints its line, and tells the audit's time on one thread.
fn measure(name: &str, folder: &Path, go: Option<&Path>) -> Duration {
    let files = manifests(folder);
    let texts: Vec<String> =
        files.iter().map(|it| String::from_utf8_lossy(&std::fs::read(it).expect("can be read")).into_owned()).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool of one");
    let documents: usize = audit(folder).environments.iter().map(|it| it.documents.len()).sum();
    let events = median(|| texts.iter().for_each(|it| event_loop(it)));
    let values = median(|| texts.iter().for_each(|it| yaml_values(it)));
    let single = median(|| drop(black_box(one_thread.install(|| audit(folder)))));
    let all = median(|| drop(black_box(audit(folder))));
    let go = go.map(|reader| median(|| go_read(reader, &files)));
    let process = memory_of(folder);
    let own = memory_of(Tree::generate(0, Shape::FilePerApplication).folder());
    let memory = process.zip(own).map(|(all, own)| all.saturating_sub(own));
    let times = |it: Option<u64>| it.map_or("-".to_owned(), |it| format!("{:.1}", it as f64 / bytes as f64));
    println!(
        "{name:24} {:9.2} {documents:9} {:9.1} {:9.1} {:9.1} {:9.1} {:>9} {:10.0} {:8.2} {:>8} {:>9}",
        megabytes(bytes),
        milliseconds(events),
        milliseconds(values),
        milliseconds(single),
        milliseconds(all),
        go.map_or("-".to_owned(), |it| format!("{:.1}", milliseconds(it))),
        documents as f64 / all.as_secs_f64(),
        single.as_secs_f64() / events.as_secs_f64(),
        times(memory),
        times(process),
    );
    single
}

fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The median of several runs after one that is not counted.
fn median(mut work: impl FnMut()) -> Duration {
    work();
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[RUNS / 2]
}

fn audit(folder: &Path) -> finding::Report {
    let config = Config::default();
    let current = std::env::current_dir().expect("there is one");
    let options = Options { config: &config, config_dir: None, working_dir: &current };
    let loaded = load::load(&[Input::Path(folder.to_owned())], Sources::default(), &options);
    engine::run(&loaded.sources, &loaded.environments, &config)
}

/// The parser alone: every event, nothing kept.
fn event_loop(text: &str) {
    for event in granit_parser::Parser::new_from_str(text) {
        if black_box(event).is_err() {
            return;
        }
    }
}

fn yaml_values(text: &str) {
    for document in yaml_serde::Deserializer::from_str(text) {
        let value: Result<yaml_serde::Value, _> = serde::Deserialize::deserialize(document);
        if black_box(value).is_err() {
            return;
        }
    }
}

fn manifests(folder: &Path) -> Vec<PathBuf> {
    let files = ignore::WalkBuilder::new(folder).build().filter_map(Result::ok).map(ignore::DirEntry::into_path);
    let is_manifest = |it: &PathBuf| it.extension().is_some_and(|it| it == "yaml" || it == "yml" || it == "json");
    let mut files: Vec<PathBuf> = files.filter(is_manifest).collect();
    files.sort();
    files
}

/// Builds the reader of `tests/oracle`, where Go and its modules are there.
fn build_go_reader() -> Option<PathBuf> {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("oracle-read");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    let built = Command::new("go").args(["build", "-o"]).arg(&target).arg("./cmd/read").current_dir(folder).status();
    built.is_ok_and(|it| it.success()).then_some(target)
}

/// Kubernetes' reader over the files: splitting and decoding, no output.
fn go_read(reader: &Path, files: &[PathBuf]) {
    let status = Command::new(reader).arg("-count").args(files).stdout(std::process::Stdio::null()).status();
    assert!(status.is_ok_and(|it| it.success()), "the Go reader fails");
}

/// Peak memory of an audit in a process of its own, in bytes.
fn memory_of(folder: &Path) -> Option<u64> {
    let output = Command::new(std::env::current_exe().ok()?).arg(MEMORY).arg(folder).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok().filter(|it| *it > 0)
}

/// This process's peak memory in bytes, 0 where the system does not tell.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|it| it.trim().strip_suffix(" kB")).and_then(|it| it.trim().parse::<u64>().ok());
    kibibytes.unwrap_or(0) * 1024
}

/// The program on one small file, from start to exit.
fn start_up() {
    let tree = Tree::generate(4, Shape::OneFile);
    let run = || {
        let status = Command::new(env!("CARGO_BIN_EXE_edms-lint"))
            .arg(tree.folder())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .status();
        assert!(status.is_ok(), "the program does not start");
    };
    println!("start-up on one small file: {:.1} ms", milliseconds(median(run)));
}
