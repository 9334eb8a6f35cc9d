//! Amazon Kinesis Data Streams (KDS-1 to KDS-112).

mod error;
mod fan_out;
mod hash_key_range;
mod leases;
mod metrics;
mod on_demand;
mod poller;
mod properties;
mod put;
pub mod quotas;
mod read;
mod read_limit;
mod records;
mod request;
mod reshard;
mod routes;
mod sequence_number;
mod shard;
mod shard_map;
mod state;
mod stream;
mod write_limit;

pub use error::{Error, Invalid, InvalidArgument, Limit};
pub use hash_key_range::{HashKeyRange, parse_hash_key};
pub use poller::StreamPoller;
pub(crate) use poller::polling_interval;
pub(crate) use properties::{STARTING_POSITIONS, STARTING_TIMESTAMPS};
pub use properties::{StartingPosition, StreamEncryption, StreamMode, StreamModeDetails, StreamProperties};
pub use request::{Connection, Request, Response, ShardIterator, ShardIteratorType};
pub use sequence_number::{
    ENDING_SEQUENCE_INDEX, PrintedSequenceNumber, RUN_STARTS_AT_EPOCH_SECONDS, SequenceNumber,
};
pub use shard_map::{ReshardStep, ShardEntry, ShardId, ShardMap, UniformScaling};
pub use stream::{Stream, StreamTimer};
