//! What the document says of a subscription (SNS-47).

use serde::{Deserialize, Serialize};

use crate::descriptor::LinkDescriptor;
use crate::registry::LinkBehavior;

/// What the document says of a subscription (SNS-47).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct Subscription {
    /// `FilterPolicy` (SNS-205); everything passes without one (SNS-201).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter_policy: Option<serde_json::Value>,
}

impl LinkBehavior for Subscription {
    const DESCRIPTOR: LinkDescriptor = LinkDescriptor {
        link_type: "AWS::SNS::Subscription",
        title: "SNS subscription",
        description: "The topic delivers a copy of each message that passes the filter policy.",
        fields: &[],
        pull: false,
        redrive: false,
    };
}
