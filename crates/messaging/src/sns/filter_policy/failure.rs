//! The short reason why a key's rules do not hold.

use super::explain::Found;
use super::rule::{Candidate, NumericRange, Rule, TextPattern, equal_ignoring_case};
use super::words::quoted_if_unclear;

/// A result in a word or two, and a sentence where that helps.
pub(super) struct Failure {
    pub(super) result: String,
    pub(super) detail: Option<String>,
}

fn fails(result: &str, detail: impl Into<String>) -> Failure {
    Failure { result: result.into(), detail: Some(detail.into()) }
}

pub(super) fn failure(rules: &[Rule], found: &Found<'_>) -> Failure {
    if found.candidates.is_empty() {
        return match (&found.has, found.note) {
            (Some(_), Some(note)) => fails("No value", note),
            _ => fails("Key is missing", "A missing key matches only exists: false."),
        };
    }
    if rules.iter().all(|rule| *rule == Rule::Exists(false)) {
        return fails("Key is present", "The policy wants it to be absent.");
    }
    let [candidate] = found.candidates[..] else {
        return fails("No element fits", "None of the array's elements satisfies a rule.");
    };
    match candidate {
        Candidate::Null => fails("Null", "Only a rule null, or an anything-but, matches a JSON null."),
        Candidate::Boolean(_) => {
            fails("Another value", "true and false match only themselves, without quotes.")
        }
        Candidate::Number(value) => number_failure(rules, value, found),
        Candidate::String(value) => string_failure(rules, value),
    }
}

fn is_about_numbers(rule: &Rule) -> bool {
    matches!(rule, Rule::Number(_) | Rule::Numeric(_) | Rule::AnythingButNumbers(_))
}

fn is_about_text(rule: &Rule) -> bool {
    matches!(rule, Rule::String(_) | Rule::Text(_) | Rule::Cidr(_))
}

fn number_failure(rules: &[Rule], value: f64, found: &Found<'_>) -> Failure {
    if rules.iter().all(is_about_text) {
        return fails("Not a text", "A number never equals a text, whatever its spelling.");
    }
    let spelled = found.has.as_ref().map_or("", |has| has.value.as_str());
    match rules {
        [Rule::Numeric(range)] => range_failure(*range, value, spelled),
        [Rule::AnythingButNumbers(_)] => fails("Excluded", format!("{value} is on the list.")),
        _ => Failure {
            result: if rules.len() == 1 { "Another value" } else { "Not listed" }.into(),
            detail: None,
        },
    }
}

fn range_failure(range: NumericRange, value: f64, spelled: &str) -> Failure {
    let difference = |bound: f64| {
        let decimals = decimals(spelled).max(decimals(&bound.to_string()));
        format!("{:.decimals$}", (value - bound).abs())
    };
    if range.bottom == range.top {
        return Failure { result: "Another value".into(), detail: None };
    }
    match (range.bottom, range.top) {
        (Some(bottom), _) if value < bottom.value => {
            fails("Too low", format!("{} short of {}", difference(bottom.value), bottom.value))
        }
        (Some(bottom), _) if value == bottom.value => {
            fails("Too low", format!("It must be more than {value}."))
        }
        (_, Some(top)) if value == top.value => fails("Too high", format!("It must be less than {value}.")),
        (_, Some(top)) => fails("Too high", format!("{} above {}", difference(top.value), top.value)),
        (_, None) => Failure { result: "Another value".into(), detail: None },
    }
}

/// Decimals of a plain spelling; spellings with an exponent count as none.
fn decimals(spelled: &str) -> usize {
    match spelled.split_once('.') {
        Some((_, decimals)) if decimals.bytes().all(|b| b.is_ascii_digit()) => decimals.len(),
        _ => 0,
    }
}

fn string_failure(rules: &[Rule], value: &str) -> Failure {
    if rules.iter().all(is_about_numbers) {
        return fails("Not a number", "A text never equals a number, even if it spells one.");
    }
    let same_letters =
        |rule: &Rule| matches!(rule, Rule::String(wanted) if equal_ignoring_case(wanted, value));
    if rules.iter().any(same_letters) {
        return fails("Another case", "The comparison is case sensitive.");
    }
    let [rule] = rules else { return Failure { result: "Not listed".into(), detail: None } };
    let shown = quoted_if_unclear(value);
    match rule {
        Rule::Boolean(_) | Rule::Null => {
            fails("Another type", "A text in quotes is not true, false or null.")
        }
        Rule::Text(TextPattern::Prefix(_)) => fails("Another start", "prefix is case sensitive."),
        Rule::Text(TextPattern::Suffix(_)) => fails("Another end", "suffix is case sensitive."),
        Rule::Text(TextPattern::Wildcard(_)) => {
            fails("Does not fit", "The pattern must cover the whole text.")
        }
        Rule::AnythingButStrings(_) => fails("Excluded", format!("{shown} is on the list.")),
        Rule::AnythingButText(TextPattern::Prefix(prefix)) => {
            fails("Excluded", format!("{shown} starts with {}.", quoted_if_unclear(prefix)))
        }
        Rule::AnythingButText(TextPattern::Suffix(suffix)) => {
            fails("Excluded", format!("{shown} ends with {}.", quoted_if_unclear(suffix)))
        }
        Rule::AnythingButText(_) => fails("Excluded", format!("{shown} fits the excluded text.")),
        Rule::Cidr(_) if value.parse::<std::net::IpAddr>().is_err() => {
            fails("Not an address", format!("{shown} is no IPv4 or IPv6 address."))
        }
        Rule::Cidr(_) => Failure { result: "Outside the block".into(), detail: None },
        _ => Failure { result: "Another value".into(), detail: None },
    }
}
