//! What is said when all that is written down has happened: a sum, and what to look at next.

use messaging::ResourceKind;
use messaging::node_state::Instrument;
use scenario::gallery;

use crate::state::{EditorState, Origin};
use crate::view::format::format_count;

/// The end of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedView {
    /// How it came out, and where the messages are now.
    pub sum: String,
    /// The name of the next scenario of the gallery, if this is one of them.
    pub next: Option<String>,
}

/// The end of the run.
pub fn ended(state: &EditorState) -> EndedView {
    let planned = state.scenario.expectations.len();
    let outcomes = state.run.expectations.iter().filter(|outcome| (outcome.place as usize) < planned);
    let held = outcomes.filter(|outcome| outcome.holds).count();
    EndedView {
        sum: match planned {
            0 => sum(state),
            _ if held == planned => format!("All {planned} results as expected. {}", sum(state)),
            _ => format!("{held} of {planned} results as expected. {}", sum(state)),
        },
        next: next(&state.origin),
    }
}

fn sum(state: &EditorState) -> String {
    let is_producer = |id| {
        state.scenario.resources.get(id).is_some_and(|properties| properties.kind() == ResourceKind::Producer)
    };
    let from_producers = state.scenario.links.iter().filter(|link| is_producer(&link.from));
    let taken: u64 = from_producers
        .filter_map(|link| {
            state.run.link(&crate::selection::LinkEnds::new(link.from.clone(), link.to.clone()))
        })
        .map(|link| link.messages)
        .sum();
    let (mut waiting, mut dead) = (0, 0);
    for node in state.run.nodes.values() {
        for instrument in &node.state.instruments {
            if let Instrument::MessageBar { delayed, visible, in_flight, dead_letters } = instrument {
                *(if *dead_letters { &mut dead } else { &mut waiting }) += delayed + visible + in_flight;
            }
        }
    }
    let count = |count: u64| format_count(count as f64);
    format!("{} sent, {} left in queues, {} dead-lettered.", count(taken), count(waiting), count(dead))
}

fn next(origin: &Origin) -> Option<String> {
    let Origin::Gallery(name) = origin else { return None };
    let place = gallery::ALL.iter().position(|entry| entry.name == name.as_str())?;
    Some(gallery::ALL.get(place + 1)?.name.to_owned())
}
