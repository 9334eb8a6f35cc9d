//! RabbitMQ brokers: exchanges, acknowledgements, limits, dead letters (MQ-26 to MQ-37).

use messaging::MetricName::*;
use messaging::World;
use serde_json::{Value, json};

use super::mq::{burst, document, refusals, takes, worker};
use super::support::{advance, metric, metrics, run, world_of};

/// A RabbitMQ broker with exchanges, queues and bindings.
fn rabbit(exchanges: Value, queues: Value, bindings: Value) -> Value {
    json!({ "EngineType": "RABBITMQ", "Exchanges": exchanges, "Queues": queues, "Bindings": bindings })
}

/// One message for each key, all published to an exchange; how many each queue got, by its consumer.
fn routed<const N: usize>(broker: Value, exchange: &str, keys: &[&str], queues: [&str; N]) -> [u64; N] {
    let mut links = vec![("shop".to_owned(), "broker".to_owned(), json!({ "Exchange": exchange }))];
    let mut others = json!({ "shop": burst(keys.len() as u32) });
    others["shop"]["Properties"]["Keys"] = json!({ "List": keys });
    for queue in queues {
        others[format!("of-{queue}")] = worker(0.0);
        links.push(("broker".to_owned(), format!("of-{queue}"), json!({ "Destination": queue })));
    }
    let links: Vec<(&str, &str, Value)> =
        links.iter().map(|(from, to, of)| (from.as_str(), to.as_str(), of.clone())).collect();
    let world = run(&document(broker, others, &links), 3.0);
    queues.map(|queue| metric(&world, &format!("of-{queue}"), MessagesProcessed))
}

#[test]
fn mq_26_exchanges_route_by_their_type() {
    let queues = json!([{ "Name": "a" }, { "Name": "b" }, { "Name": "c" }]);
    let bound = |bindings: Value, exchange_type: &str| {
        let exchanges = json!([{ "Name": "x", "Type": exchange_type }]);
        routed(rabbit(exchanges, queues.clone(), bindings), "x", &["k.1", "k.2", "other"], ["a", "b", "c"])
    };
    let by_key = json!([
        { "Source": "x", "Destination": "a", "RoutingKey": "k.1" },
        { "Source": "x", "Destination": "b", "RoutingKey": "k.*" },
    ]);
    assert_eq!(bound(by_key.clone(), "direct"), [1, 0, 0]);
    assert_eq!(bound(by_key.clone(), "topic"), [1, 2, 0]);
    assert_eq!(bound(by_key, "fanout"), [3, 3, 0]);
    // The default exchange takes the queue's name.
    assert_eq!(
        routed(rabbit(json!([]), queues, json!([])), "", &["a", "a", "c"], ["a", "b", "c"]),
        [2, 0, 1]
    );
}

#[test]
fn mq_26_a_headers_exchange_looks_at_the_attributes() {
    let broker = rabbit(
        json!([{ "Name": "x", "Type": "headers" }]),
        json!([{ "Name": "all" }, { "Name": "any" }]),
        json!([
            { "Source": "x", "Destination": "all", "Arguments": { "format": "pdf", "type": "report" } },
            { "Source": "x", "Destination": "any", "Arguments": { "x-match": "any", "format": "pdf", "type": "report" } },
        ]),
    );
    let mut document = document(
        broker,
        json!({ "shop": burst(6), "a": worker(0.0), "b": worker(0.0) }),
        &[
            ("shop", "broker", json!({ "Exchange": "x" })),
            ("broker", "a", json!({ "Destination": "all" })),
            ("broker", "b", json!({ "Destination": "any" })),
        ],
    );
    let of = |format: &str, kind: &str| {
        json!({ "Body": "{}", "Attributes": {
        "format": { "Type": "String", "Value": format }, "type": { "Type": "String", "Value": kind },
    } })
    };
    document["Resources"]["shop"]["Properties"]["Messages"] =
        json!([of("pdf", "report"), of("pdf", "log"), of("zip", "log")]);
    let world = run(&document, 3.0);
    assert_eq!(["a", "b"].map(|name| metric(&world, name, MessagesProcessed)), [2, 4]);
}

