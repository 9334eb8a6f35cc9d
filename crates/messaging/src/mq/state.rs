//! What a broker shows of itself: its instances, its storage, its queues, and how long it takes until it is back.

use kernel::SimTime;

use super::availability::{Cause, Phase};
use super::broker::Broker;
use super::destination::{Destination, Kind};
use super::ports::{Port, Way};
use super::{DeploymentMode, StorageType, quotas};
use crate::context::View;
use crate::node_state::{Cell, Health, Instrument, NodeState, Problem, Tone, Unit};

/// Destinations drawn on the node. Ours.
const SHOWN: usize = 4;
/// A gauge is near its limit from this share of it on (UI: near quota).
const NEAR: f64 = 0.8;

fn seconds_until(at: SimTime, now: SimTime) -> u64 {
    at.since(now).as_micros().div_ceil(1_000_000)
}

impl Broker {
    pub(super) fn node_state(&self, view: &View<'_>) -> NodeState {
        let now = view.now();
        let problem = self.problem(view);
        let mut instruments = vec![self.cells()];
        let mut shown: Vec<&Destination> = self.destinations.iter().filter(|it| !it.gone).collect();
        shown.sort_by_key(|destination| std::cmp::Reverse(destination.messages()));
        for destination in shown.iter().take(SHOWN) {
            let slow = self.is_slow(destination);
            instruments.push(Instrument::Figure {
                label: label(destination).into(),
                value: destination.messages() as f64,
                unit: Unit::Count,
                tone: match () {
                    () if destination.name.starts_with("ActiveMQ.DLQ") && destination.messages() > 0 => {
                        Tone::Dead
                    }
                    () if slow => Tone::Near,
                    () => Tone::Plain,
                },
            });
        }
        if shown.len() > SHOWN {
            let more = shown.len() - SHOWN;
            instruments.push(Instrument::Note { text: format!("and {more} more").into(), tone: Tone::Plain });
        }
        let taken = self.taken.last_second(now).max(self.taken.current(now));
        let capacity = self.capacity();
        instruments.push(Instrument::Gauge {
            label: "messages".into(),
            value: taken as f64,
            limit: capacity as f64,
            unit: Unit::PerSecond,
            quota: "MaxMessagesPerSecond".into(),
            metric: None,
        });
        let clients = self.connections();
        instruments.push(Instrument::Figure {
            label: "connections".into(),
            value: clients as f64,
            unit: Unit::Count,
            tone: Tone::Plain,
        });
        for note in self.notes(now) {
            instruments.push(Instrument::Note { text: note.into(), tone: Tone::Near });
        }
        let messages: u64 = self.destinations.iter().map(Destination::messages).sum();
        let health = match () {
            () if !self.instances.is_serving() => Health::Down,
            () if self.is_full() || self.refused.last_second(now) > 0 => Health::Throttled,
            () if self.instances.up() < self.instances.all.len() => Health::Failing,
            () if taken as f64 >= NEAR * capacity as f64 => Health::NearQuota,
            () => Health::Ok,
        };
        let tag = if self.properties.is_rabbit() { "RabbitMQ" } else { "ActiveMQ" };
        NodeState {
            health,
            tag: tag.into(),
            instruments,
            problem,
            summary: format!(
                "Amazon MQ broker, {tag}, {}, {messages} messages, {clients} connections",
                self.status().to_lowercase().replace('_', " ")
            ),
        }
    }

