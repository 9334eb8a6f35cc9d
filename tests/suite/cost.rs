//! The bill: what is counted, what it costs, and what drives it (COST-1 to COST-63).

use messaging::MetricName::*;
use messaging::cost::{AS_OF, Bill, Item, SOURCES};
use messaging::{LogicalId, World};
use serde_json::{Value, json};

use super::support::{advance, call, entry_with, metric, place, run, world_of};

use messaging::message::Payload;
use messaging::message_attributes::MessageAttributes;
use messaging::{kinesis, sns, sqs};

const MILLION: u64 = 1_000_000;
/// Seconds of a month of 730 hours.
const MONTH: u64 = 730 * 3_600;
/// Bytes of a month of 1 Mbit/s (COST-24).
const CAMERA: u64 = 125_000 * MONTH;

/// The price of quantities, in dollars to the cent, as the vectors of the specification give them.
fn cents(items: &[(Item, u64)]) -> f64 {
    let micro: u64 = items.iter().map(|(item, quantity)| item.micro_dollars(*quantity, None)).sum();
    (micro as f64 / 1e4).round() / 100.0
}

/// How much of an item a resource has used.
pub(crate) fn quantity(world: &World, of: &str, item: Item) -> u64 {
    let component = place(world, of);
    let bill = world.bill();
    let line = bill.lines.iter().find(|line| line.component == component && line.item == item);
    line.map_or(0, |line| line.quantity)
}

pub(crate) fn alone(kind: &str, properties: Value) -> World {
    world_of(&json!({ "Resources": { "it": { "Type": kind, "Properties": properties } } }))
}

/// Sends payloads of such sizes in one call.
pub(crate) fn send(
    world: &mut World,
    request: impl Into<messaging::Request>,
    bytes: &[u32],
    group: Option<&str>,
) {
    let entries = bytes
        .iter()
        .enumerate()
        .map(|(number, bytes)| {
            let payload = Payload::new(format!("{number}"), MessageAttributes::new(), *bytes);
            entry_with(world, payload, group, group.map(|_| number.to_string()).as_deref())
        })
        .collect();
    let answer = call(world, "it", request, entries);
    assert!(answer.result.is_some_and(|result| result.is_ok()), "{:?}", answer.result);
}

