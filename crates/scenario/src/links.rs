//! Which links can be drawn, and why the others cannot.

use messaging::quota::QuotaProfile;
use messaging::registry::{LinkConflict, SharedEnd};
use messaging::{LinkKind, LinkProperties, LinkSpec, LogicalId, Properties, ResourceKind};
use serde::{Deserialize, Serialize};

use crate::diagnostic::DiagnosticCode;
use crate::model::Scenario;

/// Why a link cannot be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Whether the kinds do not fit or only standard and FIFO.
    pub code: DiagnosticCode,
    /// Why, as a short sentence; AWS's own text where there is one.
    pub reason: String,
    /// A way that works.
    pub hint: Option<String>,
}

/// The usual link from one kind of resource to another; none if the two cannot be linked.
pub fn default_link_type(from: ResourceKind, to: ResourceKind) -> Option<LinkKind> {
    let far = to.descriptor().resource_type;
    let rule = from.descriptor().links.iter().find(|rule| rule.to == far).map(|rule| rule.link_type);
    LinkKind::from_link_type(rule.or_else(|| to.link_from_any().filter(|_| from != to))?)
}

/// Why `from` cannot be linked to `to`; nothing if it can.
pub fn link_refusal(from: &Properties, to: &Properties) -> Option<Refusal> {
    match default_link_type(from.kind(), to.kind()) {
        None => Some(not_possible(from.kind(), to.kind())),
        Some(LinkKind::Send) if !takes_messages_of_clients(to) => Some(not_possible(from.kind(), to.kind())),
        Some(kind) => protocol_refusal(kind, from, to).or_else(|| fifo_refusal(kind, from, to)),
    }
}

/// A client speaks to what it is linked to, or it does not (MQ-3).
fn protocol_refusal(kind: LinkKind, from: &Properties, to: &Properties) -> Option<Refusal> {
    let usual = kind.default_properties();
    let reason = match (usual.is_send(), usual.is_source()) {
        (true, _) => to.protocol_refusal(from.client_protocol())?,
        (_, true) => from.protocol_refusal(to.client_protocol())?,
        _ => return None,
    };
    Some(Refusal {
        code: DiagnosticCode::LinkNotAllowed,
        reason,
        hint: Some("Link the client to a broker that speaks its protocol, or leave Protocol out.".into()),
    })
}

/// Why `from` cannot be linked to `to` under a profile: as [`link_refusal`], and what AWS refused formerly.
pub fn link_refusal_under(profile: QuotaProfile, from: &Properties, to: &Properties) -> Option<Refusal> {
    link_refusal(from, to).or_else(|| {
        let subscription = default_link_type(from.kind(), to.kind()) == Some(LinkKind::Subscription);
        let fifo_to_standard = (is_fifo(from), is_fifo(to)) == (Some(true), Some(false));
        (profile == QuotaProfile::Classic && subscription && fifo_to_standard).then(|| Refusal {
            code: DiagnosticCode::FifoMismatch,
            reason: "In the classic profile a FIFO topic delivers to FIFO queues only (SNS-45).".into(),
            hint: Some("Make the queue FIFO, or choose the current profile.".into()),
        })
    })
}

/// What a link drawn between two resources of a document has.
///
/// # Errors
/// Why it cannot be drawn: the two do not fit, or another link stands in its way.
pub fn new_link(scenario: &Scenario, from: &LogicalId, to: &LogicalId) -> Result<LinkProperties, Refusal> {
    let ends = scenario.resources.get(from).zip(scenario.resources.get(to));
    let Some((source, target)) = ends else { return Err(not_there(from, to)) };
    if let Some(refusal) = link_refusal(source, target) {
        return Err(refusal);
    }
    let kind = default_link_type(source.kind(), target.kind()).ok_or_else(|| not_there(from, to))?;
    let leaving: Vec<_> = scenario.links.iter().filter(|link| link.from == *from && link.to != *to).collect();
    let leaving: Vec<_> = leaving.into_iter().map(|link| &link.properties).collect();
    let properties = kind.fresh_properties(source, (to.as_str(), target), &leaving);
    let link = LinkSpec { from: from.clone(), to: to.clone(), properties };
    match fault(&link.properties, source, target).or_else(|| conflict(&link, &scenario.links)) {
        Some(refusal) => Err(refusal),
        None => Ok(link.properties),
    }
}

