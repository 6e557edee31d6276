//! The charts that the manifests install, with their releases and values: by Flux, Argo CD, kustomize or the
//! controller of k3s.

mod argo;
mod hidden;
mod kustomize;
mod read;
mod reading;
mod stores;
mod values;

pub use hidden::{EVERYWHERE, hidden_by, hidden_by_name, no_text};
pub use read::chart_of;
pub(in crate::index) use read::read;
pub use reading::Reading;
pub use stores::{Fact, Standing, Store};
pub use values::{FindText, Setting, Values};

use crate::model::{KnownChart, Object, known_chart, major_version};
use crate::yaml::NodeRef;

/// A chart that the manifests install.
#[derive(Debug)]
pub struct Chart<'a> {
    /// What installs it.
    pub object: &'a Object,
    /// Its name, without that of its repository.
    pub name: &'a str,
    /// Its version, or a range of versions.
    pub version: Option<&'a str>,
    /// The name of the release.
    pub release: String,
    /// The namespace that it goes to.
    pub namespace: Option<&'a str>,
    /// Its values; later ones win.
    pub values: Vec<Values<'a>>,
    /// Values that are set one by one and win over all others: the name with dots, and what holds the value.
    pub parameters: Vec<(&'a str, NodeRef<'a>)>,
    /// Whether more values come from elsewhere than `values`.
    pub has_more: bool,
    /// Whether values come from where they are not read.
    pub has_unread: bool,
    /// What is written of its repository: its address, the name of the object that has it.
    repository: Vec<&'a str>,
}

impl Chart<'_> {
    /// What the table knows of it, unless its repository is that of another.
    pub fn known(&self) -> Option<&'static KnownChart> {
        let known = known_chart(self.name)?;
        let has_address = self.repository.iter().any(|it| it.contains("://"));
        (!has_address || self.is_of(known)).then_some(known)
    }

    fn is_of(&self, known: &KnownChart) -> bool {
        self.repository.iter().any(|it| known.vendors.iter().any(|word| it.contains(word)))
    }

    /// The chart's own default of a value, where version and repository leave no doubt.
    fn default_of(&self, key: &str) -> Option<&'static str> {
        let known = known_chart(self.name).filter(|it| self.is_of(it))?;
        known.default_of(major_version(self.version?)?, key)
    }
}
