//! How large an expression may be to be read. The parser recurses into brackets and takes quadratic time in operators,
//! and compiles each regular expression: nobody writes an alert that comes near these bounds, and a manifest that does
//! shall not stop the run.

use std::fmt;

/// Letters of an expression.
const MOST_LETTERS: usize = 64 << 10;
/// Brackets within brackets.
const MOST_LEVELS: usize = 64;
/// Operators of an expression, signs among them.
const MOST_OPERATORS: usize = 1000;
/// Repetitions that the regular expressions of an expression count out, as in `x{1000}`. Prometheus refuses more than
/// 1000 in a single one (`regexp/syntax` of Go: "invalid repeat count").
const MOST_REPETITIONS: usize = 10_000;

/// Why an expression is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge {
    count: usize,
    most: usize,
    what: &'static str,
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TooLarge { count, most, what } = self;
        write!(f, "it has {count} {what}, and expressions are read up to {most}")
    }
}

/// What is too large in an expression, if anything is.
pub(super) fn excess(text: &str) -> Option<TooLarge> {
    let too = |count: usize, most: usize, what: &'static str| (count > most).then_some(TooLarge { count, most, what });
    too(text.len(), MOST_LETTERS, "bytes").or_else(|| {
        let size = Size::of(text);
        too(size.levels, MOST_LEVELS, "levels of brackets")
            .or_else(|| too(size.operators, MOST_OPERATORS, "operators"))
            .or_else(|| too(size.repetitions, MOST_REPETITIONS, "repetitions in regular expressions"))
    })
}

/// What an expression costs.
#[derive(Default)]
struct Size {
    levels: usize,
    operators: usize,
    repetitions: usize,
}

impl Size {
    fn of(text: &str) -> Size {
        let mut size = Size::default();
        let (mut level, mut rest) = (0_usize, text);
        while let Some(first) = rest.chars().next() {
            let length = match first {
                '"' | '\'' | '`' => {
                    let literal = literal(rest, first);
                    size.repetitions = size.repetitions.saturating_add(repetitions(literal));
                    literal.len()
                }
                '#' => rest.find('\n').unwrap_or(rest.len()),
                _ if first.is_alphabetic() || first == '_' => {
                    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '_' | ':');
                    let word = &rest[..rest.find(|it| !is_part(it)).unwrap_or(rest.len())];
                    size.operators += usize::from(is_operator(word));
                    word.len()
                }
                _ => {
                    match first {
                        '(' | '[' | '{' => level += 1,
                        ')' | ']' | '}' => level = level.saturating_sub(1),
                        '+' | '-' | '*' | '/' | '%' | '^' | '<' | '>' | '=' | '!' | '@' => size.operators += 1,
                        // A subquery wraps all that stands before it.
                        ':' => size.operators += 1,
                        _ => {}
                    }
                    size.levels = size.levels.max(level);
                    first.len_utf8()
                }
            };
            rest = &rest[length..];
        }
        size
    }
}

fn is_operator(word: &str) -> bool {
    ["and", "or", "unless", "atan2", "offset"].iter().any(|it| word.eq_ignore_ascii_case(it))
}

/// The literal that begins a text, with its quotes.
fn literal(text: &str, quote: char) -> &str {
    let mut is_escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        if letter == quote && !is_escaped {
            return &text[..=at];
        }
        is_escaped = letter == '\\' && !is_escaped && quote != '`';
    }
    text
}

/// How often the counted repetitions of a regular expression repeat something, if they stand within each other.
fn repetitions(pattern: &str) -> usize {
    let counts = pattern.split('{').skip(1).filter_map(|it| {
        let (counted, _) = it.split_once('}')?;
        let most = counted.rsplit(',').find(|it| !it.is_empty())?;
        most.trim().parse::<usize>().ok().filter(|it| *it > 1)
    });
    counts.fold(0, |product: usize, count| product.max(1).saturating_mul(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Option<String> {
        excess(text).map(|it| it.to_string())
    }

    #[test]
    fn what_people_write_is_read() {
        let long =
            vec![r#"sum(rate(kafka_requests{pod=~"a-[0-9]{1,3}", code!="5.."}[5m])) by (pod)"#; 200].join(" or ");
        assert_eq!(said(&long), None);
        assert_eq!(
            said(r#"up{a=~"((((((((((("} # (((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((("#),
            None
        );
    }

    #[test]
    fn what_the_parser_cannot_bear_is_named_with_its_number() {
        let deep = format!("{}up{}", "sum(".repeat(6500), ")".repeat(6500));
        assert_eq!(said(&deep).as_deref(), Some("it has 6500 levels of brackets, and expressions are read up to 64"));
        let many = vec!["up"; 3000].join(" or ");
        assert_eq!(said(&many).as_deref(), Some("it has 2999 operators, and expressions are read up to 1000"));
        let signs = format!("{}up", "-".repeat(2000));
        assert_eq!(said(&signs).as_deref(), Some("it has 2000 operators, and expressions are read up to 1000"));
        let nested = r#"up{a=~"(.{1,200}){1,200}"}"#;
        let expected = "it has 40000 repetitions in regular expressions, and expressions are read up to 10000";
        assert_eq!(said(nested).as_deref(), Some(expected));
        let long = "a".repeat(70_000);
        assert_eq!(said(&long).as_deref(), Some("it has 70000 bytes, and expressions are read up to 65536"));
    }
}
