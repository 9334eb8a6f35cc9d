//! Exchanges and bindings of RabbitMQ (MQ-26 to MQ-28).

use std::collections::BTreeMap;

use super::{Binding, BrokerProperties, Exchange, ExchangeType};
use crate::identifiers::{KeyId, PayloadId};
use crate::message::Catalogue;
use crate::message_attributes::MessageAttributes;

/// Exchanges that every broker has (MQ-26). The first one is the default exchange.
const PREDECLARED: &[(&str, ExchangeType)] = &[
    ("", ExchangeType::Direct),
    ("amq.direct", ExchangeType::Direct),
    ("amq.fanout", ExchangeType::Fanout),
    ("amq.topic", ExchangeType::Topic),
    ("amq.headers", ExchangeType::Headers),
];
/// Ways that are remembered; after that all are found anew. Ours.
const REMEMBERED: usize = 4_096;

/// What a message is routed by: the exchange, the routing key, and of headers the payload.
type Question = (u32, KeyId, Option<PayloadId>);

/// All exchanges with their bindings, and the answers they have given.
#[derive(Clone, Debug, Default)]
pub(super) struct Routing {
    exchanges: Vec<Exchange>,
    /// Source, binding, and its destination: a place among the exchanges or the queue's name.
    bindings: Vec<(u32, Binding)>,
    /// In the order of the questions.
    answers: Vec<(Question, Box<[u32]>)>,
}

impl Routing {
    pub(super) fn new(properties: &BrokerProperties) -> Self {
        let predeclared = PREDECLARED.iter().map(|(name, exchange_type)| Exchange {
            name: (*name).to_owned(),
            exchange_type: *exchange_type,
            ..Exchange::default()
        });
        let mut routing = Self {
            exchanges: predeclared.chain(properties.exchanges.iter().cloned()).collect(),
            ..Self::default()
        };
        for binding in &properties.bindings {
            if let Some(source) = routing.exchange(&binding.source) {
                routing.bindings.push((source, binding.clone()));
            }
        }
        routing
    }

    /// The place of an exchange.
    pub(super) fn exchange(&self, name: &str) -> Option<u32> {
        self.exchanges.iter().position(|exchange| exchange.name == name).map(|place| place as u32)
    }

    /// There are other queues: nothing that was answered counts.
    pub(super) fn forget(&mut self) {
        self.answers.clear();
    }

    /// Whether a queue may get a message with this key, or with any if none is known, whatever its headers.
    pub(super) fn may_route(
        &self,
        exchange: u32,
        key: Option<&str>,
        is_queue: &dyn Fn(&str) -> bool,
    ) -> bool {
        let (mut open, mut seen) = (vec![exchange], Vec::new());
        while let Some(place) = open.pop() {
            if seen.contains(&place) {
                continue;
            }
            seen.push(place);
            if place == 0 && key.is_none_or(is_queue) {
                return true;
            }
            let exchange = &self.exchanges[place as usize];
            let fits = |binding: &Binding| match (exchange.exchange_type, key) {
                (ExchangeType::Headers, _) | (_, None) => true,
                (kind, Some(key)) => matches(kind, binding, key, &MessageAttributes::new()),
            };
            let bindings = self.bindings.iter().filter(|(source, binding)| *source == place && fits(binding));
            for (_, binding) in bindings {
                if !binding.to_exchange && is_queue(&binding.destination) {
                    return true;
                }
                open.extend(self.exchange(&binding.destination).filter(|_| binding.to_exchange));
            }
            open.extend(self.exchange(&exchange.alternate_exchange).filter(|next| *next != 0));
        }
        false
    }

    /// The names of the exchanges, the default one left out.
    pub(super) fn names(&self) -> Vec<String> {
        self.exchanges.iter().skip(1).map(|exchange| exchange.name.clone()).collect()
    }

    /// The queues that get a message, each once (MQ-27).
    pub(super) fn route(
        &mut self,
        exchange: u32,
        key: KeyId,
        payload: PayloadId,
        catalogue: &Catalogue,
        queue: impl Fn(&str) -> Option<u32>,
    ) -> &[u32] {
        let by_headers =
            self.exchanges.iter().any(|exchange| exchange.exchange_type == ExchangeType::Headers)
                && self.bindings.iter().any(|(_, binding)| !binding.arguments.is_empty());
        let question = (exchange, key, by_headers.then_some(payload));
        let place = match self.answers.binary_search_by(|(other, _)| other.cmp(&question)) {
            Ok(place) => place,
            Err(mut place) => {
                if self.answers.len() >= REMEMBERED {
                    self.answers.clear();
                    place = 0;
                }
                let text = catalogue.key(key).map_or("", |key| &key.text);
                let headers = &catalogue.payload(payload).attributes;
                let found = self.find(exchange, text, headers, &queue);
                self.answers.insert(place, (question, found.into_boxed_slice()));
                place
            }
        };
        &self.answers[place].1
    }

