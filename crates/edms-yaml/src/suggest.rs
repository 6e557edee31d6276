//! "Did you mean …?": the known word that is nearest to a written one.

mod distance;
mod rests;

use distance::Meter;
use foldhash::fast::FixedState;
use rapidfuzz::distance::osa;
pub use rests::rests;
use std::collections::HashMap;
use std::sync::OnceLock;

/// Among more candidates only those one edit away are suggested: comparing all of them letter by letter would take longer
/// than the audit.
pub const MOST_CANDIDATES: usize = 500;
/// Longer words are not compared: no field and no object has such a name.
const LONGEST: usize = 256;

/// The candidate that was probably meant, if one is near enough to be worth a word.
///
/// A different use of capitals is always near; otherwise about one letter in three may differ. Among more than 500
/// candidates a single letter may.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str, IntoIter: Clone>) -> Option<&'c str> {
    let candidates = candidates.into_iter();
    if word.len() > LONGEST {
        return None;
    }
    if candidates.clone().nth(MOST_CANDIDATES).is_some() {
        return nearest_of_many(word, candidates);
    }
    let candidates = candidates.filter(|it| it.len() <= LONGEST);
    let lower = word.to_lowercase();
    let allowed = (word.chars().count() / 3).max(1);
    let letters = lower.chars().count();
    let mut meter = Meter::of(&lower);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.clone() {
        let other = candidate.to_lowercase();
        // Each letter more or less is an edit; most candidates are out by that alone.
        if other.chars().count().abs_diff(letters) > allowed {
            continue;
        }
        let Some(distance) = meter.within(&other, allowed) else {
            return nearest_of_many(word, candidates);
        };
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate).or_else(|| begun(word, candidates))
}

/// The first of many candidates that is the same in other capitals, or else one edit away.
fn nearest_of_many<'c>(word: &str, mut candidates: impl Iterator<Item = &'c str> + Clone) -> Option<&'c str> {
    let same = candidates.clone().find(|it| it.eq_ignore_ascii_case(word));
    same.or_else(|| candidates.find(|it| it.len() <= LONGEST && is_one_edit(word, it)))
}

/// Candidates that are asked for the nearest of many words.
#[derive(Debug, Default)]
pub struct Candidates<T> {
    all: Vec<T>,
    /// Where there are many: their positions by what is left of them without a letter.
    by_rest: OnceLock<HashMap<u64, Vec<usize>, FixedState>>,
}

impl<T: AsRef<str>> Candidates<T> {
    /// These.
    pub fn new(all: Vec<T>) -> Candidates<T> {
        Candidates { all, by_rest: OnceLock::new() }
    }

    /// All of them.
    pub fn all(&self) -> &[T] {
        &self.all
    }

    /// What [`nearest`] finds among them.
    pub fn nearest(&self, word: &str) -> Option<&str> {
        if self.all.len() <= MOST_CANDIDATES {
            return nearest(word, self.all.iter().map(AsRef::as_ref));
        }
        if word.len() > LONGEST {
            return None;
        }
        let by_rest = self.by_rest.get_or_init(|| {
            let mut by_rest: HashMap<u64, Vec<usize>, FixedState> = HashMap::default();
            for (at, it) in self.all.iter().map(AsRef::as_ref).enumerate().filter(|it| it.1.len() <= LONGEST) {
                for rest in rests(&it.to_ascii_lowercase()) {
                    by_rest.entry(rest).or_default().push(at);
                }
            }
            by_rest
        });
        let lower = word.to_ascii_lowercase();
        let mut near: Vec<usize> =
            rests(&lower).iter().filter_map(|it| by_rest.get(it)).flatten().copied().take(MOST_CANDIDATES).collect();
        near.sort_unstable();
        near.dedup();
        nearest_of_many(word, near.into_iter().map(|it| self.all[it].as_ref()))
    }

    /// What [`certain`] finds among them.
    pub fn certain(&self, word: &str) -> Option<&str> {
        certain(word, self.all.iter().map(AsRef::as_ref))
    }
}

/// The candidate that was surely meant, so that it may be written in the place of the word: no other is as near, most of
/// the word is right, and the two are not told apart on purpose, as `worker-1` and `worker-2`, `shop-a` and `shop-b` are.
pub fn certain<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str, IntoIter: Clone>) -> Option<&'c str> {
    let candidates = candidates.into_iter();
    if candidates.clone().nth(MOST_CANDIDATES).is_some() {
        return None;
    }
    let meant = nearest(word, candidates.clone())?;
    let lower = word.trim().to_lowercase();
    let mut meter = Meter::of(&lower);
    let least = meter.within(&meant.to_lowercase(), usize::MAX)?;
    let letters = lower.chars().count();
    let mut others = candidates.filter(|it| *it != meant && it.len() <= LONGEST);
    let mut is_farther = |it: &str| meter.within(&it.to_lowercase(), least).is_some_and(|it| it > least);
    let is_only = others.all(|it| it.chars().count().abs_diff(letters) > least || is_farther(it));
    let is_sure = is_only && least * 2 < word.chars().count() && !are_counted(&lower, &meant.to_lowercase());
    is_sure.then_some(meant)
}

