//! Every service there is: one line each. All enums over services are written from these lines.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::behavior::{AttributeError, Behavior, KeyNeed};
use crate::call::{ApiResult, Entries, Entry, Latency};
use crate::context::{Context, View};
use crate::descriptor::{LinkDescriptor, ResourceDescriptor};
use crate::identifiers::{CallId, LinkId};
use crate::intervention::ComponentAction;
use crate::message::Message;
use crate::metric::MetricName;
use crate::node_state::NodeState;
use crate::poller::{AfterFailure, Poll, PollSettings, Poller};
use crate::quota::{AccountUse, Quota, QuotaProfile};
use crate::service_error::{Fault, ServiceError};

/// What every service's requests can say of themselves.
pub trait ServiceRequest: Copy {
    /// The API action, such as `SendMessage`.
    fn operation(&self) -> &'static str;
    /// How long the request and its answer travel.
    fn latency(&self) -> Latency;
}

/// What every kind of link can say of itself.
pub trait LinkBehavior: Clone + PartialEq + Default + Serialize + serde::de::DeserializeOwned {
    /// What palette, inspector and validation are generated from.
    const DESCRIPTOR: LinkDescriptor;

    /// The queue, by its name, that gets what cannot be delivered along the link. The way there comes with the link.
    fn dead_letter_queue(&self) -> Option<&str> {
        None
    }

    /// The name under which the reader at the far end is registered for enhanced fan-out (KDS-47), if it is.
    fn stream_consumer(&self) -> Option<&str> {
        None
    }

    /// A resource that the properties may name has another name, or is gone.
    fn resource_renamed(&mut self, from: &str, to: Option<&str>) {
        let _ = (from, to);
    }

    /// Why the link may not stand beside another of its kind with which it shares an end; nothing if it may.
    fn conflict(&self, other: &Self, shared: SharedEnd) -> Option<LinkConflict> {
        let _ = (other, shared);
        None
    }

    /// Why the link does not go with what stands at its ends, kinds aside; nothing if it does.
    fn fault(&self, from: &Properties, to: &Properties) -> Option<LinkConflict> {
        let _ = (from, to);
        None
    }

    /// What is legal of the link and seldom meant; nothing if it does what it seems to. `leaving` are the links that
    /// leave the resource it leads to.
    fn doubt(&self, from: &Properties, to: &Properties, leaving: &[&LinkProperties]) -> Option<LinkDoubt> {
        let _ = (from, to, leaving);
        None
    }

    /// What a link has when it is drawn from a resource to another one of a name, beside those of its kind that
    /// leave the same resource already.
    fn fresh(from: &Properties, to: (&str, &Properties), others: &[&Self]) -> Self {
        let _ = (from, to, others);
        Self::default()
    }
}

/// The end that two links share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SharedEnd {
    /// Both leave the same resource.
    From,
    /// Both lead to the same resource.
    To,
}

/// Why two links cannot both be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkConflict {
    /// Why, as a sentence; AWS's own text where there is one.
    pub reason: String,
    /// A way that works.
    pub hint: &'static str,
}

/// Something legal of a link that is seldom meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkDoubt {
    /// The property it is about.
    pub about: DoubtAbout,
    /// What comes of it, as a sentence.
    pub message: String,
    /// The word that stands there.
    pub word: String,
    /// The words that would do.
    pub candidates: Vec<String>,
    /// What would be right, if no candidate is like the word.
    pub hint: &'static str,
}

/// Whose property a doubt is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoubtAbout {
    /// One of the link.
    Link(&'static str),
    /// One of the resource that the link leads to.
    Target(&'static str),
}

/// The far end could not be reached at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NetworkError {
    /// Cut off, or gone.
    Unreachable,
}

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("The endpoint could not be reached.")
    }
}
impl ServiceError for NetworkError {
    fn code(&self) -> &'static str {
        "EndpointConnectionError"
    }
    fn fault(&self) -> Fault {
        Fault::Receiver
    }
    fn is_retryable(&self) -> bool {
        true
    }
}

/// What one kind does stays a function of its own, so that a switch over all kinds is not all their code in one piece:
/// the site loads the code of most kinds after the first message has moved.
#[inline(never)]
fn apart<T>(of_one_kind: impl FnOnce() -> T) -> T {
    of_one_kind()
}

