//! Lists by key in two blocks of memory, for what is filed once and read often.

/// Lists by key; a key that was not filed has an empty one.
#[derive(Debug)]
pub(in crate::index) struct Groups<K, V> {
    /// The keys in order, each with the end of its list.
    keys: Vec<(K, u32)>,
    values: Vec<V>,
}

impl<K, V> Default for Groups<K, V> {
    fn default() -> Self {
        Groups { keys: Vec::new(), values: Vec::new() }
    }
}

impl<K: Ord + Copy, V> Groups<K, V> {
    /// Files values under their keys; those of one key stay in their order.
    pub(in crate::index) fn new(mut pairs: Vec<(K, V)>) -> Groups<K, V> {
        pairs.sort_by_key(|it| it.0);
        let mut groups = Groups { keys: Vec::new(), values: Vec::with_capacity(pairs.len()) };
        for (key, value) in pairs {
            groups.values.push(value);
            let end = u32::try_from(groups.values.len()).expect("fewer than 2^32 values");
            match groups.keys.last_mut().filter(|it| it.0 == key) {
                Some(last) => last.1 = end,
                None => groups.keys.push((key, end)),
            }
        }
        groups.keys.shrink_to_fit();
        groups
    }

    /// What is filed under a key.
    pub(in crate::index) fn get(&self, key: K) -> &[V] {
        let Ok(at) = self.keys.binary_search_by_key(&key, |it| it.0) else { return &[] };
        let start = at.checked_sub(1).map_or(0, |before| self.keys[before].1);
        &self.values[start as usize..self.keys[at].1 as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::Groups;

    #[test]
    fn lists_keep_their_order() {
        let groups = Groups::new(vec![(7, 'a'), (3, 'b'), (7, 'c'), (9, 'd')]);
        assert_eq!([3, 7, 9].map(|it| groups.get(it)), [&['b'][..], &['a', 'c'], &['d']]);
        assert!(groups.get(5).is_empty() && Groups::<u8, u8>::default().get(0).is_empty());
    }
}
