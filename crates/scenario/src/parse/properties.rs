//! Reading the properties of resources and links, and what their descriptors say of them.

use messaging::descriptor::{FieldKind, FieldSpec};
use messaging::{LinkKind, LinkProperties, Properties, ResourceKind};
use serde_json::{Map, Value};

use super::Reader;
use super::members::{suggestion, type_name};
use crate::diagnostic::{Diagnostic, DiagnosticCode, Diagnostics};
use crate::pointer::JsonPointer;

impl Reader {
    pub(super) fn resource_properties(
        &mut self,
        kind: ResourceKind,
        value: Option<&Value>,
        at: &JsonPointer,
    ) -> Properties {
        let descriptor = kind.descriptor();
        self.properties(value, at, descriptor.title, descriptor.fields, &|value| kind.read_properties(value))
            .unwrap_or_else(|| kind.default_properties())
    }

    pub(super) fn link_properties(
        &mut self,
        kind: LinkKind,
        value: Option<&Value>,
        at: &JsonPointer,
    ) -> LinkProperties {
        let descriptor = kind.descriptor();
        self.properties(value, at, descriptor.title, descriptor.fields, &|value| kind.read_properties(value))
            .unwrap_or_else(|| kind.default_properties())
    }

    /// Reads all members that can be read; every other is reported and left at its default.
    fn properties<T>(
        &mut self,
        value: Option<&Value>,
        at: &JsonPointer,
        title: &str,
        fields: &[FieldSpec],
        read: &dyn Fn(&Value) -> Result<T, serde_json::Error>,
    ) -> Option<T> {
        let at = at.then("Properties");
        let mut members = self.object(value?, &at)?.clone();
        for name in unknown_names(&members, fields) {
            let message = format!("A {title} has no property {name}.");
            let hint = suggestion(&name, fields.iter().map(|field| field.name), "Properties");
            self.error_with_hint(DiagnosticCode::UnknownProperty, &at.then(&name), message, hint);
            members.shift_remove(&name);
        }
        loop {
            let candidate = Value::Object(members);
            let error = match read(&candidate) {
                Ok(properties) => return Some(properties),
                Err(error) => error,
            };
            let Value::Object(rest) = candidate else { return None };
            members = rest;
            let Some((name, error)) = first_bad_member(&members, read) else {
                self.error(DiagnosticCode::WrongType, &at, sentence(&error));
                return None;
            };
            self.bad_member(fields, &name, &members, &at, &error);
            members.shift_remove(&name);
        }
    }

    /// Says of a member that could not be read what its descriptor says, or else what the reader says.
    fn bad_member(
        &mut self,
        fields: &[FieldSpec],
        name: &str,
        members: &Map<String, Value>,
        at: &JsonPointer,
        error: &serde_json::Error,
    ) {
        let mut found = Diagnostics::default();
        if let (Some(field), Some(value)) =
            (fields.iter().find(|field| field.name == name), members.get(name))
        {
            check_value(field, value, &at.then(name), &mut found);
        }
        if found.is_empty() {
            found.push(Diagnostic::error(DiagnosticCode::WrongType, &at.then(name), sentence(error)));
        }
        self.diagnostics.append(found);
    }
}

fn unknown_names(members: &Map<String, Value>, fields: &[FieldSpec]) -> Vec<String> {
    let known = |name: &str| fields.iter().any(|field| field.name == name);
    members.keys().filter(|name| !known(name)).cloned().collect()
}

/// The first member that cannot be read even alone, and why: all members have defaults, so none needs another.
pub(super) fn first_bad_member<T>(
    members: &Map<String, Value>,
    read: &dyn Fn(&Value) -> Result<T, serde_json::Error>,
) -> Option<(String, serde_json::Error)> {
    members.iter().find_map(|(name, value)| {
        let alone = Value::Object(Map::from_iter([(name.clone(), value.clone())]));
        read(&alone).err().map(|error| (name.clone(), error))
    })
}

fn sentence(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(['.']).collect()
}

