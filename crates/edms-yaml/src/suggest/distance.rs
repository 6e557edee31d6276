//! How far a word is from others, as long as that can be told without comparing too many letters.

use foldhash::fast::FixedState;
use std::collections::HashMap;

/// Longer words are not measured.
const LONGEST: usize = PART * PARTS;
/// So many letters of a word are compared with one of another in one step.
const PART: usize = 64;
const PARTS: usize = 4;
/// So many steps are taken for one word: a thousand names of thirty letters are compared with it, and a hundred of two
/// hundred and fifty. More take as long as a small audit, each time.
const MOST: usize = 1 << 17;

/// A bit for each letter of a word.
type Letters = [u64; PARTS];

/// A word, and how much was compared with it.
pub(super) struct Meter<'w> {
    word: &'w str,
    letters: usize,
    /// How often it has each letter, where all of them are of ASCII.
    counts: Option<[i32; 128]>,
    /// Where it has each letter, once that is asked for.
    places: Option<HashMap<char, Letters, FixedState>>,
    steps: usize,
}

impl<'w> Meter<'w> {
    pub(super) fn of(word: &'w str) -> Meter<'w> {
        Meter { word, letters: word.chars().count(), counts: counts(word), places: None, steps: 0 }
    }

    /// How many letters of another word are more, less, other, or swapped with their neighbour, or some number above `most`
    /// where it is above; nothing for a long word, and once too much was compared.
    pub(super) fn within(&mut self, other: &str, most: usize) -> Option<usize> {
        let least = self.least(other);
        if least > most {
            return Some(least);
        }
        self.steps = self.steps.saturating_add(self.letters.div_ceil(PART).saturating_mul(other.len()));
        (self.steps <= MOST && self.letters <= LONGEST).then(|| self.distance(other, most))
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

    /// The table of distances between the beginnings of both words has a row for each letter of this one and a column for
    /// each of the other. From one cell to the next the distance changes by one at most, so that a column is two bits a
    /// row, and follows from the one before it by arithmetic (H. Hyyrö, "A bit-vector algorithm for computing Levenshtein
    /// and Damerau edit distances", 2003).
    fn distance(&mut self, other: &str, most: usize) -> usize {
        if self.letters == 0 {
            return other.chars().count();
        }
        let places = self.places.get_or_insert_with(|| places(self.word));
        let mut column = Column::first();
        let mut distance = self.letters;
        let mut left = other.chars().count();
        for letter in other.chars() {
            match column.step(&places.get(&letter).copied().unwrap_or_default(), self.letters) {
                Change::More => distance += 1,
                Change::Less => distance -= 1,
                Change::None => {}
            }
            left -= 1;
            if distance > most.saturating_add(left) {
                break;
            }
        }
        distance
    }
}

/// How the distance in the last row changes from one column to the next.
enum Change {
    More,
    Less,
    None,
}

/// A column of the table of distances.
struct Column {
    /// The rows where the distance is one more than in the row above.
    more: Letters,
    /// Those where it is one less.
    less: Letters,
    /// Those where it is that of the row above in the column before.
    same: Letters,
    /// Where the word has the letter of this column.
    places: Letters,
}

impl Column {
    fn first() -> Column {
        Column { more: [!0; PARTS], less: [0; PARTS], same: [0; PARTS], places: [0; PARTS] }
    }

    /// Goes on to the column of a letter that the word of so many letters has at these places.
    fn step(&mut self, places: &Letters, letters: usize) -> Change {
        let (mut swap, mut carry, mut above_more, mut above_less) = (0, false, 1, 0);
        let (last, bit) = ((letters - 1) / PART, 1 << ((letters - 1) % PART));
        let mut change = Change::None;
        for (at, here) in places.iter().copied().enumerate().take(last + 1) {
            let (more, less) = (self.more[at], self.less[at]);
            let not_same = !self.same[at] & here;
            let swapped = (not_same << 1 | swap) & self.places[at];
            swap = not_same >> (PART - 1);
            let (sum, first) = (here & more).overflowing_add(more);
            let (sum, second) = sum.overflowing_add(u64::from(carry));
            carry = first || second;
            let same = (sum ^ more) | here | less | swapped;
            let (beside_more, beside_less) = (less | !(same | more), same & more);
            if at == last && beside_more & bit != 0 {
                change = Change::More;
            } else if at == last && beside_less & bit != 0 {
                change = Change::Less;
            }
            let (shifted_more, shifted_less) = (beside_more << 1 | above_more, beside_less << 1 | above_less);
            (above_more, above_less) = (beside_more >> (PART - 1), beside_less >> (PART - 1));
            self.more[at] = shifted_less | !(same | shifted_more);
            self.less[at] = shifted_more & same;
            self.same[at] = same;
        }
        self.places = *places;
        change
    }
}

fn places(word: &str) -> HashMap<char, Letters, FixedState> {
    let mut places: HashMap<char, Letters, FixedState> = HashMap::default();
    for (at, letter) in word.chars().enumerate().take(LONGEST) {
        places.entry(letter).or_default()[at / PART] |= 1 << (at % PART);
    }
    places
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
    fn distances_are_those_of_the_table() {
        let mut words: Vec<String> =
            ["", "a", "ab", "cab", "abc", "acb", "ca", "kafka", "kafak", "akfka", "zookeeper", "zookeeperx", "äb"]
                .map(str::to_owned)
                .into();
        // Of two letters, so that much is alike, and around the sizes of one, two and four parts.
        let mut state = 7_u32;
        for length in [3, 9, 63, 64, 65, 66, 127, 128, 129, 200, 255, 256] {
            let letters = (0..length).map(|_| {
                state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
                if state >> 16 & 1 == 0 { 'a' } else { 'b' }
            });
            words.push(letters.collect());
        }
        for one in &words {
            for other in &words {
                let distance = strsim::osa_distance(one, other);
                assert!(Meter::of(one).least(other) <= distance, "{one} {other}");
                assert_eq!(Meter::of(one).within(other, usize::MAX), Some(distance), "{one} {other}");
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
        assert_eq!(asked, MOST / (200 * PARTS));
        assert_eq!(Meter::of(&"a".repeat(257)).within(&"a".repeat(257), 3), None);
    }
}
