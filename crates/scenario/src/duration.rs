//! Times of the document as text: `30s`, `2m`, `1h30m`.

use std::time::Duration;

use kernel::SimTime;

/// Reads a time such as `30s`, `1h30m` or `250ms`.
///
/// # Errors
/// A sentence on what a time looks like.
pub fn parse_duration(text: &str) -> Result<SimTime, String> {
    let duration: Duration = humantime::parse_duration(text)
        .map_err(|_| format!("{text:?} is not a time such as 30s, 2m, 1h30m or 250ms."))?;
    let micros = u64::try_from(duration.as_micros()).ok().filter(|micros| *micros <= LATEST_MICROS);
    micros
        .map(SimTime::from_micros)
        .ok_or_else(|| format!("{text:?} is later than any run: at most 10 years."))
}

/// Writes a time so that [`parse_duration`] reads it back: hours and smaller, no spaces.
pub fn format_duration(time: SimTime) -> String {
    let micros = time.as_micros();
    let (hours, rest) = (micros / 3_600_000_000, micros % 3_600_000_000);
    let (minutes, rest) = (rest / 60_000_000, rest % 60_000_000);
    let parts = [
        (hours, "h"),
        (minutes, "m"),
        (rest / 1_000_000, "s"),
        (rest / 1_000 % 1_000, "ms"),
        (rest % 1_000, "us"),
    ];
    let text: String =
        parts.iter().filter(|(n, _)| *n > 0).map(|(number, unit)| format!("{number}{unit}")).collect();
    if text.is_empty() { "0s".into() } else { text }
}

/// Ten years. Ours: far beyond the longest retention.
const LATEST_MICROS: u64 = 10 * 365 * 24 * 3_600 * 1_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_back_as_they_were_written() {
        for text in ["0s", "30s", "2m", "1h30m", "250ms", "96h", "1m500ms", "7us"] {
            assert_eq!(format_duration(parse_duration(text).unwrap()), text);
        }
        assert_eq!(parse_duration("90s").unwrap(), parse_duration("1m 30s").unwrap());
    }

    #[test]
    fn what_is_no_time_is_said_to_be_none() {
        for text in ["", "soon", "30", "-1s", "100000years"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
