//! Filter policies of SNS subscriptions: parsing as SNS does, deciding, and explaining (`SNS-201` to `SNS-255`).
//!
//! A policy is compiled once. [`FilterPolicy::decide`] then reads a message without looking at JSON text of the
//! policy again; its answer depends on nothing but the policy and the message, so callers may remember it.

mod compile;
mod error;
mod explain;
mod failure;
mod limits;
mod matching;
mod numeric_syntax;
mod rule;
mod rule_syntax;
mod settings;
mod spanned_json;
mod syntax;
mod words;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use error::{FilterPolicyError, FilterPolicyErrorKind, TextSpan};
pub use explain::{Explanation, ExplanationRow, PresentValue};
pub use limits::{
    MAXIMUM_COMBINATIONS, MAXIMUM_COMBINATIONS_CLASSIC, MAXIMUM_FILTER_POLICIES_PER_ACCOUNT,
    MAXIMUM_FILTER_POLICIES_PER_TOPIC, MAXIMUM_KEYS, MAXIMUM_POLICY_BYTES, MAXIMUM_WILDCARD_POINTS,
    MAXIMUM_WILDCARDS_PER_PATTERN, PolicyCounters,
};
pub use settings::{FilterPolicyScope, FilterPolicySettings, KeyCount};

use crate::message_attributes::MessageAttributes;
use compile::{KeySet, LeafKey};

/// Whether a subscription receives a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decision {
    /// The subscription receives it.
    Matched,
    /// The subscription does not; counted once under the reason's metric (`SNS-255`).
    FilteredOut(FilteredOutReason),
}

impl Decision {
    /// Whether the subscription receives the message.
    pub fn is_match(self) -> bool {
        self == Self::Matched
    }
}

/// Why a message is filtered out: the suffixes of `NumberOfNotificationsFilteredOut` (`SNS-170`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FilteredOutReason {
    /// The attributes do not match the policy.
    MessageAttributes,
    /// The body does not match the policy.
    MessageBody,
    /// An attribute that the policy names is malformed (`SNS-211`).
    InvalidAttributes,
    /// The message has no attributes at all (`SNS-238`).
    NoMessageAttributes,
    /// The body is not a JSON object (`SNS-213`).
    InvalidMessageBody,
}

impl FilteredOutReason {
    /// The metric's suffix, and the name of the reason.
    pub fn metric_suffix(self) -> &'static str {
        match self {
            Self::MessageAttributes => "MessageAttributes",
            Self::MessageBody => "MessageBody",
            Self::InvalidAttributes => "InvalidAttributes",
            Self::NoMessageAttributes => "NoMessageAttributes",
            Self::InvalidMessageBody => "InvalidMessageBody",
        }
    }
}

/// Something SNS accepts that may not do what was meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PolicyWarning {
    /// One sentence.
    pub text: String,
    /// Where in the policy text.
    pub span: TextSpan,
}

/// A policy that SNS accepts, compiled.
#[derive(Clone, Debug, PartialEq)]
pub struct FilterPolicy {
    scope: FilterPolicyScope,
    settings: FilterPolicySettings,
    counters: PolicyCounters,
    warnings: Vec<PolicyWarning>,
    keys: Vec<LeafKey>,
    /// The policy as a choice: it holds if all keys of one of these sets hold.
    alternatives: Vec<KeySet>,
}

impl FilterPolicy {
    /// Parses with the default settings. An empty text and `{}` stand for no policy (`SNS-201`, `SNS-203`).
    ///
    /// # Errors
    /// What SNS refuses, checked in the order of `SNS-252`; bad JSON comes before everything else.
    pub fn parse(json_text: &str, scope: FilterPolicyScope) -> Result<Self, FilterPolicyError> {
        Self::parse_with(json_text, scope, &FilterPolicySettings::default())
    }

    /// Which part of the message the policy reads.
    pub fn scope(&self) -> FilterPolicyScope {
        self.scope
    }

    /// How much of each limit the policy uses.
    pub fn counters(&self) -> PolicyCounters {
        self.counters
    }

    /// What SNS accepts but a person may not have meant.
    pub fn warnings(&self) -> &[PolicyWarning] {
        &self.warnings
    }

    /// Whether the policy filters nothing (`SNS-201`).
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether a subscription with this policy receives a message.
    pub fn decide(&self, attributes: &MessageAttributes, body: &str) -> Decision {
        matching::decide(self, attributes, body)
    }

    /// The decision and, for every key, what the policy wants, what the message has and why that fits or not.
    pub fn explain(&self, attributes: &MessageAttributes, body: &str) -> Explanation {
        explain::explain(self, attributes, body)
    }
}

impl fmt::Display for FilterPolicyScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MessageAttributes => "MessageAttributes",
            Self::MessageBody => "MessageBody",
        })
    }
}

impl FromStr for FilterPolicyScope {
    type Err = FilterPolicyError;

    fn from_str(text: &str) -> Result<Self, FilterPolicyError> {
        match text {
            "MessageAttributes" => Ok(Self::MessageAttributes),
            "MessageBody" => Ok(Self::MessageBody),
            _ => Err(FilterPolicyError {
                kind: FilterPolicyErrorKind::BadScope,
                text: format!("Invalid value [{text}]. Please use either MessageBody or MessageAttributes"),
                span: TextSpan::new(text, 0, text.len()),
                hint: "Write MessageAttributes or MessageBody, in this case.".into(),
            }),
        }
    }
}
