//! A topic.

use serde::{Deserialize, Serialize};

use crate::behavior::Behavior;
use crate::call::Entry;
use crate::context::{Context, View};
use crate::descriptor::{PaletteGroup, ResourceDescriptor};
use crate::identifiers::CallId;
use crate::node_state::NodeState;
use crate::sns::{Error, Request};

/// What the document says of a topic (SNS-5).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct TopicProperties {
    /// Fixed at creation (SNS-1).
    pub fifo_topic: bool,
}

/// A topic.
#[derive(Clone, Debug)]
pub struct Topic;

impl Behavior for Topic {
    type Properties = TopicProperties;
    type Timer = ();
    const DESCRIPTOR: ResourceDescriptor = ResourceDescriptor {
        resource_type: "AWS::SNS::Topic",
        title: "SNS topic",
        description: "Delivers a copy of each message to every subscription.",
        group: PaletteGroup::RouteAndHold,
        icon: "sns-topic",
        id_prefix: "topic",
        fields: &[],
        links: &[],
        presets: &[],
    };
    const MAX_ENTRIES_PER_SEND: usize = 10;

    fn create(_properties: &TopicProperties, _cx: &mut Context<'_>) -> Self {
        Self
    }
    fn update(&mut self, _properties: &TopicProperties, _cx: &mut Context<'_>) {}
    fn send_request(entries: &[Entry]) -> Option<crate::registry::Request> {
        Some(if entries.len() == 1 { Request::Publish } else { Request::PublishBatch }.into())
    }
    fn on_request(&mut self, call: CallId, cx: &mut Context<'_>) {
        cx.reply(call, Err(Error::Throttled.into()));
    }
    fn on_timer(&mut self, _timer: (), _cx: &mut Context<'_>) {}
    fn state(&self, _view: &View<'_>) -> NodeState {
        NodeState::default()
    }
}