#[test]
fn mq_27_once_for_each_queue_and_what_nobody_takes() {
    let exchanges = json!([
        { "Name": "x", "Type": "topic", "AlternateExchange": "rest" }, { "Name": "rest", "Type": "fanout" },
        { "Name": "inner", "Type": "fanout" },
    ]);
    let queues = json!([{ "Name": "a" }, { "Name": "left" }, { "Name": "deep" }]);
    let bindings = json!([
        { "Source": "x", "Destination": "a", "RoutingKey": "k.#" },
        { "Source": "x", "Destination": "a", "RoutingKey": "k.*" },
        { "Source": "x", "Destination": "inner", "ToExchange": true, "RoutingKey": "k.deep" },
        { "Source": "inner", "Destination": "deep" },
        { "Source": "inner", "Destination": "a" },
        { "Source": "rest", "Destination": "left" },
    ]);
    let broker = rabbit(exchanges, queues, bindings);
    let found = routed(broker.clone(), "x", &["k.1", "k.deep", "other"], ["a", "left", "deep"]);
    assert_eq!(found, [2, 1, 1]);
    // Without an alternate exchange it is dropped unseen, or comes back.
    let mut plain = broker;
    plain["Exchanges"][0] = json!({ "Name": "x", "Type": "topic" });
    let lost = |mandatory: bool| {
        let mut document = document(
            plain.clone(),
            json!({ "shop": burst(2) }),
            &[("shop", "broker", json!({ "Exchange": "x", "RoutingKey": "other", "Mandatory": mandatory }))],
        );
        document["Resources"]["shop"]["Properties"]["RetryMode"] = json!("off");
        let world = run(&document, 3.0);
        let shop = metrics(&world, "shop", [MessagesAccepted, MessagesLost]);
        (shop, metric(&world, "broker", MessagesDropped))
    };
    assert_eq!(lost(false), ([2, 0], 2));
    assert_eq!(lost(true), ([0, 2], 0));
}

/// A queue called `q` with arguments, a dead-letter queue `dead` behind the exchange `dlx`, and a consumer of each.
fn with_dead_letters(queue: Value, version: &str, links: [Value; 3]) -> Value {
    let mut queue = queue;
    queue["Name"] = json!("q");
    queue["DeadLetterExchange"] = json!("dlx");
    let mut broker = rabbit(
        json!([{ "Name": "dlx", "Type": "fanout" }]),
        json!([queue, { "Name": "dead" }]),
        json!([{ "Source": "dlx", "Destination": "dead" }]),
    );
    broker["EngineVersion"] = json!(version);
    let [publish, consume, dead] = links;
    let to_q = |mut link: Value, member: &str| {
        link[member] = json!("q");
        link
    };
    let mut dead = dead;
    dead["Destination"] = json!("dead");
    document(
        broker,
        json!({ "shop": burst(1), "a": worker(0.0), "late": worker(0.0) }),
        &[
            ("shop", "broker", to_q(publish, "RoutingKey")),
            ("broker", "a", to_q(consume, "Destination")),
            ("broker", "late", dead),
        ],
    )
}

fn stop(document: &mut Value, name: &str) {
    document["Resources"][name]["Properties"]["Stopped"] = json!(true);
}

#[test]
fn mq_29_prefetch_bounds_what_is_not_acknowledged_and_auto_acknowledge_holds_nothing() {
    let held = |link: Value| {
        let mut link = link;
        link["Destination"] = json!("q");
        let document = document(
            json!({ "EngineType": "RABBITMQ" }),
            json!({ "shop": burst(50), "a": worker(100.0) }),
            &[("shop", "broker", json!({ "RoutingKey": "q" })), ("broker", "a", link)],
        );
        let world = run(&document, 5.0);
        metrics(&world, "broker", [MessageReadyCount, MessageUnacknowledgedCount, MessageCount, AckRate])
    };
    assert_eq!(held(json!({ "Prefetch": 5 })), [45, 5, 50, 0]);
    assert_eq!(held(json!({})), [0, 50, 50, 0], "without a limit");
    assert_eq!(held(json!({ "AutoAcknowledge": true })), [0, 0, 0, 0]);
    // Another one as soon as one is acknowledged, and not at half.
    let document = document(
        json!({ "EngineType": "RABBITMQ" }),
        json!({ "shop": burst(20), "a": worker(1.0) }),
        &[
            ("shop", "broker", json!({ "RoutingKey": "q" })),
            ("broker", "a", json!({ "Destination": "q", "Prefetch": 10 })),
        ],
    );
    assert_eq!(metric(&run(&document, 2.5), "broker", DispatchCount), 11);
}

