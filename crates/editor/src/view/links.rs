//! Links: their curves, pills and looks.

use crate::geometry::{Curve, Point};
use crate::selection::LinkEnds;
use crate::state::EditorState;

/// A link as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkView {
    /// Which link.
    pub ends: LinkEnds,
    /// Its place in the document: `/Links/<place>`.
    pub place: usize,
    /// Its wires: one, or one for each shard of a stream at either end.
    pub curves: Vec<Curve>,
    /// How it is drawn.
    pub style: LinkStyle,
    /// Width of the wire, CSS px: 1.5, up to 3 with the logarithm of the rate.
    pub width: f64,
    /// Its pill, unless it is hidden.
    pub pill: Option<PillView>,
    /// It is selected.
    pub selected: bool,
    /// Something else is looked at.
    pub dimmed: bool,
    /// It is cut: two strokes, and dots beyond.
    pub cut: bool,
    /// Calls along it are being refused.
    pub refusing: bool,
    /// What a screen reader says, such as `to refunds, filtered, 63 per second`.
    pub label: String,
}

/// How a link is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkStyle {
    /// A wire with a chevron.
    Send,
    /// The same, with a grey dashed return line: the far end asks.
    Poll,
    /// Dashed, plum: the way of dead letters.
    Redrive,
}

/// The label of a wire.
#[derive(Clone, Debug, PartialEq)]
pub struct PillView {
    /// Its middle, world units.
    pub at: Point,
    /// The rate, such as `149/s`.
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

/// One link.
pub fn link_view(state: &EditorState, ends: &LinkEnds) -> Option<LinkView> {
    let _ = (state, ends);
    None
}

/// All links, in the order of the document.
pub fn link_views(state: &EditorState) -> Vec<LinkView> {
    let links = state.scenario.links.iter();
    links.filter_map(|link| link_view(state, &LinkEnds::new(link.from.clone(), link.to.clone()))).collect()
}
