//! The whole diagram, small, where it is larger than what is seen of it.

use crate::geometry::{Point, Rect, Size};
use crate::state::EditorState;

/// Room for the minimap, CSS px.
const ROOM: Size = Size::new(180.0, 120.0);
/// Nodes are drawn alike: their cards differ too little to be told apart.
const NODE: Size = Size::new(170.0, 90.0);
/// Space around the diagram, world units.
const MARGIN: f64 = 60.0;

/// The minimap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MinimapView {
    /// The part of the world it shows.
    pub extent: Rect,
    /// What is seen of it.
    pub seen: Rect,
    /// Its size, CSS px.
    pub size: Size,
}

/// The minimap; none while everything is seen, or when it was put away.
pub fn minimap(state: &EditorState) -> Option<MinimapView> {
    if !state.panels.minimap || state.upright.is_some() {
        return None;
    }
    let bounds = state.places.values().map(|at| Rect::new(*at, NODE)).reduce(|all, rect| all.union(&rect))?;
    let seen = state.viewport.seen();
    let nearly = seen.grown(MARGIN);
    if nearly.contains(bounds.origin) && nearly.contains(Point::new(bounds.right(), bounds.bottom())) {
        return None;
    }
    let extent = bounds.grown(MARGIN).union(&seen);
    let scale = (ROOM.width / extent.size.width).min(ROOM.height / extent.size.height);
    let size = Size::new(extent.size.width * scale, extent.size.height * scale);
    Some(MinimapView { extent, seen, size })
}

/// All nodes as one SVG path, world units.
pub fn minimap_path(state: &EditorState) -> String {
    let rect =
        |at: &Point| format!("M{:.0} {:.0}h{}v{}h-{}z", at.x, at.y, NODE.width, NODE.height, NODE.width);
    state.places.values().map(rect).collect()
}
