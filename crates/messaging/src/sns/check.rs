//! What SNS refuses of a topic or a subscription when it is made, in its own words where they are known.

use super::properties::{LoggedProtocol, Subscription, TopicProperties};
use super::{HealthyRetryPolicy, Protocol, SubscribedBy, ThrottlePolicy, quotas, regions};
use crate::access_policy::{AccessDecision, AccessPolicy, AccessRequest, Principal};
use crate::arn;
use crate::quota::QuotaProfile;
use crate::world_spec::Settings;

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// JSON Pointer below the properties; empty for all of them.
    pub pointer: &'static str,
    /// Why.
    pub message: String,
}

fn fault(pointer: &'static str, message: impl Into<String>) -> Fault {
    Fault { pointer, message: message.into() }
}

/// Above this a topic's messages may go to few kinds of endpoints only (SNS-22).
const LARGE_MESSAGE: u32 = 262_144;
/// Characters of a display name (SNS-5).
const MOST_DISPLAY_NAME: usize = 100;

/// What is wrong with a topic by itself. Its policies are read elsewhere.
pub fn check_topic(topic: &TopicProperties) -> Vec<Fault> {
    let mut faults = Vec::new();
    if topic.display_name.chars().count() > MOST_DISPLAY_NAME {
        faults.push(fault("/DisplayName", "Invalid parameter: DisplayName: at most 100 characters"));
    }
    match topic.archive_policy {
        Some(_) if !topic.fifo_topic => {
            faults.push(fault(
                "/ArchivePolicy",
                "Invalid parameter: ArchivePolicy: only for FIFO topics (SNS-130)",
            ));
        }
        Some(policy) if !(1..=365).contains(&policy.message_retention_period) => {
            let text = "Invalid parameter: ArchivePolicy: MessageRetentionPeriod must be between 1 and 365";
            faults.push(fault("/ArchivePolicy/MessageRetentionPeriod", text));
        }
        _ => {}
    }
    if let Some(policy) = &topic.delivery_policy {
        let http = &policy.http;
        faults.extend(retry_fault(
            "/DeliveryPolicy/http/defaultHealthyRetryPolicy",
            http.default_healthy_retry_policy,
        ));
        faults.extend(throttle_fault(
            "/DeliveryPolicy/http/defaultThrottlePolicy",
            http.default_throttle_policy,
        ));
    }
    if topic.delivery_status_logging.iter().any(|config| config.success_feedback_sample_rate > 100) {
        let text = "Invalid parameter: SuccessFeedbackSampleRate: must be between 0 and 100";
        faults.push(fault("/DeliveryStatusLogging", text));
    }
    if topic.fifo_topic
        && topic.delivery_status_logging.iter().any(|config| config.protocol != LoggedProtocol::Sqs)
    {
        let text = "A FIFO topic delivers to queues only: there is nothing else to log (SNS-44)";
        faults.push(fault("/DeliveryStatusLogging", text));
    }
    if let Some(policy) = &topic.policy {
        let statements = policy.get("Statement").and_then(|list| list.as_array()).map_or(1, Vec::len) as u64;
        if policy.to_string().len() as u64 > quotas::POLICY_BYTES.current {
            faults.push(fault("/Policy", "Invalid parameter: Policy: at most 30 KB (SNS-103)"));
        }
        if statements > quotas::POLICY_STATEMENTS.current {
            faults.push(fault("/Policy", "Invalid parameter: Policy: at most 100 statements (SNS-103)"));
        }
    }
    faults
}

fn retry_fault(pointer: &'static str, policy: Option<HealthyRetryPolicy>) -> Option<Fault> {
    let text = policy?.fault()?;
    Some(fault(pointer, format!("Invalid parameter: DeliveryPolicy: {text}")))
}

fn throttle_fault(pointer: &'static str, policy: Option<ThrottlePolicy>) -> Option<Fault> {
    let rate = policy?.max_receives_per_second?;
    let text = "Invalid parameter: DeliveryPolicy: maxReceivesPerSecond must be 1 or more";
    (rate == 0).then(|| fault(pointer, text))
}

