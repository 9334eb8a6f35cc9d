//! What the document says of a broker.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::quotas;

/// What the document says of a broker (MQ-1). Names are CloudFormation's where it has them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct BrokerProperties {
    /// ActiveMQ or RabbitMQ.
    pub engine_type: EngineType,
    /// The engine's version, such as `3.13`; the newest if not given. It decides what quorum queues do (MQ-36).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine_version: Option<String>,
    /// One instance, a standby, or a cluster.
    #[serde(skip_serializing_if = "is_default")]
    pub deployment_mode: DeploymentMode,
    /// The instances it runs on.
    #[serde(skip_serializing_if = "is_default")]
    pub host_instance_type: HostInstanceType,
    /// Where messages are stored; EFS with ActiveMQ and EBS with RabbitMQ if not given (MQ-38).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_type: Option<StorageType>,
    /// Messages of 1 KB it takes in a second, counted once for both directions; the number of the instance type if
    /// not given. Ours (MQ-10).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_messages_per_second: Option<u32>,
    /// Megabytes of storage; 20,000 on micro instances and 200,000 on larger ones if not given (MQ-8).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_megabytes: Option<u64>,
    /// Megabytes of memory that messages may take; a share of the instance's memory if not given. Ours (MQ-14).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_limit_megabytes: Option<u64>,
    /// Seconds until a standby serves after its active instance was lost, 10 to 90 in practice. Ours (MQ-40).
    #[serde(skip_serializing_if = "is_sixty")]
    pub failover_seconds: f64,
    /// Seconds that a reboot takes. Ours (MQ-40).
    #[serde(skip_serializing_if = "is_five")]
    pub reboot_seconds: f64,
    /// Seconds until a lost instance is replaced. Ours (MQ-43).
    #[serde(skip_serializing_if = "is_three_hundred")]
    pub replacement_seconds: f64,
    /// Seconds until the quorum queues of a lost node have a new leader. Ours (MQ-45).
    #[serde(skip_serializing_if = "is_three")]
    pub leader_election_seconds: f64,
    /// ActiveMQ: what is consumed at once need not touch the disk (MQ-13).
    #[serde(skip_serializing_if = "is_true")]
    pub concurrent_store_and_dispatch: bool,
    /// ActiveMQ: without space a send fails instead of waiting (MQ-14).
    #[serde(skip_serializing_if = "is_default")]
    pub send_fail_if_no_space: bool,
    /// ActiveMQ: each queue has a dead-letter queue of its own (MQ-18).
    #[serde(skip_serializing_if = "is_default")]
    pub individual_dead_letter_queues: bool,
    /// ActiveMQ: expired messages go to the dead-letter queue (MQ-20).
    #[serde(skip_serializing_if = "is_true")]
    pub process_expired: bool,
    /// ActiveMQ: so do non-persistent ones (MQ-20).
    #[serde(skip_serializing_if = "is_default")]
    pub process_non_persistent: bool,
    /// RabbitMQ: the exchanges, those that are always there left out (MQ-26).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exchanges: Vec<Exchange>,
    /// RabbitMQ: the queues that need more than a name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub queues: Vec<QueueDeclaration>,
    /// RabbitMQ: what is bound to the exchanges (MQ-26).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bindings: Vec<Binding>,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $( $(#[$inner:meta])* $variant:ident = $word:literal, )+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum $name { $( $(#[$inner])* #[serde(rename = $word)] $variant, )+ }

        impl $name {
            /// All words of the document.
            pub const WORDS: &'static [&'static str] = &[$($word),+];
            /// The word of the document.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
    };
}

words! {
    /// The broker's software (MQ-1).
    EngineType {
        /// Apache ActiveMQ Classic.
        #[default]
        ActiveMq = "ACTIVEMQ",
        /// RabbitMQ.
        RabbitMq = "RABBITMQ",
    }
}
words! {
    /// How many instances there are, and where (MQ-1).
    DeploymentMode {
        /// One instance in one Availability Zone.
        #[default]
        SingleInstance = "SINGLE_INSTANCE",
        /// ActiveMQ: an active instance and a standby in another zone, on one store (MQ-38).
        ActiveStandbyMultiAz = "ACTIVE_STANDBY_MULTI_AZ",
        /// RabbitMQ: three nodes in three zones (MQ-45).
        ClusterMultiAz = "CLUSTER_MULTI_AZ",
    }
}
words! {
    /// The instances (MQ-10).
    HostInstanceType {
        /// 1 GiB of memory.
        T3Micro = "mq.t3.micro",
        /// 8 GiB of memory.
        #[default]
        M5Large = "mq.m5.large",
        /// 16 GiB of memory.
        M5Xlarge = "mq.m5.xlarge",
        /// 32 GiB of memory.
        M52xlarge = "mq.m5.2xlarge",
        /// 64 GiB of memory.
        M54xlarge = "mq.m5.4xlarge",
    }
}
words! {
    /// Where messages are stored (MQ-38).
    StorageType {
        /// A volume of one instance.
        #[default]
        Ebs = "EBS",
        /// A file system that instances in several zones mount.
        Efs = "EFS",
    }
}
words! {
    /// How an exchange compares keys (MQ-26).
    ExchangeType {
        /// The routing key is the binding key.
        #[default]
        Direct = "direct",
        /// Everything matches.
        Fanout = "fanout",
        /// Words with `*` and `#`.
        Topic = "topic",
        /// Headers instead of keys.
        Headers = "headers",
    }
}
words! {
    /// A kind of queue of RabbitMQ (MQ-36).
    QueueType {
        /// On one node.
        #[default]
        Classic = "classic",
        /// Replicated to three nodes by Raft.
        Quorum = "quorum",
    }
}
words! {
    /// What a queue does at its maximum length (MQ-33).
    Overflow {
        /// The oldest goes.
        #[default]
        DropHead = "drop-head",
        /// The newest is refused.
        RejectPublish = "reject-publish",
        /// The newest is refused and dead-lettered.
        RejectPublishDlx = "reject-publish-dlx",
    }
}

