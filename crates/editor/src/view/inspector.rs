//! The inspector.

use engine::{MetricReading, RecentMessage};
use kernel::Seed;
use messaging::metric::MetricKind;
use messaging::node_state::{Health, Unit};
use messaging::quota::QuotaProfile;
use messaging::{LinkSpec, LogicalId, MetricName, TraceId};
use scenario::{Expectation, JsonPointer, Question};

use crate::edit::title_and_icon;
use crate::panels::{Fault, InspectorTab, Sheet};
use crate::run::NodeRun;
use crate::selection::{LinkEnds, Selection};
use crate::state::EditorState;
use crate::text::TextDraft;
use crate::tool::Tool;
use crate::view::Shared;
use crate::view::bill::{BillView, bill_view};
use crate::view::defaults::defaults;
use crate::view::dock::short_time;
use crate::view::drawing::group_of_selection;
use crate::view::faults::faults;
use crate::view::fields::{FieldView, fields, quotas};
use crate::view::format::{format_bytes, format_count, format_rate, format_value};
use crate::view::journey::{JourneyInspector, journey_inspector};
use crate::view::nodes::filter_field;

/// What the inspector shows.
#[derive(Clone, Debug, PartialEq)]
pub enum InspectorView {
    /// The document: nothing is selected.
    Document {
        /// Its title.
        title: String,
        /// What it shows.
        description: String,
        /// Its seed.
        seed: Seed,
        /// Which quotas hold.
        profile: QuotaProfile,
        /// The quotas of the account that matter to the resources there are, and may be set.
        quotas: Vec<FieldView>,
        /// How many nodes and links.
        counts: (usize, usize),
        /// What was expected: a sentence each, and how it came out.
        expectations: Vec<ExpectationRow>,
        /// What the run costs.
        bill: Option<BillView>,
    },
    /// One node.
    Node(Box<NodeInspector>),
    /// The message followed.
    Journey(Box<JourneyInspector>),
    /// The document as text, in place of the document.
    Text(TextDraft),
    /// Several nodes.
    Nodes(NodesInspector),
    /// A note: its place in the document, and what it says.
    Note(usize, String),
    /// A link.
    Link(Box<LinkInspector>),
}

/// What should come out, and what did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectationRow {
    /// Of which resource.
    pub of: LogicalId,
    /// Which metric.
    pub metric: MetricName,
    /// The bound, such as `100` or `at least 75`.
    pub wanted: String,
    /// When it is looked at, such as `1:00`.
    pub by: String,
    /// What was there then, unless that has not come.
    pub observed: Option<String>,
    /// Whether it holds; nothing before its time.
    pub holds: Option<bool>,
}

/// Several nodes in the inspector.
#[derive(Clone, Debug, PartialEq)]
pub struct NodesInspector {
    /// Their names and icons, in the order of the document.
    pub nodes: Vec<(LogicalId, &'static str)>,
    /// How many of each kind, such as `2 × SQS queue, 1 × Producer`.
    pub kinds: String,
    /// They are a group: its place in the document and its title.
    pub group: Option<(usize, String)>,
}

/// One node in the inspector.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeInspector {
    /// Its name.
    pub id: LogicalId,
    /// What people call its kind.
    pub kind_title: &'static str,
    /// What the kind does.
    pub description: &'static str,
    /// File name of its icon.
    pub icon: &'static str,
    /// The tab that is open.
    pub tab: InspectorTab,
    /// How it is doing.
    pub health: Health,
    /// What it shows, with its problem.
    pub run: Option<Shared<NodeRun>>,
    /// The shard selected.
    pub shard_id: Option<String>,
    /// Its metrics, those it reports now.
    pub metrics: Vec<MetricRow>,
    /// Its properties.
    pub fields: Vec<FieldView>,
    /// Faults and actions, by one press.
    pub faults: Vec<Fault>,
    /// Its links.
    pub links: Vec<LinkRow>,
    /// What it costs.
    pub bill: Option<BillView>,
    /// The last messages that came to it: colour and shape, key or id, first words of the body, when.
    pub messages: Vec<MessageRow>,
}

/// A message in the inspector.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageRow {
    /// Which message.
    pub trace_id: TraceId,
    /// Its colour and shape.
    pub category: u8,
    /// Its key, or its number.
    pub name: String,
    /// The first words of its body.
    pub text: String,
    /// When it came, as the clock reads.
    pub time: String,
}

/// A metric in the inspector.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricRow {
    /// Which.
    pub metric: MetricName,
    /// Its value, such as `1,312`.
    pub text: String,
    /// Per second, such as `240/s`; empty for gauges.
    pub rate: String,
    /// It is shown as a track.
    pub pinned: bool,
}

/// A link of a node.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkRow {
    /// Which link.
    pub ends: LinkEnds,
    /// What people call its kind.
    pub title: &'static str,
    /// It leaves the node.
    pub outgoing: bool,
    /// Its rate.
    pub rate: String,
}

