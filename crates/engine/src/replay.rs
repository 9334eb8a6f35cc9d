//! Running a piece of the past again beside the run, to look at it more closely. The run itself never notices.

use kernel::{SimDuration, SimTime};
use messaging::trace::TraceSettings;
use messaging::{EventBudget, Progress, TraceId, World};

use crate::checkpoint::Checkpoint;
use crate::journey::{Journeys, Traveller};
use crate::log::{LogEntry, LogKind};
use crate::run::Run;
use crate::tracker::{self, Tracker};

/// Messages published before and after the one asked for that are followed with it. Ours.
const AROUND: u64 = 100;
/// Events that following messages may run again. Ours: about two seconds.
const MAX_FOLLOW_EVENTS: u64 = 5_000_000;
/// Events that looking for something may run. Ours.
const MAX_FIND_EVENTS: u64 = 5_000_000;
/// How far beyond the present it is looked for. Ours.
const FIND_AHEAD: SimDuration = SimDuration::from_secs(3_600);
/// The pieces in which time is looked through.
const SLICE: SimDuration = SimDuration::from_millis(250);

/// A world that runs beside the run, doing again what was done to it.
struct Replay<'a> {
    run: &'a Run,
    world: World,
    applied: usize,
    /// Events it may still run, counted as the world does.
    until_events: u64,
}

impl<'a> Replay<'a> {
    fn from(run: &'a Run, start: &Checkpoint, events: u64) -> Self {
        let mut world = start.world.clone();
        world.set_trace(TraceSettings::OFF);
        world.take_trace();
        let until_events = world.events().saturating_add(events);
        Self { run, world, applied: start.applied, until_events }
    }

    /// Runs to a time; false when the budget was used up before.
    fn run_to(&mut self, to: SimTime) -> bool {
        loop {
            let next = self.run.done_after(self.applied).filter(|(at, _)| *at <= to);
            let stop = next.map_or(to, |(at, _)| at).max(self.world.now());
            let left = EventBudget(self.until_events.saturating_sub(self.world.events()));
            if left.0 == 0 || matches!(self.world.advance(stop, left), Progress::BudgetSpent(_)) {
                return false;
            }
            let Some((_, intervention)) = next else { return true };
            // What did nothing the first time does nothing again.
            let _ = self.world.intervene(intervention);
            self.applied += 1;
        }
    }
}

impl Run {
    /// Follows a message and those published around it, or the last ones; to a time.
    pub(crate) fn journeys(&self, of: Option<TraceId>, until: SimTime) -> Journeys {
        let last = self.world.last_published().0;
        let (first, last) = match of {
            Some(TraceId(id)) => (id.saturating_sub(AROUND).max(1), id.saturating_add(AROUND)),
            None => (last.saturating_sub(2 * AROUND).max(1), last),
        };
        let mut replay =
            Replay::from(self, self.checkpoints().before_message(TraceId(first)), MAX_FOLLOW_EVENTS);
        replay.world.follow((TraceId(first), TraceId(last)));
        let whole = replay.run_to(until.max(replay.world.now()));
        let notes = replay.world.take_followed();
        let world = &replay.world;
        let mut trackers: Vec<Tracker<'_>> = (first..=last).map(|_| Tracker::new(world)).collect();
        for note in &notes {
            let place = tracker::trace_id(note).map(|id| (id.0.wrapping_sub(first)) as usize);
            if let Some(tracker) = place.and_then(|place| trackers.get_mut(place)) {
                tracker.note(note);
            }
        }
        let until = world.now();
        let (mut journey, mut around) = (None, Vec::<Traveller>::new());
        for found in trackers.into_iter().filter_map(|tracker| tracker.finish(until)) {
            around.push(found.traveller.clone());
            if Some(found.traveller.trace_id) == of {
                journey = Some(found);
            }
        }
        Journeys { revision: self.revision, until, whole, journey, around }
    }

    /// The next event of these kinds after an instant, or the last one before it.
    pub(crate) fn find_event(&self, kinds: &[LogKind], from: SimTime, forward: bool) -> Option<LogEntry> {
        let wanted = |entry: &LogEntry| kinds.contains(&entry.kind) && entry.trace_id.is_some();
        if forward {
            let mut replay = Replay::from(self, self.checkpoints().before(from)?, MAX_FIND_EVENTS);
            let end = from + FIND_AHEAD;
            return replay.look(from, end, &mut |entry| wanted(entry).then(|| entry.clone()));
        }
        // The past is searched piece by piece from its end.
        let (mut end, mut budget) = (from, MAX_FIND_EVENTS);
        while let Some(start) = self.checkpoints().before(end.earlier()) {
            let mut replay = Replay::from(self, start, budget);
            let (begin, mut found) = (start.world.now(), None);
            replay.look(begin, end, &mut |entry| {
                if wanted(entry) && entry.at < from {
                    found = Some(entry.clone());
                }
                None
            });
            budget = replay.until_events.saturating_sub(replay.world.events());
            if found.is_some() || begin == SimTime::ZERO || budget == 0 {
                return found;
            }
            end = begin;
        }
        None
    }
}

impl Replay<'_> {
    /// Goes through the events after `from` and up to `to`, until one is taken.
    fn look(
        &mut self,
        from: SimTime,
        to: SimTime,
        take: &mut dyn FnMut(&LogEntry) -> Option<LogEntry>,
    ) -> Option<LogEntry> {
        if !self.run_to(from.max(self.world.now())) {
            return None;
        }
        self.world.set_trace(TraceSettings { max_events: u32::MAX, ..TraceSettings::OFF });
        while self.world.now() < to {
            // What waits for later is passed over in one step.
            let next = self.world.next_event_at().map_or(to, |at| at.max(self.world.now() + SLICE));
            let reached = self.run_to(next.min(to));
            for event in &self.world.take_trace().events {
                let entry = LogEntry::of(event);
                if let Some(found) = take(&entry).filter(|found| found.at > from) {
                    return Some(found);
                }
            }
            if !reached {
                return None;
            }
        }
        None
    }
}

/// An instant earlier.
trait Earlier {
    fn earlier(self) -> Self;
}

impl Earlier for SimTime {
    fn earlier(self) -> Self {
        Self::from_micros(self.as_micros().saturating_sub(1))
    }
}
