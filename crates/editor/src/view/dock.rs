//! Below: transport, clock, tracks, flags and events.

use engine::WatchedMetric;
use kernel::SimTime;
use messaging::LogicalId;

use crate::playback::HopDisplay;
use crate::run::Series;
use crate::state::EditorState;
use crate::view::Shared;

/// The transport.
#[derive(Clone, Debug, PartialEq)]
pub struct TransportView {
    /// The run goes on.
    pub playing: bool,
    /// Play can be pressed: something is drawn and the engine is there.
    pub enabled: bool,
    /// How it stands.
    pub chip: RunChip,
    /// The speed, such as `1×`.
    pub speed_text: String,
    /// The speed.
    pub speed: f64,
    /// Where the speed's slider stands, 0 to 1, on a logarithmic scale.
    pub speed_position: f64,
    /// How hops are shown.
    pub hop: HopDisplay,
    /// The same in words: `Hops shown for 0.5 s`.
    pub hop_text: String,
    /// What pressing step will lead to, while held: `Next event at 02:14.381`.
    pub next_text: String,
}

/// How the run stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunChip {
    /// Nothing to run.
    Empty,
    /// The engine is being loaded.
    Loading,
    /// It runs at the furthest instant reached.
    Live,
    /// It is held.
    Paused,
    /// It stands behind the furthest instant reached.
    Past,
    /// All that is written down for it has happened.
    Ended,
    /// The engine stopped.
    Stopped(String),
}

impl RunChip {
    /// The word on the chip.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::Loading => "Loading",
            Self::Live => "Live",
            Self::Paused => "Paused",
            Self::Past => "Past",
            Self::Ended => "Ended",
            Self::Stopped(_) => "Stopped",
        }
    }
}

/// The tracks.
#[derive(Clone, Debug, PartialEq)]
pub struct TracksView {
    /// Seconds the axis spans.
    pub span_seconds: f64,
    /// Where the ticks are, with their texts.
    pub ticks: Vec<(f64, String)>,
    /// Flags above the axis.
    pub flags: Vec<Flag>,
    /// The furthest instant reached, seconds.
    pub furthest_seconds: f64,
    /// The tracks.
    pub tracks: Vec<TrackView>,
}

/// A flag above the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Flag {
    /// When.
    pub at: SimTime,
    /// What.
    pub text: String,
    /// What kind.
    pub kind: FlagKind,
}

/// What a flag stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagKind {
    /// Something of the scenario's timeline.
    Scripted,
    /// A caption.
    Caption,
    /// An expectation that came out as it should.
    Holds,
    /// One that did not.
    Fails,
    /// One whose time has not come.
    Expected,
    /// Something a person did.
    Done,
}

/// A track.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackView {
    /// Which metric of which resource.
    pub of: WatchedMetric,
    /// What it is now, such as `240`.
    pub value_text: String,
    /// The unit after it, such as `/s`.
    pub unit_text: String,
    /// What was recorded.
    pub series: Shared<Series>,
    /// The largest value recorded, or the quota if that is larger.
    pub max: f64,
    /// The quota, if the resource has a gauge of such a metric.
    pub quota: Option<f64>,
    /// The metric counts something refused or failed.
    pub bad: bool,
}

/// A line of the events tab.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRow {
    /// When, as the clock reads.
    pub time: String,
    /// The instant.
    pub at: SimTime,
    /// Where.
    pub node: Option<LogicalId>,
    /// The kind in a word.
    pub word: &'static str,
    /// What kind.
    pub kind: engine::LogKind,
    /// The API action and the error code.
    pub code: String,
    /// What happened.
    pub text: String,
}

/// The transport.
pub fn transport_view(state: &EditorState) -> TransportView {
    let _ = state;
    TransportView {
        playing: false,
        enabled: false,
        chip: RunChip::Empty,
        speed_text: String::new(),
        speed: 1.0,
        speed_position: 0.5,
        hop: HopDisplay::Watching,
        hop_text: String::new(),
        next_text: String::new(),
    }
}

/// The clock: `00:02:14` and `.380`. Cheap enough for every frame.
pub fn clock_text(state: &EditorState) -> (String, String) {
    let text = state.playback.playhead().to_string();
    let (seconds, millis) = text.split_at(text.len() - 4);
    (seconds.into(), millis.into())
}

/// The tracks.
pub fn tracks(state: &EditorState) -> TracksView {
    let _ = state;
    TracksView {
        span_seconds: 60.0,
        ticks: Vec::new(),
        flags: Vec::new(),
        furthest_seconds: 0.0,
        tracks: Vec::new(),
    }
}

/// The last events, latest first, of all nodes or of one.
pub fn event_rows(state: &EditorState, of: Option<&LogicalId>, limit: usize) -> Vec<EventRow> {
    let _ = (state, of, limit);
    Vec::new()
}
