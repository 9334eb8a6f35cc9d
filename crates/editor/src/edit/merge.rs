//! Putting one document into another.

use messaging::LogicalId;
use scenario::Scenario;
use scenario::limits::{MAX_GROUPS, MAX_LINKS, MAX_NOTES, MAX_RESOURCES};

use super::rename::rename;
use super::{EditError, fresh_id};

/// The parts of a document that some of its resources are: they, the links among them, where they stand, and the
/// groups that have no others.
pub(crate) fn fragment(scenario: &Scenario, wanted: &dyn Fn(&LogicalId) -> bool) -> Scenario {
    let own = scenario.resources.iter().filter(|(id, _)| wanted(id));
    let inside = |group: &&scenario::Group| group.resources.iter().all(wanted);
    Scenario {
        resources: own.map(|(id, properties)| (id.clone(), properties.clone())).collect(),
        links: scenario.links.iter().filter(|link| wanted(&link.from) && wanted(&link.to)).cloned().collect(),
        layout: scenario
            .layout
            .iter()
            .filter(|(id, _)| wanted(id))
            .map(|(id, at)| (id.clone(), *at))
            .collect(),
        groups: scenario.groups.iter().filter(inside).cloned().collect(),
        ..Scenario::default()
    }
}

/// The fragment with names that neither `target` nor it has twice, and the new names in its order.
pub(crate) fn with_fresh_names(target: &Scenario, fragment: &Scenario) -> Scenario {
    let mut fresh = fragment.clone();
    let clashing = fragment.resources.keys().filter(|id| target.resources.contains_key(*id));
    for from in clashing {
        let suffix = if from.as_str().ends_with(".fifo") { ".fifo" } else { "" };
        let taken = |id: &LogicalId| target.resources.contains_key(id) || fresh.resources.contains_key(id);
        let to = fresh_id(&taken, stem(from.as_str().trim_end_matches(suffix)), suffix);
        // Its own kind allowed the old name, and the new one differs in a number alone.
        let _ = rename(&mut fresh, from, &to);
    }
    fresh
}

/// A name without the number that a copy got: the copy of `orders-2` is `orders-3`.
fn stem(name: &str) -> &str {
    match name.rsplit_once('-') {
        Some((stem, number)) if !stem.is_empty() && number.parse::<u16>().is_ok() => stem,
        _ => name,
    }
}

/// Adds all of the drawing of a fragment: resources, links, places, groups and notes.
pub(super) fn merge(new: &mut Scenario, fragment: &Scenario) -> Result<(), EditError> {
    let sizes = [
        (new.resources.len() + fragment.resources.len(), MAX_RESOURCES),
        (new.links.len() + fragment.links.len(), MAX_LINKS),
        (new.groups.len() + fragment.groups.len(), MAX_GROUPS),
        (new.notes.len() + fragment.notes.len(), MAX_NOTES),
    ];
    if sizes.iter().any(|(size, limit)| size > limit) {
        return Err(EditError::TooLarge);
    }
    for (id, properties) in &fragment.resources {
        if new.resources.insert(id.clone(), properties.clone()).is_some() {
            return Err(EditError::NameTaken(id.clone()));
        }
    }
    new.links.extend(fragment.links.iter().cloned());
    new.layout.extend(fragment.layout.iter().map(|(id, at)| (id.clone(), *at)));
    new.groups.extend(fragment.groups.iter().cloned());
    new.notes.extend(fragment.notes.iter().cloned());
    Ok(())
}
