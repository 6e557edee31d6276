//! What the pages in HTML share: each stands alone, without a script, a font or a picture from elsewhere.

use super::address;
use super::text::escape;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::borrow::Cow;

/// What a page may load: nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The look of all pages: light and dark, wide and narrow, on screen and on paper. It stands in the page itself.
const STYLE: &str = include_str!("page.css");

/// What a page is about, besides what it says. The caller asks the disk and the clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// What the system is called: the folder of its repository.
    pub system: Option<String>,
    /// The commit that is checked out.
    pub commit: Option<String>,
    /// The day of the run.
    pub day: Option<String>,
}

impl About {
    /// `shop: what stays up, 2026-11-30, commit 0123456789ab`: what tabs, bookmarks and files are called.
    fn title(&self, heading: &str) -> String {
        let mut title = match &self.system {
            Some(system) => format!("{system}: {}", lower(heading)),
            None => heading.to_owned(),
        };
        title.extend(self.day.iter().map(|it| format!(", {it}")));
        title.extend(self.commit.iter().map(|it| format!(", commit {it}")));
        title
    }

    /// `edms-lint 0.1.0, profile default, on 2026-11-30, checkout of commit 0123456789ab`.
    fn line(&self, circumstances: &str) -> Markup {
        let program = concat!("edms-lint ", env!("CARGO_PKG_VERSION"));
        html! {
            p.muted {
                @if let Some(project) = address::project() { a href=(project) { (program) } } @else { (program) }
                @if !circumstances.is_empty() { ", " (circumstances) }
                @if let Some(day) = &self.day { ", on " (plain(day)) }
                @if let Some(commit) = &self.commit { ", checkout of commit " code { (plain(commit)) } }
            }
        }
    }
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|it| it.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// The id of a rule, as a link to its page where there is one.
pub(super) fn rule(id: &str) -> Markup {
    html! { @if let Some(page) = address::of_rule(id) { a href=(page) { code { (id) } } } @else { code { (id) } } }
}

/// A page with its heading, what it is about and how it came about, what it adds to the style, and what it shows.
pub(super) fn page(heading: &str, about: &About, circumstances: &str, own_style: &str, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (plain(&about.title(heading))) }
                style { (PreEscaped(STYLE)) (PreEscaped(own_style)) }
            }
            body {
                main {
                    h1 { (heading) @if let Some(system) = &about.system { ": " (plain(system)) } }
                    (about.line(circumstances))
                    (main)
                }
            }
        }
    }
}

/// The ways from an environment to the others.
pub(super) fn ways(at: usize, sections: usize) -> Markup {
    html! {
        p.ways {
            a href="#overview" { "All environments" }
            @if at > 0 { " " a href=(format!("#environment-{}", at - 1)) { "Previous" } }
            @if at + 1 < sections { " " a href=(format!("#environment-{}", at + 1)) { "Next" } }
        }
    }
}

/// What manifests say, with hidden characters shown; the page escapes the rest.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    escape(text)
}
