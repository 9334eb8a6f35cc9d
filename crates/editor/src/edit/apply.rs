//! Applying a change to a document.

use std::collections::BTreeSet;

use messaging::{LinkSpec, LogicalId};
use scenario::limits::{MAX_GROUPS, MAX_LINKS, MAX_NOTES, MAX_RESOURCES, MAX_TIMELINE_ENTRIES};
use scenario::{Group, JsonPointer, Scenario, new_link};
use serde_json::Value as Json;

use super::names::{name_fault, preset_properties};
use super::rename::rename;
use super::{Edit, EditError};
use crate::geometry::Point;
use crate::selection::LinkEnds;

/// The document after a change.
///
/// # Errors
/// Why it cannot be changed so.
pub fn apply(scenario: &Scenario, edit: &Edit) -> Result<Scenario, EditError> {
    let mut new = scenario.clone();
    match edit {
        Edit::AddResource { id, kind, preset, at } => {
            add(&mut new, id, preset_properties(*kind, *preset), *at)?;
        }
        Edit::Merge(fragment) => super::merge::merge(&mut new, fragment)?,
        Edit::Remove(ids) => ids.iter().try_for_each(|id| remove(&mut new, id))?,
        Edit::Rename { from, to } => rename(&mut new, from, to)?,
        Edit::Move(places) => {
            for (id, at) in places {
                resource(scenario, id)?;
                new.layout.insert(id.clone(), (*at).into());
            }
        }
        Edit::Connect(ends) => connect(&mut new, ends)?,
        Edit::Disconnect(ends) => {
            let before = new.links.len();
            new.links.retain(|link| link.from != ends.from || link.to != ends.to);
            if new.links.len() == before {
                return Err(EditError::NoSuchLink(ends.clone()));
            }
        }
        Edit::SetProperty { pointer, value } => set_property(&mut new, pointer, value.as_ref())?,
        Edit::SetGroups(groups) => set_groups(&mut new, groups)?,
        Edit::SetNotes(notes) => new.notes = within(notes, MAX_NOTES)?,
        Edit::SetTimeline(timeline) => {
            new.timeline = within(timeline, MAX_TIMELINE_ENTRIES)?;
            new.timeline.sort_by_key(|entry| entry.at);
        }
        Edit::SetSeed(seed) => new.seed = *seed,
        Edit::SetTitle(title) => new.title = title.clone(),
        Edit::SetQuotaProfile(profile) => new.settings.quota_profile = *profile,
        Edit::Replace(scenario) => new = (**scenario).clone(),
    }
    Ok(new)
}

fn within<T: Clone>(list: &[T], most: usize) -> Result<Vec<T>, EditError> {
    if list.len() > most { Err(EditError::TooLarge) } else { Ok(list.to_vec()) }
}

fn set_groups(new: &mut Scenario, groups: &[Group]) -> Result<(), EditError> {
    let mut taken = BTreeSet::new();
    let mut groups = within(groups, MAX_GROUPS)?;
    for group in &mut groups {
        group.resources.retain(|id| new.resources.contains_key(id) && taken.insert(id.clone()));
        group.resources.sort_by_key(|id| new.resources.get_index_of(id));
    }
    groups.retain(|group| !group.resources.is_empty());
    new.groups = groups;
    Ok(())
}

fn resource<'a>(scenario: &'a Scenario, id: &LogicalId) -> Result<&'a messaging::Properties, EditError> {
    scenario.resources.get(id).ok_or_else(|| EditError::NoSuchResource(id.clone()))
}

fn add(
    new: &mut Scenario,
    id: &LogicalId,
    properties: messaging::Properties,
    at: Point,
) -> Result<(), EditError> {
    if new.resources.len() >= MAX_RESOURCES {
        return Err(EditError::TooLarge);
    }
    if new.resources.contains_key(id) {
        return Err(EditError::NameTaken(id.clone()));
    }
    if let Some(reason) = name_fault(id.as_str(), &properties) {
        return Err(EditError::BadName(reason));
    }
    new.resources.insert(id.clone(), properties);
    new.layout.insert(id.clone(), at.into());
    Ok(())
}

