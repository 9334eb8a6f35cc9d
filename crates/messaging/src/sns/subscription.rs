//! A subscription at work.

use kernel::{EventKey, SecondCounter, SimDuration, SimTime};

use super::Protocol;
use super::archive::Replay;
use super::delivery_policy::RetryPolicy;
use super::filter_policy::{Decision, FilterPolicy};
use super::format::Format;
use super::properties::{Subscription, TopicProperties};
use super::turns::Turns;
use crate::call::Entries;
use crate::context::Context;
use crate::identifiers::{ComponentId, KeyId, LinkId, PayloadId};
use crate::message::{Catalogue, Message, Payload};
use crate::message_attributes::MessageAttributes;
use crate::registry::{ApiError, LinkKind, Properties, ResourceKind};

/// The most attributes a raw delivery to a queue may carry (SNS-64).
const MAX_RAW_ATTRIBUTES: usize = 10;

/// Whether anything is delivered yet (SNS-46).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Confirmation {
    /// Nobody has been asked yet.
    New,
    /// `PendingConfirmation`.
    Pending,
    /// Deliveries go out.
    Confirmed,
    /// Nobody confirmed within two days.
    Expired,
}

/// `maxReceivesPerSecond` at work (SNS-145).
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    pub(super) interval: SimDuration,
    /// When the next delivery may go.
    pub(super) free_at: SimTime,
}

/// A subscription at work: the compiled policy, and what it decided about payloads it has seen.
#[derive(Clone, Debug)]
pub(super) struct ActiveSubscription {
    pub(super) link: LinkId,
    pub(super) kind: ResourceKind,
    pub(super) protocol: Option<Protocol>,
    /// The far end keeps groups in order: a FIFO queue.
    pub(super) to_fifo: bool,
    pub(super) properties: Box<Subscription>,
    /// `RawMessageDelivery`, which every copy asks for.
    raw: bool,
    pub(super) confirmation: Confirmation,
    /// When the request to confirm is worth nothing any more.
    pub(super) expiry: Option<EventKey>,
    pub(super) retry_policy: RetryPolicy,
    pub(super) pace: Option<Pace>,
    /// The way to the dead-letter queue (SNS-148).
    pub(super) dead_letter_link: Option<LinkId>,
    pub(super) replay: Option<Replay>,
    /// Why no delivery can succeed, known beforehand.
    pub(super) forbidden: Option<ApiError>,
    /// As whom SNS delivers (SNS-121).
    pub(super) principal: &'static str,
    /// What a delivery takes longer to another Region (SNS-123).
    pub(super) further: SimDuration,
    pub(super) deliveries: SecondCounter,
    /// When and why the last delivery was given up.
    pub(super) last_failure: Option<(SimTime, ApiError)>,
    policy: Option<FilterPolicy>,
    /// A changed policy that has no effect yet (SNS-204).
    coming: Option<Option<FilterPolicy>>,
    decisions: Vec<Option<Decision>>,
    formats: Vec<Option<PayloadId>>,
    replayed_formats: Vec<Option<PayloadId>>,
    letters: Vec<Option<PayloadId>>,
    turns: Turns,
}

impl ActiveSubscription {
    pub(super) fn new(link: LinkId, kind: ResourceKind, properties: &Subscription) -> Self {
        Self {
            link,
            kind,
            protocol: None,
            to_fifo: false,
            properties: Box::new(properties.clone()),
            raw: properties.raw_message_delivery,
            confirmation: Confirmation::New,
            expiry: None,
            retry_policy: RetryPolicy::AWS_MANAGED,
            pace: None,
            dead_letter_link: None,
            replay: None,
            forbidden: None,
            principal: crate::access_policy::SNS_SERVICE_PRINCIPAL,
            further: SimDuration::ZERO,
            deliveries: SecondCounter::default(),
            last_failure: None,
            // Validation has refused bad policies; one that slips through filters nothing.
            policy: properties.compile().ok().flatten(),
            coming: None,
            decisions: Vec::new(),
            formats: Vec::new(),
            replayed_formats: Vec::new(),
            letters: Vec::new(),
            turns: Turns::default(),
        }
    }

    /// Takes over what waits from the subscription it replaces, and what it was told.
    pub(super) fn replacing(mut self, old: Self, policy_takes_time: bool) -> Self {
        if policy_takes_time && old.policy != self.policy {
            let new = std::mem::replace(&mut self.policy, old.policy);
            self.coming = Some(new);
        }
        self.confirmation = old.confirmation;
        self.expiry = old.expiry;
        self.protocol = old.protocol;
        self.pace = old.pace;
        self.replay = old.replay;
        self.turns = old.turns;
        self
    }

