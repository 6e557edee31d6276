//! Where the pointers of JSON patches lead.

use super::UNKNOWN;
use crate::yaml::tree::{Content, Tree};

/// What a step of a pointer leads to.
pub(super) enum Step<'t> {
    Map(&'t mut Tree),
    List(&'t mut Vec<Tree>),
}

/// Why an operation fails.
pub(super) enum Failure {
    /// The object has nothing at this pointer.
    Missing(String),
    /// What stands there is not known.
    Unknown,
    Other(String),
}

/// The map or list that a pointer's last step stands in, and that step. What stands before the first slash
/// does not count.
pub(super) fn parent<'t>(tree: &'t mut Tree, path: &str) -> Result<(Step<'t>, String), Failure> {
    let missing = || Failure::Missing(path.to_owned());
    let mut steps: Vec<String> = path.split('/').skip(1).map(|it| it.replace("~1", "/").replace("~0", "~")).collect();
    let last = steps.pop().ok_or_else(missing)?;
    let mut node = tree;
    for step in &steps {
        let child = if matches!(node.content, Content::List(_)) {
            index(step, node.items().len()).and_then(|it| node.items_mut().get_mut(it))
        } else {
            node.get_mut(step)
        };
        node = child.ok_or_else(missing)?;
        if node.scalar() == Some(UNKNOWN) {
            return Err(Failure::Unknown);
        }
    }
    if matches!(node.content, Content::Map(_)) {
        return Ok((Step::Map(node), last));
    }
    match &mut node.content {
        Content::List(items) => Ok((Step::List(items), last)),
        _ => Err(missing()),
    }
}

/// An index into a list of this length; negative ones count from the end.
pub(super) fn index(step: &str, length: usize) -> Option<usize> {
    let number: i64 = step.parse().ok()?;
    let number = if number < 0 { number + i64::try_from(length).ok()? } else { number };
    usize::try_from(number).ok()
}
