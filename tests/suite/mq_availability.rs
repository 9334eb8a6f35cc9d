//! Brokers in trouble: reboots, lost instances, lost zones, cut links (MQ-7, MQ-24, MQ-35, MQ-38 to MQ-45).

use messaging::MetricName::*;
use messaging::World;
use messaging::node_state::{Health, Instrument};
use serde_json::{Value, json};

use super::mq::{burst, document, takes, worker};
use super::mq_rabbit::adds_up;
use super::support::{advance, metric, metrics, place, run, world_of};

fn standby() -> Value {
    json!({ "DeploymentMode": "ACTIVE_STANDBY_MULTI_AZ" })
}

/// A producer of so many messages a second, a broker, and a consumer that waits for `start`.
fn flow(broker: Value, rate: u32, publish: Value, timeline: Value) -> Value {
    let mut document = document(
        broker,
        json!({ "shop": burst(1), "till": worker(0.0) }),
        &[("shop", "broker", publish), ("broker", "till", json!({}))],
    );
    document["Resources"]["shop"]["Properties"] =
        json!({ "ArrivalProcess": { "Type": "Steady", "Rate": rate } });
    document["Timeline"] = timeline;
    document
}

fn health(world: &World) -> Health {
    world.node_state(place(world, "broker")).unwrap().health
}

#[test]
fn mq_40_mq_41_mq_t8_sp_157_a_failover_loses_nothing_and_holds_the_flow_for_a_minute() {
    let mut document = flow(standby(), 10, json!({}), json!([{ "At": "60s", "Crash": "broker" }]));
    document["Resources"]["shop"]["Properties"]["StopAfterSeconds"] = json!(200);
    let mut world = world_of(&document);
    advance(&mut world, 59.9);
    let before = metric(&world, "till", MessagesProcessed);
    assert!((595..=600).contains(&before));
    advance(&mut world, 119.9);
    assert_eq!(metric(&world, "broker", CurrentConnectionsCount), 0);
    assert!(metric(&world, "till", MessagesProcessed) <= before + 1, "nothing flows");
    let waiting = metric(&world, "shop", MessagesAwaitingRetry);
    assert!((595..=600).contains(&waiting), "{waiting} wait at the producer");
    advance(&mut world, 200.0);
    // The failover transport has doubled its waits to half a minute.
    let shop = metrics(&world, "shop", [MessagesAccepted, MessagesLost, MessagesAwaitingRetry]);
    assert_eq!(shop, [2_000, 0, 0]);
    let processed = metric(&world, "till", MessagesProcessed);
    assert!((2_000..=2_001).contains(&processed), "at most one duplicate: {processed}");
    adds_up(&world);
}

#[test]
fn mq_40_a_reboot_takes_seconds_and_clients_come_back_by_themselves() {
    let mut world = world_of(&flow(standby(), 10, json!({}), json!([{ "At": "20s", "Reboot": "broker" }])));
    for (at, connected, is) in [(19.0, 2, Health::Ok), (22.0, 0, Health::Down), (24.9, 0, Health::Down)] {
        advance(&mut world, at);
        assert_eq!(
            (metric(&world, "broker", CurrentConnectionsCount), health(&world)),
            (connected, is),
            "at {at} s"
        );
    }
    // 10 ms, doubled each time: the attempt after 5.11 s is the first that finds somebody.
    advance(&mut world, 25.5);
    assert_eq!((metric(&world, "broker", CurrentConnectionsCount), health(&world)), (2, Health::Ok));
    advance(&mut world, 60.0);
    assert_eq!((metric(&world, "shop", MessagesLost), health(&world)), (0, Health::Ok));
}

