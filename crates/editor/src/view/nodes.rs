//! Nodes: where they are, how large, what they show.

use std::collections::BTreeSet;

use engine::LinkState;
use messaging::descriptor::FieldKind;
use messaging::node_state::{Health, Instrument, NodeState, Unit};
use messaging::{LinkKind, LinkSpec, LogicalId};
use scenario::{DiagnosticCode, Refusal, Scenario, new_link};

use crate::edit::title_and_icon;
use crate::filter_policy::policy_words;
use crate::geometry::{Point, Rect, Side, Size};
use crate::run::NodeRun;
use crate::selection::LinkEnds;
use crate::state::EditorState;
use crate::tool::Tool;
use crate::view::beside::{
    KeyMark, WorkerRow, key_count, key_marks, worker_count, worker_rows, workers_text,
};
use crate::view::format::format_value;
use crate::view::trouble::trouble_words;
use crate::view::{Shared, card, wire};
use crate::viewport::Detail;

/// A node as it is drawn. Its card's size follows from its instruments; see the constants below.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeView {
    /// Its name.
    pub id: LogicalId,
    /// What people call its kind, such as `SQS FIFO queue`.
    pub kind_title: &'static str,
    /// File name of its icon, without ending.
    pub icon: &'static str,
    /// The word in its corner.
    pub tag: String,
    /// Where it is drawn, world units, at its level of detail. A card that keeps its size on screen is
    /// `rect.size × zoom` px large.
    pub rect: Rect,
    /// How much it shows: one level more when it is in trouble.
    pub detail: Detail,
    /// Its card grows with the zoom; otherwise it keeps its size on screen.
    pub grows: bool,
    /// What it shows; nothing before the engine has said so.
    pub run: Option<Shared<NodeRun>>,
    /// How it is doing.
    pub health: Health,
    /// What is wrong in two or three words, such as `412 of 300/s`: the label of a small node.
    pub trouble: Option<String>,
    /// Its subscriptions, each with a row and a port of its own.
    pub rows: Vec<RowView>,
    /// The shards it reads, in place of its slots.
    pub workers: Vec<WorkerRow>,
    /// Its keys, each in the colour of its shard.
    pub keys: Vec<KeyMark>,
    /// While the keyboard stands on it: the links that leave it and have no row on the card, with what is said of them.
    pub stops: Vec<(LinkEnds, String)>,
    /// Its ports, in coordinates relative to `rect.origin`, world units.
    pub ports: Vec<PortView>,
    /// What a full bar of messages stands for: the same for all queues of the canvas.
    pub bar_scale: u64,
    /// It is selected.
    pub selected: bool,
    /// The keyboard stands on it.
    pub focused: bool,
    /// It is being dragged.
    pub dragged: bool,
    /// Something else is looked at.
    pub dimmed: bool,
    /// It is part of the followed message's path.
    pub lit: bool,
    /// While a link is drawn: whether it may end here.
    pub candidate: CandidateMark,
    /// It is the selected one and its name is being edited.
    pub renaming: bool,
    /// What a screen reader says.
    pub label: String,
}

/// Whether a link being drawn may end at a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CandidateMark {
    /// No link is being drawn.
    #[default]
    None,
    /// The link starts here.
    Source,
    /// It may end here.
    Valid,
    /// It may not, for this reason.
    Refused(String),
}

/// A subscription on its topic's card.
#[derive(Clone, Debug, PartialEq)]
pub struct RowView {
    /// The link it stands for.
    pub link: LinkEnds,
    /// The filter policy in a few words: the first key, or `No filter policy`.
    pub text: String,
    /// The first key is set apart: `state` of `state: placed`.
    pub key: Option<String>,
    /// It has a filter policy.
    pub filtered: bool,
    /// Share of messages that pass, such as `62%`; empty before there were any.
    pub share: String,
    /// Its link is selected.
    pub selected: bool,
}

