//! The address of the project, and its version: each stands in one place and is written from there to all others.

use std::path::Path;

/// The manifest that both are read from.
const MANIFEST: &str = "Cargo.toml";
/// Files that spell the address or a release of it.
pub(crate) const PLACES: &[&str] = &[
    MANIFEST,
    "README.md",
    "RELEASING.md",
    "docs/install.md",
    "docs/integrations.md",
    "examples/ci/github.yml",
    "examples/ci/gitlab.yml",
    "examples/ci/pre-commit-config.yaml",
];
/// Files that spell the version alone.
const VERSIONED: &[&str] = &["Cargo.lock", "pyproject.toml", "action.yml", "templates/audit.yml"];

/// The forms in which an address is spelt, the longest first: a later one is a part of an earlier one.
fn forms(address: &str) -> Result<[&str; 3], String> {
    let wrong = || format!("{address}: an address reads as https://HOST/OWNER/NAME");
    let without_scheme = address.strip_prefix("https://").ok_or_else(wrong)?;
    let (host, path) = without_scheme.split_once('/').ok_or_else(wrong)?;
    let is_plain = |it: &str| it.bytes().all(|it| it.is_ascii_alphanumeric() || b"-._/~:".contains(&it));
    let is_right = !host.is_empty() && path.contains('/') && !path.ends_with('/') && !path.ends_with(".git");
    if is_right && is_plain(without_scheme) { Ok([address, without_scheme, path]) } else { Err(wrong()) }
}

/// The value of a key of the workspace's package.
fn value(root: &Path, key: &str) -> Result<String, String> {
    let text = read(root, MANIFEST)?;
    let prefix = format!("{key} = \"");
    let line = text.lines().find_map(|it| it.strip_prefix(&prefix)).ok_or_else(|| format!("{MANIFEST}: no {key}"))?;
    Ok(line.trim_end_matches('"').to_owned())
}

/// The project's address.
pub(crate) fn address(root: &Path) -> Result<String, String> {
    value(root, "repository")
}

/// The version.
pub(crate) fn version(root: &Path) -> Result<String, String> {
    value(root, "version")
}

/// Writes another address to every place; the files that changed.
///
/// # Errors
/// If it is no address, or a file cannot be read or written.
pub(crate) fn set_address(root: &Path, new: &str) -> Result<Vec<String>, String> {
    let old = address(root)?;
    let pairs: Vec<(&str, &str)> = forms(&old)?.into_iter().zip(forms(new)?).collect();
    replace(root, PLACES, |text| pairs.iter().fold(text, |text, (old, new)| text.replace(old, new)))
}

/// Writes another version to every place; the files that changed.
///
/// # Errors
/// If it is no version, or a file cannot be read or written.
pub(crate) fn set_version(root: &Path, new: &str) -> Result<Vec<String>, String> {
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    if new.split('.').count() != 3 || !new.split('.').all(is_number) {
        return Err(format!("{new}: a version reads as 1.2.3"));
    }
    let old = version(root)?;
    let all: Vec<&str> = PLACES.iter().chain(VERSIONED).copied().collect();
    replace(root, &all, |text| text.lines().fold(String::new(), |all, line| all + &line_of(line, &old, new) + "\n"))
        .and_then(|files| lock(root).map(|()| files))
}

/// A line with the new version where the old one is the project's: behind its name, its tag, or as a key.
fn line_of(line: &str, old: &str, new: &str) -> String {
    let marks = [
        "edms-lint==",
        "edms-lint@v",
        "edms-lint@",
        "audit@",
        "rev: v",
        "edms-lint-",
        "edms-lint:",
        "edms_lint-",
        "Version ",
    ];
    let line =
        marks.iter().fold(line.to_owned(), |line, mark| line.replace(&format!("{mark}{old}"), &format!("{mark}{new}")));
    let is_key = line.trim_start().starts_with("version = ") || line.starts_with("edms-") && line.contains("path = ");
    if is_key { line.replace(&format!("\"{old}\""), &format!("\"{new}\"")) } else { line }
}

