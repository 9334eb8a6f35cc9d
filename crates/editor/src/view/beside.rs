//! What the neighbours of a stream show of it: which shard each key of a producer goes to, and which worker of a
//! consumer has the lease of each shard.

use messaging::client::Keys;
use messaging::message::Catalogue;
use messaging::node_state::{Instrument, Lane, Unit};
use messaging::{LinkSpec, LogicalId, Properties, ResourceKind};

use crate::playback::{ColourBy, OTHER_CATEGORY};
use crate::selection::LinkEnds;
use crate::state::EditorState;
use crate::view::{card, value_text};

/// The most keys shown one by one, and the fewest. Ours.
const KEYS: std::ops::RangeInclusive<usize> = 2..=100;

/// A shard as the consumer's card shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkerRow {
    /// The shard's id.
    pub shard_id: String,
    /// The worker that has its lease, from 1 (KDS-89).
    pub worker: Option<u32>,
    /// How long the oldest record waits that is not read, in milliseconds (KDS-42).
    pub behind_ms: u64,
    /// The shard's colour and shape.
    pub category: u8,
}

/// A worker that is so far behind, in milliseconds, is looked at twice. Ours.
const FAR_BEHIND_MS: u64 = 10_000;

impl WorkerRow {
    /// Who reads the shard, and how far behind.
    pub fn texts(&self) -> (String, String) {
        let Some(worker) = self.worker else { return ("no worker".into(), "lease not taken".into()) };
        let behind = match self.behind_ms {
            0 => "reads the latest".into(),
            1_000.. => format!("{} behind", value_text(self.behind_ms as f64 / 1_000.0, Unit::Seconds)),
            _ => format!("{} behind", value_text(self.behind_ms as f64, Unit::Milliseconds)),
        };
        (format!("worker {worker}"), behind)
    }

    /// It falls behind.
    pub const fn is_far(&self) -> bool {
        self.behind_ms >= FAR_BEHIND_MS
    }
}

/// A key as the producer's card shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyMark {
    /// The colour and shape of the shard it goes to (KDS-8).
    pub category: u8,
    /// It alone is most of what a shard is offered that refuses.
    pub hot: bool,
}

/// The shards a consumer reads, and by which link: those of one stream that nobody else reads, as many as can be shown
/// as lanes. Of several readers each would have a wire from every lane.
fn read_alone<'a>(state: &'a EditorState, id: &LogicalId) -> Option<(&'a LinkSpec, &'a [Lane])> {
    state.scenario.resources.get(id).filter(|own| own.kind() == ResourceKind::Consumer)?;
    let links = &state.scenario.links;
    let link = links.iter().find(|link| link.to == *id)?;
    let lanes = lanes_of(state, &link.from);
    let shown = (1..=card::MAX_LANES).contains(&lanes.len());
    let alone = |other: &LinkSpec| (other.from == link.from) == (other.to == *id);
    (shown && links.iter().all(alone)).then_some((link, lanes))
}

/// How many rows there are; cheap enough to be asked for every node of every frame.
pub(crate) fn worker_count(state: &EditorState, id: &LogicalId) -> usize {
    read_alone(state, id).map_or(0, |(_, lanes)| lanes.len())
}

/// The rows of the workers, one for each shard.
pub(crate) fn worker_rows(state: &EditorState, id: &LogicalId) -> Vec<WorkerRow> {
    let Some((link, lanes)) = read_alone(state, id) else { return Vec::new() };
    let number = state.run.link_id(&ends(link));
    let row = |(place, lane): (usize, &Lane)| {
        let reader = lane.readers.iter().find(|reader| Some(reader.link) == number);
        WorkerRow {
            shard_id: lane.shard_id.clone(),
            worker: reader.and_then(|reader| reader.worker).map(|worker| worker + 1),
            behind_ms: reader.map_or(0, |reader| reader.behind_ms),
            category: category(state, place, lane),
        }
    };
    lanes.iter().enumerate().map(row).collect()
}

