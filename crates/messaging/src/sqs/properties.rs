//! What the document says of a queue (SQS-7) and of a redrive policy (SQS-120).

use serde::{Deserialize, Serialize};

use crate::descriptor::{FieldKind, FieldSpec, LinkDescriptor};
use crate::registry::LinkBehavior;

/// What the document says of a queue (SQS-7).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct QueueProperties {
    /// Fixed at creation (SQS-1).
    pub fifo_queue: bool,
}

/// What the document says of a redrive policy: the link from a queue to its dead-letter queue (SQS-120).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RedrivePolicy {
    /// How often a message may be received before it is moved, 1 to 1,000 (SQS-120).
    pub max_receive_count: u32,
}

impl Default for RedrivePolicy {
    fn default() -> Self {
        Self { max_receive_count: 3 }
    }
}

impl LinkBehavior for RedrivePolicy {
    const DESCRIPTOR: LinkDescriptor = LinkDescriptor {
        link_type: "AWS::SQS::RedrivePolicy",
        title: "Redrive policy",
        description: "Messages received too often move to the dead-letter queue.",
        fields: &[FieldSpec {
            name: "maxReceiveCount",
            kind: FieldKind::Integer { low: 1, high: 1_000, unit: "receives" },
            description: "How often a message may be received before it is moved.",
            rule: "SQS-120",
        }],
        pull: false,
        redrive: true,
    };
}
