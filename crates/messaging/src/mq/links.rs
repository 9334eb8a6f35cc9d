//! The links of a broker: what a producer publishes to, and what a consumer consumes.

use serde::{Deserialize, Serialize};

use crate::descriptor::{FieldKind, LinkDescriptor, field, integer, number};
use crate::registry::{LinkBehavior, LinkDoubt, LinkProperties, Properties};

/// What the document says of a link that publishes to a broker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct Publish {
    /// ActiveMQ: the queue or topic; several with commas between (MQ-23). Ignored by RabbitMQ.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub destination: String,
    /// ActiveMQ: whether the destination is a queue or a topic (MQ-5).
    #[serde(skip_serializing_if = "is_default")]
    pub destination_type: DestinationType,
    /// RabbitMQ: the exchange; the default exchange if empty (MQ-26).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub exchange: String,
    /// RabbitMQ: the routing key; the message's own key if not given (MQ-26).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routing_key: Option<String>,
    /// RabbitMQ: what no queue takes comes back instead of being dropped (MQ-27).
    #[serde(skip_serializing_if = "is_default")]
    pub mandatory: bool,
    /// RabbitMQ: wait for the broker's confirms and send again what was not confirmed (MQ-35).
    #[serde(skip_serializing_if = "is_true")]
    pub publisher_confirms: bool,
    /// Whether messages survive a restart (MQ-24, MQ-35).
    #[serde(skip_serializing_if = "is_default")]
    pub delivery_mode: DeliveryMode,
    /// Milliseconds after which a message expires; never if not given (MQ-20, MQ-32).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_to_live_milliseconds: Option<u64>,
}

/// A queue or a topic of JMS (MQ-5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum DestinationType {
    /// Each message goes to one consumer (MQ-15).
    #[default]
    Queue,
    /// Each message goes to every subscriber (MQ-21).
    Topic,
}

/// Whether a message is written to the store (MQ-24).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeliveryMode {
    /// It survives a restart.
    #[default]
    Persistent,
    /// It is lost on restart or failover.
    NonPersistent,
}

/// What the document says of a link along which a broker pushes messages to a consumer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct Consume {
    /// The queue, or the topic of ActiveMQ.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub destination: String,
    /// ActiveMQ: whether the destination is a queue or a topic (MQ-5).
    #[serde(skip_serializing_if = "is_default")]
    pub destination_type: DestinationType,
    /// Messages a worker may hold without acknowledging them; the engine's own number if not given (MQ-16, MQ-29).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefetch: Option<u32>,
    /// ActiveMQ: when messages are acknowledged (MQ-17).
    #[serde(skip_serializing_if = "is_default")]
    pub acknowledge_mode: AcknowledgeMode,
    /// RabbitMQ: messages are gone when sent (MQ-29).
    #[serde(skip_serializing_if = "is_default")]
    pub auto_acknowledge: bool,
    /// RabbitMQ: what failed comes again; otherwise it is dead-lettered or dropped (MQ-30).
    #[serde(skip_serializing_if = "is_true")]
    pub requeue: bool,
    /// ActiveMQ: which messages it wants, as a condition on their attributes (MQ-23).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub selector: String,
    /// ActiveMQ: name of a durable subscription, which is kept while the consumer is away (MQ-21).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subscription_name: String,
    /// ActiveMQ: one of several consumers gets everything (MQ-23).
    #[serde(skip_serializing_if = "is_default")]
    pub exclusive: bool,
    /// ActiveMQ: so many redeliveries before the dead-letter queue; -1 without end (MQ-18).
    #[serde(skip_serializing_if = "is_six")]
    pub maximum_redeliveries: i32,
    /// ActiveMQ: milliseconds until the first redelivery (MQ-18).
    #[serde(skip_serializing_if = "is_thousand")]
    pub initial_redelivery_delay: u64,
    /// ActiveMQ: milliseconds between redeliveries (MQ-18).
    #[serde(skip_serializing_if = "is_thousand")]
    pub redelivery_delay: u64,
    /// ActiveMQ: each delay is longer than the one before (MQ-18).
    #[serde(skip_serializing_if = "is_default")]
    pub use_exponential_back_off: bool,
    /// ActiveMQ: so many times as long (MQ-18).
    #[serde(skip_serializing_if = "is_five")]
    pub back_off_multiplier: f64,
}

/// When a client of JMS acknowledges (MQ-17).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AcknowledgeMode {
    /// Each message once it was processed.
    #[default]
    AutoAcknowledge,
    /// The application says when: here, after each message.
    ClientAcknowledge,
    /// Lazily, several at once: what was not yet acknowledged comes again after a crash.
    DupsOkAcknowledge,
    /// A transaction of one message: a failure rolls it back.
    SessionTransacted,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
fn is_true(value: &bool) -> bool {
    *value
}
fn is_six(value: &i32) -> bool {
    *value == 6
}
fn is_thousand(value: &u64) -> bool {
    *value == 1_000
}
fn is_five(value: &f64) -> bool {
    *value == 5.0
}

