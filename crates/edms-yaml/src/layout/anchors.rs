//! Anchors by name. Kubernetes' reader ends a name before `:`, so that `*NAME:` is a key; in YAML 1.2 the colon belongs
//! to the name.

use std::collections::HashMap;

/// Those that a document has defined so far.
#[derive(Default)]
pub(super) struct Anchors<'t> {
    /// The last of each name, with its number.
    numbers: HashMap<&'t str, usize>,
    count: usize,
    /// Aliases directly before `:`: where each begins, and the number of its anchor.
    pub(super) keys: Vec<(usize, usize)>,
}

impl<'t> Anchors<'t> {
    pub(super) fn define(&mut self, name: &'t str) {
        self.count += 1;
        self.numbers.insert(name, self.count);
    }

    /// Notes the alias at `start`, which is a key; false if no anchor has its name.
    pub(super) fn use_as_key(&mut self, name: &str, start: usize) -> bool {
        let number = self.numbers.get(name);
        self.keys.extend(number.map(|it| (start, *it)));
        number.is_some()
    }
}

/// Whether a byte may stand in a name.
pub(super) fn is_part_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// Whether something in a text looks like an anchor or alias whose name ends differently in YAML 1.2.
pub(super) fn are_odd(text: &str) -> bool {
    let bytes = text.as_bytes();
    let begins = |at: usize| at == 0 || matches!(bytes[at - 1], b' ' | b'\t' | b'\n' | b'\r' | b'[' | b'{' | b',');
    let ends = |byte: Option<&u8>| byte.is_none_or(|it| b" \t\n\r,]}".contains(it));
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|it| matches!(it, b'*' | b'&')) {
        let at = from + at;
        let length = bytes[at + 1..].iter().take_while(|it| is_part_of_name(**it)).count();
        from = at + 1 + length;
        let is_name = length > 0 || bytes.get(from).is_some_and(|it| !it.is_ascii());
        if is_name && begins(at) && !ends(bytes.get(from)) {
            return true;
        }
    }
    false
}