fn not_there(from: &LogicalId, to: &LogicalId) -> Refusal {
    let reason = format!("{from} and {to} cannot be linked.");
    Refusal { code: DiagnosticCode::LinkNotAllowed, reason, hint: None }
}

/// Why a link does not go with what stands at its ends; nothing if it does.
pub(crate) fn fault(link: &LinkProperties, from: &Properties, to: &Properties) -> Option<Refusal> {
    link.fault(from, to).map(refusal_of)
}

fn refusal_of(LinkConflict { reason, hint }: LinkConflict) -> Refusal {
    Refusal { code: DiagnosticCode::LinkNotAllowed, reason, hint: Some(hint.into()) }
}

/// Why a link cannot stand beside the others of a document; nothing if it can.
pub(crate) fn conflict(link: &LinkSpec, others: &[LinkSpec]) -> Option<Refusal> {
    let others = others.iter().filter(|other| (&other.from, &other.to) != (&link.from, &link.to));
    let found = { others }.find_map(|other| match (other.from == link.from, other.to == link.to) {
        (true, _) => link.properties.conflict(&other.properties, SharedEnd::From),
        (_, true) => link.properties.conflict(&other.properties, SharedEnd::To),
        _ => None,
    })?;
    Some(refusal_of(found))
}

/// Of the endpoints only phones and apps can be published to directly (SNS-20, SNS-110).
fn takes_messages_of_clients(to: &Properties) -> bool {
    match to.subscription_protocol() {
        Some(protocol) if to.kind() == ResourceKind::Endpoint => protocol.takes_direct_publish(),
        _ => true,
    }
}

/// True when messages keep their order there, false when not, nothing where it has no meaning.
pub(crate) fn is_fifo(properties: &Properties) -> Option<bool> {
    match properties {
        Properties::Queue(queue) => Some(queue.fifo_queue),
        Properties::Topic(topic) => Some(topic.fifo_topic),
        _ => None,
    }
}

fn fifo_refusal(kind: LinkKind, from: &Properties, to: &Properties) -> Option<Refusal> {
    // CMP-30, CMP-12
    let standard_only = match kind {
        LinkKind::EventInvokeConfig => "Events that were given up go to standard queues and topics only.",
        LinkKind::AlarmAction => "Alarms publish to standard topics only.",
        _ => "",
    };
    if !standard_only.is_empty() && is_fifo(to) == Some(true) {
        return Some(Refusal {
            code: DiagnosticCode::FifoMismatch,
            reason: standard_only.into(),
            hint: Some("Make the destination standard.".into()),
        });
    }
    // CMP-47
    if kind == LinkKind::NotificationConfiguration && is_fifo(to) == Some(true) {
        return Some(Refusal {
            code: DiagnosticCode::FifoMismatch,
            reason: "A bucket notifies standard queues and topics only (CMP-47).".into(),
            hint: Some("Make the destination standard.".into()),
        });
    }
    let (from, to) = match (is_fifo(from)?, is_fifo(to)) {
        (from, Some(to)) => (from, to),
        // SNS-44
        (true, None) if kind == LinkKind::Subscription => {
            return Some(Refusal {
                code: DiagnosticCode::FifoMismatch,
                reason: "A FIFO topic delivers to SQS queues only (SNS-44).".into(),
                hint: Some("Put a queue between, or make the topic standard.".into()),
            });
        }
        _ => return None,
    };
    let (reason, hint) = match (kind, from, to) {
        // SNS-43
        (LinkKind::Subscription, false, true) => (
            "Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics",
            "A standard topic cannot deliver to a FIFO queue. Make the topic FIFO, or the queue standard.",
        ),
        // SQS-120
        (LinkKind::RedrivePolicy, false, true) => (
            "A standard queue cannot have a FIFO dead-letter queue.",
            "Use a standard queue: a dead-letter queue has the type of its source.",
        ),
        (LinkKind::RedrivePolicy, true, false) => (
            "A FIFO queue cannot have a standard dead-letter queue.",
            "Use a FIFO queue: a dead-letter queue has the type of its source.",
        ),
        _ => return None,
    };
    Some(Refusal { code: DiagnosticCode::FifoMismatch, reason: reason.into(), hint: Some(hint.into()) })
}

