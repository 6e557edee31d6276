//! Every golden belongs to something: none is left of a fixture or test that is gone.

use crate::common::{files_below, root};
use std::path::Path;

fn stem(path: &Path) -> String {
    path.file_stem().expect("a golden has a name").to_string_lossy().into_owned()
}

fn goldens(folder: &str) -> Vec<std::path::PathBuf> {
    let files = files_below(&root().join(folder)).into_iter();
    files.filter(|it| it.extension().is_some_and(|it| it == "snap")).collect()
}

#[test]
fn goldens_of_rules_have_a_fixture() {
    let all = goldens("fixtures/rules");
    assert!(all.len() > 500, "the goldens were read");
    for golden in all {
        let (folder, stem) = (golden.parent().expect("it lies in a folder"), stem(&golden));
        let has_fixture = std::fs::read_dir(folder).expect("the folder can be read").any(|it| {
            let name = it.expect("an entry").file_name().to_string_lossy().into_owned();
            !name.ends_with(".snap") && (name == stem || name.starts_with(&format!("{stem}.")))
        });
        assert!(has_fixture, "{} has no fixture", golden.display());
    }
}

#[test]
fn goldens_of_tests_are_named_in_a_test() {
    let sources: String = files_below(&root().join("tests/all"))
        .into_iter()
        .filter(|it| it.extension().is_some_and(|it| it == "rs"))
        .map(|it| std::fs::read_to_string(it).expect("sources are text"))
        .collect();
    for golden in goldens("tests") {
        let stem = stem(&golden);
        // A second golden of one test has a number.
        let name = stem.rsplit("__").next().unwrap_or_default().trim_end_matches(|it: char| it.is_ascii_digit());
        let name = name.trim_end_matches('-');
        let is_of_a_project = name.split_once('-').is_some_and(|(kind, project)| {
            matches!(kind, "project" | "environments") && root().join("fixtures/projects").join(project).exists()
        });
        assert!(is_of_a_project || sources.contains(name), "{}: no test names it", golden.display());
    }
}
