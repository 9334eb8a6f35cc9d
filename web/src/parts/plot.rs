//! Lines over time as SVG paths. A picture is 1,000 units wide and stretched to its place.

use std::fmt::Write as _;

use yew::prelude::*;

/// Width of every plot in its own units.
pub const WIDTH: f64 = 1_000.0;

/// How a value becomes a height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// The value at the top.
    pub top: f64,
    /// Height of the picture.
    pub height: f64,
}

impl Scale {
    /// Height of a value from the upper edge, with a little air above and below.
    #[must_use]
    pub fn y(self, value: f64) -> f64 {
        let share = if self.top > 0.0 { (value / self.top).clamp(0.0, 1.0) } else { 0.0 };
        self.height - 3.0 - share * (self.height - 7.0)
    }
}

/// The path of a line through points of (share of the width, value).
#[must_use]
pub fn line(points: impl Iterator<Item = (f64, f64)>, scale: Scale) -> String {
    let mut path = String::new();
    for (share, value) in points {
        let command = if path.is_empty() { 'M' } else { 'L' };
        let _ = write!(path, "{command}{:.1} {:.1}", share * WIDTH, scale.y(value));
    }
    path
}

/// A line made into the area below it.
#[must_use]
pub fn area(line: &str, from: f64, to: f64, height: f64) -> String {
    format!("{line}L{:.1} {height}L{:.1} {height}Z", to * WIDTH, from * WIDTH)
}

/// A step of 1, 2 or 5 times a power of ten, at least as large as `value`.
#[must_use]
pub fn round_up(value: f64) -> f64 {
    if value <= 1.0 {
        return 1.0;
    }
    let mut step = 1.0;
    loop {
        for factor in [1.0, 2.0, 5.0] {
            if step * factor >= value {
                return step * factor;
            }
        }
        step *= 10.0;
    }
}

/// A small line without axes, the last minute of a metric.
pub fn spark(values: &[f64], height: f64, colour: &'static str) -> Html {
    let top = values.iter().copied().fold(1.0_f64, f64::max) * 1.15;
    let scale = Scale { top, height };
    let last = values.len().saturating_sub(1).max(1) as f64;
    let path = line(values.iter().enumerate().map(|(place, value)| (place as f64 / last, *value)), scale);
    let filled = if path.is_empty() { String::new() } else { area(&path, 0.0, 1.0, height) };
    html! {
        <svg class="spark" viewBox={format!("0 0 {WIDTH} {height}")} height={height.to_string()} preserveAspectRatio="none" aria-hidden="true">
            <path d={filled} fill={colour} opacity=".12"/>
            <path d={path} fill="none" stroke={colour} stroke-width="1.3" vector-effect="non-scaling-stroke" stroke-linejoin="round"/>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    /// UI.md section 5: scales in 1, 2, 5 steps, so that lengths compare.
    #[test]
    fn scales_step_by_one_two_five() {
        assert_eq!(
            [round_up(0.0), round_up(3.0), round_up(42.0), round_up(1_312.0)],
            [1.0, 5.0, 50.0, 2_000.0]
        );
    }
}
