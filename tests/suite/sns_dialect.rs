//! How transcripts speak to a topic.
//!
//! ```text
//! Publish body=a subject=Hello structure=json group=g dedup=1 bytes=2048 attributes=3
//! Publish body=a size=Number:5 state=String:placed        other names are message attributes
//! PublishBatch a b c group=g,g,h dedup=1,2,-
//! CreateTopic                                              another topic of the same type
//! CreateTopic this attributes=other                        or tags=other
//! DeleteTopic
//! Subscribe protocol=sqs
//! Unsubscribe
//! ```

use std::collections::BTreeSet;

use messaging::call::{Call, Entries, Entry};
use messaging::identifiers::DeduplicationId;
use messaging::message::{Message, Payload, content_deduplication_id};
use messaging::message_attributes::{MessageAttributeValue, MessageAttributes};
use messaging::{KeyId, MessageId, Request, World, sns};

use crate::sqs_dialect::blank_message;
use crate::transcript::{Command, Dialect, refusal};

/// The conversation with one topic.
#[derive(Default)]
pub(crate) struct SnsDialect {
    published: BTreeSet<MessageId>,
}

/// Arguments that are no message attributes.
const NAMES: &[&str] = &[
    "body",
    "subject",
    "structure",
    "group",
    "dedup",
    "bytes",
    "attributes",
    "tags",
    "protocol",
    "times",
    "as",
];

impl Dialect for SnsDialect {
    fn request(&mut self, command: &Command, world: &mut World) -> (Request, Entries) {
        let protocol = || {
            let name = command.get("protocol").expect("protocol=NAME");
            sns::Protocol::ALL.into_iter().find(|protocol| protocol.name() == name).expect("a protocol")
        };
        let other = |name| command.get(name) == Some("other");
        let (request, entries) = match command.operation.as_str() {
            "Publish" => {
                let body = command.get("body").unwrap_or("");
                (sns::Request::Publish, entries(&[body], command, world))
            }
            "PublishBatch" => {
                let bodies: Vec<&str> = command.words.iter().map(String::as_str).collect();
                (sns::Request::PublishBatch, entries(&bodies, command, world))
            }
            "CreateTopic" => {
                let topic = match command.words.first() {
                    None => sns::CreateTopic::OtherTopic,
                    Some(_) if other("attributes") => sns::CreateTopic::SameTopicOtherAttributes,
                    Some(_) if other("tags") => sns::CreateTopic::SameTopicOtherTags,
                    Some(_) => sns::CreateTopic::SameTopic,
                };
                (sns::Request::CreateTopic(topic), Entries::new())
            }
            "DeleteTopic" => (sns::Request::DeleteTopic, Entries::new()),
            "Subscribe" => (sns::Request::Subscribe(protocol()), Entries::new()),
            "Unsubscribe" => (sns::Request::Unsubscribe, Entries::new()),
            other => panic!("SNS has no operation {other} here"),
        };
        (request.into(), entries)
    }

    fn answer(&mut self, call: &Call, _world: &World) -> String {
        let number = match call.result {
            Some(Ok(messaging::Response::Sns(sns::Response::Published { sequence_number }))) => {
                format!(" {sequence_number}")
            }
            _ => String::new(),
        };
        if call.entries.is_empty() {
            return "ok".into();
        }
        let text = |entry: &Entry| match entry.error {
            Some(error) => refusal(&error),
            None if self.published.insert(entry.message.id) => format!("ok{number}"),
            None => "ok as before".into(),
        };
        call.entries.iter().map(text).collect::<Vec<_>>().join(", ")
    }
}

fn entries(bodies: &[&str], command: &Command, world: &mut World) -> Entries {
    let mut attributes = MessageAttributes::new();
    for number in 0..command.number::<u32>("attributes").unwrap_or(0) {
        attributes.insert(format!("a{number}"), MessageAttributeValue::string("x"));
    }
    for (name, value) in command.named().filter(|(name, _)| !NAMES.contains(name)) {
        let (data_type, value) = value.split_once(':').expect("NAME=TYPE:VALUE");
        let value = MessageAttributeValue { data_type: data_type.into(), value: value.into() };
        attributes.insert(name.into(), value);
    }
    let groups = command.list("group", bodies.len());
    let ids = command.list("dedup", bodies.len());
    let mut entries = Entries::new();
    for (place, body) in bodies.iter().enumerate() {
        let bytes = command.number("bytes").unwrap_or(0);
        let mut payload = Payload::new(*body, attributes.clone(), bytes);
        payload.subject = command.get("subject").map(|subject| subject.replace('_', " ").into());
        payload.json_structure = command.get("structure") == Some("json");
        let published_at = world.now();
        let catalogue = world.catalogue_mut();
        entries.push(Entry::new(Message {
            payload: catalogue.add_payload(payload),
            key: groups[place].map_or(KeyId::NONE, |group| catalogue.add_key(group)),
            deduplication_id: ids[place].map_or(DeduplicationId::NONE, content_deduplication_id),
            published_at,
            ..blank_message()
        }));
    }
    entries
}
