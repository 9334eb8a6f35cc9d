//! Reads messages, processes them, deletes them.

use serde::{Deserialize, Serialize};

use crate::behavior::Behavior;
use crate::context::{Context, View};
use crate::descriptor::{PaletteGroup, ResourceDescriptor};
use crate::identifiers::CallId;
use crate::node_state::NodeState;

/// What the document says of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct ConsumerProperties {}

/// Reads messages, processes them, deletes them.
#[derive(Clone, Debug)]
pub struct Consumer;

impl Behavior for Consumer {
    type Properties = ConsumerProperties;
    type Timer = ();
    const DESCRIPTOR: ResourceDescriptor = ResourceDescriptor {
        resource_type: "Playground::Consumer",
        title: "Consumer",
        description: "Reads messages, processes them, deletes them.",
        group: PaletteGroup::Process,
        icon: "worker-fleet",
        id_prefix: "consumer",
        fields: &[],
        links: &[],
        presets: &[],
    };
    fn create(_properties: &ConsumerProperties, _cx: &mut Context<'_>) -> Self {
        Self
    }
    fn update(&mut self, _properties: &ConsumerProperties, _cx: &mut Context<'_>) {}
    fn on_request(&mut self, _call: CallId, _cx: &mut Context<'_>) {}
    fn on_timer(&mut self, _timer: (), _cx: &mut Context<'_>) {}
    fn state(&self, _view: &View<'_>) -> NodeState {
        NodeState::default()
    }
}