/// An exchange of RabbitMQ (MQ-26).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct Exchange {
    /// Its name.
    pub name: String,
    /// How it compares keys.
    #[serde(rename = "Type")]
    pub exchange_type: ExchangeType,
    /// Where a message goes that it cannot route (MQ-27).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub alternate_exchange: String,
}

/// A queue of RabbitMQ with its arguments (MQ-32 to MQ-36).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct QueueDeclaration {
    /// Its name.
    pub name: String,
    /// `x-queue-type`.
    #[serde(rename = "Type", skip_serializing_if = "is_default")]
    pub queue_type: QueueType,
    /// It does not survive a restart (MQ-35).
    #[serde(skip_serializing_if = "is_default")]
    pub transient: bool,
    /// `x-message-ttl` in milliseconds (MQ-32).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_ttl: Option<u64>,
    /// `x-expires` in milliseconds: a queue without consumers is removed (MQ-32).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<u64>,
    /// `x-max-length` in messages (MQ-33).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u64>,
    /// `x-overflow` (MQ-33).
    #[serde(skip_serializing_if = "is_default")]
    pub overflow: Overflow,
    /// `x-dead-letter-exchange` (MQ-34); the default exchange if empty, none if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dead_letter_exchange: Option<String>,
    /// `x-dead-letter-routing-key` (MQ-34); the message's own if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dead_letter_routing_key: Option<String>,
    /// `x-delivery-limit` of a quorum queue (MQ-36).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_limit: Option<u32>,
}

/// A queue or an exchange bound to an exchange (MQ-26, MQ-27).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct Binding {
    /// The exchange that messages come from.
    pub source: String,
    /// The queue, or the exchange, that gets them.
    pub destination: String,
    /// The destination is an exchange (MQ-27).
    #[serde(skip_serializing_if = "is_default")]
    pub to_exchange: bool,
    /// The binding key.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub routing_key: String,
    /// Of a headers exchange: the headers, and `x-match`, which is `all` if not given.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub arguments: BTreeMap<String, String>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
fn is_true(value: &bool) -> bool {
    *value
}
fn is_sixty(value: &f64) -> bool {
    *value == 60.0
}
fn is_five(value: &f64) -> bool {
    *value == 5.0
}
fn is_three_hundred(value: &f64) -> bool {
    *value == 300.0
}
fn is_three(value: &f64) -> bool {
    *value == 3.0
}

impl Default for BrokerProperties {
    fn default() -> Self {
        Self {
            engine_type: EngineType::ActiveMq,
            engine_version: None,
            deployment_mode: DeploymentMode::SingleInstance,
            host_instance_type: HostInstanceType::M5Large,
            storage_type: None,
            max_messages_per_second: None,
            storage_megabytes: None,
            memory_limit_megabytes: None,
            failover_seconds: 60.0,
            reboot_seconds: 5.0,
            replacement_seconds: 300.0,
            leader_election_seconds: 3.0,
            concurrent_store_and_dispatch: true,
            send_fail_if_no_space: false,
            individual_dead_letter_queues: false,
            process_expired: true,
            process_non_persistent: false,
            exchanges: Vec::new(),
            queues: Vec::new(),
            bindings: Vec::new(),
        }
    }
}

impl BrokerProperties {
    /// It is RabbitMQ.
    pub fn is_rabbit(&self) -> bool {
        self.engine_type == EngineType::RabbitMq
    }

    /// Where messages are stored.
    pub fn storage(&self) -> StorageType {
        self.storage_type.unwrap_or(if self.is_rabbit() { StorageType::Ebs } else { StorageType::Efs })
    }

    /// The engine's version as a number that can be compared, such as 3.13 as 313.
    pub fn version(&self) -> u32 {
        let text = self.engine_version.as_deref().unwrap_or(if self.is_rabbit() { "4.2" } else { "5.18" });
        let mut parts = text.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
        parts.next().unwrap_or(0) * 100 + parts.next().unwrap_or(0)
    }

    /// How many instances it runs on.
    pub fn instances(&self) -> usize {
        match self.deployment_mode {
            DeploymentMode::SingleInstance => 1,
            DeploymentMode::ActiveStandbyMultiAz => 2,
            DeploymentMode::ClusterMultiAz => 3,
        }
    }

    /// What so many seconds of all its instances cost, in seconds of an `mq.m5.large` (COST-50).
    pub fn billed_seconds(&self, seconds: u64) -> u64 {
        seconds * self.instances() as u64 * quotas::price_in_percent(self.host_instance_type) / 100
    }

    /// Messages of 1 KB it takes in a second (MQ-10).
    pub fn capacity(&self) -> u64 {
        let own = self.max_messages_per_second.map(u64::from);
        let usual = quotas::messages_per_second(self.host_instance_type);
        let cluster = self.deployment_mode == DeploymentMode::ClusterMultiAz;
        own.unwrap_or(if cluster { usual * quotas::CLUSTER_PERCENT / 100 } else { usual }).max(1)
    }
}
