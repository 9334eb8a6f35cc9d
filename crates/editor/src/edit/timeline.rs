//! Changes of the timeline.

use kernel::SimTime;
use messaging::Intervention;
use scenario::{Scenario, TimelineEntry};

use super::Edit;

/// Something more happens at a time.
pub fn scheduled(scenario: &Scenario, at: SimTime, intervention: Intervention) -> Edit {
    let more = TimelineEntry { at, intervention };
    Edit::SetTimeline(scenario.timeline.iter().cloned().chain([more]).collect())
}

/// An entry happens at another time.
pub fn rescheduled(scenario: &Scenario, place: usize, at: SimTime) -> Edit {
    let mut timeline = scenario.timeline.clone();
    if let Some(entry) = timeline.get_mut(place) {
        entry.at = at;
    }
    Edit::SetTimeline(timeline)
}

/// An entry does not happen.
pub fn unscheduled(scenario: &Scenario, place: usize) -> Edit {
    let others = scenario.timeline.iter().enumerate().filter(|(other, _)| *other != place);
    Edit::SetTimeline(others.map(|(_, entry)| entry.clone()).collect())
}
