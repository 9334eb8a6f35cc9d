//! The world as a value: the same run every time, checkpoints, edits and interventions.

use kernel::{Seed, SimDuration, SimTime};
use messaging::MetricName::*;
use messaging::trace::TraceSettings;
use messaging::{EventBudget, Intervention, InterventionError, LogicalId, MetricName, Progress, World};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::support::{advance, edit, metric, metrics, run, spec_of, world_of};

/// A bit of everything: random arrivals, a topic with filters, failures, crashes, dead letters, a stream.
fn everything() -> Value {
    let state = |state: &str| json!({ "Attributes": { "state": { "Type": "String", "Value": state } } });
    let work = json!({ "Distribution": "Exponential", "MeanMilliseconds": 80 });
    json!({
        "Resources": {
            "producer": { "Type": "Playground::Producer", "Properties": {
                "ArrivalProcess": { "Type": "Poisson", "Rate": 40 }, "BatchSize": 3,
                "Keys": { "Prefix": "g", "Count": 9, "Choice": "Zipf" },
                "Messages": [state("placed"), state("cancelled")], "MessageChoice": "Random"
            } },
            "topic": { "Type": "AWS::SNS::Topic" },
            "placed": { "Type": "AWS::SQS::Queue", "Properties": { "VisibilityTimeout": 2 } },
            "dead": { "Type": "AWS::SQS::Queue" },
            "all": { "Type": "AWS::SQS::Queue" },
            "stream": { "Type": "AWS::Kinesis::Stream", "Properties": { "ShardCount": 2 } },
            "workers": { "Type": "Playground::Consumer", "Properties": {
                "Workers": 4, "ProcessingTime": work, "FailureProbability": 0.2, "CrashProbability": 0.01
            } },
            "readers": { "Type": "Playground::Consumer", "Properties": { "Workers": 2 } },
            "rows": { "Type": "Playground::Database", "Properties": { "MaxWritesPerSecond": 15 } },
        },
        "Links": [
            { "Type": "Playground::Send", "From": "producer", "To": "topic" },
            { "Type": "Playground::Send", "From": "producer", "To": "stream" },
            { "Type": "AWS::SNS::Subscription", "From": "topic", "To": "placed",
              "Properties": { "FilterPolicy": { "state": ["placed"] } } },
            { "Type": "AWS::SNS::Subscription", "From": "topic", "To": "all" },
            { "Type": "AWS::SQS::RedrivePolicy", "From": "placed", "To": "dead",
              "Properties": { "maxReceiveCount": 2 } },
            { "Type": "Playground::Poll", "From": "placed", "To": "workers" },
            { "Type": "Playground::Poll", "From": "stream", "To": "readers" },
            { "Type": "Playground::Send", "From": "workers", "To": "rows" },
        ],
        "Timeline": [
            { "At": "7s", "Crash": "workers" }, { "At": "9s", "Start": "workers" },
            { "At": "12s", "CutLink": { "From": "topic", "To": "all" } },
            { "At": "15s", "RestoreLink": { "From": "topic", "To": "all" } },
        ],
    })
}

fn with_seed(document: &Value, seed: u64) -> World {
    World::new(&spec_of(document), Seed(seed), TraceSettings::OFF)
}

#[test]
fn the_same_document_and_seed_give_the_same_run() {
    let fingerprint = |seed: u64| {
        let mut world = with_seed(&everything(), seed);
        advance(&mut world, 30.0);
        assert!(world.events() > 5_000);
        world.fingerprint()
    };
    assert_eq!(fingerprint(7), fingerprint(7));
    assert_ne!(fingerprint(7), fingerprint(8));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_does_not_matter_in_which_steps_a_world_is_advanced(
        steps in proptest::collection::vec((1_u64..3_000_000, 1_u64..2_000), 1..40),
        seed in 0_u64..1_000,
    ) {
        let end = SimTime::from_secs(20);
        let mut whole = with_seed(&everything(), seed);
        whole.advance(end, EventBudget::UNLIMITED);
        let mut chunked = with_seed(&everything(), seed);
        for (micros, budget) in steps {
            let next = (chunked.now() + SimDuration::from_micros(micros)).min(end);
            if let Progress::BudgetSpent(at) = chunked.advance(next, EventBudget(budget)) {
                prop_assert!(at <= next);
            }
        }
        chunked.advance(end, EventBudget::UNLIMITED);
        prop_assert_eq!(whole.events(), chunked.events());
        prop_assert_eq!(whole.fingerprint(), chunked.fingerprint());
    }

    #[test]
    fn a_clone_is_a_checkpoint(at in 0.0_f64..20.0, seed in 0_u64..1_000) {
        let mut world = with_seed(&everything(), seed);
        advance(&mut world, at);
        let mut checkpoint = world.clone();
        advance(&mut world, 25.0);
        advance(&mut checkpoint, 25.0);
        prop_assert_eq!(world.fingerprint(), checkpoint.fingerprint());
    }
}

