//! What a stream answers, call by call (docs/spec/kinesis.md).

use kernel::{SimDuration, SimTime};
use messaging::call::{Entries, Entry};
use messaging::kinesis::{
    Error, Invalid, InvalidArgument, Limit, SequenceNumber, ShardId, ShardIteratorType,
};
use messaging::node_state::Health;
use messaging::service_error::ServiceError;
use messaging::{LinkKind, MetricName, ResourceKind};
use serde_json::json;

use crate::kinesis_fixture::{KIB, MIB, Streamed};

const THROTTLED: Error = Error::ProvisionedThroughputExceededException { shard: ShardId(0) };
const OTHERS_NUMBER: Error = Error::InvalidArgumentException(InvalidArgument::SequenceNumber);

/// KDS-15, KDS-16: the failed records of a call carry their errors, the others are stored.
#[test]
fn put_records_fails_record_by_record() {
    let mut stream = Streamed::with_shards(1);
    let large = ("a", 600 * KIB);
    let answers = stream.put_records(&[large, large, ("b", 100 * KIB), large]).expect("accepted");
    assert_eq!(answers, [Ok(ShardId(0)), Err(THROTTLED), Ok(ShardId(0)), Err(THROTTLED)]);
    assert_eq!(stream.metric(MetricName::PutRecordsTotalRecords), 4);
    assert_eq!(stream.metric(MetricName::PutRecordsSuccessfulRecords), 2);
    assert_eq!(stream.metric(MetricName::PutRecordsThrottledRecords), 2);
    assert_eq!(stream.metric(MetricName::WriteProvisionedThroughputExceeded), 2);
    assert_eq!(stream.metric(MetricName::IncomingRecords), 2);
    assert_eq!(stream.metric(MetricName::IncomingBytes), 700 * KIB);
}

/// KDS-17, KDS-24.
#[test]
fn a_throttled_record_is_told_in_awss_words() {
    assert_eq!(THROTTLED.code(), "ProvisionedThroughputExceededException");
    assert_eq!(THROTTLED.http_status(), 400);
    assert!(THROTTLED.is_retryable());
    assert_eq!(
        THROTTLED.text_for("gps"),
        "Rate exceeded for shard shardId-000000000000 in stream gps under account 123456789012."
    );
}

/// KDS-112: only throttling is worth another try.
#[test]
fn bad_arguments_are_final() {
    assert!(Error::LimitExceededException(Limit::OpenShards).is_retryable());
    for error in [Error::ExpiredIteratorException, OTHERS_NUMBER, Error::ResourceInUseException] {
        assert!(!error.is_retryable(), "{error}");
    }
}

/// KDS-15, KDS-20: 1 to 500 records.
#[test]
fn put_records_takes_500_records() {
    let mut stream = Streamed::with_shards(1);
    let refusal = Error::ValidationException(Invalid::NumberOfRecords);
    assert_eq!(stream.put_records(&[]), Err(refusal));
    assert_eq!(stream.put_records(&vec![("a", 10); 501]), Err(refusal));
    assert_eq!(stream.put_records(&vec![("a", 10); 500]).map(|all| all.len()), Ok(500));
}

/// KDS-20: 10 MiB in all, 5 MiB with the classic numbers; nothing of a refused call is stored.
#[test]
fn put_records_takes_10_mib() {
    use messaging::Settings;
    use messaging::quota::QuotaProfile;
    let record = ("a", 640 * KIB);
    let refusal = Err(Error::InvalidArgumentException(InvalidArgument::RequestTooLarge));
    let mut stream = Streamed::with_shards(1);
    assert_eq!(stream.put_records(&[record; 17]), refusal);
    assert_eq!(stream.metric(MetricName::IncomingRecords), 0);
    assert!(stream.put_records(&[record; 16]).is_ok());
    let spec = crate::kinesis_fixture::world_spec(&[("stream", "AWS::Kinesis::Stream", json!({}))], &[]);
    let mut spec = (*spec).clone();
    spec.settings = Settings { quota_profile: QuotaProfile::Classic, ..Settings::default() };
    let mut stream = Streamed::in_world(&spec.into());
    assert_eq!(stream.put_records(&[record; 9]), refusal);
    assert!(stream.put_records(&[record; 8]).is_ok());
}

