//! Editing the filter policy of a subscription: a draft beside the version in force, and a tester.

use engine::PayloadInfo;
use kernel::SimTime;
use messaging::message_attributes::MessageAttributes;
use messaging::sns::filter_policy::{
    Explanation, FilterPolicy, FilterPolicyError, FilterPolicyScope, FilterPolicySettings, PolicyCounters,
    PolicyWarning,
};
use messaging::{LinkProperties, LogicalId, PayloadId, TraceId};
use scenario::JsonPointer;
use serde_json::Value as Json;

use crate::edit::Edit;
use crate::selection::LinkEnds;
use crate::state::EditorState;
use crate::view::filter_field;

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

/// The longest text of a policy in a row.
const MOST_WORDS: usize = 40;

/// A policy in a few words: its first key, if it has a policy, and what that key wants.
pub(crate) fn policy_words(properties: &LinkProperties) -> (Option<String>, String) {
    let none = || (None, "No filter policy".to_owned());
    let Some(policy) = policy_of(properties) else { return none() };
    let Some((key, rules)) = policy.as_object().and_then(|members| members.iter().next()) else {
        return none();
    };
    let more = policy.as_object().map_or(0, |members| members.len() - 1);
    let mut words = rules
        .as_array()
        .map_or_else(String::new, |rules| rules.iter().map(rule_words).collect::<Vec<_>>().join(", "));
    if words.chars().count() > MOST_WORDS {
        words = words.chars().take(MOST_WORDS).collect::<String>() + "…";
    }
    if more > 0 {
        words.push_str(&format!(" +{more} {}", if more == 1 { "key" } else { "keys" }));
    }
    (Some(key.clone()), words)
}

fn rule_words(rule: &Json) -> String {
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let Some((operator, operand)) = rule.as_object().and_then(|members| members.iter().next()) else {
        return text(rule);
    };
    let list = |value: &Json| match value.as_array() {
        Some(values) => values.iter().map(text).collect::<Vec<_>>().join(" "),
        None => text(value),
    };
    match operator.as_str() {
        "numeric" => list(operand).replace(">=", "≥").replace("<=", "≤"),
        "exists" => if operand == &Json::Bool(true) { "present" } else { "absent" }.into(),
        "anything-but" => format!("not {}", list(operand)),
        "prefix" => format!("{}…", text(operand)),
        "suffix" => format!("…{}", text(operand)),
        _ => list(operand),
    }
}

/// The filter policy of a link, if its kind has one and it is set.
fn policy_of(properties: &LinkProperties) -> Option<Json> {
    filter_field(properties.kind())?;
    match properties {
        LinkProperties::Subscription(subscription) => {
            let policy = subscription.filter_policy.clone()?;
            // A policy may be given as JSON text.
            policy.as_str().map_or(Some(policy.clone()), |text| serde_json::from_str(text).ok())
        }
        _ => None,
    }
}

fn scope_of(properties: &LinkProperties) -> FilterPolicyScope {
    match properties {
        LinkProperties::Subscription(subscription) => subscription.filter_policy_scope,
        _ => FilterPolicyScope::default(),
    }
}

/// A draft of the policy in force on a link.
pub(crate) fn open(state: &EditorState, ends: &LinkEnds) -> Option<FilterDraft> {
    let link = state.scenario.link(&ends.from, &ends.to)?;
    filter_field(link.properties.kind())?;
    let policy = policy_of(&link.properties);
    let text = policy.map_or_else(|| "{\n}".into(), |policy| pretty(&policy));
    let scope = scope_of(&link.properties);
    let mut draft = FilterDraft {
        link: ends.clone(),
        valid_text: text.clone(),
        text,
        scope,
        changed: false,
        error: None,
        warnings: Vec::new(),
        counters: PolicyCounters { keys: None, combinations: None, bytes: 0 },
        valid_at: state.playback.playhead(),
        chosen: None,
        pasted: None,
    };
    check(&mut draft, state.playback.playhead());
    Some(draft)
}

