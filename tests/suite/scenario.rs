//! Documents: reading, refusing, writing.

use std::collections::BTreeSet;

use messaging::{LinkKind, LogicalId, ResourceKind};
use proptest::prelude::*;
use scenario::{
    DiagnosticCode, Diagnostics, JsonPointer, Scenario, Severity, compile, default_link_type, gallery,
    link_refusal, parse, parse_value,
};
use serde_json::{Map, Value, json};

/// A topic that delivers to a queue, read by a consumer; a producer that publishes.
fn small() -> Value {
    json!({
        "Version": 1,
        "Title": "Small",
        "Seed": 7,
        "Resources": {
            "shop": { "Type": "Playground::Producer" },
            "orders": { "Type": "AWS::SNS::Topic" },
            "eu": { "Type": "AWS::SQS::Queue", "Properties": { "VisibilityTimeout": 60 } },
            "worker": { "Type": "Playground::Consumer" },
        },
        "Links": [
            { "Type": "Playground::Send", "From": "shop", "To": "orders" },
            { "Type": "AWS::SNS::Subscription", "From": "orders", "To": "eu",
              "Properties": { "FilterPolicy": { "region": ["eu"] } } },
            { "Type": "Playground::Poll", "From": "eu", "To": "worker" },
        ],
        "Layout": { "shop": [80, 120] },
    })
}

/// The small document with a change.
fn changed(change: impl FnOnce(&mut Value)) -> Value {
    let mut document = small();
    change(&mut document);
    document
}

fn found(document: &Value) -> Diagnostics {
    parse(&document.to_string()).validated().diagnostics
}

/// Asserts that a document has this fault at this place, and that the words are in what is said about it.
#[track_caller]
fn assert_fault(document: &Value, code: DiagnosticCode, pointer: &str, words: &[&str]) {
    let diagnostics = found(document);
    let fault = diagnostics.iter().find(|fault| fault.code == code && fault.pointer.as_str() == pointer);
    let Some(fault) = fault else { panic!("no {code} at {pointer} in {diagnostics:#?}") };
    let text = format!("{} {}", fault.message, fault.hint.as_deref().unwrap_or(""));
    for word in words {
        assert!(text.contains(word), "{word:?} is not in {text:?}");
    }
}

#[test]
fn a_good_document_has_no_faults_and_compiles() {
    assert_eq!(found(&small()), Diagnostics::default());
    let spec = compile(&parse_value(&small()).scenario).unwrap();
    assert_eq!(spec.resources.len(), 4);
    let ids: Vec<&str> = spec.resources.iter().map(|resource| resource.id.as_str()).collect();
    assert_eq!(
        ids,
        ["shop", "orders", "eu", "worker"],
        "the order of the document is the order of the world"
    );
}

#[test]
fn syntax_errors_name_line_and_column() {
    let parsed = parse("{\n  \"Version\": 1,\n  \"Title\" \"x\"\n}");
    let fault = &parsed.diagnostics.0[0];
    assert_eq!((fault.code, parsed.diagnostics.0.len()), (DiagnosticCode::Syntax, 1));
    assert!(fault.message.contains("Line 3, column 11"), "{}", fault.message);
    assert_eq!(parsed.scenario, Scenario::default());
}

