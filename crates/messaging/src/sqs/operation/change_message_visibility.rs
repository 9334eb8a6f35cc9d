//! `ChangeMessageVisibility` and its batch form (SQS-62 to SQS-66).

use kernel::SimDuration;

use super::{check_batch, entry_mut};
use crate::call::Receipt;
use crate::context::Context;
use crate::identifiers::CallId;
use crate::sqs::error::{BatchAction, Error};
use crate::sqs::store::{Resolved, State};
use crate::sqs::{NO_RECEIPT, Queue, Response, quotas};

impl Queue {
    /// `ChangeMessageVisibility`.
    pub(in crate::sqs) fn change_message_visibility(
        &mut self,
        call: CallId,
        seconds: u32,
        cx: &mut Context<'_>,
    ) {
        let receipt = cx.call(call).entries.first().map_or(NO_RECEIPT, |entry| entry.receipt);
        match self.change_visibility(receipt, seconds, cx) {
            Ok(()) => cx.reply(call, Ok(Response::Done.into())),
            Err(error) => self.refuse(call, error, cx),
        }
    }

    /// `ChangeMessageVisibilityBatch`: its entries succeed or fail one by one (SQS-66).
    pub(in crate::sqs) fn change_message_visibility_batch(
        &mut self,
        call: CallId,
        seconds: u32,
        cx: &mut Context<'_>,
    ) {
        if let Err(error) = check_batch(call, BatchAction::ChangeMessageVisibility, cx) {
            return self.refuse(call, error, cx);
        }
        for place in 0..cx.call(call).entries.len() {
            let receipt = cx.call(call).entries[place].receipt;
            if let Err(error) = self.change_visibility(receipt, seconds, cx) {
                entry_mut(call, place, cx).error = Some(error.into());
            }
        }
        cx.reply(call, Ok(Response::Done.into()));
    }

    fn change_visibility(
        &mut self,
        receipt: Receipt,
        seconds: u32,
        cx: &mut Context<'_>,
    ) -> Result<(), Error> {
        let longest = SimDuration::from_secs(quotas::VISIBILITY_TIMEOUT_SECONDS.current);
        let timeout = SimDuration::from_secs(u64::from(seconds));
        if timeout > longest {
            return Err(Error::VisibilityTimeoutOutOfRange(seconds));
        }
        let slot = match self.backlog.store.resolve(receipt) {
            Resolved::Unknown => return Err(Error::ReceiptHandleIsInvalid(receipt.into())),
            Resolved::Gone | Resolved::Older(_) => {
                return Err(Error::NotAvailableForVisibilityChange(receipt.into()));
            }
            Resolved::Current(slot) => slot,
        };
        let stored = self.backlog.store.get(slot);
        let (state, received_at) = (stored.state, stored.received_at);
        if state != State::InFlight && self.properties.fifo_queue {
            return Err(Error::MessageNotInflight);
        }
        let until = cx.now() + timeout;
        // The 12 h count from the receive and are not shortened for the caller (SQS-63).
        if until.since(received_at) > longest {
            return Err(Error::TotalVisibilityTimeoutBeyondLimit(seconds));
        }
        match (state, timeout.is_zero()) {
            (State::InFlight, true) => self.release(slot, cx),
            (_, true) => {}
            (_, false) => {
                self.backlog.hide_until(slot, until);
                self.alarm.wake_by(until, cx);
            }
        }
        Ok(())
    }
}
