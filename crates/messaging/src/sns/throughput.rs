//! The quotas of messages and bytes per second (SNS-86, SNS-101).

use std::collections::BTreeMap;

use kernel::SecondCounter;

use super::publish::size;
use super::topic::Topic;
use super::{Error, FifoThroughputScope, quotas};
use crate::context::Context;
use crate::identifiers::{CallId, KeyId};

/// What a FIFO topic took in this second (SNS-86).
#[derive(Clone, Debug, Default)]
pub(super) struct FifoThroughput {
    messages: SecondCounter,
    bytes: SecondCounter,
    groups: BTreeMap<KeyId, SecondCounter>,
}

impl Topic {
    /// Takes what a call needs of the quotas, or nothing if it is too much.
    pub(super) fn take_throughput(&mut self, call: CallId, cx: &mut Context<'_>) -> Result<(), Error> {
        let count = cx.call(call).entries.len() as u64;
        if !self.is_fifo() {
            let ok = cx.try_take_account_quota(&quotas::STANDARD_PUBLISH_RATE, count);
            return if ok { Ok(()) } else { Err(Error::Throttled) };
        }
        let now = cx.now();
        let bytes = cx.call(call).entries.iter().map(|entry| size(&entry.message, cx)).sum();
        if self.properties.fifo_throughput_scope == FifoThroughputScope::Topic {
            let fits = self.fifo.messages.current(now) + count <= cx.quota(&quotas::FIFO_TOPIC_RATE)
                && self.fifo.bytes.current(now) + bytes <= cx.quota(&quotas::FIFO_TOPIC_BYTES);
            if !fits {
                return Err(Error::Throttled);
            }
        }
        let entries = cx.call(call).entries.clone();
        let groups = entries.iter().map(|entry| entry.message.key).filter(|key| key.is_some());
        let limit = cx.quota(&quotas::FIFO_GROUP_RATE);
        for group in groups.clone() {
            let of_call = groups.clone().filter(|other| *other == group).count() as u64;
            if self.fifo.groups.entry(group).or_default().current(now) + of_call > limit {
                return Err(Error::Throttled);
            }
        }
        if !cx.try_take_account_quota(&quotas::FIFO_ACCOUNT_RATE, count) {
            return Err(Error::Throttled);
        }
        for group in groups {
            self.fifo.groups.entry(group).or_default().add(now, 1);
        }
        self.fifo.messages.add(now, count);
        self.fifo.bytes.add(now, bytes);
        Ok(())
    }
}
