//! A queue against a naive model of it: one list, searched from end to end, second by second.

use std::fmt::Write as _;
use std::num::NonZeroU32;
use std::sync::Arc;

use kernel::{Seed, SimTime};
use messaging::call::{Call, Entries, Entry, Receipt};
use messaging::identifiers::DeduplicationId;
use messaging::message::{Message, Payload};
use messaging::sqs::{self, DeduplicationScope, QueueProperties, RedrivePolicy};
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
    SendBatch { entries: Vec<(u8, u8)> },
    Receive { max: u8, wait: u8, visibility: Option<u32>, attempt: Option<u32> },
    Delete { handle: prop::sample::Index },
    DeleteBatch { handles: Vec<prop::sample::Index> },
    Change { handle: prop::sample::Index, seconds: u32 },
    ChangeBatch { handles: Vec<prop::sample::Index>, seconds: u32 },
    Purge,
}

fn step() -> impl Strategy<Value = Step> {
    let delay = prop_oneof![3 => Just(None), 1 => (0_u16..8).prop_map(Some)];
    let visibility = prop_oneof![2 => Just(None), 1 => (0_u32..12).prop_map(Some)];
    let attempt = prop_oneof![2 => Just(None), 1 => (1_u32..4).prop_map(Some)];
    let handle = any::<prop::sample::Index>;
    let handles = || prop::collection::vec(handle(), 1..8);
    let seconds = || prop_oneof![1 => Just(0), 3 => 1_u32..20];
    prop_oneof![
        4 => prop_oneof![4 => 1_u64..8, 2 => 20_u64..90, 1 => 290_u64..310]
            .prop_map(|seconds| Step::Wait { seconds }),
        5 => (0_u8..3, 0_u8..12, delay)
            .prop_map(|(group, deduplication, delay)| Step::Send { group, deduplication, delay }),
        4 => prop::collection::vec((0_u8..4, 0_u8..100), 1..=10).prop_map(|entries| Step::SendBatch { entries }),
        7 => (1_u8..=10, prop_oneof![2 => Just(0_u8), 1 => 1_u8..15], visibility, attempt)
            .prop_map(|(max, wait, visibility, attempt)| Step::Receive { max, wait, visibility, attempt }),
        3 => handle().prop_map(|handle| Step::Delete { handle }),
        1 => handles().prop_map(|handles| Step::DeleteBatch { handles }),
        2 => (handle(), seconds()).prop_map(|(handle, seconds)| Step::Change { handle, seconds }),
        1 => (handles(), seconds()).prop_map(|(handles, seconds)| Step::ChangeBatch { handles, seconds }),
        1 => Just(Step::Purge),
    ]
}

/// Steps that keep many messages of few tenants in flight for long: some of them become noisy.
fn busy_step() -> impl Strategy<Value = Step> {
    let group = prop_oneof![1 => Just(0_u8), 4 => Just(1_u8), 3 => Just(2_u8), 1 => Just(3_u8)];
    let seconds = prop_oneof![3 => 1_u64..20, 3 => 40_u64..70, 1 => 250_u64..310];
    let handle = any::<prop::sample::Index>;
    prop_oneof![
        8 => (group, 4_usize..=10).prop_map(|(group, count)| Step::SendBatch { entries: vec![(group, 0); count] }),
        9 => (6_u8..=10).prop_map(|max| Step::Receive { max, wait: 0, visibility: None, attempt: None }),
        2 => (1_u8..=3).prop_map(|max| Step::Receive { max, wait: 0, visibility: Some(2), attempt: None }),
        3 => seconds.prop_map(|seconds| Step::Wait { seconds }),
        1 => prop::collection::vec(handle(), 1..8).prop_map(|handles| Step::DeleteBatch { handles }),
        1 => prop::collection::vec(handle(), 1..8).prop_map(|handles| Step::ChangeBatch { handles, seconds: 0 }),
    ]
}

