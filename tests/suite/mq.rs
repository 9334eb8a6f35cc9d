//! ActiveMQ brokers: queues, topics, prefetch, redelivery, selectors, capacity (MQ-1 to MQ-25).

use messaging::MetricName::*;
use messaging::World;
use scenario::{Severity, parse_value, validate};
use serde_json::{Value, json};

use super::support::{advance, metric, metrics, run, world_of};

/// A processing time that is always the same.
pub(crate) fn takes(seconds: f64) -> Value {
    json!({ "Distribution": "Constant", "Milliseconds": seconds * 1_000.0 })
}

/// A consumer whose one worker takes so long for a message.
pub(crate) fn worker(seconds: f64) -> Value {
    json!({ "Type": "Playground::Consumer", "Properties": { "ProcessingTime": takes(seconds) } })
}

/// A producer that sends `count` messages at once after a second.
pub(crate) fn burst(count: u32) -> Value {
    json!({ "Type": "Playground::Producer", "Properties": {
        "ArrivalProcess": { "Type": "AtOnce", "Count": count }, "StartAfterSeconds": 1
    } })
}

/// A broker called `broker` with other resources, and links as `from, to, properties`.
pub(crate) fn document(broker: Value, others: Value, links: &[(&str, &str, Value)]) -> Value {
    let mut resources = others;
    resources["broker"] = json!({ "Type": "AWS::AmazonMQ::Broker", "Properties": broker });
    let links: Vec<Value> = links
        .iter()
        .map(|(from, to, properties)| json!({ "From": from, "To": to, "Properties": properties }))
        .collect();
    json!({ "Resources": resources, "Links": links })
}

fn prefetch(prefetch: u32) -> Value {
    json!({ "Prefetch": prefetch })
}

/// Ten messages, two consumers of a queue; how many each has processed by a second after the burst.
fn shared(a: f64, b: f64, prefetch_of_each: u32, after: f64) -> (u64, u64, World) {
    let document = document(
        json!({}),
        json!({ "shop": burst(10), "a": worker(a), "b": worker(b) }),
        &[
            ("shop", "broker", json!({})),
            ("broker", "a", prefetch(prefetch_of_each)),
            ("broker", "b", prefetch(prefetch_of_each)),
        ],
    );
    let world = run(&document, 1.0 + after);
    let [a, b] = ["a", "b"].map(|name| metric(&world, name, MessagesProcessed));
    (a, b, world)
}

#[test]
fn mq_15_mq_t1_a_queue_gives_each_message_to_one_consumer_in_turn() {
    let (a, b, world) = shared(0.5, 0.5, 1, 10.0);
    assert_eq!((a, b), (5, 5));
    let all = [EnqueueCount, DispatchCount, DequeueCount, TotalMessageCount];
    assert_eq!(metrics(&world, "broker", all), [10, 10, 10, 0]);
}

#[test]
fn mq_16_mq_t2_a_prefetch_of_one_shares_slow_work_fairly() {
    let (a, b, _) = shared(9.0, 1.0, 1, 9.3);
    assert_eq!((a, b), (1, 9));
}

#[test]
fn mq_16_mq_t3_a_large_prefetch_lets_a_slow_consumer_hoard() {
    let (a, b, world) = shared(9.0, 1.0, 1_000, 6.0);
    assert_eq!((a, b), (0, 5), "the fast one is idle, and the slow one holds five");
    assert_eq!(metrics(&world, "broker", [InFlightCount, DispatchCount]), [5, 10]);
    let (a, b, _) = shared(9.0, 1.0, 1_000, 44.9);
    assert_eq!((a, b), (4, 5));
    let (a, b, _) = shared(9.0, 1.0, 1_000, 45.3);
    assert_eq!((a, b), (5, 5));
}

