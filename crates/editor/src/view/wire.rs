//! The wires of links: where they leave and enter, and how they bend.

use messaging::node_state::Instrument;
use messaging::{LinkSpec, LogicalId};

use crate::geometry::{Curve, Point, Rect, Side};
use crate::state::EditorState;
use crate::view::beside::worker_count;
use crate::view::card;
use crate::view::nodes::{node_detail, node_rect, rows_of};
use crate::viewport::Detail;

/// A wire with the sides it leaves from and enters at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Wire {
    pub(crate) curve: Curve,
    from_side: Side,
    to_side: Side,
}

impl Wire {
    pub(crate) const fn start(&self) -> (Point, Side) {
        (self.curve.0[0], self.from_side)
    }
    pub(crate) const fn end(&self) -> (Point, Side) {
        (self.curve.0[3], self.to_side)
    }
}

/// The wires of a link: one for each shard of a stream at either end, or one.
pub(crate) fn curves(state: &EditorState, link: &LinkSpec) -> Vec<Wire> {
    let (from, to) = (node_rect(state, &link.from), node_rect(state, &link.to));
    let (from_lanes, to_lanes) = (lane_count(state, &link.from), lane_count(state, &link.to));
    let count = lanes_of(from_lanes, to_lanes);
    let (from_side, to_side) = sides(from, to, state.upright.is_some());
    let row = row_port(state, link, from);
    (0..count)
        .map(|lane| {
            let leaves = row.or_else(|| lane_port(state, &link.from, from, lane, Side::Right));
            let enters = if from_lanes > 0 {
                worker_port(state, &link.to, to, lane)
            } else {
                lane_port(state, &link.to, to, lane, Side::Left)
            };
            let (start, from_side) =
                leaves.map_or_else(|| (middle(from, from_side), from_side), |at| (at, Side::Right));
            let (end, to_side) = enters.map_or_else(|| (middle(to, to_side), to_side), |at| (at, Side::Left));
            Wire { curve: Curve::between(start, from_side, end, to_side), from_side, to_side }
        })
        .collect()
}

/// How long the wires of each link are on screen, CSS px, by the link's number in the run. Nothing for so many links
/// that measuring them would be felt.
pub(crate) fn lengths(state: &EditorState) -> Vec<f64> {
    const MOST: usize = 300;
    if state.run.roster.links.len() > MOST {
        return Vec::new();
    }
    let length = |ends: &Option<(LogicalId, LogicalId)>| {
        let link = ends.as_ref().and_then(|(from, to)| state.scenario.link(from, to));
        let wires = link.map(|link| curves(state, link)).unwrap_or_default();
        wires.iter().map(|wire| wire.curve.length()).sum::<f64>() * state.viewport.zoom
    };
    state.run.roster.links.iter().map(length).collect()
}

/// How many wires a link has, given the shards at its ends.
pub(crate) fn lanes_of(from_lanes: usize, to_lanes: usize) -> usize {
    let lanes = if from_lanes > 0 { from_lanes } else { to_lanes };
    if (1..=card::MAX_LANES).contains(&lanes) { lanes } else { 1 }
}

/// How many shards a node shows; none for most.
pub(crate) fn lane_count(state: &EditorState, id: &LogicalId) -> usize {
    let instruments = state.run.nodes.get(id).map(|run| &run.state.instruments);
    let lanes = instruments.into_iter().flatten().find_map(|instrument| match instrument {
        Instrument::Lanes { lanes } => Some(lanes.len()),
        _ => None,
    });
    lanes.unwrap_or(0)
}

/// The sides through which a link leaves and enters: to the right where there is room, else up or down, else back.
/// In an upright diagram down comes first.
fn sides(from: Rect, to: Rect, upright: bool) -> (Side, Side) {
    /// Less room than this between two nodes is none.
    const ROOM: f64 = 16.0;
    if upright && to.origin.y >= from.bottom() + ROOM {
        (Side::Bottom, Side::Top)
    } else if to.origin.x >= from.right() + ROOM {
        (Side::Right, Side::Left)
    } else if to.origin.y >= from.bottom() + ROOM {
        (Side::Bottom, Side::Top)
    } else if to.bottom() + ROOM <= from.origin.y {
        (Side::Top, Side::Bottom)
    } else if to.right() + ROOM <= from.origin.x {
        (Side::Left, Side::Right)
    } else {
        (Side::Right, Side::Left)
    }
}

fn middle(rect: Rect, side: Side) -> Point {
    let center = rect.center();
    match side {
        Side::Left => Point::new(rect.origin.x, center.y),
        Side::Right => Point::new(rect.right(), center.y),
        Side::Top => Point::new(center.x, rect.origin.y),
        Side::Bottom => Point::new(center.x, rect.bottom()),
    }
}

/// The port of a subscription's own row.
fn row_port(state: &EditorState, link: &LinkSpec, from: Rect) -> Option<Point> {
    if node_detail(state, &link.from) != Detail::Full {
        return None;
    }
    let rows: Vec<&LinkSpec> = rows_of(&state.scenario, &link.from).collect();
    let place = rows.iter().position(|row| row.to == link.to)?;
    let below = (rows.len() - place) as f64 - 0.5;
    Some(Point::new(from.right(), from.bottom() - card::ROW_HEIGHT * below))
}

fn lane_port(state: &EditorState, id: &LogicalId, rect: Rect, lane: usize, side: Side) -> Option<Point> {
    let lanes = lane_count(state, id);
    if node_detail(state, id) != Detail::Full || !(1..=card::MAX_LANES).contains(&lanes) {
        return None;
    }
    let x = if side == Side::Left { rect.origin.x } else { rect.right() };
    Some(Point::new(x, rect.origin.y + card::lane_port_height(rect.size.height, lanes, lane)))
}

/// The port of the row of the worker that reads a shard.
fn worker_port(state: &EditorState, id: &LogicalId, rect: Rect, lane: usize) -> Option<Point> {
    let rows = worker_count(state, id);
    let shown = lane < rows && node_detail(state, id) == Detail::Full;
    shown.then(|| rect.origin.moved(0.0, card::lane_port_height(rect.size.height, rows, lane)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    #[test]
    fn links_leave_towards_where_they_go() {
        let at = |x, y| Rect::new(Point::new(x, y), Size::new(100.0, 50.0));
        assert_eq!(sides(at(0.0, 0.0), at(200.0, 300.0), false), (Side::Right, Side::Left));
        assert_eq!(sides(at(0.0, 0.0), at(20.0, 100.0), false), (Side::Bottom, Side::Top));
        assert_eq!(sides(at(0.0, 200.0), at(20.0, 0.0), false), (Side::Top, Side::Bottom));
        assert_eq!(sides(at(0.0, 0.0), at(200.0, 300.0), true), (Side::Bottom, Side::Top));
        assert_eq!(sides(at(300.0, 0.0), at(0.0, 10.0), false), (Side::Left, Side::Right));
    }
}
