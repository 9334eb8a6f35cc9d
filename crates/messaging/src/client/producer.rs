//! Sends messages at a rate.

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
pub struct ProducerProperties {}

/// Sends messages at a rate.
#[derive(Clone, Debug)]
pub struct Producer;

impl Behavior for Producer {
    type Properties = ProducerProperties;
    type Timer = ();
    const DESCRIPTOR: ResourceDescriptor = ResourceDescriptor {
        resource_type: "Playground::Producer",
        title: "Producer",
        description: "Sends messages at a rate.",
        group: PaletteGroup::Send,
        icon: "producer",
        id_prefix: "producer",
        fields: &[],
        links: &[],
        presets: &[],
    };
    fn create(_properties: &ProducerProperties, _cx: &mut Context<'_>) -> Self {
        Self
    }
    fn update(&mut self, _properties: &ProducerProperties, _cx: &mut Context<'_>) {}
    fn on_request(&mut self, _call: CallId, _cx: &mut Context<'_>) {}
    fn on_timer(&mut self, _timer: (), _cx: &mut Context<'_>) {}
    fn state(&self, _view: &View<'_>) -> NodeState {
        NodeState::default()
    }
}
