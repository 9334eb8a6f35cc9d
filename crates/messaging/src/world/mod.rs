//! The world: every component as a value, and one ordered queue of future events.

mod edit;

use std::collections::VecDeque;
use std::sync::Arc;

use kernel::{EventKey, EventQueue, Seed, SimDuration, SimTime};
use slab::Slab;

use crate::call::{Call, Entries, Latency, Principal, Reply};
use crate::context::{Context, Core, Event, View};
use crate::identifiers::{CallId, ComponentId, LinkId, LogicalId, TraceId};
use crate::link::{LinkCounts, Links};
use crate::message::{Catalogue, Message};
use crate::metric::{MetricName, MetricTable};
use crate::node_state::NodeState;
use crate::registry::{Component, Request, ResourceKind};
use crate::trace::{Followed, FollowedRange, Trace, TraceBatch, TraceSettings};
use crate::world_spec::WorldSpec;

/// How many events one call of [`World::advance`] may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventBudget(pub u64);

impl EventBudget {
    /// As many as it takes.
    pub const UNLIMITED: Self = Self(u64::MAX);
}

/// How far [`World::advance`] came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The time asked for was reached.
    Reached(SimTime),
    /// The budget was used up before.
    BudgetSpent(SimTime),
}

/// Everything there is, at one instant of virtual time. Cloning it makes a checkpoint.
#[derive(Clone, Debug)]
pub struct World {
    components: Vec<Option<Component>>,
    core: Core,
    seed: Seed,
    /// The timeline's entries still to come.
    timeline: Vec<EventKey>,
    sampled_until: u64,
    changed_since_sample: bool,
    events: u64,
    history: u64,
}

const SECOND: SimDuration = SimDuration::from_secs(1);

impl World {
    /// A world at time zero.
    pub fn new(spec: &Arc<WorldSpec>, seed: Seed, trace: TraceSettings) -> Self {
        let core = Core {
            queue: EventQueue::default(),
            immediate: VecDeque::new(),
            calls: Slab::new(),
            links: Links::default(),
            names: Vec::new(),
            kinds: Vec::new(),
            present: Vec::new(),
            metrics: Vec::new(),
            random: Vec::new(),
            meters: Vec::new(),
            catalogue: Catalogue::default(),
            settings: spec.settings.clone(),
            trace: Trace::new(trace),
            outside_answers: Vec::new(),
            next_message_id: 0,
            next_trace_id: 0,
            account_use: Vec::new(),
            account_levels: Vec::new(),
            throttles: Vec::new(),
            spec: Arc::new(WorldSpec::default()),
        };
        let mut world = Self {
            components: Vec::new(),
            core,
            seed,
            timeline: Vec::new(),
            sampled_until: 0,
            changed_since_sample: true,
            events: 0,
            history: 0xcbf2_9ce4_8422_2325,
        };
        world.reconfigure(spec);
        world
    }

    /// The instant reached.
    pub fn now(&self) -> SimTime {
        self.core.queue.now()
    }

    /// How many events have run.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// When the next event will run.
    pub fn next_event_at(&self) -> Option<SimTime> {
        self.core.queue.next_at()
    }

    /// Runs all events up to and including `to`, or until `budget` is used up.
    pub fn advance(&mut self, to: SimTime, budget: EventBudget) -> Progress {
        let mut left = budget.0;
        loop {
            let sample_at = self.next_sample(to);
            let deadline = to.min(sample_at);
            while let Some((key, event)) = self.core.queue.pop_until(deadline) {
                self.note(key.at().as_micros());
                self.run(event);
                if left <= 1 {
                    return Progress::BudgetSpent(self.now());
                }
                left -= 1;
            }
            if deadline == sample_at {
                self.sample();
            }
            if deadline == to {
                return Progress::Reached(to);
            }
        }
    }

    /// Runs the next event, if there is one before `limit`, and all that happens at the same instant as part of it.
    pub fn step(&mut self, limit: SimTime) -> Option<SimTime> {
        let at = self.core.queue.next_at().filter(|at| *at <= limit)?;
        self.advance(at, EventBudget(1));
        Some(self.now())
    }

    /// Calls a resource from outside the graph, without travelling time: for tests and the API console.
    ///
    /// The answer is among [`World::take_answers`], at once or, for a long poll, later.
    pub fn call_from_outside(
        &mut self,
        to: ComponentId,
        request: Request,
        entries: Entries,
        tag: u32,
    ) -> CallId {
        let call = Call {
            from: ComponentId::OUTSIDE,
            to,
            link: LinkId::NONE,
            tag,
            principal: Principal::Account,
            reply: Reply::Always,
            request,
            entries,
            latency: Latency { request: SimDuration::ZERO, response: SimDuration::ZERO },
            made_at: self.now(),
            result: None,
        };
        let id = CallId(self.core.calls.insert(call) as u32);
        self.run(Event::RequestArrived(id));
        id
    }

