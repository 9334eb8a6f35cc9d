//! What a producer sends: bodies with attributes, and keys.

use kernel::RandomStream;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::identifiers::{DeduplicationId, KeyId, PayloadId};
use crate::message::{Catalogue, Payload, content_deduplication_id};
use crate::message_attributes::MessageAttributes;

/// One of the messages a producer chooses from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct MessageTemplate {
    /// The message body.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// The message attributes.
    #[serde(skip_serializing_if = "MessageAttributes::is_empty")]
    pub attributes: MessageAttributes,
    /// `Subject`, of a message to a topic (SNS-23).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// `MessageStructure`: `json` if the body has a text for each protocol (SNS-24).
    #[serde(skip_serializing_if = "is_default")]
    pub message_structure: MessageStructure,
    /// How often it is chosen, against the others' weights.
    #[serde(skip_serializing_if = "is_one")]
    pub weight: u32,
    /// `MessageDeduplicationId`; by default every message has an id of its own (SQS-141).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deduplication_id: Option<String>,
    /// Its processing always fails.
    #[serde(skip_serializing_if = "is_default")]
    pub poison: bool,
}

impl Default for MessageTemplate {
    fn default() -> Self {
        Self {
            body: String::new(),
            attributes: MessageAttributes::new(),
            subject: None,
            message_structure: MessageStructure::Text,
            weight: 1,
            deduplication_id: None,
            poison: false,
        }
    }
}

/// `MessageStructure` of a message to a topic (SNS-24).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum MessageStructure {
    /// One text for all.
    #[default]
    Text,
    /// A JSON object with a text for each protocol, and a default one.
    Json,
}

/// In which order messages or keys are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Choice {
    /// One after the other, each as often as its weight says.
    #[default]
    RoundRobin,
    /// At random, by weight.
    Random,
    /// At random; key n is chosen in proportion to 1/n (Zipf's law).
    Zipf,
}

/// Message group ids or partition keys to choose from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct Keys {
    /// The keys by name; otherwise `Prefix` and a number from 1 to `Count`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub list: Vec<String>,
    /// Start of every key's name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// How many keys there are.
    #[serde(skip_serializing_if = "is_default")]
    pub count: u32,
    /// In which order they are chosen.
    #[serde(skip_serializing_if = "is_default")]
    pub choice: Choice,
    /// This share of all messages, from 0 to 1, gets the first key: a hot key.
    #[serde(skip_serializing_if = "is_default")]
    pub first_key_share: f64,
}

pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
fn is_one(weight: &u32) -> bool {
    *weight == 1
}

/// The most keys of one producer. Ours.
pub(super) const MAX_KEYS: u32 = 100_000;

/// A chooser over messages and keys, with its place in both.
#[derive(Clone, Debug)]
pub(super) struct MessageSource {
    /// Each message with the weight up to and including it.
    variants: Vec<(PayloadId, DeduplicationId, u64)>,
    choice: Choice,
    keys: Vec<KeyId>,
    /// Running sums of the keys' weights, for Zipf's law.
    key_weights: Vec<f64>,
    key_choice: Choice,
    first_key_share: f64,
    next_variant: u64,
    next_key: usize,
}

impl MessageSource {
    pub(super) fn new(
        templates: &[MessageTemplate],
        choice: Choice,
        keys: &Keys,
        payload_bytes: u32,
        cx: &mut Context<'_>,
    ) -> Self {
        let catalogue = cx.catalogue_mut();
        let default = [MessageTemplate::default()];
        let templates = if templates.is_empty() { &default } else { templates };
        let mut total = 0;
        let variants = templates
            .iter()
            .map(|template| {
                total += u64::from(template.weight);
                let id = template
                    .deduplication_id
                    .as_deref()
                    .map_or(DeduplicationId::NONE, content_deduplication_id);
                (add_payload(template, payload_bytes, catalogue), id, total)
            })
            .collect();
        let keys_spec = keys;
        let keys = add_keys(keys_spec, catalogue);
        let mut sum = 0.0;
        let key_weights = match keys_spec.choice {
            Choice::Zipf => (1..=keys.len())
                .map(|rank| {
                    sum += 1.0 / rank as f64;
                    sum
                })
                .collect(),
            _ => Vec::new(),
        };
        let (key_choice, first_key_share) = (keys_spec.choice, keys_spec.first_key_share);
        Self {
            variants,
            choice,
            keys,
            key_weights,
            key_choice,
            first_key_share,
            next_variant: 0,
            next_key: 0,
        }
    }

    /// Chooses what the next message carries.
    #[inline]
    pub(super) fn next(&mut self, random: &mut RandomStream) -> (PayloadId, DeduplicationId, KeyId) {
        let (payload, deduplication_id) = self.next_variant(random);
        (payload, deduplication_id, self.next_key(random))
    }

    #[inline]
    fn next_variant(&mut self, random: &mut RandomStream) -> (PayloadId, DeduplicationId) {
        let last = self.variants.len() - 1;
        if last == 0 {
            return (self.variants[0].0, self.variants[0].1);
        }
        let total = self.variants[last].2.max(1);
        let place = match self.choice {
            Choice::RoundRobin => {
                self.next_variant += 1;
                (self.next_variant - 1) % total
            }
            Choice::Random | Choice::Zipf => random.below(total),
        };
        let index = self.variants.partition_point(|(_, _, up_to)| *up_to <= place).min(last);
        (self.variants[index].0, self.variants[index].1)
    }

    #[inline]
    fn next_key(&mut self, random: &mut RandomStream) -> KeyId {
        if self.keys.is_empty() {
            return KeyId::NONE;
        }
        if self.first_key_share > 0.0 && random.chance(self.first_key_share) {
            return self.keys[0];
        }
        match self.key_choice {
            Choice::RoundRobin => {
                let key = self.keys[self.next_key];
                self.next_key = if self.next_key + 1 == self.keys.len() { 0 } else { self.next_key + 1 };
                key
            }
            Choice::Random => self.keys[random.below(self.keys.len() as u64) as usize],
            Choice::Zipf => {
                let at = random.unit() * self.key_weights.last().copied().unwrap_or(1.0);
                let index = self.key_weights.partition_point(|up_to| *up_to <= at);
                self.keys[index.min(self.keys.len() - 1)]
            }
        }
    }
}

fn add_payload(template: &MessageTemplate, payload_bytes: u32, catalogue: &mut Catalogue) -> PayloadId {
    let body = if template.body.is_empty() { "{}" } else { &template.body };
    let mut payload = Payload::new(body, template.attributes.clone(), payload_bytes);
    payload.subject = template.subject.as_deref().map(Into::into);
    payload.json_structure = template.message_structure == MessageStructure::Json;
    payload.poison = template.poison;
    catalogue.add_payload(payload)
}

fn add_keys(keys: &Keys, catalogue: &mut Catalogue) -> Vec<KeyId> {
    if keys.list.is_empty() {
        let count = keys.count.min(MAX_KEYS);
        (1..=count).map(|number| catalogue.add_key(&format!("{}{number}", keys.prefix))).collect()
    } else {
        keys.list.iter().map(|key| catalogue.add_key(key)).collect()
    }
}
