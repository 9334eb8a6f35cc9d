//! Messages on their way: their shapes, and where each is at a moment.

use editor::Curve;
use editor::playback::{BOUNCE_SECONDS, Mark, MarkStyle};

/// Seconds a filtered copy takes to fall, and how far (UI.md section 11).
pub(crate) const FALL_SECONDS: f64 = 0.6;
pub(crate) const FALL_PX: f64 = 22.0;
/// How far from the port it falls: clear of the card's edge.
const FALL_CLEARANCE_PX: f64 = 12.0;

/// The shape of a category around the origin, 9 px across. Shapes tell apart what colours may not.
pub(crate) const fn shape(category: u8) -> &'static str {
    match category {
        1 => "M-3.7-3.7h7.4v7.4h-7.4z",
        2 => "M0-4.6 4.6 3.7h-9.2z",
        3 => "M0-5 5 0 0 5-5 0z",
        4 => "M-2.2-4.9h4.4v9.8h-4.4z",
        5 => "M-4.2 0-2.1-3.7h4.2L4.2 0 2.1 3.7h-4.2z",
        6 => "M-3.8 0a3.8 3.8 0 1 0 7.6 0 3.8 3.8 0 1 0-7.6 0z",
        _ => "M-4.3 0a4.3 4.3 0 1 0 8.6 0 4.3 4.3 0 1 0-8.6 0z",
    }
}

/// The classes of a mark, before and after it was refused.
pub(crate) fn class(mark: &Mark, refused: bool) -> String {
    match mark.style {
        MarkStyle::Refused if refused => "refused".into(),
        MarkStyle::FilteredOut | MarkStyle::Polled => "out".into(),
        MarkStyle::DeadLettered => format!("k{} gone", mark.category),
        MarkStyle::Travelling | MarkStyle::Refused => format!("k{}", mark.category),
    }
}

/// When a mark is seen last.
pub(crate) fn ends_at(mark: &Mark) -> f64 {
    match mark.style {
        MarkStyle::Refused => mark.arrives + BOUNCE_SECONDS,
        MarkStyle::FilteredOut => mark.departs + FALL_SECONDS,
        MarkStyle::Travelling | MarkStyle::Polled | MarkStyle::DeadLettered => mark.arrives,
    }
}

/// Where a filtered copy begins to fall.
pub(crate) fn fall_from(curve: &Curve) -> editor::Point {
    let length = curve.0[0].distance(curve.0[3]).max(1.0);
    curve.at((FALL_CLEARANCE_PX / length).min(0.5))
}

/// A mark at a moment, if it is seen then: its place, its opacity, and whether it was refused.
pub(crate) fn pose(mark: &Mark, curve: &Curve, now: f64) -> Option<(editor::Point, f64, bool)> {
    if now < mark.departs || now >= ends_at(mark) {
        return None;
    }
    if mark.style == MarkStyle::FilteredOut {
        let fall = (now - mark.departs) / FALL_SECONDS;
        return Some((fall_from(curve).moved(0.0, FALL_PX * fall), 1.0 - fall, false));
    }
    if now < mark.arrives {
        let share = (now - mark.departs) / (mark.arrives - mark.departs).max(1e-6);
        return Some((curve.at(share), 1.0, false));
    }
    let back = (now - mark.arrives) / BOUNCE_SECONDS;
    Some((curve.at(1.0 - back).moved(0.0, 28.0 * 4.0 * back * (1.0 - back)), 1.0 - back * back * back, true))
}