    /// A changed filter policy is on its way (SNS-204).
    pub(super) fn awaits_policy(&self) -> bool {
        self.coming.is_some()
    }

    /// The changed filter policy takes effect (SNS-204).
    pub(super) fn take_policy(&mut self) {
        if let Some(policy) = self.coming.take() {
            self.policy = policy;
            self.decisions.clear();
        }
    }

    /// Looks at the far end, the topic and the dead-letter queue again.
    pub(super) fn look_around(&mut self, topic: &TopicProperties, to: ComponentId, cx: &Context<'_>) {
        let properties = cx.properties(to);
        let protocol = properties.and_then(Properties::subscription_protocol);
        if protocol != self.protocol {
            self.protocol = protocol;
            self.confirmation = Confirmation::New;
        }
        self.to_fifo = cx.name(to).ends_with(".fifo");
        // What the topic says may have changed, and with it how a delivery looks.
        self.formats.clear();
        self.replayed_formats.clear();
        self.letters.clear();
        let http = topic.delivery_policy.clone().unwrap_or_default().http;
        let own = self.properties.delivery_policy.as_deref().filter(|_| !http.disable_subscription_overrides);
        let own = own.cloned().unwrap_or_default();
        let healthy = own.healthy_retry_policy.or(http.default_healthy_retry_policy).unwrap_or_default();
        self.retry_policy = protocol.map_or(RetryPolicy::AWS_MANAGED, |of| RetryPolicy::of(of, &healthy));
        let throttle = own.throttle_policy.or(http.default_throttle_policy).unwrap_or_default();
        let rate = throttle.max_receives_per_second.filter(|_| protocol.is_some_and(Protocol::is_http));
        self.pace = rate.map(|rate| Pace {
            interval: SimDuration::from_micros(1_000_000 / u64::from(rate.max(1))),
            free_at: self.pace.map_or(SimTime::ZERO, |pace| pace.free_at),
        });
        let queue = self.properties.redrive_policy.as_ref().map(|policy| policy.queue());
        self.dead_letter_link = queue.and_then(|queue| {
            let mut leaving = cx.links().leaving(cx.id());
            let way = |link: &&crate::link::Link| {
                link.properties.kind() == LinkKind::DeadLetters && cx.name(link.to) == queue
            };
            leaving.find(way).map(|link| link.id)
        });
        self.look_abroad(properties);
    }

    /// Another Region, another account (SNS-120 to SNS-123).
    fn look_abroad(&mut self, endpoint: Option<&Properties>) {
        let abroad = self.properties.endpoint_region.as_deref().filter(|name| *name != crate::arn::REGION);
        let region = abroad.and_then(super::regions::region);
        self.principal =
            region.map_or(crate::access_policy::SNS_SERVICE_PRINCIPAL, |region| region.principal);
        self.further = if abroad.is_some() { super::quotas::CROSS_REGION } else { SimDuration::ZERO };
        // Across accounts nothing is allowed unless the queue's policy says so (SNS-122).
        let other_account = self.properties.endpoint_account.as_deref();
        let no_policy = matches!(endpoint, Some(Properties::Queue(queue)) if queue.policy.is_none());
        let is_foreign = other_account.is_some_and(|account| account != crate::arn::ACCOUNT);
        self.forbidden = (is_foreign && no_policy).then(|| crate::sqs::Error::AccessDenied.into());
    }

    /// The endpoint has to agree first (SNS-46, SNS-122).
    pub(super) fn needs_confirmation(&self) -> bool {
        let asked_abroad = self.properties.endpoint_account.is_some()
            && self.properties.subscribed_by == super::properties::SubscribedBy::TopicOwner;
        asked_abroad || self.protocol.is_some_and(Protocol::needs_confirmation)
    }

    /// Messages published now go out.
    #[inline]
    pub(super) fn is_live(&self) -> bool {
        self.confirmation == Confirmation::Confirmed
            && self.replay.as_ref().is_none_or(Replay::lets_live_messages_pass)
    }

    /// What waits until an earlier message of its group has arrived or is given up.
    pub(super) fn turns(&self) -> &Turns {
        &self.turns
    }

    /// True if a message may go now; only FIFO queues are served in turn (SNS-83).
    #[inline]
    pub(super) fn takes_turn(&mut self, message: Message, replayed: bool) -> bool {
        !self.to_fifo || self.turns.take(message, replayed)
    }

