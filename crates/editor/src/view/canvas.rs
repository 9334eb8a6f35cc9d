//! What lies over and under the nodes: marks, legend, the link or area being drawn.

use crate::geometry::{Curve, Point, Rect, Side};
use crate::playback::{ColourBy, OTHER_CATEGORY, choices};
use crate::state::EditorState;
use crate::tool::{Guide, Tool};
use crate::view::format::format_count;
use crate::view::links::drawn_links;
use crate::view::nodes::node_rect;
use crate::view::wire;
use crate::viewport::Detail;

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
    /// Lines to which what is dragged has come, world units.
    pub guides: Vec<Guide>,
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
    let (nodes, links) = (state.scenario.resources.len(), state.scenario.links.len());
    let drawn = drawing(state);
    let refusal = match &state.tool {
        Tool::Connect(connect) => connect.refusal.as_ref().zip(connect.loose_end),
        _ => None,
    };
    CanvasView {
        empty: nodes == 0,
        zoom_text: format!("{:.0}%", state.viewport.zoom * 100.0),
        multiplicity_text: multiplicity_text(state),
        area: match &state.tool {
            Tool::Area { area, .. } => Some(*area),
            _ => None,
        },
        guides: match &state.tool {
            Tool::Move { guides, .. } => guides.clone(),
            _ => Vec::new(),
        },
        drawing: drawn,
        refusal: refusal.map(|(refusal, at)| (refusal.reason.clone(), refusal.hint.clone(), at)),
        ghost: ghost(state),
        new_target_at: match &state.tool {
            Tool::Connect(connect) => connect.new_target_at,
            _ => None,
        },
        is_past: state.playback.transport.is_past(),
        label: format!(
            "Diagram {}, {nodes} nodes, {links} links. Arrows go from node to node, C connects, Enter opens.",
            state.title()
        ),
    }
}

fn multiplicity_text(state: &EditorState) -> String {
    let mark = match state.playback.multiplicity.messages_per_mark {
        1 => "1 mark = 1 message".into(),
        many => format!("1 mark = {} messages", format_count(f64::from(many))),
    };
    // From far away there are many: how many is worth knowing.
    match state.scenario.resources.len() {
        nodes if state.detail <= Detail::Glyph && nodes > 20 => format!("{nodes} nodes, {mark}"),
        _ => mark,
    }
}

/// The link being drawn, from its source's right side or its first free port to the loose end.
fn drawing(state: &EditorState) -> Option<(Curve, bool)> {
    let Tool::Connect(connect) = &state.tool else { return None };
    let from = node_rect(state, &connect.from);
    let start = Point::new(from.right(), from.center().y);
    let end = match (connect.loose_end, &connect.over) {
        (Some(end), _) => end,
        (None, Some(over)) => {
            let to = node_rect(state, over);
            Point::new(to.origin.x, to.center().y)
        }
        (None, None) => return None,
    };
    Some((Curve::between(start, Side::Right, end, Side::Left), connect.refusal.is_some()))
}

/// The outline of what is being carried.
fn ghost(state: &EditorState) -> Option<(&'static str, &'static str, Rect)> {
    let Tool::Place(place) = &state.tool else { return None };
    let at = place.at?;
    let item = super::palette::items().find(|item| item.kind == place.kind && item.preset == place.preset)?;
    let size = super::card::full_size(item.title, None, 0);
    let corner = at.moved(-size.width / 2.0, -size.height / 2.0).snapped();
    Some((item.title, item.icon, Rect::new(corner, size)))
}

/// The legend.
pub fn legend(state: &EditorState) -> Legend {
    let playback = &state.playback;
    let has_lanes = playback.flow.lanes().iter().any(|lanes| !lanes.is_empty());
    let values = playback.categories.values.iter().enumerate();
    let mut entries: Vec<LegendEntry> =
        values.map(|(place, text)| LegendEntry { category: place as u8, text: text.clone() }).collect();
    if playback.categories.has_other {
        entries.push(LegendEntry { category: OTHER_CATEGORY, text: "other".into() });
    }
    Legend {
        title: playback.colour_by.title(),
        by: playback.colour_by.clone(),
        choices: choices(&state.run.catalogue, has_lanes),
        entries,
    }
}

/// Where the wires of removed links are: marks still on them are seen by nobody.
const NOWHERE: Curve = Curve([Point::new(-1e6, -1e6); 4]);

/// The painter's wires by number: what to give it whenever it differs.
pub fn wire_curves(state: &EditorState) -> Vec<Curve> {
    let flow = &state.playback.flow;
    let mut curves = vec![NOWHERE; flow.total()];
    for link in drawn_links(&state.scenario) {
        let number = state.run.roster.link_between(&link.from, &link.to);
        let Some((first, count)) = number.and_then(|number| flow.wires_of(number)) else { continue };
        let wires = wire::curves(state, &link);
        for place in 0..count as usize {
            // Between a change of shards and the next numbering there may be fewer.
            if let Some(wire) = wires.get(place).or(wires.first()) {
                curves[first as usize + place] = wire.curve;
            }
        }
    }
    curves
}