#[test]
fn mq_16_the_broker_tops_up_when_half_of_the_prefetched_are_acknowledged() {
    let document = document(
        json!({}),
        json!({ "shop": burst(20), "a": worker(1.0) }),
        &[("shop", "broker", json!({})), ("broker", "a", prefetch(10))],
    );
    let mut world = world_of(&document);
    for (at, dispatched) in [(2.5, 10), (5.5, 10), (6.5, 15), (11.5, 20)] {
        advance(&mut world, at);
        assert_eq!(metric(&world, "broker", DispatchCount), dispatched, "after {at} s");
    }
}

#[test]
fn mq_17_what_a_crashed_consumer_held_comes_again_in_its_old_place_with_the_flag() {
    let mut document = document(
        json!({}),
        json!({ "shop": burst(6), "a": worker(10.0), "b": worker(0.1) }),
        &[("shop", "broker", json!({})), ("broker", "a", json!({})), ("broker", "b", json!({}))],
    );
    document["Resources"]["b"]["Properties"]["Stopped"] = json!(true);
    document["Timeline"] = json!([{ "At": "5s", "Crash": "a" }, { "At": "6s", "Start": "b" }]);
    let world = run(&document, 8.0);
    assert_eq!(metric(&world, "a", MessagesProcessed), 0);
    let b = metrics(&world, "b", [MessagesProcessed, MessagesProcessedAgain, ProcessedOutOfOrder]);
    assert_eq!(b, [6, 6, 0]);
    assert_eq!(metrics(&world, "broker", [DispatchCount, DequeueCount]), [12, 6]);
}

#[test]
fn mq_17_lazy_acknowledgements_are_lost_by_a_crash() {
    let after_crash = |mode: &str| {
        let mut document = document(
            json!({}),
            json!({ "shop": burst(10), "a": worker(1.0), "b": worker(0.01) }),
            &[
                ("shop", "broker", json!({})),
                ("broker", "a", json!({ "AcknowledgeMode": mode })),
                ("broker", "b", json!({})),
            ],
        );
        document["Resources"]["b"]["Properties"]["Stopped"] = json!(true);
        document["Timeline"] = json!([{ "At": "6.5s", "Crash": "a" }, { "At": "7s", "Start": "b" }]);
        let world = run(&document, 9.0);
        assert_eq!(metric(&world, "a", MessagesProcessed), 5, "{mode}");
        metric(&world, "b", MessagesProcessed)
    };
    for mode in ["AUTO_ACKNOWLEDGE", "CLIENT_ACKNOWLEDGE", "SESSION_TRANSACTED"] {
        assert_eq!(after_crash(mode), 5, "{mode}");
    }
    // Nothing was acknowledged yet: the five are processed twice.
    assert_eq!(after_crash("DUPS_OK_ACKNOWLEDGE"), 10);
}

#[test]
fn mq_18_mq_19_mq_t4_seven_deliveries_and_then_the_dead_letter_queue() {
    let mut document = document(
        json!({}),
        json!({ "shop": burst(1), "a": worker(0.0) }),
        &[("shop", "broker", json!({})), ("broker", "a", json!({}))],
    );
    document["Resources"]["a"]["Properties"]["FailureProbability"] = json!(1);
    let mut world = world_of(&document);
    for (at, tries) in [(1.5, 1), (2.5, 2), (3.5, 3), (6.5, 6), (7.5, 7), (60.0, 7)] {
        advance(&mut world, at);
        assert_eq!(metric(&world, "a", ProcessingFailures), tries, "after {at} s");
    }
    let broker = [MessagesMovedToDeadLetterQueue, EnqueueCount, TotalMessageCount, InFlightCount];
    assert_eq!(metrics(&world, "broker", broker), [1, 2, 1, 0]);
    let state = world.node_state(super::support::place(&world, "broker")).unwrap();
    assert!(format!("{:?}", state.instruments).contains("ActiveMQ.DLQ"));
}

