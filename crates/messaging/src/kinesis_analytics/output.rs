//! Where results go: one record for each key and window, to every target (KDA-1).

use super::application::{Application, ApplicationTimer};
use super::windows::Output;
use crate::call::{Entries, Entry, NewCall, Principal, Reply};
use crate::client::retry::{Retries, Retry, RetryMode, refused};
use crate::context::Context;
use crate::identifiers::{CallId, DeduplicationId, LinkId, MessageId};
use crate::message::{Message, Payload};
use crate::message_attributes::MessageAttributes;
use crate::metric::MetricName;
use crate::registry::ResourceKind;

/// The targets, and what they have not taken yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Outputs {
    targets: Vec<(LinkId, ResourceKind)>,
    retries: Retries,
}

impl Outputs {
    pub(super) fn set_targets(&mut self, targets: Vec<(LinkId, ResourceKind)>) {
        self.targets = targets;
    }

    fn send(&self, link: LinkId, entries: Entries, attempt: u32, cx: &mut Context<'_>) {
        let Some((_, kind)) = self.targets.iter().find(|(target, _)| *target == link) else { return };
        let Some(request) = kind.send_request(&entries) else { return };
        let (principal, reply, tag) = (Principal::Account, Reply::OnFailure, attempt);
        cx.make_call(NewCall { link, request, entries, principal, reply, tag });
    }

    /// A target has refused some: they are sent again until it takes them (KDA-10).
    pub(super) fn refused(&mut self, call: CallId, cx: &mut Context<'_>) {
        let (link, attempts) = (cx.call(call).link, cx.call(call).tag);
        let Some((entries, error)) = refused(cx.call(call)) else { return };
        let throttled = error.as_service_error().is_throttling();
        let delay = RetryMode::Standard.backoff(attempts - 1, throttled, cx.random());
        let retry = Retry { link, entries, attempts };
        self.retries.keep(retry, delay, cx, |slot| ApplicationTimer::Retry(slot).into());
    }

    pub(super) fn retry(&mut self, slot: u32, cx: &mut Context<'_>) {
        if let Some(Retry { link, entries, attempts }) = self.retries.take(slot) {
            self.send(link, entries, attempts + 1, cx);
        }
    }
}

impl Application {
    /// Sends results, such as `{"key":"truck_1","AVG":62.5}`.
    pub(super) fn emit(&mut self, given: Vec<Output>, cx: &mut Context<'_>) {
        if given.is_empty() {
            return;
        }
        cx.count(MetricName::NumRecordsOut, given.len() as u64);
        let mut entries = Vec::with_capacity(given.len());
        for output in given {
            let text = cx.catalogue().key(output.key).map_or("all", |key| &key.text);
            let body = serde_json::json!({ "key": text, self.properties.aggregate.name(): output.value });
            let key = cx.catalogue_mut().add_key(body["key"].as_str().unwrap_or_default());
            let payload = Payload::new(body.to_string(), MessageAttributes::new(), 0);
            let payload = cx.catalogue_mut().add_payload(payload);
            let (trace_id, published_at) = (cx.new_trace_id(), cx.now());
            entries.push(Entry::new(Message {
                id: MessageId(0),
                trace_id,
                payload,
                key,
                deduplication_id: DeduplicationId(trace_id.0 << 1 | 1),
                published_at,
                delay_seconds: None,
                poison: false,
            }));
        }
        for (link, kind) in self.outputs.targets.clone() {
            for chunk in entries.chunks(kind.max_entries_per_send()) {
                self.outputs.send(link, Entries::from_slice(chunk), 1, cx);
            }
        }
    }
}
