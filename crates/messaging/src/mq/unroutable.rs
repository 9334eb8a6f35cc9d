//! A link to RabbitMQ whose messages can reach no queue: legal, and all of them are dropped (MQ-26, MQ-27).

use std::collections::BTreeSet;

use super::ports::or_usual;
use super::routing::Routing;
use super::{BrokerProperties, Publish};
use crate::registry::{DoubtAbout, LinkDoubt, LinkProperties, Properties};

/// With more keys than this a producer is taken to have any. Ours.
const MOST_KEYS: usize = 1_000;

pub(super) fn doubt(
    publish: &Publish,
    from: &Properties,
    broker: &BrokerProperties,
    leaving: &[&LinkProperties],
) -> Option<LinkDoubt> {
    // The producer then declares the queue that it sends to.
    let declares = publish.exchange.is_empty() && broker.queues.is_empty();
    if !broker.is_rabbit() || declares {
        return None;
    }
    let routing = Routing::new(broker);
    let name = match publish.exchange.as_str() {
        "" => "the default exchange",
        name => name,
    };
    let Some(exchange) = routing.exchange(&publish.exchange) else {
        return Some(LinkDoubt {
            about: DoubtAbout::Link("Exchange"),
            message: format!("There is no exchange {name}: every message is refused (MQ-26)."),
            word: name.into(),
            candidates: routing.names(),
            hint: "Declare it in Exchanges of the broker.",
        });
    };
    let queues = queues(broker, leaving);
    let is_queue = |name: &str| queues.contains(name);
    let reaches = |key: Option<&str>| routing.may_route(exchange, key, &is_queue);
    let reached = match keys(publish, from) {
        Some(keys) => keys.iter().any(|key| reaches(Some(key))),
        None => reaches(None),
    };
    if reached {
        return None;
    }
    let then = if publish.mandatory { "comes back" } else { "is dropped" };
    let word = publish.routing_key.clone().unwrap_or_default();
    let with = if word.is_empty() { String::new() } else { format!(" with the key {word}") };
    let bound = broker.bindings.iter().filter(|binding| binding.source == publish.exchange);
    let candidates = match publish.exchange.is_empty() {
        true => queues.into_iter().collect(),
        false => bound.map(|binding| binding.routing_key.clone()).filter(|key| !key.is_empty()).collect(),
    };
    Some(LinkDoubt {
        about: DoubtAbout::Link(if publish.routing_key.is_some() { "RoutingKey" } else { "Exchange" }),
        message: format!("No queue gets anything from {name}{with}: every message {then} (MQ-27)."),
        word,
        candidates,
        hint: "Bind a queue to it in Bindings of the broker, or set RoutingKey.",
    })
}

/// All queues there will be: those that are declared, and those that somebody consumes.
fn queues(broker: &BrokerProperties, leaving: &[&LinkProperties]) -> BTreeSet<String> {
    let consumed = leaving.iter().filter_map(|link| match link {
        LinkProperties::Consume(consume) => Some(consume.destination.as_str()),
        LinkProperties::EventSourceMapping(mapping) => {
            Some(mapping.queues.first().map_or("", String::as_str))
        }
        _ => None,
    });
    let declared = broker.queues.iter().map(|queue| queue.name.clone());
    declared.chain(consumed.map(|name| or_usual(name).to_owned())).collect()
}

/// The routing keys of the messages, if they are known.
fn keys(publish: &Publish, from: &Properties) -> Option<Vec<String>> {
    if let Some(key) = &publish.routing_key {
        return Some(vec![key.clone()]);
    }
    let Properties::Producer(producer) = from else { return None };
    let Some(keys) = &producer.keys else { return Some(vec![String::new()]) };
    let all = match keys.list.is_empty() {
        true => {
            (1..=keys.count).take(MOST_KEYS + 1).map(|number| format!("{}{number}", keys.prefix)).collect()
        }
        false => keys.list.clone(),
    };
    (all.len() <= MOST_KEYS).then_some(all)
}
