//! Whether commits of a database wait for its standbys, and what they do when one is down.
//!
//! Sources: CloudNativePG `docs/src/replication.md`, `internal/webhook/v1/cluster_webhook.go`
//! (`validateSynchronousReplicaConfiguration`); Patroni `docs/replication_modes.rst`: the number of
//! synchronous standbys follows those that are there, and only the strict mode keeps at least one.

use crate::index::Workloads;
use crate::index::postgres::{
    CNPG, CRUNCHY, EDB, Flavor, KUBEDB, PERCONA, PostgresCluster, Replication, STACKGRES, Server, ZALANDO,
};
use crate::model::products::PATRONI;
use crate::model::{Object, Place, whole_number};
use crate::yaml::NodeRef;

/// Whether commits wait for standbys.
#[derive(Clone, Debug, PartialEq)]
pub enum Synchrony {
    /// They wait for none.
    Asynchronous,
    /// They wait, but for no more standbys than are there.
    Adapts,
    /// They wait for this many standbys, whatever happens.
    Waits(Wait),
    /// The operator refuses the number.
    Refused(Wait),
    /// The manifests do not tell, and why.
    Unknown(String),
}

/// How many standbys a commit waits for.
#[derive(Clone, Debug, PartialEq)]
pub struct Wait {
    /// Standbys that must answer.
    pub needed: i64,
    /// Standbys that may answer while all are up.
    pub standbys: i64,
    /// Standbys that may answer while one is down.
    pub one_down: i64,
    /// The setting, as it is written.
    pub setting: String,
    /// Where it is written.
    pub place: Place,
    /// Whether it is read from scripts or variables.
    pub is_inferred: bool,
}

impl<'a> Workloads<'a> {
    /// Whether commits of a database wait for its standbys; `pods` are the instances of all its workloads.
    pub fn synchrony(&'a self, cluster: &PostgresCluster<'a>, pods: i64) -> Synchrony {
        let object = cluster.object;
        match object.group() {
            CNPG | EDB => cnpg(object, pods),
            ZALANDO => patroni(object, &["spec", "patroni"], pods),
            CRUNCHY | PERCONA => patroni(object, &["spec", "patroni", "dynamicConfiguration"], pods),
            STACKGRES => stackgres(object, pods),
            KUBEDB => match object.node().str_at(&["spec", "streamingMode"]) {
                Some("Synchronous") => Synchrony::Unknown("how many standbys KubeDB waits for is not known".to_owned()),
                _ => Synchrony::Asynchronous,
            },
            _ if cluster.flavor == Flavor::SelfManaged => self.self_managed(object, pods),
            _ => Synchrony::Unknown("the operator's settings are not known".to_owned()),
        }
    }

    /// The setting of a server without an operator, as its pods read it.
    fn self_managed(&'a self, object: &'a Object, pods: i64) -> Synchrony {
        let server = self.workload_of(object).and_then(|it| self.postgres_server(it));
        let Some(server) = server else { return Synchrony::Unknown("its server is not known".to_owned()) };
        let manager = match self.replication(&server) {
            Replication::Standbys(evidence) => evidence.manager,
            Replication::Unknown(reason) => return Synchrony::Unknown(reason),
            Replication::PrimaryOnly(_) => None, // Its standbys may be workloads of their own.
            Replication::Nothing => return Synchrony::Asynchronous,
        };
        if manager == Some(PATRONI) {
            return Synchrony::Unknown("Patroni keeps its settings outside of the manifests".to_owned());
        }
        let off = |value: &str| matches!(value.to_ascii_lowercase().as_str(), "off" | "local" | "false" | "no" | "0");
        let commit = self.setting_of(&server, "synchronous_commit");
        if commit.is_some_and(|it| off(&it.value)) {
            return Synchrony::Asynchronous;
        }
        let mut place = object.name_place();
        if let Some(found) = self.setting_of(&server, "synchronous_standby_names").filter(|it| !it.is_ignored) {
            let Some((needed, named)) = standby_names(&found.value) else { return Synchrony::Asynchronous };
            place.span = found.span;
            let setting = format!("synchronous_standby_names {}", found.value);
            let standbys = named.unwrap_or(i64::MAX).min(pods - 1);
            return waits(needed, standbys, setting, place, true);
        }
        bitnami(&server, pods, place).unwrap_or(Synchrony::Asynchronous)
    }
}

fn waits(needed: i64, standbys: i64, setting: String, place: Place, is_inferred: bool) -> Synchrony {
    Synchrony::Waits(Wait { needed, standbys, one_down: (standbys - 1).max(0), setting, place, is_inferred })
}

