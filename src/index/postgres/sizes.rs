//! Sizes: of settings, as PostgreSQL writes them, and of volumes, as Kubernetes does.

use super::server::{Data, Server, Volume};
use crate::index::Index;
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

/// The bytes of a quantity such as `1Gi` or `1.5T`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size in bytes, checked to be in range")]
pub fn quantity_bytes(text: &str) -> Option<u64> {
    let digits = text.bytes().take_while(|it| it.is_ascii_digit() || *it == b'.').count();
    let number: f64 = text[..digits].parse().ok()?;
    let unit: f64 = match &text[digits..] {
        "" => 1.0,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "Ki" => 1024.0,
        "Mi" => 1_048_576.0,
        "Gi" => 1_073_741_824.0,
        "Ti" => 1_099_511_627_776.0,
        "Pi" => 1_125_899_906_842_624.0,
        _ => return None,
    };
    let bytes = number * unit;
    (bytes < 1e18).then_some(bytes as u64)
}

impl<'a> Index<'a> {
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
    use super::{quantity_bytes, setting_bytes};

    #[test]
    fn sizes_are_read_as_their_programs_read_them() {
        assert_eq!(setting_bytes("4GB"), Some(4 << 30));
        assert_eq!(setting_bytes("1024"), Some(1 << 30));
        assert_eq!(setting_bytes("-1"), None);
        assert_eq!(quantity_bytes("1Gi"), Some(1 << 30));
        assert_eq!(quantity_bytes("1.5G"), Some(1_500_000_000));
        assert_eq!(quantity_bytes("${SIZE}"), None);
    }
}
