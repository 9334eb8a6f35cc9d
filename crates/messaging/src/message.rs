//! Messages, and the catalogue of what they carry.
//!
//! A scenario sends few different bodies but many messages. Bodies, attributes and keys therefore stand once in
//! the [`Catalogue`], and a [`Message`] is a handful of numbers that is copied for free.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::SimTime;
use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

use crate::identifiers::{DeduplicationId, KeyId, MessageId, PayloadId, TraceId};
use crate::message_attributes::{MessageAttributes, message_attributes_bytes};

/// One message on its way: small and copied freely.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Message {
    /// Assigned by the service that accepted it last; zero before (SQS-25, SNS-20).
    pub id: MessageId,
    /// The same for every copy of what was published once.
    pub trace_id: TraceId,
    /// Body and attributes.
    pub payload: PayloadId,
    /// `MessageGroupId` (SQS-140) or `PartitionKey` (KDS-8).
    pub key: KeyId,
    /// `MessageDeduplicationId`, if one was given (SQS-141).
    pub deduplication_id: DeduplicationId,
    /// When its first producer sent it first.
    pub published_at: SimTime,
    /// `DelaySeconds` of the send call, if given (SQS-93).
    pub delay_seconds: Option<u16>,
    /// Its processing always fails: a fault put in by a person or the scenario.
    pub poison: bool,
}

/// A body with its attributes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Payload {
    /// The text sent.
    pub body: Arc<str>,
    /// The message attributes sent with it.
    pub attributes: MessageAttributes,
    /// Body and attributes in bytes (SQS-20), padding of the producer included.
    pub size_bytes: u32,
    /// `Subject` of a publish (SNS-23).
    pub subject: Option<Arc<str>>,
    /// `MessageStructure` is `json`: the body has a text for each protocol (SNS-24).
    pub json_structure: bool,
    /// Processing always fails.
    pub poison: bool,
    /// The payload this one was made from, when a topic put it into an envelope (SNS-60).
    pub enclosed: Option<PayloadId>,
}

impl Payload {
    /// A payload of the given text; `size_bytes` is at least what text and attributes take (SQS-20).
    pub fn new(body: impl Into<Arc<str>>, attributes: MessageAttributes, padded_to_bytes: u32) -> Self {
        let body = body.into();
        let bytes = body.len() + message_attributes_bytes(&attributes);
        let size_bytes = u32::try_from(bytes).unwrap_or(u32::MAX).max(padded_to_bytes);
        Self {
            body,
            attributes,
            size_bytes,
            subject: None,
            json_structure: false,
            poison: false,
            enclosed: None,
        }
    }
}

/// A message group id or partition key.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its text.
    pub text: Arc<str>,
    /// MD5 of the text, read as an unsigned big-endian number (KDS-8): computed once per key.
    pub md5: u128,
}

/// What messages carry, each different thing once.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    payloads: Vec<Arc<Payload>>,
    keys: Vec<Key>,
    key_by_text: BTreeMap<Arc<str>, KeyId>,
}

impl Catalogue {
    /// Adds a payload, or finds an equal one.
    pub fn add_payload(&mut self, payload: Payload) -> PayloadId {
        let place = self.payloads.iter().position(|other| **other == payload).unwrap_or_else(|| {
            self.payloads.push(Arc::new(payload));
            self.payloads.len() - 1
        });
        PayloadId(place as u32)
    }

    /// Adds a key, or finds the one of the same text.
    pub fn add_key(&mut self, text: &str) -> KeyId {
        if let Some(id) = self.key_by_text.get(text) {
            return *id;
        }
        let id = KeyId(self.keys.len() as u32);
        let text: Arc<str> = text.into();
        let md5 = u128::from_be_bytes(Md5::digest(text.as_bytes()).into());
        self.keys.push(Key { text: text.clone(), md5 });
        self.key_by_text.insert(text, id);
        id
    }

    /// The payload of an id.
    #[inline]
    pub fn payload(&self, id: PayloadId) -> &Payload {
        &self.payloads[id.index()]
    }

    /// The payload as its producer made it: the one inside, if it stands in an envelope.
    pub fn original(&self, id: PayloadId) -> PayloadId {
        self.payload(id).enclosed.unwrap_or(id)
    }

    /// All payloads, in the order they were added.
    pub fn payloads(&self) -> &[Arc<Payload>] {
        &self.payloads
    }

    /// The key of an id, unless it is [`KeyId::NONE`].
    #[inline]
    pub fn key(&self, id: KeyId) -> Option<&Key> {
        self.keys.get(id.index())
    }

    /// All keys, in the order they were added.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }
}

/// 64 bits of SHA-256 of a text: what deduplication compares (SQS-141, SNS-81).
pub fn content_deduplication_id(text: &str) -> DeduplicationId {
    use sha2::Sha256;
    let digest = Sha256::digest(text.as_bytes());
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&digest[..8]);
    DeduplicationId(u64::from_be_bytes(bytes) | 1)
}
