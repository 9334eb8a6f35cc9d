//! Deciding whether a message matches.

use serde_json::Value;

use super::compile::{KeySet, LeafKey};
use super::rule::Candidate;
use super::settings::FilterPolicyScope;
use super::{Decision, FilterPolicy, FilteredOutReason};
use crate::message_attributes::{MessageAttributeKind, MessageAttributeValue, MessageAttributes};

pub(super) fn decide(policy: &FilterPolicy, attributes: &MessageAttributes, body: &str) -> Decision {
    if policy.is_empty() {
        return Decision::Matched;
    }
    let outcome = match policy.scope {
        FilterPolicyScope::MessageAttributes => match_attributes(policy, attributes),
        FilterPolicyScope::MessageBody => match_body(policy, body),
    };
    match outcome {
        Ok(()) => Decision::Matched,
        Err(reason) => Decision::FilteredOut(reason),
    }
}

fn match_attributes(policy: &FilterPolicy, attributes: &MessageAttributes) -> Result<(), FilteredOutReason> {
    if attributes.is_empty() && !policy.settings.exists_false_without_attributes {
        return Err(FilteredOutReason::NoMessageAttributes);
    }
    let mut holds = KeySet::default();
    for (index, key) in policy.keys.iter().enumerate() {
        if key_holds(key, attributes.get(&key.path)).ok_or(FilteredOutReason::InvalidAttributes)? {
            holds.insert(index);
        }
    }
    if policy.alternatives.iter().any(|set| set.is_subset(holds)) {
        return Ok(());
    }
    Err(if attributes.is_empty() {
        FilteredOutReason::NoMessageAttributes
    } else {
        FilteredOutReason::MessageAttributes
    })
}

/// Whether an attribute satisfies a key; `None` if it is malformed (`SNS-210` to `SNS-212`).
pub(super) fn key_holds(key: &LeafKey, attribute: Option<&MessageAttributeValue>) -> Option<bool> {
    let mut present = false;
    let mut satisfied = false;
    let mut offer = |candidate: Candidate<'_>| {
        present = true;
        satisfied |= key.rules.iter().any(|rule| rule.holds(candidate));
    };
    if let Some(attribute) = attribute {
        match attribute.kind() {
            Some(MessageAttributeKind::String) => offer(Candidate::String(&attribute.value)),
            Some(MessageAttributeKind::Number) => {
                offer(Candidate::Number(crate::message_attributes::parse_number(&attribute.value)?));
            }
            Some(MessageAttributeKind::StringArray) => {
                for element in &string_array(&attribute.value)? {
                    each_candidate(element, &mut offer);
                }
            }
            // Binary offers nothing (SNS-212); other types cannot be published (SNS-30).
            Some(MessageAttributeKind::Binary) | None => {}
        }
    }
    Some(satisfied || (!present && key.allows_absence()))
}

/// The elements of a `String.Array`; `None` unless it is a JSON array of scalars (`SNS-29`, `SNS-211`).
pub(super) fn string_array(text: &str) -> Option<Vec<Value>> {
    let elements: Vec<Value> = serde_json::from_str(text).ok()?;
    let scalar = |element: &Value| !element.is_array() && !element.is_object();
    elements.iter().all(scalar).then_some(elements)
}

/// Offers every scalar in a value, through arrays of arrays; objects are no values (`SNS-215`, `SNS-217`).
pub(super) fn each_candidate<'value>(value: &'value Value, offer: &mut impl FnMut(Candidate<'value>)) {
    match value {
        Value::String(text) => offer(Candidate::String(text)),
        Value::Number(number) => offer(Candidate::Number(number.as_f64().unwrap_or(f64::NAN))),
        Value::Bool(value) => offer(Candidate::Boolean(*value)),
        Value::Null => offer(Candidate::Null),
        Value::Array(elements) => elements.iter().for_each(|element| each_candidate(element, offer)),
        Value::Object(_) => {}
    }
}

/// Visits every value at a dotted path, telling whether an array was crossed on the way (`SNS-214`, `SNS-215`).
pub(super) fn each_at_path<'value>(
    value: &'value Value,
    path: &str,
    crossed_array: bool,
    visit: &mut impl FnMut(&'value Value, bool),
) {
    match value {
        Value::Object(members) => {
            for (name, child) in members {
                match path.strip_prefix(name.as_str()) {
                    Some("") => visit(child, crossed_array),
                    Some(rest) => {
                        if let Some(rest) = rest.strip_prefix('.') {
                            each_at_path(child, rest, crossed_array, visit);
                        }
                    }
                    None => {}
                }
            }
        }
        Value::Array(elements) => {
            elements.iter().for_each(|element| each_at_path(element, path, true, visit));
        }
        _ => {}
    }
}

