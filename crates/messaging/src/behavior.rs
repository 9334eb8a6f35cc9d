//! What every kind of resource can do.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::call::Entry;
use crate::context::{Context, View};
use crate::descriptor::ResourceDescriptor;
use crate::identifiers::CallId;
use crate::intervention::ComponentAction;
use crate::message::Message;
use crate::metric::MetricName;
use crate::node_state::NodeState;
use crate::poller::PollerKind;
use crate::quota::{AccountUse, Quota, QuotaProfile};
use crate::registry::{ApiError, LinkKind, Request};
use crate::sns::Protocol;

/// What key the messages sent to a resource must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyNeed {
    /// None.
    None,
    /// A `MessageGroupId` (SQS-140, SNS-80).
    MessageGroupId,
    /// A `PartitionKey` (KDS-11).
    PartitionKey,
}

/// A property that the service would not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeError {
    /// Which.
    pub attribute: &'static str,
    /// Code and sentence.
    pub message: String,
    /// It changes nothing and only warns; otherwise nobody can say what is meant.
    pub harmless: bool,
}

/// A kind of resource: its properties, and how it reacts to calls, answers, timers and people.
pub trait Behavior: Clone + Sized {
    /// What the document says of it; field names are CloudFormation's.
    type Properties: Clone + PartialEq + Default + Serialize + DeserializeOwned;
    /// What it can be woken for.
    type Timer: Copy;
    /// What palette, inspector and validation are generated from.
    const DESCRIPTOR: ResourceDescriptor;

    /// The type of the link that may lead here from every other kind of resource; nothing for most.
    const LINK_FROM_ANY: Option<&'static str> = None;

    /// Makes one as the document says. It may look at the world, not at other components.
    fn create(properties: &Self::Properties, cx: &mut Context<'_>) -> Self;

    /// Takes new properties while running; what is held stays.
    fn update(&mut self, properties: &Self::Properties, cx: &mut Context<'_>);

    /// How anyone sends `entries` to this kind; nothing if it cannot be a target.
    fn send_request(entries: &[Entry]) -> Option<Request> {
        let _ = entries;
        None
    }

    /// How a client opens a connection to it; nothing where every call stands for itself.
    fn connect_request() -> Option<Request> {
        None
    }

    /// The messaging protocol it speaks as a client, if that is not AWS's own (MQ-3).
    fn client_protocol(properties: &Self::Properties) -> Option<crate::mq::Protocol> {
        let _ = properties;
        None
    }

    /// Why a client that speaks a protocol, or AWS's own if none, cannot talk to it (MQ-3).
    fn protocol_refusal(
        properties: &Self::Properties,
        protocol: Option<crate::mq::Protocol>,
    ) -> Option<String> {
        let _ = properties;
        let title = Self::DESCRIPTOR.title;
        protocol.map(|protocol| {
            format!("{} does not speak {}, only AWS's own protocol (MQ-3).", title, protocol.name())
        })
    }

    /// How many messages one send request may carry (SQS-31, SNS-25, KDS-15).
    const MAX_ENTRIES_PER_SEND: usize = 1;

    /// Its own word for too many calls; nothing if it is never throttled.
    const THROTTLING: Option<ApiError> = None;

    /// The adjustable quotas that hold for it: those that a scenario may set.
    const QUOTAS: &'static [&'static Quota] = &[];

    /// What it takes, from the start, of quotas that all resources of the account share.
    fn account_use(properties: &Self::Properties) -> Vec<AccountUse> {
        let _ = properties;
        Vec::new()
    }

    /// What key its messages must have.
    fn key_need(properties: &Self::Properties) -> KeyNeed {
        let _ = properties;
        KeyNeed::None
    }

    /// By which protocol a topic delivers to it (SNS-40); nothing if it cannot be subscribed.
    fn subscription_protocol(properties: &Self::Properties) -> Option<Protocol> {
        let _ = properties;
        None
    }

    /// Gives a sender keys of its own choice where a target needs them and none were chosen (SP-53).
    fn fill_keys(properties: &mut Self::Properties, need: KeyNeed) {
        let _ = (properties, need);
    }

    /// What the service would refuse of its properties, ranges aside.
    fn attribute_errors(properties: &Self::Properties) -> Vec<AttributeError> {
        let _ = properties;
        Vec::new()
    }

    /// As [`Behavior::attribute_errors`], where the answer depends on the quota profile.
    fn attribute_errors_under(properties: &Self::Properties, profile: QuotaProfile) -> Vec<AttributeError> {
        let _ = profile;
        Self::attribute_errors(properties)
    }

    /// Why a link of this kind, from a resource of a name, may not lead to the resource of this name; nothing if it may.
    fn arriving_link_error(
        properties: &Self::Properties,
        name: &str,
        link: LinkKind,
        from: &str,
    ) -> Option<String> {
        let _ = (properties, name, link, from);
        None
    }

    /// How anyone reads from this kind; nothing if it is not a pull source.
    fn poller() -> Option<PollerKind> {
        None
    }

    /// All components exist, or the links of this one changed.
    fn on_links_changed(&mut self, cx: &mut Context<'_>) {
        let _ = cx;
    }

    /// A request arrived. It is answered with [`Context::reply`], now or later.
    fn on_request(&mut self, call: CallId, cx: &mut Context<'_>);

    /// An answer arrived; the call is forgotten after this.
    fn on_response(&mut self, call: CallId, cx: &mut Context<'_>) {
        let _ = (call, cx);
    }

    /// A timer fired.
    fn on_timer(&mut self, timer: Self::Timer, cx: &mut Context<'_>);

    /// A person or the timeline wants something.
    ///
    /// # Errors
    /// A sentence on why it cannot be done.
    fn on_action(&mut self, action: ComponentAction, cx: &mut Context<'_>) -> Result<(), String> {
        let _ = cx;
        Err(format!("{} cannot {}.", Self::DESCRIPTOR.title, action.name()))
    }

    /// Reads the gauges as they stand.
    fn gauges(&self, view: &View<'_>, put: &mut dyn FnMut(MetricName, u64)) {
        let _ = (view, put);
    }

    /// What it was sent last, oldest first; nothing if it does not keep that.
    fn recent_messages(&self) -> Vec<Message> {
        Vec::new()
    }

    /// What it shows of itself.
    fn state(&self, view: &View<'_>) -> NodeState;
}