/// What is wrong with a subscription. `protocol` is that of its endpoint, `dead_letter_fifo` tells whether the queue
/// of its redrive policy is FIFO; nothing if there is no such queue.
pub fn check_subscription(
    topic: &TopicProperties,
    topic_name: &str,
    subscription: &Subscription,
    protocol: Option<Protocol>,
    dead_letter_fifo: Option<bool>,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let Some(protocol) = protocol else { return faults };
    if topic.fifo_topic && protocol != Protocol::Sqs {
        let text = format!(
            "Invalid parameter: Invalid parameter: Endpoint Reason: a FIFO topic delivers to SQS queues only, not by \
             protocol {} (SNS-44)",
            protocol.name()
        );
        faults.push(fault("", text));
    }
    if subscription.raw_message_delivery && !protocol.can_be_raw() {
        let text = format!(
            "Invalid parameter: Attributes Reason: RawMessageDelivery: Delivery protocol [{}] does not support raw \
             message delivery.",
            protocol.name()
        );
        faults.push(fault("/RawMessageDelivery", text));
    }
    if let Some(policy) = &subscription.delivery_policy {
        if !protocol.is_http() {
            let text = format!(
                "Invalid parameter: DeliveryPolicy: only for protocols http and https, not {} (SNS-47)",
                protocol.name()
            );
            faults.push(fault("/DeliveryPolicy", text));
        }
        let at = "/DeliveryPolicy/healthyRetryPolicy";
        faults.extend(retry_fault(at, policy.healthy_retry_policy));
        faults.extend(throttle_fault("/DeliveryPolicy/throttlePolicy", policy.throttle_policy));
    }
    faults.extend(redrive_fault(topic, subscription, dead_letter_fifo));
    faults.extend(replay_fault(topic, subscription));
    if protocol == Protocol::Firehose && subscription.subscription_role_arn.is_none() {
        let text =
            "Invalid parameter: Attributes Reason: SubscriptionRoleArn is required for protocol firehose";
        faults.push(fault("/SubscriptionRoleArn", text));
    }
    faults.extend(abroad_faults(topic, topic_name, subscription, protocol));
    faults
}

fn redrive_fault(
    topic: &TopicProperties,
    subscription: &Subscription,
    dead_letter_fifo: Option<bool>,
) -> Option<Fault> {
    let policy = subscription.redrive_policy.as_ref()?;
    let text = match (dead_letter_fifo, topic.fifo_topic) {
        (None, _) => format!(
            "Invalid parameter: RedrivePolicy: there is no queue {} in this account and Region (SNS-148)",
            policy.queue()
        ),
        (Some(false), true) => "Invalid parameter: RedrivePolicy: must use a FIFO queue as DLQ for a FIFO \
                                Subscription to a FIFO Topic."
            .to_owned(),
        (Some(true), false) => {
            "Invalid parameter: RedrivePolicy: a FIFO queue cannot be the DLQ of a subscription to a standard topic"
                .to_owned()
        }
        _ => return None,
    };
    Some(fault("/RedrivePolicy/deadLetterTargetArn", text))
}

fn replay_fault(topic: &TopicProperties, subscription: &Subscription) -> Option<Fault> {
    let policy = subscription.replay_policy?;
    if topic.archive_policy.is_none() {
        let text = "Invalid parameter: ReplayPolicy: the topic has no ArchivePolicy (SNS-131)";
        return Some(fault("/ReplayPolicy", text));
    }
    let backwards = policy.ending_point.is_some_and(|end| end < policy.starting_point);
    let text = "Invalid parameter: ReplayPolicy: EndingPoint must not be before StartingPoint";
    backwards.then(|| fault("/ReplayPolicy/EndingPoint", text))
}

