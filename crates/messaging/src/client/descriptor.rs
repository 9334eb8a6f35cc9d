//! What palette, inspector and validation know of the clients.

use super::aws_service::SERVICE_PRINCIPALS;
use super::consumer_properties::MAX_WORKERS;
use super::messages::MAX_KEYS;
use super::metrics;
use crate::descriptor::{
    FieldKind, FieldSpec, LinkRule, PaletteGroup, Preset, ResourceDescriptor, field, integer, number,
};
use crate::intervention::AvailabilityZone;

const PUBLISH: &str = "Playground::Publish";
const SEND: &str = "Playground::Send";
const fn send_to(to: &'static str) -> LinkRule {
    LinkRule { link_type: SEND, to }
}
/// Everything a client may call.
pub(crate) const TARGETS: &[LinkRule] = &[
    send_to("AWS::SNS::Topic"),
    send_to("AWS::SQS::Queue"),
    send_to("AWS::Kinesis::Stream"),
    send_to("Playground::Database"),
    send_to("Playground::Endpoint"),
    send_to("Playground::Service"),
    LinkRule { link_type: PUBLISH, to: "AWS::AmazonMQ::Broker" },
    send_to("AWS::S3::Bucket"),
    send_to("AWS::KinesisFirehose::DeliveryStream"),
    send_to("AWS::KinesisVideo::Stream"),
];

/// A faster producer would need minutes of computing for a second of the run. Ours.
const MAX_RATE: f64 = 100_000.0;
/// Ten weeks. Ours.
const MAX_SECONDS: f64 = 6_048_000.0;
const RATE: FieldKind = number(0.0, MAX_RATE, "/s");
const CHOICES: FieldKind = FieldKind::Choice(&["RoundRobin", "Random", "Zipf"]);

const ARRIVAL_PROCESS: FieldKind = FieldKind::Variants {
    tag: "Type",
    cases: &[
        ("Steady", &[field("Rate", RATE, "Messages per second, evenly.", "ours")]),
        ("Poisson", &[field("Rate", RATE, "Mean messages per second, at random moments.", "ours")]),
        (
            "Burst",
            &[
                field("Size", integer(1, 1_000_000, "messages"), "Messages at once.", "ours"),
                field("EverySeconds", number(0.001, MAX_SECONDS, "s"), "From one burst to the next.", "ours"),
            ],
        ),
        (
            "Ramp",
            &[
                field("FromRate", RATE, "Messages per second at the start.", "ours"),
                field("ToRate", RATE, "Messages per second at the end.", "ours"),
                field("OverSeconds", number(0.0, MAX_SECONDS, "s"), "From start to end.", "ours"),
            ],
        ),
        ("Phases", &[field("Phases", FieldKind::Json, "Rates one after another, as a list.", "ours")]),
        ("AtOnce", &[field("Count", integer(1, 1_000_000, "messages"), "All at the start.", "ours")]),
    ],
};

pub(crate) const PROCESSING_TIME: FieldKind = FieldKind::Variants {
    tag: "Distribution",
    cases: &[
        (
            "Constant",
            &[field("Milliseconds", number(0.0, MAX_MILLISECONDS, "ms"), "Always the same.", "CMP-2")],
        ),
        (
            "Uniform",
            &[
                field("LowMilliseconds", number(0.0, MAX_MILLISECONDS, "ms"), "The shortest.", "CMP-2"),
                field("HighMilliseconds", number(0.0, MAX_MILLISECONDS, "ms"), "The longest.", "CMP-2"),
            ],
        ),
        (
            "Exponential",
            &[field("MeanMilliseconds", number(0.0, MAX_MILLISECONDS, "ms"), "The mean.", "CMP-2")],
        ),
        (
            "Lognormal",
            &[
                field(
                    "MedianMilliseconds",
                    number(0.0, MAX_MILLISECONDS, "ms"),
                    "Half are shorter.",
                    "CMP-2",
                ),
                field("Sigma", number(0.0, 4.0, ""), "Spread of the logarithm.", "CMP-2"),
            ],
        ),
    ],
};
/// Two days. Ours.
const MAX_MILLISECONDS: f64 = 172_800_000.0;

const KEYS: &[FieldSpec] = &[
    field("List", FieldKind::Json, "The keys by name.", "ours"),
    field("Prefix", FieldKind::Text, "Start of every key's name.", "ours"),
    field("Count", integer(0, MAX_KEYS as i64, "keys"), "How many keys there are.", "ours"),
    field("Choice", CHOICES, "In which order they are chosen.", "ours"),
    field("FirstKeyShare", number(0.0, 1.0, ""), "Share of all messages that gets the first key.", "ours"),
];

