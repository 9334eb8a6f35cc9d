//! How the copies of a followed message stand when no more is noted.

use kernel::SimTime;
use messaging::LogicalId;

use super::Tracker;
use crate::journey::{Hop, HopKind, OutcomeKind, Stay, StayState};

impl Tracker<'_> {
    /// What is open at the end is where the copies are.
    pub(super) fn sum_up(&mut self, until: SimTime) {
        let lost_by: Vec<LogicalId> = self
            .outcomes()
            .map(|all| {
                all.iter()
                    .filter(|lost| lost.kind == OutcomeKind::Lost)
                    .map(|lost| lost.place.clone())
                    .collect()
            })
            .unwrap_or_default();
        if let Some(all) = self.outcomes() {
            all.retain(|o| {
                o.kind != OutcomeKind::Refused || o.via.as_ref().is_none_or(|via| !lost_by.contains(via))
            });
        }
        for index in 0..self.places.len() {
            let Some(stay) = self.journey.as_ref().and_then(|journey| journey.stays.get(index)).cloned()
            else {
                return;
            };
            let place = self.places[index];
            let read = |hop: &&Hop| hop.from == stay.place;
            let taker = self.hops().filter(read).rfind(|hop| hop.kind == HopKind::Received);
            let taker = taker.map(|hop| hop.to.clone());
            match (stay.state, stay.until) {
                (StayState::Visible, None) if self.was_processed(taker.as_ref()) => {
                    let reason = format!(
                        "It was read and worked on. {} keeps it until its retention period ends.",
                        stay.place
                    );
                    let Some(taker) = taker else { continue };
                    let by = self.hops().rfind(|hop| hop.to == taker).map_or(until, |hop| hop.arrives);
                    self.outcome(place, Some(taker), OutcomeKind::Delivered, by, reason);
                }
                (StayState::Visible | StayState::Delayed, None) => {
                    let reason = format!("It waits in {}.", stay.place);
                    self.outcome(place, None, OutcomeKind::Waiting, until, reason);
                }
                (StayState::Dead, None) if !self.has(OutcomeKind::DeadLettered) => {
                    let reason = format!("It waits in {}, where nobody deletes it.", stay.place);
                    self.outcome(place, None, OutcomeKind::DeadLettered, until, reason);
                }
                (StayState::InFlight, None) => {
                    let reason = "It was received, and is neither deleted nor visible again.".into();
                    self.outcome(place, taker, OutcomeKind::UnderWay, until, reason);
                }
                (StayState::Passing, None) => {
                    self.outcome(place, None, OutcomeKind::UnderWay, until, "It is on its way.".into());
                }
                (StayState::Passing, Some(at)) if self.ends_at(index, &stay) => {
                    let via = self.hops().rfind(|hop| hop.to == stay.place).map(|hop| hop.from.clone());
                    let failed = self.stays().rev().find(|other| other.place == stay.place);
                    match failed.filter(|other| other.state == StayState::Failed) {
                        None => self.outcome(place, via, OutcomeKind::Delivered, at, String::new()),
                        Some(failed) => {
                            let (at, reason) = (failed.from, "Working on it failed each time.".to_owned());
                            self.outcome(place, via, OutcomeKind::Lost, at, reason);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// A call ended here: nothing was kept, and nothing went on.
    fn ends_at(&self, index: usize, stay: &Stay) -> bool {
        let kept = |other: &Stay| {
            matches!(
                other.state,
                StayState::Visible | StayState::Delayed | StayState::Dead | StayState::InFlight
            )
        };
        let later = self
            .stays()
            .skip(index + 1)
            .any(|other| other.place == stay.place && (kept(other) || other.state == StayState::Passing));
        let went_on = self.hops().any(|hop| hop.from == stay.place);
        let duplicate = self
            .journey
            .iter()
            .flat_map(|journey| &journey.traveller.outcomes)
            .any(|outcome| outcome.place == stay.place && outcome.kind == OutcomeKind::Duplicate);
        !later && !went_on && !duplicate
    }

    fn was_processed(&self, by: Option<&LogicalId>) -> bool {
        let done = |stay: &Stay| stay.state == StayState::Processing && stay.until.is_some();
        by.is_some_and(|by| self.stays().any(|stay| stay.place == *by && done(stay)))
    }

    fn has(&self, kind: OutcomeKind) -> bool {
        self.journey
            .iter()
            .flat_map(|journey| &journey.traveller.outcomes)
            .any(|outcome| outcome.kind == kind)
    }
}
