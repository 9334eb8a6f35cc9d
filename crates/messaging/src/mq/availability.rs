//! Instances, zones, failover (MQ-7, MQ-38 to MQ-45).

use kernel::{SimDuration, SimTime};

use super::accounting::Leaves;
use super::broker::{Broker, BrokerTimer};
use super::{BrokerProperties, DeploymentMode, Error, Request, StorageType, quotas};
use crate::call::Entries;
use crate::context::Context;
use crate::identifiers::{CallId, LinkId};
use crate::intervention::{AvailabilityZone, ComponentAction};

/// Why nobody serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// Somebody wanted it (MQ-40).
    Reboot,
    /// An instance or its zone was lost.
    Loss,
}

/// What the broker as a whole is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Phase {
    /// It serves.
    Serving,
    /// The next instance serves at `until`.
    Starting { since: SimTime, until: SimTime, cause: Cause },
    /// No instance can serve.
    Down { since: SimTime },
}

/// One instance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Instance {
    pub(super) zone: AvailabilityZone,
    pub(super) up: bool,
    /// When it is back, if that does not depend on its zone.
    pub(super) back_at: Option<SimTime>,
}

/// The instances of a broker.
#[derive(Clone, Debug)]
pub(super) struct Instances {
    pub(super) all: Vec<Instance>,
    /// The one that holds the lock of the shared store (MQ-39).
    pub(super) active: usize,
    pub(super) phase: Phase,
    cluster: bool,
    zones_out: Vec<AvailabilityZone>,
    /// The node of a cluster that is being rebooted.
    rolling: Option<usize>,
}

impl Instances {
    pub(super) fn new(properties: &BrokerProperties) -> Self {
        let zones = AvailabilityZone::ALL.iter().take(properties.instances());
        Self {
            all: zones.map(|zone| Instance { zone: *zone, up: true, back_at: None }).collect(),
            active: 0,
            phase: Phase::Serving,
            cluster: properties.deployment_mode == DeploymentMode::ClusterMultiAz,
            zones_out: Vec::new(),
            rolling: None,
        }
    }

    #[inline]
    pub(super) fn is_serving(&self) -> bool {
        self.phase == Phase::Serving
    }

    /// How many instances are there.
    pub(super) fn up(&self) -> usize {
        self.all.iter().filter(|instance| instance.up).count()
    }

    /// The node that the load balancer gives a new connection of a link; the active instance without a cluster.
    pub(super) fn node_for(&self, link: LinkId) -> usize {
        if !self.cluster {
            return self.active;
        }
        let up: Vec<usize> = (0..self.all.len()).filter(|node| self.all[*node].up).collect();
        if up.is_empty() { 0 } else { up[link.index() % up.len()] }
    }
}

impl Broker {
    /// A queue of a cluster can be used (MQ-36, MQ-45).
    pub(super) fn is_available(&self, place: u32, now: SimTime) -> bool {
        if self.properties.instances() < 3 {
            return true;
        }
        let destination = &self.destinations[place as usize];
        if destination.is_quorum() {
            return self.instances.up() >= quotas::QUORUM && now >= destination.available_at;
        }
        // Amazon MQ mirrors classic queues on RabbitMQ 3; from 4 on they live on one node.
        self.properties.version() < 400 || self.instances.all[destination.node].up
    }

    /// A publish waits for the leader of its queue.
    pub(super) fn delayed_by_election(&mut self, call: CallId) {
        self.waiting_for_leader.push(call);
    }

    /// Nobody is there to answer (MQ-41).
    pub(super) fn not_there(&mut self, call: CallId, cx: &mut Context<'_>) {
        cx.reply(call, Err(Error::ConnectionClosed.into()));
    }

    /// What a person or the timeline does to it.
    pub(super) fn interfere(&mut self, action: ComponentAction, cx: &mut Context<'_>) -> Result<(), String> {
        match action {
            ComponentAction::Reboot => self.reboot(cx),
            ComponentAction::Crash => {
                let lost = match self.instances.cluster {
                    true => self.instances.all.iter().position(|instance| instance.up),
                    false => Some(self.instances.active),
                };
                let back_at = cx.now() + SimDuration::from_secs_f64(self.properties.replacement_seconds);
                if let Some(lost) = lost {
                    self.lose(lost, Some(back_at), Cause::Loss, cx);
                }
            }
            ComponentAction::Slow(factor) if factor.is_finite() && factor > 0.0 => self.slowness = factor,
            ComponentAction::Slow(_) => return Err("The factor must be a number above 0.".into()),
            ComponentAction::ZoneOutage(zone) => self.zone_outage(zone, cx),
            ComponentAction::ZoneRecovery(zone) => self.zone_recovery(zone, cx),
            ComponentAction::Purge => {
                self.purge(cx);
            }
            _ => return Err(format!("A broker cannot {}.", action.name())),
        }
        Ok(())
    }

