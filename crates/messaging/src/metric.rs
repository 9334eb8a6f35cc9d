//! CloudWatch metrics, by their own names.

use kernel::SimTime;
use serde::{Deserialize, Serialize};

/// How a metric is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MetricKind {
    /// Adds up; shown per second or per minute.
    Sum,
    /// A level; shown as it stands.
    Gauge,
}

macro_rules! metrics {
    ($($variant:ident = $name:literal, $kind:ident, $unit:literal, $doc:literal;)+) => {
        /// A metric's name. Names without a CloudWatch namespace are the playground's own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum MetricName {
            $(#[doc = $doc] #[serde(rename = $name)] $variant,)+
        }
        impl MetricName {
            /// All metrics.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The names of all metrics, in the same order.
            pub const NAMES: &'static [&'static str] = &[$($name),+];
            /// The name as CloudWatch writes it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
            /// How the metric is read.
            pub const fn kind(self) -> MetricKind {
                match self { $(Self::$variant => MetricKind::$kind),+ }
            }
            /// The unit of its values.
            pub const fn unit(self) -> &'static str {
                match self { $(Self::$variant => $unit),+ }
            }
            /// What it counts, in one sentence.
            pub const fn description(self) -> &'static str {
                match self { $(Self::$variant => $doc),+ }
            }
        }
    };
}

