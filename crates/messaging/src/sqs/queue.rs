//! A queue: what it holds, what it is woken for, and which call goes where.

use kernel::{SimDuration, SimTime};

use super::access::Access;
use super::alarm::Alarm;
use super::attempts::Attempts;
use super::backlog::{Backlog, Order};
use super::deduplication::Deduplication;
use super::encryption::Encryption;
use super::error::Error;
use super::fields::FIELDS;
use super::long_poll::LongPolls;
use super::metrics::METRICS;
use super::move_task::MoveTask;
use super::payload::PayloadBook;
use super::properties::QueueProperties;
use super::redrive::DeadLetterQueue;
use super::throughput::{Action, Throughput};
use super::trouble::Trouble;
use super::{Request, Response, attributes, quotas};
use crate::behavior::{AttributeError, Behavior, KeyNeed};
use crate::call::Entry;
use crate::context::{Context, View};
use crate::descriptor::{LinkRule, PaletteGroup, Preset, ResourceDescriptor};
use crate::identifiers::CallId;
use crate::intervention::ComponentAction;
use crate::metric::MetricName;
use crate::node_state::NodeState;
use crate::poller::PollerKind;
use crate::registry::{ApiError, LinkKind, NetworkError, Request as AnyRequest, Timer as AnyTimer};
use crate::sns::Protocol;
use crate::trace::{Kept, TraceKind};

/// A queue.
#[derive(Clone, Debug)]
pub struct Queue {
    pub(super) properties: QueueProperties,
    pub(super) backlog: Backlog,
    pub(super) long_polls: LongPolls,
    pub(super) deduplication: Deduplication,
    pub(super) throughput: Throughput,
    pub(super) payloads: PayloadBook,
    pub(super) access: Access,
    pub(super) alarm: Alarm,
    pub(super) dead_letter_queue: Option<DeadLetterQueue>,
    /// The one that runs, or the last one.
    pub(super) move_task: Option<MoveTask>,
    pub(super) attempts: Attempts,
    pub(super) encryption: Encryption,
    pub(super) purged_at: Option<SimTime>,
    /// When a purge that takes its time is over (SQS-101).
    pub(super) purge_ends_at: Option<SimTime>,
    pub(super) trouble: Trouble,
}

/// Something may be due: a visibility timeout, a delay, a retention, a long poll, a step of a move task.
#[derive(Clone, Copy, Debug)]
pub struct QueueTimer;

impl From<QueueTimer> for AnyTimer {
    fn from(timer: QueueTimer) -> Self {
        Self::Queue(timer)
    }
}

