//! Addresses and ranges of the network, as old fields of the API read them: zeros may lead their numbers.

use super::names::Checked;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address.
pub(super) fn address(text: &str) -> Checked {
    if parse(text).is_some() { Ok(()) } else { Err("is no IP address") }
}

/// A range, as in 10.0.0.0/8.
pub(super) fn range(text: &str) -> Checked {
    if Range::parse(text).is_some() { Ok(()) } else { Err("is no range of IP addresses, as in 10.0.0.0/8") }
}

/// The address of something outside the node itself.
pub(super) fn outside(text: &str) -> Checked {
    match parse(text) {
        None => Err("is no IP address"),
        Some(it) if it.is_unspecified() => Err("stands for any address"),
        Some(it) if it.is_loopback() => Err("is an address of the node itself"),
        Some(it) if is_link_local(it) => Err("is only valid on one link"),
        Some(_) => Ok(()),
    }
}

fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => it.is_link_local() || it.octets()[..3] == [224, 0, 0],
        IpAddr::V6(it) => it.segments()[0] & 0xffc0 == 0xfe80 || it.segments()[0] == 0xff02,
    }
}

/// Whether a text is an address.
pub(super) fn is_address(text: &str) -> bool {
    parse(text).is_some()
}

fn parse(text: &str) -> Option<IpAddr> {
    if text.contains(':') {
        return text.parse::<Ipv6Addr>().ok().map(|it| it.to_ipv4_mapped().map_or(IpAddr::V6(it), IpAddr::V4));
    }
    let mut octets = [0; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        let part = parts.next().filter(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()))?;
        *octet = part.parse().ok()?;
    }
    parts.next().is_none().then(|| IpAddr::V4(Ipv4Addr::from(octets)))
}

/// A range of addresses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    address: u128,
    /// Addresses of both families are numbers of so many bits.
    width: u32,
    length: u32,
}

impl Range {
    pub(super) fn parse(text: &str) -> Option<Range> {
        let (address, length) = text.split_once('/')?;
        let (address, width) = match parse(address)? {
            IpAddr::V4(it) => (u128::from(u32::from(it)), 32),
            IpAddr::V6(it) => (u128::from(it), 128),
        };
        let is_number = !length.is_empty() && length.bytes().all(|it| it.is_ascii_digit());
        let length = length.parse().ok().filter(|it| is_number && *it <= width)?;
        Some(Range { address, width, length })
    }

    /// Whether another range is a part of this one, and not all of it.
    pub(super) fn is_above(self, other: Range) -> bool {
        let network = |it: u128| it.checked_shr(self.width - self.length).unwrap_or(0);
        self.width == other.width && self.length < other.length && network(self.address) == network(other.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_the_api_server() {
        for good in ["10.0.0.1", "010.0.0.1", "::1", "fe80::1", "::ffff:10.0.0.1"] {
            assert_eq!(address(good), Ok(()), "{good}");
        }
        for bad in ["", "10.0.0", "10.0.0.256", "10.0.0.1.1", "a", "10.0.0.-1", "10.0.0.1/8"] {
            assert!(address(bad).is_err(), "{bad}");
        }
        assert!(range("10.0.0.0/8").is_ok() && range("::/0").is_ok() && range("10.0.0.1").is_err());
        assert!(range("10.0.0.0/33").is_err() && range("10.0.0.0/").is_err() && range("10.0.0.0/+8").is_err());
        let ranges = ["10.0.0.0/8", "10.1.0.0/16", "11.0.0.0/16", "0.0.0.0/0", "::/0"];
        let [all_of_ten, inside, beside, everything, other] = ranges.map(|it| Range::parse(it).expect("a range"));
        assert!(all_of_ten.is_above(inside) && !all_of_ten.is_above(beside) && !inside.is_above(inside));
        assert!(everything.is_above(inside) && !other.is_above(inside));
        assert!(outside("127.0.0.1").is_err() && outside("169.254.1.1").is_err() && outside("10.0.0.1").is_ok());
    }
}
