//! What palette, inspector and validation know of a broker.

use super::{
    BrokerProperties, DeploymentMode, EngineType, ExchangeType, HostInstanceType, QueueType, StorageType,
};
use crate::behavior::AttributeError;
use crate::descriptor::{
    FieldKind, FieldSpec, LinkRule, PaletteGroup, Preset, ResourceDescriptor, field, integer, number,
};

const SECONDS: FieldKind = number(0.0, 86_400.0, "s");

const FIELDS: &[FieldSpec] = &[
    field("EngineType", FieldKind::Choice(EngineType::WORDS), "ActiveMQ or RabbitMQ.", "MQ-1"),
    field("EngineVersion", FieldKind::Text, "The engine's version, such as 3.13.", "MQ-36"),
    field(
        "DeploymentMode",
        FieldKind::Choice(DeploymentMode::WORDS),
        "One instance, a standby in another zone, or a cluster.",
        "MQ-1",
    ),
    field(
        "HostInstanceType",
        FieldKind::Choice(HostInstanceType::WORDS),
        "Paid by the hour, whether used or not.",
        "MQ-10",
    ),
    field("StorageType", FieldKind::Choice(StorageType::WORDS), "A standby needs EFS.", "MQ-38"),
    field(
        "MaxMessagesPerSecond",
        integer(1, 1_000_000, "/s"),
        "Messages of 1 KB it takes; that of the instance type if none.",
        "MQ-10",
    ),
    field("StorageMegabytes", integer(1, 200_000, "MB"), "Storage for messages.", "MQ-8"),
    field(
        "MemoryLimitMegabytes",
        integer(1, 100_000, "MB"),
        "Memory for messages that are not stored.",
        "MQ-14",
    ),
    field("FailoverSeconds", SECONDS, "Until a standby serves after a loss.", "MQ-40"),
    field("RebootSeconds", SECONDS, "How long a reboot takes.", "MQ-40"),
    field("ReplacementSeconds", SECONDS, "Until a lost instance is replaced.", "MQ-43"),
    field("LeaderElectionSeconds", SECONDS, "Until quorum queues have a new leader.", "MQ-45"),
    field(
        "ConcurrentStoreAndDispatch",
        FieldKind::Switch,
        "ActiveMQ: what is consumed at once need not touch the disk.",
        "MQ-13",
    ),
    field(
        "SendFailIfNoSpace",
        FieldKind::Switch,
        "ActiveMQ: without space a send fails, not waits.",
        "MQ-14",
    ),
    field(
        "IndividualDeadLetterQueues",
        FieldKind::Switch,
        "ActiveMQ: a dead-letter queue for each.",
        "MQ-18",
    ),
    field("ProcessExpired", FieldKind::Switch, "ActiveMQ: expired messages are dead-lettered.", "MQ-20"),
    field("ProcessNonPersistent", FieldKind::Switch, "ActiveMQ: non-persistent ones are, too.", "MQ-20"),
    field(
        "Exchanges",
        FieldKind::Json,
        "RabbitMQ: exchanges with name, type and alternate exchange.",
        "MQ-26",
    ),
    field("Queues", FieldKind::Json, "RabbitMQ: queues with type, limits and dead-letter exchange.", "MQ-32"),
    field("Bindings", FieldKind::Json, "RabbitMQ: what is bound to the exchanges.", "MQ-26"),
];

pub(super) const DESCRIPTOR: ResourceDescriptor = ResourceDescriptor {
    resource_type: "AWS::AmazonMQ::Broker",
    title: "Amazon MQ broker",
    description: "ActiveMQ or RabbitMQ on instances of its own: queues and topics for open protocols.",
    group: PaletteGroup::RouteAndHold,
    icon: "mq-broker",
    id_prefix: "broker",
    fields: FIELDS,
    links: &[
        LinkRule { link_type: "Playground::Consume", to: "Playground::Consumer" },
        LinkRule { link_type: "Playground::Consume", to: "AWS::AutoScaling::AutoScalingGroup" },
        LinkRule { link_type: "AWS::Lambda::EventSourceMapping", to: "AWS::Lambda::Function" },
    ],
    presets: &[
        Preset {
            title: "RabbitMQ broker",
            icon: "mq-broker",
            id_suffix: "",
            properties: r#"{"EngineType":"RABBITMQ"}"#,
        },
        Preset {
            title: "Broker with standby",
            icon: "mq-broker",
            id_suffix: "",
            properties: r#"{"DeploymentMode":"ACTIVE_STANDBY_MULTI_AZ"}"#,
        },
    ],
    metrics: super::metrics::METRICS,
    actions: &["Reboot", "Crash", "Slow", "Purge"],
};

