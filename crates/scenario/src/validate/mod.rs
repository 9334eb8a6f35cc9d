//! What AWS, or the playground, would refuse in a document that could be read.

mod account;
mod effort;
mod functions;
mod links;
mod names;
mod policies;
mod references;
mod resources;
mod topics;

pub use effort::{events_per_second, runs_by_itself};

use crate::diagnostic::{Diagnostic, DiagnosticCode, Diagnostics};
use crate::limits;
use crate::model::Scenario;
use crate::pointer::JsonPointer;

/// Finds all that is wrong with a document, in the order of its sections.
pub fn validate(scenario: &Scenario) -> Diagnostics {
    let mut out = Diagnostics::default();
    sizes(scenario, &mut out);
    // What is far too large is not looked at any closer.
    if out.has_errors() {
        return out;
    }
    account::check(scenario, &mut out);
    names::check(scenario, &mut out);
    resources::check(scenario, &mut out);
    links::check(scenario, &mut out);
    policies::check(scenario, &mut out);
    functions::check(scenario, &mut out);
    references::check(scenario, &mut out);
    out.0.truncate(limits::MAX_DIAGNOSTICS);
    out
}

fn sizes(scenario: &Scenario, out: &mut Diagnostics) {
    let sizes = [
        ("Resources", scenario.resources.len(), limits::MAX_RESOURCES),
        ("Links", scenario.links.len(), limits::MAX_LINKS),
        ("Timeline", scenario.timeline.len(), limits::MAX_TIMELINE_ENTRIES),
        ("Expect", scenario.expectations.len(), limits::MAX_EXPECTATIONS),
        ("Captions", scenario.captions.len(), limits::MAX_CAPTIONS),
        ("Groups", scenario.groups.len(), limits::MAX_GROUPS),
        ("Notes", scenario.notes.len(), limits::MAX_NOTES),
    ];
    for (section, size, limit) in sizes {
        if size > limit {
            let at = JsonPointer::root().then(section);
            let message = format!("{section} has {size} entries.");
            let hint = format!("The playground takes {limit}.");
            out.push(Diagnostic::error(DiagnosticCode::TooLarge, &at, message).with_hint(hint));
        }
    }
}
