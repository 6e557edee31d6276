//! How far a word is from others, as long as that can be told without comparing too many letters.

/// So many letters of a word are compared with those of others, at most: three hundred names of thirty letters are, and five
/// hundred of two hundred letters would take as long as a small audit, each time.
const MOST: usize = 1 << 18;

/// A word, and how many letters were compared with its own.
pub(super) struct Meter<'w> {
    word: &'w str,
    letters: usize,
    /// How often it has each letter, where all of them are of ASCII.
    counts: Option<[i32; 128]>,
    compared: usize,
}

impl<'w> Meter<'w> {
    pub(super) fn of(word: &'w str) -> Meter<'w> {
        Meter { word, letters: word.chars().count(), counts: counts(word), compared: 0 }
    }

    /// The distance of another word, or some number above `most` where it is above; nothing once too many letters were
    /// compared.
    pub(super) fn within(&mut self, other: &str, most: usize) -> Option<usize> {
        let least = self.least(other);
        if least > most {
            return Some(least);
        }
        self.compared = self.compared.saturating_add(self.letters.saturating_mul(other.len()));
        (self.compared <= MOST).then(|| strsim::damerau_levenshtein(self.word, other))
    }

    /// A distance that another word has at least: each edit changes one letter, or swaps two.
    fn least(&self, other: &str) -> usize {
        let (Some(own), Some(others)) = (&self.counts, counts(other)) else { return 0 };
        let (mut more, mut less) = (0, 0);
        for (own, other) in own.iter().zip(others) {
            more += usize::try_from(own - other).unwrap_or(0);
            less += usize::try_from(other - own).unwrap_or(0);
        }
        more.max(less)
    }
}

fn counts(text: &str) -> Option<[i32; 128]> {
    let mut counts = [0; 128];
    for byte in text.bytes() {
        *counts.get_mut(usize::from(byte))? += 1;
    }
    Some(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_alone_tell_no_more_than_the_distance() {
        let words = ["", "a", "ab", "cab", "abc", "acb", "kafka", "kafak", "akfka", "zookeeper", "zookeeperx", "äb"];
        for one in words {
            for other in words {
                let distance = strsim::damerau_levenshtein(one, other);
                assert!(Meter::of(one).least(other) <= distance, "{one} {other}");
                assert_eq!(Meter::of(one).within(other, usize::MAX), Some(distance), "{one} {other}");
            }
        }
    }

    #[test]
    fn not_more_letters_are_compared_than_that() {
        let (one, other) = ("ab".repeat(100), format!("b{}a", "ab".repeat(99)));
        let mut meter = Meter::of(&one);
        let asked = (0..10_000).take_while(|_| meter.within(&other, 50).is_some()).count();
        assert_eq!(asked, MOST / 40_000);
    }
}
