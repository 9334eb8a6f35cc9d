//! Plain words for rules.

use super::rule::{Bound, NumericRange, Rule, TextPattern};

/// Most entries of a list that are spelled out.
const MOST_LISTED: usize = 6;

/// What a rule list wants: "cancelled or declined", "20 or more", "anything but test".
pub(super) fn wants(rules: &[Rule]) -> String {
    join(rules.iter().map(rule_words).collect(), "or")
}

fn join(words: Vec<String>, conjunction: &str) -> String {
    if words.len() > MOST_LISTED {
        let shown = words[..MOST_LISTED - 1].join(", ");
        return format!("{shown} {conjunction} {} more", words.len() - (MOST_LISTED - 1));
    }
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} {conjunction} {last}", rest.join(", ")),
        None => String::new(),
    }
}

fn rule_words(rule: &Rule) -> String {
    match rule {
        Rule::String(text) => quoted_if_unclear(text),
        Rule::Number(value) => value.to_string(),
        Rule::Boolean(value) => value.to_string(),
        Rule::Null => "null".into(),
        Rule::Text(pattern) => match pattern {
            TextPattern::Prefix(text) if text.is_empty() => "any text".into(),
            TextPattern::Prefix(text) => format!("text starting with {}", quoted_if_unclear(text)),
            TextPattern::Suffix(text) if text.is_empty() => "any text".into(),
            TextPattern::Suffix(text) => format!("text ending with {}", quoted_if_unclear(text)),
            TextPattern::EqualsIgnoreCase(text) => format!("{} in any case", quoted_if_unclear(text)),
            TextPattern::Wildcard(wildcard) => format!("text like {}", quoted_if_unclear(&wildcard.pattern)),
        },
        Rule::AnythingButStrings(list) => {
            format!("anything but {}", join(list.iter().map(|text| quoted_if_unclear(text)).collect(), "or"))
        }
        Rule::AnythingButNumbers(list) => {
            format!("anything but {}", join(list.iter().map(f64::to_string).collect(), "or"))
        }
        Rule::AnythingButText(pattern) => {
            format!("anything but {}", rule_words(&Rule::Text(pattern.clone())))
        }
        Rule::Numeric(range) => range_words(*range),
        Rule::Cidr(block) => format!("an address in {}/{}", block.address, block.mask_bits),
        Rule::Exists(true) => "any value".into(),
        Rule::Exists(false) => "no such key".into(),
    }
}

fn range_words(range: NumericRange) -> String {
    let bottom = |bound: Bound| {
        if bound.included { format!("{} or more", bound.value) } else { format!("more than {}", bound.value) }
    };
    let top = |bound: Bound| {
        if bound.included { format!("{} or less", bound.value) } else { format!("less than {}", bound.value) }
    };
    match (range.bottom, range.top) {
        (Some(low), Some(high)) if low == high => low.value.to_string(),
        (Some(low), Some(high)) => format!("{} and {}", bottom(low), top(high)),
        (Some(low), None) => bottom(low),
        (None, Some(high)) => top(high),
        (None, None) => "any number".into(),
    }
}

/// A text, in quotes where it could be taken for something else.
pub(super) fn quoted_if_unclear(text: &str) -> String {
    let unclear = text.is_empty()
        || text.trim() != text
        || text.parse::<f64>().is_ok()
        || matches!(text, "true" | "false" | "null")
        || text.contains(['"', ',', '\n'])
        || [" or ", "any value", "no such key"].iter().any(|word| text.contains(word));
    if unclear { format!("{text:?}") } else { text.into() }
}
