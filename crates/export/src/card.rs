//! A node's card.

use editor::EditorState;
use editor::view::card::{
    FOOT_HEIGHT, GAP, HEAD_HEIGHT, KEY_HEIGHT, KEYS_IN_ROW, LANE_HEIGHT, ROW_HEIGHT, SIDE_PADDING,
    lane_port_height,
};
use editor::view::{KeyMark, NodeView, PortView};
use messaging::node_state::{Health, Instrument};

use crate::instruments::{self, Drawing};
use crate::marks::shape;
use crate::svg::{Svg, escaped, px};

/// Draws a card at its place, with what it shows.
pub(crate) fn card(svg: &mut Svg, view: &NodeView, state: &EditorState, icon: &dyn Fn(&str) -> String) {
    let (width, height) = (view.rect.size.width, view.rect.size.height);
    let (x, y) = (px(view.rect.origin.x), px(view.rect.origin.y));
    svg.raw(&format!("<g transform=\"translate({x} {y})\"><title>{}</title>", escaped(&view.label)));
    let health = match view.health {
        Health::Ok => "card",
        Health::NearQuota => "card near",
        Health::DeadLetters => "card dd",
        Health::Throttled | Health::Failing => "card thr",
        Health::Down => "card down",
    };
    svg.rect((0.0, 0.0), (width, height), health, 10.0);
    let tag = view.tag.as_str();
    let tag_width = if tag.is_empty() { 0.0 } else { 6.0 * tag.chars().count() as f64 + 8.0 };
    svg.raw(&format!("<g class=\"ico\" transform=\"translate(8 6) scale(.75)\">{}</g>", icon(view.icon)));
    svg.text((33.0, 19.5), "name", view.id.as_str(), width - 33.0 - SIDE_PADDING - tag_width);
    svg.text((width - SIDE_PADDING, 19.5), "soft end", tag, tag_width + 8.0);
    if let Some(run) = &view.run {
        let mut drawing =
            Drawing { svg, state, run, width, y: HEAD_HEIGHT, bar_scale: view.bar_scale as f64 };
        keys(&mut drawing, &view.keys);
        // Workers with rows of their own have no slots.
        let slots = |instrument: &Instrument| matches!(instrument, Instrument::Slots { .. });
        let mut shown = run.state.instruments.clone();
        shown.retain(|instrument| view.workers.is_empty() || !slots(instrument));
        instruments::all(&mut drawing, &shown);
        if let Some(lanes) = lanes(&run.state.instruments) {
            drawing.y = height - instruments::lanes_height(lanes) - FOOT_HEIGHT / 2.0;
            instruments::lanes(&mut drawing, lanes);
        }
    }
    rows(svg, view, icon);
    workers(svg, view);
    view.ports.iter().for_each(|at| port(svg, *at));
    svg.raw("</g>");
}

fn lanes(instruments: &[Instrument]) -> Option<&[messaging::node_state::Lane]> {
    instruments.iter().find_map(|instrument| match instrument {
        Instrument::Lanes { lanes } => Some(lanes.as_slice()),
        _ => None,
    })
}

/// The keys of a producer, each in the colour of its shard.
fn keys(drawing: &mut Drawing<'_>, keys: &[KeyMark]) {
    let across = (drawing.width - 2.0 * SIDE_PADDING) / KEYS_IN_ROW as f64;
    for (place, key) in keys.iter().enumerate() {
        let x = SIDE_PADDING + across * ((place % KEYS_IN_ROW) as f64 + 0.5);
        mark(drawing.svg, key.category, (x, drawing.y + KEY_HEIGHT * ((place / KEYS_IN_ROW) as f64 + 0.5)));
    }
    if !keys.is_empty() {
        drawing.y += KEY_HEIGHT * keys.len().div_ceil(KEYS_IN_ROW) as f64 + GAP;
    }
}

/// The workers of a consumer, each in line with the shard it reads.
fn workers(svg: &mut Svg, view: &NodeView) {
    let (width, height) = (view.rect.size.width, view.rect.size.height);
    for (place, row) in view.workers.iter().enumerate() {
        let middle = lane_port_height(height, view.workers.len(), place);
        svg.path(&format!("M0 {}h{}", px(middle - LANE_HEIGHT / 2.0), px(width)), "line");
        mark(svg, row.category, (19.0, middle));
        let (name, behind) = row.texts();
        svg.text((36.0, middle - 3.0), "b", &name, width - 48.0);
        svg.text((36.0, middle + 12.0), "soft", &behind, width - 48.0);
    }
}

fn mark(svg: &mut Svg, category: u8, (x, y): (f64, f64)) {
    let (x, y, shape) = (px(x), px(y), shape(category));
    svg.element("path", &format!("class=\"k{category}\" transform=\"translate({x} {y})\" d=\"{shape}\""));
}

/// The subscriptions of a topic, each with a row.
fn rows(svg: &mut Svg, view: &NodeView, icon: &dyn Fn(&str) -> String) {
    let (width, height) = (view.rect.size.width, view.rect.size.height);
    let top = height - ROW_HEIGHT * view.rows.len() as f64;
    for (place, row) in view.rows.iter().enumerate() {
        let y = top + ROW_HEIGHT * place as f64;
        svg.path(&format!("M0 {}h{}", px(y), px(width)), "line");
        let name = if row.filtered { "subscription" } else { "minus" };
        let at = px(y + 7.0);
        svg.raw(&format!("<g class=\"ico\" transform=\"translate(9 {at}) scale(.54)\">{}</g>", icon(name)));
        let room = width - 28.0 - 11.0 - 6.5 * row.share.chars().count() as f64;
        svg.text((28.0, y + 17.5), "", &row.text, room);
        svg.text((width - 11.0, y + 17.5), "soft end", &row.share, 60.0);
    }
}

fn port(svg: &mut Svg, port: PortView) {
    let class = if port.refusing { "port thr" } else { "port" };
    let (x, y) = (px(port.at.x), px(port.at.y));
    svg.element("circle", &format!("class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"3.8\""));
}

/// Height of a lane, for the instruments.
pub(crate) const LANE: f64 = LANE_HEIGHT;
