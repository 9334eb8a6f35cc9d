//! Why a message matches or not, one row per key.

use serde::Serialize;
use serde_json::Value;

use super::compile::{KeySet, LeafKey};
use super::failure::{Failure, failure};
use super::matching::{each_at_path, each_candidate, key_holds, parse_body, string_array};
use super::rule::Candidate;
use super::settings::FilterPolicyScope;
use super::words::wants;
use super::{Decision, FilterPolicy, FilteredOutReason, matching};
use crate::message_attributes::{MessageAttributeKind, MessageAttributeValue, MessageAttributes};

/// Longest value that is shown in full, in characters.
const MOST_SHOWN: usize = 120;

/// A decision with its reasons.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Explanation {
    /// The same answer as [`FilterPolicy::decide`].
    pub decision: Decision,
    /// One sentence on the whole.
    pub summary: String,
    /// One row per key that holds rules, in reading order, branches of `$or` included.
    pub rows: Vec<ExplanationRow>,
}

/// One key of the policy beside what the message has there.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ExplanationRow {
    /// Dotted path of the key (`SNS-214`).
    pub key: String,
    /// The branch the key belongs to, such as `$or[1]`; empty outside any. One branch of a `$or` is enough.
    pub branch: String,
    /// What the policy wants, in plain words.
    pub wants: String,
    /// What the message has; `None` if it has nothing there.
    pub has: Option<PresentValue>,
    /// What the message has, as text for a table cell.
    pub has_text: String,
    /// Whether the key is satisfied.
    pub holds: bool,
    /// The result in a word or two: "Matches", "Too low".
    pub result: String,
    /// Why not, in a sentence; `None` if the key holds or the result says it all.
    pub detail: Option<String>,
}

/// A value of the message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PresentValue {
    /// The value as text, shortened if long.
    pub value: String,
    /// Data type of the attribute, or the JSON type: String, Number, Boolean, Null, Array, Object.
    #[serde(rename = "Type")]
    pub data_type: String,
}

pub(super) fn explain(policy: &FilterPolicy, attributes: &MessageAttributes, body: &str) -> Explanation {
    let decision = matching::decide(policy, attributes, body);
    let body = match policy.scope {
        FilterPolicyScope::MessageBody => parse_body(body),
        FilterPolicyScope::MessageAttributes => None,
    };
    let row = |key: &LeafKey| match (policy.scope, &body) {
        (FilterPolicyScope::MessageAttributes, _) => attribute_row(policy, key, attributes),
        (FilterPolicyScope::MessageBody, Some(body)) => body_row(key, body),
        (FilterPolicyScope::MessageBody, None) => unreadable_body_row(key),
    };
    let rows: Vec<ExplanationRow> = policy.keys.iter().map(row).collect();
    let summary = summary(policy, decision, &rows);
    Explanation { decision, summary, rows }
}

fn summary(policy: &FilterPolicy, decision: Decision, rows: &[ExplanationRow]) -> String {
    let reason = match decision {
        Decision::Matched if policy.is_empty() => return "No filter policy: every message matches.".into(),
        Decision::Matched => return "Every key that must match does.".into(),
        Decision::FilteredOut(reason) => reason,
    };
    match reason {
        FilteredOutReason::NoMessageAttributes => {
            "The message has no attributes, so no policy on attributes matches.".into()
        }
        FilteredOutReason::InvalidAttributes => "An attribute that the policy reads is malformed.".into(),
        FilteredOutReason::InvalidMessageBody => "The body is not a JSON object.".into(),
        FilteredOutReason::MessageAttributes | FilteredOutReason::MessageBody => {
            let mut holds = KeySet::default();
            rows.iter().enumerate().filter(|(_, row)| row.holds).for_each(|(index, _)| holds.insert(index));
            if policy.alternatives.iter().any(|set| set.is_subset(holds)) {
                return "Each key matches, but not in one and the same element of the array.".into();
            }
            let failed: Vec<&str> =
                rows.iter().filter(|row| !row.holds).map(|row| row.key.as_str()).collect();
            let verb = if failed.len() == 1 { "does" } else { "do" };
            format!("{} {verb} not match.", failed.join(", "))
        }
    }
}

/// The message's side of a row, before it is judged.
pub(super) struct Found<'message> {
    pub(super) has: Option<PresentValue>,
    pub(super) candidates: Vec<Candidate<'message>>,
    /// Why a value that is there offers nothing to the filter.
    pub(super) note: Option<&'static str>,
}

