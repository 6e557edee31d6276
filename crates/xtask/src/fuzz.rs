//! Mutates the fixtures and runs the program on what comes out, to find aborts, hangs, and reports that are invalid,
//! point outside of files or differ from run to run.

mod judge;
mod mutate;
mod random;

use random::Random;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Fixtures that are longer are left out: what is found in them would be found in others, later.
const LONGEST: u64 = 64 << 10;
/// Files of one input at most.
const MOST_FILES: usize = 4;

/// Fuzzes for so many minutes, from a seed. Says what was run.
///
/// # Errors
/// What was found, with the folders that show it.
pub(crate) fn run(root: &Path, minutes: u64, seed: u64) -> Result<String, String> {
    let program = build(root)?;
    let fixtures = fixtures(root);
    let kept = root.join("target/fuzz");
    let scratch = kept.join("scratch");
    let end = Instant::now() + Duration::from_secs(minutes * 60);
    let mut random = Random::new(seed);
    let mut found: Vec<String> = Vec::new();
    let mut runs = 0_u64;
    while Instant::now() < end {
        let files = input(&fixtures, &mut random);
        write(&scratch, &files)?;
        runs += 1;
        if let Err(what) = judge::judge(&program, &scratch, &files, &mut random) {
            let folder = kept.join(format!("{seed}-{runs}"));
            write(&folder, &files)?;
            found.push(format!("{}: {what}", folder.display()));
        }
    }
    _ = fs::remove_dir_all(&scratch);
    let summary = format!("{runs} inputs from seed {seed} in {minutes} min");
    if found.is_empty() { Ok(summary) } else { Err(format!("{}\n{summary}: {} found", found.join("\n"), found.len())) }
}

/// Builds the program with its assertions, and where overflow is caught.
fn build(root: &Path) -> Result<PathBuf, String> {
    match crate::cargo(root).args(["build", "--package", "edms-lint"]).status() {
        Ok(it) if it.success() => {}
        Ok(it) => return Err(format!("the program does not build: {it}")),
        Err(it) => return Err(format!("cargo does not start: {it}")),
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    Ok(target.join("debug").join(format!("edms-lint{}", std::env::consts::EXE_SUFFIX)))
}

/// The fixtures by their paths, sorted: the same seed makes the same inputs everywhere.
fn fixtures(root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.join("fixtures")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let length = entry.metadata().map_or(u64::MAX, |it| it.len());
            let is_text =
                path.extension().is_some_and(|it| ["yaml", "yml", "json", "env"].iter().any(|known| it == *known));
            if path.is_dir() {
                folders.push(path);
            } else if is_text && length <= LONGEST {
                found.extend(fs::read(&path).ok().map(|text| (path, text)));
            }
        }
    }
    found.into_iter().collect()
}

/// The files of one input: fixtures of one folder or of several, most of them mutated; at times a configuration, a
/// kustomization or a baseline beside them.
fn input(fixtures: &[(PathBuf, Vec<u8>)], random: &mut Random) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let first = random.below(fixtures.len());
    let count = 1 + random.below(MOST_FILES);
    for at in 0..count {
        // Neighbours belong together more often than not.
        let from = if random.one_in(3) { random.below(fixtures.len()) } else { (first + at) % fixtures.len() };
        let (path, text) = &fixtures[from];
        let name = path.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned());
        let name = if random.one_in(8) { format!("{at}/{name}") } else { name };
        let other = &fixtures[random.below(fixtures.len())].1;
        let mut text = text.clone();
        for _ in 0..random.below(5) {
            mutate::mutate(&mut text, other, random);
        }
        files.insert(name, text);
    }
    let names: Vec<String> = files.keys().cloned().collect();
    if random.one_in(4) {
        let list: Vec<String> = names.iter().map(|it| format!("- {it}\n")).collect();
        let mut text = format!("resources:\n{}{}", list.concat(), random.choose(mutate::KUSTOMIZATIONS)).into_bytes();
        if random.one_in(2) {
            mutate::mutate(&mut text, b"kustomization", random);
        }
        files.entry("kustomization.yaml".to_owned()).or_insert(text);
    }
    if random.one_in(4) {
        let mut text = random.choose(mutate::CONFIGURATIONS).as_bytes().to_vec();
        mutate::mutate(&mut text, b"rules", random);
        files.insert(".edms-lint.yaml".to_owned(), text);
    }
    files
}

/// Writes the files of an input into a folder that holds nothing else.
fn write(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<(), String> {
    let broken = |it: std::io::Error| format!("{}: {it}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(broken)?;
    }
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("it lies in the folder")).map_err(broken)?;
        fs::write(path, text).map_err(broken)?;
    }
    Ok(())
}