#[test]
fn mq_18_delays_grow_when_they_are_told_to_and_minus_one_is_without_end() {
    let tries = |link: Value, seconds: f64| {
        let mut document = document(
            json!({ "IndividualDeadLetterQueues": true }),
            json!({ "shop": burst(1), "a": worker(0.0) }),
            &[("shop", "broker", json!({})), ("broker", "a", link)],
        );
        document["Resources"]["a"]["Properties"]["FailureProbability"] = json!(1);
        let world = run(&document, 1.0 + seconds);
        metric(&world, "a", ProcessingFailures)
    };
    // After 1 s, 5 s and 25 s.
    let growing = json!({ "UseExponentialBackOff": true });
    assert_eq!([0.9, 1.1, 5.9, 6.1, 30.9, 31.1].map(|at| tries(growing.clone(), at)), [1, 2, 2, 3, 3, 4]);
    assert_eq!(tries(json!({ "MaximumRedeliveries": -1 }), 100.5), 101);
    assert_eq!(tries(json!({ "MaximumRedeliveries": 0 }), 100.5), 1);
}

#[test]
fn mq_20_expired_messages_go_to_the_dead_letter_queue_unless_they_may_not() {
    let moved = |broker: Value, link: Value| {
        let document = document(
            broker,
            json!({ "shop": burst(3), "a": { "Type": "Playground::Consumer", "Properties": { "Stopped": true } } }),
            &[("shop", "broker", link), ("broker", "a", json!({}))],
        );
        let mut world = world_of(&document);
        advance(&mut world, 2.9);
        assert_eq!(metric(&world, "broker", ExpiredCount), 0);
        advance(&mut world, 3.5);
        metrics(&world, "broker", [ExpiredCount, MessagesMovedToDeadLetterQueue, MessagesDropped])
    };
    let short = json!({ "TimeToLiveMilliseconds": 2_000 });
    let light = json!({ "TimeToLiveMilliseconds": 2_000, "DeliveryMode": "NON_PERSISTENT" });
    assert_eq!(moved(json!({}), short.clone()), [3, 3, 0]);
    assert_eq!(moved(json!({ "ProcessExpired": false }), short), [3, 0, 3]);
    assert_eq!(moved(json!({}), light.clone()), [3, 0, 3]);
    assert_eq!(moved(json!({ "ProcessNonPersistent": true }), light), [3, 3, 0]);
}

fn topic() -> Value {
    json!({ "Destination": "prices", "DestinationType": "Topic" })
}

#[test]
fn mq_21_mq_t5_plain_subscribers_get_what_comes_while_they_are_there_and_durable_ones_all() {
    let mut durable = topic();
    durable["SubscriptionName"] = json!("ledger");
    let mut document = document(
        json!({}),
        json!({ "shop": burst(3), "a": worker(0.0), "b": worker(0.0), "late": worker(0.0), "away": worker(0.0) }),
        &[
            ("shop", "broker", topic()),
            ("broker", "a", topic()),
            ("broker", "b", topic()),
            ("broker", "late", topic()),
            ("broker", "away", durable),
        ],
    );
    for name in ["late", "away"] {
        document["Resources"][name]["Properties"]["Stopped"] = json!(true);
    }
    document["Timeline"] = json!([{ "At": "5s", "Start": "late" }, { "At": "5s", "Start": "away" }]);
    let mut world = world_of(&document);
    let processed =
        |world: &World| ["a", "b", "late", "away"].map(|name| metric(world, name, MessagesProcessed));
    advance(&mut world, 4.0);
    assert_eq!(processed(&world), [3, 3, 0, 0]);
    advance(&mut world, 6.0);
    assert_eq!(processed(&world), [3, 3, 0, 3]);
}