#[test]
fn every_code_is_found_where_the_fault_is() {
    use DiagnosticCode::*;
    let fault = |change: fn(&mut Value), code, pointer: &str, words: &[&str]| {
        assert_fault(&changed(change), code, pointer, words);
    };
    let queue = "/Resources/eu/Properties";
    fault(|d| d["Version"] = json!(99), UnknownVersion, "/Version", &["99", "newer"]);
    fault(|d| d["Resorces"] = json!({}), UnknownMember, "/Resorces", &["Did you mean Resources?"]);
    fault(
        |d| d["Links"][0] = json!({ "Type": "Playground::Send", "To": "eu" }),
        MissingMember,
        "/Links/0",
        &["From"],
    );
    fault(
        |d| d["Resources"]["eu"]["Properties"]["VisibilityTimeout"] = json!("long"),
        WrongType,
        &format!("{queue}/VisibilityTimeout"),
        &["a text", "0 to 43200 s"],
    );
    fault(
        |d| d["Resources"]["eu"]["Properties"]["VisibilityTimeout"] = json!(43_201),
        OutOfRange,
        &format!("{queue}/VisibilityTimeout"),
        &["43201", "0 to 43200 s", "SQS-60"],
    );
    fault(
        |d| d["Resources"]["eu"]["Properties"]["DelaySeconds"] = json!(-1),
        OutOfRange,
        &format!("{queue}/DelaySeconds"),
        &["-1", "0 to 900 s"],
    );
    fault(
        |d| d["Resources"]["eu"]["Type"] = json!("AWS::SQS::Cue"),
        UnknownType,
        "/Resources/eu/Type",
        &["AWS::SQS::Cue", "Did you mean AWS::SQS::Queue?"],
    );
    fault(
        |d| d["Resources"]["eu"]["Properties"]["VisibilityTimeuot"] = json!(1),
        UnknownProperty,
        &format!("{queue}/VisibilityTimeuot"),
        &["Did you mean VisibilityTimeout?"],
    );
    fault(
        |d| d["Resources"]["a b"] = json!({ "Type": "AWS::SQS::Queue" }),
        InvalidName,
        "/Resources/a b",
        &["SQS-2"],
    );
    fault(|d| d["Links"][0]["To"] = json!("order"), DanglingLink, "/Links/0/To", &["Did you mean orders?"]);
    fault(
        |d| d["Timeline"] = json!([{ "At": "1s", "Stop": "worke" }]),
        DanglingLink,
        "/Timeline/0/Stop",
        &["worker"],
    );
    fault(
        |d| d["Timeline"] = json!([{ "At": "1s", "Stop": "eu" }]),
        NotPossible,
        "/Timeline/0/Stop",
        &["Purge"],
    );
    fault(|d| d["Links"][2]["From"] = json!("orders"), LinkNotAllowed, "/Links/2", &["Put a queue between"]);
    fault(
        |d| {
            let link = d["Links"][0].clone();
            d["Links"][1] = link;
        },
        DuplicateLink,
        "/Links/1",
        &["shop", "orders"],
    );
    fault(
        |d| d["Links"].as_array_mut().unwrap().push(json!({ "From": "worker", "To": "orders" })),
        DeliveryCycle,
        "/Links/3",
        &["orders → eu → worker → orders"],
    );
    fault(
        |d| d["Links"][1]["Properties"]["FilterPolicy"] = json!({ "region": "eu" }),
        InvalidFilterPolicy,
        "/Links/1/Properties/FilterPolicy/region",
        &["must be an object or an array", "[\"eu\"]"],
    );
    fault(
        |d| d["Resources"]["eu"]["Properties"]["Policy"] = json!({ "Statement": 5 }),
        InvalidAccessPolicy,
        &format!("{queue}/Policy/Statement"),
        &["Statement"],
    );
    fault(
        |d| d["Links"][1]["Properties"]["RedrivePolicy"] = json!({ "deadLetterTargetArn": "nowhere" }),
        InvalidSubscription,
        "/Links/1/Properties/RedrivePolicy/deadLetterTargetArn",
        &["there is no queue nowhere"],
    );
    fault(
        |d| d["Expect"] = json!([{ "Metric": "IncomingRecords", "Of": "eu", "AtLeast": 1, "By": "1m" }]),
        MetricNotReported,
        "/Expect/0/Metric",
        &["never reports"],
    );
    let many: Map<String, Value> =
        (0..501).map(|n| (format!("q{n}"), json!({ "Type": "AWS::SQS::Queue" }))).collect();
    assert_fault(&json!({ "Version": 1, "Resources": many }), TooLarge, "/Resources", &["501", "500"]);
    let twice = r#"{ "Version": 1, "Resources": { "q": { "Type": "AWS::SQS::Queue" }, "q": { "Type": "AWS::SNS::Topic" } } }"#;
    let codes: Vec<_> = parse(twice).diagnostics.iter().map(|fault| fault.code).collect();
    assert_eq!(codes, [DuplicateName]);
}

