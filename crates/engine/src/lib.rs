//! Runs a compiled scenario behind one request and reply protocol, with checkpoints and seek.
//!
//! The engine has no clock and no timer: the page asks for the next piece of virtual time when it wants it, and
//! [`Engine::handle`] answers each request once. The same engine runs in a worker, inline in the page, in the
//! command line tool and in tests, with the same bits.

mod checkpoint;
mod engine;
mod frame;
mod inspection;
mod journey;
mod log;
mod outbox;
mod protocol;
mod replay;
mod run;
mod series;
mod status;
mod tracker;
pub mod wire;

pub use engine::Engine;
pub use frame::{
    CatalogueAdditions, ExpectationState, Frame, KeyInfo, LinkState, NodeEntry, PayloadInfo, SeriesPiece,
    Spark, Status,
};
pub use inspection::{Inspection, MetricReading, RecentMessage};
pub use journey::{
    ApiCall, Hop, HopKind, Journey, Journeys, Outcome, OutcomeKind, Stay, StayState, Traveller,
};
pub use log::{LogEntry, LogKind};
pub use protocol::{
    BranchId, EVERYTHING, EngineError, EngineReply, EngineRequest, Envelope, GROUP_PREFIX, Hello, PROTOCOL,
    Revision, Roster, WatchedMetric, group_name,
};
