//! What holds of queues whatever is done to them.

use std::collections::BTreeMap;

use messaging::MetricName::*;
use messaging::call::{Call, Receipt};
use messaging::{Intervention, KeyId, World, sqs};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{advance, call, entry, metric, metrics, place, world_of};

fn queue(id: &str, properties: &Value) -> World {
    let mut document = json!({ "Resources": {} });
    document["Resources"][id] = json!({ "Type": "AWS::SQS::Queue", "Properties": properties });
    world_of(&document)
}

fn receive(world: &mut World, from: &str, max: u8) -> Call {
    let request = sqs::Request::ReceiveMessage {
        max_number_of_messages: max,
        wait_time_seconds: Some(0),
        visibility_timeout: None,
        receive_request_attempt_id: None,
    };
    call(world, from, request, Vec::new())
}

fn delete(world: &mut World, from: &str, receipt: Receipt) -> Call {
    let mut deleted = entry(world, "gone", None, None);
    deleted.receipt = receipt;
    call(world, from, sqs::Request::DeleteMessage, vec![deleted])
}

#[derive(Clone, Debug)]
enum Step {
    Send(u8),
    Receive(u8),
    Delete(prop::sample::Index),
    Wait(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0_u8..4).prop_map(Step::Send),
        3 => (1_u8..=10).prop_map(Step::Receive),
        4 => any::<prop::sample::Index>().prop_map(Step::Delete),
        1 => (1_u8..40).prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..120)
}

