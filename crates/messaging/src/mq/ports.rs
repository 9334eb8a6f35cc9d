//! What the links of a broker say, looked up once and not for every message.

use kernel::SimDuration;

use super::broker::Broker;
use super::destination::{Destination, Kind};
use super::subscription::Chooser;
use super::{
    Consume, DEFAULT_DESTINATION, DeliveryMode, DestinationType, Protocol, Publish, QueueDeclaration, quotas,
};
use crate::context::Context;
use crate::identifiers::{KeyId, LinkId};
use crate::registry::{LinkProperties, Properties};

/// A link of the broker.
#[derive(Clone, Debug)]
pub(super) struct Port {
    pub(super) link: LinkId,
    pub(super) protocol: Protocol,
    pub(super) way: Way,
    /// The node of a cluster that a producer is connected to.
    pub(super) node: usize,
    /// A producer is connected.
    pub(super) connected: bool,
    pub(super) cut: bool,
}

/// What a link does.
#[derive(Clone, Debug)]
pub(super) enum Way {
    /// ActiveMQ: to these destinations.
    Send { to: Vec<u32>, terms: Terms },
    /// RabbitMQ: to an exchange, if there is one.
    Publish { exchange: Option<u32>, routing_key: Option<KeyId>, terms: Terms },
    /// Messages are pushed.
    Consume {
        destination: Option<u32>,
        prefetch: u32,
        chooser: Chooser,
        auto_acknowledge: bool,
        exclusive: bool,
    },
    /// A function reads (MQ-48).
    Receive { destination: Option<u32> },
}

/// How messages are published.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub(super) persistent: bool,
    pub(super) confirms: bool,
    pub(super) mandatory: bool,
    pub(super) time_to_live: Option<u64>,
}

impl Terms {
    fn of(publish: &Publish) -> Self {
        Self {
            persistent: publish.delivery_mode == DeliveryMode::Persistent,
            confirms: publish.publisher_confirms,
            mandatory: publish.mandatory,
            time_to_live: publish.time_to_live_milliseconds,
        }
    }
}

/// The name of a destination, or the usual one.
pub(super) fn or_usual(name: &str) -> &str {
    let name = name.trim();
    if name.is_empty() { DEFAULT_DESTINATION } else { name }
}

impl Broker {
    /// The place of a queue by its name.
    pub(super) fn queue(&self, name: &str) -> Option<u32> {
        let is_meant = |other: &Destination| !other.gone && other.is_queue() && other.name == name;
        self.destinations.iter().position(is_meant).map(|place| place as u32)
    }

    /// The place of a queue by its name; it is made if it is not there.
    pub(super) fn make_queue(&mut self, name: &str) -> u32 {
        if let Some(place) = self.queue(name) {
            return place;
        }
        let known = self.properties.queues.iter().find(|queue| queue.name == name).cloned();
        let declaration =
            known.unwrap_or_else(|| QueueDeclaration { name: name.into(), ..Default::default() });
        self.add(Destination::new(name, Kind::Queue, declaration, 0))
    }

    fn add(&mut self, mut destination: Destination) -> u32 {
        let place = self.destinations.len();
        destination.node = place % self.properties.instances();
        self.destinations.push(destination);
        self.routing.forget();
        place as u32
    }

