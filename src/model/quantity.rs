//! Amounts of a resource, as in `500m` or `1Gi`.

use crate::yaml::NodeRef;

/// An amount in thousandths; fractions of those are rounded up, as the API server does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(pub i128);

/// The suffixes of `apimachinery/pkg/api/resource/quantity.go`, with what they multiply thousandths by.
const SUFFIXES: [(&str, i128); 14] = [
    ("Ki", 1000 << 10),
    ("Mi", 1000 << 20),
    ("Gi", 1000 << 30),
    ("Ti", 1000 << 40),
    ("Pi", 1000 << 50),
    ("Ei", 1000 << 60),
    ("m", 1),
    ("k", 1_000_000),
    ("M", 1_000_000_000),
    ("G", 1_000_000_000_000),
    ("T", 1_000_000_000_000_000),
    ("P", 1_000_000_000_000_000_000),
    ("E", 1_000_000_000_000_000_000_000),
    ("", 1000),
];

impl Quantity {
    /// Reads a value; `None` for what is no quantity, and for the rare forms (`1e3`, `5u`).
    pub fn read(node: NodeRef<'_>) -> Option<Quantity> {
        Quantity::parse(node.text())
    }

    /// The same from its text.
    pub fn parse(text: &str) -> Option<Quantity> {
        let (number, factor) = SUFFIXES.iter().find_map(|it| Some((text.strip_suffix(it.0)?, it.1)))?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let is_number = |it: &str| it.len() <= 18 && it.bytes().all(|it| it.is_ascii_digit());
        if !is_number(whole) || !is_number(fraction) || (whole.is_empty() && fraction.is_empty()) {
            return None;
        }
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        let scale = 10i128.pow(u32::try_from(fraction.len()).ok()?);
        Some(Quantity(digits.checked_mul(factor)?.checked_add(scale - 1)?.div_euclid(scale)))
    }

    /// So many times as much.
    pub fn times(self, count: i64) -> Quantity {
        Quantity(self.0.saturating_mul(i128::from(count)))
    }

    /// Both together.
    pub fn plus(self, other: Quantity) -> Quantity {
        Quantity(self.0.saturating_add(other.0))
    }
}

impl std::fmt::Display for Quantity {
    /// With the largest binary suffix that divides it, in thousandths where it is no whole number.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 % 1000 != 0 {
            return write!(f, "{}m", self.0);
        }
        let fits = |it: &&(&str, i128)| it.0.ends_with('i') && self.0 != 0 && self.0 % it.1 == 0;
        match SUFFIXES.iter().rfind(fits) {
            Some((suffix, factor)) => write!(f, "{}{suffix}", self.0 / factor),
            None => write!(f, "{}", self.0 / 1000),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Quantity;

    #[test]
    fn quantities_are_those_of_the_api_server() {
        for (text, milli) in [("500m", 500), ("2", 2000), ("0.1", 100), ("1.5Gi", 1_610_612_736_000), ("1k", 1_000_000)]
        {
            assert_eq!(Quantity::parse(text), Some(Quantity(milli)), "{text}");
        }
        for text in ["", "1e3", "x", "-1", "1.2.3", "Gi"] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
        for text in ["500m", "2", "1Gi", "1536Mi", "0"] {
            assert_eq!(Quantity::parse(text).map(|it| it.to_string()).as_deref(), Some(text));
        }
    }
}