#[test]
fn mq_22_mq_t6_a_virtual_topic_is_a_fan_out_to_queues() {
    let queue =
        |name: &str| json!({ "Destination": format!("Consumer.{name}.VirtualTopic.Orders"), "Prefetch": 1 });
    let document = document(
        json!({}),
        json!({ "shop": burst(10), "a1": worker(0.1), "a2": worker(0.1), "b": worker(0.1) }),
        &[
            ("shop", "broker", json!({ "Destination": "VirtualTopic.Orders", "DestinationType": "Topic" })),
            ("broker", "a1", queue("A")),
            ("broker", "a2", queue("A")),
            ("broker", "b", queue("B")),
        ],
    );
    let world = run(&document, 10.0);
    assert_eq!(["a1", "a2", "b"].map(|name| metric(&world, name, MessagesProcessed)), [5, 5, 10]);
    assert_eq!(metric(&world, "broker", EnqueueCount), 20);
}

#[test]
fn mq_23_one_send_reaches_several_destinations_and_selectors_choose() {
    let mut document = document(
        json!({}),
        json!({ "shop": burst(10), "a": worker(0.0), "b": worker(0.0), "c": worker(0.0) }),
        &[
            ("shop", "broker", json!({ "Destination": "orders,audit" })),
            ("broker", "a", json!({ "Destination": "orders", "Selector": "price > 10" })),
            ("broker", "b", json!({ "Destination": "orders", "Selector": "price <= 10 OR price IS NULL" })),
            ("broker", "c", json!({ "Destination": "audit" })),
        ],
    );
    let priced = |price: u32| json!({ "Body": "{}", "Attributes": { "price": { "Type": "Number", "Value": price.to_string() } } });
    document["Resources"]["shop"]["Properties"]["Messages"] = json!([priced(5), priced(50)]);
    let world = run(&document, 3.0);
    assert_eq!(["a", "b", "c"].map(|name| metric(&world, name, MessagesProcessed)), [5, 5, 10]);
    // What nobody selects stays, and lets the others pass.
    document["Links"][2]["Properties"]["Selector"] = json!("price > 100");
    let world = run(&document, 3.0);
    assert_eq!(metrics(&world, "broker", [DequeueCount, TotalMessageCount]), [15, 5]);
}

#[test]
fn mq_23_message_groups_stay_with_one_consumer_while_it_lives() {
    let mut document = document(
        json!({}),
        json!({ "shop": burst(60), "a": worker(0.1), "b": worker(0.1) }),
        &[("shop", "broker", json!({})), ("broker", "a", prefetch(1)), ("broker", "b", prefetch(1))],
    );
    document["Resources"]["shop"]["Properties"]["Keys"] = json!({ "List": ["g"] });
    document["Timeline"] = json!([{ "At": "3s", "Crash": "a" }]);
    let mut world = world_of(&document);
    advance(&mut world, 2.95);
    let processed = |world: &World| ["a", "b"].map(|name| metric(world, name, MessagesProcessed));
    assert_eq!(processed(&world), [19, 0]);
    advance(&mut world, 20.0);
    assert_eq!(processed(&world).iter().sum::<u64>(), 60);
    assert_eq!(metric(&world, "b", ProcessedOutOfOrder), 0);
}

#[test]
fn mq_23_an_exclusive_consumer_gets_everything() {
    let document = document(
        json!({}),
        json!({ "shop": burst(10), "a": worker(0.1), "b": worker(0.1) }),
        &[
            ("shop", "broker", json!({})),
            ("broker", "a", json!({ "Prefetch": 1 })),
            ("broker", "b", json!({ "Prefetch": 1, "Exclusive": true })),
        ],
    );
    let world = run(&document, 10.0);
    assert_eq!(["a", "b"].map(|name| metric(&world, name, MessagesProcessed)), [0, 10]);
}

