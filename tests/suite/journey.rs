//! Journeys of messages, and finding what happened to one: UI.md screen 5.

use std::sync::Arc;

use engine::{
    Engine, EngineReply, EngineRequest, HopKind, Journey, Journeys, LogEntry, LogKind, OutcomeKind, Revision,
    StayState,
};
use kernel::SimTime;
use messaging::{Intervention, TraceId};
use scenario::Scenario;

fn played(scenario: Scenario, seconds: u64) -> Engine {
    let mut engine = Engine::default();
    engine.handle(EngineRequest::Load { revision: Revision(1), scenario: Arc::new(scenario) });
    let to = SimTime::from_secs(seconds);
    engine.handle(EngineRequest::Advance { to, budget: u64::MAX, with_status: false });
    engine
}

fn gallery(name: &str, seconds: u64) -> Engine {
    played(scenario::gallery::find(name).unwrap().scenario(), seconds)
}

fn journeys(engine: &mut Engine, of: Option<u64>, seconds: u64) -> Journeys {
    let until = SimTime::from_secs(seconds);
    match engine.handle(EngineRequest::Journeys { of: of.map(TraceId), until }) {
        EngineReply::Journeys(journeys) => *journeys,
        other => panic!("{other:?}"),
    }
}

fn journey(engine: &mut Engine, of: u64, seconds: u64) -> Journey {
    journeys(engine, Some(of), seconds).journey.unwrap()
}

fn found(engine: &mut Engine, kinds: &[LogKind], seconds: u64, forward: bool) -> Option<LogEntry> {
    let from = SimTime::from_secs(seconds);
    match engine.handle(EngineRequest::FindEvent { kinds: kinds.into(), from, forward }) {
        EngineReply::Found(found) => found,
        other => panic!("{other:?}"),
    }
}

fn outcomes(journey: &Journey) -> Vec<(&str, OutcomeKind)> {
    journey.traveller.outcomes.iter().map(|outcome| (outcome.place.as_str(), outcome.kind)).collect()
}

/// UI.md screen 5: waits, receives and the reason of the end. SQS-121: the receive after the last allowed one moves it.
#[test]
fn the_journey_of_a_poison_message_ends_in_the_dead_letter_queue_with_the_reason() {
    let mut engine = gallery("poison-message", 90);
    let dead = found(&mut engine, &[LogKind::DeadLettered], 0, true).unwrap();
    let journey = journey(&mut engine, dead.trace_id.unwrap().0, 90);
    assert_eq!(outcomes(&journey), [("orders", OutcomeKind::DeadLettered)]);
    let reason = &journey.traveller.outcomes[0].reason;
    assert!(reason.starts_with("billing failed 3 times."), "{reason}");
    assert!(reason.ends_with("the next receive moved it to orders-dlq."), "{reason}");
    let kinds: Vec<_> = journey.hops.iter().map(|hop| (hop.number, hop.kind)).collect();
    let received = HopKind::Received;
    let expected =
        [(1, HopKind::Sent), (2, received), (3, received), (4, received), (5, HopKind::DeadLettered)];
    assert_eq!(kinds, expected);
    let at = |place: &str| {
        journey
            .stays
            .iter()
            .filter(|stay| stay.place.as_str() == place)
            .map(|stay| stay.state)
            .collect::<Vec<_>>()
    };
    // Let in; then visible and in flight three times, and visible until the receive that moves it.
    let twice = [StayState::Visible, StayState::InFlight];
    let queue = [&[StayState::Passing][..], &twice, &twice, &twice, &[StayState::Visible]].concat();
    assert_eq!(at("orders"), queue);
    assert_eq!(at("billing"), [StayState::Failed; 3]);
    assert_eq!(at("orders-dlq"), [StayState::Passing, StayState::Dead]);
    let hidden = journey.stays.iter().find(|stay| stay.state == StayState::InFlight).unwrap();
    assert_eq!(hidden.until.unwrap().since(hidden.from).as_millis(), 10_000, "the visibility timeout");
    assert_eq!(journey.stays.last().unwrap().until, None, "it is there still");
    assert!(journey.calls.iter().any(|call| call.operation == "ReceiveMessage"));
}

/// A dead letter is among the messages that came to its queue: that is where people ask why.
#[test]
fn dead_letters_are_listed_where_they_lie() {
    let mut engine = gallery("poison-message", 90);
    let resource = messaging::LogicalId::from("orders-dlq");
    let EngineReply::Inspection(seen) = engine.handle(EngineRequest::Inspect { resource }) else { panic!() };
    assert_eq!(seen.recent.iter().map(|message| message.trace_id.0).collect::<Vec<_>>(), [10]);
}

