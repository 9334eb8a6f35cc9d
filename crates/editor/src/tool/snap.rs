//! Where what is dragged comes to rest: in line with other nodes, or on the grid.

use std::collections::BTreeMap;

use messaging::LogicalId;

use crate::geometry::{Point, Rect, Size};
use crate::state::EditorState;
use crate::view::{node_rect, note_size};
use crate::viewport::Detail;

/// So close to a line, CSS px, something snaps to it. Ours.
const REACH: f64 = 5.0;

/// A line to which what is dragged has come, world units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guide {
    /// One end.
    pub from: Point,
    /// The other end.
    pub to: Point,
}

/// Edges and middles of the nodes that stand still, taken once when a drag begins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SnapLines {
    /// Where what is moved stood, all of it together.
    moved: Rect,
    /// The nodes that are seen and stand still.
    others: Vec<Rect>,
}

/// What there is to snap to: the cards as they are seen. From so far away that they have no names there is only the grid.
pub(super) fn lines(
    state: &EditorState,
    nodes: &BTreeMap<LogicalId, Point>,
    note: Option<(usize, Point)>,
) -> SnapLines {
    let note =
        note.and_then(|(place, at)| Some(Rect::new(at, note_size(&state.scenario.notes.get(place)?.text))));
    let moved = nodes.keys().map(|id| node_rect(state, id)).chain(note).reduce(|all, rect| all.union(&rect));
    let seen = state.viewport.seen();
    let still = state.places.keys().filter(|id| state.detail >= Detail::Compact && !nodes.contains_key(*id));
    let others = still.map(|id| node_rect(state, id)).filter(|rect| rect.overlaps(&seen));
    SnapLines { moved: moved.unwrap_or_default(), others: others.collect() }
}

/// How far the nodes have moved, and the lines they have come to.
pub(super) fn delta(
    state: &EditorState,
    from: Point,
    nodes: &BTreeMap<LogicalId, Point>,
    note: Option<(usize, Point)>,
    lines: &SnapLines,
    at: Point,
) -> (Point, Vec<Guide>) {
    let now = state.viewport.to_world(at);
    let Some(first) = nodes.values().next().copied().or(note.map(|(_, at)| at)) else {
        return (Point::default(), Vec::new());
    };
    let raw = Point::new(now.x - from.x, now.y - from.y);
    let grid = first.moved(raw.x, raw.y).snapped();
    let reach = REACH / state.viewport.zoom;
    let moved = Rect::new(lines.moved.origin.moved(raw.x, raw.y), lines.moved.size);
    let across = nearest(&moved, &lines.others, reach, false);
    let down = nearest(&moved, &lines.others, reach, true);
    let delta = Point::new(
        across.map_or(grid.x - first.x, |(shift, _)| raw.x + shift),
        down.map_or(grid.y - first.y, |(shift, _)| raw.y + shift),
    );
    // On whole pixels, as the document has them.
    let delta = Point::new((first.x + delta.x).round() - first.x, (first.y + delta.y).round() - first.y);
    let rest = Rect::new(lines.moved.origin.moved(delta.x, delta.y), lines.moved.size);
    let guides = [
        across.map(|(_, line)| guide(line, &rest, &lines.others, false)),
        down.map(|(_, line)| guide(line, &rest, &lines.others, true)),
    ];
    (delta, guides.into_iter().flatten().collect())
}

/// Both edges and the middle, along an axis.
fn stops(rect: &Rect, down: bool) -> [f64; 3] {
    let Size { width, height } = rect.size;
    let (start, length) = if down { (rect.origin.y, height) } else { (rect.origin.x, width) };
    [start, start + length / 2.0, start + length]
}

/// How far it is to the nearest line, and where that line is. Middles come to middles, edges to edges.
fn nearest(moved: &Rect, others: &[Rect], reach: f64, down: bool) -> Option<(f64, f64)> {
    let own = stops(moved, down);
    let ways = others.iter().flat_map(|other| {
        let lines = stops(other, down);
        [(0, 0), (0, 2), (1, 1), (2, 0), (2, 2)]
            .map(|(mine, theirs)| (lines[theirs] - own[mine], lines[theirs]))
    });
    ways.filter(|(shift, _)| shift.abs() <= reach).min_by(|a, b| a.0.abs().total_cmp(&b.0.abs()))
}

/// The line, so long that it touches all that stand on it.
fn guide(line: f64, moved: &Rect, others: &[Rect], down: bool) -> Guide {
    let on_it = |rect: &&Rect| stops(rect, down).iter().any(|stop| (stop - line).abs() < 0.75);
    let all = others.iter().filter(on_it).fold(*moved, |all, rect| all.union(rect));
    if down {
        Guide { from: Point::new(all.origin.x, line), to: Point::new(all.right(), line) }
    } else {
        Guide { from: Point::new(line, all.origin.y), to: Point::new(line, all.bottom()) }
    }
}
