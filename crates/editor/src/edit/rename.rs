//! Giving a resource another name, wherever the document names it.

use messaging::{Intervention, LogicalId};
use scenario::Scenario;

use super::EditError;
use super::names::name_fault;

pub(super) fn rename(new: &mut Scenario, from: &LogicalId, to: &LogicalId) -> Result<(), EditError> {
    let place = new.resources.get_index_of(from).ok_or_else(|| EditError::NoSuchResource(from.clone()))?;
    if from == to {
        return Ok(());
    }
    if new.resources.contains_key(to) {
        return Err(EditError::NameTaken(to.clone()));
    }
    if let Some(reason) = name_fault(to.as_str(), &new.resources[place]) {
        return Err(EditError::BadName(reason));
    }
    if let Some(properties) = new.resources.swap_remove(from) {
        // At its old place: the order of the document is the order of the outline.
        let (last, _) = new.resources.insert_full(to.clone(), properties);
        new.resources.swap_indices(place, last);
    }
    if let Some(position) = new.layout.remove(from) {
        new.layout.insert(to.clone(), position);
    }
    let swap = |name: &mut LogicalId| {
        if name == from {
            *name = to.clone();
        }
    };
    for link in &mut new.links {
        swap(&mut link.from);
        swap(&mut link.to);
        link.properties.resource_renamed(from.as_str(), Some(to.as_str()));
    }
    for entry in &mut new.timeline {
        names_in(&mut entry.intervention).into_iter().for_each(swap);
    }
    for expectation in &mut new.expectations {
        swap(&mut expectation.of);
    }
    for question in new.captions.iter_mut().filter_map(|caption| caption.question.as_mut()) {
        swap(&mut question.about.of);
    }
    new.groups.iter_mut().flat_map(|group| &mut group.resources).for_each(swap);
    Ok(())
}

/// Whether an intervention names a resource.
pub(super) fn is_named_in(intervention: &Intervention, id: &LogicalId) -> bool {
    names_in(&mut intervention.clone()).into_iter().any(|name| name == id)
}

/// The resources an intervention names.
fn names_in(intervention: &mut Intervention) -> Vec<&mut LogicalId> {
    match intervention {
        Intervention::Start(id)
        | Intervention::Stop(id)
        | Intervention::Crash(id)
        | Intervention::Poison(id)
        | Intervention::Purge(id)
        | Intervention::Redrive(id)
        | Intervention::Reboot(id)
        | Intervention::Throttle { of: id, .. }
        | Intervention::Slow { of: id, .. }
        | Intervention::Send { from: id, .. } => vec![id],
        Intervention::CutLink { from, to } | Intervention::RestoreLink { from, to } => vec![from, to],
        Intervention::AvailabilityZoneOutage(_)
        | Intervention::AvailabilityZoneRecovery(_)
        | Intervention::Reconfigure(_) => Vec::new(),
    }
}
