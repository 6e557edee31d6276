//! `cargo xtask dist`: the packages of a release for one kind of machine, in `target/dist`.
//!
//! One program is in all of them: the wheel, the archive and, for Linux, the container. For Linux it is a static one, so
//! that one build serves old and new distributions, with glibc and with musl.

mod archive;
mod bill;
mod checksums;

use crate::repository;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is asked for.
pub(crate) struct Wanted {
    /// The kind of machine; that of this one if absent.
    pub(crate) target: Option<String>,
    /// Cargo's profile.
    pub(crate) profile: String,
}

/// A build: where things are.
struct Build {
    root: PathBuf,
    /// Cargo's folder of outputs.
    outputs: PathBuf,
    /// Where packages go.
    dist: PathBuf,
    target: String,
    profile: String,
    version: String,
    /// Seconds since 1970 of what is packed, for reproducible archives.
    epoch: String,
}

/// Builds everything; the files.
///
/// # Errors
/// With what is missing or has failed.
pub(crate) fn run(root: &Path, wanted: &Wanted) -> Result<Vec<PathBuf>, String> {
    let outputs = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let build = Build {
        root: root.to_owned(),
        dist: outputs.join("dist"),
        outputs,
        target: wanted.target.clone().map_or_else(host, Ok)?,
        profile: wanted.profile.clone(),
        version: repository::version(root)?,
        epoch: epoch(root),
    };
    std::fs::create_dir_all(&build.dist).map_err(|it| format!("{}: {it}", build.dist.display()))?;
    // The first wheel compiles; the program then writes what goes with it, and the second wheel, of what is compiled
    // already, takes that along.
    build.clear_share()?;
    build.wheel()?;
    build.write_share()?;
    build.wheel()?;
    let archive = archive::write(&build)?;
    let bill = bill::write(&build)?;
    let mut files = vec![archive, bill];
    files.extend(build.wheels()?);
    files.sort();
    files.push(checksums::write(&build.dist)?);
    Ok(files)
}

impl Build {
    /// The program.
    fn program(&self) -> PathBuf {
        let name = if self.target.contains("windows") { "edms-lint.exe" } else { "edms-lint" };
        // Cargo calls the folder of its own profile `debug`.
        let folder = if self.profile == "dev" { "debug" } else { &self.profile };
        self.outputs.join(&self.target).join(folder).join(name)
    }

    /// What the wheel unpacks below the environment's own folder, `share` above all.
    fn data(&self) -> PathBuf {
        self.root.join("packaging/wheel/data")
    }

    fn clear_share(&self) -> Result<(), String> {
        _ = std::fs::remove_dir_all(self.data());
        std::fs::create_dir_all(self.data()).map_err(|it| format!("{}: {it}", self.data().display()))
    }

    /// Completions and manual pages, written by the program that they are for.
    fn write_share(&self) -> Result<(), String> {
        let share = self.data().join("data/share");
        let pages = share.join("man/man1");
        create(&pages)?;
        self.ask(&["man", &pages.display().to_string()])?;
        for (shell, file) in [
            ("bash", "bash-completion/completions/edms-lint"),
            ("zsh", "zsh/site-functions/_edms-lint"),
            ("fish", "fish/vendor_completions.d/edms-lint.fish"),
        ] {
            let file = share.join(file);
            create(file.parent().expect("it lies in a folder"))?;
            let text = self.ask(&["completions", shell])?;
            std::fs::write(&file, text).map_err(|it| format!("{}: {it}", file.display()))?;
        }
        if !self.target.contains("windows") {
            // kubectl takes a program of this name for its command `edms`.
            let plugin = self.root.join("packaging/kubectl-edms");
            let scripts = self.data().join("scripts");
            create(&scripts)?;
            std::fs::copy(&plugin, scripts.join("kubectl-edms")).map_err(|it| format!("{}: {it}", plugin.display()))?;
        }
        Ok(())
    }

    /// What the program prints.
    fn ask(&self, arguments: &[&str]) -> Result<Vec<u8>, String> {
        let program = self.program();
        let output = Command::new(&program).args(arguments).env("SOURCE_DATE_EPOCH", &self.epoch).output();
        let output = output.map_err(|it| {
            format!("{}: {it}; packages are built on the kind of machine that they are for", program.display())
        })?;
        let failed = || format!("{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        if output.status.success() { Ok(output.stdout) } else { Err(failed()) }
    }

    /// Runs maturin.
    fn wheel(&self) -> Result<(), String> {
        let mut command = Command::new("maturin");
        command.args(["build", "--locked", "--target", &self.target, "--profile", &self.profile, "--out"]);
        command.arg(&self.dist).current_dir(self.root.join("packaging/wheel"));
        command.env("CARGO_TARGET_DIR", &self.outputs).env("SOURCE_DATE_EPOCH", &self.epoch);
        if self.target.ends_with("linux-musl") {
            // A static program needs nothing of the system's, so that it is at home on both.
            command.args(["--zig", "--compatibility", "manylinux2014", "musllinux_1_1"]);
        }
        let install = "maturin, from pip install 'maturin[zig]>=1.9,<2'";
        let status = command.status().map_err(|it| format!("{install}, does not start: {it}"))?;
        if status.success() { Ok(()) } else { Err("maturin failed: see above".to_owned()) }
    }

    fn wheels(&self) -> Result<Vec<PathBuf>, String> {
        let prefix = format!("edms_lint-{}-", self.version);
        let entries = std::fs::read_dir(&self.dist).map_err(|it| format!("{}: {it}", self.dist.display()))?;
        let names = entries.filter_map(|it| Some(it.ok()?.path()));
        let is_ours = |it: &PathBuf| {
            let name = it.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
            name.starts_with(&prefix) && name.ends_with(".whl")
        };
        Ok(names.filter(is_ours).collect())
    }
}

fn create(folder: &Path) -> Result<(), String> {
    std::fs::create_dir_all(folder).map_err(|it| format!("{}: {it}", folder.display()))
}

/// This machine's kind, the static one for Linux.
fn host() -> Result<String, String> {
    let output = Command::new("rustc").arg("-vV").output().map_err(|it| format!("rustc does not start: {it}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|it| it.strip_prefix("host: ")).ok_or("rustc does not tell its host")?;
    Ok(host.replace("linux-gnu", "linux-musl"))
}

/// When the last commit was made; the beginning of 1980, the first that archives can hold, where there is none.
fn epoch(root: &Path) -> String {
    let output = Command::new("git").args(["log", "-1", "--format=%ct"]).current_dir(root).output();
    let text = output.map(|it| String::from_utf8_lossy(&it.stdout).trim().to_owned()).unwrap_or_default();
    if text.is_empty() { "315532800".to_owned() } else { text }
}
