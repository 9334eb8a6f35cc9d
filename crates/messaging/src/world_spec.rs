//! What a world is made from. Only a compiled scenario makes one.

use std::collections::BTreeMap;

use kernel::SimTime;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::cost::Item;
use crate::identifiers::LogicalId;
use crate::intervention::Intervention;
use crate::quota::{Quota, QuotaProfile};
use crate::registry::{LinkProperties, Properties};

/// What a world is made from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorldSpec {
    /// The resources, in the document's order.
    pub resources: Vec<ResourceSpec>,
    /// The links, in the document's order.
    pub links: Vec<LinkSpec>,
    /// What happens when.
    pub timeline: Vec<(SimTime, Intervention)>,
    /// What holds for all.
    pub settings: Settings,
}

/// One resource.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceSpec {
    /// Its name in the document.
    pub id: LogicalId,
    /// Its kind and properties.
    pub properties: Properties,
}

/// One link. No two links join the same two resources in the same direction.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkSpec {
    /// Where messages come from.
    pub from: LogicalId,
    /// Where messages go.
    pub to: LogicalId,
    /// Its kind and properties.
    pub properties: LinkProperties,
}

/// What holds for the whole scenario.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct Settings {
    /// Which set of quotas holds.
    #[serde(skip_serializing_if = "is_default")]
    pub quota_profile: QuotaProfile,
    /// Prices of one's own, in US dollars, by the names and for the amounts of the table of prices (COST-63).
    #[serde(skip_serializing_if = "is_default")]
    pub prices: BTreeMap<Item, f64>,
    /// Quotas of the account that AWS has changed for it, each by its code: a whole number instead of that of the
    /// profile. Only adjustable ones that [`ResourceKind::quotas`](crate::ResourceKind::quotas) names.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub quotas: Map<String, Value>,
}

impl Settings {
    /// The number of a quota that holds.
    #[inline]
    pub fn quota(&self, quota: &Quota) -> u64 {
        // Most documents set none, and most quotas cannot be set.
        match quota.adjustable && !self.quotas.is_empty() {
            true => self.quota_of_account(quota),
            false => quota.value(self.quota_profile),
        }
    }

    #[cold]
    fn quota_of_account(&self, quota: &Quota) -> u64 {
        let own = self.quotas.get(quota.code).and_then(Value::as_u64);
        own.unwrap_or_else(|| quota.value(self.quota_profile))
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