/// A link in the inspector.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkInspector {
    /// Which link.
    pub ends: LinkEnds,
    /// What people call its kind, such as `SNS subscription`.
    pub kind_title: &'static str,
    /// What the kind does.
    pub description: &'static str,
    /// It has a filter policy, with an editor of its own.
    pub has_filter_policy: bool,
    /// Its properties, the filter policy left out.
    pub fields: Vec<FieldView>,
    /// Figures: a word and a text each.
    pub figures: Vec<(&'static str, String)>,
    /// It is cut.
    pub cut: bool,
}

/// The inspector is there while it is folded out, and for whatever is selected or being linked by keyboard.
pub fn inspector_is_shown(state: &EditorState) -> bool {
    let connecting = matches!(&state.tool, Tool::Connect(connect) if !connect.dragging);
    let followed = state.journey.followed.is_some();
    state.panels.inspector_open || state.selection != Selection::Nothing || connecting || followed
}

/// How tall the inspector's sheet is on a narrow page: only of a node there is something to peek at.
pub fn sheet(state: &EditorState) -> Sheet {
    // While a link is drawn, its targets are to be seen above the list.
    let connecting = matches!(state.tool, Tool::Connect(_));
    let node = matches!(&state.selection, Selection::Nodes(nodes) if nodes.len() == 1);
    match state.panels.sheet {
        Sheet::Peek if !node && !connecting => Sheet::Half,
        sheet => sheet,
    }
}

/// The inspector takes so much room that the palette becomes a rail: a filter policy or the document's text is edited.
pub fn inspector_is_wide(state: &EditorState) -> bool {
    state.filter.is_some() || (state.text.is_some() && state.selection == Selection::Nothing)
}

/// What the inspector shows.
pub fn inspector(state: &EditorState) -> InspectorView {
    if let (Selection::Nothing, Some(journey)) = (&state.selection, journey_inspector(state)) {
        return InspectorView::Journey(Box::new(journey));
    }
    match &state.selection {
        Selection::Nodes(nodes) if nodes.len() > 1 => InspectorView::Nodes(several(state)),
        Selection::Note(place) => match state.scenario.notes.get(*place) {
            Some(note) => InspectorView::Note(*place, note.text.clone()),
            None => document(state),
        },
        Selection::Link(ends) => match link(state, ends) {
            Some(link) => InspectorView::Link(Box::new(link)),
            None => document(state),
        },
        selection => match selection.single_node().and_then(|id| node(state, id)) {
            Some(node) => InspectorView::Node(Box::new(node)),
            None => document(state),
        },
    }
}

fn several(state: &EditorState) -> NodesInspector {
    let selected = state.scenario.resources.iter().filter(|(id, _)| state.selection.has_node(id));
    let (mut nodes, mut kinds) = (Vec::new(), Vec::<(&str, usize)>::new());
    for (id, properties) in selected {
        let (title, icon) = title_and_icon(properties);
        nodes.push((id.clone(), icon));
        match kinds.iter_mut().find(|(kind, _)| *kind == title) {
            Some((_, count)) => *count += 1,
            None => kinds.push((title, 1)),
        }
    }
    let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} × {kind}")).collect();
    let group = group_of_selection(state);
    let title = |place: usize| Some((place, state.scenario.groups.get(place)?.title.clone()));
    NodesInspector { nodes, kinds: kinds.join(", "), group: group.and_then(title) }
}

fn document(state: &EditorState) -> InspectorView {
    if let Some(text) = &state.text {
        return InspectorView::Text(text.clone());
    }
    let scenario = &state.scenario;
    let expectations = scenario.expectations.iter().enumerate().map(|(place, expected)| {
        let outcome = state.run.expectations.iter().find(|outcome| outcome.place as usize == place);
        ExpectationRow {
            of: expected.of.clone(),
            metric: expected.metric,
            wanted: match outcome {
                None if is_asked(state, expected) => "?".into(),
                _ => expected.bound.to_string(),
            },
            by: short_time(expected.by.whole_second()),
            observed: outcome.map(|outcome| format_count(outcome.observed as f64)),
            holds: outcome.map(|outcome| outcome.holds),
        }
    });
    InspectorView::Document {
        title: scenario.title.clone(),
        description: scenario.description.clone(),
        seed: scenario.seed,
        profile: scenario.settings.quota_profile,
        quotas: quotas(state),
        counts: (scenario.resources.len(), scenario.links.len()),
        expectations: expectations.collect(),
        bill: bill_view(state, None),
    }
}

/// A question of the guide asks for it: the answer is not given away before the run does.
pub(crate) fn is_asked(state: &EditorState, expected: &Expectation) -> bool {
    let same = |question: &Question| {
        let about = &question.about;
        (&about.of, about.metric, about.by) == (&expected.of, expected.metric, expected.by)
    };
    state.scenario.questions().any(same)
}

