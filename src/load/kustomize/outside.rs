//! Files outside of the folder of the kustomization that names them.
//!
//! `kubectl -k` and `kustomize build` refuse them, the latter unless it is told not to (`--load-restrictor`; kubernetes-sigs/
//! kustomize, `api/internal/loader/loadrestrictions.go`). Flux' controller takes them (fluxcd/pkg,
//! `kustomize/kustomize_generator.go`: `LoadRestrictionsNone`).

use super::super::documents::ReadFile;
use super::build::Builder;
use crate::finding::Label;
use crate::model::{Problem, ProblemKind, products};
use crate::source::Span;
use std::path::Path;

/// So many further files are named.
const MOST_NAMED: usize = 20;

/// Whether a Kustomization of Flux is among the files, so that Flux builds what is here.
pub(super) fn is_of_flux(files: &[ReadFile]) -> bool {
    let mut objects = files.iter().flat_map(ReadFile::items).filter_map(|it| it.content.as_ref().ok());
    objects.any(|it| it.is(products::FLUX_KUSTOMIZE, "Kustomization"))
}

impl Builder<'_> {
    /// Tells of a file that is not in or below the folder of the kustomization that names it: once for all such files.
    pub(super) fn keep_inside(&mut self, at: usize, real: &Path, text: &str, span: Span) {
        if self.graph.is_of_flux || real.starts_with(self.graph.kustomizations[at].dir) {
            return;
        }
        if let Some(first) = self.outside.get(&at) {
            let problem = &mut self.built.problems[*first];
            let is_room = problem.labels.len() < MOST_NAMED;
            if is_room && problem.span != span && problem.labels.iter().all(|it| it.span != span) {
                problem.labels.push(Label { span, text: "outside as well".to_owned() });
            }
            return;
        }
        let message = format!("{text}: a file outside of the kustomization's folder, which kustomize refuses");
        self.built.refusal.get_or_insert_with(|| message.clone());
        let help = "move it into the folder, or build with --load-restrictor LoadRestrictionsNone".to_owned();
        self.outside.insert(at, self.built.problems.len());
        // Whoever builds with that flag has nothing to mend, so this is not for certain a mistake.
        let kind = ProblemKind::Doubtful;
        self.built.problems.push(Problem { kind, message, span, labels: Vec::new(), help: Some(help) });
    }
}