macro_rules! services {
    ($(
        $service:ident = $module:ident
        $( { $( $component:ident ),+ $(,)? } )?
        $( links { $( $link:ident ),+ $(,)? } )?
        $( poller { $poller:ident } )?
    ;)+) => {
        services!(@components $($( $( $component = crate::$module::$component; )+ )?)+);
        services!(@links $($( $( $link = crate::$module::$link; )+ )?)+);
        services!(@pollers $($( $poller = crate::$module::$poller; )?)+);

        /// A request to any service.
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[expect(missing_docs, reason = "a variant is a service")]
        pub enum Request { $( $service(crate::$module::Request), )+ }
        /// A service's answer.
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[expect(missing_docs, reason = "a variant is a service")]
        pub enum Response { $( $service(crate::$module::Response), )+ }
        /// A service's refusal, or no way to the service.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[expect(missing_docs, reason = "a variant is a service")]
        pub enum ApiError { $( $service(crate::$module::Error), )+ Network(NetworkError) }

        impl Request {
            /// The API action, such as `SendMessage`.
            pub fn operation(&self) -> &'static str {
                match self { $( Self::$service(request) => request.operation(), )+ }
            }
            /// How long the request and its answer travel.
            #[inline]
            pub fn latency(&self) -> Latency {
                match self { $( Self::$service(request) => request.latency(), )+ }
            }
        }
        impl ApiError {
            /// The error as every error can be read.
            pub fn as_service_error(&self) -> &dyn ServiceError {
                match self { $( Self::$service(error) => error, )+ Self::Network(error) => error }
            }
        }
        $(
            impl From<crate::$module::Request> for Request {
                fn from(request: crate::$module::Request) -> Self { Self::$service(request) }
            }
            impl From<crate::$module::Response> for Response {
                fn from(response: crate::$module::Response) -> Self { Self::$service(response) }
            }
            impl From<crate::$module::Error> for ApiError {
                fn from(error: crate::$module::Error) -> Self { Self::$service(error) }
            }
        )+
    };

    (@components $( $kind:ident = $path:path; )+) => {
        /// A component of the world.
        #[derive(Debug)]
        #[allow(clippy::large_enum_variant, reason = "there are few components, and their state is read on every event")]
        pub(crate) enum Component { $( $kind($path), )+ }
        impl Clone for Component {
            fn clone(&self) -> Self {
                match self { $( Self::$kind(component) => apart(|| Self::$kind(component.clone())), )+ }
            }
        }
        /// A kind of resource.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[expect(missing_docs, reason = "a variant is a kind of resource")]
        pub enum ResourceKind { $( $kind, )+ }
        /// The properties of a resource of any kind.
        #[derive(Debug, PartialEq)]
        #[expect(missing_docs, reason = "a variant is a kind of resource")]
        pub enum Properties { $( $kind(<$path as Behavior>::Properties), )+ }
        impl Clone for Properties {
            fn clone(&self) -> Self {
                match self { $( Self::$kind(properties) => apart(|| Self::$kind(properties.clone())), )+ }
            }
        }
        /// A wake-up of a component of any kind.
        #[derive(Clone, Copy, Debug)]
        #[expect(missing_docs, reason = "a variant is a kind of resource")]
        pub enum Timer { $( $kind(<$path as Behavior>::Timer), )+ }

        impl ResourceKind {
            /// All kinds, in the order of the registry.
            pub const ALL: &'static [Self] = &[ $( Self::$kind, )+ ];
            /// What palette, inspector and validation are generated from.
            pub const fn descriptor(self) -> &'static ResourceDescriptor {
                match self { $( Self::$kind => &<$path as Behavior>::DESCRIPTOR, )+ }
            }
            /// How anyone sends `entries` to this kind; nothing if it cannot be a target.
            #[inline]
            pub fn send_request(self, entries: &[Entry]) -> Option<Request> {
                match self { $( Self::$kind => <$path as Behavior>::send_request(entries), )+ }
            }
            /// How a client opens a connection to this kind; nothing where every call stands for itself.
            pub fn connect_request(self) -> Option<Request> {
                match self { $( Self::$kind => <$path as Behavior>::connect_request(), )+ }
            }
            /// How many messages one send request may carry.
            pub const fn max_entries_per_send(self) -> usize {
                match self { $( Self::$kind => <$path as Behavior>::MAX_ENTRIES_PER_SEND, )+ }
            }
            /// Its own word for too many calls; nothing if it is never throttled.
            pub const fn throttling(self) -> Option<ApiError> {
                match self { $( Self::$kind => <$path as Behavior>::THROTTLING, )+ }
            }
            /// The adjustable quotas that hold for it: those that a scenario may set.
            pub const fn quotas(self) -> &'static [&'static Quota] {
                match self { $( Self::$kind => <$path as Behavior>::QUOTAS, )+ }
            }
            /// How anyone reads from this kind; nothing if it is not a pull source.
            pub fn poller(self) -> Option<PollerKind> {
                match self { $( Self::$kind => <$path as Behavior>::poller(), )+ }
            }
            /// The type of the link that may lead here from every other kind of resource; nothing for most.
            pub const fn link_from_any(self) -> Option<&'static str> {
                match self { $( Self::$kind => <$path as Behavior>::LINK_FROM_ANY, )+ }
            }
            /// The properties of a fresh one.
            pub fn default_properties(self) -> Properties {
                match self { $( Self::$kind => apart(|| Properties::$kind(Default::default())), )+ }
            }
            /// Reads properties from a document.
            ///
            /// # Errors
            /// What does not fit first.
            pub fn read_properties(self, value: &serde_json::Value) -> Result<Properties, serde_json::Error> {
                Ok(match self {
                    $( Self::$kind => apart(|| Deserialize::deserialize(value).map(Properties::$kind))?, )+
                })
            }
            /// The JSON Schema of the properties.
            #[cfg(feature = "schema")]
            pub fn schema(self, generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                match self { $( Self::$kind => generator.subschema_for::<<$path as Behavior>::Properties>(), )+ }
            }
        }
        impl Properties {
            /// Their kind of resource.
            pub const fn kind(&self) -> ResourceKind {
                match self { $( Self::$kind(_) => ResourceKind::$kind, )+ }
            }
            /// What the service would refuse of them, ranges aside.
            pub fn attribute_errors(&self, profile: QuotaProfile) -> Vec<AttributeError> {
                match self {
                    $( Self::$kind(properties) => {
                        apart(|| <$path as Behavior>::attribute_errors_under(properties, profile))
                    } )+
                }
            }
            /// Why a link of a kind, from the resource `from`, may not lead to the resource of these, called `name`.
            pub fn arriving_link_error(&self, name: &str, link: LinkKind, from: &str) -> Option<String> {
                match self {
                    $( Self::$kind(properties) => <$path as Behavior>::arriving_link_error(properties, name, link, from), )+
                }
            }
            /// What the resource takes, from the start, of quotas that all resources of the account share.
            pub fn account_use(&self) -> Vec<AccountUse> {
                match self { $( Self::$kind(properties) => <$path as Behavior>::account_use(properties), )+ }
            }
            /// What key the messages sent to the resource must have.
            pub fn key_need(&self) -> KeyNeed {
                match self { $( Self::$kind(properties) => <$path as Behavior>::key_need(properties), )+ }
            }
            /// The messaging protocol that the client speaks, if it is not AWS's own (MQ-3).
            pub fn client_protocol(&self) -> Option<crate::mq::Protocol> {
                match self { $( Self::$kind(properties) => <$path as Behavior>::client_protocol(properties), )+ }
            }
            /// Why a client that speaks a protocol, or AWS's own if none, cannot talk to the resource (MQ-3).
            pub fn protocol_refusal(&self, protocol: Option<crate::mq::Protocol>) -> Option<String> {
                match self { $( Self::$kind(properties) => <$path as Behavior>::protocol_refusal(properties, protocol), )+ }
            }
            /// By which protocol a topic delivers to the resource; nothing if it cannot be subscribed.
            pub fn subscription_protocol(&self) -> Option<crate::sns::Protocol> {
                match self { $( Self::$kind(properties) => <$path as Behavior>::subscription_protocol(properties), )+ }
            }
            /// Gives a sender keys of its own choice where a target needs them and none were chosen.
            pub fn fill_keys(&mut self, need: KeyNeed) {
                match self { $( Self::$kind(properties) => <$path as Behavior>::fill_keys(properties, need), )+ }
            }
        }
        impl Serialize for Properties {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self { $( Self::$kind(properties) => apart(|| properties.serialize(serializer)), )+ }
            }
        }
        impl Component {
            pub(crate) fn create(properties: &Properties, cx: &mut Context<'_>) -> Self {
                match properties { $( Properties::$kind(properties) => apart(|| Self::$kind(<$path as Behavior>::create(properties, cx))), )+ }
            }
            /// Takes new properties; false if they are of another kind.
            pub(crate) fn update(&mut self, properties: &Properties, cx: &mut Context<'_>) -> bool {
                match (self, properties) {
                    $( (Self::$kind(component), Properties::$kind(properties)) => { apart(|| component.update(properties, cx)); true } )+
                    _ => false,
                }
            }
            pub(crate) fn on_links_changed(&mut self, cx: &mut Context<'_>) {
                match self { $( Self::$kind(component) => apart(|| component.on_links_changed(cx)), )+ }
            }
            #[inline]
            pub(crate) fn on_request(&mut self, call: CallId, cx: &mut Context<'_>) {
                match self { $( Self::$kind(component) => apart(|| component.on_request(call, cx)), )+ }
            }
            #[inline]
            pub(crate) fn on_response(&mut self, call: CallId, cx: &mut Context<'_>) {
                match self { $( Self::$kind(component) => apart(|| component.on_response(call, cx)), )+ }
            }
            #[inline]
            pub(crate) fn on_timer(&mut self, timer: Timer, cx: &mut Context<'_>) {
                match (self, timer) {
                    $( (Self::$kind(component), Timer::$kind(timer)) => apart(|| component.on_timer(timer, cx)), )+
                    _ => {}
                }
            }
            pub(crate) fn on_action(&mut self, action: ComponentAction, cx: &mut Context<'_>) -> Result<(), String> {
                match self { $( Self::$kind(component) => apart(|| component.on_action(action, cx)), )+ }
            }
            pub(crate) fn gauges(&self, view: &View<'_>, put: &mut dyn FnMut(MetricName, u64)) {
                match self { $( Self::$kind(component) => apart(|| component.gauges(view, put)), )+ }
            }
            pub(crate) fn state(&self, view: &View<'_>) -> NodeState {
                match self { $( Self::$kind(component) => apart(|| component.state(view)), )+ }
            }
            pub(crate) fn recent_messages(&self) -> Vec<Message> {
                match self { $( Self::$kind(component) => apart(|| component.recent_messages()), )+ }
            }
        }
    };

    (@links $( $link:ident = $path:path; )+) => {
        /// A kind of link.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[expect(missing_docs, reason = "a variant is a kind of link")]
        pub enum LinkKind { $( $link, )+ }
        /// The properties of a link of any kind.
        #[derive(Clone, Debug, PartialEq)]
        #[expect(missing_docs, reason = "a variant is a kind of link")]
        #[allow(clippy::large_enum_variant, reason = "there are few links, and their properties are seldom moved")]
        pub enum LinkProperties { $( $link($path), )+ }

        impl LinkKind {
            /// All kinds, in the order of the registry.
            pub const ALL: &'static [Self] = &[ $( Self::$link, )+ ];
            /// What palette, inspector and validation are generated from.
            pub const fn descriptor(self) -> &'static LinkDescriptor {
                match self { $( Self::$link => &<$path as LinkBehavior>::DESCRIPTOR, )+ }
            }
            /// The properties of a fresh one.
            pub fn default_properties(self) -> LinkProperties {
                match self { $( Self::$link => LinkProperties::$link(Default::default()), )+ }
            }
            /// The properties of one that is drawn: see [`LinkBehavior::fresh`].
            pub fn fresh_properties(
                self,
                from: &Properties,
                to: (&str, &Properties),
                leaving: &[&LinkProperties],
            ) -> LinkProperties {
                match self { $(
                    Self::$link => {
                        let others: Vec<&$path> = leaving
                            .iter()
                            .filter_map(|link| match link {
                                LinkProperties::$link(properties) => Some(properties),
                                _ => None,
                            })
                            .collect();
                        LinkProperties::$link(<$path as LinkBehavior>::fresh(from, to, &others))
                    }
                )+ }
            }
            /// Reads properties from a document.
            ///
            /// # Errors
            /// What does not fit first.
            pub fn read_properties(self, value: &serde_json::Value) -> Result<LinkProperties, serde_json::Error> {
                Ok(match self {
                    $( Self::$link => apart(|| Deserialize::deserialize(value).map(LinkProperties::$link))?, )+
                })
            }
            /// The JSON Schema of the properties.
            #[cfg(feature = "schema")]
            pub fn schema(self, generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                match self { $( Self::$link => generator.subschema_for::<$path>(), )+ }
            }
        }
        impl LinkProperties {
            /// Their kind of link.
            pub const fn kind(&self) -> LinkKind {
                match self { $( Self::$link(_) => LinkKind::$link, )+ }
            }
            /// The queue, by its name, that gets what cannot be delivered along the link.
            pub fn dead_letter_queue(&self) -> Option<&str> {
                match self { $( Self::$link(properties) => properties.dead_letter_queue(), )+ }
            }
            /// Why the link does not go with what stands at its ends, kinds aside; nothing if it does.
            pub fn fault(&self, from: &Properties, to: &Properties) -> Option<LinkConflict> {
                match self { $( Self::$link(properties) => LinkBehavior::fault(properties, from, to), )+ }
            }
            /// What is legal of the link and seldom meant; see [`LinkBehavior::doubt`].
            pub fn doubt(&self, from: &Properties, to: &Properties, leaving: &[&Self]) -> Option<LinkDoubt> {
                match self { $( Self::$link(properties) => LinkBehavior::doubt(properties, from, to, leaving), )+ }
            }
            /// Why the link may not stand beside another one with which it shares an end; nothing if it may.
            pub fn conflict(&self, other: &Self, shared: SharedEnd) -> Option<LinkConflict> {
                match (self, other) {
                    $( (Self::$link(one), Self::$link(other)) => LinkBehavior::conflict(one, other, shared), )+
                    _ => None,
                }
            }
            /// The name under which the reader at the far end is registered for enhanced fan-out, if it is.
            pub fn stream_consumer(&self) -> Option<&str> {
                match self { $( Self::$link(properties) => properties.stream_consumer(), )+ }
            }
            /// A resource that the properties may name has another name, or is gone.
            pub fn resource_renamed(&mut self, from: &str, to: Option<&str>) {
                match self { $( Self::$link(properties) => properties.resource_renamed(from, to), )+ }
            }
        }
        impl Serialize for LinkProperties {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self { $( Self::$link(properties) => apart(|| properties.serialize(serializer)), )+ }
            }
        }
    };

    (@pollers $( $poller:ident = $path:path; )+) => {
        /// A kind of pull source, as its readers see it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "a variant is a kind of pull source")]
        pub enum PollerKind { $( $poller, )+ }
        /// The reading loop of any pull source.
        #[derive(Clone, Debug)]
        #[expect(missing_docs, reason = "a variant is a kind of pull source")]
        pub enum AnyPoller { $( $poller($path), )+ }

        impl PollerKind {
            /// A fresh reading loop.
            pub fn create(self) -> AnyPoller {
                match self { $( Self::$poller => AnyPoller::$poller(Default::default()), )+ }
            }
        }
        impl AnyPoller {
            /// See [`Poller::poll`].
            pub fn poll(&mut self, link: LinkId, settings: &PollSettings, cx: &mut Context<'_>) -> Poll {
                match self { $( Self::$poller(poller) => poller.poll(link, settings, cx), )+ }
            }
            /// See [`Poller::received`].
            pub fn received(&mut self, result: &ApiResult, entries: &Entries, cx: &mut Context<'_>) {
                match self { $( Self::$poller(poller) => poller.received(result, entries, cx), )+ }
            }
            /// See [`Poller::pause_after_refusal`].
            pub fn pause_after_refusal(&self) -> kernel::SimDuration {
                match self { $( Self::$poller(poller) => poller.pause_after_refusal(), )+ }
            }
            /// See [`Poller::settle`].
            pub fn settle(&mut self, entries: &[Entry]) -> Option<Request> {
                match self { $( Self::$poller(poller) => poller.settle(entries), )+ }
            }
            /// See [`Poller::extend`].
            pub fn extend(&mut self, entry: &Entry, seconds: u32) -> Option<Request> {
                match self { $( Self::$poller(poller) => poller.extend(entry, seconds), )+ }
            }
            /// See [`Poller::extends_every`].
            pub fn extends_every(&self) -> Option<kernel::SimDuration> {
                match self { $( Self::$poller(poller) => poller.extends_every(), )+ }
            }
            /// See [`Poller::is_overdue`].
            #[inline]
            pub fn is_overdue(&mut self, now: kernel::SimTime) -> bool {
                match self { $( Self::$poller(poller) => poller.is_overdue(now), )+ }
            }
            /// See [`Poller::failed`].
            pub fn failed(&mut self, link: LinkId, entry: &Entry, cx: &mut Context<'_>) -> AfterFailure {
                match self { $( Self::$poller(poller) => poller.failed(link, entry, cx), )+ }
            }
            /// See [`Poller::give_back`].
            pub fn give_back(&mut self) -> Option<Request> {
                match self { $( Self::$poller(poller) => poller.give_back(), )+ }
            }
            /// See [`Poller::is_pushed`].
            pub fn is_pushed(&self) -> bool {
                match self { $( Self::$poller(poller) => poller.is_pushed(), )+ }
            }
            /// See [`Poller::takes_push`].
            pub fn takes_push(&self, subscription: u32) -> bool {
                match self { $( Self::$poller(poller) => poller.takes_push(subscription), )+ }
            }
            /// See [`Poller::close`].
            pub fn close(&mut self) -> Option<Request> {
                match self { $( Self::$poller(poller) => poller.close(), )+ }
            }
            /// See [`Poller::keeps_group_order`].
            pub fn keeps_group_order(&self) -> bool {
                match self { $( Self::$poller(poller) => poller.keeps_group_order(), )+ }
            }
            /// See [`Poller::blocks_on_failure`].
            pub fn blocks_on_failure(&self) -> bool {
                match self { $( Self::$poller(poller) => poller.blocks_on_failure(), )+ }
            }
        }
    };
}