/// What one pass over the body finds out about the keys.
#[derive(Default)]
struct BodyFacts {
    holds: KeySet,
    absent: KeySet,
    below_array: KeySet,
}

fn match_body(policy: &FilterPolicy, body: &str) -> Result<(), FilteredOutReason> {
    let body = parse_body(body).ok_or(FilteredOutReason::InvalidMessageBody)?;
    let facts = body_facts(policy, &body);
    let matched = policy.alternatives.iter().any(|set| {
        set.is_subset(facts.holds)
            && (!policy.settings.same_array_element
                || set.intersection(facts.below_array).len() < 2
                || holds_in_same_elements(policy, &body, set.without(facts.absent)))
    });
    if matched { Ok(()) } else { Err(FilteredOutReason::MessageBody) }
}

/// The body if it is a JSON object (`SNS-213`).
pub(super) fn parse_body(body: &str) -> Option<Value> {
    serde_json::from_str(body).ok().filter(Value::is_object)
}

fn body_facts(policy: &FilterPolicy, body: &Value) -> BodyFacts {
    let mut facts = BodyFacts::default();
    for (index, key) in policy.keys.iter().enumerate() {
        let (mut present, mut satisfied, mut below_array) = (false, false, false);
        each_at_path(body, &key.path, false, &mut |value, crossed_array| {
            below_array |= crossed_array;
            each_candidate(value, &mut |candidate| {
                present = true;
                satisfied |= key.rules.iter().any(|rule| rule.holds(candidate));
            });
        });
        if satisfied || (!present && key.allows_absence()) {
            facts.holds.insert(index);
        }
        if !present {
            facts.absent.insert(index);
        }
        if below_array {
            facts.below_array.insert(index);
        }
    }
    facts
}

/// Whether one choice of array elements satisfies all keys together (`SNS-216`).
pub(super) fn holds_in_same_elements(policy: &FilterPolicy, body: &Value, keys: KeySet) -> bool {
    let open: Vec<(usize, &str)> = keys.iter().map(|key| (key, policy.keys[key].path.as_str())).collect();
    reachable(policy, body, &open).into_iter().any(|reached| keys.is_subset(reached))
}

/// The largest sets of keys that one choice of elements below `value` satisfies, given the rest of each path.
///
/// Choosing per array instead of per combination of values keeps this linear in the size of the body.
fn reachable(policy: &FilterPolicy, value: &Value, open: &[(usize, &str)]) -> Vec<KeySet> {
    match value {
        Value::Object(members) => {
            let mut sets = vec![KeySet::default()];
            for (name, child) in members {
                let mut here = KeySet::default();
                let mut below = Vec::new();
                for &(key, path) in open {
                    match path.strip_prefix(name.as_str()) {
                        Some("") if value_holds(&policy.keys[key], child) => here.insert(key),
                        Some(rest) => below.extend(rest.strip_prefix('.').map(|rest| (key, rest))),
                        None => {}
                    }
                }
                let inner = if below.is_empty() { vec![here] } else { reachable(policy, child, &below) };
                let joined =
                    sets.iter().flat_map(|&set| inner.iter().map(move |&i| set.union(i).union(here)));
                sets = largest(joined.collect());
            }
            sets
        }
        Value::Array(elements) => {
            largest(elements.iter().flat_map(|element| reachable(policy, element, open)).collect())
        }
        _ => vec![KeySet::default()],
    }
}

fn value_holds(key: &LeafKey, value: &Value) -> bool {
    let mut satisfied = false;
    each_candidate(value, &mut |candidate| satisfied |= key.rules.iter().any(|rule| rule.holds(candidate)));
    satisfied
}

/// Drops sets that another set contains; never empty.
fn largest(sets: Vec<KeySet>) -> Vec<KeySet> {
    let mut kept: Vec<KeySet> = Vec::new();
    for set in sets {
        if !kept.iter().any(|other| set.is_subset(*other)) {
            kept.retain(|other| !other.is_subset(set));
            kept.push(set);
        }
    }
    if kept.is_empty() {
        kept.push(KeySet::default());
    }
    kept
}
