//! A queue against a naive model of it: one list, searched from end to end, second by second.

use std::fmt::Write as _;
use std::sync::Arc;

use kernel::{Seed, SimTime};
use messaging::call::{Call, Entries, Entry, Receipt};
use messaging::identifiers::DeduplicationId;
use messaging::message::{Message, Payload};
use messaging::sqs::{self, QueueProperties, RedrivePolicy};
use messaging::trace::TraceSettings;
use messaging::{
    ComponentId, EventBudget, KeyId, LinkProperties, LinkSpec, LogicalId, MessageId, MetricName, Properties,
    ResourceSpec, TraceId, World, WorldSpec,
};
use proptest::prelude::*;

/// What is done to a queue.
#[derive(Clone, Debug)]
enum Step {
    Wait { seconds: u64 },
    Send { group: u8, deduplication: u8, delay: Option<u16> },
    Receive { max: u8, wait: u8, visibility: Option<u32> },
    Delete { handle: prop::sample::Index },
    Change { handle: prop::sample::Index, seconds: u32 },
    Purge,
}

fn step() -> impl Strategy<Value = Step> {
    let delay = prop_oneof![3 => Just(None), 1 => (0_u16..8).prop_map(Some)];
    let visibility = prop_oneof![2 => Just(None), 1 => (0_u32..12).prop_map(Some)];
    prop_oneof![
        4 => prop_oneof![4 => 1_u64..8, 1 => 20_u64..90].prop_map(|seconds| Step::Wait { seconds }),
        6 => (0_u8..3, 0_u8..12, delay)
            .prop_map(|(group, deduplication, delay)| Step::Send { group, deduplication, delay }),
        6 => (1_u8..6, prop_oneof![2 => Just(0_u8), 1 => 1_u8..15], visibility)
            .prop_map(|(max, wait, visibility)| Step::Receive { max, wait, visibility }),
        4 => any::<prop::sample::Index>().prop_map(|handle| Step::Delete { handle }),
        2 => (any::<prop::sample::Index>(), prop_oneof![1 => Just(0), 3 => 1_u32..20]).prop_map(|(handle, seconds)| Step::Change { handle, seconds }),
        1 => Just(Step::Purge),
    ]
}

/// The settings both sides run with.
#[derive(Clone, Copy, Debug)]
struct Setting {
    fifo: bool,
    visibility: u64,
    delay: u64,
    retention: u64,
    max_receive_count: Option<u32>,
}

