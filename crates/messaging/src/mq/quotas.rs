//! The limits of brokers and the numbers the model had to choose, each with its rule and its source.

use kernel::SimDuration;

use super::{DeploymentMode, EngineType, HostInstanceType, StorageType};
use crate::quota::Quota;

const LIMITS: &str = "https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/amazon-mq-limits.html";

/// Connections of one protocol to an ActiveMQ broker on a micro instance.
pub const WIRE_CONNECTIONS_MICRO: Quota = Quota {
    code: "WireLevelConnectionsMicro",
    name: "Connections of one protocol to ActiveMQ on mq.t3.micro",
    current: 100,
    classic: 100,
    adjustable: false,
    rule: "MQ-8",
    source: LIMITS,
};
/// Connections of one protocol to an ActiveMQ broker on a larger instance.
pub const WIRE_CONNECTIONS: Quota = Quota {
    code: "WireLevelConnections",
    name: "Connections of one protocol to ActiveMQ on larger instances",
    current: 1_000,
    classic: 1_000,
    adjustable: true,
    rule: "MQ-8",
    source: LIMITS,
};
/// Connections to RabbitMQ on a micro instance.
pub const RABBIT_CONNECTIONS_MICRO: Quota = Quota {
    code: "ConnectionsMicro",
    name: "Connections to RabbitMQ on mq.t3.micro",
    current: 500,
    classic: 500,
    adjustable: false,
    rule: "MQ-37",
    source: LIMITS,
};
/// Connections to one RabbitMQ instance of a larger type.
pub const RABBIT_CONNECTIONS: Quota = Quota {
    code: "Connections",
    name: "Connections to a single RabbitMQ instance",
    current: 4_000,
    classic: 4_000,
    adjustable: false,
    rule: "MQ-37",
    source: LIMITS,
};
/// Connections to a RabbitMQ cluster.
pub const RABBIT_CONNECTIONS_CLUSTER: Quota = Quota {
    code: "ConnectionsCluster",
    name: "Connections to a RabbitMQ cluster",
    current: 15_000,
    classic: 15_000,
    adjustable: false,
    rule: "MQ-37",
    source: LIMITS,
};
/// Storage of a micro instance.
pub const STORAGE_MEGABYTES_MICRO: Quota = Quota {
    code: "StorageMicro",
    name: "Storage of a broker on mq.t3.micro, in megabytes",
    current: 20_000,
    classic: 20_000,
    adjustable: false,
    rule: "MQ-8",
    source: LIMITS,
};
/// Storage of larger instances.
pub const STORAGE_MEGABYTES: Quota = Quota {
    code: "Storage",
    name: "Storage of a broker on larger instances, in megabytes",
    current: 200_000,
    classic: 200_000,
    adjustable: false,
    rule: "MQ-8",
    source: LIMITS,
};
/// Longest classic queue of a cluster; more is refused.
pub const CLUSTER_MAX_LENGTH: Quota = Quota {
    code: "MaxLength",
    name: "Messages of a classic queue of a RabbitMQ cluster",
    current: 8_000_000,
    classic: 8_000_000,
    adjustable: true,
    rule: "MQ-33",
    source: LIMITS,
};

/// Messages of 1 KB a single instance takes in a second. Ours, but for 5,000 on mq.m5.large (MQ-10).
pub const fn messages_per_second(instance: HostInstanceType) -> u64 {
    match instance {
        HostInstanceType::T3Micro => 500,
        HostInstanceType::M5Large => 5_000,
        HostInstanceType::M5Xlarge => 9_000,
        HostInstanceType::M52xlarge => 16_000,
        HostInstanceType::M54xlarge => 28_000,
    }
}

/// What an hour of an instance costs, in per cent of an hour of `mq.m5.large`: its larger sisters cost twice as much
/// each (COST-50).
pub const fn price_in_percent(instance: HostInstanceType) -> u64 {
    match instance {
        HostInstanceType::T3Micro => 9,
        HostInstanceType::M5Large => 100,
        HostInstanceType::M5Xlarge => 200,
        HostInstanceType::M52xlarge => 400,
        HostInstanceType::M54xlarge => 800,
    }
}

/// A cluster takes this part of a single instance: it copies all it stores. Ours (MQ-10).
pub const CLUSTER_PERCENT: u64 = 60;

