//! Which metrics which resources report, and what can be done to them.

use messaging::MetricName;
use messaging::MetricName::*;

const QUEUE: &[MetricName] = &[
    NumberOfMessagesSent,
    SentMessageSize,
    NumberOfMessagesReceived,
    NumberOfEmptyReceives,
    NumberOfMessagesDeleted,
    NumberOfDeduplicatedSentMessages,
    ApproximateNumberOfMessagesVisible,
    ApproximateNumberOfMessagesNotVisible,
    ApproximateNumberOfMessagesDelayed,
    ApproximateAgeOfOldestMessage,
    ApproximateNumberOfGroupsWithInflightMessages,
    ThrottledRequests,
    RefusedMessages,
    MessagesExpired,
    MessagesMovedToDeadLetterQueue,
    MessagesMovedIn,
];
const TOPIC: &[MetricName] = &[
    NumberOfMessagesPublished,
    PublishSize,
    NumberOfNotificationsDelivered,
    NumberOfNotificationsFailed,
    NumberOfNotificationsFilteredOut,
    NumberOfNotificationsFilteredOutMessageAttributes,
    NumberOfNotificationsFilteredOutMessageBody,
    NumberOfNotificationsFilteredOutInvalidAttributes,
    NumberOfNotificationsFilteredOutNoMessageAttributes,
    NumberOfNotificationsFilteredOutInvalidMessageBody,
    NumberOfNotificationsRedrivenToDlq,
    NumberOfNotificationsFailedToRedriveToDlq,
    ApproximateNumberOfMessagesArchived,
    ApproximateNumberOfBytesArchived,
    NumberOfMessagesArchiveProcessing,
    NumberOfBytesArchiveProcessing,
    NumberOfReplayedNotificationsDelivered,
    NumberOfReplayedNotificationsFailed,
    SMSMonthToDateSpentUSD,
    SMSSuccessRate,
    DeliveryStatusLogEntries,
    NumberOfDeduplicatedSentMessages,
    MessagesAwaitingRetry,
    MessagesLost,
    ThrottledRequests,
    RefusedMessages,
];
const STREAM: &[MetricName] = &[
    IncomingBytes,
    IncomingRecords,
    PutRecordSuccess,
    PutRecordsTotalRecords,
    PutRecordsSuccessfulRecords,
    PutRecordsThrottledRecords,
    GetRecordsRecords,
    GetRecordsBytes,
    GetRecordsSuccess,
    GetRecordsIteratorAgeMilliseconds,
    WriteProvisionedThroughputExceeded,
    ReadProvisionedThroughputExceeded,
    OpenShardCount,
    ThrottledRequests,
    RefusedMessages,
    MessagesExpired,
];
const PRODUCER: &[MetricName] = &[
    MessagesOffered,
    MessagesAccepted,
    MessagesRefused,
    MessagesRetried,
    MessagesLost,
    MessagesAwaitingRetry,
];
const CONSUMER: &[MetricName] = &[
    MessagesAccepted,
    MessagesRefused,
    MessagesRetried,
    MessagesLost,
    MessagesAwaitingRetry,
    MessagesProcessed,
    ProcessingFailures,
    MessagesProcessedAgain,
    BusyWorkers,
    ReceiveCalls,
    ProcessedOutOfOrder,
];
const DATABASE: &[MetricName] = &[WritesAccepted, WritesRefused, DuplicateWrites];

const ENDPOINT: &[MetricName] = &[DeliveriesAccepted, DeliveriesRefused, SubscriptionsConfirmed];

/// The metrics a resource of this type may report; all for a type that is not known here.
pub fn metrics_of(resource_type: &str) -> &'static [MetricName] {
    match resource_type {
        "AWS::SQS::Queue" => QUEUE,
        "AWS::SNS::Topic" => TOPIC,
        "AWS::Kinesis::Stream" => STREAM,
        "Playground::Producer" => PRODUCER,
        "Playground::Consumer" => CONSUMER,
        "Playground::Database" => DATABASE,
        "Playground::Endpoint" => ENDPOINT,
        _ => MetricName::ALL,
    }
}

/// What the timeline can do to a resource of this type.
pub(super) fn acts_on(resource_type: &str) -> &'static [&'static str] {
    match resource_type {
        "Playground::Producer" => &["Start", "Stop", "Crash", "Send", "Poison"],
        "Playground::Consumer" => &["Start", "Stop", "Crash", "Slow"],
        "Playground::Endpoint" => &["Start", "Stop", "Slow"],
        "AWS::SQS::Queue" => &["Purge", "Redrive"],
        _ => &[],
    }
}
