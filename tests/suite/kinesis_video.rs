//! Video streams: fragments, retention, readers (KVS-1 to KVS-7).

use messaging::MetricName::{self, *};
use messaging::call::Call;
use messaging::kinesis_video::{Error, Request, Response, StartSelector};
use messaging::message::Payload;
use messaging::registry::{ApiError, Response as AnyResponse};
use messaging::{ResourceKind, World};
use serde_json::{Value, json};

use crate::support::{advance, call, code, entry_with, metric, metrics, run, world_of};

/// A camera that sends so many fragments, one every two seconds, a stream, and a reader that starts later.
fn watched(fragments: u32, hours: u32, from_seconds: f64, poll: Value) -> Value {
    json!({
        "Resources": {
            "camera": { "Type": "Playground::Producer", "Properties": {
                "ArrivalProcess": { "Type": "Steady", "Rate": 0.5 }, "MaxMessages": fragments,
                "PayloadBytes": 500_000,
            } },
            "video": { "Type": "AWS::KinesisVideo::Stream", "Properties": { "DataRetentionInHours": hours } },
            "detector": { "Type": "Playground::Consumer", "Properties": {
                "ProcessingTime": { "Distribution": "Constant", "Milliseconds": 100 }, "Stopped": true,
            } },
        },
        "Links": [
            { "From": "camera", "To": "video" },
            { "From": "video", "To": "detector", "Properties": poll },
        ],
        "Timeline": [{ "At": format!("{from_seconds}s"), "Start": "detector" }],
    })
}

const PLAYED: MetricName = MessagesProcessed;

/// KVS-1, KVS-2, KVS-7, SP-150: 30 fragments of two seconds; a late reader finds those of the last five minutes if the
/// stream keeps nothing, and all of them with a retention of a day.
#[test]
fn a_late_reader_finds_five_minutes_or_a_day() {
    for (hours, from, expected) in
        [(0, 5.0, 30), (0, 330.0, 15), (0, 400.0, 0), (24, 400.0, 30), (24, 90_000.0, 0)]
    {
        let world = run(&watched(30, hours, from, json!({})), from + 120.0);
        assert_eq!(metric(&world, "video", PutMediaIncomingFragments), 30);
        let played = metric(&world, "detector", PLAYED);
        assert!(played.abs_diff(expected) <= 1, "{hours} h, from {from} s: {played}");
        assert_eq!(metric(&world, "detector", ProcessedOutOfOrder), 0);
    }
}

/// KVS-3, KVS-7: where a reader starts: now, with the earliest fragment, or at a time.
#[test]
fn a_reader_starts_where_its_link_says() {
    let poll = |position: &str| json!({ "StartingPosition": position, "StartingPositionTimestamp": 40 });
    for (position, expected) in [("TRIM_HORIZON", 30), ("LATEST", 5), ("AT_TIMESTAMP", 10)] {
        let world = run(&watched(30, 24, 49.0, poll(position)), 120.0);
        let played = metric(&world, "detector", PLAYED);
        assert!(played.abs_diff(expected) <= 1, "{position}: {played}");
    }
}

/// KVS-3: a reader that crashed goes on with the fragment after the last one it has played; reading takes nothing away.
#[test]
fn a_reader_goes_on_where_it_was() {
    let mut document = watched(30, 24, 1.0, json!({}));
    document["Timeline"] = json!([
        { "At": "1s", "Start": "detector" }, { "At": "20s", "Crash": "detector" }, { "At": "50s", "Start": "detector" },
    ]);
    let world = run(&document, 120.0);
    assert_eq!(metrics(&world, "detector", [PLAYED, ProcessedOutOfOrder]), [30, 0]);
    assert_eq!(metric(&world, "video", FragmentsKept), 30);
}

fn stream(hours: u32) -> World {
    world_of(&json!({ "Resources": {
        "video": { "Type": "AWS::KinesisVideo::Stream", "Properties": { "DataRetentionInHours": hours } },
    } }))
}

fn put(world: &mut World, megabytes: u32) -> Call {
    let payload = Payload::new("", Default::default(), megabytes * 1_000_000);
    let entry = entry_with(world, payload, None, None);
    call(world, "video", Request::PutMedia, vec![entry])
}

fn answer(call: &Call) -> Option<Response> {
    match call.result {
        Some(Ok(AnyResponse::KinesisVideo(response))) => Some(response),
        _ => None,
    }
}