    /// What waited in a group whose delivery is over, as many as one call may carry, and whether it is replayed.
    #[inline]
    pub(super) fn next_in_turn(
        &mut self,
        group: KeyId,
        max_bytes: u64,
        size: impl Fn(&Message) -> u64,
    ) -> (Entries, bool) {
        if self.to_fifo { self.turns.next(group, max_bytes, size) } else { (Entries::new(), false) }
    }

    /// Whether a payload passes. Decided once for each payload: what it carries never changes.
    #[inline]
    pub(super) fn decide(&mut self, payload: PayloadId, catalogue: &Catalogue) -> Decision {
        let Some(policy) = &self.policy else { return Decision::Matched };
        let place = payload.index();
        if let Some(Some(decision)) = self.decisions.get(place) {
            return *decision;
        }
        let Payload { attributes, body, .. } = catalogue.payload(payload);
        let decision = policy.decide(attributes, body);
        if self.decisions.len() <= place {
            self.decisions.resize(place + 1, None);
        }
        self.decisions[place] = Some(decision);
        decision
    }

    /// Whether SNS can hand the payload over at all (SNS-64).
    pub(super) fn can_carry(&self, payload: PayloadId, catalogue: &Catalogue) -> bool {
        !self.raw
            || self.protocol != Some(Protocol::Sqs)
            || catalogue.payload(payload).attributes.len() <= MAX_RAW_ATTRIBUTES
    }

    /// What arrives at the far end: the payload itself when raw, else SNS's text around it (SNS-60 to SNS-63).
    #[inline]
    pub(super) fn delivered(
        &mut self,
        payload: PayloadId,
        replayed: bool,
        (topic, topic_arn): (&TopicProperties, &str),
        cx: &mut Context<'_>,
    ) -> PayloadId {
        let place = payload.index();
        let formats = if replayed { &mut self.replayed_formats } else { &mut self.formats };
        if let Some(Some(known)) = formats.get(place) {
            return *known;
        }
        let format = Format {
            topic_arn,
            fifo: topic.fifo_topic,
            signature_version: topic.signature_version,
            protocol: self.protocol.unwrap_or(Protocol::Sqs),
            raw: self.raw,
            replayed,
        };
        let delivered = format.deliver(cx.catalogue().payload(payload), payload);
        let id = delivered.map_or(payload, |delivered| cx.catalogue_mut().add_payload(delivered));
        note(formats, place, id)
    }

    /// What a dead-letter queue gets: what a queue that subscribes would have got (SNS-148).
    pub(super) fn dead_letter(
        &mut self,
        delivered: PayloadId,
        (topic, topic_arn): (&TopicProperties, &str),
        cx: &mut Context<'_>,
    ) -> PayloadId {
        let payload = cx.catalogue().original(delivered);
        if let Some(Some(known)) = self.letters.get(payload.index()) {
            return *known;
        }
        let raw = self.raw && self.can_carry(payload, cx.catalogue());
        let format = Format {
            topic_arn,
            fifo: topic.fifo_topic,
            signature_version: topic.signature_version,
            protocol: Protocol::Sqs,
            raw,
            replayed: false,
        };
        let letter = format.deliver(cx.catalogue().payload(payload), payload);
        let id = letter.map_or(payload, |letter| cx.catalogue_mut().add_payload(letter));
        note(&mut self.letters, payload.index(), id)
    }

    /// What passes, in a few words: `state: placed`.
    pub(super) fn label(&self) -> String {
        match self.confirmation {
            Confirmation::New | Confirmation::Pending => return "Pending confirmation".into(),
            Confirmation::Expired => return "Never confirmed".into(),
            Confirmation::Confirmed => {}
        }
        let Some(policy) = &self.policy else { return "No filter policy".into() };
        let rows = policy.explain(&MessageAttributes::new(), "{}").rows;
        let Some(first) = rows.first() else { return "No filter policy".into() };
        let more = match rows.len() - 1 {
            0 => String::new(),
            1 => " +1 key".into(),
            more => format!(" +{more} keys"),
        };
        format!("{}: {}{more}", first.key, first.wants)
    }

    pub(super) fn is_filtered(&self) -> bool {
        self.policy.is_some()
    }
}

fn note(known: &mut Vec<Option<PayloadId>>, place: usize, id: PayloadId) -> PayloadId {
    if known.len() <= place {
        known.resize(place + 1, None);
    }
    known[place] = Some(id);
    id
}