#[test]
fn mq_2_mq_9_mq_t7_one_producer_is_as_fast_as_the_store_lets_it() {
    let taken = |broker: Value, link: Value| {
        let mut document = document(broker, json!({ "shop": burst(1) }), &[("shop", "broker", link)]);
        document["Resources"]["shop"]["Properties"] =
            json!({ "ArrivalProcess": { "Type": "Steady", "Rate": 6_000 } });
        let world = run(&document, 4.0);
        let [accepted, waiting] = metrics(&world, "shop", [MessagesAccepted, MessagesAwaitingRetry]);
        assert_eq!(metric(&world, "shop", MessagesLost), 0);
        assert!(accepted + waiting >= 23_900, "what is not taken waits at the producer");
        accepted as f64 / 4.0
    };
    let large = |storage: &str| json!({ "StorageType": storage, "MaxMessagesPerSecond": 100_000 });
    for (storage, link, rate) in [
        ("EFS", json!({}), 80.0),
        ("EBS", json!({}), 500.0),
        ("EFS", json!({ "DeliveryMode": "NON_PERSISTENT" }), 5_000.0),
    ] {
        let found = taken(large(storage), link);
        assert!((found / rate - 1.0).abs() < 0.02, "{storage}: {found}, not {rate}");
    }
}

#[test]
fn mq_10_mq_12_the_instance_bounds_all_producers_together_and_a_standby_adds_nothing() {
    let taken = |mut broker: Value, instance: &str| {
        broker["HostInstanceType"] = json!(instance);
        let mut document = document(
            broker,
            json!({ "shop": burst(1) }),
            &[("shop", "broker", json!({ "DeliveryMode": "NON_PERSISTENT" }))],
        );
        document["Resources"]["shop"]["Properties"] =
            json!({ "ArrivalProcess": { "Type": "Steady", "Rate": 800 } });
        metric(&run(&document, 5.0), "broker", EnqueueCount)
    };
    assert!((2_490..=2_510).contains(&taken(json!({}), "mq.t3.micro")));
    assert!(
        (2_490..=2_510)
            .contains(&taken(json!({ "DeploymentMode": "ACTIVE_STANDBY_MULTI_AZ" }), "mq.t3.micro"))
    );
    assert!(taken(json!({}), "mq.m5.large") >= 3_900);
}

#[test]
fn mq_11_large_messages_are_bound_by_the_throughput_of_the_store() {
    let mut document = document(
        json!({ "StorageType": "EBS", "MaxMessagesPerSecond": 1_000_000 }),
        json!({ "shop": burst(1) }),
        &[("shop", "broker", json!({}))],
    );
    document["Resources"]["shop"]["Properties"] =
        json!({ "ArrivalProcess": { "Type": "Steady", "Rate": 300 }, "PayloadBytes": 1_000_000 });
    let accepted = metric(&run(&document, 5.0), "shop", MessagesAccepted);
    assert!((490..=502).contains(&accepted), "{accepted}: 100 MB/s in five seconds");
}

#[test]
fn mq_13_what_is_consumed_at_once_need_not_touch_the_disk() {
    let accepted = |broker: Value| {
        let mut document = document(
            broker,
            json!({ "shop": burst(1), "a": worker(0.0) }),
            &[("shop", "broker", json!({})), ("broker", "a", json!({}))],
        );
        document["Resources"]["shop"]["Properties"] =
            json!({ "ArrivalProcess": { "Type": "Steady", "Rate": 200 } });
        metric(&run(&document, 5.0), "shop", MessagesAccepted)
    };
    assert!(accepted(json!({})) >= 995);
    assert!((398..=402).contains(&accepted(json!({ "ConcurrentStoreAndDispatch": false }))));
}

#[test]
fn mq_14_without_space_sends_wait_or_fail() {
    let full = |broker: Value, wakes: bool| {
        let mut document = document(
            broker,
            json!({ "shop": burst(20), "a": worker(0.0) }),
            &[("shop", "broker", json!({})), ("broker", "a", json!({}))],
        );
        document["Resources"]["shop"]["Properties"]["PayloadBytes"] = json!(100_000);
        document["Resources"]["a"]["Properties"]["Stopped"] = json!(true);
        if wakes {
            document["Timeline"] = json!([{ "At": "20s", "Start": "a" }]);
        }
        run(&document, 30.0)
    };
    let shop = [MessagesAccepted, MessagesAwaitingRetry, MessagesLost];
    let world = full(json!({ "StorageMegabytes": 1 }), false);
    assert_eq!(metrics(&world, "shop", [MessagesAccepted, MessagesLost]), [10, 0]);
    assert_eq!(metric(&world, "broker", StorePercentUsage), 100);
    let problem = world.node_state(super::support::place(&world, "broker")).unwrap().problem.unwrap();
    assert_eq!(problem.error_code.as_deref(), Some("ResourceAllocationException"));
    // Consumers are not blocked, and make room.
    assert_eq!(metrics(&full(json!({ "StorageMegabytes": 1 }), true), "shop", shop), [20, 0, 0]);
    let fails = full(json!({ "StorageMegabytes": 1, "SendFailIfNoSpace": true }), false);
    assert_eq!(metrics(&fails, "shop", shop), [10, 0, 10]);
}