/// Another Region and another account (SNS-120 to SNS-122).
fn abroad_faults(
    topic: &TopicProperties,
    topic_name: &str,
    subscription: &Subscription,
    protocol: Protocol,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Some(name) = subscription.endpoint_region.as_deref().filter(|name| *name != arn::REGION) {
        if regions::region(name).is_none() {
            faults.push(fault("/EndpointRegion", format!("There is no Region {name}.")));
        } else if !protocol.crosses_regions() {
            let text = format!(
                "Invalid parameter: Endpoint: protocol {} does not reach another Region, only sqs and lambda do \
                 (SNS-120)",
                protocol.name()
            );
            faults.push(fault("/EndpointRegion", text));
        }
    }
    let Some(account) = &subscription.endpoint_account else { return faults };
    if account.len() != 12 || !account.bytes().all(|byte| byte.is_ascii_digit()) {
        faults.push(fault("/EndpointAccount", "An account is a number of 12 digits."));
        return faults;
    }
    let subscriber = format!("arn:aws:iam::{account}:root");
    let asks = AccessRequest {
        principal: Principal::Aws(&subscriber),
        action: "sns:Subscribe",
        resource_arn: &arn::topic(topic_name),
        context: &[],
    };
    let policy = topic.policy.as_ref().and_then(|policy| AccessPolicy::parse(policy).ok());
    let allowed = policy.is_some_and(|policy| policy.evaluate(&asks) == AccessDecision::Allowed);
    if account != arn::ACCOUNT && subscription.subscribed_by == SubscribedBy::EndpointOwner && !allowed {
        let text = format!(
            "AuthorizationError: {subscriber} is not authorized to perform: SNS:Subscribe on the topic: its policy \
             does not allow it (SNS-122)"
        );
        faults.push(fault("/EndpointAccount", text));
    }
    faults
}

/// What is wrong with the subscriptions of a topic together: their protocols, and how many have a filter policy.
pub fn check_subscriptions_of(
    topic: &TopicProperties,
    protocols: &[Protocol],
    filter_policies: usize,
    settings: &Settings,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let drawn = protocols.len() as u64 + u64::from(topic.other_subscriptions);
    let quota = if topic.fifo_topic { &quotas::FIFO_SUBSCRIPTIONS } else { &quotas::STANDARD_SUBSCRIPTIONS };
    let most = settings.quota(quota);
    if drawn > most {
        let text = format!("SubscriptionLimitExceeded: {drawn} subscriptions; the topic may have {most}");
        faults.push(fault("", text));
    }
    let firehose = protocols.iter().filter(|protocol| **protocol == Protocol::Firehose).count() as u64;
    let most = settings.quota(&quotas::FIREHOSE_SUBSCRIPTIONS);
    if firehose > most {
        let text = format!("SubscriptionLimitExceeded: at most {most} delivery streams subscribe to a topic");
        faults.push(fault("", text));
    }
    let most = settings.quota(&quotas::FILTER_POLICIES);
    if filter_policies as u64 > most {
        let text =
            format!("FilterPolicyLimitExceeded: at most {most} filter policies of one topic (SNS-250)");
        faults.push(fault("", text));
    }
    if topic.maximum_message_size.is_some_and(|size| size > LARGE_MESSAGE) {
        let takes_large =
            |protocol: &Protocol| matches!(protocol, Protocol::Sqs | Protocol::Firehose | Protocol::Lambda);
        if settings.quota_profile == QuotaProfile::Classic {
            let text = "Invalid parameter: MaximumMessageSize: 262,144 bytes at most in the classic profile (SNS-22)";
            faults.push(fault("/MaximumMessageSize", text));
        } else if drawn > quotas::LARGE_TOPIC_SUBSCRIPTIONS.current || !protocols.iter().all(takes_large) {
            let text = "Invalid parameter: MaximumMessageSize: a topic above 262,144 bytes has at most 100 \
                        subscriptions, all of them SQS, Lambda or Firehose (SNS-22)";
            faults.push(fault("/MaximumMessageSize", text));
        }
    }
    faults
}
