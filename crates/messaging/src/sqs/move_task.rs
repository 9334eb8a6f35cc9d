//! `StartMessageMoveTask`, `CancelMessageMoveTask` and `ListMessageMoveTasks` (SQS-130 to SQS-136).

use kernel::{SimDuration, SimTime};
use smallvec::smallvec;

use super::error::Error;
use super::queue::Queue;
use super::redrive::BACK_TO_SOURCE;
use super::store::State;
use super::{Request, quotas};
use crate::call::{Entry, NewCall, Principal, Reply};
use crate::context::Context;
use crate::identifiers::{ComponentId, LinkId};
use crate::registry::LinkKind;
use crate::trace::{Left, TraceKind};

/// A task as `ListMessageMoveTasks` tells of it (SQS-133).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageMoveTask {
    /// `Status`.
    pub status: MessageMoveTaskStatus,
    /// `ApproximateNumberOfMessagesMoved`.
    pub approximate_number_of_messages_moved: u32,
    /// `ApproximateNumberOfMessagesToMove`, counted when the task started.
    pub approximate_number_of_messages_to_move: u32,
}

/// How far a task is (SQS-133). Cancelling takes no time here, so that `CANCELLING` is never seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageMoveTaskStatus {
    /// `RUNNING`.
    Running,
    /// `COMPLETED`.
    Completed,
    /// `CANCELLED`.
    Cancelled,
    /// `FAILED`, with its `FailureReason`.
    Failed(MoveTaskFailure),
}

/// Why a task failed (SQS-133).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveTaskFailure {
    /// The messages left were sent to the dead-letter queue, or came from elsewhere.
    CouldNotDetermineMessageSource,
    /// The queues that the messages left came from are gone, or their links are cut.
    NonExistentQueue,
    /// It ran for 36 h (SQS-132).
    TimedOut,
}

impl MoveTaskFailure {
    /// `FailureReason`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CouldNotDetermineMessageSource => "CouldNotDetermineMessageSource",
            Self::NonExistentQueue => "AWS.SimpleQueueService.NonExistentQueue",
            Self::TimedOut => "TaskTimedOut",
        }
    }
}

impl MessageMoveTaskStatus {
    /// The status as the API writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Completed => "COMPLETED",
            Self::Cancelled => "CANCELLED",
            Self::Failed(_) => "FAILED",
        }
    }
}

/// The newest task of a queue.
#[derive(Clone, Copy, Debug)]
pub(super) struct MoveTask {
    shown: MessageMoveTask,
    /// Where all messages go; each to its own source if not given (SQS-131).
    destination: Option<ComponentId>,
    interval: SimDuration,
    next_at: SimTime,
    started_at: SimTime,
}

impl MoveTask {
    /// When it moves the next message, if it runs.
    pub(super) fn next_at(&self) -> Option<SimTime> {
        self.is_running().then_some(self.next_at)
    }

    /// What it tells of itself.
    pub(super) fn shown(&self) -> MessageMoveTask {
        self.shown
    }

    pub(super) fn is_running(&self) -> bool {
        self.shown.status == MessageMoveTaskStatus::Running
    }

    /// How many messages are still to be moved.
    pub(super) fn left(&self) -> u32 {
        self.shown.approximate_number_of_messages_to_move - self.shown.approximate_number_of_messages_moved
    }
}

impl Queue {
    /// Moves messages back to the queues they came from, or to one of these (SQS-130, SQS-131).
    ///
    /// # Errors
    /// The queue is nobody's dead-letter queue, or a task runs already, or the rate is out of range, or the
    /// destination is none of its sources.
    pub(super) fn start_message_move_task(
        &mut self,
        rate: Option<u16>,
        destination: Option<ComponentId>,
        cx: &mut Context<'_>,
    ) -> Result<(), Error> {
        let fastest = quotas::MOVE_TASK_MESSAGES_PER_SECOND.current;
        if let Some(rate) = rate
            && (rate == 0 || u64::from(rate) > fastest)
        {
            return Err(Error::MoveRateOutOfRange(rate));
        }
        let arriving = || cx.links().arriving(cx.id());
        let sources = || arriving().filter(|link| link.properties.kind() == LinkKind::RedrivePolicy);
        if sources().next().is_none() {
            return Err(Error::NotADeadLetterQueue);
        }
        if destination.is_some_and(|destination| !sources().any(|link| link.from == destination)) {
            return Err(Error::NoSuchDestination);
        }
        if self.move_task.as_ref().is_some_and(MoveTask::is_running) {
            return Err(Error::MessageMoveTaskRunning);
        }
        let rate = rate.map_or(fastest, u64::from);
        let left = self.backlog.store.visible();
        let status = if left > 0 { MessageMoveTaskStatus::Running } else { MessageMoveTaskStatus::Completed };
        self.move_task = Some(MoveTask {
            shown: MessageMoveTask {
                status,
                approximate_number_of_messages_moved: 0,
                approximate_number_of_messages_to_move: u32::try_from(left).unwrap_or(u32::MAX),
            },
            destination,
            interval: SimDuration::from_micros(1_000_000 / rate),
            next_at: cx.now(),
            started_at: cx.now(),
        });
        if left > 0 {
            self.alarm.wake_by(cx.now(), cx);
        }
        Ok(())
    }

