//! A group at work: it keeps as many instances as are desired, and policies say how many that is (CMP-14 to CMP-23).

use kernel::{SimDuration, SimTime};

use super::evaluation::{AlarmState, Datapoint, evaluate};
use super::group_properties::{DESCRIPTOR, GroupProperties, TrackedMetric};
use super::instances::{Instances, Stage};
use super::points::{EVALUATION_DELAY, PUBLICATION, next_publication};
use super::{Error, PolicyType, Request, Response, ScalingPolicy, TreatMissingData};
use crate::behavior::{AttributeError, Behavior};
use crate::client::{Consumer, ConsumerTimer};
use crate::context::{Context, View};
use crate::descriptor::ResourceDescriptor;
use crate::identifiers::CallId;
use crate::intervention::ComponentAction;
use crate::metric::MetricName;
use crate::node_state::NodeState;
use crate::registry::{LinkProperties, Request as AnyRequest, Timer as AnyTimer};

/// What a group is woken for.
#[derive(Clone, Copy, Debug)]
pub enum GroupTimer {
    /// A worker of an instance is.
    Worker(ConsumerTimer),
    /// An instance has booted.
    Booted {
        /// Its place.
        place: u32,
        /// Its number.
        number: u32,
    },
    /// An instance has had its time to finish.
    GraceOver {
        /// Its place.
        place: u32,
        /// Its number.
        number: u32,
    },
    /// What the policies want is done.
    Decision,
    /// The tracked metric is read.
    Publication,
    /// The tracked metric is held against its target.
    Evaluation,
}

impl From<GroupTimer> for AnyTimer {
    fn from(timer: GroupTimer) -> Self {
        Self::AutoScalingGroup(timer)
    }
}

fn worker_timer(timer: ConsumerTimer) -> AnyTimer {
    GroupTimer::Worker(timer).into()
}

/// What a policy wants.
#[derive(Clone, Copy, Debug)]
struct Wish {
    capacity: u32,
    warmup: u32,
    /// A simple policy waits so many seconds afterwards.
    cooldown: Option<u32>,
}

/// The minutes a target is looked at: three to grow, fifteen to shrink (CMP-18).
const HIGH_PERIODS: usize = 3;
const LOW_PERIODS: usize = 15;
/// The low alarm of a target stands so far below it (CMP-18).
const LOW_SHARE: f64 = 0.9;
/// Tags have room for so many workers.
const MAX_PLACES: usize = 4_000;

/// An Auto Scaling group.
#[derive(Clone, Debug)]
pub struct AutoScalingGroup {
    pub(super) properties: GroupProperties,
    pub(super) fleet: Consumer,
    pub(super) instances: Instances,
    pub(super) desired: u32,
    wishes: Vec<Wish>,
    /// The cooldown that begins when the activity ends (CMP-15).
    cooldown: Option<u32>,
    pub(super) cooldown_until: SimTime,
    /// The tracked metric by minute, newest last.
    tracked: Vec<f64>,
    pub(super) stopped: bool,
    /// How many are on their way out: nobody looks for them while there are none.
    leaving: u32,
}

impl AutoScalingGroup {
    fn boot(&self) -> SimDuration {
        SimDuration::from_secs(self.properties.boot_seconds.into())
    }

    /// The warm-up of a policy, else of the group, else its cooldown (CMP-20).
    fn warmup(&self, of_policy: Option<u32>) -> u32 {
        of_policy.or(self.properties.default_instance_warmup).unwrap_or(self.properties.cooldown)
    }

    /// Launches and terminates until capacity is what is desired.
    fn reconcile(&mut self, warmup: u32, cx: &mut Context<'_>) {
        while self.instances.capacity() < self.desired {
            let threads = self.properties.threads();
            if (self.instances.iter().count() + 1) * threads > MAX_PLACES {
                break;
            }
            let boot = self.boot();
            let warm_after = boot + SimDuration::from_secs(warmup.into());
            let properties = &self.properties;
            let (zones, is_protected) =
                (properties.availability_zones, properties.new_instances_protected_from_scale_in);
            let (place, number) = self.instances.launch(cx.now(), warm_after, zones, is_protected);
            cx.count(MetricName::InstancesLaunched, 1);
            let place = place as u32;
            if boot.is_zero() {
                self.booted(place, number, cx);
            } else {
                cx.schedule_in(boot, GroupTimer::Booted { place, number });
            }
        }
        while self.instances.capacity() > self.desired {
            let Some(place) = self.instances.first_to_go() else { break };
            self.terminate(place, self.properties.termination_grace_seconds, cx);
        }
        self.activity_may_have_ended(cx);
    }