services! {
    Client   = client   { Producer, Consumer } links { Send, Poll };
    Sns      = sns      { Topic } links { Subscription, DeadLetters };
    Sqs      = sqs      { Queue } links { RedrivePolicy } poller { QueuePoller };
    Kinesis  = kinesis  { Stream } poller { StreamPoller };
    Mq       = mq       { Broker } links { Publish, Consume } poller { BrokerPoller };
    Database = database { Database };
    Endpoint = endpoint { Endpoint };
    Lambda   = lambda   { Function } links { EventSourceMapping, EventInvokeConfig };
    KinesisAnalytics = kinesis_analytics { Application };
    KinesisVideo = kinesis_video { VideoStream } poller { MediaPoller };
    S3       = s3       { Bucket } links { NotificationConfiguration };
    Service  = service  { Service };
    AutoScaling = autoscaling { Alarm, AutoScalingGroup } links { Watch, AlarmAction, ScalingPolicy };
    Firehose = firehose { DeliveryStream } links { KinesisStreamSourceConfiguration, DestinationConfiguration, ProcessingConfiguration };
}

impl From<NetworkError> for ApiError {
    fn from(error: NetworkError) -> Self {
        Self::Network(error)
    }
}
impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_service_error().fmt(f)
    }
}
impl std::error::Error for ApiError {}

impl ResourceKind {
    /// The kind of a CloudFormation type name.
    pub fn from_resource_type(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.descriptor().resource_type == name)
    }
}
impl ResourceKind {
    /// What a person or the timeline can do to it, in the words of the document.
    pub fn actions(self) -> impl Iterator<Item = &'static str> {
        let throttle = self.throttling().map(|_| "Throttle");
        self.descriptor().actions.iter().copied().chain(throttle)
    }
}
impl LinkKind {
    /// The kind of a link type's name.
    pub fn from_link_type(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.descriptor().link_type == name)
    }
}
impl LinkProperties {
    /// The way of dead letters, drawn dashed.
    pub const fn is_redrive(&self) -> bool {
        self.kind().descriptor().redrive
    }
    /// A client calls the far end along it, for each message.
    pub const fn is_send(&self) -> bool {
        matches!(self, Self::Send(_) | Self::Publish(_))
    }
    /// A consumer gets messages along it, whether it asks or they are pushed.
    pub const fn is_source(&self) -> bool {
        matches!(self, Self::Poll(_) | Self::Consume(_))
    }
    /// The far end asks and the near end answers.
    pub const fn is_pull(&self) -> bool {
        self.kind().descriptor().pull
    }
}
