//! A kustomization as it is found.

use crate::yaml::Document;
use std::path::Path;
use std::sync::Arc;

/// A folder with instructions for kustomize.
#[derive(Debug)]
pub(in super::super) struct Kustomization<'a> {
    /// The file that holds them.
    pub(in super::super) file: usize,
    /// The folder, without links.
    pub(in super::super) dir: &'a Path,
    pub(in super::super) document: Arc<Document>,
    /// Whether only others can use it.
    pub(in super::super) is_component: bool,
    /// Whether it is written nowhere: something else deploys its folder.
    pub(in super::super) is_made: bool,
    /// Whether it stands for a folder whose files Argo CD applies without kustomize: an object that stands in them twice is
    /// applied twice (argoproj/argo-cd, `RepeatedResourceWarning`).
    pub(in super::super) is_directory: bool,
    /// Why kustomize does not take it at all.
    pub(in super::super) refusal: Option<&'static str>,
}
