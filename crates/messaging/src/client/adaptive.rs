//! The client-side rate limit of the SDKs' adaptive retry mode (KDS-80; constants after botocore).
//!
//! It sleeps until the first throttled answer. From then on a token bucket holds calls back; its rate falls to
//! 0.7 of the measured rate at each throttled answer and recovers along a cubic curve, as TCP CUBIC does.

use kernel::{SimDuration, SimTime};

/// Steepness of the recovery.
const SCALE: f64 = 0.4;
/// What is left of the rate after a throttled answer.
const BETA: f64 = 0.7;
/// The slowest rate, in calls per second.
const MIN_RATE: f64 = 0.5;
/// Weight of the newest half second in the measured rate.
const SMOOTHING: f64 = 0.8;
/// The rate is measured in buckets of half a second.
const BUCKETS_PER_SECOND: f64 = 2.0;

/// Holds calls back at the rate the service seems to take.
#[derive(Clone, Debug)]
pub(super) struct RateLimiter {
    enabled: bool,
    /// Calls per second the bucket refills with, which is also how many it holds.
    fill_rate: f64,
    tokens: f64,
    refilled_at: SimTime,
    measured_rate: f64,
    calls_in_bucket: f64,
    bucket: f64,
    rate_before_throttling: f64,
    throttled_at: SimTime,
}

impl Default for RateLimiter {
    fn default() -> Self {
        Self {
            enabled: false,
            fill_rate: MIN_RATE,
            tokens: 0.0,
            refilled_at: SimTime::ZERO,
            measured_rate: 0.0,
            calls_in_bucket: 0.0,
            bucket: 0.0,
            rate_before_throttling: 0.0,
            throttled_at: SimTime::ZERO,
        }
    }
}

impl RateLimiter {
    /// Lets a call go, or tells how long to wait before asking again.
    pub(super) fn try_send(&mut self, now: SimTime) -> Result<(), SimDuration> {
        if !self.enabled {
            return Ok(());
        }
        self.refill(now);
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return Ok(());
        }
        let wait = SimDuration::from_secs_f64((1.0 - self.tokens) / self.fill_rate);
        Err(wait + SimDuration::from_micros(1))
    }

    /// Learns from an answer.
    pub(super) fn answered(&mut self, now: SimTime, throttled: bool) {
        self.measure(now);
        let new_rate = if throttled {
            let rate = if self.enabled { self.measured_rate.min(self.fill_rate) } else { self.measured_rate };
            self.enabled = true;
            self.rate_before_throttling = rate;
            self.throttled_at = now;
            rate * BETA
        } else {
            self.recovered_rate(now)
        };
        self.refill(now);
        self.fill_rate = new_rate.min(2.0 * self.measured_rate).max(MIN_RATE);
        self.tokens = self.tokens.min(self.fill_rate);
    }

    fn recovered_rate(&self, now: SimTime) -> f64 {
        let flat_after = libm::cbrt(self.rate_before_throttling * (1.0 - BETA) / SCALE);
        let distance = now.since(self.throttled_at).as_secs_f64() - flat_after;
        SCALE * distance * distance * distance + self.rate_before_throttling
    }

    fn refill(&mut self, now: SimTime) {
        let gained = now.since(self.refilled_at).as_secs_f64() * self.fill_rate;
        self.tokens = (self.tokens + gained).min(self.fill_rate.max(1.0));
        self.refilled_at = now;
    }

    fn measure(&mut self, now: SimTime) {
        self.calls_in_bucket += 1.0;
        let bucket = (now.as_secs_f64() * BUCKETS_PER_SECOND).floor() / BUCKETS_PER_SECOND;
        if bucket > self.bucket {
            let rate = self.calls_in_bucket / (bucket - self.bucket);
            self.measured_rate = rate * SMOOTHING + self.measured_rate * (1.0 - SMOOTHING);
            self.calls_in_bucket = 0.0;
            self.bucket = bucket;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Offers a call every millisecond to a service that takes so many in any whole second; returns the calls
    /// accepted and refused from the tenth second on, per second.
    fn steady_state(limit: u64) -> (f64, f64) {
        let mut limiter = RateLimiter::default();
        let (mut taken, mut second) = (0, 0);
        let (mut accepted, mut refused) = (0_u32, 0_u32);
        for millis in 0..60_000_u64 {
            let now = SimTime::from_micros(millis * 1_000);
            if now.whole_second() != second {
                (second, taken) = (now.whole_second(), 0);
            }
            if limiter.try_send(now).is_err() {
                continue;
            }
            taken += 1;
            limiter.answered(now, taken > limit);
            if second >= 10 {
                if taken > limit { refused += 1 } else { accepted += 1 }
            }
        }
        (f64::from(accepted) / 50.0, f64::from(refused) / 50.0)
    }

    #[test]
    fn kds_80_adaptive_mode_finds_the_rate_the_service_takes() {
        let (accepted, refused) = steady_state(300);
        assert!((100.0..=300.0).contains(&accepted), "{accepted} accepted per second");
        assert!(refused < 15.0, "{refused} refused per second");
    }

    #[test]
    fn adaptive_mode_holds_nothing_back_before_the_first_refusal() {
        let mut limiter = RateLimiter::default();
        for micros in 0..10_000 {
            assert!(limiter.try_send(SimTime::from_micros(micros)).is_ok());
            limiter.answered(SimTime::from_micros(micros), false);
        }
    }
}
