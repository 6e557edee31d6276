//! `manifest-syntax`

use crate::finding::Subject;
use crate::model::{Place, Problem, ProblemKind};
use crate::rule::{Context, cases, rule};
use crate::yaml::Path;

cases!(ManifestSyntax: LIST_KEY = "list-key", DOUBTFUL = "doubtful");

rule!(ManifestSyntax, "manifest/manifest-syntax.md", |walk| walk.environment(|cx| {
    for problem in &cx.index().environment().problems {
        report(problem, cx);
    }
}));

fn report(problem: &Problem, cx: &mut Context<'_>) {
    let name = cx.index().source_name(problem.span).to_owned();
    let place = Place { span: problem.span, path: Path::default() };
    let case = match problem.kind {
        ProblemKind::Syntax => None,
        ProblemKind::UnknownKey => Some(LIST_KEY),
        ProblemKind::Doubtful => Some(DOUBTFUL),
    };
    cx.fail_for(Subject { name, ..Subject::default() }, place, problem.message.clone())
        .maybe_case(case)
        .labels(problem.labels.iter().map(|it| (it.span, it.text.clone())))
        .maybe_help(problem.help.clone());
}
