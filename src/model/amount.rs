//! Numbers as Kubernetes writes them: an integer or a percentage.

use crate::yaml::NodeRef;
use crate::yaml::scalar::Scalar;
use std::fmt;

/// The whole number of 32 bits that a text is: larger ones are no counts, and sums of these never overflow.
pub fn whole_number(text: &str) -> Option<i64> {
    text.trim().parse::<i32>().ok().map(i64::from)
}

/// An `IntOrString` that means an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// A number of pods.
    Count(i64),
    /// A share of them, in percent.
    Percent(i64),
}

impl Amount {
    /// Reads the value. `None` for what the API server refuses (`"2"`, `1.5%`) and for unknown text.
    pub fn read(node: NodeRef<'_>) -> Option<Amount> {
        match node.scalar()? {
            Scalar::Int(_) => node.as_int().map(Amount::Count),
            Scalar::Str(text) => {
                let digits = text.strip_suffix('%')?;
                let all_digits = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
                if all_digits { whole_number(digits).map(Amount::Percent) } else { None }
            }
            _ => None,
        }
    }

    /// How many of `total` it is, a share rounded up (budgets, maxSurge).
    pub fn of_rounded_up(self, total: i64) -> i64 {
        match self {
            Amount::Count(count) => count,
            Amount::Percent(percent) => {
                let product = i128::from(total) * i128::from(percent);
                i64::try_from((product + 99).div_euclid(100)).unwrap_or(i64::MAX)
            }
        }
    }

    /// How many of `total` it is, a share rounded down (maxUnavailable of a Deployment).
    pub fn of_rounded_down(self, total: i64) -> i64 {
        match self {
            Amount::Count(count) => count,
            Amount::Percent(percent) => {
                i64::try_from(i128::from(total) * i128::from(percent) / 100).unwrap_or(i64::MAX)
            }
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Amount::Count(count) => write!(f, "{count}"),
            Amount::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_round_as_the_controllers_round_them() {
        assert_eq!(Amount::Percent(67).of_rounded_up(3), 3);
        assert_eq!(Amount::Percent(66).of_rounded_up(3), 2);
        assert_eq!(Amount::Percent(25).of_rounded_down(3), 0);
        assert_eq!(Amount::Percent(0).of_rounded_up(5), 0);
    }
}
