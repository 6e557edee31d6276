//! Where the operator of CloudNativePG runs, as far as the manifests install it.

use crate::index::{Nearness, PostgresClusters};
use crate::model::Object;
use crate::model::products::CNPG_OPERATOR;

impl<'a> PostgresClusters<'a> {
    /// What installs the operator into the namespace of an object.
    pub fn cnpg_operator_near(&self, object: &Object) -> Option<&'a Object> {
        let runs_it = |it: &&crate::index::Workload<'a>| {
            let mut containers = it.containers();
            containers.any(|it| it.image_name() == CNPG_OPERATOR)
                && self.nearness(it.object, object) != Nearness::Different
        };
        let workload = self.workloads().iter().find(runs_it).map(|it| it.object);
        let is_near = |own: Option<&str>| own.is_none() || object.namespace().is_none() || own == object.namespace();
        let mut releases = self.chart_releases().iter();
        workload.or_else(|| releases.find(|it| it.name == CNPG_OPERATOR && is_near(it.namespace)).map(|it| it.object))
    }
}
