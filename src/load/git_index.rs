//! Which files git tracks, read from the index of a repository without git: what is tracked is part of the system,
//! whatever `.gitignore` says.
//!
//! The form is that of git's own documentation, gitformat-index(5), in versions 2 to 4, split or not.

use super::text::read_bounded;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The tracked files of the repository at a folder, absolute, sorted. None if it has no index that can be read.
pub(super) fn tracked(root: &Path) -> Vec<PathBuf> {
    let Some(folder) = git_folder(root) else { return Vec::new() };
    let hash = if uses_sha256(&folder) { 32 } else { 20 };
    let mut index = read(&folder.join("index"), hash).unwrap_or_default();
    if let Some(shared) = &index.shared {
        let shared = read(&folder.join(format!("sharedindex.{shared}")), hash).unwrap_or_default();
        index.names.extend(shared.names);
    }
    let names = index.names.iter().filter(|it| !it.is_empty());
    let mut paths: Vec<PathBuf> = names.map(|it| root.join(String::from_utf8_lossy(it).as_ref())).collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// `.git`, or where that leads in a worktree or submodule.
fn git_folder(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let text = std::fs::read_to_string(git).ok()?;
    Some(root.join(text.strip_prefix("gitdir:")?.trim()))
}

fn uses_sha256(folder: &Path) -> bool {
    // A worktree has its configuration in the repository that it belongs to.
    let common = std::fs::read_to_string(folder.join("commondir")).unwrap_or_default();
    let config = std::fs::read_to_string(folder.join(common.trim()).join("config")).unwrap_or_default();
    config.lines().filter_map(|it| it.split_once('=')).any(|(key, value)| {
        key.trim().eq_ignore_ascii_case("objectformat") && value.trim().eq_ignore_ascii_case("sha256")
    })
}

/// What an index holds.
#[derive(Debug, Default, PartialEq, Eq)]
struct Index {
    names: Vec<Vec<u8>>,
    /// The hash of the index that this one is split from.
    shared: Option<String>,
}

fn read(file: &Path, hash: usize) -> Option<Index> {
    parse(&read_bounded(std::fs::File::open(file).ok()?).ok()?, hash)
}

/// Reads an index whose hashes have this many bytes.
fn parse(bytes: &[u8], hash: usize) -> Option<Index> {
    let mut index = Index::default();
    let version = number(bytes, 4)?;
    if !bytes.starts_with(b"DIRC") || !(2..=4).contains(&version) {
        return None;
    }
    let mut at = 12;
    let mut last: Vec<u8> = Vec::new();
    for _ in 0..number(bytes, 8)? {
        // Times, device, inode, mode, owner and size before the hash; flags behind it.
        let start = at;
        at = start + 40 + hash;
        let is_extended = version >= 3 && bytes.get(at)? & 0x40 != 0;
        at += if is_extended { 4 } else { 2 };
        if version == 4 {
            last.truncate(last.len().checked_sub(offset(bytes, &mut at)?)?);
        } else {
            last.clear();
        }
        let rest = bytes.get(at..)?;
        let length = rest.iter().position(|it| *it == 0)?;
        last.extend_from_slice(&rest[..length]);
        at = if version == 4 { at + length + 1 } else { start + ((at + length - start + 8) & !7) };
        index.names.push(last.clone());
    }
    index.shared = shared(bytes, at, hash);
    Some(index)
}

/// The hash in the extension `link`, if there is one behind the entries.
fn shared(bytes: &[u8], mut at: usize, hash: usize) -> Option<String> {
    while bytes.get(at..at + 4)? != b"link" {
        at = (at + 8).checked_add(number(bytes, at + 4)?)?;
    }
    let mut text = String::new();
    for byte in bytes.get(at + 8..at + 8 + hash)? {
        // Writing to a string cannot fail.
        _ = write!(text, "{byte:02x}");
    }
    Some(text)
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let four: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(four)).ok()
}

/// A number of any length, as git writes the offsets of packs.
fn offset(bytes: &[u8], at: &mut usize) -> Option<usize> {
    let mut value = 0_usize;
    loop {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value = value.checked_mul(128)?.checked_add(usize::from(byte & 0x7f))?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
        value = value.checked_add(1)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An entry up to its name.
    fn head(flags: &[u8]) -> Vec<u8> {
        let mut bytes = vec![7; 60];
        bytes.extend_from_slice(flags);
        bytes
    }

    fn index(version: u8, count: u8, entries: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = b"DIRC".to_vec();
        bytes.extend_from_slice(&[0, 0, 0, version, 0, 0, 0, count]);
        bytes.extend(entries.concat());
        bytes
    }

    #[test]
    fn names_are_read_in_all_versions() {
        let padded = |flags: &[u8], name: &str| {
            let mut entry = [head(flags), name.as_bytes().to_vec()].concat();
            entry.resize((entry.len() + 8) & !7, 0);
            entry
        };
        let names = |bytes: &[u8]| parse(bytes, 20).map(|it| it.names);
        let expected = Some(vec![b"a.yaml".to_vec(), b"k8s/b.yaml".to_vec()]);
        let two = index(2, 2, &[padded(&[0, 6], "a.yaml"), padded(&[0, 10], "k8s/b.yaml")]);
        assert_eq!(names(&two), expected);
        let three = index(3, 2, &[padded(&[0x40, 6, 0x20, 0], "a.yaml"), padded(&[0, 10], "k8s/b.yaml")]);
        assert_eq!(names(&three), expected);
        let packed = |strip: u8, rest: &str| [head(&[0, 0]), vec![strip], rest.as_bytes().to_vec(), vec![0]].concat();
        let four = index(4, 3, &[packed(0, "k8s/a.yaml"), packed(6, "b.yaml"), packed(10, "z")]);
        assert_eq!(names(&four), Some(vec![b"k8s/a.yaml".to_vec(), b"k8s/b.yaml".to_vec(), b"z".to_vec()]));
    }

    #[test]
    fn what_is_cut_or_wrong_is_no_index() {
        let whole = index(2, 1, &[[head(&[0, 1]), b"a\0".to_vec()].concat()]);
        assert!(parse(&whole, 20).is_some());
        for length in 0..whole.len() - 1 {
            assert_eq!(parse(&whole[..length], 20), None, "{length}");
        }
        assert_eq!(parse(b"DIRC\0\0\0\x05\0\0\0\0", 20), None);
        assert_eq!(parse(b"DIRC\0\0\0\x02\xff\xff\xff\xff", 20), None);
    }

    #[test]
    fn a_split_index_names_the_other() {
        let mut bytes = index(2, 0, &[]);
        bytes.extend_from_slice(b"TREE\0\0\0\x01x");
        bytes.extend_from_slice(b"link\0\0\0\x14");
        bytes.extend_from_slice(&[0xab; 20]);
        assert_eq!(parse(&bytes, 20).and_then(|it| it.shared), Some("ab".repeat(20)));
    }
}
