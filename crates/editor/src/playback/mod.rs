//! Time: the transport, and what is shown when.
//!
//! Simulated time is exact; counters, plots and the log follow it. Marks are a presentation: a hop is shown for at
//! least half a second of real time, so that it can be seen.

mod categories;
mod flow;
mod marks;
mod multiplicity;
mod presentation;
mod transport;

use kernel::SimTime;

pub(crate) use categories::choices;
pub use categories::{Categories, ColourBy, OTHER_CATEGORY};
pub(crate) use flow::{Flow, add_frame, renumber};
pub use marks::{Band, Mark, MarkStyle};
pub use multiplicity::{MULTIPLICITIES, Multiplicity};
pub use presentation::Presentation;
pub use transport::{MAX_SPEED, MIN_SPEED, Transport, speed_at, speed_to_position};

/// Shortest time a hop is shown, seconds (`--dur-hop-min`).
pub const HOP_SECONDS: f64 = 0.5;
/// Seconds a refused mark takes back to its sender (`--dur-bounce`).
pub const BOUNCE_SECONDS: f64 = 0.62;
/// How far the marks may trail the counters, seconds.
pub const MAX_TRAIL_SECONDS: f64 = 2.0;

/// How hops are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HopDisplay {
    /// For at least [`HOP_SECONDS`].
    #[default]
    Watching,
    /// As long as they take; sensible at 0.05× and below.
    ToScale,
    /// Not at all: each link shows the last second's count.
    Still,
}

/// Everything about time that the screen needs.
#[derive(Clone, Debug, Default)]
pub struct Playback {
    /// Play, pause, speed, and what was asked of the engine.
    pub transport: Transport,
    /// How hops are shown.
    pub hop: HopDisplay,
    /// The system or the person wants less motion.
    pub reduced_motion: bool,
    /// When marks are shown.
    pub presentation: Presentation,
    /// How many messages a mark stands for, and which links are banded flows.
    pub multiplicity: Multiplicity,
    /// What the marks are coloured by.
    pub colour_by: ColourBy,
    /// The person chose what marks are coloured by.
    pub colour_chosen: bool,
    /// Which value has which colour and shape.
    pub categories: Categories,
    /// Which wire of the painter each link has, and what flows along those too busy for marks.
    pub(crate) flow: Flow,
    /// A message is played again in elastic time: nothing trails, hops are to scale.
    pub(crate) elastic: bool,
    /// The page is hidden: nothing moves.
    pub hidden: bool,
    /// The last frame was a step, whose marks are shown although the run is held.
    pub(crate) stepped: bool,
    /// The view is not fitted any more by itself: the document was, once its cards had their sizes, or the person
    /// has begun to draw or to look around.
    pub(crate) view_settled: bool,
    /// The dock grows or shrinks: everything shall be seen in the room that is left.
    pub(crate) refit: bool,
    /// The pinned metrics, top to bottom, at most eight.
    pub tracks: Vec<engine::WatchedMetric>,
    /// Tracks show one value a minute, as CloudWatch does, instead of one a second.
    pub minutes: bool,
    /// Tracks are shown as a table.
    pub table: bool,
    /// The pins were chosen by the person, not for them.
    pub tracks_chosen: bool,
}

impl Playback {
    /// The instant reached.
    pub fn playhead(&self) -> SimTime {
        self.transport.reached
    }

    /// The clock of the painter, seconds.
    pub fn presentation_seconds(&self) -> f64 {
        self.presentation.now
    }
}
