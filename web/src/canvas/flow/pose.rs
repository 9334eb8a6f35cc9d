//! Where a mark is at a moment. The graphics card's copy is in `shaders.rs`.

use super::geometry::ArcTable;
use super::marks::{CATEGORIES, FALL_SECONDS, MarkStyle, RETURN_SECONDS, Stored};

/// How far below the wire a returning mark swings out, CSS px.
pub const SWING_PIXELS: f32 = 28.0;
/// How far a filtered copy falls, CSS px.
pub const FALL_PIXELS: f32 = 22.0;
/// How far from the port it falls, CSS px: clear of the node's edge.
const FALL_CLEARANCE_PIXELS: f32 = 12.0;

/// A mark at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// Number of its look.
    pub look: usize,
    /// Share of the way along the wire, 0 to 1.
    pub share: f32,
    /// Offset from the wire, CSS px: towards its lower side, and straight down.
    pub offset: [f32; 2],
    /// 0 to 1.
    pub opacity: f32,
}

impl Pose {
    /// The pose of a stored mark `now` seconds after the store's origin, or `None` before and after its life.
    #[inline]
    #[must_use]
    pub fn of(mark: &Stored, now: f32) -> Option<Self> {
        const FILTERED: u32 = MarkStyle::FilteredOut as u32;
        const REFUSED: u32 = MarkStyle::Refused as u32;
        let age = now - mark.departs;
        if age < 0.0 {
            return None;
        }
        let still = |style: u32, share| Self {
            look: style as usize * CATEGORIES + mark.category,
            share,
            offset: [0.0; 2],
            opacity: 1.0,
        };
        if mark.style == FILTERED {
            let fall = age / FALL_SECONDS as f32;
            let offset = [0.0, FALL_PIXELS * fall];
            return (fall < 1.0).then(|| Self { offset, opacity: 1.0 - fall, ..still(FILTERED, 0.0) });
        }
        let share = age * mark.inverse_duration;
        if share < 1.0 {
            let travels_plainly = mark.style == REFUSED;
            return Some(still(if travels_plainly { 0 } else { mark.style }, share));
        }
        let back = (age - 1.0 / mark.inverse_duration) / RETURN_SECONDS as f32;
        if mark.style != REFUSED || back >= 1.0 {
            return None;
        }
        let offset = [SWING_PIXELS * 4.0 * back * (1.0 - back), 0.0];
        Some(Self { offset, opacity: 1.0 - back * back * back, ..still(REFUSED, 1.0 - back) })
    }

    /// Its centre in CSS px for a wire drawn at `scale` with the world point `origin` in the top left corner.
    #[inline]
    #[must_use]
    pub fn place(&self, wire: &ArcTable, origin: [f32; 2], scale: f32) -> [f32; 2] {
        let falls = self.offset[1] > 0.0;
        let clearance = (FALL_CLEARANCE_PIXELS / (wire.length * scale).max(1e-3)).min(0.5);
        let [x, y] = wire.at(if falls { clearance } else { self.share });
        [
            (x - origin[0]) * scale + wire.below[0] * self.offset[0],
            (y - origin[1]) * scale + wire.below[1] * self.offset[0] + self.offset[1],
        ]
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::super::geometry::{Curve, Point};
    use super::*;

    fn wire() -> ArcTable {
        ArcTable::new(&Curve { points: [0.0, 100.0, 200.0, 300.0].map(|x| Point { x, y: 50.0 }) })
    }

    fn at(style: MarkStyle, now: f32) -> Option<([f32; 2], Pose)> {
        let mark = Stored { departs: 1.0, inverse_duration: 2.0, link: 0, category: 1, style: style as u32 };
        Pose::of(&mark, now).map(|pose| (pose.place(&wire(), [0.0; 2], 1.0), pose))
    }

    #[test]
    fn a_travelling_mark_lives_from_departure_to_arrival() {
        assert_eq!(at(MarkStyle::Travelling, 0.99), None);
        let halfway = at(MarkStyle::Travelling, 1.25).map(|(place, _)| place);
        assert!(halfway.is_some_and(|[x, y]| (x - 150.0).abs() < 0.1 && y == 50.0), "{halfway:?}");
        assert_eq!(at(MarkStyle::Travelling, 1.5), None);
    }

    /// UI.md section 1 rule 2: it touches the port, turns to an outline, arcs back below and ends at its sender.
    #[test]
    fn a_refused_mark_returns_to_its_source_below_the_wire() {
        let (_, forward) = at(MarkStyle::Refused, 1.4).expect("under way");
        assert_eq!(forward.look, 1, "filled until it is refused");
        let (touch, turned) = at(MarkStyle::Refused, 1.5).expect("at the port");
        assert_eq!((touch[0].round(), turned.look), (300.0, CATEGORIES + 1));
        let (middle, _) = at(MarkStyle::Refused, 1.81).expect("on its way back");
        assert!(middle[1] > 75.0 && (middle[0] - 150.0).abs() < 1.0, "{middle:?}");
        let (home, faded) = at(MarkStyle::Refused, 1.5 + 0.619).expect("home");
        assert!(home[0] < 1.0 && (home[1] - 50.0).abs() < 0.5, "{home:?}");
        assert!(faded.opacity < 0.01);
        assert_eq!(at(MarkStyle::Refused, 2.13), None);
    }

    /// UI.md section 11: filtered copies fall 22 px and fade in 0.6 s.
    #[test]
    fn a_filtered_copy_falls_at_the_source_port() {
        let (place, pose) = at(MarkStyle::FilteredOut, 1.3).expect("falling");
        assert!((place[1] - 61.0).abs() < 0.01 && (place[0] - 12.0).abs() < 0.01, "{place:?}");
        assert!((pose.opacity - 0.5).abs() < 1e-5);
        assert_eq!(at(MarkStyle::FilteredOut, 1.61), None);
    }
}