/// How many of the workers the shards keep at work: `5 of 7`. The others hold no lease (KDS-90).
pub(crate) fn workers_text(state: &EditorState, id: &LogicalId, rows: &[WorkerRow]) -> Option<String> {
    let Some(Properties::Consumer(consumer)) = state.scenario.resources.get(id) else { return None };
    let mut holders: Vec<u32> = rows.iter().filter_map(|row| row.worker).collect();
    holders.sort_unstable();
    holders.dedup();
    (!holders.is_empty()).then(|| format!("{} of {}", holders.len(), consumer.workers))
}

/// The keys of a producer that sends to a stream, how many there are, and the shards, while colours are those of shards.
fn keys_by_shard<'a>(state: &'a EditorState, id: &LogicalId) -> Option<(&'a Keys, usize, &'a [Lane])> {
    if state.playback.colour_by != ColourBy::Shard {
        return None;
    }
    let Some(Properties::Producer(producer)) = state.scenario.resources.get(id) else { return None };
    let keys = producer.keys.as_ref()?;
    let count = if keys.list.is_empty() { keys.count as usize } else { keys.list.len() };
    let link = state.scenario.links.iter().find(|link| link.from == *id)?;
    let lanes = lanes_of(state, &link.to);
    (!lanes.is_empty() && KEYS.contains(&count)).then_some((keys, count, lanes))
}

/// How many keys are shown; cheap enough to be asked for every node of every frame.
pub(crate) fn key_count(state: &EditorState, id: &LogicalId) -> usize {
    keys_by_shard(state, id).map_or(0, |(_, count, _)| count)
}

/// Each of the keys.
pub(crate) fn key_marks(state: &EditorState, id: &LogicalId) -> Vec<KeyMark> {
    let Some((keys, count, lanes)) = keys_by_shard(state, id) else { return Vec::new() };
    let ranges: Vec<u128> =
        lanes.iter().map(|lane| lane.ending_hash_key.parse().unwrap_or(u128::MAX)).collect();
    let hot: Vec<&str> = lanes.iter().filter_map(|lane| hot_key(state, lane)).collect();
    let mut catalogue = Catalogue::default();
    let mut mark = |text: &str| {
        let key = catalogue.add_key(text);
        let md5 = catalogue.key(key).map_or(0, |key| key.md5);
        let place = ranges.iter().position(|last| md5 <= *last).unwrap_or(0);
        KeyMark { category: category(state, place, &lanes[place]), hot: hot.contains(&text) }
    };
    match keys.list.is_empty() {
        true => (1..=count).map(|number| mark(&format!("{}{number}", keys.prefix))).collect(),
        false => keys.list.iter().map(|text| mark(text)).collect(),
    }
}

/// The key that alone is half or more of what a shard is offered, where it refuses some.
fn hot_key<'a>(state: &'a EditorState, lane: &Lane) -> Option<&'a str> {
    let (key, tried) = lane.top_keys.first().filter(|_| lane.records_refused > 0)?;
    let key = state.run.catalogue.key(*key)?;
    (tried * 2 >= lane.records_tried).then_some(&key.text)
}

fn lanes_of<'a>(state: &'a EditorState, id: &LogicalId) -> &'a [Lane] {
    let instruments = state.run.nodes.get(id).map(|run| &run.state.instruments);
    let lanes = instruments.into_iter().flatten().find_map(|instrument| match instrument {
        Instrument::Lanes { lanes } => Some(lanes.as_slice()),
        _ => None,
    });
    lanes.unwrap_or_default()
}

/// Before the first record has come the shards have the colours of their order.
fn category(state: &EditorState, place: usize, lane: &Lane) -> u8 {
    let categories = &state.playback.categories;
    if state.playback.colour_by == ColourBy::Shard && !categories.values.is_empty() {
        return categories.of_value(&lane.shard_id);
    }
    u8::try_from(place).map_or(OTHER_CATEGORY, |place| place.min(OTHER_CATEGORY))
}

fn ends(link: &LinkSpec) -> LinkEnds {
    LinkEnds::new(link.from.clone(), link.to.clone())
}