#[test]
fn tracing_changes_nothing_that_happens() {
    let fingerprint = |trace: TraceSettings| {
        let mut world = World::new(&spec_of(&everything()), Seed(7), trace);
        advance(&mut world, 20.0);
        world.fingerprint()
    };
    let sparse = TraceSettings { messages_per_mark: 10, max_transits: 3, max_events: 3 };
    assert_eq!(fingerprint(TraceSettings::OFF), fingerprint(TraceSettings::PAGE));
    assert_eq!(fingerprint(TraceSettings::OFF), fingerprint(sparse));
}

#[test]
fn another_resource_changes_no_draw_of_the_others() {
    let mut with_another = everything();
    with_another["Resources"]["a-new-one"] = json!({ "Type": "Playground::Producer", "Properties": {
        "ArrivalProcess": { "Type": "Poisson", "Rate": 3 }
    } });
    let offered = |document: &Value| metric(&run(document, 20.0), "producer", MessagesOffered);
    assert_eq!(offered(&everything()), offered(&with_another));
}

#[test]
fn a_step_runs_to_the_next_event_and_no_further_than_its_limit() {
    let mut world = world_of(&everything());
    let limit = SimTime::from_secs(2);
    let mut last = world.now();
    while let Some(at) = world.step(limit) {
        assert!(at >= last && at <= limit);
        last = at;
    }
    assert!(world.next_event_at().is_none_or(|at| at > limit));
    advance(&mut world, 20.0);
    let whole = run(&everything(), 20.0);
    assert_eq!((world.events(), world.fingerprint()), (whole.events(), whole.fingerprint()));
}

/// A producer of ten messages a second, a queue, and a slow consumer.
fn line() -> Value {
    json!({
        "Resources": {
            "producer": { "Type": "Playground::Producer" },
            "queue": { "Type": "AWS::SQS::Queue" },
            "w": { "Type": "Playground::Consumer", "Properties": {
                "ProcessingTime": { "Distribution": "Constant", "Milliseconds": 1_000 }
            } },
        },
        "Links": [
            { "Type": "Playground::Send", "From": "producer", "To": "queue" },
            { "Type": "Playground::Poll", "From": "queue", "To": "w" },
        ],
    })
}

/// What a queue holds, in whatever state.
fn held(world: &World, queue: &str) -> u64 {
    let states = [
        ApproximateNumberOfMessagesVisible,
        ApproximateNumberOfMessagesNotVisible,
        ApproximateNumberOfMessagesDelayed,
    ];
    metrics(world, queue, states).iter().sum()
}

#[test]
fn an_edit_keeps_what_the_run_has_come_to() {
    let mut world = world_of(&line());
    advance(&mut world, 30.02);
    let before = (held(&world, "queue"), metric(&world, "w", MessagesProcessed), world.now());
    assert!(before.0 > 200, "{before:?}");
    let mut changed = line();
    changed["Resources"]["w"]["Properties"]["Workers"] = json!(5);
    changed["Resources"]["queue"]["Properties"] = json!({ "VisibilityTimeout": 60 });
    edit(&mut world, &changed);
    let after = (held(&world, "queue"), metric(&world, "w", MessagesProcessed), world.now());
    assert_eq!(before, after);
    // From here on five workers do five messages a second.
    advance(&mut world, 60.0);
    let done = metric(&world, "w", MessagesProcessed) - before.1;
    assert!((143..=150).contains(&done), "{done} in 30 s");
}

