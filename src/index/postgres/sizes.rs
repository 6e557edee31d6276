//! Sizes: of settings, as PostgreSQL writes them, and that of the volume under the data.

use crate::index::Objects;
use crate::index::postgres::server::{Data, Server, Volume};
use crate::yaml::NodeRef;

/// The bytes of a setting whose unit is megabytes where none is written.
pub fn setting_bytes(text: &str) -> Option<u64> {
    bytes_of(text, 1 << 20)
}

/// The bytes of a setting that counts in units of its own where none is written. Fractions are allowed.
pub(super) fn bytes_of(text: &str, own: u64) -> Option<u64> {
    let text = text.trim().trim_matches('\'');
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let whole: u64 = text[..digits].parse().ok()?;
    let rest = &text[digits..];
    let fraction =
        rest.strip_prefix('.').map_or("", |it| it.split(|it: char| !it.is_ascii_digit()).next().unwrap_or(""));
    let rest = if fraction.is_empty() { rest } else { &rest[1 + fraction.len()..] };
    let unit = match rest.trim() {
        "" => own,
        "B" => 1,
        "kB" => 1 << 10,
        "MB" => 1 << 20,
        "GB" => 1 << 30,
        "TB" => 1 << 40,
        _ => return None,
    };
    // Tenths and hundredths are all that anybody writes.
    let hundredths: u64 = format!("{fraction:0<2.2}").parse().ok()?;
    whole.checked_mul(unit)?.checked_add(unit.checked_mul(hundredths)? / 100)
}

impl<'a> Objects<'a> {
    /// The size that the claim under a server's data asks for.
    pub fn data_size(&self, server: &Server<'a>) -> Option<NodeRef<'a>> {
        let Data::In(mount) = server.data() else { return None };
        let claim = match mount.volume {
            Volume::Template(template) => template,
            Volume::Claim(volume) => {
                let name = volume.str_at(&["persistentVolumeClaim", "claimName"])?;
                self.find(server.object(), "", "PersistentVolumeClaim", name)?.node()
            }
            _ => return None,
        };
        claim.at(&["spec", "resources", "requests", "storage"])
    }
}

#[cfg(test)]
mod tests {
    use super::{bytes_of, setting_bytes};

    #[test]
    fn sizes_are_read_as_the_server_reads_them() {
        assert_eq!(setting_bytes("4GB"), Some(4 << 30));
        assert_eq!(setting_bytes("1024"), Some(1 << 30));
        assert_eq!(setting_bytes("-1"), None);
        assert_eq!(setting_bytes("1.5GB"), Some(3 << 29));
        assert_eq!(setting_bytes("1.GB"), None);
        assert_eq!(bytes_of("131072", 8 << 10), Some(1 << 30));
        assert_eq!(bytes_of("25%", 8 << 10), None);
        assert_eq!(bytes_of("99999999999TB", 1), None);
    }
}