/// The vectors of COST-4, COST-5, COST-7, COST-23, COST-24, COST-31, COST-50 and COST-60, and the prices of COST-1 and COST-6.
#[test]
fn cost_1_cost_4_cost_5_cost_6_cost_7_cost_23_cost_31_cost_40_cost_50_cost_60_prices_are_those_of_the_table()
{
    for (items, dollars) in [
        (vec![(Item::SqsRequests, 3 * MILLION)], 1.20),
        (vec![(Item::SqsRequests, 300_000)], 0.12),
        (vec![(Item::SqsRequests, 131_400)], 0.05),
        (vec![(Item::SqsRequests, 26_280_000)], 10.51),
        (vec![(Item::SqsFifoRequests, 10 * MILLION)], 5.00),
        (vec![(Item::SqsFairRequests, 10 * MILLION)], 1.00),
        (vec![(Item::SnsPublishes, MILLION), (Item::SnsHttpDeliveries, MILLION)], 1.10),
        (vec![(Item::SnsEmails, 100_000)], 2.00),
        (vec![(Item::SnsPushes, 2 * MILLION)], 1.00),
        (vec![(Item::SnsFirehoseDeliveries, 100 * MILLION)], 19.00),
        (vec![(Item::SnsTextMessages, 1_000)], 6.45),
        (vec![(Item::SnsFifoPublishes, 10 * MILLION), (Item::SnsFifoDeliveries, 10 * MILLION)], 3.10),
        (vec![(Item::SnsFifoPublishBytes, 100 << 30), (Item::SnsFifoDeliveryBytes, 100 << 30)], 1.80),
        (vec![(Item::KinesisShardSeconds, 730 * 3_600)], 10.95),
        (vec![(Item::KinesisShardSeconds, 5 * 730 * 3_600), (Item::KinesisPutUnits, 262_800_000)], 58.43),
        (vec![(Item::KinesisStreamSeconds, 730 * 3_600)], 29.20),
        (vec![(Item::KinesisOnDemandBytesIn, 262_800_000 * 1_024)], 20.05),
        (vec![(Item::KinesisOnDemandBytesOut, 262_800_000 * 1_024)], 10.03),
        (vec![(Item::FirehoseBytes, 2_628_000_000 * 5_120)], 363.41),
        (vec![(Item::FirehoseBytes, 2_628_000_000 * 1_024)], 72.68),
        (vec![(Item::LambdaRequests, 10 * MILLION)], 2.00),
        (vec![(Item::LambdaMegabyteMilliseconds, 1_024_000 * MILLION)], 16.67),
        (vec![(Item::MqInstanceSeconds, 2 * 730 * 3_600)], 420.48),
        (vec![(Item::FlinkKpuSeconds, 100 * 3_600)], 11.00),
        (vec![(Item::FlinkKpuSeconds, 2 * MONTH), (Item::FlinkGigabyteSeconds, 50 * MONTH)], 165.60),
        (vec![(Item::VideoBytesIn, CAMERA)], 2.60),
        (vec![(Item::VideoBytesOut, CAMERA)], 2.60),
        (vec![(Item::VideoKilobyteSeconds, 125_000 * 86_400 / 1_024 * MONTH)], 0.23),
        (vec![(Item::FirehoseConvertedBytes, 1_000 << 30)], 18.00),
        (
            vec![(Item::FirehosePartitionedBytes, 1_000 << 30), (Item::FirehosePartitionedObjects, MILLION)],
            25.00,
        ),
        (vec![(Item::KmsRequests, MILLION)], 3.00),
        (vec![(Item::S3Puts, MILLION)], 5.00),
        (vec![(Item::InstanceSeconds, 100 * 3_600)], 4.16),
        (vec![(Item::AlarmSeconds, 730 * 3_600 * 10)], 1.00),
    ] {
        assert_eq!(cents(&items), dollars, "{items:?}");
    }
}

#[test]
fn cost_61_cost_63_every_price_has_its_date_its_source_and_its_rule() {
    let rules = super::architecture::rules();
    for item in Item::ALL {
        assert!(rules.contains(item.rule()), "{item:?}: {}", item.rule());
        assert!(item.dollars() > 0.0 && item.per() > 0 && !item.what().is_empty(), "{item:?}");
    }
    assert!(AS_OF == "2024-12" && SOURCES.contains("2024-12"));
}

#[test]
fn cost_2_cost_3_a_request_counts_once_for_each_64_kb_of_its_total() {
    const KB: u32 = 1_024;
    for (bytes, requests) in
        [(&[1][..], 1), (&[64 * KB], 1), (&[64 * KB + 1], 2), (&[256 * KB], 4), (&[10 * KB; 10], 2)]
    {
        let mut world = alone("AWS::SQS::Queue", json!({}));
        let request =
            if bytes.len() == 1 { sqs::Request::SendMessage } else { sqs::Request::SendMessageBatch };
        send(&mut world, request, bytes, None);
        assert_eq!(quantity(&world, "it", Item::SqsRequests), requests, "{bytes:?}");
        assert_eq!(quantity(&world, "it", Item::SqsFairRequests), 0);
    }
    // An empty receive is a request too, a group makes it a fair one, and FIFO has its own price.
    let mut world = alone("AWS::SQS::Queue", json!({}));
    let receive = sqs::Request::ReceiveMessage {
        max_number_of_messages: 10,
        wait_time_seconds: Some(0),
        visibility_timeout: None,
        receive_request_attempt_id: None,
    };
    call(&mut world, "it", receive, vec![]);
    assert_eq!(quantity(&world, "it", Item::SqsRequests), 1);
    send(&mut world, sqs::Request::SendMessage, &[1], Some("tenant"));
    assert_eq!(quantity(&world, "it", Item::SqsFairRequests), 1);
}

