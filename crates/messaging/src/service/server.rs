//! The service at work.

use std::collections::VecDeque;

use kernel::{Distribution, SecondCounter, SimDuration, SimTime};
use slab::Slab;

use super::{DESCRIPTOR, Error, Request, Response, ServiceProperties};
use crate::behavior::Behavior;
use crate::call::{Entries, Entry, NewCall, Principal, Reply};
use crate::context::{Context, View};
use crate::descriptor::ResourceDescriptor;
use crate::identifiers::{CallId, LinkId};
use crate::intervention::ComponentAction;
use crate::metric::MetricName;
use crate::node_state::NodeState;
use crate::registry::{ApiError, LinkKind, Request as AnyRequest, ResourceKind, Timer as AnyTimer};

/// What a service is woken for. `number` tells a call from one that had its place before.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "place and number say it all")]
pub enum ServiceTimer {
    /// The work on a call is over.
    Done { place: u32, number: u32 },
    /// A caller has waited for as long as it does.
    GivenUp { place: u32, number: u32 },
}

impl From<ServiceTimer> for AnyTimer {
    fn from(timer: ServiceTimer) -> Self {
        Self::Service(timer)
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    Waiting,
    Working { since: SimTime, until: SimTime },
    Calling { since: SimTime, unanswered: u32, failed: bool },
}

/// A call that has a slot or waits for one.
#[derive(Clone, Debug)]
struct Job {
    /// Whom to answer; nobody once the caller has given up.
    call: Option<CallId>,
    entries: Entries,
    stage: Stage,
    number: u32,
}

/// A service.
#[derive(Clone, Debug)]
pub struct Service {
    pub(super) properties: ServiceProperties,
    time: Distribution,
    slowness: f64,
    pub(super) running: bool,
    jobs: Slab<Job>,
    waiting: VecDeque<u32>,
    pub(super) busy: u32,
    calls: u32,
    targets: Vec<(LinkId, ResourceKind)>,
    /// The longest that an answer to a call of its own took.
    longest_wait: SimDuration,
    pub(super) served: SecondCounter,
    pub(super) refused: SecondCounter,
    pub(super) last_error: Option<Error>,
}

impl Service {
    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn busy_percent(&self, now: SimTime) -> Vec<u8> {
        let progress = |job: &Job| match job.stage {
            Stage::Waiting => None,
            Stage::Working { since, until } => {
                let all = until.since(since).as_micros().max(1);
                Some((now.since(since).as_micros() * 100 / all).min(100) as u8)
            }
            Stage::Calling { .. } => Some(100),
        };
        self.jobs.iter().filter_map(|(_, job)| progress(job)).collect()
    }

    fn fail(&mut self, call: CallId, error: Error, cx: &mut Context<'_>) {
        let metric = match error {
            Error::ServiceUnavailable | Error::TooManyRequests => MetricName::CallsRefused,
            Error::GatewayTimeout => MetricName::CallsTimedOut,
            Error::BadGateway => MetricName::CallsFailed,
        };
        cx.count(metric, 1);
        self.refused.add(cx.now(), 1);
        self.last_error = Some(error);
        cx.reply(call, Err(error.into()));
    }

    fn start(&mut self, place: u32, cx: &mut Context<'_>) {
        let time = self.time.sample(cx.random()).as_secs_f64() * self.slowness;
        let now = cx.now();
        let Some(job) = self.jobs.get_mut(place as usize) else { return };
        let until = now + SimDuration::from_secs_f64(time);
        job.stage = Stage::Working { since: now, until };
        self.busy += 1;
        cx.schedule_at(until, ServiceTimer::Done { place, number: job.number });
    }

    /// The work is done: now for what others have to do for it.
    fn worked(&mut self, place: u32, cx: &mut Context<'_>) {
        let now = cx.now();
        let Some(job) = self.jobs.get_mut(place as usize) else { return };
        let mut unanswered = 0;
        let entries: Entries = job.entries.iter().map(|entry| Entry::new(entry.message)).collect();
        for (link, kind) in &self.targets {
            let Some(request) = kind.send_request(&entries) else { continue };
            let (entries, principal, reply) = (entries.clone(), Principal::Account, Reply::Always);
            cx.make_call(NewCall { link: *link, request, entries, principal, reply, tag: place });
            unanswered += 1;
        }
        job.stage = Stage::Calling { since: now, unanswered, failed: false };
        if unanswered == 0 {
            self.finish(place, false, cx);
        }
    }

    fn finish(&mut self, place: u32, failed: bool, cx: &mut Context<'_>) {
        let job = self.jobs.remove(place as usize);
        self.busy -= 1;
        if let Some(call) = job.call {
            if failed {
                self.fail(call, Error::BadGateway, cx);
            } else {
                cx.count(MetricName::CallsServed, 1);
                self.served.add(cx.now(), 1);
                cx.reply(call, Ok(Response::Done.into()));
            }
        }
        self.next(cx);
    }

    fn next(&mut self, cx: &mut Context<'_>) {
        while self.running && self.busy < self.properties.slots {
            let Some(place) = self.waiting.pop_front() else { return };
            self.start(place, cx);
        }
    }

    /// A caller hangs up. What waits is dropped; what has a slot keeps it, for nobody (CMP-45).
    fn given_up(&mut self, place: u32, error: Error, cx: &mut Context<'_>) {
        let Some(job) = self.jobs.get_mut(place as usize) else { return };
        let call = job.call.take();
        if job.stage == Stage::Waiting {
            self.jobs.remove(place as usize);
            self.waiting.retain(|other| *other != place);
        }
        if let Some(call) = call {
            self.fail(call, error, cx);
        }
    }

