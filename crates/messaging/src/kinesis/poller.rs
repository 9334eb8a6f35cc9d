//! How a consumer reads from a stream, as the KCL does: lease by lease (KDS-34 to KDS-45, KDS-89).

use kernel::{SimDuration, SimTime};

use super::quotas;
use super::request::{Connection, Request, Response, ShardIterator, ShardIteratorType};
use super::sequence_number::SequenceNumber;
use super::shard_map::ShardId;
use crate::call::{ApiResult, Entries, Entry, Receipt};
use crate::context::Context;
use crate::identifiers::LinkId;
use crate::poller::{Poll, PollSettings, Poller};
use crate::registry::{ApiError, Request as AnyRequest, Response as AnyResponse};

/// A shard this worker reads.
#[derive(Clone, Copy, Debug)]
struct Lease {
    shard: ShardId,
    iterator: Option<ShardIterator>,
    /// Enhanced fan-out: there is a connection (KDS-48).
    subscribed: bool,
    /// The last record that was processed of it.
    processed: Option<SequenceNumber>,
    /// When it is polled next.
    due: SimTime,
}

/// What the worker waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Asked {
    #[default]
    Nothing,
    Leases,
    Iterator(ShardId),
    Records(ShardId),
    Subscription(ShardId),
    Event,
}

/// Whether the worker is in the lease table.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Membership {
    #[default]
    Unknown,
    /// It has spoken up; the other workers may not have yet.
    Joined,
    /// It has taken its leases.
    Listed,
}

/// The loop of one worker that reads from a stream.
///
/// The worker reads one shard after the other, each on its own schedule. Its position moves past a batch only when
/// the last record of the batch was settled; after a crash the batch is read again (KDS-93).
#[derive(Clone, Debug, Default)]
pub struct StreamPoller {
    worker: u32,
    workers: u32,
    membership: Membership,
    /// In the order of the shards.
    leases: Vec<Lease>,
    /// Leases listed so far, while the list is read page by page.
    listed: Vec<ShardId>,
    page: ShardId,
    list_at: SimTime,
    asked: Asked,
    /// When the stream has last heard of the worker.
    heard_at: SimTime,
    /// The last record of the batch in hand.
    unsettled: Option<Receipt>,
    /// The shard of the event that was processed last, until the stream is told.
    processed: Option<ShardId>,
}

/// Shards of one page of the list.
const PAGE: u32 = 64;

impl StreamPoller {
    fn lease_mut(&mut self, shard: ShardId) -> Option<&mut Lease> {
        self.leases.iter_mut().find(|lease| lease.shard == shard)
    }

    /// The lease cannot be read: it is given up, and the table looked at again.
    fn give_up(&mut self, shard: ShardId, look_again_at: SimTime) {
        self.leases.retain(|lease| lease.shard != shard);
        self.list_at = look_again_at;
    }

    /// The worker is another one than before: its leases are too.
    fn look_at_settings(&mut self, settings: &PollSettings, now: SimTime) {
        // With other workers beside it, it hears of its leases as usual.
        self.workers = settings.workers;
        if self.worker != settings.worker || self.membership == Membership::Unknown {
            self.worker = settings.worker;
            self.membership = Membership::Unknown;
            self.leases.clear();
            self.restart_list();
            self.list_at = now;
        }
    }

    /// The answer to the last call never came, or its batch was lost: back to the checkpoint.
    fn look_for_losses(&mut self) {
        match std::mem::take(&mut self.asked) {
            Asked::Nothing | Asked::Iterator(_) | Asked::Subscription(_) => {}
            Asked::Event => self.leases.iter_mut().for_each(|lease| lease.subscribed = false),
            Asked::Leases => self.restart_list(),
            Asked::Records(shard) => self.forget_position(shard),
        }
        if let Some(receipt) = self.unsettled.take() {
            self.forget_position(ShardId(receipt.slot));
        }
    }

    fn forget_position(&mut self, shard: ShardId) {
        if let Some(lease) = self.lease_mut(shard) {
            (lease.iterator, lease.subscribed, lease.processed) = (None, false, None);
        }
    }

    fn restart_list(&mut self) {
        self.listed.clear();
        self.page = ShardId::default();
    }

