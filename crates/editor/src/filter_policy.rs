//! Editing the filter policy of a subscription: a draft beside the version in force, and a tester.

use messaging::sns::filter_policy::{
    Explanation, FilterPolicyError, FilterPolicyScope, PolicyCounters, PolicyWarning,
};

use kernel::SimTime;
use messaging::{PayloadId, TraceId};

use crate::selection::LinkEnds;

/// A filter policy being edited. The version in force stays in force until `Apply`.
#[derive(Clone, Debug, PartialEq)]
pub struct FilterDraft {
    /// Of which subscription.
    pub link: LinkEnds,
    /// The text as typed.
    pub text: String,
    /// Which part of the message it reads.
    pub scope: FilterPolicyScope,
    /// The text differs from the version in force.
    pub changed: bool,
    /// What SNS would say of it.
    pub error: Option<FilterPolicyError>,
    /// What SNS accepts but may not be meant.
    pub warnings: Vec<PolicyWarning>,
    /// Keys, combinations and bytes.
    pub counters: PolicyCounters,
    /// The last text that was valid, and when in the run it was typed: what the tester uses.
    pub valid_text: String,
    /// When `valid_text` was valid last.
    pub valid_at: SimTime,
    /// The message of the tester that is looked at.
    pub chosen: Option<TraceId>,
    /// A message typed or pasted for the tester, as JSON.
    pub pasted: Option<String>,
}

/// Something done in the filter policy editor.
#[derive(Clone, Debug, PartialEq)]
pub enum FilterAction {
    /// Open it for a subscription.
    Open(LinkEnds),
    /// The text was changed.
    Type(String),
    /// Read another part of the message.
    SetScope(FilterPolicyScope),
    /// Put the draft in force.
    Apply,
    /// Back to the version in force.
    Discard,
    /// No policy at all.
    RemovePolicy,
    /// Look at a message of the tester.
    Choose(Option<TraceId>),
    /// Test this message: a JSON object, either a body or `{"attributes": …, "body": …}`.
    Paste(Option<String>),
    /// Close it.
    Close,
}

/// One message of the tester.
#[derive(Clone, Debug, PartialEq)]
pub struct TestedMessage {
    /// Which message.
    pub trace_id: TraceId,
    /// What it carries.
    pub payload: PayloadId,
    /// When it was published.
    pub at: SimTime,
    /// Its colour and shape.
    pub category: u8,
    /// The policy lets it pass.
    pub matches: bool,
    /// Where it came from.
    pub from: String,
}

/// What the tester shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TesterView {
    /// Recent messages of the topic, oldest first.
    pub messages: Vec<TestedMessage>,
    /// How many of them match.
    pub matching: usize,
    /// The last valid version is used, since this instant, because the draft is not valid.
    pub using_last_valid: Option<SimTime>,
    /// Why the chosen message, or the pasted one, matches or not.
    pub explanation: Option<Explanation>,
    /// Why the pasted text is no message.
    pub paste_fault: Option<String>,
}

/// Operators that can be inserted: what the button says, and the text with its placeholder.
pub const INSERTS: &[(&str, &str)] = &[
    ("exact", "\"key\": [\"value\"]"),
    ("prefix", "\"key\": [{ \"prefix\": \"value\" }]"),
    ("suffix", "\"key\": [{ \"suffix\": \"value\" }]"),
    ("anything-but", "\"key\": [{ \"anything-but\": [\"value\"] }]"),
    ("equals-ignore-case", "\"key\": [{ \"equals-ignore-case\": \"value\" }]"),
    ("numeric", "\"key\": [{ \"numeric\": [\">=\", 0] }]"),
    ("cidr", "\"key\": [{ \"cidr\": \"10.0.0.0/24\" }]"),
    ("exists", "\"key\": [{ \"exists\": true }]"),
    ("$or", "\"$or\": [{ \"key\": [\"value\"] }, { \"other\": [\"value\"] }]"),
];
