//! Taking members out of JSON objects, with a word on each that does not fit.

use kernel::SimTime;
use serde_json::{Map, Value};

use super::Reader;
use crate::diagnostic::DiagnosticCode;
use crate::duration::parse_duration;
use crate::pointer::JsonPointer;

/// The candidate most like `word`, if one is like it at all.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Less alike than this is no help. Ours.
    const ALIKE: f64 = 0.55;
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            (strsim::normalized_damerau_levenshtein(&word, &candidate.to_lowercase()), candidate)
        })
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, candidate)| candidate)
}

/// `Did you mean X?`, or what there is.
pub(crate) fn suggestion<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
    kind: &str,
) -> String {
    match nearest(word, candidates.clone()) {
        Some(candidate) => format!("Did you mean {candidate}?"),
        None => {
            let all: Vec<&str> = candidates.into_iter().collect();
            if all.is_empty() {
                format!("There is no {kind} here.")
            } else {
                format!("{kind}: {}.", all.join(", "))
            }
        }
    }
}

/// The JSON type of a value, with its article.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

impl Reader {
    pub(super) fn wrong_type(&mut self, at: &JsonPointer, value: &Value, wanted: &str) {
        let message = format!("This is {}; it has to be {wanted}.", type_name(value));
        self.error(DiagnosticCode::WrongType, at, message);
    }

    pub(super) fn object<'v>(
        &mut self,
        value: &'v Value,
        at: &JsonPointer,
    ) -> Option<&'v Map<String, Value>> {
        let object = value.as_object();
        if object.is_none() {
            self.wrong_type(at, value, "an object");
        }
        object
    }

    pub(super) fn list<'v>(&mut self, value: Option<&'v Value>, at: &JsonPointer) -> &'v [Value] {
        match value {
            Some(Value::Array(elements)) => elements,
            Some(other) => {
                self.wrong_type(at, other, "a list");
                &[]
            }
            None => &[],
        }
    }

    pub(super) fn text<'v>(
        &mut self,
        object: &'v Map<String, Value>,
        name: &str,
        at: &JsonPointer,
    ) -> Option<&'v str> {
        match object.get(name)? {
            Value::String(text) => Some(text),
            other => {
                self.wrong_type(&at.then(name), other, "a text");
                None
            }
        }
    }

    pub(super) fn required_text<'v>(
        &mut self,
        object: &'v Map<String, Value>,
        name: &str,
        at: &JsonPointer,
    ) -> Option<&'v str> {
        if !object.contains_key(name) {
            self.missing(at, name);
        }
        self.text(object, name, at)
    }

    pub(super) fn missing(&mut self, at: &JsonPointer, name: &str) {
        self.error(DiagnosticCode::MissingMember, at, format!("{name} is missing."));
    }

    pub(super) fn time(
        &mut self,
        object: &Map<String, Value>,
        name: &str,
        at: &JsonPointer,
    ) -> Option<SimTime> {
        let text = self.required_text(object, name, at)?;
        match parse_duration(text) {
            Ok(time) => Some(time),
            Err(message) => {
                self.error_with_hint(
                    DiagnosticCode::OutOfRange,
                    &at.then(name),
                    message,
                    "Write a number and a unit.",
                );
                None
            }
        }
    }

    /// Says which members of `object` are none of `known`.
    pub(super) fn only_known(&mut self, object: &Map<String, Value>, known: &[&str], at: &JsonPointer) {
        for name in object.keys().filter(|name| !known.contains(&name.as_str())) {
            let hint = suggestion(name, known.iter().copied(), "Members");
            let message = format!("There is no member {name} here.");
            self.error_with_hint(DiagnosticCode::UnknownMember, &at.then(name), message, hint);
        }
    }
}