    /// An event came, or none did in time.
    fn event_received(
        &mut self,
        shard: Option<ShardId>,
        connection: Connection,
        entries: &Entries,
        now: SimTime,
    ) {
        let Some(shard) = shard else { return };
        self.unsettled = entries.last().map(|entry| entry.receipt);
        match connection {
            Connection::Open => {}
            Connection::Over => {
                if let Some(lease) = self.lease_mut(shard) {
                    lease.subscribed = false;
                }
            }
            Connection::EndOfShard => self.give_up(shard, now),
        }
    }

    fn leases_listed(&mut self, held: u64, more: bool, now: SimTime) {
        if self.membership == Membership::Unknown {
            self.membership = Membership::Joined;
            self.list_at = now + quotas::LEASE_JOIN_WAIT;
            return;
        }
        let first = self.page.0;
        self.listed.extend((0..PAGE).filter(|bit| held >> bit & 1 == 1).map(|bit| ShardId(first + bit)));
        if more {
            self.page = ShardId(first + PAGE);
            return;
        }
        self.membership = Membership::Listed;
        // Both are in the order of the shards, of which there may be 20,000.
        let mut held = std::mem::take(&mut self.leases).into_iter().peekable();
        let kept_or_new = |shard: ShardId| {
            while held.next_if(|lease| lease.shard < shard).is_some() {}
            let kept = held.next_if(|lease| lease.shard == shard);
            kept.unwrap_or(Lease { shard, iterator: None, subscribed: false, processed: None, due: now })
        };
        self.leases = std::mem::take(&mut self.listed).into_iter().map(kept_or_new).collect();
        self.restart_list();
        self.list_at = now + quotas::LEASE_SYNC_INTERVAL;
    }
}

/// The consumers of a stream take turns: each polls a shard every 200 ms times their number (KDS-45).
pub(crate) fn polling_interval(link: LinkId, cx: &Context<'_>) -> SimDuration {
    let stream = cx.links().get(link).map(|link| link.from);
    let readers = stream.map_or(1, |stream| {
        cx.links()
            .leaving(stream)
            .filter(|link| link.properties.is_pull() && link.properties.stream_consumer().is_none())
            .count()
            .max(1)
    });
    quotas::POLL_INTERVAL * readers as u64
}

impl Poller for StreamPoller {
    fn poll(&mut self, link: LinkId, settings: &PollSettings, cx: &mut Context<'_>) -> Poll {
        let now = cx.now();
        self.look_at_settings(settings, now);
        self.look_for_losses();
        self.heard_at = now;
        if now >= self.list_at {
            self.asked = Asked::Leases;
            let (worker, workers) = (self.worker, self.workers);
            return Poll::Call(Request::ListLeases { worker, workers, first: self.page }.into());
        }
        let fans_out = cx.links().get(link).is_some_and(|link| link.properties.stream_consumer().is_some());
        if fans_out && self.leases.iter().all(|lease| lease.subscribed) && !self.leases.is_empty() {
            self.asked = Asked::Event;
            let (reader, processed, until) = (self.worker, self.processed.take(), self.list_at);
            return Poll::Call(Request::ReceiveEvent { consumer: None, reader, processed, until }.into());
        }
        let waits = |lease: &&mut Lease| !fans_out || !lease.subscribed;
        let next = self.leases.iter_mut().filter(waits).min_by_key(|lease| (lease.due, lease.shard));
        let Some(lease) = next else {
            return match self.membership {
                Membership::Joined => Poll::Wait(self.list_at.since(now)),
                Membership::Unknown | Membership::Listed => Poll::Idle,
            };
        };
        if lease.due > now {
            return Poll::Wait(lease.due.min(self.list_at).since(now));
        }
        let shard = lease.shard;
        if fans_out {
            self.asked = Asked::Subscription(shard);
            let (consumer, reader) = (None, self.worker);
            let checkpoint = ShardIteratorType::Checkpoint { worker: reader };
            let starting_position =
                lease.processed.map_or(checkpoint, ShardIteratorType::AfterSequenceNumber);
            return Poll::Call(
                Request::SubscribeToShard { consumer, reader, shard, starting_position }.into(),
            );
        }
        let Some(iterator) = lease.iterator else {
            self.asked = Asked::Iterator(shard);
            let iterator_type = ShardIteratorType::Checkpoint { worker: self.worker };
            return Poll::Call(Request::GetShardIterator { shard, iterator_type }.into());
        };
        lease.due = now + polling_interval(link, cx);
        self.asked = Asked::Records(shard);
        let limit = settings.max_messages.clamp(1, quotas::GET_RECORDS_RECORDS.current as u32);
        Poll::Call(Request::GetRecords { iterator, limit }.into())
    }