/// KDS-69, SP-127: the shard limit of the account is a setting, and `CreateStream` is held to it.
#[test]
fn kds_69_sp_127_quotas_of_the_account_can_be_set_and_only_adjustable_ones() {
    use DiagnosticCode::*;
    let with = |quotas: Value, shards: u32| {
        json!({
            "Version": 1,
            "Settings": { "Quotas": quotas },
            "Resources": {
                "gps": { "Type": "AWS::Kinesis::Stream", "Properties": { "ShardCount": shards } },
                "other": { "Type": "AWS::Kinesis::Stream" },
            },
        })
    };
    let two = json!({ "ShardLimit": 2 });
    assert_eq!(found(&with(two.clone(), 1)), Diagnostics::default());
    let words = ["LimitExceededException", "there are 3 open shards", "may have 2", "KDS-69", "ShardLimit"];
    assert_fault(&with(two.clone(), 2), OutOfRange, "/Resources/other/Properties/ShardCount", &words);
    let quotas = "/Settings/Quotas";
    let at = |code: &str| format!("{quotas}/{code}");
    assert_fault(
        &with(json!({ "ShardLimt": 2 }), 1),
        UnknownMember,
        &at("ShardLimt"),
        &["Did you mean ShardLimit?"],
    );
    // Records per second of a shard are no quota that AWS changes.
    assert_fault(
        &with(json!({ "ShardWriteRecords": 9 }), 1),
        UnknownMember,
        &at("ShardWriteRecords"),
        &["adjustable"],
    );
    for (number, code) in [(json!(0), OutOfRange), (json!(200_001), OutOfRange), (json!(1.5), OutOfRange)] {
        assert_fault(
            &with(json!({ "ShardLimit": number }), 1),
            code,
            &at("ShardLimit"),
            &["1 to 200000", "KDS-69"],
        );
    }
    assert_fault(&with(json!({ "ShardLimit": "two" }), 1), WrongType, &at("ShardLimit"), &["a text"]);
    let scenario = parse_value(&with(two, 1)).scenario;
    assert_eq!(scenario.to_value()["Settings"], json!({ "Quotas": { "ShardLimit": 2 } }));
    assert_eq!(parse_value(&scenario.to_value()).scenario, scenario);
    let link = scenario::url::encode(&scenario);
    assert_eq!(scenario::url::decode(link.as_str()).expect("a link").scenario, scenario);
}

/// A code means one quota, and what may be set is what AWS calls adjustable.
#[test]
fn every_quota_that_can_be_set_is_adjustable_and_has_a_code_of_its_own() {
    let all: Vec<_> = ResourceKind::ALL.iter().flat_map(|kind| kind.quotas()).collect();
    let codes: BTreeSet<&str> = all.iter().map(|quota| quota.code).collect();
    assert!(all.len() >= 15 && codes.len() == all.len(), "{codes:?}");
    assert!(all.iter().all(|quota| quota.adjustable), "{codes:?}");
}

#[test]
fn sns_43_a_standard_topic_is_refused_a_fifo_queue_in_snss_words() {
    let document = changed(|d| {
        d["Resources"]["eu.fifo"] = json!({ "Type": "AWS::SQS::Queue", "Properties": { "FifoQueue": true } });
        d["Links"][1]["To"] = json!("eu.fifo");
    });
    let text = "FIFO SQS Queues can not be subscribed to standard SNS topics";
    assert_fault(&document, DiagnosticCode::FifoMismatch, "/Links/1", &[text]);
}

#[test]
fn sns_44_and_sns_45_a_fifo_topic_reaches_standard_queues_except_in_the_classic_profile() {
    let document = |profile: &str| {
        json!({
            "Version": 1,
            "Settings": { "QuotaProfile": profile },
            "Resources": {
                "t.fifo": { "Type": "AWS::SNS::Topic", "Properties": { "FifoTopic": true } },
                "q": { "Type": "AWS::SQS::Queue" },
            },
            "Links": [{ "From": "t.fifo", "To": "q" }],
        })
    };
    assert_eq!(found(&document("Current")), Diagnostics::default());
    assert_fault(&document("Classic"), DiagnosticCode::FifoMismatch, "/Links/0", &["classic", "SNS-45"]);
}

#[test]
fn sqs_120_a_dead_letter_queue_has_the_type_of_its_source_and_is_another_queue() {
    let with = |link: Value| {
        changed(|d| {
            d["Resources"]["eu.fifo"] =
                json!({ "Type": "AWS::SQS::Queue", "Properties": { "FifoQueue": true } });
            d["Links"][2] = link;
        })
    };
    let to_fifo = with(json!({ "From": "eu", "To": "eu.fifo" }));
    assert_fault(&to_fifo, DiagnosticCode::FifoMismatch, "/Links/2", &["dead-letter"]);
    let to_standard = with(json!({ "From": "eu.fifo", "To": "eu" }));
    assert_fault(&to_standard, DiagnosticCode::FifoMismatch, "/Links/2", &["dead-letter"]);
    let to_itself = with(json!({ "From": "eu", "To": "eu" }));
    assert_fault(&to_itself, DiagnosticCode::LinkNotAllowed, "/Links/2", &["its own dead-letter queue"]);
}

