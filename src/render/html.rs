//! What the pages in HTML share: each stands alone, without a script, a font or a picture from elsewhere.

use super::text::escape;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::borrow::Cow;

/// What a page may load: nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The look of all pages: light and dark, wide and narrow, on screen and on paper. It stands in the page itself.
const STYLE: &str = include_str!("page.css");

/// A page with its title, what it adds to the style, and what it shows.
pub(super) fn page(title: &str, own_style: &str, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) (PreEscaped(own_style)) }
            }
            body {
                main {
                    h1 { (title) }
                    (main)
                }
            }
        }
    }
}

/// What manifests say, with hidden characters shown; the page escapes the rest.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    escape(text)
}
