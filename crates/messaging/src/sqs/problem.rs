//! What is wrong with a queue, why, and what may be done.

use super::error::Error;
use super::queue::Queue;
use super::quotas;
use super::throughput::Action;
use crate::context::View;
use crate::node_state::{Problem, Remedy};
use crate::registry::ResourceKind;
use crate::service_error::ServiceError;

/// Late deletes in a minute from which on the visibility timeout is called too short. Ours.
const LATE_DELETES: u64 = 3;

impl Queue {
    /// The most pressing problem.
    pub(super) fn problem(&self, view: &View<'_>) -> Option<Problem> {
        if let Some(action) = self.throughput.refused(view.now()) {
            return Some(self.over_quota(action, view));
        }
        self.too_many_in_flight(view)
            .or_else(|| self.visibility_too_short(view))
            .or_else(|| self.messages_expire(view))
    }

    /// Calls over the quota of their API action (SQS-161, SQS-164).
    fn over_quota(&self, action: Action, view: &View<'_>) -> Problem {
        let now = view.now();
        let meter = self.throughput.meter(action);
        let limit = self.calls_quota().map_or(0, |quota| view.quota(quota));
        let caller = meter.busiest_caller(now).and_then(|(link, calls)| {
            let link = view.links().get(link)?;
            Some((if link.to == view.id() { link.from } else { link.to }, calls))
        });
        let who = match caller {
            Some((caller, calls)) if calls == meter.tried(now) => format!("{} makes", view.name(caller)),
            Some((caller, _)) => format!("{} and others make", view.name(caller)),
            None => "Outside callers make".into(),
        };
        let per_call = meter.messages_per_call(now);
        let load = match action {
            Action::Receive => String::new(),
            _ if per_call < 1.5 => ", one message each".into(),
            _ => format!(", {per_call:.0} messages each"),
        };
        let (tried, refused) = (meter.tried(now), meter.refused(now));
        let text = match &self.throughput.partitions {
            None => format!(
                "{who} {tried} calls/s{load}. A FIFO queue takes {limit} calls/s per API action, so {refused}/s come \
                 back."
            ),
            Some(partitions) => format!(
                "{who} {tried} calls/s{load}. A FIFO queue with high throughput has {} now, of {} calls/s{}, so {refused}/s come back. After {} s of such a load it has more, up to {limit} calls/s; one \
                 message group never has more than one partition.",
                partitions.text(),
                quotas::PARTITION_CALLS_PER_SECOND.current,
                if partitions.count() > 1 { " each" } else { "" },
                quotas::PARTITION_GROWTH_SECONDS.current,
            ),
        };
        Problem {
            title: format!("{} is over its quota", action.name()),
            text,
            error_code: Some(Error::RequestThrottled.code().into()),
            remedies: self.quota_remedies(action, per_call, caller.map(|(caller, _)| caller), view),
        }
    }

    fn quota_remedies(
        &self,
        action: Action,
        messages_per_call: f64,
        caller: Option<crate::ComponentId>,
        view: &View<'_>,
    ) -> Vec<Remedy> {
        let mut remedies = Vec::new();
        let batch = quotas::BATCH_ENTRIES.current;
        if action != Action::Receive && messages_per_call < batch as f64 {
            let producer = caller.filter(|caller| view.kind(*caller) == Some(ResourceKind::Producer));
            remedies.push(Remedy {
                label: "Batch by 10".into(),
                text: "A batch is one call and carries ten messages: up to 3,000 messages/s.".into(),
                set: producer
                    .map(|producer| (view.name(producer).to_owned(), "BatchSize".into(), "10".into())),
            });
        }
        if self.properties.has_high_throughput() {
            return remedies;
        }
        // High throughput needs both settings (SQS-7).
        remedies.push(Remedy {
            label: "High throughput mode".into(),
            text: "Duplicates are compared per message group, and the quota grows to 70,000 calls/s, spread over the groups."
                .into(),
            set: Some((
                view.name(view.id()).to_owned(),
                "".into(),
                r#"{"DeduplicationScope":"messageGroup","FifoThroughputLimit":"perMessageGroupId"}"#.into(),
            )),
        });
        remedies
    }

    /// The quota of messages in flight is used up (SQS-70, SQS-71).
    fn too_many_in_flight(&self, view: &View<'_>) -> Option<Problem> {
        let limit = view.quota(self.in_flight_quota());
        let in_flight = self.backlog.store.in_flight();
        if in_flight < limit {
            return None;
        }
        let fifo = self.properties.fifo_queue;
        let what =
            if fifo { "receives return nothing" } else { "short polls are refused and long polls wait" };
        Some(Problem {
            title: "The quota of messages in flight is used up".into(),
            text: format!(
                "{in_flight} messages are received and not deleted; the queue allows {limit}, so {what} until some \
                 are deleted or time out."
            ),
            error_code: (!fifo).then(|| Error::OverLimit.code().into()),
            remedies: vec![
                Remedy {
                    label: "Delete sooner".into(),
                    text: "More or faster consumers delete what they hold before they take more.".into(),
                    set: None,
                },
                Remedy {
                    label: "A shorter visibility timeout".into(),
                    text: "Helps only when consumers crash: what is still being processed would come twice."
                        .into(),
                    set: None,
                },
            ],
        })
    }

    /// Messages are deleted after they have become visible again (SQS-61, SQS-67).
    fn visibility_too_short(&self, view: &View<'_>) -> Option<Problem> {
        let late = self.trouble.late_deletes.count(view.now());
        if late < LATE_DELETES {
            return None;
        }
        let again = self.trouble.redelivered.count(view.now());
        let timeout = self.properties.visibility_timeout;
        let longer = (timeout.max(5) * 6).min(quotas::VISIBILITY_TIMEOUT_SECONDS.current as u32);
        Some(Problem {
            title: "The visibility timeout is too short".into(),
            text: format!(
                "In the last minute {late} deletes came after the {timeout} s were over, and {again} messages were \
                 received again: work is done twice."
            ),
            error_code: self
                .properties
                .fifo_queue
                .then(|| Error::ReceiptHandleExpired(crate::call::Receipt::default().into()).code().into()),
            remedies: vec![
                Remedy {
                    label: format!("Visibility timeout {longer} s").into(),
                    text: "Longer than the slowest processing. After a crash, messages come back that much later."
                        .into(),
                    set: Some((
                        view.name(view.id()).to_owned(),
                        "VisibilityTimeout".into(),
                        longer.to_string().into(),
                    )),
                },
                Remedy {
                    label: "More consumers".into(),
                    text: "Will not help: each message still takes longer than the timeout.".into(),
                    set: None,
                },
            ],
        })
    }

    /// The oldest message is close to the end of its retention (SQS-110).
    fn messages_expire(&self, view: &View<'_>) -> Option<Problem> {
        let age = self.longest_kept(view.now());
        if self.backlog.store.held() == 0 || !self.is_near_expiry(age) {
            return None;
        }
        Some(Problem {
            title: "Messages are about to expire".into(),
            text: format!(
                "The oldest message is {:.0} s old; the queue drops messages after {} s, without a trace.",
                age.as_secs_f64(),
                self.properties.message_retention_period
            ),
            error_code: None,
            remedies: vec![Remedy {
                label: "Keep for 14 days".into(),
                text: "The longest retention there is. It buys time for consumers to catch up.".into(),
                set: Some((
                    view.name(view.id()).to_owned(),
                    "MessageRetentionPeriod".into(),
                    "1209600".into(),
                )),
            }],
        })
    }
}
