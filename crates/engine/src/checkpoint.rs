//! Copies of the world on the way, so that going back does not begin at zero.

use std::collections::{BTreeMap, VecDeque};

use kernel::SimTime;
use messaging::trace::TraceEvent;
use messaging::{ComponentId, MetricName, TraceId, World};

use crate::inspection::RecentMessage;

/// The most checkpoints kept. Ours.
const MAX_CHECKPOINTS: usize = 64;
/// The fewest kept, however large the world is. Ours.
const MIN_CHECKPOINTS: usize = 8;
/// Messages that all checkpoints together may hold: about 200 MB of them. Ours.
const MAX_MESSAGES_HELD: u64 = 2_000_000;

/// What the run remembers of what was traced.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    /// The last messages that came to each resource.
    pub(crate) recent: BTreeMap<ComponentId, VecDeque<RecentMessage>>,
    /// The last events.
    pub(crate) events: VecDeque<TraceEvent>,
}

/// A copy of the world, and how many entries of the run's log it has seen.
#[derive(Clone, Debug)]
pub(crate) struct Checkpoint {
    pub(crate) world: World,
    pub(crate) applied: usize,
    pub(crate) memory: Memory,
}

/// Copies at whole seconds, oldest first; the first stands at zero.
#[derive(Clone, Debug)]
pub(crate) struct Checkpoints {
    all: Vec<Checkpoint>,
    /// Seconds between two; doubled when there are too many.
    interval_seconds: u64,
}

impl Checkpoints {
    pub(crate) fn new(start: &World) -> Self {
        Self {
            all: vec![Checkpoint { world: start.clone(), applied: 0, memory: Memory::default() }],
            interval_seconds: 1,
        }
    }

    /// Keeps a copy if it is time for one.
    pub(crate) fn consider(&mut self, world: &World, applied: usize, memory: &Memory) {
        let now = world.now().whole_second();
        let last = self.all.last().map_or(0, |last| last.world.now().whole_second());
        if now < last + self.interval_seconds {
            return;
        }
        self.all.push(Checkpoint { world: world.clone(), applied, memory: memory.clone() });
        while self.all.len() > most_for(world) {
            self.thin();
        }
    }

    /// The latest copy that stands at `at` or before.
    pub(crate) fn before(&self, at: SimTime) -> Option<&Checkpoint> {
        self.all.iter().rev().find(|checkpoint| checkpoint.world.now() <= at)
    }

    /// The latest copy before a message was published; the first for one from the beginning.
    pub(crate) fn before_message(&self, id: TraceId) -> &Checkpoint {
        let early = self.all.iter().rev().find(|checkpoint| checkpoint.world.last_published() < id);
        early.unwrap_or(&self.all[0])
    }

    /// A few of the copies, the first among them: enough to go back slowly.
    pub(crate) fn few(&self) -> Self {
        let stride = self.all.len().div_ceil(MIN_CHECKPOINTS).max(1);
        let all = self.all.iter().step_by(stride).cloned().collect();
        Self { all, interval_seconds: self.interval_seconds * stride as u64 }
    }

    /// Forgets all copies after `at`: the run took another way from there.
    pub(crate) fn forget_after(&mut self, at: SimTime) {
        self.all.retain(|checkpoint| checkpoint.world.now() <= at);
    }

    fn thin(&mut self) {
        self.interval_seconds *= 2;
        let (mut next, interval) = (0, self.interval_seconds);
        self.all.retain(|checkpoint| {
            let second = checkpoint.world.now().whole_second();
            let keep = second >= next;
            if keep {
                next = second + interval;
            }
            keep
        });
    }
}

/// A larger world is copied less often.
fn most_for(world: &World) -> usize {
    const HELD: [MetricName; 4] = [
        MetricName::ApproximateNumberOfMessagesVisible,
        MetricName::ApproximateNumberOfMessagesNotVisible,
        MetricName::ApproximateNumberOfMessagesDelayed,
        MetricName::IncomingRecords,
    ];
    let tables = world.component_ids().map(|id| world.metrics(id));
    let held: u64 = tables.map(|table| HELD.iter().map(|metric| table.value(*metric)).sum::<u64>()).sum();
    let most = MAX_MESSAGES_HELD / held.max(1);
    usize::try_from(most).unwrap_or(MAX_CHECKPOINTS).clamp(MIN_CHECKPOINTS, MAX_CHECKPOINTS)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::{Seed, SimDuration};
    use messaging::trace::TraceSettings;
    use messaging::{EventBudget, WorldSpec};

    use super::*;

    #[test]
    fn checkpoints_are_thinned_and_always_begin_at_zero() {
        let mut world = World::new(&Arc::new(WorldSpec::default()), Seed(1), TraceSettings::OFF);
        let mut checkpoints = Checkpoints::new(&world);
        for _ in 0..1_000 {
            world.advance(world.now() + SimDuration::from_secs(1), EventBudget::UNLIMITED);
            checkpoints.consider(&world, 0, &Memory::default());
        }
        assert!(checkpoints.all.len() <= MAX_CHECKPOINTS);
        assert_eq!(checkpoints.all[0].world.now(), SimTime::ZERO);
        let at = SimTime::from_secs(500);
        let before = checkpoints.before(at).unwrap().world.now();
        assert!(before <= at && (at - before).as_secs_f64() <= 2.0 * checkpoints.interval_seconds as f64);
        checkpoints.forget_after(SimTime::from_secs(10));
        assert!(checkpoints.all.iter().all(|checkpoint| checkpoint.world.now() <= SimTime::from_secs(10)));
    }
}