/// Cargo writes the lock file itself.
fn lock(root: &Path) -> Result<(), String> {
    let status = crate::cargo(root).args(["update", "--workspace", "--offline", "--quiet"]).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        _ => Err("Cargo.lock could not be brought up to date: run cargo update --workspace".to_owned()),
    }
}

fn replace(root: &Path, files: &[&str], change: impl Fn(String) -> String) -> Result<Vec<String>, String> {
    let mut changed = Vec::new();
    for file in files.iter().filter(|it| **it != "Cargo.lock") {
        let text = read(root, file)?;
        let new = change(text.clone());
        if new != text {
            std::fs::write(root.join(file), new).map_err(|it| format!("{file}: {it}"))?;
            changed.push((*file).to_owned());
        }
    }
    Ok(changed)
}

fn read(root: &Path, file: &str) -> Result<String, String> {
    std::fs::read_to_string(root.join(file)).map_err(|it| format!("{file}: {it}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    /// The files that git tracks.
    fn tracked(root: &Path) -> Result<Vec<String>, String> {
        let output = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output();
        let output = output.map_err(|it| format!("git does not start: {it}"))?;
        Ok(String::from_utf8_lossy(&output.stdout).split_terminator('\0').map(ToOwned::to_owned).collect())
    }

    /// A copy of the files that spell address or version.
    fn copy() -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("edms-lint-places-{}", std::process::id()));
        for file in PLACES.iter().chain(VERSIONED) {
            let target = folder.join(file);
            std::fs::create_dir_all(target.parent().expect("lies in a folder")).expect("can be made");
            std::fs::copy(crate::root().join(file), target).expect("each place is a file");
        }
        folder
    }

    #[test]
    fn nothing_but_the_places_spells_the_address() {
        let root = crate::root();
        let address = address(&root).expect("the manifest has one");
        let forms = forms(&address).expect("it is one");
        for file in tracked(&root).expect("git lists files") {
            let Ok(text) = std::fs::read_to_string(root.join(&file)) else { continue };
            let spells = forms.iter().any(|it| text.contains(it));
            assert!(!spells || PLACES.contains(&file.as_str()), "{file} spells the address: name it in PLACES");
        }
    }

    #[test]
    fn an_address_goes_everywhere_and_back() {
        let folder = copy();
        let old = address(&folder).expect("the manifest has one");
        let new = "https://git.example.org/ops/ha/edms-lint";
        let changed = set_address(&folder, new).expect("can be written");
        assert!(changed.len() > 3, "{changed:?}");
        for file in PLACES {
            let text = read(&folder, file).expect("a text");
            for form in forms(&old).expect("an address") {
                assert!(!text.contains(form), "{file} still spells {form}");
            }
        }
        assert_eq!(address(&folder).as_deref(), Ok(new));
        set_address(&folder, &old).expect("can be written");
        for file in PLACES {
            assert_eq!(read(&folder, file), read(&crate::root(), file), "{file}");
        }
        std::fs::remove_dir_all(folder).expect("can be removed");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "http://a.example/b/c",
            "https://a.example",
            "https://a.example/b",
            "https://a/b/c.git",
            "https://a/b c/d",
        ] {
            assert!(forms(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_place_of_the_version_has_the_same() {
        let root = crate::root();
        let version = version(&root).expect("the manifest has one");
        for (file, text) in [
            ("pyproject.toml", format!("edms-lint=={version}")),
            ("action.yml", format!("default: \"{version}\"")),
            ("templates/audit.yml", format!("default: \"{version}\"")),
            ("README.md", format!("edms-lint@v{version}")),
            ("examples/ci/pre-commit-config.yaml", format!("rev: v{version}")),
        ] {
            assert!(read(&root, file).expect("a text").contains(&text), "{file} lacks {text}");
        }
        let other = "9.8.7";
        assert_eq!(line_of("    rev: v0.1.0 # a tag", "0.1.0", other), "    rev: v9.8.7 # a tag");
        assert_eq!(line_of("version = \"0.1.0\"", "0.1.0", other), "version = \"9.8.7\"");
        assert_eq!(line_of("similar = \"0.1.0\"", "0.1.0", other), "similar = \"0.1.0\"");
    }
}
