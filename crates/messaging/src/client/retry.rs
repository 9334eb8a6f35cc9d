//! How the AWS SDKs try again: attempts, exponential backoff, full jitter (KDS-80).

use kernel::{RandomStream, SimDuration};
use serde::{Deserialize, Serialize};
use slab::Slab;

use crate::call::{Call, Entries};
use crate::context::Context;
use crate::identifiers::LinkId;
use crate::registry::{ApiError, Timer};

/// The SDKs' retry modes (KDS-80).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum RetryMode {
    /// Three attempts; waits up to 1 s × 2^i after throttling and 50 ms × 2^i otherwise, at most 20 s.
    #[default]
    Standard,
    /// Five attempts; waits up to 1 s × 2^i.
    Legacy,
    /// As standard, and a rate limit of the client's own holds calls back after the first throttled answer.
    Adaptive,
    /// One attempt.
    Off,
}

impl RetryMode {
    /// How many attempts the mode makes in all (KDS-80).
    pub const fn default_attempts(self) -> u32 {
        match self {
            Self::Standard | Self::Adaptive => 3,
            Self::Legacy => 5,
            Self::Off => 1,
        }
    }

    /// How long to wait before retry `retry`, counted from 0 (KDS-80).
    pub fn backoff(self, retry: u32, throttled: bool, random: &mut RandomStream) -> SimDuration {
        let scale = match self {
            Self::Standard | Self::Adaptive if !throttled => 0.05,
            _ => 1.0,
        };
        let ceiling = (scale * f64::from(1_u32 << retry.min(20))).min(MAX_BACKOFF_SECONDS);
        SimDuration::from_secs_f64(random.unit() * ceiling)
    }
}

/// The longest wait of the standard mode (KDS-80).
const MAX_BACKOFF_SECONDS: f64 = 20.0;

/// The messages of a call that were refused, and the first error among them.
pub(crate) fn refused(call: &Call) -> Option<(Entries, ApiError)> {
    match call.result {
        Some(Err(error)) => Some((call.entries.clone(), error)),
        _ => {
            let error = call.entries.iter().find_map(|entry| entry.error)?;
            let entries = call.entries.iter().filter(|entry| entry.error.is_some());
            Some((entries.map(|entry| crate::call::Entry { error: None, ..*entry }).collect(), error))
        }
    }
}

/// Messages waiting for their next attempt.
#[derive(Clone, Debug, Default)]
pub(crate) struct Retries {
    waiting: Slab<Retry>,
    messages: u64,
}

/// One group of messages waiting for its next attempt.
#[derive(Clone, Debug)]
pub(crate) struct Retry {
    pub(crate) link: LinkId,
    pub(crate) entries: Entries,
    /// How many attempts have been made.
    pub(crate) attempts: u32,
}

impl Retries {
    /// How many messages wait.
    pub(crate) fn messages(&self) -> u64 {
        self.messages
    }

    /// Keeps messages until `delay` has passed; `timer` names the wake-up.
    pub(crate) fn keep(
        &mut self,
        retry: Retry,
        delay: SimDuration,
        cx: &mut Context<'_>,
        timer: impl FnOnce(u32) -> Timer,
    ) {
        self.messages += retry.entries.len() as u64;
        let slot = self.waiting.insert(retry) as u32;
        cx.schedule_in(delay, timer(slot));
    }

    /// Takes messages whose time has come.
    pub(crate) fn take(&mut self, slot: u32) -> Option<Retry> {
        let retry = self.waiting.try_remove(slot as usize)?;
        self.messages -= retry.entries.len() as u64;
        Some(retry)
    }

    /// Forgets everything; tells how many messages that were.
    pub(crate) fn forget(&mut self) -> u64 {
        self.waiting.clear();
        std::mem::take(&mut self.messages)
    }
}

#[cfg(test)]
mod tests {
    use kernel::Seed;

    use super::*;

    #[test]
    fn kds_80_backoff_doubles_up_to_its_ceiling_with_full_jitter() {
        let mut random = Seed(1).stream("test", "backoff");
        for (retry, throttled, ceiling) in [(0, true, 1.0), (3, true, 8.0), (9, true, 20.0), (0, false, 0.05)]
        {
            let waits: Vec<f64> = (0..2_000)
                .map(|_| RetryMode::Standard.backoff(retry, throttled, &mut random).as_secs_f64())
                .collect();
            let mean = waits.iter().sum::<f64>() / 2_000.0;
            assert!(waits.iter().all(|wait| *wait <= ceiling), "{retry}");
            assert!((mean / ceiling - 0.5).abs() < 0.05, "{retry}: {mean}");
        }
    }
}
