//! SNS's limits (SNS-21 to SNS-146).

use kernel::SimDuration;

use crate::call::Latency;
use crate::quota::Quota;

const QUOTAS: &str = "https://docs.aws.amazon.com/general/latest/gr/sns.html";
const MESSAGE_SIZE: &str = "https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html";
const SMS: &str = "https://docs.aws.amazon.com/sns/latest/dg/sms_sending-overview.html";
const FIFO: &str = "https://docs.aws.amazon.com/sns/latest/dg/fifo-topics.html";

/// Bytes of a message unless the topic says otherwise (SNS-21).
pub const MAXIMUM_MESSAGE_SIZE: Quota = Quota {
    code: "MaximumMessageSize",
    name: "Bytes of a message, attributes included",
    current: 262_144,
    classic: 262_144,
    adjustable: true,
    rule: "SNS-21",
    source: QUOTAS,
};
/// Messages of one `PublishBatch` (SNS-25).
pub const BATCH_ENTRIES: Quota = Quota {
    code: "PublishBatchEntries",
    name: "Messages of one PublishBatch",
    current: 10,
    classic: 10,
    adjustable: false,
    rule: "SNS-25",
    source: QUOTAS,
};
/// Messages published per second to all standard topics of the account, region eu-west-1 (SNS-101).
pub const STANDARD_PUBLISH_RATE: Quota = Quota {
    code: "StandardPublishRate",
    name: "Messages published per second to all standard topics of the account",
    current: 9_000,
    classic: 9_000,
    adjustable: true,
    rule: "SNS-101",
    source: QUOTAS,
};
/// Messages published per second to one FIFO topic (SNS-86); publish calls in the classic profile.
pub const FIFO_TOPIC_RATE: Quota = Quota {
    code: "FifoTopicPublishRate",
    name: "Messages per second of one FIFO topic",
    current: 3_000,
    classic: 300,
    adjustable: true,
    rule: "SNS-86",
    source: FIFO,
};
/// Bytes published per second to one FIFO topic (SNS-86).
pub const FIFO_TOPIC_BYTES: Quota = Quota {
    code: "FifoTopicPublishBytes",
    name: "Bytes per second of one FIFO topic",
    current: 20 * 1024 * 1024,
    classic: 10 * 1024 * 1024,
    adjustable: true,
    rule: "SNS-86",
    source: FIFO,
};
/// Messages published per second to one message group of a FIFO topic (SNS-86).
pub const FIFO_GROUP_RATE: Quota = Quota {
    code: "FifoGroupPublishRate",
    name: "Messages per second of one message group",
    current: 300,
    classic: 300,
    adjustable: false,
    rule: "SNS-86",
    source: FIFO,
};
/// Messages published per second to all FIFO topics of the account, region eu-west-1 (SNS-101).
pub const FIFO_ACCOUNT_RATE: Quota = Quota {
    code: "FifoPublishRate",
    name: "Messages published per second to all FIFO topics of the account",
    current: 9_000,
    classic: 9_000,
    adjustable: true,
    rule: "SNS-101",
    source: QUOTAS,
};

