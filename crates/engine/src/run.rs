//! One run of a document: the world, what was done to it, and the way back.

use std::sync::Arc;

use kernel::{SimDuration, SimTime};
use messaging::trace::{TraceBatch, TraceEvent, TraceSettings, TransitKind};
use messaging::{
    ComponentId, EventBudget, Intervention, InterventionError, LogicalId, Progress, World, WorldSpec,
};
use scenario::{Outcome, Scenario};

use crate::checkpoint::{Checkpoints, Memory};
use crate::inspection::RecentMessage;
use crate::protocol::{EVERYTHING, Revision, group_name};
use crate::series::SeriesStore;

/// Recent messages kept for each resource: what the filter tester shows.
const RECENT_MESSAGES: usize = 50;
/// How many of the last events are remembered. Ours.
const REMEMBERED_EVENTS: usize = 200;
/// Events a step may run before it gives up looking for something to show. Ours.
const MAX_STEP_EVENTS: u32 = 20_000;
/// Events one seek may run before it answers how far it came. Ours: about a second.
const MAX_SEEK_EVENTS: u64 = 3_000_000;

/// Something that was done to the run, so that replays do it again.
#[derive(Clone, Debug)]
struct Logged {
    at: SimTime,
    intervention: Intervention,
}

/// One run of a document.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) revision: Revision,
    pub(crate) scenario: Arc<Scenario>,
    pub(crate) world: World,
    pub(crate) series: SeriesStore,
    /// What came out of each expectation whose time has come, also in a future that was left by going back.
    outcomes: Vec<Option<Outcome>>,
    memory: Memory,
    /// How many transits and events of the world's trace are in it already.
    remembered: (usize, usize),
    checkpoints: Checkpoints,
    log: Vec<Logged>,
    /// How many entries of the log the world has seen.
    applied: usize,
    trace: TraceSettings,
    /// On the way to another time: what is traced is remembered, and not shown.
    seeking: bool,
}

impl Run {
    pub(crate) fn new(
        revision: Revision,
        scenario: Arc<Scenario>,
        spec: WorldSpec,
        trace: TraceSettings,
    ) -> Self {
        let world = World::new(&Arc::new(spec), scenario.seed, trace);
        let mut run = Self {
            revision,
            outcomes: vec![None; scenario.looked_at().count()],
            scenario,
            checkpoints: Checkpoints::new(&world),
            world,
            series: SeriesStore::default(),
            memory: Memory::default(),
            remembered: (0, 0),
            log: Vec::new(),
            applied: 0,
            trace,
            seeking: false,
        };
        run.series.record(&run.world);
        run
    }

    pub(crate) fn set_trace(&mut self, trace: TraceSettings) {
        self.trace = trace;
        self.world.set_trace(trace);
    }

    /// Takes what was traced, and remembers which messages came where.
    pub(crate) fn take_trace(&mut self) -> TraceBatch {
        self.remember();
        self.remembered = (0, 0);
        self.world.take_trace()
    }

    /// Remembers which of the traced messages came where, and what happened last.
    fn remember(&mut self) {
        let comes = |kind| matches!(kind, TransitKind::Message | TransitKind::DeadLettered);
        let traced = self.world.traced();
        let (transits, events) = self.remembered;
        self.remembered = (traced.transits.len(), traced.events.len());
        let new = traced.events.get(events..).unwrap_or_default();
        let new = &new[new.len().saturating_sub(REMEMBERED_EVENTS)..];
        let surplus = (self.memory.events.len() + new.len()).saturating_sub(REMEMBERED_EVENTS);
        self.memory.events.drain(..surplus);
        self.memory.events.extend(new.iter().cloned());
        for transit in traced.transits.iter().skip(transits).filter(|transit| comes(transit.kind)) {
            let Some(link) = self.world.links().get(transit.link) else { continue };
            let recent = self.memory.recent.entry(link.to).or_default();
            if recent.len() == RECENT_MESSAGES {
                recent.pop_front();
            }
            recent.push_back(RecentMessage {
                at: transit.arrives_at,
                link: transit.link,
                trace_id: transit.trace_id,
                payload: transit.payload,
                key: transit.key,
            });
        }
    }

    /// The last messages that came to a resource.
    pub(crate) fn recent(&self, id: ComponentId) -> impl Iterator<Item = &RecentMessage> {
        self.memory.recent.get(&id).into_iter().flatten()
    }