/// A standard queue in ordinary use, or with tenants that keep it busy.
fn standard() -> impl Strategy<Value = (Setting, Vec<Step>)> {
    let busy = setting(false).prop_flat_map(|setting| {
        let setting = Setting { retention: 3_000, max_receive_count: None, ..setting };
        (100_u64..600).prop_map(move |visibility| Setting { visibility, ..setting })
    });
    prop_oneof![
        3 => (setting(false), prop::collection::vec(step(), 1..50)),
        2 => (busy, prop::collection::vec(busy_step(), 10..60)),
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
    /// `DeduplicationScope` is `messageGroup`.
    per_group: bool,
    purge_seconds: u64,
}

fn setting(fifo: bool) -> impl Strategy<Value = Setting> {
    let redrive = prop_oneof![1 => Just(None), 2 => (1_u32..6).prop_map(Some)];
    let visibility = prop_oneof![2 => 1_u64..15, 1 => 100_u64..400];
    let retention = prop_oneof![2 => 60_u64..150, 1 => 600_u64..1_000];
    let delay = prop_oneof![2 => Just(0_u64), 1 => 1_u64..5];
    let purge = prop_oneof![2 => Just(0_u64), 1 => 1_u64..=60];
    (visibility, delay, retention, redrive, any::<bool>(), purge).prop_map(
        move |(visibility, delay, retention, max_receive_count, per_group, purge_seconds)| Setting {
            fifo,
            visibility,
            delay,
            retention,
            max_receive_count,
            per_group,
            purge_seconds,
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
    name: u32,
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
    attempt: Option<u32>,
}

/// A receive with an id: id and shape, when it was answered, and for each message its place, its receives and which of
/// its deadlines held then (SQS-153).
#[derive(Clone, Debug)]
struct Answered {
    key: (u32, usize, u64),
    at: u64,
    messages: Vec<(usize, u32, u64)>,
}

/// A tenant of a standard queue (SQS-170).
#[derive(Clone, Debug, Default)]
struct Tenant {
    noisy: bool,
    idle_since: u64,
    looked_at: u64,
}

/// Instants of a second that the model tells apart: the whole second, and just after it, when messages expire that are
/// older than their retention and not merely as old (SQS-110).
const SECOND: u64 = 2;

/// The naive model. A message's name is its number among those offered.
struct Model {
    setting: Setting,
    now: u64,
    messages: Vec<ModelMessage>,
    next_turn: u64,
    offered: u32,
    waiters: Vec<Waiter>,
    /// Deduplication id, its group, and when it was first sent.
    sends: Vec<(u8, u8, u64)>,
    /// The message of each handle, and its count of receives then.
    handles: Vec<(usize, u32)>,
    purged_at: Option<u64>,
    purge_ends_at: Option<u64>,
    dead_letters: u64,
    answered: Vec<Answered>,
    tenants: Vec<Tenant>,
    /// The noisy tenants, in the order they became so.
    noisy: Vec<usize>,
    /// A message with a group id has come.
    fair: bool,
    /// For each minute the microseconds in flight: of all messages, and of each tenant.
    flown: Vec<[u64; TENANTS + 1]>,
    log: String,
}

/// Group ids that are sent; number 0 stands for none on a standard queue.
const TENANTS: usize = 4;

impl Model {
    fn new(setting: Setting) -> Self {
        Self {
            setting,
            now: 0,
            messages: Vec::new(),
            next_turn: 0,
            offered: 0,
            waiters: Vec::new(),
            sends: Vec::new(),
            handles: Vec::new(),
            purged_at: None,
            purge_ends_at: None,
            dead_letters: 0,
            answered: Vec::new(),
            tenants: vec![Tenant::default(); TENANTS],
            noisy: Vec::new(),
            fair: false,
            flown: Vec::new(),
            log: String::new(),
        }
    }

    fn take_turn(&mut self) -> u64 {
        self.next_turn += 1;
        self.next_turn
    }

    fn wait(&mut self, seconds: u64) {
        for _ in 0..seconds * SECOND {
            self.note_flight();
            self.now += 1;
            self.settle();
        }
    }

    /// Adds up the time in flight until the next instant (SQS-176).
    fn note_flight(&mut self) {
        let micros = if self.now.is_multiple_of(SECOND) { 1 } else { 999_999 };
        let minute = (self.now / SECOND / 60) as usize;
        if self.flown.len() <= minute {
            self.flown.resize(minute + 1, [0; TENANTS + 1]);
        }
        if !self.fair {
            return;
        }
        let flies = |message: &&ModelMessage| matches!(message.place, Where::InFlightUntil(_));
        for message in self.messages.iter().filter(flies) {
            self.flown[minute][TENANTS] += micros;
            self.flown[minute][usize::from(message.group)] += micros;
        }
    }

    /// Seconds in flight of a tenant, or of all, in the last five minutes.
    fn seconds_flown(&self, whose: usize) -> u64 {
        let now_micros = self.now / SECOND * 1_000_000 + self.now % SECOND;
        let last = (now_micros.saturating_sub(1) / 60_000_000) as usize;
        let window = self.flown.iter().take(last + 1).skip(last.saturating_sub(4));
        window.map(|minute| minute[whose]).sum::<u64>() / 1_000_000
    }

    fn count(&self, group: Option<usize>, is: fn(&Where) -> bool) -> u64 {
        let of = |message: &&ModelMessage| group.is_none_or(|group| usize::from(message.group) == group);
        self.messages.iter().filter(of).filter(|message| is(&message.place)).count() as u64
    }

    /// A message goes elsewhere, and its tenant may become noisy or quiet by that (SQS-172, SQS-174).
    fn set(&mut self, place: usize, to: Where) {
        let from = std::mem::replace(&mut self.messages[place].place, to);
        if std::mem::discriminant(&from) == std::mem::discriminant(&to) {
            return;
        }
        let group = usize::from(self.messages[place].group);
        if self.setting.fifo || group == 0 {
            return;
        }
        let mine = self.count(Some(group), is_in_flight);
        if (is_in_flight(&from) || is_in_flight(&to)) && mine == 0 {
            self.tenants[group].idle_since = self.now;
        }
        let waits = self.count(Some(group), is_visible) > 0;
        if self.tenants[group].noisy && !waits {
            self.calm(group);
        } else if !self.tenants[group].noisy && waits && self.is_too_loud(group) {
            self.tenants[group].noisy = true;
            self.noisy.push(group);
        }
    }

    fn calm(&mut self, group: usize) {
        self.tenants[group].noisy = false;
        self.noisy.retain(|noisy| *noisy != group);
    }

    fn is_too_loud(&mut self, group: usize) -> bool {
        let (mine, all) = (self.count(Some(group), is_in_flight), self.count(None, is_in_flight));
        if mine >= 30 && mine * 10 > all {
            return true;
        }
        let second = self.now / SECOND;
        if self.tenants[group].looked_at == second {
            return false;
        }
        self.tenants[group].looked_at = second;
        let (mine, all) = (self.seconds_flown(group), self.seconds_flown(TENANTS));
        mine >= 3_000 && mine * 10 > all
    }

    fn is_noisy(&self, group: usize) -> bool {
        let tenant = &self.tenants[group];
        let idle = self.now - tenant.idle_since >= 300 * SECOND;
        tenant.noisy && !(idle && self.count(Some(group), is_in_flight) == 0)
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
                if !self.setting.fifo {
                    self.messages[place].turn = self.take_turn();
                }
                self.set(place, Where::Visible);
            }
        }
        for place in 0..self.messages.len() {
            if self.now - self.messages[place].sent_at > self.setting.retention * SECOND {
                self.set(place, Where::Gone);
            }
        }
        if self.purge_ends_at.is_some_and(|at| at <= self.now) {
            self.remove_everything();
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
        self.messages[place].hidden =
            self.messages.iter().map(|message| message.hidden).max().unwrap_or(0) + 1;
        self.set(place, Where::InFlightUntil(self.now + seconds * SECOND));
    }

    /// SQS-125: often received, and the limit is above 3: to the back of a standard queue.
    fn release(&mut self, place: usize) {
        let often = self.setting.max_receive_count.is_some_and(|limit| limit > 3);
        if !self.setting.fifo && often && self.messages[place].receives >= 3 {
            self.messages[place].turn = self.take_turn();
        }
        self.set(place, Where::Visible);
    }

    fn send(&mut self, group: u8, deduplication: u8, delay: Option<u16>) -> String {
        let name = self.offered;
        self.offered += 1;
        if self.setting.fifo {
            if delay.is_some_and(|delay| delay > 0) {
                return "InvalidParameterValue".into();
            }
            let now = self.now;
            let scope = if self.setting.per_group { group } else { 0 };
            let is_same = |send: &(u8, u8, u64)| (send.0, send.1) == (deduplication, scope);
            if self.sends.iter().any(|send| is_same(send) && now - send.2 < 300 * SECOND) {
                return "ok".into();
            }
            self.sends.push((deduplication, scope, self.now));
        }
        let own = if self.setting.fifo { None } else { delay.map(u64::from) };
        let delay = own.unwrap_or(self.setting.delay);
        let turn = self.take_turn();
        let place = Where::Gone;
        self.messages.push(ModelMessage {
            name,
            group,
            sent_at: self.now,
            turn,
            receives: 0,
            place,
            hidden: 0,
        });
        self.fair |= !self.setting.fifo && group > 0;
        let until = Where::DelayedUntil(self.now + delay * SECOND);
        self.set(self.messages.len() - 1, if delay > 0 { until } else { Where::Visible });
        "ok".into()
    }

    /// The message whose turn it is.
    fn next(&mut self, last: Option<usize>) -> Option<usize> {
        if !self.setting.fifo {
            return self.next_of_standard();
        }
        let there = |message: &&(usize, &ModelMessage)| message.1.place != Where::Gone;
        let mut all: Vec<(usize, &ModelMessage)> = self.messages.iter().enumerate().collect();
        all.retain(|message| there(&message));
        all.sort_by_key(|(_, message)| message.turn);
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

    /// SQS-173: quiet tenants first, then the noisy one with the fewest in flight; oldest first within each.
    fn next_of_standard(&mut self) -> Option<usize> {
        for group in self.noisy.clone() {
            if !self.is_noisy(group) {
                self.calm(group);
            }
        }
        let oldest = |of: &dyn Fn(usize) -> bool| {
            let all = self.messages.iter().enumerate();
            let waiting =
                all.filter(|(_, message)| is_visible(&message.place) && of(usize::from(message.group)));
            waiting.min_by_key(|(_, message)| message.turn).map(|(place, _)| place)
        };
        oldest(&|group| !self.tenants[group].noisy).or_else(|| {
            let waiting =
                self.noisy.iter().copied().filter(|noisy| oldest(&|group| group == *noisy).is_some());
            let next = waiting.min_by_key(|group| self.count(Some(*group), is_in_flight))?;
            oldest(&|group| group == next)
        })
    }

    fn collect(&mut self, max: usize, visibility: u64) -> Vec<usize> {
        let mut received = Vec::new();
        let mut last = None;
        while received.len() < max {
            let Some(place) = self.next(last) else { break };
            last = Some(place);
            let dead =
                self.setting.max_receive_count.is_some_and(|limit| self.messages[place].receives >= limit);
            if dead {
                self.set(place, Where::InFlightUntil(self.now));
                self.set(place, Where::Gone);
                self.dead_letters += 1;
                continue;
            }
            self.messages[place].receives += 1;
            self.hide(place, visibility);
            received.push(place);
        }
        if visibility == 0 {
            for place in &received {
                self.release(*place);
            }
        }
        received
    }

    /// Writes down an answer; whoever gets it has a handle of each message.
    fn answer(&mut self, call: usize, received: &[usize]) {
        let messages = received.iter().map(|place| (*place, self.messages[*place].receives));
        self.handles.extend(messages);
        let texts = received.iter().map(|place| &self.messages[*place]);
        let texts = texts.map(|message| format!("{}({})", message.name, message.receives));
        let text = if received.is_empty() { "empty".into() } else { texts.collect::<Vec<_>>().join(" ") };
        writeln!(self.log, "{}s call {call}: {text}", self.now / SECOND).expect("a string takes it");
    }

    fn receive(&mut self, call: usize, max: u8, wait: u8, visibility: Option<u32>, attempt: Option<u32>) {
        let (max, visibility) = (usize::from(max), visibility.map_or(self.setting.visibility, u64::from));
        let attempt = attempt.filter(|_| self.setting.fifo);
        if let Some(again) = attempt.and_then(|id| self.repeat((id, max, visibility))) {
            return self.answer(call, &again);
        }
        let received = self.collect(max, visibility);
        if received.is_empty() && wait > 0 {
            let until = self.now + u64::from(wait) * SECOND;
            self.waiters.push(Waiter { call, until, max, visibility, attempt });
        } else {
            self.remember(attempt.map(|id| (id, max, visibility)), &received);
            self.answer(call, &received);
        }
    }

    /// SQS-153: the messages of an earlier answer, hidden anew, unless somebody has changed one of them.
    fn repeat(&mut self, key: (u32, usize, u64)) -> Option<Vec<usize>> {
        let answered = self.answered.iter().rposition(|answered| answered.key == key)?;
        let messages = self.answered[answered].messages.clone();
        let is_untouched = |(place, receives, hidden): &(usize, u32, u64)| {
            let message = &self.messages[*place];
            is_in_flight(&message.place) && (message.receives, message.hidden) == (*receives, *hidden)
        };
        let late = self.now - self.answered[answered].at >= 300 * SECOND;
        if late || !messages.iter().all(is_untouched) {
            return None;
        }
        let places: Vec<usize> = messages.iter().map(|(place, ..)| *place).collect();
        for place in &places {
            self.hide(*place, key.2);
        }
        self.answered[answered].messages = self.remembered(&places);
        Some(places)
    }

    fn remembered(&self, places: &[usize]) -> Vec<(usize, u32, u64)> {
        let of = |place: &usize| (*place, self.messages[*place].receives, self.messages[*place].hidden);
        places.iter().map(of).collect()
    }

    fn remember(&mut self, key: Option<(u32, usize, u64)>, received: &[usize]) {
        if let Some(key) = key.filter(|_| !received.is_empty()) {
            let messages = self.remembered(received);
            self.answered.push(Answered { key, at: self.now, messages });
        }
    }

    fn serve(&mut self) {
        while let Some(waiter) = self.waiters.first().copied() {
            let received = self.collect(waiter.max, waiter.visibility);
            if received.is_empty() {
                return;
            }
            self.remember(waiter.attempt.map(|id| (id, waiter.max, waiter.visibility)), &received);
            self.answer(waiter.call, &received);
            self.waiters.remove(0);
        }
    }

    fn delete(&mut self, handle: usize) -> String {
        let (place, receives) = self.handles[handle];
        let message = &self.messages[place];
        let in_flight = is_in_flight(&message.place);
        if message.place == Where::Gone {
            return "ok".into();
        }
        if self.setting.fifo && (receives < message.receives || !in_flight) {
            return "InvalidParameterValue".into();
        }
        if receives == message.receives {
            self.set(place, Where::Gone);
        }
        "ok".into()
    }

    fn change(&mut self, handle: usize, seconds: u32) -> String {
        let (place, receives) = self.handles[handle];
        let message = &self.messages[place];
        let in_flight = is_in_flight(&message.place);
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
        match self.setting.purge_seconds {
            0 => self.remove_everything(),
            seconds => self.purge_ends_at = Some(self.now + seconds * SECOND),
        }
        "ok".into()
    }

    fn remove_everything(&mut self) {
        self.purge_ends_at = None;
        self.sends.clear();
        self.answered.clear();
        for place in 0..self.messages.len() {
            self.set(place, Where::Gone);
        }
    }

    fn run(&mut self, call: usize, step: &Step) {
        let handle = |handle: &prop::sample::Index| handle.index(self.handles.len().max(1));
        let text = match step {
            Step::Wait { seconds } => return self.wait(*seconds),
            Step::Receive { max, wait, visibility, attempt } => {
                self.receive(call, *max, *wait, *visibility, *attempt);
                return self.serve();
            }
            Step::Send { group, deduplication, delay } => self.send(*group, *deduplication, *delay),
            Step::SendBatch { entries } => {
                let sent =
                    entries.iter().map(|(group, deduplication)| self.send(*group, *deduplication, None));
                sent.collect::<Vec<_>>().join(" ")
            }
            step if step.needs_handles() && self.handles.is_empty() => return,
            Step::Delete { handle: one } => self.delete(handle(one)),
            Step::Change { handle: one, seconds } => self.change(handle(one), *seconds),
            Step::DeleteBatch { handles } => {
                let handles: Vec<usize> = handles.iter().map(handle).collect();
                handles.into_iter().map(|handle| self.delete(handle)).collect::<Vec<_>>().join(" ")
            }
            Step::ChangeBatch { handles, seconds } => {
                let handles: Vec<usize> = handles.iter().map(handle).collect();
                let changed = handles.into_iter().map(|handle| self.change(handle, *seconds));
                changed.collect::<Vec<_>>().join(" ")
            }
            Step::Purge => self.purge(),
        };
        writeln!(self.log, "{}s call {call}: {text}", self.now / SECOND).expect("a string takes it");
        self.serve();
    }

    fn counts(&self) -> [u64; 7] {
        let noisy: Vec<usize> = (0..TENANTS).filter(|group| self.is_noisy(*group)).collect();
        let visible = self.count(None, is_visible);
        let of_noisy: u64 = noisy.iter().map(|group| self.count(Some(*group), is_visible)).sum();
        let passes_over = !self.setting.fifo && self.setting.max_receive_count.is_some_and(|limit| limit > 3);
        let counts =
            |message: &&ModelMessage| message.place != Where::Gone && !(passes_over && message.receives > 3);
        let oldest = self.messages.iter().filter(counts).map(|message| message.sent_at).min();
        [
            visible,
            self.count(None, is_in_flight),
            self.count(None, |place| matches!(place, Where::DelayedUntil(_))),
            self.dead_letters,
            oldest.map_or(0, |sent_at| (self.now - sent_at) / SECOND),
            noisy.len() as u64,
            if self.fair { visible - of_noisy } else { 0 },
        ]
    }
}

fn is_visible(place: &Where) -> bool {
    matches!(place, Where::Visible)
}

fn is_in_flight(place: &Where) -> bool {
    matches!(place, Where::InFlightUntil(_))
}

impl Step {
    fn needs_handles(&self) -> bool {
        matches!(
            self,
            Self::Delete { .. } | Self::DeleteBatch { .. } | Self::Change { .. } | Self::ChangeBatch { .. }
        )
    }
}

/// The real queue, asked the same.
struct Real {
    world: World,
    queue: ComponentId,
    fifo: bool,
    handles: Vec<Receipt>,
    offered: u32,
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
            purge_seconds: setting.purge_seconds as u32,
            deduplication_scope: match setting.per_group {
                true => DeduplicationScope::MessageGroup,
                false => DeduplicationScope::Queue,
            },
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
        Self { world, queue, fifo: setting.fifo, handles: Vec::new(), offered: 0, log: String::new() }
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
            Step::SendBatch { entries } => {
                let message = |(group, id): &(u8, u8)| Entry::new(self.message(*group, *id, None));
                (sqs::Request::SendMessageBatch, entries.iter().map(message).collect())
            }
            Step::Receive { max, wait, visibility, attempt } => {
                let request = sqs::Request::ReceiveMessage {
                    max_number_of_messages: *max,
                    wait_time_seconds: Some(*wait),
                    visibility_timeout: *visibility,
                    receive_request_attempt_id: attempt.and_then(NonZeroU32::new),
                };
                (request, Entries::new())
            }
            step if step.needs_handles() && self.handles.is_empty() => return,
            Step::Delete { handle } => (sqs::Request::DeleteMessage, self.receipts(&[*handle])),
            Step::DeleteBatch { handles } => (sqs::Request::DeleteMessageBatch, self.receipts(handles)),
            Step::Change { handle, seconds } => (
                sqs::Request::ChangeMessageVisibility { visibility_timeout: *seconds },
                self.receipts(&[*handle]),
            ),
            Step::ChangeBatch { handles, seconds } => (
                sqs::Request::ChangeMessageVisibilityBatch { visibility_timeout: *seconds },
                self.receipts(handles),
            ),
            Step::Purge => (sqs::Request::PurgeQueue, Entries::new()),
        };
        self.world.call_from_outside(self.queue, request.into(), entries, call as u32);
        self.collect();
    }

    fn receipts(&mut self, handles: &[prop::sample::Index]) -> Entries {
        let (offered, blank) = (self.offered, self.message(1, 0, None));
        self.offered = offered;
        let receipt = |handle: &prop::sample::Index| self.handles[handle.index(self.handles.len())];
        handles.iter().map(|handle| Entry { receipt: receipt(handle), ..Entry::new(blank) }).collect()
    }

    /// A message whose body is its number among those offered.
    fn message(&mut self, group: u8, deduplication: u8, delay_seconds: Option<u16>) -> Message {
        let catalogue = self.world.catalogue_mut();
        let payload = catalogue.add_payload(Payload::new(self.offered.to_string(), Default::default(), 0));
        self.offered += 1;
        let has_group = self.fifo || group > 0;
        let key = if has_group { catalogue.add_key(&group.to_string()) } else { KeyId::NONE };
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
    }

    fn text(&mut self, call: &Call) -> String {
        match call.result {
            Some(Err(error)) => return error.as_service_error().code().into(),
            Some(Ok(_)) => {}
            None => return "no answer".into(),
        }
        let messaging::Request::Sqs(request) = call.request else { panic!("only a queue is asked") };
        if request == sqs::Request::PurgeQueue {
            return "ok".into();
        }
        if !matches!(request, sqs::Request::ReceiveMessage { .. }) {
            let code = |entry: &Entry| entry.error.map_or("ok", |error| error.as_service_error().code());
            return call.entries.iter().map(code).collect::<Vec<_>>().join(" ");
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

    fn counts(&self) -> [u64; 7] {
        [
            MetricName::ApproximateNumberOfMessagesVisible,
            MetricName::ApproximateNumberOfMessagesNotVisible,
            MetricName::ApproximateNumberOfMessagesDelayed,
            MetricName::MessagesMovedToDeadLetterQueue,
            MetricName::ApproximateAgeOfOldestMessage,
            MetricName::ApproximateNumberOfNoisyGroups,
            MetricName::ApproximateNumberOfMessagesVisibleInQuietGroups,
        ]
        .map(|metric| self.world.metric(self.queue, metric))
    }
}

/// Runs the steps on both sides and compares all that can be seen after each.
fn compare(setting: Setting, steps: &[Step]) -> Result<(), TestCaseError> {
    let (mut model, mut real) = (Model::new(setting), Real::new(setting));
    for (call, step) in steps.iter().enumerate() {
        model.run(call, step);
        real.run(call, step);
        prop_assert_eq!(&real.log, &model.log, "left is the queue, after step {} {:?}", call, step);
        prop_assert_eq!(real.counts(), model.counts(), "left is the queue, after step {} {:?}", call, step);
    }
    Ok(())
}

/// A failure prints the shortest sequence that fails, and the seed it was found with.
fn sequences() -> ProptestConfig {
    ProptestConfig::with_cases(ProptestConfig::default().cases.max(SEQUENCES))
}

/// Sequences for each kind of queue: ten thousand in all.
const SEQUENCES: u32 = 5_000;

proptest! {
    #![proptest_config(sequences())]

    /// SQS-33, SQS-41, SQS-51, SQS-54, SQS-60 to SQS-66, SQS-82, SQS-85, SQS-91 to SQS-94, SQS-100, SQS-101, SQS-110,
    /// SQS-121, SQS-125, SQS-170 to SQS-174, SQS-176, SQS-180, SQS-231: a standard queue answers as the model does, at
    /// the same second. Conservation is asserted inside the queue all along.
    #[test]
    fn a_standard_queue_answers_as_its_naive_model((setting, steps) in standard()) {
        compare(setting, &steps)?;
    }

    /// SQS-33, SQS-41, SQS-52, SQS-54, SQS-60 to SQS-66, SQS-82, SQS-85, SQS-92, SQS-100 to SQS-102, SQS-110, SQS-121,
    /// SQS-142, SQS-143, SQS-145 to SQS-151, SQS-153, SQS-231: and so does a FIFO queue.
    #[test]
    fn a_fifo_queue_answers_as_its_naive_model(
        setting in setting(true), steps in prop::collection::vec(step(), 1..50),
    ) {
        compare(setting, &steps)?;
    }
}