/// KDS-19, SP-104: 1 MiB with the key, or what the stream says.
#[test]
fn a_record_may_be_as_large_as_the_stream_says() {
    let refusal = Err(Error::ValidationException(Invalid::RecordSize));
    let mut stream = Streamed::with_shards(1);
    assert_eq!(stream.put_record("a", MIB + 1), refusal);
    assert_eq!(stream.put_record("a", MIB), Ok(ShardId(0)));
    let mut stream = Streamed::new(json!({ "ShardCount": 1, "MaxRecordSizeInKiB": 10_240 }));
    assert_eq!(stream.put_record("a", 10 * MIB + 1), refusal);
    assert_eq!(stream.put_record("a", 10 * MIB), Ok(ShardId(0)));
}

/// KDS-23: a record larger than a second's bytes is paid by the seconds after it.
#[test]
fn a_large_record_blocks_its_shard_until_it_is_paid() {
    let mut stream = Streamed::new(json!({ "ShardCount": 1, "MaxRecordSizeInKiB": 10_240 }));
    assert_eq!(stream.put_record("a", 3 * MIB), Ok(ShardId(0)));
    for second in 1..=2 {
        stream.advance_to(f64::from(second));
        assert_eq!(stream.put_record("a", KIB), Err(THROTTLED), "second {second}");
    }
    stream.advance_to(3.0);
    assert_eq!(stream.put_record("a", KIB), Ok(ShardId(0)));
}

/// KDS-23: 1,500 records/s offered give exactly 1,000 in every second.
#[test]
fn every_second_takes_a_thousand_records() {
    let mut stream = Streamed::with_shards(1);
    for second in 0..3_u64 {
        let mut accepted = 0;
        for number in 0..1_500_u32 {
            stream.advance_to(second as f64 + f64::from(number) / 1_500.0);
            accepted += u64::from(stream.put_record("a", 100).is_ok());
        }
        assert_eq!(accepted, 1_000, "second {second}");
    }
    let lane = stream.lanes().remove(0);
    assert_eq!((lane.records_tried, lane.records_refused, lane.records_limit), (1_500, 500, 1_000));
}

/// KDS-25: one key that sends more than a shard takes is named, and more shards are said not to help.
#[test]
fn a_hot_key_is_named() {
    let mut stream = Streamed::with_shards(5);
    for number in 0..1_040 {
        let _ = stream.put_record("truck_17", 100);
        if number % 6 == 0 {
            let _ = stream.put_record("truck_9", 100);
        }
    }
    let state = stream.world.node_state(stream.stream).expect("a state");
    assert_eq!(state.health, Health::Throttled);
    let problem = state.problem.expect("a problem");
    assert_eq!(problem.title, "One hot key fills this shard");
    assert!(problem.text.starts_with("truck_17 sends 1040 records/s."), "{}", problem.text);
    assert_eq!(problem.error_code.as_deref(), Some("ProvisionedThroughputExceededException"));
    let split = problem.remedies.iter().find(|step| step.label == "Split this shard").expect("the step");
    assert_eq!((split.text.as_ref(), &split.set), ("Will not help: one key stays on one shard.", &None));
    let lane = stream.lanes().remove(2);
    assert_eq!(lane.recent.len(), 16);
    assert_eq!(lane.top_keys[0].1, 1_040);
    assert_eq!(lane.keys, 2);
}

/// KDS-68: many keys over the limit are helped by more shards.
#[test]
fn many_keys_over_the_limit_are_told_to_use_more_shards() {
    let mut stream = Streamed::with_shards(2);
    for number in 0..2_200 {
        let _ = stream.put_record(&format!("key {number}"), 100);
    }
    let problem = stream.world.node_state(stream.stream).and_then(|state| state.problem).expect("a problem");
    let (resource, path, value) = problem.remedies[0].set.clone().expect("a property to set");
    assert_eq!((resource.as_str(), path.as_ref(), value.as_ref()), ("stream", "/ShardCount", "4"));
}

