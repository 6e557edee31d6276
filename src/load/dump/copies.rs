//! Dumps of one cluster at several times hold an object several times: the latest counts.

use crate::model::{Environment, Object};
use crate::source::Span;
use std::collections::HashMap;

type Key<'a> = (&'a str, &'a str, Option<&'a str>, &'a str);

/// Leaves out older copies of an object that is there in a later version, and says why by their places. Versions are
/// compared where both are numbers, as those of every server that keeps them in etcd are.
pub(super) fn drop_older(environment: &mut Environment) -> HashMap<Span, String> {
    let mut latest: HashMap<Key<'_>, (u128, usize)> = HashMap::new();
    let mut older: HashMap<usize, String> = HashMap::new();
    for (at, object) in environment.objects.iter().enumerate() {
        let Some(version) = version(object) else { continue };
        let Some(entry) = latest.get_mut(&key(object)) else {
            latest.insert(key(object), (version, at));
            continue;
        };
        let (counting, is_newer) = (entry.0.max(version), version > entry.0);
        let lost = if is_newer { std::mem::replace(entry, (version, at)).1 } else { at };
        let reason = format!("an older copy: its resourceVersion {counting} counts");
        let same = "the same object again".to_owned();
        older.insert(lost, if is_newer || version < counting { reason } else { same });
    }
    if older.is_empty() {
        return HashMap::new();
    }
    let lost = older.len();
    let reasons = older.iter().map(|(at, reason)| (environment.objects[*at].node().first_line(), reason.clone()));
    let reasons: HashMap<Span, String> = reasons.collect();
    let mut at = 0..;
    environment.objects.retain(|_| at.next().is_some_and(|it| !older.contains_key(&it)));
    let copies = if lost == 1 { "1 copy of an object is" } else { &format!("{lost} copies of objects are") };
    environment.remarks.push(format!("{copies} left out: the highest resourceVersion counts"));
    reasons
}

fn key(object: &Object) -> Key<'_> {
    (object.group(), object.kind(), object.namespace(), object.name())
}

fn version(object: &Object) -> Option<u128> {
    object.node().at(&["metadata", "resourceVersion"])?.text().parse().ok()
}