/// What Bitnami's variable for synchronous standbys says.
fn bitnami(server: &Server<'_>, pods: i64, mut place: Place) -> Option<Synchrony> {
    let variable = server.variable("POSTGRESQL_NUM_SYNCHRONOUS_REPLICAS")?;
    let needed: i64 = whole_number(variable.value.as_deref()?).filter(|it| *it > 0)?;
    let commit = server.variable("POSTGRESQL_SYNCHRONOUS_COMMIT_MODE").and_then(|it| it.value.as_deref());
    if matches!(commit, Some("off" | "local")) {
        return None;
    }
    place.span = variable.span;
    Some(waits(needed, pods - 1, format!("{} {needed}", variable.name), place, true))
}

/// CloudNativePG lists the healthy standbys first, up to `maxStandbyNamesFromCluster`.
fn cnpg(object: &Object, instances: i64) -> Synchrony {
    let node = object.node();
    let keys = ["spec", "postgresql", "synchronous"];
    let Some(wanted) = node.at(&keys).filter(|it| it.is_map()) else {
        let is_older = node.int_at(&["spec", "minSyncReplicas"]).is_some_and(|it| it > 0);
        return if is_older { Synchrony::Adapts } else { Synchrony::Asynchronous };
    };
    let Some(needed) = wanted.int_at(&["number"]) else {
        return Synchrony::Unknown("the number of synchronous standbys is a template placeholder".to_owned());
    };
    let named = |key: &str| i64::try_from(wanted.items_at(&[key]).count()).unwrap_or(i64::MAX);
    let others = named("standbyNamesPre") + named("standbyNamesPost");
    let most = wanted.int_at(&["maxStandbyNamesFromCluster"]).unwrap_or(i64::MAX);
    let with = |standbys: i64| standbys.max(0).min(most) + others;
    let wait = Wait {
        needed,
        standbys: with(instances - 1),
        one_down: with(instances - 2),
        setting: format!("synchronous.number {needed}"),
        place: object.place_in(wanted, &["number"]),
        is_inferred: false,
    };
    if needed >= instances + others {
        return Synchrony::Refused(wait);
    }
    match wanted.str_at(&["dataDurability"]) {
        Some("preferred") => Synchrony::Adapts,
        Some("required") | None => Synchrony::Waits(wait),
        Some(_) => Synchrony::Unknown("dataDurability is a template placeholder".to_owned()),
    }
}

/// Patroni waits for those standbys that are there; in strict mode for one at least.
fn patroni(object: &Object, keys: &[&str], instances: i64) -> Synchrony {
    let Some(settings) = object.node().at(keys) else { return Synchrony::Asynchronous };
    let is_on = |key: &str| settings.at(&[key]).is_some_and(|it| is_true(it) || it.text() == "quorum");
    match (is_on("synchronous_mode"), is_on("synchronous_mode_strict")) {
        (false, _) => Synchrony::Asynchronous,
        (true, false) => Synchrony::Adapts,
        (true, true) => {
            let place = object.place_in(settings, &["synchronous_mode_strict"]);
            waits(1, instances - 1, "synchronous_mode_strict".to_owned(), place, false)
        }
    }
}

fn is_true(node: NodeRef<'_>) -> bool {
    node.as_bool() == Some(true) || matches!(node.text(), "on" | "true")
}

/// StackGres translates its modes to those of Patroni.
fn stackgres(object: &Object, instances: i64) -> Synchrony {
    let keys = ["spec", "replication", "mode"];
    match object.node().str_at(&keys) {
        None | Some("async") => Synchrony::Asynchronous,
        Some(mode @ ("strict-sync" | "strict-sync-all")) => {
            waits(1, instances - 1, format!("replication mode {mode}"), object.place(&keys), false)
        }
        Some("sync" | "sync-all") => Synchrony::Adapts,
        Some(_) => Synchrony::Unknown("the replication mode is a template placeholder".to_owned()),
    }
}

/// How many standbys `synchronous_standby_names` asks for, and how many it names; `*` names all. None if it is
/// empty.
fn standby_names(value: &str) -> Option<(i64, Option<i64>)> {
    let value = value.trim();
    if value.is_empty() {
        return None;
    }
    let (head, list) = match value.split_once('(') {
        Some((head, list)) => (head, list.trim_end().trim_end_matches(')')),
        None => ("1", value),
    };
    let needed = head.split_whitespace().last().and_then(whole_number).unwrap_or(1);
    let names: Vec<&str> = list.split(',').map(|it| it.trim().trim_matches('"')).filter(|it| !it.is_empty()).collect();
    let is_any = names.contains(&"*");
    Some((needed, (!is_any).then(|| i64::try_from(names.len()).unwrap_or(i64::MAX))))
}

#[cfg(test)]
mod tests {
    use super::standby_names;

    #[test]
    fn standby_names_are_read_as_postgresql_reads_them() {
        assert_eq!(standby_names("FIRST 2 (a, b, c)"), Some((2, Some(3))));
        assert_eq!(standby_names("ANY 1 (*)"), Some((1, None)));
        assert_eq!(standby_names("2 (\"db-1\", db_2)"), Some((2, Some(2))));
        assert_eq!(standby_names("*"), Some((1, None)));
        assert_eq!(standby_names(""), None);
    }
}
