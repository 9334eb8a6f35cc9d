//! How transcripts speak to a broker, from outside the graph: as an API console does.
//!
//! ```text
//! BasicPublish pdf.log body=a exchange=files     the routing key; the default exchange if none is named
//! BasicPublish body=a format=pdf                 other names are headers
//! BasicPublish q body=a expiration=1000 mandatory
//! BasicGet q max=10                              reads messages, which stay unacknowledged
//! Acknowledge a                                  the message that was read last with this body
//! Acknowledge b multiple                         with all that were read before it
//! Reject a                                       `requeue` gives it back
//! ```
//!
//! Messages are written as their bodies, those that were delivered before with `*`, and several with blanks between.

use std::collections::BTreeMap;

use kernel::SimDuration;
use messaging::call::{Call, Entries, Entry};
use messaging::message::{Message, Payload};
use messaging::message_attributes::{MessageAttributeValue, MessageAttributes};
use messaging::mq::Request;
use messaging::{KeyId, Request as AnyRequest, World};

use crate::sqs_dialect::blank_message;
use crate::transcript::{Command, Dialect};

/// The conversation with one broker.
#[derive(Default)]
pub(crate) struct MqDialect {
    /// What was read, by its body.
    read: BTreeMap<String, Entry>,
}

/// Arguments that are no headers.
const NAMES: &[&str] = &["body", "exchange", "expiration", "max", "times", "as"];

impl Dialect for MqDialect {
    fn request(&mut self, command: &Command, world: &mut World) -> (AnyRequest, Entries) {
        let says = |word: &str| command.words.iter().any(|other| other == word);
        let first = command.words.first().map_or("", String::as_str);
        let mut entries = Entries::new();
        let request = match command.operation.as_str() {
            "BasicPublish" => {
                let headers = command.named().filter(|(name, _)| !NAMES.contains(name));
                let headers: MessageAttributes = headers
                    .map(|(name, value)| (name.to_owned(), MessageAttributeValue::string(value)))
                    .collect();
                let body = command.get("body").unwrap_or("");
                let payload = world.catalogue_mut().add_payload(Payload::new(body, headers, 0));
                let key = if first == "mandatory" { "" } else { first };
                let key = world.catalogue_mut().add_key(key);
                entries.push(Entry::new(Message { payload, key, ..blank_message() }));
                let exchange = command.get("exchange");
                let exchange = exchange.map_or(KeyId::NONE, |name| world.catalogue_mut().add_key(name));
                let time_to_live = command.number("expiration");
                Request::BasicPublish { exchange, mandatory: says("mandatory"), time_to_live }
            }
            "BasicGet" => {
                let queue = world.catalogue_mut().add_key(first);
                Request::BasicGet { queue, max_messages: command.number("max").unwrap_or(1) }
            }
            "Acknowledge" => {
                entries.push(self.held(first));
                Request::Acknowledge { multiple: says("multiple") }
            }
            "Reject" => {
                entries.push(self.held(first));
                Request::Reject { requeue: says("requeue") }
            }
            other => panic!("a broker has no operation {other} here"),
        };
        (request.into(), entries)
    }

    /// A broker takes one message after the other, and a confirm waits for the disk (MQ-9, MQ-10).
    fn patience(&self) -> SimDuration {
        SimDuration::from_millis(20)
    }

    fn answer(&mut self, call: &Call, world: &World) -> String {
        let is_get = matches!(call.request, AnyRequest::Mq(Request::BasicGet { .. }));
        let mut bodies = Vec::new();
        for entry in call.entries.iter().filter(|_| is_get) {
            let body = world.catalogue().payload(entry.message.payload).body.to_string();
            bodies.push(format!("{body}{}", if entry.receive_count > 1 { "*" } else { "" }));
            self.read.insert(body, *entry);
        }
        match (is_get, bodies.is_empty()) {
            (false, _) => "ok".into(),
            (true, true) => "nothing".into(),
            (true, false) => bodies.join(" "),
        }
    }
}

impl MqDialect {
    fn held(&self, body: &str) -> Entry {
        *self.read.get(body).unwrap_or_else(|| panic!("{body} was not read"))
    }
}
