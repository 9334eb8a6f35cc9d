//! An alarm at work (CMP-9 to CMP-13).

use kernel::SimDuration;
use smallvec::smallvec;

use super::alarm_properties::{AlarmProperties, DESCRIPTOR};
use super::evaluation::{AlarmState, Datapoint, EXTRA_PERIODS, evaluate};
use super::points::{EVALUATION_DELAY, PUBLICATION, Points, next_publication};
use super::{Request, Watch};
use crate::behavior::{AttributeError, Behavior};
use crate::call::{Entries, Entry, NewCall, Principal, Reply};
use crate::context::{Context, View};
use crate::descriptor::ResourceDescriptor;
use crate::identifiers::{CallId, ComponentId, DeduplicationId, KeyId, LinkId, MessageId};
use crate::message::{Message, Payload};
use crate::metric::MetricName;
use crate::node_state::NodeState;
use crate::registry::{LinkBehavior, LinkProperties, Timer as AnyTimer};

/// What an alarm is woken for.
#[derive(Clone, Copy, Debug)]
pub enum AlarmTimer {
    /// The metric is published.
    Publication {
        /// Tells the wake-ups of another period from these.
        generation: u32,
    },
    /// The state is looked at.
    Evaluation,
}

impl From<AlarmTimer> for AnyTimer {
    fn from(timer: AlarmTimer) -> Self {
        Self::Alarm(timer)
    }
}

/// An alarm.
#[derive(Clone, Debug)]
pub struct Alarm {
    pub(super) properties: AlarmProperties,
    pub(super) state: AlarmState,
    /// When the state became what it is.
    pub(super) since: kernel::SimTime,
    pub(super) points: Points,
    pub(super) watched: Vec<ComponentId>,
    /// The actions: the links to groups and topics.
    pub(super) actions: Vec<(LinkId, ComponentId)>,
    generation: u32,
}

impl Alarm {
    /// A period below a minute has a publication of its own: a metric of high resolution.
    fn publication(&self) -> SimDuration {
        SimDuration::from_secs(u64::from(self.properties.period)).min(PUBLICATION)
    }

    /// How many publications a period has.
    fn publications(&self) -> usize {
        let every = self.publication().as_micros() / 1_000_000;
        (u64::from(self.properties.period) / every.max(1)).max(1) as usize
    }

    fn periods(&self) -> usize {
        self.properties.evaluation_periods as usize + EXTRA_PERIODS
    }

    fn wait_for_publication(&mut self, cx: &mut Context<'_>) {
        let at = next_publication(cx.now(), self.publication());
        cx.schedule_at(at, AlarmTimer::Publication { generation: self.generation });
    }

    fn publish(&mut self, cx: &mut Context<'_>) {
        let keep = self.periods() * self.publications();
        self.points.publish(self.properties.metric_name, &self.watched, keep, cx);
        let delay = if self.publication() < PUBLICATION { SimDuration::ZERO } else { EVALUATION_DELAY };
        // The publication comes a moment after its second; the evaluation is 5 s after the second itself.
        let second = kernel::SimTime::from_secs(cx.now().whole_second());
        cx.schedule_at(second + delay, AlarmTimer::Evaluation);
        self.wait_for_publication(cx);
    }

    fn evaluate(&mut self, cx: &mut Context<'_>) {
        let properties = &self.properties;
        let point = |back: usize| {
            let value = self.points.period(back, self.publications(), properties.statistic);
            value.map_or(Datapoint::Missing, |value| {
                if properties.comparison_operator.holds(value, properties.threshold) {
                    Datapoint::Breaching
                } else {
                    Datapoint::Fine
                }
            })
        };
        let range: Vec<Datapoint> = (0..self.periods()).rev().map(point).collect();
        let periods = properties.evaluation_periods as usize;
        let needed = properties.datapoints_to_alarm.map_or(periods, |needed| needed as usize);
        let before = self.state;
        self.state = evaluate(&range, needed, periods, properties.treat_missing_data, before);
        if self.state != before {
            self.since = cx.now();
            if self.state == AlarmState::Alarm {
                cx.count(MetricName::AlarmsRaised, 1);
            }
        }
        if self.properties.actions_enabled {
            self.act(before, cx);
        }
    }

    /// Topics hear of changes; a group hears of an alarm for as long as it lasts (CMP-12).
    fn act(&mut self, before: AlarmState, cx: &mut Context<'_>) {
        for (link, to) in self.actions.clone() {
            let Some(properties) = cx.links().get(link).map(|link| &link.properties) else { continue };
            let notifies = match properties {
                LinkProperties::ScalingPolicy(_) if self.state == AlarmState::Alarm => false,
                LinkProperties::AlarmAction(action)
                    if self.state != before && action.includes(self.state) =>
                {
                    true
                }
                _ => continue,
            };
            let (request, entries) = if notifies {
                let entries: Entries = smallvec![Entry::new(self.notification(before, cx))];
                let Some(request) = cx.kind(to).and_then(|kind| kind.send_request(&entries)) else {
                    continue;
                };
                (request, entries)
            } else {
                let metric_value = self
                    .points
                    .period(0, self.publications(), self.properties.statistic)
                    .unwrap_or(self.properties.threshold);
                let breach_threshold = self.properties.threshold;
                (Request::ExecutePolicy { metric_value, breach_threshold }.into(), Entries::new())
            };
            let principal = Principal::Service { name: "cloudwatch.amazonaws.com", source: cx.id() };
            cx.count(MetricName::AlarmActionsExecuted, 1);
            cx.make_call(NewCall { link, request, entries, principal, reply: Reply::OnFailure, tag: 0 });
        }
    }

