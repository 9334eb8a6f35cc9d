//! Filter policies against a second, deliberately naive reading of the rules, and every operator explained.

use messaging::message_attributes::{MessageAttributeValue, MessageAttributes};
use messaging::sns::filter_policy::{Explanation, FilterPolicy, FilterPolicyScope};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Whether one value satisfies one rule, said as plainly as the rules are written (SNS-220 to SNS-237).
fn holds(rule: &Value, value: &Value) -> bool {
    let text = value.as_str();
    let Some((operator, operand)) = rule.as_object().and_then(|members| members.iter().next()) else {
        // SNS-220 to SNS-223: a value equals itself, numbers by value.
        return match (rule.as_f64(), value.as_f64()) {
            (Some(wanted), Some(value)) => wanted == value,
            _ => rule == value,
        };
    };
    let wanted = operand.as_str().unwrap_or_default();
    match operator.as_str() {
        "prefix" => text.is_some_and(|text| text.starts_with(wanted)),
        "suffix" => text.is_some_and(|text| text.ends_with(wanted)),
        "equals-ignore-case" => text.is_some_and(|text| text.to_lowercase() == wanted.to_lowercase()),
        "wildcard" => text.is_some_and(|text| fits(wanted.as_bytes(), text.as_bytes())),
        "numeric" => value.as_f64().is_some_and(|value| {
            operand.as_array().expect("comparisons").chunks(2).all(|comparison| {
                let bound = comparison[1].as_f64().expect("a bound");
                match comparison[0].as_str().expect("a word") {
                    "=" => value == bound,
                    "<" => value < bound,
                    "<=" => value <= bound,
                    ">" => value > bound,
                    _ => value >= bound,
                }
            })
        }),
        "anything-but" => match operand {
            Value::Array(list) => !list.iter().any(|excluded| holds(excluded, value)),
            Value::Object(_) => !holds(operand, value),
            single => !holds(single, value),
        },
        // SNS-237: null is no value.
        "exists" => operand == &json!(true) && !value.is_null(),
        other => panic!("{other} is not read here"),
    }
}

/// SNS-227, without any cleverness.
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|skipped| fits(rest, &text[skipped..])),
        Some((letter, rest)) => {
            text.split_first().is_some_and(|(first, text)| first == letter && fits(rest, text))
        }
    }
}

/// Whether a flat policy matches: keys with AND, rules with OR, any value of a list (SNS-206, SNS-209, SNS-211).
fn matches(policy: &Value, message: &Value) -> bool {
    let keys = policy.as_object().expect("a policy");
    let key_holds = |key: &str, rules: &Value| {
        let values: Vec<&Value> = match message.get(key) {
            None => Vec::new(),
            Some(Value::Array(elements)) => elements.iter().collect(),
            Some(value) => vec![value],
        };
        let rules = rules.as_array().expect("rules");
        if values.is_empty() {
            return rules.contains(&json!({ "exists": false }));
        }
        values.iter().any(|value| rules.iter().any(|rule| holds(rule, value)))
    };
    let branches = keys.get("$or").and_then(Value::as_array);
    keys.iter().filter(|(key, _)| *key != "$or").all(|(key, rules)| key_holds(key, rules))
        && branches.is_none_or(|branches| branches.iter().any(|branch| matches(branch, message)))
}

fn a_text() -> impl Strategy<Value = Value> {
    prop::sample::select(vec!["", "a", "A", "ab", "abc", "b", "ba", "1", "é", "É"]).prop_map(Value::from)
}
fn a_number() -> impl Strategy<Value = Value> {
    prop_oneof![
        (-3..4_i32).prop_map(Value::from),
        prop::sample::select(vec![0.5, 1.0, 2.25]).prop_map(Value::from)
    ]
}
fn a_rule() -> impl Strategy<Value = Value> {
    let affix = || prop::sample::select(vec!["a", "b", "ab", "é"]);
    let pattern = prop::sample::select(vec!["a*", "*b", "a*c", "*", "a*b*", "abc"]);
    prop_oneof![
        a_text(),
        a_number(),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        affix().prop_map(|text| json!({ "prefix": text })),
        affix().prop_map(|text| json!({ "suffix": text })),
        affix().prop_map(|text| json!({ "equals-ignore-case": text })),
        pattern.clone().prop_map(|text| json!({ "wildcard": text })),
        prop::collection::vec(a_text(), 1..3).prop_map(|list| json!({ "anything-but": list })),
        prop::collection::vec(a_number(), 1..3).prop_map(|list| json!({ "anything-but": list })),
        affix().prop_map(|text| json!({ "anything-but": { "prefix": text } })),
        affix().prop_map(|text| json!({ "anything-but": { "suffix": text } })),
        pattern.prop_map(|text| json!({ "anything-but": { "wildcard": text } })),
        (prop::sample::select(vec!["=", "<", "<=", ">", ">="]), a_number())
            .prop_map(|(word, bound)| json!({ "numeric": [word, bound] })),
        (-3..0_i32, 0..4_i32).prop_map(|(low, high)| json!({ "numeric": [">", low, "<=", high] })),
        any::<bool>().prop_map(|exists| json!({ "exists": exists })),
    ]
}
fn a_branch(keys: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let rules = prop::collection::vec(a_rule(), 1..4).prop_map(Value::from);
    prop::collection::btree_map(prop::sample::select(keys), rules, 1..3).prop_map(|members| json!(members))
}
/// Keys outside and in branches are different ones: what happens otherwise is the engine's own (SNS-239).
fn a_policy() -> impl Strategy<Value = Value> {
    let with_or = (a_branch(&["a", "b"]), prop::collection::vec(a_branch(&["c", "d"]), 2..3)).prop_map(
        |(mut policy, branches)| {
            policy["$or"] = json!(branches);
            policy
        },
    );
    prop_oneof![a_branch(&["a", "b", "c"]), with_or]
}
fn a_message() -> impl Strategy<Value = Value> {
    let value = prop_oneof![a_text(), a_number(), any::<bool>().prop_map(Value::from), Just(Value::Null)];
    let list = prop::collection::vec(value.clone(), 0..3).prop_map(Value::from);
    let key = prop::sample::select(vec!["a", "b", "c", "d", "other"]);
    prop::collection::btree_map(key, prop_oneof![3 => value, 1 => list], 0..5)
        .prop_map(|members| json!(members))
}

