//! PostgreSQL: its operators, the images of servers, failover managers and poolers.

/// The group of CloudNativePG.
pub const CNPG: &str = "postgresql.cnpg.io";
/// The group of EDB's edition of it.
pub const EDB: &str = "postgresql.k8s.enterprisedb.io";
/// The chart of CloudNativePG's operator, and the end of its image's repository.
pub const CNPG_OPERATOR: &str = "cloudnative-pg";
/// The group of its plugin for Barman's stores.
pub const BARMAN: &str = "barmancloud.cnpg.io";
/// The name of that plugin.
pub const BARMAN_PLUGIN: &str = "barman-cloud.cloudnative-pg.io";
/// The group of Zalando's operator.
pub const ZALANDO: &str = "acid.zalan.do";
/// The group of Crunchy's operator.
pub const CRUNCHY: &str = "postgres-operator.crunchydata.com";
/// The group of Percona's edition of Crunchy's operator.
pub const PERCONA: &str = "pgv2.percona.com";
/// The group of StackGres.
pub const STACKGRES: &str = "stackgres.io";
/// The group of KubeDB.
pub const KUBEDB: &str = "kubedb.com";
/// The group of Kubegres.
pub const KUBEGRES: &str = "kubegres.reactive-tech.io";

/// The kinds of resource that stand for a whole database.
pub const POSTGRES_KINDS: &[(&str, &str)] = &[
    (CNPG, "Cluster"),
    (EDB, "Cluster"),
    (ZALANDO, "postgresql"),
    (CRUNCHY, "PostgresCluster"),
    (PERCONA, "PerconaPGCluster"),
    (STACKGRES, "SGCluster"),
    (KUBEDB, "Postgres"),
    (KUBEGRES, "Kubegres"),
];

/// Images of servers, by the last part of their names.
pub const POSTGRES_IMAGES: &[&str] = &[
    "postgres",
    "postgresql",
    "postgis",
    "timescaledb",
    "timescaledb-ha",
    "patroni",
    "stolon",
    "pgvector",
    "citus",
    "alloydbomni",
];
/// What the names of further ones begin with.
pub const POSTGRES_IMAGE_PREFIXES: &[&str] = &["spilo", "crunchy-postgres", "edb-postgres"];
/// Repositories of the official image, and of those that add an extension to it.
pub const OFFICIAL_POSTGRES_IMAGES: &[&str] = &[
    "postgres",
    "library/postgres",
    "postgis/postgis",
    "pgvector/pgvector",
    "ankane/pgvector",
    "timescale/timescaledb",
    "docker/library/postgres",
];

/// How messages name Patroni.
pub const PATRONI: &str = "Patroni";
/// The image that is called after it, by the last part of its name. Others bring it along, too.
pub const PATRONI_IMAGE: &str = "patroni";

/// Images that bring a failover manager along, by a part of their names.
const MANAGED: &[(&str, &str)] = &[
    ("postgresql-repmgr", "repmgr"),
    ("spilo", PATRONI),
    (PATRONI_IMAGE, PATRONI),
    ("stolon", "Stolon"),
    ("pg_auto_failover", "pg_auto_failover"),
    ("pg-auto-failover", "pg_auto_failover"),
];

/// Failover managers, by the programs that they are. Their names alone, as hosts or in messages, prove nothing.
pub const FAILOVER_PROGRAMS: &[(&str, &str)] = &[
    ("patroni", PATRONI),
    ("repmgr", "repmgr"),
    ("repmgrd", "repmgr"),
    ("stolon-keeper", "Stolon"),
    ("pg_autoctl", "pg_auto_failover"),
    ("pacemakerd", "Pacemaker"),
];

/// Parts of the names of images that pass connections on to the primary.
const POOLERS: &[&str] = &["pgpool", "pgbouncer", "haproxy", "odyssey", "pgcat", "supavisor"];

/// The failover manager that an image brings along, by the last part of its name.
pub fn failover_manager(image_name: &str) -> Option<&'static str> {
    MANAGED.iter().find(|it| image_name.contains(it.0)).map(|it| it.1)
}

/// Whether an image passes connections on to a primary, by the last part of its name.
pub fn is_pooler_image(image_name: &str) -> bool {
    POOLERS.iter().any(|it| image_name.contains(it))
}

/// Programs that copy a database once.
pub const DUMP_PROGRAMS: &[&str] = &["pg_dump", "pg_dumpall", "pg_basebackup"];

/// Tools that keep base backups and WAL, as the names of programs, images, variables and settings hold them.
pub const BACKUP_TOOLS: &[&str] = &["wal-g", "wal_g", "walg", "wal-e", "pgbackrest", "barman"];