    fn received(&mut self, result: &ApiResult, entries: &Entries, cx: &mut Context<'_>) {
        let now = cx.now();
        let shard = match std::mem::take(&mut self.asked) {
            Asked::Iterator(shard) | Asked::Records(shard) | Asked::Subscription(shard) => Some(shard),
            Asked::Nothing | Asked::Leases | Asked::Event => None,
        };
        match (result, shard) {
            (Ok(AnyResponse::Kinesis(Response::Leases { held, more })), _) => {
                self.leases_listed(*held, *more, now);
            }
            (Ok(AnyResponse::Kinesis(Response::GetShardIterator(iterator))), Some(shard)) => {
                if let Some(lease) = self.lease_mut(shard) {
                    lease.iterator = Some(*iterator);
                }
            }
            (Ok(AnyResponse::Kinesis(Response::GetRecords { next_shard_iterator, .. })), Some(shard)) => {
                self.unsettled = entries.last().map(|entry| entry.receipt);
                match next_shard_iterator {
                    None => self.give_up(shard, now),
                    iterator => {
                        if let Some(lease) = self.lease_mut(shard) {
                            lease.iterator = *iterator;
                        }
                    }
                }
            }
            (Ok(AnyResponse::Kinesis(Response::Subscribed)), Some(shard)) => {
                if let Some(lease) = self.lease_mut(shard) {
                    lease.subscribed = true;
                }
            }
            (Ok(AnyResponse::Kinesis(Response::SubscribeToShardEvent { shard, connection, .. })), _) => {
                self.event_received(*shard, *connection, entries, now);
            }
            (
                Err(ApiError::Kinesis(super::Error::ConsumerInUse | super::Error::NoSuchConsumer)),
                Some(shard),
            ) => {
                if let Some(lease) = self.lease_mut(shard) {
                    lease.due = now + SimDuration::from_secs(1);
                }
            }
            (Err(ApiError::Kinesis(super::Error::ShutdownException)), None) => self.list_at = now,
            (Err(ApiError::Kinesis(super::Error::ExpiredIteratorException)), Some(shard)) => {
                self.forget_position(shard);
            }
            (Err(error), Some(shard)) if error.as_service_error().is_retryable() => {
                if let Some(lease) = self.lease_mut(shard) {
                    lease.due = now + quotas::POLL_INTERVAL;
                }
            }
            (Err(_), Some(shard)) => self.give_up(shard, now + quotas::POLL_INTERVAL),
            _ => self.list_at = now + quotas::LEASE_SYNC_INTERVAL,
        }
    }

    /// Each shard has its own schedule.
    fn pause_after_refusal(&self) -> SimDuration {
        SimDuration::ZERO
    }

    /// A checkpoint of the KCL goes to its own table (KDS-93): no call.
    fn settle(&mut self, entries: &[Entry]) -> Option<AnyRequest> {
        if entries.last().map(|entry| entry.receipt) == self.unsettled {
            self.unsettled = None;
            if let Some(Receipt { slot, generation }) = entries.last().map(|entry| entry.receipt) {
                let (shard, index) = (ShardId(slot), u64::from(generation));
                self.processed = Some(shard);
                if let Some(lease) = self.lease_mut(shard) {
                    lease.processed = Some(SequenceNumber { shard, index });
                }
            }
        }
        None
    }

    /// The KCL renews leases while records are processed (KDS-91).
    fn extend(&mut self, _entry: &Entry, _seconds: u32) -> Option<AnyRequest> {
        Some(Request::RenewLeases { worker: self.worker }.into())
    }

    fn extends_every(&self) -> Option<SimDuration> {
        Some(quotas::LEASE_RENEWAL)
    }

    fn is_overdue(&mut self, now: SimTime) -> bool {
        let overdue = now.since(self.heard_at) >= quotas::LEASE_RENEWAL;
        if overdue {
            self.heard_at = now;
        }
        overdue
    }

    fn blocks_on_failure(&self) -> bool {
        true
    }
}
