//! Amazon resource names, as the simulated account would have them.

/// The region of the simulated account. Ours: one region.
pub const REGION: &str = "eu-west-1";
/// The number of the simulated account. Ours.
pub const ACCOUNT: &str = "123456789012";

/// The ARN of a queue (SQS-3).
pub fn queue(name: &str) -> String {
    format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{name}")
}

/// The ARN of a topic (SNS-1).
pub fn topic(name: &str) -> String {
    format!("arn:aws:sns:{REGION}:{ACCOUNT}:{name}")
}

/// The ARN of a function (CMP-25).
pub fn function(name: &str) -> String {
    format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}")
}

/// The ARN of a stream (KDS-1).
pub fn stream(name: &str) -> String {
    format!("arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/{name}")
}

/// The ARN of a KMS key (SQS-190).
pub fn key(id: &str) -> String {
    format!("arn:aws:kms:{REGION}:{ACCOUNT}:key/{id}")
}

/// `aws:SourceArn` of an AWS service that calls on behalf of something of the account, such as a bucket.
pub fn of_service(service: &str, name: &str) -> String {
    match service.split('.').next().unwrap_or_default() {
        "s3" => format!("arn:aws:s3:::{name}"),
        service => format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{name}"),
    }
}
