//! Every vector of `tests/cases/kinesis_vectors.json`.

use messaging::kinesis::{
    Error, HashKeyRange, ReshardStep, ShardId, ShardMap, UniformScaling, parse_hash_key,
};
use messaging::message::Catalogue;
use messaging::service_error::ServiceError;
use serde_json::Value;

use crate::kinesis_fixture::{Streamed, parse_printed, shard_id, vectors};

fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}

fn number(value: &Value) -> u64 {
    value.as_u64().expect("a number")
}

fn decimal(value: &Value) -> u128 {
    text(value).parse().expect("a hash key")
}

/// KDS-6, KDS-7: the ranges on creation, also those recorded from AWS.
#[test]
fn ranges_on_creation() {
    let vectors = vectors();
    for group in ["ranges", "ranges_observed_on_aws"] {
        for (count, expected) in vectors[group].as_object().expect("an object") {
            let ranges = HashKeyRange::on_creation(count.parse().expect("a count"));
            for (place, expected) in expected.as_array().expect("shards").iter().enumerate() {
                assert_eq!(shard_id(&expected[0]), ShardId(place as u32));
                assert_eq!(ShardId(place as u32).to_string(), text(&expected[0]));
                let range = HashKeyRange {
                    starting_hash_key: decimal(&expected[1]),
                    ending_hash_key: decimal(&expected[2]),
                };
                assert_eq!(ranges[place], range, "{count} shards");
            }
        }
    }
}

/// KDS-8, KDS-10, KDS-11, SP-110, SP-111: the hash of every key, and its shard for every shard count, by `PutRecord`.
#[test]
fn every_key_is_hashed_and_routed() {
    let vectors = vectors();
    let counts: Vec<u64> = vectors["shard_counts"].as_array().expect("counts").iter().map(number).collect();
    let mut streams: Vec<_> = counts.iter().map(|count| Streamed::with_shards(*count)).collect();
    let all = vectors["vectors"].as_array().expect("vectors");
    assert_eq!(all.len(), 251);
    for vector in all {
        let key = text(&vector[1]);
        let mut catalogue = Catalogue::default();
        let id = catalogue.add_key(key);
        let md5 = catalogue.key(id).expect("a key").md5;
        assert_eq!(format!("{md5:032x}"), text(&vector[2]), "{key}");
        assert_eq!(md5, decimal(&vector[3]), "{key}");
        assert_eq!(key.len() as u64, number(&vector[4]));
        for (place, stream) in streams.iter_mut().enumerate() {
            let shard = stream.put_record(key, key.len() as u64).expect("stored");
            assert_eq!(u64::from(shard.0), number(&vector[7][place]), "{key} on {} shards", counts[place]);
        }
    }
}

/// KDS-11: keys of no character and of more than 256 are refused, 256 emoji are not (unsure on AWS).
#[test]
fn invalid_partition_keys() {
    for case in vectors()["invalid_partition_keys"].as_array().expect("cases") {
        let key = match &case["build"] {
            Value::Null => text(&case["partition_key"]).to_owned(),
            build => text(&build["char"]).repeat(number(&build["times"]) as usize),
        };
        let result = Streamed::with_shards(1).put_record(&key, 2_000);
        if text(&case["expect"]).starts_with("ValidationException") {
            assert_eq!(result.expect_err("refused").code(), "ValidationException");
        } else {
            assert!(text(&case["expect"]).starts_with("unsure"));
            assert_eq!(result, Ok(ShardId(0)));
        }
    }
}

/// KDS-13, SP-112: 100 trucks over n shards, counted and by name.
#[test]
fn trucks() {
    let vectors = vectors();
    for (count, expected) in vectors["trucks"]["per_shard"].as_object().expect("an object") {
        let count: u64 = count.parse().expect("a count");
        let mut stream = Streamed::with_shards(count);
        let mut per_shard = vec![0; count as usize];
        for truck in 1..=100 {
            let key = format!("truck_{truck}");
            let shard = stream.put_record(&key, 100).expect("stored");
            per_shard[shard.index()] += 1;
            if count == 5 {
                let members = &vectors["trucks"]["five_shards_members"][shard.to_string()];
                assert!(members.as_array().expect("members").contains(&Value::from(key)));
            }
        }
        let expected: Vec<u64> = expected.as_array().expect("counts").iter().map(number).collect();
        assert_eq!(per_shard, expected, "{count} shards");
        let keys: Vec<u64> = stream.lanes().iter().map(|lane| u64::from(lane.keys)).collect();
        assert_eq!(keys, expected, "the lanes show the keys");
    }
}

