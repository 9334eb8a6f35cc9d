//! The quotas of the account: those that the document sets, and what its resources take of them.

use messaging::ResourceKind;
use messaging::quota::Quota;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, DiagnosticCode, Diagnostics};
use crate::limits::highest_quota;
use crate::model::Scenario;
use crate::parse::{suggestion, type_name};
use crate::pointer::JsonPointer;

pub(super) fn check(scenario: &Scenario, out: &mut Diagnostics) {
    let at = JsonPointer::root().then("Settings").then("Quotas");
    for (code, value) in &scenario.settings.quotas {
        out.0.extend(fault(code, value, &at.then(code)));
    }
    shared(scenario, out);
}

/// The quotas that a document may set: adjustable, and looked at by the resources of some kind.
fn settable() -> impl Iterator<Item = &'static Quota> + Clone {
    ResourceKind::ALL.iter().flat_map(|kind| kind.quotas()).copied()
}

fn fault(code: &str, value: &Value, at: &JsonPointer) -> Option<Diagnostic> {
    let Some(quota) = settable().find(|quota| quota.code == code) else {
        let message = format!("There is no adjustable quota {code}.");
        let hint = suggestion(code, settable().map(|quota| quota.code), "Quotas");
        return Some(Diagnostic::error(DiagnosticCode::UnknownMember, at, message).with_hint(hint));
    };
    let most = highest_quota(quota);
    let (wrong, message) = match value.as_u64() {
        Some(number) if (1..=most).contains(&number) => return None,
        None if !value.is_number() => {
            (DiagnosticCode::WrongType, format!("{code} is {}; it has to be a number.", type_name(value)))
        }
        _ => (
            DiagnosticCode::OutOfRange,
            format!("{code} is {value}; it has to be a whole number from 1 to {most} ({}).", quota.rule),
        ),
    };
    let hint = format!("{}: {} without a setting.", quota.name, quota.current);
    Some(Diagnostic::error(wrong, at, message).with_hint(hint))
}

/// What the resources together take of a quota that they share, resource by resource.
fn shared(scenario: &Scenario, out: &mut Diagnostics) {
    let mut taken: Vec<(&'static Quota, u64)> = Vec::new();
    for (id, properties) in &scenario.resources {
        for used in properties.account_use() {
            let place = taken.iter().position(|(quota, _)| quota.code == used.quota.code);
            let place = place.unwrap_or_else(|| {
                taken.push((used.quota, 0));
                taken.len() - 1
            });
            taken[place].1 += used.amount;
            let (all, most) = (taken[place].1, scenario.settings.quota(used.quota));
            if all <= most {
                continue;
            }
            let at = JsonPointer::root().then("Resources").then(id).then("Properties").then(used.attribute);
            let message = format!(
                "{}: with {id} there are {all} {}; the account may have {most} ({}).",
                used.error_code,
                lower(used.quota.name),
                used.quota.rule
            );
            let hint = format!("Raise {} in the quotas of the document.", used.quota.code);
            out.push(Diagnostic::error(DiagnosticCode::OutOfRange, &at, message).with_hint(hint));
        }
    }
}

/// A name within a sentence.
fn lower(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}
