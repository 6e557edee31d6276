//! What `.gitignore` hides: never a file that git tracks, and nothing on another machine but what it hides here.

use super::git_index;
use ignore::Match;
use ignore::gitignore::Gitignore;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The rules of the folders that were looked at, and what their repositories track.
#[derive(Debug)]
pub(super) struct Rules {
    /// Rules of folders above this one do not count.
    top: PathBuf,
    folders: HashMap<PathBuf, Folder>,
    /// By the root of the repository.
    tracked: HashMap<PathBuf, Vec<PathBuf>>,
}

/// What is known of a folder.
#[derive(Debug, Clone)]
struct Folder {
    rules: Option<Gitignore>,
    is_repository: bool,
}

impl Rules {
    /// The rules for a walk through a folder: up to the root of its repository, or to the working directory. A folder
    /// that those hide was named all the same: then only the rules in it count.
    pub(super) fn new(folder: &Path, working_dir: &Path) -> Rules {
        let repository = folder.ancestors().find(|it| it.join(".git").exists());
        let top = repository.or_else(|| folder.starts_with(working_dir).then_some(working_dir)).unwrap_or(folder);
        let mut rules = Rules { top: top.to_owned(), folders: HashMap::new(), tracked: HashMap::new() };
        let mut above = folder.ancestors().take_while(|it| *it != top);
        if above.any(|it| rules.hides(it, true)) {
            folder.clone_into(&mut rules.top);
        }
        rules
    }

    /// Whether the rules hide a path; the folder that holds it is not hidden.
    fn hides(&mut self, path: &Path, is_folder: bool) -> bool {
        let Some(parent) = path.parent() else { return false };
        for folder in parent.ancestors() {
            let Folder { rules, is_repository } = self.folder(folder);
            match rules.as_ref().map_or(Match::None, |it| it.matched(path, is_folder)) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None => {}
            }
            if *is_repository || folder == self.top {
                break;
            }
        }
        false
    }

    fn folder(&mut self, folder: &Path) -> &Folder {
        self.folders.entry(folder.to_owned()).or_insert_with(|| {
            let file = folder.join(".gitignore");
            // A line that is no pattern is left out, as git does.
            let rules = file.is_file().then(|| Gitignore::new(file).0);
            Folder { rules, is_repository: folder.join(".git").exists() }
        })
    }

    /// Whether a file is hidden: the rules say so, and git does not track it.
    pub(super) fn hides_file(&mut self, file: &Path) -> bool {
        self.hides(file, false) && self.tracked_below(file).is_empty()
    }

    /// Where the rules hide a folder: the files in it that git tracks.
    pub(super) fn hidden_folder(&mut self, folder: &Path) -> Option<&[PathBuf]> {
        if self.hides(folder, true) { Some(self.tracked_below(folder)) } else { None }
    }

    /// The tracked files at or below a path.
    fn tracked_below(&mut self, path: &Path) -> &[PathBuf] {
        let parents = path.ancestors().skip(1);
        let Some(root) = parents.into_iter().find(|it| it.join(".git").exists()) else { return &[] };
        let tracked = self.tracked.entry(root.to_owned()).or_insert_with(|| git_index::tracked(root));
        let start = tracked.partition_point(|it| it.as_path() < path);
        let length = tracked[start..].partition_point(|it| it.starts_with(path));
        &tracked[start..start + length]
    }
}