/// Standard topics of the account (SNS-3).
pub const STANDARD_TOPICS: Quota = Quota {
    code: "StandardTopics",
    name: "Standard topics of the account",
    current: 100_000,
    classic: 100_000,
    adjustable: true,
    rule: "SNS-3",
    source: QUOTAS,
};
/// FIFO topics of the account (SNS-3).
pub const FIFO_TOPICS: Quota = Quota {
    code: "FifoTopics",
    name: "FIFO topics of the account",
    current: 1_000,
    classic: 1_000,
    adjustable: true,
    rule: "SNS-3",
    source: QUOTAS,
};
/// Subscriptions of a standard topic (SNS-4).
pub const STANDARD_SUBSCRIPTIONS: Quota = Quota {
    code: "StandardSubscriptions",
    name: "Subscriptions of a standard topic",
    current: 12_500_000,
    classic: 12_500_000,
    adjustable: true,
    rule: "SNS-4",
    source: QUOTAS,
};
/// Subscriptions of a FIFO topic (SNS-4).
pub const FIFO_SUBSCRIPTIONS: Quota = Quota {
    code: "FifoSubscriptions",
    name: "Subscriptions of a FIFO topic",
    current: 100,
    classic: 100,
    adjustable: true,
    rule: "SNS-4",
    source: QUOTAS,
};
/// Delivery streams that subscribe to a topic, of one owner (SNS-4).
pub const FIREHOSE_SUBSCRIPTIONS: Quota = Quota {
    code: "FirehoseSubscriptions",
    name: "Delivery streams that subscribe to a topic, of one owner",
    current: 5,
    classic: 5,
    adjustable: true,
    rule: "SNS-4",
    source: QUOTAS,
};
/// Subscriptions of the account that nobody has confirmed yet (SNS-4).
pub const PENDING_SUBSCRIPTIONS: Quota = Quota {
    code: "PendingSubscriptions",
    name: "Subscriptions of the account that nobody has confirmed yet",
    current: 5_000,
    classic: 5_000,
    adjustable: true,
    rule: "SNS-4",
    source: QUOTAS,
};
/// Subscriptions of a topic with messages above 256 KiB (SNS-22).
pub const LARGE_TOPIC_SUBSCRIPTIONS: Quota = Quota {
    code: "LargeTopicSubscriptions",
    name: "Subscriptions of a topic with messages above 256 KiB",
    current: 100,
    classic: 100,
    adjustable: false,
    rule: "SNS-22",
    source: MESSAGE_SIZE,
};
/// Filter policies of one topic (SNS-250).
pub const FILTER_POLICIES: Quota = Quota {
    code: "FilterPolicies",
    name: "Filter policies of one topic",
    current: 200,
    classic: 200,
    adjustable: true,
    rule: "SNS-250",
    source: QUOTAS,
};
/// `Subscribe` and `Unsubscribe` calls per second of the account (SNS-102).
pub const SUBSCRIBE_RATE: Quota = Quota {
    code: "SubscribeRate",
    name: "Subscribe and Unsubscribe calls per second of the account",
    current: 100,
    classic: 100,
    adjustable: false,
    rule: "SNS-102",
    source: QUOTAS,
};
/// E-mails per second of one subscription (SNS-102).
pub const EMAIL_RATE: Quota = Quota {
    code: "EmailRate",
    name: "E-mails per second of one subscription",
    current: 10,
    classic: 10,
    adjustable: false,
    rule: "SNS-102",
    source: QUOTAS,
};
/// Text messages per second of the account (SNS-102).
pub const SMS_RATE: Quota = Quota {
    code: "SmsRate",
    name: "Text messages per second of the account",
    current: 20,
    classic: 20,
    adjustable: true,
    rule: "SNS-102",
    source: QUOTAS,
};
/// Millionths of a US dollar for text messages a month: 1 USD (SNS-102).
pub const SMS_SPENDING_MICRO_USD: Quota = Quota {
    code: "SmsSpending",
    name: "Millionths of a US dollar for text messages a month",
    current: 1_000_000,
    classic: 1_000_000,
    adjustable: true,
    rule: "SNS-102",
    source: QUOTAS,
};
/// Millionths of a US dollar of one part of a text message, to the United States (COST-5).
pub const SMS_MICRO_USD: Quota = Quota {
    code: "SmsPrice",
    name: "Millionths of a US dollar of one part of a text message",
    current: 6_450,
    classic: 6_450,
    adjustable: true,
    rule: "COST-5",
    source: "ours",
};
/// Characters of a text message (SNS-113).
pub const SMS_CHARACTERS: Quota = Quota {
    code: "SmsCharacters",
    name: "Characters of a text message",
    current: 1_600,
    classic: 1_600,
    adjustable: false,
    rule: "SNS-113",
    source: SMS,
};
/// Bytes of one part of a text message (SNS-113).
pub const SMS_PART_BYTES: Quota = Quota {
    code: "SmsPartBytes",
    name: "Bytes of one part of a text message",
    current: 140,
    classic: 140,
    adjustable: false,
    rule: "SNS-113",
    source: SMS,
};
/// Bytes of a topic policy (SNS-103).
pub const POLICY_BYTES: Quota = Quota {
    code: "TopicPolicyBytes",
    name: "Bytes of a topic policy",
    current: 30_720,
    classic: 30_720,
    adjustable: false,
    rule: "SNS-103",
    source: QUOTAS,
};
/// Statements of a topic policy (SNS-103).
pub const POLICY_STATEMENTS: Quota = Quota {
    code: "TopicPolicyStatements",
    name: "Statements of a topic policy",
    current: 100,
    classic: 100,
    adjustable: false,
    rule: "SNS-103",
    source: QUOTAS,
};
/// Replays of one topic at the same time; AWS names no number (SNS-133). Ours.
pub const REPLAYS: Quota = Quota {
    code: "Replays",
    name: "Replays of one topic at the same time",
    current: 5,
    classic: 5,
    adjustable: true,
    rule: "SNS-133",
    source: "ours",
};
/// Messages an archive keeps here: the oldest go first (SNS-130). Ours.
pub const ARCHIVED_MESSAGES: Quota = Quota {
    code: "ArchivedMessages",
    name: "Messages an archive keeps here",
    current: 200_000,
    classic: 200_000,
    adjustable: false,
    rule: "SNS-130",
    source: "ours",
};
/// Deliveries of a topic that wait for their next attempt; what comes on top is given up (SNS-142). Ours.
pub const PENDING_DELIVERIES: Quota = Quota {
    code: "PendingDeliveries",
    name: "Deliveries of a topic that wait for their next attempt",
    current: 1_000_000,
    classic: 1_000_000,
    adjustable: false,
    rule: "SNS-142",
    source: "ours",
};

