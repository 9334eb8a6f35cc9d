//! Workers that read a stream: leases, turns, checkpoints, resharding (KDS-41 to KDS-45, KDS-89 to KDS-97).

use std::sync::Arc;

use messaging::{Intervention, LinkKind, LogicalId, MetricName, WorldSpec};
use serde_json::{Value, json};

use messaging::kinesis::ShardIteratorType;
use messaging::trace::{TraceKind, TraceSettings};

use crate::kinesis_fixture::{KIB, Streamed, world_spec};

fn producer(rate: f64, keys: u32, bytes: u64, stop_after_seconds: f64) -> Value {
    json!({
        "ArrivalProcess": { "Type": "Steady", "Rate": rate },
        "Keys": { "Prefix": "truck_", "Count": keys },
        "PayloadBytes": bytes,
        "StopAfterSeconds": stop_after_seconds,
    })
}

fn consumer(workers: u32, milliseconds: f64) -> Value {
    json!({
        "Workers": workers,
        "ProcessingTime": { "Distribution": "Constant", "Milliseconds": milliseconds },
        "MaxNumberOfMessages": 10_000,
    })
}

/// A producer, a stream of so many shards, and consumers that write to one database.
fn spec(producer: Value, shards: u32, consumers: &[Value]) -> Arc<WorldSpec> {
    linked_spec(producer, shards, consumers, &json!({}))
}

/// The same with properties of the links from the stream.
fn linked_spec(producer: Value, shards: u32, consumers: &[Value], poll: &Value) -> Arc<WorldSpec> {
    let names: Vec<String> = (0..consumers.len()).map(|number| format!("consumer{number}")).collect();
    let mut resources = vec![
        ("producer", "Playground::Producer", producer),
        ("stream", "AWS::Kinesis::Stream", json!({ "ShardCount": shards })),
    ];
    resources.push(("database", "Playground::Database", json!({ "MaxWritesPerSecond": 1_000_000 })));
    let mut links = vec![("producer", "stream", "Playground::Send")];
    for (name, properties) in names.iter().zip(consumers) {
        resources.push((name, "Playground::Consumer", properties.clone()));
        links.push(("stream", name, "Playground::Poll"));
        if consumers.len() == 1 {
            links.push((name, "database", "Playground::Send"));
        }
    }
    let mut spec = world_spec(&resources, &links);
    let poll = LinkKind::Poll.read_properties(poll).expect("valid properties");
    let links = &mut Arc::make_mut(&mut spec).links;
    for link in links.iter_mut().filter(|link| link.properties.kind() == LinkKind::Poll) {
        link.properties = poll.clone();
    }
    spec
}

fn of(stream: &Streamed, name: &str, metric: MetricName) -> u64 {
    stream.world.metric(stream.world.component(&LogicalId::from(name)).expect("a component"), metric)
}

/// Different records that were processed.
fn rows(stream: &Streamed) -> u64 {
    of(stream, "database", MetricName::WritesAccepted) - of(stream, "database", MetricName::DuplicateWrites)
}

/// KDS-97, KDS-44: every consumer gets every record, once and in order.
#[test]
fn every_consumer_reads_all() {
    let consumers = [consumer(1, 0.0), consumer(3, 1.0), consumer(7, 2.0)];
    let mut stream = Streamed::in_world(&spec(producer(100.0, 20, 100, 60.0), 5, &consumers));
    stream.advance_to(90.0);
    let put = stream.metric(MetricName::IncomingRecords);
    assert!(put >= 5_999, "{put}");
    for name in ["consumer0", "consumer1", "consumer2"] {
        assert_eq!(of(&stream, name, MetricName::MessagesProcessed), put, "{name}");
        assert_eq!(of(&stream, name, MetricName::MessagesProcessedAgain), 0, "{name}");
        assert_eq!(of(&stream, name, MetricName::ProcessedOutOfOrder), 0, "{name}");
    }
    assert_eq!(stream.metric(MetricName::GetRecordsIteratorAgeMilliseconds), 0);
}

/// KDS-89, SP-113: five shards occupy five of seven workers.
#[test]
fn workers_beyond_the_shards_stay_idle() {
    let mut stream = Streamed::in_world(&spec(producer(500.0, 100, 100, 600.0), 5, &[consumer(7, 20.0)]));
    stream.advance_to(60.0);
    assert_eq!(of(&stream, "consumer0", MetricName::BusyWorkers), 5);
}

