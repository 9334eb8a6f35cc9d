//! What lies over and under the nodes: marks, legend, the link or area being drawn.

use crate::geometry::{Curve, Point, Rect};
use crate::playback::ColourBy;
use crate::state::EditorState;

/// What lies over the canvas.
#[derive(Clone, Debug, PartialEq)]
pub struct CanvasView {
    /// Nothing is drawn yet: say what to do first.
    pub empty: bool,
    /// Zoom in per cent, such as `100%`.
    pub zoom_text: String,
    /// What a mark stands for, such as `1 mark = 10 messages`.
    pub multiplicity_text: String,
    /// The area being selected, world units.
    pub area: Option<Rect>,
    /// The link being drawn: from a port to the pointer, and whether it is refused there.
    pub drawing: Option<(Curve, bool)>,
    /// Why it is refused, what would work, and where to say so, world units.
    pub refusal: Option<(String, Option<String>, Point)>,
    /// Something of the palette being carried: title, icon, where it would stand.
    pub ghost: Option<(&'static str, &'static str, Rect)>,
    /// The choice of a new target is open here, world units.
    pub new_target_at: Option<Point>,
    /// The run stands in the past.
    pub is_past: bool,
    /// A description for screen readers.
    pub label: String,
}

/// The legend.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Legend {
    /// What marks are coloured by.
    pub by: ColourBy,
    /// Its title, such as `Colour by state`.
    pub title: String,
    /// What there is to choose from.
    pub choices: Vec<ColourBy>,
    /// The values.
    pub entries: Vec<LegendEntry>,
}

/// A value and its colour and shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegendEntry {
    /// 0 to 6 for m1 to m7.
    pub category: u8,
    /// The value, or `other`.
    pub text: String,
}

/// What lies over the canvas.
pub fn canvas_view(state: &EditorState) -> CanvasView {
    let _ = state;
    CanvasView {
        empty: true,
        zoom_text: String::new(),
        multiplicity_text: String::new(),
        area: None,
        drawing: None,
        refusal: None,
        ghost: None,
        new_target_at: None,
        is_past: false,
        label: String::new(),
    }
}

/// The legend.
pub fn legend(state: &EditorState) -> Legend {
    let _ = state;
    Legend::default()
}

/// The painter's wires by number: what to give it whenever it differs.
pub fn wire_curves(state: &EditorState) -> Vec<Curve> {
    let _ = state;
    Vec::new()
}
