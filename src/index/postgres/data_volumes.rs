//! The volumes under the data of databases, whoever runs them.

use super::server::{Data, Volume};
use super::{Flavor, PostgresCluster};
use crate::index::storage::file_storage::inline_share;
use crate::index::{Claim, Index};
use crate::model::Place;

/// What holds the data of a database.
#[derive(Clone, Debug)]
pub enum DataVolume<'a> {
    /// A claim.
    Claim(Claim<'a>),
    /// A file share that the pod itself names: its kind, and where.
    Share(String, Place),
}

impl<'a> Index<'a> {
    /// The volumes under a database's data; none where that is not known, or where the data has none.
    pub fn data_volumes(&'a self, cluster: &PostgresCluster<'a>) -> Vec<DataVolume<'a>> {
        let object = cluster.object;
        if cluster.flavor != Flavor::SelfManaged {
            return self.claims_of_database(object).into_iter().map(DataVolume::Claim).collect();
        }
        let Some(server) = self.workload_of(object).and_then(|it| self.postgres_server(it)) else { return Vec::new() };
        let Data::In(mount) = server.data() else { return Vec::new() };
        let found = match mount.volume {
            Volume::Template(template) => Some(DataVolume::Claim(self.claim_in(object, template))),
            Volume::Claim(volume) => {
                let name = volume.str_at(&["persistentVolumeClaim", "claimName"]);
                let claim = name.and_then(|it| self.find(object, "", "PersistentVolumeClaim", it));
                claim.map(|it| DataVolume::Claim(self.claim_in(it, it.node())))
            }
            Volume::Other(volume) => {
                inline_share(volume).map(|(key, whose)| DataVolume::Share(whose, object.place_in(volume, &[key])))
            }
            _ => None,
        };
        found.into_iter().collect()
    }
}
