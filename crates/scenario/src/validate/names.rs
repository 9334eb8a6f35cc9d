//! Names of resources: those AWS would take (SQS-1, SQS-2, SNS-1).

use messaging::LogicalId;

use crate::diagnostic::{Diagnostic, DiagnosticCode, Diagnostics};
use crate::limits::MAX_NAME_CHARACTERS;
use crate::links::is_fifo;
use crate::model::Scenario;
use crate::pointer::JsonPointer;

const FIFO_SUFFIX: &str = ".fifo";

pub(super) fn check(scenario: &Scenario, out: &mut Diagnostics) {
    for (id, properties) in &scenario.resources {
        let at = JsonPointer::root().then("Resources").then(id);
        if let Some((message, hint)) = bad_name(id) {
            out.push(Diagnostic::error(DiagnosticCode::InvalidName, &at, message).with_hint(hint));
        }
        let Some(fifo) = is_fifo(properties) else { continue };
        let ends = id.as_str().ends_with(FIFO_SUFFIX);
        let title = properties.kind().descriptor().title;
        let (message, hint) = match (fifo, ends) {
            (true, false) => (
                format!("The name of a FIFO {title} has to end in .fifo (SQS-1, SNS-1)."),
                format!("Name it {id}.fifo."),
            ),
            (false, true) => (
                format!("Only the name of a FIFO {title} may end in .fifo (SQS-2)."),
                "Make it FIFO, or take the ending off.".to_owned(),
            ),
            _ => continue,
        };
        out.push(Diagnostic::error(DiagnosticCode::FifoMismatch, &at, message).with_hint(hint));
    }
}

/// What is wrong with a name, and what would be right.
fn bad_name(id: &LogicalId) -> Option<(String, &'static str)> {
    let name = id.as_str();
    let hint = "1 to 80 letters, digits, hyphens and underscores; a dot only in the ending .fifo (SQS-2).";
    let stem = name.strip_suffix(FIFO_SUFFIX).unwrap_or(name);
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    if stem.is_empty() || name.chars().count() > MAX_NAME_CHARACTERS {
        return Some((format!("A name has 1 to {MAX_NAME_CHARACTERS} characters."), hint));
    }
    let odd = stem.chars().find(|letter| !allowed(*letter))?;
    Some((format!("{name:?} is no name: it contains {odd:?}."), hint))
}
