//! The links of a delivery stream: where it reads, and where it delivers.

use serde::{Deserialize, Serialize};

use super::destination::Destination;
use crate::descriptor::{FieldKind, LinkDescriptor, field, integer, number};
use crate::registry::{LinkBehavior, LinkConflict, Properties, SharedEnd};

/// The stream reads from a Kinesis data stream (FH-3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KinesisStreamSourceConfiguration {}

impl LinkBehavior for KinesisStreamSourceConfiguration {
    const DESCRIPTOR: LinkDescriptor = LinkDescriptor {
        link_type: "AWS::KinesisFirehose::KinesisStreamSourceConfiguration",
        title: "Source of a delivery stream",
        description: "Firehose reads the records of the stream once a second.",
        fields: &[],
        pull: true,
        redrive: false,
    };

    fn conflict(&self, _other: &Self, shared: SharedEnd) -> Option<LinkConflict> {
        (shared == SharedEnd::To).then(|| LinkConflict {
            reason: "A delivery stream has one source (FH-1).".into(),
            hint: "Add another delivery stream.",
        })
    }
}

/// Records pass through a function before they are delivered (FH-33).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct ProcessingConfiguration {
    /// Megabytes of a batch, 0.2 to 3; 1 if not given, 0.25 for Splunk (FH-33).
    #[serde(rename = "BufferSizeInMBs", skip_serializing_if = "Option::is_none")]
    pub buffer_size_in_mbs: Option<f64>,
    /// Seconds that a batch waits for more, 0 to 900 (FH-33).
    #[serde(skip_serializing_if = "is_a_minute")]
    pub buffer_interval_in_seconds: u32,
    /// Retries of an invocation that failed as a whole, 0 to 300 (FH-36).
    #[serde(skip_serializing_if = "is_three")]
    pub number_of_retries: u32,
    /// Share of the records that the function answers with `Dropped`, evenly (FH-35). Ours.
    #[serde(skip_serializing_if = "is_zero")]
    pub dropped_share: f64,
    /// Size of a transformed record, as a share of the size before. Ours.
    #[serde(skip_serializing_if = "is_one")]
    pub size_factor: f64,
}

fn is_a_minute(seconds: &u32) -> bool {
    *seconds == 60
}
fn is_three(retries: &u32) -> bool {
    *retries == 3
}
fn is_zero(share: &f64) -> bool {
    *share == 0.0
}
fn is_one(factor: &f64) -> bool {
    *factor == 1.0
}

impl Default for ProcessingConfiguration {
    fn default() -> Self {
        Self {
            buffer_size_in_mbs: None,
            buffer_interval_in_seconds: 60,
            number_of_retries: 3,
            dropped_share: 0.0,
            size_factor: 1.0,
        }
    }
}

impl LinkBehavior for ProcessingConfiguration {
    const DESCRIPTOR: LinkDescriptor = LinkDescriptor {
        link_type: "AWS::KinesisFirehose::ProcessingConfiguration",
        title: "Transformation",
        description: "Firehose invokes the function with batches of records and delivers what it answers.",
        fields: &[
            field(
                "BufferSizeInMBs",
                number(0.2, 3.0, "MiB"),
                "A batch of this size is invoked with.",
                "FH-33",
            ),
            field(
                "BufferIntervalInSeconds",
                integer(0, 900, "s"),
                "How long a batch waits for more.",
                "FH-33",
            ),
            field("NumberOfRetries", integer(0, 300, "retries"), "Of an invocation that failed.", "FH-36"),
            field(
                "DroppedShare",
                number(0.0, 1.0, ""),
                "Share of the records that it drops, evenly.",
                "FH-35",
            ),
            field("SizeFactor", number(0.01, 10.0, "times"), "Size of a record after it.", "ours"),
        ],
        pull: false,
        redrive: false,
    };

    fn conflict(&self, _other: &Self, shared: SharedEnd) -> Option<LinkConflict> {
        (shared == SharedEnd::From).then(|| LinkConflict {
            reason: "A delivery stream has one transformation (FH-33).".into(),
            hint: "Let one function do both.",
        })
    }
}

/// What is written along a link of a delivery stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Configuration {
    /// The destination (FH-1).
    #[default]
    Destination,
    /// The bucket beside it: for Redshift the objects that `COPY` reads, for all the backup and what failed (FH-37,
    /// FH-38, FH-41).
    S3BackupConfiguration,
}

/// The link to the destination of a delivery stream, or to the bucket beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct DestinationConfiguration {
    /// What is written along the link.
    #[serde(skip_serializing_if = "is_destination")]
    pub configuration: Configuration,
}

fn is_destination(configuration: &Configuration) -> bool {
    *configuration == Configuration::Destination
}

impl LinkBehavior for DestinationConfiguration {
    const DESCRIPTOR: LinkDescriptor = LinkDescriptor {
        link_type: "AWS::KinesisFirehose::DestinationConfiguration",
        title: "Delivery",
        description: "Firehose delivers its buffers here.",
        fields: &[field(
            "Configuration",
            FieldKind::Choice(&["Destination", "S3BackupConfiguration"]),
            "The destination, or the bucket for backup and for what failed.",
            "FH-38",
        )],
        pull: false,
        redrive: false,
    };

    fn conflict(&self, other: &Self, shared: SharedEnd) -> Option<LinkConflict> {
        (shared == SharedEnd::From && self.configuration == other.configuration).then(|| LinkConflict {
            reason: match self.configuration {
                Configuration::Destination => "A delivery stream has exactly one destination (FH-1).",
                Configuration::S3BackupConfiguration => "A delivery stream has one backup bucket (FH-38).",
            }
            .into(),
            hint: "Add another delivery stream.",
        })
    }

    /// A bucket beside another destination is its backup bucket.
    fn fresh(from: &Properties, to: (&str, &Properties), others: &[&Self]) -> Self {
        let goes_elsewhere = match from {
            Properties::DeliveryStream(stream) => {
                stream.destination.is_some_and(|destination| destination != Destination::ExtendedS3)
            }
            _ => false,
        };
        let taken = others.iter().any(|other| other.configuration == Configuration::Destination);
        let backup = matches!(to.1, Properties::Bucket(_)) && (goes_elsewhere || taken);
        let configuration =
            if backup { Configuration::S3BackupConfiguration } else { Configuration::Destination };
        Self { configuration }
    }

    /// The far end has to be what the destination needs.
    fn fault(&self, from: &Properties, to: &Properties) -> Option<LinkConflict> {
        let Properties::DeliveryStream(stream) = from else { return None };
        let (reason, hint) = match (self.configuration, to) {
            (Configuration::S3BackupConfiguration, Properties::Bucket(_)) => return None,
            (Configuration::S3BackupConfiguration, _) => {
                ("What is backed up goes to a bucket (FH-38).".to_owned(), "Link to a bucket.")
            }
            (_, Properties::Endpoint(endpoint)) if !endpoint.protocol.of_subscription().is_http() => {
                ("Firehose delivers to web servers only (FH-44).".to_owned(), "Make its Protocol https.")
            }
            _ => {
                let fits = stream.destination.is_none_or(|destination| match to {
                    Properties::Bucket(_) => destination == Destination::ExtendedS3,
                    Properties::Database(_) => destination == Destination::Redshift,
                    _ => destination.is_http(),
                });
                if fits {
                    return None;
                }
                let name = stream.destination.unwrap_or_default().name();
                (
                    format!("The destination of the delivery stream is {name}, and that is something else."),
                    "Change the Destination of the delivery stream.",
                )
            }
        };
        Some(LinkConflict { reason, hint })
    }
}
