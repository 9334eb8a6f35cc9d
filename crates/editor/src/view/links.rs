//! Links: their curves, pills and looks.

use std::borrow::Cow;

use engine::LinkState;
use messaging::{LinkKind, LinkSpec, LogicalId};
use scenario::Scenario;

use crate::filter_policy::policy_words;
use crate::geometry::Curve;
use crate::selection::LinkEnds;
use crate::state::EditorState;
use crate::tool::Tool;
use crate::view::format::format_value;
use crate::view::pill::{PillView, pill};
use crate::view::wire;

/// A link as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkView {
    /// Which link.
    pub ends: LinkEnds,
    /// It stands in the document and can be selected; the way to a subscription's dead-letter queue comes with the
    /// subscription.
    pub in_document: bool,
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
    /// The followed message went along it.
    pub lit: bool,
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

/// The links that are drawn: those of the document, then the ways to dead-letter queues that come with the redrive
/// policies of subscriptions (SNS-148).
pub(crate) fn drawn_links(scenario: &Scenario) -> Vec<Cow<'_, LinkSpec>> {
    let mut drawn: Vec<Cow<'_, LinkSpec>> = scenario.links.iter().map(Cow::Borrowed).collect();
    for link in &scenario.links {
        let Some(way) = way_to_dead_letter_queue(scenario, link) else { continue };
        if !drawn.iter().any(|other| other.from == way.from && other.to == way.to) {
            drawn.push(Cow::Owned(way));
        }
    }
    drawn
}

fn way_to_dead_letter_queue(scenario: &Scenario, link: &LinkSpec) -> Option<LinkSpec> {
    let to = LogicalId::from(link.properties.dead_letter_queue()?);
    let properties = LinkKind::DeadLetters.default_properties();
    scenario.resources.contains_key(&to).then(|| LinkSpec { from: link.from.clone(), to, properties })
}

/// The ends of all links that are drawn, those of the document first.
pub fn drawn_ends(state: &EditorState) -> Vec<LinkEnds> {
    let links = drawn_links(&state.scenario);
    links.iter().map(|link| LinkEnds::new(link.from.clone(), link.to.clone())).collect()
}

/// One link.
pub fn link_view(state: &EditorState, ends: &LinkEnds) -> Option<LinkView> {
    let links = &state.scenario.links;
    if let Some(link) = links.iter().find(|link| link.from == ends.from && link.to == ends.to) {
        return Some(view(state, link, true));
    }
    let from_here = links.iter().filter(|link| link.from == ends.from);
    let ways = from_here.filter_map(|link| way_to_dead_letter_queue(&state.scenario, link));
    { ways }.find(|way| way.to == ends.to).map(|way| view(state, &way, false))
}

/// All links that are drawn, in the order of the document.
pub fn link_views(state: &EditorState) -> Vec<LinkView> {
    drawn_ends(state).iter().filter_map(|ends| link_view(state, ends)).collect()
}

fn view(state: &EditorState, link: &LinkSpec, in_document: bool) -> LinkView {
    let ends = LinkEnds::new(link.from.clone(), link.to.clone());
    let descriptor = link.properties.kind().descriptor();
    let run = state.run.link(&ends).copied().unwrap_or_default();
    let curves: Vec<Curve> = wire::curves(state, link).iter().map(|wire| wire.curve).collect();
    let (key, _) = policy_words(&link.properties);
    let selected = state.selection.has_link(&ends);
    let speed = state.playback.transport.speed;
    LinkView {
        style: match (descriptor.redrive, descriptor.pull) {
            (true, _) => LinkStyle::Redrive,
            (false, true) => LinkStyle::Poll,
            (false, false) => LinkStyle::Send,
        },
        width: wire_width(run.messages_per_second * speed),
        pill: pill(state, &curves, &run, key.is_some(), selected),
        selected,
        dimmed: is_dimmed(state, &ends),
        lit: state.journey.journey().is_some() && super::journey::is_link_on_path(state, &ends),
        cut: run.cut,
        refusing: run.refused_per_second > 0.0,
        label: label(&ends, &run, key.is_some()),
        curves,
        in_document,
        ends,
    }
}

/// While a filter policy is edited, the canvas dims to its link; while a link is drawn, all others fade.
fn is_dimmed(state: &EditorState, ends: &LinkEnds) -> bool {
    let drawing = matches!(state.tool, Tool::Connect(_));
    let aside = drawing || state.filter.as_ref().is_some_and(|filter| filter.link != *ends);
    aside || !super::journey::is_link_on_path(state, ends)
}

/// 1.5 px, up to 3 px with the logarithm of the rate (UI.md section 6).
fn wire_width(per_second: f64) -> f64 {
    const PX_PER_DECADE: f64 = 0.375;
    let width = 1.5 + PX_PER_DECADE * libm::log10(per_second.max(1.0));
    (width.min(3.0) * 100.0).round() / 100.0
}

pub(crate) fn label(ends: &LinkEnds, run: &LinkState, filtered: bool) -> String {
    let mut text = format!("to {}", ends.to);
    if filtered {
        text.push_str(", filtered");
    }
    if run.messages > 0 {
        let (value, _) = format_value(run.messages_per_second, messaging::node_state::Unit::PerSecond);
        text.push_str(&format!(", {value} per second"));
    }
    if run.refused_per_second > 0.0 {
        let (value, _) = format_value(run.refused_per_second, messaging::node_state::Unit::PerSecond);
        text.push_str(&format!(", {value} per second refused"));
    }
    if run.cut {
        text.push_str(", cut");
    }
    text
}
