//! Changes of a document that people write by hand: `producer.rate=450`.
//!
//! Links, the command line and books use the same words. On the left stands a resource, or `from>to` for a link,
//! then a property: its name, or the name of a member of one, such as `Rate` of `ArrivalProcess`. Case, `-` and `_` do
//! not count. A resource that is the only one of its kind also answers to the kind's own word, such as `producer`.

use messaging::descriptor::{FieldKind, FieldSpec};
use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, DiagnosticCode, Diagnostics};
use crate::document::value_of;
use crate::limits::{MAX_DIAGNOSTICS, MAX_OVERRIDES};
use crate::model::Scenario;
use crate::parse::{Parsed, parse_value, suggestion};
use crate::pointer::JsonPointer;

/// A change as it was written: what stands left of `=`, and what stands right of it.
pub type Override = (String, String);

/// The document with the changes made, in their order. A change that names nothing of the document is reported at
/// `/#/` and what stands left of its `=`; a value that does not fit is reported where it would stand in the document.
pub fn apply_overrides(scenario: &Scenario, overrides: &[Override]) -> Parsed {
    let mut document = scenario.to_value();
    let mut faults = Diagnostics::default();
    for (word, text) in overrides.iter().take(MAX_OVERRIDES) {
        if let Err(fault) = apply(scenario, &mut document, word, text) {
            faults.push(fault);
        }
    }
    if overrides.len() > MAX_OVERRIDES {
        let message = format!("There are {} changes; {MAX_OVERRIDES} is the most.", overrides.len());
        faults.push(Diagnostic::error(DiagnosticCode::TooLarge, &place(""), message));
    }
    let mut parsed = parse_value(&document);
    faults.append(std::mem::take(&mut parsed.diagnostics));
    faults.0.truncate(MAX_DIAGNOSTICS);
    parsed.diagnostics = faults;
    parsed
}

/// Where a part of a link stands.
pub(crate) fn place(word: &str) -> JsonPointer {
    let at = JsonPointer::root().then('#');
    if word.is_empty() { at } else { at.then(word) }
}

fn apply(scenario: &Scenario, document: &mut Value, word: &str, text: &str) -> Result<(), Diagnostic> {
    let owner = owner(scenario, word)?;
    let object = owner.pointer.iter().try_fold(document, |value, name| match value {
        Value::Array(elements) => elements.get_mut(name.parse::<usize>().ok()?),
        other => other.get_mut(name),
    });
    let Some(Value::Object(object)) = object else {
        return Err(unknown(word, "There is nothing of that name.", None));
    };
    let properties = object.entry("Properties").or_insert_with(|| Value::Object(Map::new()));
    let Value::Object(properties) = properties else { return Ok(()) };
    let found = find(owner.fields, &owner.current, properties, owner.property).ok_or_else(|| {
        let names = owner.fields.iter().map(|field| field.name);
        let message = format!("{} has no property {}.", owner.title, owner.property);
        Diagnostic::error(DiagnosticCode::UnknownProperty, &place(word), message).with_hint(suggestion(
            owner.property,
            names,
            "Properties",
        ))
    })?;
    put(properties, found, text);
    Ok(())
}

/// What is to be changed: where its object stands, what it is called, its properties, and the word for the property.
struct Owner<'a> {
    pointer: Vec<String>,
    title: String,
    fields: &'static [FieldSpec],
    current: Value,
    property: &'a str,
}

fn owner<'a>(scenario: &Scenario, word: &'a str) -> Result<Owner<'a>, Diagnostic> {
    // Names may have dots, as `ledger.fifo` has: the longest name that fits is meant.
    for (dot, _) in word.rmatch_indices('.') {
        let (name, property) = (&word[..dot], &word[dot + 1..]);
        if let Some((from, to)) = name.split_once('>') {
            let (from, to) = (resource(scenario, from), resource(scenario, to));
            let joined = |link: &messaging::LinkSpec| {
                Some(&link.from)
                    == from.and_then(|place| scenario.resources.get_index(place)).map(|(id, _)| id)
                    && Some(&link.to)
                        == to.and_then(|place| scenario.resources.get_index(place)).map(|(id, _)| id)
            };
            if let Some(place) = scenario.links.iter().position(joined) {
                let properties = &scenario.links[place].properties;
                return Ok(Owner {
                    pointer: vec!["Links".into(), place.to_string()],
                    title: format!("The link {name}"),
                    fields: properties.kind().descriptor().fields,
                    current: value_of(properties),
                    property,
                });
            }
        } else if let Some((id, properties)) =
            resource(scenario, name).and_then(|place| scenario.resources.get_index(place))
        {
            return Ok(Owner {
                pointer: vec!["Resources".into(), id.to_string()],
                title: id.to_string(),
                fields: properties.kind().descriptor().fields,
                current: value_of(properties),
                property,
            });
        }
    }
    let (name, _) = word.split_once('.').unwrap_or((word, ""));
    let names = scenario.resources.keys().map(messaging::LogicalId::as_str);
    let hint = suggestion(name, names, "Resources");
    Err(unknown(word, &format!("There is no resource {name} in this document."), Some(hint)))
}

