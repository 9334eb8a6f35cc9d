//! When marks are shown: an echo that trails the counters by at most two seconds.

use std::collections::BTreeMap;

use kernel::SimTime;
use messaging::trace::{Transit, TransitKind};
use messaging::{ComponentId, TraceId};

use super::{BOUNCE_SECONDS, HOP_SECONDS, HopDisplay, MAX_TRAIL_SECONDS, Mark, MarkStyle};

/// How far the echo's clock may be off before it is set anew, seconds.
const MAX_DRIFT_SECONDS: f64 = 0.25;
/// Arrivals remembered before old ones are dropped.
const MAX_ARRIVALS: usize = 8_192;
/// Seconds a filtered copy takes to fall.
const FALL_SECONDS: f64 = 0.6;

/// When marks are shown.
#[derive(Clone, Debug, Default)]
pub struct Presentation {
    /// The clock of the painter, seconds. It stands while the run is held.
    pub now: f64,
    /// The clock goes on until here although the run is held: a step is being shown.
    pub settle_until: f64,
    /// Which simulated instant is shown when.
    anchor: Option<(SimTime, f64)>,
    /// When each copy of a message is seen to be where.
    arrivals: BTreeMap<(TraceId, ComponentId), f64>,
}

impl Presentation {
    /// The run jumped: what was on its way is not shown any more.
    pub(crate) fn jump(&mut self) {
        self.anchor = None;
        self.arrivals.clear();
        self.settle_until = self.now;
    }

    /// The speed was changed: from here on instants follow each other in another rhythm.
    pub(crate) fn set_anew(&mut self) {
        self.anchor = None;
    }

    /// What of simulated time begins at `from` is shown from about now on.
    pub(crate) fn begin(&mut self, from: SimTime, speed: f64) {
        let expected = self.anchor.map(|(at, seen)| seen + seconds_between(at, from) / speed);
        let fits = expected.is_some_and(|expected| (expected - self.now).abs() <= MAX_DRIFT_SECONDS);
        if !fits {
            self.anchor = Some((from, self.now));
        }
        if self.arrivals.len() > MAX_ARRIVALS {
            let oldest = self.now - MAX_TRAIL_SECONDS;
            self.arrivals.retain(|_, seen| *seen >= oldest);
        }
    }

    /// The mark of a transit, without its wire and colour. Cause comes before effect: a message leaves a node after
    /// it was seen to arrive there.
    pub(crate) fn place(
        &mut self,
        transit: &Transit,
        ends: (ComponentId, ComponentId),
        hop: HopDisplay,
        speed: f64,
    ) -> Mark {
        let (from, to) = ends;
        let at = |time: SimTime| {
            let (anchor, seen) = self.anchor.unwrap_or((time, self.now));
            seen + seconds_between(anchor, time) / speed
        };
        let (departs, real) =
            (at(transit.departs_at), seconds_between(transit.departs_at, transit.arrives_at) / speed);
        let shortest = if hop == HopDisplay::ToScale { 0.0 } else { HOP_SECONDS };
        let after = |arrivals: &BTreeMap<_, f64>, node| {
            let arrived = arrivals.get(&(transit.trace_id, node)).copied().unwrap_or(departs);
            // Further behind than this, marks merge with later ones instead of trailing.
            if hop == HopDisplay::ToScale {
                departs
            } else {
                arrived.clamp(departs, departs + MAX_TRAIL_SECONDS)
            }
        };
        let mark = match transit.kind {
            TransitKind::Message | TransitKind::DeadLettered => {
                let departs = after(&self.arrivals, from);
                let arrives = departs + real.max(shortest);
                self.arrivals.insert((transit.trace_id, to), arrives);
                let dead = transit.kind == TransitKind::DeadLettered;
                let style = if dead { MarkStyle::DeadLettered } else { MarkStyle::Travelling };
                Mark { wire: 0, departs, arrives, category: 0, style }
            }
            TransitKind::Refused => {
                // The way there was shown by the message itself: this is the touch and the way back.
                let touched = after(&self.arrivals, to);
                self.arrivals.insert((transit.trace_id, from), touched + BOUNCE_SECONDS);
                Mark { wire: 0, departs: touched, arrives: touched, category: 0, style: MarkStyle::Refused }
            }
            TransitKind::FilteredOut => {
                let departs = after(&self.arrivals, from);
                Mark {
                    wire: 0,
                    departs,
                    arrives: departs + FALL_SECONDS,
                    category: 0,
                    style: MarkStyle::FilteredOut,
                }
            }
            TransitKind::EmptyReceive => Mark {
                wire: 0,
                departs,
                arrives: departs + real.max(shortest),
                category: 0,
                style: MarkStyle::Polled,
            },
        };
        let bounce = if mark.style == MarkStyle::Refused { BOUNCE_SECONDS } else { 0.0 };
        self.settle_until = self.settle_until.max(mark.arrives + bounce);
        mark
    }
}

