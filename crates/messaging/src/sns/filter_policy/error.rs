//! Why SNS refuses a filter policy, in its words and in ours.

use std::fmt;

use serde::Serialize;

/// A stretch of the policy text, for an editor to underline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct TextSpan {
    /// First byte, from 0.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
    /// Line of the first byte, from 1.
    pub line: usize,
    /// Character within the line, from 1.
    pub column: usize,
}

impl TextSpan {
    pub(super) fn new(text: &str, start: usize, end: usize) -> Self {
        let start = char_boundary_at_or_before(text, start);
        let end = (end.max(start)..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            start,
            end,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

/// The nearest place that does not cut a character in two.
pub(super) fn char_boundary_at_or_before(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// The kinds of refusal, by the names of `SNS-253`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum FilterPolicyErrorKind {
    /// The text is not JSON.
    InvalidJson,
    /// The JSON is not an object.
    NotAnObject,
    /// A key holds a bare value.
    ValueNotObjectOrArray,
    /// A key holds `[]`.
    EmptyArray,
    /// A key or a branch holds `{}`.
    EmptyObject,
    /// An object below a key with scope `MessageAttributes`.
    NestedNotAllowed,
    /// An array inside a rule list.
    BadMatchValue,
    /// `{}` as a rule.
    EmptyMatchExpression,
    /// No operator of that name.
    UnknownOperator,
    /// Two operators in one rule.
    MultipleOperators,
    /// The operator wants a string.
    OperandNotString,
    /// Two stars side by side.
    WildcardConsecutive,
    /// A backslash before something other than a star or a backslash.
    WildcardBadEscape,
    /// More than three stars in one pattern (`SNS-248`).
    WildcardTooMany,
    /// More than 100 wildcard points (`SNS-248`).
    WildcardTooComplex,
    /// A `cidr` without exactly one slash.
    CidrNoSlash,
    /// A `cidr` whose mask is no integer.
    CidrMaskNotInteger,
    /// A `cidr` whose address is none.
    CidrBadAddress,
    /// A `cidr` whose mask is out of range.
    CidrMaskRange,
    /// `numeric` without an array.
    NumericNotArray,
    /// A `numeric` array that does not start with a comparison.
    NumericInvalidMember,
    /// A comparison that does not exist.
    NumericUnknownOperator,
    /// A comparison without a number.
    NumericValueNotNumeric,
    /// Something follows `=`, `<` or `<=`.
    NumericTooManyElements,
    /// The second comparison is not `<` or `<=`.
    NumericBadRangeOperator,
    /// The second comparison is no string.
    NumericBadRangeValue,
    /// The range is empty.
    NumericBottomNotLessThanTop,
    /// More than two comparisons.
    NumericTooManyTerms,
    /// `exists` without a boolean.
    ExistsNotBoolean,
    /// An operator that `anything-but` does not take.
    AnythingButUnsupported,
    /// A boolean, null or object as a value of `anything-but`.
    AnythingButBadValue,
    /// Strings and numbers mixed, or an empty list.
    AnythingButMixed,
    /// `anything-but` with an empty prefix or suffix.
    AnythingButEmptyAffix,
    /// More than five keys (`SNS-245`).
    TooManyKeys,
    /// More than 150 combinations (`SNS-246`).
    TooComplex,
    /// More than 262,144 bytes (`SNS-247`). The service's own name and text for it are unknown.
    TooLarge,
    /// A scope that does not exist (`SNS-202`).
    BadScope,
}

impl fmt::Display for FilterPolicyErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// A refused filter policy. API error code: `InvalidParameter`, HTTP 400 (`SNS-251`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FilterPolicyError {
    /// Which rule is broken.
    pub kind: FilterPolicyErrorKind,
    /// SNS's own text, without the words before it that depend on the call.
    pub text: String,
    /// Where in the policy text.
    pub span: TextSpan,
    /// What to change, in plain words.
    pub hint: String,
}

impl FilterPolicyError {
    /// API error code (`SNS-251`).
    pub const CODE: &'static str = "InvalidParameter";

    /// The message that `SetSubscriptionAttributes` answers (`SNS-251`).
    pub fn set_subscription_attributes_message(&self) -> String {
        format!("Invalid parameter: {}{}", self.part(), self.text)
    }

    /// The message that `Subscribe` answers (`SNS-251`).
    pub fn subscribe_message(&self) -> String {
        format!("Invalid parameter: Attributes Reason: {}{}", self.part(), self.text)
    }

    fn part(&self) -> &'static str {
        match self.kind {
            FilterPolicyErrorKind::NestedNotAllowed => "",
            FilterPolicyErrorKind::BadScope => "FilterPolicyScope: ",
            _ => "FilterPolicy: ",
        }
    }
}

impl fmt::Display for FilterPolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.set_subscription_attributes_message())
    }
}

impl std::error::Error for FilterPolicyError {}