/// KDS-89: two workers share more shards than stand on one page of the list of leases, and read all of them.
#[test]
fn two_workers_share_150_shards() {
    let mut stream = Streamed::in_world(&spec(producer(100.0, 1_000, 100, 20.0), 150, &[consumer(2, 0.0)]));
    stream.advance_to(120.0);
    let put = stream.metric(MetricName::IncomingRecords);
    assert!(put >= 1_999, "{put}");
    assert_eq!(of(&stream, "consumer0", MetricName::MessagesProcessed), put);
    assert_eq!(of(&stream, "consumer0", MetricName::MessagesProcessedAgain), 0);
}

/// Mean delay between publishing and receiving, in milliseconds, of `readers` alike.
fn mean_delay(readers: usize, poll: &Value) -> f64 {
    use messaging::trace::{TraceSettings, TransitKind};
    let consumers = vec![consumer(1, 0.0); readers];
    let mut stream = Streamed::in_world(&linked_spec(producer(37.0, 10, 100, 200.0), 1, &consumers, poll));
    stream.advance_to(20.0);
    stream.world.set_trace(TraceSettings { messages_per_mark: 1, max_transits: 1_000_000, max_events: 0 });
    stream.advance_to(200.0);
    let transits = stream.world.take_trace().transits;
    let mut published = std::collections::BTreeMap::new();
    let (mut total, mut count) = (0.0, 0);
    for transit in transits.iter().filter(|transit| transit.kind == TransitKind::Message) {
        match published.get(&transit.trace_id) {
            None => {
                published.insert(transit.trace_id, transit.departs_at);
            }
            Some(published) => {
                total += transit.arrives_at.since(*published).as_secs_f64() * 1_000.0;
                count += 1;
            }
        }
    }
    total / f64::from(count)
}

/// KDS-45, SP-118: 200 ms for one reader, 600 ms for five that share the shard.
#[test]
fn readers_of_one_shard_take_turns() {
    for (readers, expected) in [(1, 200.0), (5, 600.0)] {
        let mean = mean_delay(readers, &json!({}));
        assert!((mean - expected).abs() < 0.1 * expected, "{readers} readers: {mean} ms");
    }
}

/// KDS-51, SP-118, SP-131: pushed records take 70 ms, for one reader and for five.
#[test]
fn fan_out_takes_70_ms_whoever_reads() {
    for readers in [1, 5] {
        let mean = mean_delay(readers, &json!({ "ConsumerName": "reader" }));
        assert!((mean - 70.0).abs() < 7.0, "{readers} readers: {mean} ms");
    }
}

/// KDS-50, SP-108: three registered consumers get 1 MiB/s each, and none of them falls behind. A reader that polls
/// takes nothing from them.
#[test]
fn registered_consumers_share_nothing() {
    let consumers = vec![consumer(1, 0.0); 3];
    let scene =
        linked_spec(producer(10.0, 10, 102 * KIB, 60.0), 1, &consumers, &json!({ "ConsumerName": "reader" }));
    let mut stream = Streamed::in_world(&scene);
    stream.advance_to(60.0);
    let put = stream.metric(MetricName::IncomingBytes) as f64;
    let pushed = stream.metric(MetricName::SubscribeToShardEventBytes) as f64;
    assert!(put > 0.85 * 60.0 * 1_048_576.0 && pushed > 2.99 * put, "{pushed} of {put}");
    assert!(stream.metric(MetricName::GetRecordsIteratorAgeMilliseconds) < 200);
    assert_eq!(stream.metric(MetricName::ReadProvisionedThroughputExceeded), 0);
    let iterator = stream.iterator(0, ShardIteratorType::TrimHorizon).expect("an iterator");
    assert!(stream.get_records(iterator, 20).is_ok());
}

