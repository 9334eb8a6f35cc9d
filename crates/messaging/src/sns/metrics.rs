//! Which metrics a topic reports (SNS-170).

use crate::metric::MetricName::{self, *};

/// Those of CloudWatch, and the playground's own behind them.
pub(super) const METRICS: &[MetricName] = &[
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
