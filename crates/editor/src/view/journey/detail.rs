//! The followed message in the inspector: how its copies ended and why, what it carries, and its API calls.

use std::collections::BTreeMap;

use engine::{HopKind, Journey, Outcome, OutcomeKind, StayState, Traveller};
use kernel::SimTime;
use messaging::LogicalId;
use messaging::message_attributes::MessageAttributeValue;

use super::{length, list, short_clock};
use crate::journey::JourneyTab;
use crate::state::EditorState;
use crate::view::format::format_bytes;

/// The followed message.
#[derive(Clone, Debug, PartialEq)]
pub struct JourneyInspector {
    /// Its name.
    pub name: String,
    /// Its colour and shape.
    pub category: u8,
    /// `Message, published 01:12.902`.
    pub subtitle: String,
    /// The tab that is open.
    pub tab: JourneyTab,
    /// Each copy, worst last.
    pub copies: Vec<CopyRow>,
    /// Why it ended as it did: the worst of its outcomes.
    pub why: Option<Why>,
    /// Its message attributes: name, value, type.
    pub attributes: Vec<(String, String, String)>,
    /// Its body, laid out if it is JSON.
    pub body: String,
    /// Its size in words.
    pub size: String,
    /// The API calls it travelled with.
    pub calls: Vec<CallRow>,
    /// How many others of those published around it ended the same way.
    pub same: usize,
    /// How many others there are.
    pub others: usize,
    /// What those that ended the same way have in common and the others have not.
    pub in_common: String,
    /// The engine is still looking.
    pub loading: bool,
}

/// A copy.
#[derive(Clone, Debug, PartialEq)]
pub struct CopyRow {
    /// `refunds to refunds-dlq`.
    pub text: String,
    /// How it ended.
    pub kind: OutcomeKind,
    /// The same in words.
    pub word: String,
}

/// Why a copy ended as it did.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// `Why it was dead-lettered`.
    pub title: String,
    /// In a sentence or two.
    pub text: String,
    /// A word and a text each: `Receive 1`, `01:13.332, failed after 110 ms`.
    pub rows: Vec<(String, String)>,
    /// When the first receive was: to go there.
    pub first_receive: Option<SimTime>,
    /// The dead-letter queue it can be redriven from.
    pub redrive: Option<LogicalId>,
}

/// An API call.
#[derive(Clone, Debug, PartialEq)]
pub struct CallRow {
    /// When it was made, as the clock reads.
    pub time: String,
    /// When it was made.
    pub at: SimTime,
    /// The API action.
    pub operation: String,
    /// `from to to`.
    pub text: String,
    /// The error code; empty for success.
    pub code: String,
}

/// The followed message, unless something else is selected.
pub fn journey_inspector(state: &EditorState) -> Option<JourneyInspector> {
    let followed = state.journey.followed?;
    let Some(journey) = state.journey.journey() else {
        return Some(JourneyInspector {
            name: format!("#{}", followed.0),
            category: 6,
            subtitle: "Message".into(),
            tab: state.journey.tab,
            copies: Vec::new(),
            why: None,
            attributes: Vec::new(),
            body: String::new(),
            size: String::new(),
            calls: Vec::new(),
            same: 0,
            others: 0,
            in_common: String::new(),
            loading: true,
        });
    };
    let one = &journey.traveller;
    let payload = state.run.catalogue.published(one.payload);
    let attributes = payload.into_iter().flat_map(|payload| &payload.attributes);
    let (same, others, in_common) = alike(state, one);
    Some(JourneyInspector {
        name: list::name(state, one),
        category: state.playback.categories.known(one.payload, one.key),
        subtitle: format!("Message, published {}", short_clock(one.published_at)),
        tab: state.journey.tab,
        copies: one.outcomes.iter().rev().map(copy).collect(),
        why: one.outcomes.first().map(|outcome| why(state, journey, outcome)),
        attributes: attributes.map(|(name, value)| attribute(name, value)).collect(),
        body: payload.map_or_else(String::new, |payload| pretty(&payload.body)),
        size: payload.map_or_else(String::new, |payload| format_bytes(f64::from(payload.size_bytes))),
        calls: journey.calls.iter().map(call).collect(),
        same,
        others,
        in_common,
        loading: false,
    })
}

fn attribute(name: &str, value: &MessageAttributeValue) -> (String, String, String) {
    (name.to_owned(), value.value.clone(), value.data_type.clone())
}

fn pretty(body: &str) -> String {
    let json: Option<serde_json::Value> = serde_json::from_str(body).ok();
    json.and_then(|json| serde_json::to_string_pretty(&json).ok()).unwrap_or_else(|| body.to_owned())
}

fn copy(outcome: &Outcome) -> CopyRow {
    let place = &outcome.place;
    let text = match (&outcome.via, outcome.kind) {
        (Some(to), OutcomeKind::DeadLettered) => format!("{place} to {to}"),
        (Some(by), OutcomeKind::Delivered) if outcome.reason.is_empty() => format!("{by} to {place}"),
        (Some(by), OutcomeKind::Delivered) => format!("{place} to {by}"),
        _ => place.to_string(),
    };
    let word = outcome.kind.word();
    let mut word = word[..1].to_uppercase() + &word[1..];
    if outcome.times > 1 {
        word.push_str(&format!(", {} times", outcome.times));
    }
    CopyRow { text, kind: outcome.kind, word }
}

