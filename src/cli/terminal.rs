//! What the terminal can show, and what the user asked of it.

use super::args::Color;
use crate::render::Look;
use std::io::IsTerminal as _;

/// Columns where nobody can be asked.
const DEFAULT_WIDTH: usize = 100;

/// Whether stdout is a terminal.
pub(super) fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// How text for people on stdout looks.
pub(super) fn stdout_look(color: Color) -> Look {
    look(color, &std::io::stdout(), is_terminal())
}

/// How text for people on stderr looks.
pub(super) fn stderr_look(color: Color) -> Look {
    look(color, &std::io::stderr(), std::io::stderr().is_terminal())
}

/// How text for people in a file looks.
pub(super) fn file_look() -> Look {
    Look { color: false, unicode: true, width: DEFAULT_WIDTH }
}

fn look(color: Color, stream: &impl anstream::stream::RawStream, is_terminal: bool) -> Look {
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            is_forced().unwrap_or_else(|| anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never)
        }
    };
    let width = terminal_size::terminal_size().filter(|_| is_terminal).map(|it| usize::from(it.0.0));
    let is_dumb = std::env::var_os("TERM").is_some_and(|it| it == "dumb");
    Look { color, unicode: !is_dumb, width: width.unwrap_or(DEFAULT_WIDTH) }
}

/// What `FORCE_COLOR` says; `NO_COLOR` stands over it, and the other variables are known to `anstream`.
fn is_forced() -> Option<bool> {
    if std::env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty()) {
        return Some(false);
    }
    let value = std::env::var_os("FORCE_COLOR").filter(|it| !it.is_empty())?;
    Some(value != "0")
}
