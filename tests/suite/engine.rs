//! The engine: seek, edits and interventions, and what crosses to the page.

use std::sync::Arc;

use engine::{Engine, EngineReply, EngineRequest, Frame, Revision, WatchedMetric};
use kernel::{SimDuration, SimTime};
use messaging::trace::TransitKind;
use messaging::{Intervention, MetricName};
use proptest::prelude::*;
use scenario::Scenario;
use serde_json::json;

const QUEUED: &str = r#"{ "Version": 1, "Seed": 7,
  "Resources": {
    "tills":   { "Type": "Playground::Producer", "Properties": {
        "ArrivalProcess": { "Type": "Poisson", "Rate": 40 },
        "Messages": [ { "Body": "{}", "Attributes": { "state": { "Type": "String", "Value": "placed" } } },
                      { "Body": "{}", "Attributes": { "state": { "Type": "String", "Value": "refunded" } } } ] } },
    "orders":  { "Type": "AWS::SQS::Queue" },
    "workers": { "Type": "Playground::Consumer", "Properties": { "Workers": 2, "FailureProbability": 0.1 } } },
  "Links": [
    { "Type": "Playground::Send", "From": "tills", "To": "orders" },
    { "Type": "Playground::Poll", "From": "orders", "To": "workers" } ],
  "Expect": [ { "Metric": "NumberOfMessagesSent", "Of": "orders", "AtLeast": 1, "By": "5s" } ] }"#;

pub(crate) fn queued() -> Arc<Scenario> {
    let parsed = scenario::parse(QUEUED);
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    Arc::new(parsed.scenario)
}

fn loaded(scenario: &Arc<Scenario>) -> Engine {
    let mut engine = Engine::default();
    let reply = engine.handle(EngineRequest::Load { revision: Revision(1), scenario: scenario.clone() });
    let EngineReply::Loaded { frame: Some(frame), .. } = reply else { panic!("{reply:?}") };
    assert!(frame.jumped && frame.roster.is_some() && frame.status.is_some());
    engine
}

fn frame(reply: EngineReply) -> Frame {
    match reply {
        EngineReply::Frame(frame) => *frame,
        EngineReply::Loaded { frame: Some(frame), .. } => *frame,
        other => panic!("{other:?}"),
    }
}

fn advance(engine: &mut Engine, micros: u64) -> Frame {
    let to = SimTime::from_micros(micros);
    frame(engine.handle(EngineRequest::Advance { to, budget: u64::MAX, with_status: true }))
}

fn seek(engine: &mut Engine, micros: u64) -> Frame {
    let reached = frame(engine.handle(EngineRequest::Seek { to: SimTime::from_micros(micros) }));
    assert_eq!(reached.reached, SimTime::from_micros(micros));
    reached
}

fn intervene(engine: &mut Engine, intervention: Intervention) {
    frame(engine.handle(EngineRequest::Intervene { intervention }));
}

fn edited(scenario: &Scenario, rate: u32) -> Arc<Scenario> {
    let mut value = scenario.to_value();
    value["Resources"]["tills"]["Properties"]["ArrivalProcess"]["Rate"] = json!(rate);
    Arc::new(scenario::parse_value(&value).scenario)
}

/// Architecture: run = seek + run, bit for bit, also over edits, faults and stops within a second.
#[test]
fn a_run_that_went_back_is_the_run_that_did_not() {
    let scenario = queued();
    let drive = |engine: &mut Engine, wander: bool| {
        advance(engine, 3_300_000);
        intervene(engine, Intervention::Stop("workers".into()));
        if wander {
            advance(engine, 3_900_001);
            seek(engine, 3_300_000);
        }
        advance(engine, 7_000_000);
        let reply =
            engine.handle(EngineRequest::Edit { revision: Revision(2), scenario: edited(&scenario, 90) });
        frame(reply);
        intervene(engine, Intervention::Start("workers".into()));
        if wander {
            advance(engine, 30_000_000);
            seek(engine, 0);
            seek(engine, 6_999_999);
            advance(engine, 9_000_000);
            seek(engine, 7_000_000);
        }
        advance(engine, 20_000_000);
        if wander {
            seek(engine, 500_000);
            seek(engine, 20_000_000);
        }
        engine.fingerprint()
    };
    let straight = drive(&mut loaded(&scenario), false);
    assert_eq!(drive(&mut loaded(&scenario), true), straight);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    /// Architecture: run = seek + run.
    #[test]
    fn any_way_to_an_instant_ends_alike(stops in prop::collection::vec(0_u64..15_000_000, 1..5), budget in 1_u64..400) {
        let mut wandering = loaded(&queued());
        for stop in stops {
            wandering.handle(EngineRequest::Advance { to: SimTime::from_micros(stop), budget, with_status: false });
            seek(&mut wandering, stop);
        }
        seek(&mut wandering, 15_000_000);
        let mut straight = loaded(&queued());
        advance(&mut straight, 15_000_000);
        prop_assert_eq!(wandering.fingerprint(), straight.fingerprint());
    }
}

