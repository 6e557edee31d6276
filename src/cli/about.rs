//! What a page is about: the folder of the repository, the commit that is checked out, the day.
//!
//! Facts: git's `Documentation/gitrepository-layout.txt` (`HEAD`, `gitdir:`, `commondir`, `packed-refs`).

use super::setup::Setup;
use crate::render::About;
use std::fs;
use std::path::{Path, PathBuf};

/// Digits of a commit that are shown.
const DIGITS: usize = 12;
/// Bytes of a file of git's that are read.
const MOST: u64 = 16 << 20;

/// What is known of the run's repository and day.
pub(super) fn about(setup: &Setup) -> About {
    let root = setup.root();
    let real = fs::canonicalize(&root).unwrap_or_else(|_| root.clone());
    About {
        system: real.file_name().map(|it| it.to_string_lossy().into_owned()),
        commit: commit(&root.join(".git")),
        day: setup.config.today.map(|it| it.to_string()),
    }
}

/// The commit that is checked out, shortened.
fn commit(git: &Path) -> Option<String> {
    let folder = match read(git) {
        // A work tree of its own, or a submodule.
        Some(text) => git.parent()?.join(text.strip_prefix("gitdir:")?.trim()),
        None => git.to_owned(),
    };
    let head = read(&folder.join("HEAD"))?;
    let Some(name) = head.strip_prefix("ref:").map(str::trim) else { return hash(&head) };
    let is_name = name.starts_with("refs/") && !name.contains("..");
    let shared: Option<PathBuf> = read(&folder.join("commondir")).map(|it| folder.join(it.trim()));
    let shared = shared.unwrap_or_else(|| folder.clone());
    let loose = [&folder, &shared].into_iter().find_map(|it| read(&it.join(name)));
    let packed = || {
        let refs = read(&shared.join("packed-refs"))?;
        refs.lines().find_map(|it| it.strip_suffix(name)?.strip_suffix(' ').map(str::to_owned))
    };
    hash(&loose.filter(|_| is_name).or_else(packed)?)
}

/// A small file's text.
fn read(file: &Path) -> Option<String> {
    let known = fs::metadata(file).ok().filter(|it| it.is_file() && it.len() <= MOST)?;
    (known.len() > 0).then(|| fs::read_to_string(file).ok())?
}

fn hash(text: &str) -> Option<String> {
    let text = text.trim();
    let is_hash = matches!(text.len(), 40 | 64) && text.bytes().all(|it| it.is_ascii_hexdigit());
    is_hash.then(|| text[..DIGITS].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "0123456789abcdef0123456789abcdef01234567";

    fn repository(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("there is room for files");
        for (name, text) in files {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().expect("it lies in a folder")).expect("can be made");
            fs::write(file, text).expect("can be written");
        }
        folder
    }

    #[test]
    fn the_commit_is_found_wherever_git_keeps_it() {
        let line = format!("{HASH}\n");
        let packed = format!("# pack-refs with: peeled\n{HASH} refs/heads/main\n^{}\n", "f".repeat(40));
        let main = "ref: refs/heads/main\n";
        let known = Some("0123456789ab");
        for (files, commit_of) in [
            (vec![(".git/HEAD", line.as_str())], known),
            (vec![(".git/HEAD", main), (".git/refs/heads/main", &line)], known),
            (vec![(".git/HEAD", main), (".git/packed-refs", &packed)], known),
            (
                vec![
                    (".git", "gitdir: all/worktrees/one\n"),
                    ("all/worktrees/one/HEAD", main),
                    ("all/worktrees/one/commondir", "../..\n"),
                    ("all/refs/heads/main", &line),
                ],
                known,
            ),
            // Nothing is committed yet, or it is no repository, or none of git's making.
            (vec![(".git/HEAD", main)], None),
            (vec![("a.yaml", "")], None),
            (vec![(".git/HEAD", "ref: refs/../../secret"), ("secret", &line)], None),
            (vec![(".git/HEAD", "<script>")], None),
        ] {
            let folder = repository(&files);
            assert_eq!(commit(&folder.path().join(".git")).as_deref(), commit_of, "{files:?}");
        }
    }
}
