//! The archive of a FIFO topic, and replays out of it (SNS-130 to SNS-133).

use std::collections::VecDeque;

use kernel::{SimDuration, SimTime};

use super::properties::{ArchivePolicy, ReplayPolicy};
use super::quotas::ARCHIVED_MESSAGES;
use crate::message::Message;

const DAY: SimDuration = SimDuration::from_secs(86_400);

/// The messages a FIFO topic has kept.
#[derive(Clone, Debug)]
pub(super) struct Archive {
    retention: SimDuration,
    since: SimTime,
    /// How many messages have left at the front.
    dropped: u64,
    messages: VecDeque<Archived>,
    bytes: u64,
}

/// One archived message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Archived {
    pub(super) at: SimTime,
    pub(super) message: Message,
    bytes: u32,
}

impl Archive {
    pub(super) fn new(policy: ArchivePolicy, now: SimTime) -> Self {
        let mut archive = Self {
            retention: SimDuration::ZERO,
            since: now,
            dropped: 0,
            messages: VecDeque::new(),
            bytes: 0,
        };
        archive.set(policy);
        archive
    }

    pub(super) fn set(&mut self, policy: ArchivePolicy) {
        self.retention = DAY * u64::from(policy.message_retention_period);
    }

    pub(super) fn add(&mut self, message: Message, bytes: u64, now: SimTime) {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        self.messages.push_back(Archived { at: now, message, bytes });
        self.bytes += u64::from(bytes);
        self.forget(now);
    }

    /// Drops what is too old, and what the playground has no room for.
    fn forget(&mut self, now: SimTime) {
        while let Some(oldest) = self.messages.front() {
            let full = self.messages.len() as u64 > ARCHIVED_MESSAGES.current;
            if !full && oldest.at + self.retention > now {
                return;
            }
            self.bytes -= u64::from(oldest.bytes);
            self.dropped += 1;
            self.messages.pop_front();
        }
    }

    /// `BeginningArchiveTime`: from when on messages can be replayed (SNS-130).
    pub(super) fn beginning(&self, now: SimTime) -> SimTime {
        let oldest = SimTime::from_micros(now.as_micros().saturating_sub(self.retention.as_micros()));
        self.since.max(oldest)
    }

    pub(super) fn messages(&self) -> u64 {
        self.messages.len() as u64
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The place of the first message at or after `from`, counted from the first ever archived.
    fn place_of(&self, from: SimTime) -> u64 {
        self.dropped + self.messages.partition_point(|archived| archived.at < from) as u64
    }

    /// The message at a place, or the oldest there is if that one is gone; none at the end.
    fn at(&self, place: u64) -> Option<(u64, Archived)> {
        let place = place.max(self.dropped);
        Some((place, *self.messages.get((place - self.dropped) as usize)?))
    }
}

/// `ReplayStatus` of a subscription (SNS-131).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReplayStatus {
    InProgress,
    Completed,
    Failed,
}

/// A replay to one subscription.
#[derive(Clone, Copy, Debug)]
pub(super) struct Replay {
    policy: ReplayPolicy,
    next: u64,
    pub(super) status: ReplayStatus,
}

/// What a replay does next.
pub(super) enum Step {
    Deliver(Message),
    /// All that was archived has been delivered again.
    Done,
}

impl Replay {
    /// A replay of a policy; it fails without an archive.
    pub(super) fn new(policy: ReplayPolicy, archive: Option<&Archive>) -> Self {
        let from = SimTime::ZERO + SimDuration::from_secs_f64(policy.starting_point.max(0.0));
        match archive {
            Some(archive) => Self { policy, next: archive.place_of(from), status: ReplayStatus::InProgress },
            None => Self { policy, next: 0, status: ReplayStatus::Failed },
        }
    }

    /// The policy it follows.
    pub(super) fn policy(&self) -> ReplayPolicy {
        self.policy
    }

    /// Messages published now go to the subscription: the replay is over and had no end, or never ran (SNS-131).
    pub(super) fn lets_live_messages_pass(&self) -> bool {
        match self.status {
            ReplayStatus::InProgress => false,
            ReplayStatus::Completed => self.policy.ending_point.is_none(),
            ReplayStatus::Failed => true,
        }
    }

    /// The end is still to come: what is published until then belongs to the replay.
    pub(super) fn goes_on(&self, now: SimTime) -> bool {
        self.policy.ending_point.is_some_and(|end| end > now.as_secs_f64())
    }

    pub(super) fn step(&mut self, archive: Option<&Archive>) -> Step {
        let end =
            self.policy.ending_point.map(|end| SimTime::ZERO + SimDuration::from_secs_f64(end.max(0.0)));
        let found = archive.and_then(|archive| archive.at(self.next));
        match found.filter(|(_, archived)| end.is_none_or(|end| archived.at <= end)) {
            Some((place, archived)) => {
                self.next = place + 1;
                Step::Deliver(archived.message)
            }
            None => Step::Done,
        }
    }
}
