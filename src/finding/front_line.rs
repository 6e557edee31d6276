//! Single lines of a page's front matter, read when the program is compiled: what every run needs of every rule costs
//! nothing at its start, and a page without it does not compile.

/// The rest of the first line of a page's front matter that begins with `start`.
pub const fn front_line(page: &'static str, start: &str) -> Option<&'static str> {
    line_with(page, start, "")
}

/// Whether a line of the front matter has this key behind this `start`.
pub const fn has_key(page: &'static str, start: &str, key: &str) -> bool {
    line_with(page, start, key).is_some()
}

/// The text behind `start`, if it begins with that.
pub const fn after<'t>(text: &'t str, start: &str) -> Option<&'t str> {
    if has_at(text.as_bytes(), 0, start.as_bytes()) { Some(text.split_at(start.len()).1) } else { None }
}

/// The rest of the first line of the front matter that begins with `start`, and is a key of this name where one is
/// given.
const fn line_with(page: &'static str, start: &str, key: &str) -> Option<&'static str> {
    let (bytes, start, key) = (page.as_bytes(), start.as_bytes(), key.as_bytes());
    let mut at = "---\n".len();
    while at < bytes.len() && bytes[at] != b'-' {
        let mut end = at;
        while end < bytes.len() && bytes[end] != b'\n' {
            end += 1;
        }
        if has_at(bytes, at, start) {
            let name = at + start.len();
            if key.is_empty() || (has_at(bytes, name, key) && has_at(bytes, name + key.len(), b":")) {
                return Some(page.split_at(name).1.split_at(end - name).0);
            }
        }
        at = end + 1;
    }
    None
}

const fn has_at(bytes: &[u8], at: usize, part: &[u8]) -> bool {
    let mut count = 0;
    while count < part.len() {
        if at + count >= bytes.len() || bytes[at + count] != part[count] {
            return false;
        }
        count += 1;
    }
    true
}