/// What validation says of a document, without the warnings.
pub(crate) fn refusals(document: &Value) -> Vec<String> {
    let mut document = document.clone();
    document["Version"] = json!(1);
    let parsed = parse_value(&document);
    let all = parsed.diagnostics.0.into_iter().chain(validate(&parsed.scenario).0);
    all.filter(|found| found.severity == Severity::Error).map(|found| found.message).collect()
}

#[test]
fn mq_1_mq_38_what_the_engines_do_not_have_is_refused() {
    for (broker, why) in [
        (
            json!({ "EngineType": "RABBITMQ", "DeploymentMode": "ACTIVE_STANDBY_MULTI_AZ" }),
            "RabbitMQ has no standby",
        ),
        (json!({ "DeploymentMode": "CLUSTER_MULTI_AZ" }), "ActiveMQ has no cluster"),
        (json!({ "DeploymentMode": "ACTIVE_STANDBY_MULTI_AZ", "StorageType": "EBS" }), "cannot be shared"),
        (json!({ "EngineType": "RABBITMQ", "StorageType": "EFS" }), "stores on EBS"),
        (json!({ "Exchanges": [{ "Name": "x" }] }), "no exchanges"),
        (
            json!({ "EngineType": "RABBITMQ", "Bindings": [{ "Source": "x", "Destination": "q" }] }),
            "no exchange x",
        ),
    ] {
        let found = refusals(&document(broker.clone(), json!({}), &[]));
        assert!(found.iter().any(|message| message.contains(why)), "{broker}: {found:?}");
    }
    let modes = ["SINGLE_INSTANCE", "ACTIVE_STANDBY_MULTI_AZ"];
    assert!(
        modes
            .iter()
            .all(|mode| refusals(&document(json!({ "DeploymentMode": mode }), json!({}), &[])).is_empty())
    );
}

#[test]
fn mq_3_mq_4_sp_152_sp_154_five_protocols_reach_the_broker_and_no_queue_of_aws() {
    let clients = ["OPENWIRE", "AMQP", "STOMP", "MQTT", "WSS"];
    let wired = |engine: &str, to: &str, protocol: &str| {
        let mut document = document(
            json!({ "EngineType": engine }),
            json!({
                "client": { "Type": "Playground::Producer", "Properties": { "Protocol": protocol } },
                "queue": { "Type": "AWS::SQS::Queue" }, "topic": { "Type": "AWS::SNS::Topic" },
            }),
            &[("client", to, json!({}))],
        );
        document["Links"][0].as_object_mut().unwrap().remove("Properties");
        refusals(&document)
    };
    for protocol in clients {
        assert_eq!(wired("ACTIVEMQ", "broker", protocol), [""; 0], "{protocol}");
        for aws in ["queue", "topic"] {
            let found = wired("ACTIVEMQ", aws, protocol);
            assert!(
                found.len() == 1 && found[0].contains("only AWS's own protocol (MQ-3)"),
                "{protocol}: {found:?}"
            );
        }
        let rabbit = wired("RABBITMQ", "broker", protocol);
        assert_eq!(rabbit.is_empty(), protocol == "AMQP", "{protocol}: {rabbit:?}");
    }
    let ports = |engine| {
        let ports = messaging::mq::Protocol::ALL.iter().map(move |protocol| protocol.port(engine));
        ports.collect::<Vec<_>>()
    };
    let active = [Some(61617), Some(5671), Some(61614), Some(8883), Some(61619)];
    assert_eq!(ports(messaging::mq::EngineType::ActiveMq), active);
    assert_eq!(ports(messaging::mq::EngineType::RabbitMq), [None, Some(5671), None, None, None]);
}

