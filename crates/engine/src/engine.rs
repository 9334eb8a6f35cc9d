//! Runs a compiled scenario.

use crate::protocol::{EngineError, EngineReply, EngineRequest};

/// Runs one scenario at a time.
#[derive(Debug, Default)]
pub struct Engine {}

impl Engine {
    /// Answers a request.
    pub fn handle(&mut self, request: EngineRequest) -> EngineReply {
        let _ = request;
        EngineReply::Rejected(EngineError::NothingLoaded)
    }
}
