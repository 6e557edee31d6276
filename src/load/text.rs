//! Bytes to text, or to the reason why they are none.

use std::io::{self, Read};
use std::sync::Arc;

/// The largest file that is read. The largest manifests that people keep in git, bundles of CRDs, have 5 MiB; dumps of
/// whole clusters have a hundred. A run takes some five times the size of its files in memory.
pub(super) const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// Reads to the end, but no more than one byte above what [`decode`] accepts.
pub(super) fn read_bounded(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A text, or what can be shown of one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    /// What can be shown; all of it if there is no defect.
    pub(super) text: Arc<str>,
    /// Why it is not read.
    pub(super) defect: Option<Defect>,
}

/// Why bytes are no text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Defect {
    /// What is wrong.
    pub(super) message: String,
    /// Where in the text that is shown.
    pub(super) start: usize,
    /// The byte after the defect.
    pub(super) end: usize,
    /// What to do.
    pub(super) help: Option<String>,
    /// Whether nothing can be said about what the file holds.
    pub(super) is_opaque: bool,
}

/// The text of these bytes.
pub(super) fn decode(bytes: Vec<u8>) -> Decoded {
    if bytes.len() as u64 > MAX_BYTES {
        let message = format!(
            "larger than {} MiB, so nothing of it is read: split it, as into a file for each namespace",
            MAX_BYTES / 1024 / 1024
        );
        let help = Some("split the file".to_owned());
        let defect = Defect { message, start: 0, end: 0, help, is_opaque: true };
        return Decoded { text: "".into(), defect: Some(defect) };
    }
    if let Some(decoded) = wide(&bytes) {
        return decoded;
    }
    match String::from_utf8(bytes) {
        Ok(text) => Decoded { text: text.into(), defect: None },
        Err(error) => {
            let start = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let message = format!("byte 0x{:02X} is not UTF-8 text", bytes[start]);
            // Up to the first bad byte the lossy text is the same, and there it has a replacement character.
            let text = String::from_utf8_lossy(&bytes).into();
            let end = start + char::REPLACEMENT_CHARACTER.len_utf8();
            let help = Some("save the file as UTF-8".to_owned());
            let defect = Defect { message, start, end, help, is_opaque: false };
            Decoded { text, defect: Some(defect) }
        }
    }
}

/// Text of two or four bytes a character, told by its byte-order mark or by the zero beside its first letter.
fn wide(bytes: &[u8]) -> Option<Decoded> {
    let (name, skip, is_big) = match bytes {
        [0xff, 0xfe, 0, 0, ..] => ("UTF-32", 4, false),
        [0, 0, 0xfe, 0xff, ..] => ("UTF-32", 4, true),
        [0xff, 0xfe, ..] => ("UTF-16", 2, false),
        [0xfe, 0xff, ..] => ("UTF-16", 2, true),
        [first, 0, ..] if first.is_ascii_graphic() => ("UTF-16", 0, false),
        [0, first, ..] if first.is_ascii_graphic() => ("UTF-16", 0, true),
        _ => return None,
    };
    let body = &bytes[skip..];
    let text = if name == "UTF-16" {
        let unit = |it: &[u8]| {
            let pair = [it[0], it[1]];
            if is_big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
        };
        char::decode_utf16(body.chunks_exact(2).map(unit)).map(|it| it.unwrap_or('\u{fffd}')).collect()
    } else {
        let unit = |it: &[u8]| {
            let four = [it[0], it[1], it[2], it[3]];
            let code = if is_big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) };
            char::from_u32(code).unwrap_or('\u{fffd}')
        };
        body.chunks_exact(4).map(unit).collect::<String>()
    };
    let end = text.lines().next().map_or(0, str::len);
    let help = Some("save the file as UTF-8".to_owned());
    let defect = Defect { message: format!("{name} text"), start: 0, end, help, is_opaque: true };
    Some(Decoded { text: text.into(), defect: Some(defect) })
}

/// Whether a text holds a line such as `kind: Pod`, as `- kind:`, `"kind":` or inside JSON.
pub(super) fn mentions_objects(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        let line = line.strip_prefix("- ").unwrap_or(line).trim_start_matches(['{', '[', ' ']);
        let line = line.strip_prefix(['"', '\'']).unwrap_or(line);
        let rest = line.strip_prefix("apiVersion").or_else(|| line.strip_prefix("kind"));
        rest.is_some_and(|it| it.strip_prefix(['"', '\'']).unwrap_or(it).trim_start().starts_with(':'))
    }) || (text.trim_start().starts_with(['{', '[']) && text.contains("\"kind\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_byte_that_is_no_text_is_pointed_at() {
        let decoded = decode(b"a: \xe9\n".to_vec());
        let defect = decoded.defect.expect("Latin-1 is not UTF-8");
        assert_eq!(&decoded.text[defect.start..defect.end], "\u{fffd}");
        assert_eq!((defect.start, defect.message.as_str()), (3, "byte 0xE9 is not UTF-8 text"));
    }

    #[test]
    fn wide_text_is_told_with_and_without_a_mark() {
        let units = |mark: &[u8]| {
            let text = "kind: Pod\nx: 1".encode_utf16().flat_map(u16::to_le_bytes);
            mark.iter().copied().chain(text).collect::<Vec<u8>>()
        };
        for bytes in [units(&[0xff, 0xfe]), units(&[])] {
            let decoded = decode(bytes);
            let defect = decoded.defect.expect("UTF-16 is not read");
            assert_eq!(defect.message, "UTF-16 text");
            assert_eq!(&decoded.text[defect.start..defect.end], "kind: Pod");
        }
        assert_eq!(decode(b"a: 1\n".to_vec()).defect, None);
        assert_eq!(&*decode(Vec::new()).text, "");
    }
}
