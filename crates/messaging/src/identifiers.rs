//! Small numbers that stand for things inside one world.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A resource's name in the document: CloudFormation's logical id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct LogicalId(pub Arc<str>);

impl LogicalId {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl From<&str> for LogicalId {
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}
impl fmt::Display for LogicalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);
    };
}

number! {
    /// A component's place in its world. Never used again after the component is removed.
    ComponentId(u32)
}
number! {
    /// A link's place in its world. Never used again after the link is removed.
    LinkId(u32)
}
number! {
    /// A call on its way or waiting for its answer.
    CallId(u32)
}
number! {
    /// Follows one published message through every copy (X-Ray's word).
    TraceId(u64)
}
number! {
    /// What a service assigns to a message it accepts; shown as a UUID (SQS-25, SNS-20).
    MessageId(u64)
}
number! {
    /// A body with its attributes, in the world's catalogue.
    PayloadId(u32)
}
number! {
    /// A message group id or partition key, in the world's catalogue.
    KeyId(u32)
}
number! {
    /// A deduplication id, as 64 bits of its hash (SQS-141, SNS-81).
    DeduplicationId(u64)
}

impl ComponentId {
    /// Whoever calls from outside the graph: a test, the API console.
    pub const OUTSIDE: Self = Self(u32::MAX);

    /// The place as an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}
impl LinkId {
    /// No link: the call is made from outside the graph.
    pub const NONE: Self = Self(u32::MAX);

    /// The place as an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}
impl KeyId {
    /// No group and no partition key.
    pub const NONE: Self = Self(u32::MAX);

    /// The place as an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
    /// True unless this is [`KeyId::NONE`].
    pub const fn is_some(self) -> bool {
        self.0 != u32::MAX
    }
}
impl PayloadId {
    /// The place as an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}
impl DeduplicationId {
    /// No deduplication id was given.
    pub const NONE: Self = Self(0);

    /// True unless this is [`DeduplicationId::NONE`].
    pub const fn is_some(self) -> bool {
        self.0 != 0
    }
}

/// The UUID that stands for the number: the same in every run.
impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut mixed = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut next = || {
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^= mixed >> 31;
            mixed
        };
        let (high, low) = (next(), next());
        write!(
            f,
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            0x8000 | ((low >> 48) & 0x3fff),
            low & 0xffff_ffff_ffff
        )
    }
}
