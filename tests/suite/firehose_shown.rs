//! What a delivery stream shows: buffers that fill up, and quotas that come near.

use messaging::node_state::{Health, Instrument};
use messaging::{Properties, ResourceKind, World};
use serde_json::{Value, json};

use super::support::{place, run};

fn stream(rate: u32, bytes: u32, settings: Value, properties: Value) -> Value {
    json!({
        "Settings": settings,
        "Resources": {
            "author": { "Type": "Playground::Producer", "Properties": {
                "ArrivalProcess": { "Type": "Steady", "Rate": rate }, "PayloadBytes": bytes, "RetryMode": "off",
            } },
            "it": { "Type": "AWS::KinesisFirehose::DeliveryStream", "Properties": properties },
            "store": { "Type": "AWS::S3::Bucket" },
        },
        "Links": [{ "From": "author", "To": "it" }, { "From": "it", "To": "store" }],
    })
}

/// Its health, and its gauges: label, share of the limit in per cent, and the quota's code.
fn shown(world: &World) -> (Health, Vec<(String, u64, String)>) {
    let state = world.node_state(place(world, "it")).expect("it shows something");
    let gauges = state.instruments.iter().filter_map(|instrument| match instrument {
        Instrument::Gauge { label, value, limit, quota, .. } => {
            Some((label.to_string(), (100.0 * value / limit) as u64, quota.to_string()))
        }
        _ => None,
    });
    (state.health, gauges.collect())
}

/// FH-18: at the size or the interval a buffer is delivered, which is what it is for.
#[test]
fn fh_18_a_buffer_that_is_nearly_full_is_no_quota_that_comes_near() {
    let hints = json!({ "BufferingHints": { "SizeInMBs": 1, "IntervalInSeconds": 60 } });
    let world = run(&stream(10, 1_900, json!({}), hints), 54.0);
    let (health, gauges) = shown(&world);
    assert_eq!(health, Health::Ok);
    let [(size, size_use, none), (interval, interval_use, nothing)] = gauges.as_slice() else {
        panic!("{gauges:?}")
    };
    assert_eq!(
        (size.as_str(), interval.as_str(), none.as_str(), nothing.as_str()),
        ("size", "interval", "", "")
    );
    assert!(*size_use >= 90 && *interval_use >= 85, "{gauges:?}");
}

/// FH-9: 2,000 calls a second; from 1,600 on it comes near. A quota that was raised is far away.
#[test]
fn fh_9_direct_puts_near_their_quota_are_shown_with_the_quota() {
    let calls = "PutRequestsPerSecondLimit";
    for (rate, settings, near) in [
        (1_500, json!({}), None),
        (1_700, json!({}), Some(("calls", calls))),
        (1_700, json!({ "Quotas": { calls: 4_000 } }), None),
        (
            1_700,
            json!({ "Quotas": { calls: 4_000, "RecordsPerSecondLimit": 1_800 } }),
            Some(("records", "RecordsPerSecondLimit")),
        ),
        (
            1_700,
            json!({ "Quotas": { calls: 4_000, "BytesPerSecondLimit": 200_000 } }),
            Some(("bytes", "BytesPerSecondLimit")),
        ),
    ] {
        let world = run(&stream(rate, 100, settings.clone(), json!({})), 10.5);
        let (health, gauges) = shown(&world);
        let found = gauges.iter().find(|(.., quota)| !quota.is_empty());
        let found = found.map(|(label, _, quota)| (label.as_str(), quota.as_str()));
        assert_eq!(found, near, "{rate} {settings}: {gauges:?}");
        assert_eq!(health, if near.is_some() { Health::NearQuota } else { Health::Ok }, "{rate} {settings}");
    }
}

/// FH-16: the palette offers every destination; the plain stream is the one to S3.
#[test]
fn fh_16_the_palette_has_every_destination() {
    let kind = ResourceKind::DeliveryStream;
    let mut offered = vec!["ExtendedS3".to_owned()];
    for preset in kind.descriptor().presets {
        let json: Value = serde_json::from_str(preset.properties).expect("JSON");
        let Ok(Properties::DeliveryStream(_)) = kind.read_properties(&json) else { panic!("{preset:?}") };
        offered.push(json["Destination"].as_str().expect("a destination").to_owned());
    }
    let field = kind.descriptor().fields.iter().find(|field| field.name == "Destination").expect("a field");
    let messaging::descriptor::FieldKind::Choice(all) = field.kind else { panic!("a choice") };
    let mut sorted = all.to_vec();
    sorted.sort_unstable();
    offered.sort();
    assert_eq!(offered, sorted);
}
