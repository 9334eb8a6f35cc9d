//! The broker at work.

use std::collections::VecDeque;

use kernel::{SecondCounter, SimTime};
use slab::Slab;

use super::availability::Instances;
use super::destination::{Destination, Stored};
use super::ports::Port;
use super::routing::Routing;
use super::subscription::Subscription;
use super::{BrokerProperties, Error, Request, Response, quotas};
use crate::behavior::{AttributeError, Behavior};
use crate::call::{Entries, Entry, NewCall, Principal, Reply};
use crate::context::{Context, View};
use crate::descriptor::ResourceDescriptor;
use crate::identifiers::{CallId, LinkId};
use crate::intervention::ComponentAction;
use crate::metric::MetricName;
use crate::node_state::NodeState;
use crate::registry::{LinkKind, PollerKind, Request as AnyRequest, Timer as AnyTimer};

/// What a broker is woken for.
#[derive(Clone, Copy, Debug)]
pub enum BrokerTimer {
    /// The next publish may be taken (MQ-10).
    Take,
    /// The head of a destination may have expired (MQ-32).
    Expiry(u32),
    /// A queue that nobody uses may have to go (MQ-32).
    Unused(u32),
    /// Instances change their state.
    Instances,
    /// Consumers that have held a message for too long are looked for (MQ-31).
    AcknowledgeTimeouts,
}

impl From<BrokerTimer> for AnyTimer {
    fn from(timer: BrokerTimer) -> Self {
        Self::Broker(timer)
    }
}

/// A broker with all its destinations.
#[derive(Clone, Debug)]
pub struct Broker {
    pub(super) properties: BrokerProperties,
    pub(super) instances: Instances,
    pub(super) destinations: Vec<Destination>,
    pub(super) stored: Slab<Stored>,
    pub(super) subscriptions: Slab<Subscription>,
    pub(super) ports: Vec<Port>,
    pub(super) routing: Routing,
    /// Publishes that wait for their turn, for space or for the broker.
    pub(super) waiting: VecDeque<CallId>,
    /// Publishes that wait until their quorum queue has a leader (MQ-45).
    pub(super) waiting_for_leader: Vec<CallId>,
    /// When the next publish may be taken.
    pub(super) free_at: SimTime,
    /// How many times as long it takes for a publish.
    pub(super) slowness: f64,
    pub(super) take_armed: bool,
    /// Confirms on their way, with their arrival at the producer: a crash loses them (MQ-41).
    pub(super) unconfirmed: VecDeque<(SimTime, CallId)>,
    pub(super) stored_bytes: u64,
    pub(super) memory_bytes: u64,
    pub(super) storage_limit: u64,
    pub(super) memory_limit: u64,
    pub(super) next_order: u64,
    pub(super) next_receipt: u32,
    pub(super) next_number: u32,
    pub(super) acknowledge_look_armed: bool,
    /// It was not there for a while: clients that are not connected are on their way back.
    pub(super) was_down: bool,
    /// Connections are breaking: nothing is pushed until all are closed.
    pub(super) breaking: bool,
    pub(super) taken: SecondCounter,
    pub(super) delivered: SecondCounter,
    pub(super) refused: SecondCounter,
}

const MEGABYTE: u64 = 1_000_000;

impl Broker {
    /// Messages of 1 KB it takes in a second, slowed down or not (MQ-10).
    pub(super) fn capacity(&self) -> u64 {
        ((self.properties.capacity() as f64 / self.slowness) as u64).max(1)
    }

    fn set_limits(&mut self) {
        let instance = self.properties.host_instance_type;
        let storage = quotas::storage_megabytes(instance).current;
        let memory = quotas::memory_megabytes(instance);
        self.storage_limit = self.properties.storage_megabytes.unwrap_or(storage) * MEGABYTE;
        self.memory_limit = self.properties.memory_limit_megabytes.unwrap_or(memory) * MEGABYTE;
    }

    /// How many producers and workers are connected (MQ-8).
    pub(super) fn connections(&self) -> u64 {
        let producers = self.ports.iter().filter(|port| port.connected).count();
        (producers + self.subscriptions.len()) as u64
    }