#[test]
fn cost_5_cost_6_topics_are_billed_by_publish_and_queues_take_deliveries_for_nothing() {
    for fifo in [false, true] {
        let end = if fifo { ".fifo" } else { "" };
        let (topic, queue) = (format!("news{end}"), format!("inbox{end}"));
        let mut document = json!({
            "Resources": {
                "author": {
                    "Type": "Playground::Producer",
                    "Properties": { "ArrivalProcess": { "Type": "AtOnce", "Count": 20 }, "PayloadBytes": 1_000 },
                },
                topic.as_str(): { "Type": "AWS::SNS::Topic", "Properties": { "FifoTopic": fifo } },
                queue.as_str(): { "Type": "AWS::SQS::Queue", "Properties": { "FifoQueue": fifo } },
            },
            "Links": [
                { "Type": "Playground::Send", "From": "author", "To": topic },
                { "Type": "AWS::SNS::Subscription", "From": topic, "To": queue },
            ],
        });
        if fifo {
            document["Resources"]["author"]["Properties"]["Keys"] = json!({ "Prefix": "k", "Count": 1 });
        }
        let world = run(&document, 10.0);
        let [plain, ordered] =
            [Item::SnsPublishes, Item::SnsFifoPublishes].map(|item| quantity(&world, &topic, item));
        assert_eq!((plain, ordered), if fifo { (0, 20) } else { (20, 0) });
        let delivered = quantity(&world, &topic, Item::SnsFifoDeliveries);
        assert_eq!(delivered, if fifo { 20 } else { 0 });
        if fifo {
            assert_eq!(quantity(&world, &topic, Item::SnsFifoPublishBytes), 20_000);
        }
        assert_eq!(metric(&world, &queue, NumberOfMessagesSent), 20);
        assert_eq!(world.metric(place(&world, &queue), EstimatedCharges), 0, "COST-7: nobody has polled");
    }
    let mut world = alone("AWS::SNS::Topic", json!({}));
    send(&mut world, sns::Request::Publish, &[64 * 1_024 + 1], None);
    assert_eq!(quantity(&world, "it", Item::SnsPublishes), 2);
}

#[test]
fn cost_20_cost_21_put_payload_units_are_rounded_up_for_each_record() {
    const KB: u32 = 1_024;
    for (bytes, units) in [(5 * KB, 1), (25 * KB, 1), (26 * KB, 2), (45 * KB, 2), (1_000 * KB, 40)] {
        let mut world = alone("AWS::Kinesis::Stream", json!({ "ShardCount": 2 }));
        let put = kinesis::Request::PutRecord { explicit_hash_key: None, sequence_number_for_ordering: None };
        send(&mut world, put, &[bytes], Some("k"));
        assert_eq!(quantity(&world, "it", Item::KinesisPutUnits), units, "{bytes}");
        advance(&mut world, 3_600.0);
        assert_eq!(quantity(&world, "it", Item::KinesisShardSeconds), 7_200);
        let hour = world.bill();
        assert_eq!(
            hour.of(place(&world, "it")).abs_diff(30_000),
            u64::from(units == 40),
            "SP-121: 0.015 by shard and hour"
        );
    }
    let extended = alone("AWS::Kinesis::Stream", json!({ "ShardCount": 1, "RetentionPeriodHours": 48 }));
    let mut world = extended;
    advance(&mut world, 3_600.0);
    assert_eq!(world.metric(place(&world, "it"), EstimatedCharges), 35_000, "0.015 and 0.02");
}

#[test]
fn cost_22_cost_23_sp_124_on_demand_bills_the_stream_and_each_record_rounded_up_to_1_kb() {
    let mode = json!({ "StreamModeDetails": { "StreamMode": "ON_DEMAND" } });
    let mut world = alone("AWS::Kinesis::Stream", mode);
    send(&mut world, kinesis::Request::PutRecords, &[100, 1_024, 1_500], Some("k"));
    advance(&mut world, 3_600.0);
    assert_eq!(quantity(&world, "it", Item::KinesisStreamSeconds), 3_600);
    assert_eq!(quantity(&world, "it", Item::KinesisOnDemandBytesIn), 4 * 1_024);
    assert_eq!(quantity(&world, "it", Item::KinesisShardSeconds), 0);
    assert_eq!(metric(&world, "it", EstimatedCharges), 40_000, "0.04 by stream and hour");
}

