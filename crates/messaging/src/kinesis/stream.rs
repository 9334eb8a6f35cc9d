//! A stream.

use serde::{Deserialize, Serialize};

use crate::behavior::Behavior;
use crate::call::Entry;
use crate::context::{Context, View};
use crate::descriptor::{PaletteGroup, ResourceDescriptor};
use crate::identifiers::CallId;
use crate::kinesis::{Error, Request};
use crate::node_state::NodeState;

/// What the document says of a stream (KDS-1).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct StreamProperties {
    /// Shards on creation (KDS-6).
    pub shard_count: u32,
}

/// A stream.
#[derive(Clone, Debug)]
pub struct Stream;

impl Behavior for Stream {
    type Properties = StreamProperties;
    type Timer = ();
    const DESCRIPTOR: ResourceDescriptor = ResourceDescriptor {
        resource_type: "AWS::Kinesis::Stream",
        title: "Kinesis data stream",
        description: "Keeps records in shards, in order, for many readers.",
        group: PaletteGroup::RouteAndHold,
        icon: "kinesis-stream",
        id_prefix: "stream",
        fields: &[],
        links: &[],
        presets: &[],
    };
    const MAX_ENTRIES_PER_SEND: usize = 500;

    fn create(_properties: &StreamProperties, _cx: &mut Context<'_>) -> Self {
        Self
    }
    fn update(&mut self, _properties: &StreamProperties, _cx: &mut Context<'_>) {}
    fn send_request(entries: &[Entry]) -> Option<crate::registry::Request> {
        Some(if entries.len() == 1 { Request::PutRecord } else { Request::PutRecords }.into())
    }
    fn on_request(&mut self, call: CallId, cx: &mut Context<'_>) {
        cx.reply(call, Err(Error::ProvisionedThroughputExceededException.into()));
    }
    fn on_timer(&mut self, _timer: (), _cx: &mut Context<'_>) {}
    fn state(&self, _view: &View<'_>) -> NodeState {
        NodeState::default()
    }
}
