//! Databases as wholes: a primary and its standbys may be workloads of their own.

use crate::index::postgres::{PostgresCluster, primary_of};
use crate::index::{Index, OfObject};
use crate::model::Object;

/// A database.
pub(super) struct Release<'a> {
    /// What runs its primary.
    pub(super) primary: &'a PostgresCluster<'a>,
    /// All that runs it.
    pub(super) members: Vec<&'a PostgresCluster<'a>>,
    /// Its instances; `None` if a number is a template placeholder.
    pub(super) instances: Option<i64>,
}

impl<'a> OfObject<'a> for Release<'a> {
    fn object(&self) -> &'a Object {
        self.primary.object
    }
}

/// All databases.
pub(super) fn releases<'a>(index: &'a Index<'a>) -> impl Iterator<Item = Release<'a>> {
    index.postgres_releases().into_iter().filter_map(|members| {
        let instances = members.iter().map(|it| it.instances).sum();
        Some(Release { primary: primary_of(&members)?, members, instances })
    })
}
