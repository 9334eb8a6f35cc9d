//! What a topic has to know of each payload, worked out once (SNS-23, SNS-24, SNS-30, SNS-81).

use std::collections::BTreeMap;

use serde::Deserialize as _;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::error::{AttributeFault, Error};
use crate::context::Context;
use crate::identifiers::{DeduplicationId, PayloadId};
use crate::message::{Payload, content_deduplication_id};
use crate::message_attributes::{MessageAttributeError, MessageAttributeRules, validate_message_attributes};

/// What a topic has to know of a payload.
#[derive(Clone, Copy, Debug)]
pub(super) struct PayloadFacts {
    /// SHA-256 of the body (SNS-81).
    pub(super) content_id: DeduplicationId,
    /// Why no topic takes it.
    pub(super) error: Option<Error>,
}

/// The facts of all payloads met so far, by their place in the catalogue.
#[derive(Clone, Debug, Default)]
pub(super) struct PayloadBook {
    facts: Vec<PayloadFacts>,
}

impl PayloadBook {
    /// The facts of a payload.
    #[inline]
    pub(super) fn facts(&mut self, id: PayloadId, cx: &Context<'_>) -> PayloadFacts {
        if id.index() >= self.facts.len() {
            let new = cx.catalogue().payloads()[self.facts.len()..].iter().map(|payload| PayloadFacts {
                content_id: content_deduplication_id(&payload.body),
                error: error(payload),
            });
            self.facts.extend(new);
        }
        self.facts[id.index()]
    }
}

/// Characters of a subject (SNS-23).
const MOST_SUBJECT_CHARACTERS: usize = 100;

fn error(payload: &Payload) -> Option<Error> {
    if payload.body.is_empty() {
        return Some(Error::EmptyMessage);
    }
    if payload.subject.as_deref().is_some_and(|subject| !is_subject(subject)) {
        return Some(Error::InvalidSubject);
    }
    let structure = if payload.json_structure { structure_error(&payload.body) } else { None };
    structure.or_else(|| attribute_error(payload))
}

/// Under 100 characters, none of them a line break or control, the first a letter, digit or punctuation (SNS-23).
fn is_subject(subject: &str) -> bool {
    let starts = |character: char| character.is_alphanumeric() || character.is_ascii_punctuation();
    subject.chars().next().is_some_and(starts)
        && subject.chars().count() < MOST_SUBJECT_CHARACTERS
        && !subject.chars().any(char::is_control)
}

/// What is wrong with a body of structure `json` (SNS-24).
fn structure_error(body: &str) -> Option<Error> {
    let mut reader = serde_json::Deserializer::from_str(body);
    match reader.deserialize_map(Texts).and_then(|texts| reader.end().map(|()| texts)) {
        Err(_) => Some(Error::MessageStructureNotJson),
        Ok((_, true)) => Some(Error::DuplicatedKeys),
        Ok((texts, _)) => (!texts.contains_key("default")).then_some(Error::MessageStructureWithoutDefault),
    }
}

/// Reads an object of texts, and whether a key stands in it twice.
struct Texts;

impl<'de> Visitor<'de> for Texts {
    type Value = (BTreeMap<String, ()>, bool);

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut texts, mut twice) = (BTreeMap::new(), false);
        while let Some(key) = map.next_key::<String>()? {
            // What is no text does not stand for a protocol: it cannot be the default either.
            let value = serde_json::Value::deserialize(map.next_value::<serde_json::Value>()?);
            let is_text = value.is_ok_and(|value| value.is_string());
            if is_text {
                twice |= texts.insert(key, ()).is_some();
            }
        }
        Ok((texts, twice))
    }
}

fn attribute_error(payload: &Payload) -> Option<Error> {
    let fault = match validate_message_attributes(&payload.attributes, MessageAttributeRules::Sns) {
        Ok(()) => return None,
        Err(MessageAttributeError::BadType { .. }) => AttributeFault::Type,
        Err(MessageAttributeError::EmptyValue { .. }) => AttributeFault::EmptyValue,
        Err(MessageAttributeError::NotANumber { .. }) => AttributeFault::NotANumber,
        Err(MessageAttributeError::NotBase64 { .. }) => AttributeFault::NotBase64,
        Err(_) => AttributeFault::Name,
    };
    Some(Error::ParameterValueInvalid(fault))
}