/// Whether two different names are told apart by a number or a single letter.
fn are_counted(one: &str, other: &str) -> bool {
    let parts = |text: &str| -> Vec<String> { text.split(['-', '.', '_', '/']).map(str::to_owned).collect() };
    let letters = |text: &str| text.chars().filter(|it| !it.is_ascii_digit()).collect::<String>();
    let (ones, others) = (parts(one), parts(other));
    let is_letter = |(one, other): (&String, &String)| one != other && one.len() <= 1 && other.len() <= 1;
    one != other
        && (letters(one) == letters(other) || (ones.len() == others.len() && ones.iter().zip(&others).any(is_letter)))
}

/// The candidate that was probably meant; where there is one alone, that one, however far it is.
pub fn nearest_or_only<'c>(word: &str, candidates: &'c [String]) -> Option<&'c str> {
    let only = || match candidates {
        [only] => Some(only.as_str()),
        _ => None,
    };
    nearest(word, candidates.iter().map(String::as_str)).or_else(only)
}

/// The one candidate that the word begins, as `target` begins `targetPort`.
fn begun<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    const SHORTEST: usize = 4;
    let mut begun = candidates.filter(|it| word.len() >= SHORTEST && it.starts_with(word));
    begun.next().filter(|_| begun.next().is_none())
}

/// The help for an unknown word: the nearest known one, or all of them where there are few.
pub fn help(word: &str, known: &[&str]) -> Option<String> {
    const FEW: usize = 12;
    if let Some(candidate) = nearest(word, known.iter().copied()) {
        return Some(format!("did you mean `{candidate}`?"));
    }
    match known {
        [] => None,
        [only] => Some(format!("only `{only}` is known here")),
        _ if known.len() <= FEW => Some(format!("known here: `{}`", known.join("`, `"))),
        _ => None,
    }
}

/// Whether one text is one edit of letters away from the other: enough for a hint. Numbers count members: `kafka-1` is
/// not near `kafka-0`.
pub fn is_near(one: &str, other: &str) -> bool {
    let letters = |it: &str| it.chars().filter(|it| !it.is_ascii_digit()).collect::<String>();
    is_one_edit(one, other) && letters(one) != letters(other)
}

/// Whether one name is surely a slip of the other, so that more than a hint follows from it: one edit apart, in a word
/// of some length and without digits. `worker-1` and `worker-2`, `shop-a` and `shop-b` are called so on purpose.
pub fn is_slip(one: &str, other: &str) -> bool {
    if !is_one_edit(one, other) {
        return false;
    }
    let words = |text: &str| -> Vec<String> { text.split(['-', '.', '_', '/']).map(str::to_owned).collect() };
    let is_word = |text: &str| text.len() > 3 && !text.contains(|it: char| it.is_ascii_digit());
    let (ones, others) = (words(one), words(other));
    if ones.len() == others.len() {
        ones.iter().zip(&others).filter(|it| it.0 != it.1).all(|it| is_word(it.0) && is_word(it.1))
    } else {
        is_word(one) && is_word(other)
    }
}

/// Whether a word is meant to be a long name that everyone spells alike: other capitals, or two edits.
pub fn is_slip_of(known: &str, word: &str) -> bool {
    known.eq_ignore_ascii_case(word)
        || (known.len() + 8 >= word.len() && osa::distance(known.chars(), word.chars()) <= 2)
}

