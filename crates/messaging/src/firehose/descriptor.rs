//! What palette, inspector and validation know of a delivery stream.

use super::destination::WORDS;
use crate::descriptor::{
    FieldKind, FieldSpec, LinkRule, PaletteGroup, Preset, ResourceDescriptor, field, integer, number,
};
use crate::metric::MetricName;

const HINTS: &[FieldSpec] = &[
    field("IntervalInSeconds", integer(0, 900, "s"), "From the first record to the delivery.", "FH-16"),
    field("SizeInMBs", integer(1, 128, "MiB"), "A buffer of this size is delivered at once.", "FH-16"),
];
const BACKUP_MODES: &[&str] = &[
    "",
    "Disabled",
    "Enabled",
    "FailedDocumentsOnly",
    "AllDocuments",
    "FailedEventsOnly",
    "AllEvents",
    "FailedDataOnly",
    "AllData",
];
const FORMATS: &[&str] = &["UNCOMPRESSED", "GZIP", "ZIP", "Snappy", "HADOOP_SNAPPY"];
const ROTATIONS: &[&str] = &["", "NoRotation", "OneHour", "OneDay", "OneWeek", "OneMonth"];
const TO: &str = "AWS::KinesisFirehose::DestinationConfiguration";

const fn to(title: &'static str, properties: &'static str) -> Preset {
    Preset { title, icon: "firehose", id_suffix: "", properties }
}
/// The plain one delivers to S3, or to whatever it is linked to.
const PRESETS: &[Preset] = &[
    to("Firehose to Redshift", r#"{"Destination":"Redshift"}"#),
    to("Firehose to OpenSearch", r#"{"Destination":"AmazonOpenSearchService"}"#),
    to("Firehose to Splunk", r#"{"Destination":"Splunk"}"#),
    to("Firehose to HTTP", r#"{"Destination":"HttpEndpoint"}"#),
    to("Firehose to Datadog", r#"{"Destination":"Datadog"}"#),
    to("Firehose to New Relic", r#"{"Destination":"NewRelic"}"#),
    to("Firehose to MongoDB", r#"{"Destination":"MongoDB"}"#),
];

pub(super) const DELIVERY_STREAM: ResourceDescriptor = ResourceDescriptor {
    resource_type: "AWS::KinesisFirehose::DeliveryStream",
    title: "Firehose stream",
    description: "Collects records until a size or a time is reached, and delivers them together.",
    group: PaletteGroup::RouteAndHold,
    icon: "firehose",
    id_prefix: "delivery",
    fields: &[
        field("Destination", FieldKind::Choice(WORDS), "Where it delivers; by the link if not set.", "FH-16"),
        field(
            "BufferingHints",
            FieldKind::Variants { tag: "", cases: &[("", HINTS)] },
            "Whichever comes first: the size or the interval.",
            "FH-15",
        ),
        field("Prefix", FieldKind::Text, "Start of the objects' keys, with expressions.", "FH-28"),
        field("ErrorOutputPrefix", FieldKind::Text, "Start of the keys of what failed.", "FH-28"),
        field("FileExtension", FieldKind::Text, "End of the objects' keys, such as .json.", "FH-26"),
        field("CompressionFormat", FieldKind::Choice(FORMATS), "How objects are compressed.", "FH-30"),
        field(
            "CompressionFactor",
            number(0.001, 1.0, ""),
            "Size after compression or conversion, as a share of the size before.",
            "FH-30",
        ),
        field(
            "OutputFormat",
            FieldKind::Choice(&["", "Parquet", "ORC"]),
            "Converts JSON records to a column format.",
            "FH-31",
        ),
        field("DynamicPartitioning", FieldKind::Switch, "A buffer for each partition key.", "FH-32"),
        field("AppendDelimiterToRecord", FieldKind::Switch, "A newline after each record.", "FH-25"),
        field("S3BackupMode", FieldKind::Choice(BACKUP_MODES), "What the backup bucket gets.", "FH-38"),
        field(
            "RetryDurationInSeconds",
            integer(0, 7_200, "s"),
            "How long a delivery is tried again; S3 is tried for a day.",
            "FH-16",
        ),
        field(
            "HecAcknowledgmentTimeoutInSeconds",
            integer(180, 600, "s"),
            "How long Splunk may take to acknowledge.",
            "FH-43",
        ),
        field(
            "IndexRotationPeriod",
            FieldKind::Choice(ROTATIONS),
            "How often OpenSearch gets a new index.",
            "FH-42",
        ),
        field(
            "ThroughputFactor",
            integer(1, 100, "times"),
            "The quotas of direct puts, as after a raise by AWS: all three together.",
            "FH-9",
        ),
    ],
    links: &[
        LinkRule { link_type: TO, to: "AWS::S3::Bucket" },
        LinkRule { link_type: TO, to: "Playground::Database" },
        LinkRule { link_type: TO, to: "Playground::Endpoint" },
        LinkRule { link_type: "AWS::KinesisFirehose::ProcessingConfiguration", to: "AWS::Lambda::Function" },
    ],
    presets: PRESETS,
    metrics: METRICS,
    actions: &[],
};

const METRICS: &[MetricName] = &[
    MetricName::IncomingRecords,
    MetricName::IncomingBytes,
    MetricName::IncomingPutRequests,
    MetricName::ThrottledRecords,
    MetricName::DeliveryToS3Records,
    MetricName::DeliveryToS3Bytes,
    MetricName::DeliveryToS3Success,
    MetricName::DeliveryToS3ObjectCount,
    MetricName::DeliveryToS3DataFreshness,
    MetricName::DeliveryToRedshiftRecords,
    MetricName::DeliveryToRedshiftBytes,
    MetricName::DeliveryToRedshiftSuccess,
    MetricName::DeliveryToOpenSearchRecords,
    MetricName::DeliveryToOpenSearchBytes,
    MetricName::DeliveryToOpenSearchSuccess,
    MetricName::DeliveryToOpenSearchDataFreshness,
    MetricName::DeliveryToSplunkRecords,
    MetricName::DeliveryToSplunkBytes,
    MetricName::DeliveryToSplunkSuccess,
    MetricName::DeliveryToSplunkDataFreshness,
    MetricName::DeliveryToSplunkDataAckLatency,
    MetricName::DeliveryToHttpEndpointRecords,
    MetricName::DeliveryToHttpEndpointBytes,
    MetricName::DeliveryToHttpEndpointSuccess,
    MetricName::DeliveryToHttpEndpointDataFreshness,
    MetricName::DeliveryToHttpEndpointProcessedRecords,
    MetricName::DeliveryToHttpEndpointProcessedBytes,
    MetricName::BackupToS3Records,
    MetricName::BackupToS3Bytes,
    MetricName::BackupToS3Success,
    MetricName::BackupToS3DataFreshness,
    MetricName::ExecuteProcessingSuccess,
    MetricName::ExecuteProcessingDuration,
    MetricName::SucceedProcessingRecords,
    MetricName::SucceedProcessingBytes,
    MetricName::SucceedConversionRecords,
    MetricName::SucceedConversionBytes,
    MetricName::FailedConversionRecords,
    MetricName::FailedConversionBytes,
    MetricName::PartitionCount,
    MetricName::PartitionCountExceeded,
    MetricName::DataReadFromKinesisStreamRecords,
    MetricName::DataReadFromKinesisStreamBytes,
    MetricName::KinesisMillisBehindLatest,
    MetricName::ThrottledGetRecords,
    MetricName::PutRecordRequests,
    MetricName::PutRecordBytes,
    MetricName::PutRecordBatchRequests,
    MetricName::PutRecordBatchBytes,
    MetricName::PutRecordBatchRecords,
    MetricName::BytesPerSecondLimit,
    MetricName::RecordsPerSecondLimit,
    MetricName::PutRequestsPerSecondLimit,
    MetricName::MessagesLost,
];
