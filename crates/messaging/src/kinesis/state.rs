//! What a stream shows of itself: its shards as lanes.

use super::error::Error;
use super::quotas;
use super::shard_map::ShardId;
use super::stream::Stream;
use crate::context::View;
use crate::identifiers::KeyId;
use crate::node_state::{Health, Instrument, Lane, LaneReader, NodeState, Problem, Remedy, Tone, Unit};
use crate::service_error::ServiceError;

/// Records on a lane's belt (UI section 5).
const BELT: usize = 16;
/// Keys in a lane's ranking. Ours.
const TOP_KEYS: usize = 5;
/// Lanes shown, in the order of hash keys; the rest is a figure. Ours.
const MAX_LANES: usize = 64;
/// A gauge is near its limit from this share of it on (UI: near quota).
const NEAR: f64 = 0.8;
/// One key is the trouble when it alone makes this share of what a shard is offered. Ours.
const HOT_KEY_SHARE: f64 = 0.5;

pub(super) fn state(stream: &Stream, view: &View<'_>) -> NodeState {
    let hottest = hottest_shard(stream, view);
    let lanes: Vec<Lane> =
        stream.map.open().iter().take(MAX_LANES).map(|id| lane(stream, *id, view)).collect();
    let open = stream.map.open().len();
    let hidden = open - lanes.len();
    let on_demand = stream.is_on_demand();
    let mut instruments = vec![
        figure("shards", open as f64, Unit::Count),
        figure("retention", f64::from(stream.properties.retention_period_hours) * 3_600.0, Unit::Seconds),
        Instrument::Lanes { lanes },
    ];
    let registered = stream.fan_out.registered();
    if registered > 0 {
        instruments.insert(2, figure("registered consumers", registered as f64, Unit::Count));
    }
    if on_demand {
        let capacity = stream.on_demand_capacity() as f64;
        instruments.insert(1, figure("twice the peak", capacity, Unit::BytesPerSecond));
    }
    let notes = [
        (hidden > 0).then(|| (format!("{hidden} more shards"), Tone::Plain)),
        stream
            .resharding
            .is_some()
            .then(|| ("UPDATING: the shards are being split or merged".into(), Tone::Near)),
        missed(stream),
        (stream.dropped_early > 0).then(|| {
            let most = quotas::RECORDS_KEPT.current;
            (format!("Only the last {most} records are kept in this simulation"), Tone::Near)
        }),
    ];
    for (text, tone) in notes.into_iter().flatten() {
        instruments.push(Instrument::Note { text: text.into(), tone });
    }
    let reads_refused = stream.reads_refused.last_second(view.now());
    let problem = hottest
        .as_ref()
        .filter(|hot| hot.refused > 0)
        .map(|hot| write_problem(stream, hot, view))
        .or_else(|| (reads_refused > 0).then(|| read_problem(reads_refused)));
    let health = match &hottest {
        _ if problem.is_some() => Health::Throttled,
        Some(hot) if hot.use_of_limit >= NEAR => Health::NearQuota,
        _ => Health::Ok,
    };
    let summary = match hottest {
        Some(hot) => format!(
            "Kinesis data stream, {open} shards, the busiest is {} with {} records per second of {}",
            hot.id,
            hot.tried,
            quotas::SHARD_RECORDS_PER_SECOND.value(view.profile())
        ),
        None => format!("Kinesis data stream, {open} shards"),
    };
    NodeState {
        health,
        tag: if on_demand { "On-demand" } else { "Provisioned" }.into(),
        instruments,
        problem,
        summary,
    }
}

fn figure(label: &'static str, value: f64, unit: Unit) -> Instrument {
    Instrument::Figure { label: label.into(), value, unit, tone: Tone::Plain }
}

fn missed(stream: &Stream) -> Option<(String, Tone)> {
    let missed: u64 = stream.applications.iter().map(|reader| reader.missed()).sum();
    (missed > 0).then(|| (format!("{missed} records expired before they were read"), Tone::Dead))
}

fn lane(stream: &Stream, id: ShardId, view: &View<'_>) -> Lane {
    let (now, shard) = (view.now(), &stream.shards[id.index()]);
    let tally = shard.write.shown(now.whole_second());
    let recent = shard.log.last_keys(BELT);
    let range = stream.map.shards()[id.index()].range;
    let reader = |application: &super::leases::Application| LaneReader {
        link: application.link,
        worker: application.owner(id),
        behind_ms: application.behind_millis(id, shard, now),
    };
    Lane {
        shard_id: id.to_string(),
        keys: shard.keys,
        records_tried: tally.tried_records,
        records_refused: tally.tried_records - tally.accepted_records,
        records_limit: view.quota(&quotas::SHARD_RECORDS_PER_SECOND),
        bytes_tried: tally.tried_bytes,
        bytes_limit: view.quota(&quotas::SHARD_BYTES_PER_SECOND),
        readers: stream.applications.iter().map(reader).collect(),
        starting_hash_key: range.starting_hash_key.to_string(),
        ending_hash_key: range.ending_hash_key.to_string(),
        top_keys: stream.routes.top_keys(id, now.whole_second(), &recent, TOP_KEYS),
        recent,
    }
}

