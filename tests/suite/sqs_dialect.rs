//! How transcripts speak to a queue.
//!
//! ```text
//! SendMessage body=a group=g dedup=1 delay=5 bytes=2048
//! SendMessageBatch a b c group=g,g,h dedup=1,2,-
//! ReceiveMessage max=10 wait=20 visibility=5 attempt=1 as=first
//! DeleteMessage a            the newest handle of the message with body a; a@1 is that of its first receive
//! DeleteMessageBatch a b
//! ChangeMessageVisibility a to=60
//! PurgeQueue
//! StartMessageMoveTask rate=10 destination=orders
//! CancelMessageMoveTask
//! ListMessageMoveTasks
//! ```
//!
//! A received message is written as its body, with its receive count behind it from the second receive on: `a(2)`.

use std::collections::{BTreeMap, BTreeSet};

use kernel::SimTime;
use messaging::call::{Call, Entries, Entry, Receipt};
use messaging::identifiers::DeduplicationId;
use messaging::message::{Message, Payload, content_deduplication_id};
use messaging::message_attributes::{MessageAttributeValue, MessageAttributes};
use messaging::{KeyId, MessageId, Request, Response, TraceId, World, sqs};

use crate::transcript::{Command, Dialect, refusal};

/// The conversation with one queue.
#[derive(Default)]
pub(crate) struct SqsDialect {
    handles: BTreeMap<String, Vec<Receipt>>,
    sent: BTreeSet<MessageId>,
}

impl Dialect for SqsDialect {
    fn request(&mut self, command: &Command, world: &mut World) -> (Request, Entries) {
        let to = || command.number("to").expect("to=SECONDS");
        let (request, entries) = match command.operation.as_str() {
            "SendMessage" => {
                let body = command.get("body").unwrap_or("");
                (sqs::Request::SendMessage, send_entries(&[body], command, world))
            }
            "SendMessageBatch" => {
                let bodies: Vec<&str> = command.words.iter().map(String::as_str).collect();
                (sqs::Request::SendMessageBatch, send_entries(&bodies, command, world))
            }
            "ReceiveMessage" => {
                let request = sqs::Request::ReceiveMessage {
                    max_number_of_messages: command.number("max").unwrap_or(1),
                    wait_time_seconds: command.number("wait"),
                    visibility_timeout: command.number("visibility"),
                    receive_request_attempt_id: command.number("attempt"),
                };
                (request, Entries::new())
            }
            "DeleteMessage" => (sqs::Request::DeleteMessage, self.handles(command)),
            "DeleteMessageBatch" => (sqs::Request::DeleteMessageBatch, self.handles(command)),
            "ChangeMessageVisibility" => {
                (sqs::Request::ChangeMessageVisibility { visibility_timeout: to() }, self.handles(command))
            }
            "ChangeMessageVisibilityBatch" => (
                sqs::Request::ChangeMessageVisibilityBatch { visibility_timeout: to() },
                self.handles(command),
            ),
            "PurgeQueue" => (sqs::Request::PurgeQueue, Entries::new()),
            "StartMessageMoveTask" => {
                let max_number_of_messages_per_second = command.number("rate");
                let place = |name: &str| world.component(&name.into()).expect(name);
                let destination = command.get("destination").map(place);
                let request =
                    sqs::Request::StartMessageMoveTask { max_number_of_messages_per_second, destination };
                (request, Entries::new())
            }
            "CancelMessageMoveTask" => (sqs::Request::CancelMessageMoveTask, Entries::new()),
            "ListMessageMoveTasks" => (sqs::Request::ListMessageMoveTasks, Entries::new()),
            other => panic!("SQS has no operation {other} here"),
        };
        (request.into(), entries)
    }

