//! How far a word is from others, as long as that can be told without comparing too many letters.

use rapidfuzz::distance::osa::{Args, BatchComparator};

/// Longer words are not measured.
const LONGEST: usize = 256;
/// So many letters of a word are compared with one of another in one step.
const PART: usize = 64;
/// So many steps are taken for one word: a thousand names of thirty letters are compared with it, and a hundred of two
/// hundred and fifty. More take as long as a small audit, each time.
const MOST: usize = 1 << 17;

/// A word, and how much was compared with it.
pub(super) struct Meter<'w> {
    word: &'w str,
    letters: usize,
    /// How often it has each letter, where all of them are of ASCII.
    counts: Option<[i32; 128]>,
    /// What compares it, once that is asked for.
    comparator: Option<BatchComparator<char>>,
    steps: usize,
}

impl<'w> Meter<'w> {
    pub(super) fn of(word: &'w str) -> Meter<'w> {
        Meter { word, letters: word.chars().count(), counts: counts(word), comparator: None, steps: 0 }
    }

    /// How many letters of another word are more, less, other, or swapped with their neighbour, or some number above `most`
    /// where it is above; nothing for a long word, and once too much was compared.
    pub(super) fn within(&mut self, other: &str, most: usize) -> Option<usize> {
        let least = self.least(other);
        if least > most {
            return Some(least);
        }
        self.steps = self.steps.saturating_add(self.letters.div_ceil(PART).saturating_mul(other.len()));
        let is_bounded = self.steps <= MOST && self.letters <= LONGEST;
        let word = self.word;
        let comparator =
            is_bounded.then(|| self.comparator.get_or_insert_with(|| BatchComparator::new(word.chars())))?;
        let limit = Args::default().score_cutoff(most);
        Some(comparator.distance_with_args(other.chars(), &limit).unwrap_or(most.saturating_add(1)))
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
    use rapidfuzz::distance::osa;

    #[test]
    fn letters_alone_and_limits_tell_no_more_than_the_distance() {
        let long = ["ab".repeat(100), format!("b{}a", "ab".repeat(99))];
        let words =
            ["", "a", "ab", "cab", "abc", "acb", "ca", "kafka", "kafak", "akfka", "zookeeper", "zookeeperx", "äb"];
        let words: Vec<&str> = words.into_iter().chain(long.iter().map(String::as_str)).collect();
        for one in &words {
            for other in &words {
                let distance = osa::distance(one.chars(), other.chars());
                assert!(Meter::of(one).least(other) <= distance, "{one} {other}");
                assert_eq!(Meter::of(one).within(other, usize::MAX - 1), Some(distance), "{one} {other}");
                let near = Meter::of(one).within(other, 3).expect("one comparison is not too many");
                assert!(near == distance || (near > 3 && distance > 3), "{one} {other}: {near}, {distance}");
            }
        }
    }

    #[test]
    fn not_more_letters_are_compared_than_that() {
        let (one, other) = ("ab".repeat(100), format!("b{}a", "ab".repeat(99)));
        let mut meter = Meter::of(&one);
        let asked = (0..10_000).take_while(|_| meter.within(&other, 50).is_some()).count();
        assert_eq!(asked, MOST / (200_usize.div_ceil(PART) * 200));
        assert_eq!(Meter::of(&"a".repeat(257)).within(&"a".repeat(257), 3), None);
    }
}
