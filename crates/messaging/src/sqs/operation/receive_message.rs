//! `ReceiveMessage` (SQS-40 to SQS-45, SQS-70, SQS-71, SQS-80 to SQS-85).

use kernel::{SimDuration, SimTime};

use crate::call::{Entries, Entry, Receipt};
use crate::context::Context;
use crate::identifiers::{CallId, LinkId};
use crate::metric::MetricName;
use crate::registry::NetworkError;
use crate::sqs::attempts::Attempt;
use crate::sqs::backlog::Cursor;
use crate::sqs::error::Error;
use crate::sqs::{Queue, Request, Response, quotas};
use crate::trace::{Kept, TraceKind};

impl Queue {
    /// `ReceiveMessage`.
    #[inline]
    pub(in crate::sqs) fn receive_message(&mut self, call: CallId, request: Request, cx: &mut Context<'_>) {
        let Request::ReceiveMessage {
            max_number_of_messages,
            wait_time_seconds,
            visibility_timeout,
            receive_request_attempt_id,
        } = request
        else {
            return;
        };
        if let Err(error) = check_receive(max_number_of_messages, wait_time_seconds, visibility_timeout) {
            return self.refuse(call, error, cx);
        }
        let wait = wait_time_seconds.map_or(self.properties.receive_message_wait_time_seconds, u32::from);
        let timeout = visibility_timeout.unwrap_or(self.properties.visibility_timeout);
        let visibility_timeout = SimDuration::from_secs(u64::from(timeout));
        let max_messages = usize::from(max_number_of_messages);
        let attempt = receive_request_attempt_id.filter(|_| self.properties.fifo_queue);
        let attempt = attempt.map(|id| Attempt { id, max_messages, visibility_timeout });
        if let Some(attempt) = attempt
            && let Some(entries) = self.attempts.repeat(attempt, cx.now(), &mut self.backlog)
        {
            self.alarm.wake_by(cx.now() + visibility_timeout, cx);
            return self.answer_receive(call, entries, cx);
        }
        let full = self.backlog.store.in_flight() >= cx.quota(self.in_flight_quota());
        if full {
            self.trouble.over_limit.add(cx.now(), 1);
            if wait == 0 && !self.properties.fifo_queue {
                return self.refuse(call, Error::OverLimit, cx);
            }
        }
        let mut cursor = match wait {
            0 => self.backlog.look_around(self.properties.short_poll_sampled_share, cx.random()),
            _ => self.backlog.look_everywhere(cx.random()),
        };
        // Whoever waits already goes first (SQS-85): what they left cannot be received.
        let link = cx.call(call).link;
        let entries = self.collect(&mut cursor, max_messages, visibility_timeout, link, cx);
        if entries.is_empty() && wait > 0 {
            let deadline = cx.now() + SimDuration::from_secs(u64::from(wait));
            self.long_polls.push(deadline, call, (max_messages, visibility_timeout), attempt);
            self.alarm.wake_by(deadline, cx);
        } else {
            self.remember_attempt(attempt, &entries, cx);
            self.answer_receive(call, entries, cx);
        }
    }

    /// Whoever asks again under this id gets the same messages (SQS-153).
    fn remember_attempt(&mut self, attempt: Option<Attempt>, entries: &Entries, cx: &Context<'_>) {
        if let Some(attempt) = attempt.filter(|_| !entries.is_empty()) {
            self.attempts.remember(attempt, cx.now(), entries, &self.backlog);
        }
    }

    /// Gives what has become visible to the receives that wait, first come first served (SQS-85).
    #[inline]
    pub(in crate::sqs) fn serve_waiting(&mut self, cx: &mut Context<'_>) {
        while let Some(waiting) = self.long_polls.first().copied() {
            if !self.backlog.has_receivable() {
                return;
            }
            let link = cx.call(waiting.call).link;
            if cx.links().get(link).is_some_and(|link| link.cut || link.removed) {
                self.long_polls.pop();
                cx.reply(waiting.call, Err(NetworkError::Unreachable.into()));
                continue;
            }
            let mut cursor = self.backlog.look_everywhere(cx.random());
            let entries =
                self.collect(&mut cursor, waiting.max_messages, waiting.visibility_timeout, link, cx);
            if entries.is_empty() {
                return;
            }
            self.long_polls.pop();
            self.remember_attempt(waiting.attempt, &entries, cx);
            self.answer_receive(waiting.call, entries, cx);
        }
    }

