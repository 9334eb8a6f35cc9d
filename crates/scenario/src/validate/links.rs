//! Links: both ends there, allowed, only one of a pair, and not round in circles.

use std::collections::BTreeSet;

use messaging::registry::DoubtAbout;
use messaging::{LinkKind, LinkSpec, LogicalId};

use crate::diagnostic::{Diagnostic, DiagnosticCode, Diagnostics};
use crate::document::value_of;
use crate::links::{conflict, default_link_type, fault, link_refusal_under};
use crate::model::Scenario;
use crate::parse::{check_value, nearest};
use crate::pointer::JsonPointer;

pub(super) fn check(scenario: &Scenario, out: &mut Diagnostics) {
    let mut pairs = BTreeSet::new();
    let mut redriven = BTreeSet::new();
    for (place, link) in scenario.links.iter().enumerate() {
        let at = JsonPointer::root().then("Links").then(place);
        if ends_exist(scenario, link, &at, out) {
            joins_what_can_be_joined(scenario, link, &at, out);
        }
        if !pairs.insert((&link.from, &link.to)) {
            let message = format!("There is already a link from {} to {}.", link.from, link.to);
            let hint = "Two resources have one link in each direction.";
            out.push(Diagnostic::error(DiagnosticCode::DuplicateLink, &at, message).with_hint(hint));
        }
        if let Some(refusal) = conflict(link, &scenario.links[..place]) {
            let mut diagnostic = Diagnostic::error(refusal.code, &at, refusal.reason);
            diagnostic.hint = refusal.hint;
            out.push(diagnostic);
        }
        let redrive = link.properties.kind() == LinkKind::RedrivePolicy;
        if redrive && !redriven.insert(&link.from) {
            let message = format!("{} has a dead-letter queue already (SQS-120).", link.from);
            out.push(Diagnostic::error(DiagnosticCode::LinkNotAllowed, &at, message));
        }
        let values = value_of(&link.properties);
        for field in link.properties.kind().descriptor().fields {
            if let Some(value) = values.get(field.name) {
                check_value(field, value, &at.then("Properties").then(field.name), out);
            }
        }
    }
    cycles(scenario, out);
}

fn ends_exist(scenario: &Scenario, link: &LinkSpec, at: &JsonPointer, out: &mut Diagnostics) -> bool {
    let mut exist = true;
    for (end, id) in [("From", &link.from), ("To", &link.to)] {
        if !scenario.resources.contains_key(id) {
            out.push(dangling(scenario, id, &at.then(end)));
            exist = false;
        }
    }
    exist
}

/// A name without its resource.
pub(super) fn dangling(scenario: &Scenario, id: &LogicalId, at: &JsonPointer) -> Diagnostic {
    let diagnostic =
        Diagnostic::error(DiagnosticCode::DanglingLink, at, format!("There is no resource {id}."));
    match nearest(id.as_str(), scenario.resources.keys().map(LogicalId::as_str)) {
        Some(candidate) => diagnostic.with_hint(format!("Did you mean {candidate}?")),
        None => diagnostic,
    }
}

