//! Filter policies against anything at all: no panic, and decision and explanation agree.

use std::collections::BTreeMap;

use messaging::message_attributes::{MessageAttributeValue, MessageAttributes};
use messaging::sns::filter_policy::{Decision, FilterPolicy, FilterPolicyScope};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Any JSON, with policy words often enough that much of it gets past the first check.
fn any_json() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "a",
        "b",
        "a.b",
        "",
        "$or",
        "prefix",
        "suffix",
        "wildcard",
        "anything-but",
        "numeric",
        "cidr",
        "exists",
        "equals-ignore-case",
        ">=",
        "<",
        "=",
        "é*",
        "10.0.0.0/8",
        "::/0",
        "\\*",
        "*",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word.clone().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(word.clone().prop_map(String::from), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A policy whose keys hold lists of rules that are mostly right.
fn likely_policy() -> impl Strategy<Value = Value> {
    let text = prop::sample::select(vec!["", "a", "b*", "1", "10.0.0.0/8"]).prop_map(Value::from);
    let rule = prop_oneof![
        text.clone(),
        any::<i8>().prop_map(Value::from),
        Just(Value::Null),
        text.clone().prop_map(|t| json!({ "prefix": t })),
        text.clone().prop_map(|t| json!({ "wildcard": t })),
        text.prop_map(|t| json!({ "anything-but": { "equals-ignore-case": t } })),
        any::<i8>().prop_map(|n| json!({ "numeric": [">", n] })),
        any::<bool>().prop_map(|b| json!({ "exists": b })),
    ];
    let rules = prop::collection::vec(rule, 1..4).prop_map(Value::from);
    let object = |inner: BoxedStrategy<Value>| {
        prop::collection::btree_map(prop::sample::select(vec!["a", "b", "c", "a.b"]), inner, 1..4)
            .prop_map(|members| json!(members))
    };
    let flat = object(rules.clone().boxed());
    let or = prop::collection::vec(flat.clone(), 2..4).prop_map(|branches| json!({ "$or": branches }));
    prop_oneof![flat.clone(), or, object(prop_oneof![rules, flat].boxed())]
}

fn any_attributes() -> impl Strategy<Value = MessageAttributes> {
    let data_type =
        prop::sample::select(vec!["String", "Number", "String.Array", "Binary", "Number.kg", "?"]);
    let value = prop_oneof![any_json().prop_map(|value| value.to_string()), any::<String>()];
    let attribute = (data_type, value)
        .prop_map(|(data_type, value)| MessageAttributeValue { data_type: data_type.into(), value });
    prop::collection::btree_map(prop::sample::select(vec!["a", "b", "a.b", "$or"]), attribute, 0..4)
        .prop_map(|list| list.into_iter().map(|(name, value)| (name.to_string(), value)).collect())
}

fn parse_and_use(text: &str, attributes: &MessageAttributes, body: &str) -> Result<(), TestCaseError> {
    for scope in [FilterPolicyScope::MessageAttributes, FilterPolicyScope::MessageBody] {
        match FilterPolicy::parse(text, scope) {
            Ok(policy) => {
                let decision = policy.decide(attributes, body);
                let told = policy.explain(attributes, body);
                prop_assert_eq!(decision, told.decision);
                prop_assert!(policy.counters().keys <= Some(5));
                if decision == Decision::Matched && told.rows.iter().all(|row| row.branch.is_empty()) {
                    // Keys named twice replace each other, so the last row of each path decides.
                    let last: BTreeMap<&str, bool> =
                        told.rows.iter().map(|r| (r.key.as_str(), r.holds)).collect();
                    prop_assert!(last.values().all(|&holds| holds), "{:?}", told);
                }
            }
            Err(error) => {
                let span = error.span;
                prop_assert!(span.start <= span.end && span.end <= text.len());
                prop_assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
                prop_assert!(!error.hint.is_empty());
            }
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_json_is_a_policy_or_refused(policy in any_json(), attributes in any_attributes(), body in any_json()) {
        parse_and_use(&policy.to_string(), &attributes, &body.to_string())?;
    }

    #[test]
    fn likely_policies_are_decided(policy in likely_policy(), attributes in any_attributes(), body in any_json()) {
        parse_and_use(&policy.to_string(), &attributes, &body.to_string())?;
    }

    #[test]
    fn any_text_is_refused_or_a_policy(text in any::<String>(), cut in any::<prop::sample::Index>()) {
        parse_and_use(&text, &MessageAttributes::new(), &text)?;
        let whole = r#"{"a":[{"prefix":"é"},{"numeric":[">",1,"<",2.5e1]}],"$or":[{"b":[null]},{"c":[true]}]}"#;
        let end = (0..=cut.index(whole.len())).rev().find(|&at| whole.is_char_boundary(at)).unwrap_or(0);
        parse_and_use(&whole[..end], &MessageAttributes::new(), whole)?;
    }
}
