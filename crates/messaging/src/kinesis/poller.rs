//! How a consumer reads from a stream, as the KCL does: lease by lease (KDS-34 to KDS-45, KDS-89).

use kernel::{SimDuration, SimTime};

use super::quotas;
use super::request::{Request, Response, ShardIterator, ShardIteratorType};
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
    /// The last record of the batch in hand.
    unsettled: Option<Receipt>,
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
        if (self.worker, self.workers) != (settings.worker, settings.workers) {
            (self.worker, self.workers) = (settings.worker, settings.workers);
            self.membership = Membership::Unknown;
            self.leases.clear();
            self.restart_list();
            self.list_at = now;
        }
    }

    /// The answer to the last call never came, or its batch was lost: back to the checkpoint.
    fn look_for_losses(&mut self) {
        match std::mem::take(&mut self.asked) {
            Asked::Nothing | Asked::Iterator(_) => {}
            Asked::Leases => self.restart_list(),
            Asked::Records(shard) => self.forget_position(shard),
        }
        if let Some(receipt) = self.unsettled.take() {
            self.forget_position(ShardId(receipt.slot));
        }
    }

    fn forget_position(&mut self, shard: ShardId) {
        if let Some(lease) = self.lease_mut(shard) {
            lease.iterator = None;
        }
    }

    fn restart_list(&mut self) {
        self.listed.clear();
        self.page = ShardId::default();
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
            kept.unwrap_or(Lease { shard, iterator: None, due: now })
        };
        self.leases = std::mem::take(&mut self.listed).into_iter().map(kept_or_new).collect();
        self.restart_list();
        self.list_at = now + quotas::LEASE_SYNC_INTERVAL;
    }
}

/// The consumers of a stream take turns: each polls a shard every 200 ms times their number (KDS-45).
fn interval(link: LinkId, cx: &Context<'_>) -> SimDuration {
    let stream = cx.links().get(link).map(|link| link.from);
    let readers = stream.map_or(1, |stream| {
        cx.links().leaving(stream).filter(|link| link.properties.is_pull()).count().max(1)
    });
    quotas::POLL_INTERVAL * readers as u64
}

impl Poller for StreamPoller {
    fn poll(&mut self, link: LinkId, settings: &PollSettings, cx: &mut Context<'_>) -> Poll {
        let now = cx.now();
        self.look_at_settings(settings, now);
        self.look_for_losses();
        if now >= self.list_at {
            self.asked = Asked::Leases;
            let (worker, workers) = (self.worker, self.workers);
            return Poll::Call(Request::ListLeases { worker, workers, first: self.page }.into());
        }
        let Some(lease) = self.leases.iter_mut().min_by_key(|lease| (lease.due, lease.shard)) else {
            return match self.membership {
                Membership::Joined => Poll::Wait(self.list_at.since(now)),
                Membership::Unknown | Membership::Listed => Poll::Idle,
            };
        };
        if lease.due > now {
            return Poll::Wait(lease.due.min(self.list_at).since(now));
        }
        let shard = lease.shard;
        let Some(iterator) = lease.iterator else {
            self.asked = Asked::Iterator(shard);
            let iterator_type = ShardIteratorType::Checkpoint;
            return Poll::Call(Request::GetShardIterator { shard, iterator_type }.into());
        };
        lease.due = now + interval(link, cx);
        self.asked = Asked::Records(shard);
        let limit = settings.max_messages.clamp(1, quotas::GET_RECORDS_RECORDS.current as u32);
        Poll::Call(Request::GetRecords { iterator, limit }.into())
    }

    fn received(&mut self, result: &ApiResult, entries: &Entries, cx: &mut Context<'_>) {
        let now = cx.now();
        let shard = match std::mem::take(&mut self.asked) {
            Asked::Iterator(shard) | Asked::Records(shard) => Some(shard),
            Asked::Nothing | Asked::Leases => None,
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
        }
        None
    }

    fn blocks_on_failure(&self) -> bool {
        true
    }
}
