//! How large a node's card is: it follows from its instruments. The stylesheet uses the same numbers.

use messaging::node_state::{Instrument, NodeState};

use crate::geometry::Size;
use crate::view::format::format_value;
use crate::viewport::Detail;

/// Height of a card's head, px at 100 %.
pub const HEAD_HEIGHT: f64 = 30.0;
/// Height of a subscription's row, its line included: large enough to be pressed at the smallest zoom of a full card.
pub const ROW_HEIGHT: f64 = 30.0;
/// Height of a shard's lane, its line included.
pub const LANE_HEIGHT: f64 = 62.0;
/// Space between two instruments.
pub const GAP: f64 = 5.0;
/// Space below the last instrument.
pub const FOOT_HEIGHT: f64 = 8.0;
/// Space left and right of the instruments.
pub const SIDE_PADDING: f64 = 10.0;
/// Keys of a producer in a row, and the height of such a row.
pub const KEYS_IN_ROW: usize = 10;
/// See [`KEYS_IN_ROW`].
pub const KEY_HEIGHT: f64 = 14.0;
/// Lanes shown; above, a row of cells and the hottest three.
pub const MAX_LANES: usize = 12;
/// Lanes shown beside the row of cells.
pub const HOT_LANES: usize = 3;
/// Height of the row of cells that stands for more lanes than can be shown.
pub const HEAT_ROW_HEIGHT: f64 = 44.0;
/// Slots shown; above, one bar.
pub const MAX_SLOTS: u32 = 24;
/// Width of a slot with the space after it, and height of a row of slots.
pub const SLOT_PITCH: f64 = 13.0;
/// An instance with the space after it.
pub const TILE_PITCH: Size = Size::new(24.0, 30.0);
/// Rows of instances shown; more are cut off.
pub const MAX_TILE_ROWS: f64 = 3.0;
/// Instances side by side, and what joins them below.
pub const CELLS_HEIGHT: f64 = 58.0;
/// A compact card, CSS px at every zoom.
pub const COMPACT_SIZE: Size = Size::new(138.0, 48.0);
/// A card of an upright diagram, world units: the figure stands below its bar. Narrower where several share a row.
pub const UPRIGHT_SIZE: Size = Size::new(148.0, 68.0);
/// A glyph, CSS px at every zoom.
pub const GLYPH_SIZE: Size = Size::new(36.0, 31.0);
/// A dot, CSS px at every zoom.
pub const DOT_SIZE: Size = Size::new(9.0, 9.0);

/// Height of one instrument on a card of such width, px at 100 %. Two figures in a row share a line: the second one
/// has no height of its own.
pub fn instrument_height(instrument: &Instrument, width: f64) -> f64 {
    match instrument {
        Instrument::Headline { .. } => 24.0,
        Instrument::Spark { .. } => 24.0,
        Instrument::MessageBar { .. } => 14.0,
        Instrument::Figure { .. } | Instrument::Note { .. } => 16.0,
        Instrument::Gauge { .. } => 26.0,
        Instrument::Slots { total, .. } if *total > MAX_SLOTS => 14.0,
        Instrument::Slots { total, .. } => {
            let in_row = ((width - 2.0 * SIDE_PADDING + 3.0) / SLOT_PITCH).floor().max(1.0);
            SLOT_PITCH * (f64::from(*total) / in_row).ceil().max(1.0)
        }
        Instrument::Instances { tiles } => {
            let in_row = ((width - 2.0 * SIDE_PADDING + 3.0) / TILE_PITCH.width).floor().max(1.0);
            TILE_PITCH.height * (tiles.len() as f64 / in_row).ceil().clamp(1.0, MAX_TILE_ROWS)
        }
        Instrument::Cells { .. } => CELLS_HEIGHT,
        Instrument::Head { .. } => 12.0,
        // Drawn from the document instead, so that they are there before the run is: `NodeView::rows`.
        Instrument::Rows { .. } => 0.0,
        Instrument::Lanes { lanes } if lanes.len() > MAX_LANES => {
            HEAT_ROW_HEIGHT + LANE_HEIGHT * HOT_LANES as f64
        }
        Instrument::Lanes { lanes } => LANE_HEIGHT * lanes.len() as f64,
    }
}

/// The full card of a node with such a name and so many subscriptions, px at 100 %.
pub fn full_size(name: &str, state: Option<&NodeState>, rows: usize) -> Size {
    let empty = NodeState::default();
    let state = state.unwrap_or(&empty);
    let width = width(name, state, rows);
    let (mut height, mut half_line) = (HEAD_HEIGHT, false);
    for instrument in state.instruments.iter().filter(|instrument| !is_rows(instrument)) {
        let figure = matches!(instrument, Instrument::Figure { .. });
        if figure && half_line {
            half_line = false;
            continue;
        }
        half_line = figure;
        height += instrument_height(instrument, width) + GAP;
    }
    Size::new(width, (height + ROW_HEIGHT * rows as f64 + FOOT_HEIGHT - GAP).max(HEAD_HEIGHT + FOOT_HEIGHT))
}