#[test]
fn cost_61_cmp_14_instances_are_billed_from_their_launch() {
    let group = json!({ "MinSize": 2, "MaxSize": 2 });
    let mut world = alone("AWS::AutoScaling::AutoScalingGroup", group);
    advance(&mut world, 3_600.0);
    assert_eq!(quantity(&world, "it", Item::InstanceSeconds), 7_200);
    world.intervene(&messaging::Intervention::Crash(LogicalId::from("it"))).expect("it can crash");
    advance(&mut world, 3_660.0);
    assert_eq!(metric(&world, "it", GroupInServiceInstances), 2);
    assert_eq!(quantity(&world, "it", Item::InstanceSeconds), 7_320, "booting is billed as well");
}

/// SP-9, SP-45: what is not used costs nothing, and what is provisioned costs all the same.
#[test]
fn cost_2_sp_9_sp_45_an_idle_queue_costs_nothing_and_an_idle_shard_does() {
    let document = json!({ "Resources": {
        "queue": { "Type": "AWS::SQS::Queue" },
        "topic": { "Type": "AWS::SNS::Topic" },
        "function": { "Type": "AWS::Lambda::Function" },
        "stream": { "Type": "AWS::Kinesis::Stream" },
    } });
    let world = run(&document, 86_400.0);
    for (name, micro_dollars) in [("queue", 0), ("topic", 0), ("function", 0), ("stream", 24 * 15_000)] {
        assert_eq!(world.metric(place(&world, name), EstimatedCharges), micro_dollars, "{name}");
    }
}

/// COST-4: one idle consumer with 20 s long polling makes 131,400 requests in a month.
#[test]
fn cost_4_cost_63_long_polling_costs_a_two_hundredth_of_short_polling() {
    let polled = |wait: u32| {
        let document = json!({
            "Resources": {
                "queue": { "Type": "AWS::SQS::Queue" },
                "crew": {
                    "Type": "Playground::Consumer",
                    "Properties": { "WaitTimeSeconds": wait, "PollIntervalMilliseconds": if wait > 0 { 0 } else { 94 } },
                },
            },
            "Links": [{ "Type": "Playground::Poll", "From": "queue", "To": "crew" }],
        });
        let world = run(&document, 7_200.0);
        let bill: Bill = world.bill();
        (quantity(&world, "queue", Item::SqsRequests), bill.per_month(bill.total()), bill.driver().copied())
    };
    let ((long, month, driver), (short, dear, _)) = (polled(20), polled(0));
    assert!(long.abs_diff(360) <= 1 && short.abs_diff(72_000) <= 800, "{long} and {short}");
    assert!(month.abs_diff(52_560) <= 500, "{month} is 0.053 dollars");
    assert!(dear.abs_diff(10_512_000) <= 120_000, "{dear} is 10.51 dollars");
    assert_eq!(driver.map(|line| line.item), Some(Item::SqsRequests));
}

#[test]
fn cost_63_prices_can_be_edited_and_the_run_stays_the_same() {
    let document = |prices: Value| {
        json!({
            "Settings": { "Prices": prices },
            "Resources": { "stream": { "Type": "AWS::Kinesis::Stream" } },
        })
    };
    let [usual, other] =
        [json!({}), json!({ "KinesisShardSeconds": 1.5 })].map(|prices| run(&document(prices), 3_600.0));
    let charges = |world: &World| world.metric(place(world, "stream"), EstimatedCharges);
    assert_eq!((charges(&usual), charges(&other)), (15_000, 1_500_000));
    assert_eq!(usual.fingerprint(), other.fingerprint());
}

#[test]
fn cost_63_the_bill_names_each_service_once_and_adds_up() {
    let scenario = scenario::gallery::find("write-buffer").expect("a scenario").scenario();
    let mut world = super::gallery::world(&scenario);
    advance(&mut world, 60.0);
    let bill = world.bill();
    let services = bill.by_service();
    assert_eq!(services.iter().map(|(_, amount)| amount).sum::<u64>(), bill.total());
    assert!(bill.total() > 0 && bill.seconds == 60);
    assert_eq!(bill.per_hour(bill.total()), bill.total() * 60);
}