    /// The answers to calls from outside that have arrived.
    pub fn take_answers(&mut self) -> Vec<Call> {
        std::mem::take(&mut self.core.outside_answers)
    }

    /// What was traced since the last time it was taken.
    pub fn traced(&self) -> &TraceBatch {
        self.core.trace.batch()
    }

    /// Takes what was traced since the last time.
    pub fn take_trace(&mut self) -> TraceBatch {
        self.core.trace.take()
    }

    /// Changes how much is traced; never what happens.
    pub fn set_trace(&mut self, settings: TraceSettings) {
        self.core.trace.set(settings);
    }

    /// From now on notes all about some messages, and traces nothing else; never what happens.
    pub fn follow(&mut self, range: FollowedRange) {
        self.core.trace.follow(range);
    }

    /// Takes what was noted about the followed messages since the last time, in order.
    pub fn take_followed(&mut self) -> Vec<Followed> {
        self.core.trace.take_followed()
    }

    /// The last message published, if there was any: messages are numbered from 1 as they are published.
    pub fn last_published(&self) -> TraceId {
        TraceId(self.core.next_trace_id)
    }

    /// The resource of a name, unless it was removed.
    pub fn component(&self, id: &LogicalId) -> Option<ComponentId> {
        let place = self
            .core
            .names
            .iter()
            .zip(&self.core.present)
            .position(|(name, present)| *present && name == id)?;
        Some(ComponentId(place as u32))
    }

