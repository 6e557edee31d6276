//! Rules on PostgreSQL.

mod postgres_too_few_instances;

rules! {
    postgres_too_few_instances::PostgresTooFewInstances,
}