#[test]
fn a_renamed_resource_keeps_what_it_holds() {
    let mut world = world_of(&line());
    advance(&mut world, 30.02);
    let before = held(&world, "queue");
    let renamed = line().to_string().replace("\"queue\"", "\"queue-of-orders\"");
    let renamed = serde_json::from_str(&renamed).expect("JSON stays JSON");
    edit(&mut world, &renamed);
    assert_eq!(held(&world, "queue-of-orders"), before);
    assert!(world.component(&LogicalId::from("queue")).is_none());
    let processed = metric(&world, "w", MessagesProcessed);
    advance(&mut world, 40.0);
    assert!(metric(&world, "w", MessagesProcessed) > processed, "the worker goes on reading");
}

#[test]
fn an_edited_timeline_holds_from_now_on() {
    let mut document = line();
    document["Timeline"] = json!([{ "At": "5s", "Stop": "producer" }, { "At": "60s", "Start": "producer" }]);
    let mut world = world_of(&document);
    advance(&mut world, 10.0);
    let stopped = metric(&world, "producer", MessagesOffered);
    document["Timeline"] = json!([{ "At": "2s", "Stop": "w" }, { "At": "20s", "Start": "producer" }]);
    edit(&mut world, &document);
    advance(&mut world, 19.9);
    assert_eq!(metric(&world, "producer", MessagesOffered), stopped);
    advance(&mut world, 30.0);
    let at_30 = metric(&world, "producer", MessagesOffered);
    assert!(at_30 > stopped + 90, "{at_30}");
    advance(&mut world, 70.0);
    assert_eq!(metric(&world, "producer", MessagesOffered), at_30 + 400, "the old entry at 60 s is gone");
}

#[test]
fn an_edit_that_changes_nothing_changes_nothing() {
    let mut edited = world_of(&everything());
    advance(&mut edited, 10.0);
    edit(&mut edited, &everything());
    advance(&mut edited, 20.0);
    let plain = run(&everything(), 20.0);
    assert_eq!(edited.events(), plain.events());
    for id in plain.component_ids() {
        for name in MetricName::ALL {
            assert_eq!(edited.metric(id, *name), plain.metric(id, *name), "{name:?} of {:?}", plain.name(id));
        }
    }
}

#[test]
fn what_is_removed_is_gone_and_what_comes_back_starts_afresh() {
    let mut world = world_of(&line());
    advance(&mut world, 10.001);
    assert!(held(&world, "queue") > 80);
    let mut without = line();
    without["Resources"].as_object_mut().expect("resources").remove("queue");
    without["Links"] = json!([]);
    edit(&mut world, &without);
    assert!(world.component(&LogicalId::from("queue")).is_none());
    let offered = metric(&world, "producer", MessagesOffered);
    advance(&mut world, 20.0);
    // A producer without a target has nothing to offer.
    assert_eq!(metric(&world, "producer", MessagesOffered), offered);
    edit(&mut world, &line());
    assert_eq!(held(&world, "queue"), 0);
    advance(&mut world, 30.01);
    assert_eq!(metric(&world, "queue", NumberOfMessagesSent), 100);
    assert!(metric(&world, "w", MessagesProcessed) > 10, "the consumer reads the new queue");
}

#[test]
fn a_call_to_what_was_removed_meanwhile_is_unreachable() {
    let mut world = world_of(&line());
    // The message of 5.0 s is under way for 3 ms.
    advance(&mut world, 5.001);
    let mut without = line();
    without["Resources"].as_object_mut().expect("resources").remove("queue");
    without["Links"] = json!([]);
    edit(&mut world, &without);
    advance(&mut world, 60.0);
    assert_eq!(metrics(&world, "producer", [MessagesRefused, MessagesLost]), [1, 1]);
    let refusal = world.take_trace().events.into_iter().find_map(|event| match event.kind {
        messaging::trace::TraceKind::ApiFailed { error, .. } => Some(error),
        _ => None,
    });
    let unreachable = messaging::ApiError::Network(messaging::registry::NetworkError::Unreachable);
    assert_eq!(refusal, Some(unreachable));
}

