//! The messages published around the followed one, or the last ones.

use engine::{Outcome, OutcomeKind, Traveller};
use messaging::{LogicalId, TraceId};

use super::short_clock;
use crate::state::EditorState;

/// The list of messages.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JourneyRows {
    /// The messages, latest first.
    pub rows: Vec<JourneyRow>,
    /// The text typed to find one.
    pub find: String,
    /// Only those that ended as the followed one did are listed.
    pub only_same: bool,
    /// Nothing is known yet.
    pub empty: bool,
}

/// A message in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct JourneyRow {
    /// Which.
    pub trace_id: TraceId,
    /// Its colour and shape.
    pub category: u8,
    /// Its number, and its key if it has one.
    pub name: String,
    /// When it was published, as the clock reads.
    pub time: String,
    /// How its copies ended: `1 delivered, 1 dead-lettered`.
    pub text: String,
    /// It is the one followed.
    pub chosen: bool,
}

/// The list of messages.
pub fn journey_rows(state: &EditorState) -> JourneyRows {
    let journey = &state.journey;
    let Some(known) = &journey.known else {
        return JourneyRows { find: journey.find.clone(), empty: true, ..JourneyRows::default() };
    };
    let followed = journey.journey().map(|journey| signature(&journey.traveller));
    let same = |one: &&Traveller| !journey.only_same || followed.as_ref() == Some(&signature(one));
    let rows = known.around.iter().rev().filter(same).map(|one| row(state, one));
    let wanted = journey.find.trim().to_lowercase();
    let finds = |row: &JourneyRow| {
        wanted.is_empty() || row.name.to_lowercase().contains(&wanted) || row.text.contains(&wanted)
    };
    JourneyRows {
        rows: rows.filter(finds).collect(),
        find: journey.find.clone(),
        only_same: journey.only_same,
        empty: known.around.is_empty(),
    }
}

fn row(state: &EditorState, one: &Traveller) -> JourneyRow {
    JourneyRow {
        trace_id: one.trace_id,
        category: state.playback.categories.known(one.payload, one.key),
        name: name(state, one),
        time: short_clock(one.published_at),
        text: sum(&one.outcomes),
        chosen: state.journey.followed == Some(one.trace_id),
    }
}

/// `#12`, or `#12 store-07`.
pub(super) fn name(state: &EditorState, one: &Traveller) -> String {
    match state.run.catalogue.key(one.key) {
        Some(key) => format!("#{} {}", one.trace_id.0, key.text),
        None => format!("#{}", one.trace_id.0),
    }
}

/// `1 delivered, 1 dead-lettered`: worst last, as people read.
pub(super) fn sum(outcomes: &[Outcome]) -> String {
    let mut kinds: Vec<(OutcomeKind, u32)> = Vec::new();
    for outcome in outcomes {
        match kinds.iter_mut().find(|(kind, _)| *kind == outcome.kind) {
            Some((_, count)) => *count += 1,
            None => kinds.push((outcome.kind, 1)),
        }
    }
    kinds.sort_unstable();
    let words: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {}", kind.word())).collect();
    words.join(", ")
}

/// Two messages ended the same way when this is the same.
pub(super) fn signature(one: &Traveller) -> Vec<(LogicalId, OutcomeKind)> {
    let mut ends: Vec<_> = one.outcomes.iter().map(|outcome| (outcome.place.clone(), outcome.kind)).collect();
    ends.sort_unstable();
    ends
}