fn unknown(word: &str, message: &str, hint: Option<String>) -> Diagnostic {
    let fault = Diagnostic::error(DiagnosticCode::DanglingLink, &place(word), message);
    match hint {
        Some(hint) => fault.with_hint(hint),
        None => fault,
    }
}

/// The place of the resource that a word means: by its name, or as the only one of its kind.
fn resource(scenario: &Scenario, word: &str) -> Option<usize> {
    let ids = || scenario.resources.keys();
    if let Some(exact) = ids().position(|id| id.as_str() == word) {
        return Some(exact);
    }
    if let Some(alike) = ids().position(|id| plain(id.as_str()) == plain(word)) {
        return Some(alike);
    }
    let of_kind =
        |properties: &messaging::Properties| plain(properties.kind().descriptor().id_prefix) == plain(word);
    let mut kind = scenario.resources.values().enumerate().filter(|(_, properties)| of_kind(properties));
    let only = kind.next()?.0;
    kind.next().is_none().then_some(only)
}

/// Lower case without `-` and `_`.
fn plain(word: &str) -> String {
    word.chars().filter(|letter| !matches!(letter, '-' | '_')).flat_map(char::to_lowercase).collect()
}

/// A property, or a member of one with the tag that has to stand beside it.
struct Found {
    field: &'static FieldSpec,
    member: Option<(&'static FieldSpec, &'static str, &'static str)>,
}

/// The property that a word means, given what the document says and what the resource has.
fn find(
    fields: &'static [FieldSpec],
    current: &Value,
    written: &Map<String, Value>,
    word: &str,
) -> Option<Found> {
    let (outer, inner) = word.split_once('.').unwrap_or((word, ""));
    if inner.is_empty()
        && let Some(field) = fields.iter().find(|field| plain(field.name) == plain(outer))
    {
        return Some(Found { field, member: None });
    }
    let member_word = if inner.is_empty() { outer } else { inner };
    fields.iter().filter(|field| inner.is_empty() || plain(field.name) == plain(outer)).find_map(|field| {
        let FieldKind::Variants { tag, cases } = field.kind else { return None };
        let now =
            written.get(field.name).filter(|value| value.is_object()).or_else(|| current.get(field.name));
        let in_force = now.and_then(|value| value.get(tag)).and_then(Value::as_str);
        let mut possible = cases.iter().filter(|(case, _)| in_force.is_none_or(|word| word == *case));
        possible.find_map(|(case, members)| {
            let member = members.iter().find(|member| plain(member.name) == plain(member_word))?;
            Some(Found { field, member: Some((member, tag, case)) })
        })
    })
}

fn put(properties: &mut Map<String, Value>, found: Found, text: &str) {
    let Some((member, tag, case)) = found.member else {
        properties.insert(found.field.name.into(), value(&found.field.kind, text));
        return;
    };
    let outer = properties.entry(found.field.name).or_insert(Value::Null);
    if !outer.is_object() {
        *outer = Value::Object(Map::new());
    }
    if let Value::Object(members) = outer {
        if !tag.is_empty() && !members.contains_key(tag) {
            members.insert(tag.into(), case.into());
        }
        members.insert(member.name.into(), value(&member.kind, text));
    }
}

/// The value that a text means for a property of such a kind. What does not fit stays a text, and is refused as one.
fn value(kind: &FieldKind, text: &str) -> Value {
    let json = || serde_json::from_str::<Value>(text).ok();
    let read = match kind {
        FieldKind::Integer { .. } | FieldKind::Number { .. } => json().filter(Value::is_number),
        FieldKind::Switch => match plain(text).as_str() {
            "true" | "on" | "yes" | "1" => Some(true.into()),
            "false" | "off" | "no" | "0" => Some(false.into()),
            _ => None,
        },
        FieldKind::Choice(words) => {
            words.iter().find(|word| plain(word) == plain(text)).map(|word| (*word).into())
        }
        FieldKind::Text => None,
        FieldKind::Variants { tag, cases } => {
            let case = cases.iter().find(|(case, _)| plain(case) == plain(text) && !case.is_empty());
            case.map(|(case, _)| Value::Object(Map::from_iter([((*tag).to_owned(), (*case).into())])))
                .or_else(json)
        }
        FieldKind::Json | FieldKind::FilterPolicy => json(),
    };
    read.unwrap_or_else(|| text.into())
}
