//! Whether two nodes say the same, however they are written.

use super::{Entry, NodeRef};

impl NodeRef<'_> {
    /// Whether both say the same to Kubernetes: order of keys, quoting, anchors and comments aside, and a key without
    /// a value is no key.
    pub fn says_the_same(self, other: NodeRef<'_>) -> bool {
        if self.is_map() {
            return other.is_map() && same_maps(self, other);
        }
        if self.is_seq() {
            return other.is_seq() && self.items().count() == other.items().count() && {
                let mut pairs = self.items().zip(other.items());
                pairs.all(|(one, other)| one.says_the_same(other))
            };
        }
        self.scalar().is_some() && self.scalar() == other.scalar()
    }
}

fn same_maps(one: NodeRef<'_>, other: NodeRef<'_>) -> bool {
    let (one, other) = (sorted(one), sorted(other));
    let same =
        |it: (&Entry<'_>, &Entry<'_>)| it.0.key.text() == it.1.key.text() && it.0.value.says_the_same(it.1.value);
    one.len() == other.len() && one.iter().zip(&other).all(same)
}

fn sorted(map: NodeRef<'_>) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry<'_>> = map.entries().filter(|it| !it.value.is_null()).collect();
    entries.sort_by_key(|it| it.key.text());
    entries
}

#[cfg(test)]
mod tests {
    use crate::source::SourceId;
    use std::sync::Arc;

    fn same(one: &str, other: &str) -> bool {
        let parsed = |text: &str| {
            let text: Arc<str> = text.into();
            crate::parse(SourceId(0), &text, 0..text.len()).expect("parses").expect("holds a document")
        };
        parsed(one).root().says_the_same(parsed(other).root())
    }

    #[test]
    fn form_is_no_difference() {
        assert!(same("a: 1\nb: [x, 'z']\nc:\n", "# a comment\nb:\n- \"x\"\n- z\na: 0x1\n"));
        assert!(same("a: &x {b: c}\nd: *x\n", "d: {b: c}\na: {b: c}\n"));
    }

    #[test]
    fn content_is() {
        for (one, other) in [("a: 1", "a: '1'"), ("a: [x, y]", "a: [y, x]"), ("a: 1", "a: 1\nb: 2"), ("a: {}", "a: []")]
        {
            assert!(!same(one, other), "{one} / {other}");
        }
    }
}