impl Default for Publish {
    fn default() -> Self {
        Self {
            destination: String::new(),
            destination_type: DestinationType::Queue,
            exchange: String::new(),
            routing_key: None,
            mandatory: false,
            publisher_confirms: true,
            delivery_mode: DeliveryMode::Persistent,
            time_to_live_milliseconds: None,
        }
    }
}

impl Default for Consume {
    fn default() -> Self {
        Self {
            destination: String::new(),
            destination_type: DestinationType::Queue,
            prefetch: None,
            acknowledge_mode: AcknowledgeMode::AutoAcknowledge,
            auto_acknowledge: false,
            requeue: true,
            selector: String::new(),
            subscription_name: String::new(),
            exclusive: false,
            maximum_redeliveries: 6,
            initial_redelivery_delay: 1_000,
            redelivery_delay: 1_000,
            use_exponential_back_off: false,
            back_off_multiplier: 5.0,
        }
    }
}

const DESTINATION_TYPES: FieldKind = FieldKind::Choice(&["Queue", "Topic"]);
/// Two weeks, in milliseconds. Ours.
const MAX_MILLISECONDS: i64 = 1_209_600_000;

impl LinkBehavior for Publish {
    const DESCRIPTOR: LinkDescriptor = LinkDescriptor {
        link_type: "Playground::Publish",
        title: "Publish",
        description: "The client keeps a connection to the broker and publishes along it.",
        fields: &[
            field(
                "Destination",
                FieldKind::Text,
                "ActiveMQ: the queue or topic; several with commas.",
                "MQ-23",
            ),
            field("DestinationType", DESTINATION_TYPES, "ActiveMQ: a queue or a topic.", "MQ-5"),
            field("Exchange", FieldKind::Text, "RabbitMQ: the exchange; the default one if empty.", "MQ-26"),
            field("RoutingKey", FieldKind::Text, "RabbitMQ: the key; the message's own if none.", "MQ-26"),
            field("Mandatory", FieldKind::Switch, "RabbitMQ: what nobody takes comes back.", "MQ-27"),
            field(
                "PublisherConfirms",
                FieldKind::Switch,
                "RabbitMQ: send again what was not confirmed.",
                "MQ-35",
            ),
            field(
                "DeliveryMode",
                FieldKind::Choice(&["PERSISTENT", "NON_PERSISTENT"]),
                "Whether messages survive a restart.",
                "MQ-24",
            ),
            field(
                "TimeToLiveMilliseconds",
                integer(1, MAX_MILLISECONDS, "ms"),
                "How long a message may wait before it expires.",
                "MQ-20",
            ),
        ],
        pull: false,
        redrive: false,
    };
    fn doubt(&self, from: &Properties, to: &Properties, leaving: &[&LinkProperties]) -> Option<LinkDoubt> {
        match to {
            Properties::Broker(broker) => super::unroutable::doubt(self, from, broker, leaving),
            _ => None,
        }
    }
}

impl LinkBehavior for Consume {
    const DESCRIPTOR: LinkDescriptor = LinkDescriptor {
        link_type: "Playground::Consume",
        title: "Consume",
        description: "The broker pushes messages to the workers within their prefetch; they acknowledge them.",
        fields: &[
            field("Destination", FieldKind::Text, "The queue, or the topic of ActiveMQ.", "MQ-5"),
            field("DestinationType", DESTINATION_TYPES, "ActiveMQ: a queue or a topic.", "MQ-5"),
            field("Prefetch", integer(0, 65_535, "messages"), "Messages a worker may hold.", "MQ-16"),
            field(
                "AcknowledgeMode",
                FieldKind::Choice(&[
                    "AUTO_ACKNOWLEDGE",
                    "CLIENT_ACKNOWLEDGE",
                    "DUPS_OK_ACKNOWLEDGE",
                    "SESSION_TRANSACTED",
                ]),
                "ActiveMQ: when messages are acknowledged.",
                "MQ-17",
            ),
            field("AutoAcknowledge", FieldKind::Switch, "RabbitMQ: gone when sent.", "MQ-29"),
            field("Requeue", FieldKind::Switch, "RabbitMQ: what failed comes again.", "MQ-30"),
            field("Selector", FieldKind::Text, "ActiveMQ: a condition on the attributes.", "MQ-23"),
            field("SubscriptionName", FieldKind::Text, "ActiveMQ: name of a durable subscription.", "MQ-21"),
            field("Exclusive", FieldKind::Switch, "ActiveMQ: one consumer gets everything.", "MQ-23"),
            field(
                "MaximumRedeliveries",
                integer(-1, 1_000, "times"),
                "ActiveMQ: then dead-lettered.",
                "MQ-18",
            ),
            field(
                "InitialRedeliveryDelay",
                integer(0, MAX_MILLISECONDS, "ms"),
                "ActiveMQ: until the first.",
                "MQ-18",
            ),
            field(
                "RedeliveryDelay",
                integer(0, MAX_MILLISECONDS, "ms"),
                "ActiveMQ: between the others.",
                "MQ-18",
            ),
            field("UseExponentialBackOff", FieldKind::Switch, "ActiveMQ: delays grow.", "MQ-18"),
            field("BackOffMultiplier", number(1.0, 100.0, "times"), "ActiveMQ: how they grow.", "MQ-18"),
        ],
        pull: false,
        redrive: false,
    };
}
