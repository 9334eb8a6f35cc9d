//! Publishing and reading from outside the graph: the web console, an API console, a test (MQ-4).

use super::accounting::Leaves;
use super::broker::Broker;
use super::ports::Terms;
use super::{Error, Request, Response};
use crate::call::Entries;
use crate::context::Context;
use crate::identifiers::{CallId, KeyId, LinkId};
use crate::registry::Request as AnyRequest;

impl Broker {
    /// Where a message goes that was published from outside; none if the exchange is not there.
    pub(super) fn places_from_outside(
        &mut self,
        call: CallId,
        cx: &Context<'_>,
    ) -> Option<(Box<[u32]>, Terms)> {
        let AnyRequest::Mq(Request::BasicPublish { exchange, mandatory, time_to_live }) =
            cx.call(call).request
        else {
            return None;
        };
        let message = cx.call(call).entries.first()?.message;
        let exchange = cx.catalogue().key(exchange).map_or("", |key| &key.text);
        let exchange = self.routing.exchange(exchange)?;
        let places = self.route(exchange, message.key, message.payload, cx);
        let time_to_live = time_to_live.map(u64::from);
        Some((places, Terms { persistent: true, confirms: true, mandatory, time_to_live }))
    }

    /// `basic.get`: reads the first messages of a queue, which stay unacknowledged.
    pub(super) fn basic_get(&mut self, call: CallId, queue: KeyId, max_messages: u32, cx: &mut Context<'_>) {
        let name = cx.catalogue().key(queue).map_or_else(String::new, |key| key.text.to_string());
        let Some(place) = self.queue(&name) else { return cx.reply(call, Err(Error::NotFound.into())) };
        let subscription = self.pollers_of(LinkId::NONE, place);
        let entries = self.take_ready(place, subscription, max_messages, cx);
        cx.reply_with_messages(call, Ok(Response::Done.into()), entries);
    }

    /// The first messages of a queue, for somebody who asks for them.
    pub(super) fn take_ready(
        &mut self,
        place: u32,
        subscription: u32,
        max_messages: u32,
        cx: &mut Context<'_>,
    ) -> Entries {
        let now = cx.now();
        let mut entries = Entries::new();
        self.drop_expired(place, cx);
        while entries.len() < max_messages as usize && self.is_available(place, now) {
            let Some(slot) = self.destinations[place as usize].ready.pop_front() else { break };
            entries.push(self.hand_out(slot, subscription, cx));
            self.drop_expired(place, cx);
        }
        self.delivered.add(now, entries.len() as u64);
        entries
    }

    /// Takes all out that can be delivered: what the console calls purge.
    pub(super) fn purge(&mut self, cx: &mut Context<'_>) {
        (0..self.destinations.len() as u32).for_each(|place| self.empty(place, Leaves::Dropped, cx));
    }
}