/// How many connections a broker takes; with ActiveMQ for each protocol (MQ-8, MQ-37).
pub const fn connections(
    engine: EngineType,
    mode: DeploymentMode,
    instance: HostInstanceType,
) -> &'static Quota {
    match (engine, mode, instance) {
        (EngineType::ActiveMq, _, HostInstanceType::T3Micro) => &WIRE_CONNECTIONS_MICRO,
        (EngineType::ActiveMq, ..) => &WIRE_CONNECTIONS,
        (EngineType::RabbitMq, _, HostInstanceType::T3Micro) => &RABBIT_CONNECTIONS_MICRO,
        (EngineType::RabbitMq, DeploymentMode::ClusterMultiAz, _) => &RABBIT_CONNECTIONS_CLUSTER,
        (EngineType::RabbitMq, ..) => &RABBIT_CONNECTIONS,
    }
}

/// How much a broker stores (MQ-8).
pub const fn storage_megabytes(instance: HostInstanceType) -> &'static Quota {
    match instance {
        HostInstanceType::T3Micro => &STORAGE_MEGABYTES_MICRO,
        _ => &STORAGE_MEGABYTES,
    }
}

/// Memory that messages may take, in megabytes: four tenths of the instance's, as RabbitMQ's mark. Ours (MQ-14).
pub const fn memory_megabytes(instance: HostInstanceType) -> u64 {
    match instance {
        HostInstanceType::T3Micro => 400,
        HostInstanceType::M5Large => 3_200,
        HostInstanceType::M5Xlarge => 6_400,
        HostInstanceType::M52xlarge => 12_800,
        HostInstanceType::M54xlarge => 25_600,
    }
}

/// How long ActiveMQ takes to make one message of a producer safe, request and confirm included (MQ-9).
pub const fn time_to_store(storage: StorageType) -> SimDuration {
    match storage {
        StorageType::Ebs => SimDuration::from_micros(2_000),
        StorageType::Efs => SimDuration::from_micros(12_500),
    }
}

/// Bytes a second that the storage takes: from 100 KB on, this is what binds (MQ-11).
pub const STORAGE_BYTES_PER_SECOND: u64 = 100_000_000;

/// Messages a queue consumer of ActiveMQ may hold (MQ-16).
pub const QUEUE_PREFETCH: u32 = 1_000;
/// Messages a durable subscriber of ActiveMQ may hold (MQ-16).
pub const DURABLE_TOPIC_PREFETCH: u32 = 100;
/// Messages a subscriber of ActiveMQ may hold (MQ-16).
pub const TOPIC_PREFETCH: u32 = 32_766;
/// A subscriber with so many times its prefetch pending is slow (MQ-16).
pub const SLOW_CONSUMER_TIMES: u64 = 2;

/// Messages a publisher of RabbitMQ may have under way: its initial credit. An ActiveMQ producer has one.
pub const RABBIT_WINDOW: u32 = 400;
/// A RabbitMQ consumer must acknowledge within this time (MQ-31).
pub const ACKNOWLEDGE_WITHIN: SimDuration = SimDuration::from_secs(1_800);
/// How often RabbitMQ looks at that (MQ-31).
pub const ACKNOWLEDGE_LOOK: SimDuration = SimDuration::from_secs(60);
/// Deliveries of a message of a quorum queue that may fail, from RabbitMQ 4.0 on (MQ-36).
pub const DELIVERY_LIMIT: u32 = 20;
/// Nodes of a cluster that a quorum queue needs (MQ-36).
pub const QUORUM: usize = 2;

/// An exclusive lock of NFSv4 is released after this time when its holder is lost (MQ-39).
pub const LOCK_LEASE: SimDuration = SimDuration::from_secs(30);
/// The first wait of the failover transport; each is twice as long as the one before (MQ-40).
pub const FIRST_RECONNECT: SimDuration = SimDuration::from_millis(10);
/// The longest wait of the failover transport (MQ-40).
pub const LAST_RECONNECT: SimDuration = SimDuration::from_secs(30);
/// A poller of a function that found nothing looks again after this time. Ours.
pub const RECEIVE_AGAIN: SimDuration = SimDuration::from_millis(100);

/// How long to wait before the attempt after so many refused ones (MQ-40).
pub fn reconnect_after(refused: u32) -> SimDuration {
    let doubled = FIRST_RECONNECT * (1 << refused.min(12));
    if doubled > LAST_RECONNECT { LAST_RECONNECT } else { doubled }
}
