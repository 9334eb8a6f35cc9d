//! Connections: how many writes are under way, and which wait for one (CMP-39).

use std::collections::VecDeque;

use kernel::SimDuration;

use super::{Database, Error, Response, WRITE_LATENCY};
use crate::context::Context;
use crate::identifiers::CallId;
use crate::metric::MetricName;
use crate::registry::Timer as AnyTimer;

/// A write is done.
#[derive(Clone, Copy, Debug)]
pub struct DatabaseTimer(CallId);

impl From<DatabaseTimer> for AnyTimer {
    fn from(timer: DatabaseTimer) -> Self {
        Self::Database(timer)
    }
}

/// The connections of a database.
#[derive(Clone, Debug, Default)]
pub(super) struct Connections {
    pub(super) busy: u32,
    waiting: VecDeque<CallId>,
}

impl Database {
    /// A write comes: it gets a connection, waits for one, or is refused.
    pub(super) fn write(&mut self, call: CallId, amount: u64, cx: &mut Context<'_>) {
        let properties = &self.properties;
        let full = properties.max_connections.is_some_and(|limit| self.connections.busy >= limit);
        let waits = full && self.connections.waiting.len() < properties.wait_queue as usize;
        let capacity = u64::from(properties.max_writes_per_second);
        if (full && !waits) || !self.written.try_add(cx.now(), amount, capacity) {
            cx.count(MetricName::WritesRefused, amount);
            self.refused.add(cx.now(), amount);
            cx.reply(call, Err(Error::TooManyConnections.into()));
        } else if waits {
            self.connections.waiting.push_back(call);
        } else {
            self.begin(call, cx);
        }
    }

    fn begin(&mut self, call: CallId, cx: &mut Context<'_>) {
        self.connections.busy += 1;
        // A slow database holds the connection for what its answer takes longer, too.
        let usual = (WRITE_LATENCY.request + WRITE_LATENCY.response).as_secs_f64();
        let longer = (self.slowness - 1.0).max(0.0) * usual;
        let time = self.properties.write_milliseconds / 1_000.0 * self.slowness + longer;
        let time = SimDuration::from_secs_f64(time);
        if time.is_zero() {
            self.finish(DatabaseTimer(call), cx);
        } else {
            cx.schedule_in(time, DatabaseTimer(call));
        }
    }

    /// The rows are there, and whoever waits gets the connection.
    pub(super) fn finish(&mut self, DatabaseTimer(call): DatabaseTimer, cx: &mut Context<'_>) {
        self.connections.busy -= 1;
        if self.running {
            let entries = cx.call(call).entries.clone();
            cx.count(MetricName::WritesAccepted, entries.len() as u64);
            for entry in &entries {
                if !self.rows.insert(entry.message.trace_id) {
                    cx.count(MetricName::DuplicateWrites, 1);
                }
            }
            cx.reply(call, Ok(Response::Written.into()));
        } else {
            cx.count(MetricName::WritesRefused, 1);
            cx.reply(call, Err(Error::Unavailable.into()));
        }
        if let Some(next) = self.connections.waiting.pop_front() {
            self.begin(next, cx);
        }
    }
}
