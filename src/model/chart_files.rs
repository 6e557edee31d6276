//! What is read of the charts that objects and kustomizations install, besides those objects.

use super::Object;
use crate::source::Span;
use crate::yaml::Document;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The files that say something of the charts of an environment.
#[derive(Clone, Debug, Default)]
pub struct ChartFiles {
    /// The documents of files with values, by the text that names each file. An empty file has none.
    pub values: BTreeMap<Span, Vec<Arc<Document>>>,
    /// The charts in folders of the run, by the path that names each folder.
    pub folders: BTreeMap<Span, ChartFolder>,
    /// The charts that kustomizations install, each as an object that holds the entry as its `spec`.
    pub inflated: Vec<Object>,
}

/// The group of what a kustomization installs.
pub const INFLATED: &str = "kustomize.config.k8s.io";

/// A chart in a folder of the run.
#[derive(Clone, Debug)]
pub struct ChartFolder {
    /// Its `Chart.yaml`.
    pub chart: Arc<Document>,
    /// Its own values.
    pub values: Option<Arc<Document>>,
}

impl ChartFiles {
    /// Adds what was read elsewhere.
    pub fn extend(&mut self, other: &ChartFiles) {
        self.values.extend(other.values.iter().map(|it| (*it.0, it.1.clone())));
        self.folders.extend(other.folders.iter().map(|it| (*it.0, it.1.clone())));
        self.inflated.extend(other.inflated.iter().cloned());
    }
}