impl Queue {
    /// The quota of messages in flight (SQS-70, SQS-71).
    #[inline]
    pub(super) fn in_flight_quota(&self) -> &'static crate::quota::Quota {
        if self.properties.fifo_queue { &quotas::FIFO_IN_FLIGHT } else { &quotas::STANDARD_IN_FLIGHT }
    }

    /// The quota of calls per second for each API action; none for a standard queue (SQS-160 to SQS-162).
    pub(super) fn calls_quota(&self) -> Option<&'static crate::quota::Quota> {
        match (self.properties.fifo_queue, self.properties.has_high_throughput()) {
            (false, _) => None,
            (true, false) => Some(&quotas::FIFO_CALLS_PER_SECOND),
            (true, true) => Some(&quotas::FIFO_HIGH_THROUGHPUT_CALLS_PER_SECOND),
        }
    }

    /// How long messages are kept.
    #[inline]
    pub(super) fn retention(&self) -> SimDuration {
        SimDuration::from_secs(u64::from(self.properties.message_retention_period))
    }

    /// Does everything that is due, in the order of SQS-231.
    fn catch_up(&mut self, cx: &mut Context<'_>) {
        let now = cx.now();
        self.backlog.tenants.set_now(now);
        while let Some(slot) = self.backlog.pop_timed_out(now) {
            self.release(slot, cx);
        }
        while self.backlog.end_delay(now) {}
        let retention = self.retention();
        while let Some(message) = self.backlog.expire(now, retention) {
            cx.count(MetricName::MessagesExpired, 1);
            cx.record(crate::LinkId::NONE, Some(message.trace_id), TraceKind::Expired);
        }
        if self.purge_ends_at.is_some_and(|at| at <= now) {
            self.remove_everything(cx);
        }
        self.run_move_task(cx);
        self.serve_waiting(cx);
        while let Some(waiting) = self.long_polls.pop_due(now) {
            self.answer_receive(waiting.call, crate::call::Entries::new(), cx);
        }
        let own = self.backlog.next_deadline(retention);
        let polls = self.long_polls.next_deadline();
        let task = self.move_task.as_ref().and_then(MoveTask::next_at);
        if let Some(next) = own.into_iter().chain(polls).chain(task).chain(self.purge_ends_at).min() {
            self.alarm.wake_by(next, cx);
        }
    }

    /// A message in flight becomes visible again; where it may be seen too often, behind the others (SQS-125).
    pub(super) fn release(&mut self, slot: u32, cx: &mut Context<'_>) {
        cx.follow(self.backlog.store.get(slot).message.trace_id, TraceKind::Kept(Kept::Visible));
        let often = self.dead_letter_queue.as_ref().is_some_and(|queue| queue.max_receive_count > 3)
            && self.backlog.store.get(slot).receive_count >= 3;
        self.backlog.show_again(slot, often && !self.properties.fifo_queue);
    }

    /// Refuses a call that the policy or a quota does not let in.
    #[inline]
    fn admit(&mut self, call: CallId, request: Request, cx: &mut Context<'_>) -> Result<(), Error> {
        let (action, permission) = match request {
            Request::SendMessage | Request::SendMessageBatch => (Action::Send, "sqs:SendMessage"),
            Request::ReceiveMessage { .. } => (Action::Receive, "sqs:ReceiveMessage"),
            Request::DeleteMessage | Request::DeleteMessageBatch => (Action::Delete, "sqs:DeleteMessage"),
            _ => return Ok(()),
        };
        let (principal, from) = {
            let call = cx.call(call);
            (call.principal, call.from)
        };
        if !self.access.allows(principal, permission, cx) {
            return Err(Error::AccessDenied);
        }
        if let Some(quota) = self.calls_quota() {
            self.throughput.admit(action, call, cx.quota(quota), cx)?;
        }
        let encrypts = match action {
            Action::Send => self.encryption.is_on(),
            Action::Receive => self.encryption.is_on() || self.backlog.store.encrypted() > 0,
            Action::Delete => false,
        };
        if encrypts {
            self.encryption.use_key(action, (from, principal), &self.properties, cx)?;
        }
        Ok(())
    }

    /// Refuses a call as a whole.
    pub(super) fn refuse(&mut self, call: CallId, error: Error, cx: &mut Context<'_>) {
        if error == Error::RequestThrottled {
            cx.count(MetricName::ThrottledRequests, 1);
        }
        cx.reply(call, Err(error.into()));
    }

    fn perform(&mut self, call: CallId, request: Request, cx: &mut Context<'_>) {
        match request {
            Request::SendMessage => self.send_message(call, cx),
            Request::SendMessageBatch => self.send_message_batch(call, cx),
            Request::ReceiveMessage { .. } => self.receive_message(call, request, cx),
            Request::DeleteMessage => self.delete_message(call, cx),
            Request::DeleteMessageBatch => self.delete_message_batch(call, cx),
            Request::ChangeMessageVisibility { visibility_timeout } => {
                self.change_message_visibility(call, visibility_timeout, cx);
            }
            Request::ChangeMessageVisibilityBatch { visibility_timeout } => {
                self.change_message_visibility_batch(call, visibility_timeout, cx);
            }
            Request::PurgeQueue => {
                let result = self.purge_queue(cx);
                cx.reply(call, result.map(|()| Response::Done.into()).map_err(Into::into));
            }
            Request::Redrive { receive_count, source, enqueued_at, encrypted } => {
                self.take_dead_letter(call, (receive_count, source), enqueued_at, encrypted, cx);
            }
            Request::StartMessageMoveTask { max_number_of_messages_per_second, destination } => {
                let result = self.start_message_move_task(max_number_of_messages_per_second, destination, cx);
                cx.reply(call, result.map(|()| Response::Done.into()).map_err(Into::into));
            }
            Request::CancelMessageMoveTask => {
                let result = self.cancel_message_move_task().map(|moved| {
                    Response::MessageMoveTaskCancelled { approximate_number_of_messages_moved: moved }.into()
                });
                cx.reply(call, result.map_err(Into::into));
            }
            Request::ListMessageMoveTasks => {
                let newest = self.move_task.as_ref().map(MoveTask::shown);
                cx.reply(call, Ok(Response::MessageMoveTask(newest).into()));
            }
            Request::MoveMessage { encrypted } => self.take_back(call, encrypted, cx),
        }
    }
}