/// KVS-1, KVS-2: fragment numbers grow; with a retention a fragment is persisted, and without one only received.
#[test]
fn fragments_are_numbered_and_acknowledged() {
    for (hours, persisted) in [(0, false), (24, true)] {
        let mut world = stream(hours);
        for fragment_number in 1..=3 {
            let answered = put(&mut world, 1);
            assert_eq!(answer(&answered), Some(Response::Acknowledged { fragment_number, persisted }));
        }
    }
}

/// KVS-2: without a retention the host keeps 200 MB at most.
#[test]
fn the_buffer_has_its_size() {
    for (hours, kept) in [(0, 20), (24, 30)] {
        let mut world = stream(hours);
        for second in 0..30 {
            advance(&mut world, f64::from(second));
            assert_eq!(code(&put(&mut world, 10)), None);
        }
        assert_eq!(metric(&world, "video", FragmentsKept), kept);
    }
}

/// KVS-5: 5 fragments and 12.5 MB a second, 50 MB a fragment.
#[test]
fn media_have_limits() {
    let taken = |megabytes: u32| {
        let mut world = stream(24);
        (0..10).filter(|_| code(&put(&mut world, megabytes)).is_none()).count()
    };
    assert_eq!([1, 5, 20].map(taken), [5, 2, 1]);
    let mut world = stream(24);
    assert_eq!(code(&put(&mut world, 50)), None);
    advance(&mut world, 1.0);
    assert_eq!(code(&put(&mut world, 51)), Some("MAX_FRAGMENT_SIZE_REACHED"));
}

/// KVS-3, KVS-5: three connections, five calls a second, 25 MB a second for each.
#[test]
fn readers_have_limits() {
    let mut world = stream(24);
    for second in 0..20 {
        advance(&mut world, f64::from(second));
        put(&mut world, 10);
    }
    let start_selector = StartSelector::Earliest;
    let connections: Vec<_> = (0..6)
        .filter_map(|_| answer(&call(&mut world, "video", Request::GetMedia { start_selector }, vec![])))
        .collect();
    assert_eq!(connections.len(), 3);
    let Response::Connected { connection } = connections[0] else { panic!("{connections:?}") };
    let mut read = 0;
    for tenth in 0..40 {
        advance(&mut world, 19.0 + f64::from(tenth) / 10.0);
        read += call(&mut world, "video", Request::ReadChunks { connection }, vec![]).entries.len();
    }
    assert!((9..=12).contains(&read), "{read} fragments of 10 MB in 4 s");
    // The other two have been silent for ten seconds.
    advance(&mut world, 40.0);
    assert_eq!(code(&call(&mut world, "video", Request::GetMedia { start_selector }, vec![])), None);
}

/// KVS-4: what was persisted less than a second ago is not listed yet; without a retention nothing is archived.
#[test]
fn fragments_are_listed_a_moment_later() {
    let mut world = stream(24);
    put(&mut world, 1);
    advance(&mut world, 0.9);
    put(&mut world, 1);
    let listed = |world: &mut World| call(world, "video", Request::ListFragments, vec![]).entries.len();
    assert_eq!(listed(&mut world), 0);
    advance(&mut world, 1.0);
    assert_eq!(listed(&mut world), 1);
    advance(&mut world, 2.0);
    assert_eq!(listed(&mut world), 2);
    let mut world = stream(0);
    put(&mut world, 1);
    let refused = call(&mut world, "video", Request::ListFragments, vec![]);
    assert_eq!(refused.result, Some(Err(ApiError::KinesisVideo(Error::ResourceNotFoundException))));
}

/// KVS-6: no shards, no keys, and one camera at a time.
#[test]
fn one_camera_at_a_time() {
    let fields = ResourceKind::VideoStream.descriptor().fields;
    assert_eq!(fields.iter().map(|field| field.name).collect::<Vec<_>>(), ["DataRetentionInHours"]);
    let mut document = watched(30, 24, 1.0, json!({}));
    document["Resources"]["second"] = document["Resources"]["camera"].clone();
    document["Resources"]["second"]["Properties"]["StartAfterSeconds"] = json!(11);
    document["Links"].as_array_mut().expect("links").push(json!({ "From": "second", "To": "video" }));
    let world = run(&document, 60.0);
    assert_eq!(metric(&world, "second", MessagesAccepted), 0);
    // When the first one has been silent for ten seconds the other one may send.
    let world = run(&document, 120.0);
    assert!(metric(&world, "second", MessagesAccepted) < 10);
    assert_eq!(metric(&world, "camera", MessagesLost), 0);
}
