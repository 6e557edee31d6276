//! Runs the program over growing input and takes the time of the processor.

use crate::Shape;
use crate::tree::Tree;
use std::process::{Command, Stdio};
use std::time::Instant;

/// The shortest run that is judged, in seconds.
const FROM: f64 = 0.2;
/// A run longer than this is not doubled any more, unless `EDMS_LINT_GROWTH_SECONDS` says otherwise.
const TO: f64 = 2.5;
/// Runs of which the shortest counts, where one run is not clear enough.
const RUNS: usize = 3;
/// Doublings after which a shape that does not grow is given up.
const DOUBLINGS: usize = 14;

/// One size and its time.
pub(crate) struct Point {
    pub(crate) size: usize,
    pub(crate) seconds: f64,
}

/// The times of a shape, each size twice the one before.
pub(crate) fn series(shape: &Shape) -> Vec<Point> {
    let longest = std::env::var("EDMS_LINT_GROWTH_SECONDS").ok().and_then(|it| it.parse().ok()).unwrap_or(TO);
    let mut points: Vec<Point> = Vec::new();
    let mut size = shape.start;
    for _ in 0..DOUBLINGS {
        let tree = Tree::new();
        (shape.make)(&tree, size);
        let mut seconds = run(shape, &tree);
        let is_clear =
            seconds < FROM / 2.0 || points.last().is_some_and(|it| (1.6..2.1).contains(&(seconds / it.seconds)));
        for _ in 1..if is_clear { 1 } else { RUNS } {
            seconds = seconds.min(run(shape, &tree));
        }
        if seconds >= FROM {
            points.push(Point { size, seconds });
        }
        if seconds > longest {
            break;
        }
        size *= 2;
    }
    points
}

/// One run, in seconds of the processor.
fn run(shape: &Shape, tree: &Tree) -> f64 {
    let start = Instant::now();
    let before = children();
    let status = Command::new(env!("CARGO_BIN_EXE_edms-lint"))
        .args(shape.arguments)
        .arg(".")
        .current_dir(tree.folder())
        .env("RAYON_NUM_THREADS", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let code = status.expect("the program starts").code();
    assert!(matches!(code, Some(0 | 1)), "{}: the program ends with {code:?}", shape.name);
    match (before, children()) {
        (Some(before), Some(after)) => after - before,
        _ => start.elapsed().as_secs_f64(),
    }
}

/// The processor's seconds of all processes that this one waited for; none where the system does not tell.
fn children() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program stands in parentheses; the times are counted in hundredths of a second.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<u32>().ok();
    Some(f64::from(ticks(13)? + ticks(14)?) / 100.0)
}
