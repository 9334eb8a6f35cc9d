//! SQS's limits and the numbers the model had to choose, each with its rule and its source.

use crate::quota::Quota;

const MESSAGE_QUOTAS: &str =
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html";
const FIFO_QUOTAS: &str =
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-fifo.html";
const HIGH_THROUGHPUT_GUIDE: &str =
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html";
const SEND_MESSAGE_BATCH: &str =
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html";
const SEND_MESSAGE: &str =
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html";
const RECEIVE_MESSAGE: &str =
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html";
const CHANGE_VISIBILITY: &str =
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html";
const PURGE_QUEUE: &str =
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html";
const MOVE_TASK: &str =
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html";
const DEDUPLICATION: &str = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html";
const FAIR_QUEUES: &str =
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html";

/// Largest message, attributes included; raised in August 2025.
pub const MAXIMUM_MESSAGE_SIZE: Quota = Quota {
    code: "MaximumMessageSize",
    name: "Largest message with its attributes, in bytes",
    current: 1_048_576,
    classic: 262_144,
    adjustable: false,
    rule: "SQS-21",
    source: MESSAGE_QUOTAS,
};
/// Largest sum of the messages of a batch.
pub const MAXIMUM_BATCH_SIZE: Quota = Quota {
    code: "BatchRequestSize",
    name: "Largest sum of all messages of a batch, in bytes",
    current: 1_048_576,
    classic: 262_144,
    adjustable: false,
    rule: "SQS-32",
    source: SEND_MESSAGE_BATCH,
};
/// Most entries of a batch.
pub const BATCH_ENTRIES: Quota = Quota {
    code: "BatchEntries",
    name: "Entries of a batch request",
    current: 10,
    classic: 10,
    adjustable: false,
    rule: "SQS-31",
    source: SEND_MESSAGE_BATCH,
};
/// Most messages of one receive.
pub const MESSAGES_PER_RECEIVE: Quota = Quota {
    code: "MaxNumberOfMessages",
    name: "Messages of one receive",
    current: 10,
    classic: 10,
    adjustable: false,
    rule: "SQS-40",
    source: RECEIVE_MESSAGE,
};
/// Longest long poll.
pub const WAIT_TIME_SECONDS: Quota = Quota {
    code: "WaitTimeSeconds",
    name: "Longest long poll, in seconds",
    current: 20,
    classic: 20,
    adjustable: false,
    rule: "SQS-80",
    source: RECEIVE_MESSAGE,
};
/// Longest delay.
pub const DELAY_SECONDS: Quota = Quota {
    code: "DelaySeconds",
    name: "Longest delay of a message, in seconds",
    current: 900,
    classic: 900,
    adjustable: false,
    rule: "SQS-93",
    source: SEND_MESSAGE,
};
/// Longest time in flight, counted from the receive.
pub const VISIBILITY_TIMEOUT_SECONDS: Quota = Quota {
    code: "VisibilityTimeout",
    name: "Longest time in flight since the receive, in seconds",
    current: 43_200,
    classic: 43_200,
    adjustable: false,
    rule: "SQS-63",
    source: CHANGE_VISIBILITY,
};
/// Messages in flight of a standard queue.
pub const STANDARD_IN_FLIGHT: Quota = Quota {
    code: "InFlightMessages",
    name: "Messages in flight per standard queue",
    current: 120_000,
    classic: 120_000,
    adjustable: true,
    rule: "SQS-70",
    source: MESSAGE_QUOTAS,
};
/// Messages in flight of a FIFO queue; raised in November 2024.
pub const FIFO_IN_FLIGHT: Quota = Quota {
    code: "FifoInFlightMessages",
    name: "Messages in flight per FIFO queue",
    current: 120_000,
    classic: 20_000,
    adjustable: false,
    rule: "SQS-71",
    source: FIFO_QUOTAS,
};
/// Calls per second of a FIFO queue, for each API action.
pub const FIFO_CALLS_PER_SECOND: Quota = Quota {
    code: "FifoApiCallsPerSecond",
    name: "Calls per second per API action of a FIFO queue",
    current: 300,
    classic: 300,
    adjustable: false,
    rule: "SQS-161",
    source: FIFO_QUOTAS,
};
/// Calls per second of a FIFO queue with high throughput, for each API action, in `eu-west-1`; the classic number is
/// the one of the feature's first year.
pub const FIFO_HIGH_THROUGHPUT_CALLS_PER_SECOND: Quota = Quota {
    code: "FifoHighThroughputApiCallsPerSecond",
    name: "Calls per second per API action of a FIFO queue with high throughput",
    current: high_throughput_calls_per_second(crate::arn::REGION),
    classic: 3_000,
    adjustable: true,
    rule: "SQS-162",
    source: HIGH_THROUGHPUT_GUIDE,
};
/// How long a deduplication id is remembered.
pub const DEDUPLICATION_INTERVAL_SECONDS: Quota = Quota {
    code: "DeduplicationInterval",
    name: "How long a deduplication id is remembered, in seconds",
    current: 300,
    classic: 300,
    adjustable: false,
    rule: "SQS-142",
    source: DEDUPLICATION,
};
/// Time between two purges.
pub const PURGE_INTERVAL_SECONDS: Quota = Quota {
    code: "PurgeQueueInterval",
    name: "Shortest time between two purges, in seconds",
    current: 60,
    classic: 60,
    adjustable: false,
    rule: "SQS-100",
    source: PURGE_QUEUE,
};
/// Highest rate of a message move task.
pub const MOVE_TASK_MESSAGES_PER_SECOND: Quota = Quota {
    code: "MaxNumberOfMessagesPerSecond",
    name: "Messages per second of a message move task",
    current: 500,
    classic: 500,
    adjustable: false,
    rule: "SQS-130",
    source: MOVE_TASK,
};
/// Longest message move task.
pub const MOVE_TASK_SECONDS: Quota = Quota {
    code: "MessageMoveTaskDuration",
    name: "Longest message move task, in seconds",
    current: 129_600,
    classic: 129_600,
    adjustable: false,
    rule: "SQS-132",
    source: MOVE_TASK,
};
/// How long a receive can be repeated under its `ReceiveRequestAttemptId`.
pub const RECEIVE_ATTEMPT_SECONDS: Quota = Quota {
    code: "ReceiveRequestAttemptId",
    name: "Time in which a receive can be repeated under the same attempt id, in seconds",
    current: 300,
    classic: 300,
    adjustable: false,
    rule: "SQS-153",
    source: RECEIVE_MESSAGE,
};
/// What one partition of a FIFO queue with high throughput carries; ten times as many messages in batches.
pub const PARTITION_CALLS_PER_SECOND: Quota = Quota {
    code: "PartitionCallsPerSecond",
    name: "Calls per second for each API action and partition of a FIFO queue with high throughput",
    current: 300,
    classic: 300,
    adjustable: false,
    rule: "SQS-163",
    source: HIGH_THROUGHPUT_GUIDE,
};
/// How long the load must last before there are more partitions.
pub const PARTITION_GROWTH_SECONDS: Quota = Quota {
    code: "PartitionGrowth",
    name: "Time of too much load after which a FIFO queue with high throughput has more partitions, in seconds",
    current: 30,
    classic: 30,
    adjustable: false,
    rule: "SQS-163",
    source: "ours",
};
/// From this share of the messages in flight, or of the time in flight, on a tenant is noisy.
pub const NOISY_GROUP_SHARE_PERCENT: Quota = Quota {
    code: "NoisyGroupShare",
    name: "Share of the messages in flight above which a message group is noisy, in per cent",
    current: 10,
    classic: 10,
    adjustable: false,
    rule: "SQS-172",
    source: FAIR_QUEUES,
};
/// Fewer messages in flight never make a tenant noisy.
pub const NOISY_GROUP_IN_FLIGHT: Quota = Quota {
    code: "NoisyGroupMessagesInFlight",
    name: "Fewest messages in flight of a noisy message group",
    current: 30,
    classic: 30,
    adjustable: false,
    rule: "SQS-172",
    source: FAIR_QUEUES,
};
/// Less time in flight in five minutes never makes a tenant noisy: ten messages in flight all the time. Without it the
/// few tenants of an idle queue would all be noisy.
pub const NOISY_GROUP_MESSAGE_SECONDS: Quota = Quota {
    code: "NoisyGroupMessageSeconds",
    name: "Least time in flight, in seconds of one message, that makes a message group noisy",
    current: 3_000,
    classic: 3_000,
    adjustable: false,
    rule: "SQS-176",
    source: "ours",
};
/// A noisy tenant with nothing in flight for so long is quiet again.
pub const NOISY_GROUP_MEMORY_SECONDS: Quota = Quota {
    code: "NoisyGroupMemory",
    name: "Time without messages in flight after which a message group is quiet again, in seconds",
    current: 300,
    classic: 300,
    adjustable: false,
    rule: "SQS-174",
    source: FAIR_QUEUES,
};

