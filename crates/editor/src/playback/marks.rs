//! What the painter is given.

/// How a mark behaves and what it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkStyle {
    /// Under way from `departs` to `arrives`.
    Travelling,
    /// Touches the target at `arrives` and returns to the sender.
    Refused,
    /// Falls at the source port from `departs` on.
    FilteredOut,
    /// The answer of an empty receive.
    Polled,
    /// Under way to a dead-letter queue.
    DeadLettered,
}

/// One mark. Times are seconds of presentation time: [`Playback::presentation_seconds`](super::Playback).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// Number of the wire: a place in [`wire_curves`](crate::view::wire_curves).
    pub wire: u32,
    /// When it leaves the source port.
    pub departs: f64,
    /// When it reaches the target port.
    pub arrives: f64,
    /// 0 to 5 for m1 to m6, 6 for m7, which is always "other".
    pub category: u8,
    /// Its behaviour.
    pub style: MarkStyle,
}

/// A flow drawn as stripes along its wire.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Number of the wire.
    pub wire: u32,
    /// Width, CSS px: 5 and 2 more for each decade above 100/s, at most 16.
    pub width: f32,
    /// Share of each category.
    pub shares: [f32; 7],
    /// Speed of the notches, CSS px per second of presentation time.
    pub notch_speed: f32,
}
