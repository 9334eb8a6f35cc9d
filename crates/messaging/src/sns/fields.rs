//! What palette, inspector and validation know of topics and subscriptions.

use super::properties::{DeadLetters, Subscription};
use super::regions::REGION_NAMES;
use crate::descriptor::{FieldKind, FieldSpec, LinkDescriptor, field, integer};
use crate::registry::{LinkBehavior, Properties};

const SHARE: FieldKind = FieldKind::Number { low: 0.0, high: 1.0, unit: "" };

pub(super) const TOPIC: &[FieldSpec] = &[
    field(
        "FifoTopic",
        FieldKind::Switch,
        "Strict order per message group, no duplicates; the name must end in .fifo.",
        "SNS-1",
    ),
    field(
        "ContentBasedDeduplication",
        FieldKind::Switch,
        "Without a deduplication id the body's hash counts.",
        "SNS-81",
    ),
    field(
        "FifoThroughputScope",
        FieldKind::Choice(&["Topic", "MessageGroup"]),
        "Which messages share throughput and deduplication.",
        "SNS-82",
    ),
    field(
        "MaximumMessageSize",
        integer(1_024, 1_048_576, "B"),
        "Bytes of a message, attributes included.",
        "SNS-21",
    ),
    field("DisplayName", FieldKind::Text, "Whom e-mails and text messages name as their sender.", "SNS-5"),
    field("Policy", FieldKind::Json, "Who may publish; without one, whoever is linked to it.", "SNS-150"),
    field(
        "DeliveryPolicy",
        FieldKind::Json,
        "How deliveries to web servers are tried again, and how many there are a second.",
        "SNS-145",
    ),
    field("KmsMasterKeyId", FieldKind::Text, "The key that encrypts messages at rest.", "SNS-150"),
    field("KmsKeyPolicy", FieldKind::Json, "Who may use that key. Here it stands with the topic.", "ACC-24"),
    field(
        "SignatureVersion",
        FieldKind::Choice(&["1", "2"]),
        "How messages are signed: 1 with SHA-1, 2 with SHA-256.",
        "SNS-152",
    ),
    field(
        "TracingConfig",
        FieldKind::Choice(&["PassThrough", "Active"]),
        "Whether X-Ray sees the deliveries.",
        "SNS-5",
    ),
    field(
        "ArchivePolicy",
        FieldKind::Json,
        "FIFO: keep messages for replays, {\"MessageRetentionPeriod\": days}, 1 to 365.",
        "SNS-130",
    ),
    field(
        "DeliveryStatusLogging",
        FieldKind::Json,
        "Which deliveries are logged: a list by protocol, with roles and a sample rate.",
        "SNS-172",
    ),
    field(
        "OtherSubscriptions",
        integer(0, 12_500_000, ""),
        "Subscriptions beside those drawn: they only count against the quota.",
        "SNS-4",
    ),
    field(
        "FilterPolicyPropagationSeconds",
        integer(0, 900, "s"),
        "How long a changed filter policy takes to have an effect.",
        "SNS-204",
    ),
    field("DuplicateDeliveryProbability", SHARE, "How likely a copy is delivered twice.", "SNS-28"),
    field(
        "DeliveryJitterMilliseconds",
        integer(0, 10_000, "ms"),
        "Each copy takes up to so much longer, at random: messages overtake each other.",
        "SNS-28",
    ),
    field("RetryJitter", SHARE, "Each wait before a retry is longer by up to this share of it.", "SNS-142"),
];

const SUBSCRIPTION: &[FieldSpec] = &[
    field(
        "FilterPolicy",
        FieldKind::FilterPolicy,
        "Which messages the subscription gets; all of them without one.",
        "SNS-205",
    ),
    field(
        "FilterPolicyScope",
        FieldKind::Choice(&["MessageAttributes", "MessageBody"]),
        "Which part of the message the filter policy reads.",
        "SNS-202",
    ),
    field(
        "RawMessageDelivery",
        FieldKind::Switch,
        "Deliver the body as published, without SNS's envelope.",
        "SNS-62",
    ),
    field(
        "RedrivePolicy",
        FieldKind::Json,
        "Where messages go that cannot be delivered: {\"deadLetterTargetArn\": a queue's name or ARN}.",
        "SNS-148",
    ),
    field(
        "DeliveryPolicy",
        FieldKind::Json,
        "Web servers: how deliveries are tried again, and how many there are a second.",
        "SNS-145",
    ),
    field(
        "ReplayPolicy",
        FieldKind::Json,
        "FIFO topics with an archive: deliver again from StartingPoint, in seconds of the run, to EndingPoint.",
        "SNS-131",
    ),
    field("SubscriptionRoleArn", FieldKind::Text, "Delivery streams: as whom SNS writes.", "SNS-41"),
    field(
        "ConfirmAfterSeconds",
        integer(0, 259_200, "s"),
        "How long the owner of a queue in another account takes to confirm; more than two days is never.",
        "SNS-122",
    ),
    field(
        "EndpointRegion",
        FieldKind::Choice(REGION_NAMES),
        "The endpoint's Region, if it is not the topic's.",
        "SNS-120",
    ),
    field("EndpointAccount", FieldKind::Text, "The endpoint's account, if it is not the topic's.", "SNS-122"),
    field(
        "SubscribedBy",
        FieldKind::Choice(&["EndpointOwner", "TopicOwner"]),
        "Another account's endpoint has to confirm what the topic's owner subscribed.",
        "SNS-122",
    ),
];

impl LinkBehavior for Subscription {
    const DESCRIPTOR: LinkDescriptor = LinkDescriptor {
        link_type: "AWS::SNS::Subscription",
        title: "SNS subscription",
        description: "The topic delivers a copy of each message that passes the filter policy.",
        fields: SUBSCRIPTION,
        pull: false,
        redrive: false,
    };

    fn dead_letter_queue(&self) -> Option<&str> {
        Some(self.redrive_policy.as_ref()?.queue())
    }

    /// Without a role SNS may not write to a delivery stream (FH-5).
    fn fresh(_from: &Properties, to: (&str, &Properties), _others: &[&Self]) -> Self {
        let firehose = matches!(to.1, Properties::DeliveryStream(_));
        let role = || format!("arn:aws:iam::{}:role/sns-to-firehose", crate::arn::ACCOUNT);
        Self { subscription_role_arn: firehose.then(role), ..Self::default() }
    }

    fn resource_renamed(&mut self, from: &str, to: Option<&str>) {
        let Some(policy) = self.redrive_policy.as_mut().filter(|policy| policy.queue() == from) else {
            return;
        };
        match to {
            Some(to) => {
                let before = policy.dead_letter_target_arn.len() - from.len();
                policy.dead_letter_target_arn.replace_range(before.., to);
            }
            None => self.redrive_policy = None,
        }
    }
}

impl LinkBehavior for DeadLetters {
    const DESCRIPTOR: LinkDescriptor = LinkDescriptor {
        link_type: "AWS::SNS::RedrivePolicy",
        title: "SNS redrive policy",
        description: "What cannot be delivered to a subscriber goes to the dead-letter queue.",
        fields: &[],
        pull: false,
        redrive: true,
    };
}