#[test]
fn sqs_1_and_sns_1_fifo_names_end_in_fifo_and_no_others_do() {
    let name = |name: &str, fifo: bool, resource_type: &str, property: &str| {
        found(&json!({ "Version": 1, "Resources": { name: { "Type": resource_type, "Properties": { property: fifo } } } }))
            .iter()
            .any(|fault| fault.code == DiagnosticCode::FifoMismatch)
    };
    for (resource_type, property) in [("AWS::SQS::Queue", "FifoQueue"), ("AWS::SNS::Topic", "FifoTopic")] {
        assert!(name("orders", true, resource_type, property));
        assert!(name("orders.fifo", false, resource_type, property));
        assert!(!name("myfirstqueue.fifo", true, resource_type, property));
        assert!(!name("orders", false, resource_type, property));
    }
}

#[test]
fn reading_goes_on_after_every_fault() {
    let document = json!({
        "Version": 1,
        "Titel": "x",
        "Resources": {
            "a": { "Type": "AWS::SQS::Queue", "Properties": { "DelaySeconds": true, "VisibilityTimeout": 7, "X": 1 } },
            "b": 5,
            "c": { "Type": "Nothing" },
            "d": { "Type": "Playground::Producer", "Properties": { "ArrivalProcess": { "Type": "Steady", "Rate": "x" }, "BatchSize": 3 } },
        },
        "Links": [{ "From": "d", "To": "a" }, 7, { "From": "a" }],
        "Timeline": [{ "At": "soon", "Stop": "d" }, { "At": "1s" }],
        "Expect": [{ "Metric": "Nothing", "Of": "a", "AtLeast": 1, "By": "1s" }],
        "Layout": { "a": "left", "d": [1, 2] },
    });
    let parsed = parse_value(&document);
    let pointers: Vec<&str> = parsed.diagnostics.iter().map(|fault| fault.pointer.as_str()).collect();
    for pointer in [
        "/Titel",
        "/Resources/a/Properties/X",
        "/Resources/a/Properties/DelaySeconds",
        "/Resources/b",
        "/Resources/c/Type",
        "/Resources/d/Properties/ArrivalProcess/Rate",
        "/Links/1",
        "/Links/2",
        "/Timeline/0/At",
        "/Timeline/1",
        "/Expect/0/Metric",
        "/Layout/a",
    ] {
        assert!(pointers.contains(&pointer), "{pointer} is not in {pointers:#?}");
    }
    // What can be read is there.
    assert_eq!((parsed.scenario.resources.len(), parsed.scenario.links.len()), (2, 1));
    let written = parsed.scenario.to_value();
    assert_eq!(written["Resources"]["a"]["Properties"], json!({ "VisibilityTimeout": 7 }));
    assert_eq!(written["Resources"]["d"]["Properties"], json!({ "BatchSize": 3 }));
}

#[test]
fn members_nobody_wrote_are_not_written_and_those_that_say_nothing_are() {
    let scenario = parse_value(&changed(|d| {
        d["Resources"]["worker"]["Properties"] = json!({ "WaitTimeSeconds": null, "Workers": 1 });
    }));
    let written = scenario.scenario.to_value();
    assert_eq!(written["Resources"]["shop"], json!({ "Type": "Playground::Producer" }));
    assert_eq!(written["Resources"]["worker"]["Properties"]["WaitTimeSeconds"], Value::Null);
    assert_eq!(parse_value(&written).scenario, scenario.scenario);
}

#[test]
fn at_is_read_as_by_and_a_link_type_that_goes_without_saying_may_be_left_out() {
    let parsed = parse_value(&changed(|d| {
        d["Expect"] =
            json!([{ "Metric": "NumberOfMessagesSent", "Of": "eu", "Equals": 5, "Within": 1, "At": "90s" }]);
        d["Links"][2] = json!({ "From": "eu", "To": "worker" });
    }));
    assert!(parsed.diagnostics.is_empty(), "{:#?}", parsed.diagnostics);
    let written = parsed.scenario.to_value();
    let expected =
        json!({ "Metric": "NumberOfMessagesSent", "Of": "eu", "Equals": 5, "Within": 1, "By": "1m30s" });
    assert_eq!(written["Expect"][0], expected);
    assert_eq!(written["Links"][2]["Type"], "Playground::Poll");
}

