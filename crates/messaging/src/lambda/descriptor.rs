//! What palette, inspector and validation know of a function.

use crate::client::PROCESSING_TIME;
use crate::descriptor::{FieldKind, LinkRule, PaletteGroup, ResourceDescriptor, field, integer};
use crate::metric::MetricName;

const fn link(link_type: &'static str, to: &'static str) -> LinkRule {
    LinkRule { link_type, to }
}

pub(super) const FUNCTION: ResourceDescriptor = ResourceDescriptor {
    resource_type: "AWS::Lambda::Function",
    title: "Lambda function",
    description: "Runs a handler for events of a topic and for batches of messages.",
    group: PaletteGroup::Process,
    icon: "lambda",
    id_prefix: "function",
    fields: &[
        field("Timeout", integer(1, 900, "s"), "An invocation is cut off after it.", "CMP-29"),
        field(
            "MemorySize",
            integer(128, 10_240, "MB"),
            "Memory; the handler's time does not depend on it here.",
            "CMP-29",
        ),
        field(
            "ReservedConcurrentExecutions",
            integer(0, 900, "invocations"),
            "Concurrency kept for the function, and its cap; 0 turns it off.",
            "CMP-25",
        ),
        field("ProcessingTime", PROCESSING_TIME, "How long the handler takes for one message.", "CMP-2"),
        field(
            "FailureProbability",
            FieldKind::Number { low: 0.0, high: 1.0, unit: "" },
            "Share of messages that the handler fails at.",
            "ours",
        ),
        field(
            "ColdStartMilliseconds",
            integer(0, 60_000, "ms"),
            "What a new environment takes longer.",
            "CMP-28",
        ),
        field(
            "MaximumRetryAttempts",
            integer(0, 2, "retries"),
            "Of an asynchronous invocation whose handler failed: after 1 and 2 minutes.",
            "CMP-30",
        ),
        field(
            "MaximumEventAgeInSeconds",
            integer(60, 21_600, "s"),
            "An asynchronous invocation is given up after it.",
            "CMP-30",
        ),
    ],
    links: &[
        link("AWS::Lambda::EventInvokeConfig", "AWS::SQS::Queue"),
        link("AWS::Lambda::EventInvokeConfig", "AWS::SNS::Topic"),
        link("Playground::Send", "AWS::Kinesis::Stream"),
        link("Playground::Send", "Playground::Database"),
        link("Playground::Publish", "AWS::AmazonMQ::Broker"),
        link("Playground::Send", "AWS::SQS::Queue"),
        link("Playground::Send", "AWS::SNS::Topic"),
        link("Playground::Send", "AWS::S3::Bucket"),
        link("Playground::Send", "AWS::KinesisFirehose::DeliveryStream"),
    ],
    presets: &[],
    metrics: &[
        MetricName::Invocations,
        MetricName::Errors,
        MetricName::Throttles,
        MetricName::Duration,
        MetricName::ConcurrentExecutions,
        MetricName::AsyncEventsReceived,
        MetricName::AsyncEventsDropped,
        MetricName::AsyncEventAge,
        MetricName::DeadLetterErrors,
        MetricName::DestinationDeliveryFailures,
        MetricName::IteratorAge,
        MetricName::MessagesLost,
        MetricName::ColdStarts,
        MetricName::MessagesProcessed,
        MetricName::ProcessingFailures,
        MetricName::MessagesProcessedAgain,
        MetricName::ReceiveCalls,
        MetricName::ProcessedOutOfOrder,
    ],
    actions: &["Start", "Stop", "Slow"],
};
