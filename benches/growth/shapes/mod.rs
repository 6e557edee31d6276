//! The shapes, by what they are about.

mod databases;
mod environments;
mod files;
mod kafka;
mod kustomize;
mod monitoring;
mod nodes;
mod references;
mod scaling;
mod selecting;
mod suppressing;
mod texts;

use crate::Shape;

/// All shapes, in the order of the table.
pub(crate) fn all() -> impl Iterator<Item = &'static Shape> {
    [
        selecting::SHAPES,
        scaling::SHAPES,
        references::SHAPES,
        nodes::SHAPES,
        databases::SHAPES,
        kafka::SHAPES,
        monitoring::SHAPES,
        environments::SHAPES,
        kustomize::SHAPES,
        texts::SHAPES,
        files::SHAPES,
        suppressing::SHAPES,
    ]
    .into_iter()
    .flatten()
}
