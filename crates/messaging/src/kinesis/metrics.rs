//! Which metrics a stream reports (KDS-108).

use crate::metric::MetricName::{self, *};

/// Those of CloudWatch, and the playground's own behind them.
pub(super) const METRICS: &[MetricName] = &[
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
    SubscribeToShardSuccess,
    SubscribeToShardRateExceeded,
    SubscribeToShardEventSuccess,
    SubscribeToShardEventRecords,
    SubscribeToShardEventBytes,
    WriteProvisionedThroughputExceeded,
    ReadProvisionedThroughputExceeded,
    OpenShardCount,
    ThrottledRequests,
    RefusedMessages,
    MessagesExpired,
];
