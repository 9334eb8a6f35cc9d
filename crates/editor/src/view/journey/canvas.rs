//! The path on the canvas: which nodes and wires are part of it, and the step numbers on the wires.

use engine::HopKind;
use messaging::LogicalId;

use crate::geometry::Point;
use crate::selection::LinkEnds;
use crate::state::EditorState;
use crate::view::links::drawn_links;
use crate::view::wire;

/// Step numbers on a wire.
#[derive(Clone, Debug, PartialEq)]
pub struct JourneyStep {
    /// Where, world units.
    pub at: Point,
    /// `3, 4, 5`, or `filtered out`.
    pub text: String,
    /// The way of a dead letter.
    pub dead: bool,
    /// Nothing passed here: the copy was filtered out.
    pub filtered: bool,
}

/// The most numbers written on one wire.
const MOST: usize = 4;

/// True when no journey is followed, or the node is part of it.
pub(crate) fn is_on_path(state: &EditorState, node: &LogicalId) -> bool {
    state.journey.journey().is_none_or(|journey| {
        journey
            .hops
            .iter()
            .any(|hop| hop.from == *node || (hop.to == *node && hop.kind != HopKind::FilteredOut))
    })
}

/// True when no journey is followed, or it went along the link.
pub(crate) fn is_link_on_path(state: &EditorState, link: &LinkEnds) -> bool {
    let passed = |hop: &engine::Hop| {
        let forth = hop.from == link.from && hop.to == link.to;
        // A move task goes back along the way of dead letters.
        forth || (hop.from == link.to && hop.to == link.from)
    };
    state
        .journey
        .journey()
        .is_none_or(|journey| journey.hops.iter().any(|hop| hop.kind != HopKind::FilteredOut && passed(hop)))
}

/// The step numbers on the wires.
pub fn journey_steps(state: &EditorState) -> Vec<JourneyStep> {
    let Some(journey) = state.journey.journey() else { return Vec::new() };
    let mut steps = Vec::new();
    for link in drawn_links(&state.scenario) {
        let hops = journey.hops.iter();
        let along = hops.filter(|hop| {
            (hop.from == link.from && hop.to == link.to) || (hop.from == link.to && hop.to == link.from)
        });
        let mut along = along.peekable();
        let Some(first) = along.peek().copied() else { continue };
        let Some(wire) = wire::curves(state, &link).into_iter().next() else { continue };
        let filtered = first.kind == HopKind::FilteredOut;
        let numbers: Vec<String> = along.map(|hop| hop.number.to_string()).collect();
        let text = match (filtered, numbers.len()) {
            (true, _) => "filtered out".into(),
            (false, count) if count > MOST => {
                format!("{} to {}, {count} times", numbers[0], numbers[count - 1])
            }
            _ => numbers.join(", "),
        };
        let dead = first.kind == HopKind::DeadLettered;
        steps.push(JourneyStep { at: wire.curve.at(0.5), text, dead, filtered });
    }
    steps
}