/// A port.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PortView {
    /// Where, relative to the node's corner, world units.
    pub at: Point,
    /// On which side.
    pub side: Side,
    /// Calls are being refused here.
    pub refusing: bool,
}

/// The names of all nodes, in the order of the document: what is drawn, and in which order Tab goes.
pub fn node_ids(state: &EditorState) -> Vec<LogicalId> {
    state.scenario.resources.keys().cloned().collect()
}

/// The full card's size, world units.
pub(crate) fn full_size(state: &EditorState, id: &LogicalId) -> Size {
    let run = state.run.nodes.get(id);
    let run = run.map(|run| &run.state);
    let full = card::full_size(id.as_str(), run, rows_of(&state.scenario, id).count());
    card::with_beside(full, run, key_count(state, id), worker_count(state, id))
}

/// In a canvas smaller than this, as of a player no larger than a picture, there is no room for more. As in
/// `player.css`, without the bar below.
const SMALL_CANVAS: Size = Size::new(480.0, 218.0);

/// How much a node shows: more than a dot when it is in trouble, and a level less where its card would lie over another.
pub(crate) fn node_detail(state: &EditorState, id: &LogicalId) -> Detail {
    if state.upright.is_some() {
        return Detail::Compact;
    }
    let detail = match state.detail {
        Detail::Compact if state.crowded.contains(id) => return Detail::Glyph,
        Detail::Glyph if state.crowded.contains(id) => Detail::Dot,
        detail => detail,
    };
    let health = state.run.nodes.get(id).map_or(Health::Ok, |run| run.state.health);
    let Size { width, height } = state.viewport.size;
    let room = width >= SMALL_CANVAS.width && height >= SMALL_CANVAS.height;
    if health > Health::NearQuota && room { detail.step_up() } else { detail }
}

/// The nodes whose cards keep their size on screen and would lie over each other at this zoom.
pub(crate) fn crowded(state: &EditorState) -> BTreeSet<LogicalId> {
    if !matches!(state.detail, Detail::Compact | Detail::Glyph) || state.upright.is_some() {
        return BTreeSet::new();
    }
    let size = card::size_at(Size::default(), state.detail, state.viewport.zoom);
    let cards: Vec<(&LogicalId, Rect)> = { state.places.iter() }
        .map(|(id, at)| {
            let full = full_size(state, id);
            (
                id,
                Rect::new(at.moved((full.width - size.width) / 2.0, (full.height - size.height) / 2.0), size),
            )
        })
        .collect();
    let mut crowded = BTreeSet::new();
    for (place, (id, card)) in cards.iter().enumerate() {
        for (other, _) in cards[place + 1..].iter().filter(|(_, other)| other.overlaps(card)) {
            crowded.extend([(*id).clone(), (*other).clone()]);
        }
    }
    crowded
}

/// Where a node is drawn, world units: at its level of detail, and where it is being dragged.
pub fn node_rect(state: &EditorState, id: &LogicalId) -> Rect {
    if let Some(card) = state.upright {
        return Rect::new(state.places.get(id).copied().unwrap_or_default(), card);
    }
    let full = full_size(state, id);
    let size = card::size_at(full, node_detail(state, id), state.viewport.zoom);
    let mut at = state.places.get(id).copied().unwrap_or_default();
    if let Tool::Move { delta, nodes, .. } = &state.tool
        && nodes.contains_key(id)
    {
        at = at.moved(delta.x, delta.y);
    }
    // Smaller cards stand in the middle of the full one's place.
    Rect::new(at.moved((full.width - size.width) / 2.0, (full.height - size.height) / 2.0), size)
}

/// The links of a node that have a row of their own on its card.
pub(crate) fn rows_of<'a>(
    scenario: &'a Scenario,
    id: &'a LogicalId,
) -> impl Iterator<Item = &'a LinkSpec> + 'a {
    let links = scenario.links.iter();
    links.filter(move |link| link.from == *id && filter_field(link.properties.kind()).is_some())
}