const PRODUCER: &str = "Playground::Producer";
const CONSUMER: &str = "Playground::Consumer";
const DATABASE: &str = "Playground::Database";
const FUNCTION: &str = "AWS::Lambda::Function";
const ALARM: &str = "AWS::CloudWatch::Alarm";
const SERVICE: &str = "Playground::Service";
const GROUP: &str = "AWS::AutoScaling::AutoScalingGroup";
const ENDPOINT: &str = "Playground::Endpoint";
const TOPIC: &str = "AWS::SNS::Topic";
const QUEUE: &str = "AWS::SQS::Queue";
const STREAM: &str = "AWS::Kinesis::Stream";
const BROKER: &str = "AWS::AmazonMQ::Broker";
const BUCKET: &str = "AWS::S3::Bucket";
const FIREHOSE: &str = "AWS::KinesisFirehose::DeliveryStream";
const ANALYTICS: &str = "AWS::KinesisAnalyticsV2::Application";
const VIDEO: &str = "AWS::KinesisVideo::Stream";
/// Any type, in the table below.
const ANY: &str = "*";

/// From, to, why not, what then. The first row that fits counts.
const REFUSALS: &[(&str, &str, &str, &str)] = &[
    (ALARM, ALARM, "An alarm watches metrics, not other alarms.", "Link it from what it is to watch."),
    (
        ALARM,
        ANY,
        "An alarm scales a group or tells a topic.",
        "To watch, link from the resource to the alarm.",
    ),
    (ANY, PRODUCER, "A producer only sends.", "Draw the link the other way round."),
    (
        ANALYTICS,
        ANY,
        "An application gives its results to data streams, delivery streams and functions.",
        "Send them to a stream, and let a consumer read it.",
    ),
    (ANY, ANALYTICS, "An application reads Kinesis data streams.", "Put a data stream between."),
    (VIDEO, ANY, "Consumers read media.", "Let a consumer send on what it finds."),
    (ANY, VIDEO, "A video stream takes the media of a camera.", "Link a producer to it."),
    (ENDPOINT, ANY, "An endpoint only takes deliveries.", "Let a client send."),
    (PRODUCER, ENDPOINT, "Clients publish to phones and apps only.", "Put a topic between."),
    (CONSUMER, ENDPOINT, "Clients publish to phones and apps only.", "Put a topic between."),
    (QUEUE, ENDPOINT, "A queue does not push.", "Subscribe the endpoint to a topic."),
    (PRODUCER, FUNCTION, "A producer does not invoke a function.", "Put a topic or a queue between."),
    (CONSUMER, FUNCTION, "A consumer does not invoke a function.", "Put a topic or a queue between."),
    (FUNCTION, CONSUMER, "A consumer polls, and a function has nothing to poll.", "Put a queue between."),
    (FUNCTION, FUNCTION, "A function does not invoke a function.", "Put a topic or a queue between."),
    (FUNCTION, ENDPOINT, "Only a topic pushes to an endpoint.", "Put a topic between."),
    (TOPIC, BROKER, "A topic does not deliver to a broker.", "Let a function publish to it."),
    (QUEUE, BROKER, "A queue does not push.", "Put a consumer or a function after it."),
    (STREAM, BROKER, "Consumers read shards.", "Let a consumer publish to the broker."),
    (BROKER, ANY, "Brokers speak AMQP, MQTT, STOMP, OpenWire.", "Put a consumer or a function after it."),
    (PRODUCER, CONSUMER, "A producer does not call a consumer.", "Put a queue or a stream between."),
    (TOPIC, TOPIC, "A topic does not deliver to a topic.", "Put a queue and a consumer between."),
    (TOPIC, CONSUMER, "A consumer polls, and a topic has nothing to poll.", "Put a queue between."),
    (TOPIC, STREAM, "A topic does not deliver to a Kinesis stream.", "Put a queue and a consumer between."),
    (TOPIC, DATABASE, "A topic does not write to a database.", "Put a queue and a consumer between."),
    (QUEUE, TOPIC, "A queue does not push.", "Put a consumer after it."),
    (QUEUE, STREAM, "A queue does not push.", "Put a consumer after it."),
    (QUEUE, DATABASE, "A queue does not push.", "Put a consumer after it."),
    (STREAM, QUEUE, "Consumers read shards.", "Let a consumer forward the records."),
    (STREAM, TOPIC, "Consumers read shards.", "Let a consumer forward the records."),
    (STREAM, STREAM, "Consumers read shards.", "Let a consumer forward the records."),
    (STREAM, ENDPOINT, "Consumers read shards.", "Let a consumer publish to a topic."),
    (STREAM, DATABASE, "Consumers read shards.", "Let a consumer write the rows."),
    (
        TOPIC,
        SERVICE,
        "A service is called and waited for, and a topic waits for nobody.",
        "Put a queue and a consumer between.",
    ),
    (QUEUE, SERVICE, "A queue does not push.", "Put a consumer after it."),
    (STREAM, SERVICE, "Consumers read shards.", "Let a consumer call the service."),
    (FUNCTION, SERVICE, "A function calls no service here.", "Put a queue and a consumer between."),
    (SERVICE, ENDPOINT, "Clients publish to phones and apps only.", "Put a topic between."),
    (SERVICE, FUNCTION, "A service does not invoke a function.", "Put a topic or a queue between."),
    (SERVICE, CONSUMER, "A consumer polls, and a service has nothing to poll.", "Put a queue between."),
    (SERVICE, GROUP, "Instances poll, and a service has nothing to poll.", "Put a queue between."),
    (PRODUCER, GROUP, "A producer does not call instances.", "Put a queue or a stream between."),
    (TOPIC, GROUP, "Instances poll, and a topic has nothing to poll.", "Put a queue between."),
    (FUNCTION, GROUP, "Instances poll, and a function has nothing to poll.", "Put a queue between."),
    (CONSUMER, GROUP, "A consumer does not call instances.", "Put a queue between."),
    (GROUP, ENDPOINT, "Clients publish to phones and apps only.", "Put a topic between."),
    (GROUP, FUNCTION, "A consumer does not invoke a function.", "Put a topic or a queue between."),
    (GROUP, CONSUMER, "A consumer does not call a consumer.", "Put a queue between."),
    (GROUP, GROUP, "A consumer does not call a consumer.", "Put a queue between."),
    (CONSUMER, CONSUMER, "A consumer does not call a consumer.", "Put a queue between."),
    (DATABASE, ANY, "A database sends nothing.", "Let a client send."),
    (
        BUCKET,
        ANY,
        "A bucket notifies topics, queues and functions only (CMP-47).",
        "Put a topic, a queue or a function between.",
    ),
    (TOPIC, BUCKET, "A topic stores no objects.", "Put a function or a delivery stream between."),
    (QUEUE, BUCKET, "A queue does not push.", "Put a consumer or a function after it."),
    (
        FIREHOSE,
        QUEUE,
        "A Firehose stream does not deliver to queues.",
        "Deliver to a bucket with an event rule.",
    ),
    (
        FIREHOSE,
        TOPIC,
        "A Firehose stream does not deliver to topics.",
        "Deliver to a bucket with an event rule.",
    ),
    (
        FIREHOSE,
        CONSUMER,
        "A Firehose stream keeps nothing to poll.",
        "Deliver to a bucket, or read a Kinesis stream.",
    ),
    (
        FIREHOSE,
        ANY,
        "A Firehose stream delivers to buckets, databases and web servers.",
        "Deliver to a bucket.",
    ),
    (QUEUE, FIREHOSE, "A queue does not push.", "Put a consumer or a function after it."),
    (STREAM, BUCKET, "Consumers read shards.", "Let a consumer or a delivery stream store the records."),
];

fn not_possible(from: ResourceKind, to: ResourceKind) -> Refusal {
    let (from, to) = (from.descriptor(), to.descriptor());
    let fits = |pattern: &str, name: &str| pattern == ANY || pattern == name;
    let row = REFUSALS.iter().find(|row| fits(row.0, from.resource_type) && fits(row.1, to.resource_type));
    let (reason, hint) = match row {
        Some((_, _, reason, hint)) => ((*reason).to_owned(), Some((*hint).to_owned())),
        None => (format!("A {} cannot be linked to a {}.", from.title, to.title), None),
    };
    Refusal { code: DiagnosticCode::LinkNotAllowed, reason, hint }
}
