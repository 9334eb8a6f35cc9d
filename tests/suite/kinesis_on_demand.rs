//! On-demand mode: how many shards a stream gives itself, and when (KDS-70 to KDS-78).

use messaging::MetricName;
use messaging::kinesis::{Error, Limit, Request, ShardIteratorType, StreamMode};
use serde_json::{Value, json};

use crate::kinesis_fixture::{MIB, Streamed, world_spec};

fn on_demand() -> Value {
    json!({ "StreamModeDetails": { "StreamMode": "ON_DEMAND" } })
}

/// A producer of so many records a second, and an on-demand stream.
fn flow(producer: Value) -> Streamed {
    let resources =
        [("producer", "Playground::Producer", producer), ("stream", "AWS::Kinesis::Stream", on_demand())];
    Streamed::in_world(&world_spec(&resources, &[("producer", "stream", "Playground::Send")]))
}

fn shards(stream: &Streamed) -> u64 {
    stream.metric(MetricName::OpenShardCount)
}

const REFUSED: MetricName = MetricName::WriteProvisionedThroughputExceeded;

/// KDS-70, KDS-74, SP-122: of 5,000 records a second a fresh stream takes 4,000; twice its peak, and so all of them, 15
/// minutes later.
#[test]
fn a_fresh_stream_takes_4000_records_a_second() {
    let mut stream = flow(json!({
        "ArrivalProcess": { "Type": "Phases", "Phases": [
            { "Rate": 5_000, "Seconds": 60 }, { "Rate": 0, "Seconds": 840 }, { "Rate": 5_000, "Seconds": 10 },
        ] },
        "Keys": { "Prefix": "k", "Count": 5_000 }, "RetryMode": "off", "BatchSize": 100,
    }));
    stream.advance_to(10.0);
    let (before, refused) = (stream.metric(MetricName::IncomingRecords), stream.metric(REFUSED));
    stream.advance_to(20.0);
    assert_eq!(stream.metric(MetricName::IncomingRecords) - before, 40_000);
    assert_eq!(stream.metric(REFUSED) - refused, 10_000);
    stream.advance_to(600.0);
    assert_eq!(shards(&stream), 4);
    stream.advance_to(900.0);
    assert_eq!(shards(&stream), 8);
    let refused = stream.metric(REFUSED);
    stream.advance_to(915.0);
    assert_eq!(stream.metric(REFUSED), refused);
}

/// Puts a record of 1 MiB at each of these 128ths of the hash space; tells how many are refused.
fn put_mib(stream: &mut Streamed, places: &[u32]) -> usize {
    let mut put = |place: &u32| {
        let hash = (u128::from(*place) << 121).to_string();
        stream.put_record_to("k", Some(&hash), MIB).is_err()
    };
    places.iter().filter(|place| put(place)).count()
}

/// A minute of records of 1 MiB at each of these places in every second, and a quarter of an hour without any.
fn busy_minute(stream: &mut Streamed, places: &[u32]) {
    let start = (stream.world.now().as_secs_f64() / 60.0).ceil() * 60.0 + 0.5;
    for second in 0..59 {
        stream.advance_to(start + f64::from(second));
        assert_eq!(put_mib(stream, places), 0);
    }
    stream.advance_to(start + 959.0);
}

fn every(step: usize, count: usize) -> Vec<u32> {
    (0..128).step_by(step).take(count).collect()
}

/// KDS-71, KDS-73, SP-123: a peak of 40 MiB/s gives room for 80 at once; of 90, 10 are refused for up to 15 minutes.
/// When the peak is 30 days old the shards are merged again.
#[test]
fn the_peak_of_30_days_doubles() {
    let mut stream = Streamed::new(on_demand());
    for shards_now in [4, 8, 16, 32] {
        assert_eq!(shards(&stream), shards_now);
        busy_minute(&mut stream, &every(128 / shards_now as usize, 128));
    }
    // 40 of 64; a second of the minute is left out, so a little more than 39.
    busy_minute(&mut stream, &every(2, 40));
    let room = shards(&stream);
    assert!((78..=80).contains(&room), "{room}");
    // The busiest were split: those of the lowest numbers.
    let split = (room - 64) as u32;
    let mut all: Vec<u32> = (0..2 * split).chain((2 * split..128).step_by(2)).collect();
    stream.advance_by(1.0);
    assert_eq!(put_mib(&mut stream, &all), 0, "all at once");
    all.extend(0..10);
    let start = (stream.world.now().as_secs_f64() / 60.0).ceil() * 60.0 + 0.5;
    for second in 0..120 {
        stream.advance_to(start + f64::from(second));
        assert_eq!(put_mib(&mut stream, &all), 10);
    }
    stream.advance_to(start + 900.0);
    assert!(shards(&stream) >= 90);
    stream.advance_to(start + 29.0 * 86_400.0);
    assert!(shards(&stream) >= 90);
    stream.advance_to(start + 32.0 * 86_400.0);
    assert_eq!(shards(&stream), 4);
}

