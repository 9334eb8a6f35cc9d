//! Whatever a stranger hands in: no panic, and no more work than the sizes allow.
//!
//! Time is bounded by limits of size and of events, never by a clock: what ends here ends everywhere.

use std::sync::Arc;

use kernel::SimTime;
use messaging::access_policy::{AccessDecision, AccessPolicy, AccessRequest, Principal};
use messaging::descriptor::FieldKind;
use messaging::message_attributes::MessageAttributes;
use messaging::sns::filter_policy::{FilterPolicy, FilterPolicyScope};
use messaging::trace::TraceSettings;
use messaging::{EventBudget, ResourceKind, World};
use proptest::prelude::*;
use scenario::url::UrlError;
use scenario::{compile, gallery, limits, parse, parse_value, url};
use serde_json::{Value, json};

use crate::scenario::mutated_document;

/// Deeper than any stack: what recurses without a limit overflows it.
const DEEP: usize = 100_000;

/// Reads a document as the page does, and holds what comes out against the limits.
fn read(text: &str) -> scenario::Parsed {
    let parsed = parse(text).validated();
    assert!(parsed.diagnostics.0.len() <= limits::MAX_DIAGNOSTICS + 1, "{}", parsed.diagnostics.0.len());
    assert_eq!(compile(&parsed.scenario).is_ok(), !scenario::validate(&parsed.scenario).has_errors());
    parsed
}

/// Texts that go as deep as texts can.
fn deep_texts() -> Vec<String> {
    let open = ["[", "{\"a\":", "[{\"a\":", "{\"$or\":[", "{\"Resources\":", "{\"a\":[{\"anything-but\":"];
    let deep = open.into_iter().map(|open| open.repeat(DEEP));
    let closed = format!("{}{}", "[".repeat(DEEP), "]".repeat(DEEP));
    let number = "9".repeat(DEEP);
    let texts =
        [closed, number.clone(), format!("-0.{number}e{number}"), "\"".repeat(DEEP), "\\".repeat(DEEP)];
    deep.chain(texts).collect()
}