/// Whether a letter more, less or other, or a swap of two neighbours, makes one text of the other. Unlike a distance it
/// takes no longer for long texts than reading them.
fn is_one_edit(one: &str, other: &str) -> bool {
    let same = one.chars().zip(other.chars()).take_while(|it| it.0 == it.1);
    let begun: usize = same.map(|it| it.0.len_utf8()).sum();
    let (one, other) = (&one[begun..], &other[begun..]);
    let same = one.chars().rev().zip(other.chars().rev()).take_while(|it| it.0 == it.1);
    let ended: usize = same.map(|it| it.0.len_utf8()).sum();
    let (one, other) = (&one[..one.len() - ended], &other[..other.len() - ended]);
    let letters = |text: &str| -> Vec<char> { text.chars().take(3).collect() };
    match (letters(one).as_slice(), letters(other).as_slice()) {
        ([_], [] | [_]) | ([], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn among_many_candidates_one_letter_may_differ() {
        let all = Candidates::new((0..2_000).map(|it| format!("setting-{it}-of-it")).collect::<Vec<String>>());
        for (word, near) in [
            ("setting-7-of-lt", Some("setting-7-of-it")),
            ("Setting-8-Of-It", Some("setting-8-of-it")),
            ("settnig-9-of-it", Some("setting-9-of-it")),
            ("something else", None),
        ] {
            assert_eq!(all.nearest(word), near, "{word}");
            assert_eq!(nearest(word, all.all().iter().map(String::as_str)), near, "{word}");
        }
    }

    #[test]
    fn what_is_certain_may_be_written() {
        let cases: &[(&str, &[&str], Option<&str>)] = &[
            ("htp", &["http", "metrics"], Some("http")),
            ("Metrics", &["http", "metrics"], Some("metrics")),
            ("bakend", &["backend", "frontend"], Some("backend")),
            ("C", &["A", "B"], None),
            ("C", &["A"], None),
            ("orders-c", &["orders-a", "orders-b"], None),
            ("orders-c", &["orders-a"], None),
            ("worker-3", &["worker-1"], None),
            ("cart", &["card", "cars"], None),
            ("orders", &["orders-api"], None),
        ];
        for (word, candidates, meant) in cases {
            assert_eq!(certain(word, candidates.iter().copied()), *meant, "{word} {candidates:?}");
        }
    }

    #[test]
    fn what_is_near_is_one_edit_of_letters_away() {
        for other in ["order", "odrers", "ordert"] {
            assert!(is_near("orders", other), "{other}");
        }
        for (one, other) in
            [("orders", "orders"), ("orders", "rders-x"), ("kafka-0", "kafka-1"), ("shop-v9", "shop-v10")]
        {
            assert!(!is_near(one, other), "{one} {other}");
        }
        assert!(is_near("shop-api", "shop-ap") && !is_slip("shop-api", "shop-ap"));
    }

    #[test]
    fn slips_are_single_edits_of_words() {
        for (one, other) in [
            ("backend", "bakend"),
            ("backend", "bakcend"),
            ("order-consumer", "order-consumr"),
            ("back-end", "backend"),
            ("orders", "order"),
            ("orders", "ordert"),
        ] {
            assert!(is_slip(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("worker-1", "worker-2"),
            ("shop-a", "shop-b"),
            ("worker", "worker1"),
            ("api", "app"),
            ("orders", "orders"),
            ("orders", "rders-x"),
            ("shop-v9", "shop-v10"),
        ] {
            assert!(!is_slip(one, other), "{one} {other}");
        }
    }

    #[test]
    fn one_edit_is_what_the_distance_says() {
        let words =
            ["", "a", "b", "ab", "12", "21", "aab", "a12", "abc", "acb", "abcd", "abdc", "bcda", "äb", "bä", "äöb"];
        for one in words {
            for other in words {
                assert_eq!(is_one_edit(one, other), osa::distance(one.chars(), other.chars()) == 1, "{one} {other}");
            }
        }
    }

    #[test]
    fn long_words_are_not_compared_and_among_many_one_letter_may_differ() {
        let many: Vec<String> = (0..=MOST_CANDIDATES).map(|it| format!("name-{it}")).collect();
        assert_eq!(nearest("name-x", many.iter().map(String::as_str)), Some("name-0"));
        assert_eq!(nearest("nome-x", many.iter().map(String::as_str)), None);
        assert_eq!(nearest("nome-x", many[..5].iter().map(String::as_str)), Some("name-0"));
        let long = "n".repeat(40_000);
        assert_eq!(nearest(&long, [long.as_str(), "n"]), None);
        assert!(is_slip(&format!("{long}x"), &long));
    }

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        let fields = ["replicas", "template", "selector", "minReadySeconds"];
        assert_eq!(nearest("replica", fields), Some("replicas"));
        assert_eq!(nearest("Replicas", fields), Some("replicas"));
        assert_eq!(nearest("minreadyseconds", fields), Some("minReadySeconds"));
        assert_eq!(nearest("slector", fields), Some("selector"));
        assert_eq!(nearest("strategy", fields), None);
        assert_eq!(nearest("temp", fields), Some("template"));
        assert_eq!(help("x", &["nodes", "zones"]).as_deref(), Some("known here: `nodes`, `zones`"));
    }
}
