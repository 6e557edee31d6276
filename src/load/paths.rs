//! Paths as text: made absolute and plain, and shown relative to the working directory.

use super::LoadError;
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use std::path::{Component, Path, PathBuf};

/// The path from `base`, without `.` and `..`. Nothing is looked up.
pub(super) fn normalize(base: &Path, path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for component in base.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                whole.pop();
            }
            other => whole.push(other),
        }
    }
    whole
}

/// The name to show: relative where the file lies below the working directory or beside it, with `/`.
pub(super) fn display(working_dir: &Path, path: &Path) -> String {
    if path == working_dir {
        return ".".to_owned();
    }
    if let Ok(below) = path.strip_prefix(working_dir) {
        return slashes(below);
    }
    let shared = working_dir.components().zip(path.components()).take_while(|(one, other)| one == other).count();
    // The root alone is no common ground: `../../../tmp/x` helps nobody.
    if shared < 2 {
        return slashes(path);
    }
    let ups = working_dir.components().count() - shared;
    let mut relative: PathBuf = std::iter::repeat_n("..", ups).collect();
    relative.extend(path.components().skip(shared));
    slashes(&relative)
}

fn slashes(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace('\\', "/") }
}

/// A folder above a file, as the file's name shows it; `.` for the working directory.
pub(super) fn shown_above(folder: &Path, real: &Path, name: &str) -> String {
    let depth = real.strip_prefix(folder).map_or(1, |it| it.components().count());
    let above = Path::new(name).ancestors().nth(depth).map(slashes);
    above.filter(|it| !it.is_empty()).unwrap_or_else(|| ".".to_owned())
}

/// Whether a text is meant as a glob.
pub(super) fn is_glob(text: &str) -> bool {
    text.contains(['*', '?', '[', '{'])
}

/// Globs and folders of the configuration. A pattern also matches everything below what it names.
#[derive(Debug)]
pub(super) struct Patterns(GlobSet);

impl Patterns {
    /// Compiles patterns that are relative to a folder. Those that are no globs are left out and told.
    pub(super) fn new(folder: &Path, patterns: &[String], errors: &mut Vec<LoadError>) -> Patterns {
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            match glob(folder, pattern) {
                Ok(globs) => globs.into_iter().for_each(|it| _ = set.add(it)),
                Err(error) => {
                    errors.push(LoadError::BadGlob { pattern: pattern.clone(), reason: error.kind().to_string() });
                }
            }
        }
        Patterns(set.build().unwrap_or_else(|_| GlobSet::empty()))
    }

    /// Whether one of them names this absolute path or a folder above it.
    pub(super) fn matches(&self, path: &Path) -> bool {
        !self.0.is_empty() && self.0.is_match(path)
    }
}

/// The globs of one pattern: for what it names, and for all that lies below.
fn glob(folder: &Path, pattern: &str) -> Result<[Glob; 2], globset::Error> {
    // The folder's own name may hold characters that mean something in a glob.
    let escaped = globset::escape(&slashes(folder));
    let whole = normalize(Path::new(&escaped), Path::new(pattern.trim_end_matches('/')));
    let whole = slashes(&whole);
    let build = |text: &str| GlobBuilder::new(text).literal_separator(true).build();
    Ok([build(&whole)?, build(&format!("{}/**", whole.trim_end_matches('/')))?])
}

/// The longest leading folder of a glob that holds no wildcard, and a matcher for whole paths.
pub(super) fn split_glob(working_dir: &Path, pattern: &str) -> Result<(PathBuf, globset::GlobMatcher), globset::Error> {
    let path = Path::new(pattern);
    let plain: PathBuf = path.components().take_while(|it| !is_glob(&it.as_os_str().to_string_lossy())).collect();
    let [glob, _] = glob(working_dir, pattern)?;
    Ok((normalize(working_dir, &plain), glob.compile_matcher()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_relative_where_that_helps() {
        let here = Path::new("/home/me/app");
        assert_eq!(display(here, Path::new("/home/me/app/k8s/a.yaml")), "k8s/a.yaml");
        assert_eq!(display(here, Path::new("/home/me/app")), ".");
        assert_eq!(display(here, Path::new("/home/me/base/a.yaml")), "../base/a.yaml");
        assert_eq!(display(here, Path::new("/tmp/a.yaml")), "/tmp/a.yaml");
        assert_eq!(normalize(here, Path::new("../x/./y/../z")), Path::new("/home/me/x/z"));
    }

    #[test]
    fn patterns_match_what_they_name_and_what_lies_below() {
        let patterns = ["vendor/", "**/*.gen.yaml", "a[", "./k8s/*/test"].map(str::to_owned);
        let mut errors = Vec::new();
        let patterns = Patterns::new(Path::new("/app [1]"), &patterns, &mut errors);
        assert_eq!(errors.len(), 1);
        for path in ["vendor", "vendor/a/b.yaml", "x/y/a.gen.yaml", "k8s/dev/test/a.yaml"] {
            assert!(patterns.matches(&Path::new("/app [1]").join(path)), "{path}");
        }
        for path in ["x/vendor/a.yaml", "k8s/a/b/test/a.yaml", "a.yaml"] {
            assert!(!patterns.matches(&Path::new("/app [1]").join(path)), "{path}");
        }
    }
}
