//! Quotas: each with a name, a number for each profile, and a source.

use serde::{Deserialize, Serialize};

/// Which set of numbers holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum QuotaProfile {
    /// AWS as documented in November 2026.
    #[default]
    Current,
    /// The numbers of the course notes, as AWS documented them in mid-2023.
    Classic,
}

/// A limit of a service or a number the model had to choose.
#[derive(Clone, Copy, Debug)]
pub struct Quota {
    /// Stable short name, in the service's own words.
    pub code: &'static str,
    /// What is limited, and in which unit.
    pub name: &'static str,
    /// The number today.
    pub current: u64,
    /// The number of the course notes.
    pub classic: u64,
    /// True when AWS raises it on request, or when it is ours and a setting.
    pub adjustable: bool,
    /// The rule in `docs/spec` that states it.
    pub rule: &'static str,
    /// The page that states it, or `ours` when AWS publishes nothing.
    pub source: &'static str,
}

impl Quota {
    /// The number that holds under `profile`.
    pub const fn value(&self, profile: QuotaProfile) -> u64 {
        match profile {
            QuotaProfile::Current => self.current,
            QuotaProfile::Classic => self.classic,
        }
    }
}

/// What a resource of the document takes, from the start, of a quota that all resources of the account share.
#[derive(Clone, Copy, Debug)]
pub struct AccountUse {
    /// Of which quota.
    pub quota: &'static Quota,
    /// How much of it.
    pub amount: u64,
    /// The property that says so.
    pub attribute: &'static str,
    /// The service's error when it is too much.
    pub error_code: &'static str,
}
