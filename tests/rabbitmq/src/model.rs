//! A case in the model.

use std::collections::VecDeque;
use std::sync::Arc;

use kernel::{Seed, SimDuration};
use messaging::call::{Call, Entries, Entry};
use messaging::identifiers::{DeduplicationId, KeyId, MessageId, TraceId};
use messaging::message::{Message, Payload};
use messaging::message_attributes::{MessageAttributeValue, MessageAttributes};
use messaging::mq::{Error, Request};
use messaging::trace::TraceSettings;
use messaging::{ApiError, ComponentId, EventBudget, Intervention, LogicalId, MetricName, World};
use serde_json::{Value, json};

use crate::case::{Act, Case, Consumer, Publish, Story, queues};

/// Seconds that the model's consumer takes for a message, where it acknowledges all.
const EACH: f64 = 0.1;

/// Runs a case and reads the queues empty, as the other side does.
pub fn story(case: &Case) -> Story {
    let parsed = scenario::parse(&document(case).to_string());
    assert!(!parsed.diagnostics.has_errors(), "{}: {:#?}", case.name, parsed.diagnostics);
    let spec = scenario::compile(&parsed.scenario).expect(case.name);
    let mut model =
        Model { world: World::new(&Arc::new(spec), Seed(1), TraceSettings::OFF), story: Story::default() };
    model.wait(1_000);
    for publish in &case.publishes {
        model.publish(publish);
    }
    match &case.consumer {
        Some(consumer) if is_pushed(consumer) => model.push(consumer),
        Some(consumer) => model.pull(consumer),
        None => {}
    }
    model.wait(case.wait);
    for name in queues(&case.broker) {
        let mut bodies = Vec::new();
        while let Some(entry) = model.get(&name) {
            let body = &model.world.catalogue().payload(entry.message.payload).body;
            bodies.push(format!("{body}{}", if entry.receive_count > 1 { "*" } else { "" }));
            model.ask(Request::Acknowledge { multiple: false }, vec![entry]);
        }
        model.story.queues.push((name, bodies));
    }
    model.story
}

/// The consumer of the graph is asked where all it does is to acknowledge: then its prefetch is what counts.
fn is_pushed(consumer: &Consumer) -> bool {
    consumer.acts.iter().all(|act| *act == Act::Ack)
}

fn document(case: &Case) -> Value {
    let mut document = json!({
        "Version": 1,
        "Resources": { "broker": { "Type": "AWS::AmazonMQ::Broker", "Properties": case.broker } },
    });
    if let Some(consumer) = case.consumer.as_ref().filter(|consumer| is_pushed(consumer)) {
        document["Resources"]["taker"] = json!({ "Type": "Playground::Consumer", "Properties": {
            "ProcessingTime": { "Distribution": "Constant", "Milliseconds": EACH * 1_000.0 }, "Stopped": true,
        } });
        let link = json!({ "Destination": consumer.queue, "Prefetch": consumer.prefetch });
        document["Links"] = json!([{ "From": "broker", "To": "taker", "Properties": link }]);
    }
    document
}

struct Model {
    world: World,
    story: Story,
}

impl Model {
    fn wait(&mut self, milliseconds: u64) {
        let to = self.world.now() + SimDuration::from_millis(milliseconds);
        self.world.advance(to, EventBudget::UNLIMITED);
    }

    fn broker(&self) -> ComponentId {
        self.world.component(&LogicalId::from("broker")).expect("the broker")
    }

    /// Calls the broker and waits until it has answered.
    fn ask(&mut self, request: Request, entries: Vec<Entry>) -> Call {
        let broker = self.broker();
        self.world.call_from_outside(broker, request.into(), Entries::from_vec(entries), 0);
        self.wait(2);
        self.world.take_answers().pop().expect("an answer")
    }

    fn publish(&mut self, publish: &Publish) {
        let attributes: MessageAttributes = publish
            .headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), MessageAttributeValue::string(*value)))
            .collect();
        let now = self.world.now();
        let catalogue = self.world.catalogue_mut();
        let exchange = catalogue.add_key(publish.exchange);
        let message = Message {
            id: MessageId(0),
            trace_id: TraceId(0),
            payload: catalogue.add_payload(Payload::new(publish.body.as_str(), attributes, 0)),
            key: catalogue.add_key(publish.key),
            deduplication_id: DeduplicationId::NONE,
            published_at: now,
            delay_seconds: None,
            poison: false,
        };
        let (mandatory, time_to_live) = (publish.mandatory, publish.time_to_live.map(|of| of as u32));
        let request = Request::BasicPublish { exchange, mandatory, time_to_live };
        match self.ask(request, vec![Entry::new(message)]).result {
            Some(Err(ApiError::Mq(Error::Nacked))) => self.story.refused += 1,
            Some(Err(ApiError::Mq(Error::NoRoute))) => self.story.returned += 1,
            Some(Ok(_)) => {}
            other => panic!("{other:?}"),
        }
    }

    fn get(&mut self, queue: &str) -> Option<Entry> {
        let queue: KeyId = self.world.catalogue_mut().add_key(queue);
        self.ask(Request::BasicGet { queue, max_messages: 1 }, Vec::new()).entries.pop()
    }

    /// A consumer of the graph: it acknowledges so many, and then crashes.
    fn push(&mut self, consumer: &Consumer) {
        self.world.intervene(&Intervention::Start("taker".into())).expect("it can start");
        let half = (EACH * 500.0) as u64;
        self.wait(half + (EACH * 1_000.0) as u64 * consumer.acts.len() as u64);
        self.story.delivered = self.world.metric(self.broker(), MetricName::DispatchCount) as usize;
        self.world.intervene(&Intervention::Crash("taker".into())).expect("it can crash");
        self.wait(2);
    }

    /// A consumer that holds as many as its prefetch allows, does something with the first, and gets another one.
    fn pull(&mut self, consumer: &Consumer) {
        let mut held = VecDeque::new();
        let mut acts = consumer.acts.iter();
        loop {
            while held.len() < usize::from(consumer.prefetch)
                && let Some(entry) = self.get(consumer.queue)
            {
                self.story.delivered += 1;
                held.push_back(entry);
            }
            let Some(act) = acts.next() else { break };
            let Some(entry) = held.pop_front() else { break };
            let request = match act {
                Act::Ack => Request::Acknowledge { multiple: false },
                Act::Reject => Request::Reject { requeue: false },
                Act::Requeue => Request::Reject { requeue: true },
            };
            self.ask(request, vec![entry]);
        }
        self.ask(Request::Reject { requeue: true }, held.into());
    }
}