impl Behavior for Queue {
    type Properties = QueueProperties;
    type Timer = QueueTimer;
    const QUOTAS: &'static [&'static crate::quota::Quota] =
        &[&quotas::STANDARD_IN_FLIGHT, &quotas::FIFO_HIGH_THROUGHPUT_CALLS_PER_SECOND];
    const THROTTLING: Option<ApiError> = Some(ApiError::Sqs(super::Error::RequestThrottled));
    const DESCRIPTOR: ResourceDescriptor = ResourceDescriptor {
        resource_type: "AWS::SQS::Queue",
        title: "SQS queue",
        description: "Keeps messages until a consumer deletes them. The oldest service of AWS.",
        group: PaletteGroup::RouteAndHold,
        icon: "sqs-standard",
        id_prefix: "queue",
        fields: FIELDS,
        links: &[
            LinkRule { link_type: "AWS::SQS::RedrivePolicy", to: "AWS::SQS::Queue" },
            LinkRule { link_type: "Playground::Poll", to: "Playground::Consumer" },
            LinkRule { link_type: "AWS::Lambda::EventSourceMapping", to: "AWS::Lambda::Function" },
            LinkRule { link_type: "Playground::Poll", to: "AWS::AutoScaling::AutoScalingGroup" },
        ],
        presets: &[Preset {
            title: "SQS FIFO queue",
            icon: "sqs-fifo",
            id_suffix: super::FIFO_SUFFIX,
            properties: r#"{"FifoQueue":true,"ContentBasedDeduplication":true}"#,
        }],
        metrics: METRICS,
        actions: &["Purge", "Redrive"],
    };
    const MAX_ENTRIES_PER_SEND: usize = quotas::BATCH_ENTRIES.current as usize;

    fn create(properties: &QueueProperties, _cx: &mut Context<'_>) -> Self {
        Self {
            backlog: Backlog::new(properties.fifo_queue, properties.partitions),
            long_polls: LongPolls::default(),
            deduplication: Deduplication::default(),
            throughput: Throughput::new(properties),
            payloads: PayloadBook::default(),
            access: Access::new(properties.policy.as_ref()),
            alarm: Alarm::default(),
            dead_letter_queue: None,
            move_task: None,
            attempts: Attempts::default(),
            encryption: Encryption::new(properties),
            purged_at: None,
            purge_ends_at: None,
            trouble: Trouble::default(),
            properties: properties.clone(),
        }
    }

    fn update(&mut self, properties: &QueueProperties, cx: &mut Context<'_>) {
        let before = std::mem::replace(&mut self.properties, properties.clone());
        self.access = Access::new(properties.policy.as_ref());
        self.encryption.update(&before, properties);
        if before.fifo_queue != properties.fifo_queue
            || before.has_high_throughput() != properties.has_high_throughput()
            || before.high_throughput_partitions != properties.high_throughput_partitions
        {
            self.throughput = Throughput::new(properties);
        }
        if before.fifo_queue != properties.fifo_queue {
            // The type is fixed at creation (SQS-1): CloudFormation puts a new queue in its place.
            self.backlog = Backlog::new(properties.fifo_queue, properties.partitions);
            self.deduplication.clear();
            self.move_task = None;
            self.attempts.clear();
        } else if before.partitions != properties.partitions {
            self.backlog.set_partitions(properties.partitions);
        }
        if before.delay_seconds != properties.delay_seconds {
            self.change_delay(cx);
        }
        self.catch_up(cx);
        self.backlog.check();
    }

    fn on_links_changed(&mut self, cx: &mut Context<'_>) {
        self.dead_letter_queue = DeadLetterQueue::of(cx);
    }

    fn subscription_protocol(_properties: &QueueProperties) -> Option<Protocol> {
        Some(Protocol::Sqs)
    }

    fn key_need(properties: &QueueProperties) -> KeyNeed {
        if properties.fifo_queue { KeyNeed::MessageGroupId } else { KeyNeed::None }
    }

    fn attribute_errors(properties: &QueueProperties) -> Vec<AttributeError> {
        attributes::attribute_errors(properties)
    }

    fn arriving_link_error(
        properties: &QueueProperties,
        name: &str,
        link: LinkKind,
        from: &str,
    ) -> Option<String> {
        match link {
            LinkKind::RedrivePolicy => attributes::redrive_refusal(from, name, properties),
            LinkKind::NotificationConfiguration => {
                let (policy, arn) = (properties.policy.as_ref(), crate::arn::queue(name));
                crate::s3::notification_refusal(policy, "sqs:SendMessage", &arn, from)
            }
            _ => None,
        }
    }

    fn send_request(entries: &[Entry]) -> Option<AnyRequest> {
        Some(if entries.len() == 1 { Request::SendMessage } else { Request::SendMessageBatch }.into())
    }

    fn poller() -> Option<PollerKind> {
        Some(PollerKind::QueuePoller)
    }

    fn on_request(&mut self, call: CallId, cx: &mut Context<'_>) {
        self.backlog.tenants.set_now(cx.now());
        if self.alarm.is_due(cx.now()) {
            self.catch_up(cx);
        }
        let AnyRequest::Sqs(request) = cx.call(call).request else {
            cx.reply(call, Err(NetworkError::Unreachable.into()));
            return;
        };
        match self.admit(call, request, cx) {
            Ok(()) => self.perform(call, request, cx),
            Err(error) => {
                if matches!(request, Request::SendMessage | Request::SendMessageBatch) {
                    self.refuse_send(call, error, cx);
                } else {
                    self.refuse(call, error, cx);
                }
            }
        }
        self.serve_waiting(cx);
        self.backlog.check();
    }

    fn on_response(&mut self, call: CallId, cx: &mut Context<'_>) {
        self.backlog.tenants.set_now(cx.now());
        self.move_failed(call, cx);
    }

    fn on_timer(&mut self, _timer: QueueTimer, cx: &mut Context<'_>) {
        self.alarm.went_off();
        self.catch_up(cx);
        self.backlog.check();
    }

    fn on_action(&mut self, action: ComponentAction, cx: &mut Context<'_>) -> Result<(), String> {
        self.backlog.tenants.set_now(cx.now());
        if self.alarm.is_due(cx.now()) {
            self.catch_up(cx);
        }
        let result = match action {
            ComponentAction::Purge => self.purge_queue(cx),
            ComponentAction::Redrive => self.start_message_move_task(None, None, cx),
            _ => return Err(format!("A queue cannot {}.", action.name())),
        };
        self.backlog.check();
        result.map_err(|error| error.to_string())
    }

    fn gauges(&self, view: &View<'_>, put: &mut dyn FnMut(MetricName, u64)) {
        let store = &self.backlog.store;
        put(MetricName::ApproximateNumberOfMessagesVisible, store.visible());
        put(MetricName::ApproximateNumberOfMessagesNotVisible, store.in_flight());
        put(MetricName::ApproximateNumberOfMessagesDelayed, store.delayed());
        put(MetricName::ApproximateAgeOfOldestMessage, self.oldest_age(view.now()).as_micros() / 1_000_000);
        if let Order::Fifo(groups) = &self.backlog.order {
            put(MetricName::ApproximateNumberOfGroupsWithInflightMessages, groups.with_in_flight());
        }
        if self.backlog.tenants.is_active() {
            self.put_quiet_gauges(view.now(), put);
        }
    }

    fn state(&self, view: &View<'_>) -> NodeState {
        self.node_state(view)
    }
}
