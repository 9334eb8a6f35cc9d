//! A consumer whose workers come and go one by one: what the instances of an Auto Scaling group run (CMP-14).

use kernel::SimDuration;

use super::consumer::{Consumer, ConsumerTimer};
use super::consumer_properties::ConsumerProperties;
use super::worker::{Stage, Worker};
use crate::behavior::Behavior;
use crate::context::Context;
use crate::registry::Timer as AnyTimer;

impl Consumer {
    /// A consumer without workers that is part of another component; `wake` makes its timers that component's.
    pub(crate) fn managed(
        properties: &ConsumerProperties,
        wake: fn(ConsumerTimer) -> AnyTimer,
        cx: &mut Context<'_>,
    ) -> Self {
        let mut fleet = Self::create(properties, cx);
        (fleet.wake, fleet.managed) = (wake, true);
        fleet
    }

    /// A worker begins at a place that is vacant.
    pub(crate) fn open(&mut self, place: usize, cx: &mut Context<'_>) {
        while self.workers.len() <= place {
            self.workers.push(Worker::new(Stage::Vacant, 0));
        }
        let worker = &mut self.workers[place];
        worker.stage = Stage::Waiting;
        worker.leaving = false;
        self.deal();
        self.poll_after(place, SimDuration::from_micros(1), cx);
    }

    /// A worker is to end after what it has in hand: its read that is out is answered first, so that nothing is
    /// handed to nobody.
    pub(crate) fn leave(&mut self, place: usize, cx: &mut Context<'_>) {
        let worker = &mut self.workers[place];
        worker.leaving = true;
        if worker.stage == Stage::Waiting {
            worker.stage = Stage::Stopped;
            self.disconnect(place, cx);
        }
    }

    /// A worker that was to end has ended.
    pub(crate) fn has_left(&self, place: usize) -> bool {
        self.workers.get(place).is_none_or(|worker| matches!(worker.stage, Stage::Stopped | Stage::Vacant))
    }

    /// A worker is gone, with all it has in hand: that returns after its visibility timeout (CMP-4).
    pub(crate) fn close(&mut self, place: usize, cx: &mut Context<'_>) {
        self.disconnect(place, cx);
        let worker = &mut self.workers[place];
        if let Some(until) = worker.lose_everything() {
            cx.cancel(until);
        }
        worker.stage = Stage::Vacant;
        self.deal();
    }

    /// How many workers are at work, and how many there are.
    pub(crate) fn busy(&self) -> (usize, usize) {
        let there = self.workers.iter().filter(|worker| worker.stage != Stage::Vacant);
        (self.workers.iter().filter(|worker| worker.is_busy()).count(), there.count())
    }

    /// Progress in per cent of what a worker has in hand; none when it has nothing.
    pub(crate) fn busy_percent(&self, place: usize, now: kernel::SimTime) -> Option<u8> {
        self.workers.get(place).and_then(|worker| worker.busy_percent(now))
    }

    /// How many messages were processed and how many failed in the last second.
    pub(crate) fn per_second(&self, now: kernel::SimTime) -> (u64, u64) {
        (self.processed.last_second(now), self.failed.last_second(now))
    }

    /// The links it reads along.
    pub(crate) fn source_links(&self) -> impl Iterator<Item = crate::identifiers::LinkId> + '_ {
        self.sources.iter().map(|(link, _)| *link)
    }
}
