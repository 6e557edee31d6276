//! "Did you mean …?": the known word that is nearest to a written one.

/// The candidate that was probably meant, if one is near enough to be worth a word.
///
/// A different use of capitals is always near; otherwise about one letter in three may differ.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str, IntoIter: Clone>) -> Option<&'c str> {
    let candidates = candidates.into_iter();
    let lower = word.to_lowercase();
    let allowed = (word.chars().count() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.clone() {
        let other = candidate.to_lowercase();
        let distance = strsim::damerau_levenshtein(&lower, &other);
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate).or_else(|| begun(word, candidates))
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

#[cfg(test)]
mod tests {
    use super::*;

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