#[test]
fn mq_30_a_nack_with_requeue_comes_again_at_once_and_without_it_is_dead_lettered() {
    let mut requeued = with_dead_letters(json!({}), "4.2", [json!({}), json!({}), json!({})]);
    requeued["Resources"]["a"]["Properties"] =
        json!({ "FailureProbability": 0.9, "ProcessingTime": takes(0.01) });
    stop(&mut requeued, "late");
    let world = run(&requeued, 30.0);
    let again = metric(&world, "a", MessagesProcessedAgain);
    assert!(again >= 1, "redelivered {again} times");
    assert_eq!(metrics(&world, "a", [MessagesProcessed, ProcessingFailures]), [1, again]);
    assert_eq!(metric(&world, "broker", MessagesMovedToDeadLetterQueue), 0);
    let mut rejected =
        with_dead_letters(json!({}), "4.2", [json!({}), json!({ "Requeue": false }), json!({})]);
    rejected["Resources"]["a"]["Properties"]["FailureProbability"] = json!(1);
    let world = run(&rejected, 5.0);
    assert_eq!(metrics(&world, "a", [ProcessingFailures, MessagesProcessedAgain]), [1, 0]);
    assert_eq!(metrics(&world, "late", [MessagesProcessed, MessagesProcessedAgain]), [1, 0]);
    // Without a dead-letter exchange it is gone.
    rejected["Resources"]["broker"]["Properties"]["Queues"][0] = json!({ "Name": "q" });
    let world = run(&rejected, 5.0);
    assert_eq!(metrics(&world, "broker", [MessagesDropped, MessageCount]), [1, 0]);
}

#[test]
fn mq_31_a_channel_without_an_acknowledgement_for_half_an_hour_is_closed() {
    let again = |version: &str, queue_type: &str| {
        let mut broker = rabbit(json!([]), json!([{ "Name": "q", "Type": queue_type }]), json!([]));
        broker["EngineVersion"] = json!(version);
        let document = document(
            broker,
            json!({ "shop": burst(1), "a": worker(86_400.0), "b": worker(86_400.0) }),
            &[
                ("shop", "broker", json!({ "RoutingKey": "q" })),
                ("broker", "a", json!({ "Destination": "q" })),
                ("broker", "b", json!({ "Destination": "q" })),
            ],
        );
        let mut world = world_of(&document);
        advance(&mut world, 1_790.0);
        assert_eq!(metric(&world, "broker", DispatchCount), 1);
        advance(&mut world, 1_900.0);
        metric(&world, "broker", DispatchCount)
    };
    assert_eq!(again("3.13", "classic"), 2);
    assert_eq!(again("4.3", "quorum"), 2);
    assert_eq!(again("4.3", "classic"), 1);
}

#[test]
fn mq_32_mq_t12_expired_messages_are_dead_lettered_at_the_head_and_never_delivered() {
    let mut document =
        with_dead_letters(json!({ "MessageTtl": 1_000 }), "4.2", [json!({}), json!({}), json!({})]);
    stop(&mut document, "a");
    document["Timeline"] = json!([{ "At": "2.5s", "Start": "a" }]);
    let mut world = world_of(&document);
    advance(&mut world, 1.99);
    assert_eq!(metric(&world, "broker", ExpiredCount), 0);
    advance(&mut world, 2.01);
    assert_eq!(metrics(&world, "broker", [ExpiredCount, MessagesMovedToDeadLetterQueue]), [1, 1]);
    advance(&mut world, 5.0);
    assert_eq!(["a", "late"].map(|name| metric(&world, name, MessagesProcessed)), [0, 1]);
}

