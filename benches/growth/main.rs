//! How the time of a run grows with its input, for shapes that invite comparing everything with everything.
//!
//! `cargo bench -- growth` prints a line for each shape: its sizes and their seconds, and by how much each doubling
//! multiplies the time. Words behind `growth` choose shapes by their names. Each size is a run of the program in a process
//! of its own, on one thread; what counts is the time of the processor. Only runs between 0.2 s and 5 s are judged:
//! below, the start of the program is most of it.

#![expect(clippy::print_stdout, reason = "the table is for the terminal")]

mod measure;
mod objects;
mod shapes;
mod tree;

use measure::Point;

/// What doubling the size may cost: a little more than twice, for sorting and for caches that no longer hold it all.
const BOUND: f64 = 2.3;

/// A kind of input that can be made in any size.
pub(crate) struct Shape {
    /// What it is, in words that the table shows.
    pub(crate) name: &'static str,
    /// The first size.
    pub(crate) start: usize,
    /// How the program is run over it.
    pub(crate) arguments: &'static [&'static str],
    /// Writes the files.
    pub(crate) make: fn(&tree::Tree, usize),
}

impl Shape {
    /// A shape over which the program is run without more words.
    pub(crate) const fn new(name: &'static str, start: usize, make: fn(&tree::Tree, usize)) -> Shape {
        Shape { name, start, arguments: &["--format", "concise"], make }
    }
}

fn main() -> std::process::ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with("--")).collect();
    if words.first().is_none_or(|it| it != "growth") {
        return std::process::ExitCode::SUCCESS;
    }
    let chosen = |it: &&Shape| words.len() == 1 || words[1..].iter().any(|word| it.name.contains(word.as_str()));
    println!("{:44} {:>6} size seconds (times the one before)", "shape", "worst");
    let mut above = 0;
    for shape in shapes::all().filter(chosen) {
        let points = measure::series(shape);
        let worst = worst(&points);
        let mark = if worst > BOUND { "  <- above the bound" } else { "" };
        println!("{:44} {worst:6.2} {}{mark}", shape.name, line(&points));
        above += usize::from(worst > BOUND);
    }
    println!("{above} shapes above {BOUND} for a doubling");
    std::process::ExitCode::from(u8::from(above > 0))
}

/// The largest ratio of two sizes, one twice the other.
fn worst(points: &[Point]) -> f64 {
    points.windows(2).map(|it| it[1].seconds / it[0].seconds).fold(0.0, f64::max)
}

fn line(points: &[Point]) -> String {
    let mut line = String::new();
    let mut before: Option<&Point> = None;
    for point in points {
        let ratio = before.map_or(String::new(), |it| format!(" ({:.2})", point.seconds / it.seconds));
        line.push_str(&format!("{} {:.2}{ratio}  ", point.size, point.seconds));
        before = Some(point);
    }
    line.trim_end().to_owned()
}