metrics! {
    // AWS/SQS (SQS-180)
    NumberOfMessagesSent = "NumberOfMessagesSent", Sum, "Count", "Messages added by send calls (SQS-180).";
    SentMessageSize = "SentMessageSize", Sum, "Bytes", "Bytes of the messages sent (SQS-180).";
    NumberOfMessagesReceived = "NumberOfMessagesReceived", Sum, "Count", "Messages returned by receives, every redelivery again (SQS-180).";
    NumberOfEmptyReceives = "NumberOfEmptyReceives", Sum, "Count", "Receives that returned nothing (SQS-43).";
    NumberOfMessagesDeleted = "NumberOfMessagesDeleted", Sum, "Count", "Successful delete operations (SQS-180).";
    NumberOfDeduplicatedSentMessages = "NumberOfDeduplicatedSentMessages", Sum, "Count", "FIFO sends swallowed by deduplication (SQS-142).";
    ApproximateNumberOfMessagesVisible = "ApproximateNumberOfMessagesVisible", Gauge, "Count", "Messages that can be received now (SQS-180).";
    ApproximateNumberOfMessagesNotVisible = "ApproximateNumberOfMessagesNotVisible", Gauge, "Count", "Messages in flight (SQS-180).";
    ApproximateNumberOfMessagesDelayed = "ApproximateNumberOfMessagesDelayed", Gauge, "Count", "Messages delayed (SQS-94).";
    ApproximateAgeOfOldestMessage = "ApproximateAgeOfOldestMessage", Gauge, "Seconds", "Age of the oldest message not deleted (SQS-180).";
    ApproximateNumberOfGroupsWithInflightMessages = "ApproximateNumberOfGroupsWithInflightMessages", Gauge, "Count", "FIFO message groups locked now (SQS-180).";
    ApproximateNumberOfNoisyGroups = "ApproximateNumberOfNoisyGroups", Gauge, "Count", "Noisy message groups of a fair queue (SQS-172).";
    ApproximateNumberOfMessagesVisibleInQuietGroups = "ApproximateNumberOfMessagesVisibleInQuietGroups", Gauge, "Count", "Messages that can be received now, those of noisy groups left out (SQS-180).";
    ApproximateNumberOfMessagesNotVisibleInQuietGroups = "ApproximateNumberOfMessagesNotVisibleInQuietGroups", Gauge, "Count", "Messages in flight, those of noisy groups left out (SQS-180).";
    ApproximateNumberOfMessagesDelayedInQuietGroups = "ApproximateNumberOfMessagesDelayedInQuietGroups", Gauge, "Count", "Messages delayed, those of noisy groups left out (SQS-180).";
    ApproximateAgeOfOldestMessageInQuietGroups = "ApproximateAgeOfOldestMessageInQuietGroups", Gauge, "Seconds", "Age of the oldest message not deleted, those of noisy groups left out (SQS-180).";
    // AWS/SNS (SNS-170)
    NumberOfMessagesPublished = "NumberOfMessagesPublished", Sum, "Count", "Messages accepted by the topic (SNS-170).";
    PublishSize = "PublishSize", Sum, "Bytes", "Bytes published (SNS-170).";
    NumberOfNotificationsDelivered = "NumberOfNotificationsDelivered", Sum, "Count", "Deliveries that succeeded (SNS-170).";
    NumberOfNotificationsFailed = "NumberOfNotificationsFailed", Sum, "Count", "Deliveries given up (SNS-170).";
    NumberOfNotificationsFilteredOut = "NumberOfNotificationsFilteredOut", Sum, "Count", "Copies filtered out, all reasons (SNS-255).";
    NumberOfNotificationsFilteredOutMessageAttributes = "NumberOfNotificationsFilteredOut-MessageAttributes", Sum, "Count", "The attribute filter did not match (SNS-170).";
    NumberOfNotificationsFilteredOutMessageBody = "NumberOfNotificationsFilteredOut-MessageBody", Sum, "Count", "The body filter did not match (SNS-170).";
    NumberOfNotificationsFilteredOutInvalidAttributes = "NumberOfNotificationsFilteredOut-InvalidAttributes", Sum, "Count", "The attributes were malformed (SNS-211).";
    NumberOfNotificationsFilteredOutNoMessageAttributes = "NumberOfNotificationsFilteredOut-NoMessageAttributes", Sum, "Count", "The message had no attributes (SNS-238).";
    NumberOfNotificationsFilteredOutInvalidMessageBody = "NumberOfNotificationsFilteredOut-InvalidMessageBody", Sum, "Count", "The body was no JSON object (SNS-213).";
    NumberOfNotificationsRedrivenToDlq = "NumberOfNotificationsRedrivenToDlq", Sum, "Count", "Copies moved to a subscription's dead-letter queue (SNS-149).";
    NumberOfNotificationsFailedToRedriveToDlq = "NumberOfNotificationsFailedToRedriveToDlq", Sum, "Count", "Copies lost because that move failed (SNS-149).";
    ApproximateNumberOfMessagesArchived = "ApproximateNumberOfMessagesArchived", Gauge, "Count", "Messages in the archive of a FIFO topic (SNS-170).";
    ApproximateNumberOfBytesArchived = "ApproximateNumberOfBytesArchived", Gauge, "Bytes", "Bytes in the archive of a FIFO topic (SNS-170).";
    NumberOfMessagesArchiveProcessing = "NumberOfMessagesArchiveProcessing", Sum, "Count", "Messages put into the archive (SNS-170).";
    NumberOfBytesArchiveProcessing = "NumberOfBytesArchiveProcessing", Sum, "Bytes", "Bytes put into the archive (SNS-170).";
    NumberOfReplayedNotificationsDelivered = "NumberOfReplayedNotificationsDelivered", Sum, "Count", "Copies delivered again out of the archive (SNS-170).";
    NumberOfReplayedNotificationsFailed = "NumberOfReplayedNotificationsFailed", Sum, "Count", "Replayed copies given up (SNS-170).";
    SMSMonthToDateSpentUSD = "SMSMonthToDateSpentUSD", Gauge, "USD/1000000", "Spent on text messages, in millionths of a US dollar (SNS-170).";
    SMSSuccessRate = "SMSSuccessRate", Gauge, "Percent", "Text messages that arrived, of all (SNS-170).";
    DeliveryStatusLogEntries = "DeliveryStatusLogEntries", Sum, "Count", "Deliveries written to the delivery status log (SNS-172); the playground's own name.";
    // AWS/Kinesis (KDS-108)
    IncomingBytes = "IncomingBytes", Sum, "Bytes", "Bytes stored by the stream (KDS-108, FH-47).";
    IncomingRecords = "IncomingRecords", Sum, "Count", "Records stored by the stream (KDS-108, FH-47).";
    PutRecordSuccess = "PutRecord.Success", Sum, "Count", "PutRecord calls that succeeded (KDS-108).";
    PutRecordsTotalRecords = "PutRecords.TotalRecords", Sum, "Count", "Records offered by PutRecords (KDS-108).";
    PutRecordsSuccessfulRecords = "PutRecords.SuccessfulRecords", Sum, "Count", "Records stored by PutRecords (KDS-108).";
    PutRecordsThrottledRecords = "PutRecords.ThrottledRecords", Sum, "Count", "Records refused over quota by PutRecords (KDS-24).";
    GetRecordsRecords = "GetRecords.Records", Sum, "Count", "Records read by GetRecords (KDS-108).";
    GetRecordsBytes = "GetRecords.Bytes", Sum, "Bytes", "Bytes read by GetRecords (KDS-108).";
    GetRecordsSuccess = "GetRecords.Success", Sum, "Count", "GetRecords calls that succeeded (KDS-108).";
    GetRecordsIteratorAgeMilliseconds = "GetRecords.IteratorAgeMilliseconds", Gauge, "Milliseconds", "Age of the last record of the last read, of the slowest reader (KDS-42).";
    WriteProvisionedThroughputExceeded = "WriteProvisionedThroughputExceeded", Sum, "Count", "Records refused over a shard's write limit (KDS-24).";
    ReadProvisionedThroughputExceeded = "ReadProvisionedThroughputExceeded", Sum, "Count", "GetRecords calls refused over a shard's read limit (KDS-39).";
    SubscribeToShardSuccess = "SubscribeToShard.Success", Sum, "Count", "Connections of registered consumers (KDS-108).";
    SubscribeToShardRateExceeded = "SubscribeToShard.RateExceeded", Sum, "Count", "SubscribeToShard calls refused because there was one within the second (KDS-49).";
    SubscribeToShardEventSuccess = "SubscribeToShardEvent.Success", Sum, "Count", "Events pushed to registered consumers (KDS-108).";
    SubscribeToShardEventRecords = "SubscribeToShardEvent.Records", Sum, "Count", "Records pushed to registered consumers (KDS-108).";
    SubscribeToShardEventBytes = "SubscribeToShardEvent.Bytes", Sum, "Bytes", "Bytes pushed to registered consumers (KDS-108).";
    // AWS/KinesisAnalytics (KDA-7 to KDA-9)
    NumRecordsIn = "numRecordsIn", Sum, "Count", "Records that the application has taken (KDA-1).";
    NumRecordsOut = "numRecordsOut", Sum, "Count", "Results that the application has given (KDA-1).";
    NumLateRecordsDropped = "numLateRecordsDropped", Sum, "Count", "Records that came too late for their window (KDA-7).";
    MillisBehindLatest = "millisBehindLatest", Gauge, "Milliseconds", "How far the last read was behind the tip of its shard (KDS-42).";
    Kpus = "KPUs", Gauge, "Count", "Kinesis Processing Units in use (KDA-8).";
    CpuUtilization = "cpuUtilization", Gauge, "Percent", "Use of the processors in the last minute (KDA-9).";
    FullRestarts = "fullRestarts", Sum, "Count", "Times the application was started again (KDA-10).";
    // AWS/KinesisVideo (KVS-1 to KVS-3)
    PutMediaIncomingFragments = "PutMedia.IncomingFragments", Sum, "Count", "Fragments that the video stream has taken (KVS-1).";
    PutMediaIncomingBytes = "PutMedia.IncomingBytes", Sum, "Bytes", "Bytes of the fragments taken (KVS-1).";
    GetMediaOutgoingFragments = "GetMedia.OutgoingFragments", Sum, "Count", "Fragments sent to readers (KVS-3).";
    GetMediaOutgoingBytes = "GetMedia.OutgoingBytes", Sum, "Bytes", "Bytes sent to readers (KVS-3).";
    FragmentsKept = "FragmentsKept", Gauge, "Count", "Fragments that can be read now (KVS-2); the playground's own name.";
    // AWS/Kinesis (KDS-67)
    OpenShardCount = "OpenShardCount", Gauge, "Count", "Open shards (KDS-67).";
    // AWS/Lambda (CMP-38)
    Invocations = "Invocations", Sum, "Count", "Times the function was invoked, throttled calls left out (CMP-27).";
    Errors = "Errors", Sum, "Count", "Invocations that ended with an exception or a timeout (CMP-38).";
    Throttles = "Throttles", Sum, "Count", "Invocations refused for want of concurrency (CMP-27).";
    Duration = "Duration", Sum, "Milliseconds", "Time in the handler, cold starts left out, added up over all invocations (CMP-38).";
    ConcurrentExecutions = "ConcurrentExecutions", Gauge, "Count", "Invocations under way (CMP-25).";
    AsyncEventsReceived = "AsyncEventsReceived", Sum, "Count", "Events put into the function's own queue (CMP-30).";
    AsyncEventsDropped = "AsyncEventsDropped", Sum, "Count", "Events given up, whether they have a destination or not (CMP-30).";
    AsyncEventAge = "AsyncEventAge", Gauge, "Milliseconds", "How long the last event tried had been in the function's queue (CMP-30).";
    IteratorAge = "IteratorAge", Gauge, "Milliseconds", "Age of the newest record of the last batch of a stream (KDS-106).";
    DeadLetterErrors = "DeadLetterErrors", Sum, "Count", "Events that the dead-letter queue did not take (CMP-38).";
    DestinationDeliveryFailures = "DestinationDeliveryFailures", Sum, "Count", "Records that the on-failure destination did not take (CMP-38).";
    ColdStarts = "ColdStarts", Sum, "Count", "Invocations in a new environment (CMP-28); the playground's own name.";
    // AWS/Billing (COST-63)
    EstimatedCharges = "EstimatedCharges", Gauge, "USD/1000000", "What the resource has cost, in millionths of a US dollar (COST-63).";
    // AWS/AmazonMQ (MQ-50)
    TotalMessageCount = "TotalMessageCount", Gauge, "Count", "Messages stored by an ActiveMQ broker (MQ-50).";
    QueueSize = "QueueSize", Gauge, "Count", "Messages in all destinations of an ActiveMQ broker (MQ-50).";
    InFlightCount = "InFlightCount", Gauge, "Count", "Messages sent to consumers and not acknowledged (MQ-50).";
    EnqueueCount = "EnqueueCount", Sum, "Count", "Messages that came to a destination, dead letters too (MQ-50).";
    DequeueCount = "DequeueCount", Sum, "Count", "Messages acknowledged by consumers (MQ-50).";
    DispatchCount = "DispatchCount", Sum, "Count", "Messages sent to consumers, redeliveries again (MQ-50).";
    ExpiredCount = "ExpiredCount", Sum, "Count", "Messages whose time to live was over (MQ-50).";
    TotalConsumerCount = "TotalConsumerCount", Gauge, "Count", "Consumers of an ActiveMQ broker, each worker counted (MQ-50).";
    ConsumerCount = "ConsumerCount", Gauge, "Count", "Consumers, each worker counted (MQ-50).";
    ProducerCount = "ProducerCount", Gauge, "Count", "Producers connected to an ActiveMQ broker (MQ-50).";
    CurrentConnectionsCount = "CurrentConnectionsCount", Gauge, "Count", "Connections to an ActiveMQ broker (MQ-50).";
    BrokerCpuUtilization = "CpuUtilization", Gauge, "Percent", "Share of the messages that the instance takes (MQ-50); ours.";
    HeapUsage = "HeapUsage", Gauge, "Percent", "Share of the memory limit that non-persistent messages take (MQ-50).";
    StorePercentUsage = "StorePercentUsage", Gauge, "Percent", "Share of the storage that persistent messages take (MQ-50).";
    MessageCount = "MessageCount", Gauge, "Count", "Messages in all queues of a RabbitMQ broker (MQ-50).";
    MessageReadyCount = "MessageReadyCount", Gauge, "Count", "Messages that can be delivered (MQ-50).";
    MessageUnacknowledgedCount = "MessageUnacknowledgedCount", Gauge, "Count", "Messages delivered and not acknowledged (MQ-50).";
    PublishRate = "PublishRate", Sum, "Count", "Messages published to the broker (MQ-50).";
    ConfirmRate = "ConfirmRate", Sum, "Count", "Messages confirmed to publishers (MQ-50).";
    AckRate = "AckRate", Sum, "Count", "Messages acknowledged by consumers (MQ-50).";
    QueueCount = "QueueCount", Gauge, "Count", "Queues of a RabbitMQ broker (MQ-50).";
    ConnectionCount = "ConnectionCount", Gauge, "Count", "Connections to a RabbitMQ broker (MQ-50).";
    RabbitMqMemUsed = "RabbitMQMemUsed", Gauge, "Bytes", "Bytes of messages that are not stored (MQ-50).";
    RabbitMqDiskFree = "RabbitMQDiskFree", Gauge, "Bytes", "Bytes of storage that are left (MQ-50).";
    MessagesDropped = "MessagesDropped", Sum, "Count", "Messages that nobody wanted: not routed, pushed out, rejected or expired without a dead-letter exchange; the playground's own name.";
    // Quotas of any service
    ThrottledRequests = "ThrottledRequests", Sum, "Count", "Calls refused over a quota; the playground's own name.";
    RefusedMessages = "RefusedMessages", Sum, "Count", "Messages of refused calls; the playground's own name.";
    KmsRequests = "KmsRequests", Sum, "Count", "Requests to KMS for data keys (SQS-192); the playground's own name.";
    MessagesExpired = "MessagesExpired", Sum, "Count", "Messages dropped at the end of their retention (SQS-110); the playground's own name.";
    MessagesMovedToDeadLetterQueue = "MessagesMovedToDeadLetterQueue", Sum, "Count", "Messages moved to the dead-letter queue (SQS-121); the playground's own name.";
    MessagesMovedIn = "MessagesMovedIn", Sum, "Count", "Messages that came by an automatic move (SQS-126); the playground's own name.";
    // Clients; the playground's own names
    MessagesOffered = "MessagesOffered", Sum, "Count", "Messages the producer had to send, counted once for each target.";
    MessagesAccepted = "MessagesAccepted", Sum, "Count", "Messages whose send was not refused in the end.";
    MessagesRefused = "MessagesRefused", Sum, "Count", "Refusals met, every attempt again.";
    MessagesRetried = "MessagesRetried", Sum, "Count", "Attempts beyond the first.";
    MessagesLost = "MessagesLost", Sum, "Count", "Messages given up after the last attempt.";
    MessagesAwaitingRetry = "MessagesAwaitingRetry", Gauge, "Count", "Messages waiting for their next attempt.";
    MessagesProcessed = "MessagesProcessed", Sum, "Count", "Messages whose processing succeeded, repetitions included.";
    ProcessingFailures = "ProcessingFailures", Sum, "Count", "Messages whose processing failed.";
    MessagesProcessedAgain = "MessagesProcessedAgain", Sum, "Count", "Messages received a second time or more.";
    BusyWorkers = "BusyWorkers", Gauge, "Count", "Workers at work.";
    ReceiveCalls = "ReceiveCalls", Sum, "Count", "Receive calls made.";
    ProcessedOutOfOrder = "ProcessedOutOfOrder", Sum, "Count", "Messages that overtook an earlier one of their key.";
    WritesAccepted = "WritesAccepted", Sum, "Count", "Rows written (CMP-39).";
    WritesRefused = "WritesRefused", Sum, "Count", "Writes over the capacity (CMP-39).";
    DuplicateWrites = "DuplicateWrites", Sum, "Count", "Writes of a row that was there already (CMP-43).";
    // AWS/S3 (CMP-47 to CMP-54)
    NumberOfObjects = "NumberOfObjects", Gauge, "Count", "Objects in the bucket.";
    BucketSizeBytes = "BucketSizeBytes", Gauge, "Bytes", "Bytes of the objects in the bucket.";
    PutRequests = "PutRequests", Sum, "Count", "PutObject calls, refused ones too.";
    BytesUploaded = "BytesUploaded", Sum, "Bytes", "Bytes of the objects stored.";
    Errors4xx = "4xxErrors", Sum, "Count", "Calls refused for a fault of the caller.";
    Errors5xx = "5xxErrors", Sum, "Count", "Calls refused with 503 (CMP-64).";
    EventNotifications = "EventNotifications", Sum, "Count", "Objects that fitted an event rule (CMP-51); the playground's own name.";
    RecordsStored = "RecordsStored", Sum, "Count", "Records in objects of delivery streams, error prefixes left out (FH-25); the playground's own name.";
    ErrorRecordsStored = "ErrorRecordsStored", Sum, "Count", "Records under the error prefix (FH-29); the playground's own name.";
    // AWS/AutoScaling (CMP-14)
    GroupDesiredCapacity = "GroupDesiredCapacity", Gauge, "Count", "Instances the group tries to keep (CMP-14).";
    GroupInServiceInstances = "GroupInServiceInstances", Gauge, "Count", "Instances that work (CMP-14).";
    GroupPendingInstances = "GroupPendingInstances", Gauge, "Count", "Instances that boot (CMP-14).";
    GroupTerminatingInstances = "GroupTerminatingInstances", Gauge, "Count", "Instances that finish what they hold (CMP-22).";
    InstancesLaunched = "InstancesLaunched", Sum, "Count", "Instances launched (CMP-14); the playground's own name.";
    InstancesTerminated = "InstancesTerminated", Sum, "Count", "Instances terminated (CMP-14); the playground's own name.";
    // Services that are called and waited for; the playground's own names
    CallsServed = "CallsServed", Sum, "Count", "Calls answered in time (CMP-44).";
    CallsRefused = "CallsRefused", Sum, "Count", "Calls refused for want of a slot, or because the service was down (CMP-44).";
    CallsTimedOut = "CallsTimedOut", Sum, "Count", "Calls whose caller gave up (CMP-44).";
    CallsFailed = "CallsFailed", Sum, "Count", "Calls that failed because a service behind failed (CMP-46).";
    BusySlots = "BusySlots", Gauge, "Count", "Calls that hold a slot (CMP-44).";
    CallsWaiting = "CallsWaiting", Gauge, "Count", "Calls that wait for a slot (CMP-44).";
    LongestWaitMilliseconds = "LongestWaitMilliseconds", Gauge, "Milliseconds", "The longest the service waited for an answer to a call of its own (CMP-44).";
    // Alarms; the playground's own names
    AlarmMetricValue = "AlarmMetricValue", Gauge, "Count", "What the alarm saw last (CMP-13).";
    AlarmsRaised = "AlarmsRaised", Sum, "Count", "Changes of the alarm's state to ALARM (CMP-9).";
    AlarmActionsExecuted = "AlarmActionsExecuted", Sum, "Count", "Calls the alarm made to groups and topics (CMP-12).";
    AlarmActionsFailed = "AlarmActionsFailed", Sum, "Count", "Calls of the alarm that were refused (ACC-13).";
    AlarmStateValue = "AlarmStateValue", Gauge, "Count", "The alarm's state: 0 for OK, 1 for ALARM, 2 for INSUFFICIENT_DATA (CMP-9).";
    // AWS/Firehose (FH-47)
    IncomingPutRequests = "IncomingPutRequests", Sum, "Count", "PutRecord and PutRecordBatch calls (FH-47).";
    ThrottledRecords = "ThrottledRecords", Sum, "Count", "Records refused over the quota of the stream (FH-47).";
    BytesPerSecondLimit = "BytesPerSecondLimit", Gauge, "Bytes/Second", "Bytes a second that direct puts may bring (FH-47).";
    RecordsPerSecondLimit = "RecordsPerSecondLimit", Gauge, "Count/Second", "Records a second that direct puts may bring (FH-47).";
    PutRequestsPerSecondLimit = "PutRequestsPerSecondLimit", Gauge, "Count/Second", "Direct puts a second (FH-47).";
    PutRecordRequests = "PutRecord.Requests", Sum, "Count", "PutRecord calls (FH-47).";
    PutRecordBytes = "PutRecord.Bytes", Sum, "Bytes", "Bytes taken by PutRecord (FH-47).";
    PutRecordBatchRequests = "PutRecordBatch.Requests", Sum, "Count", "PutRecordBatch calls (FH-47).";
    PutRecordBatchBytes = "PutRecordBatch.Bytes", Sum, "Bytes", "Bytes taken by PutRecordBatch (FH-47).";
    PutRecordBatchRecords = "PutRecordBatch.Records", Sum, "Count", "Records taken by PutRecordBatch (FH-47).";
    DeliveryToS3Bytes = "DeliveryToS3.Bytes", Sum, "Bytes", "Bytes delivered to S3 (FH-47).";
    DeliveryToS3Records = "DeliveryToS3.Records", Sum, "Count", "Records delivered to S3 (FH-47).";
    DeliveryToS3Success = "DeliveryToS3.Success", Sum, "Count", "Deliveries to S3 that succeeded (FH-47).";
    DeliveryToS3DataFreshness = "DeliveryToS3.DataFreshness", Gauge, "Seconds", "Age of the oldest record not delivered to S3 (FH-47).";
    DeliveryToRedshiftBytes = "DeliveryToRedshift.Bytes", Sum, "Bytes", "Bytes delivered to Redshift (FH-47).";
    DeliveryToRedshiftRecords = "DeliveryToRedshift.Records", Sum, "Count", "Records delivered to Redshift (FH-47).";
    DeliveryToRedshiftSuccess = "DeliveryToRedshift.Success", Sum, "Count", "Deliveries to Redshift that succeeded (FH-47).";
    DeliveryToOpenSearchBytes = "DeliveryToAmazonOpenSearchService.Bytes", Sum, "Bytes", "Bytes delivered to OpenSearch (FH-47).";
    DeliveryToOpenSearchRecords = "DeliveryToAmazonOpenSearchService.Records", Sum, "Count", "Records delivered to OpenSearch (FH-47).";
    DeliveryToOpenSearchSuccess = "DeliveryToAmazonOpenSearchService.Success", Sum, "Count", "Deliveries to OpenSearch that succeeded (FH-47).";
    DeliveryToOpenSearchDataFreshness = "DeliveryToAmazonOpenSearchService.DataFreshness", Gauge, "Seconds", "Age of the oldest record not delivered to OpenSearch (FH-47).";
    DeliveryToSplunkBytes = "DeliveryToSplunk.Bytes", Sum, "Bytes", "Bytes delivered to Splunk (FH-47).";
    DeliveryToSplunkRecords = "DeliveryToSplunk.Records", Sum, "Count", "Records delivered to Splunk (FH-47).";
    DeliveryToSplunkSuccess = "DeliveryToSplunk.Success", Sum, "Count", "Deliveries to Splunk that succeeded (FH-47).";
    DeliveryToSplunkDataFreshness = "DeliveryToSplunk.DataFreshness", Gauge, "Seconds", "Age of the oldest record not delivered to Splunk (FH-47).";
    DeliveryToHttpEndpointBytes = "DeliveryToHttpEndpoint.Bytes", Sum, "Bytes", "Bytes delivered to the HTTP endpoint (FH-47).";
    DeliveryToHttpEndpointRecords = "DeliveryToHttpEndpoint.Records", Sum, "Count", "Records delivered to the HTTP endpoint (FH-47).";
    DeliveryToHttpEndpointSuccess = "DeliveryToHttpEndpoint.Success", Sum, "Count", "Deliveries to the HTTP endpoint that succeeded (FH-47).";
    DeliveryToHttpEndpointDataFreshness = "DeliveryToHttpEndpoint.DataFreshness", Gauge, "Seconds", "Age of the oldest record not delivered to the HTTP endpoint (FH-47).";
    DeliveryToS3ObjectCount = "DeliveryToS3.ObjectCount", Sum, "Count", "Objects delivered to S3 (FH-47).";
    DeliveryToSplunkDataAckLatency = "DeliveryToSplunk.DataAckLatency", Gauge, "Seconds", "How long Splunk took to acknowledge last (FH-47).";
    DeliveryToHttpEndpointProcessedRecords = "DeliveryToHttpEndpoint.ProcessedRecords", Sum, "Count", "Records of all attempts, retries too (FH-47).";
    DeliveryToHttpEndpointProcessedBytes = "DeliveryToHttpEndpoint.ProcessedBytes", Sum, "Bytes", "Bytes of all attempts, retries too (FH-47).";
    BackupToS3Bytes = "BackupToS3.Bytes", Sum, "Bytes", "Bytes backed up, and bytes under an error prefix (FH-47).";
    BackupToS3Records = "BackupToS3.Records", Sum, "Count", "Records backed up, and records under an error prefix (FH-47).";
    BackupToS3Success = "BackupToS3.Success", Sum, "Count", "Backup objects put (FH-47).";
    BackupToS3DataFreshness = "BackupToS3.DataFreshness", Gauge, "Seconds", "Age of the oldest record not backed up (FH-47).";
    ExecuteProcessingDuration = "ExecuteProcessing.Duration", Sum, "Milliseconds", "Time of all invocations of the transformation (FH-47).";
    ExecuteProcessingSuccess = "ExecuteProcessing.Success", Sum, "Count", "Invocations of the transformation that succeeded (FH-47).";
    SucceedProcessingRecords = "SucceedProcessing.Records", Sum, "Count", "Records the transformation answered with Ok or Dropped (FH-47).";
    SucceedProcessingBytes = "SucceedProcessing.Bytes", Sum, "Bytes", "Bytes of those records (FH-47).";
    SucceedConversionRecords = "SucceedConversion.Records", Sum, "Count", "Records converted (FH-47).";
    SucceedConversionBytes = "SucceedConversion.Bytes", Sum, "Bytes", "Bytes converted (FH-47).";
    FailedConversionRecords = "FailedConversion.Records", Sum, "Count", "Records that could not be converted (FH-47).";
    FailedConversionBytes = "FailedConversion.Bytes", Sum, "Bytes", "Bytes that could not be converted (FH-47).";
    DataReadFromKinesisStreamRecords = "DataReadFromKinesisStream.Records", Sum, "Count", "Records read from the source (FH-47).";
    DataReadFromKinesisStreamBytes = "DataReadFromKinesisStream.Bytes", Sum, "Bytes", "Bytes read from the source (FH-47).";
    KinesisMillisBehindLatest = "KinesisMillisBehindLatest", Gauge, "Milliseconds", "How far the last read of the source was behind (FH-47).";
    ThrottledGetRecords = "ThrottledGetRecords", Sum, "Count", "Reads of the source refused over the limit of a shard (FH-47).";
    PartitionCount = "PartitionCount", Gauge, "Count", "Partitions with a buffer (FH-47).";
    PartitionCountExceeded = "PartitionCountExceeded", Sum, "Count", "Records for which there was no partition left (FH-47).";
    // Endpoints of a topic; the playground's own names
    DeliveriesAccepted = "DeliveriesAccepted", Sum, "Count", "Deliveries an endpoint took.";
    DeliveriesRefused = "DeliveriesRefused", Sum, "Count", "Deliveries an endpoint refused or did not answer in time (SNS-140).";
    SubscriptionsConfirmed = "SubscriptionsConfirmed", Sum, "Count", "Subscriptions an endpoint confirmed (SNS-46).";
}