/// KDS-9: `ExplicitHashKey`.
#[test]
fn explicit_hash_keys() {
    for case in vectors()["explicit_hash_keys"].as_array().expect("cases") {
        let mut stream = Streamed::with_shards(number(&case["shards"]));
        let key = case["PartitionKey"].as_str().unwrap_or("any");
        let result = stream.put_record_to(key, case["ExplicitHashKey"].as_str(), 100);
        let expected = text(&case["expect"]);
        match result {
            Ok(shard) => assert_eq!(shard.to_string(), expected, "{case}"),
            Err(error) => assert!(expected.starts_with(error.code()), "{case}: {error:?}"),
        }
        if result.is_ok() {
            assert_eq!(stream.world.catalogue().keys()[0].text.as_ref(), key, "the record keeps its key");
        }
    }
}

/// KDS-21 to KDS-23: what one shard takes of many records offered in one whole second.
#[test]
fn write_limits_of_one_shard() {
    for case in vectors()["write_limit_cases"]["cases"].as_array().expect("cases") {
        let (records, size) = (number(&case["records"]), number(&case["size"]));
        let mut stream = Streamed::with_shards(1);
        let api = text(&case["api"]);
        let accepted = if api == "PutRecord" {
            (0..records).filter(|_| stream.put_record("truck_1", size).is_ok()).count()
        } else {
            let calls = if api.contains("two calls") { 2 } else { 1 };
            let call = vec![("truck_1", size); (records / calls) as usize];
            let put =
                |_| stream.put_records(&call).expect("accepted").iter().filter(|one| one.is_ok()).count();
            (0..calls).map(put).sum()
        };
        assert_eq!(accepted as u64, number(&case["accepted"]), "{case}");
    }
}

/// KDS-23: 100 trucks over five shards at several rates.
#[test]
fn write_limits_of_the_trucks() {
    for case in vectors()["write_limit_cases"]["hundred_trucks_five_shards"].as_array().expect("cases") {
        let mut stream = Streamed::with_shards(5);
        let (mut accepted, mut throttled) = (vec![0_u64; 5], 0);
        for _ in 0..number(&case["records_per_truck_per_s"]) {
            for truck in 1..=100 {
                match stream.put_record(&format!("truck_{truck}"), 100) {
                    Ok(shard) => accepted[shard.index()] += 1,
                    Err(Error::ProvisionedThroughputExceededException { .. }) => throttled += 1,
                    Err(other) => panic!("{other:?}"),
                }
            }
        }
        let expected =
            |name: &str| -> Vec<u64> { case[name].as_array().expect("counts").iter().map(number).collect() };
        assert_eq!(accepted, expected("accepted_per_shard"));
        assert_eq!(throttled, number(&case["throttled_per_s"]));
        let tried: Vec<u64> = stream.lanes().iter().map(|lane| lane.records_tried).collect();
        assert_eq!(tried, expected("offered_per_shard"), "the lanes show what was tried");
    }
}

fn step(operation: &Value) -> Result<ReshardStep, Error> {
    Ok(match text(&operation["op"]) {
        "SplitShard" => ReshardStep::Split {
            shard: shard_id(&operation["ShardToSplit"]),
            new_starting_hash_key: parse_hash_key(text(&operation["NewStartingHashKey"]))?,
        },
        "MergeShards" => ReshardStep::Merge {
            shard: shard_id(&operation["ShardToMerge"]),
            adjacent: shard_id(&operation["AdjacentShardToMerge"]),
        },
        other => panic!("{other}"),
    })
}

/// KDS-59, KDS-60, KDS-65, KDS-66, SP-125: splits, merges and uniform scaling; total, ranges, parents and where the trucks go.
#[test]
fn reshard_cases() {
    for case in vectors()["reshard_cases"].as_array().expect("cases") {
        let name = text(&case["name"]);
        let mut map = ShardMap::new(number(&case["create_shards"]) as u32);
        for operation in case["operations"].as_array().expect("operations") {
            if operation["op"] == "UpdateShardCount" {
                let target = number(&operation["TargetShardCount"]) as u32;
                let mut scaling = UniformScaling::new(&map, target);
                while let Some(step) = scaling.next_step(&map) {
                    map.apply(&step).expect(name);
                }
            } else {
                map.apply(&step(operation).expect(name)).expect(name);
            }
        }
        assert_eq!(map.shards().len() as u64, number(&case["total_shards"]), "{name}");
        assert_eq!(map.open().len() as u64, number(&case["open_shards"]), "{name}");
        for expected in case["shards_after"].as_array().expect("shards") {
            let found = map.shards()[shard_id(&expected["ShardId"]).index()];
            assert_eq!(found.range.starting_hash_key, decimal(&expected["StartingHashKey"]), "{name}");
            assert_eq!(found.range.ending_hash_key, decimal(&expected["EndingHashKey"]), "{name}");
            assert_eq!(if found.open { "OPEN" } else { "CLOSED" }, text(&expected["state"]), "{name}");
            let parent = |field: &str| expected[field].is_string().then(|| shard_id(&expected[field]));
            assert_eq!(found.parent, parent("ParentShardId"), "{name}");
            assert_eq!(found.adjacent_parent, parent("AdjacentParentShardId"), "{name}");
        }
        trucks_of(&map, &case["trucks_per_open_shard"], name);
    }
}

