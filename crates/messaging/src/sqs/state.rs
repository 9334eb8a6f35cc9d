//! What a queue shows of itself.

use kernel::{SimDuration, SimTime};

use super::backlog::Order;
use super::fifo::Groups;
use super::move_task::{MessageMoveTask, MessageMoveTaskStatus};
use super::partitions::FifoPartitions;
use super::queue::Queue;
use super::store::State;
use super::throughput::Action;
use crate::context::View;
use crate::identifiers::ComponentId;
use crate::metric::MetricName;
use crate::node_state::{HeadMessage, Health, Instrument, NodeState, Text, Tone, Unit};

/// A gauge is near its limit from this share of it on (UI: near quota).
pub(super) const NEAR: f64 = 0.8;
/// Messages shown at the head of a FIFO queue. Ours.
const HEAD_MESSAGES: usize = 9;
/// Messages looked at to find them. Ours.
const HEAD_LOOKED_AT: usize = 256;
/// Messages received more often are passed over for the age of the oldest (SQS-125).
const OFTEN_RECEIVED: u32 = 3;

impl Queue {
    /// `ApproximateAgeOfOldestMessage` (SQS-180).
    pub(super) fn oldest_age(&self, now: SimTime) -> SimDuration {
        self.age_of_oldest(now, |_| true)
    }

    /// The age of the oldest of those that count. In a standard queue what was moved there is as old as its move, and
    /// what was received more than three times does not count where it goes to the back (SQS-125, SQS-180).
    fn age_of_oldest(&self, now: SimTime, counts: impl Fn(u32) -> bool) -> SimDuration {
        let (store, moved) = (&self.backlog.store, &self.backlog.moved);
        let fifo = self.properties.fifo_queue;
        let passes_over = !fifo && self.dead_letter_queue.is_some_and(|queue| queue.max_receive_count > 3);
        let is_sent = |slot: &u32| fifo || store.get(*slot).source == ComponentId::OUTSIDE;
        let is_looked_at =
            |slot: &u32| !(passes_over && store.get(*slot).receive_count > OFTEN_RECEIVED) && counts(*slot);
        let sent = match store.held() > moved.held() || fifo {
            true => store.by_age().filter(is_sent).find(is_looked_at),
            false => None,
        };
        let sent_at = sent.map(|slot| store.get(slot).enqueued_at);
        let moved_at = moved.oldest(store);
        sent_at.into_iter().chain(moved_at).min().map_or(SimDuration::ZERO, |at| now.since(at))
    }

    /// How long the oldest message has been kept: the clock of the retention (SQS-110, SQS-112).
    pub(super) fn longest_kept(&self, now: SimTime) -> SimDuration {
        let store = &self.backlog.store;
        store.oldest().map_or(SimDuration::ZERO, |slot| now.since(store.get(slot).enqueued_at))
    }

    /// The metrics of fair queues (SQS-180).
    pub(super) fn put_quiet_gauges(&self, now: SimTime, put: &mut dyn FnMut(MetricName, u64)) {
        let (store, tenants) = (&self.backlog.store, &self.backlog.tenants);
        let quiet = tenants.quiet_counts(now, store);
        put(MetricName::ApproximateNumberOfNoisyGroups, tenants.noisy_groups(now));
        put(MetricName::ApproximateNumberOfMessagesVisibleInQuietGroups, quiet.visible);
        put(MetricName::ApproximateNumberOfMessagesNotVisibleInQuietGroups, quiet.in_flight);
        put(MetricName::ApproximateNumberOfMessagesDelayedInQuietGroups, quiet.delayed);
        let age = self.age_of_oldest(now, |slot| !tenants.is_of_noisy(slot, now, store));
        put(MetricName::ApproximateAgeOfOldestMessageInQuietGroups, age.as_micros() / 1_000_000);
    }

    /// The queue is the dead-letter queue of another resource (SQS-120).
    fn is_dead_letter_queue(view: &View<'_>) -> bool {
        view.links().arriving(view.id()).any(|link| link.properties.is_redrive())
    }