#[test]
fn mq_32_the_smaller_time_to_live_counts_and_what_is_behind_waits_for_the_head() {
    // The first message lives for long, the second for a second: it expires only once it is at the head.
    let mut document = with_dead_letters(json!({}), "4.2", [json!({}), json!({ "Prefetch": 1 }), json!({})]);
    stop(&mut document, "a");
    stop(&mut document, "late");
    document["Resources"]["quick"] = burst(1);
    document["Resources"]["quick"]["Properties"]["StartAfterSeconds"] = json!(2);
    document["Links"].as_array_mut().unwrap().push(
        json!({ "From": "quick", "To": "broker", "Properties": { "RoutingKey": "q", "TimeToLiveMilliseconds": 1_000 } }),
    );
    document["Timeline"] = json!([{ "At": "10s", "Start": "a" }]);
    let mut world = world_of(&document);
    advance(&mut world, 9.0);
    assert_eq!(metric(&world, "broker", ExpiredCount), 0, "it is behind the other");
    advance(&mut world, 11.0);
    assert_eq!(metric(&world, "broker", ExpiredCount), 1);
    assert_eq!(metric(&world, "a", MessagesProcessed), 1);
    let both = |queue: u64, own: u64| {
        let publish = json!({ "TimeToLiveMilliseconds": own });
        let mut document =
            with_dead_letters(json!({ "MessageTtl": queue }), "4.2", [publish, json!({}), json!({})]);
        stop(&mut document, "a");
        let mut world = world_of(&document);
        [2.5, 4.5].map(|at| {
            advance(&mut world, at);
            metric(&world, "broker", ExpiredCount)
        })
    };
    assert_eq!(both(1_000, 3_000), [1, 1]);
    assert_eq!(both(3_000, 1_000), [1, 1]);
    assert_eq!(both(3_000, 10_000), [0, 1]);
}

#[test]
fn mq_32_a_queue_that_nobody_uses_goes_without_dead_letters() {
    let mut document = with_dead_letters(
        json!({ "Expires": 5_000 }),
        "4.2",
        [json!({}), json!({ "Prefetch": 1 }), json!({})],
    );
    document["Resources"]["shop"]["Properties"]["ArrivalProcess"]["Count"] = json!(10);
    document["Resources"]["a"]["Properties"]["ProcessingTime"] = takes(100.0);
    document["Timeline"] = json!([{ "At": "3s", "Crash": "a" }]);
    let mut world = world_of(&document);
    advance(&mut world, 7.9);
    assert_eq!(metrics(&world, "broker", [MessageCount, QueueCount]), [10, 2]);
    advance(&mut world, 8.1);
    let broker = [MessageCount, QueueCount, MessagesDropped, MessagesMovedToDeadLetterQueue];
    assert_eq!(metrics(&world, "broker", broker), [0, 1, 10, 0]);
}

#[test]
fn mq_33_mq_34_mq_t13_mq_t14_a_full_queue_drops_its_head_or_refuses() {
    let full = |overflow: &str| {
        let mut document = with_dead_letters(
            json!({ "MaxLength": 2, "Overflow": overflow }),
            "4.2",
            [json!({}), json!({}), json!({})],
        );
        stop(&mut document, "a");
        document["Resources"]["shop"]["Properties"]["ArrivalProcess"]["Count"] = json!(3);
        document["Resources"]["shop"]["Properties"]["RetryMode"] = json!("off");
        document["Timeline"] = json!([{ "At": "3s", "Start": "a" }]);
        let world = run(&document, 5.0);
        let shop = metrics(&world, "shop", [MessagesAccepted, MessagesLost]);
        (shop, ["a", "late"].map(|name| metric(&world, name, MessagesProcessed)))
    };
    assert_eq!(full("drop-head"), ([3, 0], [2, 1]));
    assert_eq!(full("reject-publish"), ([2, 1], [2, 0]));
    assert_eq!(full("reject-publish-dlx"), ([2, 1], [2, 1]));
}

