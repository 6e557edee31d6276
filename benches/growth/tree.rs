//! A folder of generated files.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A folder that goes away with its value.
pub(crate) struct Tree(PathBuf);

impl Tree {
    pub(crate) fn new() -> Tree {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("growth-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(folder.join(".git")).expect("there is room for files");
        Tree(folder)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    /// Writes a file, and the folders above it.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<str>) {
        let path = self.0.join(path);
        std::fs::create_dir_all(path.parent().expect("it is below the folder")).expect("can be made");
        std::fs::write(path, text.as_ref()).expect("can be written");
    }

    /// Writes one file with an object for each number below `count`.
    pub(crate) fn each(&self, path: &str, count: usize, object: impl Fn(usize) -> String) {
        self.write(path, (0..count).map(object).collect::<String>());
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}
