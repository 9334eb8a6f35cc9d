//! What can go wrong, now or at a time.

use messaging::intervention::AvailabilityZone;
use messaging::node_state::Instrument;
use messaging::{Intervention, LinkSpec, LogicalId, Properties, ResourceKind};

use crate::panels::Fault;
use crate::selection::{LinkEnds, Selection};
use crate::state::EditorState;
use crate::view::dock::intervention_words;

/// Something on the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// When, as the document writes it, such as `1m30s`.
    pub at: String,
    /// What, such as `workers stops`.
    pub text: String,
}

/// The timeline, in its order.
pub fn happenings(state: &EditorState) -> Vec<Happening> {
    let entries = state.scenario.timeline.iter();
    let view = |entry: &scenario::TimelineEntry| Happening {
        at: scenario::format_duration(entry.at),
        text: intervention_words(&entry.intervention),
    };
    entries.map(view).collect()
}

/// What can go wrong with each node, or with the selected one alone: for the dialog that injects a fault.
pub fn all_faults(state: &EditorState) -> Vec<(LogicalId, Vec<Fault>)> {
    if let Selection::Link(ends) = &state.selection
        && let Some(link) = state.scenario.link(&ends.from, &ends.to)
    {
        return vec![(ends.from.clone(), vec![cut_or_restore(state, link)])];
    }
    let selected = state.selection.single_node();
    let resources = state.scenario.resources.iter();
    let wanted = resources.filter(|(id, _)| selected.is_none_or(|selected| selected == *id));
    let each = wanted.map(|(id, properties)| (id.clone(), faults(state, id, properties.kind())));
    each.filter(|(_, faults)| !faults.is_empty()).collect()
}

/// What can be done to a running node by one press: only what its kind can do, and what would change something.
pub(super) fn faults(state: &EditorState, id: &LogicalId, kind: ResourceKind) -> Vec<Fault> {
    let holds = |instrument: &Instrument| {
        matches!(instrument, Instrument::MessageBar { .. } | Instrument::Cells { .. })
    };
    let has_messages = || {
        let run = state.run.nodes.get(id);
        run.is_some_and(|run| run.state.instruments.iter().any(holds))
    };
    let is_filled = || state.scenario.links.iter().any(|link| link.to == *id && link.properties.is_redrive());
    let mut faults = Vec::new();
    let mut offer = |label: &str, intervention| faults.push(Fault { label: label.into(), intervention });
    for action in kind.actions() {
        match action {
            "Start" => offer("Start", Intervention::Start(id.clone())),
            "Stop" => offer("Stop", Intervention::Stop(id.clone())),
            "Crash" => offer("Crash", Intervention::Crash(id.clone())),
            "Slow" => {
                offer("Slow down 5×", Intervention::Slow { of: id.clone(), factor: 5.0 });
                offer("Normal pace", Intervention::Slow { of: id.clone(), factor: 1.0 });
            }
            "Send" => offer("Send 100 at once", Intervention::Send { from: id.clone(), count: 100 }),
            "Poison" => offer("Poison message", Intervention::Poison(id.clone())),
            "Purge" if has_messages() => offer("Purge", Intervention::Purge(id.clone())),
            "Redrive" if is_filled() => offer("Redrive", Intervention::Redrive(id.clone())),
            "Reboot" => offer("Reboot", Intervention::Reboot(id.clone())),
            "Throttle" => {
                let throttle = |calls_per_second| Intervention::Throttle { of: id.clone(), calls_per_second };
                offer("Throttle to 10 calls/s", throttle(Some(THROTTLED_CALLS_PER_SECOND)));
                offer("End throttle", throttle(None));
            }
            _ => {}
        }
    }
    faults.extend(zone_faults(kind, state.scenario.resources.get(id)));
    let cut = |link: &&LinkSpec| link.from == *id || link.to == *id;
    faults.extend(state.scenario.links.iter().filter(cut).map(|link| cut_or_restore(state, link)));
    faults
}

/// Calls that a throttled resource still takes in a second. Ours.
const THROTTLED_CALLS_PER_SECOND: u32 = 10;

/// The zones that matter to a node: all to what has instances in several, its own to a client that has one.
fn zone_faults(kind: ResourceKind, properties: Option<&Properties>) -> Vec<Fault> {
    let several = kind.actions().any(|action| action == "Reboot");
    let own = properties.and_then(|properties| serde_json::to_value(properties).ok());
    let own = own.and_then(|value| Some(value.get("AvailabilityZone")?.as_str()?.to_owned()));
    let zones = AvailabilityZone::ALL.iter().filter(|zone| several || own.as_deref() == Some(zone.name()));
    let both = zones.flat_map(|zone| {
        [
            Fault {
                label: format!("Outage of {}", zone.name()),
                intervention: Intervention::AvailabilityZoneOutage(*zone),
            },
            Fault {
                label: format!("{} is back", zone.name()),
                intervention: Intervention::AvailabilityZoneRecovery(*zone),
            },
        ]
    });
    both.collect()
}

fn cut_or_restore(state: &EditorState, link: &LinkSpec) -> Fault {
    let (from, to) = (link.from.clone(), link.to.clone());
    let ends = LinkEnds::new(from.clone(), to.clone());
    if state.run.link(&ends).is_some_and(|run| run.cut) {
        Fault {
            label: format!("Restore {from} to {to}"),
            intervention: Intervention::RestoreLink { from, to },
        }
    } else {
        Fault { label: format!("Cut {from} to {to}"), intervention: Intervention::CutLink { from, to } }
    }
}