fn call(call: &engine::ApiCall) -> CallRow {
    CallRow {
        time: short_clock(call.made_at),
        at: call.made_at,
        operation: call.operation.clone(),
        text: format!("{} to {}", call.from, call.to),
        code: call.code.clone(),
    }
}

fn why(state: &EditorState, journey: &Journey, outcome: &Outcome) -> Why {
    let text = match outcome.kind {
        OutcomeKind::FilteredOut => outcome.via.as_ref().map_or_else(String::new, |via| {
            crate::filter_policy::why_filtered(state, via, &outcome.place, journey.traveller.payload)
        }),
        OutcomeKind::Delivered if outcome.reason.is_empty() => format!("{} accepted it.", outcome.place),
        _ => outcome.reason.clone(),
    };
    let received = |hop: &&engine::Hop| hop.kind == HopKind::Received && hop.from == outcome.place;
    let receives: Vec<&engine::Hop> = journey.hops.iter().filter(received).collect();
    let mut rows: Vec<(String, String)> = Vec::new();
    for (place, hop) in receives.iter().enumerate() {
        rows.push((format!("Receive {}", place + 1), told(journey, hop)));
    }
    rows.extend(in_flight(journey, &outcome.place));
    let dead = outcome.via.clone().filter(|_| outcome.kind == OutcomeKind::DeadLettered);
    Why {
        title: match outcome.kind {
            OutcomeKind::Delivered => "How it was delivered".into(),
            OutcomeKind::Waiting => "Where it waits".into(),
            OutcomeKind::UnderWay => "Where it is".into(),
            OutcomeKind::Duplicate => "Why it is a duplicate".into(),
            kind => format!("Why it was {}", kind.word()),
        },
        text,
        first_receive: receives.first().map(|hop| hop.departs),
        redrive: dead
            .filter(|queue| journey.stays.iter().any(|stay| stay.place == *queue && stay.until.is_none())),
        rows,
    }
}

/// What became of a receive.
fn told(journey: &Journey, hop: &engine::Hop) -> String {
    let stay = journey.stays.iter().find(|stay| stay.place == hop.to && stay.from == hop.arrives);
    let at = short_clock(hop.departs);
    let Some(stay) = stay else { return format!("{at}, by {}", hop.to) };
    let took = stay.until.map(|until| length(until.as_secs_f64() - stay.from.as_secs_f64()));
    match (stay.state, took) {
        (StayState::Failed, Some(took)) => format!("{at}, failed after {took}"),
        (_, Some(took)) => format!("{at}, done after {took}"),
        (_, None) => format!("{at}, in work"),
    }
}

/// How long it was hidden while it was in flight: `3 × 20.0 s`.
fn in_flight(journey: &Journey, place: &LogicalId) -> Option<(String, String)> {
    let hidden =
        journey.stays.iter().filter(|stay| stay.place == *place && stay.state == StayState::InFlight);
    let times: Vec<f64> =
        hidden.filter_map(|stay| Some(stay.until?.as_secs_f64() - stay.from.as_secs_f64())).collect();
    let first = *times.first()?;
    let even = times.iter().all(|time| (time - first).abs() < 0.05);
    let text = match (times.len(), even) {
        (1, _) => length(first),
        (count, true) => format!("{count} × {}", length(first)),
        (count, false) => format!("{count} times, {} in all", length(times.iter().sum())),
    };
    Some(("In flight".into(), text))
}

/// Those published around it that ended the same way, and what only they have.
fn alike(state: &EditorState, one: &Traveller) -> (usize, usize, String) {
    let Some(known) = &state.journey.known else { return (0, 0, String::new()) };
    let ended = list::signature(one);
    let (same, others): (Vec<&Traveller>, Vec<&Traveller>) =
        known.around.iter().partition(|other| list::signature(other) == ended);
    let in_common = match (same.len(), others.len()) {
        (0 | 1, _) | (_, 0) => String::new(),
        (count, rest) => what_is_common(state, &same, &others).map_or_else(String::new, |what| {
            format!("All {count} have {what}; none of the other {rest} has.")
        }),
    };
    (same.len().saturating_sub(1), known.around.len().saturating_sub(1), in_common)
}

/// A message attribute or a member of the body that all of these have and none of those.
fn what_is_common(state: &EditorState, same: &[&Traveller], others: &[&Traveller]) -> Option<String> {
    let facts = |one: &&Traveller| facts(state, one);
    let mut common = facts(same.first()?);
    for one in same.iter().skip(1) {
        let has = facts(one);
        common.retain(|name, value| has.get(name) == Some(value));
    }
    for one in others {
        let has = facts(one);
        common.retain(|name, value| has.get(name) != Some(value));
    }
    common.into_iter().next().map(|(name, value)| format!("{name} {value}"))
}

fn facts(state: &EditorState, one: &Traveller) -> BTreeMap<String, String> {
    let mut facts = BTreeMap::new();
    let Some(payload) = state.run.catalogue.published(one.payload) else { return facts };
    for (name, value) in &payload.attributes {
        facts.insert(name.clone(), value.value.clone());
    }
    if let Ok(serde_json::Value::Object(members)) = serde_json::from_str(&payload.body) {
        facts.extend(members.into_iter().map(|(name, value)| (format!("\"{name}\":"), value.to_string())));
    }
    if let Some(key) = state.run.catalogue.key(one.key) {
        facts.insert("the key".into(), key.text.clone());
    }
    facts
}
