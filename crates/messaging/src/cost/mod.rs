//! What a run would cost: counted requests, hours and bytes, and one dated table of prices (COST-1 to COST-63).
//!
//! Most of a bill is read from the metrics that are there anyway. What no metric tells, such as the 64 KB chunks of a
//! request, is counted here, and levels such as open shards are added up over time. Nothing of it is part of the run.

mod bill;
mod meter;
mod prices;

pub use bill::{Bill, BillLine};
pub(crate) use meter::{Meter, count};
pub use prices::{AS_OF, Item, SOURCES};