    fn workers_of(&self, place: usize) -> std::ops::Range<usize> {
        let threads = self.properties.threads();
        place * threads..(place + 1) * threads
    }

    fn booted(&mut self, place: u32, number: u32, cx: &mut Context<'_>) {
        let Some(instance) = self.instances.get_mut(place as usize) else { return };
        if instance.number != number || instance.stage != Stage::Pending {
            return;
        }
        instance.stage = Stage::InService;
        for worker in self.workers_of(place as usize) {
            self.fleet.open(worker, cx);
        }
        self.activity_may_have_ended(cx);
    }

    /// An instance goes: at once, or once its workers have finished what they hold (CMP-22).
    fn terminate(&mut self, place: usize, grace_seconds: u32, cx: &mut Context<'_>) {
        let Some(instance) = self.instances.get_mut(place) else { return };
        let was_pending = instance.stage == Stage::Pending;
        instance.stage = Stage::Terminating;
        if was_pending || grace_seconds == 0 {
            return self.gone(place, cx);
        }
        let number = instance.number;
        for worker in self.workers_of(place) {
            self.fleet.leave(worker, cx);
        }
        let grace = SimDuration::from_secs(grace_seconds.into());
        cx.schedule_in(grace, GroupTimer::GraceOver { place: place as u32, number });
        self.leaving = self.instances.count(Stage::Terminating);
        self.sweep(cx);
    }

    fn gone(&mut self, place: usize, cx: &mut Context<'_>) {
        for worker in self.workers_of(place) {
            self.fleet.close(worker, cx);
        }
        self.instances.remove(place);
        self.leaving = self.instances.count(Stage::Terminating);
        cx.count(MetricName::InstancesTerminated, 1);
        self.activity_may_have_ended(cx);
    }

    /// Lets go of instances whose workers have all finished.
    #[inline]
    fn sweep(&mut self, cx: &mut Context<'_>) {
        while self.leaving > 0 {
            let done = self.instances.iter().find(|(place, instance)| {
                instance.stage == Stage::Terminating
                    && self.workers_of(*place).all(|worker| self.fleet.has_left(worker))
            });
            let Some(place) = done.map(|(place, _)| place) else { return };
            self.gone(place, cx);
        }
    }

    fn activity_may_have_ended(&mut self, cx: &mut Context<'_>) {
        let under_way = self.instances.count(Stage::Pending) + self.instances.count(Stage::Terminating) > 0;
        if let Some(seconds) = self.cooldown.filter(|_| !under_way) {
            self.cooldown = None;
            self.cooldown_until = cx.now() + SimDuration::from_secs(seconds.into());
        }
    }

    /// What a policy wants now; nothing when it has to wait (CMP-15, CMP-16).
    fn wish(&self, policy: &ScalingPolicy, breach: f64, cx: &Context<'_>) -> Option<Wish> {
        let now = cx.now();
        let warmup = self.warmup(policy.estimated_instance_warmup);
        if policy.policy_type == PolicyType::SimpleScaling {
            let under_way = self.cooldown.is_some()
                || self.instances.count(Stage::Pending) + self.instances.count(Stage::Terminating) > 0;
            if under_way || now < self.cooldown_until {
                return None;
            }
            let cooldown = Some(policy.cooldown.unwrap_or(self.properties.cooldown));
            let capacity = policy.capacity_after(self.desired, breach)?;
            return Some(Wish { capacity, warmup, cooldown });
        }
        // Those still warming up have been added already: the same step adds nothing (CMP-16).
        let warming = self.instances.capacity() - self.instances.warm(now);
        let counted = self.desired.saturating_sub(warming);
        let mut capacity = policy.capacity_after(counted, breach)?;
        if capacity > counted || warming > 0 {
            capacity = capacity.max(self.desired);
        }
        Some(Wish { capacity, warmup, cooldown: None })
    }

    /// What the target wants; with a target, nothing shrinks against it (CMP-18, CMP-21).
    fn tracked_wish(&self, now: SimTime) -> Option<Wish> {
        let tracking = self.properties.target_tracking?;
        let warmup = self.warmup(None);
        let target = tracking.target_value;
        let state = |periods: usize, breaches: &dyn Fn(f64) -> bool| {
            let newest = self.tracked.iter().rev().take(periods);
            let point = |value: &f64| if breaches(*value) { Datapoint::Breaching } else { Datapoint::Fine };
            let points: Vec<Datapoint> = newest.map(point).collect();
            points.len() == periods
                && evaluate(&points, periods, periods, TreatMissingData::Missing, AlarmState::Ok)
                    == AlarmState::Alarm
        };
        let metric = *self.tracked.last()?;
        let counted = self.instances.warm(now).max(1);
        let proportional = (f64::from(counted) * metric / target).ceil().min(f64::from(u32::MAX)) as u32;
        let hold = Wish { capacity: self.desired, warmup, cooldown: None };
        let low = target * LOW_SHARE;
        if state(HIGH_PERIODS, &|value| value > target) {
            return Some(Wish { capacity: proportional.max(self.desired), ..hold });
        }
        let shrinks = !tracking.disable_scale_in && state(LOW_PERIODS, &|value| value < low);
        if shrinks && proportional < self.desired {
            // One at a time, as long as the metric stays below its target.
            return Some(Wish { capacity: self.desired - 1, ..hold });
        }
        Some(hold)
    }

