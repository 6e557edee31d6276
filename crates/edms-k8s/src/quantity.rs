//! Amounts of a resource, as in `500m` or `1Gi`.

use edms_yaml::NodeRef;

/// An amount in thousandths; fractions of those are rounded up, as the API server does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(pub i128);

/// The suffixes of `apimachinery/pkg/api/resource/suffix.go`, with what they multiply thousandths by.
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
/// The largest exponent that is read, up or down; the API server's largest amount is near 2^63.
const LARGEST_EXPONENT: u32 = 20;

/// Thousandths in one, as a fraction: what a suffix or an exponent multiplies by.
struct Factor {
    times: i128,
    over: i128,
}

impl Factor {
    /// That of a suffix; `None` if the API server knows none such, or none so large.
    fn of(suffix: &str) -> Option<Factor> {
        if let Some((_, times)) = SUFFIXES.iter().find(|it| it.0 == suffix) {
            return Some(Factor { times: *times, over: 1 });
        }
        match suffix {
            "u" => return Some(Factor { times: 1, over: 1_000 }),
            "n" => return Some(Factor { times: 1, over: 1_000_000 }),
            _ => {}
        }
        let exponent: i64 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
        let size = u32::try_from(exponent.unsigned_abs()).ok().filter(|it| *it <= LARGEST_EXPONENT)?;
        let power = 10i128.pow(size);
        Some(if exponent < 0 { Factor { times: 1000, over: power } } else { Factor { times: 1000 * power, over: 1 } })
    }
}

/// Whether a text is a suffix of quantities, or an exponent of any size.
pub(crate) fn is_suffix(text: &str) -> bool {
    Factor::of(text).is_some() || text.strip_prefix(['e', 'E']).is_some_and(|it| it.parse::<i64>().is_ok())
}

impl Quantity {
    /// Reads a value; `None` for what is no quantity, or a negative one.
    pub fn read(node: NodeRef<'_>) -> Option<Quantity> {
        Quantity::parse(node.text())
    }

    /// The same from its text.
    pub fn parse(text: &str) -> Option<Quantity> {
        let text = text.strip_prefix('+').unwrap_or(text);
        let end = text.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(text.len());
        let (number, suffix) = text.split_at(end);
        let factor = Factor::of(suffix)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let is_number = |it: &str| it.len() <= 18 && it.bytes().all(|it| it.is_ascii_digit());
        if !is_number(whole) || !is_number(fraction) || (whole.is_empty() && fraction.is_empty()) {
            return None;
        }
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        let scale = 10i128.pow(u32::try_from(fraction.len()).ok()?).checked_mul(factor.over)?;
        Some(Quantity(digits.checked_mul(factor.times)?.checked_add(scale - 1)?.div_euclid(scale)))
    }

    /// Whole units: the bytes of a size.
    pub fn units(self) -> Option<u64> {
        u64::try_from(self.0 / 1000).ok()
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
    /// With the largest binary suffix that divides it, or the decimal one of millions and more where that is shorter;
    /// in thousandths where it is no whole number.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const MILLIONS: i128 = 1_000_000_000;
        if self.0 % 1000 != 0 {
            return write!(f, "{}m", self.0);
        }
        let with = |is_binary: bool| {
            let fits = |it: &&(&str, i128)| {
                let is_large = if is_binary { it.0.ends_with('i') } else { !it.0.ends_with('i') && it.1 >= MILLIONS };
                is_large && self.0 != 0 && self.0 % it.1 == 0
            };
            let (suffix, factor) = SUFFIXES.iter().filter(fits).max_by_key(|it| it.1).unwrap_or(&("", 1000));
            format!("{}{suffix}", self.0 / factor)
        };
        let (binary, decimal) = (with(true), with(false));
        f.write_str(if decimal.len() < binary.len() { &decimal } else { &binary })
    }
}

#[cfg(test)]
mod tests {
    use super::Quantity;

    #[test]
    fn quantities_are_those_of_the_api_server() {
        for (text, milli) in [
            ("500m", 500),
            ("2", 2000),
            ("0.1", 100),
            ("1.5Gi", 1_610_612_736_000),
            ("1k", 1_000_000),
            ("8e9", 8_000_000_000_000),
            ("1E3", 1_000_000),
            ("25e-1", 2500),
            ("1500u", 2),
            ("1n", 1),
            ("+2", 2000),
        ] {
            assert_eq!(Quantity::parse(text), Some(Quantity(milli)), "{text}");
        }
        for text in ["", "1e99", "1e", "x", "-1", "1.2.3", "Gi", "1 Gi", "1KB"] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
        for text in ["500m", "2", "2000", "1Gi", "1536Mi", "8G", "1500M", "0"] {
            assert_eq!(Quantity::parse(text).map(|it| it.to_string()).as_deref(), Some(text));
        }
    }
}
