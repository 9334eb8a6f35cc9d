//! A bucket at work.

use kernel::{Distribution, SecondCounter};

use super::access::denies_writes;
use super::notify::Built;
use super::objects::{Objects, Prefixes};
use super::properties::{BucketProperties, NotificationConfiguration};
use super::{Content, Error, Request, Response, event, quotas};
use crate::behavior::Behavior;
use crate::call::Entry;
use crate::client::retry::Retries;
use crate::context::{Context, View};
use crate::descriptor::ResourceDescriptor;
use crate::identifiers::{CallId, ComponentId, DeduplicationId, KeyId, LinkId, MessageId, TraceId};
use crate::intervention::ComponentAction;
use crate::message::Message;
use crate::metric::MetricName;
use crate::node_state::NodeState;
use crate::registry::{ApiError, LinkProperties, Request as AnyRequest, ResourceKind, Timer as AnyTimer};

/// A bucket is woken to send an event.
#[derive(Clone, Copy, Debug)]
pub struct BucketTimer(pub(super) u32);

impl From<BucketTimer> for AnyTimer {
    fn from(timer: BucketTimer) -> Self {
        Self::Bucket(timer)
    }
}

/// An event rule at work.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) link: LinkId,
    pub(super) to: ComponentId,
    pub(super) kind: ResourceKind,
    pub(super) config: NotificationConfiguration,
    pub(super) events: u64,
}

/// A bucket.
#[derive(Clone, Debug)]
pub struct Bucket {
    pub(super) properties: BucketProperties,
    pub(super) delay: Distribution,
    denied: bool,
    pub(super) running: bool,
    pub(super) objects: Objects,
    prefixes: Prefixes,
    pub(super) last_key: KeyId,
    pub(super) rules: Vec<Rule>,
    pub(super) built: Vec<Built>,
    /// Events on their way to their destination.
    pub(super) waiting: Retries,
    /// What can come back here, and how often it did; kept only while something leads back (CMP-54).
    generations: Option<std::collections::BTreeMap<TraceId, u32>>,
    pub(super) looped: bool,
    /// Why an event was lost.
    pub(super) lost: Option<ApiError>,
    pub(super) last_error: Option<Error>,
    pub(super) written: SecondCounter,
    pub(super) refused: SecondCounter,
}

impl Bucket {
    /// Why an object is not stored, if it is not.
    fn error(&mut self, message: &Message, cx: &Context<'_>) -> Option<Error> {
        if !self.running {
            return Some(Error::ServiceUnavailable);
        }
        if self.denied {
            return Some(Error::AccessDenied);
        }
        let text = cx.catalogue().key(message.key).map_or("", |key| &key.text);
        let limit = cx.quota(&quotas::PUT_REQUESTS_PER_PREFIX);
        if !self.prefixes.try_take(message.key, text, cx.now(), limit) {
            return Some(Error::SlowDown);
        }
        let generations = self.generations.as_mut()?;
        let generation = generations.entry(message.trace_id).or_default();
        *generation += 1;
        let stopped = u64::from(*generation) > quotas::LOOP_GENERATIONS.current;
        self.looped |= stopped;
        stopped.then_some(Error::LoopStopped)
    }

    fn put(&mut self, call: CallId, content: Content, cx: &mut Context<'_>) {
        let now = cx.now();
        cx.count(MetricName::PutRequests, 1);
        let Some(message) = cx.call(call).entries.first().map(|entry| entry.message) else {
            return cx.reply(call, Ok(Response::Stored.into()));
        };
        if let Some(error) = self.error(&message, cx) {
            let server = matches!(error, Error::SlowDown | Error::ServiceUnavailable);
            cx.count(if server { MetricName::Errors5xx } else { MetricName::Errors4xx }, 1);
            self.refused.add(now, 1);
            self.last_error = Some(error);
            return cx.reply(call, Err(error.into()));
        }
        let bytes = match content {
            Content::Message => cx.catalogue().payload(message.payload).size_bytes,
            Content::Records { bytes, records, failed } => {
                let metric = if failed { MetricName::ErrorRecordsStored } else { MetricName::RecordsStored };
                cx.count(metric, records.into());
                bytes
            }
        };
        cx.count(MetricName::BytesUploaded, bytes.into());
        self.written.add(now, 1);
        self.objects.put(message.key, bytes);
        self.last_key = message.key;
        cx.reply(call, Ok(Response::Stored.into()));
        self.notify(event::CREATED, message, bytes, cx);
    }