/// KDS-50: a consumer that has fallen behind catches up with 2 MiB a second and shard, and not faster.
#[test]
fn a_registered_consumer_gets_two_mib_a_second() {
    let poll = json!({ "ConsumerName": "reader" });
    let mut late = consumer(1, 0.0);
    late["Stopped"] = json!(true);
    let mut stream = Streamed::in_world(&linked_spec(producer(10.0, 10, 102 * KIB, 60.0), 1, &[late], &poll));
    stream.advance_to(60.0);
    stream.world.intervene(&Intervention::Start(LogicalId::from("consumer0"))).expect("started");
    stream.advance_to(70.0);
    let pushed = stream.metric(MetricName::SubscribeToShardEventBytes) as f64 / (1_024.0 * 1_024.0);
    assert!((19.0..22.0).contains(&pushed), "{pushed} MiB in 10 s");
    stream.advance_to(100.0);
    assert_eq!(
        of(&stream, "consumer0", MetricName::MessagesProcessed),
        stream.metric(MetricName::IncomingRecords)
    );
}

/// KDS-48, KDS-93, KDS-94: workers of a registered consumer read all, in order and through a split, crash or not.
#[test]
fn registered_consumers_have_leases_and_checkpoints() {
    for crash_probability in [0.0, 0.000_5] {
        let mut reader = consumer(3, 0.0);
        reader["CrashProbability"] = json!(crash_probability);
        reader["RestartAfterSeconds"] = json!(1.0);
        let poll = json!({ "ConsumerName": "reader" });
        let scene = |shards| linked_spec(producer(100.0, 30, 100, 400.0), shards, &[reader.clone()], &poll);
        let mut stream = Streamed::in_world(&scene(2));
        stream.advance_to(60.0);
        stream.world.intervene(&Intervention::Reconfigure(scene(4))).expect("edited");
        stream.advance_to(500.0);
        let put = stream.metric(MetricName::IncomingRecords);
        let again = of(&stream, "consumer0", MetricName::MessagesProcessedAgain);
        assert_eq!(rows(&stream), put, "all of them");
        assert_eq!(again > 0, crash_probability > 0.0);
        if crash_probability == 0.0 {
            assert_eq!(of(&stream, "consumer0", MetricName::MessagesProcessed), put);
            assert_eq!(of(&stream, "consumer0", MetricName::ProcessedOutOfOrder), 0);
        }
    }
}

/// CMP-P15, SP-107: three readers of 1 MiB/s share 2 MiB/s and fall behind, about 20 s in 60 s.
#[test]
fn three_readers_share_two_mib() {
    let consumers = vec![consumer(1, 0.0); 3];
    let mut stream = Streamed::in_world(&spec(producer(10.0, 10, 102 * KIB, 60.0), 1, &consumers));
    stream.advance_to(60.0);
    let read = stream.metric(MetricName::GetRecordsBytes) as f64 / 60.0 / (1_024.0 * 1_024.0);
    assert!((1.7..2.1).contains(&read), "{read} MiB/s");
    assert!(stream.metric(MetricName::ReadProvisionedThroughputExceeded) > 0);
}

/// KDS-93, CMP-4: what a crashed worker had in hand is read again, nothing is lost.
#[test]
fn a_crash_repeats_from_the_checkpoint() {
    let mut reader = consumer(2, 1.0);
    reader["CrashProbability"] = json!(0.002);
    reader["RestartAfterSeconds"] = json!(1.0);
    let mut stream = Streamed::in_world(&spec(producer(100.0, 20, 100, 60.0), 2, &[reader]));
    stream.advance_to(200.0);
    let put = stream.metric(MetricName::IncomingRecords);
    let processed = of(&stream, "consumer0", MetricName::MessagesProcessed);
    let again = of(&stream, "consumer0", MetricName::MessagesProcessedAgain);
    assert!(again > 0 && processed > put, "{processed} of {put}, {again} again");
    assert_eq!(rows(&stream), put);
    assert_eq!(stream.metric(MetricName::GetRecordsIteratorAgeMilliseconds), 0);
}

