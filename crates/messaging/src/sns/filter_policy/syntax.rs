//! From JSON to keys, rules and branches, refusing what SNS refuses in reading order (`SNS-252`).

use super::error::FilterPolicyErrorKind as Kind;
use super::error::{FilterPolicyError, TextSpan};
use super::limits::{RESERVED_WORDS, or_branches};
use super::rule::Rule;
use super::rule_syntax::parse_rule;
use super::spanned_json::{Json, Member, Node};

/// First byte of a stretch of the text, and the byte after its last.
pub(super) type Span = (usize, usize);

/// A key with its rules, or a `$or` with its branches.
#[derive(Debug)]
pub(super) enum Entry {
    Key(ParsedKey),
    Or(Vec<Vec<Entry>>),
}

#[derive(Debug)]
pub(super) struct ParsedKey {
    /// Dotted path (`SNS-214`).
    pub(super) path: String,
    /// Where the key stands among the branches, such as `$or[1]` or `$or[0] / $or[1]`; empty outside.
    pub(super) branch: String,
    /// The key's name in the text.
    pub(super) name_span: Span,
    /// Each rule with its place.
    pub(super) rules: Vec<(Rule, Span)>,
}

/// The policy text while it is being read.
pub(super) struct Source<'text> {
    pub(super) text: &'text str,
    /// Name of the first key that holds an object (`SNS-205`).
    pub(super) first_nested: Option<Span>,
}

impl Source<'_> {
    pub(super) fn error(
        &self,
        kind: Kind,
        (start, end): Span,
        text: impl Into<String>,
        hint: impl Into<String>,
    ) -> FilterPolicyError {
        let span = TextSpan::new(self.text, start, end);
        FilterPolicyError { kind, text: text.into(), span, hint: hint.into() }
    }

    /// Reads the members of an object at `prefix` (empty, or a path with its dot).
    pub(super) fn entries(
        &mut self,
        members: &[Member<'_>],
        prefix: &str,
        branch: &str,
    ) -> Result<Vec<Entry>, FilterPolicyError> {
        let mut entries = Vec::with_capacity(members.len());
        for member in members {
            match (or_branches(member), &member.node.value) {
                (Some(branches), _) => entries.push(Entry::Or(self.branches(branches, prefix, branch)?)),
                (None, Json::Object(nested)) => {
                    self.first_nested.get_or_insert((member.name_start, member.name_end));
                    self.require_keys(nested, &member.node)?;
                    entries.extend(self.entries(nested, &format!("{prefix}{}.", member.name), branch)?);
                }
                (None, Json::Array(rules)) => {
                    let path = format!("{prefix}{}", member.name);
                    let rules = self.rules(rules, &member.node)?;
                    let name_span = (member.name_start, member.name_end);
                    entries.push(Entry::Key(ParsedKey { path, branch: branch.into(), name_span, rules }));
                }
                (None, _) => return Err(self.bare_value(member)),
            }
        }
        Ok(entries)
    }

    fn branches(
        &mut self,
        branches: &[Node<'_>],
        prefix: &str,
        outer: &str,
    ) -> Result<Vec<Vec<Entry>>, FilterPolicyError> {
        let mut parsed = Vec::with_capacity(branches.len());
        for (index, node) in branches.iter().enumerate() {
            let Json::Object(members) = &node.value else { continue };
            self.require_keys(members, node)?;
            let separator = if outer.is_empty() { "" } else { " / " };
            parsed.push(self.entries(members, prefix, &format!("{outer}{separator}{prefix}$or[{index}]"))?);
        }
        Ok(parsed)
    }

    fn require_keys(&self, members: &[Member<'_>], node: &Node<'_>) -> Result<(), FilterPolicyError> {
        if !members.is_empty() {
            return Ok(());
        }
        let hint = "Name at least one key inside the braces, or remove them.";
        Err(self.error(Kind::EmptyObject, (node.start, node.end), "Empty objects are not allowed", hint))
    }

    fn rules(&mut self, rules: &[Node<'_>], list: &Node<'_>) -> Result<Vec<(Rule, Span)>, FilterPolicyError> {
        if rules.is_empty() {
            let hint = "List at least one value or operator that the key may match.";
            let span = (list.start, list.end);
            return Err(self.error(Kind::EmptyArray, span, "Empty arrays are not allowed", hint));
        }
        rules.iter().map(|rule| Ok((parse_rule(self, rule)?, (rule.start, rule.end)))).collect()
    }

    fn bare_value(&self, member: &Member<'_>) -> FilterPolicyError {
        let value = &self.text[member.node.start..member.node.end];
        let shown = if value.chars().count() > 40 { "..." } else { value };
        let hint = if RESERVED_WORDS.contains(&member.name.as_str()) {
            format!("An operator stands in a list: [{{\"{}\": {shown}}}].", member.name)
        } else {
            format!("Put the value in square brackets: [{shown}].")
        };
        let text = format!("\"{}\" must be an object or an array", member.name);
        self.error(Kind::ValueNotObjectOrArray, (member.node.start, member.node.end), text, hint)
    }
}
