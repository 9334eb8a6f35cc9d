//! Play, pause, speed, and what was asked of the engine.

use kernel::SimTime;

/// Slowest speed.
pub const MIN_SPEED: f64 = 0.01;
/// Fastest speed.
pub const MAX_SPEED: f64 = 100.0;

/// Play, pause, speed, and what was asked of the engine.
#[derive(Clone, Debug, PartialEq)]
pub struct Transport {
    /// The run goes on.
    pub playing: bool,
    /// Simulated seconds for a real one.
    pub speed: f64,
    /// The instant reached.
    pub reached: SimTime,
    /// The furthest instant this run has reached: behind it lies the past.
    pub furthest: SimTime,
    /// When the next event will run.
    pub next_event_at: Option<SimTime>,
    /// The document's run is over.
    pub ended: bool,
    /// The end was announced and held at once already.
    pub(crate) end_seen: bool,
    /// Where the run should stand, microseconds.
    pub(crate) target: f64,
    /// How many answers are awaited; nothing more is asked for before they came.
    pub(crate) awaited: u32,
    /// Real time since nodes were refreshed, microseconds.
    pub(crate) since_status: u64,
    /// Where to seek once the answer is here: only the last wish counts.
    pub(crate) wished: Option<SimTime>,
}

impl Default for Transport {
    fn default() -> Self {
        Self {
            playing: false,
            speed: 1.0,
            reached: SimTime::ZERO,
            furthest: SimTime::ZERO,
            next_event_at: None,
            ended: false,
            end_seen: false,
            target: 0.0,
            awaited: 0,
            since_status: u64::MAX,
            wished: None,
        }
    }
}

impl Transport {
    /// The run stands behind the furthest instant it has reached.
    pub fn is_past(&self) -> bool {
        self.reached < self.furthest
    }
}