fn node(state: &EditorState, id: &LogicalId) -> Option<NodeInspector> {
    let properties = state.scenario.resources.get(id)?;
    let descriptor = properties.kind().descriptor();
    let (kind_title, icon) = title_and_icon(properties);
    let run = state.run.nodes.get(id).cloned();
    let inspection = state.run.inspection.as_ref().filter(|inspection| inspection.resource == *id);
    let pointer = JsonPointer::root().then("Resources").then(id).then("Properties");
    let value = serde_json::to_value(properties).unwrap_or_default();
    let fresh = properties.kind().default_properties();
    let is_fresh = |json: &_| properties.kind().read_properties(json).is_ok_and(|read| read == fresh);
    let default = defaults(descriptor.fields, &format!("{fresh:?}"), &is_fresh);
    Some(NodeInspector {
        id: id.clone(),
        kind_title,
        description: descriptor.description,
        icon,
        tab: state.panels.inspector_tab,
        health: run.as_ref().map_or(Health::Ok, |run| run.state.health),
        run: run.map(Shared),
        shard_id: match &state.selection {
            Selection::Lane { shard_id, .. } => Some(shard_id.clone()),
            _ => None,
        },
        metrics: inspection.map_or_else(Vec::new, |inspection| metric_rows(state, id, &inspection.metrics)),
        fields: fields(state, descriptor.fields, &pointer, &value, &default),
        faults: faults(state, id, properties.kind()),
        links: link_rows(state, id),
        bill: bill_view(state, Some(id)),
        messages: inspection.map_or_else(Vec::new, |inspection| message_rows(state, &inspection.recent)),
    })
}

fn metric_rows(state: &EditorState, id: &LogicalId, metrics: &[MetricReading]) -> Vec<MetricRow> {
    let pinned = |metric| state.playback.tracks.iter().any(|track| track.of == *id && track.metric == metric);
    let rows = metrics.iter().map(|reading| {
        let unit = match (reading.metric.unit(), reading.kind) {
            ("Bytes", _) => Unit::Bytes,
            ("Seconds", _) => Unit::Seconds,
            ("Milliseconds", _) => Unit::Milliseconds,
            _ => Unit::Count,
        };
        let (text, unit) = format_value(reading.value as f64, unit);
        MetricRow {
            metric: reading.metric,
            text: if unit.is_empty() { text } else { format!("{text} {unit}") },
            rate: match reading.kind {
                MetricKind::Sum => format_rate(reading.per_second),
                MetricKind::Gauge => String::new(),
            },
            pinned: pinned(reading.metric),
        }
    });
    rows.collect()
}

fn message_rows(state: &EditorState, recent: &[RecentMessage]) -> Vec<MessageRow> {
    let row = |message: &RecentMessage| {
        let body = state.run.catalogue.payload(message.payload).map_or("", |payload| payload.body.as_str());
        let key = state.run.catalogue.key(message.key).map(|key| key.text.clone());
        MessageRow {
            trace_id: message.trace_id,
            category: state.playback.categories.known(message.payload, message.key),
            name: key.unwrap_or_else(|| format!("#{}", message.trace_id.0)),
            text: body.chars().take(60).collect(),
            time: message.at.to_string(),
        }
    };
    recent.iter().rev().map(row).collect()
}

fn link_rows(state: &EditorState, id: &LogicalId) -> Vec<LinkRow> {
    let links = state.scenario.links.iter().filter(|link| link.from == *id || link.to == *id);
    let row = |link: &LinkSpec| {
        let ends = LinkEnds::new(link.from.clone(), link.to.clone());
        LinkRow {
            title: link.properties.kind().descriptor().title,
            outgoing: link.from == *id,
            rate: state.run.link(&ends).map_or_else(String::new, |run| format_rate(run.messages_per_second)),
            ends,
        }
    };
    links.map(row).collect()
}

fn link(state: &EditorState, ends: &LinkEnds) -> Option<LinkInspector> {
    let place = state.scenario.links.iter().position(|link| link.from == ends.from && link.to == ends.to)?;
    let link = &state.scenario.links[place];
    let descriptor = link.properties.kind().descriptor();
    let pointer = JsonPointer::root().then("Links").then(place).then("Properties");
    let value = serde_json::to_value(&link.properties).unwrap_or_default();
    let fresh = link.properties.kind().default_properties();
    let is_fresh = |json: &_| link.properties.kind().read_properties(json).is_ok_and(|read| read == fresh);
    let default = defaults(descriptor.fields, &format!("{fresh:?}"), &is_fresh);
    let all = fields(state, descriptor.fields, &pointer, &value, &default);
    let filter = filter_field(link.properties.kind());
    let run = state.run.link(ends).copied().unwrap_or_default();
    let mut figures = vec![
        ("messages", format_rate(run.messages_per_second)),
        ("messages in all", format_count(run.messages as f64)),
        ("bytes", format!("{}/s", format_bytes(run.bytes_per_second))),
    ];
    if run.refused > 0 {
        figures.push(("refused", format_rate(run.refused_per_second)));
    }
    if filter.is_some() {
        figures.push(("filtered out", format_rate(run.filtered_out_per_second)));
    }
    // Scope belongs to the policy's own editor.
    let own = |field: &FieldView| filter.is_none_or(|filter| !field.name.starts_with(filter));
    Some(LinkInspector {
        ends: ends.clone(),
        kind_title: descriptor.title,
        description: descriptor.description,
        has_filter_policy: filter.is_some(),
        fields: all.into_iter().filter(own).collect(),
        figures,
        cut: run.cut,
    })
}
