//! Faults of the JSON text itself.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::diagnostic::{Diagnostic, DiagnosticCode, Diagnostics};
use crate::pointer::JsonPointer;

/// A syntax error with its line, and that line shown.
pub(super) fn diagnose(json: &str, error: &serde_json::Error) -> Diagnostic {
    let (line, column) = (error.line(), error.column());
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or("this is not JSON");
    let message = format!("Line {line}, column {column}: {what}.");
    let near: String =
        json.lines().nth(line.saturating_sub(1)).unwrap_or("").trim().chars().take(80).collect();
    let diagnostic = Diagnostic::error(DiagnosticCode::Syntax, &JsonPointer::root(), message);
    if near.is_empty() { diagnostic } else { diagnostic.with_hint(format!("The line reads: {near}")) }
}

/// Resources that stand in the text twice: JSON takes the last one and says nothing.
pub(super) fn duplicate_names(json: &str) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    let Ok(probe) = serde_json::from_str::<Probe>(json) else { return diagnostics };
    let mut seen = BTreeSet::new();
    for name in probe.resources.0 {
        if !seen.insert(name.clone()) {
            let at = JsonPointer::root().then("Resources").then(&name);
            let message = format!("There are two resources named {name}.");
            let hint = "The last one counts. Give one of them another name.";
            diagnostics.push(Diagnostic::error(DiagnosticCode::DuplicateName, &at, message).with_hint(hint));
        }
    }
    diagnostics
}

#[derive(Deserialize)]
struct Probe {
    #[serde(rename = "Resources", default)]
    resources: Names,
}

#[derive(Default)]
struct Names(Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Names;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Names, A::Error> {
                let mut names = Names::default();
                while let Some((name, IgnoredAny)) = map.next_entry()? {
                    names.0.push(name);
                }
                Ok(names)
            }
        }
        deserializer.deserialize_map(Collect)
    }
}
