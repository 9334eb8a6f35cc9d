//! Which metrics a queue reports (SQS-180).

use crate::metric::MetricName::{self, *};

/// Those of CloudWatch, and the playground's own behind them.
pub(super) const METRICS: &[MetricName] = &[
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
    ApproximateNumberOfNoisyGroups,
    ApproximateNumberOfMessagesVisibleInQuietGroups,
    ApproximateNumberOfMessagesNotVisibleInQuietGroups,
    ApproximateNumberOfMessagesDelayedInQuietGroups,
    ApproximateAgeOfOldestMessageInQuietGroups,
    KmsRequests,
    ThrottledRequests,
    RefusedMessages,
    MessagesExpired,
    MessagesMovedToDeadLetterQueue,
    MessagesMovedIn,
];
