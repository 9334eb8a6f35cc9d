//! What a problem's remedy changes.

use messaging::LogicalId;
use messaging::node_state::Remedy;
use scenario::JsonPointer;
use serde_json::Value as Json;

use super::Edit;

/// The edits of a remedy that the resource `of` offers: none if it only explains why something will not help.
pub(crate) fn of_remedy(of: &LogicalId, remedy: &Remedy) -> Vec<Edit> {
    let Some((id, path, value)) = &remedy.set else { return Vec::new() };
    let id = if id.is_empty() { of.as_str() } else { id };
    let properties = JsonPointer::root().then("Resources").then(id).then("Properties");
    let names = path.split('/').filter(|name| !name.is_empty());
    let pointer = names.clone().fold(properties, |pointer, name| pointer.then(name));
    let set = |pointer, value| Edit::SetProperty { pointer, value: Some(value) };
    match serde_json::from_str(value) {
        Ok(Json::Object(members)) if names.count() == 0 => {
            members.into_iter().map(|(name, value)| set(pointer.clone().then(name), value)).collect()
        }
        Ok(value) => vec![set(pointer, value)],
        Err(_) => Vec::new(),
    }
}
