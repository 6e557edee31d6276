//! Alert expressions: what they look at, and whether they can hold at all.

use super::expression_limits::{TooLarge, excess};
use promql_parser::label::{MatchOp, Matchers};
use promql_parser::parser::token::{T_EQLC, T_GTE, T_GTR, T_LAND, T_LOR, T_LSS, T_LTE, T_LUNLESS, T_NEQ};
use promql_parser::parser::{BinaryExpr, Call, Expr, VectorSelector};

/// An expression as Prometheus parses it.
#[derive(Debug)]
pub struct Expression(Expr);

/// One selection of series: `name{label="value"}`.
#[derive(Clone, Debug)]
pub struct Selection<'e> {
    selector: &'e VectorSelector,
}

/// Whether an expression has a result, which is when an alert fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Result {
    /// Never.
    Never,
    /// At times, as far as anybody can tell.
    Sometimes,
    /// Always.
    Always,
}

/// How a label is compared.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'e> {
    /// The text or the regular expression.
    pub text: &'e str,
    op: &'e MatchOp,
}

impl Wanted<'_> {
    /// Whether it asks for something, rather than excludes it.
    pub fn is_positive(&self) -> bool {
        matches!(self.op, MatchOp::Equal | MatchOp::Re(_))
    }

    /// Whether it asks for one text, and not for a pattern.
    pub fn is_literal(&self) -> bool {
        matches!(self.op, MatchOp::Equal)
    }

    /// Whether a value fits. Regular expressions are anchored at both ends.
    pub fn fits(&self, value: &str) -> bool {
        match self.op {
            MatchOp::Equal => self.text == value,
            MatchOp::NotEqual => self.text != value,
            MatchOp::Re(regex) => regex.is_match(value),
            MatchOp::NotRe(regex) => !regex.is_match(value),
        }
    }
}

impl<'e> Selection<'e> {
    /// The name of the metric, if one is written.
    pub fn metric(&self) -> Option<&'e str> {
        let named = self.selector.matchers.matchers.iter().find(|it| it.name == "__name__");
        self.selector.name.as_deref().or_else(|| named.filter(|it| it.op == MatchOp::Equal).map(|it| it.value.as_str()))
    }

    /// What is asked of a label.
    pub fn wanted(&self, label: &str) -> impl Iterator<Item = Wanted<'e>> {
        let matchers: &'e Matchers = &self.selector.matchers;
        let of_label = matchers.matchers.iter().filter(move |it| it.name == label);
        of_label.map(|it| Wanted { text: &it.value, op: &it.op }).collect::<Vec<_>>().into_iter()
    }

    /// Whether a label must have a value, given as a text or a pattern.
    pub fn asks_for(&self, label: &str) -> bool {
        self.wanted(label).any(|it| it.is_positive() && !it.fits(""))
    }

    /// The labels with what is asked of them, in order.
    pub fn labels(&self) -> impl Iterator<Item = (&'e str, Wanted<'e>)> {
        let matchers: &'e Matchers = &self.selector.matchers;
        matchers.matchers.iter().map(|it| (it.name.as_str(), Wanted { text: &it.value, op: &it.op }))
    }

    /// Whether alternatives (`or` between matchers) make it more than its matchers say.
    pub fn is_open(&self) -> bool {
        !self.selector.matchers.or_matchers.is_empty()
    }
}

impl Expression {
    /// Parses a text; nothing for what is no PromQL.
    ///
    /// # Errors
    /// What of it is too large to be read.
    pub fn parse(text: &str) -> std::result::Result<Option<Expression>, TooLarge> {
        match excess(text) {
            Some(excess) => Err(excess),
            None => Ok(promql_parser::parser::parse(text).ok().map(Expression)),
        }
    }

    /// All selections, from left to right.
    pub fn selections(&self) -> Vec<Selection<'_>> {
        let mut found = Vec::new();
        collect(&self.0, &mut found);
        found
    }

    /// Whether it holds, if `is_empty` says which selections have no series.
    pub fn result(&self, is_empty: &dyn Fn(&Selection<'_>) -> bool) -> Result {
        result(&self.0, is_empty)
    }

    /// Whether a function with a window of its own (`rate`, `increase`, `changes` …) makes waiting needless.
    pub fn has_window(&self) -> bool {
        has_window(&self.0)
    }

    /// Whether it is about days, or other alerts: what is true now stays true for a while.
    pub fn changes_slowly(&self) -> bool {
        let is_slow = |it: &Selection<'_>| it.metric().is_some_and(|it| it == "ALERTS" || it.contains("_ttl_"));
        calls(&self.0, "time") || self.selections().iter().any(is_slow)
    }

    /// The selection whose number must be 0 before it holds: in `metric < 1`, `metric == 0`.
    pub fn none_left(&self) -> Option<Selection<'_>> {
        none_left(&self.0)
    }

    /// The selection whose series must be gone before it holds: in `absent(metric)`.
    pub fn series_gone(&self) -> Option<Selection<'_>> {
        absent(&self.0)
    }

    /// Whether two series are compared with each other.
    pub fn compares_series(&self) -> bool {
        compares_series(&self.0)
    }
}

