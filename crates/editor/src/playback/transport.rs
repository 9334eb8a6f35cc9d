//! Play, pause, speed, and what was asked of the engine.

use engine::EngineRequest;
use kernel::SimTime;
use messaging::LogicalId;

/// Slowest speed.
pub const MIN_SPEED: f64 = 0.01;
/// Fastest speed.
pub const MAX_SPEED: f64 = 100.0;
/// Nodes are refreshed at most so often, microseconds of real time.
const STATUS_MICROS: u64 = 100_000;
/// Longer gaps between two frames count as this: a hidden page does not run ahead when it is seen again.
const MAX_ELAPSED_MICROS: u64 = 100_000;
/// Events the engine may run for one answer. Ours: well below a frame of a hundred milliseconds.
const EVENTS_PER_FRAME: u64 = 200_000;

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
    /// The run was held once at its end; it may go on after.
    pub(crate) end_seen: bool,
    /// Where the run should stand, microseconds.
    pub(crate) target: f64,
    /// How many answers that move the run are awaited; nothing more is asked for before they came.
    pub(crate) awaited: u32,
    /// Real time since nodes were refreshed, microseconds.
    since_status: u64,
    /// Not further than this for now.
    pub(crate) horizon: Option<SimTime>,
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
            since_status: 0,
            wished: None,
            horizon: None,
        }
    }
}

impl Transport {
    /// The run stands behind the furthest instant it has reached.
    pub fn is_past(&self) -> bool {
        self.reached < self.furthest
    }

    /// A new run begins at zero; speed stays.
    pub(crate) fn restart(&mut self) {
        *self = Self { playing: self.playing, speed: self.speed, awaited: self.awaited, ..Self::default() };
    }

    /// Real time went by: what to ask for now. Nothing while an answer is awaited: a slow machine shows slower time.
    pub(crate) fn elapse(&mut self, micros: u64) -> Option<EngineRequest> {
        let micros = micros.min(MAX_ELAPSED_MICROS);
        self.since_status = self.since_status.saturating_add(micros);
        if !self.playing {
            return None;
        }
        // Not further ahead than the answers can follow.
        let furthest = self.reached.as_micros() as f64 + 2.5 * MAX_ELAPSED_MICROS as f64 * self.speed;
        self.target = (self.target + micros as f64 * self.speed).min(furthest);
        if let Some(horizon) = self.horizon {
            self.target = self.target.min(horizon.as_micros() as f64);
        }
        let to = SimTime::from_micros(self.target as u64);
        if self.awaited > 0 || to <= self.reached {
            return None;
        }
        self.awaited += 1;
        let with_status = self.since_status >= STATUS_MICROS;
        if with_status {
            self.since_status = 0;
        }
        Some(EngineRequest::Advance { to, budget: EVENTS_PER_FRAME, with_status })
    }

    /// Asks for a time, at once or as soon as the answer to the last question is here.
    pub(crate) fn seek(&mut self, to: SimTime) -> Option<EngineRequest> {
        if self.awaited > 0 {
            self.wished = Some(to);
            return None;
        }
        self.awaited += 1;
        Some(EngineRequest::Seek { to })
    }

    /// Asks for the next thing that can be seen.
    pub(crate) fn step(&mut self, of: Option<LogicalId>) -> Option<EngineRequest> {
        self.playing = false;
        if self.awaited > 0 {
            return None;
        }
        self.awaited += 1;
        Some(EngineRequest::Step { of })
    }

    /// An answer that moved the run is here; the wish that had to wait for it, if there is one.
    pub(crate) fn arrived(&mut self, reached: SimTime, behind: bool) -> Option<EngineRequest> {
        self.awaited = self.awaited.saturating_sub(1);
        self.reached = reached;
        self.furthest = self.furthest.max(reached);
        if behind || !self.playing || self.target < reached.as_micros() as f64 {
            self.target = reached.as_micros() as f64;
        }
        let wish = self.wished.take()?;
        self.seek(wish)
    }

    /// The speed on its slider, 0 to 1: logarithmic.
    pub fn speed_position(&self) -> f64 {
        speed_to_position(self.speed)
    }
}

/// Where a speed stands on the slider, 0 to 1.
pub fn speed_to_position(speed: f64) -> f64 {
    let decades = libm::log10(MAX_SPEED / MIN_SPEED);
    (libm::log10(speed.clamp(MIN_SPEED, MAX_SPEED) / MIN_SPEED) / decades).clamp(0.0, 1.0)
}

/// The speed at a place of the slider, rounded to two digits; near 1× it is 1×.
pub fn speed_at(position: f64) -> f64 {
    let decades = libm::log10(MAX_SPEED / MIN_SPEED);
    let speed = MIN_SPEED * libm::pow(10.0, position.clamp(0.0, 1.0) * decades);
    if (position - speed_to_position(1.0)).abs() < 0.02 {
        return 1.0;
    }
    let digit = libm::pow(10.0, libm::floor(libm::log10(speed)) - 1.0);
    ((speed / digit).round() * digit).clamp(MIN_SPEED, MAX_SPEED)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Architecture: each animation frame asks only when the last frame has arrived.
    #[test]
    fn nothing_is_asked_for_before_the_last_answer_came() {
        let mut transport = Transport { playing: true, ..Transport::default() };
        let asked = transport.elapse(16_000);
        assert!(
            matches!(asked, Some(EngineRequest::Advance { to, .. }) if to == SimTime::from_micros(16_000))
        );
        assert_eq!(transport.elapse(16_000), None);
        transport.arrived(SimTime::from_micros(16_000), false);
        let asked = transport.elapse(16_000);
        assert!(
            matches!(asked, Some(EngineRequest::Advance { to, .. }) if to == SimTime::from_micros(48_000))
        );
    }

    #[test]
    fn a_slow_engine_shows_slower_time() {
        let mut transport = Transport { playing: true, ..Transport::default() };
        transport.elapse(16_000);
        for _ in 0..1_000 {
            transport.elapse(100_000);
        }
        transport.arrived(SimTime::from_micros(10_000), true);
        let asked = transport.elapse(16_000);
        assert!(
            matches!(asked, Some(EngineRequest::Advance { to, .. }) if to == SimTime::from_micros(26_000))
        );
    }

    #[test]
    fn only_the_last_wish_counts() {
        let mut transport = Transport::default();
        assert!(transport.seek(SimTime::from_secs(1)).is_some());
        assert!(transport.seek(SimTime::from_secs(2)).is_none());
        assert!(transport.seek(SimTime::from_secs(3)).is_none());
        let next = transport.arrived(SimTime::from_secs(1), false);
        assert_eq!(next, Some(EngineRequest::Seek { to: SimTime::from_secs(3) }));
        assert_eq!(transport.arrived(SimTime::from_secs(3), false), None);
    }

    /// UI.md section 3: logarithmic speed 0.01× to 100×.
    #[test]
    fn the_slider_is_logarithmic_and_finds_1() {
        assert_eq!((speed_at(0.0), speed_at(0.5), speed_at(1.0)), (0.01, 1.0, 100.0));
        assert_eq!(speed_at(0.51), 1.0);
        assert!((speed_at(0.75) - 10.0).abs() < 0.01);
        for speed in [0.01, 0.25, 4.0, 100.0] {
            assert!((speed_at(speed_to_position(speed)) - speed).abs() < 0.02 * speed);
        }
    }
}