    /// What happened last, oldest first.
    pub(crate) fn events(&self) -> Vec<TraceEvent> {
        self.memory.events.iter().cloned().collect()
    }

    /// The expectations whose time has come, by their place.
    pub(crate) fn outcomes(&self) -> impl Iterator<Item = (usize, Outcome)> + '_ {
        let now = self.world.now();
        let expectations = self.scenario.looked_at().zip(&self.outcomes).enumerate();
        expectations
            .filter(move |(_, (expectation, _))| expectation.by <= now)
            .filter_map(|(place, (_, outcome))| outcome.map(|outcome| (place, outcome)))
    }

    /// Runs to a time, doing again what was done then; true unless the budget of events was used up before.
    pub(crate) fn run_to(&mut self, to: SimTime, budget: u64) -> bool {
        let until = self.world.events().saturating_add(budget);
        loop {
            let stop = self.next_stop(to);
            let left = EventBudget(until.saturating_sub(self.world.events()));
            if let Progress::BudgetSpent(_) = self.world.advance(stop, left) {
                return false;
            }
            self.at_stop();
            let more_at_once = self.log.get(self.applied).is_some_and(|next| next.at <= self.world.now());
            if self.world.now() >= to && !more_at_once {
                return true;
            }
        }
    }

    /// Runs until something can be seen, of `of` or of anything; nothing may be left to happen.
    pub(crate) fn step(&mut self, of: Option<ComponentId>) -> TraceBatch {
        self.world.set_trace(TraceSettings { messages_per_mark: 1, ..self.trace });
        let mut all = TraceBatch::default();
        for _ in 0..MAX_STEP_EVENTS {
            let Some(next) = self.world.next_event_at() else { break };
            while self.next_stop(next) < next {
                let stop = self.next_stop(next);
                self.run_to(stop, u64::MAX);
            }
            self.world.advance(next, EventBudget(1));
            let batch = self.take_trace();
            let found = self.concerns(&batch, of);
            all.transits.extend(batch.transits);
            all.events.extend(batch.events);
            if found {
                break;
            }
        }
        self.world.set_trace(self.trace);
        all
    }

    /// Goes to a time from the nearest checkpoint before it, or as far as the budget of events goes. What was traced
    /// on the way is forgotten, but not which messages came where last, and what happened last.
    pub(crate) fn seek(&mut self, to: SimTime) -> bool {
        let now = self.world.now();
        let checkpoint = self.checkpoints.before(to).filter(|nearest| to < now || nearest.world.now() > now);
        if let Some(checkpoint) = checkpoint {
            self.world = checkpoint.world.clone();
            self.memory = checkpoint.memory.clone();
            self.applied = checkpoint.applied;
            self.series.rewind(self.world.now().whole_second());
        }
        // What the checkpoint had traced is in its memory.
        self.world.take_trace();
        self.remembered = (0, 0);
        self.seeking = true;
        self.set_trace(self.trace);
        let reached = self.run_to(to.max(self.world.now()), MAX_SEEK_EVENTS);
        self.take_trace();
        self.seeking = false;
        reached
    }

    /// The run as it is, to be kept while another one goes on from here.
    pub(crate) fn kept(&self) -> Self {
        Self {
            revision: self.revision,
            scenario: self.scenario.clone(),
            world: self.world.clone(),
            series: self.series.clone(),
            outcomes: self.outcomes.clone(),
            memory: self.memory.clone(),
            remembered: self.remembered,
            checkpoints: self.checkpoints.few(),
            log: self.log.clone(),
            applied: self.applied,
            trace: self.trace,
            seeking: false,
        }
    }

    /// It waits while another one goes on: fewer copies of the world will do.
    pub(crate) fn rest(&mut self) {
        self.checkpoints = self.checkpoints.few();
    }

    /// What was known of the time after now is forgotten.
    pub(crate) fn cut(&mut self) {
        // All of this instant first: a replay can then find the same place between two events.
        let now = self.world.now();
        self.run_to(now, u64::MAX);
        self.log.truncate(self.applied);
        self.checkpoints.forget_after(now);
        self.series.forget_after(now.whole_second());
        for (expectation, outcome) in self.scenario.looked_at().zip(&mut self.outcomes) {
            if expectation.by > now {
                *outcome = None;
            }
        }
    }

    /// What people did to this run, edits aside, in order.
    pub(crate) fn done(&self) -> Vec<(SimTime, Intervention)> {
        let by_hand =
            self.log.iter().filter(|entry| !matches!(entry.intervention, Intervention::Reconfigure(_)));
        by_hand.map(|entry| (entry.at, entry.intervention.clone())).collect()
    }

    /// Does something now. What was known of the time after is forgotten.
    pub(crate) fn intervene(&mut self, intervention: Intervention) -> Result<(), InterventionError> {
        self.cut();
        let result = self.world.intervene(&intervention);
        self.log.push(Logged { at: self.world.now(), intervention });
        self.applied = self.log.len();
        result
    }

    /// Takes a changed document now.
    pub(crate) fn edit(&mut self, revision: Revision, scenario: Arc<Scenario>, spec: WorldSpec) {
        // A new world's spec can always be taken.
        let _ = self.intervene(Intervention::Reconfigure(Arc::new(spec)));
        let known = |expectation| {
            let place = self.scenario.looked_at().position(|old| old == expectation)?;
            self.outcomes[place]
        };
        self.outcomes = scenario.looked_at().map(known).collect();
        self.revision = revision;
        self.scenario = scenario;
    }

    /// Copies of the world on the way.
    pub(crate) fn checkpoints(&self) -> &Checkpoints {
        &self.checkpoints
    }

    /// What was done to the run as its entry of this place, and when.
    pub(crate) fn done_after(&self, place: usize) -> Option<(SimTime, &Intervention)> {
        self.log.get(place).map(|entry| (entry.at, &entry.intervention))
    }

    /// The id of a resource that is there now.
    pub(crate) fn component(&self, id: &LogicalId) -> Option<ComponentId> {
        self.world.component(id)
    }

    /// What a watched name stands for: a resource, or all of them, or those of a group.
    pub(crate) fn watched(&self, of: &LogicalId) -> Vec<ComponentId> {
        if let Some(component) = self.component(of) {
            return vec![component];
        }
        if of.as_str() == EVERYTHING {
            return self.world.component_ids().collect();
        }
        let group = self.scenario.groups.iter().find(|group| group_name(&group.title) == of.as_str());
        group.into_iter().flat_map(|group| &group.resources).filter_map(|id| self.component(id)).collect()
    }

    /// The run of the document is over: the last thing written down for it lies behind.
    pub(crate) fn ended(&self) -> bool {
        let written = self.scenario.card.is_some() || !self.scenario.expectations.is_empty();
        written && self.world.now() >= self.scenario.run_until()
    }

    /// The next instant at which something has to be done from outside, `to` at the latest.
    fn next_stop(&self, to: SimTime) -> SimTime {
        let second = SimTime::ZERO + SimDuration::from_secs(1) * self.series.next_second();
        let expected = self.scenario.looked_at().zip(&self.outcomes);
        let pending =
            expected.filter(|(_, outcome)| outcome.is_none()).map(|(expectation, _)| expectation.by);
        let pending = pending.filter(|by| *by >= self.world.now());
        let logged = self.log.get(self.applied).map(|next| next.at);
        let stop = pending.chain(logged).chain([second, to]).min().unwrap_or(to);
        stop.max(self.world.now())
    }

    fn at_stop(&mut self) {
        let now = self.world.now();
        if now.whole_second() >= self.series.next_second() {
            self.series.record(&self.world);
            if self.seeking {
                // Second by second, as the trace has room for so much only.
                self.take_trace();
            } else {
                self.remember();
            }
            self.checkpoints.consider(&self.world, self.applied, &self.memory);
        }
        for (expectation, outcome) in self.scenario.looked_at().zip(&mut self.outcomes) {
            if expectation.by == now && outcome.is_none() {
                *outcome = Some(scenario::check(expectation, &self.world));
            }
        }
        while let Some(next) = self.log.get(self.applied).filter(|next| next.at <= now) {
            // What did nothing the first time does nothing again.
            let _ = self.world.intervene(&next.intervention);
            self.applied += 1;
        }
    }

    fn concerns(&self, batch: &TraceBatch, of: Option<ComponentId>) -> bool {
        let Some(of) = of else { return !batch.transits.is_empty() || !batch.events.is_empty() };
        let moved = batch.transits.iter().any(|transit| {
            let link = self.world.links().get(transit.link);
            link.is_some_and(|link| link.from == of || link.to == of)
        });
        moved || batch.events.iter().any(|event| event.component == of)
    }
}
