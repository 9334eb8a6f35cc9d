//! How much work a run is: whether it may start by itself.

use serde_json::Value;

use super::resources::highest_rate;
use crate::document::value_of;
use crate::limits::MAX_AUTOMATIC_EVENTS_PER_SECOND;
use crate::model::Scenario;

/// Events of one call: it leaves, it arrives, its answer comes back, and a timer.
const EVENTS_PER_CALL: f64 = 4.0;
/// Calls a second of a worker that asks without waiting.
const CALLS_PER_WORKER: f64 = 20.0;

/// Events per simulated second at the busiest, guessed high: every message goes along every link behind its producer.
pub fn events_per_second(scenario: &Scenario) -> f64 {
    let mut calls = 0.0;
    let links = scenario.links.len().max(1) as f64;
    for properties in scenario.resources.values() {
        let values = value_of(properties);
        let process = values.get("ArrivalProcess");
        let number = |name: &str| process.and_then(|process| process.get(name)).and_then(Value::as_f64);
        // What comes at once is as if it came in a second.
        let at_once = number("Count").unwrap_or(0.0).max(number("Size").unwrap_or(0.0));
        calls += highest_rate(&values).max(at_once) * links;
        calls += values.get("Workers").and_then(Value::as_f64).unwrap_or(0.0) * CALLS_PER_WORKER;
    }
    calls * EVENTS_PER_CALL
}

/// False for a run that is so much work that a person has to start it.
pub fn runs_by_itself(scenario: &Scenario) -> bool {
    events_per_second(scenario) <= MAX_AUTOMATIC_EVENTS_PER_SECOND
}