/// The open shard that uses most of its limit.
struct HotShard {
    id: ShardId,
    tried: u64,
    tried_bytes: u64,
    refused: u64,
    use_of_limit: f64,
}

fn hottest_shard(stream: &Stream, view: &View<'_>) -> Option<HotShard> {
    let records_limit = view.quota(&quotas::SHARD_RECORDS_PER_SECOND) as f64;
    let bytes_limit = view.quota(&quotas::SHARD_BYTES_PER_SECOND) as f64;
    let used = stream.map.open().iter().map(|id| {
        let tally = stream.shards[id.index()].write.shown(view.now().whole_second());
        HotShard {
            id: *id,
            tried: tally.tried_records,
            tried_bytes: tally.tried_bytes,
            refused: tally.tried_records - tally.accepted_records,
            use_of_limit: (tally.tried_records as f64 / records_limit)
                .max(tally.tried_bytes as f64 / bytes_limit),
        }
    });
    used.reduce(|most, next| {
        let hotter = (next.refused, next.use_of_limit) > (most.refused, most.use_of_limit);
        if hotter { next } else { most }
    })
    .filter(|hot| hot.tried > 0)
}

fn write_problem(stream: &Stream, hot: &HotShard, view: &View<'_>) -> Problem {
    let recent = stream.shards[hot.id.index()].log.last_keys(BELT);
    let top = stream.routes.top_keys(hot.id, view.now().whole_second(), &recent, 1);
    let hot_key = top.first().filter(|(_, tried)| *tried as f64 >= HOT_KEY_SHARE * hot.tried as f64);
    let error = Error::ProvisionedThroughputExceededException { shard: hot.id };
    let limit = view.quota(&quotas::SHARD_RECORDS_PER_SECOND);
    let takes = format!(
        "A shard takes {limit} records/s or 1 MiB/s, whichever comes first, so {}/s are refused.",
        hot.refused
    );
    let (title, text, remedies) = match hot_key {
        Some((key, tried)) => {
            let key = key_text(*key, view);
            (
                "One hot key fills this shard".to_owned(),
                format!("{key} sends {tried} records/s. {takes}"),
                hot_key_remedies(&key),
            )
        }
        None => (
            format!("Shard {} is over its limit", hot.id.0),
            format!("{} gets {} records/s, {} B/s. {takes}", hot.id, hot.tried, hot.tried_bytes),
            more_shards(stream, view),
        ),
    };
    Problem { title, text, error_code: Some(error.code().into()), remedies }
}

fn key_text(key: KeyId, view: &View<'_>) -> String {
    view.catalogue().key(key).map_or_else(String::new, |key| key.text.to_string())
}

/// KDS-25: more shards do not help a single key.
fn hot_key_remedies(key: &str) -> Vec<Remedy> {
    let step = |label: String, text: String| Remedy { label: label.into(), text: text.into(), set: None };
    vec![
        step(format!("Aggregate {key} into bigger records"), "Keeps order, with fewer records.".into()),
        step(
            "Add a suffix to the partition key".into(),
            format!("Spreads the load. {key} is no longer in order."),
        ),
        step("Split this shard".into(), "Will not help: one key stays on one shard.".into()),
    ]
}

fn more_shards(stream: &Stream, view: &View<'_>) -> Vec<Remedy> {
    if stream.is_on_demand() {
        return vec![Remedy {
            label: "Wait for the stream".into(),
            text: "On-demand mode splits what is too busy within 15 minutes.".into(),
            set: None,
        }];
    }
    let most = view.quota(&quotas::OPEN_SHARDS) as u32;
    let wanted = (stream.properties.shards() * 2).max(shards_needed(stream, view)).min(most);
    vec![Remedy {
        label: format!("Use {wanted} shards").into(),
        text: "Every shard is split in half, so that each gets about half of the keys.".into(),
        set: Some((view.name(view.id()).to_owned(), "/ShardCount".into(), wanted.to_string().into())),
    }]
}

/// How many shards what is tried needs, with keys spread evenly: for the records and bytes in, and for the bytes that
/// all polling readers take out (KDS-46).
fn shards_needed(stream: &Stream, view: &View<'_>) -> u32 {
    let (mut records, mut bytes) = (0, 0);
    for id in stream.map.open() {
        let tally = stream.shards[id.index()].write.shown(view.now().whole_second());
        (records, bytes) = (records + tally.tried_records, bytes + tally.tried_bytes);
    }
    let readers = stream.applications.len().saturating_sub(stream.fan_out.registered()) as u64;
    let needed = [
        records.div_ceil(view.quota(&quotas::SHARD_RECORDS_PER_SECOND)),
        bytes.div_ceil(view.quota(&quotas::SHARD_BYTES_PER_SECOND)),
        (bytes * readers).div_ceil(view.quota(&quotas::GET_RECORDS_BYTES_PER_SECOND)),
    ];
    needed.into_iter().max().unwrap_or(1) as u32
}

fn read_problem(refused: u64) -> Problem {
    Problem {
        title: "Readers are over a shard's read limit".into(),
        text: format!(
            "{refused} GetRecords calls were refused in a second. All polling readers of a shard share 5 calls/s and 2 MiB/s."
        ),
        error_code: Some("ProvisionedThroughputExceededException".into()),
        remedies: Vec::new(),
    }
}
