//! Tracks of many resources at once: of all, or of a group. What they recorded is added up by the engine.

use engine::WatchedMetric;
use messaging::{LogicalId, MetricName};

use crate::state::EditorState;

/// A diagram with more nodes than this begins with tracks of all of them. Ours.
const MANY_NODES: usize = 24;

/// What is worth adding up: what comes, what waits, what is refused, and what is given up.
const METRICS: [MetricName; 4] = [
    MetricName::MessagesOffered,
    MetricName::ApproximateNumberOfMessagesVisible,
    MetricName::RefusedMessages,
    MetricName::MessagesMovedToDeadLetterQueue,
];

fn of(name: &str) -> impl Iterator<Item = WatchedMetric> + use<> {
    let of = LogicalId::from(name);
    METRICS.into_iter().map(move |metric| WatchedMetric { of: of.clone(), metric })
}

/// The tracks that a large diagram begins with.
pub(crate) fn first_tracks(state: &EditorState) -> Vec<WatchedMetric> {
    if state.scenario.resources.len() > MANY_NODES { of(engine::EVERYTHING).collect() } else { Vec::new() }
}

/// What can be pinned of several resources, once there are groups or many.
pub(crate) fn choices(state: &EditorState) -> impl Iterator<Item = WatchedMetric> + '_ {
    let all = (state.scenario.resources.len() > 1).then(|| of(engine::EVERYTHING));
    let groups = state.scenario.groups.iter().flat_map(|group| of(&engine::group_name(&group.title)));
    all.into_iter().flatten().chain(groups)
}

/// It stands for several resources that are still there.
pub(crate) fn exists(state: &EditorState, of: &LogicalId) -> bool {
    let group = |title: &str| engine::group_name(title) == of.as_str();
    of.as_str() == engine::EVERYTHING || state.scenario.groups.iter().any(|other| group(&other.title))
}

/// What a track is called.
pub fn track_name(of: &LogicalId) -> &str {
    match of.as_str() {
        engine::EVERYTHING => "Everything",
        name => name.strip_prefix(engine::GROUP_PREFIX).unwrap_or(name),
    }
}
