//! From datapoints to a state (CMP-10, CMP-11).

use serde::{Deserialize, Serialize};

use super::alarm_properties::TreatMissingData;

/// The state of an alarm (CMP-9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AlarmState {
    /// The metric is within the threshold.
    #[serde(rename = "OK")]
    Ok,
    /// The metric is beyond the threshold.
    #[serde(rename = "ALARM")]
    Alarm,
    /// There are too few datapoints to say; also before the first.
    #[default]
    #[serde(rename = "INSUFFICIENT_DATA")]
    InsufficientData,
}

impl AlarmState {
    /// The word of the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Alarm => "ALARM",
            Self::InsufficientData => "INSUFFICIENT_DATA",
        }
    }
}

/// One period of a metric, held against the threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Datapoint {
    /// Within the threshold.
    Fine,
    /// Beyond it.
    Breaching,
    /// Nothing was reported in the period.
    Missing,
}

/// How many periods beyond `EvaluationPeriods` are looked at when some are missing (CMP-11).
pub(super) const EXTRA_PERIODS: usize = 2;

/// The state after the evaluation range, given oldest first: `DatapointsToAlarm` of the last `EvaluationPeriods`
/// breach (CMP-11).
pub fn evaluate(
    range: &[Datapoint],
    datapoints_to_alarm: usize,
    evaluation_periods: usize,
    treat_missing: TreatMissingData,
    state: AlarmState,
) -> AlarmState {
    let real = range.iter().rev().filter(|point| **point != Datapoint::Missing);
    let real: Vec<Datapoint> = real.copied().take(evaluation_periods).collect();
    let breaching = real.iter().filter(|point| **point == Datapoint::Breaching).count();
    let missing = evaluation_periods - real.len();
    let of = |breaching: usize| {
        if breaching >= datapoints_to_alarm { AlarmState::Alarm } else { AlarmState::Ok }
    };
    match treat_missing {
        _ if missing == 0 => of(breaching),
        TreatMissingData::Breaching => of(breaching + missing),
        TreatMissingData::NotBreaching => of(breaching),
        TreatMissingData::Ignore if real.is_empty() => state,
        TreatMissingData::Missing if real.is_empty() => AlarmState::InsufficientData,
        // Nothing speaks against it, and it has been so for as long as it takes.
        treat if breaching < datapoints_to_alarm && breaches_since(range) >= datapoints_to_alarm => {
            if treat == TreatMissingData::Ignore { state } else { AlarmState::Alarm }
        }
        _ => of(breaching),
    }
}

/// Age in periods of the oldest datapoint when every datapoint there is breaches; 0 when one does not.
fn breaches_since(range: &[Datapoint]) -> usize {
    let oldest = range.iter().position(|point| *point == Datapoint::Breaching);
    oldest.filter(|_| !range.contains(&Datapoint::Fine)).map_or(0, |place| range.len() - place)
}
