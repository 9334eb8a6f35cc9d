//! Calls per second of a FIFO queue, for each API action (SQS-161).

use kernel::{CallWindow, SecondCounter, SimTime};
use smallvec::SmallVec;

use super::error::Error;
use super::partitions::FifoPartitions;
use super::properties::QueueProperties;
use crate::call::Call;
use crate::context::Context;
use crate::identifiers::{CallId, LinkId};

/// An API action with a quota of its own; batch forms count with it (SQS-161).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Send,
    Receive,
    Delete,
}

impl Action {
    pub(super) const ALL: [Self; 3] = [Self::Send, Self::Receive, Self::Delete];

    /// The API's name of the action.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Send => "SendMessage",
            Self::Receive => "ReceiveMessage",
            Self::Delete => "DeleteMessage",
        }
    }
}

/// The calls of all actions.
#[derive(Clone, Debug, Default)]
pub(super) struct Throughput {
    meters: [Meter; 3],
    /// Those of a queue with high throughput (SQS-163).
    pub(super) partitions: Option<FifoPartitions>,
}

/// The calls of one action.
#[derive(Clone, Debug, Default)]
pub(super) struct Meter {
    accepted: CallWindow,
    /// All calls, refused ones too.
    tried: SecondCounter,
    /// The messages of all calls.
    messages: SecondCounter,
    refused: SecondCounter,
    callers: Vec<(LinkId, SecondCounter)>,
}

impl Throughput {
    pub(super) fn new(properties: &QueueProperties) -> Self {
        let partitions = properties
            .has_high_throughput()
            .then(|| FifoPartitions::new(properties.high_throughput_partitions));
        Self { partitions, ..Self::default() }
    }

    /// Accepts a call, or refuses it over the quota (SQS-164, SQS-165).
    ///
    /// Of a batch for several partitions, the entries of those without room are marked as throttled (SQS-163).
    pub(super) fn admit(
        &mut self,
        action: Action,
        call: CallId,
        quota: u64,
        cx: &mut Context<'_>,
    ) -> Result<(), Error> {
        let now = cx.now();
        self.meters[action as usize].note(now, cx.call(call));
        let Some(partitions) = &mut self.partitions else {
            return self.meters[action as usize].admit(now, quota);
        };
        partitions.grow(now, self.meters[action as usize].tried(now));
        let quota = quota.min(partitions.calls_per_second());
        let throttled = if action == Action::Send { take_partitions(partitions, call, cx) } else { 0 };
        let meter = &mut self.meters[action as usize];
        let messages = cx.call(call).entries.len();
        let result = if throttled > 0 && throttled == messages {
            meter.refused.add(now, 1);
            Err(Error::RequestThrottled)
        } else {
            meter.refused.add(now, u64::from(throttled > 0));
            meter.admit(now, quota)
        };
        if result.is_err() && throttled > 0 {
            // The call is refused as a whole, which says it all.
            cx.call_mut(call).entries.iter_mut().for_each(|entry| entry.error = None);
        }
        result
    }

    /// The calls of an action.
    pub(super) fn meter(&self, action: Action) -> &Meter {
        &self.meters[action as usize]
    }

    /// The action that is refused most, if any is.
    pub(super) fn refused(&self, now: SimTime) -> Option<Action> {
        let refused = |action: &Action| self.meter(*action).refused(now);
        Action::ALL.into_iter().max_by_key(refused).filter(|action| refused(action) > 0)
    }

    /// The action that tries most.
    pub(super) fn busiest(&self, now: SimTime) -> Action {
        let mut busiest = Action::Send;
        for action in Action::ALL {
            if self.meter(action).tried(now) > self.meter(busiest).tried(now) {
                busiest = action;
            }
        }
        busiest
    }
}

/// Takes a call from each partition that its messages go to; gives how many messages find no room.
fn take_partitions(partitions: &mut FifoPartitions, call: CallId, cx: &mut Context<'_>) -> usize {
    let mut taken: SmallVec<[(usize, bool); 10]> = SmallVec::new();
    let mut throttled = 0;
    for place in 0..cx.call(call).entries.len() {
        let key = cx.call(call).entries[place].message.key;
        let partition = cx.catalogue().key(key).map_or(0, |key| partitions.of(key.md5));
        let known = taken.iter().find(|(other, _)| *other == partition).map(|(_, has_room)| *has_room);
        let has_room = known.unwrap_or_else(|| {
            let has_room = partitions.try_send(partition, cx.now());
            taken.push((partition, has_room));
            has_room
        });
        if !has_room {
            throttled += 1;
            cx.call_mut(call).entries[place].error = Some(Error::RequestThrottled.into());
        }
    }
    throttled
}

impl Meter {
    /// Counts a call, whatever becomes of it.
    fn note(&mut self, now: SimTime, call: &Call) {
        self.tried.add(now, 1);
        self.messages.add(now, call.entries.len() as u64);
        match self.callers.iter_mut().find(|(caller, _)| *caller == call.link) {
            Some((_, calls)) => calls.add(now, 1),
            None => {
                let mut calls = SecondCounter::default();
                calls.add(now, 1);
                self.callers.push((call.link, calls));
            }
        }
    }

    fn admit(&mut self, now: SimTime, quota: u64) -> Result<(), Error> {
        if self.accepted.try_take(now, quota).is_err() {
            self.refused.add(now, 1);
            return Err(Error::RequestThrottled);
        }
        Ok(())
    }

    /// Calls in the last second, refused ones too.
    pub(super) fn tried(&self, now: SimTime) -> u64 {
        recent(&self.tried, now)
    }
    /// Calls refused in the last second.
    pub(super) fn refused(&self, now: SimTime) -> u64 {
        recent(&self.refused, now)
    }
    /// Messages of the calls of the last second, for each call.
    pub(super) fn messages_per_call(&self, now: SimTime) -> f64 {
        recent(&self.messages, now) as f64 / self.tried(now).max(1) as f64
    }
    /// Who tries most, and how many calls a second.
    pub(super) fn busiest_caller(&self, now: SimTime) -> Option<(LinkId, u64)> {
        let calls = self.callers.iter().map(|(link, calls)| (*link, recent(calls, now)));
        calls.max_by_key(|(_, calls)| *calls).filter(|(_, calls)| *calls > 0)
    }
}

/// The count of the last whole second, or of the running one if it is more already.
fn recent(counter: &SecondCounter, now: SimTime) -> u64 {
    counter.last_second(now).max(counter.current(now))
}