#[test]
fn depth_is_refused_and_overflows_nothing() {
    let part = format!("{}1{}", "[".repeat(DEEP), "]".repeat(DEEP));
    for text in deep_texts() {
        assert!(read(&text).diagnostics.has_errors());
        for scope in [FilterPolicyScope::MessageAttributes, FilterPolicyScope::MessageBody] {
            assert!(FilterPolicy::parse(&text, scope).is_err());
        }
        let everything = FilterPolicy::parse(r#"{"a":["b"]}"#, FilterPolicyScope::MessageBody).unwrap();
        assert!(!everything.decide(&MessageAttributes::new(), &text).is_match());
    }
    // As deep, but in a place where anything may stand.
    for (place, document) in [
        ("Policy", r#"{"Version":1,"Resources":{"q":{"Type":"AWS::SQS::Queue","Properties":{"Policy":@}}}}"#),
        ("Title", r#"{"Version":1,"Title":@}"#),
        ("nothing that is known", r#"{"Version":1,"a":@}"#),
    ] {
        assert!(read(&document.replace('@', &part)).diagnostics.has_errors(), "{place}");
    }
}

/// The longest links: each ends, in a document within the limits or in a refusal.
#[test]
fn the_longest_links_end() {
    let longest = limits::MAX_FRAGMENT_CHARACTERS - "s1.".len();
    for pattern in ["A", "_", "AAAAAAAB", "0123456789abcdef", "_w", "kVZ3-"] {
        let link = format!("s1.{}", pattern.repeat(longest / pattern.len()));
        if let Ok(parsed) = url::decode(&link) {
            assert!(parsed.scenario.to_json().len() <= 2 * limits::MAX_DOCUMENT_BYTES);
            let _ = parsed.validated();
        }
        let link = format!("{link}{}", "A".repeat(pattern.len() + 3));
        assert!(matches!(url::decode(&link), Err(UrlError::TooLong { .. })), "a few characters too many");
    }
}

/// A policy and a body, both as large as they may be, that match as late as possible.
#[test]
fn the_largest_policies_end() {
    const SIZE: usize = 262_144;
    let body = |text: &str, size: usize| json!({ "a": text.repeat(size) }).to_string();
    for (rules, text) in [
        (json!([{ "wildcard": "*a*a*ab" }]), "a"),
        (json!([{ "wildcard": format!("*{}*b", "a".repeat(SIZE / 2)) }]), "a"),
        (json!([{ "anything-but": { "wildcard": "*ab" } }]), "ab"),
        (json!([{ "equals-ignore-case": "É".repeat(SIZE / 4) }]), "é"),
        (json!([{ "prefix": "a".repeat(SIZE / 2) }, { "suffix": "a".repeat(SIZE / 4) }]), "a"),
    ] {
        let policy = json!({ "a": rules }).to_string();
        let policy = FilterPolicy::parse(&policy, FilterPolicyScope::MessageBody).unwrap();
        let body = body(text, SIZE / text.len());
        assert_eq!(
            policy.decide(&MessageAttributes::new(), &body).is_match(),
            policy.explain(&MessageAttributes::new(), &body).decision.is_match()
        );
    }
    // SNS-216: keys below the same array, many elements each.
    let wide = json!({ "a": vec![json!({ "b": vec![1; 40], "c": vec![2; 40] }); 400] }).to_string();
    let policy = json!({ "a": { "b": [{ "numeric": ["=", 3] }], "c": [{ "numeric": ["=", 2] }] } });
    let policy = FilterPolicy::parse(&policy.to_string(), FilterPolicyScope::MessageBody).unwrap();
    assert!(!policy.decide(&MessageAttributes::new(), &wide).is_match());
}

/// JSON that often gets past the first checks of an access policy.
fn any_access_policy() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "Allow",
        "Deny",
        "*",
        "2012-10-17",
        "sqs:*",
        "sqs:SendMessage",
        "sns.amazonaws.com",
        "123456789012",
        "arn:aws:iam::123456789012:root",
        "arn:aws:sqs:*:*:*",
        "aws:SourceArn",
        "?",
        "",
        "é",
    ]);
    let name = prop::sample::select(vec![
        "Version",
        "Id",
        "Statement",
        "Sid",
        "Effect",
        "Principal",
        "Action",
        "Resource",
        "Condition",
        "AWS",
        "Service",
        "ArnLike",
        "StringEquals",
        "Bool",
        "aws:SourceArn",
        "a/b~c",
    ]);
    let leaf = prop_oneof![
        4 => word.prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i32>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    let any = leaf.clone().prop_recursive(4, 30, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name.clone().prop_map(String::from), inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    let texts = prop_oneof![leaf.clone(), prop::collection::vec(leaf.clone(), 0..3).prop_map(Value::from)];
    let principal = (prop::sample::select(vec!["AWS", "Service", "Federated", "Robot"]), texts.clone())
        .prop_map(|(kind, texts)| json!({ kind: texts }));
    let condition = (prop::sample::select(vec!["ArnLike", "StringEquals", "Bool", "Never"]), texts)
        .prop_map(|(operator, texts)| json!({ operator: { "aws:SourceArn": texts } }));
    let principal = prop_oneof![principal, any.clone()];
    let condition = prop_oneof![condition, any.clone()];
    let likely = (principal, condition, leaf.clone(), leaf.clone(), leaf).prop_map(
        |(principal, condition, effect, action, resource)| {
            json!({ "Statement": [
                { "Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*", "Condition": condition },
                { "Effect": "Deny", "Principal": principal, "Action": "sqs:SendMessage", "Resource": "*" },
                { "Effect": effect, "Principal": "*", "Action": action, "Resource": resource },
            ] })
        },
    );
    prop_oneof![any, likely]
}

/// The text of a scenario of the gallery with pieces cut out, doubled and overwritten.
fn damaged_text() -> impl Strategy<Value = String> {
    let damage = (any::<prop::sample::Index>(), 0..40_usize, prop::collection::vec(any::<u8>(), 0..6));
    let damages = prop::collection::vec((damage, any::<bool>()), 1..6);
    (0..gallery::ALL.len(), damages).prop_map(|(place, damages)| {
        let mut bytes = gallery::ALL[place].json.as_bytes().to_vec();
        for ((at, length, new), double) in damages {
            let at = at.index(bytes.len().max(1)).min(bytes.len());
            let end = (at + length).min(bytes.len());
            let mut put = if double { bytes[at..end].repeat(2) } else { Vec::new() };
            put.extend(new);
            bytes.splice(at..end, put);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_are_a_document_or_faults(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn damaged_documents_are_documents_or_faults(text in damaged_text()) {
        read(&text);
    }

    #[test]
    fn any_text_is_a_link_or_refused(text in any::<String>(), payload in "[A-Za-z0-9_-]{0,2000}") {
        for link in [text.clone(), format!("s1.{text}"), format!("#s1.{payload}&{text}")] {
            if let Ok(parsed) = url::decode(&link) {
                let _ = parsed.validated();
            }
        }
    }

    /// ACC-6, ACC-7: a policy that can be read answers everything, and what it does not name it denies.
    #[test]
    fn any_json_is_an_access_policy_or_refused(policy in any_access_policy(), action in any::<String>()) {
        match AccessPolicy::parse(&policy) {
            Err(error) => {
                let parent = error.pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
                let found = policy.pointer(&error.pointer).or(policy.pointer(parent));
                prop_assert!(found.is_some() && !error.message.is_empty(), "{}", error);
            }
            Ok(policy) => {
                for principal in [Principal::Service("sns.amazonaws.com"), Principal::Aws(&action)] {
                    for action in [action.as_str(), "sqs:SendMessage", "s3:GetObject"] {
                        let context = [("aws:SourceArn", action), ("aws:SecureTransport", "true")];
                        let request = AccessRequest { principal, action, resource_arn: action, context: &context };
                        if let AccessDecision::ExplicitDeny { statement } = policy.evaluate(&request) {
                            prop_assert!(statement < 8);
                            let _ = policy.statement_id(statement);
                        }
                    }
                }
                let _ = policy.statements_without_source().count();
            }
        }
    }
}

/// A value that a field's description allows: its ends, or something between.
fn extreme(kind: &FieldKind, choice: u32) -> Option<Value> {
    let share = f64::from(choice % 1_001) / 1_000.0;
    Some(match kind {
        FieldKind::Integer { low, high, .. } => match choice % 5 {
            0 | 1 => json!(low),
            2 | 3 => json!(high),
            _ => json!(low + ((high - low) as f64 * share) as i64),
        },
        FieldKind::Number { low, high, .. } => match choice % 5 {
            0 | 1 => json!(low),
            2 | 3 => json!(high),
            _ => json!(low + (high - low) * share),
        },
        FieldKind::Switch => json!(choice.is_multiple_of(2)),
        FieldKind::Choice(words) => json!(words[choice as usize % words.len()]),
        FieldKind::Variants { tag, cases } => {
            let (name, fields) = cases[choice as usize % cases.len()];
            let members = fields.iter().filter_map(|field| {
                Some((field.name.to_owned(), extreme(&field.kind, choice.rotate_left(7))?))
            });
            let mut value: serde_json::Map<String, Value> = members.collect();
            value.insert((*tag).into(), json!(name));
            Value::Object(value)
        }
        FieldKind::Text | FieldKind::Json | FieldKind::FilterPolicy => return None,
    })
}

/// A scenario of the gallery, some of whose properties are at the ends of what they may be.
fn extreme_document() -> impl Strategy<Value = Value> {
    let changes = prop::collection::vec((any::<u16>(), any::<u16>(), any::<u32>()), 1..8);
    (0..gallery::ALL.len(), changes).prop_map(|(place, changes)| {
        let mut document: Value = serde_json::from_str(gallery::ALL[place].json).unwrap();
        for (which, field, choice) in changes {
            let resources = document["Resources"].as_object_mut().unwrap();
            let place = usize::from(which) % resources.len();
            let resource = resources.values_mut().nth(place).unwrap();
            let kind = ResourceKind::from_resource_type(resource["Type"].as_str().unwrap()).unwrap();
            let fields = kind.descriptor().fields;
            let field = &fields[usize::from(field) % fields.len()];
            if let Some(value) = extreme(&field.kind, choice) {
                resource["Properties"][field.name] = value;
            }
        }
        document
    })
}

/// Runs a document for so many events, if it has no errors, and looks at all there is to see.
fn run_if_it_can(document: &Value) -> bool {
    let scenario = parse_value(document).scenario;
    let Ok(spec) = compile(&scenario) else { return false };
    let mut world = World::new(&Arc::new(spec), scenario.seed, TraceSettings::OFF);
    for seconds in [1, 60, 100_000] {
        world.advance(SimTime::from_secs(seconds), EventBudget(5_000));
        let _ = world.component_ids().filter_map(|id| world.node_state(id)).count();
    }
    true
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// A document without errors runs: whatever its numbers, no event of it panics.
    #[test]
    fn what_has_no_errors_runs(document in mutated_document()) {
        run_if_it_can(&document);
    }

    /// What the inspector lets a person set runs, at the ends of every range too.
    #[test]
    fn what_can_be_set_runs(document in extreme_document()) {
        run_if_it_can(&document);
    }
}
