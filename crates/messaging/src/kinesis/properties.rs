//! What the document says of a stream (KDS-1).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::quotas;
use crate::descriptor::{FieldKind, FieldSpec, field};
use crate::kms::{KmsKey, KmsKeyState};

/// What the document says of a stream, in CloudFormation's names (KDS-1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct StreamProperties {
    /// Open shards, 1 to 20,000 (KDS-6, KDS-69).
    pub shard_count: u32,
    /// Hours a record stays readable, 24 to 8,760 (KDS-54).
    #[serde(skip_serializing_if = "is_default_retention")]
    pub retention_period_hours: u32,
    /// Largest record in KiB, key included, 1,024 to 10,240 (KDS-19).
    #[serde(rename = "MaxRecordSizeInKiB", skip_serializing_if = "is_default_record_size")]
    pub max_record_size_in_kib: u32,
    /// Who chooses the number of shards (KDS-1).
    #[serde(skip_serializing_if = "is_default_mode")]
    pub stream_mode_details: StreamModeDetails,
    /// MiB a second that an on-demand stream takes from the first moment on, up to 10,240; 0 for the usual four (KDS-78).
    #[serde(rename = "WarmThroughputMiBps", skip_serializing_if = "is_none")]
    pub warm_throughput_mibps: u32,
    /// Whether records are encrypted with a KMS key (KDS-109).
    #[serde(skip_serializing_if = "is_plain")]
    pub stream_encryption: StreamEncryption,
    /// The state of that key. A key is no resource here.
    #[serde(skip_serializing_if = "is_enabled")]
    pub kms_key_state: KmsKeyState,
    /// The policy of that key; the account may do everything if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kms_key_policy: Option<Value>,
}

/// Encryption of a stream's records (KDS-109).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct StreamEncryption {
    /// With what.
    pub encryption_type: EncryptionType,
    /// The key's id, alias or ARN.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key_id: String,
}

/// With what records are encrypted (KDS-109).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum EncryptionType {
    /// They are not.
    #[default]
    None,
    /// With a KMS key.
    Kms,
}

/// Who chooses the number of shards (KDS-1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct StreamModeDetails {
    /// The mode.
    pub stream_mode: StreamMode,
}

/// The capacity mode of a stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StreamMode {
    /// `ShardCount` says.
    #[default]
    Provisioned,
    /// The stream itself, by what it is sent (KDS-70); `ShardCount` has no meaning.
    OnDemand,
}

/// Where a reader without a checkpoint begins (KDS-96, KDS-106). AWS has no default; here it is the oldest record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StartingPosition {
    /// The oldest record.
    #[default]
    TrimHorizon,
    /// What arrives from now on.
    Latest,
    /// The first record that arrived at `StartingPositionTimestamp` or later.
    AtTimestamp,
}

/// The words of [`StartingPosition`].
pub(crate) const STARTING_POSITIONS: FieldKind =
    FieldKind::Choice(&["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"]);
/// The range of a `StartingPositionTimestamp`, in seconds of the run: ten weeks. Ours.
pub(crate) const STARTING_TIMESTAMPS: FieldKind =
    FieldKind::Number { low: 0.0, high: 6_048_000.0, unit: "s" };

/// The default retention in hours (KDS-54).
const DEFAULT_RETENTION_HOURS: u32 = quotas::MIN_RETENTION_HOURS.current as u32;
/// The default of the largest record in KiB (KDS-19).
const DEFAULT_RECORD_KIB: u32 = quotas::MIN_MAX_RECORD_KIB.current as u32;

fn is_default_retention(hours: &u32) -> bool {
    *hours == DEFAULT_RETENTION_HOURS
}
fn is_default_record_size(kib: &u32) -> bool {
    *kib == DEFAULT_RECORD_KIB
}
fn is_plain(encryption: &StreamEncryption) -> bool {
    *encryption == StreamEncryption::default()
}
fn is_enabled(state: &KmsKeyState) -> bool {
    *state == KmsKeyState::Enabled
}
fn is_none(number: &u32) -> bool {
    *number == 0
}
fn is_default_mode(details: &StreamModeDetails) -> bool {
    *details == StreamModeDetails::default()
}

