//! Texts that many objects share, kept once: they are compared all the time, and the text of one object is far from
//! that of the next.

use foldhash::fast::FixedState;
use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash};
use std::sync::Arc;

/// A kind in a version of a group.
#[derive(Debug, PartialEq, Eq)]
pub struct TypeName {
    api_version: Box<str>,
    kind: Box<str>,
}

impl TypeName {
    /// The one with these texts, as `apps/v1` and `Deployment`.
    pub fn shared(api_version: &str, kind: &str) -> Arc<TypeName> {
        TYPES.with_borrow_mut(|known| {
            let is_it = |it: &TypeName| *it.api_version == *api_version && *it.kind == *kind;
            known.get((api_version, kind), is_it, || {
                Arc::new(TypeName { api_version: api_version.into(), kind: kind.into() })
            })
        })
    }

    /// API group, empty for the core group.
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |it| it.0)
    }

    /// API version without the group, as in `v1beta2`.
    pub fn version(&self) -> &str {
        self.api_version.split_once('/').map_or(&self.api_version, |it| it.1)
    }

    /// Kind.
    pub fn kind(&self) -> &str {
        &self.kind
    }
}

/// The shared copy of a namespace.
pub(super) fn shared_namespace(name: &str) -> Arc<str> {
    NAMESPACES.with_borrow_mut(|known| known.get(name, |it| it == name, || name.into()))
}

thread_local! {
    static TYPES: RefCell<Known<TypeName>> = RefCell::default();
    static NAMESPACES: RefCell<Known<str>> = RefCell::default();
}

/// As many are remembered; what has more kinds or namespaces shares less.
const MOST: usize = 1_000;

/// What was asked for before, by hash.
struct Known<T: ?Sized>(HashMap<u64, Arc<T>, FixedState>);

impl<T: ?Sized> Default for Known<T> {
    fn default() -> Self {
        Known(HashMap::default())
    }
}

impl<T: ?Sized> Known<T> {
    fn get(&mut self, key: impl Hash, is_it: impl Fn(&T) -> bool, make: impl FnOnce() -> Arc<T>) -> Arc<T> {
        let hash = FixedState::default().hash_one(key);
        if let Some(known) = self.0.get(&hash).filter(|it| is_it(it)) {
            return Arc::clone(known);
        }
        if self.0.len() >= MOST {
            self.0.clear();
        }
        let made = make();
        self.0.insert(hash, Arc::clone(&made));
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_equal_is_shared() {
        let (one, other) = (TypeName::shared("apps/v1", "Deployment"), TypeName::shared("apps/v1", "Deployment"));
        assert!(Arc::ptr_eq(&one, &other));
        assert_eq!((one.group(), one.version(), one.kind()), ("apps", "v1", "Deployment"));
        let core = TypeName::shared("v1", "Service");
        assert_eq!((core.group(), core.version(), core.kind()), ("", "v1", "Service"));
        (0..3 * MOST).for_each(|it| assert_eq!(&*shared_namespace(&it.to_string()), it.to_string()));
    }
}
