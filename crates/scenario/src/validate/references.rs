//! What the timeline, the expectations and the layout name.

use messaging::{Intervention, LogicalId, MetricName};

use super::links::dangling;
use crate::diagnostic::{Diagnostic, DiagnosticCode, Diagnostics};
use crate::limits::MAX_POSITION;
use crate::model::{Scenario, Statistic};
use crate::parse::nearest;
use crate::pointer::JsonPointer;

pub(super) fn check(scenario: &Scenario, out: &mut Diagnostics) {
    timeline(scenario, out);
    expectations(scenario, out);
    layout(scenario, out);
}

fn timeline(scenario: &Scenario, out: &mut Diagnostics) {
    for (place, entry) in scenario.timeline.iter().enumerate() {
        let at = JsonPointer::root().then("Timeline").then(place);
        for (member, id) in names_of(&entry.intervention) {
            if !scenario.resources.contains_key(id) {
                out.push(dangling(scenario, id, &member.iter().fold(at.clone(), |at, name| at.then(name))));
            }
        }
        possible(scenario, &entry.intervention, &at, out);
        match &entry.intervention {
            Intervention::CutLink { from, to } | Intervention::RestoreLink { from, to } => {
                let both = scenario.resources.contains_key(from) && scenario.resources.contains_key(to);
                if both && scenario.link(from, to).is_none() {
                    let message = format!("There is no link from {from} to {to}.");
                    out.push(Diagnostic::error(DiagnosticCode::DanglingLink, &at, message));
                }
            }
            Intervention::Slow { factor, .. } if !(factor.is_finite() && *factor > 0.0) => {
                let at = at.then("Slow").then("Factor");
                out.push(Diagnostic::error(DiagnosticCode::OutOfRange, &at, "Factor has to be more than 0."));
            }
            _ => {}
        }
    }
}

fn possible(scenario: &Scenario, intervention: &Intervention, at: &JsonPointer, out: &mut Diagnostics) {
    if matches!(intervention, Intervention::CutLink { .. } | Intervention::RestoreLink { .. }) {
        return;
    }
    for (member, id) in names_of(intervention) {
        let Some(properties) = scenario.resources.get(id) else { continue };
        let descriptor = properties.kind().descriptor();
        let acts: Vec<&str> = properties.kind().actions().collect();
        if !acts.contains(&member[0]) {
            let message = format!("{} cannot be done to {id}: it is a {}.", member[0], descriptor.title);
            let diagnostic = Diagnostic::error(DiagnosticCode::NotPossible, &at.then(member[0]), message);
            out.push(match acts.as_slice() {
                [] => diagnostic,
                acts => diagnostic.with_hint(format!("Possible: {}.", acts.join(", "))),
            });
        }
    }
}

/// The resources an intervention names, with the members that name them.
fn names_of(intervention: &Intervention) -> Vec<(Vec<&'static str>, &LogicalId)> {
    match intervention {
        Intervention::Start(id) => vec![(vec!["Start"], id)],
        Intervention::Stop(id) => vec![(vec!["Stop"], id)],
        Intervention::Crash(id) => vec![(vec!["Crash"], id)],
        Intervention::Poison(id) => vec![(vec!["Poison"], id)],
        Intervention::Purge(id) => vec![(vec!["Purge"], id)],
        Intervention::Redrive(id) => vec![(vec!["Redrive"], id)],
        Intervention::Reboot(id) => vec![(vec!["Reboot"], id)],
        Intervention::Throttle { of, .. } => vec![(vec!["Throttle", "Of"], of)],
        Intervention::Slow { of, .. } => vec![(vec!["Slow", "Of"], of)],
        Intervention::Send { from, .. } => vec![(vec!["Send", "From"], from)],
        Intervention::CutLink { from, to } => {
            vec![(vec!["CutLink", "From"], from), (vec!["CutLink", "To"], to)]
        }
        Intervention::RestoreLink { from, to } => {
            vec![(vec!["RestoreLink", "From"], from), (vec!["RestoreLink", "To"], to)]
        }
        Intervention::AvailabilityZoneOutage(_)
        | Intervention::AvailabilityZoneRecovery(_)
        | Intervention::Reconfigure(_) => Vec::new(),
    }
}

fn expectations(scenario: &Scenario, out: &mut Diagnostics) {
    let own = scenario.expectations.iter().enumerate();
    let own = own.map(|(place, expected)| (JsonPointer::root().then("Expect").then(place), expected));
    let asked = scenario.captions.iter().enumerate().filter_map(|(place, caption)| {
        let at = JsonPointer::root().then("Captions").then(place).then("Question");
        Some((at, &caption.question.as_ref()?.about))
    });
    for (at, expected) in own.chain(asked) {
        let Some(properties) = scenario.resources.get(&expected.of) else {
            out.push(dangling(scenario, &expected.of, &at.then("Of")));
            continue;
        };
        let descriptor = properties.kind().descriptor();
        let reported = descriptor.metrics;
        // Whatever is billed has charges.
        if !reported.contains(&expected.metric) && expected.metric != MetricName::EstimatedCharges {
            let message = format!("A {} never reports {}.", descriptor.title, expected.metric.name());
            let names = reported.iter().map(|metric| metric.name());
            let diagnostic =
                Diagnostic::error(DiagnosticCode::MetricNotReported, &at.then("Metric"), message);
            out.push(match nearest(expected.metric.name(), names) {
                Some(candidate) => diagnostic.with_hint(format!("Did you mean {candidate}?")),
                None => diagnostic,
            });
        }
        if expected.statistic == Statistic::Maximum
            && expected.metric.kind() == messaging::metric::MetricKind::Sum
        {
            let message = format!("{} adds up; its maximum is its last value.", expected.metric.name());
            let at = at.then("Statistic");
            out.push(
                Diagnostic::warning(DiagnosticCode::OutOfRange, &at, message)
                    .with_hint("Leave Statistic out."),
            );
        }
    }
}

fn layout(scenario: &Scenario, out: &mut Diagnostics) {
    for (id, position) in &scenario.layout {
        let at = JsonPointer::root().then("Layout").then(id);
        if !scenario.resources.contains_key(id) {
            let found = dangling(scenario, id, &at);
            out.push(Diagnostic { severity: crate::Severity::Warning, ..found });
        } else if position.iter().any(|coordinate| coordinate.unsigned_abs() > MAX_POSITION.unsigned_abs()) {
            let message = format!("{id} stands further out than {MAX_POSITION} pixels.");
            out.push(Diagnostic::error(DiagnosticCode::OutOfRange, &at, message));
        }
    }
}
