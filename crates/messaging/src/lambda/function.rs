//! A function at work.

use kernel::{Distribution, SecondCounter, SimDuration};
use slab::Slab;

use super::asynchronous::{Event, Records};
use super::environments::Environments;
use super::invocation::{Invocation, reserved_by_others};
use super::mapping::Destination;
use super::properties::FunctionProperties;
use super::queue_source::QueueMapping;
use super::stream_source::StreamMapping;
use super::{Error, Request};
use crate::behavior::Behavior;
use crate::call::Entry;
use crate::context::{Context, View};
use crate::descriptor::ResourceDescriptor;
use crate::identifiers::{CallId, LinkId};
use crate::intervention::ComponentAction;
use crate::kinesis::ShardId;
use crate::metric::MetricName;
use crate::node_state::NodeState;
use crate::registry::{
    ApiError, LinkProperties, Properties, Request as AnyRequest, ResourceKind, Timer as AnyTimer,
};

/// What a function is woken for.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "link and poller, shard and lane say it all")]
pub enum FunctionTimer {
    /// A handler has gone through its messages.
    Done(u32),
    /// An event of the function's own queue is due.
    Event(u32),
    /// A poller's pause is over.
    Poll { link: LinkId, poller: u32 },
    /// A mapping looks whether it needs more pollers.
    Scale(LinkId),
    /// A mapping looks for new shards.
    Shards(LinkId),
    /// A shard is read.
    Shard { link: LinkId, shard: ShardId },
    /// The window of a lane's batch is over.
    Lane { link: LinkId, shard: ShardId, lane: u32 },
    /// A lane's batch is tried again.
    Retry { link: LinkId, shard: ShardId, lane: u32 },
}

impl From<FunctionTimer> for AnyTimer {
    fn from(timer: FunctionTimer) -> Self {
        Self::Function(timer)
    }
}

/// What a call of a function is about, packed into the call's tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// An invocation sends a message on.
    SentOn(u32),
    /// A poller receives.
    Received(u32),
    /// A poller deletes what succeeded.
    Deleted,
    /// A mapping on a stream has asked something.
    Stream,
    /// An event was given up and goes to its destination.
    GivenUp(Destination),
}

impl From<Tag> for u32 {
    fn from(tag: Tag) -> u32 {
        match tag {
            Tag::SentOn(slot) => slot & 0x3fff_ffff,
            Tag::Received(poller) => 1 << 30 | poller & 0x3fff_ffff,
            Tag::Deleted => 2 << 30,
            Tag::Stream => 2 << 30 | 1,
            Tag::GivenUp(Destination::OnFailure) => 3 << 30,
            Tag::GivenUp(Destination::DeadLetterConfig) => 3 << 30 | 1,
        }
    }
}

impl From<u32> for Tag {
    fn from(bits: u32) -> Self {
        let number = bits & 0x3fff_ffff;
        match (bits >> 30, number) {
            (0, slot) => Self::SentOn(slot),
            (1, poller) => Self::Received(poller),
            (2, 0) => Self::Deleted,
            (2, _) => Self::Stream,
            (_, 0) => Self::GivenUp(Destination::OnFailure),
            _ => Self::GivenUp(Destination::DeadLetterConfig),
        }
    }
}

/// A function.
#[derive(Clone, Debug)]
pub struct Function {
    pub(super) properties: FunctionProperties,
    pub(super) time: Distribution,
    pub(super) slowness: f64,
    pub(super) running: bool,
    pub(super) environments: Environments,
    pub(super) invocations: Slab<Invocation>,
    pub(super) events: Slab<Event>,
    pub(super) records: Records,
    pub(super) queues: Vec<QueueMapping>,
    pub(super) streams: Vec<StreamMapping>,
    /// How old the newest record of the last batch of a stream was (KDS-106).
    pub(super) iterator_age: SimDuration,
    pub(super) targets: Vec<(LinkId, ResourceKind)>,
    pub(super) destinations: Vec<(LinkId, ResourceKind, Destination)>,
    pub(super) reserved_by_others: u64,
    pub(super) last_event_age: SimDuration,
    /// The latest message processed of each key.
    pub(super) last_of_key: Vec<u64>,
    pub(super) last_error: Option<Error>,
    pub(super) invoked: SecondCounter,
    pub(super) failed: SecondCounter,
    pub(super) throttled: SecondCounter,
}

impl Function {
    /// The mappings follow the links; one that stays keeps what it has in hand.
    fn map_sources(&mut self, cx: &mut Context<'_>) {
        let mut queues = std::mem::take(&mut self.queues);
        let mut streams = std::mem::take(&mut self.streams);
        let arriving: Vec<_> = cx.links().arriving(cx.id()).map(|link| (link.id, link.from)).collect();
        for (link, source) in arriving {
            let Some(LinkProperties::EventSourceMapping(properties)) =
                cx.links().get(link).map(|link| &link.properties)
            else {
                continue;
            };
            match cx.properties(source) {
                Some(Properties::Queue(queue)) => {
                    let Some(kind) = ResourceKind::Queue.poller() else { continue };
                    let known = queues.iter().position(|mapping| mapping.link == link);
                    let new = || QueueMapping::new(link, kind);
                    let mut mapping = known.map_or_else(new, |place| queues.swap_remove(place));
                    mapping.configure(properties, queue.fifo_queue, cx.profile());
                    self.queues.push(mapping);
                }
                Some(Properties::Broker(_)) => {
                    let Some(kind) = ResourceKind::Broker.poller() else { continue };
                    let known = queues.iter().position(|mapping| mapping.link == link);
                    let new = || QueueMapping::new(link, kind);
                    let mut mapping = known.map_or_else(new, |place| queues.swap_remove(place));
                    mapping.configure(properties, false, cx.profile());
                    self.queues.push(mapping);
                }
                Some(Properties::Stream(stream)) => {
                    let known = streams.iter().position(|mapping| mapping.link == link);
                    let new = || StreamMapping::new(link);
                    let mut mapping = known.map_or_else(new, |place| streams.swap_remove(place));
                    mapping.configure(
                        properties,
                        SimDuration::from_secs(3_600) * u64::from(stream.retention_period_hours),
                    );
                    self.streams.push(mapping);
                }
                _ => {}
            }
        }
        for place in 0..self.queues.len() {
            self.start_pollers(self.queues[place].link, cx);
        }
        for place in 0..self.streams.len() {
            self.start_stream(self.streams[place].link, cx);
        }
    }
}

