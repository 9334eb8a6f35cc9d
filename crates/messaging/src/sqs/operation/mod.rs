//! What each API action does, one file each.

mod change_message_visibility;
mod delete_message;
mod purge_queue;
mod receive_message;
mod send_message;

use crate::call::Entry;
use crate::context::Context;
use crate::identifiers::CallId;
use crate::sqs::error::{BatchAction, Error};
use crate::sqs::quotas;

/// Checks the number of entries of a batch (SQS-31).
fn check_batch(call: CallId, action: BatchAction, cx: &Context<'_>) -> Result<(), Error> {
    let count = cx.call(call).entries.len() as u64;
    if count == 0 {
        Err(Error::EmptyBatchRequest(action))
    } else if count > quotas::BATCH_ENTRIES.current {
        Err(Error::TooManyEntriesInBatchRequest(count as u32))
    } else {
        Ok(())
    }
}

/// The entry of a call, to be changed before the call is answered.
fn entry_mut<'cx>(call: CallId, place: usize, cx: &'cx mut Context<'_>) -> &'cx mut Entry {
    &mut cx.call_mut(call).entries[place]
}