    /// What a topic is told. The time of the change is that of the message: so there are few different bodies.
    fn notification(&self, before: AlarmState, cx: &mut Context<'_>) -> Message {
        let (name, properties) = (cx.name(cx.id()), &self.properties);
        let body = serde_json::json!({
            "AlarmName": name,
            "OldStateValue": before.name(),
            "NewStateValue": self.state.name(),
            "NewStateReason": self.reason(),
            "Trigger": {
                "MetricName": properties.metric_name.name(),
                "Period": properties.period,
                "EvaluationPeriods": properties.evaluation_periods,
                "Threshold": properties.threshold,
            },
        });
        let mut payload =
            Payload::new(body.to_string(), crate::message_attributes::MessageAttributes::new(), 0);
        payload.subject = Some(format!("{}: \"{name}\"", self.state.name()).into());
        let published_at = cx.now();
        Message {
            id: MessageId(0),
            trace_id: cx.new_trace_id(),
            payload: cx.catalogue_mut().add_payload(payload),
            key: KeyId::NONE,
            deduplication_id: DeduplicationId::NONE,
            published_at,
            delay_seconds: None,
            poison: false,
        }
    }

    /// All it does is to make groups smaller.
    pub(super) fn only_scales_in(&self, view: &View<'_>) -> bool {
        let shrinks = |link: &LinkId| match view.links().get(*link).map(|link| &link.properties) {
            Some(LinkProperties::ScalingPolicy(policy)) => policy.only_shrinks(),
            _ => false,
        };
        !self.actions.is_empty() && self.actions.iter().all(|(link, _)| shrinks(link))
    }

    /// Why the state is what it is, in CloudWatch's words without the values.
    pub(super) fn reason(&self) -> &'static str {
        match self.state {
            AlarmState::Ok => "Threshold not crossed",
            AlarmState::Alarm => "Threshold Crossed",
            AlarmState::InsufficientData => "Insufficient Data",
        }
    }
}

impl Behavior for Alarm {
    type Properties = AlarmProperties;
    type Timer = AlarmTimer;
    const DESCRIPTOR: ResourceDescriptor = DESCRIPTOR;
    const LINK_FROM_ANY: Option<&'static str> = Some(Watch::DESCRIPTOR.link_type);

    fn create(properties: &AlarmProperties, cx: &mut Context<'_>) -> Self {
        let mut alarm = Self {
            properties: properties.clone(),
            state: AlarmState::InsufficientData,
            since: cx.now(),
            points: Points::default(),
            watched: Vec::new(),
            actions: Vec::new(),
            generation: 0,
        };
        alarm.wait_for_publication(cx);
        alarm
    }

    fn update(&mut self, properties: &AlarmProperties, cx: &mut Context<'_>) {
        let other_metric = properties.metric_name != self.properties.metric_name;
        let other_period = properties.period != self.properties.period;
        self.properties = properties.clone();
        if other_metric || other_period {
            self.points.restart(self.properties.metric_name, &self.watched, cx);
            self.generation += 1;
            self.wait_for_publication(cx);
        }
    }

    fn attribute_errors(properties: &AlarmProperties) -> Vec<AttributeError> {
        properties.errors()
    }

    fn on_links_changed(&mut self, cx: &mut Context<'_>) {
        let id = cx.id();
        let watches = |properties: &LinkProperties| matches!(properties, LinkProperties::Watch(_));
        let watched = cx.links().arriving(id).filter(|link| !link.cut && watches(&link.properties));
        let watched: Vec<ComponentId> = watched.map(|link| link.from).collect();
        if watched != self.watched {
            self.points.restart(self.properties.metric_name, &watched, cx);
            self.watched = watched;
        }
        self.actions = cx.links().leaving(id).map(|link| (link.id, link.to)).collect();
    }

    fn on_request(&mut self, _call: CallId, _cx: &mut Context<'_>) {}

    fn on_response(&mut self, _call: CallId, cx: &mut Context<'_>) {
        // Only failures are heard of.
        cx.count(MetricName::AlarmActionsFailed, 1);
    }

    fn on_timer(&mut self, timer: AlarmTimer, cx: &mut Context<'_>) {
        match timer {
            AlarmTimer::Publication { generation } if generation == self.generation => self.publish(cx),
            AlarmTimer::Publication { .. } => {}
            AlarmTimer::Evaluation => self.evaluate(cx),
        }
    }

    fn gauges(&self, _view: &View<'_>, put: &mut dyn FnMut(MetricName, u64)) {
        let state = match self.state {
            AlarmState::Ok => 0,
            AlarmState::Alarm => 1,
            AlarmState::InsufficientData => 2,
        };
        put(MetricName::AlarmStateValue, state);
        put(MetricName::AlarmMetricValue, self.points.last().unwrap_or(0.0).max(0.0) as u64);
    }

    fn state(&self, view: &View<'_>) -> NodeState {
        super::alarm_state::state(self, view)
    }
}
