//! What the document says of a subscription (SNS-47), and the subscription at work.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::filter_policy::{Decision, FilterPolicy, FilterPolicyError, FilterPolicyScope};
use super::quotas::BATCH_ENTRIES;
use crate::call::{Entries, Entry};
use crate::context::Context;
use crate::descriptor::{FieldKind, FieldSpec, LinkDescriptor};
use crate::identifiers::{KeyId, LinkId, PayloadId};
use crate::message::{Catalogue, Message, Payload};
use crate::message_attributes::MessageAttributes;
use crate::registry::{LinkBehavior, ResourceKind};

/// What the document says of a subscription (SNS-47).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct Subscription {
    /// `FilterPolicy` (SNS-205); everything passes without one (SNS-201).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter_policy: Option<Value>,
    /// Which part of the message the filter policy reads (SNS-202).
    #[serde(skip_serializing_if = "is_default")]
    pub filter_policy_scope: FilterPolicyScope,
    /// Deliver the body as published, without the envelope (SNS-62).
    #[serde(skip_serializing_if = "is_default")]
    pub raw_message_delivery: bool,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Subscription {
    /// The filter policy, compiled; nothing if everything passes (SNS-201).
    ///
    /// # Errors
    /// What SNS refuses of the policy (SNS-251).
    pub fn compile(&self) -> Result<Option<FilterPolicy>, FilterPolicyError> {
        let Some(policy) = &self.filter_policy else { return Ok(None) };
        let text = match policy {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let policy = FilterPolicy::parse(&text, self.filter_policy_scope)?;
        Ok((!policy.is_empty()).then_some(policy))
    }
}

impl LinkBehavior for Subscription {
    const DESCRIPTOR: LinkDescriptor = LinkDescriptor {
        link_type: "AWS::SNS::Subscription",
        title: "SNS subscription",
        description: "The topic delivers a copy of each message that passes the filter policy.",
        fields: &[
            FieldSpec {
                name: "FilterPolicy",
                kind: FieldKind::FilterPolicy,
                description: "Which messages the subscription gets; all of them without one.",
                rule: "SNS-205",
            },
            FieldSpec {
                name: "FilterPolicyScope",
                kind: FieldKind::Choice(&["MessageAttributes", "MessageBody"]),
                description: "Which part of the message the filter policy reads.",
                rule: "SNS-202",
            },
            FieldSpec {
                name: "RawMessageDelivery",
                kind: FieldKind::Switch,
                description: "Deliver the body as published, without SNS's envelope.",
                rule: "SNS-62",
            },
        ],
        pull: false,
        redrive: false,
    };
}

/// The most attributes a raw delivery to a queue may carry (SNS-64).
const MAX_RAW_ATTRIBUTES: usize = 10;

/// A subscription at work: the compiled policy, and what it decided about payloads it has seen.
#[derive(Clone, Debug)]
pub(super) struct ActiveSubscription {
    pub(super) link: LinkId,
    pub(super) kind: ResourceKind,
    /// The far end keeps groups in order: a FIFO queue.
    pub(super) to_fifo: bool,
    pub(super) properties: Subscription,
    policy: Option<FilterPolicy>,
    decisions: Vec<Option<Decision>>,
    envelopes: Vec<Option<PayloadId>>,
    turns: Turns,
}

/// The message groups of a FIFO queue with a delivery under way, and what waits behind it (SNS-83).
#[derive(Clone, Debug, Default)]
pub(super) struct Turns {
    groups: BTreeMap<KeyId, VecDeque<Message>>,
}

impl Turns {
    /// How many messages wait.
    pub(super) fn messages(&self) -> u64 {
        self.groups.values().map(|waiting| waiting.len() as u64).sum()
    }

    /// True if a message may go now; otherwise it waits until the one before it has arrived or is given up.
    fn take(&mut self, message: Message) -> bool {
        if let Some(waiting) = self.groups.get_mut(&message.key) {
            waiting.push_back(message);
            return false;
        }
        self.groups.insert(message.key, VecDeque::new());
        true
    }

    /// What waited in a group whose delivery is over, as many as one call may carry.
    fn next(&mut self, group: KeyId, max_bytes: u64, size: impl Fn(&Message) -> u64) -> Entries {
        let mut entries = Entries::new();
        let Some(waiting) = self.groups.get_mut(&group) else { return entries };
        let mut bytes = 0;
        while let Some(message) = waiting.front() {
            bytes += size(message);
            let full = entries.len() as u64 == BATCH_ENTRIES.current || bytes > max_bytes;
            if full && !entries.is_empty() {
                break;
            }
            entries.extend(waiting.pop_front().map(Entry::new));
        }
        if entries.is_empty() {
            self.groups.remove(&group);
        }
        entries
    }
}

impl ActiveSubscription {
    pub(super) fn new(link: LinkId, kind: ResourceKind, to_fifo: bool, properties: &Subscription) -> Self {
        Self {
            link,
            kind,
            to_fifo,
            properties: properties.clone(),
            // Validation has refused bad policies; one that slips through filters nothing.
            policy: properties.compile().ok().flatten(),
            decisions: Vec::new(),
            envelopes: Vec::new(),
            turns: Turns::default(),
        }
    }

    /// Takes over what waits from the subscription it replaces.
    pub(super) fn replacing(mut self, old: Option<Self>) -> Self {
        self.turns = old.map(|old| old.turns).unwrap_or_default();
        self
    }

    /// What waits until an earlier message of its group has arrived or is given up.
    pub(super) fn turns(&self) -> &Turns {
        &self.turns
    }

    /// True if a message may go now; only FIFO queues are served in turn (SNS-83).
    #[inline]
    pub(super) fn takes_turn(&mut self, message: Message) -> bool {
        !self.to_fifo || self.turns.take(message)
    }

    /// What waited in a group whose delivery is over, as many as one call may carry.
    #[inline]
    pub(super) fn next_in_turn(
        &mut self,
        group: KeyId,
        max_bytes: u64,
        size: impl Fn(&Message) -> u64,
    ) -> Entries {
        if self.to_fifo { self.turns.next(group, max_bytes, size) } else { Entries::new() }
    }

    /// Whether a payload passes. Decided once for each payload: what it carries never changes.
    #[inline]
    pub(super) fn decide(&mut self, payload: PayloadId, catalogue: &Catalogue) -> Decision {
        let Some(policy) = &self.policy else { return Decision::Matched };
        let place = payload.index();
        if let Some(Some(decision)) = self.decisions.get(place) {
            return *decision;
        }
        let Payload { attributes, body, .. } = catalogue.payload(payload);
        let decision = policy.decide(attributes, body);
        if self.decisions.len() <= place {
            self.decisions.resize(place + 1, None);
        }
        self.decisions[place] = Some(decision);
        decision
    }

    /// Whether SNS can hand the payload over at all (SNS-64).
    pub(super) fn can_carry(&self, payload: PayloadId, catalogue: &Catalogue) -> bool {
        !self.properties.raw_message_delivery
            || catalogue.payload(payload).attributes.len() <= MAX_RAW_ATTRIBUTES
    }

    /// What arrives at the far end: the payload itself when raw, else SNS's envelope around it (SNS-60, SNS-62).
    #[inline]
    pub(super) fn delivered(
        &mut self,
        payload: PayloadId,
        topic_arn: &str,
        cx: &mut Context<'_>,
    ) -> PayloadId {
        if self.properties.raw_message_delivery {
            return payload;
        }
        let place = payload.index();
        if let Some(Some(envelope)) = self.envelopes.get(place) {
            return *envelope;
        }
        let envelope = envelope(cx.catalogue().payload(payload), payload, topic_arn, self.to_fifo);
        let id = cx.catalogue_mut().add_payload(envelope);
        if self.envelopes.len() <= place {
            self.envelopes.resize(place + 1, None);
        }
        self.envelopes[place] = Some(id);
        id
    }

    /// What passes, in a few words: `state: placed`.
    pub(super) fn label(&self) -> String {
        let Some(policy) = &self.policy else { return "No filter policy".into() };
        let rows = policy.explain(&MessageAttributes::new(), "{}").rows;
        let Some(first) = rows.first() else { return "No filter policy".into() };
        let more = match rows.len() - 1 {
            0 => String::new(),
            1 => " +1 key".into(),
            more => format!(" +{more} keys"),
        };
        format!("{}: {}{more}", first.key, first.wants)
    }

    pub(super) fn is_filtered(&self) -> bool {
        self.policy.is_some()
    }
}

/// SNS's envelope (SNS-60). The message id, the time and the signature differ from message to message in AWS; here
/// they are placeholders of the same length, so that one envelope serves for all messages of a payload.
fn envelope(payload: &Payload, id: PayloadId, topic_arn: &str, fifo: bool) -> Payload {
    let mut envelope = serde_json::json!({
        "Type": "Notification",
        "MessageId": "00000000-0000-4000-8000-000000000000",
        "TopicArn": topic_arn,
        "Message": &*payload.body,
        "Timestamp": "2026-11-20T00:00:00.000Z",
    });
    if let Value::Object(members) = &mut envelope {
        if fifo {
            members.insert("SequenceNumber".into(), "10000000000000000000".into());
        } else {
            members.insert("SignatureVersion".into(), "1".into());
            members.insert("Signature".into(), "simulated".into());
        }
        if !payload.attributes.is_empty() {
            let attributes = serde_json::to_value(&payload.attributes).unwrap_or_default();
            members.insert("MessageAttributes".into(), attributes);
        }
    }
    let text = envelope.to_string();
    let padding = (payload.size_bytes as usize).saturating_sub(payload.body.len());
    let padded = u32::try_from(text.len() + padding).unwrap_or(u32::MAX);
    let mut outer = Payload::new(text, MessageAttributes::new(), padded);
    outer.poison = payload.poison;
    outer.enclosed = Some(id);
    outer
}