fn seconds_between(from: SimTime, to: SimTime) -> f64 {
    (to.as_micros() as f64 - from.as_micros() as f64) / 1e6
}

#[cfg(test)]
mod tests {
    use messaging::{KeyId, LinkId, PayloadId};

    use super::*;

    fn transit(kind: TransitKind, departs: u64, arrives: u64) -> Transit {
        Transit {
            link: LinkId(0),
            kind,
            departs_at: SimTime::from_micros(departs),
            arrives_at: SimTime::from_micros(arrives),
            payload: PayloadId(0),
            key: KeyId::NONE,
            trace_id: TraceId(1),
            count: 1,
        }
    }

    const A: ComponentId = ComponentId(0);
    const B: ComponentId = ComponentId(1);
    const C: ComponentId = ComponentId(2);

    fn shown() -> Presentation {
        let mut presentation = Presentation { now: 100.0, ..Presentation::default() };
        presentation.begin(SimTime::ZERO, 1.0);
        presentation
    }

    /// UI.md section 6: a hop is shown for max(real, 0.5 s).
    #[test]
    fn a_short_hop_takes_half_a_second_and_a_long_one_as_long_as_it_is() {
        let mut presentation = shown();
        let short =
            presentation.place(&transit(TransitKind::Message, 0, 10_000), (A, B), HopDisplay::Watching, 1.0);
        assert_eq!((short.departs, short.arrives), (100.0, 100.5));
        let mut presentation = shown();
        let slow =
            presentation.place(&transit(TransitKind::Message, 0, 10_000), (A, B), HopDisplay::Watching, 0.01);
        assert_eq!(slow.arrives - slow.departs, 1.0);
        let mut presentation = shown();
        let scale =
            presentation.place(&transit(TransitKind::Message, 0, 10_000), (A, B), HopDisplay::ToScale, 1.0);
        assert!((scale.arrives - scale.departs - 0.01).abs() < 1e-9);
    }

    /// UI.md section 6: echoes queue per message so cause stays before effect.
    #[test]
    fn the_next_hop_waits_until_the_message_was_seen_to_arrive() {
        let mut presentation = shown();
        let hop = HopDisplay::Watching;
        let first = presentation.place(&transit(TransitKind::Message, 0, 10_000), (A, B), hop, 1.0);
        let second = presentation.place(&transit(TransitKind::Message, 12_000, 20_000), (B, C), hop, 1.0);
        assert_eq!(second.departs, first.arrives);
        let other = Transit { trace_id: TraceId(2), ..transit(TransitKind::Message, 12_000, 20_000) };
        assert!(presentation.place(&other, (B, C), hop, 1.0).departs < first.arrives);
    }

    /// UI.md section 6: the trail is capped at 2 s.
    #[test]
    fn marks_never_trail_by_more_than_two_seconds() {
        let mut presentation = shown();
        for hop in 0..40_u32 {
            let ends = (ComponentId(hop), ComponentId(hop + 1));
            let mark =
                presentation.place(&transit(TransitKind::Message, 0, 1_000), ends, HopDisplay::Watching, 1.0);
            assert!(mark.departs <= 100.0 + MAX_TRAIL_SECONDS);
        }
    }

    /// UI.md section 1: a refused message touches the port, arcs back, and waits at its sender.
    #[test]
    fn a_refused_message_returns_from_where_it_arrived_and_then_leaves_again() {
        let mut presentation = shown();
        let hop = HopDisplay::Watching;
        let there = presentation.place(&transit(TransitKind::Message, 0, 10_000), (A, B), hop, 1.0);
        let back = presentation.place(&transit(TransitKind::Refused, 10_000, 10_000), (A, B), hop, 1.0);
        assert_eq!((back.departs, back.style), (there.arrives, MarkStyle::Refused));
        let again = presentation.place(&transit(TransitKind::Message, 60_000, 70_000), (A, B), hop, 1.0);
        assert_eq!(again.departs, back.arrives + BOUNCE_SECONDS);
    }

    #[test]
    fn frames_follow_each_other_without_jitter_and_late_ones_start_anew() {
        let mut presentation = shown();
        presentation.now = 100.1;
        presentation.begin(SimTime::from_micros(95_000), 1.0);
        let mark = presentation.place(
            &transit(TransitKind::Message, 95_000, 100_000),
            (A, B),
            HopDisplay::Watching,
            1.0,
        );
        assert!((mark.departs - 100.095).abs() < 1e-9, "in the rhythm of the run");
        presentation.now = 103.0;
        presentation.begin(SimTime::from_micros(200_000), 1.0);
        let late = Transit { trace_id: TraceId(9), ..transit(TransitKind::Message, 200_000, 210_000) };
        assert_eq!(presentation.place(&late, (A, B), HopDisplay::Watching, 1.0).departs, 103.0);
    }
}