    fn find(
        &self,
        exchange: u32,
        key: &str,
        headers: &MessageAttributes,
        queue: &impl Fn(&str) -> Option<u32>,
    ) -> Vec<u32> {
        let mut found = Vec::new();
        let mut seen = Vec::new();
        let mut open = vec![exchange];
        while let Some(place) = open.pop() {
            if seen.contains(&place) {
                continue;
            }
            seen.push(place);
            let exchange = &self.exchanges[place as usize];
            let mut routed = false;
            if place == 0 {
                // The default exchange: every queue is bound with its own name.
                if let Some(queue) = queue(key) {
                    note(&mut found, queue);
                }
                continue;
            }
            for (_, binding) in self.bindings.iter().filter(|(source, _)| *source == place) {
                if !matches(exchange.exchange_type, binding, key, headers) {
                    continue;
                }
                if binding.to_exchange {
                    if let Some(next) = self.exchange(&binding.destination) {
                        open.push(next);
                        routed = true;
                    }
                } else if let Some(queue) = queue(&binding.destination) {
                    note(&mut found, queue);
                    routed = true;
                }
            }
            if !routed && !exchange.alternate_exchange.is_empty() {
                open.extend(self.exchange(&exchange.alternate_exchange));
            }
        }
        found
    }
}

fn note(found: &mut Vec<u32>, queue: u32) {
    if !found.contains(&queue) {
        found.push(queue);
    }
}

fn matches(exchange: ExchangeType, binding: &Binding, key: &str, headers: &MessageAttributes) -> bool {
    match exchange {
        ExchangeType::Direct => binding.routing_key == key,
        ExchangeType::Fanout => true,
        ExchangeType::Topic => topic_matches(&binding.routing_key, key),
        ExchangeType::Headers => headers_match(&binding.arguments, headers),
    }
}

/// Words separated by dots; `*` stands for one word and `#` for any number of them (MQ-28). An empty key has no word.
fn topic_matches(pattern: &str, key: &str) -> bool {
    fn words(text: &str) -> Vec<&str> {
        if text.is_empty() { Vec::new() } else { text.split('.').collect() }
    }
    fn rest(pattern: &[&str], key: &[&str]) -> bool {
        match (pattern, key) {
            ([], []) => true,
            (["#", more @ ..], _) => (0..=key.len()).any(|skipped| rest(more, &key[skipped..])),
            ([word, more @ ..], [first, others @ ..]) => {
                (*word == "*" || word == first) && rest(more, others)
            }
            _ => false,
        }
    }
    rest(&words(pattern), &words(key))
}

/// All or any of the headers; names beginning with `x-` count only in the variants that say so (MQ-26).
fn headers_match(arguments: &BTreeMap<String, String>, headers: &MessageAttributes) -> bool {
    let mode = arguments.get("x-match").map_or("all", String::as_str);
    let with_x = mode.ends_with("-with-x");
    let counts = |name: &str| name != "x-match" && (with_x || !name.starts_with("x-"));
    let mut wanted = arguments.iter().filter(|(name, _)| counts(name));
    let is_there =
        |(name, value): (&String, &String)| headers.get(name).is_some_and(|header| header.value == *value);
    if mode.starts_with("any") { wanted.any(is_there) } else { wanted.all(is_there) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message_attributes::MessageAttributeValue;

    #[test]
    fn mq_28_mq_t10_words_of_a_topic_exchange() {
        for (pattern, yes, no) in [
            ("a.*.c", &["a.b.c"][..], &["a.c", "a.b.b.c", "a.b.d"][..]),
            ("a.#", &["a", "a.b", "a.b.c"], &["b", "", "b.a"]),
            ("#", &["", "a", "a.b.c"], &[]),
            ("*", &["a"], &["", "a.b"]),
            ("#.c", &["c", "a.b.c"], &["a.b", ""]),
            ("a.#.c", &["a.c", "a.b.c", "a.b.b.c"], &["a", "c", "a.c.d"]),
        ] {
            assert!(yes.iter().all(|key| topic_matches(pattern, key)), "{pattern} matches {yes:?}");
            assert!(!no.iter().any(|key| topic_matches(pattern, key)), "{pattern} matches none of {no:?}");
        }
    }

    #[test]
    fn mq_26_headers_all_or_any_and_those_that_begin_with_x() {
        let of = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let mut headers = MessageAttributes::new();
        headers.insert("format".into(), MessageAttributeValue::string("pdf"));
        headers.insert("x-size".into(), MessageAttributeValue::string("big"));
        for (arguments, matches) in [
            (of(&[("format", "pdf")]), true),
            (of(&[("format", "pdf"), ("type", "log")]), false),
            (of(&[("x-match", "any"), ("format", "pdf"), ("type", "log")]), true),
            (of(&[("x-match", "any"), ("type", "log")]), false),
            // Ignored unless the variant says otherwise.
            (of(&[("x-match", "all"), ("format", "pdf"), ("x-size", "small")]), true),
            (of(&[("x-match", "all-with-x"), ("format", "pdf"), ("x-size", "small")]), false),
            (of(&[("x-match", "any-with-x"), ("x-size", "big")]), true),
            (of(&[("x-match", "any"), ("x-size", "big")]), false),
        ] {
            assert_eq!(headers_match(&arguments, &headers), matches, "{arguments:?}");
        }
    }
}