fn is_rows(instrument: &Instrument) -> bool {
    matches!(instrument, Instrument::Rows { .. })
}

fn width(name: &str, state: &NodeState, rows: usize) -> f64 {
    let wanted = |instrument: &Instrument| match instrument {
        Instrument::Lanes { .. } => 340.0,
        Instrument::Cells { .. } => 200.0,
        Instrument::Head { .. } | Instrument::MessageBar { .. } => 180.0,
        Instrument::Instances { .. } => 200.0,
        Instrument::Gauge { .. } | Instrument::Slots { .. } => 160.0,
        _ => 124.0,
    };
    let instruments = state.instruments.iter().map(wanted).fold(124.0, f64::max).max(widest_pair(state));
    let rows = if rows > 0 { 206.0 } else { 0.0 };
    // Icon, name and tag in one line; letters are about so wide.
    let head = 54.0 + 7.8 * name.chars().count() as f64 + 6.0 * state.tag.chars().count() as f64;
    instruments.max(rows).max(head.min(260.0)).round()
}

/// Width that two figures in a line need. A figure is taken to have at least three digits, so that a card does not
/// grow with every count.
fn widest_pair(state: &NodeState) -> f64 {
    let text = |instrument: &Instrument| match instrument {
        Instrument::Figure { label, value, unit, .. } => {
            let (number, unit) = format_value(*value, *unit);
            Some(label.chars().count() + number.chars().count().max(3) + unit.chars().count() + 1)
        }
        _ => None,
    };
    let lines = state.instruments.windows(2).filter_map(|pair| Some(text(&pair[0])? + text(&pair[1])?));
    lines.max().map_or(0.0, |characters| 2.0 * SIDE_PADDING + 10.0 + 6.3 * characters as f64)
}

/// A card's size in world units at a level of detail: only the full one grows with the zoom.
pub fn size_at(full: Size, detail: Detail, zoom: f64) -> Size {
    let constant = match detail {
        Detail::Full => return full,
        Detail::Compact => COMPACT_SIZE,
        Detail::Glyph => GLYPH_SIZE,
        Detail::Dot => DOT_SIZE,
    };
    Size::new(constant.width / zoom, constant.height / zoom)
}

/// Where a lane, or the row of a worker, has its port: they stand at the foot of the card.
pub fn lane_port_height(card_height: f64, lanes: usize, lane: usize) -> f64 {
    card_height - LANE_HEIGHT * (lanes as f64 - lane as f64 - 0.5)
}

/// The card of a node that shows keys, or the workers of a stream instead of its slots.
pub fn with_beside(full: Size, state: Option<&NodeState>, keys: usize, workers: usize) -> Size {
    let mut height = full.height;
    if keys > 0 {
        height += KEY_HEIGHT * keys.div_ceil(KEYS_IN_ROW) as f64 + GAP;
    }
    if workers > 0 {
        let slots = state.into_iter().flat_map(|state| &state.instruments);
        let slots = slots.filter(|instrument| matches!(instrument, Instrument::Slots { .. }));
        height -= slots.map(|slots| instrument_height(slots, full.width) + GAP).sum::<f64>();
        height += LANE_HEIGHT * workers as f64 + GAP;
    }
    Size::new(full.width, height)
}

#[cfg(test)]
mod tests {
    use messaging::node_state::{Tone, Unit};

    use super::*;

    fn figure() -> Instrument {
        Instrument::Figure { label: "rows".into(), value: 1.0, unit: Unit::Count, tone: Tone::Plain }
    }

    #[test]
    fn two_figures_share_a_line() {
        let height = |instruments: Vec<Instrument>| {
            full_size("n", Some(&NodeState { instruments, ..NodeState::default() }), 0).height
        };
        assert_eq!(height(vec![figure(), figure()]), height(vec![figure()]));
        assert_eq!(height(vec![figure(); 3]), height(vec![figure()]) + 16.0 + GAP);
    }

    /// UI.md section 5: compact and glyph keep a constant screen size.
    #[test]
    fn small_cards_keep_their_size_on_screen() {
        let full = Size::new(180.0, 120.0);
        assert_eq!(size_at(full, Detail::Full, 1.5), full);
        assert_eq!(size_at(full, Detail::Compact, 0.5).width * 0.5, COMPACT_SIZE.width);
    }
}