/// How many metrics there are.
pub const METRIC_COUNT: usize = MetricName::ALL.len();

/// The sums of one component since the start, and the peaks of its gauges.
#[derive(Clone, Debug)]
pub struct MetricTable {
    values: Box<[u64; METRIC_COUNT]>,
    peaks: Box<[u64; METRIC_COUNT]>,
    reported: Box<[bool; METRIC_COUNT]>,
}

impl Default for MetricTable {
    fn default() -> Self {
        Self {
            values: Box::new([0; METRIC_COUNT]),
            peaks: Box::new([0; METRIC_COUNT]),
            reported: Box::new([false; METRIC_COUNT]),
        }
    }
}

impl MetricTable {
    /// Adds to a sum.
    #[inline]
    pub fn add(&mut self, metric: MetricName, amount: u64) {
        self.values[metric as usize] += amount;
    }

    /// Sets a gauge to its level now and keeps its peak.
    pub fn set(&mut self, metric: MetricName, level: u64) {
        let place = metric as usize;
        self.values[place] = level;
        self.peaks[place] = self.peaks[place].max(level);
        self.reported[place] = true;
    }

    /// The sum since the start, or the level when last read.
    #[inline]
    pub fn value(&self, metric: MetricName) -> u64 {
        self.values[metric as usize]
    }

    /// The highest level a gauge had at a whole second.
    pub fn peak(&self, metric: MetricName) -> u64 {
        self.peaks[metric as usize]
    }

    /// The metrics this component has reported, sums that stayed zero left out.
    pub fn reported(&self) -> impl Iterator<Item = MetricName> + '_ {
        MetricName::ALL
            .iter()
            .copied()
            .filter(|metric| self.values[*metric as usize] > 0 || self.reported[*metric as usize])
    }
}

/// The values of one component's metrics at one whole second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MetricSample {
    /// The whole second.
    pub at: SimTime,
    /// Sums since the start and levels now.
    pub values: Vec<(MetricName, u64)>,
}
