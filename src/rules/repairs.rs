//! What fixes of several rules have in common.

use crate::finding::Safety;
use crate::index::{Index, NearMiss, Unclassified};
use crate::model::Object;
use crate::rule::Repair;
use crate::rules::new_objects::written_name;
use crate::rules::words::count;
use crate::suggest::{MOST_CANDIDATES, certain};
use crate::yaml::{NodeRef, Value};

/// What a change of a pod template does to the pods that run.
pub(in crate::rules) fn restarts(workload: &Unclassified<'_>) -> String {
    let title = workload.object.title();
    match workload.scale.floor {
        Some(1) => format!("restarts the 1 pod of {title}"),
        Some(pods) => format!("restarts the {} of {title}", count(pods, "pod")),
        None => restarts_some(workload.object),
    }
}

/// The same where nobody knows how many pods there are.
pub(in crate::rules) fn restarts_some(owner: &Object) -> String {
    format!("restarts the pods of {}", owner.title())
}

/// Another text in the place of one.
pub(in crate::rules) fn correct(object: &Object, written: NodeRef<'_>, meant: &str) -> Repair {
    Repair::new().replace(object, written, Value::text(meant))
}

/// The name of an object of this group and kind in the same namespace that was surely meant, in the place of one that nothing has. What
/// only has a generated name is called otherwise once it is there.
pub(in crate::rules) fn correct_name(
    object: &Object,
    written: Option<NodeRef<'_>>,
    name: &str,
    (group, kind): (&str, &str),
    index: &Index<'_>,
) -> Option<Repair> {
    let written = written.filter(|it| it.text() == name)?;
    let near = index.all_beside(object, group, kind, MOST_CANDIDATES)?;
    let meant = certain(name, near.iter().map(|it| it.name()))?;
    let meant = near.into_iter().find(|it| it.name() == meant && it.is_named)?;
    Some(correct(object, written, written_name(meant)))
}

/// The label that was meant in the place of the one that a selector has; `labels` is the map of labels in it.
pub(in crate::rules) fn correct_label(object: &Object, labels: Option<NodeRef<'_>>, miss: &NearMiss) -> Option<Repair> {
    let (key, value) = miss.label.split_once('=').filter(|_| miss.is_only)?;
    Some(correct(object, labels?.get(key)?, value).at_most(Safety::Unsafe))
}

/// Another piece in the place of one of a text; nothing where it is not a piece of it.
pub(in crate::rules) fn replace_part(
    repair: Repair,
    object: &Object,
    node: NodeRef<'_>,
    part: &str,
    meant: &str,
) -> Option<Repair> {
    let text = node.text();
    let at = part.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    let (before, rest) = (text.get(..at)?, text.get(at..)?);
    let after = rest.strip_prefix(part)?;
    let whole = format!("{before}{meant}{after}");
    // A number stays one.
    let is_number = node.as_int().is_some();
    Some(repair.replace(object, node, if is_number { Value::plain(whole) } else { Value::text(whole) }))
}
