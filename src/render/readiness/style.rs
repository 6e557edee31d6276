//! The look of the HTML page: light and dark, wide and narrow, on screen and on paper.

/// The style sheet, which stands in the page itself.
pub(in crate::render) const STYLE: &str = include_str!("style.css");