#[test]
fn every_pair_of_kinds_has_a_link_or_a_reason() {
    for from in ResourceKind::ALL {
        for to in ResourceKind::ALL {
            let refusal = link_refusal(&from.default_properties(), &to.default_properties());
            // Clients publish to phones and apps only, and a fresh endpoint is a web server (SNS-20).
            let pushes = [ResourceKind::Topic, ResourceKind::DeliveryStream].contains(from);
            let by_protocol = *to == ResourceKind::Endpoint && !pushes;
            let linked = default_link_type(*from, *to).is_some() && !by_protocol;
            assert_eq!(refusal.is_none(), linked, "{from:?} to {to:?}");
            if let Some(refusal) = refusal {
                assert!(
                    refusal.reason.ends_with('.') && refusal.hint.is_some(),
                    "{from:?} to {to:?}: {refusal:?}"
                );
            }
        }
    }
}

/// What palette, inspector and validation know is what the document can hold, no more and no less.
#[test]
fn descriptors_name_every_property() {
    let schema = scenario::json_schema();
    let definitions = |section: &str| {
        let section = &schema["properties"][section];
        let cases = section["additionalProperties"].get("oneOf").or_else(|| section["items"].get("oneOf"));
        cases.unwrap().as_array().unwrap().clone()
    };
    let mut described = Vec::new();
    described.extend(
        ResourceKind::ALL.iter().map(|kind| (kind.descriptor().resource_type, kind.descriptor().fields)),
    );
    described
        .extend(LinkKind::ALL.iter().map(|kind| (kind.descriptor().link_type, kind.descriptor().fields)));
    for (case, (name, fields)) in
        definitions("Resources").into_iter().chain(definitions("Links")).zip(described)
    {
        assert_eq!(case["properties"]["Type"]["const"], name);
        let reference = case["properties"]["Properties"]["$ref"].as_str().unwrap();
        let properties = schema.pointer(reference.trim_start_matches('#')).unwrap();
        let known: BTreeSet<&str> = fields.iter().map(|field| field.name).collect();
        let readable: BTreeSet<&str> = properties["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(known, readable, "{name}");
    }
}

#[test]
fn the_schema_in_the_documentation_is_the_schema_of_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/scenario.schema.json");
    let schema = format!("{:#}\n", scenario::json_schema());
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(path, &schema).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == schema, "docs/scenario.schema.json is old: UPDATE_EXPECT=1 writes it anew");
}

#[test]
fn pointers_survive_odd_names() {
    let document = json!({ "Version": 1, "Resources": { "a/b~c": { "Type": "AWS::SQS::Queue" } } });
    let diagnostics = found(&document);
    let pointer: &JsonPointer = &diagnostics.0[0].pointer;
    assert_eq!(document.pointer(pointer.as_str()), Some(&document["Resources"]["a/b~c"]));
}

#[test]
fn positions_of_nothing_are_passed_over_with_a_warning() {
    let document = changed(|d| d["Layout"]["gone"] = json!([1, 2]));
    let diagnostics = found(&document);
    assert_eq!((diagnostics.0.len(), diagnostics.0[0].severity), (1, Severity::Warning));
    assert!(!parse_value(&document).scenario.layout.contains_key(&LogicalId::from("gone")));
}

