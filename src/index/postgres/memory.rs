//! How much memory the buffers of a database take, and how much its servers may use.
//!
//! PostgreSQL `guc_tables.c`: `shared_buffers` counts in blocks of 8 kB where no unit is written.

use super::sizes::bytes_of;
use super::{CNPG, CRUNCHY, EDB, InForce, PERCONA, PostgresCluster, Server, ZALANDO};
use crate::index::PostgresClusters;
use crate::model::{Object, Place};
use crate::yaml::NodeRef;

/// The setting.
pub const SHARED_BUFFERS: &str = "shared_buffers";

/// The bytes of a block.
const BLOCK: u64 = 8 << 10;

/// A setting of a database.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its value.
    pub value: String,
    /// Where it is written.
    pub place: Place,
    /// Whether it stands in a file that the server does not read.
    pub is_ignored: bool,
}

/// The bytes of a value of `shared_buffers`; none of a share, or of what is a template placeholder.
pub fn buffer_bytes(text: &str) -> Option<u64> {
    bytes_of(text, BLOCK)
}

impl<'a> PostgresClusters<'a> {
    /// A setting of a database, whoever runs it.
    pub fn parameter_of(&'a self, cluster: &PostgresCluster<'a>, name: &str) -> Option<Parameter> {
        let object = cluster.object;
        if let Some(parameters) = parameters(object) {
            let value = parameters.get(name)?.text().to_owned();
            return Some(Parameter { value, place: object.place_in(parameters, &[name]), is_ignored: false });
        }
        let server = self.postgres_server(self.workload_of(object)?)?;
        let InForce { value, span, is_ignored } = match self.setting_of(&server, name) {
            Some(found) => found,
            None => setting_by_variable(&server, name)?,
        };
        let mut place = object.name_place();
        place.span = span;
        Some(Parameter { value, place, is_ignored })
    }
}

/// A setting that the image takes from a variable: `POSTGRESQL_SHARED_BUFFERS`, `POSTGRESQL_MAX_CONNECTIONS`.
fn setting_by_variable(server: &Server<'_>, name: &str) -> Option<InForce> {
    let variable = server.variable(&format!("POSTGRESQL_{}", name.to_ascii_uppercase()));
    let variable = variable.filter(|_| server.is_of_software_collections())?;
    Some(InForce { value: variable.value.as_deref()?.to_owned(), span: variable.span, is_ignored: false })
}

/// Where a custom resource holds the settings of its database.
fn parameters(object: &Object) -> Option<NodeRef<'_>> {
    let keys: &[&[&str]] = match object.group() {
        CNPG | EDB | ZALANDO => &[&["spec", "postgresql", "parameters"]],
        CRUNCHY | PERCONA => &[
            &["spec", "config", "parameters"],
            &["spec", "patroni", "dynamicConfiguration", "postgresql", "parameters"],
        ],
        _ => &[],
    };
    keys.iter().find_map(|it| object.node().at(it))
}
