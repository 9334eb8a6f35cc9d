//! Choices where the sources disagree (section 20 of the SNS rules).

use serde::{Deserialize, Serialize};

use super::limits::MAXIMUM_COMBINATIONS;

/// Which part of the message a policy reads (`SNS-202`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum FilterPolicyScope {
    /// The message attributes.
    #[default]
    MessageAttributes,
    /// The body, which must be a JSON object.
    MessageBody,
}

/// Which keys count towards the limit of five (`SNS-245`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyCount {
    /// Keys that hold a rule list, at any depth: today's guide.
    #[default]
    LeafKeys,
    /// Keys of the outermost object: the older text.
    TopLevelKeys,
}

/// Answers where the sources disagree; the default is the specification's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default, deny_unknown_fields)]
pub struct FilterPolicySettings {
    /// How keys are counted (`SNS-245`).
    pub key_count: KeyCount,
    /// Most combinations: 150 today, 100 formerly (`SNS-246`). Values above 150 count as 150.
    pub maximum_combinations: u64,
    /// Whether keys below the same array must hold in one element of it (`SNS-216`).
    pub same_array_element: bool,
    /// Whether `exists: false` can match a message without any attributes (`SNS-238`).
    pub exists_false_without_attributes: bool,
}

impl Default for FilterPolicySettings {
    fn default() -> Self {
        Self {
            key_count: KeyCount::LeafKeys,
            maximum_combinations: MAXIMUM_COMBINATIONS,
            same_array_element: true,
            exists_false_without_attributes: false,
        }
    }
}
