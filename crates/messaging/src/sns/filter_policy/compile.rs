//! From parsed entries to the compiled policy, with the checks that need the whole policy (`SNS-252`).

use super::error::FilterPolicyErrorKind as Kind;
use super::error::{FilterPolicyError, TextSpan, char_boundary_at_or_before};
use super::limits::{
    MAXIMUM_COMBINATIONS, MAXIMUM_KEYS, MAXIMUM_POLICY_BYTES, MAXIMUM_WILDCARD_POINTS,
    MAXIMUM_WILDCARDS_PER_PATTERN,
};
use super::rule::{Rule, TextPattern, Wildcard};
use super::settings::{FilterPolicyScope, FilterPolicySettings};
use super::spanned_json::{self, Json, Member};
use super::syntax::{Entry, ParsedKey, Source, Span};
use super::{FilterPolicy, PolicyCounters, PolicyWarning};

/// A set of key numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct KeySet(u128);

impl KeySet {
    /// Key numbers a set can hold.
    const CAPACITY: usize = u128::BITS as usize;

    pub(super) fn insert(&mut self, key: usize) {
        self.0 |= 1 << key;
    }

    pub(super) fn contains(self, key: usize) -> bool {
        self.0 >> key & 1 == 1
    }

    pub(super) fn is_subset(self, of: Self) -> bool {
        self.0 & !of.0 == 0
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) fn len(self) -> u32 {
        self.0.count_ones()
    }

    pub(super) fn iter(self) -> impl Iterator<Item = usize> {
        (0..Self::CAPACITY).filter(move |&key| self.contains(key))
    }
}

/// A key that holds rules.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LeafKey {
    pub(super) path: String,
    pub(super) branch: String,
    pub(super) rules: Vec<Rule>,
}

impl LeafKey {
    /// Whether the key being absent satisfies it (`SNS-209`).
    pub(super) fn allows_absence(&self) -> bool {
        self.rules.contains(&Rule::Exists(false))
    }
}

impl FilterPolicy {
    /// Parses with given answers where the sources disagree.
    ///
    /// # Errors
    /// As [`FilterPolicy::parse`].
    pub fn parse_with(
        json_text: &str,
        scope: FilterPolicyScope,
        settings: &FilterPolicySettings,
    ) -> Result<Self, FilterPolicyError> {
        let mut source = Source { text: json_text, first_nested: None };
        let whole = (0, json_text.len());
        let members = read_members(&source)?;
        let counters = PolicyCounters::of(&members, json_text.len(), settings);
        let entries = source.entries(&members, "", "")?;
        if let (FilterPolicyScope::MessageAttributes, Some(span)) = (scope, source.first_nested) {
            let text = "Filter policy scope MessageAttributes does not support nested filter policy";
            let hint = "Set the scope to MessageBody, or use a flat key.";
            return Err(source.error(Kind::NestedNotAllowed, span, text, hint));
        }
        let mut keys = Vec::new();
        let tree = number_keys(entries, &mut keys);
        let key_count = counters.keys.unwrap_or(0);
        if key_count > MAXIMUM_KEYS || keys.len() > KeySet::CAPACITY {
            let span = keys.get(MAXIMUM_KEYS).map_or(whole, |key| key.name_span);
            let text = "Filter policy can not have more than 5 keys";
            let hint = format!("Remove keys until {MAXIMUM_KEYS} are left; here are {key_count}.");
            return Err(source.error(Kind::TooManyKeys, span, text, hint));
        }
        let combinations = counters.combinations.unwrap_or(0);
        // The bound also bounds the work of compiling, so a setting cannot raise it.
        let most = settings.maximum_combinations.min(MAXIMUM_COMBINATIONS);
        if combinations > most {
            let hint = format!(
                "Rules times depth, multiplied over the keys, give {combinations} combinations; at most {most} are \
                 allowed."
            );
            return Err(source.error(Kind::TooComplex, whole, "Filter policy is too complex", hint));
        }
        check_wildcards(&source, &keys, whole)?;
        let warnings = warnings(json_text, &keys);
        let alternatives = if keys.is_empty() { Vec::new() } else { alternatives(&tree, &keys) };
        let keys = keys.into_iter().map(LeafKey::from).collect();
        Ok(Self { scope, settings: *settings, counters, warnings, keys, alternatives })
    }
}

impl From<ParsedKey> for LeafKey {
    fn from(key: ParsedKey) -> Self {
        let rules = key.rules.into_iter().map(|(rule, _)| rule).collect();
        Self { path: key.path, branch: key.branch, rules }
    }
}

fn read_members<'text>(source: &Source<'text>) -> Result<Vec<Member<'text>>, FilterPolicyError> {
    let text = source.text;
    if text.len() > MAXIMUM_POLICY_BYTES {
        let shown = "Filter policy is larger than 262144 bytes";
        let hint = format!("Shorten the text by {} bytes.", text.len() - MAXIMUM_POLICY_BYTES);
        return Err(source.error(Kind::TooLarge, (MAXIMUM_POLICY_BYTES, text.len()), shown, hint));
    }
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let root = spanned_json::parse(text).map_err(|error| invalid_json(source, &error))?;
    match root.value {
        Json::Object(members) => Ok(members),
        _ => {
            let hint = "Start with { and name a key: {\"state\": [\"placed\"]}.";
            Err(source.error(Kind::NotAnObject, (root.start, root.end), "Filter is not an object", hint))
        }
    }
}