/// KDS-91: a worker that is silent for ten seconds loses its leases to the others, which go on at its checkpoint; a
/// worker at work on a long batch is not silent.
#[test]
fn leases_of_a_silent_worker_are_taken_over() {
    for (restart, taken) in [(60.0, true), (5.0, false)] {
        let mut reader = consumer(2, 1.0);
        reader["RestartAfterSeconds"] = json!(restart);
        let mut scene = spec(producer(50.0, 20, 100, 300.0), 4, &[reader.clone()]);
        let mut stream = Streamed::in_world(&scene);
        stream.advance_to(20.0);
        // The next record is the last one of one of the two.
        reader["CrashProbability"] = json!(1.0);
        scene = spec(producer(50.0, 20, 100, 300.0), 4, &[reader.clone()]);
        stream.world.intervene(&Intervention::Reconfigure(scene)).expect("edited");
        while of(&stream, "consumer0", MetricName::BusyWorkers) == 0 {
            stream.advance_by(0.000_5);
        }
        while of(&stream, "consumer0", MetricName::BusyWorkers) > 0 {
            stream.advance_by(0.000_5);
        }
        reader["CrashProbability"] = json!(0.0);
        scene = spec(producer(50.0, 20, 100, 300.0), 4, &[reader.clone()]);
        stream.world.intervene(&Intervention::Reconfigure(scene)).expect("edited");
        let crashed_at = stream.world.now().as_secs_f64();
        stream.advance_to(crashed_at + 4.0);
        let behind = |stream: &Streamed| stream.metric(MetricName::GetRecordsIteratorAgeMilliseconds);
        assert!(behind(&stream) > 3_000, "its shards wait");
        stream.advance_to(crashed_at + 9.0);
        assert_eq!(behind(&stream) < 1_000, !taken, "back after {restart} s");
        stream.advance_to(crashed_at + 16.0);
        assert!(behind(&stream) < 1_000, "the other one reads them");
        stream.advance_to(400.0);
        assert_eq!(rows(&stream), stream.metric(MetricName::IncomingRecords));
    }
}

/// KDS-91: a batch that takes minutes costs no lease.
#[test]
fn a_worker_at_work_renews_its_leases() {
    for milliseconds in [200.0, 30_000.0] {
        let mut stream =
            Streamed::in_world(&spec(producer(10.0, 20, 100, 20.0), 2, &[consumer(3, milliseconds)]));
        stream.advance_to(290.0);
        assert_eq!(of(&stream, "consumer0", MetricName::MessagesProcessedAgain), 0);
    }
}

/// KDS-95: a worker whose lease was stolen goes on with the batch in hand, and so twice; its checkpoint is refused.
#[test]
fn a_zombie_gets_no_checkpoint() {
    let scene = |workers| spec(producer(20.0, 20, 100, 100.0), 2, &[consumer(workers, 30.0)]);
    let mut stream = Streamed::in_world(&scene(1));
    stream.world.set_trace(TraceSettings { messages_per_mark: 1, max_transits: 0, max_events: 100_000 });
    stream.advance_to(50.0);
    stream.world.intervene(&Intervention::Reconfigure(scene(2))).expect("edited");
    stream.advance_to(200.0);
    let refused = stream.world.take_trace().events.into_iter().filter(|event| {
        matches!(event.kind, TraceKind::ApiFailed { error, .. } if error.as_service_error().code() == "ShutdownException")
    });
    assert!(refused.count() >= 1);
    assert!(of(&stream, "consumer0", MetricName::MessagesProcessedAgain) > 0);
    assert_eq!(rows(&stream), stream.metric(MetricName::IncomingRecords));
}

/// KDS-96: an application that has read nothing yet begins where its link says; one that has goes on at its checkpoint.
#[test]
fn an_application_begins_where_its_link_says() {
    let position = |position: &str| json!({ "StartingPosition": position, "StartingPositionTimestamp": 5 });
    for (position, expected) in
        [(position("TRIM_HORIZON"), 400), (position("LATEST"), 200), (position("AT_TIMESTAMP"), 300)]
    {
        let mut late = consumer(1, 0.0);
        late["Stopped"] = json!(true);
        let mut stream =
            Streamed::in_world(&linked_spec(producer(20.0, 20, 100, 20.0), 2, &[late], &position));
        stream.advance_to(10.0);
        let start = Intervention::Start(LogicalId::from("consumer0"));
        stream.world.intervene(&start).expect("started");
        stream.advance_to(15.0);
        stream.world.intervene(&Intervention::Crash(LogicalId::from("consumer0"))).expect("crashed");
        stream.advance_to(25.0);
        stream.world.intervene(&start).expect("started");
        stream.advance_to(60.0);
        let read = rows(&stream);
        assert!((expected - 5..=expected).contains(&read), "{position}: {read}");
    }
}

