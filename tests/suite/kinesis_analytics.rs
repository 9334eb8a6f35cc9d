//! Stream analytics: an application between two streams (KDA-1 to KDA-10).

use messaging::MetricName::{self, *};
use messaging::kinesis::ShardIteratorType;
use messaging::{Intervention, LogicalId};
use serde_json::{Value, json};

use crate::kinesis_fixture::{Streamed, world_spec};

const APPLICATION: &str = "AWS::KinesisAnalyticsV2::Application";

/// A producer, a stream of so many shards, an application, and a stream for its results.
fn analysed(producer: Value, shards: u32, application: Value) -> Streamed {
    let resources = [
        ("producer", "Playground::Producer", producer),
        ("stream", "AWS::Kinesis::Stream", json!({ "ShardCount": shards })),
        ("analytics", APPLICATION, application),
        ("results", "AWS::Kinesis::Stream", json!({})),
    ];
    let links = [
        ("producer", "stream", "Playground::Send"),
        ("stream", "analytics", "Playground::Poll"),
        ("analytics", "results", "Playground::Send"),
    ];
    Streamed::in_world(&world_spec(&resources, &links))
}

fn of(scene: &Streamed, name: &str, metric: MetricName) -> u64 {
    scene.world.metric(scene.world.component(&LogicalId::from(name)).expect("a component"), metric)
}

fn act(scene: &mut Streamed, intervention: Intervention) {
    scene.world.intervene(&intervention).expect("possible");
}

/// The results so far, in order.
fn results(scene: &mut Streamed) -> Vec<Value> {
    let input = scene.stream;
    scene.stream = scene.world.component(&LogicalId::from("results")).expect("a stream");
    scene.advance_by(1.0);
    let iterator = scene.iterator(0, ShardIteratorType::TrimHorizon).expect("an iterator");
    let (entries, ..) = scene.get_records(iterator, 10_000).expect("records");
    scene.stream = input;
    let body = |entry: &messaging::call::Entry| {
        serde_json::from_str(&scene.world.catalogue().payload(entry.message.payload).body).expect("JSON")
    };
    entries.iter().map(body).collect()
}

fn counts(scene: &mut Streamed) -> Vec<u64> {
    results(scene).iter().map(|result| result["COUNT"].as_f64().expect("a count") as u64).collect()
}

/// A producer of nothing: the test puts the records itself.
fn silent() -> Value {
    json!({ "StartAfterSeconds": 6_000_000, "Keys": { "List": ["k"] } })
}

fn steady(rate: u32, keys: u32) -> Value {
    json!({
        "ArrivalProcess": { "Type": "Steady", "Rate": rate }, "Keys": { "Prefix": "truck_", "Count": keys },
        "Messages": [{ "Body": "{\"speed\":50}" }, { "Body": "{\"speed\":70}" }], "BatchSize": 10,
    })
}

/// KDA-4, SP-148: the guide's vector: records at 1, 2, 6, 7 and three at 8 give 1, 2, 2, 2, 5.
#[test]
fn a_sliding_window_of_five_seconds_counts_as_the_guide_says() {
    let window = json!({ "Window": { "Type": "Sliding", "SizeSeconds": 5 } });
    let mut scene = analysed(silent(), 1, window);
    for (seconds, records) in [(1.0, 1), (2.0, 1), (6.0, 1), (7.0, 1), (8.0, 3)] {
        scene.advance_to(seconds);
        scene.put_records(&vec![("k", 100); records]).expect("stored");
    }
    scene.advance_to(20.0);
    assert_eq!(counts(&mut scene), [1, 2, 2, 2, 5]);
}

