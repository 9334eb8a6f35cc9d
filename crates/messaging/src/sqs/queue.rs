//! A queue.

use crate::behavior::Behavior;
use crate::call::Entry;
use crate::context::{Context, View};
use crate::descriptor::{PaletteGroup, ResourceDescriptor};
use crate::identifiers::CallId;
use crate::node_state::NodeState;
use crate::poller::PollerKind;
use crate::sqs::{Error, QueueProperties, Request};

/// A queue.
#[derive(Clone, Debug)]
pub struct Queue;

impl Behavior for Queue {
    type Properties = QueueProperties;
    type Timer = ();
    const DESCRIPTOR: ResourceDescriptor = ResourceDescriptor {
        resource_type: "AWS::SQS::Queue",
        title: "SQS queue",
        description: "Keeps messages until a consumer deletes them.",
        group: PaletteGroup::RouteAndHold,
        icon: "sqs-standard",
        id_prefix: "queue",
        fields: &[],
        links: &[],
        presets: &[],
    };
    const MAX_ENTRIES_PER_SEND: usize = 10;

    fn create(_properties: &QueueProperties, _cx: &mut Context<'_>) -> Self {
        Self
    }
    fn update(&mut self, _properties: &QueueProperties, _cx: &mut Context<'_>) {}
    fn send_request(entries: &[Entry]) -> Option<crate::registry::Request> {
        Some(if entries.len() == 1 { Request::SendMessage } else { Request::SendMessageBatch }.into())
    }
    fn poller() -> Option<PollerKind> {
        Some(PollerKind::QueuePoller)
    }
    fn on_request(&mut self, call: CallId, cx: &mut Context<'_>) {
        cx.reply(call, Err(Error::RequestThrottled.into()));
    }
    fn on_timer(&mut self, _timer: (), _cx: &mut Context<'_>) {}
    fn state(&self, _view: &View<'_>) -> NodeState {
        NodeState::default()
    }
}
