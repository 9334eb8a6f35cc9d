//! Links that are legal and do nothing: documents are told so, and the run shows it.

use messaging::MetricName::*;
use scenario::{DiagnosticCode, Severity, parse};
use serde_json::{Value, json};

use super::support::{metrics, run};

/// The warnings of doubtful links: where, what and what instead.
fn doubts(document: &Value) -> Vec<(String, String)> {
    let mut document = document.clone();
    document["Version"] = json!(1);
    let diagnostics = parse(&document.to_string()).validated().diagnostics;
    assert!(!diagnostics.has_errors(), "{diagnostics:#?}");
    let doubtful = diagnostics.iter().filter(|found| found.code == DiagnosticCode::DoubtfulLink);
    doubtful
        .map(|found| {
            assert_eq!(found.severity, Severity::Warning);
            let hint = found.hint.clone().unwrap_or_default();
            (found.pointer.as_str().to_owned(), format!("{} {hint}", found.message))
        })
        .collect()
}

/// CMP-11: the state of such an alarm is INSUFFICIENT_DATA for ever.
#[test]
fn cmp_11_an_alarm_on_a_metric_that_is_never_reported_is_told_the_nearest() {
    let document = |kind: &str, metric: &str| {
        json!({
            "Resources": {
                "watched": { "Type": kind },
                "alarm": { "Type": "AWS::CloudWatch::Alarm", "Properties": { "MetricName": metric } },
            },
            "Links": [{ "From": "watched", "To": "alarm" }],
        })
    };
    let queue = "AWS::SQS::Queue";
    assert_eq!(doubts(&document(queue, "NumberOfMessagesSent")), []);
    for (kind, metric, words) in [
        (
            queue,
            "NumberOfMessagesPublished",
            &["A SQS queue never reports", "Did you mean NumberOfMessages"][..],
        ),
        (
            "AWS::Kinesis::Stream",
            "ApproximateNumberOfMessagesVisible",
            &["stays without data (CMP-11)", "IncomingRecords"],
        ),
        ("AWS::Lambda::Function", "Errors", &[]),
    ] {
        let found = doubts(&document(kind, metric));
        assert_eq!(found.len(), usize::from(!words.is_empty()), "{kind} {metric}: {found:?}");
        for (pointer, text) in found {
            assert_eq!(pointer, "/Resources/alarm/Properties/MetricName");
            assert!(words.iter().all(|word| text.contains(word)), "{text}");
        }
    }
}

/// A producer of 20 messages, a broker, and a consumer of the queue `pdf`.
fn rabbit(broker: &Value, publish: &Value, producer: &Value) -> Value {
    let mut shop = json!({ "ArrivalProcess": { "Type": "AtOnce", "Count": 20 } });
    shop.as_object_mut().expect("an object").extend(producer.as_object().expect("an object").clone());
    let mut properties = json!({ "EngineType": "RABBITMQ" });
    properties.as_object_mut().expect("an object").extend(broker.as_object().expect("an object").clone());
    json!({
        "Resources": {
            "shop": { "Type": "Playground::Producer", "Properties": shop },
            "broker": { "Type": "AWS::AmazonMQ::Broker", "Properties": properties },
            "printer": { "Type": "Playground::Consumer" },
        },
        "Links": [
            { "From": "shop", "To": "broker", "Properties": publish },
            { "From": "broker", "To": "printer", "Properties": { "Destination": "pdf" } },
        ],
    })
}