fn invalid_json(source: &Source<'_>, error: &serde_json::Error) -> FilterPolicyError {
    let earlier_lines = source.text.split_inclusive('\n').take(error.line().saturating_sub(1));
    let line_start: usize = earlier_lines.map(str::len).sum();
    let start = char_boundary_at_or_before(source.text, line_start + error.column().saturating_sub(1));
    let told = error.to_string();
    let reason = told.split(" at line ").next().unwrap_or_default();
    let hint = if source.text[start..].starts_with('\'') {
        "JSON texts stand in double quotes.".into()
    } else {
        format!("The text is not JSON here: {reason}.")
    };
    source.error(Kind::InvalidJson, (start, start + 1), "failed to parse JSON.", hint)
}

/// Entries with their keys numbered.
enum Tree {
    Key(usize),
    Or(Vec<Vec<Tree>>),
}

fn number_keys(entries: Vec<Entry>, keys: &mut Vec<ParsedKey>) -> Vec<Tree> {
    let number = |entry| match entry {
        Entry::Key(key) => {
            keys.push(key);
            Tree::Key(keys.len() - 1)
        }
        Entry::Or(branches) => {
            Tree::Or(branches.into_iter().map(|branch| number_keys(branch, keys)).collect())
        }
    };
    entries.into_iter().map(number).collect()
}

/// All ways to take one branch of each `$or`. There are at most as many as combinations.
fn alternatives(tree: &[Tree], keys: &[ParsedKey]) -> Vec<KeySet> {
    let mut plain = KeySet::default();
    for entry in tree {
        if let Tree::Key(key) = entry {
            let mut single = KeySet::default();
            single.insert(*key);
            plain = replace(plain, single, keys);
        }
    }
    let mut sets = vec![plain];
    for entry in tree {
        let Tree::Or(branches) = entry else { continue };
        let inner: Vec<KeySet> = branches.iter().flat_map(|branch| alternatives(branch, keys)).collect();
        sets =
            sets.iter().flat_map(|&outer| inner.iter().map(move |&set| replace(outer, set, keys))).collect();
    }
    sets
}

/// Joins two sets; a key of `inner` replaces the key of `outer` with the same path (`SNS-239`).
fn replace(outer: KeySet, inner: KeySet, keys: &[ParsedKey]) -> KeySet {
    let mut replaced = KeySet::default();
    for key in outer.iter() {
        if inner.iter().any(|other| keys[other].path == keys[key].path) {
            replaced.insert(key);
        }
    }
    outer.without(replaced).union(inner)
}

fn wildcard_of(rule: &Rule) -> Option<(&Wildcard, bool)> {
    match rule {
        Rule::Text(TextPattern::Wildcard(wildcard)) => Some((wildcard, false)),
        Rule::AnythingButText(TextPattern::Wildcard(wildcard)) => Some((wildcard, true)),
        _ => None,
    }
}

/// Stars of each pattern, then points over all keys (`SNS-248`). A pattern without a star counts one point.
fn check_wildcards(source: &Source<'_>, keys: &[ParsedKey], whole: Span) -> Result<(), FilterPolicyError> {
    let mut total = 0;
    for key in keys {
        let (mut points, mut patterns) = (0, 0);
        for (rule, span) in &key.rules {
            let Some((wildcard, negated)) = wildcard_of(rule) else { continue };
            if wildcard.stars() > MAXIMUM_WILDCARDS_PER_PATTERN {
                let text = "Filter policy can not have more than three wildcards in a pattern";
                let hint = "Keep at most three stars in one pattern.";
                return Err(source.error(Kind::WildcardTooMany, *span, text, hint));
            }
            points += if wildcard.stars() > 1 && !negated { 3 } else { 1 };
            patterns += 1;
        }
        total += points * patterns;
    }
    if total > MAXIMUM_WILDCARD_POINTS {
        let hint = format!(
            "The patterns cost {total} points, at most {MAXIMUM_WILDCARD_POINTS} are allowed: use fewer patterns \
             or fewer stars per key."
        );
        let text = "Filter policy exceeds the wildcard complexity limit";
        return Err(source.error(Kind::WildcardTooComplex, whole, text, hint));
    }
    Ok(())
}

fn warnings(text: &str, keys: &[ParsedKey]) -> Vec<PolicyWarning> {
    let mut warnings = Vec::new();
    for (index, key) in keys.iter().enumerate() {
        let replaced =
            |earlier: &ParsedKey| earlier.path == key.path && key.branch.starts_with(&earlier.branch);
        if keys[..index].iter().any(replaced) {
            let text_shown =
                format!("\"{}\" is named twice: these rules replace the earlier ones.", key.path);
            let span = TextSpan::new(text, key.name_span.0, key.name_span.1);
            warnings.push(PolicyWarning { text: text_shown, span });
        }
        for (rule, (start, end)) in &key.rules {
            if !numbers_of(rule).all(is_documented_number) {
                let text_shown =
                    "SNS documents numbers from -10^9 to 10^9 with up to five decimals only; this one \
                                  is compared as a double."
                        .into();
                warnings.push(PolicyWarning { text: text_shown, span: TextSpan::new(text, *start, *end) });
            }
        }
    }
    warnings
}

fn numbers_of(rule: &Rule) -> impl Iterator<Item = f64> {
    let (list, ends): (&[f64], [Option<f64>; 2]) = match rule {
        Rule::Number(value) => (std::slice::from_ref(value), [None; 2]),
        Rule::AnythingButNumbers(values) => (values, [None; 2]),
        Rule::Numeric(range) => (&[], [range.bottom.map(|b| b.value), range.top.map(|t| t.value)]),
        _ => (&[], [None; 2]),
    };
    list.iter().copied().chain(ends.into_iter().flatten())
}

/// Within the range and precision of the guide (`SNS-249`).
fn is_documented_number(value: f64) -> bool {
    let spelled = value.to_string();
    let decimals = spelled.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    value.abs() <= 1e9 && decimals <= 5
}