    /// What it shows of itself.
    pub(super) fn node_state(&self, view: &View<'_>) -> NodeState {
        let dead_letters = Self::is_dead_letter_queue(view);
        let store = &self.backlog.store;
        let mut instruments = vec![Instrument::MessageBar {
            delayed: store.delayed(),
            visible: store.visible(),
            in_flight: store.in_flight(),
            dead_letters,
        }];
        if dead_letters {
            self.put_dead_letters(view, &mut instruments);
        } else {
            self.put_figures(view, &mut instruments);
        }
        if let Order::Fifo(groups) = &self.backlog.order {
            instruments.push(Instrument::Head { messages: self.head(groups) });
            instruments.extend(self.busiest_gauge(view));
        }
        let problem = self.problem(view);
        NodeState {
            health: self.health(view, dead_letters, problem.is_some()),
            tag: match (dead_letters, self.properties.fifo_queue) {
                (true, _) => "DLQ",
                (_, true) => "FIFO",
                _ => "Standard",
            }
            .into(),
            instruments,
            problem,
            summary: self.summary(view, dead_letters),
        }
    }

    fn put_figures(&self, view: &View<'_>, instruments: &mut Vec<Instrument>) {
        let store = &self.backlog.store;
        let limit = view.quota(self.in_flight_quota());
        let crowded = store.in_flight() as f64 >= NEAR * limit as f64;
        let near = |is_near: bool| if is_near { Tone::Near } else { Tone::Plain };
        instruments.push(count("visible", store.visible(), Tone::Plain));
        instruments.push(count("in flight", store.in_flight(), near(crowded)));
        if store.in_flight() >= limit {
            return instruments.push(note("in-flight quota reached".into(), Tone::Near));
        }
        if let Order::Fifo(groups) = &self.backlog.order {
            let mut text = format!("{} groups, {} locked", groups.count(), groups.with_in_flight());
            if let Some(partitions) = &self.throughput.partitions {
                text += &format!(", {}", partitions.text());
            }
            return instruments.push(note(text.into(), Tone::Plain));
        }
        if self.backlog.tenants.is_active() {
            let noisy = self.backlog.tenants.noisy_groups(view.now());
            instruments.push(count("noisy groups", noisy, near(noisy > 0)));
        }
        let age = self.oldest_age(view.now());
        instruments.push(Instrument::Figure {
            label: "oldest".into(),
            value: age.as_secs_f64(),
            unit: Unit::Seconds,
            tone: near(self.is_near_expiry(self.longest_kept(view.now()))),
        });
        if store.delayed() > 0 || self.properties.delay_seconds > 0 {
            instruments.push(count("delayed", store.delayed(), Tone::Plain));
        }
    }

    fn put_dead_letters(&self, view: &View<'_>, instruments: &mut Vec<Instrument>) {
        let store = &self.backlog.store;
        let tone = if store.held() > 0 { Tone::Dead } else { Tone::Plain };
        instruments.push(count("dead-lettered", store.held(), tone));
        if let Some(task) = &self.move_task {
            if task.is_running() {
                return instruments.push(count("to be moved back", u64::from(task.left()), Tone::Plain));
            }
            let MessageMoveTask { status, approximate_number_of_messages_moved: moved, .. } = task.shown();
            let (reason, tone) = match status {
                MessageMoveTaskStatus::Failed(reason) => (format!(" ({})", reason.name()), Tone::Bad),
                _ => (String::new(), Tone::Plain),
            };
            instruments
                .push(note(format!("move task {}{reason}, {moved} moved", status.name()).into(), tone));
        }
        let recent = self.trouble.moved_in.count(view.now());
        if recent > 0 {
            instruments.push(count("a minute", recent, Tone::Dead));
        }
        let sources: Vec<&str> = view
            .links()
            .arriving(view.id())
            .filter(|link| link.properties.is_redrive())
            .map(|link| view.name(link.from))
            .collect();
        instruments.push(note(format!("from {}", sources.join(", ")).into(), Tone::Plain));
        let retention = f64::from(self.properties.message_retention_period);
        let near = self.is_near_expiry(self.longest_kept(view.now()));
        instruments.push(Instrument::Figure {
            label: "retention".into(),
            value: retention,
            unit: Unit::Seconds,
            tone: if near { Tone::Near } else { Tone::Plain },
        });
    }

