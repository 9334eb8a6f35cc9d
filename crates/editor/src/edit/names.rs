//! Names of resources.

use messaging::{LogicalId, Properties, ResourceKind};
use scenario::limits::MAX_NAME_CHARACTERS;

/// A name that is not taken: `queue`, then `queue-2`, with the ending that the preset wants.
pub fn fresh_id(taken: &dyn Fn(&LogicalId) -> bool, prefix: &str, suffix: &str) -> LogicalId {
    let numbered = |number: usize| match number {
        1 => format!("{prefix}{suffix}"),
        _ => format!("{prefix}-{number}{suffix}"),
    };
    (1..)
        .map(|number| LogicalId::from(numbered(number).as_str()))
        .find(|id| !taken(id))
        .unwrap_or_else(|| prefix.into())
}

/// True when the name can be given to the resource, as far as itself is concerned.
pub fn valid_name(name: &str, properties: &Properties) -> bool {
    name_fault(name, properties).is_none()
}

/// What is wrong with a name, as a sentence.
pub fn name_fault(name: &str, properties: &Properties) -> Option<String> {
    let suffix = wanted_suffix(properties);
    let stem = name.strip_suffix(suffix);
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    match stem {
        _ if name.is_empty() => Some("A name needs at least one character.".into()),
        _ if name.chars().count() > MAX_NAME_CHARACTERS => {
            Some(format!("A name has at most {MAX_NAME_CHARACTERS} characters."))
        }
        None => Some(format!("The name must end in {suffix}.")),
        Some("") => Some("A name needs at least one character.".into()),
        Some(stem) if !stem.chars().all(plain) => {
            Some("A name has letters, digits, hyphens and underscores only.".into())
        }
        Some(_) => None,
    }
}

/// The ending that names of resources with such properties must have; empty for most.
fn wanted_suffix(properties: &Properties) -> &'static str {
    preset_of(properties).map_or("", |preset| properties.kind().descriptor().presets[preset].id_suffix)
}

/// The preset whose first property has the same value among `properties`.
pub(crate) fn preset_of(properties: &Properties) -> Option<usize> {
    let presets = properties.kind().descriptor().presets;
    if presets.is_empty() {
        return None;
    }
    let value = serde_json::to_value(properties).ok()?;
    presets.iter().position(|preset| {
        let wanted: serde_json::Value = serde_json::from_str(preset.properties).unwrap_or_default();
        let decides = preset.properties.split('"').nth(1).unwrap_or_default();
        wanted.get(decides).is_some_and(|wanted| value.get(decides) == Some(wanted))
    })
}

/// What people call a resource of such properties, and its icon.
pub(crate) fn title_and_icon(properties: &Properties) -> (&'static str, &'static str) {
    let descriptor = properties.kind().descriptor();
    match preset_of(properties) {
        Some(place) => (descriptor.presets[place].title, descriptor.presets[place].icon),
        None => (descriptor.title, descriptor.icon),
    }
}

/// The properties of a fresh resource of a preset.
pub(crate) fn preset_properties(kind: ResourceKind, preset: Option<usize>) -> Properties {
    preset
        .and_then(|place| kind.descriptor().presets.get(place))
        .and_then(|preset| serde_json::from_str::<serde_json::Value>(preset.properties).ok())
        .and_then(|value| kind.read_properties(&value).ok())
        .unwrap_or_else(|| kind.default_properties())
}
