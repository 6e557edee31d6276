//! Sizes: of settings, as PostgreSQL writes them, and that of the volume under the data.

use super::server::{Data, Server, Volume};
use crate::index::Objects;
use crate::yaml::NodeRef;

/// The bytes of a setting whose unit is megabytes where none is written.
pub fn setting_bytes(text: &str) -> Option<u64> {
    let text = text.trim().trim_matches('\'');
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: u64 = text[..digits].parse().ok()?;
    let unit: u64 = match text[digits..].trim() {
        "B" => 1,
        "kB" => 1 << 10,
        "" | "MB" => 1 << 20,
        "GB" => 1 << 30,
        "TB" => 1 << 40,
        _ => return None,
    };
    number.checked_mul(unit)
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
    use super::setting_bytes;

    #[test]
    fn sizes_are_read_as_the_server_reads_them() {
        assert_eq!(setting_bytes("4GB"), Some(4 << 30));
        assert_eq!(setting_bytes("1024"), Some(1 << 30));
        assert_eq!(setting_bytes("-1"), None);
    }
}