/// SNS-255: a filtered copy is a branch that ends at its subscription.
#[test]
fn copies_and_filtered_branches_are_branches_of_one_journey() {
    let mut engine = gallery("filter-by-state", 30);
    let all = journeys(&mut engine, Some(5), 30);
    let journey = all.journey.unwrap();
    let (waits, out) = (OutcomeKind::Waiting, OutcomeKind::FilteredOut);
    let expected = [("refunds", waits), ("audit", waits), ("fulfilment", out), ("review", out)];
    assert_eq!(outcomes(&journey), expected, "each subscription of the topic once");
    let sent: Vec<_> = journey.hops.iter().filter(|hop| hop.number == 2).map(|hop| hop.departs).collect();
    assert!(sent.windows(2).all(|pair| pair[0] == pair[1]), "copies that set out together share a number");
    assert!(
        all.whole && all.around.len() > 50 && all.around.iter().any(|other| other.trace_id == TraceId(5))
    );
}

/// The run never notices that a message was followed: same fingerprint, also over interventions and from the past.
#[test]
fn following_changes_nothing_and_sees_what_was_done_to_the_run() {
    let mut engine = gallery("poison-message", 20);
    let purge = EngineRequest::Intervene { intervention: Intervention::Purge("orders".into()) };
    engine.handle(purge);
    let to = SimTime::from_secs(60);
    engine.handle(EngineRequest::Advance { to, budget: u64::MAX, with_status: false });
    let before = engine.fingerprint();
    let all = journeys(&mut engine, None, 60);
    let purged =
        all.around.iter().flat_map(|one| &one.outcomes).filter(|o| o.kind == OutcomeKind::Purged).count();
    assert_eq!(purged, 1, "the poison message was in flight when the queue was purged");
    assert_eq!(all.around.len(), 20);
    assert_eq!(engine.fingerprint(), before);
    // Seen from the past it is the same journey.
    engine.handle(EngineRequest::Seek { to: SimTime::from_secs(5) });
    assert_eq!(journeys(&mut engine, Some(3), 60).around, all.around);
}

/// UI.md screen 5: refused at the door, then let in; and accepted as a duplicate (SQS-142).
#[test]
fn refusals_and_duplicates_have_their_reasons() {
    let mut engine = gallery("fifo-over-quota", 30);
    let throttled = found(&mut engine, &[LogKind::Throttled], 0, true).unwrap();
    let journey = journey(&mut engine, throttled.trace_id.unwrap().0, 30);
    assert!(
        journey
            .stays
            .iter()
            .any(|stay| stay.state == StayState::Refused && stay.text.contains("RequestThrottled"))
    );
    let mut engine = gallery("deduplication", 60);
    let all = journeys(&mut engine, None, 60);
    let duplicates =
        all.around.iter().flat_map(|one| &one.outcomes).filter(|o| o.kind == OutcomeKind::Duplicate);
    assert!(duplicates.count() > 0, "{:?}", all.around[10]);
}

/// "Next dead letter" and back again: found from any instant of the run, and ahead of it.
#[test]
fn events_are_found_forwards_and_backwards() {
    let mut engine = gallery("poison-message", 5);
    let kinds = [LogKind::DeadLettered];
    let ahead = found(&mut engine, &kinds, 5, true).unwrap();
    assert!(ahead.at > SimTime::from_secs(30), "ahead of the run: {}", ahead.at);
    assert_eq!(found(&mut engine, &kinds, 5, false), None);
    engine.handle(EngineRequest::Advance {
        to: SimTime::from_secs(90),
        budget: u64::MAX,
        with_status: false,
    });
    assert_eq!(found(&mut engine, &kinds, 90, false), Some(ahead.clone()));
    assert_eq!(found(&mut engine, &kinds, 90, true), None);
    engine.handle(EngineRequest::Seek { to: SimTime::from_secs(2) });
    assert_eq!(found(&mut engine, &kinds, 2, true), Some(ahead));
}

/// No journey of the gallery is left without an outcome, and none ends where it never was.
#[test]
fn every_message_of_the_gallery_has_an_outcome() {
    for entry in scenario::gallery::ALL {
        let mut engine = gallery(entry.name, 130);
        let all = journeys(&mut engine, None, 130);
        assert!(!all.around.is_empty(), "{}", entry.name);
        for one in &all.around {
            assert!(!one.outcomes.is_empty(), "{}: {:?}", entry.name, one);
        }
        let some = all.around[all.around.len() / 2].trace_id.0;
        let journey = journeys(&mut engine, Some(some), 130).journey.unwrap();
        for stay in &journey.stays {
            assert!(stay.until.is_none_or(|until| until >= stay.from), "{}: {stay:?}", entry.name);
        }
        for outcome in &journey.traveller.outcomes {
            let seen = journey.hops.iter().any(|hop| hop.to == outcome.place || hop.from == outcome.place);
            assert!(seen, "{}: {outcome:?}", entry.name);
        }
    }
}
