//! Properties in the inspector: built from descriptors, so that a service brings no form of its own.

use messaging::descriptor::{FieldKind, FieldSpec};
use messaging::quota::Quota;
use scenario::JsonPointer;
use scenario::limits::highest_quota;
use serde_json::Value as Json;

use crate::state::EditorState;
use crate::view::format::format_count;

/// A property in the inspector.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldView {
    /// Where it is in the document: what to set.
    pub pointer: JsonPointer,
    /// Its name, in CloudFormation's spelling.
    pub name: &'static str,
    /// What it does.
    pub description: &'static str,
    /// The rule in the specification.
    pub rule: &'static str,
    /// What it may hold.
    pub kind: FieldKindView,
    /// Its value now; null when it is not given.
    pub value: Json,
    /// What a fresh one has; null when it has none.
    pub default: Json,
    /// The value as text, or what was typed and does not fit.
    pub text: String,
    /// What is wrong with it.
    pub error: Option<String>,
    /// The range in words, such as `0 to 43,200 s`; may be empty.
    pub range: String,
    /// What it may be, for `Choice` and `Variants`: the word, and the value to set.
    pub choices: Vec<(&'static str, Json)>,
    /// The word of the choice in force.
    pub chosen: String,
    /// The members of the variant in force.
    pub members: Vec<FieldView>,
}

/// What a property may hold, comparable.
#[derive(Clone, Copy, Debug)]
pub struct FieldKindView(pub FieldKind);

impl PartialEq for FieldKindView {
    /// Descriptors are constants: the same field always has the same kind.
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

/// The properties of a resource or a link.
pub(crate) fn fields(
    state: &EditorState,
    specs: &'static [FieldSpec],
    at: &JsonPointer,
    values: &Json,
    defaults: &Json,
) -> Vec<FieldView> {
    specs.iter().map(|spec| field(state, spec, at, values, defaults)).collect()
}

/// The adjustable quotas of the kinds that are there.
pub(crate) fn quotas(state: &EditorState) -> Vec<FieldView> {
    let settings = &state.scenario.settings;
    let mut kinds: Vec<_> = state.scenario.resources.values().map(messaging::Properties::kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let at = JsonPointer::root().then("Settings").then("Quotas");
    let quota = |quota: &'static Quota| {
        let default = Json::from(quota.value(settings.quota_profile));
        let value = settings.quotas.get(quota.code).unwrap_or(&default).clone();
        let pointer = at.then(quota.code);
        let wrong = state.diagnostics.iter().find(|diagnostic| diagnostic.pointer == pointer);
        let high = highest_quota(quota).min(i64::MAX as u64) as i64;
        let kind = FieldKind::Integer { low: 1, high, unit: "" };
        FieldView {
            name: quota.code,
            description: quota.name,
            rule: quota.rule,
            text: text_of(&value),
            error: wrong.map(|diagnostic| diagnostic.message.clone()),
            range: range(&kind),
            kind: FieldKindView(kind),
            choices: Vec::new(),
            chosen: String::new(),
            members: Vec::new(),
            value,
            default,
            pointer,
        }
    };
    kinds.into_iter().flat_map(|kind| kind.quotas()).map(|found| quota(found)).collect()
}

fn field(
    state: &EditorState,
    spec: &'static FieldSpec,
    at: &JsonPointer,
    values: &Json,
    defaults: &Json,
) -> FieldView {
    let pointer = at.then(spec.name);
    let default = defaults.get(spec.name).cloned().unwrap_or_default();
    // What is as in a fresh one may be left out.
    let value = values.get(spec.name).unwrap_or(&default).clone();
    let draft = state.property_drafts.get(&pointer);
    let wrong = state.diagnostics.iter().find(|diagnostic| diagnostic.pointer == pointer);
    let error = draft.map(|(_, error)| error.clone()).filter(|error| !error.is_empty());
    let (choices, chosen, members) = alternatives(state, spec, &pointer, &value, &default);
    FieldView {
        name: spec.name,
        description: spec.description,
        rule: spec.rule,
        kind: FieldKindView(spec.kind),
        text: draft.map_or_else(|| text_of(&value), |(text, _)| text.clone()),
        error: error.or_else(|| wrong.map(|diagnostic| diagnostic.message.clone())),
        range: range(&spec.kind),
        choices,
        chosen,
        members,
        value,
        default,
        pointer,
    }
}

type Alternatives = (Vec<(&'static str, Json)>, String, Vec<FieldView>);

fn alternatives(
    state: &EditorState,
    spec: &'static FieldSpec,
    pointer: &JsonPointer,
    value: &Json,
    default: &Json,
) -> Alternatives {
    match spec.kind {
        FieldKind::Choice(words) => {
            let choices = words.iter().map(|word| (*word, Json::from(*word))).collect();
            (choices, value.as_str().unwrap_or_default().to_owned(), Vec::new())
        }
        FieldKind::Variants { tag, cases } => {
            let chosen = value.get(tag).and_then(Json::as_str).unwrap_or_default();
            let case = cases.iter().find(|(name, _)| *name == chosen).or_else(|| cases.first());
            let same = default.get(tag) == value.get(tag);
            let defaults = if same { default } else { &Json::Null };
            let members =
                case.map_or_else(Vec::new, |(_, specs)| fields(state, specs, pointer, value, defaults));
            let choices = cases.iter().filter(|(name, _)| !name.is_empty());
            let choices = choices.map(|(name, specs)| (*name, case_value(tag, name, specs, value))).collect();
            (choices, chosen.to_owned(), members)
        }
        _ => (Vec::new(), String::new(), Vec::new()),
    }
}

/// The value that changes to another case: members of the same name stay, the others begin small.
fn case_value(tag: &str, name: &str, specs: &[FieldSpec], now: &Json) -> Json {
    let mut members = serde_json::Map::new();
    members.insert(tag.into(), name.into());
    for spec in specs {
        let value = now.get(spec.name).cloned().unwrap_or_else(|| first_value(&spec.kind));
        members.insert(spec.name.into(), value);
    }
    Json::Object(members)
}

/// A value that fits, for a member that was not there.
fn first_value(kind: &FieldKind) -> Json {
    /// What a number is at first, if it may be.
    const USUAL: i64 = 10;
    match kind {
        FieldKind::Integer { low, high, .. } => USUAL.clamp(*low, *high).into(),
        FieldKind::Number { low, high, .. } => (USUAL as f64).clamp(*low, *high).into(),
        FieldKind::Switch => false.into(),
        FieldKind::Choice(words) => words.first().copied().unwrap_or_default().into(),
        FieldKind::Text => "".into(),
        FieldKind::Json | FieldKind::FilterPolicy => Json::Array(Vec::new()),
        FieldKind::Variants { tag, cases } => {
            cases.first().map_or(Json::Null, |(name, specs)| case_value(tag, name, specs, &Json::Null))
        }
    }
}

fn text_of(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(_) | Json::Object(_) => serde_json::to_string_pretty(value).unwrap_or_default(),
        other => other.to_string(),
    }
}

fn range(kind: &FieldKind) -> String {
    match kind {
        FieldKind::Integer { low, high, unit } => {
            let text = format!("{} to {}", format_count(*low as f64), format_count(*high as f64));
            if unit.is_empty() { text } else { format!("{text} {unit}") }
        }
        FieldKind::Number { low, high, unit } => {
            let number = |value: f64| {
                if value.fract() == 0.0 { format_count(value) } else { value.to_string() }
            };
            let text = format!("{} to {}", number(*low), number(*high));
            if unit.is_empty() { text } else { format!("{text} {unit}") }
        }
        _ => String::new(),
    }
}
