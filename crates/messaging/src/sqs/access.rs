//! Who may send to a queue (SQS-193, SQS-194).

use serde_json::Value;

use crate::access_policy::{
    AccessDecision, AccessPolicy, AccessRequest, CLIENT_ROLE, Principal as PolicyPrincipal,
};
use crate::arn;
use crate::call::Principal;
use crate::context::Context;
use crate::identifiers::ComponentId;
use crate::registry::ResourceKind;

/// The queue's policy, and what it said of each source so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Access {
    policy: Policy,
    decided: Vec<(&'static str, ComponentId, &'static str, bool)>,
}

#[derive(Clone, Debug, Default)]
enum Policy {
    /// None is given: the links drawn to the queue are allowed.
    #[default]
    Absent,
    /// One that cannot be read, which validation reports: nobody is let in by it.
    Unreadable,
    Given(AccessPolicy),
}

impl Access {
    pub(super) fn new(policy: Option<&Value>) -> Self {
        let policy = match policy.map(AccessPolicy::parse) {
            None => Policy::Absent,
            Some(Ok(policy)) => Policy::Given(policy),
            Some(Err(_)) => Policy::Unreadable,
        };
        Self { policy, decided: Vec::new() }
    }

    /// True when the call may go on. The account itself may do everything (ACC-8) that the policy does not deny (ACC-6).
    #[inline]
    pub(super) fn allows(&mut self, principal: Principal, action: &'static str, cx: &Context<'_>) -> bool {
        let (name, source) = match principal {
            Principal::Service { name, source } => (name, source),
            Principal::Account => (ACCOUNT, ComponentId::OUTSIDE),
        };
        match &self.policy {
            Policy::Absent => true,
            Policy::Unreadable => principal == Principal::Account,
            Policy::Given(policy) => {
                let known = self
                    .decided
                    .iter()
                    .find(|(service, from, what, _)| *service == name && *from == source && *what == action);
                if let Some((.., allowed)) = known {
                    return *allowed;
                }
                let allowed = decide(policy, name, source, action, cx);
                self.decided.push((name, source, action, allowed));
                allowed
            }
        }
    }
}

/// Stands for the account's own clients among the services.
const ACCOUNT: &str = "";

fn decide(policy: &AccessPolicy, service: &str, source: ComponentId, action: &str, cx: &Context<'_>) -> bool {
    let resource_arn = arn::queue(cx.name(cx.id()));
    if service == ACCOUNT {
        let request = AccessRequest {
            principal: PolicyPrincipal::Aws(CLIENT_ROLE),
            action,
            resource_arn: &resource_arn,
            context: &[("aws:SecureTransport", "true")],
        };
        return !matches!(policy.evaluate(&request), AccessDecision::ExplicitDeny { .. });
    }
    let source_name = cx.name(source);
    let source_arn = match cx.kind(source) {
        Some(ResourceKind::Queue) => arn::queue(source_name),
        Some(ResourceKind::Stream) => arn::stream(source_name),
        Some(ResourceKind::Producer | ResourceKind::Bucket) => arn::of_service(service, source_name),
        _ => arn::topic(source_name),
    };
    let request = AccessRequest {
        principal: PolicyPrincipal::Service(service),
        action,
        resource_arn: &resource_arn,
        context: &[("aws:SourceArn", &source_arn), ("aws:SourceAccount", arn::ACCOUNT)],
    };
    matches!(policy.evaluate(&request), AccessDecision::Allowed)
}
