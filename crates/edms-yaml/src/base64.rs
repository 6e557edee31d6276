//! Base64 as Go's `base64.StdEncoding` reads it: in Secrets, in fields of bytes, and behind `!!binary`.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const GO: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

/// The bytes of a text; `None` if it is no base64. Line breaks are skipped, padding is needed.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    if !text.contains(['\r', '\n']) {
        return GO.decode(text).ok();
    }
    GO.decode(text.replace(['\r', '\n'], "")).ok()
}

/// What the `data` of a Secret says, if it is text.
pub fn decode_text(text: &str) -> Option<String> {
    String::from_utf8(decode(text)?).ok()
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn it_needs_its_padding() {
        for (text, bytes) in
            [("", ""), ("YWJj", "abc"), ("YQ==", "a"), ("YR==", "a"), ("YW\nJj\r\n", "abc"), ("UEdEQVRB\n", "PGDATA")]
        {
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()), "{text:?}");
        }
        for text in ["YWJ", "YQ=", "=YQ=", "YQ==YQ==", "YW Jj", "YWJj====", "YW-_", "${SECRET}"] {
            assert_eq!(decode(text), None, "{text:?}");
        }
    }
}
