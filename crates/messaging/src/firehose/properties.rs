//! What the document says of a delivery stream, and what Firehose would refuse of it.

use serde::{Deserialize, Serialize};

use super::destination::Destination;
use super::{names, quotas};
use crate::behavior::AttributeError;
use crate::quota::QuotaProfile;

/// What the document says of a delivery stream (FH-1).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct DeliveryStreamProperties {
    /// Where it delivers; by the link if not given (FH-16).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<Destination>,
    /// When a buffer is delivered; the destination's own default if not given (FH-16).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buffering_hints: Option<BufferingHints>,
    /// Start of the objects' keys, with expressions (FH-27, FH-28).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// Start of the keys of what failed (FH-28).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub error_output_prefix: String,
    /// End of the objects' keys, such as `.json` (FH-26).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub file_extension: String,
    /// How objects are compressed (FH-30).
    #[serde(skip_serializing_if = "is_default")]
    pub compression_format: CompressionFormat,
    /// Size after compression or conversion, as a share of the size before; the format's own if not given. Ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compression_factor: Option<f64>,
    /// Converts JSON records to a column format; not if empty (FH-31).
    #[serde(skip_serializing_if = "is_default")]
    pub output_format: OutputFormat,
    /// A buffer for each partition key (FH-32).
    #[serde(skip_serializing_if = "is_default")]
    pub dynamic_partitioning: bool,
    /// The `AppendDelimiterToRecord` processor: a newline after each record (FH-25).
    #[serde(skip_serializing_if = "is_default")]
    pub append_delimiter_to_record: bool,
    /// What is backed up: the word depends on the destination (FH-38).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub s3_backup_mode: String,
    /// How long a delivery is tried again; the destination's own default if not given (FH-16).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_duration_in_seconds: Option<u32>,
    /// How long Splunk may take to acknowledge (FH-43).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hec_acknowledgment_timeout_in_seconds: Option<u16>,
    /// How often OpenSearch gets a new index (FH-42).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub index_rotation_period: String,
    /// The three quotas of direct puts, raised so many times (FH-9). Ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throughput_factor: Option<u32>,
}

/// `BufferingHints`: whichever comes first (FH-15).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct BufferingHints {
    /// Seconds, counted from the first record (FH-19).
    pub interval_in_seconds: u32,
    /// Megabytes of 1,048,576 bytes, before compression.
    #[serde(rename = "SizeInMBs")]
    pub size_in_mbs: u32,
}

/// How objects are compressed (FH-30).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "the names are those of the formats")]
pub enum CompressionFormat {
    #[default]
    #[serde(rename = "UNCOMPRESSED")]
    Uncompressed,
    #[serde(rename = "GZIP")]
    Gzip,
    #[serde(rename = "ZIP")]
    Zip,
    Snappy,
    #[serde(rename = "HADOOP_SNAPPY")]
    HadoopSnappy,
}

/// What JSON records are converted to (FH-31).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "the names are those of the formats")]
pub enum OutputFormat {
    /// No conversion.
    #[default]
    #[serde(rename = "")]
    None,
    Parquet,
    #[serde(rename = "ORC")]
    Orc,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl DeliveryStreamProperties {
    /// The destination if the document names it, else that of S3.
    pub(super) fn destination(&self) -> Destination {
        self.destination.unwrap_or_default()
    }

    /// Records are converted to Parquet or ORC (FH-31).
    pub fn converts(&self) -> bool {
        self.output_format != OutputFormat::None
    }

    /// Size after compression or conversion, as a share of the size before (FH-30).
    pub(super) fn factor(&self) -> f64 {
        let usual = match self.compression_format {
            _ if self.converts() => quotas::CONVERSION_FACTOR,
            CompressionFormat::Uncompressed => return 1.0,
            CompressionFormat::Gzip | CompressionFormat::Zip => 0.25,
            CompressionFormat::Snappy | CompressionFormat::HadoopSnappy => 0.5,
        };
        self.compression_factor.unwrap_or(usual)
    }

    /// The hints that hold (FH-16).
    pub(super) fn hints(&self, destination: Destination) -> BufferingHints {
        let traits = destination.traits();
        let large = self.converts() || self.dynamic_partitioning;
        let size_in_mbs = if large { 128 } else { traits.size.2 };
        let usual = BufferingHints { interval_in_seconds: traits.interval.1, size_in_mbs };
        self.buffering_hints.unwrap_or(usual)
    }

    /// All records are backed up, not only what failed (FH-38).
    pub(super) fn backs_up_all(&self) -> bool {
        self.s3_backup_mode == "Enabled" || self.s3_backup_mode.starts_with("All")
    }

    /// What Firehose would refuse.
    pub(super) fn errors(&self, profile: QuotaProfile) -> Vec<AttributeError> {
        let mut errors = Vec::new();
        let mut put = |attribute: &'static str, message: String| {
            errors.push(AttributeError { attribute, message, harmless: false });
        };
        let destination = self.destination();
        let (traits, name) = (destination.traits(), destination.name());
        if let Some(BufferingHints { interval_in_seconds: interval, size_in_mbs: size }) =
            self.buffering_hints
        {
            let least = if self.converts() || self.dynamic_partitioning { 64 } else { traits.size.0 };
            if !(least..=traits.size.1).contains(&size) {
                let most = traits.size.1;
                put(
                    "BufferingHints",
                    format!("SizeInMBs: {least} to {most} for {name}, not {size} (FH-16)."),
                );
            }
            let least = match self.dynamic_partitioning {
                true => 60,
                false => quotas::LEAST_INTERVAL_SECONDS.value(profile) as u32,
            };
            if !(least..=traits.interval.0).contains(&interval) {
                let most = traits.interval.0;
                let text = format!(
                    "IntervalInSeconds: {least} to {most} for {name}, not {interval} (FH-16, FH-17)."
                );
                put("BufferingHints", text);
            }
        }
        let modes = traits.backup;
        let named = self.destination.is_some();
        if named && !self.s3_backup_mode.is_empty() && !modes.contains(&self.s3_backup_mode.as_str()) {
            put("S3BackupMode", format!("{name} takes {} or {} (FH-38).", modes[0], modes[1]));
        }
        let only_s3 = destination == Destination::ExtendedS3;
        if self.converts() && (!only_s3 || self.compression_format != CompressionFormat::Uncompressed) {
            let text = "Format conversion is for S3 alone, and the file compresses inside: CompressionFormat has \
                        to be UNCOMPRESSED (FH-31).";
            put("OutputFormat", text.into());
        }
        if self.dynamic_partitioning && !only_s3 {
            put("DynamicPartitioning", "Dynamic partitioning is for S3 alone (FH-32).".into());
        }
        let simple =
            matches!(self.compression_format, CompressionFormat::Uncompressed | CompressionFormat::Gzip);
        if destination == Destination::Redshift && !simple {
            put("CompressionFormat", "Redshift takes GZIP or none (FH-30).".into());
        }
        names::errors(self, &mut put);
        errors
    }
}