/// The arguments of an expression.
fn parts(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Aggregate(it) => it.param.iter().chain([&it.expr]).map(AsRef::as_ref).collect(),
        Expr::Unary(it) => vec![&it.expr],
        Expr::Binary(it) => vec![&it.lhs, &it.rhs],
        Expr::Paren(it) => vec![&it.expr],
        Expr::Subquery(it) => vec![&it.expr],
        Expr::Call(it) => it.args.args.iter().map(AsRef::as_ref).collect(),
        _ => Vec::new(),
    }
}

fn collect<'e>(expr: &'e Expr, found: &mut Vec<Selection<'e>>) {
    match expr {
        Expr::VectorSelector(it) => found.push(Selection { selector: it }),
        Expr::MatrixSelector(it) => found.push(Selection { selector: &it.vs }),
        _ => parts(expr).into_iter().for_each(|it| collect(it, found)),
    }
}

fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(it) => bare(&it.expr),
        _ => expr,
    }
}

fn number(expr: &Expr) -> Option<f64> {
    match bare(expr) {
        Expr::NumberLiteral(it) => Some(it.val),
        _ => None,
    }
}

fn result(expr: &Expr, is_empty: &dyn Fn(&Selection<'_>) -> bool) -> Result {
    let of_selector = |it: &VectorSelector| {
        if is_empty(&Selection { selector: it }) { Result::Never } else { Result::Sometimes }
    };
    match expr {
        Expr::VectorSelector(it) => of_selector(it),
        Expr::MatrixSelector(it) => of_selector(&it.vs),
        Expr::NumberLiteral(_) => Result::Always,
        Expr::Binary(it) => result_of_operator(it, is_empty),
        Expr::Call(it) => result_of_call(it, is_empty),
        Expr::Aggregate(it) => result(&it.expr, is_empty),
        Expr::Unary(it) => result(&it.expr, is_empty),
        Expr::Paren(it) => result(&it.expr, is_empty),
        Expr::Subquery(it) => result(&it.expr, is_empty),
        Expr::StringLiteral(_) | Expr::Extension(_) => Result::Sometimes,
    }
}

fn result_of_call(call: &Call, is_empty: &dyn Fn(&Selection<'_>) -> bool) -> Result {
    let first = call.args.args.first().map(|it| result(it, is_empty));
    match (call.func.name, first) {
        ("absent" | "absent_over_time", Some(Result::Never)) => Result::Always,
        ("absent" | "absent_over_time", _) => Result::Sometimes,
        ("vector", Some(Result::Always)) | ("time" | "scalar", _) => Result::Always,
        (_, Some(Result::Never)) => Result::Never,
        _ => Result::Sometimes,
    }
}

fn result_of_operator(binary: &BinaryExpr, is_empty: &dyn Fn(&Selection<'_>) -> bool) -> Result {
    let (left, right) = (result(&binary.lhs, is_empty), result(&binary.rhs, is_empty));
    match binary.op.id() {
        T_LAND if left == Result::Never || right == Result::Never => Result::Never,
        T_LAND => Result::Sometimes,
        T_LOR if left == Result::Always || right == Result::Always => Result::Always,
        T_LOR if left == Result::Never && right == Result::Never => Result::Never,
        T_LOR => Result::Sometimes,
        T_LUNLESS if left == Result::Never => Result::Never,
        T_LUNLESS if right == Result::Never => left,
        T_LUNLESS => Result::Sometimes,
        // Without series on one side there is nothing to compare, unless a default stands for them.
        _ if left == Result::Never || right == Result::Never => {
            let has_default =
                binary.modifier.as_ref().is_some_and(|it| it.fill_values.lhs.is_some() || it.fill_values.rhs.is_some());
            if has_default { Result::Sometimes } else { Result::Never }
        }
        id => {
            // `absent(…) == 1`: what is always there is 1.
            let is_one = left == Result::Always && is_call(&binary.lhs, &["absent", "absent_over_time"]);
            let holds = matches!(
                (is_one, id, number(&binary.rhs)),
                (true, T_EQLC | T_GTE, Some(1.0)) | (true, T_GTR | T_NEQ, Some(0.0))
            );
            if holds { Result::Always } else { Result::Sometimes }
        }
    }
}

fn is_call(expr: &Expr, names: &[&str]) -> bool {
    matches!(bare(expr), Expr::Call(it) if names.contains(&it.func.name))
}

fn has_window(expr: &Expr) -> bool {
    matches!(expr, Expr::MatrixSelector(_) | Expr::Subquery(_)) || parts(expr).into_iter().any(has_window)
}

fn calls(expr: &Expr, name: &str) -> bool {
    matches!(expr, Expr::Call(it) if it.func.name == name) || parts(expr).into_iter().any(|it| calls(it, name))
}

fn none_left(expr: &Expr) -> Option<Selection<'_>> {
    match bare(expr) {
        Expr::Binary(it) if it.op.id() == T_LOR => {
            // What else may let it hold is that the series is gone.
            let (left, right) = (none_left(&it.lhs), none_left(&it.rhs));
            let is_rest_absent =
                |side: &Expr, of_side: &Option<Selection<'_>>| of_side.is_some() || absent(side).is_some();
            if !is_rest_absent(&it.lhs, &left) || !is_rest_absent(&it.rhs, &right) {
                return None;
            }
            left.or(right)
        }
        Expr::Binary(it) => {
            let is_none = match (it.op.id(), number(&it.rhs)?) {
                (T_LSS, limit) => limit <= 1.0,
                (T_LTE | T_EQLC, limit) => limit < 1.0,
                _ => false,
            };
            is_none.then(|| only_selection(&it.lhs)).flatten()
        }
        _ => None,
    }
}

fn absent(expr: &Expr) -> Option<Selection<'_>> {
    match bare(expr) {
        Expr::Call(it) if it.func.name.starts_with("absent") => only_selection(it.args.args.first()?),
        _ => None,
    }
}

/// The one selection of a metric, or of a sum of it.
fn only_selection(expr: &Expr) -> Option<Selection<'_>> {
    match bare(expr) {
        Expr::VectorSelector(it) => Some(Selection { selector: it }),
        Expr::Aggregate(it) => only_selection(&it.expr),
        _ => None,
    }
}