    /// `RebootBroker`: all instances of a broker, the nodes of a cluster one after the other (MQ-40, MQ-45).
    fn reboot(&mut self, cx: &mut Context<'_>) {
        let back_at = cx.now() + SimDuration::from_secs_f64(self.properties.reboot_seconds);
        if self.instances.cluster {
            self.instances.rolling = Some(0);
            return self.lose(0, Some(back_at), Cause::Reboot, cx);
        }
        self.lose(self.instances.active, Some(back_at), Cause::Reboot, cx);
    }

    fn zone_outage(&mut self, zone: AvailabilityZone, cx: &mut Context<'_>) {
        if !self.instances.zones_out.contains(&zone) {
            self.instances.zones_out.push(zone);
        }
        for node in 0..self.instances.all.len() {
            if self.instances.all[node].zone == zone && self.instances.all[node].up {
                // A single instance on EFS is replaced in another zone; on EBS it waits (MQ-43).
                let alone = self.instances.all.len() == 1 && self.properties.storage() == StorageType::Efs;
                let replaced = cx.now() + SimDuration::from_secs_f64(self.properties.replacement_seconds);
                self.lose(node, alone.then_some(replaced), Cause::Loss, cx);
            }
        }
    }

    fn zone_recovery(&mut self, zone: AvailabilityZone, cx: &mut Context<'_>) {
        self.instances.zones_out.retain(|out| *out != zone);
        let soon = cx.now() + SimDuration::from_secs_f64(self.properties.reboot_seconds);
        for instance in self.instances.all.iter_mut().filter(|it| it.zone == zone && !it.up) {
            instance.back_at = Some(instance.back_at.map_or(soon, |at| at.min(soon)));
        }
        self.arm(cx);
    }

    /// An instance is lost, until some time or until its zone is back.
    fn lose(&mut self, node: usize, back_at: Option<SimTime>, cause: Cause, cx: &mut Context<'_>) {
        let now = cx.now();
        let instance = &mut self.instances.all[node];
        (instance.up, instance.back_at) = (false, back_at);
        if self.instances.cluster {
            self.lose_node(node, cx);
        } else if node == self.instances.active {
            if self.instances.is_serving() {
                self.lose_connections(None, cx);
                self.lose_what_was_in_memory(cx);
            }
            self.next_active(now, cause);
        }
        self.arm(cx);
    }

    /// Another instance takes the lock of the store, or this one when it is back (MQ-39, MQ-40).
    fn next_active(&mut self, now: SimTime, cause: Cause) {
        let seconds = match cause {
            Cause::Reboot => self.properties.reboot_seconds,
            Cause::Loss => self.properties.failover_seconds,
        };
        self.instances.phase = match self.instances.all.iter().position(|instance| instance.up) {
            Some(standby) => {
                self.instances.active = standby;
                Phase::Starting { since: now, until: now + SimDuration::from_secs_f64(seconds), cause }
            }
            None => match self.instances.all.iter().filter_map(|instance| instance.back_at).min() {
                Some(until) => Phase::Starting { since: now, until, cause },
                None => Phase::Down { since: now },
            },
        };
    }

    /// A node of a cluster is gone: its connections break, its leaders are elected anew (MQ-45).
    fn lose_node(&mut self, node: usize, cx: &mut Context<'_>) {
        let now = cx.now();
        self.lose_connections(Some(node), cx);
        let election = now + SimDuration::from_secs_f64(self.properties.leader_election_seconds);
        let nodes = self.instances.all.len();
        for destination in self.destinations.iter_mut().filter(|it| it.node == node && it.is_quorum()) {
            destination.available_at = election;
            destination.node = (node + 1) % nodes;
        }
        if self.instances.up() == 0 {
            self.lose_what_was_in_memory(cx);
            self.instances.phase = Phase::Down { since: now };
        }
        cx.schedule_at(election, BrokerTimer::Instances);
    }