    /// `BrokerState` (MQ-6).
    pub(super) fn status(&self) -> &'static str {
        match self.instances.phase {
            Phase::Serving => "RUNNING",
            Phase::Starting { cause: Cause::Reboot, .. } => "REBOOT_IN_PROGRESS",
            Phase::Starting { .. } | Phase::Down { .. } => "CRITICAL_ACTION_REQUIRED",
        }
    }

    /// The instances with their zones, on what they store.
    fn cells(&self) -> Instrument {
        let starting = !self.instances.is_serving();
        let cells = self.instances.all.iter().enumerate().map(|(place, instance)| {
            let active = place == self.instances.active;
            let word: crate::node_state::Text = match (self.properties.deployment_mode, instance.up) {
                (_, false) => "down".into(),
                (DeploymentMode::ClusterMultiAz, true) => "node".into(),
                (DeploymentMode::ActiveStandbyMultiAz, true) if active && starting => "taking over".into(),
                (_, true) if active && starting => "starting".into(),
                (_, true) if active => "active".into(),
                (_, true) => "standby".into(),
            };
            let tone = match (instance.up, active && starting) {
                (false, _) => Tone::Bad,
                (true, true) => Tone::Near,
                _ => Tone::Plain,
            };
            let filled =
                instance.up && (active || self.properties.deployment_mode == DeploymentMode::ClusterMultiAz);
            Cell { title: instance.zone.letter().into(), text: word, filled: filled && !starting, tone }
        });
        let storage = match (self.properties.storage(), self.instances.all.len()) {
            (StorageType::Efs, 2) => "shared store on EFS",
            (StorageType::Efs, _) => "store on EFS",
            (StorageType::Ebs, 3) => "store on EBS each",
            (StorageType::Ebs, _) => "store on EBS",
        };
        Instrument::Cells { cells: cells.collect(), joined: storage.into() }
    }

    /// What happens until somebody serves again, and who waits for it (MQ-40).
    fn notes(&self, now: SimTime) -> Vec<String> {
        let mut notes = match self.instances.phase {
            Phase::Serving => Vec::new(),
            Phase::Down { .. } => vec!["waits for its zone".to_owned()],
            Phase::Starting { since, until, cause } => {
                let left = seconds_until(until, now);
                let lock = since + quotas::LOCK_LEASE;
                let shared = self.instances.all.len() == 2 && cause == Cause::Loss;
                let word = if cause == Cause::Reboot { "reboot" } else { "failover" };
                match shared && lock < until && now < lock {
                    true => vec![format!("{word}, {left} s; lock free in {} s", seconds_until(lock, now))],
                    false => vec![format!("{word}, {left} s")],
                }
            }
        };
        let waiting = self.ports.iter().filter(|port| !self.is_connected(port)).count();
        if waiting > 0 && (!notes.is_empty() || self.was_down) {
            notes.push(format!("{waiting} clients reconnecting"));
        }
        notes
    }

    /// The client of a link has a connection.
    fn is_connected(&self, port: &Port) -> bool {
        match port.way {
            Way::Receive { .. } => self.instances.is_serving(),
            Way::Consume { .. } => self.subscriptions.iter().any(|(_, other)| other.link == port.link),
            Way::Send { .. } | Way::Publish { .. } => port.connected,
        }
    }

    /// More than twice its prefetch is pending (MQ-16).
    pub(super) fn is_slow(&self, destination: &Destination) -> bool {
        let prefetch =
            destination.subscriptions.iter().map(|place| self.subscriptions[*place as usize].prefetch);
        let prefetch: u64 = prefetch.map(u64::from).sum();
        !destination.is_queue()
            && prefetch > 0
            && destination.messages() > quotas::SLOW_CONSUMER_TIMES * prefetch
    }

    fn problem(&self, view: &View<'_>) -> Option<Problem> {
        let (now, name) = (view.now(), view.name(view.id()));
        let (title, text, error_code) = match self.instances.phase {
            Phase::Starting { until, cause, .. } => {
                let why = match cause {
                    Cause::Reboot => "is rebooted",
                    Cause::Loss => "has lost its active instance",
                };
                let left = seconds_until(until, now);
                let text = format!(
                    "{name} {why}. Nothing is sent or received for another {left} s; then the clients reconnect. What \
                     was stored is there, and what was not acknowledged is delivered again."
                );
                ("Nobody serves at the moment".to_owned(), text, "ConnectionClosed")
            }
            Phase::Down { .. } => {
                let text =
                    format!("{name} has no instance that could serve. Its zone has to come back first.");
                ("The broker is down".to_owned(), text, "ConnectionClosed")
            }
            Phase::Serving if self.is_full() => {
                let text = format!(
                    "{name} has no space left for messages, so producers wait: {} of them. Consumers are not affected.",
                    self.waiting.len()
                );
                ("Producers are blocked".to_owned(), text, "ResourceAllocationException")
            }
            Phase::Serving if self.waiting.len() > 1 => {
                let capacity = self.capacity();
                let text = format!(
                    "{name} takes {capacity} messages/s on a {}, and {} wait for their turn. A standby adds no capacity.",
                    self.properties.host_instance_type.word(),
                    self.waiting.len()
                );
                ("More comes than the instance takes".to_owned(), text, "MaxMessagesPerSecond")
            }
            Phase::Serving => return None,
        };
        Some(Problem { title, text, error_code: Some(error_code.into()), remedies: Vec::new() })
    }
}

fn label(destination: &Destination) -> String {
    match destination.kind {
        Kind::Queue => destination.name.clone(),
        Kind::Subscription { durable: true, .. } => format!("{} (durable)", destination.name),
        Kind::Subscription { .. } => format!("{} (topic)", destination.name),
    }
}