fn compares_series(expr: &Expr) -> bool {
    if let Expr::Binary(it) = expr {
        let is_comparison = matches!(it.op.id(), T_LSS | T_LTE | T_GTR | T_GTE | T_EQLC | T_NEQ);
        let has_series = |side: &Expr| {
            let mut found = Vec::new();
            collect(side, &mut found);
            !found.is_empty()
        };
        if is_comparison && has_series(&it.lhs) && has_series(&it.rhs) {
            return true;
        }
    }
    parts(expr).into_iter().any(compares_series)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result_of(text: &str) -> Result {
        let expression = Expression::parse(text).expect("it is small").expect("PromQL");
        expression.result(&|it| it.metric() == Some("gone"))
    }

    #[test]
    fn emptiness_follows_the_operators() {
        for (text, expected) in [
            ("gone", Result::Never),
            ("there > 1", Result::Sometimes),
            ("absent(gone)", Result::Always),
            ("absent(there)", Result::Sometimes),
            ("absent(gone) == 1", Result::Always),
            ("gone * 100 / there < 15", Result::Never),
            ("there or gone", Result::Sometimes),
            ("there or absent(gone)", Result::Always),
            ("there unless gone", Result::Sometimes),
            ("sum(rate(gone[5m])) by (pod) > 1", Result::Never),
            ("vector(1)", Result::Always),
            ("count(count_over_time(there[5m])) > 2 * count(gone)", Result::Never),
        ] {
            assert_eq!(result_of(text), expected, "{text}");
        }
    }

    #[test]
    fn what_waits_for_the_last_pod() {
        let metric = |text: &str| {
            let expression = Expression::parse(text).expect("it is small").expect("PromQL");
            expression.none_left().and_then(|it| it.metric().map(str::to_owned))
        };
        assert_eq!(metric(r#"m{deployment="a"} < 1"#).as_deref(), Some("m"));
        assert_eq!(metric("sum(m) == 0").as_deref(), Some("m"));
        assert_eq!(metric("absent(m)"), None);
        assert_eq!(metric("m < 1 or n > 1"), None);
        assert_eq!(metric("m < 1 or absent(m)").as_deref(), Some("m"));
        assert_eq!(metric("m < 2"), None);
        assert_eq!(metric("m < n"), None);
    }
}