    /// Of several wishes the largest capacity counts: so the group shrinks only when all agree (CMP-21).
    fn decide(&mut self, cx: &mut Context<'_>) {
        let now = cx.now();
        let mut wishes = std::mem::take(&mut self.wishes);
        wishes.extend(self.tracked_wish(now));
        let Some(wish) = wishes.into_iter().max_by_key(|wish| wish.capacity) else { return };
        let capacity = self.properties.within(wish.capacity);
        let warming = self.instances.capacity() > self.instances.warm(now);
        let is_simple = wish.cooldown.is_some();
        // While a scale-out is in progress, nothing is taken away (CMP-20).
        if capacity == self.desired || (capacity < self.desired && warming && !is_simple) {
            return;
        }
        self.desired = capacity;
        self.cooldown = wish.cooldown;
        self.reconcile(wish.warmup, cx);
    }

    /// The tracked metric as it stands (CMP-19).
    fn tracked_value(&self, metric: TrackedMetric, cx: &Context<'_>) -> f64 {
        match metric {
            TrackedMetric::BacklogPerInstance => {
                let sources = self.fleet.source_links().filter_map(|link| cx.links().get(link));
                let visible = sources.filter_map(|link| cx.metrics(link.from));
                let visible: u64 =
                    visible.map(|table| table.value(MetricName::ApproximateNumberOfMessagesVisible)).sum();
                visible as f64 / f64::from(self.instances.warm(cx.now()).max(1))
            }
            TrackedMetric::CpuUtilization => {
                let (busy, all) = self.fleet.busy();
                busy as f64 / all.max(1) as f64 * 100.0
            }
        }
    }

    fn wait_for_publication(&self, cx: &mut Context<'_>) {
        let at = next_publication(cx.now(), PUBLICATION);
        cx.schedule_at(at, GroupTimer::Publication);
    }

    fn publish(&mut self, cx: &mut Context<'_>) {
        let Some(tracking) = self.properties.target_tracking else { return };
        self.tracked.push(self.tracked_value(tracking.metric, cx));
        if self.tracked.len() > LOW_PERIODS {
            self.tracked.remove(0);
        }
        let second = SimTime::from_secs(cx.now().whole_second());
        cx.schedule_at(second + EVALUATION_DELAY, GroupTimer::Evaluation);
        self.wait_for_publication(cx);
    }

    /// Every instance is gone at once, with what it holds.
    /// A zone is lost with the instances in it; others take their place elsewhere (CMP-22).
    fn lose_zone(&mut self, zone: u32, cx: &mut Context<'_>) {
        self.instances.zones_out.push(zone);
        let lost = self.instances.iter().filter(|(_, instance)| instance.zone == zone);
        let lost: Vec<usize> = lost.map(|(place, _)| place).collect();
        lost.into_iter().for_each(|place| self.terminate(place, 0, cx));
        self.reconcile(self.warmup(None), cx);
    }

    fn terminate_all(&mut self, cx: &mut Context<'_>) {
        let places: Vec<usize> = self.instances.iter().map(|(place, _)| place).collect();
        for place in places {
            self.terminate(place, 0, cx);
        }
    }
}

impl Behavior for AutoScalingGroup {
    type Properties = GroupProperties;
    type Timer = GroupTimer;
    const DESCRIPTOR: ResourceDescriptor = DESCRIPTOR;

    fn create(properties: &GroupProperties, cx: &mut Context<'_>) -> Self {
        let group = Self {
            properties: properties.clone(),
            fleet: Consumer::managed(&properties.instance, worker_timer, cx),
            instances: Instances::default(),
            desired: properties.within(properties.desired_capacity.unwrap_or(properties.min_size)),
            wishes: Vec::new(),
            cooldown: None,
            cooldown_until: SimTime::ZERO,
            tracked: Vec::new(),
            stopped: properties.instance.stopped,
            leaving: 0,
        };
        if properties.target_tracking.is_some() {
            group.wait_for_publication(cx);
        }
        group
    }