/// One key a line, as the pictures show it.
fn pretty(policy: &Json) -> String {
    let Some(members) = policy.as_object().filter(|members| !members.is_empty()) else {
        return policy.to_string();
    };
    let spaced = |value: &Json| {
        let text = value.to_string();
        // Only what stands outside of strings gets space.
        let (mut out, mut inside, mut escaped) = (String::new(), false, false);
        for c in text.chars() {
            inside ^= c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            match c {
                ',' | ':' if !inside => out.extend([c, ' ']),
                '{' if !inside => out.push_str("{ "),
                '}' if !inside => out.push_str(" }"),
                _ => out.push(c),
            }
        }
        out
    };
    let lines: Vec<String> = members
        .iter()
        .map(|(key, value)| format!("  {}: {}", Json::from(key.as_str()), spaced(value)))
        .collect();
    format!("{{\n{}\n}}", lines.join(",\n"))
}

/// Says what SNS would say of the draft.
fn check(draft: &mut FilterDraft, now: SimTime) {
    draft.counters = PolicyCounters::measure(&draft.text, &FilterPolicySettings::default());
    match FilterPolicy::parse(&draft.text, draft.scope) {
        Ok(policy) => {
            draft.warnings = policy.warnings().to_vec();
            draft.error = None;
            draft.valid_text = draft.text.clone();
            draft.valid_at = now;
        }
        Err(error) => {
            draft.warnings.clear();
            draft.error = Some(error);
        }
    }
}

/// Handles what was done; the edit that puts a policy in force, if it was asked for.
pub(crate) fn act(state: &mut EditorState, action: FilterAction) -> Option<Vec<Edit>> {
    let now = state.playback.playhead();
    if let FilterAction::Open(ends) = &action {
        state.filter = open(state, ends);
        return None;
    }
    let mut draft = state.filter.take()?;
    let mut edits = None;
    match action {
        FilterAction::Open(_) | FilterAction::Close => return None,
        FilterAction::Type(text) => {
            draft.changed |= draft.text != text;
            draft.text = text;
            check(&mut draft, now);
        }
        FilterAction::SetScope(scope) => {
            draft.changed |= draft.scope != scope;
            draft.scope = scope;
            check(&mut draft, now);
        }
        FilterAction::Apply => {
            edits = draft.error.is_none().then(|| apply_edits(state, &draft)).flatten();
            draft.changed &= edits.is_none();
        }
        FilterAction::Discard => {
            if let Some(fresh) = open(state, &draft.link) {
                draft = FilterDraft { chosen: draft.chosen, pasted: draft.pasted, ..fresh };
            }
        }
        FilterAction::RemovePolicy => {
            "{\n}".clone_into(&mut draft.text);
            check(&mut draft, now);
            edits = apply_edits(state, &draft);
            draft.changed = false;
        }
        FilterAction::Choose(chosen) => {
            draft.chosen = chosen;
            draft.pasted = None;
        }
        FilterAction::Paste(text) => {
            draft.pasted = text;
            draft.chosen = None;
        }
    }
    state.filter = Some(draft);
    edits
}

fn apply_edits(state: &EditorState, draft: &FilterDraft) -> Option<Vec<Edit>> {
    let same = |link: &messaging::LinkSpec| link.from == draft.link.from && link.to == draft.link.to;
    let place = state.scenario.links.iter().position(same)?;
    let field = filter_field(state.scenario.links[place].properties.kind())?;
    let properties = JsonPointer::root().then("Links").then(place).then("Properties");
    let policy: Json = serde_json::from_str(&draft.text).ok()?;
    let policy = Some(policy).filter(|policy| policy.as_object().is_some_and(|members| !members.is_empty()));
    let scope = (draft.scope != FilterPolicyScope::default()).then(|| Json::from(draft.scope.to_string()));
    Some(vec![
        Edit::SetProperty { pointer: properties.then("FilterPolicyScope"), value: scope },
        Edit::SetProperty { pointer: properties.then(field), value: policy },
    ])
}

