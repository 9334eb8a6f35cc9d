//! The world as one component sees it.

use std::sync::Arc;

use kernel::{EventKey, EventQueue, RandomStream, SecondCounter, SimDuration, SimTime};
use slab::Slab;

use crate::call::{ApiResult, Call, Entries, Latency, NewCall, Reply};
use crate::cost::{Item, Meter, count as count_for_the_bill};
use crate::identifiers::{CallId, ComponentId, LinkId, LogicalId, MessageId, TraceId};
use crate::link::Links;
use crate::message::Catalogue;
use crate::metric::{MetricName, MetricTable};
use crate::quota::{Quota, QuotaProfile};
use crate::registry::{LinkProperties, NetworkError, Properties, ResourceKind, Timer};
use crate::trace::{Answered, Followed, Trace, TraceEvent, TraceKind, Transit, TransitKind};
use crate::world_spec::{ResourceSpec, Settings, WorldSpec};

/// What the world is waiting for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    RequestArrived(CallId),
    ResponseArrived(CallId),
    TimerFired(ComponentId, Timer),
    /// An entry of the timeline.
    Timeline(u32),
}

/// Everything of a world but its components.
#[derive(Clone, Debug)]
pub(crate) struct Core {
    pub(crate) queue: EventQueue<Event>,
    pub(crate) immediate: std::collections::VecDeque<Event>,
    pub(crate) calls: Slab<Call>,
    pub(crate) links: Links,
    pub(crate) names: Vec<LogicalId>,
    pub(crate) kinds: Vec<ResourceKind>,
    pub(crate) present: Vec<bool>,
    pub(crate) metrics: Vec<MetricTable>,
    pub(crate) random: Vec<RandomStream>,
    /// What is counted for the bill.
    pub(crate) meters: Vec<Meter>,
    pub(crate) catalogue: Catalogue,
    pub(crate) settings: Settings,
    pub(crate) trace: Trace,
    pub(crate) outside_answers: Vec<Call>,
    pub(crate) next_message_id: u64,
    pub(crate) next_trace_id: u64,
    /// What the account has used of quotas that all its resources share, by the quota's code.
    pub(crate) account_use: Vec<(&'static str, SecondCounter)>,
    /// How much of quotas that hold at any moment each component uses, by the quota's code.
    pub(crate) account_levels: Vec<(&'static str, ComponentId, u64)>,
    /// Who is throttled by a person or the timeline: to so many calls a second.
    pub(crate) throttles: Vec<(ComponentId, u32, SecondCounter)>,
    /// What the document says.
    pub(crate) spec: Arc<WorldSpec>,
}

/// The world as a running component sees it: everything but the components.
#[derive(Debug)]
pub struct Context<'w> {
    pub(crate) id: ComponentId,
    pub(crate) core: &'w mut Core,
}

/// The world as a component sees it when it is only looked at.
#[derive(Clone, Copy, Debug)]
pub struct View<'w> {
    pub(crate) id: ComponentId,
    pub(crate) core: &'w Core,
}

macro_rules! shared_reads {
    () => {
        /// The component that is running.
        #[inline]
        pub fn id(&self) -> ComponentId {
            self.id
        }
        /// The instant reached.
        #[inline]
        pub fn now(&self) -> SimTime {
            self.core.queue.now()
        }
        /// The name of a component in the document.
        pub fn name(&self, id: ComponentId) -> &str {
            self.core.names.get(id.index()).map_or("outside", LogicalId::as_str)
        }
        /// The kind of a component, unless it was removed.
        #[inline]
        pub fn kind(&self, id: ComponentId) -> Option<ResourceKind> {
            let present = *self.core.present.get(id.index())?;
            present.then(|| self.core.kinds[id.index()])
        }
        /// What the document says of a component. It is searched for: not for every message.
        pub fn properties(&self, id: ComponentId) -> Option<&Properties> {
            self.kind(id)?;
            let name = &self.core.names[id.index()];
            self.core.spec.resources.iter().find(|spec| spec.id == *name).map(|spec| &spec.properties)
        }
        /// All that the document says of resources.
        pub fn resources(&self) -> &[ResourceSpec] {
            &self.core.spec.resources
        }
        /// All links.
        #[inline]
        pub fn links(&self) -> &Links {
            &self.core.links
        }
        /// What a component has counted, with its levels at the last whole second.
        pub fn metrics(&self, id: ComponentId) -> Option<&MetricTable> {
            self.kind(id)?;
            self.core.metrics.get(id.index())
        }
        /// Bodies, attributes and keys.
        #[inline]
        pub fn catalogue(&self) -> &Catalogue {
            &self.core.catalogue
        }
        /// Which set of quotas holds.
        #[inline]
        pub fn profile(&self) -> QuotaProfile {
            self.core.settings.quota_profile
        }
        /// The number of a quota that holds now.
        #[inline]
        pub fn quota(&self, quota: &Quota) -> u64 {
            self.core.settings.quota(quota)
        }
        /// The call of an id.
        #[inline]
        pub fn call(&self, id: CallId) -> &Call {
            &self.core.calls[id.0 as usize]
        }
    };
}