/// An intervention in the past opens another future: what was known of the old one is forgotten.
#[test]
fn a_change_in_the_past_forgets_the_future() {
    let mut engine = loaded(&queued());
    let watched = WatchedMetric { of: "orders".into(), metric: MetricName::NumberOfMessagesSent };
    engine.handle(EngineRequest::Watch(vec![watched]));
    advance(&mut engine, 8_000_000);
    intervene(&mut engine, Intervention::Stop("tills".into()));
    advance(&mut engine, 12_000_000);
    seek(&mut engine, 2_500_000);
    let stop = Intervention::Stop("tills".into());
    let branched = frame(engine.handle(EngineRequest::Intervene { intervention: stop }));
    let kept = &branched.series[0];
    assert!(kept.replace, "values of the old future must go");
    assert_eq!((kept.first_second, kept.values.len()), (0, 3));
    assert!(kept.values[1..].iter().all(|sent| *sent > 0.0), "{:?}", kept.values);
    let after = &advance(&mut engine, 12_000_000).series[0];
    assert_eq!((after.replace, after.first_second, after.values.len()), (false, 3, 10));
    assert!(after.values[1..].iter().all(|sent| *sent == 0.0), "{:?}", after.values);
}

/// Live edits: what stays the same keeps its state.
#[test]
fn an_edit_while_running_keeps_the_messages() {
    let scenario = queued();
    let mut engine = loaded(&scenario);
    intervene(&mut engine, Intervention::Stop("workers".into()));
    advance(&mut engine, 10_000_000);
    let held = |engine: &mut Engine| {
        let reply = engine.handle(EngineRequest::Inspect { resource: "orders".into() });
        let EngineReply::Inspection(inspection) = reply else { panic!("{reply:?}") };
        let visible = MetricName::ApproximateNumberOfMessagesVisible;
        inspection.metrics.iter().find(|reading| reading.metric == visible).map(|reading| reading.value)
    };
    let before = held(&mut engine);
    assert!(before > Some(300), "{before:?}");
    let reply = engine.handle(EngineRequest::Edit { revision: Revision(2), scenario: edited(&scenario, 1) });
    assert_eq!(frame(reply).revision, Revision(2));
    assert_eq!(held(&mut engine), before);
}

/// A document with errors is not taken, and the run goes on with the one before.
#[test]
fn a_bad_document_changes_nothing() {
    let mut engine = loaded(&queued());
    advance(&mut engine, 2_000_000);
    let mut bad = (*queued()).clone();
    bad.links[0].to = "nowhere".into();
    let reply = engine.handle(EngineRequest::Edit { revision: Revision(2), scenario: Arc::new(bad) });
    let EngineReply::Loaded { frame: None, diagnostics, .. } = reply else { panic!("{reply:?}") };
    assert!(diagnostics.has_errors());
    assert_eq!(advance(&mut engine, 3_000_000).revision, Revision(1));
}

/// UI.md section 6: marks, reasons and counts come with each frame, and names only once.
#[test]
fn a_frame_tells_what_moved() {
    let mut engine = loaded(&queued());
    let first = advance(&mut engine, 2_000_000);
    assert!(first.transits.iter().any(|transit| transit.kind == TransitKind::Message));
    assert_eq!(first.roster, None, "it was sent with the load");
    let status = first.status.unwrap();
    assert!(status.links[0].messages_per_second > 10.0);
    assert_eq!(status.nodes.len(), 3);
    let later = advance(&mut engine, 6_000_000);
    assert_eq!(later.catalogue.payloads.len(), 0, "payloads cross once");
    assert_eq!(later.expectations.len(), 1);
    assert!(later.expectations[0].holds && later.ended);
}

