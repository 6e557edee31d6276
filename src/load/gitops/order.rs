//! What an object of a GitOps tool asks for: that a folder of a repository be deployed, and how.

use super::substitute::Variables;
use crate::source::Span;
use crate::yaml::tree::TreeEntry;

/// What an object asks to be deployed.
#[derive(Debug)]
pub(super) struct Order {
    /// `Kustomization apps`.
    pub(super) title: String,
    /// Where the path is written.
    pub(super) at: Span,
    /// The file of the object.
    pub(super) file: usize,
    /// From the root of the repository.
    pub(super) path: String,
    /// The kind and name of a Flux source, or the address of a repository.
    pub(super) source: Source,
    /// The cluster, where it is not the one that the object itself is in.
    pub(super) cluster: Option<String>,
    /// How the files of a folder without instructions for kustomize are chosen.
    pub(super) listing: Listing,
    /// Fields of the folder's kustomization that are set in place of its own.
    pub(super) set: Vec<TreeEntry>,
    /// Lists of the folder's kustomization that become longer.
    pub(super) added: Vec<TreeEntry>,
    /// The namespace of objects that say none.
    pub(super) namespace: Option<TreeEntry>,
    /// What is replaced in the built objects.
    pub(super) variables: Option<Variables>,
    /// Why it is not followed.
    pub(super) halt: Option<Halt>,
}

impl Order {
    /// One that deploys a folder as it is.
    pub(super) fn new(title: String, at: Span, file: usize) -> Order {
        Order {
            title,
            at,
            file,
            path: String::new(),
            source: Source::Unsaid,
            cluster: None,
            listing: Listing::Flux,
            set: Vec::new(),
            added: Vec::new(),
            namespace: None,
            variables: None,
            halt: None,
        }
    }
}

/// Why what an object asks for is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// It is switched off.
    Suspended(&'static str),
    /// It is deployed to a cluster that is not known.
    Away(&'static str),
    /// It is deployed, but not known how or where.
    Unseen(&'static str),
}

impl Halt {
    /// The words, behind the title of the object.
    pub(super) fn words(self) -> &'static str {
        match self {
            Halt::Suspended(words) | Halt::Away(words) | Halt::Unseen(words) => words,
        }
    }
}

/// Where the files come from.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// Nothing is said.
    #[default]
    Unsaid,
    /// An object of Flux.
    Flux {
        /// Its kind.
        kind: String,
        /// Its name.
        name: String,
    },
    /// A repository, by its address without what differs between ways to reach it.
    Repository(String),
}

/// How the files of a folder without instructions for kustomize are chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Listing {
    /// All manifests below, and folders with instructions as a whole (`fluxcd/pkg`,
    /// `kustomize/kustomize_generator.go`, `scanManifests`).
    #[default]
    Flux,
    /// The manifests of the folder, and of those below if asked for (Argo CD,
    /// `reposerver/repository/repository.go`, `getPotentiallyValidManifests`).
    Argo {
        /// Whether folders below count.
        recurses: bool,
        /// A glob that files have to match.
        include: String,
        /// A glob that they must not match.
        exclude: String,
    },
}
