//! Conditions of a statement (`ACC-3`).

use wildmatch::WildMatch;

/// One operator on one key. Its values are alternatives.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Condition {
    pub(super) operator: Operator,
    /// Context key; compared without case, as AWS does.
    pub(super) key: String,
    pub(super) values: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    StringEquals,
    StringLike,
    /// `ArnEquals` and `ArnLike`, which are the same.
    Arn,
    Bool,
}

impl Operator {
    pub(super) const NAMES: &str = "StringEquals, StringLike, ArnEquals, ArnLike and Bool";

    pub(super) fn from_name(name: &str) -> Option<Self> {
        match name {
            "StringEquals" => Some(Self::StringEquals),
            "StringLike" => Some(Self::StringLike),
            "ArnEquals" | "ArnLike" => Some(Self::Arn),
            "Bool" => Some(Self::Bool),
            _ => None,
        }
    }
}

impl Condition {
    /// Whether a value of the key satisfies the operator; a missing key does not.
    pub(super) fn holds(&self, context: &[(&str, &str)]) -> bool {
        let mut values = context.iter().filter(|(key, _)| key.eq_ignore_ascii_case(&self.key));
        values.any(|(_, value)| self.values.iter().any(|wanted| self.operator.compares(wanted, value)))
    }

    /// Whether the condition names the source of a service's call (`ACC-15`).
    pub(super) fn limits_source(&self) -> bool {
        let source = ["aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:PrincipalOrgID"];
        source.iter().any(|key| key.eq_ignore_ascii_case(&self.key))
    }
}

impl Operator {
    fn compares(self, wanted: &str, value: &str) -> bool {
        match self {
            Self::StringEquals => wanted == value,
            Self::StringLike => WildMatch::new(wanted).matches(value),
            Self::Arn => arns_match(wanted, value),
            Self::Bool => wanted.eq_ignore_ascii_case(value),
        }
    }
}

/// Part by part: a wildcard of one part never reaches into the next, except in the last.
fn arns_match(wanted: &str, value: &str) -> bool {
    let mut wanted = wanted.splitn(6, ':');
    let mut value = value.splitn(6, ':');
    loop {
        match (wanted.next(), value.next()) {
            (None, None) => return true,
            (Some(pattern), Some(part)) if WildMatch::new(pattern).matches(part) => {}
            _ => return false,
        }
    }
}