/// All limits, for tables and tests.
pub const ALL: &[Quota] = &[
    MAXIMUM_MESSAGE_SIZE,
    MAXIMUM_BATCH_SIZE,
    BATCH_ENTRIES,
    MESSAGES_PER_RECEIVE,
    WAIT_TIME_SECONDS,
    DELAY_SECONDS,
    VISIBILITY_TIMEOUT_SECONDS,
    STANDARD_IN_FLIGHT,
    FIFO_IN_FLIGHT,
    FIFO_CALLS_PER_SECOND,
    FIFO_HIGH_THROUGHPUT_CALLS_PER_SECOND,
    DEDUPLICATION_INTERVAL_SECONDS,
    PURGE_INTERVAL_SECONDS,
    MOVE_TASK_MESSAGES_PER_SECOND,
    MOVE_TASK_SECONDS,
    RECEIVE_ATTEMPT_SECONDS,
    PARTITION_CALLS_PER_SECOND,
    PARTITION_GROWTH_SECONDS,
    NOISY_GROUP_SHARE_PERCENT,
    NOISY_GROUP_IN_FLIGHT,
    NOISY_GROUP_MESSAGE_SECONDS,
    NOISY_GROUP_MEMORY_SECONDS,
];

/// Calls per second and API action with high throughput, by region (SQS-162); ten times as many messages in batches.
pub const HIGH_THROUGHPUT_REGIONS: &[(&str, u64)] = &[
    ("us-east-1", 70_000),
    ("us-west-2", 70_000),
    ("eu-west-1", 70_000),
    ("us-east-2", 19_000),
    ("eu-central-1", 19_000),
    ("ap-south-1", 9_000),
    ("ap-southeast-1", 9_000),
    ("ap-southeast-2", 9_000),
    ("ap-northeast-1", 9_000),
    ("eu-west-2", 4_500),
    ("sa-east-1", 4_500),
];
/// The same in every other region (SQS-162).
pub const HIGH_THROUGHPUT_ELSEWHERE: u64 = 2_400;

/// Calls per second and API action with high throughput in `region` (SQS-162).
pub const fn high_throughput_calls_per_second(region: &str) -> u64 {
    let mut place = 0;
    while place < HIGH_THROUGHPUT_REGIONS.len() {
        let (name, calls) = HIGH_THROUGHPUT_REGIONS[place];
        if same_text(name, region) {
            return calls;
        }
        place += 1;
    }
    HIGH_THROUGHPUT_ELSEWHERE
}

/// Equality of texts that the compiler can work out.
const fn same_text(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    let mut place = 0;
    while place < left.len() {
        if left[place] != right[place] {
            return false;
        }
        place += 1;
    }
    true
}
