//! SNS's limits (SNS-21 to SNS-146).

use kernel::SimDuration;

use crate::call::Latency;
use crate::quota::Quota;

const QUOTAS: &str = "https://docs.aws.amazon.com/general/latest/gr/sns.html";
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

/// The deduplication interval (SNS-81).
pub const DEDUPLICATION_INTERVAL: SimDuration = SimDuration::from_secs(300);
/// From the topic to a queue; the topic hears of the outcome at the same instant (CMP-59).
pub const DELIVERY: Latency = Latency { request: SimDuration::from_millis(20), response: SimDuration::ZERO };
/// From a FIFO topic to a queue (CMP-59).
pub const FIFO_DELIVERY: Latency =
    Latency { request: SimDuration::from_millis(12), response: SimDuration::ZERO };

/// Delay before retry `retry`, counted from 0, of a delivery to an AWS managed endpoint: three at once, two after
/// 1 s, ten growing from 1 s to 20 s, the rest every 20 s; nothing after 100,015 (SNS-142).
pub fn delivery_retry_delay(retry: u32) -> Option<SimDuration> {
    match retry {
        0..3 => Some(SimDuration::ZERO),
        3..5 => Some(SimDuration::from_secs(1)),
        5..15 => Some(SimDuration::from_secs((1 << (retry - 5)).min(20))),
        15..100_015 => Some(SimDuration::from_secs(20)),
        _ => None,
    }
}