    /// A new client of a link would be one too many (MQ-8, MQ-37).
    pub(super) fn has_too_many(&self, link: LinkId, cx: &Context<'_>) -> bool {
        let properties = &self.properties;
        let quota = quotas::connections(
            properties.engine_type,
            properties.deployment_mode,
            properties.host_instance_type,
        );
        let all = match self.properties.is_rabbit() {
            true => self.connections(),
            false => {
                let Some(own) = self.ports.iter().find(|port| port.link == link) else { return false };
                let same = |of: LinkId| {
                    self.ports.iter().any(|port| port.link == of && port.protocol == own.protocol)
                };
                let producers = self.ports.iter().filter(|port| port.connected && same(port.link)).count();
                let workers = self.subscriptions.iter().filter(|(_, other)| same(other.link)).count();
                (producers + workers) as u64
            }
        };
        all >= cx.quota(quota)
    }

    /// A call of the broker itself, along a link.
    pub(super) fn tell(
        &self,
        (link, request): (LinkId, Request),
        entries: Entries,
        tag: u32,
        cx: &mut Context<'_>,
    ) {
        let (principal, reply) = (Principal::Account, Reply::OnFailure);
        // Who reads from outside the graph has no link to be told along.
        if link != LinkId::NONE {
            cx.make_call(NewCall { link, request: request.into(), entries, principal, reply, tag });
        }
    }

    pub(super) fn refuse(&mut self, call: CallId, error: Error, cx: &mut Context<'_>) {
        self.refused.add(cx.now(), 1);
        cx.count(MetricName::RefusedMessages, cx.call(call).entries.len() as u64);
        cx.reply(call, Err(error.into()));
    }

    fn connect(&mut self, call: CallId, cx: &mut Context<'_>) {
        let link = cx.call(call).link;
        let too_many = self.has_too_many(link, cx);
        let window = if self.properties.is_rabbit() { quotas::RABBIT_WINDOW } else { 1 };
        let node = self.instances.node_for(link);
        let Some(port) = self.port(link) else { return cx.reply(call, Err(Error::NotFound.into())) };
        if too_many && !port.connected {
            return cx.reply(call, Err(Error::TooManyConnections.into()));
        }
        (port.connected, port.node) = (true, node);
        cx.reply(call, Ok(Response::Connected { window }.into()));
    }
}

impl Behavior for Broker {
    type Properties = BrokerProperties;
    type Timer = BrokerTimer;
    const DESCRIPTOR: ResourceDescriptor = super::fields::DESCRIPTOR;
    const MAX_ENTRIES_PER_SEND: usize = 1;

    fn create(properties: &BrokerProperties, _cx: &mut Context<'_>) -> Self {
        let mut broker = Self {
            properties: properties.clone(),
            instances: Instances::new(properties),
            destinations: Vec::new(),
            stored: Slab::new(),
            subscriptions: Slab::new(),
            ports: Vec::new(),
            routing: Routing::new(properties),
            waiting: VecDeque::new(),
            waiting_for_leader: Vec::new(),
            free_at: SimTime::ZERO,
            slowness: 1.0,
            take_armed: false,
            unconfirmed: VecDeque::new(),
            stored_bytes: 0,
            memory_bytes: 0,
            storage_limit: 0,
            memory_limit: 0,
            next_order: 0,
            next_receipt: 0,
            next_number: 0,
            acknowledge_look_armed: false,
            was_down: false,
            breaking: false,
            taken: SecondCounter::default(),
            delivered: SecondCounter::default(),
            refused: SecondCounter::default(),
        };
        broker.set_limits();
        broker
    }

    fn update(&mut self, properties: &BrokerProperties, cx: &mut Context<'_>) {
        let old = std::mem::replace(&mut self.properties, properties.clone());
        self.routing = Routing::new(properties);
        self.set_limits();
        if (old.engine_type, old.deployment_mode) != (properties.engine_type, properties.deployment_mode) {
            self.instances = Instances::new(properties);
            self.lose_connections(None, cx);
        }
    }