    /// All resources, removed ones left out.
    pub fn component_ids(&self) -> impl Iterator<Item = ComponentId> + '_ {
        (0..self.components.len())
            .filter(|place| self.core.present[*place])
            .map(|place| ComponentId(place as u32))
    }

    /// The name of a resource.
    pub fn name(&self, id: ComponentId) -> Option<&LogicalId> {
        self.core.names.get(id.index())
    }

    /// The kind of a resource.
    pub fn kind(&self, id: ComponentId) -> Option<ResourceKind> {
        self.core.kinds.get(id.index()).copied()
    }

    /// All links, with what passed along them.
    pub fn links(&self) -> &Links {
        &self.core.links
    }

    /// What passed along a link since the start.
    pub fn link_counts(&self, id: LinkId) -> LinkCounts {
        self.core.links.get(id).map_or_else(LinkCounts::default, |link| link.counts)
    }

    /// Bodies, attributes and keys.
    pub fn catalogue(&self) -> &Catalogue {
        &self.core.catalogue
    }

    /// Bodies, attributes and keys, to add to: for calls from outside.
    pub fn catalogue_mut(&mut self) -> &mut Catalogue {
        &mut self.core.catalogue
    }

    /// What a resource shows of itself.
    pub fn node_state(&self, id: ComponentId) -> Option<NodeState> {
        let component = self.components.get(id.index())?.as_ref()?;
        Some(component.state(&View { id, core: &self.core }))
    }

    /// What a resource was sent last, oldest first.
    pub fn recent_messages(&self, id: ComponentId) -> Vec<Message> {
        self.components
            .get(id.index())
            .and_then(Option::as_ref)
            .map(Component::recent_messages)
            .unwrap_or_default()
    }

    /// The metrics of a resource as they stand: sums since the start, gauges read now.
    pub fn metrics(&self, id: ComponentId) -> MetricTable {
        let mut table = self.core.metrics.get(id.index()).cloned().unwrap_or_default();
        if let Some(Some(component)) = self.components.get(id.index()) {
            component.gauges(&View { id, core: &self.core }, &mut |metric, level| table.set(metric, level));
        }
        table
    }

    /// One metric of a resource as it stands. Its charges are no part of the run, and only found here.
    pub fn metric(&self, id: ComponentId, metric: MetricName) -> u64 {
        match metric {
            MetricName::EstimatedCharges => self.bill().of(id),
            metric => self.metrics(id).value(metric),
        }
    }

    pub(crate) fn view(&self, id: ComponentId) -> View<'_> {
        View { id, core: &self.core }
    }

    /// A number that two runs share only if the same things happened in both.
    pub fn fingerprint(&self) -> u64 {
        let mut hash = self.history;
        let mut mix = |value: u64| hash = (hash ^ value).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(23);
        mix(self.now().as_micros());
        for id in self.component_ids() {
            let table = self.metrics(id);
            // By its name and only if it counted: a metric more in the list changes no run.
            for metric in MetricName::ALL.iter().filter(|metric| table.value(**metric) > 0) {
                metric.name().bytes().for_each(|byte| mix(byte.into()));
                mix(table.value(*metric));
            }
        }
        for link in self.core.links.iter() {
            mix(link.counts.messages);
            mix(link.counts.refused);
            mix(link.counts.filtered_out);
        }
        hash
    }

    #[inline]
    fn run(&mut self, event: Event) {
        self.dispatch(event);
        self.drain();
    }

    #[inline]
    fn drain(&mut self) {
        while let Some(event) = self.core.immediate.pop_front() {
            self.dispatch(event);
        }
    }

    #[inline]
    fn dispatch(&mut self, event: Event) {
        self.events += 1;
        match event {
            Event::RequestArrived(call) => self.request_arrived(call),
            Event::ResponseArrived(call) => self.response_arrived(call),
            Event::TimerFired(component, timer) => {
                self.note(u64::from(component.0) | 3 << 32);
                self.with(component, |component, cx| component.on_timer(timer, cx));
            }
            Event::Timeline(place) => {
                if let Some((_, intervention)) = self.core.spec.timeline.get(place as usize).cloned() {
                    // Validation has checked the names; what was edited away since does nothing.
                    let _ = self.intervene(&intervention);
                }
            }
        }
    }

    #[inline]
    fn request_arrived(&mut self, id: CallId) {
        let call = &self.core.calls[id.0 as usize];
        let (to, link) = (call.to, call.link);
        self.note(u64::from(to.0) | 1 << 32);
        let cut = self.core.links.get(link).is_some_and(|link| link.cut || link.removed);
        if !self.core.throttles.is_empty() && self.throttled(to, id) {
            return;
        }
        let reached = !cut && self.with(to, |component, cx| component.on_request(id, cx)).is_some();
        if !reached {
            let mut cx = Context { id: to, core: &mut self.core };
            cx.reply_unreachable(id);
        }
    }

    /// Refuses a call beyond what a person or the timeline lets through.
    fn throttled(&mut self, to: ComponentId, call: CallId) -> bool {
        let error = self.core.kinds[to.index()].throttling();
        let mut cx = Context { id: to, core: &mut self.core };
        let Some(error) = error.filter(|_| cx.is_over_throttle()) else { return false };
        cx.reply(call, Err(error));
        true
    }

    #[inline]
    fn response_arrived(&mut self, id: CallId) {
        let from = self.core.calls[id.0 as usize].from;
        self.note(u64::from(from.0) | 2 << 32);
        if from == ComponentId::OUTSIDE {
            let call = self.core.calls.remove(id.0 as usize);
            self.core.outside_answers.push(call);
            return;
        }
        self.with(from, |component, cx| component.on_response(id, cx));
        self.core.calls.try_remove(id.0 as usize);
    }

    /// Lets a component act on the rest of the world; nothing if it was removed.
    #[inline]
    fn with<R>(
        &mut self,
        id: ComponentId,
        act: impl FnOnce(&mut Component, &mut Context<'_>) -> R,
    ) -> Option<R> {
        let component = self.components.get_mut(id.index())?.as_mut()?;
        Some(act(component, &mut Context { id, core: &mut self.core }))
    }

    #[inline]
    fn note(&mut self, value: u64) {
        self.history = (self.history ^ value).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(17);
        self.changed_since_sample = true;
    }

    /// When gauges are read next: at the next whole second, or later when nothing happens before.
    fn next_sample(&self, to: SimTime) -> SimTime {
        let next = self.sampled_until + 1;
        let second = if self.changed_since_sample {
            next
        } else {
            let until = self.core.queue.next_at().map_or(to, |at| at.min(to));
            next.max(until.whole_second())
        };
        SimTime::ZERO + SECOND * second
    }

    fn sample(&mut self) {
        let passed = self.now().whole_second() - self.sampled_until;
        self.sampled_until += passed;
        self.changed_since_sample = false;
        let mut metrics = std::mem::take(&mut self.core.metrics);
        for (place, component) in self.components.iter().enumerate() {
            let Some(component) = component else { continue };
            let view = View { id: ComponentId(place as u32), core: &self.core };
            let table = &mut metrics[place];
            component.gauges(&view, &mut |metric, level| table.set(metric, level));
            self.core.meters[place].pass(passed, |metric| table.value(metric));
        }
        self.core.metrics = metrics;
    }
}