/// Says what of `value` is not as `field` wants it.
pub(crate) fn check_value(field: &FieldSpec, value: &Value, at: &JsonPointer, out: &mut Diagnostics) {
    // Nothing stands for "not set".
    if value.is_null() {
        return;
    }
    match field.kind {
        FieldKind::Integer { low, high, unit } => integer(field, value, (low, high, unit), at, out),
        FieldKind::Number { low, high, unit } => {
            let Some(number) = value.as_f64() else { return wrong_type(field, value, "a number", at, out) };
            if !(low..=high).contains(&number) {
                out_of_range(field, value, &format!("{low} to {high}{}", spaced(unit)), at, out);
            }
        }
        FieldKind::Switch if !value.is_boolean() => wrong_type(field, value, "true or false", at, out),
        FieldKind::Text if !value.is_string() => wrong_type(field, value, "a text", at, out),
        FieldKind::Choice(words) => match value.as_str() {
            Some(word) if words.contains(&word) => {}
            Some(word) => {
                let message = format!("{} cannot be {word:?} ({}).", field.name, field.rule);
                let hint = suggestion(word, words.iter().copied(), "Choices");
                out.push(Diagnostic::error(DiagnosticCode::OutOfRange, at, message).with_hint(hint));
            }
            None => wrong_type(field, value, "a text", at, out),
        },
        FieldKind::Variants { tag, cases } => variants(field, value, (tag, cases), at, out),
        FieldKind::FilterPolicy if !value.is_object() && !value.is_string() => {
            wrong_type(field, value, "an object", at, out);
        }
        _ => {}
    }
}

fn integer(
    field: &FieldSpec,
    value: &Value,
    (low, high, unit): (i64, i64, &str),
    at: &JsonPointer,
    out: &mut Diagnostics,
) {
    let range = format!("{low} to {high}{}", spaced(unit));
    match (value.as_i64(), value.as_f64()) {
        (Some(number), _) if (low..=high).contains(&number) => {}
        (Some(_), _) => out_of_range(field, value, &range, at, out),
        (None, Some(number)) if number.fract() == 0.0 => out_of_range(field, value, &range, at, out),
        _ => wrong_type(field, value, &format!("a whole number from {range}"), at, out),
    }
}

type Cases = &'static [(&'static str, &'static [FieldSpec])];

fn variants(
    field: &FieldSpec,
    value: &Value,
    (tag, cases): (&str, Cases),
    at: &JsonPointer,
    out: &mut Diagnostics,
) {
    let Some(members) = value.as_object() else { return wrong_type(field, value, "an object", at, out) };
    // Without a tag there is one case: a plain object.
    if let ("", [(_, fields)]) = (tag, cases) {
        return case_members(members, fields, field.name, at, out);
    }
    let words = cases.iter().map(|(word, _)| *word);
    let Some(word) = members.get(tag) else {
        let message = format!("{} needs a member {tag}.", field.name);
        let hint = format!("Choices: {}.", words.collect::<Vec<_>>().join(", "));
        return out.push(Diagnostic::error(DiagnosticCode::MissingMember, at, message).with_hint(hint));
    };
    let Some((_, fields)) = cases.iter().find(|(case, _)| word == case) else {
        let message = format!("{tag} cannot be {word} ({}).", field.rule);
        let hint = suggestion(word.as_str().unwrap_or(""), words, "Choices");
        return out
            .push(Diagnostic::error(DiagnosticCode::OutOfRange, &at.then(tag), message).with_hint(hint));
    };
    let others = members.iter().filter(|(name, _)| *name != tag);
    let others = others.map(|(name, value)| (name.clone(), value.clone())).collect();
    case_members(&others, fields, &format!("{tag} {word}"), at, out);
}

fn case_members(
    members: &Map<String, Value>,
    fields: &[FieldSpec],
    of: &str,
    at: &JsonPointer,
    out: &mut Diagnostics,
) {
    for (name, value) in members {
        match fields.iter().find(|field| field.name == name) {
            Some(field) => check_value(field, value, &at.then(name), out),
            None => {
                let message = format!("{of} has no member {name}.");
                let hint = suggestion(name, fields.iter().map(|field| field.name), "Members");
                let at = at.then(name);
                out.push(Diagnostic::error(DiagnosticCode::UnknownProperty, &at, message).with_hint(hint));
            }
        }
    }
}

fn spaced(unit: &str) -> String {
    if unit.is_empty() || unit.starts_with('/') { unit.into() } else { format!(" {unit}") }
}

fn wrong_type(field: &FieldSpec, value: &Value, wanted: &str, at: &JsonPointer, out: &mut Diagnostics) {
    let message = format!("{} is {}; it has to be {wanted}.", field.name, type_name(value));
    out.push(Diagnostic::error(DiagnosticCode::WrongType, at, message).with_hint(field.description));
}

fn out_of_range(field: &FieldSpec, value: &Value, range: &str, at: &JsonPointer, out: &mut Diagnostics) {
    let message = format!("{} is {value}; it has to be {range} ({}).", field.name, field.rule);
    out.push(Diagnostic::error(DiagnosticCode::OutOfRange, at, message).with_hint(field.description));
}