/// A document of the gallery with some of its values replaced by others that may not fit.
pub(crate) fn mutated_document() -> impl Strategy<Value = Value> {
    let replacement = prop_oneof![
        Just(Value::Null),
        Just(json!(-1)),
        Just(json!(3.5)),
        Just(json!(1e300)),
        Just(json!(u64::MAX)),
        Just(json!({})),
        Just(json!([])),
        Just(json!(true)),
        Just(json!("AWS::SQS::Queue")),
        Just(json!("10s")),
        Just(json!([1.0, -2.0])),
        Just(json!({ "prefix": "a", "x": [1.0, null] })),
        any::<u32>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    let changes = prop::collection::vec((prop::collection::vec(any::<u16>(), 1..6), replacement), 0..6);
    (0..gallery::ALL.len(), changes).prop_map(|(place, changes)| {
        let mut document: Value = serde_json::from_str(gallery::ALL[place].json).unwrap();
        // What the gallery has none of.
        let named = document["Resources"].as_object().and_then(|resources| resources.keys().next()).cloned();
        document["Groups"] = json!([{ "Title": "All", "Resources": [named] }]);
        document["Notes"] = json!([{ "Text": "a < b", "At": [-7, 40] }]);
        for (path, replacement) in changes {
            replace(&mut document, &path, replacement);
        }
        document
    })
}

fn replace(value: &mut Value, path: &[u16], replacement: Value) {
    let size = match value {
        Value::Array(elements) => elements.len(),
        Value::Object(members) => members.len(),
        _ => 0,
    };
    match (path, size) {
        ([], _) | (_, 0) => *value = replacement,
        ([step, rest @ ..], size) => {
            let place = usize::from(*step) % size;
            let child = match value {
                Value::Array(elements) => elements.get_mut(place),
                Value::Object(members) => members.values_mut().nth(place),
                _ => None,
            };
            replace(child.unwrap(), rest, replacement);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_was_read_is_written_and_reads_the_same(document in mutated_document()) {
        let first = parse_value(&document);
        let again = parse(&first.scenario.to_json());
        prop_assert_eq!(&again.diagnostics, &Diagnostics::default());
        prop_assert_eq!(again.scenario, first.scenario);
    }

    #[test]
    fn every_fault_points_into_the_document_or_at_what_is_missing(document in mutated_document()) {
        let parsed = parse_value(&document).validated();
        for fault in &parsed.diagnostics {
            let mut parent = fault.pointer.as_str();
            while document.pointer(parent).is_none() {
                parent = &parent[..parent.rfind('/').unwrap_or(0)];
            }
            prop_assert!(!fault.message.is_empty());
            prop_assert!(document.pointer(parent).is_some());
        }
        // What has no errors can be made into a world.
        prop_assert_eq!(compile(&parsed.scenario).is_ok(), !scenario::validate(&parsed.scenario).has_errors());
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in ".{0,200}") {
        let _ = parse(&text).validated();
    }
}

/// Groups and notes are drawing alone: what does not fit is said where it stands, and the rest is there.
#[test]
fn groups_and_notes_are_read_and_their_faults_have_a_place() {
    let long = "x".repeat(scenario::limits::MAX_NOTE_CHARACTERS + 1);
    let document = json!({
        "Version": 1,
        "Resources": { "a": { "Type": "AWS::SQS::Queue" }, "b": { "Type": "AWS::SQS::Queue" } },
        "Groups": [
            { "Title": "One", "Resources": ["a", "gone", 7] },
            { "Title": "Two", "Resources": ["a", "b"] },
            { "Title": "Nobody", "Resources": ["a"] },
        ],
        "Notes": [
            { "Text": "<b>not markup</b>", "At": [-3.4, 20] },
            { "Text": long, "At": [0, 0] },
            { "Text": "nowhere" },
            { "Text": "far", "At": [0, 200_000] },
        ],
    });
    let parsed = parse_value(&document);
    let group = |title: &str, id: &str| scenario::Group { title: title.into(), resources: vec![id.into()] };
    assert_eq!(parsed.scenario.groups, [group("One", "a"), group("Two", "b")]);
    let notes = &parsed.scenario.notes;
    assert_eq!((notes.len(), notes[0].text.as_str(), notes[0].at), (2, "<b>not markup</b>", [-3, 20]));
    let places: Vec<&str> = parsed.diagnostics.iter().map(|fault| fault.pointer.as_str()).collect();
    let expected = [
        "/Groups/0/Resources/1",
        "/Groups/0/Resources/2",
        "/Groups/1/Resources/0",
        "/Groups/2/Resources/0",
        "/Notes/1/Text",
        "/Notes/2",
        "/Notes/3/At",
    ];
    assert_eq!(places, expected);
    // Who has none writes none.
    assert!(!gallery::ALL[0].scenario().to_json().contains("Groups"));
}

#[test]
fn the_example_of_the_documentation_is_a_good_document() {
    let page = include_str!("../../docs/scenario-format.md");
    let example = page.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let parsed = parse(example).validated();
    assert_eq!(parsed.diagnostics, Diagnostics::default());
    assert!(compile(&parsed.scenario).is_ok());
}
