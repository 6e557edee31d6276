//! What the terminal can show, and what the user asked of it.

use super::args::Color;
use crate::render::Look;
use std::io::IsTerminal as _;
use std::sync::OnceLock;
use supports_hyperlinks::Stream;

/// Columns where nobody can be asked.
const DEFAULT_WIDTH: usize = 100;

/// Whether stdout is a terminal.
pub(super) fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// How text for people on stdout looks.
pub(super) fn stdout_look(color: Color) -> Look {
    Look { links: links(color), ..look(color, &std::io::stdout(), is_terminal()) }
}

/// How text for people on stderr looks.
pub(super) fn stderr_look(color: Color) -> Look {
    look(color, &std::io::stderr(), std::io::stderr().is_terminal())
}

/// How text for people in a file looks.
pub(super) fn file_look() -> Look {
    Look { color: false, unicode: true, width: DEFAULT_WIDTH, links: None }
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
    Look { color, unicode: !is_dumb && !wants_ascii(), width: width.unwrap_or(DEFAULT_WIDTH), links: None }
}

/// What `FORCE_COLOR` says; `NO_COLOR` stands over it, and the other variables are known to `anstream`.
fn is_forced() -> Option<bool> {
    if std::env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty()) {
        return Some(false);
    }
    let value = std::env::var_os("FORCE_COLOR").filter(|it| !it.is_empty())?;
    Some(value != "0")
}

/// Whether the locale has no characters beyond ASCII that could be relied on: `LANG=C`. Where none is set, as in most
/// containers, terminals show UTF-8 all the same.
fn wants_ascii() -> bool {
    let locales = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(std::env::var_os);
    let locale = locales.map(|it| it.to_string_lossy().to_lowercase()).find(|it| !it.is_empty());
    locale.is_some_and(|it| !it.contains("utf"))
}

/// Where links to files begin, if the terminal shows links.
fn links(color: Color) -> Option<&'static str> {
    static FOLDER: OnceLock<Option<String>> = OnceLock::new();
    if color == Color::Never || !supports_hyperlinks::on(Stream::Stdout) {
        return None;
    }
    let folder = || {
        let current = std::env::current_dir().ok()?;
        Some(format!("{}/", crate::render::uri(&format!("{}", current.display()))))
    };
    FOLDER.get_or_init(folder).as_deref()
}