impl Behavior for Function {
    type Properties = FunctionProperties;
    type Timer = FunctionTimer;
    const QUOTAS: &'static [&'static crate::quota::Quota] = &[&super::quotas::CONCURRENT_EXECUTIONS];
    const THROTTLING: Option<ApiError> = Some(ApiError::Lambda(super::Error::TooManyRequestsException));
    const DESCRIPTOR: ResourceDescriptor = super::descriptor::FUNCTION;

    fn create(properties: &FunctionProperties, _cx: &mut Context<'_>) -> Self {
        Self {
            properties: properties.clone(),
            time: properties.processing_time.distribution(),
            slowness: 1.0,
            running: true,
            environments: Environments::default(),
            invocations: Slab::new(),
            events: Slab::new(),
            records: Records::new(),
            queues: Vec::new(),
            streams: Vec::new(),
            iterator_age: SimDuration::ZERO,
            targets: Vec::new(),
            destinations: Vec::new(),
            reserved_by_others: 0,
            last_event_age: SimDuration::ZERO,
            last_of_key: Vec::new(),
            last_error: None,
            invoked: SecondCounter::default(),
            failed: SecondCounter::default(),
            throttled: SecondCounter::default(),
        }
    }

    fn update(&mut self, properties: &FunctionProperties, _cx: &mut Context<'_>) {
        self.properties = properties.clone();
        self.time = properties.processing_time.distribution();
    }

    fn send_request(_entries: &[Entry]) -> Option<AnyRequest> {
        Some(Request::Invoke.into())
    }

    fn subscription_protocol(_properties: &FunctionProperties) -> Option<crate::sns::Protocol> {
        Some(crate::sns::Protocol::Lambda)
    }

    fn on_links_changed(&mut self, cx: &mut Context<'_>) {
        self.reserved_by_others = reserved_by_others(cx);
        self.targets.clear();
        self.destinations.clear();
        for link in cx.links().leaving(cx.id()) {
            let Some(kind) = cx.kind(link.to) else { continue };
            match &link.properties {
                properties if properties.is_send() => self.targets.push((link.id, kind)),
                LinkProperties::EventInvokeConfig(config) => {
                    self.destinations.push((link.id, kind, config.destination));
                }
                _ => {}
            }
        }
        self.map_sources(cx);
    }

    fn on_request(&mut self, call: CallId, cx: &mut Context<'_>) {
        match cx.call(call).request {
            AnyRequest::Lambda(Request::InvokeRequestResponse) => self.invoke_for(call, cx),
            _ => self.accept(call, cx),
        }
    }

    fn on_response(&mut self, call_id: CallId, cx: &mut Context<'_>) {
        match Tag::from(cx.call(call_id).tag) {
            Tag::SentOn(slot) => self.sent_on(slot, call_id, cx),
            Tag::Received(poller) => self.received(poller as usize, call_id, cx),
            // What could not be deleted comes back.
            Tag::Deleted => {}
            Tag::Stream => self.stream_answered(call_id, cx),
            Tag::GivenUp(destination) => self.given_up(destination, call_id, cx),
        }
    }

    fn on_timer(&mut self, timer: FunctionTimer, cx: &mut Context<'_>) {
        match timer {
            FunctionTimer::Done(slot) => self.handler_done(slot, cx),
            FunctionTimer::Event(slot) => self.try_event(slot, cx),
            FunctionTimer::Poll { link, poller } => self.pause_over(link, poller as usize, cx),
            FunctionTimer::Scale(link) => self.scale(link, cx),
            FunctionTimer::Shards(link) => self.list_shards(link, 0, cx),
            FunctionTimer::Shard { link, shard } => self.read_shard(link, shard, cx),
            FunctionTimer::Lane { link, shard, lane } => self.next_batch(link, shard, lane as usize, cx),
            FunctionTimer::Retry { link, shard, lane } => self.lane_due(link, shard, lane as usize, cx),
        }
    }

    /// A stopped function is throttled altogether, as by the button of the console (CMP-25).
    fn on_action(&mut self, action: ComponentAction, _cx: &mut Context<'_>) -> Result<(), String> {
        match action {
            ComponentAction::Start => self.running = true,
            ComponentAction::Stop => self.running = false,
            ComponentAction::Slow(factor) if factor.is_finite() && factor > 0.0 => self.slowness = factor,
            ComponentAction::Slow(_) => return Err("The factor must be a number above 0.".into()),
            _ => return Err(format!("A function cannot {}.", action.name())),
        }
        Ok(())
    }

    fn gauges(&self, _view: &View<'_>, put: &mut dyn FnMut(MetricName, u64)) {
        put(MetricName::ConcurrentExecutions, self.environments.busy().into());
        if !self.streams.is_empty() {
            put(MetricName::IteratorAge, self.iterator_age.as_millis());
        }
        put(MetricName::AsyncEventAge, self.last_event_age.as_millis());
    }

    fn state(&self, view: &View<'_>) -> NodeState {
        super::state::state(self, view)
    }
}