fn setting() -> impl Strategy<Value = Setting> {
    let redrive = prop_oneof![1 => Just(None), 2 => (1_u32..6).prop_map(Some)];
    (any::<bool>(), 1_u64..15, prop_oneof![2 => Just(0_u64), 1 => 1_u64..5], 60_u64..150, redrive).prop_map(
        |(fifo, visibility, delay, retention, max_receive_count)| Setting {
            fifo,
            visibility,
            delay,
            retention,
            max_receive_count,
        },
    )
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Where {
    DelayedUntil(u64),
    Visible,
    InFlightUntil(u64),
    Gone,
}

#[derive(Clone, Debug)]
struct ModelMessage {
    group: u8,
    sent_at: u64,
    turn: u64,
    receives: u32,
    place: Where,
    /// Counts the deadlines set: of two that end together the one set first comes first.
    hidden: u64,
}

#[derive(Clone, Copy, Debug)]
struct Waiter {
    call: usize,
    until: u64,
    max: usize,
    visibility: u64,
}

/// Instants of a second that the model tells apart: the whole second, and just after it, when messages expire that are
/// older than their retention and not merely as old (SQS-110).
const SECOND: u64 = 2;

/// The naive model. A message's name is its place in the list.
struct Model {
    setting: Setting,
    now: u64,
    messages: Vec<ModelMessage>,
    next_turn: u64,
    waiters: Vec<Waiter>,
    /// Deduplication id, when it was first sent.
    sends: Vec<(u8, u64)>,
    /// The message of each handle, and its count of receives then.
    handles: Vec<(usize, u32)>,
    purged_at: Option<u64>,
    dead_letters: u64,
    log: String,
}

impl Model {
    fn new(setting: Setting) -> Self {
        Self {
            setting,
            now: 0,
            messages: Vec::new(),
            next_turn: 0,
            waiters: Vec::new(),
            sends: Vec::new(),
            handles: Vec::new(),
            purged_at: None,
            dead_letters: 0,
            log: String::new(),
        }
    }

    fn take_turn(&mut self) -> u64 {
        self.next_turn += 1;
        self.next_turn
    }

    fn wait(&mut self, seconds: u64) {
        for _ in 0..seconds * SECOND {
            self.now += 1;
            self.settle();
        }
    }

    fn settle(&mut self) {
        let timed_out = |message: &ModelMessage| matches!(message.place, Where::InFlightUntil(until) if until <= self.now);
        let mut ended: Vec<usize> =
            (0..self.messages.len()).filter(|place| timed_out(&self.messages[*place])).collect();
        ended.sort_by_key(|place| self.messages[*place].hidden);
        for place in ended {
            self.release(place);
        }
        for place in 0..self.messages.len() {
            if matches!(self.messages[place].place, Where::DelayedUntil(until) if until <= self.now) {
                self.messages[place].place = Where::Visible;
                if !self.setting.fifo {
                    self.messages[place].turn = self.take_turn();
                }
            }
        }
        for message in &mut self.messages {
            if self.now - message.sent_at > self.setting.retention * SECOND {
                message.place = Where::Gone;
            }
        }
        self.serve();
        let (now, log) = (self.now, &mut self.log);
        self.waiters.retain(|waiter| {
            let stays = waiter.until > now;
            if !stays {
                writeln!(log, "{}s call {}: empty", now / SECOND, waiter.call).expect("a string takes it");
            }
            stays
        });
    }

    fn hide(&mut self, place: usize, seconds: u64) {
        let hidden = self.messages.iter().map(|message| message.hidden).max().unwrap_or(0) + 1;
        let message = &mut self.messages[place];
        (message.place, message.hidden) = (Where::InFlightUntil(self.now + seconds * SECOND), hidden);
    }

    /// SQS-125: often received, and the limit is above 3: to the back of a standard queue.
    fn release(&mut self, place: usize) {
        self.messages[place].place = Where::Visible;
        let often = self.setting.max_receive_count.is_some_and(|limit| limit > 3);
        if !self.setting.fifo && often && self.messages[place].receives >= 3 {
            self.messages[place].turn = self.take_turn();
        }
    }

    fn send(&mut self, group: u8, deduplication: u8, delay: Option<u16>) -> String {
        if self.setting.fifo {
            if delay.is_some_and(|delay| delay > 0) {
                return "InvalidParameterValue".into();
            }
            let now = self.now;
            if self.sends.iter().any(|(id, at)| *id == deduplication && now - at < 300 * SECOND) {
                return "ok".into();
            }
            self.sends.push((deduplication, self.now));
        }
        let own = if self.setting.fifo { None } else { delay.map(u64::from) };
        let delay = own.unwrap_or(self.setting.delay);
        let place = if delay > 0 { Where::DelayedUntil(self.now + delay * SECOND) } else { Where::Visible };
        let turn = self.take_turn();
        self.messages.push(ModelMessage { group, sent_at: self.now, turn, receives: 0, place, hidden: 0 });
        "ok".into()
    }

    /// The message whose turn it is.
    fn next(&self, last: Option<usize>) -> Option<usize> {
        let there = |message: &&(usize, &ModelMessage)| message.1.place != Where::Gone;
        let mut all: Vec<(usize, &ModelMessage)> = self.messages.iter().enumerate().collect();
        all.retain(|message| there(&message));
        all.sort_by_key(|(_, message)| message.turn);
        if !self.setting.fifo {
            return all.iter().find(|(_, message)| message.place == Where::Visible).map(|(place, _)| *place);
        }
        let head_of = |group: u8| all.iter().find(|(_, message)| message.group == group);
        // First more of the same group: all before it were received by this very call (SQS-147).
        if let Some(last) = last {
            let (group, turn) = (self.messages[last].group, self.messages[last].turn);
            let behind = all.iter().find(|(_, message)| message.group == group && message.turn > turn);
            if let Some((place, message)) = behind
                && message.place == Where::Visible
            {
                return Some(*place);
            }
        }
        let heads = all.iter().filter(|(place, message)| {
            message.place == Where::Visible && head_of(message.group).is_some_and(|(head, _)| head == place)
        });
        heads.min_by_key(|(_, message)| message.turn).map(|(place, _)| *place)
    }

    fn collect(&mut self, max: usize, visibility: u64) -> String {
        let mut received = Vec::new();
        let mut last = None;
        while received.len() < max {
            let Some(place) = self.next(last) else { break };
            last = Some(place);
            let dead =
                self.setting.max_receive_count.is_some_and(|limit| self.messages[place].receives >= limit);
            if dead {
                self.messages[place].place = Where::Gone;
                self.dead_letters += 1;
                continue;
            }
            self.messages[place].receives += 1;
            self.hide(place, visibility);
            let message = &self.messages[place];
            self.handles.push((place, message.receives));
            received.push(place);
        }
        if visibility == 0 {
            for place in &received {
                self.release(*place);
            }
        }
        let texts = received.iter().map(|place| format!("{place}({})", self.messages[*place].receives));
        texts.collect::<Vec<_>>().join(" ")
    }

    fn receive(&mut self, call: usize, max: u8, wait: u8, visibility: Option<u32>) {
        let visibility = visibility.map_or(self.setting.visibility, u64::from);
        let text = self.collect(usize::from(max), visibility);
        if !text.is_empty() || wait == 0 {
            let text = if text.is_empty() { "empty".into() } else { text };
            writeln!(self.log, "{}s call {call}: {text}", self.now / SECOND).expect("a string takes it");
        } else {
            let until = self.now + u64::from(wait) * SECOND;
            self.waiters.push(Waiter { call, until, max: usize::from(max), visibility });
        }
    }

    fn serve(&mut self) {
        while let Some(waiter) = self.waiters.first().copied() {
            let text = self.collect(waiter.max, waiter.visibility);
            if text.is_empty() {
                return;
            }
            writeln!(self.log, "{}s call {}: {text}", self.now / SECOND, waiter.call)
                .expect("a string takes it");
            self.waiters.remove(0);
        }
    }

    fn delete(&mut self, handle: usize) -> String {
        let (place, receives) = self.handles[handle];
        let message = &mut self.messages[place];
        let in_flight = matches!(message.place, Where::InFlightUntil(_));
        if message.place == Where::Gone {
            return "ok".into();
        }
        if self.setting.fifo && (receives < message.receives || !in_flight) {
            return "InvalidParameterValue".into();
        }
        if receives == message.receives {
            message.place = Where::Gone;
        }
        "ok".into()
    }

    fn change(&mut self, handle: usize, seconds: u32) -> String {
        let (place, receives) = self.handles[handle];
        let message = &self.messages[place];
        let in_flight = matches!(message.place, Where::InFlightUntil(_));
        if message.place == Where::Gone || receives < message.receives {
            return "InvalidParameterValue".into();
        }
        if self.setting.fifo && !in_flight {
            return "AWS.SimpleQueueService.MessageNotInflight".into();
        }
        match (in_flight, seconds) {
            (true, 0) => self.release(place),
            (_, 0) => {}
            (_, seconds) => self.hide(place, u64::from(seconds)),
        }
        "ok".into()
    }

    fn purge(&mut self) -> String {
        if self.purged_at.is_some_and(|at| self.now - at < 60 * SECOND) {
            return "AWS.SimpleQueueService.PurgeQueueInProgress".into();
        }
        self.purged_at = Some(self.now);
        self.sends.clear();
        for message in &mut self.messages {
            message.place = Where::Gone;
        }
        "ok".into()
    }

    fn run(&mut self, call: usize, step: &Step) {
        let text = match step {
            Step::Wait { seconds } => return self.wait(*seconds),
            Step::Receive { max, wait, visibility } => {
                self.receive(call, *max, *wait, *visibility);
                return self.serve();
            }
            Step::Send { group, deduplication, delay } => self.send(*group, *deduplication, *delay),
            Step::Delete { .. } | Step::Change { .. } if self.handles.is_empty() => return,
            Step::Delete { handle } => self.delete(handle.index(self.handles.len())),
            Step::Change { handle, seconds } => self.change(handle.index(self.handles.len()), *seconds),
            Step::Purge => self.purge(),
        };
        writeln!(self.log, "{}s call {call}: {text}", self.now / SECOND).expect("a string takes it");
        self.serve();
    }

    fn counts(&self) -> [u64; 4] {
        let count =
            |is: fn(&Where) -> bool| self.messages.iter().filter(|message| is(&message.place)).count() as u64;
        [
            count(|place| matches!(place, Where::Visible)),
            count(|place| matches!(place, Where::InFlightUntil(_))),
            count(|place| matches!(place, Where::DelayedUntil(_))),
            self.dead_letters,
        ]
    }
}

/// The real queue, asked the same.
struct Real {
    world: World,
    queue: ComponentId,
    fifo: bool,
    handles: Vec<Receipt>,
    sent: u32,
    log: String,
}

impl Real {
    fn new(setting: Setting) -> Self {
        let (id, dead) = match setting.fifo {
            true => (LogicalId::from("queue.fifo"), LogicalId::from("dead.fifo")),
            false => (LogicalId::from("queue"), LogicalId::from("dead")),
        };
        let properties = QueueProperties {
            fifo_queue: setting.fifo,
            visibility_timeout: setting.visibility as u32,
            delay_seconds: setting.delay as u32,
            message_retention_period: setting.retention as u32,
            partitions: 1,
            ..QueueProperties::default()
        };
        let dead_properties = QueueProperties { fifo_queue: setting.fifo, ..QueueProperties::default() };
        let mut spec = WorldSpec::default();
        spec.resources.push(ResourceSpec { id: id.clone(), properties: Properties::Queue(properties) });
        spec.resources
            .push(ResourceSpec { id: dead.clone(), properties: Properties::Queue(dead_properties) });
        if let Some(max_receive_count) = setting.max_receive_count {
            let properties = LinkProperties::RedrivePolicy(RedrivePolicy { max_receive_count });
            spec.links.push(LinkSpec { from: id.clone(), to: dead, properties });
        }
        let world = World::new(&Arc::new(spec), Seed(1), TraceSettings::OFF);
        let queue = world.component(&id).expect("the queue is there");
        Self { world, queue, fifo: setting.fifo, handles: Vec::new(), sent: 0, log: String::new() }
    }

    fn run(&mut self, call: usize, step: &Step) {
        let (request, entries) = match step {
            Step::Wait { seconds } => {
                let to = SimTime::from_secs(self.world.now().whole_second() + seconds);
                while self.world.step(to).is_some() {
                    self.collect();
                }
                self.world.advance(to, EventBudget::UNLIMITED);
                return self.collect();
            }
            Step::Send { group, deduplication, delay } => {
                let message = self.message(*group, *deduplication, *delay);
                (sqs::Request::SendMessage, Entries::from_iter([Entry::new(message)]))
            }
            Step::Receive { max, wait, visibility } => {
                let request = sqs::Request::ReceiveMessage {
                    max_number_of_messages: *max,
                    wait_time_seconds: Some(*wait),
                    visibility_timeout: *visibility,
                    receive_request_attempt_id: None,
                };
                (request, Entries::new())
            }
            Step::Delete { .. } | Step::Change { .. } if self.handles.is_empty() => return,
            Step::Delete { handle } => (sqs::Request::DeleteMessage, self.handle(handle)),
            Step::Change { handle, seconds } => {
                (sqs::Request::ChangeMessageVisibility { visibility_timeout: *seconds }, self.handle(handle))
            }
            Step::Purge => (sqs::Request::PurgeQueue, Entries::new()),
        };
        self.world.call_from_outside(self.queue, request.into(), entries, call as u32);
        self.collect();
    }

    fn handle(&mut self, handle: &prop::sample::Index) -> Entries {
        let receipt = self.handles[handle.index(self.handles.len())];
        let message = self.message(0, 0, None);
        Entries::from_iter([Entry { receipt, ..Entry::new(message) }])
    }

    /// A message whose body is its place among those stored.
    fn message(&mut self, group: u8, deduplication: u8, delay_seconds: Option<u16>) -> Message {
        let catalogue = self.world.catalogue_mut();
        let payload = catalogue.add_payload(Payload::new(self.sent.to_string(), Default::default(), 0));
        let key = if self.fifo { catalogue.add_key(&group.to_string()) } else { KeyId::NONE };
        Message {
            id: MessageId(0),
            trace_id: TraceId(0),
            payload,
            key,
            deduplication_id: DeduplicationId(u64::from(deduplication) + 1),
            published_at: SimTime::ZERO,
            delay_seconds,
            poison: false,
        }
    }

    fn collect(&mut self) {
        let now = self.world.now().whole_second();
        for call in self.world.take_answers() {
            let text = self.text(&call);
            writeln!(self.log, "{now}s call {}: {text}", call.tag).expect("a string takes it");
        }
        self.sent = self.world.metric(self.queue, MetricName::NumberOfMessagesSent) as u32;
    }

    fn text(&mut self, call: &Call) -> String {
        match call.result {
            Some(Err(error)) => return error.as_service_error().code().into(),
            Some(Ok(_)) => {}
            None => return "no answer".into(),
        }
        if !matches!(call.request, messaging::Request::Sqs(sqs::Request::ReceiveMessage { .. })) {
            return "ok".into();
        }
        if call.entries.is_empty() {
            return "empty".into();
        }
        self.handles.extend(call.entries.iter().map(|entry| entry.receipt));
        let catalogue = self.world.catalogue();
        let body = |entry: &Entry| catalogue.payload(entry.message.payload).body.clone();
        let texts = call.entries.iter().map(|entry| format!("{}({})", body(entry), entry.receive_count));
        texts.collect::<Vec<_>>().join(" ")
    }

    fn counts(&self) -> [u64; 4] {
        [
            MetricName::ApproximateNumberOfMessagesVisible,
            MetricName::ApproximateNumberOfMessagesNotVisible,
            MetricName::ApproximateNumberOfMessagesDelayed,
            MetricName::MessagesMovedToDeadLetterQueue,
        ]
        .map(|metric| self.world.metric(self.queue, metric))
    }
}

proptest! {
    /// SQS-41, SQS-51, SQS-52, SQS-60 to SQS-65, SQS-82, SQS-85, SQS-91 to SQS-94, SQS-100, SQS-110, SQS-121,
    /// SQS-125, SQS-142, SQS-145 to SQS-151, SQS-231: the queue answers as the model does, at the same second.
    /// Conservation is asserted inside the queue all along.
    #[test]
    fn a_queue_answers_as_its_naive_model(setting in setting(), steps in prop::collection::vec(step(), 1..60)) {
        let (mut model, mut real) = (Model::new(setting), Real::new(setting));
        for (call, step) in steps.iter().enumerate() {
            model.run(call, step);
            real.run(call, step);
            prop_assert_eq!(&real.log, &model.log, "left is the queue, after step {} {:?}", call, step);
            prop_assert_eq!(real.counts(), model.counts(), "left is the queue, after step {} {:?}", call, step);
        }
    }
}
