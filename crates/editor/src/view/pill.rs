//! The label of a wire: its rate, and what is refused. It stands beside the wire and covers no card.

use engine::LinkState;

use crate::geometry::{Curve, Point, Rect, Size};
use crate::playback::HopDisplay;
use crate::state::EditorState;
use crate::view::format::format_rate;
use crate::view::nodes::node_rect;
use crate::viewport::Detail;

/// The label of a wire.
#[derive(Clone, Debug, PartialEq)]
pub struct PillView {
    /// Its middle, world units.
    pub at: Point,
    /// The rate, such as `149/s`; empty where there is no room for it, or nothing has passed.
    pub text: String,
    /// With a funnel before it.
    pub filtered: bool,
    /// Refused per second, such as `112/s`; empty for none.
    pub refused: String,
    /// Where the refused pill stands, world units.
    pub refused_at: Point,
    /// The last second's count, for those who want less motion; empty otherwise.
    pub still: String,
}

/// A pill's size at a text, px at 100 %.
fn size_of(text: &str, filtered: bool) -> Size {
    Size::new(10.0 + 6.2 * (text.chars().count() + 2 * usize::from(filtered)) as f64, 17.0)
}

/// How far a refused mark swings out on its way back, px.
const SWING: f64 = 30.0;
/// Nodes further from a wire than this are not asked whether a pill covers them, world units at 100 %.
const NEAR: f64 = 420.0;

/// The pill of a link with these wires, unless it is hidden: below 50 % it is, unless selected or in trouble.
pub(super) fn pill(
    state: &EditorState,
    curves: &[Curve],
    run: &LinkState,
    filtered: bool,
    selected: bool,
) -> Option<PillView> {
    let refusing = run.refused_per_second > 0.0;
    let quiet = run.messages == 0 && !filtered;
    // From there the refusing node has a label of its own.
    if quiet || (state.detail < Detail::Compact && !selected) {
        return None;
    }
    // The middle one of a stream's wires; the pill stands above it, the refused one below.
    let curve = curves.get(curves.len() / 2)?;
    let still = state.playback.hop == HopDisplay::Still || state.playback.reduced_motion;
    let rate = format_rate(run.messages_per_second);
    let refused = if refusing { format_rate(run.refused_per_second) } else { String::new() };
    let text = if run.messages == 0 { String::new() } else { rate.clone() };
    let room = Room::around(state, curve);
    let shares: &[f64] = if state.upright.is_some() { &[0.66] } else { &[0.5, 0.4, 0.6, 0.3, 0.7] };
    let sides: &[f64] = if refusing { &[1.0] } else { &[1.0, -1.0] };
    let (at, free) = room.place(curve, shares, size_of(&text, filtered), sides, 0.0);
    // Where there is no room the rate is told by the wire's width; hovering and selecting name it.
    let covers = !free && !selected && !still && state.upright.is_none();
    if covers && !refusing {
        return None;
    }
    let (refused_at, _) = room.place(curve, shares, size_of(&refused, true), &[-1.0], SWING);
    Some(PillView {
        at,
        text: if covers { String::new() } else { text },
        filtered: filtered && !covers,
        refused_at,
        refused,
        still: if still { last_second(run) } else { String::new() },
    })
}

/// The cards near a wire, and how many world units a px is.
struct Room {
    cards: Vec<Rect>,
    px: f64,
}

impl Room {
    fn around(state: &EditorState, curve: &Curve) -> Self {
        let px = if state.detail == Detail::Full || state.upright.is_some() {
            1.0
        } else {
            1.0 / state.viewport.zoom
        };
        let middle = curve.at(0.5);
        let near = state.places.iter().filter(|(_, at)| at.distance(middle) < NEAR * px);
        let cards = near.map(|(id, _)| node_rect(state, id)).collect();
        Self { cards, px }
    }

    /// The first free place beside the wire at one of the shares of its length, and whether it is free. Side 1 is above
    /// a wire that goes across and right of one that goes down, −1 the other; `away` is room left between, px.
    fn place(&self, curve: &Curve, shares: &[f64], size: Size, sides: &[f64], away: f64) -> (Point, bool) {
        let beside = |share: f64, side: f64| {
            let (nx, ny) = normal(curve, share);
            // So far that no corner of the pill touches the wire.
            let far = nx.abs() * size.width / 2.0 + ny.abs() * size.height / 2.0 + 6.0 + away;
            curve.at(share).moved(side * far * nx * self.px, side * far * ny * self.px)
        };
        let on_screen = Size::new(size.width * self.px, size.height * self.px);
        let free = |at: &Point| {
            let pill = Rect::new(at.moved(-on_screen.width / 2.0, -on_screen.height / 2.0), on_screen);
            !self.cards.iter().any(|card| card.overlaps(&pill))
        };
        let places = shares.iter().flat_map(|share| sides.iter().map(|side| beside(*share, *side)));
        { places }.find(free).map_or_else(|| (beside(shares[0], sides[0]), false), |at| (at, true))
    }
}

/// Across the wire at a share of it, as a unit vector: upwards where the wire goes across, to the right where it goes
/// down.
fn normal(curve: &Curve, share: f64) -> (f64, f64) {
    let (a, b) = (curve.at((share - 0.03).max(0.0)), curve.at((share + 0.03).min(1.0)));
    let length = a.distance(b).max(1e-6);
    let (nx, ny) = ((b.y - a.y) / length, (a.x - b.x) / length);
    let turned = if nx.abs() > 0.9 { nx < 0.0 } else { ny > 0.0 };
    if turned { (-nx, -ny) } else { (nx, ny) }
}

/// What passed in the last second, for those who want less motion: `149 last s`.
fn last_second(run: &LinkState) -> String {
    format!("{} last s", crate::view::format_count(run.messages_per_second.round()))
}