/// What the tester shows: recent messages of the topic, and why the chosen one matches or not.
pub fn tester(state: &EditorState) -> TesterView {
    let Some(draft) = &state.filter else { return TesterView::default() };
    let Ok(policy) = FilterPolicy::parse(&draft.valid_text, draft.scope) else {
        return TesterView::default();
    };
    let mut view = TesterView {
        using_last_valid: draft.error.is_some().then_some(draft.valid_at),
        ..TesterView::default()
    };
    let inspection =
        state.run.inspection.as_ref().filter(|inspection| inspection.resource == draft.link.from);
    for message in inspection.iter().flat_map(|inspection| &inspection.recent) {
        let Some(payload) = state.run.catalogue.payload(message.payload) else { continue };
        let matches = policy.decide(&payload.attributes, &payload.body).is_match();
        let from = state.run.roster.link(message.link).map_or_else(String::new, |(from, _)| from.to_string());
        view.matching += usize::from(matches);
        view.messages.push(TestedMessage {
            trace_id: message.trace_id,
            payload: message.payload,
            at: message.at,
            category: state.playback.categories.known(message.payload, message.key),
            matches,
            from,
        });
    }
    if let Some(text) = &draft.pasted {
        match pasted_message(text) {
            Ok((attributes, body)) => view.explanation = Some(policy.explain(&attributes, &body)),
            Err(fault) => view.paste_fault = Some(fault),
        }
    } else if let Some(payload) = chosen_payload(state, draft, &view) {
        view.explanation = Some(policy.explain(&payload.attributes, &payload.body));
    }
    view
}

fn chosen_payload<'a>(
    state: &'a EditorState,
    draft: &FilterDraft,
    view: &TesterView,
) -> Option<&'a PayloadInfo> {
    let chosen = view.messages.iter().find(|message| Some(message.trace_id) == draft.chosen)?;
    state.run.catalogue.payload(chosen.payload)
}

/// A pasted message: `{"attributes": …, "body": …}`, or a body alone.
fn pasted_message(text: &str) -> Result<(MessageAttributes, String), String> {
    let json: Json = serde_json::from_str(text).map_err(|error| format!("This is not JSON: {error}."))?;
    let Some(members) = json.as_object() else { return Err("A message is a JSON object.".into()) };
    if !members.contains_key("attributes") && !members.contains_key("body") {
        return Ok((MessageAttributes::new(), text.to_owned()));
    }
    let attributes =
        members.get("attributes").cloned().unwrap_or_else(|| Json::Object(serde_json::Map::new()));
    let attributes = serde_json::from_value(attributes)
        .map_err(|error| format!("The attributes need a Type and a Value each: {error}."))?;
    let body = members.get("body").map_or_else(String::new, |body| match body {
        Json::String(body) => body.clone(),
        other => other.to_string(),
    });
    Ok((attributes, body))
}

/// The resource whose recent messages the tester needs.
pub(crate) fn tested_resource(state: &EditorState) -> Option<&LogicalId> {
    state.filter.as_ref().map(|draft| &draft.link.from)
}

/// Why a message did not pass the filter policy of a link, in a sentence.
pub(crate) fn why_filtered(
    state: &EditorState,
    from: &LogicalId,
    to: &LogicalId,
    payload: PayloadId,
) -> String {
    let Some(link) = state.scenario.link(from, to) else { return String::new() };
    let Some(field) = filter_field(link.properties.kind()) else { return String::new() };
    let properties = serde_json::to_value(&link.properties).unwrap_or_default();
    let scope = serde_json::from_value(properties["FilterPolicyScope"].clone()).unwrap_or_default();
    let policy = FilterPolicy::parse(&properties[field].to_string(), scope);
    match (policy, state.run.catalogue.published(payload)) {
        (Ok(policy), Some(payload)) => {
            let told = policy.explain(&payload.attributes, &payload.body);
            let failed = told.rows.iter().find(|row| !row.holds);
            failed.map_or(told.summary, |row| match &row.has {
                Some(_) => format!("{} is {}, the policy wants {}", row.key, row.has_text, row.wants),
                None => format!("it has no {}, the policy wants {}", row.key, row.wants),
            })
        }
        _ => String::new(),
    }
}
