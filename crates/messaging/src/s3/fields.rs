//! What palette, inspector and validation know of a bucket.

use crate::client::PROCESSING_TIME;
use crate::descriptor::{FieldKind, LinkRule, PaletteGroup, ResourceDescriptor, field, number};
use crate::metric::MetricName;

const fn rule(to: &'static str) -> LinkRule {
    LinkRule { link_type: "AWS::S3::NotificationConfiguration", to }
}

pub(super) const BUCKET: ResourceDescriptor = ResourceDescriptor {
    resource_type: "AWS::S3::Bucket",
    title: "S3 bucket",
    description: "Stores objects and tells a topic, a queue or a function of each.",
    group: PaletteGroup::Store,
    icon: "s3-bucket",
    id_prefix: "bucket",
    fields: &[
        field("Policy", FieldKind::Json, "The bucket policy: what it denies is refused.", "ACC-16"),
        field(
            "NotificationDelay",
            PROCESSING_TIME,
            "How long an event takes to reach its destination.",
            "CMP-51",
        ),
        field(
            "DuplicateNotificationProbability",
            number(0.0, 1.0, ""),
            "Share of the events that arrive twice.",
            "CMP-51",
        ),
    ],
    links: &[rule("AWS::SNS::Topic"), rule("AWS::SQS::Queue"), rule("AWS::Lambda::Function")],
    presets: &[],
    metrics: &[
        MetricName::NumberOfObjects,
        MetricName::BucketSizeBytes,
        MetricName::PutRequests,
        MetricName::BytesUploaded,
        MetricName::Errors4xx,
        MetricName::Errors5xx,
        MetricName::EventNotifications,
        MetricName::MessagesLost,
        MetricName::RecordsStored,
        MetricName::ErrorRecordsStored,
    ],
    actions: &["Start", "Stop", "Purge"],
};