fn joins_what_can_be_joined(scenario: &Scenario, link: &LinkSpec, at: &JsonPointer, out: &mut Diagnostics) {
    let Some((from, to)) = scenario.resources.get(&link.from).zip(scenario.resources.get(&link.to)) else {
        return;
    };
    if link.from == link.to {
        let message = if link.properties.kind() == LinkKind::RedrivePolicy {
            format!("{} cannot be its own dead-letter queue (SQS-120).", link.from)
        } else {
            format!("{} cannot be linked to itself.", link.from)
        };
        out.push(
            Diagnostic::error(DiagnosticCode::LinkNotAllowed, at, message).with_hint("Add another resource."),
        );
        return;
    }
    if let Some(refusal) = link_refusal_under(scenario.settings.quota_profile, from, to) {
        let mut diagnostic = Diagnostic::error(refusal.code, at, refusal.reason);
        diagnostic.hint = refusal.hint;
        out.push(diagnostic);
        return;
    }
    if let Some(refusal) = fault(&link.properties, from, to) {
        let mut diagnostic = Diagnostic::error(refusal.code, at, refusal.reason);
        diagnostic.hint = refusal.hint;
        out.push(diagnostic);
    }
    let leaving: Vec<_> = scenario.links.iter().filter(|other| other.from == link.to).collect();
    let leaving: Vec<_> = leaving.into_iter().map(|link| &link.properties).collect();
    if let Some(doubt) = link.properties.doubt(from, to, &leaving) {
        let at = match doubt.about {
            DoubtAbout::Link(property) => at.then("Properties").then(property),
            DoubtAbout::Target(property) => {
                JsonPointer::root().then("Resources").then(&link.to).then("Properties").then(property)
            }
        };
        let like = nearest(&doubt.word, doubt.candidates.iter().map(String::as_str));
        let hint = match like {
            Some(candidate) => format!("Did you mean {candidate}?"),
            None if doubt.candidates.is_empty() => doubt.hint.to_owned(),
            None => format!("{} Possible: {}.", doubt.hint, doubt.candidates.join(", ")),
        };
        out.push(Diagnostic::warning(DiagnosticCode::DoubtfulLink, &at, doubt.message).with_hint(hint));
    }
    let (kind, name) = (link.properties.kind(), link.to.as_str());
    if let Some(refusal) = to.arriving_link_error(name, kind, link.from.as_str()) {
        let hint = format!("Change what {name} allows, or link to another resource.");
        out.push(Diagnostic::error(DiagnosticCode::LinkNotAllowed, at, refusal).with_hint(hint));
    }
    let (is, far) = (link.properties.kind().descriptor(), to.kind().descriptor().resource_type);
    let rules = from.kind().descriptor().links;
    let usual = default_link_type(from.kind(), to.kind());
    let possible =
        rules.iter().any(|rule| rule.to == far && rule.link_type == is.link_type) || usual == Some(kind);
    if let Some(usual) = usual.filter(|_| !possible) {
        let wanted = usual.descriptor();
        let message = format!("{} does not lead from {} to {}.", is.link_type, link.from, link.to);
        let hint = format!("Use {}.", wanted.link_type);
        out.push(
            Diagnostic::error(DiagnosticCode::LinkNotAllowed, &at.then("Type"), message).with_hint(hint),
        );
    }
}

/// Warns once for each circle that messages can go round: legal in AWS, seldom meant.
fn cycles(scenario: &Scenario, out: &mut Diagnostics) {
    let links: Vec<Option<(usize, usize)>> = scenario
        .links
        .iter()
        .map(|link| {
            Some((scenario.place(&link.from)?, scenario.place(&link.to)?)).filter(|(from, to)| from != to)
        })
        .collect();
    let mut state = vec![Visit::New; scenario.resources.len()];
    for start in 0..state.len() {
        if state[start] == Visit::New {
            walk(scenario, &links, start, &mut state, out);
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Visit {
    New,
    OnPath,
    Done,
}

/// Depth first, with a path of its own instead of recursion: documents come from strangers.
fn walk(
    scenario: &Scenario,
    links: &[Option<(usize, usize)>],
    start: usize,
    state: &mut [Visit],
    out: &mut Diagnostics,
) {
    let mut path = vec![(start, 0)];
    state[start] = Visit::OnPath;
    while let Some((node, next)) = path.last_mut() {
        let found = links.iter().enumerate().skip(*next).find_map(|(place, link)| match link {
            Some((from, to)) if from == node => Some((place, *to)),
            _ => None,
        });
        let Some((place, to)) = found else {
            state[*node] = Visit::Done;
            path.pop();
            continue;
        };
        *next = place + 1;
        match state[to] {
            Visit::New => {
                state[to] = Visit::OnPath;
                path.push((to, 0));
            }
            Visit::OnPath => {
                let round = path.iter().skip_while(|(node, _)| *node != to).map(|(node, _)| *node);
                let names: Vec<String> = round
                    .chain([to])
                    .filter_map(|node| scenario.resources.get_index(node).map(|(id, _)| id.to_string()))
                    .collect();
                let at = JsonPointer::root().then("Links").then(place);
                let message = format!("Messages can go round: {}.", names.join(" → "));
                let hint = "AWS lets you. Make sure that something ends it.";
                out.push(Diagnostic::warning(DiagnosticCode::DeliveryCycle, &at, message).with_hint(hint));
            }
            Visit::Done => {}
        }
    }
}
