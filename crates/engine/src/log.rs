//! What a person may ask about, ready to be shown.

use kernel::SimTime;
use messaging::trace::{TraceEvent, TraceKind};
use messaging::{ApiError, ComponentId, LinkId, TraceId};
use serde::{Deserialize, Serialize};

/// What kind of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LogKind {
    /// A call was refused over a quota or a limit.
    Throttled,
    /// A call failed for another reason, or processing did.
    Failed,
    /// A delivery was given up, or a message lost.
    Lost,
    /// A message was received again.
    Redelivered,
    /// A message went to the dead-letter queue.
    DeadLettered,
    /// A message's retention period ended.
    Expired,
    /// A person or the timeline did something.
    Intervened,
}

impl LogKind {
    /// The kind in a word or two.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Throttled => "refused",
            Self::Failed => "failed",
            Self::Lost => "lost",
            Self::Redelivered => "redelivered",
            Self::DeadLettered => "dead-lettered",
            Self::Expired => "expired",
            Self::Intervened => "done",
        }
    }
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogEntry {
    /// When.
    pub at: SimTime,
    /// Where.
    pub component: ComponentId,
    /// Along which link, if any.
    pub link: Option<LinkId>,
    /// Which message, if one.
    pub trace_id: Option<TraceId>,
    /// What kind of thing.
    pub kind: LogKind,
    /// The API action, such as `SendMessage`; empty if none.
    pub operation: String,
    /// The error code people meet, such as `RequestThrottled`; empty if none.
    pub code: String,
    /// What happened, in a sentence.
    pub text: String,
}

impl LogEntry {
    pub(crate) fn of(event: &TraceEvent) -> Self {
        let mut entry = Self {
            at: event.at,
            component: event.component,
            link: (event.link != LinkId::NONE).then_some(event.link),
            trace_id: event.trace_id,
            kind: LogKind::Failed,
            operation: String::new(),
            code: String::new(),
            text: String::new(),
        };
        entry.describe(&event.kind);
        entry
    }

    fn describe(&mut self, kind: &TraceKind) {
        match kind {
            TraceKind::ApiFailed { operation, error } => {
                self.operation = (*operation).into();
                self.error(error, LogKind::Failed);
            }
            TraceKind::NotificationFailed { error } => self.error(error, LogKind::Lost),
            TraceKind::Redelivered { receive_count } => {
                self.kind = LogKind::Redelivered;
                self.text = format!("Received again, the {} time.", ordinal(*receive_count));
            }
            TraceKind::MovedToDeadLetterQueue { receive_count } => {
                self.kind = LogKind::DeadLettered;
                self.text = format!("Moved to the dead-letter queue after {receive_count} receives.");
            }
            TraceKind::Expired => {
                self.kind = LogKind::Expired;
                self.text = "Dropped at the end of its retention period.".into();
            }
            TraceKind::Lost { attempts } => {
                self.kind = LogKind::Lost;
                self.text = format!("Given up after {attempts} attempts.");
            }
            TraceKind::ProcessingFailed => self.text = "Processing failed.".into(),
            TraceKind::Processed | TraceKind::Abandoned | TraceKind::Kept(_) | TraceKind::Left(_) => {}
            TraceKind::DeliveryStatus { succeeded, attempts } => {
                let outcome = if *succeeded { "SUCCESS" } else { "FAILURE" };
                self.text = format!("Delivery status log: {outcome} after {attempts} attempts.");
            }
            TraceKind::Intervened { action } => {
                self.kind = LogKind::Intervened;
                self.operation = (*action).into();
                self.text = format!("By hand or by the timeline: {action}.");
            }
        }
    }

    fn error(&mut self, error: &ApiError, otherwise: LogKind) {
        let service_error = error.as_service_error();
        self.kind = if service_error.is_throttling() { LogKind::Throttled } else { otherwise };
        self.code = service_error.code().into();
        self.text = error.to_string();
    }
}

fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::ordinal;

    #[test]
    fn ordinals_are_english() {
        let ordinals: Vec<_> = [1, 2, 3, 4, 11, 12, 21, 102, 113].map(ordinal).into();
        assert_eq!(ordinals, ["1st", "2nd", "3rd", "4th", "11th", "12th", "21st", "102nd", "113th"]);
    }
}