fn row(key: &LeafKey, holds: bool, found: Found<'_>, nothing: &str) -> ExplanationRow {
    let has_text = found.has.as_ref().map_or_else(|| nothing.to_string(), |has| has.value.clone());
    let Failure { result, detail } =
        if holds { Failure { result: "Matches".into(), detail: None } } else { failure(&key.rules, &found) };
    ExplanationRow {
        key: key.path.clone(),
        branch: key.branch.clone(),
        wants: wants(&key.rules),
        has: found.has,
        has_text,
        holds,
        result,
        detail,
    }
}

fn attribute_row(policy: &FilterPolicy, key: &LeafKey, attributes: &MessageAttributes) -> ExplanationRow {
    const NOTHING: &str = "no such attribute";
    let attribute = attributes.get(&key.path);
    let Some(holds) = key_holds(key, attribute) else {
        let found = found_in_attribute(attribute, &[]);
        let malformed = Found { note: Some("The text does not fit the attribute's type."), ..found };
        return ExplanationRow { result: "Malformed".into(), ..row(key, false, malformed, NOTHING) };
    };
    let elements = match attribute {
        Some(a) if a.kind() == Some(MessageAttributeKind::StringArray) => {
            string_array(&a.value).unwrap_or_default()
        }
        _ => Vec::new(),
    };
    let found = found_in_attribute(attribute, &elements);
    if attributes.is_empty() && !policy.settings.exists_false_without_attributes {
        let detail = Some("A message without any attributes never matches.".into());
        return ExplanationRow { detail, ..row(key, false, found, NOTHING) };
    }
    row(key, holds, found, NOTHING)
}

fn found_in_attribute<'message>(
    attribute: Option<&'message MessageAttributeValue>,
    elements: &'message [Value],
) -> Found<'message> {
    let Some(attribute) = attribute else { return Found { has: None, candidates: Vec::new(), note: None } };
    let (mut candidates, mut note) = (Vec::new(), None);
    match attribute.kind() {
        Some(MessageAttributeKind::String) => candidates.push(Candidate::String(&attribute.value)),
        Some(MessageAttributeKind::Number) => {
            candidates.extend(attribute.value.parse().ok().map(Candidate::Number));
        }
        Some(MessageAttributeKind::StringArray) => {
            elements.iter().for_each(|element| each_candidate(element, &mut |c| candidates.push(c)));
            note = Some("An empty array offers no value.");
        }
        Some(MessageAttributeKind::Binary) | None => note = Some("Filters do not see Binary attributes."),
    }
    let has =
        Some(PresentValue { value: shortened(&attribute.value), data_type: attribute.data_type.clone() });
    Found { has, candidates, note }
}

fn body_row(key: &LeafKey, body: &Value) -> ExplanationRow {
    let mut values = Vec::new();
    each_at_path(body, &key.path, false, &mut |value, _| values.push(value));
    let mut candidates = Vec::new();
    values.iter().for_each(|value| each_candidate(value, &mut |candidate| candidates.push(candidate)));
    let satisfied = candidates.iter().any(|&candidate| key.rules.iter().any(|rule| rule.holds(candidate)));
    let holds = satisfied || (candidates.is_empty() && key.allows_absence());
    let has = match values[..] {
        [] => None,
        [value] => Some(present(value)),
        _ => Some(PresentValue {
            value: shortened(&format!(
                "[{}]",
                values.iter().map(|v| v.to_string()).collect::<Vec<_>>().join(",")
            )),
            data_type: "Array".into(),
        }),
    };
    let note = match values[..] {
        [Value::Object(_)] => Some("An object is no value: rules look at what is inside it."),
        _ => Some("An empty array offers no value."),
    };
    row(key, holds, Found { has, candidates, note }, "no such key")
}

fn unreadable_body_row(key: &LeafKey) -> ExplanationRow {
    let found = Found { has: None, candidates: Vec::new(), note: None };
    let result = "Body is not an object".into();
    let detail = Some("A filter on the body needs a JSON object; anything else is filtered out.".into());
    ExplanationRow { result, detail, ..row(key, false, found, "nothing to read") }
}

fn present(value: &Value) -> PresentValue {
    let (text, data_type) = match value {
        Value::String(text) => (text.clone(), "String"),
        Value::Number(number) => (number.to_string(), "Number"),
        Value::Bool(value) => (value.to_string(), "Boolean"),
        Value::Null => ("null".into(), "Null"),
        Value::Array(_) => (value.to_string(), "Array"),
        Value::Object(_) => (value.to_string(), "Object"),
    };
    PresentValue { value: shortened(&text), data_type: data_type.into() }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.into(),
    }
}
