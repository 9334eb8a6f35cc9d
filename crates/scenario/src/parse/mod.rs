//! Reading a document. Nothing here stops at the first fault: what cannot be read is reported and left out.

mod drawing;
mod members;
mod properties;
mod sections;
mod syntax;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, DiagnosticCode, Diagnostics};
use crate::limits::{MAX_DIAGNOSTICS, MAX_DOCUMENT_BYTES};
use crate::model::Scenario;
use crate::pointer::JsonPointer;

pub(crate) use members::{nearest, suggestion, type_name};
pub(crate) use properties::check_value;

/// What was read, and what could not be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    /// What was read; empty if the text is not JSON.
    pub scenario: Scenario,
    /// What could not be read. [`validate`](crate::validate()) finds what was read but is not right.
    pub diagnostics: Diagnostics,
}

impl Parsed {
    /// The same, with what [`validate`](crate::validate()) finds.
    #[must_use]
    pub fn validated(mut self) -> Self {
        self.diagnostics.append(crate::validate(&self.scenario));
        self.diagnostics.0.truncate(MAX_DIAGNOSTICS);
        self
    }
}

/// Reads a document from its JSON text.
pub fn parse(json: &str) -> Parsed {
    let mut diagnostics = Diagnostics::default();
    if json.len() > MAX_DOCUMENT_BYTES {
        let message = format!("The document has {} bytes.", json.len());
        let hint = format!("A document may have {MAX_DOCUMENT_BYTES} bytes.");
        diagnostics
            .push(Diagnostic::error(DiagnosticCode::TooLarge, &JsonPointer::root(), message).with_hint(hint));
        return Parsed { scenario: Scenario::default(), diagnostics };
    }
    match serde_json::from_str::<Value>(json) {
        Ok(value) => {
            let mut parsed = parse_value(&value);
            parsed.diagnostics.append(syntax::duplicate_names(json));
            parsed
        }
        Err(error) => {
            diagnostics.push(syntax::diagnose(json, &error));
            Parsed { scenario: Scenario::default(), diagnostics }
        }
    }
}

/// Reads a document that is a JSON value already.
pub fn parse_value(document: &Value) -> Parsed {
    let mut reader = Reader { diagnostics: Diagnostics::default() };
    let scenario = reader.document(document);
    let mut diagnostics = reader.diagnostics;
    diagnostics.0.truncate(MAX_DIAGNOSTICS);
    Parsed { scenario, diagnostics }
}

/// Collects faults while reading.
pub(crate) struct Reader {
    pub(crate) diagnostics: Diagnostics,
}

impl Reader {
    pub(crate) fn error(&mut self, code: DiagnosticCode, at: &JsonPointer, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(code, at, message));
    }

    pub(crate) fn error_with_hint(
        &mut self,
        code: DiagnosticCode,
        at: &JsonPointer,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.diagnostics.push(Diagnostic::error(code, at, message).with_hint(hint));
    }
}