    /// Answers a receive; an empty answer is a normal one (SQS-43).
    #[inline]
    pub(in crate::sqs) fn answer_receive(&mut self, call: CallId, entries: Entries, cx: &mut Context<'_>) {
        match entries.len() {
            0 => cx.count(MetricName::NumberOfEmptyReceives, 1),
            count => cx.count(MetricName::NumberOfMessagesReceived, count as u64),
        }
        cx.reply_with_messages(call, Ok(Response::Done.into()), entries);
    }

    /// Takes up to so many messages for one receive (SQS-41).
    #[inline]
    fn collect(
        &mut self,
        cursor: &mut Cursor,
        max_messages: usize,
        timeout: SimDuration,
        link: LinkId,
        cx: &mut Context<'_>,
    ) -> Entries {
        let store = &self.backlog.store;
        let room = cx.quota(self.in_flight_quota()).saturating_sub(store.in_flight());
        let wanted = room.min(max_messages as u64) as usize;
        let mut entries = Entries::with_capacity(store.visible().min(wanted as u64) as usize);
        let until = cx.now() + timeout;
        while entries.len() < wanted {
            let Some(slot) = self.backlog.take_next(cursor) else { break };
            if self.is_dead_letter(slot, cx) {
                self.move_to_dead_letter_queue(slot, cx);
            } else {
                entries.push(self.hand_out(slot, until, link, cx));
            }
        }
        if !entries.is_empty() {
            self.alarm.wake_by(until, cx);
            self.keep_visible(&entries, timeout, cx);
        }
        entries
    }

    #[inline]
    fn hand_out(&mut self, slot: u32, until: SimTime, link: LinkId, cx: &mut Context<'_>) -> Entry {
        let now = cx.now();
        let stored = self.backlog.store.get_mut(slot);
        stored.generation = stored.generation.wrapping_add(1);
        stored.receive_count += 1;
        stored.received_at = now;
        let (message, generation, receive_count) = (stored.message, stored.generation, stored.receive_count);
        self.backlog.hide_until(slot, until);
        cx.follow(message.trace_id, TraceKind::Kept(Kept::InFlight));
        if receive_count > 1 {
            self.trouble.redelivered.add(now, 1);
            cx.record(link, Some(message.trace_id), TraceKind::Redelivered { receive_count });
        }
        Entry { message, receipt: Receipt { slot, generation }, receive_count, error: None }
    }

    /// Some received messages can be received again at once: all with a timeout of 0 (SQS-42), and the occasional
    /// one of a standard queue (SQS-90).
    #[inline]
    fn keep_visible(&mut self, entries: &Entries, timeout: SimDuration, cx: &mut Context<'_>) {
        let duplicates = match self.properties.fifo_queue {
            true => 0.0,
            false => self.properties.duplicate_delivery_probability,
        };
        if !timeout.is_zero() && duplicates <= 0.0 {
            return;
        }
        for entry in entries {
            if timeout.is_zero() || cx.random().chance(duplicates) {
                self.release(entry.receipt.slot, cx);
            }
        }
    }
}

fn check_receive(
    max_messages: u8,
    wait_seconds: Option<u8>,
    visibility_timeout: Option<u32>,
) -> Result<(), Error> {
    if !(1..=quotas::MESSAGES_PER_RECEIVE.current).contains(&u64::from(max_messages)) {
        return Err(Error::MaxNumberOfMessagesOutOfRange(max_messages));
    }
    if let Some(seconds) = wait_seconds
        && u64::from(seconds) > quotas::WAIT_TIME_SECONDS.current
    {
        return Err(Error::WaitTimeSecondsOutOfRange(seconds));
    }
    match visibility_timeout {
        Some(seconds) if u64::from(seconds) > quotas::VISIBILITY_TIMEOUT_SECONDS.current => {
            Err(Error::VisibilityTimeoutOutOfRange(seconds))
        }
        _ => Ok(()),
    }
}
