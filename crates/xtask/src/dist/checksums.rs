//! SHA-256 of each package, as `sha256sum --check` reads them.

use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const NAME: &str = "SHA256SUMS";

/// Writes those of all files in the folder.
pub(super) fn write(dist: &Path) -> Result<PathBuf, String> {
    let entries = std::fs::read_dir(dist).map_err(|it| format!("{}: {it}", dist.display()))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|it| Some(it.ok()?.path())).filter(|it| it.is_file()).collect();
    files.sort();
    let mut text = String::new();
    for file in files {
        let name = file.file_name().expect("a file has a name").to_string_lossy();
        if name != NAME {
            let bytes = std::fs::read(&file).map_err(|it| format!("{}: {it}", file.display()))?;
            _ = writeln!(text, "{}  {name}", hex(&bytes));
        }
    }
    let path = dist.join(NAME);
    std::fs::write(&path, text).map_err(|it| format!("{}: {it}", path.display()))?;
    Ok(path)
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |text, it| text + &format!("{it:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_that_everybody_computes() {
        assert_eq!(hex(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