impl Default for StreamProperties {
    fn default() -> Self {
        Self {
            shard_count: 1,
            retention_period_hours: DEFAULT_RETENTION_HOURS,
            max_record_size_in_kib: DEFAULT_RECORD_KIB,
            stream_mode_details: StreamModeDetails::default(),
            warm_throughput_mibps: 0,
            stream_encryption: StreamEncryption::default(),
            kms_key_state: KmsKeyState::Enabled,
            kms_key_policy: None,
        }
    }
}

impl StreamProperties {
    /// The key that records are encrypted with: producers need `kms:GenerateDataKey` of it, consumers `kms:Decrypt`
    /// (KDS-109).
    pub(super) fn key(&self) -> Option<KmsKey> {
        let StreamEncryption { encryption_type, key_id } = &self.stream_encryption;
        (*encryption_type == EncryptionType::Kms)
            .then(|| KmsKey::new(key_id, self.kms_key_state, self.kms_key_policy.as_ref()))
    }

    /// Shards of a new stream, held inside the range the descriptor gives: a document that breaks it is refused before.
    /// An on-demand stream has its four (KDS-70), or as many as its warm throughput needs (KDS-78).
    pub(super) fn shards(&self) -> u32 {
        if self.stream_mode_details.stream_mode == StreamMode::OnDemand {
            return self.warm_throughput_mibps.max(quotas::ON_DEMAND_SHARDS.current as u32);
        }
        self.shard_count.clamp(1, quotas::OPEN_SHARDS.current as u32)
    }

    /// Largest record in bytes (KDS-19).
    pub(super) fn max_record_bytes(&self) -> u64 {
        u64::from(self.max_record_size_in_kib) * 1_024
    }
}

pub(super) const FIELDS: &[FieldSpec] = &[
    FieldSpec {
        name: "ShardCount",
        kind: FieldKind::Integer { low: 1, high: quotas::OPEN_SHARDS.current as i64, unit: "shards" },
        description: "Open shards. Each takes 1 MiB/s or 1,000 records/s and gives 2 MiB/s.",
        rule: "KDS-6",
    },
    FieldSpec {
        name: "RetentionPeriodHours",
        kind: FieldKind::Integer {
            low: quotas::MIN_RETENTION_HOURS.current as i64,
            high: quotas::MAX_RETENTION_HOURS.current as i64,
            unit: "h",
        },
        description: "How long a record stays readable.",
        rule: "KDS-54",
    },
    FieldSpec {
        name: "MaxRecordSizeInKiB",
        kind: FieldKind::Integer {
            low: quotas::MIN_MAX_RECORD_KIB.current as i64,
            high: quotas::MAX_MAX_RECORD_KIB.current as i64,
            unit: "KiB",
        },
        description: "Largest record, partition key included.",
        rule: "KDS-19",
    },
    FieldSpec {
        name: "StreamModeDetails",
        kind: FieldKind::Variants { tag: "StreamMode", cases: &[("PROVISIONED", &[]), ("ON_DEMAND", &[])] },
        description: "Who chooses the number of shards: ShardCount, or the stream by what it is sent.",
        rule: "KDS-70",
    },
    FieldSpec {
        name: "WarmThroughputMiBps",
        kind: FieldKind::Integer {
            low: 0,
            high: (quotas::ON_DEMAND_BYTES_PER_SECOND.current / 1_048_576) as i64,
            unit: "MiB/s",
        },
        description: "On-demand advantage: what an on-demand stream takes from the first moment on.",
        rule: "KDS-78",
    },
    field(
        "StreamEncryption",
        FieldKind::Variants {
            tag: "EncryptionType",
            cases: &[
                ("NONE", &[]),
                ("KMS", &[field("KeyId", FieldKind::Text, "The key's id, alias or ARN.", "KDS-109")]),
            ],
        },
        "Records are encrypted with a KMS key.",
        "KDS-109",
    ),
    field(
        "KmsKeyState",
        FieldKind::Choice(&["Enabled", "Disabled", "PendingDeletion", "NotFound"]),
        "State of that key.",
        "KDS-109",
    ),
    field(
        "KmsKeyPolicy",
        FieldKind::Json,
        "Policy of that key: producers need kms:GenerateDataKey, consumers kms:Decrypt.",
        "KDS-109",
    ),
];
