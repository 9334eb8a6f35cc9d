//! What holds of a stream whatever is done to it.

use std::collections::BTreeMap;

use messaging::MetricName;
use messaging::kinesis::{Error, Request, ReshardStep, ShardId, ShardIteratorType, ShardMap};
use proptest::prelude::*;

use crate::kinesis_fixture::Streamed;

proptest! {
    /// KDS-5, KDS-7, KDS-10: after any splits and merges the open shards cover the space, numbers only grow, and
    /// every hash key has one open shard.
    #[test]
    fn any_splits_and_merges_cover_the_space(
        shards in 1_u32..20,
        choices in prop::collection::vec((any::<bool>(), any::<u16>(), any::<u128>()), 0..60),
        hash_keys in prop::collection::vec(any::<u128>(), 1..20),
    ) {
        let mut map = ShardMap::new(shards);
        for (split, place, at) in choices {
            let place = usize::from(place) % map.open().len();
            let shard = map.open()[place];
            let step = if split {
                ReshardStep::Split { shard, new_starting_hash_key: at }
            } else {
                let adjacent = *map.open().get(place + 1).unwrap_or(&shard);
                ReshardStep::Merge { shard, adjacent }
            };
            let before = map.shards().len();
            // The map asserts its own coverage after each change.
            match map.apply(&step) {
                Ok(()) => prop_assert!(map.shards().len() > before),
                Err(Error::InvalidArgumentException(_)) => prop_assert_eq!(map.shards().len(), before),
                Err(other) => prop_assert!(false, "{:?}", other),
            }
        }
        for hash_key in hash_keys.into_iter().chain([0, u128::MAX]) {
            let holders: Vec<ShardId> = (0..map.shards().len() as u32)
                .map(ShardId)
                .filter(|id| map.shards()[id.index()].open)
                .filter(|id| map.shards()[id.index()].range.contains(hash_key))
                .collect();
            prop_assert_eq!(holders, vec![map.route(hash_key)]);
        }
    }

    /// KDS-12, KDS-16, KDS-44: what is accepted is read back from its key's shard in the order it was put; what
    /// is tried is stored or refused.
    #[test]
    fn what_is_accepted_is_read_back_in_order(
        shards in 1_u64..6,
        calls in prop::collection::vec((prop::collection::vec((0_u8..12, 1_u64..400_000), 1..20), 0_u16..900), 1..25),
    ) {
        let mut stream = Streamed::with_shards(shards);
        let mut accepted: BTreeMap<ShardId, Vec<(String, u64)>> = BTreeMap::new();
        let (mut tried, mut refused) = (0, 0);
        for (records, wait_millis) in calls {
            let records: Vec<_> = records.iter().map(|(key, size)| (format!("key {key}"), *size)).collect();
            let call: Vec<_> = records.iter().map(|(key, size)| (key.as_str(), *size.max(&(key.len() as u64)))).collect();
            for (answer, (key, size)) in stream.put_records(&call).expect("accepted").iter().zip(&call) {
                tried += 1;
                match answer {
                    Ok(shard) => accepted.entry(*shard).or_default().push(((*key).to_owned(), *size)),
                    Err(_) => refused += 1,
                }
            }
            stream.advance_by(f64::from(wait_millis) / 1_000.0);
        }
        prop_assert_eq!(stream.metric(MetricName::IncomingRecords) + refused, tried);
        prop_assert_eq!(stream.metric(MetricName::WriteProvisionedThroughputExceeded), refused);
        let mut shard_of_key = BTreeMap::new();
        for (shard, expected) in accepted {
            let mut iterator = stream.iterator(shard.0, ShardIteratorType::TrimHorizon).ok();
            let mut read = Vec::new();
            while read.len() < expected.len() {
                let (entries, next, _) = stream.get_records(iterator.expect("open"), 10_000).expect("records");
                for entry in &entries {
                    let catalogue = stream.world.catalogue();
                    let key = catalogue.key(entry.message.key).expect("a key").text.to_string();
                    let size = u64::from(catalogue.payload(entry.message.payload).size_bytes) + key.len() as u64;
                    prop_assert_eq!(*shard_of_key.entry(key.clone()).or_insert(shard), shard);
                    read.push((key, size));
                }
                iterator = next;
                stream.advance_by(6.0);
            }
            prop_assert_eq!(read, expected);
        }
    }

    /// Any request gets an answer, and nothing panics.
    #[test]
    fn any_request_is_answered(requests in prop::collection::vec((0_u8..6, any::<u32>(), any::<u64>()), 0..40)) {
        let mut stream = Streamed::with_shards(3);
        for (kind, shard, number) in requests {
            let shard = ShardId(shard % 5);
            let key = stream.world.catalogue_mut().add_key(&u128::from(number).pow(2).to_string());
            let request = match kind {
                0 => Request::SplitShard { shard, new_starting_hash_key: key },
                1 => Request::MergeShards { shard, adjacent: ShardId(shard.0 + 1) },
                2 => Request::UpdateShardCount { target_shard_count: number as u32 % 8 },
                3 => Request::GetShardIterator { shard, iterator_type: ShardIteratorType::TrimHorizon },
                4 => Request::PutRecord { explicit_hash_key: Some(key), sequence_number_for_ordering: None },
                _ => Request::PutRecords,
            };
            let _ = stream.ask(request);
            stream.advance_by(7.0);
        }
        let covered: u128 = stream.lanes().iter().map(|lane| {
            let end: u128 = lane.ending_hash_key.parse().expect("a number");
            let start: u128 = lane.starting_hash_key.parse().expect("a number");
            end - start
        }).sum();
        prop_assert_eq!(covered, u128::MAX - (stream.lanes().len() as u128 - 1));
    }
}
