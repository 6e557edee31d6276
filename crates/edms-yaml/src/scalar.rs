//! Scalars as Kubernetes reads them: YAML 1.1 booleans and numbers, by the rules of
//! `sigs.k8s.io/yaml` (`goyaml.v2/resolve.go`).

/// A number of fewer digits fits 64 bits.
const MOST_DIGITS: usize = 19;

/// What a scalar says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'a> {
    /// `null`, `~`, or nothing at all.
    Null,
    /// `true`, and in YAML 1.1 also `yes`, `on`, `y`.
    Bool(bool),
    /// An integer that fits 64 bits with a sign.
    Int(i64),
    /// A larger one.
    UInt(u64),
    /// Any other number.
    Float(f64),
    /// Text.
    Str(&'a str),
}

impl Scalar<'_> {
    /// The name of its JSON type, with an article, for messages.
    pub fn describe(self) -> &'static str {
        match self {
            Scalar::Null => "null",
            Scalar::Bool(_) => "a boolean",
            Scalar::Int(_) | Scalar::UInt(_) => "an integer",
            Scalar::Float(_) => "a fractional number",
            Scalar::Str(_) => "a string",
        }
    }
}

/// Resolves a plain scalar without a tag.
pub fn resolve(text: &str) -> Scalar<'_> {
    let Some(first) = text.bytes().next() else { return Scalar::Null };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => word(text),
        b'.' => word_or_float(text),
        b'0'..=b'9' | b'+' | b'-' => number(text),
        _ => Scalar::Str(text),
    }
}

fn word(text: &str) -> Scalar<'_> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Scalar::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Scalar::Bool(false),
        "~" | "null" | "Null" | "NULL" => Scalar::Null,
        _ => Scalar::Str(text),
    }
}

fn word_or_float(text: &str) -> Scalar<'_> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Scalar::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" => Scalar::Float(f64::INFINITY),
        _ => go_float(text).map_or(Scalar::Str(text), Scalar::Float),
    }
}

fn number(text: &str) -> Scalar<'_> {
    // Most numbers are short and have digits only.
    if !text.starts_with('0') && text.len() < MOST_DIGITS && text.bytes().all(|it| it.is_ascii_digit()) {
        return Scalar::Int(text.bytes().fold(0, |number, it| number * 10 + i64::from(it - b'0')));
    }
    match text {
        "+.inf" | "+.Inf" | "+.INF" => return Scalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Scalar::Float(f64::NEG_INFINITY),
        _ => {}
    }
    let owned;
    let plain = if text.contains('_') {
        owned = text.replace('_', "");
        owned.as_str()
    } else {
        text
    };
    if let Some(value) = integer(plain) {
        return value;
    }
    if is_yaml_float(plain) {
        // ParseFloat refuses what overflows, and the text then stays a string.
        return match plain.parse::<f64>() {
            Ok(value) if value.is_finite() => Scalar::Float(value),
            _ => Scalar::Str(text),
        };
    }
    Scalar::Str(text)
}

/// Go's `ParseInt` and `ParseUint` with base 0: prefixes `0x`, `0o`, `0b`, and a leading zero is octal.
fn integer(plain: &str) -> Option<Scalar<'static>> {
    let (negative, signed, digits) = match plain.as_bytes().first()? {
        b'-' => (true, true, &plain[1..]),
        b'+' => (false, true, &plain[1..]),
        _ => (false, false, plain),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    // `from_str_radix` would take a second sign.
    if digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_alphanumeric()) {
        return None;
    }
    let value = u64::from_str_radix(digits, radix).ok()?;
    if negative {
        return match i64::try_from(-i128::from(value)) {
            Ok(value) => Some(Scalar::Int(value)),
            Err(_) => None,
        };
    }
    match i64::try_from(value) {
        Ok(value) => Some(Scalar::Int(value)),
        // ParseUint takes no sign.
        Err(_) if signed => None,
        Err(_) => Some(Scalar::UInt(value)),
    }
}

/// `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`
fn is_yaml_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa_is_right = match mantissa.split_once('.') {
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
        None => digits(mantissa),
    };
    mantissa_is_right && exponent.is_none_or(|it| digits(it.strip_prefix(['-', '+']).unwrap_or(it)))
}

/// Go's `ParseFloat` for a text that begins with a dot.
fn go_float(text: &str) -> Option<f64> {
    if !is_yaml_float(text) {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_are_read_as_kubernetes_reads_them() {
        let cases: &[(&str, Scalar<'_>)] = &[
            ("", Scalar::Null),
            ("~", Scalar::Null),
            ("y", Scalar::Bool(true)),
            ("off", Scalar::Bool(false)),
            ("oN", Scalar::Str("oN")),
            ("0777", Scalar::Int(511)),
            ("0o17", Scalar::Int(15)),
            ("08", Scalar::Float(8.0)),
            ("0b11", Scalar::Int(3)),
            ("-0x1F", Scalar::Int(-31)),
            ("1_000", Scalar::Int(1000)),
            ("+5", Scalar::Int(5)),
            ("+-5", Scalar::Str("+-5")),
            ("1.5", Scalar::Float(1.5)),
            ("1.", Scalar::Float(1.0)),
            (".5", Scalar::Float(0.5)),
            ("1e3", Scalar::Float(1000.0)),
            ("1e999", Scalar::Str("1e999")),
            (".inf", Scalar::Float(f64::INFINITY)),
            ("190:20:30", Scalar::Str("190:20:30")),
            ("2001-12-14", Scalar::Str("2001-12-14")),
            ("18446744073709551615", Scalar::UInt(u64::MAX)),
            ("-9223372036854775808", Scalar::Int(i64::MIN)),
            ("100m", Scalar::Str("100m")),
            ("-", Scalar::Str("-")),
            ("0x", Scalar::Str("0x")),
        ];
        for (text, expected) in cases {
            assert_eq!(resolve(text), *expected, "{text:?}");
        }
    }
}