#[test]
fn mq_24_mq_42_mq_t9_what_is_not_persistent_does_not_survive() {
    let kept = |mode: &str, timeline: Value| {
        let mut document = flow(standby(), 10, json!({ "DeliveryMode": mode }), timeline);
        document["Resources"]["shop"] = burst(100);
        document["Resources"]["till"]["Properties"]["Stopped"] = json!(true);
        let world = run(&document, 60.0);
        metrics(&world, "broker", [TotalMessageCount, MessagesLost])
    };
    for how in ["Reboot", "Crash"] {
        let timeline = json!([{ "At": "30s", how: "broker" }]);
        assert_eq!(kept("NON_PERSISTENT", timeline.clone()), [0, 100], "{how}");
        assert_eq!(kept("PERSISTENT", timeline), [100, 0], "{how}");
    }
}

#[test]
fn mq_42_what_was_not_acknowledged_is_delivered_again_with_the_flag() {
    let mut document = flow(standby(), 10, json!({}), json!([{ "At": "10s", "Reboot": "broker" }]));
    document["Resources"]["shop"] = burst(20);
    document["Resources"]["till"]["Properties"]["ProcessingTime"] = takes(1.0);
    let world = run(&document, 60.0);
    // Eight were acknowledged; twelve were in the consumer's hands, and one of them was done twice.
    let till = metrics(&world, "till", [MessagesProcessed, MessagesProcessedAgain]);
    assert_eq!(till, [21, 12]);
    assert_eq!(metrics(&world, "broker", [DispatchCount, DequeueCount]), [32, 20]);
}

#[test]
fn mq_38_mq_39_mq_47_sp_158_a_lost_zone_wakes_the_standby_and_the_store_is_the_same() {
    let timeline = json!([
        { "At": "20s", "AvailabilityZoneOutage": "eu-west-1a" },
        { "At": "120s", "AvailabilityZoneRecovery": "eu-west-1a" },
    ]);
    let mut document = flow(standby(), 10, json!({}), timeline);
    document["Resources"]["shop"] = burst(1_000);
    document["Resources"]["till"]["Properties"]["Stopped"] = json!(true);
    let mut world = world_of(&document);
    let cells = |world: &World| {
        let state = world.node_state(place(world, "broker")).unwrap();
        let cells = state.instruments.iter().find_map(|instrument| match instrument {
            Instrument::Cells { cells, joined } => Some((cells.clone(), joined.clone())),
            _ => None,
        });
        let (cells, joined) = cells.expect("its instances");
        assert_eq!(joined, "shared store on EFS");
        let word = |cell: &messaging::node_state::Cell| format!("{} {}", cell.text, cell.title);
        (cells.iter().map(word).collect::<Vec<_>>(), metric(world, "broker", TotalMessageCount))
    };
    let both = |a: &str, b: &str| (vec![format!("{a} a"), format!("{b} b")], 1_000);
    advance(&mut world, 19.0);
    assert_eq!(cells(&world), both("active", "standby"));
    advance(&mut world, 30.0);
    assert_eq!(cells(&world), both("down", "taking over"));
    let state = world.node_state(place(&world, "broker")).unwrap();
    assert!(format!("{:?}", state.instruments).contains("failover, 50 s; lock free in 20 s"));
    assert!(format!("{:?}", state.instruments).contains("2 clients reconnecting"));
    advance(&mut world, 81.0);
    assert_eq!(cells(&world), both("down", "active"));
    // The zone is back, and its instance waits for the lock.
    advance(&mut world, 130.0);
    assert_eq!(cells(&world), both("standby", "active"));
}