    /// Looks at the document and the links again; what is held stays.
    pub(super) fn open_ports(&mut self, cx: &mut Context<'_>) {
        for declaration in self.properties.queues.clone() {
            let place = self.make_queue(&declaration.name);
            self.destinations[place as usize].declaration = declaration;
        }
        let mut old = std::mem::take(&mut self.ports);
        let id = cx.id();
        let links: Vec<_> = cx
            .links()
            .iter()
            .filter(|link| link.from == id || link.to == id)
            .map(|link| {
                (
                    link.id,
                    if link.from == id { link.to } else { link.from },
                    link.cut,
                    link.properties.clone(),
                )
            })
            .collect();
        // Consumers declare what they consume; then all is known that a producer may send to.
        for (_, _, _, properties) in &links {
            match properties {
                LinkProperties::Consume(consume) if self.is_queue_of(consume) => {
                    self.make_queue(or_usual(&consume.destination));
                }
                LinkProperties::EventSourceMapping(mapping) => {
                    self.make_queue(or_usual(mapping.queues.first().map_or("", String::as_str)));
                }
                LinkProperties::Publish(publish) => self.declare_for(publish),
                _ => {}
            }
        }
        for (link, _, _, properties) in &links {
            if let LinkProperties::Consume(consume) = properties
                && !self.is_queue_of(consume)
            {
                self.make_subscription(*link, consume);
            }
        }
        for (link, client, cut, properties) in links {
            let Some(way) = self.way(link, &properties, cx) else { continue };
            let known = old.iter().position(|port| port.link == link).map(|place| old.swap_remove(place));
            let engine = self.properties.engine_type;
            let protocol = cx.properties(client).and_then(Properties::client_protocol);
            let protocol = protocol.unwrap_or(Protocol::usual(engine));
            let node = known.as_ref().map_or(link.index() % self.properties.instances(), |port| port.node);
            let connected = known.is_some_and(|port| port.connected);
            self.ports.push(Port { link, protocol, way, node, connected, cut });
        }
        self.ports.sort_by_key(|port| port.link);
        for port in old {
            self.close_link(port.link, cx);
            self.forget_subscription(port.link, cx);
        }
        let cut: Vec<LinkId> = self.ports.iter().filter(|port| port.cut).map(|port| port.link).collect();
        cut.into_iter().for_each(|link| self.close_link(link, cx));
    }

    /// RabbitMQ knows no topics: its consumers always consume queues.
    fn is_queue_of(&self, consume: &Consume) -> bool {
        self.properties.is_rabbit() || consume.destination_type == DestinationType::Queue
    }

    /// The queues that a producer would declare.
    fn declare_for(&mut self, publish: &Publish) {
        if self.properties.is_rabbit() {
            if publish.exchange.is_empty() && self.properties.queues.is_empty() {
                self.make_queue(publish.routing_key.as_deref().unwrap_or(DEFAULT_DESTINATION));
            }
        } else if publish.destination_type == DestinationType::Queue {
            for name in or_usual(&publish.destination).split(',') {
                self.make_queue(name.trim());
            }
        }
    }

    /// The subscription of a link to a topic; a durable one is kept while its consumer is away (MQ-21).
    fn make_subscription(&mut self, link: LinkId, consume: &Consume) {
        let durable = !consume.subscription_name.is_empty();
        let is_meant =
            |other: &Destination| matches!(other.kind, Kind::Subscription { link: of, .. } if of == link);
        match self.destinations.iter_mut().find(|other| !other.gone && is_meant(other)) {
            Some(known) => {
                known.name = or_usual(&consume.destination).to_owned();
                known.kind = Kind::Subscription { link, durable };
            }
            None => {
                let name = or_usual(&consume.destination);
                let kind = Kind::Subscription { link, durable };
                self.add(Destination::new(name, kind, QueueDeclaration::default(), 0));
            }
        }
    }

    /// A link is gone, and with it its subscription to a topic.
    fn forget_subscription(&mut self, link: LinkId, cx: &mut Context<'_>) {
        let is_meant =
            |other: &Destination| matches!(other.kind, Kind::Subscription { link: of, .. } if of == link);
        if let Some(place) = self.destinations.iter().position(is_meant) {
            self.remove_destination(place as u32, cx);
        }
    }

