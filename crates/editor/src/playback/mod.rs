//! Time: the transport, and what is shown when.
//!
//! Simulated time is exact; counters, plots and the log follow it. Marks are a presentation: a hop is shown for at
//! least half a second of real time, so that it can be seen.

mod categories;
mod marks;
mod multiplicity;
mod presentation;
mod transport;

use std::collections::BTreeMap;

use kernel::SimTime;

pub use categories::{Categories, ColourBy, OTHER_CATEGORY};
pub use marks::{Band, Mark, MarkStyle};
pub use multiplicity::{MULTIPLICITIES, Multiplicity};
pub use presentation::Presentation;
pub use transport::{MAX_SPEED, MIN_SPEED, Transport};

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
    /// Messages of each category on each link of late, by the link's number: the stripes of banded flows.
    pub shares: BTreeMap<u32, [f32; 7]>,
    /// Number of the first wire of each link; a link into or out of a stream has a wire for each shard.
    pub wires: WireNumbers,
    /// The pinned metrics, top to bottom, at most eight.
    pub tracks: Vec<engine::WatchedMetric>,
    /// The pins were chosen by the person, not for them.
    pub tracks_chosen: bool,
}

/// Which wires the painter knows: one for each link, or one for each lane of a link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WireNumbers {
    /// First wire and number of wires of each link, by the link's number.
    pub links: Vec<(u32, u32)>,
    /// How many there are.
    pub total: u32,
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