/// KDA-1, KDA-3, SP-149: the average speed of each of 100 trucks: 100 results a minute.
#[test]
fn a_hundred_trucks_give_a_hundred_results_a_minute() {
    let application = json!({ "KeyField": "PartitionKey", "Aggregate": "AVG", "ValueField": "speed" });
    let mut scene = analysed(steady(100, 100), 5, application);
    scene.advance_to(59.0);
    assert_eq!(of(&scene, "analytics", NumRecordsOut), 0);
    for minute in 1..=3 {
        scene.advance_to(f64::from(minute) * 60.0 + 10.0);
        assert_eq!(of(&scene, "results", IncomingRecords), 100 * u64::from(minute as u32));
    }
    let results = results(&mut scene);
    assert!(results.iter().all(|result| {
        let speed = result["AVG"].as_f64().expect("a speed");
        result["key"].as_str().is_some_and(|key| key.starts_with("truck_")) && (50.0..=70.0).contains(&speed)
    }));
}

/// KDA-1: only what the filter matches counts, by a field of the data.
#[test]
fn a_filter_and_a_key_of_the_data() {
    let mut producer = steady(10, 10);
    producer["Messages"] = json!([
        { "Body": "{\"state\":\"placed\",\"city\":\"Bonn\"}", "Weight": 3 },
        { "Body": "{\"state\":\"placed\",\"city\":\"Kiel\"}", "Weight": 2 },
        { "Body": "{\"state\":\"cancelled\",\"city\":\"Kiel\"}", "Weight": 5 },
    ]);
    producer["MessageChoice"] = json!("RoundRobin");
    let application = json!({
        "Filter": { "state": ["placed"] }, "KeyField": "city",
        "Window": { "Type": "Tumbling", "SizeSeconds": 10 },
    });
    let mut scene = analysed(producer, 1, application);
    scene.advance_to(35.0);
    let results = results(&mut scene);
    let second: Vec<_> =
        results[2..4].iter().map(|result| (result["key"].as_str(), result["COUNT"].as_f64())).collect();
    assert_eq!(second, [(Some("Bonn"), Some(30.0)), (Some("Kiel"), Some(20.0))]);
}

/// KDA-2: processing time ends a window by the clock; ingest time and event time with the next record.
#[test]
fn three_times() {
    for (time, at_once) in [("ProcessingTime", 1), ("IngestTime", 0), ("EventTime", 0)] {
        let application = json!({ "Time": time, "Window": { "Type": "Tumbling", "SizeSeconds": 10 } });
        let mut scene = analysed(silent(), 1, application);
        for (seconds, expected) in [(3.0, at_once), (14.0, 1 + at_once)] {
            scene.advance_to(seconds);
            scene.put_record("k", 100).expect("stored");
            scene.advance_to(seconds + 8.5);
            assert_eq!(of(&scene, "analytics", NumRecordsOut), expected, "{time} {seconds}");
        }
    }
}

/// KDA-2, KDA-7: event times may come out of order; what is older than the watermark is dropped and counted, unless so
/// much is allowed.
#[test]
fn late_records_are_dropped_and_counted() {
    // The event times of the records, one a second: the fifth is 12 s late.
    let bodies: Vec<_> =
        [1, 5, 9, 21, 9, 22, 41].iter().map(|at| json!({ "Body": format!("{{\"at\":{at}}}") })).collect();
    let run = |more: Value| {
        let producer = json!({
            "ArrivalProcess": { "Type": "Steady", "Rate": 1 }, "MaxMessages": 7, "Messages": bodies,
            "MessageChoice": "RoundRobin", "Keys": { "List": ["k"] },
        });
        let mut application = json!({
            "Time": "EventTime", "EventTimeField": "at", "Window": { "Type": "Tumbling", "SizeSeconds": 10 },
        });
        application.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let mut scene = analysed(producer, 1, application);
        scene.advance_to(20.0);
        (of(&scene, "analytics", NumLateRecordsDropped), counts(&mut scene))
    };
    assert_eq!(run(json!({})), (1, vec![3, 2]));
    assert_eq!(run(json!({ "AllowedLatenessSeconds": 15 })), (0, vec![3, 4, 2]), "the first window again");
    assert_eq!(run(json!({ "OutOfOrdernessSeconds": 15 })), (0, vec![4]), "nothing ends before 15 s later");
}

