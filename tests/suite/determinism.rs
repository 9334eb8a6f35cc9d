//! The same document and the same seed give the same run, however it is cut into pieces.

use std::fmt::Write;
use std::fs;

use kernel::{Seed, SimDuration, SimTime};
use messaging::metric::MetricKind;
use messaging::{EventBudget, World};
use scenario::{Scenario, gallery};

use crate::gallery::world;

/// Long enough to meet every timer of the gallery, short enough to run often.
const UNTIL: SimTime = SimTime::from_secs(60);

fn run(scenario: &Scenario) -> World {
    let mut world = world(scenario);
    world.advance(UNTIL, EventBudget::UNLIMITED);
    world
}

#[test]
fn a_run_is_a_run() {
    for entry in gallery::ALL {
        let scenario = entry.scenario();
        let (one, other) = (run(&scenario), run(&scenario));
        assert_eq!(
            (one.fingerprint(), one.events()),
            (other.fingerprint(), other.events()),
            "{}",
            entry.name
        );
    }
}

#[test]
fn a_run_in_pieces_is_the_same_run() {
    for entry in gallery::ALL {
        let scenario = entry.scenario();
        let whole = run(&scenario);
        let mut pieces = world(&scenario);
        let mut at = SimTime::ZERO;
        while at < UNTIL {
            // Pieces of time of odd length, and within them pieces of so many events.
            at = (at + SimDuration::from_millis(3_331)).min(UNTIL);
            while let messaging::Progress::BudgetSpent(_) = pieces.advance(at, EventBudget(997)) {}
        }
        assert_eq!(pieces.fingerprint(), whole.fingerprint(), "{}", entry.name);
    }
}

#[test]
fn a_run_from_a_checkpoint_is_the_same_run() {
    for entry in gallery::ALL {
        let scenario = entry.scenario();
        let whole = run(&scenario);
        let mut first = world(&scenario);
        first.advance(SimTime::from_secs(17), EventBudget::UNLIMITED);
        let mut second = first.clone();
        first.advance(SimTime::from_secs(40), EventBudget::UNLIMITED);
        second.advance(UNTIL, EventBudget::UNLIMITED);
        assert_eq!(second.fingerprint(), whole.fingerprint(), "{}", entry.name);
    }
}

#[test]
fn another_seed_gives_another_run_where_chance_has_a_part() {
    let document = serde_json::json!({
        "Version": 1,
        "Resources": {
            "p": { "Type": "Playground::Producer", "Properties": { "ArrivalProcess": { "Type": "Poisson", "Rate": 50 } } },
            "q": { "Type": "AWS::SQS::Queue" },
        },
        "Links": [{ "From": "p", "To": "q" }],
    });
    let mut scenario = scenario::parse_value(&document).scenario;
    let one = run(&scenario).fingerprint();
    scenario.seed = Seed(2);
    assert_ne!(run(&scenario).fingerprint(), one);
}

/// A change of what happens shows in review: every metric of every scenario, and its fingerprint.
#[test]
fn the_gallery_runs_as_it_did() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/golden");
    let mut different = Vec::new();
    for entry in gallery::ALL {
        let path = format!("{folder}/{}.txt", entry.name);
        let table = table(&run(&entry.scenario()));
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&path, &table).unwrap();
        }
        if fs::read_to_string(&path).unwrap_or_default() != table {
            different.push(entry.name);
        }
    }
    assert!(different.is_empty(), "{different:?} ran otherwise: UPDATE_EXPECT=1 shows how");
}

fn table(world: &World) -> String {
    let mut text =
        format!("after {UNTIL}: {} events, fingerprint {:016x}\n", world.events(), world.fingerprint());
    for id in world.component_ids() {
        let metrics = world.metrics(id);
        let _ = writeln!(text, "{}", world.name(id).map_or("", |name| name.as_str()));
        for metric in metrics.reported() {
            let _ = match metric.kind() {
                MetricKind::Sum => writeln!(text, "  {} {}", metric.name(), metrics.value(metric)),
                MetricKind::Gauge => {
                    writeln!(
                        text,
                        "  {} {} peak {}",
                        metric.name(),
                        metrics.value(metric),
                        metrics.peak(metric)
                    )
                }
            };
        }
    }
    text
}
