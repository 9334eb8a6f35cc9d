//! AWS services that publish of their own accord (SNS-27).

/// The service principals a producer can call as. The first one stands for the account's own clients.
pub(super) const SERVICE_PRINCIPALS: &[&str] = &[
    "",
    "cloudwatch.amazonaws.com",
    "autoscaling.amazonaws.com",
    "cloudformation.amazonaws.com",
    "s3.amazonaws.com",
    "dms.amazonaws.com",
    "lambda.amazonaws.com",
    "dynamodb.amazonaws.com",
    "events.rds.amazonaws.com",
];

/// The principal of a name; none for the account's own clients.
pub(super) fn service_principal(name: &str) -> Option<&'static str> {
    SERVICE_PRINCIPALS.iter().copied().find(|known| !known.is_empty() && *known == name)
}