/// KDA-7: a shard without records holds the watermark back, unless it counts as idle after a while.
#[test]
fn an_idle_shard_holds_the_watermark_back() {
    for (idleness, expected) in [(0, 0), (5, 2)] {
        let application = json!({
            "IdlenessSeconds": idleness, "Window": { "Type": "Tumbling", "SizeSeconds": 10 },
        });
        // One key, and so one of the two shards.
        let mut scene = analysed(steady(10, 1), 2, application);
        scene.advance_to(25.0);
        assert_eq!(of(&scene, "analytics", NumRecordsOut), expected);
    }
}

/// KDA-8: one unit takes 1,000 records a second; parallelism and tasks per unit say how many units there are.
#[test]
fn units_limit_what_is_read() {
    for (parallelism, per_kpu, kpus) in [(1, 1, 1), (2, 1, 2), (5, 2, 3), (200, 1, 32)] {
        let application = json!({ "Parallelism": parallelism, "ParallelismPerKPU": per_kpu });
        let mut scene = analysed(steady(1_500, 100), 2, application);
        scene.advance_to(60.0);
        assert_eq!(of(&scene, "analytics", Kpus), kpus);
        let read = of(&scene, "analytics", NumRecordsIn);
        let behind = of(&scene, "analytics", MillisBehindLatest);
        if kpus == 1 {
            assert!((55_000..=63_000).contains(&read) && behind > 10_000, "{read}, {behind} ms");
        } else {
            assert!(read > 88_000 && behind < 2_000, "{read}, {behind} ms");
        }
    }
}

/// KDA-9: 15 minutes at 75 % double the units, six hours below 10 % halve them; it is down meanwhile.
#[test]
fn the_application_scales_itself() {
    let producer = json!({
        "ArrivalProcess": { "Type": "Phases", "Phases": [
            { "Rate": 9, "Seconds": 1_200 }, { "Rate": 0.1, "Seconds": 100_000 },
        ] }, "Keys": { "List": ["k"] },
    });
    let application = |enabled: bool| json!({ "RecordsPerSecondPerKPU": 10, "AutoScalingEnabled": enabled });
    let mut scene = analysed(producer.clone(), 1, application(true));
    scene.advance_to(890.0);
    assert_eq!(of(&scene, "analytics", Kpus), 1);
    scene.advance_to(970.0);
    assert_eq!(of(&scene, "analytics", Kpus), 2);
    assert_eq!(of(&scene, "analytics", FullRestarts), 1);
    scene.advance_to(1_200.0 + 5.9 * 3_600.0);
    assert_eq!(of(&scene, "analytics", Kpus), 2);
    scene.advance_to(1_200.0 + 6.2 * 3_600.0);
    assert_eq!(of(&scene, "analytics", Kpus), 1);
    scene.advance_to(1_200.0 + 20.0 * 3_600.0);
    assert_eq!(of(&scene, "analytics", Kpus), 1, "never under what was configured");
    let mut scene = analysed(producer, 1, application(false));
    scene.advance_to(1_200.0);
    assert_eq!(of(&scene, "analytics", Kpus), 1);
}

/// KDA-10: after a crash it goes on from its checkpoint: every record counts once, and results may come twice.
#[test]
fn a_crash_goes_back_to_the_checkpoint() {
    let application = json!({
        "CheckpointInterval": 20_000, "Window": { "Type": "Tumbling", "SizeSeconds": 10 },
    });
    let mut scene = analysed(steady(10, 5), 1, application);
    scene.advance_to(57.0);
    assert_eq!(of(&scene, "analytics", NumRecordsOut), 5);
    act(&mut scene, Intervention::Crash("analytics".into()));
    scene.advance_to(65.0);
    act(&mut scene, Intervention::Start("analytics".into()));
    scene.advance_to(95.0);
    // From the checkpoint of second 40 on: the windows that end at 40 and 50 come again.
    let mut given = counts(&mut scene);
    assert_eq!(given.len(), 11);
    assert_eq!(given.iter().filter(|count| **count == 100).count(), 10, "{given:?}");
    given.retain(|count| *count != 100);
    assert!((97..=99).contains(&given[0]), "the first window lacks what arrived before it: {given:?}");
}