#[test]
fn mq_43_a_single_instance_is_replaced_in_minutes_and_an_ebs_volume_waits_for_its_zone() {
    let served = |broker: Value, timeline: Value, at: [f64; 3]| {
        let mut world = world_of(&flow(broker, 1, json!({}), timeline));
        at.map(|at| {
            advance(&mut world, at);
            metric(&world, "broker", CurrentConnectionsCount) > 0
        })
    };
    let crash = json!([{ "At": "10s", "Crash": "broker" }]);
    assert_eq!(served(json!({}), crash, [9.0, 309.0, 345.0]), [true, false, true]);
    let outage = json!([
        { "At": "10s", "AvailabilityZoneOutage": "eu-west-1a" },
        { "At": "1000s", "AvailabilityZoneRecovery": "eu-west-1a" },
    ]);
    assert_eq!(
        served(json!({ "StorageType": "EBS" }), outage.clone(), [9.0, 999.0, 1_040.0]),
        [true, false, true]
    );
    assert_eq!(
        served(json!({ "StorageType": "EFS" }), outage.clone(), [9.0, 309.0, 345.0]),
        [true, false, true]
    );
    // Another zone does not matter to it.
    let elsewhere = json!([{ "At": "10s", "AvailabilityZoneOutage": "eu-west-1b" }]);
    assert_eq!(served(json!({}), elsewhere, [9.0, 309.0, 345.0]), [true; 3]);
}

#[test]
fn mq_7_maintenance_is_a_reboot_and_only_a_standby_hides_most_of_it() {
    let gap = |broker: Value| {
        let mut document = flow(broker, 10, json!({}), json!([{ "At": "10s", "Reboot": "broker" }]));
        document["Resources"]["broker"]["Properties"]["RebootSeconds"] = json!(120);
        document["Resources"]["broker"]["Properties"]["FailoverSeconds"] = json!(2);
        let mut world = world_of(&document);
        advance(&mut world, 60.0);
        metric(&world, "broker", CurrentConnectionsCount)
    };
    assert_eq!(gap(json!({})), 0);
    assert_eq!(gap(standby()), 0, "the lock is free when the old one has stopped");
}

#[test]
fn mq_35_without_confirms_what_is_on_its_way_is_lost() {
    let lost = |confirms: bool, mode: &str| {
        let publish = json!({ "PublisherConfirms": confirms, "DeliveryMode": mode, "RoutingKey": "queue" });
        let mut document = flow(
            json!({ "EngineType": "RABBITMQ" }),
            4_000,
            publish,
            json!([{ "At": "2s", "Crash": "broker" }]),
        );
        document["Resources"]["shop"]["Properties"]["StopAfterSeconds"] = json!(3);
        document["Resources"]["broker"]["Properties"]["ReplacementSeconds"] = json!(5);
        document["Resources"]["till"]["Properties"]["Stopped"] = json!(true);
        let world = run(&document, 30.0);
        let [offered, accepted, lost] =
            metrics(&world, "shop", [MessagesOffered, MessagesAccepted, MessagesLost]);
        assert_eq!(offered, accepted + lost);
        (lost, metric(&world, "broker", MessagesLost), metric(&world, "broker", MessageCount))
    };
    let (unseen, from_broker, kept) = lost(false, "PERSISTENT");
    assert!((1..400).contains(&unseen), "{unseen}");
    assert!(from_broker == 0 && kept >= 11_900 - unseen);
    let (unseen, from_broker, kept) = lost(true, "PERSISTENT");
    assert!(unseen == 0 && from_broker == 0 && kept >= 12_000 - 10, "{kept}");
    let (_, from_broker, _) = lost(true, "NON_PERSISTENT");
    assert!(from_broker >= 7_900, "{from_broker} were in memory");
}

/// A cluster with a queue of a type, a producer and a consumer.
fn cluster(queue: Value, version: &str, timeline: Value) -> Value {
    let mut queue = queue;
    queue["Name"] = json!("queue");
    let broker = json!({
        "EngineType": "RABBITMQ", "DeploymentMode": "CLUSTER_MULTI_AZ", "EngineVersion": version, "Queues": [queue],
    });
    flow(broker, 20, json!({ "RoutingKey": "queue" }), timeline)
}

