//! Properties against the ranges of their descriptors.

use messaging::Properties;
use messaging::quota::QuotaProfile;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, DiagnosticCode, Diagnostics, Severity};
use crate::document::value_of;
use crate::limits::MAX_MESSAGES_PER_SECOND;
use crate::model::Scenario;
use crate::parse::check_value;
use crate::pointer::JsonPointer;

pub(super) fn check(scenario: &Scenario, out: &mut Diagnostics) {
    let mut rate = 0.0;
    for (id, properties) in &scenario.resources {
        let at = JsonPointer::root().then("Resources").then(id).then("Properties");
        let values = value_of(properties);
        for field in properties.kind().descriptor().fields {
            if let Some(value) = values.get(field.name) {
                check_value(field, value, &at.then(field.name), out);
            }
        }
        rate += highest_rate(&values);
        attributes(scenario.settings.quota_profile, properties, &at, out);
    }
    if rate > MAX_MESSAGES_PER_SECOND {
        let at = JsonPointer::root().then("Resources");
        let message = format!("All producers together send {rate} messages/s.");
        let hint = format!("The playground takes {MAX_MESSAGES_PER_SECOND}/s.");
        out.push(Diagnostic::error(DiagnosticCode::TooLarge, &at, message).with_hint(hint));
    }
}

/// What AWS would refuse (SQS-7, SQS-10). What changes nothing is only a doubt.
fn attributes(profile: QuotaProfile, properties: &Properties, at: &JsonPointer, out: &mut Diagnostics) {
    for error in properties.attribute_errors(profile) {
        let at = at.then(error.attribute);
        let diagnostic = Diagnostic::error(DiagnosticCode::InvalidAttribute, &at, error.message);
        out.push(match error.harmless {
            true => Diagnostic { severity: Severity::Warning, ..diagnostic },
            false => diagnostic,
        });
    }
}

/// Messages per second of an arrival process, at its highest.
pub(super) fn highest_rate(values: &Value) -> f64 {
    let Some(process) = values.get("ArrivalProcess") else { return 0.0 };
    let number = |name: &str| process.get(name).and_then(Value::as_f64).unwrap_or(0.0);
    let burst = if number("EverySeconds") > 0.0 { number("Size") / number("EverySeconds") } else { 0.0 };
    number("Rate").max(number("FromRate")).max(number("ToRate")).max(burst)
}
