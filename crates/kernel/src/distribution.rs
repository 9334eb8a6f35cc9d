//! How long something takes, as a distribution to draw from (CMP-2).

use crate::random::RandomStream;
use crate::time::SimDuration;

/// A distribution of durations (CMP-2).
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// Always the same.
    Constant(SimDuration),
    /// Evenly between two bounds, both included.
    Uniform {
        /// The shortest duration.
        low: SimDuration,
        /// The longest duration.
        high: SimDuration,
    },
    /// Memoryless, with the given mean.
    Exponential {
        /// The mean duration.
        mean: SimDuration,
    },
    /// `median × exp(sigma × z)` for a standard normal `z`.
    Lognormal {
        /// Half of the draws are shorter.
        median: SimDuration,
        /// Spread of the logarithm.
        sigma: f64,
    },
}

impl Distribution {
    /// Draws one duration.
    #[inline]
    pub fn sample(&self, random: &mut RandomStream) -> SimDuration {
        match self {
            Self::Constant(duration) => *duration,
            Self::Uniform { low, high } => {
                let (low, high) =
                    (low.as_micros().min(high.as_micros()), high.as_micros().max(low.as_micros()));
                SimDuration::from_micros(low + random.below(high - low + 1))
            }
            Self::Exponential { mean } => {
                SimDuration::from_micros((mean.as_micros() as f64 * random.exponential()) as u64)
            }
            Self::Lognormal { median, sigma } => SimDuration::from_micros(
                (median.as_micros() as f64 * libm::exp(sigma * random.normal())) as u64,
            ),
        }
    }

    /// The mean duration.
    pub fn mean(&self) -> SimDuration {
        match self {
            Self::Constant(duration) => *duration,
            Self::Uniform { low, high } => SimDuration::from_micros((low.as_micros() + high.as_micros()) / 2),
            Self::Exponential { mean } => *mean,
            Self::Lognormal { median, sigma } => {
                SimDuration::from_micros((median.as_micros() as f64 * libm::exp(sigma * sigma / 2.0)) as u64)
            }
        }
    }
}