    fn on_links_changed(&mut self, cx: &mut Context<'_>) {
        self.open_ports(cx);
        for place in 0..self.destinations.len() as u32 {
            self.dispatch(place, cx);
        }
        self.take_waiting(cx);
    }

    fn send_request(_entries: &[Entry]) -> Option<AnyRequest> {
        Some(Request::Publish.into())
    }

    fn connect_request() -> Option<AnyRequest> {
        Some(Request::Connect.into())
    }

    fn poller() -> Option<PollerKind> {
        Some(PollerKind::BrokerPoller)
    }

    fn protocol_refusal(properties: &BrokerProperties, protocol: Option<super::Protocol>) -> Option<String> {
        let protocol = protocol?;
        let speaks = protocol.port(properties.engine_type).is_some();
        (!speaks).then(|| {
            format!(
                "{} on Amazon MQ does not speak {} (MQ-4).",
                properties.engine_type.word(),
                protocol.name()
            )
        })
    }

    fn attribute_errors(properties: &BrokerProperties) -> Vec<AttributeError> {
        super::fields::attribute_errors(properties)
    }

    fn arriving_link_error(
        properties: &BrokerProperties,
        name: &str,
        link: LinkKind,
        _from: &str,
    ) -> Option<String> {
        let _ = (properties, name, link);
        None
    }

    #[inline]
    fn on_request(&mut self, call: CallId, cx: &mut Context<'_>) {
        let AnyRequest::Mq(request) = cx.call(call).request else { return };
        if !self.instances.is_serving() {
            return self.not_there(call, cx);
        }
        match request {
            Request::Publish | Request::BasicPublish { .. } => self.publish(call, cx),
            Request::BasicGet { queue, max_messages } => self.basic_get(call, queue, max_messages, cx),
            Request::Acknowledge { multiple } => self.acknowledge(call, multiple, cx),
            Request::Reject { requeue } => self.reject(call, requeue, cx),
            Request::Connect => self.connect(call, cx),
            Request::Consume { worker } => self.subscribe(call, worker, cx),
            Request::Receive { max_messages } => self.receive(call, max_messages, cx),
            Request::Close { subscription } => {
                let link = cx.call(call).link;
                self.close_number(subscription, cx);
                if let Some(port) = self.port(link) {
                    port.connected = false;
                }
                cx.reply(call, Ok(Response::Done.into()));
            }
            Request::Deliver { .. } | Request::ConnectionClosed => {
                cx.reply(call, Err(Error::NotFound.into()))
            }
        }
    }

    /// A delivery did not arrive: the connection is broken.
    fn on_response(&mut self, call: CallId, cx: &mut Context<'_>) {
        let call = cx.call(call);
        if call.result.is_some_and(|result| result.is_err())
            && let AnyRequest::Mq(Request::Deliver { subscription, .. }) = call.request
        {
            self.close_number(subscription, cx);
        }
    }

    fn on_timer(&mut self, timer: BrokerTimer, cx: &mut Context<'_>) {
        match timer {
            BrokerTimer::Take => {
                self.take_armed = false;
                self.take_waiting(cx);
            }
            BrokerTimer::Expiry(place) => {
                self.destinations[place as usize].expiry_armed = None;
                self.dispatch(place, cx);
            }
            BrokerTimer::Unused(place) => self.remove_if_unused(place, cx),
            BrokerTimer::Instances => self.instances_changed(cx),
            BrokerTimer::AcknowledgeTimeouts => self.look_for_acknowledge_timeouts(cx),
        }
    }

    fn on_action(&mut self, action: ComponentAction, cx: &mut Context<'_>) -> Result<(), String> {
        self.interfere(action, cx)
    }

    fn gauges(&self, view: &View<'_>, put: &mut dyn FnMut(MetricName, u64)) {
        self.put_gauges(view, put);
    }

    fn state(&self, view: &View<'_>) -> NodeState {
        self.node_state(view)
    }
}