    fn update(&mut self, properties: &GroupProperties, cx: &mut Context<'_>) {
        if self.properties.instance.workers != properties.instance.workers {
            // Another launch template: others are launched in their place.
            self.terminate_all(cx);
        }
        let before = std::mem::replace(&mut self.properties, properties.clone());
        if before.target_tracking.is_none() && properties.target_tracking.is_some() {
            self.wait_for_publication(cx);
        }
        if before.target_tracking != properties.target_tracking {
            self.tracked.clear();
        }
        self.fleet.update(&properties.instance, cx);
        if before.desired_capacity != properties.desired_capacity {
            self.desired = properties.desired_capacity.unwrap_or(self.desired);
        }
        self.desired = self.properties.within(self.desired);
        self.reconcile(self.warmup(None), cx);
    }

    fn attribute_errors(properties: &GroupProperties) -> Vec<AttributeError> {
        properties.errors()
    }

    fn on_links_changed(&mut self, cx: &mut Context<'_>) {
        self.fleet.on_links_changed(cx);
        // The run begins with the instances in service; whatever is launched later boots.
        if self.instances.iter().next().is_none() && cx.now() == SimTime::ZERO {
            let boot = std::mem::take(&mut self.properties.boot_seconds);
            self.reconcile(0, cx);
            self.properties.boot_seconds = boot;
        } else {
            self.reconcile(self.warmup(None), cx);
        }
    }

    fn on_request(&mut self, call: CallId, cx: &mut Context<'_>) {
        let AnyRequest::AutoScaling(Request::ExecutePolicy { metric_value, breach_threshold }) =
            cx.call(call).request
        else {
            return self.fleet.pushed(call, cx);
        };
        let link = cx.links().get(cx.call(call).link).map(|link| &link.properties);
        let Some(LinkProperties::ScalingPolicy(policy)) = link else {
            return cx.reply(call, Err(Error::ValidationError.into()));
        };
        if let Some(wish) = self.wish(policy, metric_value - breach_threshold, cx) {
            if self.wishes.is_empty() {
                // After all that arrives at the same instant.
                cx.schedule_in(SimDuration::ZERO, GroupTimer::Decision);
            }
            self.wishes.push(wish);
        }
        cx.reply(call, Ok(Response::Executed.into()));
    }

    #[inline]
    fn on_response(&mut self, call: CallId, cx: &mut Context<'_>) {
        self.fleet.on_response(call, cx);
        self.sweep(cx);
    }

    #[inline]
    fn on_timer(&mut self, timer: GroupTimer, cx: &mut Context<'_>) {
        match timer {
            GroupTimer::Worker(timer) => {
                self.fleet.on_timer(timer, cx);
                self.sweep(cx);
            }
            GroupTimer::Booted { place, number } => self.booted(place, number, cx),
            GroupTimer::GraceOver { place, number } => {
                let place = place as usize;
                let instance = self.instances.get_mut(place).copied();
                let is_same = |instance: super::instances::Instance| {
                    instance.number == number && instance.stage == Stage::Terminating
                };
                if instance.is_some_and(is_same) {
                    self.gone(place, cx);
                }
            }
            GroupTimer::Decision | GroupTimer::Evaluation => self.decide(cx),
            GroupTimer::Publication => self.publish(cx),
        }
    }

    fn on_action(&mut self, action: ComponentAction, cx: &mut Context<'_>) -> Result<(), String> {
        match action {
            ComponentAction::Crash => {
                self.terminate_all(cx);
                self.reconcile(self.warmup(None), cx);
            }
            ComponentAction::ZoneOutage(zone) => self.lose_zone(zone as u32, cx),
            ComponentAction::ZoneRecovery(zone) => self.instances.zones_out.retain(|out| *out != zone as u32),
            ComponentAction::Start | ComponentAction::Stop => {
                self.stopped = action == ComponentAction::Stop;
                self.fleet.on_action(action, cx)?;
            }
            ComponentAction::Slow(_) => self.fleet.on_action(action, cx)?,
            _ => return Err(format!("An Auto Scaling group cannot {}.", action.name())),
        }
        Ok(())
    }

    fn gauges(&self, view: &View<'_>, put: &mut dyn FnMut(MetricName, u64)) {
        self.fleet.gauges(view, put);
        put(MetricName::GroupDesiredCapacity, self.desired.into());
        put(MetricName::GroupInServiceInstances, self.instances.count(Stage::InService).into());
        put(MetricName::GroupPendingInstances, self.instances.count(Stage::Pending).into());
        put(MetricName::GroupTerminatingInstances, self.instances.count(Stage::Terminating).into());
    }

    fn state(&self, view: &View<'_>) -> NodeState {
        super::group_state::state(self, view)
    }
}