    /// Ends a running task; what was moved stays moved (SQS-133). Gives how many messages that were.
    ///
    /// # Errors
    /// None runs.
    pub(super) fn cancel_message_move_task(&mut self) -> Result<u32, Error> {
        let task = self.move_task.as_mut().filter(|task| task.is_running()).ok_or(Error::NoSuchMoveTask)?;
        task.shown.status = MessageMoveTaskStatus::Cancelled;
        Ok(task.shown.approximate_number_of_messages_moved)
    }

    /// Moves the messages that are due, oldest first; fails when none can be moved (SQS-133, SQS-134).
    pub(super) fn run_move_task(&mut self, cx: &mut Context<'_>) {
        let now = cx.now();
        let longest = SimDuration::from_secs(quotas::MOVE_TASK_SECONDS.current);
        while let Some(mut task) = self.move_task.filter(|task| task.next_at().is_some_and(|at| at <= now)) {
            if now.since(task.started_at) >= longest {
                task.shown.status = MessageMoveTaskStatus::Failed(MoveTaskFailure::TimedOut);
            } else if self.backlog.store.visible() == 0 {
                // Somebody else received or deleted the rest.
                task.shown.status = MessageMoveTaskStatus::Completed;
            } else {
                match self.next_to_move(task.destination, cx) {
                    Ok((slot, link)) => {
                        self.move_back(slot, link, cx);
                        task.shown.approximate_number_of_messages_moved += 1;
                        task.next_at += task.interval;
                        if task.left() == 0 {
                            task.shown.status = MessageMoveTaskStatus::Completed;
                        }
                    }
                    Err(reason) => task.shown.status = MessageMoveTaskStatus::Failed(reason),
                }
            }
            self.move_task = Some(task);
        }
    }

    /// The oldest visible message that has a way to go, or why none has.
    fn next_to_move(
        &self,
        destination: Option<ComponentId>,
        cx: &Context<'_>,
    ) -> Result<(u32, LinkId), MoveTaskFailure> {
        let store = &self.backlog.store;
        let mut reason = MoveTaskFailure::CouldNotDetermineMessageSource;
        let found = store.by_age().find_map(|slot| {
            let stored = store.get(slot);
            let to = destination.unwrap_or(stored.source);
            if stored.state != State::Visible || to == ComponentId::OUTSIDE {
                return None;
            }
            let mut arriving = cx.links().arriving(cx.id());
            let link = arriving.find(|link| link.from == to && link.properties.is_redrive() && !link.cut);
            if link.is_none() {
                reason = MoveTaskFailure::NonExistentQueue;
            }
            Some((slot, link?.id))
        });
        found.ok_or(reason)
    }

    fn move_back(&mut self, slot: u32, link: LinkId, cx: &mut Context<'_>) {
        let stored = self.backlog.store.get(slot);
        let (mut message, encrypted) = (stored.message, stored.encrypted);
        message.id = cx.new_message_id();
        cx.follow(message.trace_id, TraceKind::Left(Left::Moved));
        self.backlog.remove(slot);
        self.backlog.ledger.redriven_out += 1;
        cx.make_call(NewCall {
            link,
            request: Request::MoveMessage { encrypted }.into(),
            entries: smallvec![Entry::new(message)],
            principal: Principal::Account,
            reply: Reply::OnFailure,
            tag: BACK_TO_SOURCE,
        });
    }
}
