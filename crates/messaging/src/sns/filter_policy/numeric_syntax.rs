//! The operand of `numeric` (`SNS-235`).

use super::error::FilterPolicyError;
use super::error::FilterPolicyErrorKind as Kind;
use super::rule::{Bound, NumericRange};
use super::rule_syntax::span;
use super::spanned_json::{Json, Node};
use super::syntax::Source;

type Parsed<T> = Result<T, FilterPolicyError>;

const RANGE_EXAMPLE: &str = "For a range, write [\">=\", 20, \"<\", 500].";

pub(super) fn parse_numeric(source: &Source<'_>, operand: &Node<'_>) -> Parsed<NumericRange> {
    let Json::Array(members) = &operand.value else {
        let text = "Value of numeric must be an array.";
        let hint = "Write a comparison and a number in square brackets, such as [\">=\", 20].";
        return Err(source.error(Kind::NumericNotArray, span(operand), text, hint));
    };
    let Some((first, rest)) = members.split_first() else {
        return Err(invalid_member(source, operand, "]".into()));
    };
    let Json::String(comparison) = &first.value else {
        return Err(invalid_member(source, first, first.token_text()));
    };
    if !matches!(comparison.as_str(), "=" | "<" | "<=" | ">" | ">=") {
        let text = format!("Unrecognized numeric range operator: {comparison}");
        let hint = "Use one of =, <, <=, >, >=.";
        return Err(source.error(Kind::NumericUnknownOperator, span(first), text, hint));
    }
    let value = number_after(source, first, comparison, rest.first())?;
    let bound = Some(Bound { value, included: comparison.ends_with('=') });
    let more = rest.get(1..).unwrap_or_default();
    match comparison.as_str() {
        ">" | ">=" => parse_top(source, more, operand, NumericRange { bottom: bound, top: None }),
        _ if !more.is_empty() => {
            let text = "Too many elements in numeric expression";
            let hint = format!("Nothing may follow \"{comparison}\". {RANGE_EXAMPLE}");
            Err(source.error(Kind::NumericTooManyElements, rest_span(more), text, hint))
        }
        "=" => Ok(NumericRange { bottom: bound, top: bound }),
        _ => Ok(NumericRange { bottom: None, top: bound }),
    }
}

/// The upper end of a range whose lower end has been read.
fn parse_top(
    source: &Source<'_>,
    more: &[Node<'_>],
    operand: &Node<'_>,
    range: NumericRange,
) -> Parsed<NumericRange> {
    let Some((second, rest)) = more.split_first() else { return Ok(range) };
    let Json::String(comparison) = &second.value else {
        let text = format!("Bad value in numeric range: {}", second.token_text());
        return Err(source.error(Kind::NumericBadRangeValue, span(second), text, RANGE_EXAMPLE));
    };
    if !matches!(comparison.as_str(), "<" | "<=") {
        let text = format!("Bad numeric range operator: {comparison}");
        let hint = format!("The second comparison must be < or <=. {RANGE_EXAMPLE}");
        return Err(source.error(Kind::NumericBadRangeOperator, span(second), text, hint));
    }
    let value = number_after(source, second, comparison, rest.first())?;
    let more = rest.get(1..).unwrap_or_default();
    if !more.is_empty() {
        let text = "Too many terms in numeric range expression";
        let hint = "A range has two comparisons. Write further ranges as further rules of the list.";
        return Err(source.error(Kind::NumericTooManyTerms, rest_span(more), text, hint));
    }
    if range.bottom.is_some_and(|bottom| bottom.value >= value) {
        let text = "Bottom must be less than top";
        let hint = "The first number must be smaller than the second.";
        return Err(source.error(Kind::NumericBottomNotLessThanTop, span(operand), text, hint));
    }
    Ok(NumericRange { top: Some(Bound { value, included: comparison == "<=" }), ..range })
}

fn number_after(
    source: &Source<'_>,
    comparison_node: &Node<'_>,
    comparison: &str,
    operand: Option<&Node<'_>>,
) -> Parsed<f64> {
    if let Some(Json::Number { value, .. }) = operand.map(|node| &node.value) {
        return Ok(*value);
    }
    let name = if comparison == "=" { "equals" } else { comparison };
    let hint = match operand {
        None => format!("\"{comparison}\" needs a number after it. {RANGE_EXAMPLE}"),
        Some(_) => format!("\"{comparison}\" needs a number after it, without quotes."),
    };
    let place = operand.unwrap_or(comparison_node);
    Err(source.error(
        Kind::NumericValueNotNumeric,
        span(place),
        format!("Value of {name} must be numeric"),
        hint,
    ))
}

fn invalid_member(source: &Source<'_>, place: &Node<'_>, shown: String) -> FilterPolicyError {
    let text = format!("Invalid member in numeric match: {shown}");
    let hint = "Start with a comparison in quotes, such as [\">=\", 20].";
    source.error(Kind::NumericInvalidMember, span(place), text, hint)
}

fn rest_span(nodes: &[Node<'_>]) -> (usize, usize) {
    (nodes.first().map_or(0, |node| node.start), nodes.last().map_or(0, |node| node.end))
}
