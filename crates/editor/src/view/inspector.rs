//! The inspector.

use kernel::Seed;
use messaging::descriptor::FieldKind;
use messaging::node_state::Health;
use messaging::quota::QuotaProfile;
use messaging::{LogicalId, MetricName};
use scenario::JsonPointer;
use serde_json::Value as Json;

use crate::panels::{Fault, InspectorTab};
use crate::run::NodeRun;
use crate::selection::LinkEnds;
use crate::state::EditorState;
use crate::view::Shared;

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
        /// How many nodes and links.
        counts: (usize, usize),
        /// What was expected: a sentence each, and how it came out.
        expectations: Vec<(String, Option<bool>)>,
    },
    /// One node.
    Node(Box<NodeInspector>),
    /// Several nodes.
    Nodes(Vec<LogicalId>),
    /// A link.
    Link(Box<LinkInspector>),
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
    /// The last messages that came to it: colour and shape, key or id, first words of the body, when.
    pub messages: Vec<MessageRow>,
}

/// A message in the inspector.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageRow {
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

/// A property in the inspector.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldView {
    /// Where it is in the document: what to set.
    pub pointer: JsonPointer,
    /// Its name, in CloudFormation's spelling.
    pub name: &'static str,
    /// What it does.
    pub description: &'static str,
    /// The rule in the specification.
    pub rule: &'static str,
    /// What it may hold.
    pub kind: FieldKindView,
    /// Its value now; null when it is not given.
    pub value: Json,
    /// What a fresh one has; null when it has none.
    pub default: Json,
    /// The value as text, or what was typed and does not fit.
    pub text: String,
    /// What is wrong with it.
    pub error: Option<String>,
    /// The range in words, such as `0 to 43,200 s`; may be empty.
    pub range: String,
    /// The members of the variant in force.
    pub members: Vec<FieldView>,
}

/// What a property may hold, comparable.
#[derive(Clone, Copy, Debug)]
pub struct FieldKindView(pub FieldKind);

impl PartialEq for FieldKindView {
    /// Descriptors are constants: the same field always has the same kind.
    fn eq(&self, _other: &Self) -> bool {
        true
    }
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

/// What the inspector shows.
pub fn inspector(state: &EditorState) -> InspectorView {
    InspectorView::Document {
        title: state.scenario.title.clone(),
        description: state.scenario.description.clone(),
        seed: state.scenario.seed,
        profile: state.scenario.settings.quota_profile,
        counts: (state.scenario.resources.len(), state.scenario.links.len()),
        expectations: Vec::new(),
    }
}
