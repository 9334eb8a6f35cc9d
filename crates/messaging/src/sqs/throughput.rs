//! Calls per second of a FIFO queue, for each API action (SQS-161).

use kernel::{CallWindow, SecondCounter, SimTime};

use super::error::Error;
use crate::identifiers::LinkId;

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
    /// Accepts a call of `messages` messages, or refuses it over the quota (SQS-164, SQS-165).
    pub(super) fn admit(
        &mut self,
        action: Action,
        now: SimTime,
        limit: u64,
        link: LinkId,
        messages: u64,
    ) -> Result<(), Error> {
        let meter = &mut self.meters[action as usize];
        meter.tried.add(now, 1);
        meter.messages.add(now, messages);
        match meter.callers.iter_mut().find(|(caller, _)| *caller == link) {
            Some((_, calls)) => calls.add(now, 1),
            None => {
                let mut calls = SecondCounter::default();
                calls.add(now, 1);
                meter.callers.push((link, calls));
            }
        }
        if meter.accepted.try_take(now, limit).is_err() {
            meter.refused.add(now, 1);
            return Err(Error::RequestThrottled);
        }
        Ok(())
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

impl Meter {
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