    /// The next messages that have not been received, first first, those of locked groups too.
    fn head(&self, groups: &Groups) -> Vec<HeadMessage> {
        let store = &self.backlog.store;
        let waiting =
            store.by_age().take(HEAD_LOOKED_AT).filter(|slot| store.get(*slot).state == State::Visible);
        let shown = waiting.take(HEAD_MESSAGES).map(|slot| {
            let message = &store.get(slot).message;
            HeadMessage {
                trace_id: message.trace_id,
                payload: message.payload,
                key: message.key,
                locked: groups.is_locked(slot, store),
            }
        });
        shown.collect()
    }

    /// The gauge of the API action that is called most (SQS-161).
    fn busiest_gauge(&self, view: &View<'_>) -> Option<Instrument> {
        let quota = self.calls_quota()?;
        let busiest = self.throughput.busiest(view.now());
        let meter = self.throughput.meter(busiest);
        let partitions = self.throughput.partitions.as_ref().map(FifoPartitions::calls_per_second);
        let limit = view.quota(quota).min(partitions.unwrap_or(u64::MAX)) as f64;
        let metric = match busiest {
            Action::Send => MetricName::NumberOfMessagesSent,
            Action::Receive => MetricName::NumberOfMessagesReceived,
            Action::Delete => MetricName::NumberOfMessagesDeleted,
        };
        // Calls are limited; with ten messages each, ten times as many messages pass (SQS-161).
        let messages_per_call = meter.messages_per_call(view.now()).round().max(1.0);
        Some(Instrument::Gauge {
            label: busiest.name().into(),
            value: meter.tried(view.now()) as f64,
            limit,
            unit: Unit::PerSecond,
            quota: quota.code.into(),
            metric: Some((metric, limit * messages_per_call)),
        })
    }

    fn health(&self, view: &View<'_>, dead_letters: bool, has_problem: bool) -> Health {
        let store = &self.backlog.store;
        let in_flight_limit = view.quota(self.in_flight_quota());
        let refuses = self.throughput.refused(view.now()).is_some() || store.in_flight() >= in_flight_limit;
        let gauge = self.busiest_gauge(view);
        let near_calls =
            matches!(gauge, Some(Instrument::Gauge { value, limit, .. }) if value >= NEAR * limit);
        let near_in_flight = store.in_flight() as f64 >= NEAR * in_flight_limit as f64;
        if refuses {
            Health::Throttled
        } else if dead_letters && store.held() > 0 {
            Health::DeadLetters
        } else if near_calls || near_in_flight || has_problem {
            Health::NearQuota
        } else {
            Health::Ok
        }
    }

    /// Most of the retention period is over for the oldest message (SQS-110).
    pub(super) fn is_near_expiry(&self, age: SimDuration) -> bool {
        age.as_secs_f64() >= NEAR * self.retention().as_secs_f64()
    }

    fn summary(&self, view: &View<'_>, dead_letters: bool) -> String {
        let store = &self.backlog.store;
        if dead_letters {
            return format!("Dead-letter queue, {} dead-lettered", store.held());
        }
        let title = if self.properties.fifo_queue { "SQS FIFO queue" } else { "SQS queue" };
        let mut text = format!("{title}, {} visible, {} in flight", store.visible(), store.in_flight());
        if store.delayed() > 0 {
            text += &format!(", {} delayed", store.delayed());
        }
        if let Some(action) = self.throughput.refused(view.now()) {
            let refused = self.throughput.meter(action).refused(view.now());
            text += &format!(", refusing {refused} {} calls per second", action.name());
        }
        text
    }
}

fn count(label: &'static str, value: u64, tone: Tone) -> Instrument {
    Instrument::Figure { label: label.into(), value: value as f64, unit: Unit::Count, tone }
}

fn note(text: Text, tone: Tone) -> Instrument {
    Instrument::Note { text, tone }
}