    /// Removes every object, with an event for each (CMP-48).
    fn empty(&mut self, cx: &mut Context<'_>) {
        let payload = cx.catalogue_mut().add_payload(crate::message::Payload::new("", Default::default(), 0));
        for (key, bytes) in self.objects.clear() {
            let message = Message {
                id: MessageId(0),
                trace_id: cx.new_trace_id(),
                payload,
                key,
                deduplication_id: DeduplicationId::NONE,
                published_at: cx.now(),
                delay_seconds: None,
                poison: false,
            };
            self.notify(event::REMOVED, message, bytes, cx);
        }
    }
}

/// True when what leaves the bucket can come back to it.
fn leads_back(cx: &Context<'_>) -> bool {
    let mut seen = vec![cx.id()];
    let mut next = 0;
    while let Some(from) = seen.get(next).copied() {
        next += 1;
        for link in cx.links().leaving(from) {
            if link.to == cx.id() {
                return true;
            }
            if !seen.contains(&link.to) {
                seen.push(link.to);
            }
        }
    }
    false
}

impl Behavior for Bucket {
    type Properties = BucketProperties;
    type Timer = BucketTimer;
    const THROTTLING: Option<ApiError> = Some(ApiError::S3(Error::SlowDown));
    const DESCRIPTOR: ResourceDescriptor = super::fields::BUCKET;

    fn create(properties: &BucketProperties, cx: &mut Context<'_>) -> Self {
        Self {
            properties: properties.clone(),
            delay: properties.notification_delay.distribution(),
            denied: denies_writes(properties.policy.as_ref(), cx.name(cx.id())),
            running: true,
            objects: Objects::default(),
            prefixes: Prefixes::default(),
            last_key: KeyId::NONE,
            rules: Vec::new(),
            built: Vec::new(),
            waiting: Retries::default(),
            generations: None,
            looped: false,
            lost: None,
            last_error: None,
            written: SecondCounter::default(),
            refused: SecondCounter::default(),
        }
    }

    fn update(&mut self, properties: &BucketProperties, cx: &mut Context<'_>) {
        self.properties = properties.clone();
        self.delay = properties.notification_delay.distribution();
        self.denied = denies_writes(properties.policy.as_ref(), cx.name(cx.id()));
    }

    fn send_request(_entries: &[Entry]) -> Option<AnyRequest> {
        Some(Request::PutObject(Content::Message).into())
    }

    /// A rule that is new while the bucket runs is tried with a test event (CMP-52).
    fn on_links_changed(&mut self, cx: &mut Context<'_>) {
        let old = std::mem::take(&mut self.rules);
        let leaving: Vec<_> = cx.links().leaving(cx.id()).cloned().collect();
        for link in leaving {
            let LinkProperties::NotificationConfiguration(config) = link.properties else { continue };
            let Some(kind) = cx.kind(link.to) else { continue };
            let known = old.iter().find(|rule| rule.link == link.id);
            let saved_now =
                known.is_none_or(|rule| rule.config != config) && cx.now() > kernel::SimTime::ZERO;
            let events = known.map_or(0, |rule| rule.events);
            self.rules.push(Rule { link: link.id, to: link.to, kind, config, events });
            if saved_now {
                self.test(self.rules.len() - 1, cx);
            }
        }
        self.built.clear();
        self.generations = leads_back(cx).then(|| self.generations.take().unwrap_or_default());
    }

    fn on_request(&mut self, call: CallId, cx: &mut Context<'_>) {
        if let AnyRequest::S3(Request::PutObject(content)) = cx.call(call).request {
            self.put(call, content, cx);
        }
    }

    fn on_response(&mut self, call: CallId, cx: &mut Context<'_>) {
        self.refused(call, cx);
    }

    fn on_timer(&mut self, timer: BucketTimer, cx: &mut Context<'_>) {
        self.send(timer.0, cx);
    }

    fn on_action(&mut self, action: ComponentAction, cx: &mut Context<'_>) -> Result<(), String> {
        match action {
            ComponentAction::Start => self.running = true,
            ComponentAction::Stop => self.running = false,
            ComponentAction::Purge => self.empty(cx),
            _ => return Err(format!("A bucket cannot {}.", action.name())),
        }
        Ok(())
    }

    fn gauges(&self, _view: &View<'_>, put: &mut dyn FnMut(MetricName, u64)) {
        put(MetricName::NumberOfObjects, self.objects.count);
        put(MetricName::BucketSizeBytes, self.objects.bytes);
    }

    fn state(&self, view: &View<'_>) -> NodeState {
        super::state::state(self, view)
    }
}