/// The property that holds the filter policy of a link of such a kind.
pub(crate) fn filter_field(kind: LinkKind) -> Option<&'static str> {
    let fields = kind.descriptor().fields.iter();
    fields.clone().find(|field| matches!(field.kind, FieldKind::FilterPolicy)).map(|field| field.name)
}

/// One node.
pub fn node_view(state: &EditorState, id: &LogicalId) -> Option<NodeView> {
    let properties = state.scenario.resources.get(id)?;
    let (kind_title, icon) = title_and_icon(properties);
    let run = state.run.nodes.get(id).cloned();
    let rect = node_rect(state, id);
    let detail = node_detail(state, id);
    let health = run.as_ref().map_or(Health::Ok, |run| run.state.health);
    let selected = state.selection.has_node(id);
    let workers = if detail == Detail::Full { worker_rows(state, id) } else { Vec::new() };
    let tag = || run.as_ref().map_or_else(String::new, |run| run.state.tag.to_string());
    Some(NodeView {
        id: id.clone(),
        kind_title,
        icon: if run.as_ref().is_some_and(|run| is_dead_letter_queue(&run.state)) { "dlq" } else { icon },
        tag: workers_text(state, id, &workers).unwrap_or_else(tag),
        rect,
        detail,
        grows: detail == Detail::Full || state.upright.is_some(),
        health,
        trouble: run.as_ref().and_then(|run| trouble_words(&run.state)),
        rows: rows_of(&state.scenario, id).map(|link| row(state, link)).collect(),
        workers,
        keys: if detail == Detail::Full { key_marks(state, id) } else { Vec::new() },
        stops: if state.focused.as_ref() == Some(id) { stops(state, id, detail) } else { Vec::new() },
        ports: ports(state, id, rect, detail),
        bar_scale: state.run.bar_scale,
        selected,
        focused: state.focused.as_ref() == Some(id),
        dragged: matches!(&state.tool, Tool::Move { nodes, .. } if nodes.contains_key(id)),
        dimmed: is_dimmed(state, id),
        lit: state.journey.journey().is_some() && super::journey::is_on_path(state, id),
        candidate: candidate(state, id),
        renaming: state.panels.renaming && state.selection.single_node() == Some(id),
        label: label(id.as_str(), kind_title, run.as_ref().map(|run| run.state.summary.as_str())),
        run: run.map(Shared),
    })
}

fn is_dead_letter_queue(state: &NodeState) -> bool {
    state.instruments.iter().any(|part| matches!(part, Instrument::MessageBar { dead_letters: true, .. }))
}

/// Tab goes to each link that leaves a node: to its row where it has one, to a stop of its own where it has none.
fn stops(state: &EditorState, id: &LogicalId, detail: Detail) -> Vec<(LinkEnds, String)> {
    let has_row = |link: &&LinkSpec| detail == Detail::Full && filter_field(link.properties.kind()).is_some();
    let links = state.scenario.links.iter().filter(|link| link.from == *id && !has_row(link));
    let stop = |link: &LinkSpec| {
        let ends = LinkEnds::new(link.from.clone(), link.to.clone());
        let run = state.run.link(&ends).copied().unwrap_or_default();
        let label = super::links::label(&ends, &run, policy_words(&link.properties).0.is_some());
        (ends, label)
    };
    links.map(stop).collect()
}

/// All nodes, in the order of the document.
pub fn node_views(state: &EditorState) -> Vec<NodeView> {
    node_ids(state).iter().filter_map(|id| node_view(state, id)).collect()
}

pub(crate) fn label(id: &str, kind_title: &str, summary: Option<&str>) -> String {
    match summary {
        Some(summary) if !summary.is_empty() => format!("{id}, {summary}"),
        _ => format!("{id}, {kind_title}"),
    }
}

