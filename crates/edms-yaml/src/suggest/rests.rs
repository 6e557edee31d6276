//! What is left of names without a letter, so that those one edit apart are found without comparing all.

/// Hashes are numbers below this prime, so that no name can be made to look like another by its letters alone.
const PRIME: u64 = (1 << 61) - 1;
/// A name is a number to this base.
const BASE: u64 = 0x0c6a_4a79_35bd_1e99;

/// Hashes of a name itself, and of the name without each of its letters. What has the same hash is to be compared.
pub fn rests(name: &str) -> Vec<u64> {
    // What stands before each byte, as a number.
    let mut before = Vec::with_capacity(name.len() + 1);
    before.push(0);
    for byte in name.bytes() {
        before.push(add(times(before[before.len() - 1], BASE), u64::from(byte) + 1));
    }
    let mut rests = vec![before[name.len()]];
    // What stands behind a letter, and what a number before it is multiplied by.
    let (mut behind, mut power) = (0, 1);
    for (at, letter) in name.char_indices().rev() {
        rests.push(add(times(before[at], power), behind));
        for byte in name.as_bytes()[at..at + letter.len_utf8()].iter().rev() {
            behind = add(times(u64::from(*byte) + 1, power), behind);
            power = times(power, BASE);
        }
    }
    rests.sort_unstable();
    rests.dedup();
    rests
}

fn add(one: u64, other: u64) -> u64 {
    (one + other) % PRIME
}

fn times(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other) % u128::from(PRIME);
    u64::try_from(product).expect("it is below the prime")
}

#[cfg(test)]
mod tests {
    use super::rests;

    #[test]
    fn names_one_edit_apart_share_a_rest() {
        for (one, other) in [("backend", "backnd"), ("backend", "bakcend"), ("backend", "backemd"), ("api", "apis")] {
            assert!(rests(one).iter().any(|it| rests(other).contains(it)), "{one} {other}");
        }
        assert!(!rests("backend").iter().any(|it| rests("frontend").contains(it)));
    }

    #[test]
    fn what_is_left_of_a_name_is_the_name_of_what_is_left() {
        let left = rests("g\u{f6}ab");
        for rest in ["\u{f6}ab", "gab", "g\u{f6}b", "g\u{f6}a"] {
            assert!(rests(rest).iter().any(|it| left.contains(it)), "{rest}");
        }
    }
}