#[test]
fn mq_3_sp_153_an_application_moves_to_amazon_mq_and_only_its_link_changes() {
    let application = json!({ "Type": "Playground::Producer", "Properties": {
        "Protocol": "STOMP", "ArrivalProcess": { "Type": "AtOnce", "Count": 10 }
    } });
    let own_server = |to: &str| {
        let mut document = document(
            json!({}),
            json!({
                "application": application, "worker": worker(0.0),
                "own-server": { "Type": "AWS::AmazonMQ::Broker", "Properties": { "HostInstanceType": "mq.t3.micro" } },
            }),
            &[("application", to, json!({})), (to, "worker", json!({}))],
        );
        document["Title"] = json!("moved");
        document
    };
    let (before, after) = (own_server("own-server"), own_server("broker"));
    assert_eq!(before["Resources"]["application"], after["Resources"]["application"]);
    for document in [&before, &after] {
        assert_eq!(metric(&run(document, 5.0), "worker", MessagesProcessed), 10);
    }
}

#[test]
fn mq_8_connections_are_counted_for_each_protocol() {
    let connected = |second: &str| {
        let mut document = document(
            json!({ "HostInstanceType": "mq.t3.micro" }),
            json!({
                "a": { "Type": "Playground::Consumer", "Properties": { "Workers": 90, "Protocol": "STOMP" } },
                "b": { "Type": "Playground::Consumer", "Properties": { "Workers": 20, "Protocol": second } },
            }),
            &[("broker", "a", json!({})), ("broker", "b", json!({}))],
        );
        document["Title"] = json!("connections");
        metric(&run(&document, 5.0), "broker", CurrentConnectionsCount)
    };
    assert_eq!(connected("MQTT"), 110);
    assert_eq!(connected("STOMP"), 100);
}

#[test]
fn mq_48_a_function_reads_a_queue_in_batches_and_what_fails_comes_again() {
    let function = |function: Value| {
        let mut document = document(
            json!({}),
            json!({ "shop": burst(250), "function": { "Type": "AWS::Lambda::Function", "Properties": function } }),
            &[("shop", "broker", json!({ "Destination": "orders", "DeliveryMode": "NON_PERSISTENT" }))],
        );
        document["Links"].as_array_mut().unwrap().push(json!({
            "Type": "AWS::Lambda::EventSourceMapping", "From": "broker", "To": "function",
            "Properties": { "Queues": ["orders"] },
        }));
        document
    };
    let world = run(&function(json!({ "ProcessingTime": takes(0.0), "ColdStartMilliseconds": 0 })), 10.0);
    assert_eq!(metrics(&world, "broker", [DequeueCount, TotalMessageCount]), [250, 0]);
    let invocations = metric(&world, "function", Invocations);
    assert!((3..=8).contains(&invocations), "batches of 100 or of half a second: {invocations}");
    // The whole batch is tried again until it succeeds.
    let failing =
        json!({ "ProcessingTime": takes(0.0), "ColdStartMilliseconds": 0, "FailureProbability": 0.02 });
    let world = run(&function(failing), 600.0);
    assert_eq!(metrics(&world, "broker", [DequeueCount, TotalMessageCount]), [250, 0]);
    assert!(metric(&world, "function", Errors) > 0);
    assert!(metric(&world, "broker", DispatchCount) > 250);
    let late = refusals(&function(json!({ "Timeout": 900 })));
    assert!(late.iter().any(|message| message.contains("14 minutes")), "{late:?}");
}