impl View<'_> {
    shared_reads!();

    /// What was counted of a component for the bill.
    pub(crate) fn meter(&self, id: ComponentId) -> Option<&Meter> {
        self.core.meters.get(id.index())
    }

    /// The document's own price of an item, in dollars.
    pub(crate) fn price(&self, item: Item) -> Option<f64> {
        self.core.settings.prices.get(&item).copied()
    }
}

impl Context<'_> {
    shared_reads!();

    /// Bodies, attributes and keys, to add to.
    pub fn catalogue_mut(&mut self) -> &mut Catalogue {
        &mut self.core.catalogue
    }

    /// This component's own random stream.
    #[inline]
    pub fn random(&mut self) -> &mut RandomStream {
        &mut self.core.random[self.id.index()]
    }

    /// An id for a message that a service accepts.
    #[inline]
    pub fn new_message_id(&mut self) -> MessageId {
        self.core.next_message_id += 1;
        MessageId(self.core.next_message_id)
    }

    /// An id for something published for the first time.
    #[inline]
    pub fn new_trace_id(&mut self) -> TraceId {
        self.core.next_trace_id += 1;
        TraceId(self.core.next_trace_id)
    }

    /// Adds to a metric of this component.
    #[inline]
    pub fn count(&mut self, metric: MetricName, amount: u64) {
        self.core.metrics[self.id.index()].add(metric, amount);
    }

    /// Adds to metrics of another component: for the far end of a link that reports on behalf of it.
    pub fn count_for(&mut self, component: ComponentId, metric: MetricName, amount: u64) {
        if let Some(table) = self.core.metrics.get_mut(component.index()) {
            table.add(metric, amount);
        }
    }

    /// Wakes this component after `delay`.
    #[inline]
    pub fn schedule_in(&mut self, delay: SimDuration, timer: impl Into<Timer>) -> EventKey {
        let at = self.now() + delay;
        self.schedule_at(at, timer)
    }

    /// Wakes this component at `at`, or at once if that is past.
    #[inline]
    pub fn schedule_at(&mut self, at: SimTime, timer: impl Into<Timer>) -> EventKey {
        let at = at.max(self.now());
        self.core.queue.schedule(at, Event::TimerFired(self.id, timer.into()))
    }

    /// Takes back a wake-up.
    pub fn cancel(&mut self, key: EventKey) {
        self.core.queue.cancel(key);
    }

    /// Makes a call along a link, to whichever end is not this component.
    ///
    /// Messages that travel with the link's direction are drawn from here to there.
    #[inline]
    pub fn make_call(&mut self, new: NewCall) -> CallId {
        let latency = new.request.latency();
        self.make_call_taking(new, latency)
    }

    /// Makes a call that takes a time of its own: a delivery from service to service.
    pub fn make_call_taking(&mut self, new: NewCall, latency: Latency) -> CallId {
        let link = &mut self.core.links.all[new.link.index()];
        let forward = link.from == self.id;
        let to = if forward { link.to } else { link.from };
        let now = self.core.queue.now();
        if forward && !new.entries.is_empty() {
            let catalogue = &self.core.catalogue;
            let bytes: u64 = new
                .entries
                .iter()
                .map(|entry| u64::from(catalogue.payload(entry.message.payload).size_bytes))
                .sum();
            link.counts.messages += new.entries.len() as u64;
            link.counts.bytes += bytes;
            let kind =
                if link.properties.is_redrive() { TransitKind::DeadLettered } else { TransitKind::Message };
            self.draw(new.link, kind, &new.entries, now, now + latency.request);
        }
        let call = Call {
            from: self.id,
            to,
            link: new.link,
            tag: new.tag,
            principal: new.principal,
            reply: new.reply,
            request: new.request,
            entries: new.entries,
            latency,
            made_at: now,
            result: None,
        };
        let id = CallId(self.core.calls.insert(call) as u32);
        let event = Event::RequestArrived(id);
        if latency.request.is_zero() {
            self.core.immediate.push_back(event);
        } else {
            self.core.queue.schedule_after(latency.request, event);
        }
        id
    }

    /// Answers a call; entries of a batch may carry errors of their own.
    ///
    /// Refused messages are drawn on their way back, counted on the link, and traced with their reason.
    pub fn reply(&mut self, id: CallId, result: ApiResult) {
        let call = &mut self.core.calls[id.0 as usize];
        call.result = Some(result);
        if self.core.trace.is_following() {
            self.answered(id);
        }
        count_for_the_bill(self.core, id.0 as usize);
        let call = &self.core.calls[id.0 as usize];
        let failed = if result.is_err() {
            call.entries.len()
        } else {
            call.entries.iter().filter(|entry| entry.error.is_some()).count()
        };
        // A client that hears only of failures has no other place to count what was taken.
        if result.is_ok() && call.reply == Reply::OnFailure {
            let link = self.core.links.get(call.link);
            if link.is_some_and(|link| matches!(link.properties, LinkProperties::Send(_))) {
                let taken = call.entries.len() - failed;
                self.core.metrics[call.from.index()].add(MetricName::MessagesAccepted, taken as u64);
            }
        }
        if failed > 0 || result.is_err() {
            self.refused(id, failed);
        } else if call.reply == Reply::OnFailure {
            self.core.calls.remove(id.0 as usize);
            return;
        }
        self.send_back(id);
    }

    /// Answers a read with the messages in `entries`, which travel along the link to the reader.
    pub fn reply_with_messages(&mut self, id: CallId, result: ApiResult, entries: Entries) {
        let now = self.core.queue.now();
        let (link_id, latency) = {
            let call = &self.core.calls[id.0 as usize];
            (call.link, call.latency)
        };
        if link_id != LinkId::NONE {
            if entries.is_empty() {
                // An empty answer is drawn as such by the screen from the poller's own counters.
            } else {
                let catalogue = &self.core.catalogue;
                let bytes: u64 = entries
                    .iter()
                    .map(|entry| u64::from(catalogue.payload(entry.message.payload).size_bytes))
                    .sum();
                let link = &mut self.core.links.all[link_id.index()];
                link.counts.messages += entries.len() as u64;
                link.counts.bytes += bytes;
                self.draw(link_id, TransitKind::Message, &entries, now, now + latency.response);
            }
        }
        let call = &mut self.core.calls[id.0 as usize];
        call.entries = entries;
        call.result = Some(result);
        if self.core.trace.is_following() {
            self.answered(id);
        }
        count_for_the_bill(self.core, id.0 as usize);
        self.send_back(id);
    }

    /// Notes the answer for each followed message of a call.
    #[cold]
    fn answered(&mut self, id: CallId) {
        let call = &self.core.calls[id.0 as usize];
        let whole = call.result.and_then(Result::err);
        for entry in &call.entries {
            let trace_id = entry.message.trace_id;
            let answered = Answered {
                trace_id,
                made_at: call.made_at,
                at: self.core.queue.now(),
                from: call.from,
                to: call.to,
                link: call.link,
                operation: call.request.operation(),
                error: whole.or(entry.error),
            };
            self.core.trace.note(trace_id, Followed::Answered(answered));
        }
    }

    /// Answers every call of a component that is gone, or along a cut link.
    pub(crate) fn reply_unreachable(&mut self, id: CallId) {
        self.reply(id, Err(NetworkError::Unreachable.into()));
    }

    /// Takes `amount` of a quota that all resources of the account share, counted per whole second; false if that is
    /// too much.
    pub fn try_take_account_quota(&mut self, quota: &Quota, amount: u64) -> bool {
        let (now, limit) = (self.now(), self.quota(quota));
        let account = &mut self.core.account_use;
        let place = account.iter().position(|(code, _)| *code == quota.code).unwrap_or_else(|| {
            account.push((quota.code, SecondCounter::default()));
            account.len() - 1
        });
        account[place].1.try_add(now, amount, limit)
    }

    /// Counts a call of this component; true if it is beyond what a person or the timeline lets through. Calls that
    /// arrive are counted already: this is for work that a component fetches for itself.
    pub fn is_over_throttle(&mut self) -> bool {
        let (now, id) = (self.now(), self.id);
        let throttle = self.core.throttles.iter_mut().find(|(throttled, ..)| *throttled == id);
        throttle.is_some_and(|(_, limit, calls)| !calls.try_add(now, 1, u64::from(*limit)))
    }

    /// How much of a quota that holds at any moment the other components of the account use.
    pub fn account_level_of_others(&self, code: &str) -> u64 {
        let others = self
            .core
            .account_levels
            .iter()
            .filter(|level| level.0 == code && level.1 != self.id && self.core.present[level.1.index()]);
        others.map(|level| level.2).sum()
    }

    /// Sets how much of a quota that holds at any moment this component uses.
    pub fn set_account_level(&mut self, code: &'static str, used: u64) {
        let levels = &mut self.core.account_levels;
        match levels.iter_mut().find(|level| (level.0, level.1) == (code, self.id)) {
            Some(level) => level.2 = used,
            None => levels.push((code, self.id, used)),
        }
    }

    /// Records that this component filtered messages out before sending them along `link` (SNS-255).
    pub fn filtered_out(&mut self, link: LinkId, entries: &Entries) {
        let now = self.now();
        self.core.links.all[link.index()].counts.filtered_out += entries.len() as u64;
        self.draw(link, TransitKind::FilteredOut, entries, now, now);
    }

    /// Records something a person may ask about.
    pub fn record(&mut self, link: LinkId, trace_id: Option<TraceId>, kind: TraceKind) {
        let (at, component) = (self.now(), self.id);
        self.core.trace.record(TraceEvent { at, component, link, trace_id, kind });
    }

    /// Records something that only those who follow this message ask about.
    #[inline]
    pub fn follow(&mut self, trace_id: TraceId, kind: TraceKind) {
        if self.core.trace.is_following() {
            self.record(LinkId::NONE, Some(trace_id), kind);
        }
    }

    /// Some messages are followed: worth going through a list for [`Context::follow`].
    #[inline]
    pub fn is_following(&self) -> bool {
        self.core.trace.is_following()
    }

    /// The call of an id, to change its entries before it is answered.
    #[inline]
    pub fn call_mut(&mut self, id: CallId) -> &mut Call {
        &mut self.core.calls[id.0 as usize]
    }

    fn send_back(&mut self, id: CallId) {
        let Latency { response, .. } = self.core.calls[id.0 as usize].latency;
        let event = Event::ResponseArrived(id);
        if response.is_zero() {
            self.core.immediate.push_back(event);
        } else {
            self.core.queue.schedule_after(response, event);
        }
    }

    fn refused(&mut self, id: CallId, failed: usize) {
        let now = self.core.queue.now();
        let call = &self.core.calls[id.0 as usize];
        let operation = call.request.operation();
        let error =
            call.result.and_then(Result::err).or_else(|| call.entries.iter().find_map(|entry| entry.error));
        let (link, trace_id) = (call.link, call.entries.first().map(|entry| entry.message.trace_id));
        let whole = call.result.is_some_and(|result| result.is_err());
        let to = call.to;
        if let Some(error) = error {
            self.core.trace.record(TraceEvent {
                at: now,
                component: to,
                link,
                trace_id,
                kind: TraceKind::ApiFailed { operation, error },
            });
        }
        if link == LinkId::NONE || failed == 0 {
            return;
        }
        let forward = self.core.links.all[link.index()].to == to;
        if !forward {
            return;
        }
        self.core.links.all[link.index()].counts.refused += failed as u64;
        let refused: Entries = self.core.calls[id.0 as usize]
            .entries
            .iter()
            .filter(|entry| whole || entry.error.is_some())
            .copied()
            .collect();
        self.draw(link, TransitKind::Refused, &refused, now, now);
    }

    fn draw(
        &mut self,
        link: LinkId,
        kind: TransitKind,
        entries: &Entries,
        departs_at: SimTime,
        arrives_at: SimTime,
    ) {
        for entry in entries {
            let message = &entry.message;
            let transit = Transit {
                link,
                kind,
                departs_at,
                arrives_at,
                payload: message.payload,
                key: message.key,
                trace_id: message.trace_id,
                count: 1,
            };
            match kind {
                TransitKind::DeadLettered => self.core.trace.push(transit),
                _ => self.core.trace.moved(transit),
            }
        }
    }
}