fn trucks_of(map: &ShardMap, expected: &Value, name: &str) {
    let mut catalogue = Catalogue::default();
    let mut found = vec![0; map.shards().len()];
    for truck in 1..=100 {
        let key = catalogue.add_key(&format!("truck_{truck}"));
        found[map.route(catalogue.key(key).expect("a key").md5).index()] += 1;
    }
    for shard in map.open() {
        let expected = expected[shard.to_string()].as_u64().unwrap_or(0);
        assert_eq!(found[shard.index()], expected, "{name}: {shard}");
    }
}

/// KDS-58 to KDS-64: what is refused, by its API.
#[test]
fn reshard_errors() {
    for case in vectors()["reshard_errors"].as_array().expect("cases") {
        let name = text(&case["name"]);
        let shards = number(&case["create_shards"]);
        let mut stream = match name {
            "update_on_demand" => {
                Streamed::new(serde_json::json!({ "StreamModeDetails": { "StreamMode": "ON_DEMAND" } }))
            }
            _ => Streamed::with_shards(shards),
        };
        prepare(&mut stream, name);
        let error = reshard(&mut stream, &case["operation"]).expect_err(name);
        let expected = text(&case["expected_error"]);
        assert!(expected.split(' ').any(|code| code == error.code()), "{name}: {error:?}");
    }
}

/// What the case says has happened before.
fn prepare(stream: &mut Streamed, name: &str) {
    let split = |shard: &str, at: &str| serde_json::json!({ "op": "SplitShard", "ShardToSplit": shard, "NewStartingHashKey": at });
    let first = split("shardId-000000000000", "85070591730234615865843651857942052863");
    match name {
        "split_closed_shard" => {
            reshard(stream, &first).expect("split");
            stream.advance_by(30.0);
        }
        "merge_closed_shards" => {
            reshard(stream, &first).expect("split");
            stream.advance_by(30.0);
            let merge = serde_json::json!({ "op": "MergeShards", "ShardToMerge": "shardId-000000000002",
                "AdjacentShardToMerge": "shardId-000000000003" });
            reshard(stream, &merge).expect("merged");
            stream.advance_by(30.0);
        }
        "split_while_updating" => {
            reshard(stream, &split("shardId-000000000004", "310000000000000000000000000000000000000"))
                .expect("split");
        }
        _ => {}
    }
}

/// Makes the call that an operation of the vectors stands for.
fn reshard(stream: &mut Streamed, operation: &Value) -> Result<(), Error> {
    use messaging::kinesis::Request;
    let request = match text(&operation["op"]) {
        "SplitShard" => {
            let key = text(&operation["NewStartingHashKey"]);
            let new_starting_hash_key = stream.world.catalogue_mut().add_key(key);
            Request::SplitShard { shard: shard_id(&operation["ShardToSplit"]), new_starting_hash_key }
        }
        "MergeShards" => Request::MergeShards {
            shard: shard_id(&operation["ShardToMerge"]),
            adjacent: shard_id(&operation["AdjacentShardToMerge"]),
        },
        _ => Request::UpdateShardCount { target_shard_count: number(&operation["TargetShardCount"]) as u32 },
    };
    stream.ask(request).map(|_| ())
}

/// KDS-30, KDS-31: the ten numbers recorded from AWS, taken apart and printed again.
#[test]
fn sequence_numbers() {
    for example in vectors()["sequence_numbers"]["examples"].as_array().expect("examples") {
        let printed = parse_printed(&example["sequence_number"]);
        assert_eq!(printed.to_string(), text(&example["sequence_number"]));
        assert_eq!(printed.to_hex(), text(&example["hex"]));
        assert_eq!(printed.shard_created_at, number(&example["shard_create_epoch_s"]));
        assert_eq!(u64::from(printed.shard & 0xf), number(&example["shard_index_low_nibble"]));
        assert_eq!(printed.sequence_index.to_string(), text(&example["sequence_index"]));
        assert_eq!(printed.arrived_at, number(&example["record_or_start_epoch_s"]));
        assert_eq!(u64::from(printed.shard), number(&example["shard_index"]));
    }
}