/// UI.md section 4: the Messages tab lists the last to arrive, whichever way time came there.
#[test]
fn the_last_messages_are_known_after_a_seek_of_any_length() {
    let recent = |engine: &mut Engine, of: &str| {
        let request = EngineRequest::Inspect { resource: of.into() };
        let EngineReply::Inspection(inspection) = engine.handle(request) else { panic!("no inspection") };
        inspection.recent
    };
    let played = |engine: &mut Engine| {
        for tenth in 1..=900 {
            advance(engine, tenth * 100_000);
        }
    };
    let mut patient = loaded(&queued());
    played(&mut patient);
    let (orders, workers) = (recent(&mut patient, "orders"), recent(&mut patient, "workers"));
    assert!(orders.len() == 50 && workers.len() == 50);

    let mut at_once = loaded(&queued());
    seek(&mut at_once, 90_000_000);
    assert_eq!(recent(&mut at_once, "orders"), orders, "forward, far");
    seek(&mut patient, 30_000_000);
    seek(&mut patient, 90_000_000);
    assert_eq!(recent(&mut patient, "orders"), orders, "back and forth");
    assert_eq!(recent(&mut patient, "workers"), workers);

    // The dead letter came long before, and nothing has come since.
    let poison = Arc::new(scenario::gallery::find("poison-message").unwrap().scenario());
    let mut engine = loaded(&poison);
    for second in [150, 100, 170] {
        seek(&mut engine, second * 1_000_000);
        assert_eq!(recent(&mut engine, "orders-dlq").len(), 1, "at {second} s");
    }
}

/// UI.md section 3: the events of the time before are listed, whichever way time came there.
#[test]
fn the_last_events_are_known_after_a_seek_of_any_length() {
    let mut patient = loaded(&queued());
    let mut seen = Vec::new();
    for tenth in 1..=900 {
        seen.extend(advance(&mut patient, tenth * 100_000).events);
    }
    let last = &seen[seen.len() - 200..];
    let at_once = seek(&mut loaded(&queued()), 90_000_000).events;
    assert_eq!(at_once, last, "forward, far");
    seek(&mut patient, 30_000_000);
    assert_eq!(seek(&mut patient, 90_000_000).events, last, "back and forth");
    let before: Vec<_> = seen.iter().filter(|event| event.at <= SimTime::from_secs(30)).cloned().collect();
    assert!(before.ends_with(&seek(&mut patient, 30_000_000).events));
    assert_eq!(seek(&mut patient, 0).events, []);
}

/// A step goes on until something can be seen.
#[test]
fn a_step_shows_something() {
    let mut engine = loaded(&queued());
    let mut last = SimTime::ZERO;
    for _ in 0..20 {
        let step = frame(engine.handle(EngineRequest::Step { of: Some("tills".into()) }));
        assert!(!step.transits.is_empty() || !step.events.is_empty());
        assert!(step.reached >= last);
        last = step.reached;
    }
    assert!(last > SimTime::ZERO);
}

/// What crosses between threads comes back as it was.
#[test]
fn messages_survive_the_wire() {
    let mut engine = loaded(&queued());
    let request = EngineRequest::Load { revision: Revision(3), scenario: queued() };
    assert_eq!(engine::wire::decode(&engine::wire::encode(&request)), Ok(request));
    let advance = EngineRequest::Advance { to: SimTime::from_secs(9), budget: u64::MAX, with_status: true };
    let reply = engine.handle(advance);
    let decoded: EngineReply = engine::wire::decode(&engine::wire::encode(&reply)).unwrap();
    assert_eq!(decoded, reply);
    assert!(engine::wire::decode::<EngineReply>(&[250, 1, 2]).is_err());
}

/// Budgets: the engine answers in time and goes on where it stopped.
#[test]
fn a_budget_of_events_ends_a_frame_early() {
    let mut engine = loaded(&queued());
    let to = SimTime::ZERO + SimDuration::from_secs(60);
    let first = frame(engine.handle(EngineRequest::Advance { to, budget: 100, with_status: false }));
    assert!(first.budget_spent && first.reached < to && first.status.is_none());
    let second = frame(engine.handle(EngineRequest::Advance { to, budget: u64::MAX, with_status: false }));
    assert_eq!((second.from, second.reached), (first.reached, to));
}

/// Asking for what is not there is answered, not punished.
#[test]
fn nothing_loaded_is_an_answer() {
    let mut engine = Engine::default();
    assert!(matches!(engine.handle(EngineRequest::Seek { to: SimTime::ZERO }), EngineReply::Rejected(_)));
    let mut engine = loaded(&queued());
    let reply = engine.handle(EngineRequest::Intervene { intervention: Intervention::Stop("nobody".into()) });
    assert!(matches!(reply, EngineReply::Rejected(_)), "{reply:?}");
}