fn remove(new: &mut Scenario, id: &LogicalId) -> Result<(), EditError> {
    if new.resources.shift_remove(id).is_none() {
        return Err(EditError::NoSuchResource(id.clone()));
    }
    new.layout.remove(id);
    new.links.retain(|link| link.from != *id && link.to != *id);
    new.links.iter_mut().for_each(|link| link.properties.resource_renamed(id.as_str(), None));
    new.timeline.retain(|entry| !super::rename::is_named_in(&entry.intervention, id));
    new.expectations.retain(|expectation| expectation.of != *id);
    for caption in &mut new.captions {
        caption.question.take_if(|question| question.about.of == *id);
    }
    new.groups.iter_mut().for_each(|group| group.resources.retain(|member| member != id));
    new.groups.retain(|group| !group.resources.is_empty());
    Ok(())
}

fn connect(new: &mut Scenario, ends: &LinkEnds) -> Result<(), EditError> {
    let (_, to) = (resource(new, &ends.from)?, resource(new, &ends.to)?);
    if new.link(&ends.from, &ends.to).is_some() {
        return Err(EditError::AlreadyLinked(ends.clone()));
    }
    let properties = new_link(new, &ends.from, &ends.to).map_err(EditError::Refused)?;
    if new.links.len() >= MAX_LINKS {
        return Err(EditError::TooLarge);
    }
    let need = to.key_need();
    if let Some(from) = new.resources.get_mut(&ends.from) {
        from.fill_keys(need);
    }
    new.links.push(LinkSpec { from: ends.from.clone(), to: ends.to.clone(), properties });
    Ok(())
}

fn set_property(new: &mut Scenario, pointer: &JsonPointer, value: Option<&Json>) -> Result<(), EditError> {
    let missing = || EditError::NoSuchProperty(pointer.clone());
    let bad = |error: serde_json::Error| EditError::BadValue {
        pointer: pointer.clone(),
        reason: error.to_string(),
    };
    let segments: Vec<String> = pointer.segments().collect();
    // A quota of the account; what it may be is for validation to say.
    if let [section, quotas, code] = segments.as_slice()
        && (section.as_str(), quotas.as_str()) == ("Settings", "Quotas")
    {
        match value {
            Some(value) => new.settings.quotas.insert(code.clone(), value.clone()),
            None => new.settings.quotas.shift_remove(code),
        };
        return Ok(());
    }
    let [section, owner, properties, path @ ..] = segments.as_slice() else { return Err(missing()) };
    if properties != "Properties" || path.is_empty() {
        return Err(missing());
    }
    match section.as_str() {
        "Resources" => {
            let old = new.resources.get_mut(&LogicalId::from(owner.as_str())).ok_or_else(missing)?;
            let mut json = serde_json::to_value(&*old).map_err(bad)?;
            set_at(&mut json, path, value).ok_or_else(missing)?;
            *old = old.kind().read_properties(&json).map_err(bad)?;
        }
        "Links" => {
            let place: usize = owner.parse().map_err(|_| missing())?;
            let old = new.links.get_mut(place).ok_or_else(missing)?;
            let mut json = serde_json::to_value(&old.properties).map_err(bad)?;
            set_at(&mut json, path, value).ok_or_else(missing)?;
            old.properties = old.properties.kind().read_properties(&json).map_err(bad)?;
        }
        _ => return Err(missing()),
    }
    Ok(())
}

/// Sets or removes a member however deep; objects on the way are made, list elements must be there or be next.
fn set_at(json: &mut Json, path: &[String], value: Option<&Json>) -> Option<()> {
    let (name, rest) = path.split_first()?;
    if let Json::Array(elements) = json {
        let place: usize = name.parse().ok()?;
        if rest.is_empty() {
            match value {
                Some(value) if place < elements.len() => elements[place] = value.clone(),
                Some(value) if place == elements.len() => elements.push(value.clone()),
                None if place < elements.len() => drop(elements.remove(place)),
                _ => return None,
            }
            return Some(());
        }
        return set_at(elements.get_mut(place)?, rest, value);
    }
    if json.is_null() {
        *json = Json::Object(serde_json::Map::new());
    }
    let members = json.as_object_mut()?;
    match (rest.is_empty(), value) {
        (true, Some(value)) => drop(members.insert(name.clone(), value.clone())),
        (true, None) => drop(members.remove(name)),
        (false, _) => set_at(members.entry(name.clone()).or_insert(Json::Null), rest, value)?,
    }
    Some(())
}