/// Those that a scenario may set.
pub const OF_THE_ACCOUNT: &[&Quota] = &[
    &STANDARD_PUBLISH_RATE,
    &FIFO_ACCOUNT_RATE,
    &FIFO_TOPIC_RATE,
    &FIFO_TOPIC_BYTES,
    &STANDARD_SUBSCRIPTIONS,
    &FIFO_SUBSCRIPTIONS,
    &FIREHOSE_SUBSCRIPTIONS,
    &FILTER_POLICIES,
    &SMS_RATE,
    &SMS_SPENDING_MICRO_USD,
];

/// The deduplication interval (SNS-81).
pub const DEDUPLICATION_INTERVAL: SimDuration = SimDuration::from_secs(300);
/// How long a request to confirm a subscription is valid (SNS-46).
pub const CONFIRMATION_VALIDITY: SimDuration = SimDuration::from_secs(172_800);
/// From the topic to a queue; the topic hears of the outcome at the same instant (CMP-59).
pub const DELIVERY: Latency = Latency { request: SimDuration::from_millis(20), response: SimDuration::ZERO };
/// From a FIFO topic to a queue (CMP-59).
pub const FIFO_DELIVERY: Latency =
    Latency { request: SimDuration::from_millis(12), response: SimDuration::ZERO };
/// What a delivery to another Region takes longer (CMP-P13, SNS-123). Ours.
pub const CROSS_REGION: SimDuration = SimDuration::from_millis(70);
/// A replay delivers so many messages at a time, (SNS-131). Ours.
pub const REPLAY_BATCH: u32 = 10;
/// and the next ones so much later: 1,000 a second (SNS-131). Ours.
pub const REPLAY_INTERVAL: SimDuration = SimDuration::from_millis(10);
/// A replay whose end is still to come looks for new messages this often (SNS-131). Ours.
pub const REPLAY_LOOKS_AGAIN: SimDuration = SimDuration::from_secs(1);
