//! Consumers of brokers: messages are pushed to their workers, and connections break.

use smallvec::smallvec;

use super::consumer::Consumer;
use super::worker::{Stage, Tag, TagKind};
use crate::call::{Entries, Entry, NewCall, Principal, Reply};
use crate::context::Context;
use crate::identifiers::{CallId, LinkId};
use crate::mq;
use crate::registry::{NetworkError, Request};

impl Consumer {
    /// A broker calls: with messages, or because a connection broke.
    pub(crate) fn pushed(&mut self, call_id: CallId, cx: &mut Context<'_>) {
        let call = cx.call_mut(call_id);
        let (link, request) = (call.link, call.request);
        match request {
            Request::Mq(mq::Request::Deliver { worker, subscription }) => {
                let entries = std::mem::take(&mut call.entries);
                let Some(place) = self.worker_of(link, worker as usize, subscription) else {
                    // Whoever wanted the messages is gone.
                    return cx.reply(call_id, Err(NetworkError::Unreachable.into()));
                };
                cx.reply(call_id, Ok(mq::Response::Done.into()));
                self.workers[place].inbox.extend(entries.into_iter().map(|entry| (link, entry)));
                if self.workers[place].stage == Stage::Waiting {
                    self.poll(place, cx);
                }
            }
            Request::Mq(mq::Request::ConnectionClosed) => {
                cx.reply(call_id, Ok(mq::Response::Done.into()));
                self.connection_broke(link, cx);
            }
            _ => cx.reply(call_id, Err(NetworkError::Unreachable.into())),
        }
    }

    /// The worker of a subscription; it is most often where the broker thinks it is.
    fn worker_of(&mut self, link: LinkId, hint: usize, subscription: u32) -> Option<usize> {
        let mut takes = |place: usize| {
            let worker = self.workers.get_mut(place)?;
            worker.poller_of(link)?.takes_push(subscription).then_some(place)
        };
        takes(hint).or_else(|| {
            (0..self.workers.len()).find_map(|place| {
                let worker = self.workers.get_mut(place)?;
                worker.poller_of(link)?.takes_push(subscription).then_some(place)
            })
        })
    }

    /// All connections along a link are gone: what was not begun comes again, and the workers connect anew (MQ-42).
    pub(super) fn connection_broke(&mut self, link: LinkId, cx: &mut Context<'_>) {
        for place in 0..self.workers.len() {
            let worker = &mut self.workers[place];
            let was_open = worker.poller_of(link).is_some_and(|poller| poller.close().is_some());
            worker.inbox.retain(|(of, _)| *of != link);
            if was_open && worker.stage == Stage::Waiting {
                self.poll(place, cx);
            }
        }
    }

    /// The worker ends its connections: what it has not begun goes back.
    pub(super) fn disconnect(&mut self, place: usize, cx: &mut Context<'_>) {
        let worker = &mut self.workers[place];
        worker.inbox.clear();
        for (link, request) in worker.close_pollers() {
            let tag = Tag { kind: TagKind::Heartbeat, worker: place as u32, generation: 0 }.into();
            let (principal, reply) = (Principal::Account, Reply::OnFailure);
            cx.make_call(NewCall { link, request, entries: Entries::new(), principal, reply, tag });
        }
    }

    /// A call that gives a message back to its source; a refused one is not tried again.
    pub(super) fn give_back(
        &mut self,
        place: usize,
        (link, request): (LinkId, Request),
        entry: Entry,
        cx: &mut Context<'_>,
    ) {
        let tag = Tag { kind: TagKind::Heartbeat, worker: place as u32, generation: 0 }.into();
        let (entries, principal, reply) = (smallvec![entry], Principal::Account, Reply::OnFailure);
        cx.make_call(NewCall { link, request, entries, principal, reply, tag });
    }
}
