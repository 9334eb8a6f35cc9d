//! What a component shows of itself, in a vocabulary of instruments that no screen has to extend for a new service.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::identifiers::{KeyId, LinkId, PayloadId, TraceId};
use crate::metric::MetricName;

/// Text that is fixed on this side and owned after a journey between threads.
pub type Text = Cow<'static, str>;

/// How a component is doing, worst last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Health {
    /// Nothing to say.
    #[default]
    Ok,
    /// Something uses 80 % of a quota or more.
    NearQuota,
    /// Holds dead letters.
    DeadLetters,
    /// Refuses calls, or is refused.
    Throttled,
    /// Fails at its work.
    Failing,
    /// Stopped or crashed.
    Down,
}

/// How a figure is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tone {
    /// A plain figure.
    #[default]
    Plain,
    /// Close to a limit.
    Near,
    /// Over a limit, refused or failing.
    Bad,
    /// Dead-lettered or expired.
    Dead,
}

/// The unit of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// A number of things.
    Count,
    /// Things per second.
    PerSecond,
    /// Bytes.
    Bytes,
    /// Bytes per second.
    BytesPerSecond,
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// A share of 1.
    Share,
}

/// One instrument on a node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Instrument {
    /// The one big figure.
    Headline {
        /// The value.
        value: f64,
        /// Its unit.
        unit: Unit,
        /// The word behind it.
        label: Text,
        /// How it is meant.
        tone: Tone,
    },
    /// The last minute of a metric as a line.
    Spark {
        /// Which metric.
        metric: MetricName,
        /// How it is meant.
        tone: Tone,
    },
    /// A queue, read in the direction of flow.
    MessageBar {
        /// `ApproximateNumberOfMessagesDelayed`.
        delayed: u64,
        /// `ApproximateNumberOfMessagesVisible`.
        visible: u64,
        /// `ApproximateNumberOfMessagesNotVisible`.
        in_flight: u64,
        /// The queue is another's dead-letter queue.
        dead_letters: bool,
    },
    /// A word and a figure; two of them share a row.
    Figure {
        /// The word.
        label: Text,
        /// The value.
        value: f64,
        /// Its unit.
        unit: Unit,
        /// How it is meant.
        tone: Tone,
    },
    /// Use of a limit.
    Gauge {
        /// What is limited, such as `SendMessage`.
        label: Text,
        /// What was tried.
        value: f64,
        /// The limit.
        limit: f64,
        /// Their unit.
        unit: Unit,
        /// The quota's code; empty for what is meant to fill up, such as a buffer: nothing is refused at its limit.
        quota: Text,
        /// The metric that meets the limit, and the limit in the unit of that metric: a quota of calls allows as
        /// many messages as its calls carry.
        metric: Option<(MetricName, f64)>,
    },
    /// Slots of parallel work.
    Slots {
        /// Progress of each busy slot, in per cent.
        busy_percent: Vec<u8>,
        /// All slots.
        total: u32,
    },
    /// The instances of an Auto Scaling group, a tile for each.
    Instances {
        /// In the order of their launch.
        tiles: Vec<InstanceTile>,
    },
    /// Instances side by side, and what stands behind them.
    Cells {
        /// Left to right.
        cells: Vec<Cell>,
        /// What joins them, such as a file system.
        joined: Text,
    },
    /// The head of an ordered queue.
    Head {
        /// The next messages, first first.
        messages: Vec<HeadMessage>,
    },
    /// The lanes of a stream.
    Lanes {
        /// One for each open shard.
        lanes: Vec<Lane>,
    },
    /// A row for each link that leaves, each with a port of its own.
    Rows {
        /// Top to bottom, in the order of the links.
        rows: Vec<LinkRow>,
    },
    /// A short line of text.
    Note {
        /// The text.
        text: Text,
        /// How it is meant.
        tone: Tone,
    },
}

/// Where an instance is in its life (CMP-14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InstanceLifecycle {
    /// It boots.
    Pending,
    /// It works.
    InService,
    /// It finishes what it holds.
    Terminating,
}

/// One instance, as a tile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InstanceTile {
    /// Where it is in its life.
    pub lifecycle: InstanceLifecycle,
    /// For each thread the progress of its work, in per cent; none when it has nothing to do.
    pub threads: Vec<Option<u8>>,
}

/// One instance of something that has few of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// What it is called, such as its Availability Zone.
    pub title: Text,
    /// What it does, in a word or two.
    pub text: Text,
    /// It does the work; the others are drawn as outlines.
    pub filled: bool,
    /// How it is meant.
    pub tone: Tone,
}

/// One link of a node, as a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkRow {
    /// Which link.
    pub link: LinkId,
    /// What passes, such as `state: placed`.
    pub label: String,
    /// A filter decides what passes.
    pub filtered: bool,
    /// Share of the messages that passed, from 0 to 1; none before the first.
    pub share: Option<f64>,
    /// How it is meant.
    pub tone: Tone,
}

/// A message at the head of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeadMessage {
    /// Which message.
    pub trace_id: TraceId,
    /// What it carries.
    pub payload: PayloadId,
    /// Its message group.
    pub key: KeyId,
    /// Its group is locked (SQS-146).
    pub locked: bool,
}

/// An application that reads a shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneReader {
    /// Its link.
    pub link: LinkId,
    /// The worker that has the lease of the shard, from 0 (KDS-89); none before one has taken it.
    pub worker: Option<u32>,
    /// How long the oldest record it has not read has waited, in milliseconds (KDS-42).
    pub behind_ms: u64,
}

/// One shard, as a lane.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lane {
    /// The shard's id (KDS-7).
    pub shard_id: String,
    /// How many different keys it has seen.
    pub keys: u32,
    /// Records tried in the last second.
    pub records_tried: u64,
    /// Records refused in the last second.
    pub records_refused: u64,
    /// Records a second (KDS-21).
    pub records_limit: u64,
    /// Bytes tried in the last second.
    pub bytes_tried: u64,
    /// Bytes a second (KDS-21).
    pub bytes_limit: u64,
    /// The most recent records, oldest first.
    pub recent: Vec<KeyId>,
    /// How far each application that reads the stream has come.
    pub readers: Vec<LaneReader>,
    /// First hash key of the range (KDS-5), in decimal.
    pub starting_hash_key: String,
    /// Last hash key of the range, in decimal.
    pub ending_hash_key: String,
    /// The keys that tried most in the last seconds, with their records per second.
    pub top_keys: Vec<(KeyId, u64)>,
}

/// What is wrong, why, and what may be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// What, in a few words.
    pub title: String,
    /// How much and why, in a sentence or two.
    pub text: String,
    /// The error code people meet, if any.
    pub error_code: Option<Text>,
    /// What may be done, and what will not help.
    pub remedies: Vec<Remedy>,
}

/// A step a person may take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Remedy {
    /// The step, as a verb.
    pub label: Text,
    /// What it does, or why it will not help.
    pub text: Text,
    /// The property to set, by its logical id, path and new value as JSON; none for a step that will not help. With
    /// an empty path the value is an object, and each of its members is set, all as one step.
    pub set: Option<(String, Text, Text)>,
}

/// What a component shows of itself at one instant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NodeState {
    /// How it is doing.
    pub health: Health,
    /// A word in the corner of the node, such as `FIFO`.
    pub tag: Text,
    /// The instruments, top to bottom.
    pub instruments: Vec<Instrument>,
    /// What is wrong, if anything.
    pub problem: Option<Problem>,
    /// A sentence for a screen reader.
    pub summary: String,
}
