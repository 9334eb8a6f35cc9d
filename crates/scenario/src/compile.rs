//! From a document to what a world is made from.

use messaging::{ResourceSpec, WorldSpec};

use crate::diagnostic::Diagnostics;
use crate::model::Scenario;
use crate::validate::validate;

/// Makes what a world is made from. Nothing else does.
///
/// # Errors
/// What [`validate`] finds, if any of it is an error.
pub fn compile(scenario: &Scenario) -> Result<WorldSpec, Diagnostics> {
    let diagnostics = validate(scenario);
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    let resources = scenario.resources.iter();
    let timeline = scenario.timeline.iter();
    Ok(WorldSpec {
        resources: resources
            .map(|(id, properties)| ResourceSpec { id: id.clone(), properties: properties.clone() })
            .collect(),
        links: scenario.links.clone(),
        timeline: timeline.map(|entry| (entry.at, entry.intervention.clone())).collect(),
        settings: scenario.settings.clone(),
    })
}
