//! One worker of a consumer.

use std::collections::VecDeque;

use kernel::{EventKey, SimTime};

use crate::call::{Entries, Entry};
use crate::identifiers::{KeyId, LinkId};
use crate::poller::AnyPoller;
use crate::registry::{Request, ResourceKind};

/// What a worker is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Stage {
    /// Waits for the time of its next read.
    #[default]
    Waiting,
    /// Waits for the answer to a read.
    Polling,
    /// Processes a message.
    Working {
        /// When it began.
        since: SimTime,
        /// Its wake-up.
        until: EventKey,
    },
    /// Waits for the answers of those it sent the message on to.
    Forwarding {
        /// How many answers are missing.
        waiting: u32,
        /// One of the answers was a refusal.
        failed: bool,
    },
    /// Does nothing until it is started.
    Stopped,
    /// Nobody works here: the instance of an Auto Scaling group is gone, or not there yet (CMP-14).
    Vacant,
}

/// One worker of a consumer.
#[derive(Clone, Debug)]
pub(super) struct Worker {
    pub(super) stage: Stage,
    /// Its place among those who work, and how many they are.
    pub(super) rank: u32,
    pub(super) ranks: u32,
    /// It reads no more once it has finished what it has in hand (CMP-22).
    pub(super) leaving: bool,
    /// Counts its lives: answers and wake-ups of an earlier life mean nothing.
    pub(super) generation: u32,
    /// Where the messages in hand came from.
    pub(super) source: LinkId,
    pub(super) batch: Entries,
    pub(super) position: usize,
    /// Counts the messages it was at work on.
    pub(super) task: u32,
    /// Processed, and to be deleted together.
    pub(super) processed: Entries,
    /// Pushed, and not begun yet.
    pub(super) inbox: VecDeque<(LinkId, Entry)>,
    pollers: Vec<(LinkId, AnyPoller)>,
    next_poller: usize,
}

impl Worker {
    pub(super) fn new(stage: Stage, generation: u32) -> Self {
        Self {
            stage,
            rank: 0,
            ranks: 0,
            leaving: false,
            generation,
            source: LinkId::NONE,
            batch: Entries::new(),
            position: 0,
            task: 0,
            processed: Entries::new(),
            inbox: VecDeque::new(),
            pollers: Vec::new(),
            next_poller: 0,
        }
    }

    /// The sources are dealt to the workers in turn; a worker with several of them reads one after the other.
    pub(super) fn set_sources(&mut self, place: usize, workers: usize, sources: &[(LinkId, ResourceKind)]) {
        let mut old = std::mem::take(&mut self.pollers);
        let many_workers = workers >= sources.len();
        for (number, (link, kind)) in sources.iter().enumerate() {
            let mine = if many_workers { place % sources.len() == number } else { number % workers == place };
            if !mine {
                continue;
            }
            let kept = old.iter().position(|(other, _)| other == link).map(|index| old.swap_remove(index).1);
            if let Some(poller) = kept.or_else(|| kind.poller().map(|kind| kind.create())) {
                self.pollers.push((*link, poller));
            }
        }
    }

    /// How many sources it reads from.
    pub(super) fn sources(&self) -> usize {
        self.pollers.len()
    }

    /// Messages are pushed to it.
    pub(super) fn is_pushed(&self) -> bool {
        self.pollers.iter().any(|(_, poller)| poller.is_pushed())
    }

    /// The calls that end its connections.
    pub(super) fn close_pollers(&mut self) -> Vec<(LinkId, Request)> {
        self.pollers.iter_mut().filter_map(|(link, poller)| Some((*link, poller.close()?))).collect()
    }

    /// The source to read from next.
    pub(super) fn next_source(&mut self) -> Option<(LinkId, &mut AnyPoller)> {
        let count = self.pollers.len();
        if count == 0 {
            return None;
        }
        self.next_poller = (self.next_poller + 1) % count;
        self.pollers.get_mut(self.next_poller).map(|(link, poller)| (*link, poller))
    }

    /// The loop that reads from a link.
    #[inline]
    pub(super) fn poller_of(&mut self, link: LinkId) -> Option<&mut AnyPoller> {
        self.pollers.iter_mut().find(|(other, _)| *other == link).map(|(_, poller)| poller)
    }

    /// The message in hand.
    #[inline]
    pub(super) fn current(&self) -> Option<&Entry> {
        self.batch.get(self.position)
    }

    /// Leaves the rest of a message group for later.
    pub(super) fn skip_group(&mut self, key: KeyId) {
        let position = self.position;
        let mut index = 0;
        self.batch.retain(|entry| {
            index += 1;
            index <= position || entry.message.key != key
        });
    }

    pub(super) fn is_busy(&self) -> bool {
        matches!(self.stage, Stage::Working { .. } | Stage::Forwarding { .. })
    }

    /// Progress of its work in per cent, if it has any.
    pub(super) fn busy_percent(&self, now: SimTime) -> Option<u8> {
        match self.stage {
            Stage::Working { since, until } => {
                let all = until.at().since(since).as_micros().max(1);
                Some((now.since(since).as_micros() * 100 / all).min(100) as u8)
            }
            Stage::Forwarding { .. } => Some(100),
            _ => None,
        }
    }

    /// The worker dies: nothing it holds is settled. Gives the wake-up that no longer counts.
    pub(super) fn lose_everything(&mut self) -> Option<EventKey> {
        let until = match self.stage {
            Stage::Working { until, .. } => Some(until),
            _ => None,
        };
        self.stage = Stage::Stopped;
        self.generation = (self.generation + 1) & Tag::MAX_GENERATION;
        self.batch.clear();
        self.processed.clear();
        until
    }
}

/// What a call of a consumer is about, packed into the call's tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) kind: TagKind,
    pub(super) worker: u32,
    /// The worker's life, or the attempt of a settling call.
    pub(super) generation: u32,
}

/// The calls a consumer makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TagKind {
    Receive,
    Forward,
    Settle,
    Heartbeat,
}

impl Tag {
    /// Generations count modulo 2^18.
    pub(super) const MAX_GENERATION: u32 = 0x3_ffff;
}

impl From<Tag> for u32 {
    fn from(tag: Tag) -> u32 {
        let kind = match tag.kind {
            TagKind::Receive => 0,
            TagKind::Forward => 1,
            TagKind::Settle => 2,
            TagKind::Heartbeat => 3,
        };
        kind << 30 | (tag.worker & 0xfff) << 18 | (tag.generation & Tag::MAX_GENERATION)
    }
}

impl From<u32> for Tag {
    fn from(bits: u32) -> Self {
        let kind = match bits >> 30 {
            0 => TagKind::Receive,
            1 => TagKind::Forward,
            2 => TagKind::Settle,
            _ => TagKind::Heartbeat,
        };
        Self { kind, worker: bits >> 18 & 0xfff, generation: bits & Self::MAX_GENERATION }
    }
}