/// KDS-29, KDS-44: records come in the order of their sequence numbers, again and again.
#[test]
fn reading_does_not_remove() {
    let mut stream = Streamed::with_shards(1);
    let mut put = Vec::new();
    for number in 0..10 {
        put.push(stream.put_record(&format!("key {number}"), 100 + number));
    }
    for _ in 0..2 {
        let iterator = stream.iterator(0, ShardIteratorType::TrimHorizon).expect("an iterator");
        let (first, next, _) = stream.get_records(iterator, 4).expect("records");
        let (second, next, behind) = stream.get_records(next.expect("more"), 10_000).expect("records");
        assert_eq!((first.len(), second.len(), behind), (4, 6, 0));
        let keys = first.iter().chain(&second).map(|entry| entry.message.key);
        let texts: Vec<_> =
            keys.map(|key| stream.world.catalogue().key(key).expect("a key").text.to_string()).collect();
        assert_eq!(texts, (0..10).map(|number| format!("key {number}")).collect::<Vec<_>>());
        assert!(next.is_some(), "an open shard has no end (KDS-41)");
    }
}

/// KDS-35: where each type of iterator starts.
#[test]
fn iterators_start_where_they_say() {
    let mut stream = Streamed::with_shards(1);
    for second in 0..5 {
        stream.advance_to(f64::from(second));
        stream.put_record("a", 100).expect("stored");
    }
    let number = |index| SequenceNumber { shard: ShardId(0), index };
    let at = |millis| ShardIteratorType::AtTimestamp(SimTime::ZERO + SimDuration::from_millis(millis));
    let cases = [
        (ShardIteratorType::TrimHorizon, 0),
        (ShardIteratorType::Latest, 5),
        (ShardIteratorType::AtSequenceNumber(number(2)), 2),
        (ShardIteratorType::AfterSequenceNumber(number(2)), 3),
        (at(0), 0),
        (at(2_000), 2),
        (at(2_001), 3),
    ];
    for (iterator_type, first) in cases {
        stream.advance_by(1.0);
        let iterator = stream.iterator(0, iterator_type).expect("an iterator");
        let (entries, _, _) = stream.get_records(iterator, 100).expect("records");
        assert_eq!(entries.len(), 5 - first, "{iterator_type:?}");
        if let Some(entry) = entries.first() {
            assert_eq!(entry.receipt.generation as usize, first);
        }
    }
    let iterator = stream.iterator(0, ShardIteratorType::Latest).expect("an iterator");
    stream.put_record("a", 100).expect("stored");
    assert_eq!(
        stream.get_records(iterator, 100).expect("records").0.len(),
        1,
        "LATEST sees what comes after"
    );
}

/// KDS-33: a record is found by the millisecond it arrived in, and records of a shard by the order they came in.
#[test]
fn records_are_found_by_the_millisecond_they_came_in() {
    let mut stream = Streamed::with_shards(1);
    let arrivals = [0_u64, 1, 2, 250, 251, 999, 1_000, 5_001];
    for at in arrivals {
        stream.advance_to(at as f64 / 1_000.0);
        stream.put_record(&format!("at {at}"), 100).expect("stored");
    }
    for (place, at) in arrivals.iter().enumerate() {
        // The iterators of a shard are limited to five a second.
        stream.advance_by(1.0);
        for (time, expected) in [(*at, place), (*at + 1, arrivals.partition_point(|other| *other <= *at))] {
            let time = SimTime::from_micros(time * 1_000);
            let iterator = stream.iterator(0, ShardIteratorType::AtTimestamp(time)).expect("an iterator");
            let (entries, _, _) = stream.get_records(iterator, 10_000).expect("records");
            let expected = arrivals[expected..].iter().map(|at| format!("at {at}"));
            assert_eq!(keys(&stream, &entries), expected.collect::<Vec<_>>(), "at {time}");
        }
    }
}

/// The partition keys of records, in their order.
fn keys(stream: &Streamed, entries: &Entries) -> Vec<String> {
    let catalogue = stream.world.catalogue();
    let key = |entry: &Entry| catalogue.key(entry.message.key).map(|key| key.text.to_string());
    entries.iter().filter_map(key).collect()
}

