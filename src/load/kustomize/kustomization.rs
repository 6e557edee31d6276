//! A kustomization as it is found.

use crate::yaml::Document;
use std::path::Path;
use std::sync::Arc;

/// What a build rests on: where the instructions for a folder come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Basis {
    /// They are written in its file.
    Written,
    /// They are written nowhere: something else has kustomize build the folder.
    Made,
    /// Argo CD applies the files of the folder without kustomize: an object that stands in them twice is applied twice
    /// (argoproj/argo-cd, `RepeatedResourceWarning`).
    Listed,
}

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
    pub(in super::super) basis: Basis,
    /// Why kustomize does not take it at all.
    pub(in super::super) refusal: Option<&'static str>,
}
