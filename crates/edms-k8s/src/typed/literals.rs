//! The texts that Kubernetes' own types accept: quantities, times, and integers among numbers.

use crate::quantity::is_suffix;
use edms_yaml::scalar::Scalar;

/// The integer that JSON holds for a number: YAML's `3.0` arrives as `3`.
pub(super) fn integer(number: Scalar<'_>) -> Option<i64> {
    /// From here on, Go writes a float with an exponent, which no integer has.
    const EXPONENT: f64 = 1e21;
    /// 2^63, the first float above the range.
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    match number {
        Scalar::Int(value) => Some(value),
        #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
        Scalar::Float(value) if value.fract() == 0.0 && value.abs() < EXPONENT && (-LIMIT..LIMIT).contains(&value) => {
            Some(value as i64)
        }
        _ => None,
    }
}

/// Whether `resource.Quantity` takes the value: a number, or a text that `ParseQuantity` reads.
pub(super) fn is_quantity(value: Scalar<'_>) -> bool {
    match value {
        Scalar::Int(_) | Scalar::UInt(_) => true,
        Scalar::Float(value) => value.is_finite(),
        // Go trims the JSON text, in which a line break is an escape and no blank.
        Scalar::Str(text) => is_quantity_text(text.trim_matches(' ')),
        _ => false,
    }
}

/// `ParseQuantity` of `apimachinery/pkg/api/resource/quantity.go`.
fn is_quantity_text(text: &str) -> bool {
    if text.is_empty() {
        return false;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let rest = unsigned.trim_start_matches(|it: char| it.is_ascii_digit());
    let Some(fraction) = rest.strip_prefix('.') else { return is_suffix(rest) };
    // Neither part needs a digit: Go reads `Ki` and even `-` as zero.
    is_suffix(fraction.trim_start_matches(|it: char| it.is_ascii_digit()))
}

/// Whether `metav1.Time` takes the value.
pub(super) fn is_time(value: Scalar<'_>) -> bool {
    matches!(value, Scalar::Str(text) if time(text, false).is_some())
}

/// Whether `metav1.MicroTime` takes the value.
pub(super) fn is_micro_time(value: Scalar<'_>) -> bool {
    matches!(value, Scalar::Str(text) if time(text, true).is_some())
}

/// RFC 3339 as Go's `time.Parse` reads it: the hour may have one digit, the fraction of a second may
/// have any number, or exactly six where the layout has them.
fn time(text: &str, is_micro: bool) -> Option<()> {
    let mut rest = text;
    let year = number(&mut rest, 4, 4)?;
    literal(&mut rest, "-")?;
    let month = number(&mut rest, 2, 2).filter(|it| (1..=12).contains(it))?;
    literal(&mut rest, "-")?;
    number(&mut rest, 2, 2).filter(|it| (1..=days(year, month)).contains(it))?;
    literal(&mut rest, "T")?;
    number(&mut rest, 1, 2).filter(|it| *it < 24)?;
    literal(&mut rest, ":")?;
    number(&mut rest, 2, 2).filter(|it| *it < 60)?;
    literal(&mut rest, ":")?;
    number(&mut rest, 2, 2).filter(|it| *it < 60)?;
    fraction(&mut rest, is_micro)?;
    if rest == "Z" {
        return Some(());
    }
    rest = rest.strip_prefix(['+', '-'])?;
    // Go's own words: some people do write offsets of 24 hours or 60 minutes.
    number(&mut rest, 2, 2).filter(|it| *it <= 24)?;
    literal(&mut rest, ":")?;
    number(&mut rest, 2, 2).filter(|it| *it <= 60)?;
    rest.is_empty().then_some(())
}

fn literal(rest: &mut &str, text: &str) -> Option<()> {
    *rest = rest.strip_prefix(text)?;
    Some(())
}

fn number(rest: &mut &str, least: usize, most: usize) -> Option<u32> {
    let digits = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if digits < least {
        return None;
    }
    let (number, after) = rest.split_at(digits);
    *rest = after;
    number.parse().ok()
}

fn fraction(rest: &mut &str, is_micro: bool) -> Option<()> {
    const MICRO_DIGITS: usize = 6;
    let Some(after) = rest.strip_prefix(['.', ',']) else {
        return (!is_micro).then_some(());
    };
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    if is_micro {
        *rest = after.get(MICRO_DIGITS..).filter(|_| digits >= MICRO_DIGITS)?;
    } else if digits > 0 {
        *rest = &after[digits..];
    }
    Some(())
}

fn days(year: u32, month: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_integers_where_json_has_no_fraction() {
        let cases = [
            ("3", Some(3)),
            ("3.0", Some(3)),
            ("3e2", Some(300)),
            ("0x10", Some(16)),
            ("1e18", Some(1_000_000_000_000_000_000)),
            ("1e19", None),
            ("1e21", None),
            ("1.5", None),
            (".inf", None),
            ("18446744073709551615", None),
        ];
        for (text, expected) in cases {
            assert_eq!(integer(edms_yaml::scalar::resolve(text)), expected, "{text}");
        }
    }

    #[test]
    fn quantities_are_those_that_kubernetes_parses() {
        for text in ["0", "1", "500m", "1.5Gi", "1.", ".5", "1e3", "1E+3", "2E", "Ki", "-", "+1", " 1Gi "] {
            assert!(is_quantity(Scalar::Str(text)), "{text}");
        }
        for text in ["", "1GiB", "1 Gi", "1K", "1mi", "1e", "e1.5", "--1", "1.2.3", "0x10", "three", "1Gi\n"] {
            assert!(!is_quantity(Scalar::Str(text)), "{text}");
        }
    }

    #[test]
    fn times_are_those_that_go_parses() {
        for text in ["2026-01-31T12:00:00Z", "2024-02-29T1:00:00,5+24:00", "0000-01-01T00:00:00.123456789Z"] {
            assert!(time(text, false).is_some(), "{text}");
        }
        for text in [
            "2026-01-31",
            "2026-01-31T12:00:00.Z",
            "2026-02-29T00:00:00Z",
            "2026-01-31T24:00:00Z",
            "2026-01-31t12:00:00Z",
        ] {
            assert!(time(text, false).is_none(), "{text}");
        }
        assert!(time("2026-01-31T12:00:00.123456Z", true).is_some());
        assert!(time("2026-01-31T12:00:00.12345Z", true).is_none());
        assert!(time("2026-01-31T12:00:00Z", true).is_none());
    }
}