#[test]
fn mq_33_drop_head_drops_the_oldest() {
    let mut document = with_dead_letters(json!({ "MaxLength": 2 }), "4.2", [json!({}), json!({}), json!({})]);
    stop(&mut document, "a");
    stop(&mut document, "late");
    document["Resources"]["shop"]["Properties"]["ArrivalProcess"]["Count"] = json!(3);
    document["Resources"]["shop"]["Properties"]["Messages"] =
        json!([{ "Body": "first", "Poison": true }, { "Body": "second" }, { "Body": "third" }]);
    document["Timeline"] = json!([{ "At": "3s", "Start": "a" }, { "At": "3s", "Start": "late" }]);
    let world = run(&document, 4.0);
    // The first one is poison: it is the dead letter, and the others go through.
    assert_eq!(metrics(&world, "a", [MessagesProcessed, ProcessingFailures]), [2, 0]);
    assert!(metric(&world, "late", ProcessingFailures) > 0);
}

#[test]
fn mq_34_dead_letters_take_a_key_of_their_own_and_cycles_end() {
    let keyed = |key: Option<&str>| {
        let mut queue = json!({ "Name": "q", "MessageTtl": 500, "DeadLetterExchange": "dlx" });
        if let Some(key) = key {
            queue["DeadLetterRoutingKey"] = json!(key);
        }
        let broker = rabbit(
            json!([{ "Name": "dlx", "Type": "direct" }]),
            json!([queue, { "Name": "own" }, { "Name": "original" }]),
            json!([
                { "Source": "dlx", "Destination": "own", "RoutingKey": "dead" },
                { "Source": "dlx", "Destination": "original", "RoutingKey": "q" },
            ]),
        );
        routed(broker, "", &["q"], ["own", "original"])
    };
    assert_eq!(keyed(None), [0, 1]);
    assert_eq!(keyed(Some("dead")), [1, 0]);
    // Two queues whose messages expire into each other: the second visit to the first one is the last.
    let round = rabbit(
        json!([]),
        json!([
            { "Name": "a", "MessageTtl": 100, "DeadLetterExchange": "", "DeadLetterRoutingKey": "b" },
            { "Name": "b", "MessageTtl": 100, "DeadLetterExchange": "", "DeadLetterRoutingKey": "a" },
        ]),
        json!([]),
    );
    let document =
        document(round, json!({ "shop": burst(1) }), &[("shop", "broker", json!({ "RoutingKey": "a" }))]);
    let world = run(&document, 30.0);
    let broker = [EnqueueCount, MessagesMovedToDeadLetterQueue, MessagesDropped, MessageCount];
    assert_eq!(metrics(&world, "broker", broker), [2, 1, 1, 0]);
}

#[test]
fn mq_36_mq_t11_a_quorum_queue_gives_up_after_twenty_redeliveries() {
    let failing = |version: &str, queue: Value| {
        let mut document = with_dead_letters(queue, version, [json!({}), json!({}), json!({})]);
        document["Resources"]["a"]["Properties"] =
            json!({ "FailureProbability": 1, "ProcessingTime": takes(0.1) });
        let world = run(&document, 60.0);
        (metric(&world, "a", ProcessingFailures), metric(&world, "late", MessagesProcessed))
    };
    let quorum = json!({ "Type": "quorum" });
    assert_eq!(failing("4.2", quorum.clone()), (21, 1));
    assert_eq!(failing("4.0", json!({ "Type": "quorum", "DeliveryLimit": 2 })), (3, 1));
    let (tries, dead) = failing("3.13", quorum);
    assert!(tries > 500 && dead == 0, "no limit in 3.13: {tries}");
    let (tries, dead) = failing("4.2", json!({}));
    assert!(tries > 500 && dead == 0, "no limit in a classic queue: {tries}");
    let found = refusals(&document(
        rabbit(json!([]), json!([{ "Name": "q", "Type": "quorum", "Transient": true }]), json!([])),
        json!({}),
        &[],
    ));
    assert!(found[0].contains("always durable"), "{found:?}");
}