/// The same message as attributes; none if a value has no attribute of its own (SNS-210).
fn as_attributes(message: &Value) -> Option<MessageAttributes> {
    let attribute = |value: &Value| {
        let (data_type, value) = match value {
            Value::String(text) if !text.is_empty() => ("String", text.clone()),
            Value::Number(number) => ("Number", number.to_string()),
            Value::Array(_) => ("String.Array", value.to_string()),
            _ => return None,
        };
        Some(MessageAttributeValue { data_type: data_type.into(), value })
    };
    let members = message.as_object()?.iter();
    members.map(|(name, value)| Some((name.clone(), attribute(value)?))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    /// SNS-205 to SNS-211, SNS-213, SNS-217, SNS-220 to SNS-235, SNS-237 to SNS-239.
    #[test]
    fn policies_decide_as_the_rules_read(policy in a_policy(), message in a_message()) {
        let text = policy.to_string();
        let Ok(by_body) = FilterPolicy::parse(&text, FilterPolicyScope::MessageBody) else {
            return Err(TestCaseError::reject("over a limit"));
        };
        let told = by_body.explain(&MessageAttributes::new(), &message.to_string());
        let expected = matches(&policy, &message);
        prop_assert_eq!(told.decision.is_match(), expected, "{} on {}: {:?}", policy, message, told.rows);
        if let Some(attributes) = as_attributes(&message).filter(|attributes| !attributes.is_empty()) {
            let by_attributes = FilterPolicy::parse(&text, FilterPolicyScope::MessageAttributes).expect("the same");
            let decision = by_attributes.decide(&attributes, "");
            prop_assert_eq!(decision.is_match(), expected, "{} on attributes {}", policy, message);
        }
    }
}

/// One row as the editor shows it.
fn row(rule: &Value, value: &Value) -> (bool, String) {
    let policy = json!({ "k": [rule] }).to_string();
    let policy = FilterPolicy::parse(&policy, FilterPolicyScope::MessageBody).expect("a policy");
    let body = if value == &json!("(none)") { json!({}) } else { json!({ "k": value }) };
    let told: Explanation = policy.explain(&MessageAttributes::new(), &body.to_string());
    let row = &told.rows[0];
    let detail = row.detail.as_deref().map_or(String::new(), |detail| format!(" {detail}"));
    (row.holds, format!("{}: {}.{detail}", row.wants, row.result))
}

/// SNS-220 to SNS-239: what the editor says of each operator, when it holds and when it does not.
#[test]
fn every_operator_is_explained() {
    let cases: Value = serde_json::from_str(include_str!("../cases/filter_explanations.json")).expect("JSON");
    let mut wrong = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for case in cases.as_array().expect("cases") {
        let (holds, text) = row(&case["rule"], &case["value"]);
        seen.extend(case["rule"].as_object().into_iter().flat_map(|members| members.keys().cloned()));
        if json!(holds) != case["holds"] || json!(text) != case["says"] {
            wrong.push(json!({ "rule": case["rule"], "value": case["value"], "holds": holds, "says": text }));
        }
    }
    assert!(wrong.is_empty(), "{}", serde_json::to_string_pretty(&wrong).expect("JSON"));
    let operators =
        ["anything-but", "cidr", "equals-ignore-case", "exists", "numeric", "prefix", "suffix", "wildcard"];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), operators);
}

/// SNS-239: with `$or` each branch has its rows, and nested bodies their paths (SNS-214).
#[test]
fn sns_214_sns_239_branches_and_nested_keys_are_explained_one_by_one() {
    let policy = r#"{"order":{"state":["placed"]},"$or":[{"order":{"total":[{"numeric":[">",100]}]}},{"vip":[true]}]}"#;
    let policy = FilterPolicy::parse(policy, FilterPolicyScope::MessageBody).expect("a policy");
    let told =
        policy.explain(&MessageAttributes::new(), r#"{"order":{"state":"placed","total":50},"vip":true}"#);
    let rows: Vec<_> =
        told.rows.iter().map(|row| (row.key.as_str(), !row.branch.is_empty(), row.holds)).collect();
    assert_eq!(rows, [("order.state", false, true), ("order.total", true, false), ("vip", true, true)]);
    assert!(told.decision.is_match());
    assert_ne!(told.rows[1].branch, told.rows[2].branch);
}