fn row(state: &EditorState, link: &LinkSpec) -> RowView {
    let ends = LinkEnds::new(link.from.clone(), link.to.clone());
    let (key, text) = policy_words(&link.properties);
    let share = state.run.link(&ends).and_then(share_passed);
    RowView {
        filtered: key.is_some(),
        key,
        text,
        share: share.map_or_else(String::new, |share| {
            let (value, unit) = format_value(share, Unit::Share);
            format!("{value}{unit}")
        }),
        selected: state.selection.has_link(&ends),
        link: ends,
    }
}

/// Share of messages that pass the filter: of late, or since the start when there are none of late.
fn share_passed(link: &LinkState) -> Option<f64> {
    let share = |passed: f64, out: f64| (passed + out > 0.0).then(|| passed / (passed + out));
    share(link.messages_per_second, link.filtered_out_per_second)
        .or_else(|| share(link.messages as f64, link.filtered_out as f64))
}

/// While a filter policy is edited, the canvas dims to its two ends; while a link is drawn, to where it may end.
pub(crate) fn is_dimmed(state: &EditorState, id: &LogicalId) -> bool {
    if matches!(state.tool, Tool::Connect(_)) {
        return matches!(candidate(state, id), CandidateMark::Refused(_));
    }
    let aside = state.filter.as_ref().is_some_and(|filter| !filter.link.touches(id));
    aside || !super::journey::is_on_path(state, id)
}

fn candidate(state: &EditorState, id: &LogicalId) -> CandidateMark {
    let Tool::Connect(connect) = &state.tool else { return CandidateMark::None };
    if connect.from == *id {
        return CandidateMark::Source;
    }
    match refusal(state, &connect.from, id) {
        None => CandidateMark::Valid,
        Some(refusal) => CandidateMark::Refused(refusal.reason),
    }
}

/// Why a link cannot go from one node to another.
pub(crate) fn refusal(state: &EditorState, from: &LogicalId, to: &LogicalId) -> Option<Refusal> {
    let known = |id| state.scenario.resources.contains_key(id);
    if !known(from) || !known(to) {
        return None;
    }
    if from == to {
        return Some(Refusal {
            code: DiagnosticCode::LinkNotAllowed,
            reason: "A link goes from one node to another.".into(),
            hint: None,
        });
    }
    new_link(&state.scenario, from, to).err()
}

fn ports(state: &EditorState, id: &LogicalId, rect: Rect, detail: Detail) -> Vec<PortView> {
    if detail == Detail::Dot {
        return Vec::new();
    }
    let mut ports: Vec<PortView> = Vec::new();
    let links = state.scenario.links.iter().filter(|link| link.from == *id || link.to == *id);
    for link in links {
        let ends = LinkEnds::new(link.from.clone(), link.to.clone());
        let refused = state.run.link(&ends).is_some_and(|run| run.refused_per_second > 0.0);
        for curve in wire::curves(state, link) {
            let outgoing = link.from == *id;
            let (at, side) = if outgoing { curve.start() } else { curve.end() };
            let at = at.moved(-rect.origin.x, -rect.origin.y);
            let refusing = refused && !outgoing;
            match ports.iter_mut().find(|port| port.at == at) {
                Some(port) => port.refusing |= refusing,
                None => ports.push(PortView { at, side, refusing }),
            }
        }
    }
    // A node with nothing to the right still has a port to draw links from; an upright one has it below.
    let (side, at) = match state.upright {
        None => (Side::Right, Point::new(rect.size.width, rect.size.height / 2.0)),
        Some(_) => (Side::Bottom, Point::new(rect.size.width / 2.0, rect.size.height)),
    };
    let can_start =
        state.scenario.resources.get(id).is_some_and(|from| !from.kind().descriptor().links.is_empty());
    if can_start && !ports.iter().any(|port| port.side == side) {
        ports.push(PortView { at, side, refusing: false });
    }
    ports
}