#[test]
fn mq_36_mq_45_a_quorum_queue_elects_a_leader_and_needs_two_nodes() {
    let quorum = json!({ "Type": "quorum" });
    let timeline = json!([
        { "At": "10s", "AvailabilityZoneOutage": "eu-west-1a" }, { "At": "30s", "AvailabilityZoneOutage": "eu-west-1b" },
        { "At": "60s", "AvailabilityZoneRecovery": "eu-west-1a" },
    ]);
    let mut world = world_of(&cluster(quorum, "4.2", timeline));
    let mut step = |at: f64| {
        advance(&mut world, at);
        metric(&world, "till", MessagesProcessed)
    };
    let before = step(9.9);
    let electing = step(12.9);
    assert!(electing - before <= 3, "no leader for three seconds: {electing}");
    let again = step(29.0);
    assert!((560..=585).contains(&again), "two nodes are enough: {again}");
    let (lost, stopped) = (step(34.0), step(59.0));
    assert_eq!(stopped, lost, "one node is not enough");
    assert!(step(90.0) >= 1_780);
    assert_eq!(metric(&world, "shop", MessagesLost), 0);
    adds_up(&world);
}

#[test]
fn mq_45_a_classic_queue_is_on_one_node_since_version_4_and_mirrored_before() {
    let timeline = json!([{ "At": "10s", "AvailabilityZoneOutage": "eu-west-1a" }]);
    let processed = |version: &str| {
        let world = run(&cluster(json!({}), version, timeline.clone()), 40.0);
        metric(&world, "till", MessagesProcessed)
    };
    assert!(processed("3.13") >= 790);
    assert!(processed("4.2") <= 201);
}

#[test]
fn mq_45_maintenance_takes_one_node_at_a_time() {
    let mut world =
        world_of(&cluster(json!({ "Type": "quorum" }), "4.2", json!([{ "At": "10s", "Reboot": "broker" }])));
    let mut down = Vec::new();
    for at in [9.0, 11.0, 16.0, 21.0, 26.0] {
        advance(&mut world, at);
        let state = world.node_state(place(&world, "broker")).unwrap();
        let cells = state.instruments.iter().find_map(|instrument| match instrument {
            Instrument::Cells { cells, .. } => {
                Some(cells.iter().map(|cell| cell.text == "down").collect::<Vec<_>>())
            }
            _ => None,
        });
        down.push(cells.unwrap().iter().position(|down| *down));
    }
    assert_eq!(down, [None, Some(0), Some(1), Some(2), None]);
    advance(&mut world, 60.0);
    assert_eq!(metric(&world, "shop", MessagesLost), 0);
}

#[test]
fn mq_42_a_cut_link_breaks_the_connection_at_both_ends() {
    let timeline = json!([
        { "At": "10s", "CutLink": { "From": "broker", "To": "till" } },
        { "At": "20s", "CutLink": { "From": "shop", "To": "broker" } },
        { "At": "30s", "RestoreLink": { "From": "shop", "To": "broker" } },
        { "At": "40s", "RestoreLink": { "From": "broker", "To": "till" } },
    ]);
    let mut document = flow(json!({}), 10, json!({}), timeline);
    document["Resources"]["shop"]["Properties"]["StopAfterSeconds"] = json!(60);
    let mut world = world_of(&document);
    for (at, connected) in [(9.0, 2), (15.0, 1), (25.0, 0), (39.0, 1)] {
        advance(&mut world, at);
        assert_eq!(metric(&world, "broker", CurrentConnectionsCount), connected, "at {at} s");
    }
    advance(&mut world, 100.0);
    assert_eq!(metrics(&world, "shop", [MessagesAccepted, MessagesLost]), [600, 0]);
    assert_eq!(metric(&world, "till", MessagesProcessed), 600);
    adds_up(&world);
}

#[test]
fn mq_6_the_state_of_the_broker_has_a_word() {
    let words = |how: &str| {
        let world = run(&flow(standby(), 1, json!({}), json!([{ "At": "10s", how: "broker" }])), 12.0);
        world.node_state(place(&world, "broker")).unwrap().summary
    };
    assert!(words("Reboot").contains("reboot in progress"));
    assert!(words("Crash").contains("critical action required"));
    let world = run(&flow(standby(), 1, json!({}), json!([])), 12.0);
    assert!(world.node_state(place(&world, "broker")).unwrap().summary.contains("running"));
}
