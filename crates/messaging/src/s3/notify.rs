//! Event notifications: which rule an object fits, what is sent, and when (CMP-51, CMP-52).

use kernel::SimDuration;
use serde_json::json;

use super::access::SERVICE_PRINCIPAL;
use super::bucket::{Bucket, BucketTimer};
use super::{event, quotas};
use crate::arn;
use crate::call::{Entries, Entry, NewCall, Principal, Reply};
use crate::client::retry::{Retry, refused};
use crate::context::Context;
use crate::identifiers::{CallId, DeduplicationId, KeyId, LinkId, PayloadId};
use crate::message::{Message, Payload};
use crate::message_attributes::MessageAttributes;
use crate::metric::MetricName;
use crate::registry::ResourceKind;

/// An event that was built before: of which rule and key, of what size, and its text.
pub(super) type Built = (LinkId, &'static str, KeyId, u32, PayloadId);

impl Bucket {
    /// Tells the destination of the rule that an object fits: one rule at most (CMP-49).
    pub(super) fn notify(&mut self, name: &'static str, message: Message, bytes: u32, cx: &mut Context<'_>) {
        if self.rules.is_empty() {
            return;
        }
        let key = cx.catalogue().key(message.key).map_or("", |key| &key.text);
        let Some(place) = self.rules.iter().position(|rule| rule.config.takes(name, key)) else { return };
        let payload = self.event(place, name, message, bytes, cx);
        let link = self.rules[place].link;
        self.rules[place].events += 1;
        cx.count(MetricName::EventNotifications, 1);
        let twice = cx.random().chance(self.properties.duplicate_notification_probability);
        for _ in 0..=u32::from(twice) {
            let delay = self.delay.sample(cx.random());
            self.send_later(link, Message { payload, ..message }, delay, cx);
        }
    }

    /// A rule was saved while the bucket runs: its destination is tried (CMP-52). Functions get no test event.
    pub(super) fn test(&mut self, place: usize, cx: &mut Context<'_>) {
        let rule = &self.rules[place];
        if rule.kind == ResourceKind::Function {
            return;
        }
        let text = json!({
            "Service": "Amazon S3", "Event": event::TEST, "Time": TIME, "Bucket": cx.name(cx.id()),
            "RequestId": "0000000000000000", "HostId": "simulated",
        });
        let link = rule.link;
        let payload = Payload::new(text.to_string(), MessageAttributes::new(), 0);
        let message = Message {
            id: crate::identifiers::MessageId(0),
            trace_id: cx.new_trace_id(),
            payload: cx.catalogue_mut().add_payload(payload),
            key: KeyId::NONE,
            deduplication_id: DeduplicationId::NONE,
            published_at: cx.now(),
            delay_seconds: None,
            poison: false,
        };
        self.send_later(link, message, SimDuration::ZERO, cx);
    }

    fn send_later(&mut self, link: LinkId, message: Message, delay: SimDuration, cx: &mut Context<'_>) {
        // Standard queues read a key as a message group; the object's is in the event.
        let (key, deduplication_id) = (KeyId::NONE, DeduplicationId::NONE);
        let entry = Entry::new(Message { key, deduplication_id, delay_seconds: None, ..message });
        let retry = Retry { link, entries: Entries::from_slice(&[entry]), attempts: 0 };
        self.waiting.keep(retry, delay, cx, |slot| BucketTimer(slot).into());
    }

    /// The time of an event has come.
    pub(super) fn send(&mut self, slot: u32, cx: &mut Context<'_>) {
        let Some(Retry { link, entries, attempts: tag }) = self.waiting.take(slot) else { return };
        let Some(rule) = self.rules.iter().find(|rule| rule.link == link) else {
            return cx.count(MetricName::MessagesLost, 1);
        };
        let Some(request) = rule.kind.send_request(&entries) else { return };
        let principal = Principal::Service { name: SERVICE_PRINCIPAL, source: cx.id() };
        let new = NewCall { link, request, entries, principal, reply: Reply::OnFailure, tag };
        cx.make_call_taking(new, quotas::NOTIFICATION_LATENCY);
    }

    /// A destination has refused: tried again if that may help, else lost and nobody hears of it (CMP-53).
    pub(super) fn refused(&mut self, call_id: CallId, cx: &mut Context<'_>) {
        let (link, tag) = (cx.call(call_id).link, cx.call(call_id).tag);
        let Some((entries, error)) = refused(cx.call(call_id)) else { return };
        if error.as_service_error().is_retryable() {
            let delay = SimDuration::from_secs(1 << tag.min(6)).min(quotas::MAX_RETRY_DELAY);
            let retry = Retry { link, entries, attempts: tag + 1 };
            return self.waiting.keep(retry, delay, cx, |slot| BucketTimer(slot).into());
        }
        cx.count(MetricName::MessagesLost, entries.len() as u64);
        self.lost = Some(error);
    }

    /// The text of an event (CMP-52). Time, `eTag` and `sequencer` differ from event to event; here they are
    /// placeholders, so that one text serves for all events of an object.
    fn event(
        &mut self,
        place: usize,
        name: &'static str,
        message: Message,
        bytes: u32,
        cx: &mut Context<'_>,
    ) -> PayloadId {
        let (link, key) = (self.rules[place].link, message.key);
        let same = |known: &&Built| (known.0, known.1, known.2, known.3) == (link, name, key, bytes);
        if let Some(known) = self.built.iter().find(same) {
            return known.4;
        }
        let bucket = cx.name(cx.id());
        let key_text = cx.catalogue().key(key).map_or(NAMELESS, |key| &key.text);
        let text = json!({ "Records": [{
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": arn::REGION,
            "eventTime": TIME,
            "eventName": name.trim_start_matches("s3:"),
            "s3": {
                "s3SchemaVersion": "1.0",
                "configurationId": self.rules[place].config.words(),
                "bucket": { "name": bucket, "arn": arn::of_service(SERVICE_PRINCIPAL, bucket) },
                "object": {
                    "key": event::url_encoded(key_text),
                    "size": bytes,
                    "eTag": "d41d8cd98f00b204e9800998ecf8427e",
                    "sequencer": "0055AED6DCD90281E5",
                },
            },
        }] });
        let mut payload = Payload::new(text.to_string(), MessageAttributes::new(), 0);
        payload.poison = message.poison;
        payload.enclosed = Some(cx.catalogue().original(message.payload));
        let payload = cx.catalogue_mut().add_payload(payload);
        if self.built.len() >= MOST_BUILT {
            self.built.clear();
        }
        self.built.push((link, name, key, bytes, payload));
        payload
    }
}

/// How many texts are remembered. Ours.
const MOST_BUILT: usize = 1_000;
/// The time of every event: the start of the run.
const TIME: &str = "2026-11-20T00:00:00.000Z";
/// The key of an object that was given none.
const NAMELESS: &str = "00000000-0000-4000-8000-000000000000";
