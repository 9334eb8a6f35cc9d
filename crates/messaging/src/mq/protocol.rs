//! The protocols of brokers, and their ports (MQ-3, MQ-4).

use serde::{Deserialize, Serialize};

use super::EngineType;

/// A messaging protocol that is not AWS's own (MQ-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Protocol {
    /// OpenWire, ActiveMQ's own.
    Openwire,
    /// AMQP: 1.0 with ActiveMQ, 0-9-1 with RabbitMQ.
    Amqp,
    /// STOMP.
    Stomp,
    /// MQTT.
    Mqtt,
    /// STOMP or MQTT over a web socket.
    Wss,
}

impl Protocol {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Openwire, Self::Amqp, Self::Stomp, Self::Mqtt, Self::Wss];

    /// The protocol as the document writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Openwire => "OPENWIRE",
            Self::Amqp => "AMQP",
            Self::Stomp => "STOMP",
            Self::Mqtt => "MQTT",
            Self::Wss => "WSS",
        }
    }

    /// What a client speaks to a broker of this engine if nobody says.
    pub const fn usual(engine: EngineType) -> Self {
        match engine {
            EngineType::ActiveMq => Self::Openwire,
            EngineType::RabbitMq => Self::Amqp,
        }
    }

    /// The port where a broker listens, all with TLS; none if it does not speak the protocol (MQ-4).
    pub const fn port(self, engine: EngineType) -> Option<u16> {
        match (engine, self) {
            (_, Self::Amqp) => Some(5671),
            (EngineType::ActiveMq, Self::Openwire) => Some(61617),
            (EngineType::ActiveMq, Self::Stomp) => Some(61614),
            (EngineType::ActiveMq, Self::Mqtt) => Some(8883),
            (EngineType::ActiveMq, Self::Wss) => Some(61619),
            (EngineType::RabbitMq, _) => None,
        }
    }
}
