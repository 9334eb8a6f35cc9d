//! Splits, merges and edits of a running stream (KDS-54 to KDS-66).

use messaging::MetricName;
use messaging::kinesis::{Error, Limit, Request, Response, ShardId, ShardIteratorType};
use serde_json::json;

use crate::kinesis_fixture::Streamed;

fn split(stream: &mut Streamed, shard: u32, at: u128) -> Result<Response, Error> {
    let new_starting_hash_key = stream.world.catalogue_mut().add_key(&at.to_string());
    stream.ask(Request::SplitShard { shard: ShardId(shard), new_starting_hash_key })
}

/// KDS-12, KDS-62: writes go to the parent until the split is complete, then to the children.
#[test]
fn a_split_takes_thirty_seconds() {
    let mut stream = Streamed::with_shards(1);
    assert_eq!(split(&mut stream, 0, 1 << 127), Ok(Response::Resharding));
    stream.advance_to(29.999);
    assert_eq!(stream.put_record("truck_1", 100), Ok(ShardId(0)));
    assert_eq!(stream.put_record("truck_3", 100), Ok(ShardId(0)));
    stream.advance_to(30.0);
    assert_eq!(stream.put_record("truck_1", 100), Ok(ShardId(1)));
    assert_eq!(stream.put_record("truck_3", 100), Ok(ShardId(2)));
    assert_eq!(stream.metric(MetricName::OpenShardCount), 2);
}

/// KDS-43: the closed parent keeps its records and then has an end.
#[test]
fn a_closed_shard_is_read_to_its_end() {
    let mut stream = Streamed::with_shards(1);
    stream.put_record("a", 100).expect("stored");
    split(&mut stream, 0, 1 << 127).expect("begun");
    stream.advance_to(30.0);
    let iterator = stream.iterator(0, ShardIteratorType::TrimHorizon).expect("an iterator");
    let (entries, next, _) = stream.get_records(iterator, 100).expect("records");
    assert_eq!(entries.len(), 1);
    let (entries, next, _) = stream.get_records(next.expect("not yet"), 100).expect("records");
    assert_eq!((entries.len(), next), (0, None));
}

/// KDS-57: a closed shard goes when its records have expired.
#[test]
fn a_closed_shard_expires() {
    let mut stream = Streamed::with_shards(1);
    stream.put_record("a", 100).expect("stored");
    split(&mut stream, 0, 1 << 127).expect("begun");
    stream.advance_to(30.0 + 86_399.9);
    assert!(stream.iterator(0, ShardIteratorType::TrimHorizon).is_ok());
    stream.advance_to(30.0 + 86_400.0);
    let missing = Err(Error::ResourceNotFoundException { shard: ShardId(0) });
    assert_eq!(stream.iterator(0, ShardIteratorType::TrimHorizon), missing);
    assert!(stream.iterator(1, ShardIteratorType::TrimHorizon).is_ok());
}

/// KDS-58: 5 calls/s of each action.
#[test]
fn reshard_calls_are_limited() {
    let mut stream = Streamed::with_shards(1);
    for _ in 0..5 {
        assert!(split(&mut stream, 0, 1).is_err());
    }
    assert_eq!(split(&mut stream, 0, 5), Err(Error::LimitExceededException(Limit::CallsPerSecond)));
}

/// KDS-3, KDS-64, KDS-65: 30 s for the first step and 5 s for each other; ten calls a day.
#[test]
fn update_shard_count_goes_step_by_step() {
    let mut stream = Streamed::with_shards(4);
    let update =
        |stream: &mut Streamed, target| stream.ask(Request::UpdateShardCount { target_shard_count: target });
    assert!(update(&mut stream, 5).is_ok());
    for (seconds, open) in [(29.9, 4), (30.0, 5), (35.0, 6), (45.0, 8), (50.0, 7), (60.0, 5), (90.0, 5)] {
        stream.advance_to(seconds);
        assert_eq!(stream.metric(MetricName::OpenShardCount), open, "{seconds} s");
    }
    for call in 0..9 {
        stream.advance_by(60.0);
        assert!(update(&mut stream, if call % 2 == 0 { 4 } else { 5 }).is_ok(), "{call}");
    }
    stream.advance_by(60.0);
    let refusal = Err(Error::LimitExceededException(Limit::UpdateShardCountPerDay));
    assert_eq!(update(&mut stream, 4), refusal);
    stream.advance_by(86_400.0);
    assert!(update(&mut stream, 5).is_ok());
}

fn edit(stream: &mut Streamed, properties: serde_json::Value) {
    use messaging::Intervention;
    let spec = crate::kinesis_fixture::world_spec(&[("stream", "AWS::Kinesis::Stream", properties)], &[]);
    stream.world.intervene(&Intervention::Reconfigure(spec)).expect("reconfigured");
}

/// KDS-65: an edit of `ShardCount` goes through `UpdateShardCount`, round by round beyond the double.
#[test]
fn an_edit_of_the_shard_count_reshards() {
    let mut stream = Streamed::with_shards(1);
    stream.put_record("a", 100).expect("stored");
    edit(&mut stream, json!({ "ShardCount": 3 }));
    stream.advance_to(29.0);
    assert_eq!(stream.metric(MetricName::OpenShardCount), 1);
    stream.advance_to(120.0);
    assert_eq!(stream.metric(MetricName::OpenShardCount), 3);
    let iterator = stream.iterator(0, ShardIteratorType::TrimHorizon).expect("the parent is kept");
    assert_eq!(stream.get_records(iterator, 10).expect("records").0.len(), 1);
}

/// Ours: a stream that has seen no record is made anew, with the ranges of KDS-6.
#[test]
fn an_edit_before_the_first_record_makes_the_stream_anew() {
    let mut stream = Streamed::with_shards(1);
    edit(&mut stream, json!({ "ShardCount": 3 }));
    let lanes = stream.lanes();
    assert_eq!(lanes.len(), 3);
    assert_eq!(lanes[1].starting_hash_key, "113427455640312821154458202477256070485");
}

/// KDS-55: a shorter retention loses data at once, a longer one brings nothing back.
#[test]
fn an_edit_of_the_retention_holds_at_once() {
    let mut stream = Streamed::new(json!({ "ShardCount": 1, "RetentionPeriodHours": 48 }));
    stream.put_record("a", 100).expect("stored");
    stream.advance_to(30.0 * 3_600.0);
    stream.put_record("b", 100).expect("stored");
    edit(&mut stream, json!({ "ShardCount": 1, "RetentionPeriodHours": 24 }));
    let iterator = stream.iterator(0, ShardIteratorType::TrimHorizon).expect("an iterator");
    assert_eq!(stream.get_records(iterator, 10).expect("records").0.len(), 1);
}
