//! Numbers as people read them.

use kernel::SimTime;
use messaging::node_state::Unit;

/// `1,312`.
pub fn format_count(value: f64) -> String {
    let whole = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if value <= -0.5 { format!("-{text}") } else { text }
}

/// A rate: `240/s`, `2.5/s`, `2/min`; zero is `0/s`.
pub fn format_rate(per_second: f64) -> String {
    if per_second > 0.0 && per_second < 0.5 {
        return format!("{}/min", short(per_second * 60.0));
    }
    format!("{}/s", short(per_second))
}

/// Bytes: `512 B`, `2.1 KB`, `6.7 MB`, in powers of 1,024 as AWS counts them.
pub fn format_bytes(bytes: f64) -> String {
    const STEP: f64 = 1_024.0;
    let (mut value, mut unit) = (bytes, "B");
    for next in ["KB", "MB", "GB", "TB"] {
        if value.abs() < STEP {
            break;
        }
        (value, unit) = (value / STEP, next);
    }
    format!("{} {unit}", short(value))
}

/// A value and its unit, apart: `("8.8", "s")`.
pub fn format_value(value: f64, unit: Unit) -> (String, &'static str) {
    match unit {
        Unit::Count => (format_count(value), ""),
        Unit::PerSecond => (short(value), "/s"),
        Unit::Bytes => (format_bytes(value), ""),
        Unit::BytesPerSecond => (format_bytes(value), "/s"),
        Unit::Seconds => (short(value), "s"),
        Unit::Milliseconds => (short(value), "ms"),
        Unit::Share if value > 0.0 && value < 0.01 => ("<1".into(), "%"),
        Unit::Share => (format!("{:.0}", value * 100.0), "%"),
    }
}

/// A value with its unit: `8.8 s`, `240/s`, and long times in hours: `96 h`.
pub fn value_text(value: f64, unit: Unit) -> String {
    if unit == Unit::Seconds && value >= 7_200.0 {
        return format!("{} h", format_count(value / 3_600.0));
    }
    let (number, unit) = format_value(value, unit);
    let space = if unit.is_empty() || unit.starts_with(['/', '%']) { "" } else { " " };
    format!("{number}{space}{unit}")
}

/// A time as it is spoken: `2 minutes 14 seconds`.
pub fn spoken_time(at: SimTime) -> String {
    let seconds = at.whole_second();
    let part = |count: u64, word: &str| match count {
        0 => String::new(),
        1 => format!("1 {word} "),
        _ => format!("{count} {word}s "),
    };
    let text =
        part(seconds / 3_600, "hour") + &part(seconds / 60 % 60, "minute") + &part(seconds % 60, "second");
    if text.is_empty() { "0 seconds".into() } else { text.trim_end().into() }
}

/// One digit after the point below ten, none from ten on.
fn short(value: f64) -> String {
    if value.abs() >= 9.95 || (value - value.round()).abs() < 0.05 {
        format_count(value)
    } else {
        format!("{value:.1}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// UI.md section 9: numbers with units, per-second as /s.
    #[test]
    fn numbers_read_as_in_the_pictures() {
        assert_eq!(format_count(1_312.0), "1,312");
        assert_eq!(format_count(1_234_567.4), "1,234,567");
        assert_eq!(format_rate(240.0), "240/s");
        assert_eq!(format_rate(2.0 / 60.0), "2/min");
        assert_eq!(format_rate(0.0), "0/s");
        assert_eq!(format_bytes(2_150.0), "2.1 KB");
        assert_eq!(format_value(8.8, Unit::Seconds), ("8.8".into(), "s"));
        assert_eq!(value_text(345_600.0, Unit::Seconds), "96 h");
        assert_eq!(value_text(0.5, Unit::Share), "50%");
        assert_eq!(format_value(0.004, Unit::Share), ("<1".into(), "%"));
        assert_eq!(spoken_time(SimTime::from_secs(134)), "2 minutes 14 seconds");
    }
}