    fn answer(&mut self, call: &Call, world: &World) -> String {
        let Request::Sqs(request) = call.request else { panic!("a queue answers SQS requests") };
        let each = |text: &mut dyn FnMut(&Entry) -> String| {
            let texts: Vec<String> = call.entries.iter().map(text).collect();
            texts.join(", ")
        };
        match request {
            sqs::Request::ReceiveMessage { .. } if call.entries.is_empty() => "empty".into(),
            sqs::Request::ReceiveMessage { .. } => {
                let texts: Vec<String> =
                    call.entries.iter().map(|entry| self.received(entry, world)).collect();
                texts.join(" ")
            }
            sqs::Request::SendMessage | sqs::Request::SendMessageBatch => {
                each(&mut |entry| match entry.error {
                    Some(error) => refusal(&error),
                    None if self.sent.insert(entry.message.id) => "ok".into(),
                    None => "ok as before".into(),
                })
            }
            sqs::Request::PurgeQueue | sqs::Request::StartMessageMoveTask { .. } => "ok".into(),
            sqs::Request::CancelMessageMoveTask | sqs::Request::ListMessageMoveTasks => {
                move_task_text(call.result.and_then(Result::ok))
            }
            _ => each(&mut |entry| entry.error.map_or("ok".into(), |error| refusal(&error))),
        }
    }
}

fn move_task_text(response: Option<Response>) -> String {
    use messaging::sqs::MessageMoveTaskStatus::Failed;
    match response {
        Some(Response::Sqs(sqs::Response::MessageMoveTaskCancelled {
            approximate_number_of_messages_moved: moved,
        })) => format!("{moved} moved"),
        Some(Response::Sqs(sqs::Response::MessageMoveTask(Some(task)))) => {
            let reason = match task.status {
                Failed(reason) => format!(" {}", reason.name()),
                _ => String::new(),
            };
            let moved = task.approximate_number_of_messages_moved;
            let all = task.approximate_number_of_messages_to_move;
            format!("{}{reason} {moved} of {all}", task.status.name())
        }
        Some(Response::Sqs(sqs::Response::MessageMoveTask(None))) => "none".into(),
        other => panic!("{other:?} is not about a move task"),
    }
}

impl SqsDialect {
    fn received(&mut self, entry: &Entry, world: &World) -> String {
        let body = world.catalogue().payload(entry.message.payload).body.to_string();
        self.handles.entry(body.clone()).or_default().push(entry.receipt);
        match entry.receive_count {
            1 => body,
            count => format!("{body}({count})"),
        }
    }

    fn handles(&self, command: &Command) -> Entries {
        let handle = |word: &String| {
            let (body, number) =
                word.split_once('@').map_or((word.as_str(), None), |(body, number)| (body, Some(number)));
            let Some(handles) = self.handles.get(body) else { return sqs::NO_RECEIPT };
            match number.map(|number| number.parse::<usize>().expect("@NUMBER")) {
                Some(number) => handles[number - 1],
                None => *handles.last().expect("it was received"),
            }
        };
        let mut entries = Entries::new();
        for word in &command.words {
            entries.push(Entry { receipt: handle(word), ..Entry::new(blank_message()) });
        }
        entries
    }
}

fn send_entries(bodies: &[&str], command: &Command, world: &mut World) -> Entries {
    let mut attributes = MessageAttributes::new();
    for number in 0..command.number::<u32>("attributes").unwrap_or(0) {
        attributes.insert(format!("a{number}"), MessageAttributeValue::string("x"));
    }
    let groups = command.list("group", bodies.len());
    let deduplication_ids = command.list("dedup", bodies.len());
    let bytes = command.number("bytes").unwrap_or(0);
    let mut entries = Entries::new();
    for (place, body) in bodies.iter().enumerate() {
        let payload = world.catalogue_mut().add_payload(Payload::new(*body, attributes.clone(), bytes));
        let key = groups[place].map_or(KeyId::NONE, |group| world.catalogue_mut().add_key(group));
        let deduplication_id =
            deduplication_ids[place].map_or(DeduplicationId::NONE, content_deduplication_id);
        let delay_seconds = command.number("delay");
        entries.push(Entry::new(Message {
            payload,
            key,
            deduplication_id,
            delay_seconds,
            ..blank_message()
        }));
    }
    entries
}

pub(crate) fn blank_message() -> Message {
    Message {
        id: MessageId(0),
        trace_id: TraceId(0),
        payload: messaging::PayloadId(0),
        key: KeyId::NONE,
        deduplication_id: DeduplicationId::NONE,
        published_at: SimTime::ZERO,
        delay_seconds: None,
        poison: false,
    }
}