/// Keys whose hash lies in the first quarter.
fn keys_of_the_first_shard(count: usize) -> Vec<String> {
    let mut catalogue = messaging::message::Catalogue::default();
    let names = (0..).map(|number| format!("k{number}"));
    let first = |name: &String| {
        let id = catalogue.add_key(name);
        catalogue.key(id).is_some_and(|key| key.md5 >> 126 == 0)
    };
    names.filter(first).take(count).collect()
}

/// KDS-73: a shard that gets more than 500 KB/s is split within 15 minutes; a single key is not helped.
#[test]
fn a_hot_shard_is_split() {
    for (keys, bytes, expected) in [(100, 600, 5), (100, 400, 4), (1, 600, 4)] {
        let mut stream = flow(json!({
            "ArrivalProcess": { "Type": "Steady", "Rate": 100 }, "PayloadBytes": bytes * 10,
            "Keys": { "List": keys_of_the_first_shard(keys) },
        }));
        stream.advance_to(60.0);
        assert_eq!(shards(&stream), 4);
        stream.advance_to(900.0);
        assert_eq!(shards(&stream), expected, "{keys} keys, {bytes} KB/s");
    }
}

/// KDS-75: reads are twice the writes: each of the four shards gives 2 MiB a second.
#[test]
fn reads_are_twice_the_writes() {
    let mut stream = Streamed::new(on_demand());
    let mut read = 0;
    for second in 0..4 {
        stream.advance_to(f64::from(second));
        assert_eq!(put_mib(&mut stream, &every(32, 4)), 0);
    }
    stream.advance_to(10.0);
    for shard in 0..4 {
        let iterator = stream.iterator(shard, ShardIteratorType::TrimHorizon).expect("an iterator");
        let (records, next, _) = stream.get_records(iterator, 2).expect("2 MiB");
        read += records.len();
        assert!(stream.get_records(next.expect("more"), 2).is_err(), "all of this second is used up");
    }
    assert_eq!(read, 8);
}

/// KDS-77: the account has at most 50 on-demand streams.
#[test]
fn the_51st_on_demand_stream_is_refused() {
    for (others, refused) in [(49, false), (50, true)] {
        let names: Vec<String> = (0..others).map(|number| format!("s{number}")).collect();
        let mut resources: Vec<_> =
            names.iter().map(|name| (name.as_str(), "AWS::Kinesis::Stream", on_demand())).collect();
        resources.push(("stream", "AWS::Kinesis::Stream", json!({})));
        let mut stream = Streamed::in_world(&world_spec(&resources, &[]));
        let answer = stream.ask(Request::UpdateStreamMode { stream_mode: StreamMode::OnDemand });
        let limit = Error::LimitExceededException(Limit::OnDemandStreams);
        assert_eq!(answer.err(), refused.then_some(limit), "{others} others");
    }
}

/// KDS-69: the shards of all streams of the account count.
#[test]
fn the_account_has_so_many_shards() {
    let resources = [
        ("other", "AWS::Kinesis::Stream", json!({ "ShardCount": 19_999 })),
        ("stream", "AWS::Kinesis::Stream", json!({})),
    ];
    let mut stream = Streamed::in_world(&world_spec(&resources, &[]));
    let answer = stream.ask(Request::UpdateShardCount { target_shard_count: 2 });
    assert_eq!(answer.err(), Some(Error::LimitExceededException(Limit::OpenShards)));
}

/// KDS-78: with a warm throughput the stream takes as much from the first moment on.
#[test]
fn a_warm_stream_takes_its_throughput_at_once() {
    let mut properties = on_demand();
    properties["WarmThroughputMiBps"] = json!(32);
    let mut stream = Streamed::new(properties);
    assert_eq!(shards(&stream), 32);
    assert_eq!(put_mib(&mut stream, &every(4, 32)), 0);
    stream.advance_to(3_600.0);
    assert_eq!(shards(&stream), 32);
}

/// KDS-46: who is over the limit is told how many shards are needed: here 3,600 records a second.
#[test]
fn the_sizing_formula_says_how_many_shards_are_needed() {
    let producer = json!({
        "ArrivalProcess": { "Type": "Steady", "Rate": 3_600 }, "BatchSize": 100, "RetryMode": "off",
        "Keys": { "Prefix": "k", "Count": 1_000 },
    });
    let resources =
        [("producer", "Playground::Producer", producer), ("stream", "AWS::Kinesis::Stream", json!({}))];
    let spec = world_spec(&resources, &[("producer", "stream", "Playground::Send")]);
    let mut stream = Streamed::in_world(&spec);
    stream.advance_to(5.5);
    let state = stream.world.node_state(stream.stream).expect("a state");
    let remedies = state.problem.expect("over the limit").remedies;
    assert_eq!(remedies[0].label, "Use 4 shards");
}
