//! Queues, and the copies that subscribers of topics have coming: the same thing to a broker.

use std::collections::VecDeque;

use kernel::{SimDuration, SimTime};
use slab::Slab;

use super::{Overflow, QueueDeclaration, QueueType};
use crate::identifiers::{KeyId, LinkId};
use crate::message::Message;

/// No subscription holds the message.
pub(super) const NOBODY: u32 = u32::MAX;

/// Why a message was dead-lettered (MQ-34).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// `basic.reject` without requeue, or a poison acknowledgement.
    Rejected,
    /// Its time to live is over.
    Expired,
    /// The queue was full.
    MaxLength,
    /// It was delivered too often.
    DeliveryLimit,
}

/// An entry of `x-death`: for which reason in which queue (MQ-34).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Death {
    pub(super) destination: u32,
    pub(super) reason: Reason,
}

/// A message in a destination.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) message: Message,
    /// Its place: what comes back goes where it was (MQ-17, MQ-30).
    pub(super) order: u64,
    pub(super) destination: u32,
    /// Who holds it.
    pub(super) subscription: u32,
    pub(super) delivered_at: SimTime,
    pub(super) expires_at: SimTime,
    /// How often it was delivered.
    pub(super) deliveries: u32,
    /// Number of its last delivery.
    pub(super) receipt: u32,
    pub(super) bytes: u32,
    pub(super) persistent: bool,
    pub(super) deaths: Vec<Death>,
}

/// What a destination is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A queue (MQ-15).
    Queue,
    /// What a subscriber of a topic has coming (MQ-21).
    Subscription {
        /// Whose it is.
        link: LinkId,
        /// It is kept while the subscriber is away.
        durable: bool,
    },
}

/// A queue, or a subscription to a topic.
#[derive(Clone, Debug)]
pub(super) struct Destination {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) declaration: QueueDeclaration,
    /// It was removed; its place stays.
    pub(super) gone: bool,
    /// Slots of the messages that can be delivered, in order.
    pub(super) ready: VecDeque<u32>,
    pub(super) unacknowledged: u64,
    /// Places of the subscriptions, in the order of their turns.
    pub(super) subscriptions: Vec<u32>,
    pub(super) next_turn: usize,
    /// Which subscription has a message group (MQ-23).
    pub(super) groups: Vec<(KeyId, u32)>,
    /// When its timer will look at the head.
    pub(super) expiry_armed: Option<SimTime>,
    /// Nobody consumes it since then (MQ-32).
    pub(super) unused_since: Option<SimTime>,
    /// Home of a classic queue, leader of a quorum queue (MQ-45).
    pub(super) node: usize,
    /// A new leader serves from then on (MQ-45).
    pub(super) available_at: SimTime,
}

impl Destination {
    pub(super) fn new(name: &str, kind: Kind, declaration: QueueDeclaration, node: usize) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            declaration,
            gone: false,
            ready: VecDeque::new(),
            unacknowledged: 0,
            subscriptions: Vec::new(),
            next_turn: 0,
            groups: Vec::new(),
            expiry_armed: None,
            unused_since: None,
            node,
            available_at: SimTime::ZERO,
        }
    }

    pub(super) fn is_quorum(&self) -> bool {
        self.declaration.queue_type == QueueType::Quorum
    }

    pub(super) fn is_queue(&self) -> bool {
        self.kind == Kind::Queue
    }

    /// Messages in it, those that are held by consumers too.
    pub(super) fn messages(&self) -> u64 {
        self.ready.len() as u64 + self.unacknowledged
    }

    /// Nobody will ever ask for a copy: the subscriber is away and not durable (MQ-21).
    pub(super) fn takes_copies(&self) -> bool {
        !self.gone
            && match self.kind {
                Kind::Queue | Kind::Subscription { durable: true, .. } => true,
                Kind::Subscription { .. } => !self.subscriptions.is_empty(),
            }
    }

    /// What to do with another message: at the maximum length something has to go (MQ-33).
    pub(super) fn overflow(&self, usual: Option<u64>) -> Option<Overflow> {
        let own = self.declaration.max_length.map(|most| (most, self.declaration.overflow));
        // Amazon MQ's policy for classic queues of clusters.
        let usual = usual.filter(|_| !self.is_quorum()).map(|most| (most, Overflow::RejectPublish));
        let (most, overflow) = own.or(usual)?;
        (self.ready.len() as u64 >= most).then_some(overflow)
    }

    /// When a message expires that comes now: the smaller of its own time to live and the queue's (MQ-32).
    pub(super) fn expires_at(&self, now: SimTime, own: Option<u64>) -> SimTime {
        let both = [own, self.declaration.message_ttl];
        let least = both.into_iter().flatten().min();
        least.map_or(SimTime::MAX, |milliseconds| now + SimDuration::from_millis(milliseconds))
    }

    /// Puts a message back where it was.
    pub(super) fn put_back(&mut self, slot: u32, stored: &Slab<Stored>) {
        let order = stored[slot as usize].order;
        let place = self.ready.partition_point(|other| stored[*other as usize].order < order);
        self.ready.insert(place, slot);
    }
}
