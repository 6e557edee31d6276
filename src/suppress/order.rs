//! What a comment or an annotation says: `ignore[rule, rule] until=2027-01-31: reason`.

use crate::config;
use jiff::civil::Date;
use rapidfuzz::distance::osa;

/// The whole form, for help.
pub(super) const FORM: &str = "it reads `# edms-lint: ignore[rule] until=2027-01-31: reason`; `until` may be left out";

/// What is meant by an order for more than an object.
const OF_A_FILE: &str = "`ignore[rule]` above an object covers all of it; whole files stand in the configuration, under `ignore` with `paths`";

/// So many rules one comment names at most: more than there are.
pub(super) const MOST_RULES: usize = 256;

/// What is wrong with an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Mistake {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> Mistake {
        Mistake { message: message.into(), help: Some(help.into()) }
    }
}

/// What stands behind the names of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Terms<'t> {
    pub(super) until: Option<Date>,
    /// Empty where none is given.
    pub(super) reason: &'t str,
}

/// The order in a comment, if it is one: what stands behind `edms-lint:`.
pub(super) fn in_comment(comment: &str) -> Option<Result<&str, Mistake>> {
    let text = comment.trim_start_matches('#').trim_start();
    if let Some(order) = text.strip_prefix("edms-lint:") {
        return Some(Ok(order.trim()));
    }
    let end = text.find(|it: char| !it.is_alphanumeric() && it != '-' && it != '_').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if name == "edms-lint" {
        return is_order(rest).then(|| Err(Mistake::new("a colon is missing behind `edms-lint`", FORM)));
    }
    let plain: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let is_near = plain.len() < 10 && osa::distance(plain.chars(), "edmslint".chars()) <= 1;
    (is_near && is_order(rest)).then(|| Err(Mistake::new(format!("`{name}` is not `edms-lint`"), FORM)))
}

/// Whether a text is meant as an order, and no prose: a verb, and then a bracket, a rule or nothing.
fn is_order(text: &str) -> bool {
    let text = text.trim_start_matches([':', '.', '-', ' ']);
    let end = text.find(|it: char| !it.is_alphabetic()).unwrap_or(text.len());
    let (verb, rest) = text.split_at(end);
    let rest = rest.trim_start_matches([':', '=', ' ']);
    let word = rest.split([' ', ',', ':']).next().unwrap_or_default();
    let has_object = rest.is_empty() || rest.starts_with('[') || crate::rules::find(word).is_some();
    has_object && ["ignore", "disable", "suppress", "skip", "allow", "off"].contains(&verb)
}

/// Reads `ignore[rule, rule]`, and what follows.
pub(super) fn parse(order: &str) -> Result<(Vec<&str>, Terms<'_>), Mistake> {
    let Some(rest) = order.strip_prefix("ignore") else {
        let word = order.split(|it: char| !it.is_alphanumeric() && it != '-').next().unwrap_or_default();
        return Err(Mistake::new(format!("there is no order `{word}`"), FORM));
    };
    let Some(rest) = rest.trim_start().strip_prefix('[') else {
        if rest.starts_with(['-', '_']) {
            let word =
                order.split(|it: char| !it.is_alphanumeric() && it != '-' && it != '_').next().unwrap_or_default();
            return Err(Mistake::new(format!("there is no order `{word}`"), OF_A_FILE));
        }
        return Err(Mistake::new("it names no rule to ignore", FORM));
    };
    let Some((names, rest)) = rest.split_once(']') else {
        return Err(Mistake::new("the list of rules does not end", FORM));
    };
    let names: Vec<&str> = names.split(',').map(str::trim).filter(|it| !it.is_empty()).collect();
    if names.is_empty() {
        return Err(Mistake::new("it names no rule to ignore", FORM));
    }
    if names.len() > MOST_RULES {
        let message = format!("it names {} rules, and no more than {MOST_RULES} are read", names.len());
        return Err(Mistake::new(message, "name each rule once"));
    }
    Ok((names, terms(rest)?))
}

/// Reads ` until=2027-01-31: reason`; both parts may be absent.
pub(super) fn terms(text: &str) -> Result<Terms<'_>, Mistake> {
    let mut rest = text.trim();
    let mut until = None;
    let word = rest.split(|it: char| it.is_whitespace() || it == ':').next().unwrap_or_default();
    if let Some((key, value)) = word.split_once('=') {
        if key != "until" {
            return Err(Mistake::new(format!("there is no setting `{key}`"), FORM));
        }
        let Some(date) = config::date(value) else {
            return Err(Mistake::new(format!("`{value}` is no date"), "a day reads as 2027-01-31"));
        };
        until = Some(date);
        rest = rest[word.len()..].trim_start();
    }
    Ok(Terms { until, reason: rest.strip_prefix(':').unwrap_or(rest).trim() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_read() {
        let day = config::date("2027-01-31");
        let cases: &[(&str, &[&str], Option<Date>, &str)] = &[
            ("ignore[a]: one will do", &["a"], None, "one will do"),
            ("ignore[a, b] until=2027-01-31: a: b", &["a", "b"], day, "a: b"),
            ("ignore [ a ] until=2027-01-31", &["a"], day, ""),
            ("ignore[a] one will do", &["a"], None, "one will do"),
            ("ignore[a]", &["a"], None, ""),
        ];
        for (text, names, until, reason) in cases {
            let terms = Terms { until: *until, reason };
            assert_eq!(parse(text), Ok((names.to_vec(), terms)), "{text}");
        }
    }

    #[test]
    fn mistakes_are_told() {
        let cases = [
            ("disable", "there is no order `disable`"),
            ("ignore-file[a]: all of it", "there is no order `ignore-file`"),
            ("ignore", "it names no rule to ignore"),
            ("ignore: all of it", "it names no rule to ignore"),
            ("ignore[]: all of it", "it names no rule to ignore"),
            ("ignore[a: b", "the list of rules does not end"),
            ("ignore[a] unitl=2027-01-31: b", "there is no setting `unitl`"),
            ("ignore[a] until=31.1.2027: b", "`31.1.2027` is no date"),
        ];
        for (text, message) in cases {
            assert_eq!(parse(text).map_err(|it| it.message), Err(message.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_comment_names_so_many_rules_at_most() {
        let naming = |number: usize| format!("ignore[{}]: known", vec!["a"; number].join(", "));
        assert!(parse(&naming(MOST_RULES)).is_ok());
        let message = parse(&naming(100_000)).err().map(|it| it.message);
        assert_eq!(message.as_deref(), Some("it names 100000 rules, and no more than 256 are read"));
    }

    #[test]
    fn only_comments_that_are_meant_are_orders() {
        assert_eq!(in_comment("# edms-lint: ignore[a]"), Some(Ok("ignore[a]")));
        assert!(matches!(in_comment("## edms-lint ignore[a]: b"), Some(Err(_))));
        for text in [
            "# edms_lint: ignore[a]",
            "# edmslint ignore[a]: b",
            "# edms-lnit: ignore [a]",
            "# edms-lint ignore",
            "# edms-lint disable pdb-missing",
            "# edms-lint.ignore: pdb-missing",
        ] {
            assert!(matches!(in_comment(text), Some(Err(_))), "{text}");
        }
        for text in [
            "# edms-linting",
            "# edms-lint ignores this",
            "# see edms-lint: ignore[a]",
            "# edms-lint",
            "# edms-lint says pdb-missing",
            "# edms ignore",
        ] {
            assert_eq!(in_comment(text), None, "{text}");
        }
    }
}
