//! Who may publish to a topic, and use its key (SNS-150, ACC-6, ACC-13, ACC-24).

use serde_json::Value;

use super::error::Error;
use super::properties::TopicProperties;
use crate::access_policy::{
    AccessDecision, AccessPolicy, AccessRequest, CLIENT_ROLE, Principal as PolicyPrincipal,
};
use crate::arn;
use crate::call::Principal;
use crate::context::Context;
use crate::identifiers::ComponentId;

/// The key that AWS manages for SNS: its policy lets no other service in (ACC-24).
const AWS_MANAGED_KEY: &str = "alias/aws/sns";

/// The policies of a topic and of its key, and what they said of each caller so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Access {
    topic: Option<Option<AccessPolicy>>,
    key: Key,
    decided: Vec<(Caller, Option<Error>)>,
}

/// A service with what it acts for; none for the clients of the account.
type Caller = Option<(&'static str, ComponentId)>;

#[derive(Clone, Debug, Default)]
enum Key {
    /// The topic is not encrypted, or the key says nothing.
    #[default]
    Open,
    AwsManaged,
    /// A policy; none if it cannot be read, which lets nobody in.
    Policy(Option<AccessPolicy>),
}

impl Access {
    pub(super) fn new(properties: &TopicProperties) -> Self {
        let read = |policy: &Value| AccessPolicy::parse(policy).ok();
        let key = match (properties.kms_master_key_id.as_str(), &properties.kms_key_policy) {
            ("", _) => Key::Open,
            (AWS_MANAGED_KEY, _) => Key::AwsManaged,
            (_, Some(policy)) => Key::Policy(read(policy)),
            _ => Key::Open,
        };
        Self { topic: properties.policy.as_ref().map(read), key, decided: Vec::new() }
    }

    /// Nothing stands in anyone's way.
    #[inline]
    pub(super) fn is_open(&self) -> bool {
        self.topic.is_none() && matches!(self.key, Key::Open)
    }

    /// Why a caller may not publish; decided once for each.
    pub(super) fn refusal(&mut self, principal: Principal, cx: &Context<'_>) -> Option<Error> {
        let caller = match principal {
            Principal::Account => None,
            Principal::Service { name, source } => Some((name, source)),
        };
        if let Some((_, refusal)) = self.decided.iter().find(|(known, _)| *known == caller) {
            return *refusal;
        }
        let refusal = self.decide(caller, cx);
        self.decided.push((caller, refusal));
        refusal
    }

    fn decide(&self, caller: Caller, cx: &Context<'_>) -> Option<Error> {
        let topic_arn = arn::topic(cx.name(cx.id()));
        let is_service = caller.is_some();
        let source_arn =
            caller.map_or_else(String::new, |(service, source)| arn::of_service(service, cx.name(source)));
        let source = [
            ("aws:SecureTransport", "true"),
            ("aws:SourceArn", source_arn.as_str()),
            ("aws:SourceAccount", arn::ACCOUNT),
        ];
        let ask = |policy: &AccessPolicy, action, resource_arn| {
            policy.evaluate(&AccessRequest {
                principal: caller.map_or(PolicyPrincipal::Aws(CLIENT_ROLE), |(service, _)| {
                    PolicyPrincipal::Service(service)
                }),
                action,
                resource_arn,
                context: if is_service { &source } else { &source[..1] },
            })
        };
        // A role of the account has full rights already; a service has none of its own (ACC-7, ACC-8, ACC-13).
        let lets_in = |decision| match decision {
            AccessDecision::Allowed => true,
            AccessDecision::ExplicitDeny { .. } => false,
            AccessDecision::ImplicitDeny => !is_service,
        };
        let topic_allows = match &self.topic {
            None => true,
            Some(None) => !is_service,
            Some(Some(policy)) => lets_in(ask(policy, "sns:Publish", &topic_arn)),
        };
        if !topic_allows {
            return Some(Error::AuthorizationError);
        }
        let key_allows = match &self.key {
            Key::Open => true,
            Key::AwsManaged => !is_service,
            Key::Policy(None) => false,
            Key::Policy(Some(policy)) => ["kms:GenerateDataKey", "kms:Decrypt"]
                .into_iter()
                .all(|action| matches!(ask(policy, action, "*"), AccessDecision::Allowed)),
        };
        (!key_allows).then_some(Error::KmsAccessDenied)
    }
}
