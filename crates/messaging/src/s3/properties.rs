//! What the document says of a bucket and of its event rules.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::event::EVENTS;
use crate::client::ProcessingTime;
use crate::descriptor::{FieldKind, LinkDescriptor, field};
use crate::registry::{LinkBehavior, LinkConflict, Properties, SharedEnd};

/// What the document says of a bucket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct BucketProperties {
    /// The bucket policy; the account may do what it does not deny (ACC-8).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Value>,
    /// How long an event takes to reach its destination (CMP-51).
    #[serde(skip_serializing_if = "is_usual_delay")]
    pub notification_delay: ProcessingTime,
    /// Share of the events that arrive twice, from 0 to 1 (CMP-51).
    #[serde(skip_serializing_if = "is_default")]
    pub duplicate_notification_probability: f64,
}

/// Median 1 s, 99 of 100 within 10 s (CMP-51). Ours: AWS says `typically in seconds`.
const USUAL_DELAY: ProcessingTime = ProcessingTime::Lognormal { median_milliseconds: 1_000.0, sigma: 0.99 };

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
fn is_usual_delay(delay: &ProcessingTime) -> bool {
    *delay == USUAL_DELAY
}

impl Default for BucketProperties {
    fn default() -> Self {
        Self { policy: None, notification_delay: USUAL_DELAY, duplicate_notification_probability: 0.0 }
    }
}

/// An event rule of a bucket: which events go to the resource at the far end (CMP-47).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct NotificationConfiguration {
    /// The event type, or all of a kind with `*` at the end (CMP-48).
    #[serde(skip_serializing_if = "is_usual_event")]
    pub event: String,
    /// Start of the keys; all if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// End of the keys; all if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub suffix: String,
}

fn is_usual_event(event: &str) -> bool {
    event == EVENTS[0]
}

impl Default for NotificationConfiguration {
    fn default() -> Self {
        Self { event: EVENTS[0].into(), prefix: String::new(), suffix: String::new() }
    }
}

impl LinkBehavior for NotificationConfiguration {
    const DESCRIPTOR: LinkDescriptor = LinkDescriptor {
        link_type: "AWS::S3::NotificationConfiguration",
        title: "Event rule",
        description: "The bucket sends an event of each object that fits the rule.",
        fields: &[
            field("Event", FieldKind::Choice(EVENTS), "The event type, or all of a kind.", "CMP-48"),
            field("Prefix", FieldKind::Text, "Start of the keys, such as images/.", "CMP-49"),
            field("Suffix", FieldKind::Text, "End of the keys, such as .jpg.", "CMP-49"),
        ],
        pull: false,
        redrive: false,
    };

    fn conflict(&self, other: &Self, shared: SharedEnd) -> Option<LinkConflict> {
        (shared == SharedEnd::From && self.overlaps(other)).then(|| LinkConflict {
            reason: format!(
                "Configurations overlap. Configurations on the same bucket cannot share a common event type: {} and \
                 {} (CMP-49).",
                other.words(),
                self.words()
            ),
            hint: "Give both rules prefixes or suffixes of their own, or fan out through a topic.",
        })
    }

    /// Beside rules with a prefix of their own a new one gets a prefix too, so that it can be drawn.
    fn fresh(_from: &Properties, to: (&str, &Properties), others: &[&Self]) -> Self {
        let own = others.iter().any(|rule| !rule.prefix.is_empty());
        Self { prefix: if own { format!("{}/", to.0) } else { String::new() }, ..Self::default() }
    }
}