/// KDS-35, KDS-36: positions that cannot be.
#[test]
fn iterators_refuse_wrong_positions() {
    let mut stream = Streamed::with_shards(2);
    stream.put_record("truck_3", 100).expect("stored");
    let future = SimTime::from_secs(10);
    let refusal = Error::InvalidArgumentException(InvalidArgument::FutureTimestamp);
    assert_eq!(stream.iterator(1, ShardIteratorType::AtTimestamp(future)), Err(refusal));
    for (shard, index) in [(0, 0), (1, 1)] {
        let number = SequenceNumber { shard: ShardId(shard), index };
        let result = stream.iterator(1, ShardIteratorType::AtSequenceNumber(number));
        assert_eq!(result, Err(OTHERS_NUMBER), "{number:?}");
    }
    let missing = Err(Error::ResourceNotFoundException { shard: ShardId(2) });
    assert_eq!(stream.iterator(2, ShardIteratorType::Latest), missing);
}

/// KDS-37: 5 calls/s per shard.
#[test]
fn iterators_are_limited() {
    let mut stream = Streamed::with_shards(2);
    for _ in 0..5 {
        assert!(stream.iterator(0, ShardIteratorType::Latest).is_ok());
    }
    assert_eq!(stream.iterator(0, ShardIteratorType::Latest), Err(THROTTLED));
    assert!(stream.iterator(1, ShardIteratorType::Latest).is_ok());
    stream.advance_by(1.0);
    assert!(stream.iterator(0, ShardIteratorType::Latest).is_ok());
}

/// KDS-34: an iterator lives five minutes; the next one of an answer lives five minutes more.
#[test]
fn iterators_expire() {
    let mut stream = Streamed::with_shards(1);
    let iterator = stream.iterator(0, ShardIteratorType::TrimHorizon).expect("an iterator");
    stream.advance_to(300.0);
    let (_, next, _) = stream.get_records(iterator, 1).expect("five minutes old");
    stream.advance_to(300.001);
    assert_eq!(stream.get_records(iterator, 1).map(|_| ()), Err(Error::ExpiredIteratorException));
    stream.advance_to(600.0);
    assert!(stream.get_records(next.expect("open"), 1).is_ok());
}

/// KDS-38: 1 to 10,000 records.
#[test]
fn get_records_takes_a_limit() {
    let mut stream = Streamed::with_shards(1);
    let iterator = stream.iterator(0, ShardIteratorType::TrimHorizon).expect("an iterator");
    for limit in [0, 10_001] {
        let result = stream.get_records(iterator, limit).map(|_| ());
        assert_eq!(result, Err(Error::ValidationException(Invalid::Limit)));
    }
    assert!(stream.get_records(iterator, 10_000).is_ok());
}

/// KDS-38, KDS-40: an answer has at most 10 MiB, and 10 MiB block the shard's readers for 5 s.
#[test]
fn ten_mib_block_for_five_seconds() {
    let mut stream = Streamed::with_shards(1);
    for second in 0..12 {
        stream.advance_to(f64::from(second));
        stream.put_record("a", MIB).expect("stored");
    }
    stream.advance_to(20.0);
    let iterator = stream.iterator(0, ShardIteratorType::TrimHorizon).expect("an iterator");
    stream.advance_to(21.0);
    let (entries, next, behind) = stream.get_records(iterator, 10_000).expect("records");
    assert_eq!((entries.len(), behind), (10, 12_000), "KDS-42: the tenth came at second 9");
    let next = next.expect("more");
    stream.advance_to(25.5);
    assert_eq!(stream.get_records(next, 10_000).map(|_| ()), Err(THROTTLED));
    stream.advance_to(26.0);
    let (entries, _, behind) = stream.get_records(next, 10_000).expect("the iterator is still good (KDS-39)");
    assert_eq!((entries.len(), behind), (2, 0));
}

/// KDS-39: 5 calls/s per shard, whoever makes them.
#[test]
fn get_records_is_limited_to_five_calls() {
    let mut stream = Streamed::with_shards(2);
    let iterator = stream.iterator(0, ShardIteratorType::TrimHorizon).expect("an iterator");
    let other = stream.iterator(1, ShardIteratorType::TrimHorizon).expect("an iterator");
    for _ in 0..5 {
        assert!(stream.get_records(iterator, 1).is_ok());
    }
    assert_eq!(stream.get_records(iterator, 1).map(|_| ()), Err(THROTTLED));
    assert!(stream.get_records(other, 1).is_ok(), "another shard has its own limit");
    assert_eq!(stream.metric(MetricName::ReadProvisionedThroughputExceeded), 1);
    assert_eq!(stream.metric(MetricName::GetRecordsSuccess), 6);
}