    fn way(&mut self, link: LinkId, properties: &LinkProperties, cx: &mut Context<'_>) -> Option<Way> {
        Some(match properties {
            LinkProperties::Publish(publish) if self.properties.is_rabbit() => {
                let exchange = self.routing.exchange(&publish.exchange);
                let fixed = match (publish.routing_key.as_deref(), publish.exchange.is_empty()) {
                    (None, true) if self.properties.queues.is_empty() => Some(DEFAULT_DESTINATION),
                    (key, _) => key,
                };
                let routing_key = fixed.map(|key| cx.catalogue_mut().add_key(key));
                Way::Publish { exchange, routing_key, terms: Terms::of(publish) }
            }
            LinkProperties::Publish(publish) => {
                Way::Send { to: self.destinations_of(publish), terms: Terms::of(publish) }
            }
            LinkProperties::Consume(consume) => {
                let destination = match self.is_queue_of(consume) {
                    true => self.queue(or_usual(&consume.destination)),
                    false => self.subscription_of(link),
                };
                Way::Consume {
                    destination,
                    prefetch: self.prefetch(consume),
                    chooser: Chooser::new(if self.properties.is_rabbit() { "" } else { &consume.selector }),
                    auto_acknowledge: self.properties.is_rabbit() && consume.auto_acknowledge,
                    exclusive: consume.exclusive,
                }
            }
            LinkProperties::EventSourceMapping(mapping) => {
                let name = or_usual(mapping.queues.first().map_or("", String::as_str));
                Way::Receive { destination: self.queue(name) }
            }
            _ => return None,
        })
    }

    fn subscription_of(&self, link: LinkId) -> Option<u32> {
        let is_meant =
            |other: &Destination| matches!(other.kind, Kind::Subscription { link: of, .. } if of == link);
        self.destinations.iter().position(|other| !other.gone && is_meant(other)).map(|place| place as u32)
    }

    /// The queue, or all that hear of the topic; each part of a composite destination (MQ-22, MQ-23).
    fn destinations_of(&self, publish: &Publish) -> Vec<u32> {
        let mut found = Vec::new();
        for name in or_usual(&publish.destination).split(',').map(str::trim) {
            match publish.destination_type {
                DestinationType::Queue => found.extend(self.queue(name)),
                DestinationType::Topic => {
                    let hears = |other: &Destination| match other.kind {
                        Kind::Subscription { .. } => other.name == name,
                        Kind::Queue => is_virtual_consumer(&other.name, name),
                    };
                    let places = self.destinations.iter().enumerate();
                    found.extend(
                        places
                            .filter(|(_, other)| !other.gone && hears(other))
                            .map(|(place, _)| place as u32),
                    );
                }
            }
        }
        found
    }

    /// Messages a worker may hold (MQ-16, MQ-29). A consumer of JMS that polls holds one.
    fn prefetch(&self, consume: &Consume) -> u32 {
        if self.properties.is_rabbit() {
            return consume.prefetch.unwrap_or(0);
        }
        let usual = match (consume.destination_type, consume.subscription_name.is_empty()) {
            (DestinationType::Queue, _) => quotas::QUEUE_PREFETCH,
            (DestinationType::Topic, true) => quotas::TOPIC_PREFETCH,
            (DestinationType::Topic, false) => quotas::DURABLE_TOPIC_PREFETCH,
        };
        consume.prefetch.unwrap_or(usual).max(1)
    }

    pub(super) fn port(&mut self, link: LinkId) -> Option<&mut Port> {
        let place = self.ports.binary_search_by_key(&link, |port| port.link).ok()?;
        Some(&mut self.ports[place])
    }

    /// How long ActiveMQ takes to make a message of so many bytes safe (MQ-9, MQ-11).
    pub(super) fn time_to_store(&self, bytes: u64) -> SimDuration {
        let by_latency = quotas::time_to_store(self.properties.storage());
        let by_bytes = SimDuration::from_micros(bytes * 1_000_000 / quotas::STORAGE_BYTES_PER_SECOND);
        if by_bytes > by_latency { by_bytes } else { by_latency }
    }
}

/// `Consumer.A.VirtualTopic.Orders` reads what is published to `VirtualTopic.Orders` (MQ-22).
fn is_virtual_consumer(queue: &str, topic: &str) -> bool {
    let rest = queue.strip_prefix("Consumer.").and_then(|rest| rest.split_once('.'));
    topic.starts_with("VirtualTopic.") && rest.is_some_and(|(_, read)| read == topic)
}
