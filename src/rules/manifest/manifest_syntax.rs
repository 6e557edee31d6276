//! `manifest-syntax`

use crate::finding::Subject;
use crate::model::{Place, ProblemKind};
use crate::rule::{NoParams, Rule, Walk, cases};
use crate::yaml::Path;

pub(crate) struct ManifestSyntax;

cases!(ManifestSyntax: LIST_KEY = "list-key", DOUBTFUL = "doubtful");

impl Rule for ManifestSyntax {
    const PAGE: &'static str = include_str!("../../../rules/manifest/manifest-syntax.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            for problem in &index.environment().problems {
                let subject = Subject { name: index.source_name(problem.span).to_owned(), ..Subject::default() };
                let place = Place { span: problem.span, path: Path::default() };
                let mut draft = cx.fail_for(subject, place, problem.message.clone());
                draft = match problem.kind {
                    ProblemKind::Syntax => draft,
                    ProblemKind::UnknownKey => draft.case(LIST_KEY),
                    ProblemKind::Doubtful => draft.case(DOUBTFUL),
                };
                for label in &problem.labels {
                    draft = draft.label(label.span, label.text.clone());
                }
                if let Some(help) = &problem.help {
                    draft.help(help.clone());
                }
            }
        });
    }
}
