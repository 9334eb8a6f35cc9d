//! What a queue has to know of each payload, worked out once (SQS-20, SQS-23, SQS-24, SQS-140, SQS-141).

use super::error::Error;
use crate::context::Context;
use crate::identifiers::{DeduplicationId, KeyId, PayloadId};
use crate::message::{Payload, content_deduplication_id};
use crate::message_attributes::{MessageAttributeError, MessageAttributeRules, validate_message_attributes};

/// What a queue has to know of a payload.
#[derive(Clone, Copy, Debug)]
pub(super) struct PayloadFacts {
    /// Body and attributes (SQS-20).
    pub(super) size_bytes: u32,
    /// SHA-256 of the body (SQS-141).
    pub(super) content_id: DeduplicationId,
    /// Why no queue takes it.
    pub(super) error: Option<Error>,
}

/// The facts of all payloads met so far, by their place in the catalogue.
#[derive(Clone, Debug, Default)]
pub(super) struct PayloadBook {
    facts: Vec<PayloadFacts>,
    /// For each key of the catalogue whether it may be a `MessageGroupId`.
    group_ids: Vec<bool>,
}

impl PayloadBook {
    /// The facts of a payload.
    #[inline]
    pub(super) fn facts(&mut self, id: PayloadId, cx: &Context<'_>) -> PayloadFacts {
        if id.index() >= self.facts.len() {
            let new = cx.catalogue().payloads()[self.facts.len()..].iter().map(|payload| facts(payload));
            self.facts.extend(new);
        }
        self.facts[id.index()]
    }

    /// True when a key is 1 to 128 letters, digits and punctuation marks (SQS-140).
    #[inline]
    pub(super) fn is_group_id(&mut self, key: KeyId, cx: &Context<'_>) -> bool {
        if key.index() >= self.group_ids.len() {
            let new = cx.catalogue().keys()[self.group_ids.len()..].iter();
            self.group_ids.extend(new.map(|key| {
                (1..=128).contains(&key.text.len()) && key.text.bytes().all(|byte| byte.is_ascii_graphic())
            }));
        }
        self.group_ids[key.index()]
    }
}

fn facts(payload: &Payload) -> PayloadFacts {
    PayloadFacts {
        size_bytes: payload.size_bytes,
        content_id: content_deduplication_id(&payload.body),
        error: error(payload),
    }
}

fn error(payload: &Payload) -> Option<Error> {
    if payload.body.is_empty() {
        return Some(Error::MissingMessageBody);
    }
    if !payload.body.chars().all(is_allowed) {
        return Some(Error::InvalidMessageContents);
    }
    match validate_message_attributes(&payload.attributes, MessageAttributeRules::Sqs) {
        Ok(()) => None,
        Err(MessageAttributeError::TooMany { count }) => Some(Error::TooManyMessageAttributes(count as u32)),
        Err(_) => Some(Error::InvalidMessageAttributes),
    }
}

/// The characters of XML 1.0 (SQS-23).
fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