/// KDS-54, KDS-55, SP-115: a record is readable for 24 hours.
#[test]
fn records_age_out() {
    let mut stream = Streamed::with_shards(1);
    stream.put_record("a", 100).expect("stored");
    stream.advance_to(10.0);
    stream.put_record("b", 100).expect("stored");
    let count = |stream: &mut Streamed| {
        let iterator = stream.iterator(0, ShardIteratorType::TrimHorizon).expect("an iterator");
        stream.get_records(iterator, 100).expect("records").0.len()
    };
    stream.advance_to(86_399.9);
    assert_eq!(count(&mut stream), 2);
    stream.advance_to(86_400.1);
    assert_eq!(count(&mut stream), 1);
    stream.advance_to(86_411.0);
    assert_eq!(count(&mut stream), 0);
}

/// KDS-56: a reader whose position has expired goes on at the oldest record left.
#[test]
fn an_expired_position_goes_on_at_the_oldest_record() {
    let mut stream = Streamed::with_shards(1);
    for second in [0.0, 50.0, 100.0] {
        stream.advance_to(second);
        stream.put_record("a", 100).expect("stored");
    }
    stream.advance_to(86_399.0);
    let iterator = stream.iterator(0, ShardIteratorType::TrimHorizon).expect("an iterator");
    stream.advance_to(86_451.0);
    let (entries, _, _) = stream.get_records(iterator, 100).expect("records");
    assert_eq!(entries.iter().map(|entry| entry.receipt.generation).collect::<Vec<_>>(), [2]);
}

/// KDS-1, KDS-19, KDS-54: CloudFormation's names, and its defaults left out.
#[test]
fn properties_have_cloudformations_names() {
    use messaging::ResourceKind;
    let kind = ResourceKind::from_resource_type("AWS::Kinesis::Stream").expect("a kind");
    let written = json!({ "ShardCount": 5, "RetentionPeriodHours": 168, "MaxRecordSizeInKiB": 2_048,
        "StreamModeDetails": { "StreamMode": "PROVISIONED" } });
    let properties = kind.read_properties(&written).expect("valid");
    let again = serde_json::to_value(&properties).expect("JSON");
    let expected = json!({ "ShardCount": 5, "RetentionPeriodHours": 168, "MaxRecordSizeInKiB": 2_048 });
    assert_eq!(again, expected);
    let on_demand = json!({ "StreamModeDetails": { "StreamMode": "ON_DEMAND" } });
    let properties = kind.read_properties(&on_demand).expect("valid");
    let again = serde_json::to_value(&properties).expect("JSON");
    assert_eq!(again["StreamModeDetails"], on_demand["StreamModeDetails"]);
}

/// KDS-26, SP-117: nothing deletes a record. No person and no timeline can purge a stream, as they can a queue, and
/// what was read is there to be read again, byte for byte.
#[test]
fn records_are_immutable() {
    let actions = |kind: ResourceKind| kind.descriptor().actions;
    assert!(actions(ResourceKind::Queue).contains(&"Purge"));
    assert_eq!(actions(ResourceKind::Stream), [""; 0]);
    let mut stream = Streamed::with_shards(1);
    for key in ["a", "b", "c"] {
        stream.put_record(key, 100).expect("stored");
    }
    let mut read = || {
        stream.advance_by(1.0);
        let iterator = stream.iterator(0, ShardIteratorType::TrimHorizon).expect("an iterator");
        let (entries, _, _) = stream.get_records(iterator, 10_000).expect("records");
        entries.iter().map(|entry| entry.message).collect::<Vec<_>>()
    };
    let first = read();
    assert_eq!(first.len(), 3);
    assert_eq!(read(), first);
}

/// SP-129: who reads a stream draws one link, and has to set nothing.
#[test]
fn a_reader_needs_one_link_and_no_settings() {
    let links = ResourceKind::Stream.descriptor().links;
    let to_consumer = links.iter().find(|link| link.to == "Playground::Consumer").expect("a link");
    let kind = LinkKind::from_link_type(to_consumer.link_type).expect("a kind of link");
    assert_eq!(serde_json::to_value(kind.default_properties()).expect("JSON"), json!({}));
}