pub(super) const PRODUCER: ResourceDescriptor = ResourceDescriptor {
    resource_type: "Playground::Producer",
    title: "Producer",
    description: "Sends messages along each of its links and tries again as an AWS SDK does.",
    group: PaletteGroup::Send,
    icon: "producer",
    id_prefix: "producer",
    fields: &[
        field("ArrivalProcess", ARRIVAL_PROCESS, "When it has something to send.", "ours"),
        field(
            "Messages",
            FieldKind::Json,
            "What it sends: a list of bodies with attributes and weights.",
            "ours",
        ),
        field("MessageChoice", CHOICES, "In which order the messages are chosen.", "ours"),
        field("PayloadBytes", integer(0, 10_485_760, "B"), "Messages are padded to so many bytes.", "SQS-20"),
        field(
            "Keys",
            FieldKind::Variants { tag: "", cases: &[("", KEYS)] },
            "Message group ids or partition keys.",
            "SQS-140",
        ),
        field(
            "ContentBasedDeduplication",
            FieldKind::Switch,
            "Give no deduplication id, so that the body's hash counts.",
            "SQS-141",
        ),
        field("BatchSize", integer(1, 500, "messages"), "Messages of one call.", "SQS-31"),
        field(
            "BatchWindowMilliseconds",
            integer(0, 60_000, "ms"),
            "How long a batch waits for more.",
            "KDS-84",
        ),
        field(
            "Aggregation",
            FieldKind::Switch,
            "Use the Kinesis Producer Library: small records travel together.",
            "KDS-83",
        ),
        field(
            "AggregationMaxSize",
            integer(64, 10_485_760, "B"),
            "Bytes of the records that the library makes.",
            "KDS-83",
        ),
        field(
            "LostAcknowledgementProbability",
            number(0.0, 1.0, ""),
            "Share of the answers that are lost: what was stored is sent again.",
            "KDS-82",
        ),
        field(
            "RetryMode",
            FieldKind::Choice(&["standard", "adaptive", "legacy", "off"]),
            "The SDK's retry mode.",
            "KDS-80",
        ),
        field("MaxAttempts", integer(1, 100, "attempts"), "Attempts in all.", "KDS-80"),
        field(
            "ServicePrincipal",
            FieldKind::Choice(SERVICE_PRINCIPALS),
            "The AWS service that sends; a client of the account if none.",
            "SNS-27",
        ),
        field(
            "Protocol",
            FieldKind::Choice(&["OPENWIRE", "AMQP", "STOMP", "MQTT", "WSS"]),
            "What it speaks; a broker's or AWS's own if none.",
            "MQ-3",
        ),
        field(
            "AvailabilityZone",
            FieldKind::Choice(AvailabilityZone::NAMES),
            "Where it runs; an outage of the zone stops it.",
            "CMP-4",
        ),
        field("StartAfterSeconds", number(0.0, MAX_SECONDS, "s"), "Seconds before it starts.", "ours"),
        field(
            "StopAfterSeconds",
            number(0.0, MAX_SECONDS, "s"),
            "Second of the run in which it stops.",
            "ours",
        ),
        field(
            "MaxMessages",
            integer(1, 1_000_000_000, "messages"),
            "How many messages it sends in all.",
            "ours",
        ),
    ],
    links: TARGETS,
    presets: &[
        Preset {
            title: "Kinesis Producer Library",
            icon: "producer",
            id_suffix: "",
            properties: r#"{"Aggregation":true}"#,
        },
        Preset {
            title: "Camera",
            icon: "kinesis-video",
            id_suffix: "",
            properties: r#"{"PayloadBytes":500000,"ArrivalProcess":{"Type":"Steady","Rate":0.5}}"#,
        },
        Preset {
            title: "Kinesis agent",
            icon: "producer",
            id_suffix: "",
            properties: r#"{"BatchWindowMilliseconds":1000,"BatchSize":500,"MaxAttempts":100}"#,
        },
    ],
    metrics: metrics::PRODUCER,
    actions: &["Start", "Stop", "Crash", "Send", "Poison"],
};

/// The properties of a consumer.
pub(crate) const FIELDS: &[FieldSpec] = &[
    field("Workers", integer(0, MAX_WORKERS as i64, "workers"), "Workers side by side.", "CMP-1"),
    field("ProcessingTime", PROCESSING_TIME, "How long processing one message takes.", "CMP-2"),
    field("FailureProbability", number(0.0, 1.0, ""), "Share of messages whose processing fails.", "CMP-1"),
    field(
        "CrashProbability",
        number(0.0, 1.0, ""),
        "Share of messages at which the worker crashes.",
        "CMP-4",
    ),
    field("RestartAfterSeconds", number(0.0, MAX_SECONDS, "s"), "Until a crashed worker is back.", "ours"),
    field("MaxNumberOfMessages", integer(1, 10_000, "messages"), "Messages of one read.", "SQS-40"),
    field("WaitTimeSeconds", integer(0, 20, "s"), "Wait of a long poll; 0 is a short poll.", "SQS-80"),
    field("VisibilityTimeout", integer(0, 43_200, "s"), "Of the receive, instead of the queue's.", "SQS-41"),
    field(
        "PollIntervalMilliseconds",
        integer(0, 3_600_000, "ms"),
        "From an answer to the next read.",
        "ours",
    ),
    field("HeartbeatSeconds", number(0.1, 43_200.0, "s"), "Ask for more time this often.", "SQS-62"),
    field(
        "HeartbeatVisibilityTimeout",
        integer(0, 43_200, "s"),
        "The new visibility timeout of each heartbeat.",
        "SQS-62",
    ),
    field("DeleteMessages", FieldKind::Switch, "Delete what was processed.", "SQS-28"),
    field("DeleteInBatches", FieldKind::Switch, "Delete all messages of a read in one call.", "SQS-54"),
    field(
        "Protocol",
        FieldKind::Choice(&["OPENWIRE", "AMQP", "STOMP", "MQTT", "WSS"]),
        "What it speaks; a broker's or AWS's own if none.",
        "MQ-3",
    ),
    field(
        "AvailabilityZone",
        FieldKind::Choice(AvailabilityZone::NAMES),
        "Where it runs; an outage of the zone stops it.",
        "CMP-4",
    ),
    field("Stopped", FieldKind::Switch, "The run starts with the workers stopped.", "ours"),
];

pub(super) const CONSUMER: ResourceDescriptor = ResourceDescriptor {
    resource_type: "Playground::Consumer",
    title: "Consumer",
    description: "Workers that read messages, process them, and delete what they have processed.",
    group: PaletteGroup::Process,
    icon: "worker-fleet",
    id_prefix: "consumer",
    fields: FIELDS,
    links: TARGETS,
    presets: &[],
    metrics: metrics::CONSUMER,
    actions: &["Start", "Stop", "Crash", "Slow"],
};
