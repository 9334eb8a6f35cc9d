//! The endpoint at work.

use kernel::{Distribution, SecondCounter, SimDuration};

use super::properties::{DESCRIPTOR, EndpointProperties};
use super::{ANSWER_TIMEOUT, Error, Request, Response};
use crate::behavior::Behavior;
use crate::call::Entry;
use crate::context::{Context, View};
use crate::descriptor::ResourceDescriptor;
use crate::identifiers::CallId;
use crate::intervention::ComponentAction;
use crate::metric::MetricName;
use crate::node_state::NodeState;
use crate::registry::{ApiError, Request as AnyRequest, Timer as AnyTimer};

/// An endpoint is woken to answer a request.
#[derive(Clone, Copy, Debug)]
pub struct EndpointTimer {
    call: CallId,
    error: Option<Error>,
}

impl From<EndpointTimer> for AnyTimer {
    fn from(timer: EndpointTimer) -> Self {
        Self::Endpoint(timer)
    }
}

/// An endpoint.
#[derive(Clone, Debug)]
pub struct Endpoint {
    pub(super) properties: EndpointProperties,
    response_time: Distribution,
    slowness: f64,
    pub(super) running: bool,
    /// Requests it has not answered yet.
    pub(super) unanswered: u32,
    /// What it was asked in the running second, for `MaxRequestsPerSecond`.
    asked: SecondCounter,
    pub(super) accepted: SecondCounter,
    pub(super) refused: SecondCounter,
    /// Why it refused last.
    pub(super) last_error: Option<Error>,
}

impl Endpoint {
    /// What goes wrong with a request that arrives now, if anything (SNS-140).
    fn error(&mut self, bytes: u32, cx: &mut Context<'_>) -> Option<Error> {
        let properties = &self.properties;
        if properties.max_request_bytes.is_some_and(|most| bytes > most) {
            return Some(Error::StatusCode(413));
        }
        if !properties.enabled {
            return Some(Error::EndpointDisabled);
        }
        let limit = properties.max_requests_per_second;
        if limit.is_some_and(|limit| !self.asked.try_add(cx.now(), 1, limit.into())) {
            return Some(Error::StatusCode(429));
        }
        let fails = cx.random().chance(properties.failure_probability);
        let status = if fails { properties.failure_status_code } else { properties.status_code };
        (!(200..300).contains(&status)).then_some(Error::StatusCode(status))
    }

    fn answer(&mut self, call: CallId, error: Option<Error>, cx: &mut Context<'_>) {
        // What went down before it could answer has not answered.
        let error = if self.running { error } else { Some(Error::Unreachable) };
        if cx.call(call).request == Request::SubscriptionConfirmation.into() {
            if error.is_none() {
                cx.count(MetricName::SubscriptionsConfirmed, 1);
            }
            let result = error.map_or(Ok(Response::Confirmed.into()), |error| Err(error.into()));
            return cx.reply(call, result);
        }
        let amount = cx.call(call).entries.len() as u64;
        if let AnyRequest::Endpoint(Request::Delivery { records, .. }) = cx.call(call).request
            && matches!(error, None | Some(Error::TimedOut))
        {
            // What is answered too late has been taken all the same (FH-43).
            cx.count(MetricName::RecordsStored, records.into());
        }
        match error {
            None => {
                cx.count(MetricName::DeliveriesAccepted, amount);
                self.accepted.add(cx.now(), amount);
                let status_code = self.properties.status_code;
                cx.reply(call, Ok(Response::Accepted { status_code }.into()));
            }
            Some(error) => {
                cx.count(MetricName::DeliveriesRefused, amount);
                self.refused.add(cx.now(), amount);
                self.last_error = Some(error);
                cx.reply(call, Err(error.into()));
            }
        }
    }
}

impl Behavior for Endpoint {
    type Properties = EndpointProperties;
    type Timer = EndpointTimer;
    const THROTTLING: Option<ApiError> = Some(ApiError::Endpoint(Error::StatusCode(429)));
    const DESCRIPTOR: ResourceDescriptor = DESCRIPTOR;

    fn create(properties: &EndpointProperties, _cx: &mut Context<'_>) -> Self {
        Self {
            properties: properties.clone(),
            response_time: properties.response_time.distribution(),
            slowness: 1.0,
            running: true,
            unanswered: 0,
            asked: SecondCounter::default(),
            accepted: SecondCounter::default(),
            refused: SecondCounter::default(),
            last_error: None,
        }
    }

    fn update(&mut self, properties: &EndpointProperties, _cx: &mut Context<'_>) {
        self.properties = properties.clone();
        self.response_time = properties.response_time.distribution();
    }

    fn send_request(_entries: &[Entry]) -> Option<AnyRequest> {
        Some(Request::Notification.into())
    }

    fn subscription_protocol(properties: &EndpointProperties) -> Option<crate::sns::Protocol> {
        Some(properties.protocol.of_subscription())
    }

    fn on_request(&mut self, call: CallId, cx: &mut Context<'_>) {
        if !self.running {
            self.unanswered += 1;
            return self.on_timer(EndpointTimer { call, error: None }, cx);
        }
        let request = cx.call(call).request;
        let confirmation = request == Request::SubscriptionConfirmation.into();
        let (bytes, timeout) = match request {
            AnyRequest::Endpoint(Request::Delivery { bytes, timeout_seconds, .. }) => {
                (bytes, SimDuration::from_secs(timeout_seconds.into()))
            }
            _ => (0, ANSWER_TIMEOUT),
        };
        let (delay, error) = if confirmation {
            (SimDuration::from_secs_f64(self.properties.confirm_after_seconds), None)
        } else {
            let time = self.response_time.sample(cx.random()).as_secs_f64() * self.slowness;
            let time = SimDuration::from_secs_f64(time);
            match self.error(bytes, cx) {
                // Only a web server is waited for (SNS-65).
                _ if self.properties.protocol.of_subscription().is_http() && time > timeout => {
                    (timeout, Some(Error::TimedOut))
                }
                error => (time, error),
            }
        };
        self.unanswered += 1;
        cx.schedule_in(delay, EndpointTimer { call, error });
    }

    fn on_timer(&mut self, timer: EndpointTimer, cx: &mut Context<'_>) {
        self.unanswered -= 1;
        self.answer(timer.call, timer.error, cx);
    }

    fn on_action(&mut self, action: ComponentAction, _cx: &mut Context<'_>) -> Result<(), String> {
        match action {
            ComponentAction::Start => self.running = true,
            ComponentAction::Stop => self.running = false,
            ComponentAction::Slow(factor) if factor.is_finite() && factor > 0.0 => self.slowness = factor,
            ComponentAction::Slow(_) => return Err("The factor must be a number above 0.".into()),
            _ => return Err(format!("An endpoint cannot {}.", action.name())),
        }
        Ok(())
    }

    fn state(&self, view: &View<'_>) -> NodeState {
        super::state::state(self, view)
    }
}