#[test]
fn another_kind_of_the_same_name_is_another_resource() {
    let mut changed = line();
    changed["Resources"]["producer"]["Properties"] = json!({ "Keys": { "Prefix": "g", "Count": 3 } });
    let mut world = world_of(&changed);
    advance(&mut world, 10.0);
    let before = world.component(&LogicalId::from("queue"));
    changed["Resources"]["queue"] = json!({ "Type": "AWS::Kinesis::Stream" });
    edit(&mut world, &changed);
    assert_ne!(world.component(&LogicalId::from("queue")), before);
    advance(&mut world, 20.0);
    assert!(metric(&world, "queue", IncomingRecords) >= 90);
}

#[test]
fn a_cut_link_refuses_until_it_is_restored() {
    let mut document = line();
    document["Resources"]["producer"]["Properties"] = json!({ "RetryMode": "off" });
    document["Timeline"] = json!([
        { "At": "9.95s", "CutLink": { "From": "producer", "To": "queue" } },
        { "At": "19.95s", "RestoreLink": { "From": "producer", "To": "queue" } },
    ]);
    let world = run(&document, 29.95);
    assert_eq!(metric(&world, "queue", NumberOfMessagesSent), 200);
    assert_eq!(metric(&world, "producer", MessagesLost), 100);
}

#[test]
fn the_timeline_does_what_a_click_does() {
    let stop = Intervention::Stop(LogicalId::from("producer"));
    let send = Intervention::Send { from: LogicalId::from("producer"), count: 17 };
    let mut document = line();
    document["Timeline"] = json!([{ "At": "5.05s", "Stop": "producer" }, { "At": "8s", "Send": { "From": "producer", "Count": 17 } }]);
    let planned = run(&document, 20.0);
    let mut clicked = world_of(&line());
    advance(&mut clicked, 5.05);
    clicked.intervene(&stop).expect("a producer can stop");
    advance(&mut clicked, 8.0);
    clicked.intervene(&send).expect("a producer can send");
    advance(&mut clicked, 20.0);
    for world in [&planned, &clicked] {
        assert_eq!(metric(world, "producer", MessagesOffered), 51 + 17);
        assert_eq!(metric(world, "queue", NumberOfMessagesSent), 51 + 17);
    }
    assert_eq!(metric(&planned, "w", MessagesProcessed), metric(&clicked, "w", MessagesProcessed));
}

#[test]
fn an_intervention_that_cannot_be_says_why() {
    let mut world = world_of(&line());
    let id = |name: &str| LogicalId::from(name);
    let errors = [
        (Intervention::Stop(id("nobody")), InterventionError::NoSuchResource(id("nobody"))),
        (
            Intervention::CutLink { from: id("w"), to: id("queue") },
            InterventionError::NoSuchLink { from: id("w"), to: id("queue") },
        ),
    ];
    for (intervention, error) in errors {
        assert_eq!(world.intervene(&intervention), Err(error));
    }
    for impossible in [
        Intervention::Purge(id("w")),
        Intervention::Stop(id("queue")),
        Intervention::Slow { of: id("w"), factor: -1.0 },
        Intervention::Slow { of: id("producer"), factor: 2.0 },
    ] {
        let refused = world.intervene(&impossible);
        assert!(matches!(refused, Err(InterventionError::NotPossible { .. })), "{impossible:?}: {refused:?}");
    }
}

#[test]
fn gauges_keep_their_peak_of_whole_seconds() {
    // 100 messages at once, ten a second done: the peak is what stood there at second 1.
    let mut document = line();
    document["Resources"]["producer"]["Properties"] =
        json!({ "ArrivalProcess": { "Type": "AtOnce", "Count": 100 } });
    let world = run(&document, 300.0);
    let table = world.metrics(world.component(&LogicalId::from("queue")).expect("the queue"));
    assert_eq!(table.value(ApproximateNumberOfMessagesVisible), 0);
    assert_eq!(table.peak(ApproximateNumberOfMessagesVisible), 90);
}