/// MQ-26, MQ-27: a document is warned if and only if nothing of what is published arrives.
#[test]
fn mq_26_mq_27_a_link_that_reaches_no_queue_says_so_and_only_such_a_link() {
    let none = json!({});
    let topic = |key: &str| {
        json!({
            "Queues": [{ "Name": "pdf" }], "Exchanges": [{ "Name": "files", "Type": "topic" }],
            "Bindings": [{ "Source": "files", "Destination": "pdf", "RoutingKey": key }],
        })
    };
    let direct = || {
        json!({
            "Queues": [{ "Name": "pdf" }], "Exchanges": [{ "Name": "files", "Type": "direct" }],
            "Bindings": [{ "Source": "files", "Destination": "pdf", "RoutingKey": "pdf.log" }],
        })
    };
    let chain = |alternate: &str| {
        json!({
            "Queues": [{ "Name": "pdf" }], "Exchanges": [{ "Name": "files", "Type": "direct", "AlternateExchange": alternate }, { "Name": "rest", "Type": "fanout" }],
            "Bindings": [{ "Source": "rest", "Destination": "pdf" }],
        })
    };
    let headers = json!({
        "Queues": [{ "Name": "pdf" }], "Exchanges": [{ "Name": "files", "Type": "headers" }],
        "Bindings": [{ "Source": "files", "Destination": "pdf", "Arguments": { "x-match": "any", "format": "pdf" } }],
    });
    let with_header = json!({ "Messages": [{ "Attributes": { "format": { "DataType": "String", "StringValue": "pdf" } } }] });
    let declared = json!({ "Queues": [{ "Name": "pdf" }] });
    let files = |key: &str| json!({ "Exchange": "files", "RoutingKey": key });
    let keys = |list: Value| json!({ "Keys": { "List": list } });
    let exchange = "/Links/0/Properties/Exchange";
    let key = "/Links/0/Properties/RoutingKey";
    for (broker, publish, producer, doubt) in [
        // An exchange that is not there.
        (topic("#"), json!({ "Exchange": "fils" }), &none, Some((exchange, "Did you mean files?"))),
        // Nothing is bound.
        (none.clone(), json!({ "Exchange": "amq.direct" }), &none, Some((exchange, "is dropped (MQ-27)"))),
        (
            none.clone(),
            json!({ "Exchange": "amq.fanout", "Mandatory": true }),
            &none,
            Some((exchange, "comes back")),
        ),
        // Keys that match, and keys that do not.
        (topic("pdf.#"), files("pdf.log"), &none, None),
        (topic("*.pdf.log"), files("pdf.log"), &none, Some((key, "Did you mean *.pdf.log?"))),
        (direct(), files("pdf.log"), &none, None),
        (direct(), files("pdf.lgo"), &none, Some((key, "Did you mean pdf.log?"))),
        (direct(), json!({ "Exchange": "files" }), &keys(json!(["a", "pdf.log"])), None),
        (
            direct(),
            json!({ "Exchange": "files" }),
            &keys(json!(["a", "b"])),
            Some((exchange, "Bind a queue")),
        ),
        (direct(), json!({ "Exchange": "files" }), &none, Some((exchange, "Possible: pdf.log"))),
        // By way of another exchange.
        (chain("rest"), files("x"), &none, None),
        (chain(""), files("x"), &none, Some((key, "is dropped"))),
        (headers, json!({ "Exchange": "files" }), &with_header, None),
        // The default exchange: the key is the name of the queue.
        (none.clone(), json!({ "RoutingKey": "pdf" }), &none, None),
        (declared.clone(), json!({ "RoutingKey": "pfd" }), &none, Some((key, "Did you mean pdf?"))),
        (declared.clone(), none.clone(), &none, Some((exchange, "the default exchange"))),
        (declared, none.clone(), &keys(json!(["pdf"])), None),
    ] {
        let document = rabbit(&broker, &publish, producer);
        let found = doubts(&document);
        let said = format!("{broker} {publish} {producer}: {found:?}");
        assert_eq!(found.len(), usize::from(doubt.is_some()), "{said}");
        if let Some((pointer, words)) = doubt {
            assert_eq!(found[0].0, pointer, "{said}");
            assert!(found[0].1.contains(words), "{said}");
        }
        let world = run(&document, 20.0);
        let [processed] = metrics(&world, "printer", [MessagesProcessed]);
        assert_eq!(processed == 0, doubt.is_some(), "{processed} arrive with {said}");
    }
}
