//! Journeys of messages: the list, the chart, the inspector, and the path on the canvas.

mod canvas;
mod chart;
mod detail;
mod list;

use kernel::SimTime;

pub use canvas::{JourneyStep, journey_steps};
pub(crate) use canvas::{is_link_on_path, is_on_path};
pub use chart::{Bar, ChartRow, ChartView, Connector, Said, SaidMark, journey_chart};
pub use detail::{CallRow, CopyRow, JourneyInspector, Why, journey_inspector};
pub use list::{JourneyRow, JourneyRows, journey_rows};

/// The clock without hours when there are none: `01:12.902`.
fn short_clock(at: SimTime) -> String {
    let text = at.to_string();
    let text = text.strip_prefix("00:").unwrap_or(&text);
    text.strip_prefix('0').unwrap_or(text).to_owned()
}

/// A length of time as people read it: `24 ms`, `0.43 s`, `20.4 s`, `2:05`.
fn length(seconds: f64) -> String {
    match seconds {
        zero if zero < 0.000_5 => "0".into(),
        short if short < 0.1 => format!("{:.0} ms", short * 1_000.0),
        short if short < 10.0 => format!("{short:.2} s"),
        short if short < 120.0 => format!("{short:.1} s"),
        long => format!("{}:{:02}", long as u64 / 60, long as u64 % 60),
    }
}
