//! Who may write to a bucket, and whether a bucket may write to a destination (ACC-16, ACC-18).

use serde_json::Value;

use crate::access_policy::{AccessDecision, AccessPolicy, AccessRequest, CLIENT_ROLE, Principal};
use crate::arn;

/// As whom a bucket sends its events (ACC-13).
pub(super) const SERVICE_PRINCIPAL: &str = "s3.amazonaws.com";

/// True when a bucket policy denies the account to write.
pub(super) fn denies_writes(policy: Option<&Value>, bucket: &str) -> bool {
    let Some(Ok(policy)) = policy.map(AccessPolicy::parse) else { return false };
    let request = AccessRequest {
        principal: Principal::Aws(CLIENT_ROLE),
        action: "s3:PutObject",
        resource_arn: &format!("{}/object", arn::of_service(SERVICE_PRINCIPAL, bucket)),
        context: &[("aws:SecureTransport", "true")],
    };
    matches!(policy.evaluate(&request), AccessDecision::ExplicitDeny { .. })
}

/// Why an event rule cannot be saved: S3 tries its destination first (CMP-53, ACC-18).
pub(crate) fn notification_refusal(
    policy: Option<&Value>,
    action: &str,
    resource_arn: &str,
    bucket: &str,
) -> Option<String> {
    let Ok(policy) = AccessPolicy::parse(policy?) else { return None };
    let source_arn = arn::of_service(SERVICE_PRINCIPAL, bucket);
    let request = AccessRequest {
        principal: Principal::Service(SERVICE_PRINCIPAL),
        action,
        resource_arn,
        context: &[("aws:SourceArn", &source_arn), ("aws:SourceAccount", arn::ACCOUNT)],
    };
    (policy.evaluate(&request) != AccessDecision::Allowed).then(|| {
        format!(
            "Unable to validate the following destination configurations: the policy of {resource_arn} does not let \
             {SERVICE_PRINCIPAL} call {action} (CMP-53)."
        )
    })
}