/// What Amazon MQ or the engine would refuse (MQ-1, MQ-26, MQ-36, MQ-38).
pub(super) fn attribute_errors(properties: &BrokerProperties) -> Vec<AttributeError> {
    let mut errors = Vec::new();
    let mut refuse =
        |attribute, message: String| errors.push(AttributeError { attribute, message, harmless: false });
    let (rabbit, mode) = (properties.is_rabbit(), properties.deployment_mode);
    match (rabbit, mode) {
        (true, DeploymentMode::ActiveStandbyMultiAz) => {
            refuse("DeploymentMode", "RabbitMQ has no standby: choose CLUSTER_MULTI_AZ (MQ-1).".into());
        }
        (false, DeploymentMode::ClusterMultiAz) => {
            refuse(
                "DeploymentMode",
                "ActiveMQ has no cluster: choose ACTIVE_STANDBY_MULTI_AZ (MQ-1).".into(),
            );
        }
        _ => {}
    }
    if properties.storage_type == Some(StorageType::Ebs) && mode == DeploymentMode::ActiveStandbyMultiAz {
        refuse("StorageType", "An EBS volume cannot be shared: a standby needs EFS (MQ-38).".into());
    }
    if properties.storage_type == Some(StorageType::Efs) && rabbit {
        refuse("StorageType", "RabbitMQ stores on EBS (MQ-38).".into());
    }
    if !rabbit {
        let declared = [
            ("Exchanges", properties.exchanges.is_empty()),
            ("Queues", properties.queues.is_empty()),
            ("Bindings", properties.bindings.is_empty()),
        ];
        for (attribute, _) in declared.into_iter().filter(|(_, empty)| !empty) {
            refuse(attribute, "ActiveMQ has no exchanges; its queues and topics are made when used.".into());
        }
        return errors;
    }
    for queue in &properties.queues {
        if queue.queue_type == QueueType::Quorum && queue.transient {
            refuse("Queues", format!("{} is a quorum queue: these are always durable (MQ-36).", queue.name));
        }
        if queue.queue_type == QueueType::Quorum && properties.version() < 313 {
            refuse("Queues", format!("{}: quorum queues need RabbitMQ 3.13 or later (MQ-36).", queue.name));
        }
    }
    let is_exchange = |name: &str| {
        name.is_empty()
            || ["amq.direct", "amq.fanout", "amq.topic", "amq.headers"].contains(&name)
            || properties.exchanges.iter().any(|exchange| exchange.name == name)
    };
    for binding in &properties.bindings {
        if !is_exchange(&binding.source) {
            refuse("Bindings", format!("There is no exchange {} (MQ-26).", binding.source));
        }
        if binding.source.is_empty() {
            refuse("Bindings", "The default exchange has its bindings already (MQ-26).".into());
        }
        let declared = properties.queues.iter().any(|queue| queue.name == binding.destination);
        let there = if binding.to_exchange { is_exchange(&binding.destination) } else { declared };
        if !there {
            refuse("Bindings", format!("{} is bound and not declared (MQ-26).", binding.destination));
        }
    }
    for exchange in &properties.exchanges {
        let headers = exchange.exchange_type == ExchangeType::Headers;
        let bound = properties.bindings.iter().filter(|binding| binding.source == exchange.name);
        for binding in bound.filter(|binding| !headers && !binding.arguments.is_empty()) {
            let text = format!(
                "{} has arguments, which only a headers exchange reads (MQ-26).",
                binding.destination
            );
            refuse("Bindings", text);
        }
    }
    errors
}
