//! `DeleteMessage` and `DeleteMessageBatch` (SQS-50 to SQS-54).

use super::{check_batch, entry_mut};
use crate::call::Receipt;
use crate::context::Context;
use crate::identifiers::CallId;
use crate::metric::MetricName;
use crate::sqs::error::{BatchAction, Error};
use crate::sqs::store::{Resolved, State};
use crate::sqs::{NO_RECEIPT, Queue, Response};
use crate::trace::{Left, TraceKind};

impl Queue {
    /// `DeleteMessage`.
    #[inline]
    pub(in crate::sqs) fn delete_message(&mut self, call: CallId, cx: &mut Context<'_>) {
        let receipt = cx.call(call).entries.first().map_or(NO_RECEIPT, |entry| entry.receipt);
        match self.delete(receipt, cx) {
            Ok(()) => cx.reply(call, Ok(Response::Done.into())),
            Err(error) => self.refuse(call, error, cx),
        }
    }

    /// `DeleteMessageBatch`: its entries succeed or fail one by one (SQS-54).
    pub(in crate::sqs) fn delete_message_batch(&mut self, call: CallId, cx: &mut Context<'_>) {
        if let Err(error) = check_batch(call, BatchAction::DeleteMessage, cx) {
            return self.refuse(call, error, cx);
        }
        for place in 0..cx.call(call).entries.len() {
            let receipt = cx.call(call).entries[place].receipt;
            if let Err(error) = self.delete(receipt, cx) {
                entry_mut(call, place, cx).error = Some(error.into());
            }
        }
        cx.reply(call, Ok(Response::Done.into()));
    }

    #[inline]
    fn delete(&mut self, receipt: Receipt, cx: &mut Context<'_>) -> Result<(), Error> {
        let fifo = self.properties.fifo_queue;
        let invalid = Error::ReceiptHandleIsInvalid(receipt.into());
        let expired = Error::ReceiptHandleExpired(receipt.into());
        match self.backlog.store.resolve(receipt) {
            Resolved::Unknown => return Err(invalid),
            // Deleting twice succeeds (SQS-51).
            Resolved::Gone => {}
            Resolved::Older(_) => {
                self.trouble.late_deletes.add(cx.now(), 1);
                if fifo {
                    return Err(expired);
                }
            }
            Resolved::Current(slot) => {
                if self.backlog.store.get(slot).state != State::InFlight {
                    self.trouble.late_deletes.add(cx.now(), 1);
                    if fifo {
                        return Err(expired);
                    }
                }
                let stays = self.properties.redelivery_after_delete_probability;
                // A server was down: the call succeeds and the message comes again (SQS-53).
                if fifo || stays <= 0.0 || !cx.random().chance(stays) {
                    cx.follow(self.backlog.store.get(slot).message.trace_id, TraceKind::Left(Left::Deleted));
                    self.backlog.remove(slot);
                    self.backlog.ledger.deleted += 1;
                }
            }
        }
        cx.count(MetricName::NumberOfMessagesDeleted, 1);
        Ok(())
    }
}