#[test]
fn mq_14_publishers_are_blocked_over_the_memory_mark_and_consumers_are_not() {
    let mut document = document(
        json!({ "EngineType": "RABBITMQ", "MemoryLimitMegabytes": 1 }),
        json!({ "shop": burst(40), "a": worker(0.0) }),
        &[
            ("shop", "broker", json!({ "RoutingKey": "q", "DeliveryMode": "NON_PERSISTENT" })),
            ("broker", "a", json!({ "Destination": "q" })),
        ],
    );
    document["Resources"]["shop"]["Properties"]["PayloadBytes"] = json!(100_000);
    stop(&mut document, "a");
    document["Timeline"] = json!([{ "At": "10s", "Start": "a" }]);
    let mut world = world_of(&document);
    advance(&mut world, 9.0);
    assert_eq!(metrics(&world, "broker", [MessageCount, RabbitMqMemUsed]), [10, 1_000_000]);
    assert_eq!(metric(&world, "shop", MessagesLost), 0);
    advance(&mut world, 12.0);
    assert_eq!(metric(&world, "a", MessagesProcessed), 40);
}

#[test]
fn mq_37_mq_50_a_rabbitmq_broker_reports_by_rabbitmqs_names() {
    let mut document = with_dead_letters(json!({}), "4.2", [json!({}), json!({ "Prefetch": 2 }), json!({})]);
    document["Resources"]["shop"]["Properties"]["ArrivalProcess"]["Count"] = json!(10);
    document["Resources"]["a"]["Properties"]["ProcessingTime"] = takes(1.0);
    let world = run(&document, 4.5);
    let broker =
        [PublishRate, ConfirmRate, AckRate, MessageCount, MessageReadyCount, MessageUnacknowledgedCount];
    assert_eq!(metrics(&world, "broker", broker), [10, 10, 3, 7, 5, 2]);
    assert_eq!(metrics(&world, "broker", [QueueCount, ConsumerCount, ConnectionCount]), [2, 2, 3]);
    assert_eq!(metric(&world, "broker", TotalMessageCount), 0, "which is ActiveMQ's");
    let limit = |instance: &str, mode: &str, workers: u32| {
        let broker =
            json!({ "EngineType": "RABBITMQ", "HostInstanceType": instance, "DeploymentMode": mode });
        let others = json!({ "a": { "Type": "Playground::Consumer", "Properties": { "Workers": workers } } });
        metric(
            &run(&super::mq::document(broker, others, &[("broker", "a", json!({}))]), 2.0),
            "broker",
            ConnectionCount,
        )
    };
    assert_eq!(limit("mq.t3.micro", "SINGLE_INSTANCE", 600), 500);
    assert_eq!(limit("mq.m5.large", "CLUSTER_MULTI_AZ", 600), 600);
}

/// What happens to each of many messages adds up, whatever goes wrong.
#[test]
fn mq_34_mq_35_nothing_is_lost_unseen() {
    let mut document = with_dead_letters(
        json!({ "MessageTtl": 3_000, "MaxLength": 50 }),
        "4.2",
        [json!({}), json!({ "Prefetch": 7, "Requeue": false }), json!({})],
    );
    document["Resources"]["shop"]["Properties"] =
        json!({ "ArrivalProcess": { "Type": "Poisson", "Rate": 60 }, "StopAfterSeconds": 60 });
    document["Resources"]["a"]["Properties"] = json!({ "Workers": 3, "FailureProbability": 0.2, "CrashProbability": 0.02, "ProcessingTime": takes(0.05) });
    document["Timeline"] = json!([{ "At": "20s", "Reboot": "broker" }, { "At": "40s", "Crash": "a" }, { "At": "45s", "Start": "a" }]);
    let world = run(&document, 120.0);
    adds_up(&world);
}

/// Every message that came to a destination has left it in one way, or is still there.
pub(crate) fn adds_up(world: &World) {
    let came = metric(world, "broker", EnqueueCount);
    let left = [DequeueCount, MessagesMovedToDeadLetterQueue, MessagesDropped, MessagesLost];
    let left = metrics(world, "broker", left);
    let there = metric(world, "broker", MessageCount) + metric(world, "broker", TotalMessageCount);
    assert_eq!(came, left.iter().sum::<u64>() + there, "{left:?} and {there}");
}
