//! The picture in the README: a real run, as a terminal shows it.
//!
//! `EDMS_LINT_UPDATE=1 cargo test --test all picture` draws it anew.

use crate::common::program::run;
use crate::common::root;
use std::fmt::Write as _;

/// What is run: the rule that is best seen.
const ARGUMENTS: &[&str] = &["--select", "pdb-blocks-drain", "fixtures/projects/shop"];
/// What makes a pipe look like a terminal.
const AT_A_TERMINAL: &[&str] = &["--color", "always", "--format", "pretty", "--no-fix-hint"];
const WIDTH: f64 = 860.0;
const COLUMN: f64 = 8.43;
const LINE: f64 = 19.0;
const MARGIN: f64 = 22.0;
const PLAIN: &str = "#d7dae0";
const BACKGROUND: &str = "#1b1f27";

/// A piece of a line in one look.
#[derive(Clone, Default)]
struct Piece {
    text: String,
    style: Style,
}

#[derive(Clone, Copy, Default, PartialEq)]
struct Style {
    colour: Option<&'static str>,
    is_bold: bool,
    is_dim: bool,
    is_underlined: bool,
}

impl Style {
    /// What an escape sequence makes of it.
    fn then(mut self, codes: &str) -> Style {
        for code in codes.split(';') {
            match code {
                "1" => self.is_bold = true,
                "2" => self.is_dim = true,
                "4" => self.is_underlined = true,
                "31" | "91" => self.colour = Some("#ff7b72"),
                "32" | "92" => self.colour = Some("#7ee787"),
                "33" | "93" => self.colour = Some("#e3b341"),
                "34" | "94" => self.colour = Some("#79c0ff"),
                "35" | "95" => self.colour = Some("#d2a8ff"),
                "36" | "96" => self.colour = Some("#76e3ea"),
                "0" | "" => self = Style::default(),
                other => panic!("the picture knows no code {other}: add it"),
            }
        }
        self
    }

    fn attributes(self) -> String {
        let mut text = format!(" fill=\"{}\"", self.colour.unwrap_or(PLAIN));
        for (is_so, attribute) in [
            (self.is_bold, " font-weight=\"bold\""),
            (self.is_dim, " opacity=\"0.6\""),
            (self.is_underlined, " text-decoration=\"underline\""),
        ] {
            text.push_str(if is_so { attribute } else { "" });
        }
        text
    }
}

/// The pieces of what a terminal would be told.
fn pieces(line: &str, style: &mut Style) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (at, part) in without_links(line).split("\u{1b}[").enumerate() {
        let text = match part.split_once('m').filter(|_| at > 0) {
            Some((codes, text)) => {
                *style = style.then(codes);
                text
            }
            None => part,
        };
        pieces.push(Piece { text: text.to_owned(), style: *style });
    }
    pieces
}

/// The text of links without where they lead: `ESC ]8;;ADDRESS ESC \`.
fn without_links(line: &str) -> String {
    let mut parts = line.split("\u{1b}]8;");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, it| text + it.split_once("\u{1b}\\").map_or(it, |it| it.1))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn draw(output: &str) -> String {
    let lines: Vec<&str> = output.trim_end().lines().collect();
    let bar = 30.0;
    let height = bar + MARGIN + LINE * f64::from(u32::try_from(lines.len()).expect("a screen"));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-label=\"edms-lint at a terminal\">\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" rx=\"8\" fill=\"{BACKGROUND}\"/>\n"
    );
    for (at, colour) in ["#ff5f57", "#febc2e", "#28c840"].iter().enumerate() {
        _ = writeln!(svg, "<circle cx=\"{}\" cy=\"18\" r=\"5.5\" fill=\"{colour}\"/>", 22 + 18 * at);
    }
    svg.push_str("<g font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"14\" xml:space=\"preserve\">\n");
    let mut style = Style::default();
    for (row, line) in (0u32..).zip(&lines) {
        let y = bar + MARGIN + LINE * f64::from(row);
        let mut column = 0u32;
        for piece in pieces(line, &mut style) {
            let width = u32::try_from(piece.text.chars().count()).expect("a line");
            if !piece.text.trim().is_empty() {
                // Told how wide it is, so that lines of boxes meet in any font.
                let (x, length) = (MARGIN + COLUMN * f64::from(column), COLUMN * f64::from(width));
                let text = escape(&piece.text);
                let look = piece.style.attributes();
                _ = writeln!(svg, "<text x=\"{x:.2}\" y=\"{y}\" textLength=\"{length:.2}\"{look}>{text}</text>");
            }
            column += width;
        }
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

#[test]
fn the_picture_is_what_the_program_prints() {
    let arguments: Vec<&str> = AT_A_TERMINAL.iter().chain(ARGUMENTS).copied().collect();
    let (code, stdout, stderr) = run(&root(), &arguments);
    assert_eq!((code, stderr.lines().count()), (1, 1), "{stderr}");
    for word in ["error[pdb-blocks-drain]", "0 evictions allowed", "backend.yaml:76:3", "2 pods at least"] {
        assert!(stdout.contains(word), "the picture lacks {word}:\n{stdout}");
    }
    let drawn = draw(&format!("\u{1b}[2m$\u{1b}[0m edms-lint {}\n{stdout}", ARGUMENTS.join(" ")));
    let path = root().join("docs/images/pdb-blocks-drain.svg");
    if std::env::var_os("EDMS_LINT_UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().expect("has a folder")).expect("can be made");
        std::fs::write(&path, drawn).expect("the picture can be written");
    } else {
        let there = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(there == drawn, "run EDMS_LINT_UPDATE=1 cargo test --test all picture");
    }
}
