//! When a producer has something to send.

use kernel::{RandomStream, SimDuration, SimTime};
use serde::{Deserialize, Serialize};

/// When a producer has something to send, counted from its start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "Type", rename_all_fields = "PascalCase", deny_unknown_fields)]
pub enum ArrivalProcess {
    /// Evenly.
    Steady {
        /// Messages per second.
        rate: f64,
    },
    /// At random moments, independent of each other.
    Poisson {
        /// Mean messages per second.
        rate: f64,
    },
    /// So many at once, again and again.
    Burst {
        /// Messages at once.
        size: u32,
        /// Seconds from one burst to the next.
        every_seconds: f64,
    },
    /// Evenly, at a rate that changes evenly and then stays.
    Ramp {
        /// Messages per second at the start.
        from_rate: f64,
        /// Messages per second at the end.
        to_rate: f64,
        /// Seconds from start to end.
        over_seconds: f64,
    },
    /// Evenly, at one rate after another; the last one stays.
    Phases {
        /// The rates, first first.
        phases: Vec<Phase>,
    },
    /// All at the start.
    AtOnce {
        /// How many.
        count: u32,
    },
}

/// One rate of [`ArrivalProcess::Phases`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Phase {
    /// Messages per second.
    pub rate: f64,
    /// How many seconds it lasts; for ever if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
}

impl Default for ArrivalProcess {
    fn default() -> Self {
        Self::Steady { rate: 10.0 }
    }
}

/// What a producer has to send next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arrival {
    /// When.
    pub(super) at: SimTime,
    /// How many messages.
    pub(super) count: u32,
}

/// The place reached in an arrival process.
#[derive(Clone, Debug)]
pub(super) struct ArrivalClock {
    process: ArrivalProcess,
    started_at: SimTime,
    /// Arrivals of the running phase so far.
    index: u64,
    phase: usize,
    phase_started_at: SimTime,
}

impl ArrivalClock {
    pub(super) fn new(process: &ArrivalProcess, started_at: SimTime) -> Self {
        Self { process: process.clone(), started_at, index: 0, phase: 0, phase_started_at: started_at }
    }

    /// The next arrival after `now`; nothing when there is none any more.
    pub(super) fn next(&mut self, now: SimTime, random: &mut RandomStream) -> Option<Arrival> {
        let one = |at: SimTime| Some(Arrival { at, count: 1 });
        match &self.process {
            ArrivalProcess::Steady { rate } => {
                let at = evenly(self.started_at, self.index, *rate)?;
                self.index += 1;
                one(at)
            }
            ArrivalProcess::Poisson { rate } => {
                let gap =
                    positive(*rate).map(|rate| SimDuration::from_secs_f64(random.exponential() / rate))?;
                one(now.max(self.started_at) + gap)
            }
            ArrivalProcess::Burst { size, every_seconds } => {
                let every = SimDuration::from_secs_f64(every_seconds.max(SHORTEST_BURST_SECONDS));
                let at = self.started_at + every * self.index;
                self.index += 1;
                Some(Arrival { at, count: *size })
            }
            ArrivalProcess::Ramp { from_rate, to_rate, over_seconds } => {
                let gone = now.since(self.started_at).as_secs_f64();
                let share = if *over_seconds > 0.0 { (gone / over_seconds).min(1.0) } else { 1.0 };
                let rate = from_rate + (to_rate - from_rate) * share;
                match positive(rate) {
                    Some(rate) => one(now.max(self.started_at) + SimDuration::from_secs_f64(1.0 / rate)),
                    None if share < 1.0 => {
                        Some(Arrival { at: now.max(self.started_at) + RAMP_LOOK_AGAIN, count: 0 })
                    }
                    None => None,
                }
            }
            ArrivalProcess::Phases { phases } => loop {
                let phase = phases.get(self.phase)?;
                let end =
                    phase.seconds.map(|seconds| self.phase_started_at + SimDuration::from_secs_f64(seconds));
                match (evenly(self.phase_started_at, self.index, phase.rate), end) {
                    (Some(at), end) if end.is_none_or(|end| at < end) => {
                        self.index += 1;
                        return one(at);
                    }
                    (_, Some(end)) => {
                        self.phase += 1;
                        self.index = 0;
                        self.phase_started_at = end;
                    }
                    (_, None) => return None,
                }
            },
            ArrivalProcess::AtOnce { count } => {
                self.index += 1;
                (self.index == 1).then_some(Arrival { at: self.started_at, count: *count })
            }
        }
    }
}

/// Bursts closer together than this are one: keeps a wrong document from stopping time. Ours.
const SHORTEST_BURST_SECONDS: f64 = 0.001;
/// How soon a ramp that stands at zero looks again. Ours.
const RAMP_LOOK_AGAIN: SimDuration = SimDuration::from_millis(100);

fn positive(rate: f64) -> Option<f64> {
    (rate.is_finite() && rate > 0.0).then_some(rate)
}

/// The time of arrival `index` of an even flow: exact for any number of arrivals.
fn evenly(start: SimTime, index: u64, rate: f64) -> Option<SimTime> {
    let rate = positive(rate)?;
    Some(start + SimDuration::from_secs_f64(index as f64 / rate))
}

#[cfg(test)]
mod tests {
    use kernel::Seed;

    use super::*;

    fn arrivals(process: &ArrivalProcess, until: SimTime) -> Vec<(SimTime, u32)> {
        let mut clock = ArrivalClock::new(process, SimTime::ZERO);
        let mut random = Seed(1).stream("test", "arrivals");
        let mut now = SimTime::ZERO;
        let mut all = Vec::new();
        while let Some(arrival) = clock.next(now, &mut random) {
            if arrival.at >= until {
                break;
            }
            now = arrival.at;
            all.push((arrival.at, arrival.count));
        }
        all
    }

    #[test]
    fn a_steady_flow_has_no_drift() {
        let all = arrivals(&ArrivalProcess::Steady { rate: 3.0 }, SimTime::from_secs(1_000));
        assert_eq!(all.len(), 3_000);
        assert_eq!(all[2_997].0, SimTime::from_secs(999));
    }

    #[test]
    fn cmp_41_the_spike_sends_ten_thousand_between_two_calm_phases() {
        let phases = [(50.0, Some(10.0)), (1_000.0, Some(10.0)), (50.0, None)];
        let phases = phases.map(|(rate, seconds)| Phase { rate, seconds }).to_vec();
        let all = arrivals(&ArrivalProcess::Phases { phases }, SimTime::from_secs(30));
        let spike = all.iter().filter(|(at, _)| (10..20).contains(&at.whole_second())).count();
        assert_eq!((all.len(), spike), (11_000, 10_000));
    }

    #[test]
    fn a_ramp_sends_the_mean_of_its_ends() {
        let ramp = ArrivalProcess::Ramp { from_rate: 0.0, to_rate: 200.0, over_seconds: 10.0 };
        let sent: u32 = arrivals(&ramp, SimTime::from_secs(10)).iter().map(|(_, count)| count).sum();
        assert!((950..=1_050).contains(&sent), "{sent}");
    }

    #[test]
    fn rates_that_make_no_sense_send_nothing() {
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(arrivals(&ArrivalProcess::Steady { rate }, SimTime::from_secs(1)).is_empty());
            assert!(arrivals(&ArrivalProcess::Poisson { rate }, SimTime::from_secs(1)).is_empty());
        }
    }
}