/// KDS-92: a read takes up to 10,000 records, and new shards are found within the time between two looks for leases.
#[test]
fn a_read_takes_ten_thousand_records() {
    let mut producer = producer(1.0, 10, 10, 100.0);
    producer["ArrivalProcess"] = json!({ "Type": "Steady", "Rate": 900 });
    let mut reader = consumer(1, 0.0);
    reader["Stopped"] = json!(true);
    let mut stream = Streamed::in_world(&spec(producer, 1, &[reader]));
    stream.advance_to(15.0);
    stream.world.intervene(&Intervention::Start(LogicalId::from("consumer0"))).expect("started");
    while stream.metric(MetricName::GetRecordsRecords) == 0 {
        stream.advance_by(0.01);
    }
    assert_eq!(stream.metric(MetricName::GetRecordsRecords), 10_000);
}

/// KDS-93: workers that come back, or are more or fewer, go on at the checkpoint.
#[test]
fn other_numbers_of_workers_go_on_where_the_others_were() {
    let scene = |workers| spec(producer(100.0, 20, 100, 60.0), 4, &[consumer(workers, 0.0)]);
    let mut stream = Streamed::in_world(&scene(1));
    for (seconds, workers) in [(10.0, 3), (20.0, 2), (30.0, 6), (40.0, 1)] {
        stream.advance_to(seconds);
        stream.world.intervene(&Intervention::Reconfigure(scene(workers))).expect("edited");
    }
    stream.advance_to(90.0);
    let put = stream.metric(MetricName::IncomingRecords);
    let again = of(&stream, "consumer0", MetricName::MessagesProcessedAgain);
    assert_eq!(rows(&stream), put);
    assert!(again < put / 10, "{again} of {put}");
}

/// KDS-63, KDS-94: through splits and merges each key is read in order, and all of it.
#[test]
fn order_per_key_holds_through_resharding() {
    for workers in [1, 2, 5] {
        let scene = |shards| spec(producer(200.0, 30, 100, 400.0), shards, &[consumer(workers, 0.0)]);
        let mut stream = Streamed::in_world(&scene(2));
        for (seconds, shards) in [(20.0, 4), (120.0, 3), (220.0, 6)] {
            stream.advance_to(seconds);
            stream.world.intervene(&Intervention::Reconfigure(scene(shards))).expect("edited");
        }
        stream.advance_to(450.0);
        assert_eq!(stream.metric(MetricName::OpenShardCount), 6);
        let put = stream.metric(MetricName::IncomingRecords);
        assert!(put > 79_000);
        assert_eq!(of(&stream, "consumer0", MetricName::MessagesProcessed), put, "{workers} workers");
        assert_eq!(of(&stream, "consumer0", MetricName::ProcessedOutOfOrder), 0, "{workers} workers");
    }
}

/// KDS-42: a reader that is too slow falls behind, and the lane shows it.
#[test]
fn a_slow_reader_falls_behind() {
    let mut stream = Streamed::in_world(&spec(producer(100.0, 10, 100, 600.0), 1, &[consumer(1, 20.0)]));
    stream.advance_to(60.0);
    let lanes = stream.lanes();
    let behind: Vec<u64> = lanes[0].readers.iter().map(|reader| reader.behind_ms).collect();
    assert_eq!(behind.len(), 1);
    assert!((20_000..40_000).contains(&behind[0]), "{behind:?}");
    let age = stream.metric(MetricName::GetRecordsIteratorAgeMilliseconds);
    assert_eq!(age, behind[0]);
}

/// KDS-84: records wait 100 ms for others of their call, and not longer; a full call waits for nothing.
#[test]
fn a_call_that_is_not_full_waits_100_ms() {
    let scene = |count: u32| {
        let mut producer = producer(1.0, 10, 100, 10.0);
        producer["ArrivalProcess"] = json!({ "Type": "AtOnce", "Count": count });
        producer["BatchSize"] = json!(500);
        Streamed::in_world(&spec(producer, 1, &[]))
    };
    // Then the call travels for 15 ms.
    let mut stream = scene(3);
    stream.advance_to(0.114_999);
    assert_eq!(stream.metric(MetricName::IncomingRecords), 0);
    stream.advance_to(0.115);
    assert_eq!(stream.metric(MetricName::IncomingRecords), 3);
    let mut stream = scene(501);
    stream.advance_to(0.015);
    assert_eq!(stream.metric(MetricName::IncomingRecords), 500);
}