    fn stop(&mut self, cx: &mut Context<'_>) {
        self.running = false;
        let places: Vec<u32> = self.jobs.iter().map(|(place, _)| place as u32).collect();
        for place in places {
            self.given_up(place, Error::ServiceUnavailable, cx);
        }
    }

    /// All it has in hand is lost, save what it has asked of others already: that is done, for nobody (CMP-4).
    fn crash(&mut self, cx: &mut Context<'_>) {
        self.stop(cx);
        let before = self.jobs.len();
        self.jobs.retain(|_, job| matches!(job.stage, Stage::Calling { .. }));
        self.busy -= (before - self.jobs.len()) as u32;
    }

    fn is_job(&self, place: u32, number: u32) -> bool {
        self.jobs.get(place as usize).is_some_and(|job| job.number == number)
    }
}

impl Behavior for Service {
    type Properties = ServiceProperties;
    type Timer = ServiceTimer;
    const THROTTLING: Option<ApiError> = Some(ApiError::Service(Error::TooManyRequests));
    const DESCRIPTOR: ResourceDescriptor = DESCRIPTOR;

    fn create(properties: &ServiceProperties, _cx: &mut Context<'_>) -> Self {
        Self {
            properties: properties.clone(),
            time: properties.service_time.distribution(),
            slowness: 1.0,
            running: true,
            jobs: Slab::new(),
            waiting: VecDeque::new(),
            busy: 0,
            calls: 0,
            targets: Vec::new(),
            longest_wait: SimDuration::ZERO,
            served: SecondCounter::default(),
            refused: SecondCounter::default(),
            last_error: None,
        }
    }

    fn update(&mut self, properties: &ServiceProperties, cx: &mut Context<'_>) {
        self.properties = properties.clone();
        self.time = properties.service_time.distribution();
        self.next(cx);
    }

    fn send_request(_entries: &[Entry]) -> Option<AnyRequest> {
        Some(Request::Call.into())
    }

    fn on_links_changed(&mut self, cx: &mut Context<'_>) {
        let id = cx.id();
        let targets = cx.links().leaving(id).filter(|link| link.properties.kind() == LinkKind::Send);
        self.targets = targets.filter_map(|link| Some((link.id, cx.kind(link.to)?))).collect();
    }

    fn on_request(&mut self, call: CallId, cx: &mut Context<'_>) {
        let full =
            self.busy >= self.properties.slots && self.waiting.len() >= self.properties.accept_queue as usize;
        if !self.running || full {
            return self.fail(call, Error::ServiceUnavailable, cx);
        }
        self.calls = self.calls.wrapping_add(1);
        let (number, entries) = (self.calls, cx.call(call).entries.clone());
        let job = Job { call: Some(call), entries, stage: Stage::Waiting, number };
        let place = self.jobs.insert(job) as u32;
        let timeout = SimDuration::from_secs_f64(self.properties.timeout_seconds);
        cx.schedule_in(timeout, ServiceTimer::GivenUp { place, number });
        self.waiting.push_back(place);
        self.next(cx);
    }

    fn on_response(&mut self, call: CallId, cx: &mut Context<'_>) {
        let call = cx.call(call);
        let (place, refused) = (call.tag, crate::client::retry::refused(call).is_some());
        let now = cx.now();
        let Some(job) = self.jobs.get_mut(place as usize) else { return };
        let Stage::Calling { since, unanswered, failed } = &mut job.stage else { return };
        self.longest_wait = self.longest_wait.max(now.since(*since));
        *unanswered -= 1;
        *failed |= refused;
        let (last, failed) = (*unanswered == 0, *failed);
        if last {
            self.finish(place, failed, cx);
        }
    }

    fn on_timer(&mut self, timer: ServiceTimer, cx: &mut Context<'_>) {
        match timer {
            ServiceTimer::Done { place, number } if self.is_job(place, number) => self.worked(place, cx),
            ServiceTimer::GivenUp { place, number } if self.is_job(place, number) => {
                // What is done at the last moment is in time (CMP-45).
                let done_now = self.jobs.get(place as usize).is_some_and(
                    |job| matches!(job.stage, Stage::Working { until, .. } if until == cx.now()),
                );
                if !(done_now && self.targets.is_empty()) {
                    self.given_up(place, Error::GatewayTimeout, cx);
                }
            }
            _ => {}
        }
    }

    fn on_action(&mut self, action: ComponentAction, cx: &mut Context<'_>) -> Result<(), String> {
        match action {
            ComponentAction::Start => self.running = true,
            ComponentAction::Stop => self.stop(cx),
            ComponentAction::Crash => self.crash(cx),
            ComponentAction::ZoneOutage(zone) if self.properties.availability_zone == Some(zone) => {
                self.crash(cx);
            }
            ComponentAction::ZoneRecovery(zone) if self.properties.availability_zone == Some(zone) => {
                self.running = true;
            }
            ComponentAction::Slow(factor) if factor.is_finite() && factor > 0.0 => self.slowness = factor,
            ComponentAction::Slow(_) => return Err("The factor must be a number above 0.".into()),
            _ => return Err(format!("A service cannot {}.", action.name())),
        }
        Ok(())
    }

    fn gauges(&self, _view: &View<'_>, put: &mut dyn FnMut(MetricName, u64)) {
        put(MetricName::BusySlots, self.busy.into());
        put(MetricName::CallsWaiting, self.waiting.len() as u64);
        put(MetricName::LongestWaitMilliseconds, self.longest_wait.as_millis());
    }

    fn state(&self, view: &View<'_>) -> NodeState {
        super::state::state(self, view)
    }
}
