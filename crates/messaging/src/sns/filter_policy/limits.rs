//! Counting a policy against its limits.
//!
//! Counts come from the JSON alone, so that an editor can show them for a policy that is not valid yet.

use serde::Serialize;

use super::settings::{FilterPolicySettings, KeyCount};
use super::spanned_json::{self, Json, Member, Node};

/// Most keys of a policy (`SNS-245`).
pub const MAXIMUM_KEYS: usize = 5;
/// Most combinations of a policy (`SNS-246`).
pub const MAXIMUM_COMBINATIONS: u64 = 150;
/// Most combinations before the limit was raised (`SNS-246`).
pub const MAXIMUM_COMBINATIONS_CLASSIC: u64 = 100;
/// Most bytes of policy text (`SNS-247`).
pub const MAXIMUM_POLICY_BYTES: usize = 262_144;
/// Most stars in one wildcard pattern (`SNS-248`).
pub const MAXIMUM_WILDCARDS_PER_PATTERN: usize = 3;
/// Most wildcard points over all keys (`SNS-248`).
pub const MAXIMUM_WILDCARD_POINTS: usize = 100;
/// Most filter policies of one topic (`SNS-250`); for the caller that attaches them.
pub const MAXIMUM_FILTER_POLICIES_PER_TOPIC: usize = 200;
/// Most filter policies of one account (`SNS-250`); for the caller that attaches them.
pub const MAXIMUM_FILTER_POLICIES_PER_ACCOUNT: usize = 10_000;

/// Operator words: a `$or` branch that uses one as a key makes `$or` an ordinary key (`SNS-239`).
pub(super) const RESERVED_WORDS: [&str; 9] = [
    "exactly",
    "equals-ignore-case",
    "prefix",
    "suffix",
    "anything-but",
    "exists",
    "wildcard",
    "numeric",
    "cidr",
];

/// How much of each limit a policy text uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PolicyCounters {
    /// Keys, of [`MAXIMUM_KEYS`]; `None` while the text is not a JSON object.
    pub keys: Option<usize>,
    /// Combinations, of [`MAXIMUM_COMBINATIONS`]; `None` while the text is not a JSON object.
    pub combinations: Option<u64>,
    /// Bytes of text, of [`MAXIMUM_POLICY_BYTES`].
    pub bytes: usize,
}

impl PolicyCounters {
    /// Counts a text that need not be a valid policy.
    pub fn measure(json_text: &str, settings: &FilterPolicySettings) -> Self {
        let bytes = json_text.len();
        let root = if bytes <= MAXIMUM_POLICY_BYTES { spanned_json::parse(json_text).ok() } else { None };
        match root.map(|root| root.value) {
            Some(Json::Object(members)) => Self::of(&members, bytes, settings),
            _ => Self { keys: None, combinations: None, bytes },
        }
    }

    pub(super) fn of(members: &[Member<'_>], bytes: usize, settings: &FilterPolicySettings) -> Self {
        let keys = match settings.key_count {
            KeyCount::LeafKeys => count_leaf_keys(members),
            KeyCount::TopLevelKeys => count_top_level_keys(members),
        };
        Self { keys: Some(keys), combinations: Some(count_combinations(members, 1)), bytes }
    }
}

/// The branches of a member that is the `$or` operator; `None` for an ordinary key (`SNS-239`).
pub(super) fn or_branches<'node, 'text>(member: &'node Member<'text>) -> Option<&'node [Node<'text>]> {
    let Json::Array(branches) = &member.node.value else { return None };
    let is_branch = |node: &Node<'_>| match &node.value {
        Json::Object(members) => !members.iter().any(|m| RESERVED_WORDS.contains(&m.name.as_str())),
        _ => false,
    };
    (member.name == "$or" && branches.len() >= 2 && branches.iter().all(is_branch)).then_some(branches)
}

fn branch_members<'node, 'text>(branch: &'node Node<'text>) -> &'node [Member<'text>] {
    match &branch.value {
        Json::Object(members) => members,
        _ => &[],
    }
}

fn count_leaf_keys(members: &[Member<'_>]) -> usize {
    let of_member = |member: &Member<'_>| match (or_branches(member), &member.node.value) {
        (Some(branches), _) => branches.iter().map(|branch| count_leaf_keys(branch_members(branch))).sum(),
        (None, Json::Object(nested)) => count_leaf_keys(nested),
        (None, _) => 1,
    };
    members.iter().map(of_member).sum()
}

fn count_top_level_keys(members: &[Member<'_>]) -> usize {
    let of_member = |member: &Member<'_>| match or_branches(member) {
        Some(branches) => branches.iter().map(|branch| count_top_level_keys(branch_members(branch))).sum(),
        None => 1,
    };
    members.iter().map(of_member).sum()
}

/// Product over the keys of rules times depth; a `$or` gives the sum of its branches (`SNS-246`).
fn count_combinations(members: &[Member<'_>], depth: u64) -> u64 {
    let of_member = |member: &Member<'_>| match (or_branches(member), &member.node.value) {
        (Some(branches), _) => branches
            .iter()
            .map(|branch| count_combinations(branch_members(branch), depth))
            .fold(0, u64::saturating_add),
        (None, Json::Object(nested)) => count_combinations(nested, depth + 1),
        (None, Json::Array(rules)) => (rules.len().max(1) as u64).saturating_mul(depth),
        (None, _) => depth,
    };
    members.iter().map(of_member).fold(1, u64::saturating_mul)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn combinations(text: &str) -> Option<u64> {
        PolicyCounters::measure(text, &FilterPolicySettings::default()).combinations
    }

    fn keys(text: &str, key_count: KeyCount) -> Option<usize> {
        PolicyCounters::measure(text, &FilterPolicySettings { key_count, ..Default::default() }).keys
    }

    #[test]
    fn combinations_multiply_and_branches_add_sns_246() {
        assert_eq!(combinations(r#"{"a":["1","2"],"b":["1","2","3"]}"#), Some(6));
        assert_eq!(combinations(r#"{"a":{"b":{"c":["1","2"]}}}"#), Some(6));
        assert_eq!(combinations(r#"{"a":[1,2],"$or":[{"b":[1,2,3]},{"c":[1],"d":[1,2]}]}"#), Some(10));
        assert_eq!(combinations(r#"{"a":[{"anything-but":["1","2"]}]}"#), Some(1));
        assert_eq!(combinations(r#"{"a":["#), None);
    }

    #[test]
    fn leaf_or_top_level_keys_sns_245() {
        let nested = r#"{"a":{"b":[1],"c":[1]},"$or":[{"d":[1]},{"e":{"f":[1],"g":[1]}}]}"#;
        assert_eq!(keys(nested, KeyCount::LeafKeys), Some(5));
        assert_eq!(keys(nested, KeyCount::TopLevelKeys), Some(3));
    }

    #[test]
    fn counters_do_not_need_a_valid_policy() {
        let text = r#"{"state":["cancelled","declined"],"amount":[{"numeric":[">=",20,"<"]}],"n":7}"#;
        let counters = PolicyCounters::measure(text, &FilterPolicySettings::default());
        assert_eq!((counters.keys, counters.combinations, counters.bytes), (Some(3), Some(2), text.len()));
    }
}