    /// Connections break: of one node, or all. What was not confirmed is not (MQ-41, MQ-42).
    pub(super) fn lose_connections(&mut self, node: Option<usize>, cx: &mut Context<'_>) {
        let now = cx.now();
        let lost: Vec<LinkId> = match node {
            // Readers from outside the graph have no link, and lose their connection all the same.
            None => self.ports.iter().map(|port| port.link).chain([LinkId::NONE]).collect(),
            Some(node) => {
                let of_node = self.ports.iter().filter(|port| port.connected && port.node == node);
                let mut lost: Vec<LinkId> = of_node.map(|port| port.link).collect();
                let workers = self.subscriptions.iter().filter(|(_, other)| other.node == node);
                lost.extend(workers.map(|(_, other)| other.link));
                lost.sort_unstable();
                lost.dedup();
                lost
            }
        };
        for (arrives_at, call) in std::mem::take(&mut self.unconfirmed) {
            if arrives_at > now && lost.contains(&cx.call(call).link) {
                cx.call_mut(call).result = Some(Err(Error::ConnectionClosed.into()));
            }
        }
        let waiting = std::mem::take(&mut self.waiting);
        let (gone, kept): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .chain(std::mem::take(&mut self.waiting_for_leader))
            .partition(|call| lost.contains(&cx.call(*call).link));
        self.waiting = kept.into();
        gone.into_iter().for_each(|call| self.not_there(call, cx));
        (self.breaking, self.was_down) = (true, true);
        for link in lost {
            self.close_link(link, cx);
            let told = self.ports.iter().any(|port| port.link == link && !port.cut);
            if told {
                self.tell((link, Request::ConnectionClosed), Entries::new(), 0, cx);
            }
        }
        self.breaking = false;
        if node.is_some() {
            (0..self.destinations.len() as u32).for_each(|place| self.dispatch(place, cx));
        }
    }

    /// What was not written to the store is gone (MQ-24, MQ-35).
    fn lose_what_was_in_memory(&mut self, cx: &mut Context<'_>) {
        for place in 0..self.destinations.len() {
            let ready = std::mem::take(&mut self.destinations[place].ready);
            let (kept, lost): (Vec<u32>, Vec<u32>) =
                ready.into_iter().partition(|slot| self.stored[*slot as usize].persistent);
            self.destinations[place].ready = kept.into();
            lost.into_iter().for_each(|slot| drop(self.remove(slot, Leaves::Lost, cx)));
        }
    }

    /// Instances are back, a standby has taken over, a leader was elected.
    pub(super) fn instances_changed(&mut self, cx: &mut Context<'_>) {
        let now = cx.now();
        for instance in &mut self.instances.all {
            if instance.back_at.is_some_and(|at| at <= now) {
                if self.instances.zones_out.contains(&instance.zone) {
                    let other =
                        AvailabilityZone::ALL.iter().find(|zone| !self.instances.zones_out.contains(zone));
                    instance.zone = other.copied().unwrap_or(instance.zone);
                }
                (instance.up, instance.back_at) = (true, None);
            }
        }
        match self.instances.phase {
            Phase::Starting { until, .. } if until <= now => {
                self.instances.active =
                    self.instances.all.iter().position(|it| it.up).unwrap_or(self.instances.active);
                self.instances.phase = Phase::Serving;
            }
            Phase::Down { .. } if self.instances.up() > 0 => self.instances.phase = Phase::Serving,
            _ => {}
        }
        if let Some(node) = self.instances.rolling.filter(|node| self.instances.all[*node].up) {
            let next = (node + 1 < self.instances.all.len()).then_some(node + 1);
            self.instances.rolling = next;
            if let Some(next) = next {
                let back_at = now + SimDuration::from_secs_f64(self.properties.reboot_seconds);
                self.lose(next, Some(back_at), Cause::Reboot, cx);
            }
        }
        if self.instances.is_serving() {
            let waited = std::mem::take(&mut self.waiting_for_leader);
            waited.into_iter().rev().for_each(|call| self.waiting.push_front(call));
            (0..self.destinations.len() as u32).for_each(|place| self.dispatch(place, cx));
            self.take_waiting(cx);
        }
        self.arm(cx);
    }

    /// Wakes up when the next instance changes its state.
    fn arm(&self, cx: &mut Context<'_>) {
        let now = cx.now();
        let backs = self.instances.all.iter().filter_map(|instance| instance.back_at);
        let until = match self.instances.phase {
            Phase::Starting { until, .. } => Some(until),
            _ => None,
        };
        if let Some(at) = backs.chain(until).filter(|at| *at > now).min() {
            cx.schedule_at(at, BrokerTimer::Instances);
        }
    }
}
