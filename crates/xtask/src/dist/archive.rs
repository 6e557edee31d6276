//! The archive: the program with its licences, manual pages and completions.

use super::{Build, create};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What lies beside the program.
const TEXTS: &[&str] = &["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// Writes it; also the folder that a container is built from.
pub(super) fn write(build: &Build) -> Result<PathBuf, String> {
    let name = format!("edms-lint-{}-{}", build.version, build.target);
    let work = build.outputs.join("dist-work");
    let folder = work.join(&name);
    _ = std::fs::remove_dir_all(&work);
    create(&folder)?;
    let program = build.program();
    copy(&program, &folder.join(program.file_name().expect("a program has a name")))?;
    for text in TEXTS {
        copy(&build.root.join(text), &folder.join(text))?;
    }
    copy_all(&build.data().join("data/share"), &folder.join("share"))?;
    let plugin = build.data().join("scripts/kubectl-edms");
    if plugin.exists() {
        copy(&plugin, &folder.join("kubectl-edms"))?;
    }
    let is_zip = build.target.contains("windows");
    let file = build.dist.join(format!("{name}.{}", if is_zip { "zip" } else { "tar.gz" }));
    let mut tar = Command::new("tar");
    tar.current_dir(&work);
    if cfg!(target_os = "linux") {
        // The same bytes for the same files, whoever packs them, and when.
        tar.args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mode=u+rw,go+r-w"]);
        tar.arg(format!("--mtime=@{}", build.epoch)).arg("--use-compress-program=gzip -n");
    }
    tar.arg(if cfg!(target_os = "linux") {
        "-cf"
    } else if is_zip {
        "-acf"
    } else {
        "-czf"
    });
    tar.arg(&file).arg(&name);
    let status = tar.status().map_err(|it| format!("tar does not start: {it}"))?;
    if status.success() { Ok(file) } else { Err("tar failed: see above".to_owned()) }
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    std::fs::copy(from, to).map(drop).map_err(|it| format!("{}: {it}", from.display()))
}

fn copy_all(from: &Path, to: &Path) -> Result<(), String> {
    create(to)?;
    for entry in std::fs::read_dir(from).map_err(|it| format!("{}: {it}", from.display()))? {
        let path = entry.map_err(|it| format!("{}: {it}", from.display()))?.path();
        let target = to.join(path.file_name().expect("an entry has a name"));
        if path.is_dir() { copy_all(&path, &target)? } else { copy(&path, &target)? }
    }
    Ok(())
}
