//! The gallery: documents without a fault whose expectations hold.

use std::sync::Arc;

use crate::support::undescribed_metrics;
use messaging::trace::TraceSettings;
use messaging::{EventBudget, World};
use scenario::{Diagnostics, Scenario, check, compile, gallery, parse};

/// A world of a scenario at its start.
pub(crate) fn world(scenario: &Scenario) -> World {
    let spec = Arc::new(compile(scenario).unwrap());
    World::new(&spec, scenario.seed, TraceSettings::OFF)
}

#[test]
fn there_are_eight_scenarios_or_more_with_names_of_their_own() {
    let mut names: Vec<&str> = gallery::ALL.iter().map(|entry| entry.name).collect();
    assert!(names.len() >= 8);
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), gallery::ALL.len());
    assert!(gallery::find("fan-out").is_some() && gallery::find("nothing").is_none());
}

#[test]
fn no_scenario_of_the_gallery_has_a_fault() {
    for entry in gallery::ALL {
        let parsed = parse(entry.json).validated();
        assert_eq!(parsed.diagnostics, Diagnostics::default(), "{}", entry.name);
        let scenario = parsed.scenario;
        assert_eq!(scenario.to_json(), entry.json, "{} is not as the writer writes it", entry.name);
        let card = scenario.card.as_ref().unwrap_or_else(|| panic!("{} has no card", entry.name));
        assert!(!card.question.is_empty() && !card.see.is_empty() && card.minutes > 0, "{}", entry.name);
        // Every card says which quota is involved and which number there is to find.
        assert!(card.find.is_some() && card.quota.is_some(), "{}", entry.name);
        assert!(!scenario.expectations.is_empty() && !scenario.captions.is_empty(), "{}", entry.name);
        assert!(!entry.services().is_empty(), "{}", entry.name);
    }
}

#[test]
fn every_node_of_the_gallery_stands_on_the_grid_and_none_on_another() {
    /// Room for a node at full size, in pixels.
    const ROOM: [i32; 2] = [200, 120];
    for entry in gallery::ALL {
        let scenario = entry.scenario();
        let places: Vec<[i32; 2]> = scenario.resources.keys().map(|id| scenario.layout[id]).collect();
        for (index, place) in places.iter().enumerate() {
            assert!(place.iter().all(|coordinate| coordinate % 10 == 0), "{}: {place:?}", entry.name);
            let overlaps = |other: &[i32; 2]| {
                (place[0] - other[0]).abs() < ROOM[0] && (place[1] - other[1]).abs() < ROOM[1]
            };
            assert!(!places[index + 1..].iter().any(overlaps), "{}: {place:?}", entry.name);
        }
    }
}

/// CMP-41: the checklist's numbers are the expectations of the gallery; `docs/checklist.md` says which.
#[test]
fn every_expectation_of_the_gallery_holds() {
    let mut failures = Vec::new();
    for entry in gallery::ALL {
        let scenario = entry.scenario();
        let mut world = world(&scenario);
        let mut expectations: Vec<_> = scenario.expectations.iter().collect();
        expectations.sort_by_key(|expected| expected.by);
        for expected in expectations {
            world.advance(expected.by, EventBudget::UNLIMITED);
            let outcome = check(expected, &world);
            if !outcome.holds {
                let (metric, of) = (expected.metric.name(), &expected.of);
                failures.push(format!(
                    "{}: {metric} of {of} is {}, not {}",
                    entry.name, outcome.observed, expected.bound
                ));
            }
        }
        let undescribed = undescribed_metrics(&world);
        assert!(undescribed.is_empty(), "{}: no descriptor names {undescribed:?}", entry.name);
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

/// Predict, then run: each question of the gallery is answered by the run, and only one of its choices is right.
#[test]
fn every_question_of_the_gallery_is_answered_by_its_run() {
    let mut asked = 0;
    let mut failures = Vec::new();
    for entry in gallery::ALL {
        let scenario = entry.scenario();
        for question in scenario.questions() {
            asked += 1;
            let mut world = world(&scenario);
            world.advance(question.about.by, EventBudget::UNLIMITED);
            let observed = check(&question.about, &world).observed;
            let right = question.choices[question.right_choice(observed).unwrap()];
            let others = question.choices.iter().filter(|choice| **choice != right);
            let nearest_other = others.map(|choice| choice.abs_diff(observed)).min().unwrap();
            // What is nearest must be near: a tenth of the way to the next choice.
            if right.abs_diff(observed) * 10 > nearest_other {
                failures.push(format!("{}: {observed}, choices {:?}", entry.name, question.choices));
            }
            assert!(!question.answer.is_empty(), "{}", entry.name);
        }
    }
    assert!(asked >= 40, "{asked}");
    assert_eq!(failures, Vec::<String>::new());
}

/// For people who change a document by hand: UPDATE_EXPECT=1 writes it as the writer does.
#[test]
fn the_gallery_is_written_as_the_writer_writes_it() {
    if std::env::var_os("UPDATE_EXPECT").is_none() {
        return;
    }
    for entry in gallery::ALL {
        let path = format!("{}/../crates/scenario/gallery/{}.json", env!("CARGO_MANIFEST_DIR"), entry.name);
        std::fs::write(path, entry.scenario().to_json()).unwrap();
    }
}