#[test]
fn mq_51_a_message_stays_with_its_consumer_however_long_it_takes() {
    let document = document(
        json!({}),
        json!({ "shop": burst(1), "a": worker(86_400.0), "b": worker(0.0) }),
        &[("shop", "broker", json!({})), ("broker", "a", json!({})), ("broker", "b", json!({}))],
    );
    let world = run(&document, 86_000.0);
    assert_eq!(metrics(&world, "broker", [DispatchCount, InFlightCount]), [1, 1]);
}

#[test]
fn mq_16_a_subscriber_with_too_much_pending_is_slow() {
    let mut slow = topic();
    slow["Prefetch"] = json!(10);
    let document = document(
        json!({}),
        json!({ "shop": burst(40), "a": worker(100.0) }),
        &[("shop", "broker", topic()), ("broker", "a", slow)],
    );
    let tone = |seconds: f64| {
        let world = run(&document, seconds);
        let state = world.node_state(super::support::place(&world, "broker")).unwrap();
        format!("{:?}", state.instruments).contains("prices (topic)\", value: 40.0, unit: Count, tone: Near")
    };
    assert!(!tone(1.0) && tone(5.0));
}

#[test]
fn mq_5_sp_160_one_broker_has_queues_and_topics() {
    let document = document(
        json!({}),
        json!({
            "shop": burst(10), "desk": burst(10), "a": worker(0.1), "b": worker(0.1), "c": worker(0.1), "d": worker(0.1),
        }),
        &[
            ("shop", "broker", json!({})),
            ("desk", "broker", topic()),
            ("broker", "a", prefetch(1)),
            ("broker", "b", prefetch(1)),
            ("broker", "c", topic()),
            ("broker", "d", topic()),
        ],
    );
    let world = run(&document, 10.0);
    assert_eq!(["a", "b", "c", "d"].map(|name| metric(&world, name, MessagesProcessed)), [5, 5, 10, 10]);
}

#[test]
fn mq_2_cost_50_sp_156_a_broker_is_paid_for_by_the_hour_whether_used_or_not() {
    let an_hour = |broker: Value| {
        let world = run(&document(broker, json!({}), &[]), 3_600.0);
        metric(&world, "broker", EstimatedCharges)
    };
    assert_eq!(an_hour(json!({})), 288_000);
    assert_eq!(an_hour(json!({ "DeploymentMode": "ACTIVE_STANDBY_MULTI_AZ" })), 576_000);
    let cluster = json!({
        "EngineType": "RABBITMQ", "DeploymentMode": "CLUSTER_MULTI_AZ", "HostInstanceType": "mq.m5.xlarge",
    });
    assert_eq!(an_hour(cluster), 1_728_000);
    let actions: Vec<_> = messaging::ResourceKind::Broker.actions().collect();
    assert!(actions.contains(&"Reboot"));
}

#[test]
fn mq_8_a_broker_is_never_throttled_and_a_mapping_needs_one_queue() {
    assert!(messaging::ResourceKind::Broker.throttling().is_none());
    assert!(messaging::ResourceKind::Queue.throttling().is_some());
}

#[test]
fn mq_50_an_activemq_broker_reports_by_activemqs_names() {
    let document = document(
        json!({}),
        json!({ "shop": burst(10), "a": worker(1.0) }),
        &[("shop", "broker", json!({})), ("broker", "a", prefetch(2))],
    );
    let world = run(&document, 4.5);
    let broker = [TotalMessageCount, QueueSize, InFlightCount, EnqueueCount, DequeueCount];
    assert_eq!(metrics(&world, "broker", broker), [7, 7, 2, 10, 3]);
    assert_eq!(
        metrics(&world, "broker", [TotalConsumerCount, ProducerCount, CurrentConnectionsCount]),
        [1, 1, 2]
    );
    assert_eq!(metrics(&world, "broker", [MessageCount, PublishRate]), [0, 0], "which are RabbitMQ's");
}
