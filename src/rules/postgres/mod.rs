//! Rules on PostgreSQL.

pub(super) mod postgres_too_few_instances;
