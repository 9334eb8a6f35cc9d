//! How long processing takes, as the document writes it (CMP-2).

use kernel::{Distribution, SimDuration};
use serde::{Deserialize, Serialize};

/// How long processing one message takes (CMP-2).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "Distribution", rename_all_fields = "PascalCase", deny_unknown_fields)]
pub enum ProcessingTime {
    /// Always the same.
    Constant {
        /// Milliseconds.
        milliseconds: f64,
    },
    /// Evenly between two bounds.
    Uniform {
        /// The shortest, in milliseconds.
        low_milliseconds: f64,
        /// The longest, in milliseconds.
        high_milliseconds: f64,
    },
    /// Memoryless.
    Exponential {
        /// The mean, in milliseconds.
        mean_milliseconds: f64,
    },
    /// Mostly near the median, sometimes much longer.
    Lognormal {
        /// Half of the times are shorter, in milliseconds.
        median_milliseconds: f64,
        /// Spread of the logarithm.
        sigma: f64,
    },
}

/// Processing time of a fresh consumer. Ours.
const DEFAULT_MILLISECONDS: f64 = 100.0;

impl Default for ProcessingTime {
    fn default() -> Self {
        Self::Constant { milliseconds: DEFAULT_MILLISECONDS }
    }
}

impl ProcessingTime {
    pub(crate) fn distribution(self) -> Distribution {
        let time = |milliseconds: f64| SimDuration::from_secs_f64(milliseconds / 1_000.0);
        match self {
            Self::Constant { milliseconds } => Distribution::Constant(time(milliseconds)),
            Self::Uniform { low_milliseconds, high_milliseconds } => {
                Distribution::Uniform { low: time(low_milliseconds), high: time(high_milliseconds) }
            }
            Self::Exponential { mean_milliseconds } => {
                Distribution::Exponential { mean: time(mean_milliseconds) }
            }
            Self::Lognormal { median_milliseconds, sigma } => Distribution::Lognormal {
                median: time(median_milliseconds),
                sigma: sigma.clamp(0.0, MAX_SIGMA),
            },
        }
    }
}

/// A wider spread has no meaning for processing times. Ours.
const MAX_SIGMA: f64 = 4.0;
