//! The engine's benchmark workloads, written as ordinary scenarios.
//!
//! All rules are on, and the trace is taken and thrown away as often as the page would take it.

use std::sync::Arc;

use kernel::{Seed, SimDuration, SimTime};
use messaging::trace::TraceSettings;
use messaging::{EventBudget, LogicalId, MetricName, World, WorldSpec};

/// One of the three workloads.
#[derive(Clone, Copy, Debug)]
pub enum Workload {
    /// One queue with visibility timers, four workers.
    Q1,
    /// A topic, five filtered queues, ten workers.
    Q2,
    /// A stream of five shards, one reader a shard.
    Q3,
}

/// What one run did.
#[derive(Clone, Copy, Debug, Default)]
pub struct Run {
    /// Messages that went all the way.
    pub messages: u64,
    /// Events of the world.
    pub events: u64,
    /// A figure that is known beforehand: the share of messages offered that were served.
    pub check: f64,
}

/// The page takes the trace this often: once a frame at 100 × speed.
const TRACE_EVERY: SimDuration = SimDuration::from_millis(1_667);
/// The page keeps about this many marks a frame by choosing how many messages one stands for.
const MESSAGES_PER_MARK: u32 = 10;

impl Workload {
    /// The workload of a name, `q1` to `q3`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "q1" => Some(Self::Q1),
            "q2" => Some(Self::Q2),
            "q3" => Some(Self::Q3),
            _ => None,
        }
    }

    /// The scenario, as text.
    pub const fn document(self) -> &'static str {
        match self {
            Self::Q1 => include_str!("../scenarios/q1.json"),
            Self::Q2 => include_str!("../scenarios/q2.json"),
            Self::Q3 => include_str!("../scenarios/q3.json"),
        }
    }

    /// The scenario, compiled.
    pub fn spec(self) -> Arc<WorldSpec> {
        let parsed = scenario::parse(self.document());
        match scenario::compile(&parsed.scenario) {
            Ok(spec) => Arc::new(spec),
            Err(diagnostics) => panic!("the workload's own scenario is wrong: {diagnostics:?}"),
        }
    }

    /// A world that has run for `seconds` of virtual time.
    pub fn world(self, seconds: f64, seed: u64) -> World {
        let trace = TraceSettings { messages_per_mark: MESSAGES_PER_MARK, ..TraceSettings::PAGE };
        let mut world = World::new(&self.spec(), Seed(seed), trace);
        let end = SimTime::ZERO + SimDuration::from_secs_f64(seconds);
        while world.now() < end {
            let next = (world.now() + TRACE_EVERY).min(end);
            world.advance(next, EventBudget::UNLIMITED);
            world.take_trace();
        }
        world
    }

    /// Runs the workload for `seconds` of virtual time.
    pub fn run(self, seconds: f64, seed: u64) -> Run {
        let world = self.world(seconds, seed);
        let sum =
            |metric: MetricName| -> u64 { world.component_ids().map(|id| world.metric(id, metric)).sum() };
        let offered = sum(MetricName::MessagesOffered);
        let events = world.events();
        match self {
            Self::Q1 | Self::Q2 => {
                let messages = sum(MetricName::MessagesProcessed);
                Run { messages, events, check: messages as f64 / offered as f64 }
            }
            Self::Q3 => {
                let id = world.component(&LogicalId::from("stream"));
                let accepted = id.map_or(0, |id| world.metric(id, MetricName::IncomingRecords));
                Run { messages: offered, events, check: accepted as f64 / (5_000.0 * seconds) }
            }
        }
    }
}

#[cfg(target_arch = "wasm32")]
mod exports {
    use std::cell::Cell;

    use super::{Run, Workload};

    thread_local! {
        static LAST: Cell<Run> = const { Cell::new(Run { messages: 0, events: 0, check: 0.0 }) };
    }

    /// Runs a workload: code 0, 10 or 20 is Q1, Q2 or Q3.
    #[unsafe(no_mangle)]
    pub extern "C" fn bench(code: i32, seconds: f64, seed: i32) {
        let workload = match code {
            0 => Workload::Q1,
            10 => Workload::Q2,
            _ => Workload::Q3,
        };
        LAST.set(workload.run(seconds, seed as u64));
    }

    /// What the last run did: 0 messages, 1 events, 2 the check.
    #[unsafe(no_mangle)]
    pub extern "C" fn last(place: i32) -> f64 {
        let run = LAST.get();
        match place {
            0 => run.messages as f64,
            1 => run.events as f64,
            _ => run.check,
        }
    }
}