proptest! {
    /// SQS-145, SQS-146, SQS-149: whoever receives a message of a FIFO queue finds that all before it in its group
    /// are deleted, or in the same answer.
    #[test]
    fn no_message_of_a_group_overtakes_another(steps in steps()) {
        let id = "q.fifo";
        let mut world = queue(id, &json!({ "FifoQueue": true, "VisibilityTimeout": 20 }));
        // For each group the messages that are not deleted, in the order they were sent.
        let mut groups: BTreeMap<KeyId, Vec<u32>> = BTreeMap::new();
        let mut held: Vec<(Receipt, KeyId, u32)> = Vec::new();
        let mut sent = 0;
        for step in &steps {
            match step {
                Step::Send(group) => {
                    sent += 1;
                    let name = sent.to_string();
                    let sending = entry(&mut world, &name, Some(&group.to_string()), Some(&name));
                    groups.entry(sending.message.key).or_default().push(sent);
                    prop_assert!(call(&mut world, id, sqs::Request::SendMessage, vec![sending]).result.is_some_and(|r| r.is_ok()));
                }
                Step::Receive(max) => {
                    let answer = receive(&mut world, id, *max);
                    prop_assert!(answer.entries.len() <= usize::from(*max));
                    let mut received: BTreeMap<KeyId, Vec<u32>> = BTreeMap::new();
                    for entry in &answer.entries {
                        let body = &world.catalogue().payload(entry.message.payload).body;
                        let number: u32 = body.parse().expect("bodies are numbers");
                        received.entry(entry.message.key).or_default().push(number);
                        held.push((entry.receipt, entry.message.key, number));
                    }
                    for (group, numbers) in received {
                        prop_assert!(groups[&group].starts_with(&numbers), "{numbers:?} of {:?}", groups[&group]);
                    }
                }
                Step::Delete(_) if held.is_empty() => {}
                Step::Delete(which) => {
                    let (receipt, group, number) = held.swap_remove(which.index(held.len()));
                    if delete(&mut world, id, receipt).result.is_some_and(|result| result.is_ok()) {
                        groups.get_mut(&group).expect("it was sent").retain(|other| *other != number);
                    }
                }
                Step::Wait(seconds) => {
                    let to = world.now().as_secs_f64() + f64::from(*seconds);
                    advance(&mut world, to);
                }
            }
        }
    }

    /// SQS-27, SQS-60, SQS-82: over many servers too, a message in flight is nobody else's, and nothing is lost.
    #[test]
    fn every_message_is_in_one_place(steps in steps(), partitions in 1_u32..=64, share in 0.1_f64..=1.0) {
        let properties = json!({ "Partitions": partitions, "ShortPollSampledShare": share, "VisibilityTimeout": 30 });
        let mut world = queue("q", &properties);
        let mut in_flight: BTreeMap<String, f64> = BTreeMap::new();
        let mut held: Vec<(Receipt, String)> = Vec::new();
        let (mut sent, mut deleted) = (0_u64, 0_u64);
        for step in &steps {
            let now = world.now().as_secs_f64();
            match step {
                Step::Send(_) => {
                    sent += 1;
                    let sending = entry(&mut world, &sent.to_string(), None, None);
                    call(&mut world, "q", sqs::Request::SendMessage, vec![sending]);
                }
                Step::Receive(max) => {
                    let answer = receive(&mut world, "q", *max);
                    for entry in &answer.entries {
                        let body = world.catalogue().payload(entry.message.payload).body.to_string();
                        held.push((entry.receipt, body.clone()));
                        let before = in_flight.insert(body, now + 30.0);
                        prop_assert!(before.is_none_or(|until| until <= now));
                    }
                }
                Step::Delete(_) if held.is_empty() => {}
                Step::Delete(which) => {
                    // The newest handle of a message deletes it, timed out or not (SQS-51).
                    let (receipt, body) = held.swap_remove(which.index(held.len()));
                    let newest = !held.iter().any(|(other, other_body)| *other_body == body && other.generation > receipt.generation);
                    delete(&mut world, "q", receipt);
                    deleted += u64::from(newest);
                    if newest {
                        held.retain(|(_, other)| *other != body);
                        in_flight.remove(&body);
                    }
                }
                Step::Wait(seconds) => advance(&mut world, now + f64::from(*seconds)),
            }
            let [visible, in_flight] = metrics(
                &world, "q", [ApproximateNumberOfMessagesVisible, ApproximateNumberOfMessagesNotVisible],
            );
            prop_assert_eq!(visible + in_flight, sent - deleted);
        }
    }

    /// SQS-121, SQS-130: across a queue, its dead-letter queue and the way back nothing is lost and nothing made.
    #[test]
    fn dead_letters_and_their_way_back_conserve_messages(
        rate in 1_u32..80, failures in 0.0_f64..=1.0, limit in 1_u32..4, fifo in any::<bool>(), redrives in 1_u64..4,
    ) {
        let (orders, dead) = if fifo { ("orders.fifo", "dead.fifo") } else { ("orders", "dead") };
        let properties = json!({ "FifoQueue": fifo, "VisibilityTimeout": 2 });
        let mut document = json!({ "Resources": {
            "shop": { "Type": "Playground::Producer", "Properties": {
                "ArrivalProcess": { "Type": "Steady", "Rate": rate }, "StopAfterSeconds": 20,
                "Keys": { "List": ["a", "b", "c"] },
            } },
            "worker": { "Type": "Playground::Consumer", "Properties": { "Workers": 4, "FailureProbability": failures } },
        }, "Links": [
            { "Type": "Playground::Send", "From": "shop", "To": orders },
            { "Type": "Playground::Poll", "From": orders, "To": "worker" },
            { "Type": "AWS::SQS::RedrivePolicy", "From": orders, "To": dead, "Properties": { "maxReceiveCount": limit } },
        ] });
        for id in [orders, dead] {
            document["Resources"][id] = json!({ "Type": "AWS::SQS::Queue", "Properties": properties });
        }
        let mut world = world_of(&document);
        for round in 1..=redrives {
            advance(&mut world, round as f64 * 15.0);
            let all = [ApproximateNumberOfMessagesVisible, ApproximateNumberOfMessagesNotVisible];
            let here: u64 = [orders, dead].iter().flat_map(|id| metrics(&world, id, all)).sum();
            let sent = metric(&world, orders, NumberOfMessagesSent);
            let gone = metric(&world, orders, NumberOfMessagesDeleted) + metric(&world, dead, NumberOfMessagesDeleted);
            prop_assert_eq!(sent, gone + here, "after {} s", round * 15);
            prop_assert!(place(&world, dead) != place(&world, orders));
            world.intervene(&Intervention::Redrive(dead.into())).expect("no task runs");
        }
    }
}
